"""Faithfulness: before a text leaves, each sentence is held against the numbers it speaks about.

The decision is held against its rules and its margin, facts against the columns that the
model saw, reasons against rules and attributions, sentences against reasons and facts: what
they assert, and what their words say when they are read back.  Nothing here calls the code
that chose or wrote them.  A disagreement is a finding in one line, and quotes nobody's data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import gt
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from explainer.attributions.attribution import LOCAL_ACCURACY, Attribution
from explainer.decisions.deciding import RULE, Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.errors import BadFacts
from explainer.explanations.changing.recourse import Change, Line, NoRecourse, Recourse
from explainer.explanations.hearing import hear, hear_list, says_fact
from explainer.explanations.reasons import (
    AGAINST,
    CUSTOMER_LEAST,
    CUSTOMER_LIMIT,
    FOR,
    NEGLIGIBLE,
    RULE_REASON,
    SCORE_REASON,
    Reason,
    explaining_directions,
    least_principal,
    strength_of,
)
from explainer.explanations.wording import AGENT, LESS, MORE, UNCOMPARED, UNKNOWN, Sentence
from explainer.packs.definition import Fact, Feature, Middle, Pack
from explainer.packs.words.phrases import Phrases, level_key


class _Told(NamedTuple):
    """A value of the case that a reason is about."""

    feature: str
    fact: Fact
    kind: type  # of the fact: 1, 1.0 and true are the same, and are said otherwise
    change: str | None  # what was changed about it
    middle: Middle | None  # of the cases compared with


class _Said(NamedTuple):
    """All that decides whether a sentence says its reason: where it is alike, so is the verdict."""

    key: str
    text: str
    outcome: str | None
    facts: tuple[tuple[str, Fact], ...]
    code: str  # of the reason, as all that follows
    kind: str
    direction: str
    lead: str | None
    told: tuple[_Told, ...]


def wrong_decision(decision: Decision, attribution: Attribution, row: FeatureRow, pack: Pack) -> Iterator[str]:
    """What is wrong with the ground of all words: an outcome that does not follow, a change on the way in that was none.

    Yields:
        One line for each finding.
    """
    if decide_case(decision.rules, attribution.margin, pack) != decision:
        yield "the outcome does not follow from the rules and the margin"
    for name, change in row.adjusted.items():
        fact, feature = row.facts.get(name), pack.feature[name]
        if fact not in ((None,) if change == UNKNOWN else (feature.low, feature.high)):
            yield f"{name}: called {change}, which it is not"


def wrong_facts(row: FeatureRow, pack: Pack) -> Iterator[str]:
    """Which facts, read once more, are not what was scored.

    Yields:
        One line for each finding.
    """
    try:
        scored = read_facts(row.facts, pack).x
    except BadFacts:
        yield "facts that this pack does not take"
        return
    if scored.tobytes() != row.x.tobytes():
        same = (scored == row.x) | (np.isnan(scored) & np.isnan(row.x))
        yield from (f"{pack.names[column]}: the fact is not what was scored" for column in np.flatnonzero(~same).tolist())


def wrong_reasons(told: Mapping[str, Sequence[Reason]], decision: Decision, attribution: Attribution, pack: Pack) -> Iterator[str]:
    """What is wrong with the reasons of each reader: a rule that did not fire, a sign, a sum, an order, one left out.

    Yields:
        One line for each finding.
    """
    push = dict(zip(attribution.features, attribution.phi.tolist(), strict=True))
    total = {group: math.fsum(map(push.__getitem__, members)) for group, members in pack.members.items()}
    for reader, reasons in told.items():
        for one in reasons:
            wrong = _wrong_rule(one, decision, pack) if one.kind == RULE_REASON else _wrong_push(one, push, total, pack)
            yield from [f"{one.code}: {why}" for why in wrong]
        rules, scores = ([one for one in reasons if (one.kind == kind)] for kind in (RULE_REASON, SCORE_REASON))
        yield from [f"{reader}: {why}" for why in _wrong_order(reasons, rules, scores, decision)]
        yield from [f"{reader}: {why}" for why in _wrong_choice(reader, rules, scores, decision, total=total, pack=pack)]


def wrong_sentences(
    sentences: Sequence[Sentence], reasons: Sequence[Reason], reader: str, row: FeatureRow, *,
    pack: Pack, phrases: Phrases, middles: Mapping[str, Middle] = UNCOMPARED,
) -> Iterator[str]:  # fmt: skip
    """What is wrong with the sentences that say some reasons in one language.

    Args:
        middles: feature → the middle of the cases compared with.

    Yields:
        One line for each finding.
    """
    if len(sentences) != len(reasons):
        yield f"{len(sentences)} sentences for {len(reasons)} reasons"
    for rank, (said, reason) in enumerate(zip(sentences, reasons, strict=False), 1):
        if (said.code, said.direction, said.strength) != (reason.code, reason.direction, reason.strength):
            yield f"sentence {rank}: asserts something else than reason {rank}, {reason.code}"
        if said.key and said.rank != rank:
            yield f"sentence {rank}: asserts another place"
        names = sorted(phrases.uses(f"rule-{reason.code}.{reader}")) if reason.kind == RULE_REASON else (reason.lead or "",)
        told = tuple([(name, fact := row.facts.get(name), type(fact), row.adjusted.get(name), middles.get(name)) for name in names])
        about = (reason.code, reason.kind, reason.direction, reason.lead, told)
        claim = (said.key, said.text, said.outcome, tuple(said.facts.items()), *about)
        yield from [f"sentence {rank}: {why}" for why in _misworded(claim, reader, pack, phrases)]


def wrong_table(rows: Sequence[tuple[str, ...]], row: FeatureRow, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What is wrong with a table of the facts, each row a name, a value and more.

    Yields:
        One line for each finding.
    """
    if len(rows) != len(pack.features):
        yield f"a table of {len(rows)} facts for {len(pack.features)}"
    for (label, value, *_), feature in zip(rows, pack.features, strict=False):
        if label != phrases.say(f"feature-{feature.name}"):
            yield f"table: another name for {feature.name}"
        if not says_fact(feature, value, row.facts[feature.name], phrases, change=row.adjusted.get(feature.name)):
            yield f"table: its words do not say the case's {feature.name}"


def wrong_recourse(sentences: Sequence[Sentence], recourse: Recourse | None, *, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What is wrong with the sentences that say what would have changed the outcome.

    Yields:
        One line for each finding.
    """
    lines = () if recourse is None or isinstance(recourse, NoRecourse) else recourse
    expected = 1 if isinstance(recourse, NoRecourse) else len(lines)
    if len(sentences) != expected:
        yield f"{len(sentences)} sentences of recourse for {expected}"
    if isinstance(recourse, NoRecourse):
        key = f"recourse-none-{recourse.why}"
        if any(one.key != key or hear(key, one.text, phrases) is None for one in sentences):
            yield "does not say why there is no recourse"
    for rank, (said, line) in enumerate(zip(sentences, lines, strict=False), 1):
        if (said.rank, said.facts, said.outcome) != (rank, {one.feature: one.to for one in line.changes}, line.outcome):
            yield f"line {rank}: asserts another change"
        heard = hear("recourse-one" if len(line.changes) == 1 else "recourse-several", said.text, phrases)
        instead = f"outcome-{line.outcome}.instead"
        if heard is None or not phrases.knows(instead) or heard.get("outcome") != phrases.say(instead):
            yield f"line {rank}: its words do not say the outcome"
        elif not _says_changes(heard.get("changes", ""), line, pack, phrases):
            yield f"line {rank}: its words do not say the changes"


def _is_number(fact: Fact) -> TypeGuard[float]:
    return isinstance(fact, int | float) and not isinstance(fact, bool)


def _wrong_rule(reason: Reason, decision: Decision, pack: Pack) -> Iterator[str]:
    fired = next((one for one in decision.fired if one.code == reason.code), None)
    if fired is None:
        yield "this rule did not fire"
    elif (reason.direction == FOR) != (fired.floor or pack.favour(fired.outcome) == 0):
        yield f"given as {reason.direction}, which its outcome is not"
    if (reason.strength, reason.push, reason.lead) != ("strong", None, None):
        yield "a rule that is weighed like a score"


def _wrong_push(reason: Reason, push: Mapping[str, float], total: Mapping[str, float], pack: Pack) -> Iterator[str]:
    """Of one group; `push` is each feature's, `total` each group's."""
    moved, given = total.get(reason.code, 0.0), reason.push or 0.0
    members = pack.members.get(reason.code, ())
    if not members or not abs(moved - given) <= LOCAL_ACCURACY:
        yield "its push is not what its features add up to"
    if reason.direction != (FOR if moved > 0 else AGAINST):
        yield f"given as {reason.direction}, against its sign"
    if reason.strength != strength_of(given):
        yield f"called {reason.strength}, which it is not"
    ahead = max if moved > 0 else min
    if reason.lead not in members or push[reason.lead] != ahead([push[name] for name in members]):
        yield "speaks of a feature that did not push furthest"


def _wrong_order(reasons: Sequence[Reason], rules: list[Reason], scores: list[Reason], decision: Decision) -> Iterator[str]:
    if [*reasons] != rules + scores:
        yield "a rule stands behind the score"
    if decision.decisive == RULE and [one.code for one in reasons[:1]] != [decision.rule]:
        yield "the rule that decided does not come first"
    sizes = [abs(one.push or 0.0) for one in scores]
    if any(map(gt, sizes[1:], [one + LOCAL_ACCURACY for one in sizes])):
        yield "a weaker reason comes before a stronger one"


def _wrong_choice(
    reader: str, rules: list[Reason], scores: list[Reason], decision: Decision, *, total: Mapping[str, float], pack: Pack
) -> Iterator[str]:
    """What a reader is told too much or not at all; `total` is each group's push."""
    named, given = {one.code for one in rules}, {one.code for one in scores}
    if len(named) + len(given) < len(rules) + len(scores):
        yield "one reason is given twice"
    weighty = [group for group, push in total.items() if abs(push) >= NEGLIGIBLE + LOCAL_ACCURACY and group not in given]
    if reader == AGENT:
        if missing := [*({one.code for one in decision.fired} - named), *weighty]:
            yield f"left out: {', '.join(sorted(missing))}"
    elif decision.decisive == RULE:
        if given or named != {decision.rule}:
            yield "something else is given as a reason for what a rule decided"
    else:
        if rules:
            yield "a rule is given as a reason for what the score decided"
        ways = explaining_directions(decision.outcome, pack)
        if {one.direction for one in scores}.difference(ways):
            yield "a reason speaks against the outcome it is given for"
        out = [abs(total[group]) for group in weighty if (FOR if total[group] > 0 else AGAINST) in ways]
        yield from _wrong_measure([abs(total.get(one.code, 0.0)) for one in scores], max(out, default=0.0))


def _wrong_measure(given: list[float], left: float) -> Iterator[str]:
    """Which of the reasons for an outcome a customer is told: how far each moved it, and the strongest one left out."""
    if len(given) > CUSTOMER_LIMIT:
        yield f"more than {CUSTOMER_LIMIT} reasons"
    if left > min(given, default=0.0) + LOCAL_ACCURACY:
        yield "a stronger reason is left out"
    principal = left > least_principal(max(given, default=0.0)) + LOCAL_ACCURACY or len(given) < CUSTOMER_LEAST
    if left and principal and len(given) < CUSTOMER_LIMIT:
        yield "a principal reason is left out"


@lru_cache(16_384)
def _misworded(claim: tuple[Any, ...], reader: str, pack: Pack, phrases: Phrases) -> tuple[str, ...]:
    """What is wrong with a sentence beside its place: what it asserts, and why its words do not say what the record holds.

    Args:
        claim: a `_Said` as plain tuples, which are made and remembered in a third of the time.
    """
    said = _Said(*claim)._replace(told=tuple([_Told(*one) for one in claim[-1]]))
    wrong = [*_wrong_claims(said, pack)] if said.key else []  # a record of version 1 holds the words, and not what they assert
    if why := _misheard(said, reader, pack, phrases):
        wrong.append(why)
    return tuple(wrong)


def _wrong_claims(said: _Said, pack: Pack) -> Iterator[str]:
    """What a sentence asserts beside its reason: the outcome of its rule, each value it says and no other."""
    by_rule = pack.rule.get(said.code) if said.kind == RULE_REASON else None
    if said.outcome != (by_rule and by_rule.outcome):
        yield "asserts an outcome that its rule does not stand for"
    open_ones = {name: fact for name, fact, *_ in said.told if by_rule or fact is None or not pack.feature[name].sensitive}
    if dict(said.facts).keys() != open_ones.keys():
        yield "asserts values of other features than it says"
    for name, fact in said.facts:
        if name not in open_ones or open_ones[name] != fact:
            yield f"asserts a value of {name} that the case does not have"


def _misheard(said: _Said, reader: str, pack: Pack, phrases: Phrases) -> str | None:
    """Why the words do not say what the record holds."""
    allowed = _keys(said, reader)
    if said.key and said.key not in allowed:
        return f"said by {said.key}, which says something else"
    keys, text, place = (said.key,) if said.key else sorted(allowed), said.text, _place_due(said, pack)
    if place and reader != AGENT:  # agents read it behind the value
        text = (hear(f"placed-{place}", text, phrases) or {}).get("reason", "")
    heard = next((found for key in keys if (found := hear(key, text, phrases)) is not None), None)
    if heard is None:
        return f"its words are not those of {said.key or said.code}"
    about = {one.feature: one for one in said.told}
    for variable, words in heard.items():
        name = variable if said.kind == RULE_REASON else said.lead or ""
        if variable == "label":
            right = words == phrases.say(f"feature-{name}")
        elif name not in about:
            return f"says a value of {name}, which it does not assert"
        else:
            right = _says(about[name], words, place, reader, pack=pack, phrases=phrases)
        if not right:
            return f"its words do not say the case's {name}"
    return None


def _says(told: _Told, words: str, place: str | None, reader: str, *, pack: Pack, phrases: Phrases) -> bool:
    feature = pack.feature[told.feature]
    if reader == AGENT and feature.sensitive and told.fact is not None:
        return hear("value-private", words, phrases) is not None
    if place and reader == AGENT:
        words = (hear(f"value-{place}-than-most", words, phrases) or {}).get("value", "")
    return says_fact(feature, words, told.fact, phrases, change=told.change)


def _place_due(said: _Said, pack: Pack) -> str | None:
    """Which place among the cases compared with must be said of a number that counted: no other, and not none."""
    if said.kind == RULE_REASON:
        return None
    (told,) = said.told
    fact, middle, feature = told.fact, told.middle, pack.feature.get(told.feature)
    if feature is None or middle is None or told.change or not _is_number(fact) or fact == 0 or feature.sensitive:
        return None
    above = middle.high is not None and fact > middle.high
    if not above and (middle.low is None or fact >= middle.low):
        return None
    fixed = {1: above, -1: not above}.get(feature.monotone)  # whether it speaks for the customer by its place alone
    return (MORE if above else LESS) if fixed in (None, said.direction == FOR) else None


def _keys(said: _Said, reader: str) -> set[str]:
    """The phrases that may say a reason: which they are rests on the direction and on whether there is a value."""
    if said.kind == RULE_REASON:
        return {f"rule-{said.code}.{reader}"}
    if reader == AGENT:
        return {"agent-reason"}
    (told,) = said.told
    if told.change == UNKNOWN:
        return {f"value-unknown.{said.direction}"}
    key = f"reason-{said.lead}.{said.direction}"
    if told.fact is None:
        return {f"{key}-missing"}
    return {key, f"{key}-zero"} if told.fact == 0 else {key}


def _says_changes(words: str, line: Line, pack: Pack, phrases: Phrases) -> bool:
    parts = hear_list(words, len(line.changes), phrases)
    return parts is not None and all(
        _says_change(part, one, pack.feature[one.feature], phrases) for part, one in zip(parts, line.changes, strict=True)
    )


def _says_change(words: str, change: Change, feature: Feature, phrases: Phrases) -> bool:
    """Whether words say that a customer did this: up to which value, and whether farther would have done too."""
    if isinstance(change.to, bool):
        return hear(f"action-{feature.name}.{'yes' if change.to else 'no'}", words, phrases) is not None
    if isinstance(change.to, str) and not feature.verbatim:
        return hear(f"action-{feature.name}.{level_key(change.to)}", words, phrases) is not None
    value = (hear(f"action-{feature.name}", words, phrases) or {}).get("value", "")
    if change.farther:
        value = (hear("value-at-least" if change.side > 0 else "value-at-most", value, phrases) or {}).get("value", "")
    return says_fact(feature, value, change.to, phrases)
