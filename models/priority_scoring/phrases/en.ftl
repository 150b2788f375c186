# Every word a customer or an agent reads about the priority of a case.
# Pattern of a reason: the fact, then which way it counted.

pack-name = Case priority
pack-subject = how soon we handle your case
not-used = We did not use your language, your origin, your gender, your religion or where you live. We used a need linked to age or health only if you told us about it yourself.
score-event = the case missed its service time or had to go to a higher level
compared-with = We compared your case with past cases of every kind, however they ended.
placed-more = { $reason } In most cases, the figure is lower.
placed-less = { $reason } In most cases, the figure is higher.

## Words of our own where the shared ones speak of "for" and "against"

direction-for-words = raised the urgency
granted-words = most urgent
refused-words = least urgent | can wait
direction-against-words = lowered the urgency
value-unknown = given, but not a value we know
    .for = { $label }: given, but not a value we know. This raised the urgency of your case.
    .against = { $label }: given, but not a value we know. This lowered the urgency of your case.
letter-why-for = Here is what raised the urgency of your case:
letter-why-against = Here is what lowered the urgency of your case:
panel-for = Raised the urgency
panel-against = Lowered the urgency

## Outcomes

outcome-P1 = P1, most urgent
    .headline = We gave your case priority P1, the most urgent of four.
    .effect = Your case is one of the most urgent. We serve them before all others. Nothing more is needed from you.
outcome-P2 = P2, urgent
    .headline = We gave your case priority P2, the second of four.
    .effect = Your case is served right after the most urgent cases. Nothing more is needed from you.
outcome-P3 = P3, normal
    .headline = We gave your case priority P3, the third of four.
    .effect = Your case is served after more urgent cases. Please tell us if something changes.
outcome-P4 = P4, can wait
    .headline = We gave your case priority P4, the least urgent of four.
    .effect = Your case is served after all more urgent cases. It is not closed or refused. Please tell us if something changes.
outcome-refer = A person decides
    .headline = A person decides how urgent your case is.
    .effect = Nothing is decided yet. A member of our team reads your case and sets its priority. Nothing more is needed from you.

## Waiting time

feature-waiting_hours = Time the case has been open
    .zero = just opened
reason-waiting_hours =
    .for = Your case has been open for { $value }. This raised the urgency of your case.
    .against = Your case has been open for { $value }. This lowered the urgency of your case.
    .for-zero = Your case was just opened. This raised the urgency of your case.
    .against-zero = Your case was just opened. This lowered the urgency of your case.

## Earlier contacts

feature-earlier_contacts = Earlier contacts about the same matter in 30 days
reason-earlier_contacts =
    .for = In the last 30 days, we had { $value } with you about this matter. This raised the urgency of your case.
    .against = In the last 30 days, we had { $value } with you about this matter. This lowered the urgency of your case.

feature-handovers = Number of times your case went to another team
reason-handovers =
    .for = Your case went to another team this many times: { $value }. This raised the urgency of your case.
    .against = Your case went to another team this many times: { $value }. This lowered the urgency of your case.
    .for-zero = Your case has not gone to another team. This raised the urgency of your case.
    .against-zero = Your case has not gone to another team. This lowered the urgency of your case.

feature-reopened = Opened again after a first answer
    .yes = opened again
    .no = not opened again
reason-reopened =
    .for = Your case was { $value } after a first answer. This raised the urgency of your case.
    .against = Your case was { $value } after a first answer. This lowered the urgency of your case.

## What the case is about

feature-topic = What your case is about
    .level-billing = a bill
    .level-payment_plan = a payment plan
    .level-contract_change = a change to a contract
    .level-moving_home = a move to a new home
    .level-installation = an installation
    .level-technical_help = help with a device
    .level-meter_reading = a meter reading
    .level-wrongful_disconnection = a service cut off by mistake
    .level-fraud = a suspected fraud
    .level-personal_data = the use of personal data
    .level-general_question = a general question
    .level-product_information = details of a product
    .level-feedback = praise or a suggestion
reason-topic =
    .for = Your case is about { $value }. This raised the urgency of your case.
    .against = Your case is about { $value }. This lowered the urgency of your case.

## Your service

feature-product_line = Contract concerned
    .level-electricity = electricity
    .level-gas = gas
    .level-heating = heating
    .level-broadband = home internet
    .level-mobile = mobile phone
    .level-landline = landline phone
    .level-television = television
    .level-home_cover = home repair cover
reason-product_line =
    .for = Your case concerns your { $value } contract. This raised the urgency of your case.
    .against = Your case concerns your { $value } contract. This lowered the urgency of your case.

feature-service_effect = State of your service
    .level-none = working as usual
    .level-slower = slower than usual
    .level-interrupted = on and off
    .level-partly = partly out
    .level-fully = fully out
reason-service_effect =
    .for = When we looked at your case, your service was { $value }. This raised the urgency of your case.
    .against = When we looked at your case, your service was { $value }. This lowered the urgency of your case.

## What we promised

feature-days_past_promise = Time past the date we promised
    .zero = not passed
    .missing = no date was promised
reason-days_past_promise =
    .for = Your case is { $value } past the date we promised you. This raised the urgency of your case.
    .against = Your case is { $value } past the date we promised you. This lowered the urgency of your case.
    .for-zero = The date we promised you has not passed. This raised the urgency of your case.
    .against-zero = The date we promised you has not passed. This lowered the urgency of your case.
    .for-missing = We have not promised you a date. This raised the urgency of your case.
    .against-missing = We have not promised you a date. This lowered the urgency of your case.

## When you need it

feature-days_until_needed = Time until you need it
    .zero = the same day
    .missing = no date was named
reason-days_until_needed =
    .for = You told us that you need this in { $value }. This raised the urgency of your case.
    .against = You told us that you need this in { $value }. This lowered the urgency of your case.
    .for-zero = You told us that you need this the same day. This raised the urgency of your case.
    .against-zero = You told us that you need this the same day. This lowered the urgency of your case.
    .for-missing = You did not name a date by which you need this. This raised the urgency of your case.
    .against-missing = You did not name a date by which you need this. This lowered the urgency of your case.

## Money in question

feature-disputed_amount = Amount in question
    .missing = no amount is in question
reason-disputed_amount =
    .for = The amount in question is { $value }. This raised the urgency of your case.
    .against = The amount in question is { $value }. This lowered the urgency of your case.
    .for-missing = No amount of money is in question. This raised the urgency of your case.
    .against-missing = No amount of money is in question. This lowered the urgency of your case.

## Special needs

feature-declared_need = Special need at home
    .level-advanced_age = older age
    .level-hearing_or_sight = limited hearing or sight
    .level-reduced_mobility = limited mobility
    .level-long_illness = a long illness
    .level-small_children = small children at home
    .missing = none was declared
reason-declared_need =
    .for = You told us about a special need in your home. This raised the urgency of your case.
    .against = You told us about a special need in your home. This lowered the urgency of your case.
    .for-missing = You did not tell us about a special need in your home. This raised the urgency of your case.
    .against-missing = You did not tell us about a special need in your home. This lowered the urgency of your case.

feature-medical_equipment_affected = Medical equipment affected
    .yes = medical equipment
    .no = no medical equipment
reason-medical_equipment_affected =
    .for = We noted that { $value } at your home is affected. This raised the urgency of your case.
    .against = We noted that { $value } at your home is affected. This lowered the urgency of your case.

## Safety

feature-safety_risk = Risk to life or health
    .yes = a risk
    .no = no risk
reason-safety_risk =
    .for = We noted { $value } to life or health. This raised the urgency of your case.
    .against = We noted { $value } to life or health. This lowered the urgency of your case.

## How and when you reached us

feature-contact_channel = How you reached us
    .level-phone = by phone
    .level-email = by email
    .level-chat = by chat
    .level-web_form = through the web form
    .level-app = through the app
    .level-letter = by letter
    .level-shop = in a shop
reason-contact_channel =
    .for = You reached us { $value }. This raised the urgency of your case.
    .against = You reached us { $value }. This lowered the urgency of your case.

feature-contact_weekday = Day of the week you reached us
    .level-monday = Monday
    .level-tuesday = Tuesday
    .level-wednesday = Wednesday
    .level-thursday = Thursday
    .level-friday = Friday
    .level-saturday = Saturday
    .level-sunday = Sunday
reason-contact_weekday =
    .for = You reached us on a { $value }. This raised the urgency of your case.
    .against = You reached us on a { $value }. This lowered the urgency of your case.

## Time as a customer

feature-customer_years = Time as a customer
    .zero = less than a year
    .missing = no contract with us yet
reason-customer_years =
    .for = You have had a contract with us for { $value }. This raised the urgency of your case.
    .against = You have had a contract with us for { $value }. This lowered the urgency of your case.
    .for-missing = You do not have a contract with us yet. This raised the urgency of your case.
    .against-missing = You do not have a contract with us yet. This lowered the urgency of your case.

## Rules

rule-safety_risk =
    .customer = You reported a risk to life or health. Such a case is always P1.
    .agent = Risk to life or health reported: P1 (house rule 1).
rule-medical_equipment_without_supply =
    .customer = Medical equipment at your home is affected. Your { $product_line } is { $service_effect }. Such a case is always P1.
    .agent = Medical equipment without full supply: P1 (house rule 2).
rule-medical_equipment =
    .customer = Medical equipment at your home is affected. Such a case is always P2 or P1.
    .agent = Medical equipment affected: P2 at least (house rule 3).
rule-declared_need =
    .customer = You told us about a special need in your home. Such a case is always P2 or P1.
    .agent = Special need declared: P2 at least (house rule 4).
rule-winter_heating =
    .customer = Your { $product_line } is { $service_effect }, and it is winter. Such a case is always P2 or P1.
    .agent = Gas or heating fully out in the winter months: P2 at least (house rule 5).
rule-broken_promise =
    .customer = Your case is { $days_past_promise } past the date we promised you. After 15 days or more, a case is always P2 or P1.
    .agent = Promised date passed by 15 days or more: P2 at least (house rule 6).
rule-long_wait =
    .customer = Your case has been open for { $waiting_hours }. After ten days or more, a case is always P2 or P1.
    .agent = Open for ten days or more: P2 at least (house rule 7).

## Where the data comes from

source-case_history = the history of your case
source-contact_records = our records of your contacts
source-what_you_told_us = what you told us
source-your_contract = your contract
source-what_you_told_us_and_fault_records = what you told us, and our fault records
source-your_bills_and_payments = your bills and payments
source-what_you_declared = what you declared to us

# Groups of reasons, as the picture of the why panel names them
group-contacts = Earlier contacts
group-service = The service affected
group-needs = Special needs
