"""The kernel: margin and exact Shapley values of cases, read from folded tables.

A row, a batch, one thread or two: the pushes on a feature are added in the order of the
blocks, then of the deep leaves, so that the same case always has the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explainer.attributions.folding import BY_SUMS, BY_TABLES, KEYS, MOST_CONDITIONS, Deep, Tables, fold, shapley_weights
from explainer.decisions.codes import Codebook, branches, check_width, codebook, encode_into
from explainer.decisions.compiled import add_rows, array_at, compiled, places_of, prefetch, set_bits
from explainer.decisions.forest import Forest, read_forest
from explainer.decisions.scoring import Masks, add_margins, leaf_masks

AHEAD = 32  # blocks whose rows are asked for before they are needed
TILE = 64  # cases whose sums stay in the nearest cache
BATCH = 8192  # cases that share one reading of all tables
GROUP = 4  # blocks whose tables stay in the second cache

_Array = np.ndarray[Any, np.dtype[Any]]


class Kernel:
    """A model with its reference population folded in, ready to score and explain cases."""

    def __init__(self, book: Codebook, masks: Masks, tables: Tables) -> None:
        self.book, self.masks, self.tables = book, masks, tables
        self._weight = shapley_weights()
        *flat, deep, _ = tables
        self._kept = (self._weight, *book, *masks[1:], *flat, *deep)  # what `_places` points to must not go before it
        self._places = places_of(self._kept, _KINDS)

    def __reduce__(self) -> tuple[type[Kernel], tuple[Codebook, Masks, Tables]]:
        """A copy, here or in another process, has places of its own."""
        return Kernel, (self.book, self.masks, self.tables)

    @classmethod
    def of(cls, model_text: str, reference: _Array, method: str) -> Kernel:
        """Read a model and fold its reference population in.

        Args:
            model_text: LightGBM's text format.
            reference: (R, d) codes of the reference rows.
            method: BY_TABLES or BY_SUMS.

        Raises:
            BadModel: the model must not be used.
        """
        forest = read_forest(model_text)
        return cls.with_tables(forest, fold(forest, codebook(forest), reference, method))

    @classmethod
    def with_tables(cls, forest: Forest, tables: Tables) -> Kernel:
        """The kernel of a forest whose reference population was folded in before: how it scores comes from the model alone."""
        book = codebook(forest)
        return cls(book, leaf_masks(forest, book, branches(forest, book)), tables)

    @property
    def baseline(self) -> float:
        """Mean margin of the reference population, log-odds."""
        return self.tables.baseline

    @property
    def method(self) -> str:
        """How attributions are found: BY_TABLES or BY_SUMS."""
        return BY_TABLES if len(self.tables.at) else BY_SUMS

    def explain(self, x: _Array) -> tuple[float, _Array]:
        """Score and explain one row (d,): its margin, and (d,) how far each feature moved it from the baseline."""
        check_width(len(x), self.book)
        phi = np.empty(len(x))
        return _explain_at(x[np.newaxis, :], phi, self.masks.possible, self._places), phi

    def explain_many(self, x: _Array) -> tuple[_Array, _Array]:
        """Score and explain rows (n, d): margins (n,) and pushes (n, d), bit for bit as one by one."""
        if len(x) == 1:
            alone, pushes = self.explain(x[0])
            return np.array([alone]), pushes[np.newaxis, :]
        check_width(x.shape[1], self.book)
        margin, phi = np.empty(len(x)), np.empty(x.shape)
        explain_rows(np.ascontiguousarray(x), self.book, self.masks, self.tables, self._weight, margin, phi)
        return margin, phi


@compiled
def explain_row(x: _Array, book: Codebook, masks: Masks, tables: Tables, weight: _Array, phi: _Array) -> float:
    """Explain one case.

    Args:
        x: (1, d) float64, NaN = missing.
        phi: (d,) float64, written: how far each feature moved the margin from the baseline.

    Returns:
        The margin.
    """
    d, blocks = x.shape[1], len(tables.at)
    codes = np.empty((1, d), dtype=np.uint32)
    encode_into(x, book, codes)
    flat = codes.ravel()
    keys, place = np.empty(blocks, dtype=np.uint16), np.empty(blocks, dtype=np.uint64)
    for chunk in range(blocks // KEYS):
        add_rows(tables.key, chunk * KEYS, blocks, flat, 0, d, keys, chunk * KEYS)
    for block in range(blocks):
        place[block] = tables.at[block] + keys[block] * tables.pitch[block]
    for block in range(min(AHEAD, blocks)):
        _fetch(tables, place, block)
    margin = np.zeros(1)
    add_margins(flat, d, masks, margin)
    phi[:] = 0.0
    for block in range(blocks):
        if block + AHEAD < blocks:
            _fetch(tables, place, block + AHEAD)
        at, begin = place[block], tables.column_start[block]
        for column in range(tables.column_start[block + 1] - begin):
            phi[tables.column[begin + column]] += tables.push[at + column]
    for leaf in range(len(tables.deep.value)):
        _add_deep(flat, 0, tables.deep, leaf, weight, phi)
    return float(margin[0])


_KINDS = (
    np.float64,  # the weights
    np.int64, np.int64, np.float64, np.int64, np.int64, np.bool_, np.int64, np.int64, np.int64,  # Codebook
    np.uint64, np.float64,  # Masks without its words, which are of one width or another and handed over as they are
    np.uint16, np.uint64, np.uint64, np.uint64, np.uint16, np.float64,  # Tables
    np.int64, np.int64, np.int64, np.bool_, np.float64, np.int64, np.uint64, np.float64,  # Deep
)  # fmt: skip


@compiled
def _explain_at(x: _Array, phi: _Array, possible: _Array, places: _Array) -> float:
    """`explain_row` with its arrays by their places: handing them over one by one would take a tenth of the time."""
    weight = array_at(places, 0, np.float64).reshape((2, MOST_CONDITIONS + 1, MOST_CONDITIONS + 1))
    book = Codebook(
        array_at(places, 1, np.int64), array_at(places, 2, np.int64), array_at(places, 3, np.float64),
        array_at(places, 4, np.int64), array_at(places, 5, np.int64), array_at(places, 6, np.bool_),
        array_at(places, 7, np.int64), array_at(places, 8, np.int64), array_at(places, 9, np.int64),
    )  # fmt: skip
    masks = Masks(possible, array_at(places, 10, np.uint64), array_at(places, 11, np.float64))
    deep = Deep(
        array_at(places, 18, np.int64), array_at(places, 19, np.int64), array_at(places, 20, np.int64),
        array_at(places, 21, np.bool_), array_at(places, 22, np.float64), array_at(places, 23, np.int64),
        array_at(places, 24, np.uint64), array_at(places, 25, np.float64),
    )  # fmt: skip
    tables = Tables(
        array_at(places, 12, np.uint16), array_at(places, 13, np.uint64), array_at(places, 14, np.uint64),
        array_at(places, 15, np.uint64), array_at(places, 16, np.uint16), array_at(places, 17, np.float64), deep, 0.0,
    )  # fmt: skip
    return explain_row(x, book, masks, tables, weight, phi)


@compiled
def _fetch(tables: Tables, place: _Array, block: int) -> None:
    """Ask for a row of a table, which spans two cache lines at most in nearly all cases."""
    width = tables.column_start[block + 1] - tables.column_start[block]
    prefetch(tables.push, place[block])
    prefetch(tables.push, place[block] + width - np.uint64(1))


@compiled
def explain_rows(x: _Array, book: Codebook, masks: Masks, tables: Tables, weight: _Array, margin: _Array, phi: _Array) -> None:
    """Explain many cases, bit for bit as one by one.

    Args:
        x: (n, d) float64, NaN = missing.
        margin: (n,) float64, written.
        phi: (n, d) float64, written.
    """
    margin[:] = 0.0
    for first in range(0, len(margin), BATCH):
        part = slice(first, min(first + BATCH, len(margin)))
        codes = np.zeros((-(-(part.stop - first) // TILE) * TILE, x.shape[1]), dtype=np.uint32)
        encode_into(x[part], book, codes)
        add_margins(codes.ravel(), x.shape[1], masks, margin[part])
        _add_blocks(codes, tables, phi[part])
        for leaf in range(len(tables.deep.value)):
            for row in range(part.stop - first):
                _add_deep(codes.ravel(), row * x.shape[1], tables.deep, leaf, weight, phi[first + row])


@compiled
def _add_blocks(codes: _Array, tables: Tables, phi: _Array) -> None:
    rows, d = codes.shape
    sums = np.zeros((rows // TILE, d, TILE))
    keys, flat = np.empty((rows, KEYS), dtype=np.uint16), codes.ravel()
    out, place = keys.ravel(), np.empty(TILE, dtype=np.uint64)
    for chunk in range(len(tables.at) // KEYS):
        for row in range(rows):
            add_rows(tables.key, chunk * KEYS, len(tables.at), flat, row * d, d, out, row * KEYS)
        for group in range(0, KEYS, GROUP):
            for tile in range(rows // TILE):
                for lane in range(group, group + GROUP):
                    block = chunk * KEYS + lane
                    begin, end = tables.column_start[block], tables.column_start[block + 1]
                    for case in range(TILE):
                        place[case] = tables.at[block] + keys[tile * TILE + case, lane] * tables.pitch[block]
                    for column in range(end - begin):
                        total = sums[tile, tables.column[begin + column]]
                        for case in range(TILE):
                            total[case] += tables.push[place[case] + column]
    for row in range(len(phi)):
        for f in range(d):
            phi[row, f] = sums[row // TILE, f, row % TILE]


@compiled
def _add_deep(codes: _Array, first: int, deep: Deep, leaf: int, weight: _Array, phi: _Array) -> None:
    """Add one deep leaf's φ: each distinct answer of the reference rows is one small game."""
    begin, end = deep.start[leaf], deep.start[leaf + 1]
    d, own, full = end - begin, np.uint64(0), np.uint64(0)
    for i in range(d):
        bit = np.uint64(1) << np.uint64(i)
        full |= bit
        if deep.allowed[deep.allowed_at[begin + i] + np.int64(codes[first + deep.feature[begin + i]])]:
            own |= bit
    against = d - np.int64(set_bits(own))
    for at in range(deep.answer_start[leaf], deep.answer_start[leaf + 1]):
        answer = deep.answer[at]
        if answer | own != full:
            continue
        helping = own & ~answer
        t = np.int64(set_bits(helping))
        share = deep.value[leaf] * deep.rows[at]
        plus, minus = share * weight[0, t + against, t], share * weight[1, t + against, t]
        for i in range(d):
            bit = np.uint64(1) << np.uint64(i)
            if helping & bit:
                phi[deep.feature[begin + i]] += plus
            elif not own & bit:
                phi[deep.feature[begin + i]] -= minus
