"""The second opinion: attributions found again by other means, which may agree, differ, or abstain.

For a few cases of a model of numbers alone it is shap's own tree explainer.  For all
others every leaf's game is counted against every reference row, with splits read from
values instead of codes and no table in between (Lundberg et al. 2020, algorithm 3).

shap cannot take native categories, and its trees compare in float32: it abstains where
that would send a value another way.  The only importer of shap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from explainer.decisions.codes import ZERO, Codebook, levels_of, representatives
from explainer.decisions.forest import MISSING_NAN, MISSING_NONE, MISSING_ZERO, Forest

TOLERANCE = {"counting": 1e-9, "shap": 1e-7}  # margin units, per feature; shap's trees hold float32, good to about 2e-8
SHAP_ROWS = 8  # shap takes about a second for a case against 10,000 reference rows

_Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Agree:
    """The same values within the tolerance."""

    by: str  # shap | counting
    gap: float  # largest difference, margin units


@dataclass(frozen=True, slots=True)
class Differ:
    """Another value for at least one feature."""

    by: str
    gap: float
    feature: str  # of the largest difference


@dataclass(frozen=True, slots=True)
class Abstain:
    """No opinion, and why."""

    by: str
    why: str


Opinion = Agree | Differ | Abstain


def reference_values(book: Codebook, reference: _Array) -> _Array:
    """Rows of values that no tree tells from the reference rows: (R, d) codes → (R, d) float64."""
    columns = [representatives(book, f)[reference[:, f].astype(np.int64) - book.start[f]] for f in range(reference.shape[1])]
    return np.stack(columns, axis=1)


def second_opinions(forest: Forest, reference: _Array, x: _Array, phi: _Array, *, booster: Any) -> list[Opinion]:
    """An opinion on each case, and for the first of a numeric model shap's as well.

    Args:
        reference: (R, d) values.
        x: (n, d) cases.
        phi: (n, d) attributions to be judged.
        booster: the same model as LightGBM opened it, for shap.
    """
    opinions = counted_opinions(forest, reference, x, phi)
    if not forest.categorical.any():
        opinions += shap_opinions(forest, reference, x[:SHAP_ROWS], phi, booster=booster)
    return opinions


def counted_opinions(forest: Forest, reference: _Array, x: _Array, phi: _Array) -> list[Opinion]:
    """The opinion of counting on each case; arguments as `second_opinions`."""
    counted = count(forest, reference, x)
    return [_compared("counting", forest, *pair) for pair in zip(phi, counted, strict=True)]


def _compared(by: str, forest: Forest, phi: _Array, found: _Array) -> Opinion:
    gaps = np.abs(phi - found)
    gap = float(gaps.max())
    return Agree(by, gap) if gap <= TOLERANCE[by] else Differ(by, gap, forest.features[int(np.nanargmax(gaps))])


# shap ---------------------------------------------------------------------------------------------


def shap_opinions(forest: Forest, reference: _Array, x: _Array, phi: _Array, *, booster: Any) -> Iterator[Opinion]:
    """shap's opinion on each case of a model of numbers alone, a second each; arguments as `second_opinions`."""
    import shap  # heavy: seconds

    blurred = blurs(forest, reference)
    # Without a masker that names the number of rows, shap would quietly take the first hundred.
    population = shap.maskers.Independent(reference, max_samples=len(reference))
    explainer = shap.TreeExplainer(booster, population, feature_perturbation="interventional", model_output="raw")
    for row, pushes in zip(x, phi, strict=False):
        if blurred or blurs(forest, row[np.newaxis, :]):
            yield Abstain("shap", "a value and a threshold are one number in float32")
        elif np.isnan(row).any() or np.isnan(reference).any():
            yield Abstain("shap", "missing values")
        else:
            found = np.asarray(explainer.shap_values(row[np.newaxis, :], check_additivity=False))[0]
            yield _compared("shap", forest, pushes, found)


def blurs(forest: Forest, rows: _Array) -> bool:
    """Whether float32 sends any value of some rows another way at any threshold of its feature."""
    for f in range(rows.shape[1]):
        cuts = np.unique(forest.threshold[(forest.feature == f) & ~forest.categorical])
        values = np.unique(rows[~np.isnan(rows[:, f]), f])
        with np.errstate(over="ignore", under="ignore"):
            near = values.astype(np.float32)[:, None] <= cuts.astype(np.float32)
        if (near != (values[:, None] <= cuts)).any():
            return True
    return False


# Counting -----------------------------------------------------------------------------------------


def count(forest: Forest, reference: _Array, x: _Array) -> _Array:
    """Interventional Shapley values, leaf by leaf and reference row by reference row: (n, d)."""
    phi = np.zeros(x.shape)
    for tree in range(forest.trees):
        first, end = forest.node_start[tree], forest.node_start[tree + 1]
        ways = [(_go_left(forest, node, reference), _go_left(forest, node, x)) for node in range(first, end)]
        for leaf, path in _paths(forest, tree):
            _play(float(forest.value[leaf]), [(int(forest.feature[first + at]), left, ways[at]) for at, left in path], phi)
    return phi


def _paths(forest: Forest, tree: int) -> Iterator[tuple[int, list[tuple[int, bool]]]]:
    """Each leaf of a tree with the nodes on its path and the way it takes there."""
    first = forest.node_start[tree]
    waiting: list[tuple[int, list[tuple[int, bool]]]] = [(0 if forest.node_start[tree + 1] > first else -1, [])]
    while waiting:
        at, path = waiting.pop()
        if at < 0:
            yield int(forest.leaf_start[tree]) + ~at, path
            continue
        waiting.append((int(forest.left[first + at]), [*path, (at, True)]))
        waiting.append((int(forest.right[first + at]), [*path, (at, False)]))


def _go_left(forest: Forest, node: int, rows: _Array) -> _Array:
    """Which rows go left at a node, read from their values: (n,) bool."""
    values = rows[:, forest.feature[node]]
    values = np.where(np.abs(values) <= ZERO, 0.0, values)
    if forest.categorical[node]:
        inside = (values > -1) & (values < 2.0**31)  # NaN is not
        return np.asarray(inside & np.isin(np.trunc(np.where(inside, values, 0.0)), levels_of(forest, node)))
    absent = {MISSING_NONE: np.zeros(len(values), dtype=np.bool_), MISSING_NAN: np.isnan(values), MISSING_ZERO: values == 0}
    known = np.where(np.isnan(values), 0.0, values)
    missing = absent[int(forest.missing[node])] | (np.isnan(values) & (forest.missing[node] == MISSING_ZERO))
    return np.asarray(np.where(missing, forest.default_left[node], known <= forest.threshold[node]))


def _play(value: float, path: list[tuple[int, bool, tuple[_Array, _Array]]], phi: _Array) -> None:
    """Add one leaf's game: who of row and reference row satisfies which of its conditions decides it."""
    asked = sorted({f for f, _, _ in path})
    bit = {f: np.uint64(1) << np.uint64(place) for place, f in enumerate(asked)}
    everything = np.uint64((1 << len(asked)) - 1)
    theirs, mine = (np.full(len(path[0][2][who]) if path else 0, everything) for who in (0, 1))
    for f, left, ways in path:
        theirs &= ~((ways[0] != left) * bit[f])
        mine &= ~((ways[1] != left) * bit[f])
    answers, rows = np.unique(theirs, return_counts=True)
    weight = rows / max(1, len(theirs)) * ((mine[:, None] | answers) == everything)
    helping, against = mine[:, None] & ~answers, answers & ~mine[:, None]
    a, b = np.bitwise_count(helping).astype(np.int64), np.bitwise_count(against).astype(np.int64)
    plus, minus = _WEIGHT[a, b], _WEIGHT[b, a]
    for f in asked:
        gained = np.where(helping & bit[f], plus, 0.0) - np.where(against & bit[f], minus, 0.0)
        phi[:, f] += value * (weight * gained).sum(axis=1)


def _half_weights() -> _Array:
    """(a − 1)! b! / (a + b)! for a ≥ 1: the share of orders in which a feature is the last of a to come, before all b."""
    weight = np.zeros((65, 65))
    for a in range(1, 65):
        for b in range(65):
            weight[a, b] = math.factorial(a - 1) * math.factorial(b) / math.factorial(a + b)
    return weight


_WEIGHT = _half_weights()
