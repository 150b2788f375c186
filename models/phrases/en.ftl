### Words that every pack shares: the frame of the letter, the panel, and units.
### A pack may say any of these in its own way, in its own phrase file.

## Units

unit-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
unit-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
unit-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
unit-months = { $n ->
    [one] { $n } month
   *[other] { $n } months
}
unit-years = { $n ->
    [one] { $n } year
   *[other] { $n } years
}
unit-items = { $n ->
    [0] no items
    [one] { $n } item
   *[other] { $n } items
}
unit-orders = { $n ->
    [0] no orders
    [one] { $n } order
   *[other] { $n } orders
}
unit-refunds = { $n ->
    [0] no refunds
    [one] { $n } refund
   *[other] { $n } refunds
}
unit-photos = { $n ->
    [0] no photos
    [one] { $n } photo
   *[other] { $n } photos
}
unit-contacts = { $n ->
    [0] no contacts
    [one] { $n } contact
   *[other] { $n } contacts
}
unit-cases = { $n ->
    [0] no cases
    [one] { $n } case
   *[other] { $n } cases
}
unit-kilometres = { $n ->
    [one] { $n } kilometre
   *[other] { $n } kilometres
}

## Reasons

value-or-more = { $value } or more (we count no higher)
value-or-less = { $value } or less (we count no lower)
value-and = { $more } and { $less }
# Among the cases compared with, so that a number that counted is known to be high or low: to agents behind it, to customers after the reason.
value-more-than-most = { $value } (more than in most cases compared)
value-less-than-most = { $value } (less than in most cases compared)
placed-more = { $reason } In most of the cases compared, the figure was lower.
placed-less = { $reason } In most of the cases compared, the figure was higher.
value-private = given; not shown here because it is sensitive
value-unknown = given, but not a value we know
    .for = { $label }: given, but not a value we know. This spoke for you.
    .against = { $label }: given, but not a value we know. This spoke against you.
agent-reason = { $label }: { $value }
# What a sentence must hold, and the other way must not: `explainer packs check` looks.
direction-for-words = spoke for | counted for
direction-against-words = spoke against | counted against
strength-strong = strong
strength-medium = medium
strength-slight = slight

## How far software took part, by what was decisive

part-rule = Software made this decision. It applied a fixed rule to your data. No person took part.
part-rule-person = A fixed rule sends cases like yours to a person. Software only applied that rule. A person will decide.
part-score = Software made this decision. It weighed the facts of your case. No person took part.
part-band = Software looked at your case and could not decide it clearly. A person will decide.
part-permission = You asked that software should not decide your cases. We did as you asked. A person will decide.
part-safeguard = Software looked at your case, but one of our checks stopped it. A person will decide.

## The letter

letter-greeting = Dear customer,
letter-closing = Kind regards, { $name }
letter-title = Our decision about { $subject }
letter-title-open = About { $subject }
letter-date = Date
letter-case = Case number
letter-decision = Decision
letter-why = Why
letter-why-rule = This rule decided:
letter-why-rule-person = A person decides because of this rule:
letter-why-for = Here is what counted for your request:
letter-why-against = Here is what counted against your request:
letter-why-both = Here is what counted most:
letter-why-none = No single fact stood out. All of them together led to this.
letter-why-person = A person will look at everything you sent and give you the reasons.
letter-next = What happens now
letter-change = What would have changed it
letter-change-text = This letter cannot tell you that yet. Call or write to us, and a person will explain it.
letter-person = If you do not agree
letter-person-open = If you want to tell us something
letter-person-text = You can ask to speak to a person. Call { $phone } ({ $hours }) or write to { $email }. Tell us your case number.
letter-person-text-open = A person will read your case. Would you like to speak with somebody before that? Call { $phone } ({ $hours }) or write to { $email }. Tell us your case number.
letter-contest = You can tell us your view and contest this decision until { $until }. A person will then make a new decision.
letter-view = You can send us your view before a person decides.
letter-opt-out = You can also tell us not to let software decide your cases. Then a person will decide them.
letter-opt-out-open = You can also tell us that software must not look at your next cases. Then a person will decide them from the start.
letter-opted-out = May software decide your cases after all? Then tell us in the same way as before.
letter-details = More about your case
letter-data = The data we used
letter-data-person = The data the person will look at
letter-data-text = Is something wrong? Tell us. We will correct it and look at your case again.
letter-data-text-open = Is something wrong? Tell us. We will correct it before a person decides.
letter-data-fact = What
letter-data-value = Your data
letter-data-source = Where it comes from
letter-not-used = What we did not use
letter-quality = How well the software works
letter-quality-text = We tested it on { $cases } past cases before we used it. It gives each case a score.
letter-fairness = We have not yet published a check of whether it treats groups of people alike. Ask us about it.
letter-responsible = Who is responsible
letter-responsible-text = { $name } is responsible for how your case is handled. For questions about your data, write to { $privacy }.
letter-authority = You can also complain to this authority: { $authority }.
letter-code = Verification code
letter-code-text = This code belongs to the record of your case. With it, you can ask us to prove that nobody changed the record.

## Both: how cases with a similar score ended

similar-cases = We looked at { $cases } past cases with a similar score. In { $rate } of them, { $event }. Allowing for chance, the share is between { $low } and { $high }.

## The why panel

panel-title = Why this decision
panel-case = Case
panel-by-rule = A rule decided: { $rule }
panel-by-rule-person = A rule sends this case to a person: { $rule }
panel-by-score = The score decided. It is { $score }.
panel-by-band = The score is { $score }, between the thresholds. A person decides.
panel-by-permission = The customer opted out of automated decisions. A person decides. The model was not called.
panel-by-safeguard = A check of our own refused the explanation ({ $check }). A person decides.
panel-score = Score
panel-distance-close = Very close: a small change could have led to another outcome.
panel-distance-near = The score is some way from a threshold.
panel-distance-far = The score is not near a threshold.
panel-for = Speaks for
panel-against = Speaks against
panel-none = Nothing
panel-score-aside = The score did not decide. It saw:
panel-missing = Missing or adjusted data
panel-missing-value = { $label }: { $value }
panel-clipped = { $label }: outside the usual range, taken as { $value }
panel-unknown = { $label }: a value we do not know, treated as missing
panel-say = Say aloud
say-most = This counted most:
say-person = You can ask for a person to look at it again.
    .best = If anything is wrong, you can ask for a person to look at it.
panel-customer-reads = What the customer reads
panel-letter = Open the letter
panel-languages = This page in other languages
panel-release = Release
panel-history = History
history-decision = Decided
history-open = Handed over
history-page = Letter opened by its link
history-api = Letter fetched by a program
history-command = Letter written to be sent
history-referral = Texts did not match the record; handed to a person
points = { $n } of 100

## Opening a page by a link

door-expired = This link has expired
    .text = A link opens a page only for some time, because the page holds personal data. Ask us for a new link.
door-wrong = This link does not work
    .text = It may be incomplete or belong to another page. Open the link again from our message, or ask us for a new one.
door-none = Please open this page by your link
    .text = The link we sent you opens this page. Without it, the page stays shut, because it holds personal data.
door-nothing = There is nothing here
    .text = No page has this address. Open the link again from our message.
door-erased = This page was erased
    .text = The personal data on this page was erased. We do this on request, or when we have kept it long enough.
door-trouble = Something went wrong here
    .text = This is our mistake, not yours. Please try again later.
door-contact = You reach us at { $phone } or { $email }.
door-title = Open this page
door-text = This page holds personal data. Press the button to open it.
door-button = Open

## The letter: reaching us, pages, and the PDF

letter-reach = Call { $phone } or write to { $email }.
letter-change-any = Any one of these would have been enough:
letter-change-now = Can you still do { $n ->
    [one] this
   *[other] one of these
}? Then tell us, and a person will make a new decision.
letter-page = Page { $page } of { $pages }
letter-save = Save this letter as a PDF
letter-pair = { $name }: { $value }

## The why panel: how close, how the score came about, and inside a desktop

panel-threshold = { $way ->
    [up] From { $score } up
   *[down] Below { $score }
}: { $outcome }.
panel-more = { $n } more
panel-rules-aside = Rules that fired but did not decide
panel-change = What would have changed it
panel-waterfall = How the score came about
panel-waterfall-table = The same as a table
waterfall-start = Start: comparison cases
waterfall-end = This case
waterfall-rest = Everything else
waterfall-what = What
waterfall-way = Which way
waterfall-strength = How much
waterfall-description = It starts at the comparison cases ({ $start }) and leads to this case ({ $end }). { $for } pushed to the right and { $against } to the left. Dashed lines show where outcomes change.
embed-waiting = One moment. The panel opens here when your desktop asks for it.
door-again = Please open the panel again
    .text = To keep it safe, a panel opens only once and only for a short time. Choose the case again in your desktop.

## What would have changed the outcome
## What somebody did follows "had" or "could have", so that several can stand in a list: `sent the item back`.

recourse-one = If you had { $changes }, { $outcome }.
recourse-several = You could have { $changes }. Then { $outcome }.
# Never "nothing you could have done": a step that nobody should have to take may well have changed it.
recourse-none-rule = There is no step we could suggest that would have changed this. A fixed rule decided.
recourse-none-nothing = There is no step we could suggest that would have changed this. It rests on facts that we cannot ask you to change.
recourse-none-not_found = We looked for something you could have done. We found no small step that would have changed this.
recourse-none-not_searched = There were too many possible steps to check them all. So we cannot say what would have changed this. Ask us, and a person will look.
recourse-none-close = We found a step that might just have changed this, but too closely to promise it.
value-at-least = at least { $value }
value-at-most = at most { $value }

# The letter's footer, once its case is sealed
letter-sealed = Your case is sealed under the number { $seal }. Keep it: with it, we must show that nobody changed your case.

## Everything that is held about one customer

data-title = What we hold about you
data-about = This is everything we hold about you. The oldest entry comes first.
data-nothing = We hold nothing about you.
data-decision = You brought us a case. This is the letter about it.
data-view = We gave out a letter about your case.
data-consent = You told us if software may decide your cases.
data-referral = We passed your case to a person.
data-hold = We noted if there is a legal reason to keep your data.
data-access = We gave out a copy of your data.
data-other = We noted something about you.

## The why panel: its history line by line, and how sure the score is

history-times = All times are { $place } time.
history-letter = { $what } ({ $form }, { $language })
history-form-html = page
history-form-text = plain text
history-form-pdf = PDF
history-again = { $what }, { $n } times, last on { $last }
panel-sure = How sure is the score?
panel-sure-text = The score is an estimate. What really happened in past cases can differ from it.
data-seen-panel = Somebody on our team looked at your case.
data-seen-dossier = Somebody who checks our work looked at your case.
data-seen-answer = Somebody on our team looked at your case with another program.
data-notes = Below each heading you see what our programs noted, in their own words.

# What turns a direction word after it round, in the same sentence: `explainer packs check` refuses it.
negation-words = nothing | nobody | no | not | cannot | never | none | neither | nor
# What the phrases that assert it say one of: that software or a person takes part, that a value is more or less than most.
software-words = Software | software
person-words = person
more-words = more | higher
less-words = less | lower

# What an outcome must not say where it is the opposite one, and what begins a clause that a negation does not reach.
granted-words = approved | approve | accepted | accept | granted | grant | agreed to
refused-words = declined | decline | refused | refuse | rejected | reject | denied | deny
clause-words = but | yet | however

# What the score of the why panel is a score of
panel-score-of = The software’s own estimate: in about { $n } of 100 cases like this, { $event }.

# A letter's door, where its customer types the case number, and links that are taken back

door-case = Type your case number to open this page. You know it from your request. It is also on our letters.
    .wrong = This case number does not fit this link. Please check it and try again.
door-closed = Please try again later
    .text = The case number was wrong too often. To keep the page safe, it stays shut for an hour.
door-revoked = This link opens nothing any more
    .text = We have taken it back. Ask us for a new link if you need one.
door-shut = This link is closed for good
    .text = Somebody typed a wrong case number here too often. Ask us for a new link, or for the letter by post.
data-revocation = We took back a link to a page about your case.
