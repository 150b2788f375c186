# Flughafen: jedes Wort, das Reisende oder Agenten zu diesem Paket lesen.
# „Die Schadenstelle“ ist die Stelle, die dieses Paket benutzt; hier spricht nicht die Behörde,
# aus deren öffentlichen Akten gelernt wurde.  Form eines Grundes: erst die Angabe, dann, wohin sie zählte.

pack-name = Antrag nach einem Schaden am Flughafen
pack-subject = Ihrem Antrag nach einem Schaden am Flughafen
not-used = Die Schadenstelle hat weder Ihren Namen noch Ihr Alter noch Ihr Geschlecht genutzt. Auch Ihre Herkunft und Ihre Religion hat sie nicht genutzt.
score-event = wurde der Antrag ganz oder zum Teil bezahlt
compared-with = Die Schadenstelle hat Ihren Antrag mit früheren Anträgen verglichen, die ganz oder zum Teil bezahlt wurden.
placed-more = { $reason } Bei den meisten bezahlten Anträgen war die Zahl niedriger.
placed-less = { $reason } Bei den meisten bezahlten Anträgen war die Zahl höher.

unit-items = { $n ->
    [0] keine Gegenstände
    [one] { $n } Gegenstand
   *[other] { $n } Gegenstände
}

## Ergebnisse

outcome-approve = Genehmigt
    .headline = Die Schadenstelle hat Ihren Antrag genehmigt.
    .instead = hätten wir eine Zahlung genehmigt
    .effect = Sie bekommen Geld. Es kann der ganze Betrag sein oder ein Teil davon. Den Betrag schreibt Ihnen die Schadenstelle.
outcome-refer = Ein Mensch entscheidet
    .headline = Ein Mensch in der Schadenstelle wird über Ihren Antrag entscheiden.
    .instead = hätte ein Mensch über Ihren Antrag entschieden
    .effect = Noch ist nichts entschieden. Jemand liest Ihren Antrag und Ihre Unterlagen. Sie müssen jetzt nichts weiter tun.
outcome-deny = Abgelehnt
    .headline = Es tut uns leid. Die Schadenstelle hat Ihren Antrag nicht genehmigt.
    .effect = Sie bekommen kein Geld.

## Betrag

feature-claim_amount = Betrag, den Sie verlangen
    .missing = kein Betrag genannt
reason-claim_amount =
    .for = Sie verlangen { $value }. Das sprach für eine Zahlung.
    .against = Sie verlangen { $value }. Das sprach gegen eine Zahlung.
    .for-missing = Sie haben keinen Betrag genannt. Das sprach für eine Zahlung.
    .against-missing = Sie haben keinen Betrag genannt. Das sprach gegen eine Zahlung.

## Art des Antrags

feature-claim_type = Art des Antrags
    .level-Passenger_Property_Loss = verlorene Sachen
    .level-Property_Damage = beschädigte Sachen
    .level-Personal_Injury = eine Verletzung
    .level-Motor_Vehicle = ein Fahrzeug
    .level-Employee_Loss_MPCECA = ein Verlust im öffentlichen Dienst
    .level-Passenger_Theft = gestohlene Sachen
    .missing = nicht angegeben
reason-claim_type =
    .for = Darum geht es in Ihrem Antrag: { $value }. Das sprach für eine Zahlung.
    .against = Darum geht es in Ihrem Antrag: { $value }. Das sprach gegen eine Zahlung.
    .for-missing = In Ihrem Antrag steht nicht, um welche Art Schaden es geht. Das sprach für eine Zahlung.
    .against-missing = In Ihrem Antrag steht nicht, um welche Art Schaden es geht. Das sprach gegen eine Zahlung.

## Ort

feature-claim_site = Wo es geschah
    .level-Checked_Baggage = im aufgegebenen Gepäck
    .level-Checkpoint = bei der Sicherheitskontrolle
    .level-Motor_Vehicle = in oder an einem Fahrzeug
    .level-Other = an einem anderen Ort
    .missing = nicht angegeben
reason-claim_site =
    .for = Nach Ihrer Angabe geschah es { $value }. Das sprach für eine Zahlung.
    .against = Nach Ihrer Angabe geschah es { $value }. Das sprach gegen eine Zahlung.
    .for-missing = Sie haben nicht angegeben, wo es geschah. Das sprach für eine Zahlung.
    .against-missing = Sie haben nicht angegeben, wo es geschah. Das sprach gegen eine Zahlung.

## Gegenstände

feature-item_group = Erster Gegenstand in Ihrem Antrag
    .level-books_office = Bücher oder Bürosachen
    .level-camera = eine Foto-Ausrüstung
    .level-clothing = Kleidung
    .level-computer = ein Computer
    .level-cosmetics = Kosmetik
    .level-currency = Bargeld
    .level-food_drink = Essen oder Getränke
    .level-household_decor = Sachen für den Haushalt
    .level-jewelry_watch = Schmuck oder eine Uhr
    .level-locks = ein Schloss
    .level-luggage = ein Gepäckstück
    .level-medical_eyewear = eine Brille oder medizinische Hilfsmittel
    .level-musical = ein Musikinstrument
    .level-other = etwas anderes
    .level-personal_accessories = persönliche Kleinigkeiten
    .level-phone_music_player_gps = ein Telefon, Musikgerät oder Navi
    .level-sporting = Sportgeräte
    .level-tools_auto = Werkzeug oder Autoteile
    .level-toys_baby = Spielzeug oder Babysachen
    .missing = kein Gegenstand genannt
reason-item_group =
    .for = In Ihrem Antrag steht: { $value }. Das sprach für eine Zahlung.
    .against = In Ihrem Antrag steht: { $value }. Das sprach gegen eine Zahlung.
    .for-missing = In Ihrem Antrag steht kein Gegenstand. Das sprach für eine Zahlung.
    .against-missing = In Ihrem Antrag steht kein Gegenstand. Das sprach gegen eine Zahlung.

feature-item_count = Zahl der Gegenstände
reason-item_count =
    .for = Ihr Antrag nennt { $value }. Das sprach für eine Zahlung.
    .against = Ihr Antrag nennt { $value }. Das sprach gegen eine Zahlung.

## Zeit

feature-days_to_file = Zeit, bis Ihr Antrag ankam
    .zero = keine, am selben Tag
    .missing = Tag des Schadens nicht bekannt
reason-days_to_file =
    .for = Ihr Antrag kam { $value } nach dem Schaden an. Das sprach für eine Zahlung.
    .against = Ihr Antrag kam { $value } nach dem Schaden an. Das sprach gegen eine Zahlung.
    .for-zero = Ihr Antrag kam am Tag des Schadens an. Das sprach für eine Zahlung.
    .against-zero = Ihr Antrag kam am Tag des Schadens an. Das sprach gegen eine Zahlung.
    .for-missing = Der Tag des Schadens ist nicht bekannt. Das sprach für eine Zahlung.
    .against-missing = Der Tag des Schadens ist nicht bekannt. Das sprach gegen eine Zahlung.

## Fluglinie und Flughafen

feature-airline_name = Fluglinie
    .missing = nicht genannt, oder nicht unter den am häufigsten genannten
reason-airline_name =
    .for = Die Fluglinie in Ihrem Antrag ist { $value }. Das sprach für eine Zahlung.
    .against = Die Fluglinie in Ihrem Antrag ist { $value }. Das sprach gegen eine Zahlung.
    .for-missing = Ihr Antrag nennt keine Fluglinie oder eine, die selten genannt wird. Das sprach für eine Zahlung.
    .against-missing = Ihr Antrag nennt keine Fluglinie oder eine, die selten genannt wird. Das sprach gegen eine Zahlung.

feature-airport_code = Flughafen
    .missing = nicht genannt, oder nicht unter den am häufigsten genannten
reason-airport_code =
    .for = Der Flughafen in Ihrem Antrag ist { $value }. Das sprach für eine Zahlung.
    .against = Der Flughafen in Ihrem Antrag ist { $value }. Das sprach gegen eine Zahlung.
    .for-missing = Ihr Antrag nennt keinen Flughafen oder einen, der selten genannt wird. Das sprach für eine Zahlung.
    .against-missing = Ihr Antrag nennt keinen Flughafen oder einen, der selten genannt wird. Das sprach gegen eine Zahlung.

## Regeln

rule-time_limit =
    .customer = Ihr Antrag kam { $days_to_file } nach dem Schaden an. Das Gesetz setzt eine Frist von zwei Jahren. Ein Mensch prüft, was das für Sie heißt.
    .agent = Mehr als zwei Jahre nach dem Vorfall: Ein Mensch prüft, wann der Anspruch entstand (28 U.S.C. § 2401(b)).
rule-employee_claim =
    .customer = Sie haben den Antrag als Person im Dienst der Regierung gestellt. Dafür gilt ein anderes Gesetz. Deshalb liest ein Mensch Ihren Antrag.
    .agent = Antrag aus dem öffentlichen Dienst: eigenes Verfahren (31 U.S.C. § 3721).
rule-approval_needed =
    .customer = Sie verlangen { $claim_amount }. Zahlungen über 25.000 Dollar brauchen vielleicht eine zweite Zustimmung. Deshalb liest ein Mensch Ihren Antrag.
    .agent = Über 25.000 Dollar: Die Zahlung braucht vielleicht eine schriftliche Zustimmung (28 U.S.C. § 2672).
rule-large_claim =
    .customer = Sie verlangen { $claim_amount }. Jeden Antrag ab 5.000 Dollar liest ein Mensch.
    .agent = Ab 5.000 Dollar: Ein Mensch liest den Antrag (Hausregel 1).
rule-injury =
    .customer = In Ihrem Antrag geht es um eine Verletzung. Jeden solchen Antrag liest ein Mensch.
    .agent = Verletzung: Ein Mensch urteilt (Hausregel 2).
rule-medical_items =
    .customer = In Ihrem Antrag geht es um eine Brille oder medizinische Hilfsmittel. So einen Antrag lehnt nie eine Software ab. Deshalb entscheidet ein Mensch.
    .agent = Brille oder medizinische Hilfsmittel: Software lehnt nie ab (Hausregel 3).

## Woher die Daten kommen

source-your_claim_form = Ihr Antragsformular
source-your_claim_form_and_the_day_it_arrived = Ihr Antragsformular und der Tag, an dem es ankam

# Gruppen von Gründen, wie das Bild im Warum-Fenster sie nennt
group-items = Die gemeldeten Gegenstände

## What the customer could have done

action-claim_amount = { $value } gefordert
