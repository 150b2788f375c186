"""The forest, slowly and plainly: one row walked down each tree, and Shapley values by counting every subset.

Nothing is shared with the service but the text of the model: it is read here line by line.
Sources: LightGBM's `Tree::NumericalDecision`, `Tree::CategoricalDecision`; Shapley 1953.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

REALS = {"leaf_value", "threshold"}
WHOLE = {"num_leaves", "split_feature", "decision_type", "left_child", "right_child", "cat_boundaries", "cat_threshold"}
NOTHING = float(np.float32(1e-35))  # as Booster.predict reads a row

Tree = dict[str, list]  # what each line of a tree lists


def read(text: str) -> list[Tree]:
    """Each tree's lines, name → the numbers it lists."""
    body = text.split("end of trees")[0]
    return [_numbers(part.splitlines()[1:]) for part in body.split("\nTree=")[1:]]


def _numbers(lines: list[str]) -> Tree:
    said = {name: words.split() for name, _, words in (line.partition("=") for line in lines)}
    return {name: [float(one) if name in REALS else int(one) for one in said[name]] for name in REALS | WHOLE if name in said}


def walk(tree: Tree, row: np.ndarray) -> float:
    """The value of the leaf where a row ends."""
    if tree["num_leaves"] == [1]:
        return tree["leaf_value"][0]
    node = 0
    while node >= 0:
        node = tree["left_child" if goes_left(tree, node, row) else "right_child"][node]
    return tree["leaf_value"][~node]


def goes_left(tree: Tree, node: int, row: np.ndarray) -> bool:
    """Where one split sends a row."""
    value = float(row[tree["split_feature"][node]])
    kind, threshold = tree["decision_type"][node], tree["threshold"][node]
    if abs(value) <= NOTHING:
        value = 0.0
    if kind & 1:
        if math.isnan(value) or value <= -1 or value >= 2**31:
            return False
        level = int(value)
        first, last = tree["cat_boundaries"][int(threshold) : int(threshold) + 2]
        return level < 32 * (last - first) and bool(tree["cat_threshold"][first + level // 32] >> level % 32 & 1)
    missing = kind >> 2
    if math.isnan(value) and missing != 2:
        value = 0.0
    if (missing == 1 and value == 0.0) or (missing == 2 and math.isnan(value)):
        return bool(kind & 2)
    return value <= threshold


def margin(trees: list[Tree], row: np.ndarray) -> float:
    """The raw score, trees added in their order."""
    total = 0.0
    for tree in trees:
        total += walk(tree, row)
    return total


def shapley(trees: list[Tree], row: np.ndarray, reference: np.ndarray) -> tuple[float, np.ndarray]:
    """Baseline and (d,) interventional Shapley values: every subset, every reference row, by the definition."""
    d = len(row)
    worth = {}
    for size in range(d + 1):
        for known in combinations(range(d), size):
            mixed = reference.copy()
            mixed[:, list(known)] = row[list(known)]
            worth[frozenset(known)] = math.fsum(margin(trees, one) for one in mixed) / len(reference)
    phi = np.zeros(d)
    for known, value in worth.items():
        for j in range(d):
            if j not in known:
                weight = math.factorial(len(known)) * math.factorial(d - len(known) - 1) / math.factorial(d)
                phi[j] += weight * (worth[known | {j}] - value)
    return worth[frozenset()], phi


def leaves(tree: Tree, node: int = 0) -> list[tuple[float, list[tuple[int, bool]]]]:
    """Each leaf's value, and the splits on its path with the way it takes there."""
    if tree["num_leaves"] == [1]:
        return [(tree["leaf_value"][0], [])]
    if node < 0:
        return [(tree["leaf_value"][~node], [])]
    found = []
    for side, left in (("left_child", True), ("right_child", False)):
        found += [(value, [(node, left), *path]) for value, path in leaves(tree, tree[side][node])]
    return found


def shapley_by_pairs(trees: list[Tree], row: np.ndarray, reference: np.ndarray) -> tuple[float, np.ndarray]:
    """The same by another way, for more features: one small game for each leaf and each reference row.

    In the game of one leaf, `a` features lead to it only as the row has them and `b` only as
    the reference row has them; all others do not matter, or one of them bars the way.
    """
    phi, baseline = np.zeros(len(row)), 0.0
    for tree in trees:
        for value, path in leaves(tree):
            asked = {tree["split_feature"][node] for node, _ in path}
            for other in reference:
                mine, theirs = (asked - barred(tree, path, one) for one in (row, other))
                baseline += value * (theirs == asked) / len(reference)
                a, b = len(mine - theirs), len(theirs - mine)
                if mine | theirs != asked or a + b == 0:
                    continue
                for f in mine - theirs:
                    phi[f] += value * math.factorial(a - 1) * math.factorial(b) / math.factorial(a + b) / len(reference)
                for f in theirs - mine:
                    phi[f] -= value * math.factorial(a) * math.factorial(b - 1) / math.factorial(a + b) / len(reference)
    return baseline, phi


def barred(tree: Tree, path: list[tuple[int, bool]], row: np.ndarray) -> set[int]:
    """The features by which a row leaves a path."""
    return {tree["split_feature"][node] for node, left in path if goes_left(tree, node, row) != left}
