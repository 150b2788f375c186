"""Blocks: leaves of one tree that ask alike, put together so that one row of a table speaks for all of them.

A leaf asks something of each feature on its path; a tree's *cells* are the sets of codes
that its splits tell apart.  A block's table has a row for every combination of cells that
its leaves tell apart.  The fewer blocks, the fewer rows a case must read; the more leaves
in a block, the larger its table.  Pairs are merged greedily, cheapest first, while a
table stays within a number of rows; in a tree of very many leaves, among some at a time.

Cells are counted by additive random signatures: a set of leaves has as many cells of a
feature as there are different sums of its leaves' signatures.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from explainer.decisions.codes import Branches, Codebook, check_size
from explainer.decisions.compiled import compiled
from explainer.decisions.forest import Forest
from explainer.decisions.scoring import leaves_below

UNREACHABLE, DEEP = -1, -2  # leaves of no block: no case gets there; too many rows even alone
TOO_MANY = 1 << 40  # rows nobody will ever make
TOGETHER = 256  # leaves among which pairs are looked for: the time for that grows with the cube of their number

_Array = np.ndarray[Any, np.dtype[Any]]


class Asked(NamedTuple):
    """What each leaf of a forest asks of each feature, in the cells of its tree."""

    cell_of: _Array  # (T, codes) int32: cell of a code
    cell_start: _Array  # (T, d + 1) int64: first cell of each feature
    start: _Array  # (T + 1,) int64: where a tree's part of `yes` begins
    yes: _Array  # bool, (leaves, cells) of each tree one after another: may a case in this cell get there?


def what_leaves_ask(forest: Forest, book: Codebook, found: Branches) -> Asked:
    """The conditions of every leaf: along its path, ANDed feature by feature.

    Raises:
        BadModel: they would take more memory than `LARGEST`.
    """
    trees, d = forest.trees, len(forest.features)
    cell_of = np.zeros((trees, book.codes), dtype=np.int32)
    cell_start = np.zeros((trees, d + 1), dtype=np.int64)
    _cut_cells(book.start, forest.node_start, forest.feature, found, cell_of, cell_start)
    leaves = np.diff(forest.leaf_start)
    asked = Asked(cell_of, cell_start, np.cumsum([0, *(leaves * cell_start[:, -1])]), None)  # type: ignore[arg-type]
    check_size(int(asked.start[-1]))
    asked = asked._replace(yes=np.ones(int(asked.start[-1]), dtype=np.bool_))
    shape = (forest.node_start, forest.leaf_start, forest.feature, forest.left, forest.right)
    _ask(book.start, *shape, found, asked)
    return asked


@compiled
def _mix(number: int) -> np.uint64:
    """A random-looking 64-bit number for a number (splitmix64, Steele et al. 2014, doi:10.1145/2660193.2660195)."""
    z = np.uint64(number) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def _cut_cells(start: _Array, node_start: _Array, feature: _Array, found: Branches, cell_of: _Array, cell_start: _Array) -> None:
    """Codes that every split of a tree treats alike form a cell."""
    signature = np.zeros(start[-1], dtype=np.uint64)
    for tree in range(len(node_start) - 1):
        signature[:] = 0
        for node in range(node_start[tree], node_start[tree + 1]):
            first, mark = start[feature[node]], _mix(node)
            for step in range(found.start[node + 1] - found.start[node]):
                if found.left[found.start[node] + step]:
                    signature[first + step] += mark
        cells = 0
        for f in range(len(start) - 1):
            cell_start[tree, f] = cells
            for code in range(start[f], start[f + 1]):
                known = code if code == start[f] or signature[code] != signature[code - 1] else code - 1
                if known == code:  # not its neighbour's: an earlier one's, or new
                    known = start[f]
                    while signature[known] != signature[code]:
                        known += 1
                if known == code:
                    cell_of[tree, code] = cells
                    cells += 1
                else:
                    cell_of[tree, code] = cell_of[tree, known]
        cell_start[tree, len(start) - 1] = cells


@compiled
def _ask(
    start: _Array, node_start: _Array, leaf_start: _Array, feature: _Array, left: _Array, right: _Array,
    found: Branches, asked: Asked,
) -> None:  # fmt: skip
    for tree in range(len(node_start) - 1):
        begin, nodes = node_start[tree], node_start[tree + 1] - node_start[tree]
        leaves = leaf_start[tree + 1] - leaf_start[tree]
        below = leaves_below(left[begin : begin + nodes], right[begin : begin + nodes], leaves)
        yes = asked.yes[asked.start[tree] : asked.start[tree + 1]].reshape((leaves, asked.cell_start[tree, -1]))
        for node in range(nodes):
            f, at = feature[begin + node], found.start[begin + node]
            away = (np.flatnonzero(below[node, 0]), np.flatnonzero(below[node, 1]))  # leaves on the left, on the right
            for code in range(start[f], start[f + 1]):
                cell = asked.cell_of[tree, code]
                if code > start[f] and cell == asked.cell_of[tree, code - 1]:
                    continue  # told already
                for leaf in away[1 if found.left[at + code - start[f]] else 0]:
                    yes[leaf, cell] = False


def group_leaves(forest: Forest, asked: Asked, most_rows: int, most_alone: int) -> _Array:
    """Put leaves into blocks.

    Args:
        most_rows: of a block of several leaves.
        most_alone: of a block of one leaf; a leaf that would need more is deep.

    Returns:
        (leaves,) int64: the first leaf of the block a leaf is in, counted in its tree;
        UNREACHABLE or DEEP for leaves of no block.
    """
    block_of = np.empty(len(forest.value), dtype=np.int64)
    _group(forest.leaf_start, asked, most_rows, most_alone, block_of)
    return block_of


@compiled
def _group(leaf_start: _Array, asked: Asked, most_rows: int, most_alone: int, block_of: _Array) -> None:
    for tree in range(len(leaf_start) - 1):
        first, leaves = leaf_start[tree], leaf_start[tree + 1] - leaf_start[tree]
        cells = asked.cell_start[tree]
        yes = asked.yes[asked.start[tree] : asked.start[tree + 1]].reshape((leaves, cells[-1]))
        signature, alone = signatures(yes, cells), np.zeros(cells[-1], dtype=np.uint64)
        rows = np.zeros(leaves, dtype=np.int64)  # of the block that a leaf leads; 0: it leads none
        for leaf in range(leaves):
            size = rows_together(signature[leaf], alone, cells, TOO_MANY)
            block_of[first + leaf] = leaf if size <= most_alone else DEEP
            if not _reachable(yes[leaf], cells):
                block_of[first + leaf] = UNREACHABLE
            rows[leaf] = size if block_of[first + leaf] == leaf else 0
        for begin in range(0, leaves, TOGETHER):
            part = slice(begin, min(begin + TOGETHER, leaves))
            _merge(signature[part], rows[part], cells, most_rows, block_of[first + part.start : first + part.stop], begin)


@compiled
def signatures(yes: _Array, cells: _Array) -> _Array:
    """A random number for each leaf and feature where the answer is yes, else 0: (leaves, cells) uint64."""
    signature = np.zeros(yes.shape, dtype=np.uint64)
    for leaf in range(yes.shape[0]):
        add_signature(yes, leaf, cells, signature[leaf])
    return signature


@compiled
def add_signature(yes: _Array, leaf: int, cells: _Array, total: _Array) -> None:
    """Add one leaf's signature to a sum (cells,)."""
    for f in range(len(cells) - 1):
        mark = _mix(leaf * len(cells) + f)
        for cell in range(cells[f], cells[f + 1]):
            if yes[leaf, cell]:
                total[cell] += mark


@compiled
def _reachable(yes: _Array, cells: _Array) -> bool:
    reachable = True
    for f in range(len(cells) - 1):
        reachable = reachable and bool(cells[f] == cells[f + 1] or yes[cells[f] : cells[f + 1]].any())
    return reachable


@compiled
def rows_together(one: _Array, other: _Array, cells: _Array, most: int) -> int:
    """Rows of the table of two sets of leaves, by their signatures; counting stops once there are more than `most`."""
    rows, sums = 1, np.empty(len(one), dtype=np.uint64)
    for f in range(len(cells) - 1):
        if cells[f + 1] - cells[f] < 2:
            continue
        different, before = 0, np.uint64(0)
        for cell in range(cells[f], cells[f + 1]):
            total = one[cell] + other[cell]
            if different and total == before:
                continue  # as its neighbour
            before, known = total, 0
            while known < different and sums[known] != total:
                known += 1
            if known == different:
                sums[known] = total
                different += 1
        rows *= different
        if rows > most:
            break
    return rows


@compiled
def _merge(signature: _Array, rows: _Array, cells: _Array, most_rows: int, block_of: _Array, begin: int) -> None:
    """Merge the pair with the least (rows together ÷ rows apart), again and again; leaves are counted from `begin`."""
    leaves = len(rows)
    cost = np.full((leaves, leaves), np.inf)
    for one in range(leaves):
        for other in range(one + 1, leaves):
            cost[one, other] = _cost(signature, rows, cells, most_rows, one, other)
    while leaves > 1:
        at = int(np.argmin(cost))
        one, other = at // leaves, at % leaves
        if cost[one, other] == np.inf:
            break
        rows[one] = rows_together(signature[one], signature[other], cells, most_rows)
        signature[one] += signature[other]
        rows[other] = 0
        for leaf in range(leaves):
            if block_of[leaf] == begin + other:
                block_of[leaf] = begin + one
        for leaf in range(leaves):
            cost[min(leaf, other), max(leaf, other)] = np.inf
            if leaf != one:
                cost[min(leaf, one), max(leaf, one)] = _cost(signature, rows, cells, most_rows, leaf, one)


@compiled
def _cost(signature: _Array, rows: _Array, cells: _Array, most_rows: int, one: Any, other: Any) -> float:
    if rows[one] == 0 or rows[other] == 0:
        return np.inf
    together = rows_together(signature[one], signature[other], cells, most_rows)
    return together / (rows[one] + rows[other]) if together <= most_rows else np.inf
