### Palabras comunes a todos los paquetes: el marco de la carta, el panel y las unidades.
### Cada paquete puede decir cualquiera de ellas a su manera, en su propio archivo de frases.

## Unidades

unit-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
unit-hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
}
unit-minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
}
unit-months = { $n ->
    [one] { $n } mes
   *[other] { $n } meses
}
unit-years = { $n ->
    [one] { $n } año
   *[other] { $n } años
}
unit-items = { $n ->
    [0] ningún artículo
    [one] { $n } artículo
   *[other] { $n } artículos
}
unit-orders = { $n ->
    [0] ningún pedido
    [one] { $n } pedido
   *[other] { $n } pedidos
}
unit-refunds = { $n ->
    [0] ningún reembolso
    [one] { $n } reembolso
   *[other] { $n } reembolsos
}
unit-photos = { $n ->
    [0] ninguna foto
    [one] { $n } foto
   *[other] { $n } fotos
}
unit-contacts = { $n ->
    [0] ningún contacto
    [one] { $n } contacto
   *[other] { $n } contactos
}
unit-cases = { $n ->
    [0] ningún caso
    [one] { $n } caso
   *[other] { $n } casos
}
unit-kilometres = { $n ->
    [one] { $n } kilómetro
   *[other] { $n } kilómetros
}

## Motivos

value-or-more = { $value } o más (no contamos más)
value-or-less = { $value } o menos (no contamos menos)
value-and = { $more } y { $less }
# Among the cases compared with, so that a number that counted is known to be high or low: to agents behind it, to customers after the reason.
value-more-than-most = { $value } (más que en la mayoría de los casos comparados)
value-less-than-most = { $value } (menos que en la mayoría de los casos comparados)
placed-more = { $reason } En la mayoría de los casos comparados, la cifra era menor.
placed-less = { $reason } En la mayoría de los casos comparados, la cifra era mayor.
value-private = indicado; no se muestra aquí, porque es un dato sensible
value-unknown = indicado, pero con un valor que no conocemos
    .for = { $label }: indicado, pero con un valor que no conocemos. Esto contó a su favor.
    .against = { $label }: indicado, pero con un valor que no conocemos. Esto contó en su contra.
agent-reason = { $label }: { $value }
# What a sentence must hold, and the other way must not: `explainer packs check` looks.
direction-for-words = a favor | a su favor
direction-against-words = en contra | en su contra
strength-strong = fuerte
strength-medium = medio
strength-slight = leve

## En qué medida participó el programa, según lo que fue decisivo

part-rule = Un programa informático tomó esta decisión. Aplicó una regla fija a sus datos. No participó ninguna persona.
part-rule-person = Una regla fija pasa los casos como el suyo a una persona. El programa solo aplicó esa regla. Decidirá una persona.
part-score = Un programa informático tomó esta decisión. Valoró los datos de su caso. No participó ninguna persona.
part-band = Un programa informático examinó su caso y no pudo decidirlo con claridad. Decidirá una persona.
part-permission = Usted pidió que ningún programa decidiera sus casos. Lo hemos respetado. Decidirá una persona.
part-safeguard = Un programa informático examinó su caso, pero uno de nuestros controles lo detuvo. Decidirá una persona.

## La carta

letter-greeting = Estimada señora, estimado señor:
letter-closing = Un cordial saludo, { $name }
letter-title = Nuestra decisión sobre { $subject }
letter-title-open = Sobre { $subject }
letter-date = Fecha
letter-case = Número de caso
letter-decision = Decisión
letter-why = Por qué
letter-why-rule = Decidió esta regla:
letter-why-rule-person = Decide una persona por esta regla:
letter-why-for = Esto es lo que contó a favor de su solicitud:
letter-why-against = Esto es lo que contó en contra de su solicitud:
letter-why-both = Esto es lo que más contó:
letter-why-none = Ningún dato destacó por sí solo. Todos juntos llevaron a esto.
letter-why-person = Una persona verá todo lo que nos envió y le dará los motivos.
letter-next = Qué ocurre ahora
letter-change = Qué habría cambiado la decisión
letter-change-text = Esta carta todavía no puede decírselo. Llámenos o escríbanos y una persona se lo explicará.
letter-person = Si no está de acuerdo
letter-person-open = Si quiere decirnos algo
letter-person-text = Puede pedir hablar con una persona. Llame al { $phone } ({ $hours }) o escriba a { $email }. Díganos su número de caso.
letter-person-text-open = Una persona leerá su caso. ¿Quiere hablar antes con alguien? Llame al { $phone } ({ $hours }) o escriba a { $email }. Díganos su número de caso.
letter-contest = Puede darnos su punto de vista e impugnar esta decisión hasta el { $until }. Entonces una persona tomará una nueva decisión.
letter-view = Puede enviarnos su punto de vista antes de que decida una persona.
letter-opted-out = ¿Puede un programa decidir sus casos de ahora en adelante? Entonces díganoslo por la misma vía que antes.
letter-opt-out = También puede decirnos que no quiere que un programa decida sus casos. Entonces los decidirá una persona.
letter-opt-out-open = También puede decirnos que ningún programa examine sus próximos casos. Entonces los decidirá una persona desde el principio.
letter-details = Más sobre su caso
letter-data = Los datos que usamos
letter-data-person = Los datos que verá la persona
letter-data-text-open = ¿Hay algún error? Díganoslo. Lo corregiremos antes de que decida una persona.
letter-data-text = ¿Hay algún error? Díganoslo. Lo corregiremos y volveremos a revisar su caso.
letter-data-fact = Qué
letter-data-value = Su dato
letter-data-source = De dónde viene
letter-not-used = Lo que no usamos
letter-quality = Con qué acierto decide el programa
letter-quality-text = Lo probamos con { $cases } casos pasados antes de usarlo. Da a cada caso una puntuación.
letter-fairness = Todavía no hemos publicado si trata igual a los distintos grupos de personas. Pregúntenos.
letter-responsible = Quién es responsable
letter-responsible-text = { $name } es responsable de cómo se trata su caso. Si tiene preguntas sobre sus datos, escriba a { $privacy }.
letter-authority = También puede reclamar ante esta autoridad: { $authority }.
letter-code = Código de verificación
letter-code-text = Este código pertenece al registro de su caso. Con él puede pedirnos una prueba de que nadie lo cambió.

## Ambos: cómo acabaron casos con una puntuación parecida

similar-cases = Hemos revisado { $cases } casos pasados con una puntuación parecida. En el { $rate } de ellos, { $event }. Teniendo en cuenta el azar, la proporción está entre el { $low } y el { $high }.

## El panel

panel-title = Por qué esta decisión
panel-case = Caso
panel-by-rule = Decidió una regla: { $rule }
panel-by-rule-person = Una regla pasa este caso a una persona: { $rule }
panel-by-score = Decidió la puntuación. Es del { $score }.
panel-by-band = La puntuación es del { $score }, entre los umbrales. Decide una persona.
panel-by-permission = La persona no quiere decisiones automáticas. Decide una persona. No se consultó el modelo.
panel-by-safeguard = Un control propio rechazó la explicación ({ $check }). Decide una persona.
panel-score = Puntuación
panel-distance-close = Muy cerca del umbral: un pequeño cambio podría haber llevado a otro resultado.
panel-distance-near = La puntuación está a cierta distancia de un umbral.
panel-distance-far = La puntuación no está cerca de un umbral.
panel-for = A favor
panel-against = En contra
panel-none = Nada
panel-score-aside = La puntuación no decidió. Esto es lo que vio:
panel-missing = Datos que faltan o se ajustaron
panel-missing-value = { $label }: { $value }
panel-clipped = { $label }: fuera del rango habitual, se tomó como { $value }
panel-unknown = { $label }: un valor que no conocemos, se trató como ausente
panel-say = Diga en voz alta
say-most = Esto es lo que más contó:
say-person = Puede pedir que una persona revise su caso.
    .best = Si hay algún error, puede pedir que una persona revise su caso.
panel-customer-reads = Lo que lee el cliente
panel-letter = Abrir la carta
panel-languages = Esta página en otros idiomas
panel-release = Versión
panel-history = Historial
history-decision = Decisión
history-open = Derivado
history-page = Carta abierta por su enlace
history-api = Carta pedida por un programa
history-command = Carta escrita para enviarla
history-referral = Los textos no coincidían con el registro; pasado a una persona
points = { $n } de 100

## Abrir una página con un enlace

door-expired = Este enlace ha caducado
    .text = Un enlace abre una página solo durante un tiempo, porque la página contiene datos personales. Pídanos un enlace nuevo.
door-wrong = Este enlace no funciona
    .text = Puede estar incompleto o ser de otra página. Abra otra vez el enlace de nuestro mensaje o pídanos uno nuevo.
door-none = Abra esta página con su enlace
    .text = El enlace que le enviamos abre esta página. Sin él no se abre, porque contiene datos personales.
door-nothing = Aquí no hay nada
    .text = Ninguna página tiene esta dirección. Abra otra vez el enlace de nuestro mensaje.
door-erased = Esta página se borró
    .text = Los datos personales de esta página se borraron. Lo hacemos si usted lo pide, o cuando ya los guardamos el tiempo debido.
door-trouble = Algo ha fallado
    .text = El error es nuestro, no suyo. Inténtelo más tarde.
door-contact = Puede contactarnos en el { $phone } o en { $email }.
door-title = Abrir esta página
door-text = Esta página contiene datos personales. Pulse el botón para abrirla.
door-button = Abrir

## La carta: cómo contactar, las páginas y el PDF

letter-reach = Llame al { $phone } o escriba a { $email }.
letter-change-any = Cualquiera de estos cambios habría bastado:
letter-change-now = ¿Todavía puede hacer { $n ->
    [one] esto
   *[other] algo de esto
}? Si puede, díganoslo. Una persona tomará una nueva decisión.
letter-page = Página { $page } de { $pages }
letter-save = Guardar esta carta como PDF
letter-pair = { $name }: { $value }

## El panel: a qué distancia, cómo se llegó a la puntuación y dentro de un escritorio

panel-threshold = { $way ->
    [up] A partir de { $score }
   *[down] Por debajo de { $score }
}: { $outcome }.
panel-more = Ver { $n } más
panel-rules-aside = Reglas que se cumplieron, pero no decidieron
panel-change = Qué lo habría cambiado
panel-waterfall = Cómo se llegó a la puntuación
panel-waterfall-table = Lo mismo en una tabla
waterfall-start = Inicio: casos de comparación
waterfall-end = Este caso
waterfall-rest = Todo lo demás
waterfall-what = Qué
waterfall-way = En qué sentido
waterfall-strength = Cuánto
waterfall-description = Empieza en los casos de comparación ({ $start }) y llega a este caso ({ $end }). { $for } empujaron hacia la derecha y { $against } hacia la izquierda. Las líneas discontinuas muestran dónde cambia el resultado.
embed-waiting = Un momento. El panel se abre aquí cuando su escritorio lo pide.
door-again = Abra otra vez el panel
    .text = Por seguridad, un panel se abre una sola vez y durante poco tiempo. Elija otra vez el caso en su escritorio.

## What would have changed the outcome
## What somebody did follows "hubiera" or "podría haber", so that several can stand in a list: `devuelto el artículo`.

recourse-one = Si hubiera { $changes }, { $outcome }.
recourse-several = Podría haber { $changes }. Entonces { $outcome }.
recourse-none-rule = No hay ningún paso que podamos proponerle y que hubiera cambiado esto. Decidió una regla fija.
recourse-none-nothing = No hay ningún paso que podamos proponerle y que hubiera cambiado esto. Depende de datos que no podemos pedirle que cambie.
recourse-none-not_found = Buscamos algo que usted podría haber hecho. No encontramos ningún paso pequeño que hubiera cambiado esto.
recourse-none-not_searched = Había demasiados pasos posibles para examinarlos todos. Por eso no podemos decir qué habría cambiado esto. Pregúntenos y lo revisará una persona.
recourse-none-close = Encontramos un paso que quizá habría cambiado esto por muy poco. Fue demasiado justo para prometerlo.
value-at-least = al menos { $value }
value-at-most = { $value } como máximo

# El pie de la carta, cuando el caso está sellado
letter-sealed = Su caso está sellado con el número { $seal }. Guárdelo: con él tenemos que demostrar que nadie cambió su caso.

## Todo lo que se guarda sobre una persona

data-title = Lo que guardamos sobre usted
data-about = Esto es todo lo que guardamos sobre usted. Lo más antiguo va primero.
data-nothing = No guardamos nada sobre usted.
data-decision = Usted nos presentó un caso. Esta es la carta sobre él.
data-view = Entregamos una carta sobre su caso.
data-consent = Usted nos dijo si un programa puede decidir sus casos.
data-referral = Pasamos su caso a una persona.
data-hold = Anotamos si hay un motivo legal para guardar sus datos.
data-access = Entregamos una copia de sus datos.
data-other = Anotamos algo sobre usted.

## El panel: su historial línea por línea, y la seguridad de la puntuación

history-times = Todas las horas son las de { $place }.
history-letter = { $what } ({ $form }, { $language })
history-form-html = página
history-form-text = texto simple
history-form-pdf = PDF
history-again = { $what }, { $n } veces, la última el { $last }
panel-sure = ¿Qué fiabilidad tiene la puntuación?
panel-sure-text = La puntuación es una estimación. Lo que pasó de verdad en casos pasados puede ser distinto.
data-seen-panel = Alguien de nuestro equipo consultó su caso.
data-seen-dossier = Alguien que revisa nuestro trabajo consultó su caso.
data-seen-answer = Alguien de nuestro equipo consultó su caso con otro programa.
data-notes = Debajo de cada título ve lo que anotaron nuestros programas, con sus propias palabras.

# What turns a direction word after it round, in the same sentence: `explainer packs check` refuses it.
negation-words = nada | nadie | no | nunca | jamás | ningún | ninguno | ninguna | tampoco | ni
# What the phrases that assert it say one of: that software or a person takes part, that a value is more or less than most.
software-words = programa
person-words = persona
more-words = más | mayor
less-words = menos | menor

# Lo que un resultado no puede decir cuando es el contrario, y lo que empieza una parte de la frase a la que una negación no llega.
granted-words = aprobado | aprobada | aprobar | aprobamos | aceptado | aceptada | aceptar | aceptamos | concedido | concedida | conceder
refused-words = denegado | denegada | denegar | denegamos | rechazado | rechazada | rechazar | rechazamos
clause-words = pero | sino | aunque

# De qué es la puntuación del panel
panel-score-of = Estimación del programa: en unos { $n } de cada 100 casos como este, { $event }.

# A letter's door, where its customer types the case number, and links that are taken back

door-case = Escriba su número de caso para abrir esta página. Lo conoce por su solicitud. También está en nuestras cartas.
    .wrong = Este número de caso no corresponde a este enlace. Revíselo e inténtelo otra vez.
door-closed = Inténtelo más tarde
    .text = El número de caso fue incorrecto demasiadas veces. Por seguridad, la página queda cerrada una hora.
door-revoked = Este enlace ya no abre nada
    .text = Lo hemos retirado. Pídanos un enlace nuevo si lo necesita.
door-shut = Este enlace queda cerrado
    .text = Alguien escribió aquí demasiadas veces un número de caso incorrecto. Pídanos un enlace nuevo o la carta por correo postal.
data-revocation = Retiramos un enlace a una página sobre su caso.
