"""Hearing: what a sentence says, read back from its words by whoever did not write it.

The inverse of wording, from the same phrases and by other means: a text is matched against
the ways in which a phrase can be said, and a number is read as the locale writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel.lists import format_list
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from explainer.errors import Unspeakable
from explainer.explanations.changing.recourse import Change, Line
from explainer.explanations.wording import CLIPPED, LARGER, UNKNOWN
from explainer.packs.definition import Fact, Feature, Pack
from explainer.packs.words.ftl import Way
from explainer.packs.words.phrases import Phrases, level_key

SHOWN_DECIMALS = 3  # of a number without a currency, as CLDR writes it
MONEY_DECIMALS = 2
NUMBERS = re.compile(r"[0-9](?:[0-9.,'’\u00a0\u202f]*[0-9])?")  # in a sentence, as any language writes them
AROUND = " \n\u00a0\u202f\u200e\u200f"  # a number: blanks, and marks of the direction in which it is read
HALF = Decimal("0.500000001")  # how far a number may be from the whole one that is said for it


@lru_cache(16_384)
def hear(key: str, text: str, phrases: Phrases) -> Mapping[str, str] | None:
    """What the variables of a phrase stand for in a text that says it.

    Returns:
        Variable → its words; None when the text is not that phrase.
    """
    if not phrases.knows(key):
        return None
    for pattern, way in _patterns(key, phrases):
        if found := pattern.fullmatch(text):
            heard = dict(way.given)
            for name, said in found.groupdict().items():
                heard[name] = said.strip()
            return heard
    return None


def hear_list(words: str, length: int, phrases: Phrases) -> tuple[str, ...] | None:
    """The parts of a list as the language joins them: `a, b and c`; None when it is no list of that length."""
    joined = str(format_list(["\0"] * length, "standard", phrases.babel))
    found = re.fullmatch("(.+)".join(map(re.escape, joined.split("\0"))), words)
    return found and found.groups()


def says_fact(feature: Feature, words: str, fact: Fact, phrases: Phrases, *, change: str | None = None) -> bool:
    """Whether words tell a customer this fact, and nothing else, about a feature.

    Args:
        change: what was changed about it on the way in, `clipped` or `unknown`.
    """
    if change == UNKNOWN:
        return hear("value-unknown", words, phrases) is not None
    if fact is None:
        return hear(f"feature-{feature.name}.missing", words, phrases) is not None
    if isinstance(fact, bool):
        return hear(f"feature-{feature.name}.{'yes' if fact else 'no'}", words, phrases) is not None
    if isinstance(fact, str):
        return words == fact if feature.verbatim else hear(f"feature-{feature.name}.{level_key(fact)}", words, phrases) is not None
    if change == CLIPPED:
        way = hear("value-or-less" if fact == feature.low else "value-or-more", words, phrases)
        return way is not None and _is_number(way.get("value", ""), fact, feature.unit, phrases)
    zero = f"feature-{feature.name}.zero"
    if fact == 0 and phrases.knows(zero):
        return hear(zero, words, phrases) is not None
    return _is_number(words, fact, feature.unit, phrases)


def says_number(words: str, number: float, phrases: Phrases) -> bool:
    """Whether words are this number, to its last decimal, and nothing else."""
    said = _decimal(words, phrases)
    return said is not None and said == Decimal(str(number))


def says_whole(words: str, number: float, phrases: Phrases, unit: str | None = None) -> bool:
    """Whether words say the whole number nearest to this one."""
    said = _number(words, unit, phrases)
    return said is not None and said % 1 == 0 and abs(said - Decimal(number)) <= HALF


def says_changes(words: str, line: Line, pack: Pack, phrases: Phrases) -> bool:
    """Whether words say that a customer did all that a line of recourse changes, and nothing else."""
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


def _is_number(words: str, fact: float, unit: str | None, phrases: Phrases) -> bool:
    """Whether words say a number, as far as its decimals are shown; in a larger unit, the full smaller ones that it holds."""
    said = _number(words, unit, phrases)
    if said is None or said == Decimal(str(fact)):
        return said is not None
    if unit in LARGER and fact > LARGER[unit][0]:
        return 0 <= Decimal(fact) - said < 1
    decimals = MONEY_DECIMALS if unit and unit.isupper() else SHOWN_DECIMALS
    return abs(said - Decimal(fact)) * 2 <= Decimal(1).scaleb(-decimals)


def _number(words: str, unit: str | None, phrases: Phrases) -> Decimal | None:
    if unit is None:
        return _decimal(words, phrases)
    if unit == "percent":
        return _decimal(words.replace("%", ""), phrases) if "%" in words else None
    if unit.isupper():  # an ISO 4217 currency
        symbol = _symbol(unit, phrases)
        return _decimal(words.replace(symbol, "", 1), phrases) if symbol in words else None
    _, many, larger = LARGER.get(unit, (0, 1, ""))
    if larger and (both := hear("value-and", words, phrases)):
        more, less = _counted(both.get("more", ""), larger, phrases), _counted(both.get("less", ""), unit, phrases)
        return None if more is None or less is None else more * many + less
    if larger and (whole := _counted(words, larger, phrases)) is not None:
        return whole * many
    return _counted(words, unit, phrases)


@lru_cache(256)
def _symbol(currency: str, phrases: Phrases) -> str:
    return str(get_currency_symbol(currency, phrases.babel))


def _counted(words: str, unit: str, phrases: Phrases) -> Decimal | None:
    """The number in `6 days`."""
    found = hear(f"unit-{unit}", words, phrases)
    return None if found is None or "n" not in found else _decimal(found["n"], phrases)


def _decimal(words: str, phrases: Phrases) -> Decimal | None:
    number, group, point = _marks(phrases)
    words = words.strip(AROUND)
    return Decimal(words.replace(group, "").replace(point, ".")) if number.fullmatch(words) else None


@lru_cache(256)
def _marks(phrases: Phrases) -> tuple[re.Pattern[str], str, str]:
    """How a number is written, what stands between its thousands, and what before its decimals."""
    group, point = str(get_group_symbol(phrases.babel)), str(get_decimal_symbol(phrases.babel))
    last, others = phrases.babel.decimal_formats[None].grouping  # digits between marks: in Hindi two, before the last three
    grouped = rf"[0-9]{{1,{others}}}({re.escape(group)}[0-9]{{{others}}})*{re.escape(group)}[0-9]{{{last}}}"
    return re.compile(rf"-?([0-9]+|{grouped})({re.escape(point)}[0-9]+)?"), group, point


@lru_cache(16_384)
def _patterns(key: str, phrases: Phrases) -> tuple[tuple[re.Pattern[str], Way], ...]:
    try:
        ways = phrases.ways(key)
    except Unspeakable:
        return ()
    return tuple((re.compile(_pattern(way)), way) for way in ways)


def _pattern(way: Way) -> str:
    """A regular expression for one way: text as it stands on one line, each variable as a group, the same words each time."""
    seen: set[str] = set()
    pattern = ""
    for place, part in enumerate(way.parts):
        if place % 2:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
        else:
            pattern += re.sub(r"(\\?[ \n])+", " ", re.escape(part))
    return pattern.strip()
