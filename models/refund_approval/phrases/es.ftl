# Aprobación de reembolsos: todo lo que lee un cliente o un agente sobre este paquete.
# Un motivo dice el dato del propio cliente y luego hacia dónde contó. Ninguna palabra supone un tamaño.

pack-name = Solicitud de reembolso
pack-subject = su solicitud de reembolso
not-used =
    No hemos usado su edad, su sexo, su origen, su idioma, su religión ni su salud.
    Tampoco hemos usado el lugar donde vive.
score-event = una persona de nuestro equipo aprobó el reembolso
compared-with = Hemos comparado su solicitud con otras anteriores. En todas ellas, una persona de nuestro equipo aprobó el reembolso.
placed-more = { $reason } En la mayoría de las solicitudes aprobadas, la cifra era menor.
placed-less = { $reason } En la mayoría de las solicitudes aprobadas, la cifra era mayor.

outcome-approve = Solicitud aprobada
    .headline = Hemos aprobado su reembolso.
    .instead = habríamos aprobado su reembolso
    .effect =
        Le devolvemos el dinero por el mismo medio con el que pagó. Tardará como máximo 14 días.
        Si tiene el artículo y lo necesitamos de vuelta, le diremos cómo enviarlo.
outcome-refer = Decide una persona
    .headline = Una persona de nuestro equipo decidirá sobre su reembolso.
    .instead = una persona habría decidido sobre su reembolso
    .effect =
        Todavía no hay nada decidido. Alguien revisará su solicitud y le escribirá en un plazo de 15 días laborables.
        Usted no tiene que hacer nada.
outcome-decline = Solicitud no aprobada
    .headline = Lo sentimos. No hemos aprobado su reembolso.
    .effect =
        Por ahora no le devolvemos este importe.

source-order = su pedido
source-customer_request = su solicitud
source-returns_desk = nuestro servicio de devoluciones
source-parcel_tracking = el seguimiento de su paquete
source-customer_account = su cuenta de cliente

feature-amount = Importe que se pide
feature-reason = Motivo de la solicitud
    .level-damaged = un artículo dañado
    .level-defective = un artículo que no funciona
    .level-wrong_item = un artículo equivocado
    .level-parts_missing = la falta de piezas
    .level-not_as_described = un artículo distinto de lo descrito
    .level-wrong_size = una talla o medida equivocada
    .level-changed_mind = un cambio de opinión
    .level-found_cheaper = un precio mejor en otro sitio
    .level-ordered_by_mistake = un pedido hecho por error
    .level-arrived_late = una entrega que llegó tarde
    .level-not_delivered = un paquete que no llegó
feature-item_condition = Estado del artículo
    .level-unopened = sin abrir
    .level-opened = abierto, pero sin usar
    .level-used = usado
    .level-damaged = dañado
    .level-faulty = averiado
    .level-incomplete = incompleto
    .missing = sin describir
feature-return_status = Devolución hasta ahora
    .level-not_sent = todavía sin enviar de vuelta
    .level-label_printed = con la etiqueta lista, pero sin enviar
    .level-on_the_way = en camino de vuelta
    .level-received = de vuelta y completo
    .level-received_incomplete = de vuelta, pero incompleto
feature-product_category = Tipo de artículo
    .level-clothing = ropa
    .level-shoes = calzado
    .level-electronics = electrónica
    .level-phones = teléfonos
    .level-computers = ordenadores
    .level-home_appliances = electrodomésticos
    .level-furniture = muebles
    .level-kitchenware = menaje de cocina
    .level-toys = juguetes
    .level-books = libros
    .level-beauty = belleza
    .level-jewellery = joyería
    .level-sports = deportes
    .level-garden = jardín
    .level-food = alimentación
    .level-custom_made = artículos por encargo
feature-final_sale = Tipo de venta
    .yes = una liquidación final
    .no = una venta normal
feature-days_since_delivery = Tiempo entre la entrega y la solicitud
    .zero = menos de un día
    .missing = sin entregar
feature-delivery_delay_days = Retraso de la entrega
    .zero = sin retraso
    .missing = no se prometió un día
feature-tracking_status = Seguimiento del paquete
    .level-delivered = entregado en el domicilio
    .level-neighbour = entregado a un vecino
    .level-locker = dejado en una taquilla de recogida
    .level-in_transit = todavía en camino
    .level-returned_to_sender = devuelto a la tienda
    .level-lost = perdido
    .missing = sin seguimiento
feature-channel = Forma de pedirlo
    .level-web = por nuestra página web
    .level-app = por nuestra aplicación
    .level-phone = por teléfono
    .level-chat = por chat
    .level-email = por correo electrónico
    .level-shop = en una tienda
feature-photos = Fotos enviadas
    .missing = no se podían enviar
feature-orders_12_months = Pedidos en los últimos 12 meses
feature-refunds_12_months = Reembolsos en los últimos 12 meses
feature-tenure_months = Antigüedad de su cuenta de cliente
    .zero = menos de un mes
feature-payment_method = Forma de pago
    .level-card = con tarjeta
    .level-online_wallet = con un monedero electrónico
    .level-bank_transfer = por transferencia
    .level-invoice = contra factura
    .level-instalments = a plazos
    .level-gift_card = con una tarjeta regalo
    .level-cash_on_delivery = en efectivo al recibirlo
feature-contact_weekday = Día de la solicitud
    .level-monday = lunes
    .level-tuesday = martes
    .level-wednesday = miércoles
    .level-thursday = jueves
    .level-friday = viernes
    .level-saturday = sábado
    .level-sunday = domingo
feature-gift = Regalo
    .yes = sí
    .no = no

reason-amount =
    .for = Usted nos pidió que le devolviéramos { $value }. Esto contó a favor del reembolso.
    .against = Usted nos pidió que le devolviéramos { $value }. Esto contó en contra del reembolso.
reason-reason =
    .for = El motivo de su solicitud fue { $value }. Esto contó a favor del reembolso.
    .against = El motivo de su solicitud fue { $value }. Esto contó en contra del reembolso.
reason-item_condition =
    .for = Según la descripción que tenemos, el artículo está { $value }. Esto contó a favor del reembolso.
    .against = Según la descripción que tenemos, el artículo está { $value }. Esto contó en contra del reembolso.
    .for-missing = Nadie nos ha dicho en qué estado está el artículo. Esto contó a favor del reembolso.
    .against-missing = Nadie nos ha dicho en qué estado está el artículo. Esto contó en contra del reembolso.
reason-return_status =
    .for = Cuando revisamos su caso, el artículo estaba { $value }. Fue un punto a favor de su solicitud.
    .against = Cuando revisamos su caso, el artículo estaba { $value }. Fue un punto en contra de su solicitud.
reason-product_category =
    .for = El artículo es de nuestra sección de { $value }. Esto contó a favor del reembolso.
    .against = El artículo es de nuestra sección de { $value }. Esto contó en contra del reembolso.
reason-final_sale =
    .for = Usted compró el artículo en { $value }. Esto contó a favor del reembolso.
    .against = Usted compró el artículo en { $value }. Esto contó en contra del reembolso.
reason-days_since_delivery =
    .for = Usted nos lo pidió { $value } después de la entrega. Fue un punto a favor de su solicitud.
    .against = Usted nos lo pidió { $value } después de la entrega. Fue un punto en contra de su solicitud.
    .for-zero = Usted nos lo pidió el mismo día de la entrega. Fue un punto a favor de su solicitud.
    .against-zero = Usted nos lo pidió el mismo día de la entrega. Fue un punto en contra de su solicitud.
    .for-missing = El paquete no se le entregó. Fue un punto a favor de su solicitud.
    .against-missing = El paquete no se le entregó. Fue un punto en contra de su solicitud.
reason-delivery_delay_days =
    .for = Respecto al día prometido, el retraso fue de { $value }. Fue un punto a favor de su solicitud.
    .against = Respecto al día prometido, el retraso fue de { $value }. Fue un punto en contra de su solicitud.
    .for-zero = No hubo retraso respecto al día prometido. Fue un punto a favor de su solicitud.
    .against-zero = No hubo retraso respecto al día prometido. Fue un punto en contra de su solicitud.
    .for-missing = No le habíamos prometido un día de entrega. Fue un punto a favor de su solicitud.
    .against-missing = No le habíamos prometido un día de entrega. Fue un punto en contra de su solicitud.
reason-tracking_status =
    .for = Según el transportista, su paquete figura como { $value }. Fue un punto a favor de su solicitud.
    .against = Según el transportista, su paquete figura como { $value }. Fue un punto en contra de su solicitud.
    .for-missing = El transportista no sigue este tipo de paquetes. Fue un punto a favor de su solicitud.
    .against-missing = El transportista no sigue este tipo de paquetes. Fue un punto en contra de su solicitud.
reason-channel =
    .for = Usted pidió el reembolso { $value }. Fue un punto a favor de su solicitud.
    .against = Usted pidió el reembolso { $value }. Fue un punto en contra de su solicitud.
reason-photos =
    .for = Usted nos envió { $value }. Fue un punto a favor de su solicitud.
    .against = Usted nos envió { $value }. Tan pocas fotos fueron un punto en contra de su solicitud.
    .for-zero = Usted no nos envió ninguna foto. Fue un punto a favor de su solicitud.
    .against-zero = Usted no nos envió ninguna foto. Fue un punto en contra de su solicitud.
    .for-missing = De la forma en que nos lo pidió no se pueden enviar fotos. Fue un punto a favor de su solicitud.
    .against-missing = De la forma en que nos lo pidió no se pueden enviar fotos. Fue un punto en contra de su solicitud.
reason-orders_12_months =
    .for = En los últimos 12 meses usted nos hizo { $value }. Esto contó a favor del reembolso.
    .against = En los últimos 12 meses usted nos hizo { $value }. Esto contó en contra del reembolso.
reason-refunds_12_months =
    .for = En los últimos 12 meses le hicimos { $value }. Esto contó a favor del reembolso.
    .against = En los últimos 12 meses le hicimos { $value }. Esto contó en contra del reembolso.
    .for-zero = En los últimos 12 meses no le hicimos ningún reembolso. Esto contó a favor del reembolso.
    .against-zero = En los últimos 12 meses no le hicimos ningún reembolso. Esto contó en contra del reembolso.
reason-tenure_months =
    .for = Su cuenta de cliente existe desde hace { $value }. Esto contó a favor del reembolso.
    .against = Su cuenta de cliente existe desde hace { $value }. Esto contó en contra del reembolso.
reason-payment_method =
    .for = Usted pagó { $value }. Esto contó a favor del reembolso.
    .against = Usted pagó { $value }. Esto contó en contra del reembolso.
reason-contact_weekday =
    .for = Usted pidió el reembolso un { $value }. Fue un punto a favor de su solicitud.
    .against = Usted pidió el reembolso un { $value }. Fue un punto en contra de su solicitud.
reason-gift =
    .for = En su pedido, la casilla «regalo» indica: { $value }. Esto contó a favor del reembolso.
    .against = En su pedido, la casilla «regalo» indica: { $value }. Esto contó en contra del reembolso.

rule-not_delivered =
    .customer =
        Su paquete no llegó. Según el transportista, figura como { $tracking_status }.
        En ese caso le devolvemos el dinero.
    .effect = Le devolvemos el dinero por el mismo medio con el que pagó. Tardará como máximo 14 días. No tiene que enviarnos nada.
    .agent = No entregado; según el seguimiento, { $tracking_status } (política propia).
rule-withdrawal_right =
    .customer =
        Usted nos lo pidió { $days_since_delivery } después de la entrega.
        Durante 14 días usted puede devolver un artículo como este sin dar motivos.
    .agent = Desistimiento en 14 días; pedido { $days_since_delivery } después de la entrega.
rule-withdrawal_food =
    .customer =
        Usted nos lo pidió { $days_since_delivery } después de la entrega.
        Durante 14 días usted puede devolver alimentos, salvo los que caducan pronto. Por eso decide una persona.
    .agent = Alimentación; pedido { $days_since_delivery } después de la entrega: no se sabe si caduca pronto, decide una persona.
rule-withdrawal_used =
    .customer =
        Usted nos lo pidió { $days_since_delivery } después de la entrega. Durante 14 días usted puede devolver el artículo.
        Si ya no está como nuevo, o si nadie lo ha descrito, una persona decide cuánto le devolvemos.
    .agent = Desistimiento en 14 días; pedido { $days_since_delivery } después de la entrega; estado: { $item_condition }. El sistema no puede denegar.
rule-holiday_returns =
    .customer =
        Usted nos lo pidió { $days_since_delivery } después de la entrega y devolvió el artículo sin abrirlo.
        Durante las fiestas le damos 60 días para hacerlo.
    .agent = Devolución de fiestas: sin abrir, enviado, { $days_since_delivery } después de la entrega; se admiten 60 días.
rule-final_sale =
    .customer =
        Usted compró el artículo en una liquidación final, y su motivo fue { $reason }.
        En ese caso solo se devuelve lo dañado, averiado, incompleto, equivocado o distinto de lo descrito.
    .agent = Liquidación final; el motivo es { $reason }.
rule-large_amount =
    .customer = Usted nos pidió que le devolviéramos { $amount }. A partir de 1.000 € decide una persona.
    .agent = Importe de { $amount }: a partir de 1.000 € decide una persona.
rule-large_amount_2027 =
    .customer = Usted nos pidió que le devolviéramos { $amount }. A partir de 750 € decide una persona.
    .agent = Importe de { $amount }: a partir de 750 € decide una persona (política de 2027).
rule-small_amount =
    .customer =
        Usted nos pidió que le devolviéramos { $amount }. En los últimos 12 meses { $refunds_12_months ->
            [0] no recibió { $refunds_12_months }
           *[other] recibió { $refunds_12_months }
        } de nuestra parte.
        En ese caso devolvemos sin más preguntas los importes de menos de 15 €.
    .agent = Por cortesía: { $amount } no llega a 15 €; { $refunds_12_months } en los últimos 12 meses.
rule-legal_guarantee =
    .customer =
        El motivo de su solicitud fue { $reason }.
        Por ley respondemos durante dos años de los artículos con fallos o distintos de lo que usted pidió.
        Es una norma nuestra que solo una persona pueda rechazar una solicitud así.
    .agent = Garantía legal de dos años; el motivo es { $reason }: el sistema no puede denegar.

# Grupos de motivos, como los nombra el dibujo del panel
group-problem = Qué ocurre
group-product = El artículo y la venta
group-delivery = La entrega
group-proof = Cómo se pidió y las fotos
group-history = Pedidos y reembolsos anteriores

## What the customer could have done

action-return_status =
    .level-received = devuelto primero el artículo completo
action-channel =
    .level-web = pedido el reembolso en nuestra página web
action-photos = enviado { $value }
