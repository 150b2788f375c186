# Aéroport : chaque mot qu’une voyageuse, un voyageur ou un agent lit sur une demande.
# « Le bureau des demandes » est le bureau qui utilise ce paquet ; rien ici ne parle au nom de l’agence
# dont les archives publiques ont servi à apprendre.  Forme d’une raison : l’élément, puis dans quel sens il a compté.

pack-name = Demande d’indemnité à l’aéroport
pack-subject = votre demande d’indemnité à l’aéroport
not-used = Le bureau des demandes n’a utilisé ni votre nom, ni votre âge, ni votre sexe. Il n’a utilisé ni votre origine, ni votre religion.
score-event = la demande a été payée en tout ou en partie
compared-with = Le bureau a comparé votre demande à des demandes passées qui ont été payées en tout ou en partie.
placed-more = { $reason } Dans la plupart des demandes payées, le chiffre était inférieur.
placed-less = { $reason } Dans la plupart des demandes payées, le chiffre était supérieur.

unit-items = { $n ->
    [0] aucun objet
    [one] { $n } objet
   *[other] { $n } objets
}

## Résultats

outcome-approve = Demande acceptée
    .headline = Le bureau des demandes a accepté votre demande.
    .instead = nous aurions accepté un paiement
    .effect = Vous allez recevoir de l’argent. Cela peut être toute la somme ou une partie. Le bureau des demandes vous écrira le montant.
outcome-refer = Une personne décide
    .headline = Une personne du bureau des demandes va décider de votre demande.
    .instead = une personne aurait décidé de votre réclamation
    .effect = Rien n’est encore décidé. Quelqu’un lit votre demande et vos papiers. Vous n’avez rien de plus à faire pour le moment.
outcome-deny = Demande refusée
    .headline = Nous sommes désolés. Le bureau des demandes n’a pas accepté votre demande.
    .effect = Vous ne recevrez pas d’argent.

## Somme

feature-claim_amount = Somme demandée
    .missing = aucune somme indiquée
reason-claim_amount =
    .for = Vous avez demandé { $value }. Cela a joué en faveur d’un paiement.
    .against = Vous avez demandé { $value }. Cela a joué contre un paiement.
    .for-missing = Vous n’avez indiqué aucune somme. Cela a joué en faveur d’un paiement.
    .against-missing = Vous n’avez indiqué aucune somme. Cela a joué contre un paiement.

## Type de demande

feature-claim_type = Type de demande
    .level-Passenger_Property_Loss = des objets perdus
    .level-Property_Damage = des objets abîmés
    .level-Personal_Injury = une blessure
    .level-Motor_Vehicle = un véhicule
    .level-Employee_Loss_MPCECA = une perte comme agent de l’État
    .level-Passenger_Theft = des objets volés
    .missing = non indiqué
reason-claim_type =
    .for = Votre demande concerne { $value }. Cela a joué en faveur d’un paiement.
    .against = Votre demande concerne { $value }. Cela a joué contre un paiement.
    .for-missing = Votre demande ne dit pas de quel type elle est. Cela a joué en faveur d’un paiement.
    .against-missing = Votre demande ne dit pas de quel type elle est. Cela a joué contre un paiement.

## Lieu

feature-claim_site = Où cela s’est passé
    .level-Checked_Baggage = dans un bagage en soute
    .level-Checkpoint = au contrôle de sécurité
    .level-Motor_Vehicle = dans un véhicule ou sur un véhicule
    .level-Other = dans un autre lieu
    .missing = non indiqué
reason-claim_site =
    .for = D’après vous, cela s’est passé { $value }. Cela a joué en faveur d’un paiement.
    .against = D’après vous, cela s’est passé { $value }. Cela a joué contre un paiement.
    .for-missing = Vous n’avez pas dit où cela s’est passé. Cela a joué en faveur d’un paiement.
    .against-missing = Vous n’avez pas dit où cela s’est passé. Cela a joué contre un paiement.

## Objets

feature-item_group = Premier objet de votre demande
    .level-books_office = des livres ou des affaires de bureau
    .level-camera = du matériel photo
    .level-clothing = des vêtements
    .level-computer = un ordinateur
    .level-cosmetics = des produits de beauté
    .level-currency = de l’argent liquide
    .level-food_drink = de la nourriture ou des boissons
    .level-household_decor = des objets de maison
    .level-jewelry_watch = des bijoux ou une montre
    .level-locks = un cadenas
    .level-luggage = un bagage
    .level-medical_eyewear = des lunettes ou du matériel médical
    .level-musical = un instrument de musique
    .level-other = un objet d’un autre type
    .level-personal_accessories = des accessoires personnels
    .level-phone_music_player_gps = un téléphone, un lecteur de musique ou un GPS
    .level-sporting = du matériel de sport
    .level-tools_auto = des outils ou des pièces de voiture
    .level-toys_baby = des jouets ou des affaires de bébé
    .missing = aucun objet nommé
reason-item_group =
    .for = Votre demande contient { $value }. Cela a joué en faveur d’un paiement.
    .against = Votre demande contient { $value }. Cela a joué contre un paiement.
    .for-missing = Votre demande ne nomme aucun objet. Cela a joué en faveur d’un paiement.
    .against-missing = Votre demande ne nomme aucun objet. Cela a joué contre un paiement.

feature-item_count = Nombre d’objets
reason-item_count =
    .for = Votre demande compte { $value }. Cela a joué en faveur d’un paiement.
    .against = Votre demande compte { $value }. Cela a joué contre un paiement.
    .for-zero = Votre demande ne compte aucun objet. Cela a joué en faveur d’un paiement.
    .against-zero = Votre demande ne compte aucun objet. Cela a joué contre un paiement.

## Temps

feature-days_to_file = Temps avant l’arrivée de votre demande
    .zero = aucun, le même jour
    .missing = le jour des faits n’est pas connu
reason-days_to_file =
    .for = Votre demande est arrivée { $value } après le jour des faits. Cela a joué en faveur d’un paiement.
    .against = Votre demande est arrivée { $value } après le jour des faits. Cela a joué contre un paiement.
    .for-zero = Votre demande est arrivée le jour des faits. Cela a joué en faveur d’un paiement.
    .against-zero = Votre demande est arrivée le jour des faits. Cela a joué contre un paiement.
    .for-missing = Nous ne connaissons pas le jour des faits. Cela a joué en faveur d’un paiement.
    .against-missing = Nous ne connaissons pas le jour des faits. Cela a joué contre un paiement.

## Compagnie aérienne et aéroport

feature-airline_name = Compagnie aérienne
    .missing = non nommée, ou hors de la liste des plus nommées
reason-airline_name =
    .for = La compagnie de votre demande est { $value }. Cela a joué en faveur d’un paiement.
    .against = La compagnie de votre demande est { $value }. Cela a joué contre un paiement.
    .for-missing = Votre demande ne nomme aucune compagnie, ou une compagnie rarement nommée. Cela a joué en faveur d’un paiement.
    .against-missing = Votre demande ne nomme aucune compagnie, ou une compagnie rarement nommée. Cela a joué contre un paiement.

feature-airport_code = Aéroport
    .missing = non nommé, ou hors de la liste des plus nommés
reason-airport_code =
    .for = L’aéroport de votre demande est { $value }. Cela a joué en faveur d’un paiement.
    .against = L’aéroport de votre demande est { $value }. Cela a joué contre un paiement.
    .for-missing = Votre demande ne nomme aucun aéroport, ou un aéroport rarement nommé. Cela a joué en faveur d’un paiement.
    .against-missing = Votre demande ne nomme aucun aéroport, ou un aéroport rarement nommé. Cela a joué contre un paiement.

## Règles

rule-time_limit =
    .customer = Votre demande est arrivée { $days_to_file } après le jour des faits. La loi fixe un délai de deux ans. Une personne va voir ce que cela change pour vous.
    .agent = Plus de deux ans après les faits : une personne vérifie quand le droit est né (28 U.S.C. § 2401(b)).
rule-employee_claim =
    .customer = Vous avez fait cette demande comme agent de l’État. Une autre loi s’applique à ces demandes. C’est donc une personne qui lit la vôtre.
    .agent = Demande d’un agent de l’État : procédure à part (31 U.S.C. § 3721).
rule-approval_needed =
    .customer = Vous avez demandé { $claim_amount }. Au-dessus de 25 000 dollars, un paiement peut exiger un second accord. C’est donc une personne qui lit votre demande.
    .agent = Au-dessus de 25 000 dollars : le paiement peut exiger un accord écrit (28 U.S.C. § 2672).
rule-large_claim =
    .customer = Vous avez demandé { $claim_amount }. À partir de 5 000 dollars, une personne lit chaque demande.
    .agent = À partir de 5 000 dollars : lue par une personne (règle interne 1).
rule-injury =
    .customer = Votre demande concerne une blessure. Une personne lit chaque demande de ce type.
    .agent = Blessure : jugée par une personne (règle interne 2).
rule-medical_items =
    .customer = Votre demande contient des lunettes ou du matériel médical. Un logiciel ne refuse jamais une telle demande. C’est donc une personne qui décide.
    .agent = Lunettes ou matériel médical : jamais refusé par un logiciel (règle interne 3).

## D’où viennent les données

source-your_claim_form = votre formulaire de demande
source-your_claim_form_and_the_day_it_arrived = votre formulaire de demande, et le jour de son arrivée

# Groupes de raisons, tels que les nomme le dessin du panneau
group-items = Les objets réclamés

## What the customer could have done

action-claim_amount = demandé { $value }
