### Les mots que tous les paquets partagent : le cadre de la lettre, la page de l’agent et les unités.
### Un paquet peut dire chacun d’eux à sa manière, dans son propre fichier.
### Devant : ; ? ! et dans « » se trouve une espace fine insécable (U+202F).

## Unités

unit-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
unit-hours = { $n ->
    [one] { $n } heure
   *[other] { $n } heures
}
unit-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
unit-months = { $n ->
   *[other] { $n } mois
}
unit-years = { $n ->
    [one] { $n } an
   *[other] { $n } ans
}
unit-items = { $n ->
    [0] aucun article
    [one] { $n } article
   *[other] { $n } articles
}
unit-orders = { $n ->
    [0] aucune commande
    [one] { $n } commande
   *[other] { $n } commandes
}
unit-refunds = { $n ->
    [0] aucun remboursement
    [one] { $n } remboursement
   *[other] { $n } remboursements
}
unit-photos = { $n ->
    [0] aucune photo
    [one] { $n } photo
   *[other] { $n } photos
}
unit-contacts = { $n ->
    [0] aucun contact
    [one] { $n } contact
   *[other] { $n } contacts
}
unit-cases = { $n ->
    [0] aucun dossier
    [one] { $n } dossier
   *[other] { $n } dossiers
}
unit-kilometres = { $n ->
    [one] { $n } kilomètre
   *[other] { $n } kilomètres
}

## Raisons

value-or-more = { $value } ou plus (nous ne comptons pas au-delà)
value-or-less = { $value } ou moins (nous ne comptons pas en dessous)
value-and = { $more } et { $less }
# Among the cases compared with, so that a number that counted is known to be high or low: to agents behind it, to customers after the reason.
value-more-than-most = { $value } (plus que dans la plupart des cas comparés)
value-less-than-most = { $value } (moins que dans la plupart des cas comparés)
placed-more = { $reason } Dans la plupart des dossiers comparés, le chiffre était inférieur.
placed-less = { $reason } Dans la plupart des dossiers comparés, le chiffre était supérieur.
value-private = indiqué ; non montré ici, car c’est une donnée sensible
value-unknown = indiqué, mais avec une valeur que nous ne connaissons pas
    .for = { $label } : indiqué, mais avec une valeur que nous ne connaissons pas. Cela a joué en votre faveur.
    .against = { $label } : indiqué, mais avec une valeur que nous ne connaissons pas. Cela a joué contre vous.
agent-reason = { $label } : { $value }
# What a sentence must hold, and the other way must not: `explainer packs check` looks.
direction-for-words = joué en faveur | joué en votre faveur
direction-against-words = joué contre
strength-strong = fort
strength-medium = moyen
strength-slight = faible

## La part du logiciel, selon ce qui a décidé

part-rule = Un logiciel a pris cette décision. Il a appliqué une règle fixe à vos données. Aucune personne n’y a pris part.
part-rule-person = Une règle fixe confie les dossiers comme le vôtre à une personne. Le logiciel a seulement appliqué cette règle. Une personne va décider.
part-score = Un logiciel a pris cette décision. Il a pesé les éléments de votre dossier. Aucune personne n’y a pris part.
part-band = Un logiciel a étudié votre dossier. Il n’a pas pu trancher. Une personne va décider.
part-permission = Vous avez demandé qu’aucun logiciel ne décide de vos dossiers. Nous l’avons respecté. Une personne va décider.
part-safeguard = Un logiciel a étudié votre dossier. Un de nos contrôles l’a arrêté. Une personne va décider.

## La lettre

letter-greeting = Madame, Monsieur,
letter-closing = Cordialement, { $name }
letter-title = Notre décision sur { $subject }
letter-title-open = Au sujet de { $subject }
letter-date = Date
letter-case = Numéro de dossier
letter-decision = Décision
letter-why = Pourquoi
letter-why-rule = La règle appliquée est la suivante :
letter-why-rule-person = Une personne décide à cause de cette règle :
letter-why-for = Voici ce qui a joué en votre faveur :
letter-why-against = Voici ce qui a joué en votre défaveur :
letter-why-both = Voici ce qui a compté le plus :
letter-why-none = Aucun élément n’a pesé plus que les autres. C’est leur ensemble qui a compté.
letter-why-person = Une personne va lire tout ce que vous avez envoyé. Elle vous donnera les raisons.
letter-next = Ce qui se passe maintenant
letter-change = Ce qui aurait changé la décision
letter-change-text = Cette lettre ne peut pas encore vous le dire. Appelez-nous ou écrivez-nous. Une personne vous l’expliquera.
letter-person = Si vous n’êtes pas d’accord
letter-person-open = Si vous voulez nous dire quelque chose
letter-person-text = Vous pouvez demander à parler à une personne. Appelez le { $phone } ({ $hours }) ou écrivez à { $email }. Donnez votre numéro de dossier.
letter-person-text-open = Une personne va lire votre dossier. Vous voulez parler à quelqu’un avant ? Appelez le { $phone } ({ $hours }) ou écrivez à { $email }. Donnez votre numéro de dossier.
letter-contest = Vous pouvez donner votre point de vue et contester cette décision jusqu’au { $until }. Une personne prendra alors une nouvelle décision.
letter-view = Vous pouvez nous donner votre point de vue avant qu’une personne décide.
letter-opt-out = Vous pouvez aussi nous dire qu’aucun logiciel ne doit décider de vos dossiers. Une personne décidera alors.
letter-opt-out-open = Vous pouvez aussi nous dire qu’aucun logiciel ne doit étudier vos prochains dossiers. Une personne décidera alors dès le début.
letter-opted-out = Vous acceptez quand même qu’un logiciel décide ? Dites-le-nous alors de la même façon qu’avant.
letter-details = Plus d’informations sur votre dossier
letter-data = Les données que nous avons utilisées
letter-data-person = Les données que la personne va lire
letter-data-text = Une erreur ? Dites-le-nous. Nous la corrigerons et nous reverrons votre dossier.
letter-data-text-open = Une erreur ? Dites-le-nous. Nous la corrigerons avant qu’une personne décide.
letter-data-fact = Élément
letter-data-value = Votre donnée
letter-data-source = D’où elle vient
letter-not-used = Ce que nous n’avons pas utilisé
letter-quality = La qualité du logiciel
letter-quality-text = Avant de l’utiliser, nous l’avons testé sur { $cases } dossiers passés. Il donne un score à chaque dossier.
letter-fairness = Traite-t-il tous les groupes de personnes de la même façon ? Nous n’avons pas encore publié de contrôle à ce sujet. Posez-nous la question.
letter-responsible = Qui est responsable
letter-responsible-text = { $name } est responsable de votre dossier. Pour toute question sur vos données, écrivez à { $privacy }.
letter-authority = Vous pouvez aussi adresser une réclamation à cette autorité : { $authority }.
letter-code = Code de vérification
letter-code-text = Ce code est lié à votre dossier tel que nous l’avons enregistré. Avec lui, vous pouvez nous demander la preuve que personne ne l’a changé.

## Les deux : la fin des dossiers au score proche ($event : « une personne a accepté … »)

similar-cases = Nous avons étudié { $cases } dossiers passés avec un score proche. Dans { $rate } des cas, { $event }. En tenant compte du hasard, c’est entre { $low } et { $high }.

## La page de l’agent

panel-title = Pourquoi cette décision
panel-case = Dossier
panel-by-rule = Une règle a décidé : { $rule }
panel-by-rule-person = Une règle confie ce dossier à une personne : { $rule }
panel-by-score = Le score a décidé. Il est de { $score }.
panel-by-band = Le score est de { $score }, entre les seuils. Une personne décide.
panel-by-permission = La cliente ou le client refuse les décisions automatiques. Une personne décide. Le modèle n’a pas été appelé.
panel-by-safeguard = Un de nos contrôles a refusé l’explication ({ $check }). Une personne décide.
panel-score = Score
panel-distance-close = Très proche : un petit changement aurait pu mener à un autre résultat.
panel-distance-near = Le score est à une certaine distance d’un seuil.
panel-distance-far = Le score n’est pas proche d’un seuil.
panel-for = En faveur
panel-against = En défaveur
panel-none = Rien
panel-score-aside = Le score n’a pas décidé. Il a vu :
panel-missing = Données absentes ou ajustées
panel-missing-value = { $label } : { $value }
panel-clipped = { $label } : hors des valeurs habituelles, compté comme { $value }
panel-unknown = { $label } : une valeur que nous ne connaissons pas, traitée comme absente
panel-say = À dire à voix haute
say-most = Voici ce qui a compté le plus :
say-person = Vous pouvez demander qu’une personne revoie votre dossier.
    .best = En cas d’erreur, vous pouvez demander qu’une personne regarde votre dossier.
panel-customer-reads = Ce que lit la cliente ou le client
panel-letter = Ouvrir la lettre
panel-languages = Cette page dans d’autres langues
panel-release = Version
panel-history = Historique
history-decision = Décision
history-open = Confié à une personne
history-page = Lettre ouverte par son lien
history-api = Lettre demandée par un programme
history-command = Lettre rédigée pour l’envoi
history-referral = Textes non conformes au dossier ; confié à une personne
points = { $n } sur 100

## Ouvrir une page par un lien

door-expired = Ce lien a expiré
    .text = Un lien ouvre une page pendant un temps limité, car elle contient des données personnelles. Demandez-nous un nouveau lien.
door-wrong = Ce lien ne marche pas
    .text = Il est peut-être incomplet, ou il mène à une autre page. Ouvrez de nouveau le lien de notre message, ou demandez-nous un nouveau lien.
door-none = Ouvrez cette page avec votre lien
    .text = Le lien que nous vous avons envoyé ouvre cette page. Sans lui, elle reste fermée, car elle contient des données personnelles.
door-nothing = Il n’y a rien ici
    .text = Aucune page n’a cette adresse. Ouvrez de nouveau le lien de notre message.
door-erased = Cette page a été effacée
    .text = Les données personnelles de cette page ont été effacées. Nous le faisons sur demande, ou quand nous les avons gardées assez longtemps.
door-trouble = Quelque chose n’a pas marché
    .text = C’est notre erreur, pas la vôtre. Merci de réessayer plus tard.
door-contact = Vous pouvez nous joindre au { $phone } ou à { $email }.
door-title = Ouvrir cette page
door-text = Cette page contient des données personnelles. Appuyez sur le bouton pour l’ouvrir.
door-button = Ouvrir

## La lettre : nous joindre, les pages et le PDF

letter-reach = Appelez le { $phone } ou écrivez à { $email }.
letter-change-any = Un seul de ces changements aurait suffi :
letter-change-now = Pouvez-vous encore { $n ->
    [one] le faire
   *[other] faire une de ces choses
} ? Si oui, dites-le-nous. Une personne prendra alors une nouvelle décision.
letter-page = Page { $page } sur { $pages }
letter-save = Enregistrer cette lettre en PDF
letter-pair = { $name } : { $value }

## Le panneau : à quelle distance, comment le score s’est formé, et dans un autre outil

panel-threshold = { $way ->
    [up] À partir de { $score }
   *[down] En dessous de { $score }
} : { $outcome }.
panel-more = Encore { $n }
panel-rules-aside = Règles remplies qui n’ont pas décidé
panel-change = Ce qui l’aurait changé
panel-waterfall = Comment le score s’est formé
panel-waterfall-table = La même chose en tableau
waterfall-start = Départ : dossiers comparés
waterfall-end = Ce dossier
waterfall-rest = Tout le reste
waterfall-what = Quoi
waterfall-way = Dans quel sens
waterfall-strength = Combien
waterfall-description = Des dossiers comparés ({ $start }) à ce dossier ({ $end }) : { $for } ont poussé vers la droite et { $against } vers la gauche. Les lignes en tirets montrent où le résultat change.
embed-waiting = Un instant. Le panneau s’ouvre ici quand votre outil le demande.
door-again = Veuillez ouvrir le panneau à nouveau
    .text = Par sécurité, un panneau ne s’ouvre qu’une seule fois et pour peu de temps. Choisissez à nouveau le dossier dans votre outil.

## What would have changed the outcome
## What somebody did follows "aviez" or "ayez", so that several can stand in a list: `renvoyé l’article`.

recourse-one = Si vous aviez { $changes }, { $outcome }.
recourse-several = Imaginons que vous ayez { $changes }. Dans ce cas, { $outcome }.
recourse-none-rule = Nous ne pouvons vous conseiller aucune démarche qui aurait changé cela. Une règle fixe a décidé.
recourse-none-nothing = Nous ne pouvons vous conseiller aucune démarche qui aurait changé cela. Cela tient à des faits que nous ne pouvons pas vous demander de changer.
recourse-none-not_found = Nous avons cherché ce que vous auriez pu faire. Nous n’avons trouvé aucun petit changement qui aurait suffi.
recourse-none-not_searched = Il y avait trop de possibilités pour les vérifier toutes. Nous ne pouvons donc pas dire ce qui aurait changé cela. Demandez-nous, et une personne regardera.
recourse-none-close = Nous avons trouvé une démarche qui aurait peut-être changé cela de justesse. C’est trop juste pour vous le promettre.
value-at-least = au moins { $value }
value-at-most = { $value } au plus

# Le pied de la lettre, quand le dossier est scellé
letter-sealed = Votre dossier est scellé sous le numéro { $seal }. Gardez-le : avec lui, nous devons prouver que personne n’a changé votre dossier.

## Tout ce qui est gardé sur une personne

data-title = Ce que nous gardons sur vous
data-about = Voici tout ce que nous gardons sur vous. Le plus ancien vient en premier.
data-nothing = Nous ne gardons rien sur vous.
data-decision = Vous nous avez confié un dossier. Voici la lettre à ce sujet.
data-view = Nous avons remis une lettre sur votre dossier.
data-consent = Vous nous avez dit si un logiciel peut décider de vos dossiers.
data-referral = Nous avons confié votre dossier à une personne.
data-hold = Nous avons noté s’il y a une raison légale de garder vos données.
data-access = Nous avons remis une copie de vos données.
data-other = Nous avons noté quelque chose sur vous.

## Le panneau : son historique ligne par ligne, et la fiabilité du score

history-times = Toutes les heures sont celles de { $place }.
history-letter = { $what } ({ $form }, { $language })
history-form-html = page
history-form-text = texte simple
history-form-pdf = PDF
history-again = { $what }, { $n } fois, la dernière fois le { $last }
panel-sure = Quelle est la fiabilité du score ?
panel-sure-text = Le score est une estimation. Ce qui s’est vraiment passé dans d’autres dossiers peut être différent.
data-seen-panel = Quelqu’un de notre équipe a regardé votre dossier.
data-seen-dossier = Quelqu’un qui contrôle notre travail a regardé votre dossier.
data-seen-answer = Quelqu’un de notre équipe a consulté votre dossier avec un autre logiciel.
data-notes = Sous chaque titre, vous voyez ce que nos programmes ont noté, avec leurs propres mots.

# What turns a direction word after it round, in the same sentence: `explainer packs check` refuses it.
negation-words = non | rien | personne | ne | n | pas | jamais | aucun | aucune | ni
# What the phrases that assert it say one of: that software or a person takes part, that a value is more or less than most.
software-words = logiciel
person-words = personne
more-words = plus | supérieur
less-words = moins | inférieur

# Ce qu'un résultat ne doit pas dire quand c'est le contraire, et ce qui commence une partie de phrase qu'une négation n'atteint pas.
granted-words = accepté | acceptée | accepter | acceptons | approuvé | approuvée | approuver | accordé | accordée | accorder
refused-words = refusé | refusée | refuser | refusons | rejeté | rejetée | rejeter
clause-words = mais | cependant | pourtant

# Ce que dit le score du panneau
panel-score-of = Estimation du logiciel : dans environ { $n } cas semblables sur 100, { $event }.

# A letter's door, where its customer types the case number, and links that are taken back

door-case = Saisissez votre numéro de dossier pour ouvrir cette page. Vous le connaissez par votre demande. Il figure aussi sur nos lettres.
    .wrong = Ce numéro de dossier ne correspond pas à ce lien. Vérifiez-le et essayez de nouveau.
door-closed = Merci de réessayer plus tard
    .text = Le numéro de dossier était faux trop souvent. Par sécurité, la page reste fermée pendant une heure.
door-revoked = Ce lien n’ouvre plus rien
    .text = Nous l’avons retiré. Demandez-nous un nouveau lien si vous en avez besoin.
door-shut = Ce lien est définitivement fermé
    .text = Quelqu’un a saisi ici trop souvent un mauvais numéro de dossier. Demandez-nous un nouveau lien, ou la lettre par la poste.
data-revocation = Nous avons retiré un lien vers une page sur votre dossier.
