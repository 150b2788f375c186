# Remboursement : chaque mot qu’une cliente, un client ou un agent lit sur ce paquet.
# Une raison dit d’abord la donnée de la personne, puis dans quel sens elle a compté. Aucun mot ne suppose une taille.

pack-name = Demande de remboursement
pack-subject = votre demande de remboursement
not-used =
    Nous n’avons utilisé ni votre âge, ni votre sexe, ni votre origine, ni votre langue.
    Nous n’avons utilisé ni votre religion, ni votre santé, ni votre lieu de résidence.
score-event = une personne de notre équipe a accepté le remboursement
compared-with = Nous avons comparé votre demande à des demandes passées, acceptées par une personne de notre équipe.
placed-more = { $reason } Dans la plupart des demandes acceptées, le chiffre était inférieur.
placed-less = { $reason } Dans la plupart des demandes acceptées, le chiffre était supérieur.

outcome-approve = Demande acceptée
    .headline = Nous avons accepté votre demande de remboursement.
    .instead = nous aurions accepté votre remboursement
    .effect =
        Nous vous remboursons par le même moyen de paiement que celui de votre achat. Cela prend 14 jours au plus.
        Vous avez encore l’article et nous en avons besoin ? Nous vous dirons comment le renvoyer.
outcome-refer = Une personne décide
    .headline = Une personne de notre équipe va décider de votre remboursement.
    .instead = une personne aurait décidé de votre remboursement
    .effect =
        Rien n’est encore décidé. Quelqu’un va lire votre demande et vous écrire dans les 15 jours ouvrés.
        Vous n’avez rien à faire.
outcome-decline = Demande non acceptée
    .headline = Nous sommes désolés. Nous n’avons pas accepté votre demande de remboursement.
    .effect =
        Pour le moment, nous ne remboursons pas cette somme.

source-order = votre commande
source-customer_request = votre demande
source-returns_desk = notre service des retours
source-parcel_tracking = le suivi de votre colis
source-customer_account = votre compte client

feature-amount = Somme demandée
feature-reason = Raison de la demande
    .level-damaged = un article abîmé
    .level-defective = un article qui ne marche pas
    .level-wrong_item = une erreur d’article
    .level-parts_missing = le manque de certaines pièces
    .level-not_as_described = un article différent de sa description
    .level-wrong_size = une taille qui ne convient pas
    .level-changed_mind = un changement d’avis
    .level-found_cheaper = un meilleur prix ailleurs
    .level-ordered_by_mistake = une commande passée par erreur
    .level-arrived_late = une livraison arrivée trop tard
    .level-not_delivered = un colis qui n’est pas arrivé
feature-item_condition = État de l’article
    .level-unopened = non ouvert
    .level-opened = ouvert, mais pas utilisé
    .level-used = utilisé
    .level-damaged = abîmé
    .level-faulty = en panne
    .level-incomplete = incomplet
    .missing = non décrit
feature-return_status = Où en est le retour
    .level-not_sent = pas encore renvoyé
    .level-label_printed = prêt à être renvoyé, avec l’étiquette imprimée
    .level-on_the_way = sur le chemin du retour
    .level-received = de retour chez nous et complet
    .level-received_incomplete = de retour chez nous, mais incomplet
feature-product_category = Type d’article
    .level-clothing = vêtements
    .level-shoes = chaussures
    .level-electronics = électronique
    .level-phones = téléphones
    .level-computers = ordinateurs
    .level-home_appliances = électroménager
    .level-furniture = meubles
    .level-kitchenware = cuisine
    .level-toys = jouets
    .level-books = livres
    .level-beauty = produits de beauté
    .level-jewellery = bijoux
    .level-sports = sport
    .level-garden = jardin
    .level-food = alimentation
    .level-custom_made = articles sur mesure
feature-final_sale = Type d’achat
    .yes = en vente finale
    .no = en vente normale
feature-days_since_delivery = Temps entre la livraison et la demande
    .zero = moins d’un jour
    .missing = non livré
feature-delivery_delay_days = Retard de la livraison
    .zero = aucun retard
    .missing = aucun jour promis
feature-tracking_status = Suivi du colis
    .level-delivered = livré à la porte
    .level-neighbour = laissé chez un voisin
    .level-locker = déposé dans une consigne à colis
    .level-in_transit = encore en route
    .level-returned_to_sender = renvoyé au magasin
    .level-lost = perdu
    .missing = sans suivi
feature-channel = Comment vous avez fait la demande
    .level-web = sur notre site
    .level-app = dans notre appli
    .level-phone = par téléphone
    .level-chat = par chat
    .level-email = par e-mail
    .level-shop = en magasin
feature-photos = Photos envoyées
    .missing = impossible par ce moyen
feature-orders_12_months = Commandes des 12 derniers mois
feature-refunds_12_months = Remboursements des 12 derniers mois
feature-tenure_months = Ancienneté de votre compte client
    .zero = moins d’un mois
feature-payment_method = Moyen de paiement
    .level-card = par carte
    .level-online_wallet = avec un portefeuille en ligne
    .level-bank_transfer = par virement
    .level-invoice = sur facture
    .level-instalments = en plusieurs fois
    .level-gift_card = avec une carte cadeau
    .level-cash_on_delivery = en espèces à la livraison
feature-contact_weekday = Jour de la demande
    .level-monday = lundi
    .level-tuesday = mardi
    .level-wednesday = mercredi
    .level-thursday = jeudi
    .level-friday = vendredi
    .level-saturday = samedi
    .level-sunday = dimanche
feature-gift = Cadeau
    .yes = oui
    .no = non

reason-amount =
    .for = Vous demandez le remboursement de { $value }. Cela a joué en faveur du remboursement.
    .against = Vous demandez le remboursement de { $value }. Cela a joué contre le remboursement.
reason-reason =
    .for = La raison de votre demande était { $value }. Cela a joué en faveur du remboursement.
    .against = La raison de votre demande était { $value }. Cela a joué contre le remboursement.
reason-item_condition =
    .for = D’après sa description, l’article est { $value }. Cela a joué en faveur du remboursement.
    .against = D’après sa description, l’article est { $value }. Cela a joué contre le remboursement.
    .for-missing = Personne ne nous a dit dans quel état est l’article. Cela a joué en faveur du remboursement.
    .against-missing = Personne ne nous a dit dans quel état est l’article. Cela a joué contre le remboursement.
reason-return_status =
    .for = Quand nous avons étudié votre demande, l’état du retour était : { $value }. Cela a joué en faveur de votre demande.
    .against = Quand nous avons étudié votre demande, l’état du retour était : { $value }. Cela a joué contre votre demande.
reason-product_category =
    .for = Chez nous, cet article est au rayon { $value }. Cela a joué en faveur du remboursement.
    .against = Chez nous, cet article est au rayon { $value }. Cela a joué contre le remboursement.
reason-final_sale =
    .for = Vous avez acheté cet article { $value }. Cela a joué en faveur du remboursement.
    .against = Vous avez acheté cet article { $value }. Cela a joué contre le remboursement.
reason-days_since_delivery =
    .for = Vous avez fait votre demande { $value } après la livraison. Cela a joué en votre faveur.
    .against = Vous avez fait votre demande { $value } après la livraison. Cela a joué contre vous.
    .for-zero = Vous avez fait votre demande le jour de la livraison. Cela a joué en votre faveur.
    .against-zero = Vous avez fait votre demande le jour de la livraison. Cela a joué contre vous.
    .for-missing = Le colis ne vous a pas été livré. Cela a joué en votre faveur.
    .against-missing = Le colis ne vous a pas été livré. Cela a joué contre vous.
reason-delivery_delay_days =
    .for = Le retard de la livraison était de { $value }. Cela a joué en faveur de votre demande.
    .against = Le retard de la livraison était de { $value }. Cela a joué contre votre demande.
    .for-zero = La livraison n’a pas eu de retard. Cela a joué en faveur de votre demande.
    .against-zero = La livraison n’a pas eu de retard. Cela a joué contre votre demande.
    .for-missing = Nous ne vous avions pas promis de jour de livraison. Cela a joué en faveur de votre demande.
    .against-missing = Nous ne vous avions pas promis de jour de livraison. Cela a joué contre votre demande.
reason-tracking_status =
    .for = Le transporteur indique : { $value }. Cela a joué en faveur de votre demande.
    .against = Le transporteur indique : { $value }. Cela a joué contre votre demande.
    .for-missing = Le transporteur ne suit pas ce type de colis. Cela a joué en faveur de votre demande.
    .against-missing = Le transporteur ne suit pas ce type de colis. Cela a joué contre votre demande.
reason-channel =
    .for = Vous avez demandé le remboursement { $value }. Cela a joué en votre faveur.
    .against = Vous avez demandé le remboursement { $value }. Cela a joué contre vous.
reason-photos =
    .for = Avec votre demande, vous nous avez envoyé { $value }. Cela a joué en votre faveur.
    .against = Avec votre demande, vous nous avez envoyé { $value }. Si peu de photos, cela a joué contre vous.
    .for-zero = Avec votre demande, vous n’avez envoyé aucune photo. Cela a joué en votre faveur.
    .against-zero = Avec votre demande, vous n’avez envoyé aucune photo. Cela a joué contre vous.
    .for-missing = Par le moyen que vous avez choisi, on ne peut pas envoyer de photos. Cela a joué en votre faveur.
    .against-missing = Par le moyen que vous avez choisi, on ne peut pas envoyer de photos. Cela a joué contre vous.
reason-orders_12_months =
    .for = Ces 12 derniers mois, vous avez passé { $value } chez nous. Cela a joué en faveur du remboursement.
    .against = Ces 12 derniers mois, vous avez passé { $value } chez nous. Cela a joué contre le remboursement.
reason-refunds_12_months =
    .for = Ces 12 derniers mois, vous avez reçu { $value } de notre part. Cela a joué en faveur du remboursement.
    .against = Ces 12 derniers mois, vous avez reçu { $value } de notre part. Cela a joué contre le remboursement.
    .for-zero = Ces 12 derniers mois, vous n’avez reçu aucun remboursement. Cela a joué en faveur du remboursement.
    .against-zero = Ces 12 derniers mois, vous n’avez reçu aucun remboursement. Cela a joué contre le remboursement.
reason-tenure_months =
    .for = Votre compte client existe depuis { $value }. Cela a joué en faveur du remboursement.
    .against = Votre compte client existe depuis { $value }. Cela a joué contre le remboursement.
reason-payment_method =
    .for = Vous avez payé { $value }. Cela a joué en faveur du remboursement.
    .against = Vous avez payé { $value }. Cela a joué contre le remboursement.
reason-contact_weekday =
    .for = Vous avez demandé le remboursement un { $value }. Cela a joué en votre faveur.
    .against = Vous avez demandé le remboursement un { $value }. Cela a joué contre vous.
reason-gift =
    .for = Pour votre commande, la case « cadeau » indique : { $value }. Cela a joué en faveur du remboursement.
    .against = Pour votre commande, la case « cadeau » indique : { $value }. Cela a joué contre le remboursement.

rule-not_delivered =
    .customer =
        Votre colis n’est pas arrivé. Le transporteur indique : { $tracking_status }.
        Dans ce cas, nous vous rendons votre argent.
    .effect = Nous vous remboursons par le même moyen de paiement que celui de votre achat. Cela prend 14 jours au plus. Vous n’avez rien à renvoyer.
    .agent = Non livré, d’après le suivi : { $tracking_status } (notre règle).
rule-withdrawal_right =
    .customer =
        Vous avez fait votre demande { $days_since_delivery } après la livraison.
        Pendant 14 jours, vous pouvez rendre un article comme celui-ci sans dire pourquoi.
    .agent = Rétractation dans les 14 jours, demandée { $days_since_delivery } après la livraison.
rule-withdrawal_food =
    .customer =
        Vous avez fait votre demande { $days_since_delivery } après la livraison.
        Pendant 14 jours, vous pouvez rendre des aliments, sauf s’ils se gâtent vite. C’est donc une personne qui décide.
    .agent = Alimentation, demande { $days_since_delivery } après la livraison : on ne sait pas si le produit se conserve, une personne décide.
rule-withdrawal_used =
    .customer =
        Vous avez fait votre demande { $days_since_delivery } après la livraison. Pendant 14 jours, vous pouvez rendre l’article.
        S’il n’est plus comme neuf, ou si personne ne l’a décrit, une personne fixe la somme à rendre.
    .agent = Rétractation dans les 14 jours, demandée { $days_since_delivery } après la livraison ; état de l’article : { $item_condition }. Le système ne peut pas refuser.
rule-holiday_returns =
    .customer =
        Vous avez fait votre demande { $days_since_delivery } après la livraison. Vous avez renvoyé l’article sans l’ouvrir.
        Au moment des fêtes, nous vous laissons 60 jours pour cela.
    .agent = Retours des fêtes : non ouvert, renvoyé, demande { $days_since_delivery } après la livraison, 60 jours permis.
rule-final_sale =
    .customer =
        Vous avez acheté cet article en vente finale. Votre raison était { $reason }.
        Dans une vente finale, nous ne reprenons qu’un article abîmé, en panne, incomplet, envoyé par erreur ou mal décrit.
    .agent = Vente finale ; la raison donnée est { $reason }.
rule-large_amount =
    .customer = Vous demandez le remboursement de { $amount }. À partir de 1 000 €, une personne décide.
    .agent = Somme de { $amount } : à partir de 1 000 €, une personne décide.
rule-large_amount_2027 =
    .customer = Vous demandez le remboursement de { $amount }. À partir de 750 €, une personne décide.
    .agent = Somme de { $amount } : à partir de 750 €, une personne décide (règle de 2027).
rule-small_amount =
    .customer =
        Vous demandez le remboursement de { $amount }. Ces 12 derniers mois, { $refunds_12_months ->
            [0] vous n’avez reçu { $refunds_12_months }
           *[other] vous avez reçu { $refunds_12_months }
        } de notre part.
        Dans ce cas, nous rendons les sommes de moins de 15 € sans autre question.
    .agent = Geste commercial : { $amount }, soit moins de 15 € ; { $refunds_12_months } ces 12 derniers mois.
rule-legal_guarantee =
    .customer =
        La raison de votre demande était { $reason }.
        La loi nous rend responsables pendant deux ans si un article a un défaut ou diffère de votre commande.
        Selon notre propre règle, seule une personne peut refuser une telle demande.
    .agent = Garantie légale de deux ans, la raison donnée est { $reason } : le système ne peut pas refuser.

# Groupes de raisons, tels que les nomme le dessin du panneau
group-problem = Ce qui ne va pas
group-product = L’article et la vente
group-delivery = La livraison
group-proof = La demande et les photos
group-history = Commandes et remboursements passés

## What the customer could have done

action-return_status =
    .level-received = d’abord renvoyé l’article entier
action-channel =
    .level-web = fait la demande sur notre site
action-photos = envoyé { $value }
