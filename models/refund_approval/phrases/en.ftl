# Refund approval: every word a customer or an agent reads about this pack.
# A reason says the customer's own value, then which way it counted. No word may assume a size.

pack-name = Refund request
pack-subject = your refund request
not-used =
    We did not use your age, sex, origin, language, religion or health.
    We did not use the place where you live.
score-event = a person on our team approved the refund
compared-with = We compared your request with past requests for which a person on our team approved the refund.
placed-more = { $reason } In most approved requests, the figure was lower.
placed-less = { $reason } In most approved requests, the figure was higher.

outcome-approve = Approved
    .headline = We approved your refund.
    .instead = we would have approved your refund
    .effect =
        You get your money back in the same way as you paid. This takes 14 days at most.
        If you have the item and we need it back, we will tell you how to send it.
outcome-refer = A person decides
    .headline = A person on our team will decide about your refund.
    .instead = a person would have decided about your refund
    .effect =
        Nothing is decided yet. Somebody will look at your request and write to you within 15 working days.
        You do not have to do anything.
outcome-decline = Not approved
    .headline = We are sorry. We did not approve your refund.
    .effect =
        We will not pay this amount back for now.

source-order = your order
source-customer_request = your request
source-returns_desk = our returns desk
source-parcel_tracking = the tracking of your parcel
source-customer_account = your customer account

feature-amount = Amount asked for
feature-reason = Reason for the request
    .level-damaged = a damaged item
    .level-defective = an item that does not work
    .level-wrong_item = the wrong item
    .level-parts_missing = missing parts
    .level-not_as_described = an item that differs from its description
    .level-wrong_size = the wrong size
    .level-changed_mind = a change of mind
    .level-found_cheaper = a better price elsewhere
    .level-ordered_by_mistake = an order made by mistake
    .level-arrived_late = a delivery that came too late
    .level-not_delivered = a parcel that did not arrive
feature-item_condition = State of the item
    .level-unopened = unopened
    .level-opened = opened but not used
    .level-used = used
    .level-damaged = damaged
    .level-faulty = not working
    .level-incomplete = not complete
    .missing = not described
feature-return_status = Return so far
    .level-not_sent = not on its way back yet
    .level-label_printed = waiting to be sent, with the label printed
    .level-on_the_way = on its way back to us
    .level-received = back with us and complete
    .level-received_incomplete = back with us but not complete
feature-product_category = Kind of item
    .level-clothing = clothing
    .level-shoes = shoes
    .level-electronics = electronics
    .level-phones = phones
    .level-computers = computers
    .level-home_appliances = home appliances
    .level-furniture = furniture
    .level-kitchenware = kitchenware
    .level-toys = toys
    .level-books = books
    .level-beauty = beauty products
    .level-jewellery = jewellery
    .level-sports = sports goods
    .level-garden = garden goods
    .level-food = food
    .level-custom_made = goods made to order
feature-final_sale = Kind of sale
    .yes = a final sale
    .no = a regular sale
feature-days_since_delivery = Time from delivery to request
    .zero = less than a day
    .missing = not delivered
feature-delivery_delay_days = Delivery delay
    .zero = no delay
    .missing = no day was promised
feature-tracking_status = Parcel tracking
    .level-delivered = delivered to the door
    .level-neighbour = left with a neighbour
    .level-locker = left in a parcel locker
    .level-in_transit = still on its way
    .level-returned_to_sender = returned to the shop
    .level-lost = lost
    .missing = not tracked
feature-channel = Way of asking
    .level-web = on our website
    .level-app = in our app
    .level-phone = by phone
    .level-chat = by chat
    .level-email = by email
    .level-shop = in a shop
feature-photos = Photos sent
    .missing = not possible this way
feature-orders_12_months = Orders in the last 12 months
feature-refunds_12_months = Refunds in the last 12 months
feature-tenure_months = Age of your customer account
    .zero = less than a month
feature-payment_method = Way of payment
    .level-card = by card
    .level-online_wallet = with an online wallet
    .level-bank_transfer = by bank transfer
    .level-invoice = on invoice
    .level-instalments = in instalments
    .level-gift_card = with a gift card
    .level-cash_on_delivery = in cash on delivery
feature-contact_weekday = Day of the request
    .level-monday = Monday
    .level-tuesday = Tuesday
    .level-wednesday = Wednesday
    .level-thursday = Thursday
    .level-friday = Friday
    .level-saturday = Saturday
    .level-sunday = Sunday
feature-gift = Gift
    .yes = a gift
    .no = not a gift

reason-amount =
    .for = You asked us to pay back { $value }. This spoke for a refund.
    .against = You asked us to pay back { $value }. This spoke against a refund.
reason-reason =
    .for = You gave as your reason: { $value }. This spoke for a refund.
    .against = You gave as your reason: { $value }. This spoke against a refund.
reason-item_condition =
    .for = The item was described to us as { $value }. This spoke for a refund.
    .against = The item was described to us as { $value }. This spoke against a refund.
    .for-missing = Nobody has told us what state the item is in. This spoke for a refund.
    .against-missing = Nobody has told us what state the item is in. This spoke against a refund.
reason-return_status =
    .for = When we looked at your request, the item was { $value }. This counted for your request.
    .against = When we looked at your request, the item was { $value }. This counted against your request.
reason-product_category =
    .for = We list the item you bought under { $value }. This spoke for a refund.
    .against = We list the item you bought under { $value }. This spoke against a refund.
reason-final_sale =
    .for = You bought the item in { $value }. This spoke for a refund.
    .against = You bought the item in { $value }. This spoke against a refund.
reason-days_since_delivery =
    .for = You asked { $value } after delivery. This counted for your request.
    .against = You asked { $value } after delivery. This counted against your request.
    .for-zero = You asked on the day of delivery. This counted for your request.
    .against-zero = You asked on the day of delivery. This counted against your request.
    .for-missing = The parcel was not delivered to you. This counted for your request.
    .against-missing = The parcel was not delivered to you. This counted against your request.
reason-delivery_delay_days =
    .for = The delay, counted from the promised day, was { $value }. This counted for your request.
    .against = The delay, counted from the promised day, was { $value }. This counted against your request.
    .for-zero = There was no delay against the promised day. This counted for your request.
    .against-zero = There was no delay against the promised day. This counted against your request.
    .for-missing = We had not promised you a day for the delivery. This counted for your request.
    .against-missing = We had not promised you a day for the delivery. This counted against your request.
reason-tracking_status =
    .for = The carrier reports your parcel as { $value }. This counted for your request.
    .against = The carrier reports your parcel as { $value }. This counted against your request.
    .for-missing = The carrier does not track this kind of parcel. This counted for your request.
    .against-missing = The carrier does not track this kind of parcel. This counted against your request.
reason-channel =
    .for = You asked for the refund { $value }. This counted for your request.
    .against = You asked for the refund { $value }. This counted against your request.
reason-photos =
    .for = You sent { $value } with your request. This counted for your request.
    .against = You sent { $value } with your request. So few photos counted against your request.
    .for-zero = You sent no photos with your request. This counted for your request.
    .against-zero = You sent no photos with your request. This counted against your request.
    .for-missing = Photos cannot be sent the way you contacted us. This counted for your request.
    .against-missing = Photos cannot be sent the way you contacted us. This counted against your request.
reason-orders_12_months =
    .for = In the last 12 months you placed { $value } with us. This spoke for a refund.
    .against = In the last 12 months you placed { $value } with us. This spoke against a refund.
reason-refunds_12_months =
    .for = In the last 12 months you had { $value } from us. This spoke for a refund.
    .against = In the last 12 months you had { $value } from us. This spoke against a refund.
reason-tenure_months =
    .for = Your customer account is { $value } old. This spoke for a refund.
    .against = Your customer account is { $value } old. This spoke against a refund.
reason-payment_method =
    .for = You paid { $value }. This spoke for a refund.
    .against = You paid { $value }. This spoke against a refund.
reason-contact_weekday =
    .for = You asked for the refund on a { $value }. This counted for your request.
    .against = You asked for the refund on a { $value }. This counted against your request.
reason-gift =
    .for = Your order was { $value }. This spoke for a refund.
    .against = Your order was { $value }. This spoke against a refund.

rule-not_delivered =
    .customer =
        Your parcel did not arrive. The carrier reports it as { $tracking_status }.
        In such a case, we give you your money back.
    .effect = You get your money back in the same way as you paid. This takes 14 days at most. You do not have to send anything back.
    .agent = Not delivered, tracking says { $tracking_status } (our policy).
rule-withdrawal_right =
    .customer =
        You asked { $days_since_delivery } after delivery.
        Within 14 days you may return an item like this without giving a reason.
    .agent = Withdrawal within 14 days, asked after { $days_since_delivery }.
rule-withdrawal_food =
    .customer =
        You asked { $days_since_delivery } after delivery.
        Within 14 days you may return food, unless it goes off quickly. So a person decides.
    .agent = Food, asked after { $days_since_delivery }: whether it keeps is not known, a person decides.
rule-withdrawal_used =
    .customer =
        You asked { $days_since_delivery } after delivery. Within 14 days you may return the item.
        If it is no longer as new, or nobody has described it, a person decides how much you get back.
    .agent = Withdrawal within 14 days, asked after { $days_since_delivery }; state of the item: { $item_condition }. The system may not decline.
rule-holiday_returns =
    .customer =
        You asked { $days_since_delivery } after delivery and sent the item back unopened.
        Around the holidays we give you 60 days for that.
    .agent = Holiday returns: unopened, sent back, asked after { $days_since_delivery }, 60 days allowed.
rule-final_sale =
    .customer =
        You bought the item in a final sale. You gave as your reason: { $reason }.
        A final sale item can only go back if it is damaged, faulty, incomplete, wrong or not as described.
    .agent = Final sale; the reason given is { $reason }.
rule-large_amount =
    .customer = You asked us to pay back { $amount }. For €1,000 or more, a person decides.
    .agent = Amount { $amount }: from €1,000 a person decides.
rule-large_amount_2027 =
    .customer = You asked us to pay back { $amount }. For €750 or more, a person decides.
    .agent = Amount { $amount }: from €750 a person decides (policy of 2027).
rule-small_amount =
    .customer =
        You asked us to pay back { $amount }. In the last 12 months you had { $refunds_12_months } from us.
        In such a case, we pay back amounts under €15 without further questions.
    .agent = Goodwill: { $amount } is under €15, { $refunds_12_months } in the last 12 months.
rule-legal_guarantee =
    .customer =
        You gave as your reason: { $reason }. By law, we are responsible for two years if an item is faulty or not what you ordered.
        It is our own rule that only a person may refuse such a request.
    .agent = Legal guarantee of two years, the reason given is { $reason }: the system may not decline.

# Groups of reasons, as the picture of the why panel names them
group-problem = What is wrong
group-product = The item and the sale
group-delivery = The delivery
group-proof = How it was asked, and photos
group-history = Orders and refunds so far

## What the customer could have done

action-return_status =
    .level-received = returned the whole item to us first
action-channel =
    .level-web = asked on our website
action-photos = sent { $value }
