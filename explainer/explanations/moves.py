"""Moves: what a customer could have done about a case, as its pack allows, least effort first.

Of all values that a feature may take, those count that a tree or a rule tells apart: of
every stretch of values that nothing tells apart, the nearest to the case as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import holds, in_force
from explainer.packs.definition import Action, Clause, Fact, Feature, Pack, Test

DIGITS = 9  # decimals of a value; steps are sums of what people write

_Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a customer could have done: a feature's new value, and what comes along with it."""

    feature: str
    to: Fact
    effort: float
    along: tuple[tuple[str, Fact], ...] = ()
    side: int = 0  # −1 down, 1 up, 0 neither
    last: bool = True  # nothing that is allowed lies farther on that side

    @property
    def changed(self) -> dict[str, Fact]:
        """All facts that it sets."""
        return {self.feature: self.to, **dict(self.along)}


@dataclass(frozen=True, slots=True)
class Option:
    """A feature's moves, least effort first."""

    feature: str
    moves: tuple[Move, ...]
    needs: str | None = None  # another feature that must move too


def options_of(row: FeatureRow, pack: Pack, kernel: Kernel, on: date) -> list[Option]:
    """What a customer could have done about a case, by column.

    A feature that another one brings along moves in two ways: from its own value, and from
    what it was brought to; then the other brings all but this one.
    """
    ladders, found = _ladders(pack, kernel, on), []
    bringer = {name: one.name for one in pack.features if one.action for name, _ in one.action.together}
    for feature in pack.features:
        action = feature.action
        if action is None:
            continue
        whole = _moves(feature, action, row.facts, ladders)
        found.append(Option(feature.name, whole))
        for name, value in action.together:
            if pack.feature[name].action is not None:
                found.append(Option(feature.name, tuple(_without(move, name) for move in whole), needs=name))
        if feature.name in bringer:
            by = pack.feature[bringer[feature.name]]
            assert by.action is not None
            brought = {**row.facts, **dict(by.action.together)}
            found.append(Option(feature.name, _moves(feature, action, brought, ladders), needs=by.name))
    usable = [one for one in found if one.moves]
    moving = {(one.feature, one.needs) for one in usable}
    return [one for one in usable if one.needs is None or (one.needs, one.feature) in moving]


@lru_cache(64)
def tests_of(pack: Pack, on: date) -> Mapping[str, tuple[Test, ...]]:
    """Feature → what the rules in force on a day ask of it."""
    found: dict[str, tuple[Test, ...]] = {}
    for rule in pack.rules:
        if in_force(rule, on):
            for test in _tests_in(rule.when):
                found[test.feature] = (*found.get(test.feature, ()), test)
    return found


def _tests_in(clause: Clause) -> Iterator[Test]:
    if isinstance(clause, Test):
        yield clause
        return
    for one in clause.clauses:
        yield from _tests_in(one)


def _without(move: Move, name: str) -> Move:
    return replace(move, along=tuple(one for one in move.along if one[0] != name))


def _moves(feature: Feature, action: Action, facts: Mapping[str, Fact], ladders: Mapping[str, _Ladder]) -> tuple[Move, ...]:
    now = facts[feature.name]
    if action.when is not None and not holds(action.when, facts):
        return ()
    if feature.type == "category":
        return tuple(Move(feature.name, level, action.effort, action.together) for level in action.to if level != now)
    if now is None:
        return ()
    assert not isinstance(now, str)
    ladder, moves = ladders[feature.name], []
    for value, side in ladder.from_(float(now), action.direction or ""):
        effort, last = action.effort * abs(value - now) / action.step, value == ladder.grid[-1 if side > 0 else 0]
        moves.append(Move(feature.name, _as_fact(value, feature), effort, action.together, side, bool(last)))
    return tuple(sorted(moves, key=lambda one: one.effort))  # of two as far away, the lower one first


def _as_fact(value: float, feature: Feature) -> Fact:
    return bool(value) if feature.type == "boolean" else int(value) if feature.type == "integer" else value


@dataclass(frozen=True, slots=True, eq=False)
class _Ladder:
    """The values that a number may be changed to, and those of them at which a stretch begins, for either direction."""

    grid: _Array
    up: _Array  # places in the grid, rising
    down: _Array  # places in the grid, falling

    def from_(self, now: float, direction: str) -> Iterator[tuple[float, int]]:
        """Values below and above the present one with their side; the very next ones among them."""
        if direction in {"down", "free"}:
            first = int(np.searchsorted(self.grid, now, "left")) - 1
            places = self.down[self.down < first]
            if first >= 0:
                yield from ((value, -1) for value in reversed(self.grid[[first, *places]].tolist()))
        if direction in {"up", "free"}:
            first = int(np.searchsorted(self.grid, now, "right"))
            places = self.up[self.up > first]
            if first < len(self.grid):
                yield from ((value, 1) for value in self.grid[[first, *places]].tolist())


@lru_cache(8)
def _ladders(pack: Pack, kernel: Kernel, on: date) -> dict[str, _Ladder]:
    """The ladder of each number or truth value that a customer can change."""
    tests, book, found = tests_of(pack, on), kernel.book, {}
    for f, feature in enumerate(pack.features):
        if feature.action is None or feature.type == "category":
            continue
        cuts = book.cuts[book.cut_start[f] : book.cut_start[f + 1]]
        points = [0.0, *(float(value) for one in tests.get(feature.name, ()) for value in _numbers(one))]
        found[feature.name] = _ladder(_grid(feature, feature.action), cuts, np.array(points))
    return found


def _ladder(grid: _Array, cuts: _Array, points: _Array) -> _Ladder:
    """Where stretches begin: just above a cut or a point, or at a point; going down, at a cut or point, or just below a point."""
    above = [np.searchsorted(grid, cuts, "right"), np.searchsorted(grid, points, "right"), np.searchsorted(grid, points, "left")]
    below = [one - 1 for one in above]
    up, down = (np.unique(np.concatenate(one)) for one in (above, below))
    inside = [places[(places >= 0) & (places < len(grid))] for places in (up, down)]
    return _Ladder(grid, inside[0], inside[1][::-1])


def _grid(feature: Feature, action: Action) -> _Array:
    """The multiples of the step within what the feature and its action allow, rising."""
    low, high = (0.0, 1.0) if feature.low is None or feature.high is None else (feature.low, feature.high)
    least = low if action.least is None else max(low, action.least)
    most = high if action.most is None else min(high, action.most)
    grid = np.round(np.arange(np.floor(least / action.step), np.ceil(most / action.step) + 1) * action.step, DIGITS)
    return grid[(grid >= least) & (grid <= most)]


def _numbers(test: Test) -> Sequence[float]:
    """The numbers with which a test compares."""
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return [] if test.operator == "missing" else [one for one in values if isinstance(one, int | float)]
