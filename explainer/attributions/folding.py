"""Folding: a reference population folded into a forest once, so that explaining a case is reading tables.

For a leaf of value v with conditions on d features, let h(q) be the share of reference
rows that satisfy exactly the conditions q.  Showing the features T of a case that
satisfies the conditions m reaches the leaf with T ⊆ m and chance H(T) = Σ_{q ⊇ ¬T} h(q),
so that the Shapley value of feature i is

    φ_i(m) = v · Σ_{T ⊆ m} e(T, i) · H(T),   e(T, i) =  (t−1)! (d−t)! / d!  for i ∈ T,
                                                      −  t! (d−t−1)! / d!  for i ∉ T,

Shapley 1953 over the interventional game of Janzing et al. 2020 (arXiv:1910.13413).  All
leaves of a block add their φ to one table with a row for each combination of cells.
A leaf with too many conditions for a table keeps the distinct q of the reference rows
with their numbers instead, from which the same value is summed for each case.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from explainer.attributions.blocks import DEEP, Asked, add_signature, group_leaves, what_leaves_ask
from explainer.decisions.codes import Codebook, branches
from explainer.decisions.compiled import LINE, add_rows, compiled, set_bits, zeros_on_lines
from explainer.decisions.forest import Forest
from explainer.errors import BadModel

BY_TABLES, BY_SUMS = "interventional-tables", "interventional-sums"  # how attributions are found, as records say it

MOST_ROWS = 4096  # of a block of several leaves
MOST_ALONE = 1 << 14  # of a block of one leaf, two for each of its conditions
MOST_CONDITIONS = 64  # of a leaf: the bits of a word
KEYS = LINE // 2  # blocks whose keys, two bytes each, are handled together
NUMBERS = LINE // 8  # of eight bytes in a cache line
_IN_A_LINE = np.array([0, 1, 2, 4, 4, 8, 8, 8, 8])  # a row's pitch by its width, so that no such row lies across two lines

_Array = np.ndarray[Any, np.dtype[Any]]


class Deep(NamedTuple):
    """Leaves with too many conditions for a table: what they ask, and which answers the reference rows gave."""

    start: _Array  # (leaves + 1,) int64: first condition of each
    feature: _Array  # (conditions,) int64
    allowed_at: _Array  # (conditions,) int64: where its codes begin in `allowed`, less the feature's first code
    allowed: _Array  # bool
    value: _Array  # (leaves,) float64: margin units, divided by the number of reference rows
    answer_start: _Array  # (leaves + 1,) int64
    answer: _Array  # uint64: distinct sets of satisfied conditions
    rows: _Array  # float64: how many reference rows gave that answer


class Tables(NamedTuple):
    """A forest with its reference population folded in."""

    key: _Array  # flat (codes, blocks) uint16: what a code adds to the row number of each block
    at: _Array  # (blocks,) uint64: where a block's table begins in `push`
    pitch: _Array  # (blocks,) uint64: numbers from one row of a block's table to the next
    column_start: _Array  # (blocks + 1,) uint64
    column: _Array  # uint16 feature of each column
    push: _Array  # flat float64: tables one after another, each from the begin of a cache line, margin units
    deep: Deep
    baseline: float  # mean margin of the reference population


def arrays_of(tables: Tables) -> dict[str, _Array]:
    """Tables as arrays by name, to be kept and given to `tables_of` again."""
    named = tables._asdict()
    deep: Deep = named.pop("deep")
    named |= {f"deep.{name}": value for name, value in deep._asdict().items()}
    return {name: np.asarray(value) for name, value in named.items()}


def tables_of(arrays: Mapping[str, _Array]) -> Tables:
    """The tables whose `arrays_of` these are; they are used as they stand, not copied."""
    deep = Deep(*(arrays[f"deep.{name}"] for name in Deep._fields))
    own: dict[str, Any] = {name: arrays[name] for name in Tables._fields if name not in {"deep", "baseline"}}
    return Tables(**own, deep=deep, baseline=float(arrays["baseline"]))


def fold(forest: Forest, book: Codebook, reference: _Array, method: str) -> Tables:
    """Fold a reference population into a forest.

    Args:
        reference: (R, d) codes of the reference rows, whole numbers.
        method: BY_TABLES, or BY_SUMS to sum every leaf as a deep one: the same values within
            rounding, in little memory, and more slowly.

    Raises:
        BadModel: a leaf with more than 64 conditions, or a reference population that is not of this model.
    """
    _check_reference(reference, book)
    asked, block_of = _grouped(forest, book)
    if method == BY_SUMS:
        block_of[block_of >= 0] = DEEP
    layout = _lay_out(forest, book, asked, block_of)
    codes = np.ascontiguousarray(reference, dtype=np.uint32)
    push = zeros_on_lines(int(layout.size[-1]))
    reached = np.zeros(len(forest.value))  # reference rows in each leaf
    _fill(forest.leaf_start, forest.value, asked, book.start, block_of, layout, codes, shapley_weights(), push, reached)
    deep = _deep(forest, book, asked, np.flatnonzero(block_of == DEEP), reference=codes, reached=reached)
    baseline = math.fsum(forest.value * reached) / len(codes)
    at, pitch, column_start = (one.astype(np.uint64) for one in (layout.size[:-1], layout.pitch, layout.column_start))
    return Tables(layout.key, at, pitch, column_start, layout.column.astype(np.uint16), push, deep, baseline)


def _check_reference(reference: _Array, book: Codebook) -> None:
    """Compiled code does not look where its tables end: every code must be one of its feature's."""
    d = len(book.missing)
    if reference.ndim != 2 or reference.shape[1] != d or not len(reference) or reference.dtype.kind != "u":
        raise BadModel([f"reference population: must be rows of {d} codes"])
    if ((reference < book.start[:-1]) | (reference >= book.start[1:])).any():
        raise BadModel(["reference population: holds codes that this model does not have"])


def choose_method(forest: Forest, book: Codebook, most_bytes: int) -> str:
    """BY_TABLES when the tables of a forest fit into a number of bytes, else BY_SUMS."""
    asked, block_of = _grouped(forest, book)
    if 2 * book.codes * int(_leads(forest, block_of).sum()) > most_bytes:  # the keys alone
        return BY_SUMS
    layout = _lay_out(forest, book, asked, block_of)
    return BY_TABLES if layout.key.nbytes + 8 * int(layout.size[-1]) <= most_bytes else BY_SUMS


def _grouped(forest: Forest, book: Codebook) -> tuple[Asked, _Array]:
    asked = what_leaves_ask(forest, book, branches(forest, book))
    return asked, group_leaves(forest, asked, MOST_ROWS, MOST_ALONE)


class _Layout(NamedTuple):
    """Where everything will stand: blocks by width, so that loops over columns keep their length, and their tables."""

    tree: _Array  # (blocks,) int64
    leader: _Array  # (blocks,) int64: the leaf, counted in its tree, whose number the block bears
    rows: _Array  # (blocks,) int64
    column_start: _Array  # (blocks + 1,) int64
    column: _Array  # int64 feature of each column
    stride: _Array  # int64: what one cell of a column adds to the row number
    pitch: _Array  # (blocks,) int64: numbers from one row of a table to the next
    size: _Array  # (blocks + 1,) int64: numbers in all tables before this one
    key: _Array


def _lay_out(forest: Forest, book: Codebook, asked: Asked, block_of: _Array) -> _Layout:
    """Give each block its place; `key` tells for each code which rows it leads to."""
    leader = _leads(forest, block_of)
    blocks = int(leader.sum())
    tree = np.searchsorted(forest.leaf_start, np.flatnonzero(leader), side="right") - 1
    width = np.zeros(blocks, dtype=np.int64)
    _count_columns(forest.leaf_start, asked, block_of, tree, block_of[leader], width)
    order = np.argsort(width, kind="stable")
    padded = -(-blocks // KEYS) * KEYS
    rows, column_start = np.ones(padded, dtype=np.int64), np.zeros(padded + 1, dtype=np.int64)
    column, stride = (np.zeros(int(width.sum()), dtype=np.int64) for _ in range(2))
    key = np.zeros((book.codes, padded), dtype=np.uint16)
    pitch, size = np.zeros(padded, dtype=np.int64), np.zeros(padded + 1, dtype=np.int64)
    layout = _Layout(tree[order], block_of[leader][order], rows, column_start, column, stride, pitch, size, key)
    _fill_layout(forest.leaf_start, asked, book.start, block_of, layout)
    width = np.diff(column_start)
    layout.pitch[:] = np.where(width > NUMBERS, width, _IN_A_LINE[np.minimum(width, NUMBERS)])
    layout.size[1:] = np.cumsum(-(-rows * layout.pitch // NUMBERS) * NUMBERS)
    return layout._replace(key=key.ravel())


def _leads(forest: Forest, block_of: _Array) -> _Array:
    """Which leaves are the first of their block: (leaves,) bool."""
    within_tree = np.arange(len(block_of)) - np.repeat(forest.leaf_start[:-1], np.diff(forest.leaf_start))
    leads: _Array = block_of == within_tree
    return leads


@compiled
def _count_columns(leaf_start: _Array, asked: Asked, block_of: _Array, tree: _Array, leader: _Array, width: _Array) -> None:
    """How many features each block tells cells of apart."""
    for block in range(len(tree)):
        cells = asked.cell_start[tree[block]]
        signature = _together(leaf_start, asked, block_of, tree[block], leader[block])
        for f in range(len(cells) - 1):
            width[block] += (signature[cells[f] : cells[f + 1]] != signature[cells[f]]).any() if cells[f] < cells[f + 1] else 0


@compiled
def _fill_layout(leaf_start: _Array, asked: Asked, start: _Array, block_of: _Array, layout: _Layout) -> None:
    columns = 0
    for block in range(len(layout.tree)):
        tree = layout.tree[block]
        cells = asked.cell_start[tree]
        signature = _together(leaf_start, asked, block_of, tree, layout.leader[block])
        cell_in_block = np.zeros(cells[-1], dtype=np.int64)
        for f in range(len(start) - 1):
            different = _count_off(signature[cells[f] : cells[f + 1]], cell_in_block[cells[f] : cells[f + 1]])
            if different < 2:
                continue
            layout.column[columns], layout.stride[columns] = f, layout.rows[block]
            for code in range(start[f], start[f + 1]):
                step = cell_in_block[asked.cell_of[tree, code]] * layout.rows[block]
                layout.key[code, block] = step
            layout.rows[block] *= different
            columns += 1
        layout.column_start[block + 1] = columns
    layout.column_start[len(layout.tree) :] = columns


@compiled
def _together(leaf_start: _Array, asked: Asked, block_of: _Array, tree: int, leader: int) -> _Array:
    """The signature of a block: the sum of its leaves' signatures."""
    cells = asked.cell_start[tree]
    first, leaves = leaf_start[tree], leaf_start[tree + 1] - leaf_start[tree]
    yes = asked.yes[asked.start[tree] : asked.start[tree + 1]].reshape((leaves, cells[-1]))
    total = np.zeros(cells[-1], dtype=np.uint64)
    for leaf in range(leaves):
        if block_of[first + leaf] == leader:
            add_signature(yes, leaf, cells, total)
    return total


@compiled
def _count_off(signature: _Array, number: _Array) -> int:
    """Number different signatures in the order in which they first come; returns how many there are."""
    different = 0
    for cell in range(len(signature)):
        earlier = 0
        while signature[earlier] != signature[cell]:
            earlier += 1
        if earlier == cell:
            number[cell] = different
            different += 1
        else:
            number[cell] = number[earlier]
    return different


def shapley_weights() -> _Array:
    """e(T, i) by number of conditions d and |T|: [0] for i ∈ T, [1] for i ∉ T; (2, 65, 65) float64."""
    weight = np.zeros((2, MOST_CONDITIONS + 1, MOST_CONDITIONS + 1))
    for d in range(MOST_CONDITIONS + 1):
        for t in range(d + 1):
            if t:
                weight[0, d, t] = math.factorial(t - 1) * math.factorial(d - t) / math.factorial(d)
            if t < d:
                weight[1, d, t] = math.factorial(t) * math.factorial(d - t - 1) / math.factorial(d)
    return weight


@compiled
def _fill(
    leaf_start: _Array, value: _Array, asked: Asked, start: _Array, block_of: _Array, layout: _Layout,
    reference: _Array, weight: _Array, push: _Array, reached: _Array,
) -> None:  # fmt: skip
    rows, d = reference.shape
    keys, flat = np.zeros((rows, KEYS), dtype=np.uint16), reference.ravel()
    out = keys.ravel()
    for block in range(len(layout.tree)):
        chunk, lane = block // KEYS, block % KEYS
        if lane == 0:
            for row in range(rows):
                add_rows(layout.key, chunk * KEYS, len(layout.rows), flat, row * d, d, out, row * KEYS)
        found = np.zeros(layout.rows[block])
        for row in range(rows):
            found[keys[row, lane]] += 1.0
        tree = layout.tree[block]
        first, leaves, cells = leaf_start[tree], leaf_start[tree + 1] - leaf_start[tree], asked.cell_start[tree, -1]
        yes = asked.yes[asked.start[tree] : asked.start[tree + 1]].reshape((leaves, cells))
        for leaf in range(leaves):
            if block_of[first + leaf] == layout.leader[block]:
                answers = yes[leaf][asked.cell_of[tree]]
                share = value[first + leaf] / rows
                reached[first + leaf] = _fold_leaf(answers, share, block, start, layout, found, weight, push)


@compiled
def _fold_leaf(
    answers: _Array, share: float, block: int, start: _Array, layout: _Layout, found: _Array, weight: _Array, push: _Array
) -> float:
    """Add one leaf's φ to its block's table; returns how many reference rows reach the leaf."""
    width, pitch = layout.column_start[block + 1] - layout.column_start[block], layout.pitch[block]
    satisfied, asked = np.zeros(len(found), dtype=np.int64), np.zeros(width, dtype=np.int64)
    d = _answers_by_row(answers, block, start, layout, satisfied, asked)
    holds = np.zeros(1 << d)  # h, and after the sums H(¬T)
    for row in range(len(found)):
        holds[satisfied[row]] += found[row]
    _add_up(holds, d, to=0)
    full = (1 << d) - 1
    phi, pushes = np.empty(1 << d), np.empty((1 << d, d))
    for i in range(d):
        for shown in range(1 << d):
            sign = weight[0, d, set_bits(shown)] if shown >> i & 1 else -weight[1, d, set_bits(shown)]
            phi[shown] = sign * holds[full ^ shown]
        _add_up(phi, d, to=1)
        pushes[:, i] = share * phi
    for row in range(len(found)):
        at, said = layout.size[block] + row * pitch, satisfied[row]
        for i in range(d):
            push[at + asked[i]] += pushes[said, i]
    return float(holds[full])


@compiled
def _add_up(of: _Array, d: int, to: int) -> None:
    """Sum over the supersets of each set of d bits (to = 0) or over its subsets (to = 1), in place."""
    for bit in range(d):
        one = 1 << bit
        for without in range(0, 1 << d, 2 * one):
            for answer in range(without, without + one):
                of[answer + to * one] += of[answer + (1 - to) * one]


@compiled
def _answers_by_row(answers: _Array, block: int, start: _Array, layout: _Layout, satisfied: _Array, asked: _Array) -> int:
    """Which of a leaf's conditions each row of its block satisfies, as bits; returns how many conditions it has."""
    begin, end = layout.column_start[block], layout.column_start[block + 1]
    conditions = 0
    for at in range(begin, end):
        f, stride = layout.column[at], layout.stride[at]
        cells = (layout.stride[at + 1] if at + 1 < end else len(satisfied)) // stride
        allowed = np.zeros(cells, dtype=np.int64)
        for code in range(start[f], start[f + 1]):
            if answers[code]:
                allowed[layout.key[code * len(layout.rows) + block] // stride] = 1
        asks = not allowed.all()
        for cell in range(cells - 1, -1, -1):  # the first cell's rows are the pattern of the others
            for row in range(stride):
                satisfied[cell * stride + row] = satisfied[row] | (asks and allowed[cell]) << conditions
        asked[conditions] = at - begin
        conditions += asks
    return conditions


def _deep(forest: Forest, book: Codebook, asked: Asked, leaves: _Array, *, reference: _Array, reached: _Array) -> Deep:
    """What deep leaves ask, and how the reference rows answer."""
    start, feature, allowed, answers, rows = [0], [], [], [], []
    for leaf in leaves:
        asks, yes = _asks_of(forest, book, asked, leaf)
        given = (yes[reference[:, asks]].astype(np.uint64) << np.arange(len(asks), dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
        answer, times = np.unique(given, return_counts=True)
        reached[leaf] = times[answer == np.uint64((1 << len(asks)) - 1)].sum()
        start.append(start[-1] + len(asks))
        feature += asks
        allowed += [yes[book.start[f] : book.start[f + 1]] for f in asks]
        answers.append(answer)
        rows.append(times.astype(np.float64))
    whole, sizes = np.array(feature, dtype=np.int64), [len(one) for one in allowed]
    return Deep(
        start=np.array(start),
        feature=whole,
        allowed_at=np.cumsum([0, *sizes])[:-1] - book.start[whole],
        allowed=np.concatenate([np.zeros(0, dtype=np.bool_), *allowed]),
        value=forest.value[leaves] / len(reference),
        answer_start=np.cumsum([0, *map(len, answers)]),
        answer=np.concatenate([np.zeros(0, dtype=np.uint64), *answers]),
        rows=np.concatenate([np.zeros(0), *rows]),
    )


def _asks_of(forest: Forest, book: Codebook, asked: Asked, leaf: int) -> tuple[list[int], _Array]:
    """The features that a leaf has conditions on, and which codes satisfy them."""
    tree = int(np.searchsorted(forest.leaf_start, leaf, side="right")) - 1
    cells = asked.cell_start[tree, -1]
    at = asked.start[tree] + (leaf - forest.leaf_start[tree]) * cells
    yes = asked.yes[at : at + cells][asked.cell_of[tree]]
    asks = [f for f in range(len(forest.features)) if not yes[book.start[f] : book.start[f + 1]].all()]
    if len(asks) > MOST_CONDITIONS:
        raise BadModel([f"tree {tree}: a leaf has {len(asks)} features on its path, more than {MOST_CONDITIONS}"])
    return asks, yes
