# Todo lo que una persona lee sobre su reclamación. Trato de usted.
# «La oficina de reclamaciones» es la oficina que usa este paquete; aquí no habla el organismo
# de cuyos registros públicos se aprendió.  Forma de un motivo: el hecho y en qué sentido contó.

pack-name = Reclamación de aeropuerto
pack-subject = su reclamación de aeropuerto
not-used = La oficina de reclamaciones no ha usado su nombre, su edad, su sexo, su origen ni su religión.
score-event = la reclamación se pagó entera o en parte
compared-with = La oficina de reclamaciones ha comparado su caso con otros anteriores que se pagaron del todo o en parte.
placed-more = { $reason } En la mayoría de las reclamaciones pagadas, la cifra era menor.
placed-less = { $reason } En la mayoría de las reclamaciones pagadas, la cifra era mayor.

letter-why-for = Esto es lo que contó a favor de su reclamación:
letter-why-against = Esto es lo que contó en contra de su reclamación:

unit-items = { $n ->
    [0] ningún objeto
    [one] { $n } objeto
   *[other] { $n } objetos
}

## Resultados

outcome-approve = Reclamación aprobada
    .headline = La oficina ha aprobado su reclamación.
    .instead = habríamos aprobado un pago
    .effect = Usted recibirá un pago. Puede ser la cantidad entera o una parte. La oficina de reclamaciones le dirá la cantidad por escrito.
outcome-refer = Decide una persona
    .headline = Una persona de la oficina decidirá sobre su caso.
    .instead = una persona habría decidido sobre su reclamación
    .effect = Todavía no hay nada decidido. Alguien lee su reclamación y sus papeles. Por ahora, usted no tiene que hacer nada más.
outcome-deny = Reclamación denegada
    .headline = Lo sentimos. La oficina no ha aprobado su reclamación.
    .effect = Usted no recibirá un pago.

## Cantidad

feature-claim_amount = Cantidad que pidió
    .missing = no se indicó ninguna cantidad
reason-claim_amount =
    .for = Usted pidió { $value }. Esto contó a favor de un pago.
    .against = Usted pidió { $value }. Esto contó en contra de un pago.
    .for-missing = Usted no indicó ninguna cantidad. Esto contó a favor de un pago.
    .against-missing = Usted no indicó ninguna cantidad. Esto contó en contra de un pago.

## Clase de reclamación

feature-claim_type = Clase de reclamación
    .level-Passenger_Property_Loss = objetos perdidos
    .level-Property_Damage = objetos dañados
    .level-Personal_Injury = una lesión
    .level-Motor_Vehicle = un vehículo
    .level-Employee_Loss_MPCECA = una pérdida sufrida en el empleo público
    .level-Passenger_Theft = objetos robados
    .missing = no se indicó
reason-claim_type =
    .for = Su reclamación es por { $value }. Esto contó a favor de un pago.
    .against = Su reclamación es por { $value }. Esto contó en contra de un pago.
    .for-missing = Su reclamación no dice de qué clase es. Esto contó a favor de un pago.
    .against-missing = Su reclamación no dice de qué clase es. Esto contó en contra de un pago.

## Lugar

feature-claim_site = Dónde ocurrió
    .level-Checked_Baggage = en el equipaje facturado
    .level-Checkpoint = en un control de seguridad
    .level-Motor_Vehicle = en un vehículo
    .level-Other = en otro lugar
    .missing = no se indicó
reason-claim_site =
    .for = Usted dijo que ocurrió { $value }. Esto contó a favor de un pago.
    .against = Usted dijo que ocurrió { $value }. Esto contó en contra de un pago.
    .for-missing = Usted no dijo dónde ocurrió. Esto contó a favor de un pago.
    .against-missing = Usted no dijo dónde ocurrió. Esto contó en contra de un pago.

## Objetos

feature-item_group = Primer objeto de su reclamación
    .level-books_office = libros o material de oficina
    .level-camera = equipo de fotografía
    .level-clothing = ropa
    .level-computer = un ordenador
    .level-cosmetics = cosméticos
    .level-currency = dinero en efectivo
    .level-food_drink = comida o bebida
    .level-household_decor = objetos del hogar
    .level-jewelry_watch = joyas o un reloj
    .level-locks = un candado
    .level-luggage = equipaje
    .level-medical_eyewear = gafas o artículos médicos
    .level-musical = un instrumento musical
    .level-other = un objeto de otra clase
    .level-personal_accessories = accesorios personales
    .level-phone_music_player_gps = un teléfono, un aparato de música o un GPS
    .level-sporting = material deportivo
    .level-tools_auto = herramientas o piezas de coche
    .level-toys_baby = juguetes o artículos de bebé
    .missing = no se nombró ningún objeto
reason-item_group =
    .for = Su reclamación incluye { $value }. Esto contó a favor de un pago.
    .against = Su reclamación incluye { $value }. Esto contó en contra de un pago.
    .for-missing = Su reclamación no nombra ningún objeto. Esto contó a favor de un pago.
    .against-missing = Su reclamación no nombra ningún objeto. Esto contó en contra de un pago.

feature-item_count = Número de objetos
reason-item_count =
    .for = Su reclamación contiene { $value }. Esto contó a favor de un pago.
    .against = Su reclamación contiene { $value }. Esto contó en contra de un pago.
    .for-zero = Su reclamación no contiene ningún objeto. Esto contó a favor de un pago.
    .against-zero = Su reclamación no contiene ningún objeto. Esto contó en contra de un pago.

## Tiempo

feature-days_to_file = Tiempo hasta que llegó su reclamación
    .zero = el mismo día
    .missing = no se conoce el día en que ocurrió
reason-days_to_file =
    .for = Su reclamación llegó { $value } después del día en que ocurrió. Esto contó a favor de un pago.
    .against = Su reclamación llegó { $value } después del día en que ocurrió. Esto contó en contra de un pago.
    .for-zero = Su reclamación llegó el mismo día en que ocurrió. Esto contó a favor de un pago.
    .against-zero = Su reclamación llegó el mismo día en que ocurrió. Esto contó en contra de un pago.
    .for-missing = No se conoce el día en que ocurrió. Esto contó a favor de un pago.
    .against-missing = No se conoce el día en que ocurrió. Esto contó en contra de un pago.

## Compañía aérea y aeropuerto

feature-airline_name = Compañía aérea
    .missing = sin nombrar, o fuera de la lista de las compañías más nombradas
reason-airline_name =
    .for = La compañía aérea de su reclamación es { $value }. Esto contó a favor de un pago.
    .against = La compañía aérea de su reclamación es { $value }. Esto contó en contra de un pago.
    .for-missing = Su reclamación no dice la compañía aérea, o dice una poco común. Esto contó a favor de un pago.
    .against-missing = Su reclamación no dice la compañía aérea, o dice una poco común. Esto contó en contra de un pago.

feature-airport_code = Aeropuerto
    .missing = sin nombrar, o fuera de la lista de los aeropuertos más nombrados
reason-airport_code =
    .for = El aeropuerto de su reclamación es { $value }. Esto contó a favor de un pago.
    .against = El aeropuerto de su reclamación es { $value }. Esto contó en contra de un pago.
    .for-missing = Su reclamación no dice el aeropuerto, o dice uno poco común. Esto contó a favor de un pago.
    .against-missing = Su reclamación no dice el aeropuerto, o dice uno poco común. Esto contó en contra de un pago.

## Reglas

rule-time_limit =
    .customer = Su reclamación llegó { $days_to_file } después del día en que ocurrió. La ley fija un plazo de dos años. Una persona comprueba qué significa esto para usted.
    .agent = Más de dos años después del incidente: una persona comprueba cuándo nació la reclamación (28 U.S.C. § 2401(b)).
rule-employee_claim =
    .customer = Usted pide esto como personal del Estado. Para esos casos hay otra ley. Por eso una persona lee el suyo.
    .agent = Reclamación de empleo público: procedimiento propio (31 U.S.C. § 3721).
rule-approval_needed =
    .customer = Usted pidió { $claim_amount }. Un pago de más de 25.000 dólares puede necesitar una segunda aprobación. Por eso una persona lee su reclamación.
    .agent = Más de 25.000 dólares: el pago puede necesitar una aprobación por escrito (28 U.S.C. § 2672).
rule-large_claim =
    .customer = Usted pidió { $claim_amount }. Una persona lee cada reclamación de 5.000 dólares o más.
    .agent = 5.000 dólares o más: la lee una persona (regla interna 1).
rule-injury =
    .customer = Su reclamación es por una lesión. Una persona lee cada reclamación de este tipo.
    .agent = Lesión: la valora una persona (regla interna 2).
rule-medical_items =
    .customer = Usted reclama gafas o artículos médicos. Un programa nunca dice que no en un caso así. Por eso decide una persona.
    .agent = Gafas o artículos médicos: un programa nunca la deniega (regla interna 3).

## De dónde vienen los datos

source-your_claim_form = su formulario de reclamación
source-your_claim_form_and_the_day_it_arrived = su formulario de reclamación y el día en que llegó

# Grupos de motivos, como los nombra el dibujo del panel
group-items = Los objetos reclamados

## What the customer could have done

action-claim_amount = pedido { $value }
