"""Scoring: codes to margin, bit for bit LightGBM's own raw score.

Each leaf of a tree is one bit.  For each code a tree keeps the leaves it leaves possible;
all of a case's codes together leave one, and the trees' values are added in their order
(QuickScorer, Lucchese et al. 2015, doi:10.1145/2766462.2767733, with codes for thresholds).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from explainer.decisions.codes import Branches, Codebook, encode
from explainer.decisions.compiled import LINE, and_rows, compiled, lowest_bit
from explainer.decisions.forest import Forest

_Array = np.ndarray[Any, np.dtype[Any]]


class Masks(NamedTuple):
    """A forest as leaf masks; a tree of more leaves than a word has bits takes several words in a row."""

    possible: _Array  # flat (codes, words) uint32 or uint64
    leaf: _Array  # (words,) uint64: the leaf of a word's lowest bit; the last words may stand for no tree
    value: _Array  # (leaves,) float64, margin units


def leaf_masks(forest: Forest, book: Codebook, found: Branches) -> Masks:
    """Leaf masks of a forest."""
    leaves = np.diff(forest.leaf_start)
    bits = 32 if leaves.max() <= 32 else 64
    line = LINE * 8 // bits
    words = -(-leaves // bits)
    first_word = np.cumsum([0, *words])
    total = -(-int(first_word[-1]) // line) * line
    leaf = np.zeros(total, dtype=np.uint64)
    for tree in range(forest.trees):
        leaf[first_word[tree] : first_word[tree + 1]] = forest.leaf_start[tree] + bits * np.arange(words[tree])
    possible = np.zeros((book.codes, total), dtype=f"u{bits // 8}")
    bit = (np.uint64(1) << np.arange(bits, dtype=np.uint64)).astype(possible.dtype)
    shape = (forest.node_start, forest.leaf_start, forest.feature, forest.left, forest.right)
    _fill_masks(*shape, book.start, found, first_word, bit, possible)
    return Masks(possible.ravel(), leaf, forest.value)


@compiled
def _fill_masks(
    node_start: _Array, leaf_start: _Array, feature: _Array, left: _Array, right: _Array, start: _Array,
    found: Branches, first_word: _Array, bit: _Array, possible: _Array,
) -> None:  # fmt: skip
    bits = len(bit)
    for tree in range(len(node_start) - 1):
        begin, nodes = node_start[tree], node_start[tree + 1] - node_start[tree]
        leaves = leaf_start[tree + 1] - leaf_start[tree]
        below = leaves_below(left[begin : begin + nodes], right[begin : begin + nodes], leaves)
        for word in range(first_word[tree], first_word[tree + 1]):
            span = slice((word - first_word[tree]) * bits, min(leaves, (word - first_word[tree] + 1) * bits))
            lines = possible[:, word]
            lines[:] = bit[: span.stop - span.start].sum()
            for node in range(nodes):
                f, at = feature[begin + node], found.start[begin + node]
                not_right, not_left = ~_word(below[node, 1, span], bit), ~_word(below[node, 0, span], bit)
                for code in range(start[f], start[f + 1]):
                    lines[code] &= not_right if found.left[at + code - start[f]] else not_left


@compiled
def _word(leaves: _Array, bit: _Array) -> Any:
    """Leaves as a word."""
    word = bit[0] ^ bit[0]
    for leaf in range(len(leaves)):
        if leaves[leaf]:
            word |= bit[leaf]
    return word


@compiled
def leaves_below(left: _Array, right: _Array, leaves: int) -> _Array:
    """Which leaves lie below the left and below the right of each node of one tree: (nodes, 2, leaves) bool."""
    below = np.zeros((len(left), 2, leaves), dtype=np.bool_)
    for node in range(len(left) - 1, -1, -1):  # a child stands after its parent
        for side in range(2):
            child = left[node] if side == 0 else right[node]
            if child < 0:
                below[node, side, ~child] = True
            else:
                below[node, side] = below[child, 0] | below[child, 1]
    return below


@compiled
def add_margins(codes: _Array, features: int, masks: Masks, margin: _Array) -> None:
    """Add each case's margin, tree by tree in the model's order.

    Args:
        codes: flat (n, d) uint32, of `encode_into`.
        features: d.
        masks: of the forest.
        margin: (n,) float64, zeros; written.
    """
    line = LINE // masks.possible.itemsize
    words = len(masks.leaf)
    left = np.empty(line, dtype=masks.possible.dtype)
    for chunk in range(words // line):
        for row in range(len(margin)):
            and_rows(masks.possible, chunk * line, words, codes, row * features, features, left, 0)
            total = margin[row]
            for word in range(line):
                if left[word] != 0:
                    total += masks.value[masks.leaf[chunk * line + word] + lowest_bit(left[word])]
            margin[row] = total


def margin_of(x: _Array, book: Codebook, masks: Masks) -> float:
    """The margin of one row (d,), without its attribution."""
    margin = np.zeros(1)
    add_margins(encode(x[np.newaxis, :], book).ravel(), len(x), masks, margin)
    return float(margin[0])


def score(margin: float) -> float:
    """A margin in log-odds as a share of 1; for showing, never for deciding.

    >>> score(0.0)
    0.5
    """
    if margin >= 0:
        return 1.0 / (1.0 + math.exp(-margin))
    return math.exp(margin) / (1.0 + math.exp(margin))
