# Every word a traveller or an agent reads about an airport claim.
# "The claims office" is the office that uses this pack; no word here speaks for the agency
# whose public records taught it.  Pattern of a reason: the fact, then which way it counted.

pack-name = Airport claim
pack-subject = your airport claim
not-used = The claims office did not use your name, your age, your gender, your origin or your religion.
score-event = the claim was paid in full or in part
compared-with = The claims office compared your claim with past claims that were paid in full or in part.
placed-more = { $reason } In most claims that were paid, the figure was lower.
placed-less = { $reason } In most claims that were paid, the figure was higher.

letter-greeting = Dear traveler,
letter-why-for = Here is what counted for your claim:
letter-why-against = Here is what counted against your claim:

## Outcomes

outcome-approve = Approved
    .headline = The claims office approved your claim.
    .instead = we would have approved a payment
    .effect = You will get a payment. It can be the full amount or a part of it. The claims office will tell you the amount in writing.
outcome-refer = A person decides
    .headline = A person at the claims office will decide about your claim.
    .instead = a person would have decided about your claim
    .effect = Nothing is decided yet. Somebody reads your claim and your papers. Nothing more is needed from you now.
outcome-deny = Denied
    .headline = We are sorry. The claims office did not approve your claim.
    .effect = You will not get a payment.

## Amount

feature-claim_amount = Amount you asked for
    .missing = no amount was stated
reason-claim_amount =
    .for = You asked for { $value }. This spoke for a payment.
    .against = You asked for { $value }. This spoke against a payment.
    .for-missing = You did not state an amount. This spoke for a payment.
    .against-missing = You did not state an amount. This spoke against a payment.

## Kind of claim

feature-claim_type = Kind of claim
    .level-Passenger_Property_Loss = lost property
    .level-Property_Damage = damaged property
    .level-Personal_Injury = an injury
    .level-Motor_Vehicle = a vehicle
    .level-Employee_Loss_MPCECA = a loss as an employee
    .level-Passenger_Theft = stolen property
    .missing = not stated
reason-claim_type =
    .for = Your claim is for { $value }. This spoke for a payment.
    .against = Your claim is for { $value }. This spoke against a payment.
    .for-missing = Your claim does not say what kind of claim it is. This spoke for a payment.
    .against-missing = Your claim does not say what kind of claim it is. This spoke against a payment.

## Place

feature-claim_site = Where it happened
    .level-Checked_Baggage = in checked baggage
    .level-Checkpoint = at a security checkpoint
    .level-Motor_Vehicle = in or to a vehicle
    .level-Other = at another place
    .missing = not stated
reason-claim_site =
    .for = You told the claims office that it happened { $value }. This spoke for a payment.
    .against = You told the claims office that it happened { $value }. This spoke against a payment.
    .for-missing = You did not say where it happened. This spoke for a payment.
    .against-missing = You did not say where it happened. This spoke against a payment.

## Items

feature-item_group = First item in your claim
    .level-books_office = books or office items
    .level-camera = camera equipment
    .level-clothing = clothing
    .level-computer = a computer
    .level-cosmetics = cosmetics
    .level-currency = cash
    .level-food_drink = food or drink
    .level-household_decor = household items
    .level-jewelry_watch = jewelry or a watch
    .level-locks = a lock
    .level-luggage = luggage
    .level-medical_eyewear = glasses or medical items
    .level-musical = a musical instrument
    .level-other = an item of another kind
    .level-personal_accessories = personal accessories
    .level-phone_music_player_gps = a phone, music player or GPS device
    .level-sporting = sports equipment
    .level-tools_auto = tools or car parts
    .level-toys_baby = toys or baby items
    .missing = no item was named
reason-item_group =
    .for = Your claim includes { $value }. This spoke for a payment.
    .against = Your claim includes { $value }. This spoke against a payment.
    .for-missing = Your claim does not name an item. This spoke for a payment.
    .against-missing = Your claim does not name an item. This spoke against a payment.

feature-item_count = Number of items
reason-item_count =
    .for = Your claim lists { $value }. This spoke for a payment.
    .against = Your claim lists { $value }. This spoke against a payment.

## Timing

feature-days_to_file = Time until your claim arrived
    .zero = the same day
    .missing = the day it happened is not known
reason-days_to_file =
    .for = Your claim arrived { $value } after the day it happened. This spoke for a payment.
    .against = Your claim arrived { $value } after the day it happened. This spoke against a payment.
    .for-zero = Your claim arrived on the day it happened. This spoke for a payment.
    .against-zero = Your claim arrived on the day it happened. This spoke against a payment.
    .for-missing = The day it happened is not known. This spoke for a payment.
    .against-missing = The day it happened is not known. This spoke against a payment.

## Airline and airport

feature-airline_name = Airline
    .missing = not named, or not on the list of the airlines named most often
reason-airline_name =
    .for = The airline in your claim is { $value }. This spoke for a payment.
    .against = The airline in your claim is { $value }. This spoke against a payment.
    .for-missing = Your claim names no airline, or one that is rarely named. This spoke for a payment.
    .against-missing = Your claim names no airline, or one that is rarely named. This spoke against a payment.

feature-airport_code = Airport
    .missing = not named, or not on the list of the airports named most often
reason-airport_code =
    .for = The airport in your claim is { $value }. This spoke for a payment.
    .against = The airport in your claim is { $value }. This spoke against a payment.
    .for-missing = Your claim names no airport, or one that is rarely named. This spoke for a payment.
    .against-missing = Your claim names no airport, or one that is rarely named. This spoke against a payment.

## Rules

rule-time_limit =
    .customer = Your claim arrived { $days_to_file } after the day it happened. The law sets a limit of two years. A person checks what this means for you.
    .agent = More than two years after the incident: a person checks when the claim accrued (28 U.S.C. § 2401(b)).
rule-employee_claim =
    .customer = You made your claim as an employee of the government. Another law covers such claims, so a person reads yours.
    .agent = Employee claim: own procedure (31 U.S.C. § 3721).
rule-approval_needed =
    .customer = You asked for { $claim_amount }. A payment above $25,000 may need a second approval. So a person reads your claim.
    .agent = Above $25,000: an award may need written approval (28 U.S.C. § 2672).
rule-large_claim =
    .customer = You asked for { $claim_amount }. A person reads every claim of $5,000 or more.
    .agent = $5,000 or more: read by a person (house rule 1).
rule-injury =
    .customer = Your claim is for an injury. A person reads every such claim.
    .agent = Injury: judged by a person (house rule 2).
rule-medical_items =
    .customer = Your claim includes glasses or medical items. Software never denies such a claim. So a person decides.
    .agent = Glasses or medical items: never denied by software (house rule 3).

## Where the data comes from

source-your_claim_form = your claim form
source-your_claim_form_and_the_day_it_arrived = your claim form, and the day it arrived

# Groups of reasons, as the picture of the why panel names them
group-items = The items claimed

## What the customer could have done

action-claim_amount = asked for { $value }
