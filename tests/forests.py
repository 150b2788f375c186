"""Forests: small LightGBM models of every kind, and rows at the edges of what they tell apart."""

from __future__ import annotations

from functools import cache
from typing import Any

import lightgbm
import numpy as np

from explainer.attributions.folding import BY_TABLES
from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import codebook, encode
from explainer.decisions.forest import read_forest

# kind → (LightGBM parameters, how values come to be missing)
KINDS: dict[str, dict[str, Any]] = {
    "nan": {},
    "none": {"use_missing": False},
    "zero": {"zero_as_missing": True},
    "onehot": {"max_cat_to_onehot": 64},
    "regression": {"objective": "regression"},
    "deep": {"num_leaves": 40, "max_depth": -1, "min_data_in_leaf": 2},
    "stump": {"num_leaves": 2},
    "monotone": {"monotone_constraints": [1, 0, -1, 0, 0, 0]},
}


@cache
def trained(kind: str, seed: int = 0, features: int = 6, rounds: int = 8, rows: int = 600) -> tuple[str, np.ndarray]:
    """A model's text and the rows it learned from: every third feature is a category."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, features)).round(2)
    categories = list(range(1, features, 3))
    for f in categories:
        x[:, f] = rng.integers(0, 4 + 5 * f, rows)
    x[:, 0] = np.where(rng.random(rows) < 0.3, 0.0, x[:, 0])
    if kind != "none":
        x[rng.random(x.shape) < 0.08] = np.nan
    known = np.nan_to_num(x)
    odds = known[:, 0] * known[:, 2] + (known[:, 1] % 3 == 1) * 2.0 + known[:, -1] + rng.normal(size=rows)
    chosen = {
        "objective": "binary", "num_leaves": 8, "learning_rate": 0.3, "verbosity": -1, "num_threads": 1, "seed": seed,
        "min_data_in_leaf": 8, "min_data_per_group": 4, "cat_smooth": 1.0, "max_cat_to_onehot": 2, "deterministic": True,
    } | KINDS.get(kind, {})  # fmt: skip
    target = odds if chosen["objective"] == "regression" else (odds > np.median(odds)).astype(float)
    if "monotone_constraints" in chosen:
        chosen["monotone_constraints"] = (chosen["monotone_constraints"] + [0] * features)[:features]
    data = lightgbm.Dataset(x, target, categorical_feature=categories, params=chosen, free_raw_data=True)
    return lightgbm.train(chosen, data, rounds).model_to_string(), x


def kernel_of(text: str, reference: np.ndarray, method: str = BY_TABLES) -> Kernel:
    """A kernel whose reference population is some rows (R, d)."""
    return Kernel.of(text, encode(reference, codebook(read_forest(text))), method)


def edge_rows(text: str, rows: int, seed: int = 0) -> np.ndarray:
    """Rows made of what is easily got wrong: thresholds and their neighbours, zeros, infinities, missing, strange levels."""
    rng, forest = np.random.default_rng(seed), read_forest(text)
    x = np.empty((rows, len(forest.features)))
    tiny = float(np.float32(1e-35))
    odd = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-300, tiny, -tiny, np.nextafter(tiny, 1), 5e-324]
    for f in range(x.shape[1]):
        nodes = forest.feature == f
        if forest.categorical[nodes].any():
            levels = np.arange(-3, forest.levels.max() + 4, dtype=float)
            pool = np.concatenate([odd, levels, levels + 0.5, levels - 1e-9, [2.0**31, 2.0**31 - 1, -(2.0**31), 2.0**62, 1e9]])
        else:
            cuts = np.unique(forest.threshold[nodes])
            pool = np.concatenate([odd, cuts, np.nextafter(cuts, np.inf), np.nextafter(cuts, -np.inf), rng.normal(size=30)])
        x[:, f] = rng.choice(pool, rows)
    return x


def model_text(features: int, trees: list[str]) -> str:
    """A model written by hand, in LightGBM's format."""
    blocks = [f"Tree={index}\n{tree}\n\n" for index, tree in enumerate(trees)]
    names, sizes = " ".join(f"f{index}" for index in range(features)), " ".join(str(len(one)) for one in blocks)
    return (
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
        f"max_feature_idx={features - 1}\nobjective=binary sigmoid:1\nfeature_names={names}\n"
        f"feature_infos={' '.join(['none'] * features)}\ntree_sizes={sizes}\n\n"
        + "".join(blocks)
        + "end of trees\n\nparameters:\n\nend of parameters\n\npandas_categorical:null\n"
    )


def split_on(features: list[int], values: list[float]) -> str:
    """A tree that asks one feature after another whether it is above 0, and ends at the first that is not."""
    n = len(features)
    lines = {
        "num_leaves": [n + 1],
        "num_cat": [0],
        "split_feature": features,
        "split_gain": [1] * n,
        "threshold": [0] * n,
        "decision_type": [2 + 8] * n,
        "left_child": [~index for index in range(n)],
        "right_child": [*range(1, n), ~n],
        "leaf_value": values,
        "is_linear": [0],
        "shrinkage": [1],
    }
    return "\n".join(f"{name}={' '.join(map(str, numbers))}" for name, numbers in lines.items()) + "\n"


def chain(features: int) -> str:
    """A model of two long trees: their deepest leaves ask every feature."""
    there, back = list(range(features)), list(reversed(range(features)))
    values = [((7 * leaf) % 11 - 5) / 3 for leaf in range(features + 1)]
    return model_text(features, [split_on(there, values), split_on(back, values)])
