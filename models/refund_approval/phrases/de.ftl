# Erstattung: jedes Wort, das eine Kundin, ein Kunde oder ein Agent zu diesem Paket liest.
# Ein Grund sagt zuerst die eigene Angabe und dann, wohin sie zählte. Kein Wort setzt eine Größe voraus.

pack-name = Antrag auf Erstattung
pack-subject = Ihrem Antrag auf Erstattung
not-used =
    Wir haben Ihr Alter, Ihr Geschlecht und Ihre Herkunft nicht genutzt.
    Auch Ihre Sprache, Ihre Religion, Ihre Gesundheit und Ihren Wohnort haben wir nicht genutzt.
score-event = genehmigte ein Mensch aus unserem Team die Erstattung
compared-with = Wir haben Ihren Antrag mit früheren Anträgen verglichen. Bei diesen hatte ein Mensch aus unserem Team die Erstattung genehmigt.
placed-more = { $reason } Bei den meisten genehmigten Anträgen war die Zahl niedriger.
placed-less = { $reason } Bei den meisten genehmigten Anträgen war die Zahl höher.

outcome-approve = Genehmigt
    .headline = Sie bekommen Ihr Geld zurück. Wir haben die Erstattung genehmigt.
    .instead = hätten wir Ihre Erstattung genehmigt
    .effect =
        Sie bekommen das Geld auf dem Weg zurück, auf dem Sie bezahlt haben. Das dauert höchstens 14 Tage.
        Haben Sie den Artikel noch, und brauchen wir ihn zurück? Dann sagen wir Ihnen, wie Sie ihn schicken.
outcome-refer = Ein Mensch entscheidet
    .headline = Ein Mensch aus unserem Team wird über Ihre Erstattung entscheiden.
    .instead = hätte ein Mensch über Ihre Erstattung entschieden
    .effect =
        Noch ist nichts entschieden. Jemand sieht sich Ihren Antrag an. Sie bekommen innerhalb von 15 Arbeitstagen Post von uns.
        Sie müssen nichts tun.
outcome-decline = Nicht genehmigt
    .headline = Es tut uns leid. Wir haben Ihre Erstattung nicht genehmigt.
    .effect =
        Wir zahlen diesen Betrag vorerst nicht zurück.

source-order = Ihre Bestellung
source-customer_request = Ihr Antrag
source-returns_desk = unsere Stelle für Rücksendungen
source-parcel_tracking = die Sendungsverfolgung Ihres Pakets
source-customer_account = Ihr Kundenkonto

feature-amount = Betrag, den Sie zurückhaben möchten
feature-reason = Grund für den Antrag
    .level-damaged = Artikel beschädigt
    .level-defective = Artikel funktioniert nicht
    .level-wrong_item = falscher Artikel
    .level-parts_missing = Teile fehlen
    .level-not_as_described = Artikel anders als beschrieben
    .level-wrong_size = falsche Größe
    .level-changed_mind = anders überlegt
    .level-found_cheaper = anderswo günstiger gesehen
    .level-ordered_by_mistake = aus Versehen bestellt
    .level-arrived_late = zu spät geliefert
    .level-not_delivered = Paket nicht angekommen
feature-item_condition = Zustand des Artikels
    .level-unopened = ungeöffnet
    .level-opened = geöffnet, aber nicht benutzt
    .level-used = benutzt
    .level-damaged = beschädigt
    .level-faulty = defekt
    .level-incomplete = nicht vollständig
    .missing = nicht beschrieben
feature-return_status = Stand der Rücksendung
    .level-not_sent = noch nicht abgeschickt
    .level-label_printed = noch nicht abgeschickt, aber mit Etikett
    .level-on_the_way = auf dem Weg zurück zu uns
    .level-received = wieder bei uns und vollständig
    .level-received_incomplete = wieder bei uns, aber nicht vollständig
feature-product_category = Art des Artikels
    .level-clothing = Kleidung
    .level-shoes = Schuhe
    .level-electronics = Elektronik
    .level-phones = Telefone
    .level-computers = Computer
    .level-home_appliances = Haushaltsgeräte
    .level-furniture = Möbel
    .level-kitchenware = Küche
    .level-toys = Spielzeug
    .level-books = Bücher
    .level-beauty = Kosmetik
    .level-jewellery = Schmuck
    .level-sports = Sport
    .level-garden = Garten
    .level-food = Lebensmittel
    .level-custom_made = Anfertigung nach Wunsch
feature-final_sale = Art des Kaufs
    .yes = im Abverkauf
    .no = im normalen Verkauf
feature-days_since_delivery = Zeit von der Lieferung bis zum Antrag
    .zero = weniger als einen Tag
    .missing = nicht geliefert
feature-delivery_delay_days = Verspätung der Lieferung
    .zero = keine Verspätung
    .missing = kein Tag zugesagt
feature-tracking_status = Sendungsverfolgung
    .level-delivered = an der Tür zugestellt
    .level-neighbour = in der Nachbarschaft abgegeben
    .level-locker = in ein Paketfach gelegt
    .level-in_transit = noch unterwegs
    .level-returned_to_sender = an uns zurückgegangen
    .level-lost = verloren
    .missing = nicht verfolgt
feature-channel = Weg des Antrags
    .level-web = auf der Website
    .level-app = in der App
    .level-phone = am Telefon
    .level-chat = im Chat
    .level-email = per E-Mail
    .level-shop = in einem Geschäft
feature-photos = Geschickte Fotos
    .missing = auf diesem Weg nicht möglich
feature-orders_12_months = Bestellungen in den letzten 12 Monaten
feature-refunds_12_months = Erstattungen in den letzten 12 Monaten
feature-tenure_months = Alter Ihres Kundenkontos
    .zero = weniger als ein Monat
feature-payment_method = Art der Zahlung
    .level-card = mit Karte
    .level-online_wallet = mit einer Online-Geldbörse
    .level-bank_transfer = per Überweisung
    .level-invoice = auf Rechnung
    .level-instalments = in Raten
    .level-gift_card = mit einer Geschenkkarte
    .level-cash_on_delivery = bar bei der Lieferung
feature-contact_weekday = Tag des Antrags
    .level-monday = Montag
    .level-tuesday = Dienstag
    .level-wednesday = Mittwoch
    .level-thursday = Donnerstag
    .level-friday = Freitag
    .level-saturday = Samstag
    .level-sunday = Sonntag
feature-gift = Geschenk
    .yes = ein Geschenk
    .no = kein Geschenk

reason-amount =
    .for = Sie möchten { $value } zurückhaben. Das sprach für eine Erstattung.
    .against = Sie möchten { $value } zurückhaben. Das sprach gegen eine Erstattung.
reason-reason =
    .for = Ihr Grund war: { $value }. Das sprach für eine Erstattung.
    .against = Ihr Grund war: { $value }. Das sprach gegen eine Erstattung.
reason-item_condition =
    .for = Nach der Beschreibung ist der Artikel { $value }. Das sprach für eine Erstattung.
    .against = Nach der Beschreibung ist der Artikel { $value }. Das sprach gegen eine Erstattung.
    .for-missing = Niemand hat uns den Zustand des Artikels beschrieben. Das sprach für eine Erstattung.
    .against-missing = Niemand hat uns den Zustand des Artikels beschrieben. Das sprach gegen eine Erstattung.
reason-return_status =
    .for = Als wir Ihren Antrag prüften, war der Artikel { $value }. Das sprach für Ihren Antrag.
    .against = Als wir Ihren Antrag prüften, war der Artikel { $value }. Das sprach gegen Ihren Antrag.
reason-product_category =
    .for = Der Artikel gehört bei uns zum Bereich { $value }. Das sprach für eine Erstattung.
    .against = Der Artikel gehört bei uns zum Bereich { $value }. Das sprach gegen eine Erstattung.
reason-final_sale =
    .for = Sie haben den Artikel { $value } gekauft. Das sprach für eine Erstattung.
    .against = Sie haben den Artikel { $value } gekauft. Das sprach gegen eine Erstattung.
reason-days_since_delivery =
    .for = Sie haben die Erstattung { $value } nach der Lieferung beantragt. Das sprach für Ihren Antrag.
    .against = Sie haben die Erstattung { $value } nach der Lieferung beantragt. Das sprach gegen Ihren Antrag.
    .for-zero = Sie haben die Erstattung am Tag der Lieferung beantragt. Das sprach für Ihren Antrag.
    .against-zero = Sie haben die Erstattung am Tag der Lieferung beantragt. Das sprach gegen Ihren Antrag.
    .for-missing = Sie haben das Paket nicht bekommen. Das sprach für Ihren Antrag.
    .against-missing = Sie haben das Paket nicht bekommen. Das sprach gegen Ihren Antrag.
reason-delivery_delay_days =
    .for = Ab dem zugesagten Tag gerechnet, betrug die Verspätung { $value }. Das sprach für Ihren Antrag.
    .against = Ab dem zugesagten Tag gerechnet, betrug die Verspätung { $value }. Das sprach gegen Ihren Antrag.
    .for-zero = Gegenüber dem zugesagten Tag gab es keine Verspätung. Das sprach für Ihren Antrag.
    .against-zero = Gegenüber dem zugesagten Tag gab es keine Verspätung. Das sprach gegen Ihren Antrag.
    .for-missing = Wir hatten Ihnen keinen Tag für die Lieferung zugesagt. Das sprach für Ihren Antrag.
    .against-missing = Wir hatten Ihnen keinen Tag für die Lieferung zugesagt. Das sprach gegen Ihren Antrag.
reason-tracking_status =
    .for = Der Paketdienst meldet zu Ihrem Paket: { $value }. Das sprach für Ihren Antrag.
    .against = Der Paketdienst meldet zu Ihrem Paket: { $value }. Das sprach gegen Ihren Antrag.
    .for-missing = Der Paketdienst verfolgt solche Pakete nicht. Das sprach für Ihren Antrag.
    .against-missing = Der Paketdienst verfolgt solche Pakete nicht. Das sprach gegen Ihren Antrag.
reason-channel =
    .for = Sie haben die Erstattung { $value } beantragt. Das sprach für Ihren Antrag.
    .against = Sie haben die Erstattung { $value } beantragt. Das sprach gegen Ihren Antrag.
reason-photos =
    .for = Sie haben uns mit dem Antrag { $value } geschickt. Das sprach für Sie.
    .against = Sie haben uns mit dem Antrag { $value } geschickt. Dass es so wenige waren, sprach gegen Sie.
    .for-zero = Sie haben uns mit dem Antrag keine Fotos geschickt. Das sprach für Sie.
    .against-zero = Sie haben uns mit dem Antrag keine Fotos geschickt. Das sprach gegen Sie.
    .for-missing = Auf dem Weg, den Sie gewählt haben, kann man keine Fotos schicken. Das sprach für Sie.
    .against-missing = Auf dem Weg, den Sie gewählt haben, kann man keine Fotos schicken. Das sprach gegen Sie.
reason-orders_12_months =
    .for = In den letzten 12 Monaten haben Sie bei uns { $value } aufgegeben. Das sprach für eine Erstattung.
    .against = In den letzten 12 Monaten haben Sie bei uns { $value } aufgegeben. Das sprach gegen eine Erstattung.
reason-refunds_12_months =
    .for = In den letzten 12 Monaten haben Sie von uns { $value } bekommen. Das sprach für eine Erstattung.
    .against = In den letzten 12 Monaten haben Sie von uns { $value } bekommen. Das sprach gegen eine Erstattung.
reason-tenure_months =
    .for = Ihr Kundenkonto ist { $value } alt. Das sprach für eine Erstattung.
    .against = Ihr Kundenkonto ist { $value } alt. Das sprach gegen eine Erstattung.
    .for-zero = Ihr Kundenkonto ist weniger als einen Monat alt. Das sprach für eine Erstattung.
    .against-zero = Ihr Kundenkonto ist weniger als einen Monat alt. Das sprach gegen eine Erstattung.
reason-payment_method =
    .for = Sie haben { $value } bezahlt. Das sprach für eine Erstattung.
    .against = Sie haben { $value } bezahlt. Das sprach gegen eine Erstattung.
reason-contact_weekday =
    .for = Sie haben die Erstattung an einem { $value } beantragt. Das sprach für Ihren Antrag.
    .against = Sie haben die Erstattung an einem { $value } beantragt. Das sprach gegen Ihren Antrag.
reason-gift =
    .for = Ihre Bestellung war { $value }. Das sprach für eine Erstattung.
    .against = Ihre Bestellung war { $value }. Das sprach gegen eine Erstattung.

rule-not_delivered =
    .customer =
        Ihr Paket ist nicht angekommen. Der Paketdienst meldet: { $tracking_status }.
        Dann geben wir Ihnen Ihr Geld zurück.
    .effect = Sie bekommen das Geld auf dem Weg zurück, auf dem Sie bezahlt haben. Das dauert höchstens 14 Tage. Sie müssen nichts zurückschicken.
    .agent = Nicht angekommen, laut Sendungsverfolgung: { $tracking_status } (eigene Regel).
rule-withdrawal_right =
    .customer =
        Sie haben die Erstattung { $days_since_delivery } nach der Lieferung beantragt.
        In den ersten 14 Tagen dürfen Sie einen solchen Artikel zurückgeben. Einen Grund brauchen Sie nicht.
    .agent = Widerruf innerhalb von 14 Tagen, beantragt { $days_since_delivery } nach der Lieferung.
rule-withdrawal_food =
    .customer =
        Sie haben die Erstattung { $days_since_delivery } nach der Lieferung beantragt.
        In den ersten 14 Tagen dürfen Sie Lebensmittel zurückgeben, wenn sie nicht schnell verderben. Deshalb entscheidet ein Mensch.
    .agent = Lebensmittel, beantragt { $days_since_delivery } nach der Lieferung: Die Haltbarkeit ist nicht bekannt, ein Mensch entscheidet.
rule-withdrawal_used =
    .customer =
        Sie haben die Erstattung { $days_since_delivery } nach der Lieferung beantragt. In den ersten 14 Tagen dürfen Sie den Artikel zurückgeben.
        Vielleicht ist er nicht mehr wie neu, oder niemand hat ihn beschrieben. Dann entscheidet ein Mensch, wie viel Sie zurückbekommen.
    .agent = Widerruf innerhalb von 14 Tagen, beantragt { $days_since_delivery } nach der Lieferung; Zustand des Artikels: { $item_condition }. Das System darf nicht ablehnen.
rule-holiday_returns =
    .customer =
        Sie haben die Erstattung { $days_since_delivery } nach der Lieferung beantragt. Den Artikel haben Sie ungeöffnet zurückgeschickt.
        Rund um die Feiertage haben Sie dafür 60 Tage Zeit.
    .agent = Rückgabe zu den Feiertagen: ungeöffnet, zurückgeschickt, beantragt { $days_since_delivery } nach der Lieferung, 60 Tage erlaubt.
rule-final_sale =
    .customer =
        Sie haben den Artikel im Abverkauf gekauft. Ihr Grund: { $reason }.
        Aus dem Abverkauf nehmen wir nur zurück, was beschädigt, defekt, unvollständig, falsch oder anders als beschrieben ist.
    .agent = Abverkauf; angegebener Grund: { $reason }.
rule-large_amount =
    .customer = Sie möchten { $amount } zurückhaben. Ab 1.000 € entscheidet ein Mensch.
    .agent = Betrag { $amount }: Ab 1.000 € entscheidet ein Mensch.
rule-large_amount_2027 =
    .customer = Sie möchten { $amount } zurückhaben. Ab 750 € entscheidet ein Mensch.
    .agent = Betrag { $amount }: Ab 750 € entscheidet ein Mensch (Regel von 2027).
rule-small_amount =
    .customer =
        Sie möchten { $amount } zurückhaben. In den letzten 12 Monaten haben Sie von uns { $refunds_12_months } bekommen.
        In solchen Fällen zahlen wir Beträge unter 15 € ohne weitere Fragen zurück.
    .agent = Kulanz: { $amount } liegt unter 15 €, { $refunds_12_months } in den letzten 12 Monaten.
rule-legal_guarantee =
    .customer =
        Ihr Grund war: { $reason }.
        Nach dem Gesetz stehen wir zwei Jahre lang für Artikel ein, die kaputt sind oder nicht Ihrer Bestellung entsprechen.
        Nach unserer eigenen Regel darf nur ein Mensch einen solchen Antrag ablehnen.
    .agent = Gesetzliche Gewährleistung von zwei Jahren, angegebener Grund: { $reason }. Das System darf nicht ablehnen.

# Gruppen von Gründen, wie das Bild im Warum-Fenster sie nennt
group-problem = Was nicht stimmt
group-product = Artikel und Verkauf
group-delivery = Die Lieferung
group-proof = Art der Anfrage und Fotos
group-history = Bisherige Bestellungen und Erstattungen

## What the customer could have done

action-return_status =
    .level-received = uns zuerst den ganzen Artikel zurückgegeben
action-channel =
    .level-web = die Erstattung auf unserer Website beantragt
action-photos = { $value } geschickt
