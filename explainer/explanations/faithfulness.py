"""Faithfulness: before a text leaves, each sentence is held against the numbers it speaks about.

Reasons are held against rules and attributions, sentences against reasons and facts: what
they assert, and what their words say when they are read back.  Nothing here calls the code
that chose or wrote them.  A disagreement is a finding in one line, and quotes nobody's data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from explainer.attributions.attribution import LOCAL_ACCURACY, Attribution
from explainer.decisions.deciding import RULE, Decision
from explainer.decisions.features import FeatureRow
from explainer.explanations.changing.recourse import Change, Line, NoRecourse, Recourse
from explainer.explanations.hearing import hear, hear_list, says_fact
from explainer.explanations.reasons import (
    AGAINST,
    CUSTOMER_LIMIT,
    FOR,
    NEGLIGIBLE,
    RULE_REASON,
    SCORE_REASON,
    Reason,
    explaining_directions,
    strength_of,
)
from explainer.explanations.wording import AGENT, UNKNOWN, Sentence
from explainer.packs.definition import Fact, Feature, Pack
from explainer.packs.words.phrases import Phrases, level_key

Said = tuple[str, Fact, str | None]  # feature, its value, what was changed about it


def wrong_reasons(told: Mapping[str, Sequence[Reason]], decision: Decision, attribution: Attribution, pack: Pack) -> list[str]:
    """What is wrong with the reasons of each reader: a rule that did not fire, a sign, a sum, an order, one left out.

    Returns:
        One line for each finding.
    """
    if attribution.features != pack.names:
        return ["attributions of other features than the pack's"]
    phi, columns = attribution.phi.tolist(), _columns(pack)
    total = {group: math.fsum([phi[column] for column in of]) for group, of in columns.items()}
    found = []
    for one in {id(one): one for reasons in told.values() for one in reasons}.values():  # readers share some of them
        if one.kind == RULE_REASON:
            why = _wrong_rule(one, decision, pack)
        else:
            why = _wrong_push(
                one, {pack.names[column]: phi[column] for column in columns.get(one.code, ())}, total.get(one.code, 0.0)
            )
        if why:
            found.append(f"{one.code}: {why}")
    for reader, reasons in told.items():
        both = _wrong_order(reasons, decision), _wrong_choice(reasons, reader, decision, total, pack=pack)
        found += [f"{reader}: {why}" for why in both if why]
    return found


def wrong_sentences(
    sentences: Sequence[Sentence], reasons: Sequence[Reason], reader: str, row: FeatureRow, *, pack: Pack, phrases: Phrases
) -> list[str]:
    """What is wrong with the sentences that say some reasons in one language.

    Returns:
        One line for each finding.
    """
    found = [] if len(sentences) == len(reasons) else [f"{len(sentences)} sentences for {len(reasons)} reasons"]
    for rank, (said, reason) in enumerate(zip(sentences, reasons, strict=False), 1):
        found += [f"sentence {rank}: {why}" for why in _wrong_sentence(said, reason, row, pack) if why]
        if said.rank != rank:
            found.append(f"sentence {rank}: asserts another rank")
        about = _About(reason.kind, reason.code, reason.direction, reason.lead, reader)
        names = said.facts if reason.kind == RULE_REASON else (reason.lead or "",)
        told = tuple([(name, row.facts.get(name), row.adjusted.get(name)) for name in names])
        if why := _misheard(said.key, said.text, about, told, pack=pack, phrases=phrases):
            found.append(f"sentence {rank}: {why}")
    return found


def wrong_recourse(
    sentences: Sequence[Sentence], recourse: Recourse | None, decision: Decision, *, pack: Pack, phrases: Phrases
) -> Iterator[str]:
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
        if pack.favour(line.outcome) >= pack.favour(decision.outcome):
            yield f"line {rank}: leads to nothing better"
            continue
        if (said.rank, said.facts, said.outcome) != (rank, {one.feature: one.to for one in line.changes}, line.outcome):
            yield f"line {rank}: asserts another change"
        heard = hear("recourse-one" if len(line.changes) == 1 else "recourse-several", said.text, phrases)
        if heard is None or heard["outcome"] != phrases.say(f"outcome-{line.outcome}.instead"):
            yield f"line {rank}: its words do not say the outcome"
        elif not _says_changes(heard["changes"], line, pack, phrases):
            yield f"line {rank}: its words do not say the changes"


@lru_cache(64)
def _columns(pack: Pack) -> Mapping[str, tuple[int, ...]]:
    """Reason group → the columns of its features."""
    place = {name: column for column, name in enumerate(pack.names)}
    return {group: tuple(place[name] for name in members) for group, members in pack.members.items()}


def _wrong_rule(reason: Reason, decision: Decision, pack: Pack) -> str | None:
    fired = next((one for one in decision.fired if one.code == reason.code), None)
    if fired is None:
        return "this rule did not fire"
    if (reason.direction == FOR) != (fired.floor or pack.favour(fired.outcome) == 0):
        return f"given as {reason.direction}, which its outcome is not"
    return None


def _wrong_push(reason: Reason, pushes: Mapping[str, float], total: float) -> str | None:
    given = reason.push or 0.0
    if not pushes or not abs(total - given) <= LOCAL_ACCURACY:
        return "its push is not what its features add up to"
    if reason.direction != (FOR if total > 0 else AGAINST):
        return f"given as {reason.direction}, against its sign"
    if reason.strength != strength_of(given):
        return f"called {reason.strength}, which it is not"
    if pushes.get(reason.lead or "") != (max if total > 0 else min)(pushes.values()):
        return "speaks of a feature that did not push furthest"
    return None


def _wrong_order(reasons: Sequence[Reason], decision: Decision) -> str | None:
    kinds = [one.kind for one in reasons]
    if kinds != sorted(kinds):  # rule, score
        return "a rule stands behind the score"
    if decision.decisive == RULE and [one.code for one in reasons[:1]] != [decision.rule]:
        return "the rule that decided does not come first"
    sizes = [abs(one.push or 0.0) for one in reasons if one.kind == SCORE_REASON]
    if any(first + LOCAL_ACCURACY < second for first, second in pairwise(sizes)):
        return "a weaker reason comes before a stronger one"
    return None


def _wrong_choice(
    reasons: Sequence[Reason], reader: str, decision: Decision, total: Mapping[str, float], *, pack: Pack
) -> str | None:
    """What a reader is told too much or not at all; `total` is each group's push."""
    given = [one.code for one in reasons if one.kind == SCORE_REASON]
    weighty = {group: push for group, push in total.items() if abs(push) >= NEGLIGIBLE + LOCAL_ACCURACY}
    if reader == AGENT:
        missing = sorted(weighty.keys() - set(given))
        return f"left out: {', '.join(missing)}" if missing else None
    if decision.decisive == RULE:
        return "the score is given as a reason for what a rule decided" if given else None
    ways = explaining_directions(decision.outcome, pack)
    if any(one.direction not in ways for one in reasons):
        return "a reason speaks against the outcome it is given for"
    if len(given) > CUSTOMER_LIMIT:
        return f"more than {CUSTOMER_LIMIT} reasons"
    strongest = max([abs(push) for push in weighty.values() if (FOR if push > 0 else AGAINST) in ways], default=0.0)
    first = abs(total.get(given[0], 0.0)) if given else 0.0
    return "the strongest reason is not the first" if strongest > first + LOCAL_ACCURACY else None


def _wrong_sentence(said: Sentence, reason: Reason, row: FeatureRow, pack: Pack) -> Iterator[str]:
    """What a sentence asserts that its reason, the case or the rule does not."""
    if said.code != reason.code or said.direction != reason.direction or said.strength != reason.strength:
        yield f"asserts something else than its reason, {reason.code}"
    for name, fact in said.facts.items():
        if row.facts.get(name) != fact:
            yield f"asserts a value of {name} that the case does not have"
    by_rule = pack.rule.get(reason.code) if reason.kind == RULE_REASON else None
    if said.outcome != (by_rule and by_rule.outcome):
        yield "asserts an outcome that its rule does not stand for"


class _About(NamedTuple):
    """What a sentence is about, apart from its numbers: the same words do for any push."""

    kind: str
    code: str
    direction: str
    lead: str | None
    reader: str


@lru_cache(16_384)
def _misheard(key: str, text: str, about: _About, told: tuple[Said, ...], *, pack: Pack, phrases: Phrases) -> str | None:
    """Why the words do not say what the record holds."""
    if key not in _keys(about, told):
        return f"said by {key}, which says something else"
    heard = hear(key, text, phrases)
    if heard is None:
        return f"its words are not those of {key}"
    facts = {name: (fact, change) for name, fact, change in told}
    for variable, words in heard.items():
        name = variable if about.kind == RULE_REASON else about.lead or ""
        if variable == "label":
            right = words == phrases.say(f"feature-{name}")
        elif name not in facts:
            return f"says a value of {name}, which it does not assert"
        else:
            right = _says(pack.feature[name], words, *facts[name], reader=about.reader, phrases=phrases)
        if not right:
            return f"its words do not say the case's {name}"
    return None


def _says(feature: Feature, words: str, fact: Fact, change: str | None, *, reader: str, phrases: Phrases) -> bool:
    if reader == AGENT and feature.sensitive and fact is not None:
        return hear("value-private", words, phrases) is not None
    return says_fact(feature, words, fact, phrases, change=change)


def _keys(about: _About, told: Sequence[Said]) -> set[str]:
    """The phrases that may say a reason: which they are rests on the direction and on whether there is a value."""
    if about.kind == RULE_REASON:
        return {f"rule-{about.code}.{about.reader}"}
    if about.reader == AGENT:
        return {"agent-reason"}
    ((_, fact, change),) = told
    if change == UNKNOWN:
        return {f"value-unknown.{about.direction}"}
    key = f"reason-{about.lead}.{about.direction}"
    if fact is None:
        return {f"{key}-missing"}
    return {key, f"{key}-zero"} if fact == 0 else {key}


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
