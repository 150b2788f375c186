"""The forest: LightGBM's text model as flat arrays, refused unless every index, number and length in it is sound.

A model file comes from outside, and LightGBM's own reader is not safe on hostile ones.
This reader uses Python alone and finds every mistake before anybody walks a tree.

Format: LightGBM's `Tree::ToString`, model text version 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explainer.errors import BadModel

CATEGORICAL, DEFAULT_LEFT = 1, 2  # bits of decision_type; bits 2 and 3 are the missing type
MISSING_NONE, MISSING_ZERO, MISSING_NAN = 0, 1, 2

LARGEST_FILE = 1 << 28  # characters
MOST_LEAVES = 4096  # of one tree
MOST_FEATURES = 4096
MOST_WORDS = 1 << 16  # 32-bit words of one split's categories: levels below two million
LARGEST_VALUE = 1e15  # of a leaf: beyond it a sum has no digits left for what features do
MOST_MISTAKES = 50  # a file with more is not worth reading on

_NONE = np.zeros(0, dtype=np.int64)

_OBJECTIVES = re.compile(r"(?:binary sigmoid:1|regression|regression_l1|huber|fair|quantile|mape)\Z")
_NUMBERS = re.compile(r"(?:(?:^| )(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|-?inf))+\Z", re.ASCII)
_WHOLES = re.compile(r"(?:(?:^| )-?\d{1,18})+\Z", re.ASCII)
# What nobody needs for deciding, but LightGBM's own reader trusts: line → whether there is one number for each leaf.
_SIDE = {
    "split_gain": False, "leaf_weight": True, "leaf_count": True,
    "internal_value": False, "internal_weight": False, "internal_count": False,
}  # fmt: skip
_LINES = {
    "Tree", "num_leaves", "num_cat", "split_feature", "threshold", "decision_type", "left_child", "right_child",
    "leaf_value", "cat_boundaries", "cat_threshold", "is_linear", "shrinkage",
} | _SIDE.keys()  # fmt: skip
_HEAD = {
    "tree", "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective", "average_output",
    "feature_names", "monotone_constraints", "feature_infos", "tree_sizes",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)  # eq: arrays do not compare to one bool
class Forest:
    """A model of T trees over d features; nodes and leaves of all trees stand one after another.

    A child ≥ 0 is a node of the same tree, counted from its first; below 0 it is the
    leaf ~child of that tree.  A tree of one leaf has no nodes.
    """

    features: tuple[str, ...]  # (d,) names
    objective: str  # binary | regression …
    node_start: np.ndarray  # (T + 1,) int64
    leaf_start: np.ndarray  # (T + 1,) int64
    feature: np.ndarray  # (nodes,) int64
    threshold: np.ndarray  # (nodes,) float64; unused where categories split
    categorical: np.ndarray  # (nodes,) bool
    default_left: np.ndarray  # (nodes,) bool: where missing values go
    missing: np.ndarray  # (nodes,) int64: MISSING_NONE | MISSING_ZERO | MISSING_NAN
    left: np.ndarray  # (nodes,) int64
    right: np.ndarray  # (nodes,) int64
    level_start: np.ndarray  # (nodes + 1,) int64
    levels: np.ndarray  # int64, rising within a node: the levels that go left; none where a threshold splits
    value: np.ndarray  # (leaves,) float64, margin units

    @property
    def trees(self) -> int:
        """How many trees."""
        return len(self.node_start) - 1


def read_forest(text: str) -> Forest:
    """Read a model from LightGBM's text format.

    Args:
        text: what `Booster.model_to_string` gave: one class, no linear leaves.

    Raises:
        BadModel: with every mistake, by tree and line name.
    """
    mistakes: list[str] = []
    if len(text) > LARGEST_FILE:
        raise BadModel([f"the file has more than {LARGEST_FILE:,} characters"])
    head, blocks = _cut(text, mistakes)
    names = _read_head(head, blocks, mistakes)
    trees = []
    for index, block in enumerate(blocks):
        trees.append(_TreeReader(block, index, len(names), mistakes).tree())
        if len(mistakes) >= MOST_MISTAKES:
            break
    if not mistakes:
        forest = _joined(names, head["objective"].split()[0], [tree for tree in trees if tree is not None])
        both = set(forest.feature[forest.categorical]) & set(forest.feature[~forest.categorical])
        mistakes += [f"split_feature: {names[f]}: split by categories and by thresholds" for f in sorted(both)]
    if mistakes:
        raise BadModel(mistakes[:MOST_MISTAKES])
    return forest


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """One tree's part of every array of a forest."""

    feature: np.ndarray
    threshold: np.ndarray
    decision: np.ndarray
    left: np.ndarray
    right: np.ndarray
    categories: tuple[np.ndarray, ...]  # of each node, rising
    value: np.ndarray


def _joined(names: Sequence[str], objective: str, trees: Sequence[_Tree]) -> Forest:
    def joined(part: str) -> np.ndarray:
        return np.concatenate([getattr(tree, part) for tree in trees])

    decision = joined("decision")
    levels = [found for tree in trees for found in tree.categories]
    return Forest(
        features=tuple(names),
        objective=objective,
        node_start=np.cumsum([0, *(len(tree.feature) for tree in trees)]),
        leaf_start=np.cumsum([0, *(len(tree.value) for tree in trees)]),
        feature=joined("feature"),
        threshold=joined("threshold"),
        categorical=(decision & CATEGORICAL) != 0,
        default_left=(decision & DEFAULT_LEFT) != 0,
        missing=decision >> 2,
        left=joined("left"),
        right=joined("right"),
        level_start=np.cumsum([0, *map(len, levels)]),
        levels=np.concatenate([_NONE, *levels]),
        value=joined("value"),
    )


# The file -----------------------------------------------------------------------------------------


def _cut(text: str, mistakes: list[str]) -> tuple[dict[str, str], list[str]]:
    """The head's lines by name, and the text of each tree; a file that was cut short is not whole."""
    body, end, rest = text.partition("end of trees\n")
    if not end or "\nend of parameters\n" not in rest:
        mistakes.append("the file does not go to its end")
    last = rest.rstrip("\n").rpartition("\n")[2].partition("pandas_categorical:")
    if not (last[1] and text.endswith("\n") and _is_json(last[2])):
        mistakes.append("pandas_categorical: the last line is not whole")
    start = body.find("\nTree=")
    head_text, trees_text = (body, "") if start < 0 else (body[: start + 1], body[start + 1 :])
    lines = head_text.rstrip("\n").split("\n")
    head = dict(line.partition("=")[::2] for line in lines)
    mistakes += _wrong_lines(lines, head)
    return head, re.split(r"(?<=\n)(?=Tree=)", trees_text) if trees_text else []


def _wrong_lines(lines: Sequence[str], head: Mapping[str, str]) -> list[str]:
    """What LightGBM would read otherwise than we do: it drops what stands empty before a `=`, and other marks end a line for it."""
    found = [f"{name or 'a line without a name'}: no such line" for name in sorted(head.keys() - _HEAD)]
    if len(head) < len(lines):
        found.append("the head: must hold each line once")
    return found + [f"{name}: holds what no value does" for name, value in head.items() if "=" in value or not value.isprintable()]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_head(head: Mapping[str, str], blocks: Sequence[str], mistakes: list[str]) -> list[str]:
    """Check what the head says of the whole; returns the names of the features."""
    for name, wanted in {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1"}.items():
        if head.get(name) != wanted:
            mistakes.append(f"{name}: must be {wanted}")
    if "tree" not in head:
        mistakes.append("the first line must be `tree`")
    if "average_output" in head:
        mistakes.append("average_output: a forest of averaged trees is not a margin")
    if not _OBJECTIVES.match(head.get("objective", "")):
        mistakes.append("objective: must be binary with sigmoid 1, or a regression whose output is the margin")
    names = head.get("feature_names", "").split(" ")
    if head.get("max_feature_idx") != str(len(names) - 1) or len(names) > MOST_FEATURES or "" in names:
        mistakes.append("feature_names: must name max_feature_idx + 1 features")
    infos = head.get("feature_infos", " ".join(names)).split(" ")
    if len(infos) != len(names) or "" in infos:
        mistakes.append("feature_infos: must hold one for each feature")
    if not _WHOLES.match(head.get("label_index", "0")):
        mistakes.append("label_index: must be a whole number")
    constraints = head.get("monotone_constraints", "0")
    if not _WHOLES.match(constraints) or len(constraints.split()) not in (1, len(names)):
        mistakes.append("monotone_constraints: must be one whole number for each feature")
    if head.get("tree_sizes", "").split() != [str(len(block.encode(errors="surrogatepass"))) for block in blocks] or not blocks:
        mistakes.append("tree_sizes: must be the sizes of the trees that follow, in bytes")
    return names


# One tree -----------------------------------------------------------------------------------------


class _TreeReader:
    """Reads one tree's lines and notes each mistake once."""

    def __init__(self, block: str, index: int, features: int, mistakes: list[str]) -> None:
        self._index, self._features, self._mistakes = index, features, mistakes
        self._before = len(mistakes)
        lines = block.rstrip("\n").split("\n")
        self._lines = dict(line.partition("=")[::2] for line in lines)
        if lines[0] != f"Tree={index}" or len(self._lines) < len(lines):
            self._mistake("Tree", f"must be number {index}, each line once")

    def _mistake(self, line: str, why: str) -> None:
        self._mistakes.append(f"tree {self._index}: {line}: {why}")

    def _is_wrong(self) -> bool:
        return len(self._mistakes) > self._before

    def tree(self) -> _Tree | None:
        """The tree, or None when it has a mistake."""
        leaves = int(self._whole("num_leaves", 1, 1, MOST_LEAVES)[0])
        if self._is_wrong():
            return None  # nobody can say how long the other lines must be
        value = self._numbers("leaf_value", leaves)
        if not (np.abs(value) <= LARGEST_VALUE).all():
            self._mistake("leaf_value", f"must be within ±{LARGEST_VALUE:g}")
        if self._lines.get("is_linear", "0") != "0":
            self._mistake("is_linear", "linear leaves are not read")
        self._check_side_lines(leaves)
        tree = self._splits(leaves - 1, value) if leaves > 1 else _Tree(_NONE, np.zeros(0), _NONE, _NONE, _NONE, (), value)
        return None if self._is_wrong() else tree

    def _check_side_lines(self, leaves: int) -> None:
        """Lines that decide nothing must be sound all the same: LightGBM reads them without looking."""
        for name in sorted(self._lines.keys() - _LINES):
            self._mistake(name, "no such line")
        for name, of_leaves in _SIDE.items():
            if name in self._lines and (leaves > 1 or self._lines[name] not in ("", "0")):
                self._numbers(name, leaves if of_leaves else leaves - 1)
        if "shrinkage" in self._lines:
            self._numbers("shrinkage", 1)

    def _splits(self, nodes: int, value: np.ndarray) -> _Tree | None:
        feature = self._whole("split_feature", nodes, 0, self._features - 1)
        decision = self._whole("decision_type", nodes, 0, MISSING_NAN << 2 | DEFAULT_LEFT | CATEGORICAL)
        threshold = self._numbers("threshold", nodes)
        left, right = (self._whole(name, nodes, -nodes - 1, nodes - 1) for name in ("left_child", "right_child"))
        if not self._is_wrong():
            self._check_shape(left, right, nodes)
        categories = self._categories(decision, threshold) if not self._is_wrong() else ()
        return None if self._is_wrong() else _Tree(feature, threshold, decision, left, right, categories, value)

    def _check_shape(self, left: np.ndarray, right: np.ndarray, nodes: int) -> None:
        """Every node but the root and every leaf has one parent, and a parent stands before its child: a tree."""
        children = np.concatenate([left, right])
        if not np.array_equal(np.sort(children), np.r_[np.arange(-nodes - 1, 0), np.arange(1, nodes)]):
            self._mistake("left_child, right_child", "must name every node and leaf once")
        parents = np.tile(np.arange(nodes), 2)
        if ((children >= 0) & (children <= parents)).any():
            self._mistake("left_child, right_child", "a node must stand after its parent")

    def _categories(self, decision: np.ndarray, threshold: np.ndarray) -> tuple[np.ndarray, ...]:
        """The levels that go left at each node, from the bit sets that thresholds of categorical splits point to."""
        by_category = (decision & CATEGORICAL) != 0
        sets = int(by_category.sum())
        self._whole("num_cat", 1, sets, sets)
        if not sets:
            return (_NONE,) * len(decision)
        bounds = self._whole("cat_boundaries", sets + 1, 0, 1 << 31)
        lengths = np.diff(bounds)
        if self._is_wrong() or bounds[0] != 0 or (lengths < 1).any() or (lengths > MOST_WORDS).any():
            self._mistake("cat_boundaries", f"must rise from 0 by at most {MOST_WORDS}")
            return ()
        words = self._whole("cat_threshold", int(bounds[-1]), 0, 2**32 - 1)
        if not np.array_equal(np.sort(threshold[by_category]), np.arange(sets)):
            self._mistake("threshold", "each categorical split must point to a set of its own")
        if self._is_wrong():
            return ()
        levels = [_levels(words[bounds[one] : bounds[one + 1]]) for one in range(sets)]
        return tuple(levels[int(at)] if split else _NONE for at, split in zip(threshold, by_category, strict=True))

    def _whole(self, line: str, count: int, low: int, high: int) -> np.ndarray:
        """A line of whole numbers, each within [low, high]; stand-ins when it has a mistake."""
        text = self._lines.get(line, "")
        if _WHOLES.match(text) and text.count(" ") == count - 1:
            found = np.array(text.split(), dtype=np.int64)
            if ((found >= low) & (found <= high)).all():
                return found
        self._mistake(line, f"must be {count} whole numbers from {low} to {high}")
        return np.full(count, low, dtype=np.int64)

    def _numbers(self, line: str, count: int) -> np.ndarray:
        """A line of float64, infinite ones among them; stand-ins when it has a mistake."""
        text = self._lines.get(line, "")
        if _NUMBERS.match(text) and text.count(" ") == count - 1:
            return np.array(text.split(), dtype=np.float64)
        self._mistake(line, f"must be {count} numbers")
        return np.zeros(count)


def _levels(words: np.ndarray) -> np.ndarray:
    """The set bits of 32-bit words, lowest first.

    >>> _levels(np.array([5, 1])).tolist()
    [0, 2, 32]
    """
    return np.flatnonzero(np.unpackbits(words.astype("<u4").view(np.uint8), bitorder="little"))
