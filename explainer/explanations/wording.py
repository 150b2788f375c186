"""Wording: reasons to sentences, and values to words, in one language.

Deterministic: phrases come from the release, numbers and money follow the locale.  A
sentence is refused before it is said when it would contradict its own number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent

from explainer.errors import Unfaithful, Unspeakable
from explainer.explanations.reasons import FOR, RULE_REASON, Reason
from explainer.packs.definition import Fact, Feature, Pack
from explainer.packs.phrases import Phrases, level_key

AGENT, CUSTOMER = "agent", "customer"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One reason as a reader reads it."""

    code: str
    direction: str  # for | against
    strength: str  # strong | medium | slight
    text: str


def word(
    reasons: Sequence[Reason], reader: str, facts: Mapping[str, Fact], *, pack: Pack, phrases: Phrases
) -> tuple[Sentence, ...]:
    """Say reasons to one reader.

    Args:
        reader: `agent` or `customer`.
        facts: the case as read by `read_facts`.

    Raises:
        Unfaithful: a reason points against its own number.
        Unspeakable: the words do not fit the values.
    """
    return tuple(
        Sentence(one.code, one.direction, one.strength, _text(_faithful(one), reader, facts, pack=pack, phrases=phrases))
        for one in reasons
    )


def show_value(feature: Feature, fact: Fact, phrases: Phrases) -> str:
    """A fact as a reader would write it: `€34.90`, `6 days`, `damaged`, `not known`."""
    if fact is None:
        return phrases.say(f"feature-{feature.name}.missing")
    if isinstance(fact, bool):
        return phrases.say(f"feature-{feature.name}.{'yes' if fact else 'no'}")
    if isinstance(fact, str):
        return fact if feature.verbatim else phrases.say(f"feature-{feature.name}.{level_key(fact)}")
    return _show_number(fact, feature.unit, phrases)


def _show_number(number: float, unit: str | None, phrases: Phrases) -> str:
    locale = Locale.parse(phrases.locale, sep="-")
    if unit is None:
        return str(format_decimal(number, locale=locale))
    if unit == "percent":
        return str(format_percent(number / 100, locale=locale))
    if unit.isupper():  # an ISO 4217 currency
        return str(format_currency(number, unit, locale=locale))
    return phrases.say(f"unit-{unit}", n=number)


def _faithful(reason: Reason) -> Reason:
    """The reason itself, unless its direction contradicts the sign of its push."""
    if reason.push is not None and (reason.push > 0) != (reason.direction == FOR):
        raise Unfaithful(f"reason {reason.code} is given as {reason.direction} against its own sign")
    return reason


def _text(reason: Reason, reader: str, facts: Mapping[str, Fact], *, pack: Pack, phrases: Phrases) -> str:
    if reason.kind == RULE_REASON:
        key = f"rule-{reason.code}.{reader}"
        values = {name: show_value(pack.feature[name], facts[name], phrases) for name in phrases.uses(key)}
        return phrases.say(key, **values)
    if reason.lead is None:
        raise Unspeakable(f"reason {reason.code} names no feature")
    feature, fact = pack.feature[reason.lead], facts[reason.lead]
    value = show_value(feature, fact, phrases)
    if reader == AGENT:
        return phrases.say("agent-reason", label=phrases.say(f"feature-{feature.name}"), value=value)
    if fact is None:
        return phrases.say(f"reason-{feature.name}.{reason.direction}-missing")
    return phrases.say(f"reason-{feature.name}.{reason.direction}", value=value)
