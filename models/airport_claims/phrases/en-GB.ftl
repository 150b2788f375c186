# What travellers from Britain read in their own way; all else is said as in en.ftl.
# Days and amounts follow the region by themselves: 4 May 2026, US$5,000.00.

letter-greeting = Dear traveller,
feature-claim_site =
    .level-Checked_Baggage = in hold baggage
    .level-Checkpoint = at airport security
feature-item_group =
    .level-jewelry_watch = jewellery or a watch
    .level-locks = a padlock
    .level-phone_music_player_gps = a mobile phone, music player or satnav

rule-approval_needed =
    .customer = You asked for { $claim_amount }. A payment above US$25,000 may need a second approval. So a person reads your claim.
    .agent = Above US$25,000: an award may need written approval (28 U.S.C. § 2672).
rule-large_claim =
    .customer = You asked for { $claim_amount }. A person reads every claim of US$5,000 or more.
    .agent = US$5,000 or more: read by a person (house rule 1).
