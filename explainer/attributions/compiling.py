"""Compiling: every kernel once, on two models small enough to be written here.

The set-up runs it, so that no user waits for the compiler: the code is kept with the
installation and every later process loads it.
"""

from __future__ import annotations

import numpy as np

from explainer.attributions.attribution import by_group
from explainer.attributions.folding import BY_SUMS, BY_TABLES, choose_method
from explainer.attributions.kernel import Kernel
from explainer.attributions.weighing import Limits, weigh
from explainer.decisions.codes import codebook, encode
from explainer.decisions.forest import read_forest


def compile_kernels() -> list[Kernel]:
    """Compile what training, releasing and serving run; a second call in a process does nothing.

    Returns:
        The kernels, for what stands above this room to compile itself with.
    """
    rows, kernels = np.zeros((2, 2)), []
    for leaves in (2, 33):  # masks of 32 and of 64 bits
        text = _chain(leaves)
        forest = read_forest(text)
        book = codebook(forest)
        choose_method(forest, book, 0)
        for method in (BY_TABLES, BY_SUMS):
            kernel = Kernel.of(text, encode(rows, book), method)
            kernel.explain(rows[0])
            by_group(kernel.explain_many(rows)[1], {"a": "a", "b": "b"})
        kernels.append(kernel)
    weigh(
        rows, np.zeros(2, dtype=np.int64), 1, np.zeros((1, 5), dtype=np.int64), np.zeros((0, 4), dtype=np.int64), np.zeros(0),
        Limits(0.0, 0.0, 0.0, 0.0, 0.0, 0, 0), np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    return kernels


def _chain(leaves: int) -> str:
    """A model of one tree that asks one feature against rising thresholds, in LightGBM's format."""
    nodes = range(leaves - 1)
    tree = {
        "num_leaves": [leaves],
        "num_cat": [0],
        "split_feature": [0 for _ in nodes],
        "threshold": list(nodes),
        "decision_type": [0 for _ in nodes],
        "left_child": [~node for node in nodes],
        "right_child": [*range(1, leaves - 1), ~(leaves - 1)],
        "leaf_value": list(range(leaves)),
    }
    block = "Tree=0\n" + "".join(f"{name}={' '.join(map(str, numbers))}\n" for name, numbers in tree.items()) + "\n\n"
    return (
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\nobjective=regression\n"
        f"feature_names=a b\ntree_sizes={len(block)}\n\n{block}end of trees\n\nend of parameters\n\npandas_categorical:null\n"
    )
