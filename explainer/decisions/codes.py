"""Codes: a feature row as small whole numbers, one for every set of values that no tree of a forest tells apart.

A numeric feature's code counts the thresholds below its value.  A category's code is its
level, or one for all levels that no split names.  Missing has a code of its own, and so
has zero where a forest takes zero for missing.  Codes of all features stand one after
another: `start[f] + code` is unique in the forest, and from here on numbers, categories
and missing values are the same to everybody.

Semantics of `Booster.predict`: |x| ≤ float32(1e-35) is 0.0; NaN, levels below 0, unseen
and beyond 2^31 go right where categories split; other values are truncated.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from explainer.decisions.compiled import compiled
from explainer.decisions.forest import MISSING_NONE, MISSING_ZERO, Forest
from explainer.errors import BadModel, Contradiction

LARGEST = 1 << 32  # bytes: what a forest may take when all its codes are laid out for all its trees
ZERO = float(np.float32(1e-35))  # LightGBM's kZeroThreshold
BEYOND = 2.0**31  # where a level no longer fits a C int

_Array = np.ndarray[Any, np.dtype[Any]]


class Codebook(NamedTuple):
    """How the values of d features become codes; arrays only, so that compiled code can take it whole."""

    start: _Array  # (d + 1,) int64: first code of each feature
    cut_start: _Array  # (d + 1,) int64: first threshold of each feature
    cuts: _Array  # float64 thresholds, rising within a feature
    level_start: _Array  # (d + 1,) int64: first level of each feature in `level_code`; empty for numbers
    level_code: _Array  # int64 code by level, relative to the feature's start
    categorical: _Array  # (d,) bool
    missing: _Array  # (d,) int64 code of NaN, relative
    zero: _Array  # (d,) int64 code of 0.0, relative; -1: an ordinary number
    other: _Array  # (d,) int64 code of levels that no split names, relative

    @property
    def codes(self) -> int:
        """How many codes all features have together."""
        return int(self.start[-1])


class _Coded(NamedTuple):
    """How the values of one feature become codes."""

    cuts: _Array
    level_code: _Array
    categorical: bool
    missing: int
    zero: int
    other: int


def codebook(forest: Forest) -> Codebook:
    """The codes that a forest tells apart.

    Raises:
        BadModel: to lay them out would take more memory than `LARGEST`; a short file can name millions of levels.
    """
    highest = np.zeros(len(forest.features), dtype=np.int64)
    np.maximum.at(highest, np.repeat(forest.feature, np.diff(forest.level_start)), forest.levels)
    check_size(8 * int(highest.sum()))
    each = [_coded(forest, f) for f in range(len(forest.features))]
    book = Codebook(
        start=np.cumsum([0, *(max(one.missing, one.zero) + 1 for one in each)]),
        cut_start=np.cumsum([0, *(len(one.cuts) for one in each)]),
        cuts=np.concatenate([one.cuts for one in each]),
        level_start=np.cumsum([0, *(len(one.level_code) for one in each)]),
        level_code=np.concatenate([one.level_code for one in each]),
        categorical=np.array([one.categorical for one in each], dtype=np.bool_),
        missing=np.array([one.missing for one in each], dtype=np.int64),
        zero=np.array([one.zero for one in each], dtype=np.int64),
        other=np.array([one.other for one in each], dtype=np.int64),
    )
    words = int((-(-np.diff(forest.leaf_start) // 32)).sum())
    check_size(book.codes * (4 * forest.trees + 8 * words) + int(np.diff(book.start)[forest.feature].sum()))
    return book


def check_size(needed: int) -> None:
    """Refuse what would take more bytes than `LARGEST`.

    Raises:
        BadModel: it would.
    """
    if needed > LARGEST:
        raise BadModel([f"the model would take {needed / 2**30:,.0f} GiB of memory, more than {LARGEST / 2**30:.0f}"])


def _coded(forest: Forest, f: int) -> _Coded:
    nodes = np.flatnonzero(forest.feature == f)
    if forest.categorical[nodes].any():
        named = np.unique(np.concatenate([levels_of(forest, node) for node in nodes]))
        code_of = np.full(named[-1] + 1 if len(named) else 0, len(named), dtype=np.int64)
        code_of[named] = np.arange(len(named))
        return _Coded(np.zeros(0), code_of, categorical=True, missing=len(named) + 1, zero=-1, other=len(named))
    cuts = np.unique(forest.threshold[nodes] + 0.0)  # + 0.0: −0 is 0
    missing = len(cuts) + 1
    zero = missing + 1 if (forest.missing[nodes] == MISSING_ZERO).any() else -1
    return _Coded(cuts, np.zeros(0, dtype=np.int64), categorical=False, missing=missing, zero=zero, other=-1)


def levels_of(forest: Forest, node: Any) -> _Array:
    """The levels that go left at a node, rising."""
    return forest.levels[forest.level_start[node] : forest.level_start[node + 1]]


class Branches(NamedTuple):
    """Which codes of its feature go left at each node."""

    start: _Array  # (nodes + 1,) int64
    left: _Array  # bool, the codes of each node's feature one after another


def branches(forest: Forest, book: Codebook) -> Branches:
    """Turn every split of a forest, by threshold, category or absence, into a list of codes."""
    sizes = np.diff(book.start)[forest.feature]
    found = Branches(np.cumsum([0, *sizes]), np.zeros(int(sizes.sum()), dtype=np.bool_))
    parts = (forest.feature, forest.threshold, forest.missing, forest.default_left, forest.level_start, forest.levels)
    _fill_branches(*parts, book, found)
    return found


@compiled
def _fill_branches(
    feature: _Array, threshold: _Array, missing: _Array, default_left: _Array, level_start: _Array, levels: _Array,
    book: Codebook, found: Branches,
) -> None:  # fmt: skip
    for node in range(len(feature)):
        f, at = feature[node], found.start[node]
        if book.categorical[f]:
            for level in levels[level_start[node] : level_start[node + 1]]:
                found.left[at + book.level_code[book.level_start[f] + level]] = True
            continue
        cuts = book.cuts[book.cut_start[f] : book.cut_start[f + 1]]
        found.left[at : at + np.searchsorted(cuts, threshold[node]) + 1] = True
        natural = threshold[node] >= 0.0
        found.left[at + book.missing[f]] = natural if missing[node] == MISSING_NONE else default_left[node]
        if book.zero[f] >= 0:
            found.left[at + book.zero[f]] = default_left[node] if missing[node] == MISSING_ZERO else natural


def representatives(book: Codebook, f: int) -> _Array:
    """One value for each code of a feature, which encodes to that code: (codes of the feature,) float64.

    A code that no value has (beyond an infinite threshold, or zero's ordinary place) gets
    the nearest value; nobody can hold it.
    """
    codes = int(book.start[f + 1] - book.start[f])
    values = np.full(codes, np.nan)
    if book.categorical[f]:
        code_of = book.level_code[book.level_start[f] : book.level_start[f + 1]]
        named = np.flatnonzero(code_of < book.other[f])
        values[code_of[named]] = named
        values[book.other[f]] = len(code_of)
        return values
    cuts = book.cuts[book.cut_start[f] : book.cut_start[f + 1]]
    values[: len(cuts) + 1] = _between(cuts)
    if book.zero[f] >= 0:
        values[book.zero[f]] = 0.0
    return values


def _between(cuts: _Array) -> _Array:
    """A value above each cut and not above the next, far from both where there is room, and not one that is taken for 0.0."""
    if not len(cuts):
        return np.ones(1)
    low, high = np.r_[-np.inf, cuts], np.r_[cuts, np.inf]
    reach = 1.0 + np.abs(np.nan_to_num(np.r_[cuts[0], cuts], posinf=0.0, neginf=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        value = np.where(np.isinf(low), high - reach, np.where(np.isinf(high), low + reach, low + (high - low) / 2))
    value = np.where((value > low) & (value <= high), value, np.nextafter(low, np.inf))
    small, below = np.abs(value) <= ZERO, np.nextafter(-ZERO, -np.inf)
    held = small & (low < 0.0) & (high >= 0.0)
    return np.where(held, 0.0, np.where(small & (high < 0.0), below, np.where(small, -below, value)))


@compiled
def encode_into(x: _Array, book: Codebook, codes: _Array) -> None:
    """Encode rows.

    Args:
        x: (n, d) float64, NaN = missing.
        book: of the forest.
        codes: (n, d) integers, written: start[f] + code.
    """
    for f in range(x.shape[1]):
        first, begin, end = book.start[f], book.cut_start[f], book.cut_start[f + 1]
        for row in range(x.shape[0]):
            value = x[row, f]
            if abs(value) <= ZERO:
                value = 0.0
            if value != value:
                code = book.missing[f]
            elif book.categorical[f]:
                code = book.other[f]
                if -1.0 < value < BEYOND:
                    level = int(value)
                    if level < book.level_start[f + 1] - book.level_start[f]:
                        code = book.level_code[book.level_start[f] + level]
            elif value == 0.0 and book.zero[f] >= 0:
                code = book.zero[f]
            else:
                low, left = begin, end - begin
                while left > 1:  # without a branch: the half that holds the answer
                    half = left >> 1
                    low += half * (book.cuts[low + half - 1] < value)
                    left -= half
                code = low - begin
                if left == 1:
                    code += book.cuts[low] < value
            codes[row, f] = first + code


def check_width(features: int, book: Codebook) -> None:
    """Compiled code does not look where a row ends.

    Raises:
        Contradiction: rows of another number of features than the model has.
    """
    if features != len(book.missing):
        raise Contradiction(f"a row of {features} features for a model of {len(book.missing)}")


def encode(x: _Array, book: Codebook) -> _Array:
    """Codes of rows: (n, d) float64 → (n, d) uint32; raises as `check_width`."""
    check_width(x.shape[1], book)
    codes = np.empty(x.shape, dtype=np.uint32)
    encode_into(np.ascontiguousarray(x, dtype=np.float64), book, codes)
    return codes
