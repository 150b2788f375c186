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
from explainer.decisions.policy import Question, in_force, question
from explainer.packs.definition import Action, Clause, Fact, Feature, Pack, Test

DIGITS = 9  # decimals of a value; steps are sums of what people write

_Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, eq=False)  # eq: arrays do not compare to one bool
class Option:
    """What a customer could have done about one feature, one move each, least effort first."""

    feature: Feature
    column: _Array  # (moves,) float64: what the feature becomes, as the model sees it
    effort: _Array  # (moves,) float64
    side: _Array  # (moves,) int64: −1 down, 1 up, 0 neither
    ends: tuple[float, ...] = ()  # the least and the most that is allowed
    along: tuple[tuple[str, Fact], ...] = ()  # facts that every move brings along
    needs: str | None = None  # another feature that must move too

    def fact(self, move: int) -> Fact:
        """What the feature becomes, as people read it."""
        value = float(self.column[move])
        if self.feature.type == "category":
            return self.feature.levels[int(value)]
        return value if self.feature.type == "number" else int(value) if self.feature.type == "integer" else bool(value)

    def changed(self, move: int) -> dict[str, Fact]:
        """All facts that a move sets."""
        return {self.feature.name: self.fact(move), **dict(self.along)}


def options_of(row: FeatureRow, pack: Pack, kernel: Kernel, on: date) -> list[Option]:
    """What a customer could have done about a case, by column.

    A feature that another one brings along moves in two ways: from its own value, and from
    what it was brought to; then the other brings all but this one.
    """
    ladders, found = _ladders(pack, kernel, on), []
    bringer = {name: one for one in pack.features if one.action for name, _ in one.action.together}
    for feature in pack.features:
        if feature.action is None:
            continue
        found.append(whole := _option(feature, feature.action, row.facts, ladders))
        for name, _ in whole.along:
            if pack.feature[name].action is not None:
                found.append(replace(whole, along=tuple(one for one in whole.along if one[0] != name), needs=name))
        by = bringer.get(feature.name)
        if by is not None and by.action is not None:
            brought = {**row.facts, **dict(by.action.together)}
            found.append(replace(_option(feature, feature.action, brought, ladders), needs=by.name))
    usable = [one for one in found if len(one.column)]
    moving = {(one.feature.name, one.needs) for one in usable}
    return [one for one in usable if one.needs is None or (one.needs, one.feature.name) in moving]


@lru_cache(64)
def tests_of(pack: Pack, on: date) -> Mapping[str, tuple[Test, ...]]:
    """Feature → what the rules in force on a day compare it with."""
    found: dict[str, tuple[Test, ...]] = {}
    for rule in pack.rules:
        if in_force(rule, on):
            for test in _tests_in(rule.when):
                found[test.feature] = (*found.get(test.feature, ()), test)
    return found


@lru_cache(64)
def questions_of(pack: Pack, on: date) -> Mapping[str, tuple[Question, ...]]:
    """Feature → the same as questions about a case."""
    return {name: tuple(map(question, tests)) for name, tests in tests_of(pack, on).items()}


def _tests_in(clause: Clause) -> Iterator[Test]:
    if isinstance(clause, Test):
        yield clause
        return
    for one in clause.clauses:
        yield from _tests_in(one)


def _option(feature: Feature, action: Action, facts: Mapping[str, Fact], ladders: Mapping[str, _Ladder]) -> Option:
    now, none = facts[feature.name], np.zeros(0)
    if action.when is not None and not question(action.when)(facts):
        return Option(feature, none, none, none)
    if feature.type == "category":
        to = np.array([feature.levels.index(level) for level in action.to if level != now], dtype=np.float64)
        return Option(feature, to, np.full(len(to), action.effort), np.zeros(len(to)), along=action.together)
    if now is None:
        return Option(feature, none, none, none)
    assert not isinstance(now, str)
    ladder = ladders[feature.name]
    down, up = ladder.below(float(now)), ladder.above(float(now))
    values = {"down": down, "up": up}.get(action.direction or "", np.concatenate([down, up]))
    effort = action.effort * np.abs(values - now) / action.step
    order = np.argsort(effort, kind="stable")  # of two as far away, the lower one first
    ends = tuple(ladder.grid[[0, -1]].tolist()) if len(ladder.grid) else ()
    return Option(feature, values[order], effort[order], np.sign(values - now)[order], ends, action.together)


@dataclass(frozen=True, slots=True, eq=False)
class _Ladder:
    """The values that a number may be changed to, and those of them at which a stretch begins, for either direction."""

    grid: _Array
    up: _Array  # places in the grid, rising
    down: _Array  # places in the grid, rising

    def below(self, now: float) -> _Array:
        """Values below the present one, the very next among them."""
        first = int(np.searchsorted(self.grid, now, "left")) - 1
        return self.grid[[*self.down[self.down < first].tolist(), *([first] if first >= 0 else [])]]

    def above(self, now: float) -> _Array:
        """Values above the present one, the very next among them."""
        first = int(np.searchsorted(self.grid, now, "right"))
        return self.grid[[*([first] if first < len(self.grid) else []), *self.up[self.up > first].tolist()]]


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
    return _Ladder(grid, *inside)


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
