"""Facts to feature row: what the caller said, checked and put in the model's columns.

All mistakes are found in one pass and none quotes a value.  Missing is NaN, and only
where the pack says what missing means.  Many cases are read column by column, as long as
they are plainly what the pack asks for; whoever is in doubt is read alone.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
from babel.numbers import get_currency_precision

from explainer.errors import BadFacts, Contradiction
from explainer.packs.definition import Fact, Feature, Pack

_Read = tuple[Fact, float, str | None]  # a fact, its column, and what was adjusted

WRITTEN = {"number": "a number", "integer": "a whole number", "boolean": "true or false", "category": "one of its levels"}


PLAIN: dict[str, set[type]] = {"number": {int, float}, "integer": {int, float}, "boolean": {bool}, "category": {str}}
LARGEST = 1e11  # beyond it arrays may see decimals and limits otherwise than Python does
_MOST = sys.float_info.max
MANY = 16  # cases from which on columns are quicker


class FeatureRow(NamedTuple):
    """One case as the model sees it and as people read it; not to be compared, for arrays do not."""

    x: np.ndarray  # (d,) float64 in the pack's feature order, NaN = declared missing
    facts: dict[str, Fact]  # the same, readable; None = missing
    adjusted: dict[str, str]  # feature → "clipped" | "unknown": what was changed on the way in


def read_facts(given: Mapping[str, Any], pack: Pack) -> FeatureRow:
    """Check the facts of one case and put them into columns.

    Args:
        given: feature name → value; a feature that may be missing can be null or left out.

    Raises:
        BadFacts: with every mistake, by feature name.
    """
    facts, columns, changes = zip(*_read_each(given, pack), strict=True)
    adjusted = {name: change for name, change in zip(pack.names, changes, strict=True) if change} if any(changes) else {}
    return FeatureRow(np.array(columns), dict(zip(pack.names, facts, strict=True)), adjusted)


def columns_of(facts: Mapping[str, Fact], pack: Pack) -> np.ndarray:
    """The columns (d,) of facts that were read before, as reading them once more gives them.

    Raises:
        BadFacts: with every mistake, by feature name.
    """
    return np.array([column for _, column, _ in _read_each(facts, pack)])


def _read_each(given: Mapping[str, Any], pack: Pack) -> list[_Read]:
    try:
        read = [reader(given.get(name)) for name, reader in _readers(pack)]
    except (_Mistake, TypeError):  # TypeError: a list or an object, which nobody remembers
        raise BadFacts(_mistakes(given, pack)) from None
    if not given.keys() <= pack.feature.keys():
        raise BadFacts(_mistakes(given, pack))
    return read


def _mistakes(given: Mapping[str, Any], pack: Pack) -> dict[str, str]:
    found = {name: "no such fact" for name in given if name not in pack.feature}
    for feature in pack.features:
        try:
            _read(given.get(feature.name), feature)
        except _Mistake as mistake:
            found[feature.name] = str(mistake)
    return found


def read_all(cases: Sequence[Mapping[str, Any]], pack: Pack) -> list[FeatureRow | BadFacts]:
    """Check the facts of many cases, each as `read_facts` does; mistakes are returned, not raised."""
    if len(cases) < MANY:
        return [_alone(given, pack) for given in cases]
    x, fits, columns = read_columns(cases, pack)
    as_read = map(dict, map(zip, repeat(pack.names), zip(*columns, strict=True)))
    return [
        FeatureRow(row, facts, {}) if fit else _alone(given, pack)
        for given, row, facts, fit in zip(cases, x, as_read, fits.tolist(), strict=True)
    ]


def read_back(rows: Sequence[FeatureRow], pack: Pack) -> list[bool]:
    """Whether the facts of each case, read once more, are what its columns hold; in doubt they are not."""
    if len(rows) < MANY:
        return [False] * len(rows)
    x, fits, _ = read_columns([one.facts for one in rows], pack)
    scored = stacked([one.x if len(one.x) == x.shape[1] else np.full(x.shape[1], np.inf) for one in rows], x.shape[1])  # no fact is
    same: list[bool] = (fits & ((x == scored) | (np.isnan(x) & np.isnan(scored))).all(axis=1)).tolist()
    return same


def stacked(rows: Sequence[np.ndarray], width: int) -> np.ndarray:
    """Rows (width,) as one table (n, width).

    Raises:
        Contradiction: one is shorter or longer.
    """
    if not rows:
        return np.empty((0, width))
    if any(len(one) != width for one in rows):
        raise Contradiction(f"rows that are not all {width} features wide")
    return np.concatenate(rows).reshape(len(rows), width)


def read_columns(cases: Sequence[Mapping[str, Any]], pack: Pack) -> tuple[np.ndarray, np.ndarray, list[Sequence[Fact]]]:
    """The columns of many cases, which of the cases are plain and so read as `read_facts` does, and their facts by feature."""
    x, fits, said = np.empty((len(cases), len(pack.features))), *_by_name(cases, pack)
    return x, fits, [_column(said[one.name], one, x[:, at], fits) for at, one in enumerate(pack.features)]


def _by_name(cases: Sequence[Mapping[str, Any]], pack: Pack) -> tuple[np.ndarray, dict[str, Sequence[Any]]]:
    """Which cases name no fact that the pack does not know, and what all of them say of each that it does."""
    names, known = [*cases[0]] if cases else [], pack.feature.keys()
    if all(map(names.__eq__, map(list, cases))):  # as those of a file do
        said = dict(zip(names, zip(*[given.values() for given in cases], strict=True), strict=True))
        return np.full(len(cases), known >= said.keys()), {name: said.get(name, (None,) * len(cases)) for name in known}
    return np.array([given.keys() <= known for given in cases]), {name: [given.get(name) for given in cases] for name in known}


def _alone(given: Mapping[str, Any], pack: Pack) -> FeatureRow | BadFacts:
    try:
        return read_facts(given, pack)
    except BadFacts as mistakes:
        return mistakes


def _column(said: Sequence[Any], feature: Feature, x: np.ndarray, fits: np.ndarray) -> Sequence[Fact]:
    """One feature of many cases: returns its facts, writes its column, and strikes out the cases that are not plain."""
    kinds = set(map(type, said))
    if not kinds <= PLAIN[feature.type] | {NoneType}:
        fits &= [type(one) in PLAIN[feature.type] or one is None for one in said]
        said = [one if fit else None for one, fit in zip(said, fits.tolist(), strict=True)]
    absent = np.array([one is None for one in said]) if None in said else np.zeros(len(said), dtype=np.bool_)
    if feature.missing is None:
        fits &= ~absent
    if feature.type in ("category", "boolean"):
        known: Sequence[Fact] = feature.levels if feature.type == "category" else (False, True)
        code = {level: float(place) for place, level in enumerate(known)}
        x[:] = [*map(code.get, said)]  # None becomes NaN
        fits &= absent | ~np.isnan(x)
        return said
    return _numbers(said, feature, x, fits, absent=absent, floats=float in kinds)


def _numbers(
    said: Sequence[Any], feature: Feature, x: np.ndarray, fits: np.ndarray, *, absent: np.ndarray, floats: bool
) -> Sequence[Fact]:
    try:
        x[:] = said  # None becomes NaN
    except OverflowError:  # a whole number beyond all floats
        x[:] = math.nan
    x[np.abs(x) >= LARGEST] = math.nan
    plain = ~np.isnan(x)
    decimals = 0 if feature.type == "integer" else _decimals(feature.unit)
    if decimals is not None:
        plain &= np.rint(x * 10.0**decimals) / 10.0**decimals == x
    if feature.low is not None and feature.high is not None:
        plain &= (feature.low <= x) & (x <= feature.high)
    fits &= absent | plain
    if feature.type == "integer" and floats:  # 33.0 is 33, and −0.0 is 0
        x += 0.0
        return [int(one) if here else one for one, here in zip(said, (plain & ~absent).tolist(), strict=True)]
    return said


@lru_cache(64)
def _readers(pack: Pack) -> tuple[tuple[str, Callable[[Any], _Read]], ...]:
    """Each feature's name, and how its fact is read."""
    return tuple([(one.name, _reader(one)) for one in pack.features])


def _reader(feature: Feature) -> Callable[[Any], _Read]:
    """How the facts of a feature are read: at once where they are plainly what the pack asks for, else step by step."""
    if feature.type == "category":
        return _Levels(feature).__getitem__
    if feature.type == "boolean":
        yes, no = (True, 1.0, None), (False, 0.0, None)
        return lambda said: yes if said is True else no if said is False else _read(said, feature)
    kinds, decimals = ({int}, None) if feature.type == "integer" else ({int, float}, _decimals(feature.unit))
    low, high = (-_MOST, _MOST) if feature.low is None or feature.high is None else (feature.low, feature.high)

    def read_number(said: Any) -> _Read:
        if type(said) in kinds and low <= said <= high and (decimals is None or round(said, decimals) == said):
            return said, float(said), None
        return _read(said, feature)

    return read_number


class _Levels(dict[Any, _Read]):
    """What can be said of a category, and how it is read."""

    def __init__(self, feature: Feature) -> None:
        super().__init__({level: _level(level, feature) for level in feature.levels})
        self._feature = feature

    def __missing__(self, said: Any) -> _Read:
        return _read(said, self._feature)


def json_schema(pack: Pack) -> dict[str, Any]:
    """The facts a pack asks for, as JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Facts of {pack.name}",
        "type": "object",
        "properties": {one.name: _property(one) for one in pack.features},
        "required": [one.name for one in pack.features if one.missing is None],
        "additionalProperties": False,
    }


class _Mistake(Exception):
    """One fact that does not fit, in words."""


def _read(value: Any, feature: Feature) -> _Read:
    """One fact → itself, its column value, and what was adjusted."""
    if value is None:
        if feature.missing is None:
            raise _Mistake("is required")
        return None, math.nan, None
    if feature.type == "category":
        return _level(value, feature)
    if feature.type == "boolean":
        if not isinstance(value, bool):
            raise _Mistake("must be true or false")
        return value, float(value), None
    return _number(value, feature)


def _level(value: Any, feature: Feature) -> _Read:
    if not isinstance(value, str):
        raise _Mistake("must be text")
    if value in feature.levels:
        return value, float(feature.levels.index(value)), None
    if feature.unknown_is_missing:
        return None, math.nan, "unknown"
    shown = ", ".join(feature.levels[:12]) + (", …" if len(feature.levels) > 12 else "")
    raise _Mistake(f"must be one of: {shown}")


def _number(value: Any, feature: Feature) -> _Read:
    low, high = feature.low, feature.high
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Mistake(f"must be {WRITTEN[feature.type]}")
    if feature.type == "integer" and not isinstance(value, int):
        if not (math.isfinite(value) and value == int(value)):
            raise _Mistake("must be a whole number")
        value = int(value)  # JSON Schema calls 33.0 an integer
    if isinstance(value, float) and not math.isfinite(value):
        raise _Mistake("must be a finite number")
    decimals = _decimals(feature.unit)
    if decimals is not None and round(value, decimals) != value:
        raise _Mistake(f"must have at most {decimals} decimals")  # or a letter would show another amount than was compared
    if low is not None and high is not None and not low <= value <= high:
        if not feature.clip:
            raise _Mistake(f"must be between {low:g} and {high:g}")
        end = low if value < low else high
        value = int(end) if feature.type == "integer" else end  # by the declared type, not by how the caller wrote it
        return value, float(value), "clipped"
    return value, float(value), None


@lru_cache(256)
def _decimals(unit: str | None) -> int | None:
    """How many decimals an amount of money may have; None for what is not money."""
    return get_currency_precision(unit) if unit and unit.isupper() else None


def _property(feature: Feature) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": f"From: {feature.source}." + (f" Missing: {feature.missing}." if feature.missing else "")
    }
    types = {"number": "number", "integer": "integer", "boolean": "boolean", "category": "string"}[feature.type]
    said["type"] = [types, "null"] if feature.missing else types
    if feature.levels and not feature.unknown_is_missing:
        said["enum"] = [*feature.levels, None] if feature.missing else list(feature.levels)
    elif feature.levels:
        said["examples"] = list(feature.levels[:5])
    if feature.low is not None and not feature.clip:
        said |= {"minimum": feature.low, "maximum": feature.high}
    if feature.unit:
        said["x-unit"] = feature.unit
    decimals = _decimals(feature.unit)
    if decimals is not None:  # not multipleOf: 0.01 has no exact float, so validators refuse 0.07
        said["x-decimals"] = decimals
        said["description"] += f" At most {decimals} decimals."
    return said
