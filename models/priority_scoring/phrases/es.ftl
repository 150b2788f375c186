# Todo lo que una persona lee sobre la prioridad de su caso. Trato de usted.
# Forma de un motivo: el hecho y, después, en qué sentido contó.

pack-name = Prioridad del caso
pack-subject = la prioridad de su caso
not-used = No hemos usado su idioma, su origen, su sexo, su religión ni el lugar donde vive. Solo hemos usado una necesidad ligada a la edad o a la salud si usted nos habló de ella.
score-event = el caso superó su plazo de servicio o tuvo que pasar a un nivel superior
compared-with = Hemos comparado su caso con casos pasados de todo tipo, acabaran como acabaran.
placed-more = { $reason } En la mayoría de los casos, la cifra es menor.
placed-less = { $reason } En la mayoría de los casos, la cifra es mayor.

## Palabras propias donde las comunes hablan de «a favor» y «en contra»

direction-for-words = más urgente
granted-words = más urgente
refused-words = menos urgente | puede esperar
direction-against-words = menos urgente
value-unknown = indicado, pero con un valor que no conocemos
    .for = { $label }: indicado, pero con un valor que no conocemos. Esto hizo su caso más urgente.
    .against = { $label }: indicado, pero con un valor que no conocemos. Esto hizo su caso menos urgente.
letter-why-for = Esto es lo que hizo su caso más urgente:
letter-why-against = Esto es lo que hizo su caso menos urgente:
panel-by-score = Decidió la puntuación. Es de { $score }.
panel-by-band = La puntuación es de { $score }, entre los umbrales. Decide una persona.
panel-for = Más urgente
panel-against = Menos urgente

## Resultados

outcome-P1 = P1, lo más urgente
    .headline = Hemos dado a su caso la prioridad P1, la más urgente de cuatro.
    .effect = Su caso es de los más urgentes. Los atendemos antes que todos los demás. Usted no tiene que hacer nada más.
outcome-P2 = P2, urgente
    .headline = Hemos dado a su caso la prioridad P2, la segunda de cuatro.
    .effect = Su caso se atiende justo después de los casos más urgentes. Usted no tiene que hacer nada más.
outcome-P3 = P3, normal
    .headline = Hemos dado a su caso la prioridad P3, la tercera de cuatro.
    .effect = Su caso se atiende después de los casos más urgentes que el suyo. Si algo cambia, díganoslo.
outcome-P4 = P4, puede esperar
    .headline = Hemos dado a su caso la prioridad P4, la menos urgente de cuatro.
    .effect = Su caso se atiende después de todos los casos más urgentes. No queda cerrado ni rechazado. Si algo cambia, díganoslo.
outcome-refer = Decide una persona
    .headline = Una persona decide cómo de urgente es su caso.
    .effect = Todavía no hay nada decidido. Alguien de nuestro equipo lee su caso y fija su prioridad. Usted no tiene que hacer nada más.

## Tiempo de espera

feature-waiting_hours = Tiempo que su caso lleva abierto
    .zero = recién abierto
reason-waiting_hours =
    .for = Su caso lleva abierto { $value }. Esto hizo su caso más urgente.
    .against = Su caso lleva abierto { $value }. Esto hizo su caso menos urgente.
    .for-zero = Su caso se acaba de abrir. Esto hizo su caso más urgente.
    .against-zero = Su caso se acaba de abrir. Esto hizo su caso menos urgente.

## Contactos anteriores

feature-earlier_contacts = Contactos anteriores sobre el mismo asunto en 30 días
reason-earlier_contacts =
    .for = En los últimos 30 días tuvimos { $value } con usted sobre este asunto. Esto hizo su caso más urgente.
    .against = En los últimos 30 días tuvimos { $value } con usted sobre este asunto. Esto hizo su caso menos urgente.
    .for-zero = En los últimos 30 días no tuvimos ningún contacto con usted sobre este asunto. Esto hizo su caso más urgente.
    .against-zero = En los últimos 30 días no tuvimos ningún contacto con usted sobre este asunto. Esto hizo su caso menos urgente.

feature-handovers = Número de veces que su caso cambió de equipo
reason-handovers =
    .for = Su caso ha cambiado de equipo estas veces: { $value }. Esto hizo su caso más urgente.
    .against = Su caso ha cambiado de equipo estas veces: { $value }. Esto hizo su caso menos urgente.
    .for-zero = Su caso no ha cambiado de equipo. Esto hizo su caso más urgente.
    .against-zero = Su caso no ha cambiado de equipo. Esto hizo su caso menos urgente.

feature-reopened = Abierto de nuevo tras una primera respuesta
    .yes = se abrió de nuevo
    .no = no se abrió de nuevo
reason-reopened =
    .for = Tras una primera respuesta, su caso { $value }. Esto hizo su caso más urgente.
    .against = Tras una primera respuesta, su caso { $value }. Esto hizo su caso menos urgente.

## Asunto

feature-topic = Asunto de su caso
    .level-billing = una factura
    .level-payment_plan = un plan de pago
    .level-contract_change = un cambio de contrato
    .level-moving_home = una mudanza
    .level-installation = una instalación
    .level-technical_help = ayuda con un aparato
    .level-meter_reading = una lectura del contador
    .level-wrongful_disconnection = un corte de servicio por error
    .level-fraud = una sospecha de fraude
    .level-personal_data = el uso de datos personales
    .level-general_question = una pregunta general
    .level-product_information = información de un producto
    .level-feedback = un elogio o una sugerencia
reason-topic =
    .for = Su caso trata sobre { $value }. Esto hizo su caso más urgente.
    .against = Su caso trata sobre { $value }. Esto hizo su caso menos urgente.

## Su servicio

feature-product_line = Contrato del caso
    .level-electricity = electricidad
    .level-gas = gas
    .level-heating = calefacción
    .level-broadband = internet en casa
    .level-mobile = teléfono móvil
    .level-landline = teléfono fijo
    .level-television = televisión
    .level-home_cover = reparaciones del hogar
reason-product_line =
    .for = Su caso se refiere a su contrato de { $value }. Esto hizo su caso más urgente.
    .against = Su caso se refiere a su contrato de { $value }. Esto hizo su caso menos urgente.

feature-service_effect = Estado de su servicio
    .level-none = en marcha, como siempre
    .level-slower = más lento de lo normal
    .level-interrupted = con cortes
    .level-partly = cortado en parte
    .level-fully = cortado del todo
reason-service_effect =
    .for = Según el aviso, su servicio está { $value }. Esto hizo su caso más urgente.
    .against = Según el aviso, su servicio está { $value }. Esto hizo su caso menos urgente.

## Lo que le prometimos

feature-days_past_promise = Retraso sobre la fecha prometida
    .zero = sin retraso
    .missing = no se prometió ninguna fecha
reason-days_past_promise =
    .for = Su caso lleva { $value } de retraso sobre la fecha que le prometimos. Esto hizo su caso más urgente.
    .against = Su caso lleva { $value } de retraso sobre la fecha que le prometimos. Esto hizo su caso menos urgente.
    .for-zero = La fecha que le prometimos no ha pasado. Esto hizo su caso más urgente.
    .against-zero = La fecha que le prometimos no ha pasado. Esto hizo su caso menos urgente.
    .for-missing = No le hemos prometido ninguna fecha. Esto hizo su caso más urgente.
    .against-missing = No le hemos prometido ninguna fecha. Esto hizo su caso menos urgente.

## Cuándo lo necesita

feature-days_until_needed = Tiempo hasta que lo necesita
    .zero = el mismo día
    .missing = no se indicó ninguna fecha
reason-days_until_needed =
    .for = Usted nos dijo que lo necesita dentro de { $value }. Esto hizo su caso más urgente.
    .against = Usted nos dijo que lo necesita dentro de { $value }. Esto hizo su caso menos urgente.
    .for-zero = Usted nos dijo que lo necesita el mismo día. Esto hizo su caso más urgente.
    .against-zero = Usted nos dijo que lo necesita el mismo día. Esto hizo su caso menos urgente.
    .for-missing = Usted no nos indicó para qué fecha lo necesita. Esto hizo su caso más urgente.
    .against-missing = Usted no nos indicó para qué fecha lo necesita. Esto hizo su caso menos urgente.

## Dinero en cuestión

feature-disputed_amount = Cantidad en cuestión
    .missing = no hay ninguna cantidad en cuestión
reason-disputed_amount =
    .for = La cantidad en cuestión es de { $value }. Esto hizo su caso más urgente.
    .against = La cantidad en cuestión es de { $value }. Esto hizo su caso menos urgente.
    .for-missing = No hay ninguna cantidad de dinero en cuestión. Esto hizo su caso más urgente.
    .against-missing = No hay ninguna cantidad de dinero en cuestión. Esto hizo su caso menos urgente.

## Necesidades especiales

feature-declared_need = Necesidad especial en el hogar
    .level-advanced_age = edad avanzada
    .level-hearing_or_sight = dificultades de oído o de vista
    .level-reduced_mobility = movilidad reducida
    .level-long_illness = una enfermedad larga
    .level-small_children = niños pequeños en casa
    .missing = no se declaró ninguna
reason-declared_need =
    .for = Usted nos habló de una necesidad especial en su hogar. Esto hizo su caso más urgente.
    .against = Usted nos habló de una necesidad especial en su hogar. Esto hizo su caso menos urgente.
    .for-missing = Usted no nos habló de una necesidad especial en su hogar. Esto hizo su caso más urgente.
    .against-missing = Usted no nos habló de una necesidad especial en su hogar. Esto hizo su caso menos urgente.

feature-medical_equipment_affected = Equipo médico afectado
    .yes = un equipo médico
    .no = ningún equipo médico
reason-medical_equipment_affected =
    .for = Hemos anotado que { $value } de su casa está afectado. Esto hizo su caso más urgente.
    .against = Hemos anotado que { $value } de su casa está afectado. Esto hizo su caso menos urgente.

## Seguridad

feature-safety_risk = Riesgo para la vida o la salud
    .yes = hay un riesgo
    .no = no hay ningún riesgo
reason-safety_risk =
    .for = Según el aviso, { $value } para la vida o la salud. Esto hizo su caso más urgente.
    .against = Según el aviso, { $value } para la vida o la salud. Esto hizo su caso menos urgente.

## Cómo y cuándo nos contactó

feature-contact_channel = Cómo nos contactó
    .level-phone = por teléfono
    .level-email = por correo electrónico
    .level-chat = por chat
    .level-web_form = por el formulario web
    .level-app = por la aplicación
    .level-letter = por carta
    .level-shop = en una tienda
reason-contact_channel =
    .for = Usted nos contactó { $value }. Esto hizo su caso más urgente.
    .against = Usted nos contactó { $value }. Esto hizo su caso menos urgente.

feature-contact_weekday = Día de la semana en que nos contactó
    .level-monday = lunes
    .level-tuesday = martes
    .level-wednesday = miércoles
    .level-thursday = jueves
    .level-friday = viernes
    .level-saturday = sábado
    .level-sunday = domingo
reason-contact_weekday =
    .for = Usted nos contactó un { $value }. Esto hizo su caso más urgente.
    .against = Usted nos contactó un { $value }. Esto hizo su caso menos urgente.

## Tiempo como cliente

feature-customer_years = Tiempo como cliente
    .zero = menos de un año
    .missing = todavía sin contrato con nosotros
reason-customer_years =
    .for = Usted tiene contrato con nosotros desde hace { $value }. Esto hizo su caso más urgente.
    .against = Usted tiene contrato con nosotros desde hace { $value }. Esto hizo su caso menos urgente.
    .for-missing = Usted todavía no tiene contrato con nosotros. Esto hizo su caso más urgente.
    .against-missing = Usted todavía no tiene contrato con nosotros. Esto hizo su caso menos urgente.

## Reglas

rule-safety_risk =
    .customer = Usted nos avisó de un riesgo para la vida o la salud. Un caso así es siempre P1.
    .agent = Aviso de riesgo para la vida o la salud: P1 (regla interna 1).
rule-medical_equipment_without_supply =
    .customer = Un equipo médico de su casa está afectado. Su servicio de { $product_line } está { $service_effect }. Un caso así es siempre P1.
    .agent = Equipo médico sin suministro completo: P1 (regla interna 2).
rule-medical_equipment =
    .customer = Un equipo médico de su casa está afectado. Un caso así es siempre P2 o P1.
    .agent = Equipo médico afectado: P2 como mínimo (regla interna 3).
rule-declared_need =
    .customer = Usted nos habló de una necesidad especial en su hogar. Un caso así es siempre P2 o P1.
    .agent = Necesidad especial declarada: P2 como mínimo (regla interna 4).
rule-winter_heating =
    .customer = Su servicio de { $product_line } está { $service_effect } y es invierno. Un caso así es siempre P2 o P1.
    .agent = Gas o calefacción sin servicio en los meses de invierno: P2 como mínimo (regla interna 5).
rule-broken_promise =
    .customer = Su caso lleva { $days_past_promise } de retraso sobre la fecha que le prometimos. Desde los 15 días, un caso es siempre P2 o P1.
    .agent = Fecha prometida superada en 15 días o más: P2 como mínimo (regla interna 6).
rule-long_wait =
    .customer = Su caso lleva abierto { $waiting_hours }. Desde los diez días, un caso es siempre P2 o P1.
    .agent = Abierto diez días o más: P2 como mínimo (regla interna 7).

## De dónde vienen los datos

source-case_history = el historial de su caso
source-contact_records = nuestro registro de sus contactos
source-what_you_told_us = lo que usted nos dijo
source-your_contract = su contrato
source-what_you_told_us_and_fault_records = lo que usted nos dijo y nuestro registro de averías
source-your_bills_and_payments = sus facturas y pagos
source-what_you_declared = lo que usted nos declaró

# Grupos de motivos, como los nombra el dibujo del panel
group-contacts = Contactos anteriores
group-service = El servicio afectado
group-needs = Necesidades especiales
