"""Wording: reasons to sentences, and values to words, in each language.

Deterministic: phrases come from the release, numbers and money follow the locale.  A
sentence is refused before it is said when it would contradict its own number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from explainer.errors import Unfaithful, Unspeakable
from explainer.explanations.changing.recourse import Change, Line, NoRecourse, Recourse
from explainer.explanations.reasons import FOR, RULE_REASON, Reason
from explainer.packs.definition import Fact, Feature, Middle, Pack
from explainer.packs.words.phrases import Counted, Phrases, level_key, named_by

AGENT, CUSTOMER = "agent", "customer"
RECOURSE = "recourse"  # for both: what would have changed the outcome, or that nothing would
CLIPPED, UNKNOWN = "clipped", "unknown"  # what `read_facts` may have changed on the way in
MORE, LESS = "more", "less"  # than most of the reference population
OPEN = "\0"  # stands for a value that is said later
UNCHANGED: Mapping[str, str] = MappingProxyType({})
UNCOMPARED: Mapping[str, Middle] = MappingProxyType({})

# A large number of a small unit is said in the larger one: above how many, and how many make one.
LARGER = {"hours": (48, 24, "days"), "months": (23, 12, "years")}


class Sentence(NamedTuple):
    """One reason as a reader reads it, with what it asserts; `faithfulness` holds both against the record."""

    code: str
    direction: str  # for | against
    strength: str  # strong | medium | slight
    text: str
    key: str = ""  # the phrase that says it; records of version 1 do not hold what sentences assert
    rank: int = 0  # its place, from 1
    facts: tuple[tuple[str, Fact], ...] = ()  # each feature whose value it says, in the order of their names, and the value
    outcome: str | None = None  # the one that a rule stands for


def word(
    reasons: Sequence[Reason],
    reader: str,
    facts: Mapping[str, Fact],
    *,
    pack: Pack,
    languages: tuple[Phrases, ...],
    adjusted: Mapping[str, str] = UNCHANGED,
    middles: Mapping[str, Middle] = UNCOMPARED,
) -> dict[str, tuple[Sentence, ...]]:
    """Say reasons to one reader.

    Args:
        reader: `agent` or `customer`.
        facts: the case as read by `read_facts`.
        adjusted: feature → what `read_facts` changed, so that no sentence claims a value nobody sent.
        middles: feature → the middle of the cases compared with, so that a number says whether it is high or low.

    Returns:
        Language → its sentences.

    Raises:
        Unfaithful: a reason points against its own number.
        Unspeakable: the words do not fit the values.
    """
    said = []
    for rank, (code, kind, direction, strength, push, lead) in enumerate(reasons, 1):
        if push is not None and (push > 0) != (direction == FOR):
            raise Unfaithful(f"reason {code} is given as {direction} against its own sign")
        if kind == RULE_REASON:
            names = named_by(f"rule-{code}.{reader}", languages)
            values = [_value(name, facts[name], adjusted, middles) for name in names]
        elif lead is None:
            raise Unspeakable(f"reason {code} names no feature")
        else:
            values = [_value(lead, facts[lead], adjusted, middles)]
        said.append(_sentences(pack, languages, reader, rank, code, kind, direction, strength, *values))
    every = zip(*said, strict=True) if said else ((),) * len(languages)
    return {phrases.locale: sentences for phrases, sentences in zip(languages, every, strict=True)}


def _value(name: str, fact: Fact, adjusted: Mapping[str, str], middles: Mapping[str, Middle]) -> tuple[Any, ...]:
    """A `_Value` as a plain tuple, which is made and remembered in a third of the time."""
    return name, fact, type(fact), not fact and repr(fact) == "-0.0", adjusted.get(name), middles.get(name)


def show_value(feature: Feature, fact: Fact, phrases: Phrases, change: str | None = None) -> str:
    """A fact as a reader would write it: `€34.90`, `6 days`, `damaged`, `not known`, `6 photos or more (…)`.

    Args:
        change: what `read_facts` changed about it, `clipped` or `unknown`.
    """
    if change == UNKNOWN:
        return phrases.say("value-unknown")
    if fact is None:
        return phrases.say(f"feature-{feature.name}.missing")
    if isinstance(fact, bool):
        return phrases.say(f"feature-{feature.name}.{'yes' if fact else 'no'}")
    if isinstance(fact, str):
        return fact if feature.verbatim else phrases.say(f"feature-{feature.name}.{level_key(fact)}")
    if change == CLIPPED:
        key = "value-or-less" if fact == feature.low else "value-or-more"
        return phrases.say(key, value=_show_number(fact, feature.unit, phrases))
    if fact == 0 and phrases.knows(f"feature-{feature.name}.zero"):
        return phrases.say(f"feature-{feature.name}.zero")
    return _show_number(fact, feature.unit, phrases)


def show_to_agent(feature: Feature, fact: Fact, phrases: Phrases, change: str | None = None) -> str:
    """A fact as an agent may see it: that something sensitive was said, but not what."""
    if feature.sensitive and fact is not None:
        return phrases.say("value-private")
    return show_value(feature, fact, phrases, change)


def _place(feature: Feature, fact: Fact, direction: str, middle: Middle | None) -> str | None:
    """Whether a number is more or less than most have; unsaid where its direction is fixed and its place points the other way."""
    if middle is None or not fact or isinstance(fact, (str, bool)) or feature.sensitive:
        return None
    more, less = (middle.high is not None and fact > middle.high), (middle.low is not None and fact < middle.low)
    helps = feature.monotone > 0 if more else feature.monotone < 0
    if not (more or less) or (feature.monotone and helps != (direction == FOR)):
        return None
    return MORE if more else LESS


def word_recourse(recourse: Recourse | None, pack: Pack, phrases: Phrases) -> tuple[Sentence, ...]:
    """Say what would have changed the outcome, one sentence a line, or why nothing would.

    Raises:
        Unspeakable: the words do not fit the values.
    """
    if recourse is None:
        return ()
    if isinstance(recourse, NoRecourse):
        key = f"recourse-none-{recourse.why}"
        return (Sentence(f"no-recourse-{recourse.why}", FOR, "strong", phrases.say(key), key, 1),)
    return tuple(_line(line, rank, pack, phrases) for rank, line in enumerate(recourse, 1))


def _line(line: Line, rank: int, pack: Pack, phrases: Phrases) -> Sentence:
    done = [_done(change, pack.feature[change.feature], phrases) for change in line.changes]
    together = format_list(done, "standard", phrases.babel)
    key = "recourse-one" if len(done) == 1 else "recourse-several"
    text = phrases.say(key, changes=together, outcome=phrases.say(f"outcome-{line.outcome}.instead"))
    code = "-".join(("recourse", *(one.feature for one in line.changes)))
    become = tuple(sorted([(one.feature, one.to) for one in line.changes]))
    return Sentence(code, FOR, "strong", text, key, rank, become, line.outcome)


def _done(change: Change, feature: Feature, phrases: Phrases) -> str:
    """What the customer did in a line: `sent at least 3 photos`."""
    if isinstance(change.to, bool):
        return phrases.say(f"action-{feature.name}.{'yes' if change.to else 'no'}")
    if isinstance(change.to, str) and not feature.verbatim:
        return phrases.say(f"action-{feature.name}.{level_key(change.to)}")
    value = show_value(feature, change.to, phrases)
    if change.farther:
        value = phrases.say("value-at-least" if change.side > 0 else "value-at-most", value=value)
    return phrases.say(f"action-{feature.name}", value=value)


@lru_cache(8192, typed=True)
def _show_number(number: float, unit: str | None, phrases: Phrases) -> str:
    number = number or 0  # −0.0 is nothing, and nobody is told of minus nothing
    locale = phrases.babel
    if unit is None:
        return str(format_decimal(number, locale=locale))
    if unit == "percent":
        return str(format_percent(number / 100, locale=locale))
    if unit.isupper():  # an ISO 4217 currency
        return _show_money(number, unit, phrases)
    above, many, larger = LARGER.get(unit, (math.inf, 1, ""))
    if number <= above:
        return phrases.say(f"unit-{unit}", n=number)
    whole, rest = divmod(int(number), many)
    said = phrases.say(f"unit-{larger}", n=whole)
    return phrases.say("value-and", more=said, less=phrases.say(f"unit-{unit}", n=rest)) if rest else said


UNGROUPED = 1000  # of an amount: from here on languages set marks between digits


def _show_money(amount: float, currency: str, phrases: Phrases) -> str:
    """An amount as Babel writes it; asked only for whole amounts, between whose digits the decimals are put."""
    decimals = _decimals(currency)
    if not decimals or amount < 0 or round(amount, decimals) != amount:
        return str(format_currency(amount, currency, locale=phrases.babel))
    whole, _, rest = f"{amount:.{decimals}f}".partition(".")
    if amount < UNGROUPED:  # its digits stand together in every language
        before, after = _around_decimals(0, currency, phrases)
        return f"{before.replace('0', whole)}{rest}{after}"
    before, after = _around_decimals(int(whole), currency, phrases)
    return f"{before}{rest}{after}"


@lru_cache(256)
def _decimals(currency: str) -> int:
    return get_currency_precision(currency)


@lru_cache(8192)
def _around_decimals(whole: int, currency: str, phrases: Phrases) -> tuple[str, str]:
    """What Babel writes before and after the decimals of a whole amount."""
    zeros = "0" * _decimals(currency)
    before, _, after = str(format_currency(whole, currency, locale=phrases.babel)).rpartition(zeros)
    return before, after


class _Value(NamedTuple):
    """A value of the case that a sentence says, and all that decides how it is said."""

    feature: str
    fact: Fact
    kind: type  # of the fact: 1, 1.0 and true are the same, and are said otherwise
    minus: bool  # −0.0 is 0.0, and a sentence asserts the one that the case has
    change: str | None
    middle: Middle | None  # of the cases compared with


@lru_cache(16_384)
def _sentences(pack: Pack, languages: tuple[Phrases, ...], *what: Any) -> tuple[Sentence, ...]:
    """One reason in each language; what was said of late is remembered.

    Args:
        what: the reader, the place of the reason, its code, kind, direction and strength, and its values, each a `_Value`.
    """
    reader, rank, code, kind, direction, strength, *told = what
    about, values = (code, direction, strength), [_Value(*one) for one in told]
    if kind == RULE_REASON:
        return tuple([_rule_sentence(about, values, reader, rank=rank, pack=pack, phrases=phrases) for phrases in languages])
    (value,) = values
    said = () if pack.feature[value.feature].sensitive and value.fact is not None else ((value.feature, value.fact),)
    texts = [_score_text(reader, direction, value, pack=pack, phrases=phrases) for phrases in languages]
    return tuple([Sentence(*about, text, key, rank, said) for key, text in texts])


def _rule_sentence(
    about: tuple[str, str, str], values: Sequence[_Value], reader: str, *, rank: int, pack: Pack, phrases: Phrases
) -> Sentence:
    code, key = about[0], f"rule-{about[0]}.{reader}"
    named = [one for one in values if one.feature in phrases.uses(key)]
    shown = {one.feature: show_value(pack.feature[one.feature], one.fact, phrases, one.change) for one in named}
    text = phrases.say(
        key, **(shown if phrases.is_plain(key) else {one.feature: _counted(shown[one.feature], one) for one in named})
    )
    return Sentence(*about, text, key, rank, tuple([(one.feature, one.fact) for one in named]), pack.rule[code].outcome)


def _counted(words: str, value: _Value) -> str | Counted:
    """The words of a value, with its number if it has one: a rule may be said otherwise of none than of two."""
    return words if value.fact is None or value.kind in {str, bool} else Counted(words, float(value.fact))


def _score_text(reader: str, direction: str, value: _Value, *, pack: Pack, phrases: Phrases) -> tuple[str, str]:
    """One score reason as its phrase and a sentence."""
    lead, fact, _, _, change, middle = value
    feature, key = pack.feature[lead], f"reason-{lead}.{direction}"
    if reader != AGENT:
        if change == UNKNOWN:
            key = f"value-unknown.{direction}"
            return key, phrases.say(key, label=phrases.say(f"feature-{lead}"))
        if fact is None:
            return f"{key}-missing", phrases.say(f"{key}-missing")
        if fact == 0 and not isinstance(fact, bool) and not change and phrases.knows(f"{key}-zero"):
            return f"{key}-zero", phrases.say(f"{key}-zero")
    place = None if change else _place(feature, fact, direction, middle)
    shown = (show_to_agent if reader == AGENT else show_value)(feature, fact, phrases, change)
    key = "agent-reason" if reader == AGENT else key
    if phrases.is_plain(key):
        return key, _around_value(key, lead, place, phrases).replace(OPEN, shown)
    return key, _around_value.__wrapped__(key, lead, place, phrases, shown=shown)


@lru_cache(4096)
def _around_value(key: str, lead: str, place: str | None, phrases: Phrases, *, shown: str = OPEN) -> str:
    """A sentence about a value, which may be left open: its words are the same whatever stands there."""
    if key == "agent-reason":
        placed = phrases.say(f"value-{place}-than-most", value=shown) if place else shown
        return phrases.say("agent-reason", label=phrases.say(f"feature-{lead}"), value=placed)
    text = phrases.say(key, value=shown)
    return phrases.say(f"placed-{place}", reason=text) if place else text
