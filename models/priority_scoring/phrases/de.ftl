# Dringlichkeit: jedes Wort, das eine Kundin, ein Kunde oder ein Agent zu diesem Paket liest.
# Form eines Grundes: erst die Angabe, dann, wohin sie zählte.

pack-name = Dringlichkeit des Falls
pack-subject = Ihrem Fall und seiner Dringlichkeit
not-used = Wir haben Ihre Sprache, Ihre Herkunft und Ihr Geschlecht nicht genutzt. Auch Ihre Religion und Ihren Wohnort haben wir nicht genutzt. Einen Bedarf wegen Alter oder Gesundheit haben wir nur genutzt, wenn Sie uns davon erzählt haben.
score-event = überschritt der Fall seine Frist oder ging an eine höhere Stelle
compared-with = Wir haben Ihren Fall mit früheren Fällen aller Art verglichen, egal wie sie endeten.
placed-more = { $reason } Bei den meisten Fällen ist die Zahl niedriger.
placed-less = { $reason } Bei den meisten Fällen ist die Zahl höher.

## Eigene Wörter, wo die gemeinsamen von „für“ und „gegen“ sprechen

direction-for-words = machte Ihren Fall dringender
granted-words = dringendste | am dringendsten
refused-words = letzte | kann warten
direction-against-words = machte Ihren Fall weniger dringend
value-unknown = angegeben, aber mit einem Wert, den wir nicht kennen
    .for = { $label }: angegeben, aber mit einem Wert, den wir nicht kennen. Das machte Ihren Fall dringender.
    .against = { $label }: angegeben, aber mit einem Wert, den wir nicht kennen. Das machte Ihren Fall weniger dringend.
letter-why-for = Folgendes machte Ihren Fall dringender:
letter-why-against = Folgendes machte Ihren Fall weniger dringend:
panel-for = Dringender
panel-against = Weniger dringend

## Ergebnisse

outcome-P1 = P1, höchste Stufe
    .headline = Ihr Fall hat Stufe P1 bekommen, die dringendste von vier.
    .effect = Ihr Fall gehört zu den dringendsten. Diese bearbeiten wir vor allen anderen. Sie müssen nichts weiter tun.
outcome-P2 = P2, dringend
    .headline = Ihr Fall hat Stufe P2 bekommen, die zweite von vier.
    .effect = Wir bearbeiten Ihren Fall gleich nach den dringendsten Fällen. Sie müssen nichts weiter tun.
outcome-P3 = P3, normal
    .headline = Ihr Fall hat Stufe P3 bekommen, die dritte von vier.
    .effect = Wir bearbeiten Ihren Fall nach den dringenderen Fällen. Bitte sagen Sie uns, wenn sich etwas ändert.
outcome-P4 = P4, kann warten
    .headline = Ihr Fall hat Stufe P4 bekommen, die letzte von vier.
    .effect = Wir bearbeiten Ihren Fall nach allen dringenderen Fällen. Er ist weder abgeschlossen noch abgelehnt. Bitte sagen Sie uns, wenn sich etwas ändert.
outcome-refer = Ein Mensch entscheidet
    .headline = Ein Mensch entscheidet, wie dringend Ihr Fall ist.
    .effect = Noch ist nichts entschieden. Jemand aus unserem Team liest Ihren Fall und legt die Stufe fest. Sie müssen nichts weiter tun.

## Wartezeit

feature-waiting_hours = Bisherige Dauer des Falls
    .zero = gerade eröffnet
reason-waiting_hours =
    .for = Bis zur Entscheidung war Ihr Fall { $value } offen. Das machte Ihren Fall dringender.
    .against = Bis zur Entscheidung war Ihr Fall { $value } offen. Das machte Ihren Fall weniger dringend.
    .for-zero = Ihr Fall wurde gerade eröffnet. Das machte Ihren Fall dringender.
    .against-zero = Ihr Fall wurde gerade eröffnet. Das machte Ihren Fall weniger dringend.

## Frühere Kontakte

feature-earlier_contacts = Frühere Kontakte zu diesem Anliegen in 30 Tagen
reason-earlier_contacts =
    .for = In den letzten 30 Tagen hatten wir zu diesem Anliegen { $value } mit Ihnen. Das machte Ihren Fall dringender.
    .against = In den letzten 30 Tagen hatten wir zu diesem Anliegen { $value } mit Ihnen. Das machte Ihren Fall weniger dringend.

feature-handovers = Wie oft Ihr Fall an ein anderes Team ging
reason-handovers =
    .for = So oft ging Ihr Fall an ein anderes Team: { $value }. Das machte Ihren Fall dringender.
    .against = So oft ging Ihr Fall an ein anderes Team: { $value }. Das machte Ihren Fall weniger dringend.
    .for-zero = Ihr Fall ging an kein anderes Team. Das machte Ihren Fall dringender.
    .against-zero = Ihr Fall ging an kein anderes Team. Das machte Ihren Fall weniger dringend.

feature-reopened = Nach einer ersten Antwort wieder geöffnet
    .yes = wieder geöffnet
    .no = nicht wieder geöffnet
reason-reopened =
    .for = Nach einer ersten Antwort wurde Ihr Fall { $value }. Das machte Ihren Fall dringender.
    .against = Nach einer ersten Antwort wurde Ihr Fall { $value }. Das machte Ihren Fall weniger dringend.

## Worum es geht

feature-topic = Worum es geht
    .level-billing = eine Rechnung
    .level-payment_plan = eine Zahlung in Raten
    .level-contract_change = eine Änderung am Vertrag
    .level-moving_home = einen Umzug
    .level-installation = einen Anschluss
    .level-technical_help = Hilfe mit einem Gerät
    .level-meter_reading = einen Zählerstand
    .level-wrongful_disconnection = eine irrtümliche Sperre
    .level-fraud = einen Verdacht auf Betrug
    .level-personal_data = den Umgang mit persönlichen Daten
    .level-general_question = eine allgemeine Frage
    .level-product_information = Fragen zu einem Produkt
    .level-feedback = Lob oder einen Vorschlag
reason-topic =
    .for = In Ihrem Fall geht es um { $value }. Das machte Ihren Fall dringender.
    .against = In Ihrem Fall geht es um { $value }. Das machte Ihren Fall weniger dringend.

## Ihr Vertrag und Ihr Anschluss

feature-product_line = Vertrag, um den es geht
    .level-electricity = Strom
    .level-gas = Gas
    .level-heating = Heizung
    .level-broadband = Internet zu Hause
    .level-mobile = Handy
    .level-landline = Festnetz
    .level-television = Fernsehen
    .level-home_cover = Reparaturen zu Hause
reason-product_line =
    .for = Es geht um diesen Vertrag: { $value }. Das machte Ihren Fall dringender.
    .against = Es geht um diesen Vertrag: { $value }. Das machte Ihren Fall weniger dringend.

feature-service_effect = Zustand Ihrer Versorgung
    .level-none = wie immer
    .level-slower = langsamer als sonst
    .level-interrupted = immer wieder unterbrochen
    .level-partly = zum Teil ausgefallen
    .level-fully = ganz ausgefallen
reason-service_effect =
    .for = Bei unserer Prüfung war Ihre Versorgung { $value }. Das machte Ihren Fall dringender.
    .against = Bei unserer Prüfung war Ihre Versorgung { $value }. Das machte Ihren Fall weniger dringend.

## Was wir zugesagt haben

feature-days_past_promise = Zeit seit dem zugesagten Termin
    .zero = noch nicht vorbei
    .missing = kein Termin zugesagt
reason-days_past_promise =
    .for = Wir haben den Termin, den wir Ihnen zugesagt haben, um { $value } überschritten. Das machte Ihren Fall dringender.
    .against = Wir haben den Termin, den wir Ihnen zugesagt haben, um { $value } überschritten. Das machte Ihren Fall weniger dringend.
    .for-zero = Der Termin, den wir Ihnen zugesagt haben, ist noch nicht vorbei. Das machte Ihren Fall dringender.
    .against-zero = Der Termin, den wir Ihnen zugesagt haben, ist noch nicht vorbei. Das machte Ihren Fall weniger dringend.
    .for-missing = Wir haben Ihnen keinen Termin zugesagt. Das machte Ihren Fall dringender.
    .against-missing = Wir haben Ihnen keinen Termin zugesagt. Das machte Ihren Fall weniger dringend.

## Wann Sie es brauchen

feature-days_until_needed = Zeit bis zu dem Tag, an dem Sie es brauchen
    .zero = keine, noch am selben Tag
    .missing = kein Tag genannt
reason-days_until_needed =
    .for = Zeit bis zu dem Tag, an dem Sie es brauchen: { $value }. Das machte Ihren Fall dringender.
    .against = Zeit bis zu dem Tag, an dem Sie es brauchen: { $value }. Das machte Ihren Fall weniger dringend.
    .for-zero = Sie haben uns gesagt, dass Sie es noch am selben Tag brauchen. Das machte Ihren Fall dringender.
    .against-zero = Sie haben uns gesagt, dass Sie es noch am selben Tag brauchen. Das machte Ihren Fall weniger dringend.
    .for-missing = Sie haben keinen Tag genannt, an dem Sie es brauchen. Das machte Ihren Fall dringender.
    .against-missing = Sie haben keinen Tag genannt, an dem Sie es brauchen. Das machte Ihren Fall weniger dringend.

## Geld, um das es geht

feature-disputed_amount = Betrag, um den es geht
    .missing = kein Betrag
reason-disputed_amount =
    .for = Es geht um { $value }. Das machte Ihren Fall dringender.
    .against = Es geht um { $value }. Das machte Ihren Fall weniger dringend.
    .for-missing = Es geht nicht um Geld. Das machte Ihren Fall dringender.
    .against-missing = Es geht nicht um Geld. Das machte Ihren Fall weniger dringend.

## Besonderer Bedarf

feature-declared_need = Besonderer Bedarf im Haushalt
    .level-advanced_age = höheres Alter
    .level-hearing_or_sight = Probleme beim Hören oder Sehen
    .level-reduced_mobility = Probleme beim Gehen
    .level-long_illness = eine lange Krankheit
    .level-small_children = kleine Kinder im Haushalt
    .missing = keiner angegeben
reason-declared_need =
    .for = Sie haben uns von einem besonderen Bedarf in Ihrem Haushalt erzählt. Das machte Ihren Fall dringender.
    .against = Sie haben uns von einem besonderen Bedarf in Ihrem Haushalt erzählt. Das machte Ihren Fall weniger dringend.
    .for-missing = Von einem besonderen Bedarf in Ihrem Haushalt haben Sie uns nichts gesagt. Das machte Ihren Fall dringender.
    .against-missing = Von einem besonderen Bedarf in Ihrem Haushalt haben Sie uns nichts gesagt. Das machte Ihren Fall weniger dringend.

feature-medical_equipment_affected = Medizinisches Gerät betroffen
    .yes = ein medizinisches Gerät
    .no = kein medizinisches Gerät
reason-medical_equipment_affected =
    .for = Bei Ihnen zu Hause ist { $value } betroffen. Das machte Ihren Fall dringender.
    .against = Bei Ihnen zu Hause ist { $value } betroffen. Das machte Ihren Fall weniger dringend.

## Sicherheit

feature-safety_risk = Gefahr für Leben oder Gesundheit
    .yes = eine Gefahr
    .no = keine Gefahr
reason-safety_risk =
    .for = Wir haben { $value } für Leben oder Gesundheit vermerkt. Das machte Ihren Fall dringender.
    .against = Wir haben { $value } für Leben oder Gesundheit vermerkt. Das machte Ihren Fall weniger dringend.

## Wie und wann Sie sich gemeldet haben

feature-contact_channel = Wie Sie sich gemeldet haben
    .level-phone = am Telefon
    .level-email = per E-Mail
    .level-chat = im Chat
    .level-web_form = über das Online-Formular
    .level-app = über die App
    .level-letter = per Brief
    .level-shop = in einem Geschäft
reason-contact_channel =
    .for = Sie haben sich { $value } gemeldet. Das machte Ihren Fall dringender.
    .against = Sie haben sich { $value } gemeldet. Das machte Ihren Fall weniger dringend.

feature-contact_weekday = Wochentag, an dem Sie sich gemeldet haben
    .level-monday = Montag
    .level-tuesday = Dienstag
    .level-wednesday = Mittwoch
    .level-thursday = Donnerstag
    .level-friday = Freitag
    .level-saturday = Samstag
    .level-sunday = Sonntag
reason-contact_weekday =
    .for = Sie haben sich an einem { $value } gemeldet. Das machte Ihren Fall dringender.
    .against = Sie haben sich an einem { $value } gemeldet. Das machte Ihren Fall weniger dringend.

## Ihre Zeit bei uns

feature-customer_years = Alter Ihres Vertrags mit uns
    .zero = weniger als ein Jahr
    .missing = noch kein Vertrag mit uns
reason-customer_years =
    .for = Ihr Vertrag mit uns ist { $value } alt. Das machte Ihren Fall dringender.
    .against = Ihr Vertrag mit uns ist { $value } alt. Das machte Ihren Fall weniger dringend.
    .for-missing = Sie haben noch keinen Vertrag mit uns. Das machte Ihren Fall dringender.
    .against-missing = Sie haben noch keinen Vertrag mit uns. Das machte Ihren Fall weniger dringend.

## Regeln

rule-safety_risk =
    .customer = Sie haben eine Gefahr für Leben oder Gesundheit gemeldet. So ein Fall bekommt immer P1.
    .agent = Gefahr für Leben oder Gesundheit gemeldet: P1 (Hausregel 1).
rule-medical_equipment_without_supply =
    .customer = Bei Ihnen zu Hause ist ein medizinisches Gerät betroffen. Ihre Versorgung ({ $product_line }) ist { $service_effect }. So ein Fall bekommt immer P1.
    .agent = Medizinisches Gerät ohne volle Versorgung: P1 (Hausregel 2).
rule-medical_equipment =
    .customer = Bei Ihnen zu Hause ist ein medizinisches Gerät betroffen. So ein Fall bekommt immer P2 oder P1.
    .agent = Medizinisches Gerät betroffen: mindestens P2 (Hausregel 3).
rule-declared_need =
    .customer = Sie haben uns von einem besonderen Bedarf in Ihrem Haushalt erzählt. So ein Fall bekommt immer P2 oder P1.
    .agent = Besonderer Bedarf angegeben: mindestens P2 (Hausregel 4).
rule-winter_heating =
    .customer = Ihre Versorgung ({ $product_line }) ist { $service_effect }, und es ist Winter. So ein Fall bekommt immer P2 oder P1.
    .agent = Gas oder Heizung in den Wintermonaten ganz ausgefallen: mindestens P2 (Hausregel 5).
rule-broken_promise =
    .customer = Wir haben den zugesagten Termin um { $days_past_promise } überschritten. Ab 15 Tagen bekommt ein Fall immer P2 oder P1.
    .agent = Zugesagter Termin seit 15 Tagen oder länger vorbei: mindestens P2 (Hausregel 6).
rule-long_wait =
    .customer = Ihr Fall ist nun schon { $waiting_hours } offen. Ab zehn Tagen bekommt ein Fall immer P2 oder P1.
    .agent = Seit zehn Tagen oder länger offen: mindestens P2 (Hausregel 7).

## Woher die Daten kommen

source-case_history = der Verlauf Ihres Falls
source-contact_records = unsere Aufzeichnung Ihrer Kontakte
source-what_you_told_us = was Sie uns gesagt haben
source-your_contract = Ihr Vertrag
source-what_you_told_us_and_fault_records = was Sie uns gesagt haben, und unsere Störungsmeldungen
source-your_bills_and_payments = Ihre Rechnungen und Zahlungen
source-what_you_declared = was Sie uns angegeben haben

# Gruppen von Gründen, wie das Bild im Warum-Fenster sie nennt
group-contacts = Frühere Kontakte
group-service = Der betroffene Dienst
group-needs = Besondere Bedürfnisse
