### Wörter, die alle Pakete teilen: der Rahmen des Briefs, die Agentenseite und die Einheiten.
### Jedes Paket darf jedes davon in seiner eigenen Datei anders sagen.
### Ein Wert steht immer im Nominativ oder Akkusativ, die hier gleich lauten („vor { $value }“ ginge nicht).

## Einheiten

unit-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}
unit-hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
}
unit-minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
}
unit-months = { $n ->
    [one] { $n } Monat
   *[other] { $n } Monate
}
unit-years = { $n ->
    [one] { $n } Jahr
   *[other] { $n } Jahre
}
unit-items = { $n ->
    [0] keine Artikel
    [one] { $n } Artikel
   *[other] { $n } Artikel
}
unit-orders = { $n ->
    [0] keine Bestellungen
    [one] { $n } Bestellung
   *[other] { $n } Bestellungen
}
unit-refunds = { $n ->
    [0] keine Erstattungen
    [one] { $n } Erstattung
   *[other] { $n } Erstattungen
}
unit-photos = { $n ->
    [0] keine Fotos
    [one] { $n } Foto
   *[other] { $n } Fotos
}
unit-contacts = { $n ->
    [0] keine Kontakte
    [one] { $n } Kontakt
   *[other] { $n } Kontakte
}
unit-cases = { $n ->
    [0] keine Fälle
    [one] { $n } Fall
   *[other] { $n } Fälle
}
unit-kilometres = { $n ->
   *[other] { $n } Kilometer
}

## Gründe

value-or-more = { $value } oder mehr (weiter zählen wir nicht)
value-or-less = { $value } oder weniger (weiter zählen wir nicht)
value-and = { $more } und { $less }
# Among the cases compared with, so that a number that counted is known to be high or low: to agents behind it, to customers after the reason.
value-more-than-most = { $value } (mehr als in den meisten verglichenen Fällen)
value-less-than-most = { $value } (weniger als in den meisten verglichenen Fällen)
placed-more = { $reason } Bei den meisten verglichenen Fällen war die Zahl niedriger.
placed-less = { $reason } Bei den meisten verglichenen Fällen war die Zahl höher.
value-private = angegeben; hier nicht gezeigt, weil es sensibel ist
value-unknown = angegeben, aber mit einem Wert, den wir nicht kennen
    .for = { $label }: angegeben, aber mit einem Wert, den wir nicht kennen. Das sprach für Sie.
    .against = { $label }: angegeben, aber mit einem Wert, den wir nicht kennen. Das sprach gegen Sie.
agent-reason = { $label }: { $value }
# What a sentence must hold, and the other way must not: `explainer packs check` looks.
direction-for-words = sprach für
direction-against-words = sprach gegen
strength-strong = stark
strength-medium = mittel
strength-slight = leicht

## Wie weit Software beteiligt war, je nachdem, was den Ausschlag gab

part-rule = Eine Software hat das entschieden. Sie hat eine feste Regel auf Ihre Daten angewendet. Kein Mensch war beteiligt.
part-rule-person = Nach einer festen Regel gehen Fälle wie Ihrer an einen Menschen. Die Software hat nur diese Regel angewendet. Ein Mensch wird entscheiden.
part-score = Eine Software hat das entschieden. Sie hat die Angaben zu Ihrem Fall abgewogen. Kein Mensch war beteiligt.
part-band = Eine Software hat Ihren Fall geprüft. Sie konnte ihn nicht klar entscheiden. Ein Mensch wird entscheiden.
part-permission = Sie wollten nicht, dass eine Software Ihre Fälle entscheidet. Daran haben wir uns gehalten. Ein Mensch wird entscheiden.
part-safeguard = Eine Software hat Ihren Fall geprüft. Eine unserer Kontrollen hat sie gestoppt. Ein Mensch wird entscheiden.

## Der Brief ($subject steht im Dativ: „zu Ihrem Antrag“)

letter-greeting = Guten Tag!
letter-closing = Freundliche Grüße { $name }
letter-title = Unsere Entscheidung zu { $subject }
letter-title-open = Zu { $subject }
letter-date = Datum
letter-case = Fallnummer
letter-decision = Entscheidung
letter-why = Warum
letter-why-rule = Diese Regel gab den Ausschlag:
letter-why-rule-person = Wegen dieser Regel entscheidet ein Mensch:
letter-why-for = Folgendes sprach für Ihren Antrag:
letter-why-against = Folgendes sprach gegen Ihren Antrag:
letter-why-both = Folgendes zählte am meisten:
letter-why-none = Keine Angabe stach hervor. Alle zusammen führten zu diesem Ergebnis.
letter-why-person = Ein Mensch sieht sich alles an, was Sie geschickt haben. Er nennt Ihnen dann die Gründe.
letter-next = Wie es weitergeht
letter-change = Was zu einem anderen Ergebnis geführt hätte
letter-change-text = Das kann Ihnen dieser Brief noch nicht sagen. Rufen Sie an oder schreiben Sie uns. Dann erklärt es Ihnen ein Mensch.
letter-person = Wenn Sie nicht einverstanden sind
letter-person-open = Wenn Sie uns etwas sagen möchten
letter-person-text = Sie können mit einem Menschen sprechen. Rufen Sie an: { $phone } ({ $hours }). Oder schreiben Sie an { $email }. Nennen Sie bitte Ihre Fallnummer.
letter-person-text-open = Ein Mensch wird Ihren Fall lesen. Möchten Sie vorher mit jemandem sprechen? Rufen Sie an: { $phone } ({ $hours }). Oder schreiben Sie an { $email }. Nennen Sie bitte Ihre Fallnummer.
letter-contest = Sie können uns Ihre Sicht schreiben und der Entscheidung widersprechen. Das geht bis zum { $until }. Dann entscheidet ein Mensch neu.
letter-view = Sie können uns Ihre Sicht schreiben, bevor ein Mensch entscheidet.
letter-opt-out = Sie können uns auch sagen, dass keine Software Ihre Fälle entscheiden soll. Dann entscheidet immer ein Mensch.
letter-opt-out-open = Sie können uns auch sagen, dass keine Software Ihre nächsten Fälle ansehen soll. Dann entscheidet von Anfang an ein Mensch.
letter-opted-out = Darf doch eine Software Ihre Fälle entscheiden? Dann sagen Sie es uns auf dem gleichen Weg wie bisher.
letter-details = Mehr zu Ihrem Fall
letter-data = Die Daten, die wir genutzt haben
letter-data-person = Diese Daten sieht sich unser Team an
letter-data-text = Stimmt etwas nicht? Sagen Sie es uns. Wir berichtigen es und sehen uns Ihren Fall noch einmal an.
letter-data-text-open = Stimmt etwas nicht? Sagen Sie es uns. Wir berichtigen es, bevor ein Mensch entscheidet.
letter-data-fact = Was
letter-data-value = Ihre Angabe
letter-data-source = Woher sie kommt
letter-not-used = Was wir nicht genutzt haben
letter-quality = Wie gut die Software arbeitet
letter-quality-text = Wir haben die Software vor dem Einsatz an { $cases } früheren Fällen getestet. Sie gibt jedem Fall eine Punktzahl.
letter-fairness = Behandelt die Software alle Gruppen von Menschen gleich? Dazu haben wir noch keine Prüfung veröffentlicht. Fragen Sie uns danach.
letter-responsible = Wer verantwortlich ist
letter-responsible-text = Verantwortlich für Ihren Fall ist { $name }. Haben Sie Fragen zu Ihren Daten? Dann schreiben Sie an { $privacy }.
letter-authority = Sie können sich auch hier beschweren: { $authority }.
letter-code = Prüfcode
letter-code-text = Dieser Code gehört zum Eintrag Ihres Falls. Mit ihm können Sie den Nachweis verlangen, dass niemand den Eintrag geändert hat.

## Beide: wie Fälle mit ähnlicher Punktzahl endeten ($event beginnt mit dem Verb: „genehmigte ein Mensch …“)

similar-cases = Wir haben uns { $cases } frühere Fälle mit ähnlicher Punktzahl angesehen. Bei { $rate } davon { $event }. Wegen des Zufalls kann der wahre Anteil zwischen { $low } und { $high } liegen.

## Die Seite für Agenten

panel-title = Warum diese Entscheidung
panel-case = Fall
panel-by-rule = Eine Regel hat entschieden: { $rule }
panel-by-rule-person = Eine Regel gibt den Fall an einen Menschen: { $rule }
panel-by-score = Die Punktzahl hat entschieden. Sie liegt bei { $score }.
panel-by-band = Die Punktzahl liegt bei { $score }, zwischen den Schwellen. Ein Mensch entscheidet.
panel-by-permission = Die Kundin oder der Kunde lehnt automatische Entscheidungen ab. Ein Mensch entscheidet. Das Modell wurde nicht gefragt.
panel-by-safeguard = Eine eigene Kontrolle hat die Erklärung abgelehnt ({ $check }). Ein Mensch entscheidet.
panel-score = Punktzahl
panel-distance-close = Sehr knapp: Schon eine kleine Änderung hätte zu einem anderen Ergebnis führen können.
panel-distance-near = Die Punktzahl liegt mit etwas Abstand zu einer Schwelle.
panel-distance-far = Die Punktzahl liegt nicht nahe an einer Schwelle.
panel-for = Spricht dafür
panel-against = Spricht dagegen
panel-none = Nichts
panel-score-aside = Die Punktzahl gab nicht den Ausschlag. Sie sah:
panel-missing = Fehlende oder angepasste Daten
panel-missing-value = { $label }: { $value }
panel-clipped = { $label }: außerhalb des üblichen Bereichs, gerechnet als { $value }
panel-unknown = { $label }: ein Wert, den wir nicht kennen; gilt als fehlend
panel-say = Zum Vorlesen
say-most = Das hat am meisten gezählt:
say-person = Wenn Sie möchten, sieht sich ein Mensch den Fall noch einmal an.
    .best = Wenn etwas nicht stimmt, sieht sich gern ein Mensch den Fall an.
panel-customer-reads = Was die Kundin oder der Kunde liest
panel-letter = Brief öffnen
panel-languages = Diese Seite in anderen Sprachen
panel-release = Version
panel-history = Verlauf
history-decision = Entscheidung
history-open = An einen Menschen gegeben
history-page = Brief über seinen Link geöffnet
history-api = Brief von einem Programm abgerufen
history-command = Brief zum Versand erstellt
history-referral = Texte passten nicht zum Eintrag; an einen Menschen gegeben
points = { $n } von 100

## Eine Seite über einen Link öffnen

door-expired = Dieser Link ist abgelaufen
    .text = Ein Link gilt nur eine gewisse Zeit, denn die Seite enthält persönliche Daten. Bitten Sie uns um einen neuen Link.
door-wrong = Dieser Link funktioniert nicht
    .text = Vielleicht ist er unvollständig oder gehört zu einer anderen Seite. Öffnen Sie den Link noch einmal aus unserer Nachricht. Oder bitten Sie uns um einen neuen.
door-none = Bitte öffnen Sie diese Seite über Ihren Link
    .text = Der Link aus unserer Nachricht öffnet diese Seite. Ohne ihn bleibt sie zu, denn sie enthält persönliche Daten.
door-nothing = Hier gibt es nichts
    .text = Keine Seite hat diese Adresse. Öffnen Sie den Link noch einmal aus unserer Nachricht.
door-erased = Diese Seite wurde gelöscht
    .text = Die persönlichen Daten auf dieser Seite wurden gelöscht. Das tun wir auf Wunsch, oder wenn wir sie lange genug aufbewahrt haben.
door-trouble = Hier ging etwas schief
    .text = Das ist unser Fehler, nicht Ihrer. Bitte versuchen Sie es später noch einmal.
door-contact = Sie erreichen uns unter { $phone } oder { $email }.
door-title = Diese Seite öffnen
door-text = Diese Seite enthält persönliche Daten. Drücken Sie auf den Knopf, um sie zu öffnen.
door-button = Öffnen

## Der Brief: wie man uns erreicht, Seiten und PDF

letter-reach = Rufen Sie an: { $phone }. Oder schreiben Sie an { $email }.
letter-change-any = Eines davon hätte schon gereicht:
letter-change-now = Geht { $n ->
    [one] das
   *[other] etwas davon
} noch? Dann sagen Sie es uns, und ein Mensch entscheidet neu.
letter-page = Seite { $page } von { $pages }
letter-save = Diesen Brief als PDF speichern
letter-pair = { $name }: { $value }

## Das Warum-Fenster: wie knapp, wie der Wert entstand und in einer anderen Oberfläche

panel-threshold = { $way ->
    [up] Ab { $score }
   *[down] Unter { $score }
}: { $outcome }.
panel-more = { $n } weitere
panel-rules-aside = Regeln, die zutrafen, aber nicht entschieden
panel-change = Was es geändert hätte
panel-waterfall = Wie die Punktzahl entstand
panel-waterfall-table = Dasselbe als Tabelle
waterfall-start = Beginn: Vergleichsfälle
waterfall-end = Dieser Fall
waterfall-rest = Alles andere
waterfall-what = Was
waterfall-way = In welche Richtung
waterfall-strength = Wie stark
waterfall-description = Von den Vergleichsfällen ({ $start }) zu diesem Fall ({ $end }): { $for } wirkten nach rechts und { $against } nach links. Gestrichelte Linien zeigen, wo sich das Ergebnis ändert.
embed-waiting = Einen Moment. Das Fenster öffnet sich hier, sobald Ihre Oberfläche es anfordert.
door-again = Bitte öffnen Sie das Fenster noch einmal
    .text = Zur Sicherheit öffnet es sich nur einmal und nur für kurze Zeit. Wählen Sie den Fall in Ihrer Oberfläche noch einmal aus.

## What would have changed the outcome
## What somebody did stands before "hätten", so that several can stand in a list: `den Artikel zurückgeschickt`.

recourse-one = Wenn Sie { $changes } hätten, { $outcome }.
recourse-several = Angenommen, Sie hätten { $changes }. Dann { $outcome }.
recourse-none-rule = Wir kennen keinen Schritt, zu dem wir Ihnen raten könnten und der etwas geändert hätte. Eine feste Regel hat entschieden.
recourse-none-nothing = Wir kennen keinen Schritt, zu dem wir Ihnen raten könnten und der etwas geändert hätte. Es liegt an Angaben, um deren Änderung wir Sie nicht bitten können.
recourse-none-not_found = Wir haben nach etwas gesucht, das Sie hätten tun können. Wir fanden keinen kleinen Schritt, der etwas geändert hätte.
recourse-none-not_searched = Es gab zu viele mögliche Schritte, um alle zu prüfen. Deshalb können wir nicht sagen, was etwas geändert hätte. Fragen Sie uns, dann sieht ein Mensch nach.
recourse-none-close = Wir fanden einen Schritt, der das vielleicht knapp geändert hätte. Es ist zu knapp, um es zu versprechen.
value-at-least = mindestens { $value }
value-at-most = höchstens { $value }

# Der Fuß des Briefs, sobald der Fall versiegelt ist
letter-sealed = Ihr Fall ist unter der Nummer { $seal } versiegelt. Bewahren Sie sie auf: Mit ihr müssen wir zeigen, dass niemand Ihren Fall geändert hat.

## Alles, was über eine Person gespeichert ist

data-title = Was wir über Sie gespeichert haben
data-about = Das ist alles, was wir über Sie gespeichert haben. Der älteste Eintrag steht oben.
data-nothing = Wir haben nichts über Sie gespeichert.
data-decision = Sie sind mit einem Fall zu uns gekommen. Das ist der Brief dazu.
data-view = Wir haben einen Brief zu Ihrem Fall herausgegeben.
data-consent = Sie haben uns gesagt, ob Software über Ihre Fälle entscheiden darf.
data-referral = Wir haben Ihren Fall einem Menschen übergeben.
data-hold = Wir haben vermerkt, ob wir Ihre Daten nach dem Gesetz behalten müssen.
data-access = Wir haben eine Kopie Ihrer Daten herausgegeben.
data-other = Wir haben etwas über Sie notiert.

## Das Panel: sein Verlauf Zeile für Zeile, und wie sicher die Punktzahl ist

history-times = Alle Zeiten sind Ortszeit in { $place }.
history-letter = { $what } ({ $form }, { $language })
history-form-html = Seite
history-form-text = einfacher Text
history-form-pdf = PDF
history-again = { $what }, { $n }-mal, zuletzt am { $last }
panel-sure = Wie sicher ist die Punktzahl?
panel-sure-text = Die Punktzahl ist eine Schätzung. Was in früheren Fällen wirklich geschah, kann davon abweichen.
data-seen-panel = Jemand aus unserem Team hat Ihren Fall angesehen.
data-seen-dossier = Jemand, der unsere Arbeit prüft, hat Ihren Fall angesehen.
data-seen-answer = Jemand aus unserem Team hat Ihren Fall mit einem anderen Programm angesehen.
data-notes = Unter jeder Überschrift sehen Sie, was unsere Programme notiert haben, in deren eigenen Worten.

# What turns a direction word after it round, in the same sentence: `explainer packs check` refuses it.
negation-words = nichts | niemand | nicht | nie | niemals | kein | keine | keinen | keinem | keiner | keines | weder | noch
# What the phrases that assert it say one of: that software or a person takes part, that a value is more or less than most.
software-words = Software
person-words = Mensch | Menschen
more-words = mehr | höher
less-words = weniger | niedriger

# Was ein Ergebnis nicht sagen darf, wenn das Gegenteil gilt, und womit ein Satzteil beginnt, den eine Verneinung nicht erreicht.
granted-words = genehmigt | genehmigen | bewilligt | bewilligen | angenommen | annehmen | zugestimmt | stattgegeben
refused-words = abgelehnt | ablehnen | verweigert | verweigern | zurückgewiesen | zurückweisen
clause-words = aber | sondern | jedoch | doch

# Wovon die Punktzahl des Panels spricht
panel-score-of = Die Software schätzt: In etwa { $n } von 100 solchen Fällen { $event }.

# A letter's door, where its customer types the case number, and links that are taken back

door-case = Geben Sie Ihre Fallnummer ein, um diese Seite zu öffnen. Sie kennen sie aus Ihrer Anfrage. Sie steht auch in unseren Briefen.
    .wrong = Diese Fallnummer passt nicht zu diesem Link. Bitte prüfen Sie sie und versuchen Sie es noch einmal.
door-closed = Bitte versuchen Sie es später noch einmal
    .text = Die Fallnummer war zu oft falsch. Zur Sicherheit bleibt die Seite eine Stunde lang zu.
door-revoked = Dieser Link öffnet nichts mehr
    .text = Wir haben ihn zurückgenommen. Bitten Sie uns um einen neuen Link, wenn Sie einen brauchen.
door-shut = Dieser Link bleibt geschlossen
    .text = Jemand hat hier zu oft eine falsche Fallnummer eingegeben. Bitten Sie uns um einen neuen Link oder um den Brief per Post.
data-revocation = Wir haben einen Link zu einer Seite über Ihren Fall zurückgenommen.
