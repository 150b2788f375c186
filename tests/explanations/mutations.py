"""Every change that a letter must not survive: (decision, release, random) → the changed one, None where nothing can be."""

import string
from dataclasses import replace

from explainer.attributions.attribution import Attribution
from explainer.explanations.changing.recourse import Change, NoRecourse
from explainer.explanations.hearing import hear
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, word_recourse


def with_sentence(said, language, reader, place, **changed):
    """A decision with one sentence changed."""
    found = list(said.texts[language][reader])
    found[place] = replace(found[place], **changed)
    return replace(said, texts={**said.texts, language: {**said.texts[language], reader: tuple(found)}})


def with_reason(said, reader, place, **changed):
    found = list(said.reasons[reader])
    found[place] = replace(found[place], **changed)
    return replace(said, reasons={**said.reasons, reader: tuple(found)})


def one_language(said, rng):
    """One of those it was worded in."""
    return str(rng.choice(sorted(said.texts)))


def scored(said, reader=CUSTOMER):
    """Places of the score reasons."""
    return [place for place, one in enumerate(said.reasons[reader]) if one.kind == "score"]


def flip_a_push(said, release, rng):
    phi = -said.attribution.phi
    split = said.attribution
    return replace(said, attribution=Attribution(split.features, phi, split.margin - phi.sum(), split.margin, split.method))


def flip_a_direction(said, release, rng):
    if not (places := scored(said)):
        return None
    place, language = rng.choice(places), one_language(said, rng)
    other = {"for": "against", "against": "for"}[said.texts[language][CUSTOMER][place].direction]
    return with_sentence(said, language, CUSTOMER, place, direction=other)


def say_the_opposite(said, release, rng):
    """The words of the other direction about the same value."""
    if not (places := scored(said)):
        return None
    place, language = int(rng.choice(places)), one_language(said, rng)
    phrases, one = release.vocabulary.speak(language), said.texts[language][CUSTOMER][place]
    key = one.key.replace(f".{one.direction}", {"for": ".against", "against": ".for"}[one.direction])
    way = next((way for way in ("placed-more", "placed-less") if hear(way, one.text, phrases)), None)
    bare = hear(way, one.text, phrases)["reason"] if way else one.text
    opposite = phrases.say(key, **hear(one.key, bare, phrases))
    return with_sentence(said, language, CUSTOMER, place, text=phrases.say(way, reason=opposite) if way else opposite)


def swap_two_reasons(said, release, rng):
    language = one_language(said, rng)
    found = said.texts[language][CUSTOMER]
    if len(found) < 2:
        return None
    swapped = {**said.texts[language], CUSTOMER: (found[1], found[0], *found[2:])}
    return replace(said, texts={**said.texts, language: swapped})


def swap_two_reasons_and_their_ranks(said, release, rng):
    reasons = said.reasons[CUSTOMER]
    if not _tell_apart(reasons):
        return None
    swapped = {}
    for language, readers in said.texts.items():
        first, second, *rest = readers[CUSTOMER]
        swapped[language] = {**readers, CUSTOMER: (replace(second, rank=1), replace(first, rank=2), *rest)}
    return replace(said, reasons={**said.reasons, CUSTOMER: (reasons[1], reasons[0], *reasons[2:])}, texts=swapped)


def _tell_apart(reasons):
    """Whether the first two differ in size: nobody can say which of two equal ones comes first."""
    return len(reasons) > 1 and abs(reasons[0].push or 0) - abs(reasons[1].push or 0) > 1e-6


def change_a_digit(said, release, rng):
    for language in rng.permutation(list(said.texts)):
        for place, one in enumerate(said.texts[language][CUSTOMER]):
            if digits := [at for at, letter in enumerate(one.text) if letter in string.digits]:
                at = int(rng.choice(digits))
                other = rng.choice([digit for digit in string.digits[1:] if digit != one.text[at]])
                return with_sentence(said, language, CUSTOMER, place, text=one.text[:at] + other + one.text[at + 1 :])
    return None


def change_a_fact(said, release, rng):
    """The case's own value, after it was worded."""
    if not (places := scored(said, AGENT)):
        return None
    lead = said.reasons[AGENT][int(rng.choice(places))].lead
    feature, fact = release.pack.feature[lead], said.row.facts[lead]
    if feature.sensitive and fact is not None:
        return None
    levels = [one for one in feature.levels if one != fact]
    other = rng.choice(levels) if levels else (not fact if isinstance(fact, bool) else (fact or 0) + 1)
    return replace(said, row=replace(said.row, facts={**said.row.facts, lead: other}))


def change_an_asserted_fact(said, release, rng):
    language = one_language(said, rng)
    for place, one in enumerate(said.texts[language][AGENT]):
        for name, fact in one.facts.items():
            if isinstance(fact, float | int):
                return with_sentence(said, language, AGENT, place, facts={**one.facts, name: fact + 1})
    return None


def tell_another_feature_s_sentence(said, release, rng):
    language = one_language(said, rng)
    found = said.texts[language][CUSTOMER]
    return with_sentence(said, language, CUSTOMER, 0, text=found[1].text, key=found[1].key) if len(found) > 1 else None


def leave_the_first_out(said, release, rng):
    reasons = said.reasons[CUSTOMER]
    if not _tell_apart(reasons):
        return None
    texts = {
        language: {**readers, CUSTOMER: tuple(replace(one, rank=one.rank - 1) for one in readers[CUSTOMER][1:])}
        for language, readers in said.texts.items()
    }
    return replace(said, reasons={**said.reasons, CUSTOMER: reasons[1:]}, texts=texts)


def leave_one_out_for_the_agent(said, release, rng):
    if not scored(said, AGENT):
        return None
    texts = {language: {**readers, AGENT: readers[AGENT][:-1]} for language, readers in said.texts.items()}
    return replace(said, reasons={**said.reasons, AGENT: said.reasons[AGENT][:-1]}, texts=texts)


def place_it_elsewhere(said, release, rng):
    """More than most becomes less than most or nothing, or a place is given to a number that has none."""
    language, reader = one_language(said, rng), str(rng.choice([AGENT, CUSTOMER]))
    phrases = release.vocabulary.speak(language)
    for place in scored(said, reader):
        one, fact = said.texts[language][reader][place], said.row.facts[said.reasons[reader][place].lead]
        if isinstance(fact, bool | str | None):
            continue
        key, name = ("placed-{}", "reason") if reader == CUSTOMER else ("value-{}-than-most", "value")
        told = hear("agent-reason", one.text, phrases) if reader == AGENT else {"reason": one.text}
        placed = {way: hear(key.format(way), told[name], phrases) for way in ("more", "less")}
        bare = next((found[name] for found in placed.values() if found), told[name])
        other = str(rng.choice([way for way in ("more", "less") if not placed[way]] + ([""] if any(placed.values()) else [])))
        words = phrases.say(key.format(other), **{name: bare}) if other else bare
        text = words if reader == CUSTOMER else phrases.say("agent-reason", label=told["label"], value=words)
        return with_sentence(said, language, reader, place, text=text)
    return None


def call_it_stronger(said, release, rng):
    if not (places := [place for place in scored(said) if said.reasons[CUSTOMER][place].strength != "strong"]):
        return None
    changed = with_reason(said, CUSTOMER, places[0], strength="strong")
    for language in said.texts:
        changed = with_sentence(changed, language, CUSTOMER, places[0], strength="strong")
    return changed


def name_a_rule_that_did_not_fire(said, release, rng):
    if not said.decision.fired:
        return None
    rules = tuple(replace(one, fired=False) for one in said.decision.rules)
    return replace(said, decision=replace(said.decision, rules=rules))


def let_another_rule_decide(said, release, rng):
    other = next((one.code for one in release.pack.rules if one.code != said.decision.rule), None)
    return None if said.decision.rule is None else replace(said, decision=replace(said.decision, rule=other))


def turn_the_outcome(said, release, rng):
    """The worst becomes the best, with the reasons of the worst."""
    bands = release.pack.bands
    turned = {bands[0].outcome: bands[-1].outcome, bands[-1].outcome: bands[0].outcome}.get(said.decision.outcome)
    if turned is None or not scored(said):
        return None
    return replace(said, decision=replace(said.decision, outcome=turned))


def claim_another_outcome_of_a_rule(said, release, rng):
    if said.decision.rule is None:
        return None
    return with_sentence(said, one_language(said, rng), CUSTOMER, 0, outcome="another")


def say_nothing(said, release, rng):
    language = one_language(said, rng)
    return with_sentence(said, language, AGENT, 0, text="") if said.texts[language][AGENT] else None


def add_a_word(said, release, rng):
    language = one_language(said, rng)
    found = said.texts[language][CUSTOMER]
    return with_sentence(said, language, CUSTOMER, 0, text=f"{found[0].text} Fin.") if found else None


def say_one_reason_twice(said, release, rng):
    if not scored(said):
        return None
    reasons = (said.reasons[CUSTOMER][0], *said.reasons[CUSTOMER])[:4]
    texts = {
        language: {**readers, CUSTOMER: _numbered((readers[CUSTOMER][0], *readers[CUSTOMER])[: len(reasons)])}
        for language, readers in said.texts.items()
    }
    return replace(said, reasons={**said.reasons, CUSTOMER: reasons}, texts=texts)


def _numbered(sentences):
    return tuple(replace(one, rank=rank) for rank, one in enumerate(sentences, 1))


def leave_the_second_out(said, release, rng):
    """Only where it is one that had to be told: more than a hair behind the first, or the only other."""
    if len(scored(said)) < 2:
        return None
    reasons = (said.reasons[CUSTOMER][0], *said.reasons[CUSTOMER][2:])
    texts = {
        language: {**readers, CUSTOMER: _numbered((readers[CUSTOMER][0], *readers[CUSTOMER][2:]))}
        for language, readers in said.texts.items()
    }
    return replace(said, reasons={**said.reasons, CUSTOMER: reasons}, texts=texts)


def leave_a_language_out(said, release, rng):
    return replace(said, texts={language: readers for language, readers in said.texts.items() if language != "es"})


def leave_a_reader_out(said, release, rng):
    return replace(said, texts={**said.texts, "en": {who: what for who, what in said.texts["en"].items() if who != CUSTOMER}})


def add_a_language_nobody_checks(said, release, rng):
    return replace(said, texts={**said.texts, "en-XX": said.texts["en"]})


def hide_what_a_sentence_asserts(said, release, rng):
    """Without its key it would be one of an old record, and its words are still heard."""
    language = one_language(said, rng)
    if not (found := said.texts[language][CUSTOMER]):
        return None
    lie = with_sentence(said, language, CUSTOMER, 0, key="", facts={}, rank=0, outcome=None)
    return with_sentence(lie, language, CUSTOMER, 0, text=f"{found[0].text[:-1]} and of all else.")


def forget_the_values_it_asserts(said, release, rng):
    language = one_language(said, rng)
    for place, one in enumerate(said.texts[language][CUSTOMER]):
        if one.facts:
            return with_sentence(said, language, CUSTOMER, place, facts={})
    return None


def forget_the_numbers(said, release, rng):
    return replace(said, attribution=None)


def forget_the_words(said, release, rng):
    return replace(said, texts=None)


def move_the_margin(said, release, rng):
    """What panels say of score, distance and similar cases."""
    return replace(said, decision=replace(said.decision, margin=said.decision.margin + 0.01))


def move_the_threshold_away(said, release, rng):
    return replace(said, decision=replace(said.decision, distance=said.decision.distance + 0.5))


def send_a_decided_case_to_a_person(said, release, rng):
    if said.decision.decisive != "score":
        return None
    return replace(said, decision=replace(said.decision, outcome=release.pack.person, decisive="band"))


def call_a_rule_slight(said, release, rng):
    if said.decision.rule is None:
        return None
    changed = with_reason(said, CUSTOMER, 0, strength="slight")
    for language in said.texts:
        changed = with_sentence(changed, language, CUSTOMER, 0, strength="slight")
    return changed


def change_a_fact_nobody_speaks_of(said, release, rng):
    """The letter's table holds it all the same."""
    spoken = {one.lead for one in said.reasons[AGENT]} | {name for one in said.texts["en"][AGENT] for name in one.facts}
    silent = [one for one in release.pack.features if one.name not in spoken and isinstance(said.row.facts[one.name], int | float)]
    if not silent:
        return None
    name, fact = silent[0].name, said.row.facts[silent[0].name]
    other = not fact if isinstance(fact, bool) else fact + 1
    return replace(said, row=replace(said.row, facts={**said.row.facts, name: other}))


def call_a_value_clipped(said, release, rng):
    numbers = [one for one in release.pack.features if said.row.facts[one.name] not in (None, one.low, one.high) and one.clip]
    return replace(said, row=replace(said.row, adjusted={**said.row.adjusted, numbers[0].name: "clipped"})) if numbers else None


# What would have changed it ----


def lines_of(said):
    return said.recourse if isinstance(said.recourse, tuple) else ()


def with_line(said, **changed):
    """A decision whose first line of recourse was changed after it was worded."""
    first, *others = lines_of(said)
    return replace(said, recourse=(replace(first, **changed), *others))


def promise_more(said, release, rng):
    best = release.pack.outcomes[0].code
    worse = [one for one in lines_of(said) if one.outcome != best]
    return with_line(said, outcome=best) if worse and lines_of(said)[0] in worse else None


def promise_no_better(said, release, rng):
    return with_line(said, outcome=said.decision.outcome) if lines_of(said) else None


def change_where_to(said, release, rng):
    if not lines_of(said):
        return None
    change = lines_of(said)[0].changes[0]
    levels = [one for one in release.pack.feature[change.feature].levels if one != change.to]
    other = levels[0] if levels else (not change.to if isinstance(change.to, bool) else (change.to or 0) + 1)
    return with_line(said, changes=(replace(change, to=other), *lines_of(said)[0].changes[1:]))


def say_that_farther_does(said, release, rng):
    numbers = [
        one for one in lines_of(said) if isinstance(one.changes[0].to, int | float) and not isinstance(one.changes[0].to, bool)
    ]
    if not numbers or lines_of(said)[0] is not numbers[0]:
        return None
    change = numbers[0].changes[0]
    return with_line(said, changes=(replace(change, farther=not change.farther), *numbers[0].changes[1:]))


def leave_a_line_out(said, release, rng):
    return replace(said, recourse=lines_of(said)[1:]) if lines_of(said) else None


def say_another_line(said, release, rng):
    language = one_language(said, rng)
    found = said.texts[language][RECOURSE]
    return with_sentence(said, language, RECOURSE, 0, text=found[1].text) if len(found) > 1 else None


def give_another_why(said, release, rng):
    other = {"rule": "nothing", "nothing": "rule"}
    return (
        replace(said, recourse=NoRecourse(other.get(said.recourse.why, "rule"))) if isinstance(said.recourse, NoRecourse) else None
    )


def ask_for_what_is_so_already(said, release, rng):
    if not lines_of(said):
        return None
    change = lines_of(said)[0].changes[0]
    return with_line(said, changes=(replace(change, to=said.row.facts[change.feature]), *lines_of(said)[0].changes[1:]))


def turn_a_number_the_other_way(said, release, rng):
    if not lines_of(said) or not lines_of(said)[0].changes[0].side:
        return None
    change = lines_of(said)[0].changes[0]
    return with_line(said, changes=(replace(change, side=-change.side), *lines_of(said)[0].changes[1:]))


def reach_it_by_another_margin(said, release, rng):
    byscore = bool(lines_of(said)) and lines_of(said)[0].decisive != "rule"
    return with_line(said, margin=said.decision.margin) if byscore else None


def with_a_number(said, release, number):
    """A decision whose first number that a line changes must be another one, exactly."""
    for line in lines_of(said):
        for change in line.changes:
            if change.side:
                other = replace(change, to=number(change, release.pack.feature[change.feature]), farther=False)
                changes = tuple(other if one is change else one for one in line.changes)
                return replace(said, recourse=(replace(line, changes=changes),))
    return None


def ask_for_more_than_is_allowed(said, release, rng):
    return with_a_number(said, release, lambda change, feature: int(feature.high) + int(feature.action.step))


def ask_for_a_part_of_a_step(said, release, rng):
    return with_a_number(said, release, lambda change, feature: change.to + feature.action.step / 2)


def ask_for_what_is_not_open(said, release, rng):
    """To ask on the website, of somebody who did not ask by phone."""
    if not lines_of(said) or said.row.facts["channel"] in {"phone", "web"}:
        return None
    return with_line(said, changes=(Change("channel", "web", 0, False),), along={"photos": 0})


def ask_for_a_level_that_is_not_offered(said, release, rng):
    """The item on its way, where only an item that arrived counts."""
    wanted = [(line, one) for line in lines_of(said) for one in line.changes if one.feature == "return_status"]
    if not wanted or said.row.facts["return_status"] == "on_the_way":
        return None
    line, change = wanted[0]
    changes = tuple(replace(one, to="on_the_way") if one is change else one for one in line.changes)
    return replace(said, recourse=(replace(line, changes=changes), *lines_of(said)[1:]))


def change_what_comes_along(said, release, rng):
    return with_line(said, along={**lines_of(said)[0].along, "gift": True}) if lines_of(said) else None


def say_that_a_rule_would_have_decided(said, release, rng):
    """No rule fires after these changes, and a margin far below stands for nothing."""
    byscore = bool(lines_of(said)) and lines_of(said)[0].decisive != "rule"
    return with_line(said, decisive="rule", margin=-99.0) if byscore else None


def reach_it_by_a_hair(said, release, rng):
    """Just past the threshold above which its outcome begins."""
    edges = {one.outcome: one.at_least for one in release.pack.bands}
    if not lines_of(said) or lines_of(said)[0].decisive == "rule" or edges[lines_of(said)[0].outcome] is None:
        return None
    edge = edges[lines_of(said)[0].outcome]
    return with_line(said, margin=edge + 0.01, distance=edge + 0.01 - edge)


def give_one_line_four_times(said, release, rng):
    if not lines_of(said):
        return None
    texts = {language: {**readers, RECOURSE: _numbered(readers[RECOURSE][:1] * 4)} for language, readers in said.texts.items()}
    return replace(said, recourse=lines_of(said)[:1] * 4, texts=texts)


def say_that_nothing_would_have_helped(said, release, rng):
    """Every line and its words gone, and the words for a rule in their place."""
    if not lines_of(said):
        return None
    texts = {}
    for phrases in release.vocabulary.every:
        none = word_recourse(NoRecourse("rule"), release.pack, phrases)
        texts[phrases.locale] = {**said.texts[phrases.locale], RECOURSE: none}
    return replace(said, recourse=NoRecourse("rule"), texts=texts) if said.decision.decisive == "score" else None


def drop_recourse_altogether(said, release, rng):
    if said.recourse is None:
        return None
    texts = {language: {**readers, RECOURSE: ()} for language, readers in said.texts.items()}
    return replace(said, recourse=None, texts=texts)


ABOUT_RECOURSE = [
    promise_more, promise_no_better, change_where_to, say_that_farther_does, leave_a_line_out, say_another_line, give_another_why,
    ask_for_what_is_so_already, turn_a_number_the_other_way, reach_it_by_another_margin, give_one_line_four_times,
    say_that_nothing_would_have_helped, drop_recourse_altogether,
]  # fmt: skip

# What no word gives away: lines that the pack does not allow, or that lead elsewhere
ABOUT_LINES = [
    ask_for_more_than_is_allowed, ask_for_a_part_of_a_step, ask_for_what_is_not_open, ask_for_a_level_that_is_not_offered,
    change_what_comes_along, say_that_a_rule_would_have_decided, reach_it_by_a_hair,
]  # fmt: skip


MUTATIONS = [
    flip_a_push, flip_a_direction, say_the_opposite, swap_two_reasons, swap_two_reasons_and_their_ranks, change_a_digit,
    change_a_fact, change_an_asserted_fact, tell_another_feature_s_sentence, leave_the_first_out, leave_one_out_for_the_agent,
    call_it_stronger, name_a_rule_that_did_not_fire, let_another_rule_decide, turn_the_outcome, claim_another_outcome_of_a_rule,
    say_nothing, add_a_word, say_one_reason_twice, leave_the_second_out, leave_a_language_out, leave_a_reader_out,
    add_a_language_nobody_checks, hide_what_a_sentence_asserts, forget_the_values_it_asserts, forget_the_numbers,
    forget_the_words, move_the_margin, move_the_threshold_away, send_a_decided_case_to_a_person, call_a_rule_slight,
    change_a_fact_nobody_speaks_of, call_a_value_clipped, place_it_elsewhere,
]  # fmt: skip
