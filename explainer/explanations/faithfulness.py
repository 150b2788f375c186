"""Faithfulness: before a text leaves, each sentence is held against the numbers it speaks about.

The decision is held against its rules and its margin, facts against the columns that the
model saw, reasons against rules and attributions, sentences against reasons and facts: what
they assert, and what their words say when they are read back.  Nothing here calls the code
that chose or wrote them.  Each disagreement is one line, and quotes nobody's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from explainer.attributions import weighing
from explainer.attributions.attribution import LOCAL_ACCURACY
from explainer.attributions.weighing import Limits, weigh
from explainer.decisions.deciding import RULE, Decision, decide_together
from explainer.decisions.features import FeatureRow, columns_of
from explainer.decisions.policy import RuleResult
from explainer.errors import BadFacts
from explainer.explanations.changing.recourse import NoRecourse, Recourse
from explainer.explanations.hearing import NUMBERS, hear, says_changes, says_fact, says_number
from explainer.explanations.reasons import (
    AGAINST,
    CUSTOMER_LEAST,
    CUSTOMER_LIMIT,
    FOR,
    MEDIUM,
    NEGLIGIBLE,
    PRINCIPAL_SHARE,
    RULE_REASON,
    SCORE_REASON,
    STRONG,
    Reason,
    explaining_directions,
)
from explainer.explanations.wording import AGENT, LESS, MORE, UNCOMPARED, UNKNOWN, Sentence
from explainer.packs.definition import Fact, Middle, Pack
from explainer.packs.words.phrases import Phrases, named_by


class _Told(NamedTuple):
    """A value of the case that a reason is about."""

    feature: str
    fact: Fact
    kind: type  # of the fact: 1, 1.0 and true are the same, and are said otherwise
    change: str | None  # what was changed about it
    middle: Middle | None  # of the cases compared with


class _Due(NamedTuple):
    """All that decides with what words a reason may be said."""

    reader: str
    code: str  # of the reason, as all that follows
    kind: str
    direction: str
    lead: str | None
    told: tuple[_Told, ...]


def wrong_decisions(
    decisions: Sequence[Decision], margins: Sequence[float], rows: Sequence[FeatureRow], pack: Pack
) -> list[list[str]]:
    """What is wrong with the ground of the words of each case: an outcome that does not follow, a change that was none.

    Args:
        margins: which the attributions of the cases add up to.
    """
    due = decide_together([one.rules for one in decisions], margins, pack)
    found = [
        [] if one == other else ["the outcome does not follow from the rules and the margin"]
        for one, other in zip(decisions, due, strict=True)
    ]
    for row, wrong in zip(rows, found, strict=True):
        for name, change in row.adjusted.items():
            fact, feature = row.facts.get(name), pack.feature[name]
            if fact not in ((None,) if change == UNKNOWN else (feature.low, feature.high)):
                wrong.append(f"{name}: called {change}, which it is not")
    return found


def wrong_facts(row: FeatureRow, pack: Pack) -> Iterator[str]:
    """Which facts, read once more, are not what was scored."""
    try:
        scored = columns_of(row.facts, pack)
    except BadFacts:
        yield "facts that this pack does not take"
        return
    if scored.shape != row.x.shape:
        yield "columns of other features than the pack has"
    elif scored.tobytes() != row.x.tobytes():
        same = (scored == row.x) | (np.isnan(scored) & np.isnan(row.x))
        yield from (f"{pack.names[column]}: the fact is not what was scored" for column in np.flatnonzero(~same).tolist())


def wrong_reasons(
    told: Sequence[Mapping[str, Sequence[Reason]]], decisions: Sequence[Decision], phi: np.ndarray, pack: Pack
) -> list[list[str]]:
    """What is wrong with the reasons of each reader: a rule that did not fire, a sign, a sum, an order, one left out.

    Args:
        told: of each case its readers, and the reasons of each.
        phi: (n, d) attributions of the cases, margin units.

    Returns:
        For each case one line for each finding.
    """
    found = [[*_wrong_rules(readers, decision, pack)] for readers, decision in zip(told, decisions, strict=True)]
    lists = [
        (case, reader, [one for one in reasons if one.kind != RULE_REASON])
        for case, readers in enumerate(told)
        for reader, reasons in readers.items()
    ]
    if lists and (weighed := _weighed(lists, decisions, phi, pack)) is not None:
        wrong, odd = weighed
        of_one = iter(wrong.tolist())
        for (case, reader, scores), of_all in zip(lists, odd.tolist(), strict=True):
            for one, bits in zip(scores, of_one, strict=False):
                found[case] += [f"{one.code}: {said.format(one)}" for bit, said in _OF_ONE if bits & bit]
            found[case] += [f"{reader}: {said}" for bit, said in _OF_ALL if of_all & bit]
    return found


def wrong_sentences(
    texts: Sequence[Sequence[Sentence]], reasons: Sequence[Reason], reader: str, row: FeatureRow, *,
    pack: Pack, languages: tuple[Phrases, ...], middles: Mapping[str, Middle] = UNCOMPARED,
) -> list[str]:  # fmt: skip
    """What is wrong with the sentences that say some reasons to one reader.

    Args:
        texts: the sentences of each language.
        middles: feature → the middle of the cases compared with.
    """
    found = []
    for phrases, sentences in zip(languages, texts, strict=True):
        if len(sentences) != len(reasons):
            found.append(f"{phrases.locale}, {reader}: {len(sentences)} sentences for {len(reasons)} reasons")
    facts, changed = row.facts, row.adjusted.get
    for rank, (reason, said) in enumerate(zip(reasons, zip(*texts, strict=False), strict=False), 1):
        code, kind, direction, strength, _, lead = reason
        if kind == RULE_REASON:
            names = named_by(f"rule-{code}.{reader}", languages)
            told = [(name, fact := facts.get(name), type(fact), changed(name), middles.get(name)) for name in names]
        else:
            name = lead or ""
            told = [(name, fact := facts.get(name), type(fact), changed(name), middles.get(name))]
        found += _misworded(pack, languages, said, rank, strength, reader, code, kind, direction, lead, *told)
    return found


def wrong_recourse(sentences: Sequence[Sentence], recourse: Recourse | None, *, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What is wrong with the sentences that say what would have changed the outcome."""
    lines = () if recourse is None or isinstance(recourse, NoRecourse) else recourse
    expected = 1 if isinstance(recourse, NoRecourse) else len(lines)
    if len(sentences) != expected:
        yield f"{len(sentences)} sentences of recourse for {expected}"
    if isinstance(recourse, NoRecourse):
        key = f"recourse-none-{recourse.why}"
        if any(one.key != key or hear(key, one.text, phrases) is None for one in sentences):
            yield "does not say why there is no recourse"
    for rank, (said, line) in enumerate(zip(sentences, lines, strict=False), 1):
        if (said.rank, dict(said.facts), said.outcome) != (rank, {one.feature: one.to for one in line.changes}, line.outcome):
            yield f"line {rank}: asserts another change"
        heard = hear("recourse-one" if len(line.changes) == 1 else "recourse-several", said.text, phrases)
        instead = f"outcome-{line.outcome}.instead"
        if heard is None or not phrases.knows(instead) or heard.get("outcome") != phrases.say(instead):
            yield f"line {rank}: its words do not say the outcome"
        elif not says_changes(heard.get("changes", ""), line, pack, phrases):
            yield f"line {rank}: its words do not say the changes"


def _is_number(fact: Fact) -> TypeGuard[float]:
    return isinstance(fact, int | float) and not isinstance(fact, bool)


_WAYS = {(SCORE_REASON, FOR): 1, (SCORE_REASON, AGAINST): 2}
_WEIGHTS = {"slight": 0, "medium": 1, "strong": 2}
_LIMITS = Limits(LOCAL_ACCURACY, NEGLIGIBLE, MEDIUM, STRONG, PRINCIPAL_SHARE, CUSTOMER_LEAST, CUSTOMER_LIMIT)
_OF_ONE = (
    (weighing.PUSH, "its push is not what its features add up to"),
    (weighing.SIGN, "given as {0.direction}, against its sign"),
    (weighing.STRENGTH, "called {0.strength}, which it is not"),
    (weighing.LEAD, "speaks of a feature that did not push furthest"),
)
_OF_ALL = (
    (weighing.TWICE, "one reason is given twice"),
    (weighing.ORDER, "a weaker reason comes before a stronger one"),
    (weighing.OPPOSED, "a reason speaks against the outcome it is given for"),
    (weighing.MANY, f"more than {CUSTOMER_LIMIT} reasons"),
    (weighing.STRONGER, "a stronger reason is left out"),
    (weighing.FEW, "a principal reason is left out"),
    (weighing.MISSING, "a reason is left out"),
)


def _weighed(
    lists: Sequence[tuple[int, str, Sequence[Reason]]], decisions: Sequence[Decision], phi: np.ndarray, pack: Pack
) -> tuple[np.ndarray, np.ndarray] | None:
    """The bits that `weigh` finds in reasons of the score, of each reader's a case, who is told and what; None: not one."""
    places, columns, group = _places(pack)
    readers, said, pushes, end = list[int](), list[int](), list[float](), 0
    for case, reader, scores in lists:
        begin, end = end, end + len(scores)
        readers += (case, *_explaining(reader, decisions[case], pack), begin, end)
        for code, kind, direction, strength, push, lead in scores:
            said += (places.get(code, -1), _WAYS.get((kind, direction), 0), _WEIGHTS.get(strength, -1), columns.get(lead, -1))
            pushes.append(push or 0.0)
    wrong, odd = np.empty(end, dtype=np.int64), np.empty(len(lists), dtype=np.int64)
    tables = np.array(readers, dtype=np.int64).reshape(-1, 5), np.array(said, dtype=np.int64).reshape(-1, 4)
    if not weigh(phi, group, len(pack.groups), *tables, np.array(pushes), _LIMITS, wrong, odd):
        return None
    return wrong, odd


@lru_cache(64)
def _places(pack: Pack) -> tuple[Mapping[str, int], Mapping[str | None, int], np.ndarray]:
    """Of each group its place, of each feature its column, and (d,) of each column its group's place."""
    places = {group: at for at, group in enumerate(pack.groups)}
    columns: dict[str | None, int] = {name: at for at, name in enumerate(pack.names)}
    return places, columns, np.array([places[group] for group in pack.group_of.values()])


def _explaining(reader: str, decision: Decision, pack: Pack) -> tuple[int, int]:
    """What explains an outcome to a reader, and which of it has to be told."""
    if reader == AGENT or decision.decisive == RULE:
        return 3, weighing.ALL if reader == AGENT else weighing.NONE
    return sum([_WAYS[SCORE_REASON, way] for way in explaining_directions(decision.outcome, pack)]), weighing.PRINCIPAL


def _wrong_rules(told: Mapping[str, Sequence[Reason]], decision: Decision, pack: Pack) -> Iterator[str]:
    """What is wrong with the rules that readers of one case are told of."""
    fired = {one.code: one for one in decision.rules if one.fired}
    for reader, reasons in told.items():
        rules = [one for one in reasons if one.kind == RULE_REASON]
        if not rules and not fired and decision.decisive != RULE:
            continue
        codes = [one.code for one in rules]
        if [*reasons[: len(rules)]] != rules:
            yield f"{reader}: a rule stands behind the score"
        if decision.decisive == RULE and codes[:1] != [decision.rule]:
            yield f"{reader}: the rule that decided does not come first"
        if len({*codes}) < len(codes):
            yield f"{reader}: one reason is given twice"
        if reader == AGENT and (missing := fired.keys() - codes):
            yield f"{reader}: left out: {', '.join(sorted(missing))}"
        if reader != AGENT and decision.decisive == RULE and (len(reasons), codes) != (1, [decision.rule]):
            yield f"{reader}: something else is given as a reason for what a rule decided"
        if reader != AGENT and decision.decisive != RULE and rules:
            yield f"{reader}: a rule is given as a reason for what the score decided"
        yield from [f"{one.code}: {why}" for one in rules for why in _wrong_rule(one, fired.get(one.code), pack)]


def _wrong_rule(reason: Reason, fired: RuleResult | None, pack: Pack) -> Iterator[str]:
    if fired is None:
        yield "this rule did not fire"
    elif (reason.direction == FOR) != (fired.floor or pack.favour(fired.outcome) == 0):
        yield f"given as {reason.direction}, which its outcome is not"
    if (reason.strength, reason.push, reason.lead) != ("strong", None, None):
        yield "a rule that is weighed like a score"


@lru_cache(16_384)
def _misworded(pack: Pack, languages: tuple[Phrases, ...], said: tuple[Sentence, ...], *wanted: Any) -> tuple[str, ...]:
    """What is wrong with the sentences that say one reason, one in each language; where all is alike, so is the verdict.

    Args:
        wanted: the place and the strength of the reason, and a `_Due`, with what it tells at the end as plain tuples,
            which are made and remembered in a third of the time.
    """
    rank, strength, reader, code, kind, direction, lead, *told = wanted
    whole = _Due(reader, code, kind, direction, lead, tuple([_Told(*one) for one in told]))
    allowed, place, wrong = _keys(whole), _place_due(whole, pack), []
    for phrases, one in zip(languages, said, strict=True):
        about, found = _said_in(phrases, whole) if kind == RULE_REASON else whole, list[str]()
        if one[:3] != (about.code, about.direction, strength) or (one.key and one.rank != rank):
            found.append(f"asserts something else than its reason, {about.code}")
        if one.key and (one.outcome, one.facts) != (due := _claims(about, pack)):  # version 1 of a record has words alone
            found += _wrong_claims(one, *due)
        if not _says_its_number(one, about, place, pack=pack, phrases=phrases):
            why = _misheard(one, about, allowed, place, pack=pack, phrases=phrases)
            found += [why] if why else []
        wrong += [f"{phrases.locale}, {about.reader}: sentence {rank}: {why}" for why in found]
    return tuple(wrong)


def _said_in(phrases: Phrases, due: _Due) -> _Due:
    """A rule as far as a language has to say it: its words may name fewer values than those of another."""
    named = phrases.uses(f"rule-{due.code}.{due.reader}")
    return due._replace(told=tuple([told for told in due.told if told.feature in named]))


def _claims(due: _Due, pack: Pack) -> tuple[str | None, tuple[tuple[str, Fact], ...]]:
    """What a sentence has to assert beside its reason: the outcome of its rule, and each value it says."""
    by_rule = pack.rule.get(due.code) if due.kind == RULE_REASON else None
    open_ones = [one for one in due.told if by_rule or one.fact is None or not pack.feature[one.feature].sensitive]
    return by_rule.outcome if by_rule else None, tuple([(one.feature, one.fact) for one in open_ones])


def _wrong_claims(said: Sentence, outcome: str | None, facts: tuple[tuple[str, Fact], ...]) -> Iterator[str]:
    """What is wrong with what a sentence asserts beside its reason."""
    if said.outcome != outcome:
        yield "asserts an outcome that its rule does not stand for"
    open_ones = dict(facts)
    if sorted([name for name, _ in said.facts]) != sorted(open_ones):
        yield "asserts values of other features than it says"
    for name, fact in said.facts:
        if name not in open_ones or open_ones[name] != fact:
            yield f"asserts a value of {name} that the case does not have"


def _says_its_number(said: Sentence, due: _Due, place: str | None, *, pack: Pack, phrases: Phrases) -> bool:
    """Whether a sentence about a number says it, and would say 1 if that stood there: what it says around it was heard before.

    False: not for sure, `_misheard` tells.
    """
    told, numbers = due.told[0] if due.kind == SCORE_REASON else None, NUMBERS.findall(said.text)
    if told is None or told.change or len(numbers) != 1 or not _is_number(told.fact) or not told.fact:
        return False
    about = said.key, said.text.replace(numbers[0], "1"), due.reader, due.code, due.direction, due.lead
    return says_number(numbers[0], told.fact, phrases) and _would_say_one(pack, phrases, place, *about)


@lru_cache(4096)
def _would_say_one(pack: Pack, phrases: Phrases, place: str | None, *about: Any) -> bool:
    """Whether a sentence says of a reason of the score that its number is 1."""
    key, text, reader, code, direction, lead = about
    due = _Due(reader, code, SCORE_REASON, direction, lead, (_Told(lead, 1.0, float, None, None),))
    said = Sentence(code, direction, "", text, key)
    return _misheard(said, due, _keys(due), place, pack=pack, phrases=phrases) is None


def _misheard(said: Sentence, due: _Due, allowed: set[str], place: str | None, *, pack: Pack, phrases: Phrases) -> str | None:
    """Why the words of a sentence do not say what the record holds, by one of the phrases that are allowed for it."""
    said_by, text = said.key, said.text
    if said_by and said_by not in allowed:
        return f"said by {said_by}, which says something else"
    keys = (said_by,) if said_by else sorted(allowed)
    if place and due.reader != AGENT:  # agents read it behind the value
        text = (hear(f"placed-{place}", text, phrases) or {}).get("reason", "")
    heard = next((found for key in keys if (found := hear(key, text, phrases)) is not None), None)
    if heard is None:
        return f"its words are not those of {said_by or due.code}"
    about = {one.feature: one for one in due.told}
    for variable, words in heard.items():
        name = variable if due.kind == RULE_REASON else due.lead or ""
        if variable == "label":
            right = words == phrases.say(f"feature-{name}")
        elif name not in about:
            return f"says a value of {name}, which it does not assert"
        else:
            right = _says(about[name], words, place, due.reader, pack=pack, phrases=phrases)
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


def _place_due(due: _Due, pack: Pack) -> str | None:
    """Which place among the cases compared with must be said of a number that counted: no other, and not none."""
    if due.kind == RULE_REASON:
        return None
    (told,) = due.told
    fact, middle, feature = told.fact, told.middle, pack.feature.get(told.feature)
    if feature is None or middle is None or told.change or not _is_number(fact) or fact == 0 or feature.sensitive:
        return None
    above = middle.high is not None and fact > middle.high
    if not above and (middle.low is None or fact >= middle.low):
        return None
    fixed = {1: above, -1: not above}.get(feature.monotone)  # whether it speaks for the customer by its place alone
    return (MORE if above else LESS) if fixed in (None, due.direction == FOR) else None


def _keys(due: _Due) -> set[str]:
    """The phrases that may say a reason: which they are rests on the direction and on whether there is a value."""
    if due.kind == RULE_REASON:
        return {f"rule-{due.code}.{due.reader}"}
    if due.reader == AGENT:
        return {"agent-reason"}
    (told,) = due.told
    if told.change == UNKNOWN:
        return {f"value-unknown.{due.direction}"}
    key = f"reason-{due.lead}.{due.direction}"
    if told.fact is None:
        return {f"{key}-missing"}
    return {key, f"{key}-zero"} if told.fact == 0 else {key}
