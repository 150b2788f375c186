"""Every change that a letter must not survive: (decision, release, random) → the changed one, None where nothing can be."""

import string
from dataclasses import replace

from explainer.attributions.attribution import Attribution
from explainer.explanations.hearing import hear
from explainer.explanations.wording import AGENT, CUSTOMER


def with_sentence(said, language, reader, place, **changed):
    """A decision with one sentence changed."""
    found = list(said.texts[language][reader])
    found[place] = found[place]._replace(**changed)
    return said._replace(texts={**said.texts, language: {**said.texts[language], reader: tuple(found)}})


def with_reason(said, reader, place, **changed):
    found = list(said.reasons[reader])
    found[place] = found[place]._replace(**changed)
    return said._replace(reasons={**said.reasons, reader: tuple(found)})


def one_language(said, rng):
    """One of those it was worded in."""
    return str(rng.choice(sorted(said.texts)))


def scored(said, reader=CUSTOMER):
    """Places of the score reasons."""
    return [place for place, one in enumerate(said.reasons[reader]) if one.kind == "score"]


def flip_a_push(said, release, rng):
    phi = -said.attribution.phi
    split = said.attribution
    return said._replace(attribution=Attribution(split.features, phi, split.margin - phi.sum(), split.margin, split.method))


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
    return said._replace(texts={**said.texts, language: swapped})


def swap_two_reasons_and_their_ranks(said, release, rng):
    reasons = said.reasons[CUSTOMER]
    if not _tell_apart(reasons):
        return None
    swapped = {}
    for language, readers in said.texts.items():
        first, second, *rest = readers[CUSTOMER]
        swapped[language] = {**readers, CUSTOMER: (second._replace(rank=1), first._replace(rank=2), *rest)}
    return said._replace(reasons={**said.reasons, CUSTOMER: (reasons[1], reasons[0], *reasons[2:])}, texts=swapped)


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
    return said._replace(row=said.row._replace(facts={**said.row.facts, lead: other}))


def change_an_asserted_fact(said, release, rng):
    language = one_language(said, rng)
    for place, one in enumerate(said.texts[language][AGENT]):
        for name, fact in one.facts:
            if isinstance(fact, float | int):
                return with_sentence(said, language, AGENT, place, facts=tuple({**dict(one.facts), name: fact + 1}.items()))
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
        language: {**readers, CUSTOMER: tuple(one._replace(rank=one.rank - 1) for one in readers[CUSTOMER][1:])}
        for language, readers in said.texts.items()
    }
    return said._replace(reasons={**said.reasons, CUSTOMER: reasons[1:]}, texts=texts)


def leave_one_out_for_the_agent(said, release, rng):
    if not scored(said, AGENT):
        return None
    texts = {language: {**readers, AGENT: readers[AGENT][:-1]} for language, readers in said.texts.items()}
    return said._replace(reasons={**said.reasons, AGENT: said.reasons[AGENT][:-1]}, texts=texts)


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
    return said._replace(decision=said.decision._replace(rules=rules))


def let_another_rule_decide(said, release, rng):
    other = next((one.code for one in release.pack.rules if one.code != said.decision.rule), None)
    return None if said.decision.rule is None else said._replace(decision=said.decision._replace(rule=other))


def turn_the_outcome(said, release, rng):
    """The worst becomes the best, with the reasons of the worst."""
    bands = release.pack.bands
    turned = {bands[0].outcome: bands[-1].outcome, bands[-1].outcome: bands[0].outcome}.get(said.decision.outcome)
    if turned is None or not scored(said):
        return None
    return said._replace(decision=said.decision._replace(outcome=turned))


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
        language: {**readers, CUSTOMER: numbered((readers[CUSTOMER][0], *readers[CUSTOMER])[: len(reasons)])}
        for language, readers in said.texts.items()
    }
    return said._replace(reasons={**said.reasons, CUSTOMER: reasons}, texts=texts)


def numbered(sentences):
    return tuple(one._replace(rank=rank) for rank, one in enumerate(sentences, 1))


def leave_the_second_out(said, release, rng):
    """Only where it is one that had to be told: more than a hair behind the first, or the only other."""
    if len(scored(said)) < 2:
        return None
    reasons = (said.reasons[CUSTOMER][0], *said.reasons[CUSTOMER][2:])
    texts = {
        language: {**readers, CUSTOMER: numbered((readers[CUSTOMER][0], *readers[CUSTOMER][2:]))}
        for language, readers in said.texts.items()
    }
    return said._replace(reasons={**said.reasons, CUSTOMER: reasons}, texts=texts)


def leave_a_language_out(said, release, rng):
    return said._replace(texts={language: readers for language, readers in said.texts.items() if language != "es"})


def leave_a_reader_out(said, release, rng):
    return said._replace(texts={**said.texts, "en": {who: what for who, what in said.texts["en"].items() if who != CUSTOMER}})


def add_a_language_nobody_checks(said, release, rng):
    return said._replace(texts={**said.texts, "en-XX": said.texts["en"]})


def hide_what_a_sentence_asserts(said, release, rng):
    """Without its key it would be one of an old record, and its words are still heard."""
    language = one_language(said, rng)
    if not (found := said.texts[language][CUSTOMER]):
        return None
    lie = with_sentence(said, language, CUSTOMER, 0, key="", facts=(), rank=0, outcome=None)
    return with_sentence(lie, language, CUSTOMER, 0, text=f"{found[0].text[:-1]} and of all else.")


def forget_the_values_it_asserts(said, release, rng):
    language = one_language(said, rng)
    for place, one in enumerate(said.texts[language][CUSTOMER]):
        if one.facts:
            return with_sentence(said, language, CUSTOMER, place, facts=())
    return None


def forget_the_numbers(said, release, rng):
    return said._replace(attribution=None)


def forget_the_words(said, release, rng):
    return said._replace(texts=None)


def move_the_margin(said, release, rng):
    """What panels say of score, distance and similar cases."""
    return said._replace(decision=said.decision._replace(margin=said.decision.margin + 0.01))


def move_the_threshold_away(said, release, rng):
    return said._replace(decision=said.decision._replace(distance=said.decision.distance + 0.5))


def send_a_decided_case_to_a_person(said, release, rng):
    if said.decision.decisive != "score":
        return None
    return said._replace(decision=said.decision._replace(outcome=release.pack.person, decisive="band"))


def call_a_rule_slight(said, release, rng):
    if said.decision.rule is None:
        return None
    changed = with_reason(said, CUSTOMER, 0, strength="slight")
    for language in said.texts:
        changed = with_sentence(changed, language, CUSTOMER, 0, strength="slight")
    return changed


def change_a_fact_nobody_speaks_of(said, release, rng):
    """The letter's table holds it all the same."""
    spoken = {one.lead for one in said.reasons[AGENT]} | {name for one in said.texts["en"][AGENT] for name, _ in one.facts}
    silent = [one for one in release.pack.features if one.name not in spoken and isinstance(said.row.facts[one.name], int | float)]
    if not silent:
        return None
    name, fact = silent[0].name, said.row.facts[silent[0].name]
    other = not fact if isinstance(fact, bool) else fact + 1
    return said._replace(row=said.row._replace(facts={**said.row.facts, name: other}))


def call_a_value_clipped(said, release, rng):
    numbers = [one for one in release.pack.features if said.row.facts[one.name] not in (None, one.low, one.high) and one.clip]
    return said._replace(row=said.row._replace(adjusted={**said.row.adjusted, numbers[0].name: "clipped"})) if numbers else None


MUTATIONS = [
    flip_a_push, flip_a_direction, say_the_opposite, swap_two_reasons, swap_two_reasons_and_their_ranks, change_a_digit,
    change_a_fact, change_an_asserted_fact, tell_another_feature_s_sentence, leave_the_first_out, leave_one_out_for_the_agent,
    call_it_stronger, name_a_rule_that_did_not_fire, let_another_rule_decide, turn_the_outcome, claim_another_outcome_of_a_rule,
    say_nothing, add_a_word, say_one_reason_twice, leave_the_second_out, leave_a_language_out, leave_a_reader_out,
    add_a_language_nobody_checks, hide_what_a_sentence_asserts, forget_the_values_it_asserts, forget_the_numbers,
    forget_the_words, move_the_margin, move_the_threshold_away, send_a_decided_case_to_a_person, call_a_rule_slight,
    change_a_fact_nobody_speaks_of, call_a_value_clipped, place_it_elsewhere,
]  # fmt: skip
