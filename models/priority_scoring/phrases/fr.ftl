# Priorité : chaque mot qu’une cliente, un client ou un agent lit sur la priorité d’un dossier.
# Forme d’une raison : l’élément, puis dans quel sens il a compté.

pack-name = Priorité du dossier
pack-subject = la priorité de votre dossier
not-used = Nous n’avons utilisé ni votre langue, ni votre origine, ni votre sexe. Nous n’avons utilisé ni votre religion, ni votre lieu de résidence. Nous ne tenons compte d’un besoin lié à l’âge ou à la santé que si vous nous en avez parlé.
score-event = le dossier a dépassé son délai ou a dû passer à un niveau supérieur
compared-with = Nous avons comparé votre dossier à des dossiers passés de toutes sortes, quelle que soit leur issue.
placed-more = { $reason } Dans la plupart des dossiers, le chiffre est inférieur.
placed-less = { $reason } Dans la plupart des dossiers, le chiffre est supérieur.

## Nos propres mots là où les mots communs parlent de « pour » et de « contre »

direction-for-words = plus urgent
granted-words = plus urgente
refused-words = moins urgente | peut attendre
direction-against-words = moins urgent
value-unknown = indiqué, mais avec une valeur que nous ne connaissons pas
    .for = { $label } : indiqué, mais avec une valeur que nous ne connaissons pas. Cela a rendu votre dossier plus urgent.
    .against = { $label } : indiqué, mais avec une valeur que nous ne connaissons pas. Cela a rendu votre dossier moins urgent.
letter-why-for = Voici ce qui a rendu votre dossier plus urgent :
letter-why-against = Voici ce qui a rendu votre dossier moins urgent :
panel-for = Plus urgent
panel-against = Moins urgent

## Résultats

outcome-P1 = P1, la plus urgente
    .headline = Votre dossier a la priorité P1, la plus urgente des quatre.
    .effect = Votre dossier est parmi les plus urgents. Nous les traitons avant tous les autres. Vous n’avez rien de plus à faire.
outcome-P2 = P2, urgente
    .headline = Votre dossier a la priorité P2, la deuxième des quatre.
    .effect = Nous traitons votre dossier juste après les dossiers les plus urgents. Vous n’avez rien de plus à faire.
outcome-P3 = P3, normale
    .headline = Votre dossier a la priorité P3, la troisième des quatre.
    .effect = Nous traitons votre dossier après les dossiers plus urgents. Dites-nous si quelque chose change.
outcome-P4 = P4, peut attendre
    .headline = Votre dossier a la priorité P4, la moins urgente des quatre.
    .effect = Nous traitons votre dossier après tous les dossiers plus urgents. Il n’est ni fermé ni refusé. Dites-nous si quelque chose change.
outcome-refer = Une personne décide
    .headline = Une personne décide de l’urgence de votre dossier.
    .effect = Rien n’est encore décidé. Une personne de notre équipe lit votre dossier et fixe sa priorité. Vous n’avez rien de plus à faire.

## Temps d’attente

feature-waiting_hours = Temps depuis l’ouverture de votre dossier
    .zero = tout juste ouvert
reason-waiting_hours =
    .for = Votre dossier est ouvert depuis { $value }. Cela a rendu votre dossier plus urgent.
    .against = Votre dossier est ouvert depuis { $value }. Cela a rendu votre dossier moins urgent.
    .for-zero = Votre dossier vient d’être ouvert. Cela a rendu votre dossier plus urgent.
    .against-zero = Votre dossier vient d’être ouvert. Cela a rendu votre dossier moins urgent.

## Contacts passés

feature-earlier_contacts = Contacts passés sur le même sujet en 30 jours
reason-earlier_contacts =
    .for = En 30 jours, nous avons eu { $value } avec vous à ce sujet. Cela a rendu votre dossier plus urgent.
    .against = En 30 jours, nous avons eu { $value } avec vous à ce sujet. Cela a rendu votre dossier moins urgent.
    .for-zero = En 30 jours, nous n’avons eu aucun contact avec vous à ce sujet. Cela a rendu votre dossier plus urgent.
    .against-zero = En 30 jours, nous n’avons eu aucun contact avec vous à ce sujet. Cela a rendu votre dossier moins urgent.

feature-handovers = Nombre de passages à une autre équipe
reason-handovers =
    .for = Nombre de passages de votre dossier à une autre équipe : { $value }. Cela a rendu votre dossier plus urgent.
    .against = Nombre de passages de votre dossier à une autre équipe : { $value }. Cela a rendu votre dossier moins urgent.
    .for-zero = Votre dossier n’est pas passé à une autre équipe. Cela a rendu votre dossier plus urgent.
    .against-zero = Votre dossier n’est pas passé à une autre équipe. Cela a rendu votre dossier moins urgent.

feature-reopened = Ouvert de nouveau après une première réponse
    .yes = a été ouvert de nouveau
    .no = n’a pas été ouvert de nouveau
reason-reopened =
    .for = Après une première réponse, votre dossier { $value }. Cela a rendu votre dossier plus urgent.
    .against = Après une première réponse, votre dossier { $value }. Cela a rendu votre dossier moins urgent.

## Le sujet

feature-topic = Sujet de votre dossier
    .level-billing = une facture
    .level-payment_plan = un plan de paiement
    .level-contract_change = un changement de contrat
    .level-moving_home = un déménagement
    .level-installation = une installation
    .level-technical_help = une aide pour un appareil
    .level-meter_reading = un relevé de compteur
    .level-wrongful_disconnection = une coupure faite par erreur
    .level-fraud = un soupçon de fraude
    .level-personal_data = l’usage de données personnelles
    .level-general_question = une question générale
    .level-product_information = des informations sur un produit
    .level-feedback = un compliment ou une idée
reason-topic =
    .for = Votre dossier porte sur { $value }. Cela a rendu votre dossier plus urgent.
    .against = Votre dossier porte sur { $value }. Cela a rendu votre dossier moins urgent.

## Votre service

feature-product_line = Contrat concerné
    .level-electricity = électricité
    .level-gas = gaz
    .level-heating = chauffage
    .level-broadband = internet à la maison
    .level-mobile = téléphone mobile
    .level-landline = téléphone fixe
    .level-television = télévision
    .level-home_cover = dépannage à domicile
reason-product_line =
    .for = Il s’agit de votre contrat { $value }. Cela a rendu votre dossier plus urgent.
    .against = Il s’agit de votre contrat { $value }. Cela a rendu votre dossier moins urgent.

feature-service_effect = État de votre service
    .level-none = comme d’habitude
    .level-slower = plus lent que d’habitude
    .level-interrupted = coupé par moments
    .level-partly = coupé en partie
    .level-fully = entièrement coupé
reason-service_effect =
    .for = Quand nous avons lu votre dossier, votre service était { $value }. Cela a rendu votre dossier plus urgent.
    .against = Quand nous avons lu votre dossier, votre service était { $value }. Cela a rendu votre dossier moins urgent.

## Ce que nous avons promis

feature-days_past_promise = Temps passé depuis la date promise
    .zero = date pas encore passée
    .missing = aucune date promise
reason-days_past_promise =
    .for = Nous avons dépassé de { $value } la date que nous vous avions promise. Cela a rendu votre dossier plus urgent.
    .against = Nous avons dépassé de { $value } la date que nous vous avions promise. Cela a rendu votre dossier moins urgent.
    .for-zero = La date que nous vous avons promise n’est pas passée. Cela a rendu votre dossier plus urgent.
    .against-zero = La date que nous vous avons promise n’est pas passée. Cela a rendu votre dossier moins urgent.
    .for-missing = Nous ne vous avons promis aucune date. Cela a rendu votre dossier plus urgent.
    .against-missing = Nous ne vous avons promis aucune date. Cela a rendu votre dossier moins urgent.

## Quand vous en avez besoin

feature-days_until_needed = Temps avant le jour où vous en avez besoin
    .zero = aucun, le jour même
    .missing = aucune date donnée
reason-days_until_needed =
    .for = Vous nous avez dit que vous en avez besoin dans { $value }. Cela a rendu votre dossier plus urgent.
    .against = Vous nous avez dit que vous en avez besoin dans { $value }. Cela a rendu votre dossier moins urgent.
    .for-zero = Vous nous avez dit que vous en avez besoin le jour même. Cela a rendu votre dossier plus urgent.
    .against-zero = Vous nous avez dit que vous en avez besoin le jour même. Cela a rendu votre dossier moins urgent.
    .for-missing = Vous n’avez pas dit pour quelle date vous en avez besoin. Cela a rendu votre dossier plus urgent.
    .against-missing = Vous n’avez pas dit pour quelle date vous en avez besoin. Cela a rendu votre dossier moins urgent.

## L’argent en jeu

feature-disputed_amount = Somme en jeu
    .missing = aucune somme en jeu
reason-disputed_amount =
    .for = La somme en jeu est de { $value }. Cela a rendu votre dossier plus urgent.
    .against = La somme en jeu est de { $value }. Cela a rendu votre dossier moins urgent.
    .for-missing = Aucune somme d’argent n’est en jeu. Cela a rendu votre dossier plus urgent.
    .against-missing = Aucune somme d’argent n’est en jeu. Cela a rendu votre dossier moins urgent.

## Besoins particuliers

feature-declared_need = Besoin particulier dans le foyer
    .level-advanced_age = un âge avancé
    .level-hearing_or_sight = du mal à entendre ou à voir
    .level-reduced_mobility = du mal à se déplacer
    .level-long_illness = une longue maladie
    .level-small_children = de jeunes enfants à la maison
    .missing = aucun besoin indiqué
reason-declared_need =
    .for = Vous nous avez parlé d’un besoin particulier dans votre foyer. Cela a rendu votre dossier plus urgent.
    .against = Vous nous avez parlé d’un besoin particulier dans votre foyer. Cela a rendu votre dossier moins urgent.
    .for-missing = Vous ne nous avez pas parlé d’un besoin particulier dans votre foyer. Cela a rendu votre dossier plus urgent.
    .against-missing = Vous ne nous avez pas parlé d’un besoin particulier dans votre foyer. Cela a rendu votre dossier moins urgent.

feature-medical_equipment_affected = Appareil médical touché
    .yes = un appareil médical est touché
    .no = aucun appareil médical n’est touché
reason-medical_equipment_affected =
    .for = Chez vous, { $value }. Cela a rendu votre dossier plus urgent.
    .against = Chez vous, { $value }. Cela a rendu votre dossier moins urgent.

## Sécurité

feature-safety_risk = Danger pour la vie ou la santé
    .yes = il y a un danger
    .no = il n’y a pas de danger
reason-safety_risk =
    .for = D’après nos notes, { $value } pour la vie ou la santé. Cela a rendu votre dossier plus urgent.
    .against = D’après nos notes, { $value } pour la vie ou la santé. Cela a rendu votre dossier moins urgent.

## Comment et quand vous nous avez contactés

feature-contact_channel = Comment vous nous avez contactés
    .level-phone = par téléphone
    .level-email = par e-mail
    .level-chat = par chat
    .level-web_form = par le formulaire en ligne
    .level-app = par l’appli
    .level-letter = par lettre
    .level-shop = en magasin
reason-contact_channel =
    .for = Vous nous avez contactés { $value }. Cela a rendu votre dossier plus urgent.
    .against = Vous nous avez contactés { $value }. Cela a rendu votre dossier moins urgent.

feature-contact_weekday = Jour où vous nous avez contactés
    .level-monday = lundi
    .level-tuesday = mardi
    .level-wednesday = mercredi
    .level-thursday = jeudi
    .level-friday = vendredi
    .level-saturday = samedi
    .level-sunday = dimanche
reason-contact_weekday =
    .for = Vous nous avez contactés un { $value }. Cela a rendu votre dossier plus urgent.
    .against = Vous nous avez contactés un { $value }. Cela a rendu votre dossier moins urgent.

## Votre temps chez nous

feature-customer_years = Temps passé chez nous
    .zero = moins d’un an
    .missing = pas encore de contrat chez nous
reason-customer_years =
    .for = Vous avez un contrat chez nous depuis { $value }. Cela a rendu votre dossier plus urgent.
    .against = Vous avez un contrat chez nous depuis { $value }. Cela a rendu votre dossier moins urgent.
    .for-missing = Vous n’avez pas encore de contrat chez nous. Cela a rendu votre dossier plus urgent.
    .against-missing = Vous n’avez pas encore de contrat chez nous. Cela a rendu votre dossier moins urgent.

## Règles

rule-safety_risk =
    .customer = Vous avez signalé un danger pour la vie ou la santé. Un tel dossier est toujours P1.
    .agent = Danger pour la vie ou la santé signalé : P1 (règle interne 1).
rule-medical_equipment_without_supply =
    .customer = Chez vous, un appareil médical est touché. Votre service ({ $product_line }) est { $service_effect }. Un tel dossier est toujours P1.
    .agent = Appareil médical sans service complet : P1 (règle interne 2).
rule-medical_equipment =
    .customer = Chez vous, un appareil médical est touché. Un tel dossier est toujours P2 ou P1.
    .agent = Appareil médical touché : P2 au moins (règle interne 3).
rule-declared_need =
    .customer = Vous nous avez parlé d’un besoin particulier dans votre foyer. Un tel dossier est toujours P2 ou P1.
    .agent = Besoin particulier indiqué : P2 au moins (règle interne 4).
rule-winter_heating =
    .customer = Votre service ({ $product_line }) est { $service_effect }, et c’est l’hiver. Un tel dossier est toujours P2 ou P1.
    .agent = Gaz ou chauffage entièrement coupé pendant l’hiver : P2 au moins (règle interne 5).
rule-broken_promise =
    .customer = Nous avons dépassé de { $days_past_promise } la date promise. Dès 15 jours, un dossier est toujours P2 ou P1.
    .agent = Date promise dépassée de 15 jours ou plus : P2 au moins (règle interne 6).
rule-long_wait =
    .customer = Votre dossier est ouvert depuis { $waiting_hours }. Dès dix jours, un dossier est toujours P2 ou P1.
    .agent = Ouvert depuis dix jours ou plus : P2 au moins (règle interne 7).

## D’où viennent les données

source-case_history = l’historique de votre dossier
source-contact_records = notre suivi de vos contacts
source-what_you_told_us = ce que vous nous avez dit
source-your_contract = votre contrat
source-what_you_told_us_and_fault_records = ce que vous nous avez dit, et notre suivi des pannes
source-your_bills_and_payments = vos factures et vos paiements
source-what_you_declared = ce que vous nous avez déclaré

# Groupes de raisons, tels que les nomme le dessin du panneau
group-contacts = Contacts précédents
group-service = Le service concerné
group-needs = Besoins particuliers
group-deadline = Délai jusqu’au jour du besoin
