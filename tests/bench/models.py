"""The models that are measured: 20 features, missing values, and for all but one five native categories of 5 to 30 levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

CATEGORIES = {3: 5, 7: 8, 11: 12, 15: 20, 19: 30}  # feature → levels
TRAINED_ON = 20_000


@dataclass(frozen=True, eq=False)
class Subject:
    """A trained model, rows to explain and a reference population."""

    name: str
    text: str
    booster: Any
    rows: np.ndarray
    reference: np.ndarray


def rows_of(count: int, categorical: bool, seed: int) -> np.ndarray:
    """Rows as the models know them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 20))
    for f, levels in CATEGORIES.items() if categorical else ():
        x[:, f] = rng.integers(0, levels, count)
    for f in (0, 5, 9, 12):
        x[rng.random(count) < 0.1, f] = np.nan
    return x


def subject(name: str, trees: int, leaves: int, categorical: bool, reference: int = 10_000) -> Subject:
    """Train a model on a function with interactions, noise and categories."""
    x = rows_of(TRAINED_ON, categorical, seed=1)
    known, rng = np.nan_to_num(x), np.random.default_rng(2)
    odds = known[:, 0] + known[:, 1] * known[:, 2] + np.sin(3 * known[:, 4]) + 0.5 * known[:, 5] * known[:, 6] * known[:, 8]
    odds += (known[:, 3] % 3 == 1) + 0.3 * known[:, 9:19].sum(axis=1) * known[:, 4] + rng.normal(size=len(x))
    chosen = {
        "objective": "binary", "num_leaves": leaves, "learning_rate": 0.08, "verbosity": -1, "num_threads": 1, "seed": 1,
        "deterministic": True, "force_row_wise": True, "min_data_per_group": 20, "cat_smooth": 2.0,
    }  # fmt: skip
    features = sorted(CATEGORIES) if categorical else []
    data = lightgbm.Dataset(x, (odds > 0.5).astype(float), categorical_feature=features, params=chosen)
    text = lightgbm.train(chosen, data, trees).model_to_string()
    booster = lightgbm.Booster(model_str=text)
    return Subject(name, text, booster, rows_of(10_000, categorical, seed=3), rows_of(reference, categorical, seed=4))
