"""Allowing: what a pack lets a customer change about a case, read from the pack alone.

For whoever checks what a search said: nothing here knows trees, and nothing is shared with
the search.  Of a number with many values only the least and the most are tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain, combinations, product
from typing import NamedTuple

from explainer.decisions.policy import Question, question
from explainer.packs.definition import Action, Fact, Feature, Pack

DIGITS = 9  # decimals of a value; steps are sums of what people write
EACH = 8  # values of a number: up to so many are all tried

Step = tuple[int, dict[str, Fact]]  # how many features a customer changes, and every fact that becomes another


class Way(NamedTuple):
    """How one feature can be changed."""

    feature: Feature
    action: Action
    when: Question | None  # what must be true of a case, or nobody can change it
    size: int  # number of all allowed values
    tried: tuple[Fact, ...]  # those of a category, or of a number, lowest first


@lru_cache(64)
def ways_of(pack: Pack) -> dict[str, Way]:
    """Feature → how it can be changed, for each that can be."""
    return {one.name: _way(one, one.action) for one in pack.features if one.action is not None}


def is_allowed(value: float, action: Action, feature: Feature) -> bool:
    """Whether a number is a multiple of the step within what the feature and its action allow."""
    least, most = _limits(action, feature)
    value = round(value, DIGITS)
    return least <= value <= most and value == round(round(value / action.step) * action.step, DIGITS)


def steps_of(facts: Mapping[str, Fact], pack: Pack, most: int) -> Iterator[Step]:
    """What a customer could have changed about one feature, then about two, up to `most`, in the order of the pack."""
    ways = [*ways_of(pack).values()]
    sizes = range(1, min(most, len(ways)) + 1)
    yield from chain.from_iterable(_together(some, facts) for size in sizes for some in combinations(ways, size))


def _together(ways: tuple[Way, ...], facts: Mapping[str, Fact]) -> Iterator[Step]:
    """Every change of all these features; one that another brings along starts from where it was brought to."""
    along = [one for way in ways for one in way.action.together]
    brought = dict(along)
    if len(brought) < len(along):  # two changes that set the same fact do not go together
        return
    start = {**facts, **brought} if brought else facts
    each = [_values(way, start if way.feature.name in brought else facts) for way in ways]
    names = [way.feature.name for way in ways]
    for values in product(*each):
        yield len(ways), {**brought, **dict(zip(names, values, strict=True))}


def _values(way: Way, facts: Mapping[str, Fact]) -> list[Fact]:
    """What a feature may become, from what it is."""
    now, direction = facts[way.feature.name], way.action.direction
    if way.when is not None and not way.when(facts):
        return []
    if way.feature.type == "category":
        return [level for level in way.tried if level != now]
    if now is None or isinstance(now, str):
        return []
    numbers = [value for value in way.tried if value is not None and not isinstance(value, str)]
    return [value for value in numbers if (value > now and direction != "down") or (value < now and direction != "up")]


def _way(feature: Feature, action: Action) -> Way:
    when = question(action.when) if action.when else None
    if feature.type == "category":
        return Way(feature, action, when, len(action.to), action.to)
    least, most = _limits(action, feature)
    first, last = math.ceil(round(least / action.step, DIGITS)), math.floor(round(most / action.step, DIGITS))
    places = range(first, last + 1) if last - first < EACH else (first, last)
    return Way(feature, action, when, last - first + 1, tuple(_fact(place * action.step, feature) for place in places))


def _limits(action: Action, feature: Feature) -> tuple[float, float]:
    low, high = (0.0, 1.0) if feature.low is None or feature.high is None else (feature.low, feature.high)
    return low if action.least is None else max(low, action.least), high if action.most is None else min(high, action.most)


def _fact(value: float, feature: Feature) -> Fact:
    value = round(value, DIGITS)
    return bool(value) if feature.type == "boolean" else int(value) if feature.type == "integer" else value
