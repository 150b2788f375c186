"""Scoring: a feature row to its margin, by the booster of the release.

Interim, until the exact kernel lands: margins and contributions come from LightGBM
itself, loaded from the release's text and asked with one thread, because threads in
a served process would compete and a forked one would hang.
"""

from __future__ import annotations

import math

import numpy as np


class Model:
    """One booster, opened from text."""

    def __init__(self, text: str) -> None:
        import lightgbm  # heavy: seconds; only when a model is really opened

        self._booster = lightgbm.Booster(model_str=text)

    def margin(self, x: np.ndarray) -> float:
        """The raw score of one row (d,), in log-odds, float64."""
        scored = np.asarray(self._booster.predict(x[np.newaxis, :], raw_score=True, num_threads=1))
        return float(scored[0])

    def contributions(self, x: np.ndarray) -> tuple[np.ndarray, float]:
        """LightGBM's own path-dependent contributions of one row: (d,) and the baseline, log-odds."""
        split = np.asarray(self._booster.predict(x[np.newaxis, :], pred_contrib=True, num_threads=1))[0]
        return split[:-1], float(split[-1])


def score(margin: float) -> float:
    """A margin in log-odds as a share of 1; for showing, never for deciding.

    >>> score(0.0)
    0.5
    """
    if margin >= 0:
        return 1.0 / (1.0 + math.exp(-margin))
    return math.exp(margin) / (1.0 + math.exp(margin))
