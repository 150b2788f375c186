"""Recourse, slowly and plainly: every value of the grid of every feature and of every two, each decided as a case of its own.

Nothing is shared with the search but the pack's own reading of facts, rules and bands:
margins are found by walking down the trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from explainer.decisions.deciding import decide_case
from explainer.decisions.features import read_facts
from explainer.decisions.policy import apply_policy, question
from explainer.packs.definition import Fact, Feature, Pack
from tests.naive import forest

Found = tuple[float, tuple[str, ...], dict[str, Fact]]  # effort, features, what they become


def cheapest_sets(facts: Mapping[str, Fact], wanted: set[str], pack: Pack, text: str, on: date, past: float) -> list[Found]:
    """For every set of one or two features the least effort that leads to a wanted outcome, the least first."""
    trees = forest.read(text)

    def good(changed: Mapping[str, Fact]) -> bool:
        row = read_facts({**facts, **changed}, pack)
        rules, margin = apply_policy(row.facts, pack, on), forest.margin(trees, row.x)
        return all(decide_case(rules, margin + by, pack).outcome in wanted for by in _near(margin, past, pack))

    found = []
    for names in [*combinations(pack.feature, 1), *combinations(pack.feature, 2)]:
        best = _best(names, facts, pack, good)
        if best is not None:
            found.append((best[0], names, best[1]))
    return sorted(found, key=lambda one: (one[0], len(one[1]), [list(pack.feature).index(name) for name in one[1]]))


def lines(found: list[Found]) -> list[Found]:
    """The three cheapest that hold no cheaper one."""
    kept: list[Found] = []
    for one in found:
        if not any(set(other[1]) <= set(one[1]) for other in kept):
            kept.append(one)
    return kept[:3]


def grid(feature: Feature, facts: Mapping[str, Fact]) -> list[tuple[float, Fact]]:
    """Every value that a feature may be changed to, with its effort, least first."""
    action, now = feature.action, facts[feature.name]
    if action is None or (action.when is not None and not question(action.when)(facts)):
        return []
    if feature.type == "category":
        return [(action.effort, level) for level in action.to if level != now]
    if now is None:
        return []
    low, high = (0.0, 1.0) if feature.low is None or feature.high is None else (feature.low, feature.high)
    least = low if action.least is None else max(low, action.least)
    most = high if action.most is None else min(high, action.most)
    values: list[tuple[float, Fact]] = []
    for k in range(int(least / action.step) - 1, int(most / action.step) + 2):
        value = round(k * action.step, 9)
        allowed = {"up": value > now, "down": value < now, "free": value != now}[action.direction or ""]
        if allowed and least <= value <= most:
            fact: Fact = {"boolean": bool, "integer": int}.get(feature.type, float)(value)
            values.append((action.effort * abs(value - now) / action.step, fact))
    return sorted(values, key=lambda one: one[0])


def _best(
    names: tuple[str, ...], facts: Mapping[str, Fact], pack: Pack, good: Callable[[Mapping[str, Fact]], bool]
) -> tuple[float, dict[str, Fact]] | None:
    best: tuple[float, dict[str, Fact]] | None = None
    for effort, changed in _combined(names, facts, pack):
        if (best is None or effort < best[0]) and good(changed):
            best = (effort, changed)
    return best


def _combined(names: tuple[str, ...], facts: Mapping[str, Fact], pack: Pack) -> Iterator[tuple[float, dict[str, Fact]]]:
    """Every change of all the named features; one that another brings along starts from where it was brought to."""
    brought: dict[str, Fact] = {}
    for name in names:
        action = pack.feature[name].action
        brought |= dict(action.together) if action is not None else {}
    each = [grid(pack.feature[name], {**facts, **brought} if name in brought else facts) for name in names]
    if len(names) == 1:
        for effort, value in each[0]:
            yield effort, {**brought, names[0]: value}
        return
    for effort, value in each[0]:
        for other, second in each[1]:
            yield effort + other, {**brought, names[0]: value, names[1]: second}


def _near(margin: float, past: float, pack: Pack) -> list[float]:
    """How far from a margin one has to look: both ends of what must lie in good bands, and every threshold between them."""
    edges: list[Any] = [band.at_least for band in pack.bands if band.at_least is not None]
    return [0.0, past, -past, *(edge - margin for edge in edges if abs(edge - margin) < past)]
