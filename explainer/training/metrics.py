"""Metrics: how well a candidate does on the latest cases, which it never saw.

Rates come with 95 % Wilson intervals (Wilson 1927, doi:10.1080/01621459.1927.10502953),
because a rate of few cases is not a fact.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.stats import rankdata

from explainer.decisions.deciding import band_of
from explainer.packs.definition import MarginBand, Pack

Z = 1.959963984540054  # two-sided 95 %
BANDS = 30  # narrow, so that cases called similar have a similar score
LEAST_CASES = 200  # in a band: with fewer, chance alone moves its rate by ten points


def wilson(hits: int, cases: int) -> tuple[float, float]:
    """95 % Wilson interval of a share.

    >>> tuple(round(edge, 3) for edge in wilson(8, 10))
    (0.49, 0.943)
    """
    share, z2 = hits / cases, Z * Z
    centre = (share + z2 / (2 * cases)) / (1 + z2 / cases)
    half = Z / (1 + z2 / cases) * np.sqrt(share * (1 - share) / cases + z2 / (4 * cases * cases))
    return float(max(0.0, centre - half)), float(min(1.0, centre + half))


def auc(y: np.ndarray, margin: np.ndarray) -> float:
    """The chance that a case with the target outranks one without (Mann–Whitney, ties count half)."""
    positives = int(y.sum())
    negatives = len(y) - positives
    if not positives or not negatives:
        return float("nan")
    return float((rankdata(margin)[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def margin_bands(y: np.ndarray, margin: np.ndarray, least: int = LEAST_CASES) -> tuple[MarginBand, ...]:
    """Held-out rates in bands of about equally many cases, lowest margins first; together they hold every margin.

    Args:
        least: cases that a band holds at least, unless there are fewer in all.
    """
    bands = max(1, min(BANDS, len(margin) // least))
    edges: list[float] = []
    for edge in np.unique(np.quantile(margin, np.linspace(0, 1, bands + 1)[1:-1])):
        inside = (margin < edge) & (margin >= (edges[-1] if edges else -np.inf))
        if min(inside.sum(), (margin >= edge).sum()) >= least:  # equal margins stay together and may leave less
            edges.append(float(edge))
    where = np.searchsorted(edges, margin, side="right")
    found = []
    for index, (low, high) in enumerate(pairwise([None, *edges, None])):
        inside = where == index
        cases, hits = int(inside.sum()), int(y[inside].sum())
        found.append(MarginBand(low, high, cases, hits / cases, *wilson(hits, cases)))
    return tuple(found)


def measure(y: np.ndarray, margin: np.ndarray, pack: Pack) -> dict[str, Any]:
    """AUC, Brier score, calibration and the share and rate of each outcome band, on held-out cases."""
    score = 1 / (1 + np.exp(-margin))
    reached = np.array([band_of(float(one), pack.bands).outcome for one in margin])
    return {
        "cases": len(y),
        "rate": float(y.mean()),
        "auc": auc(y, margin),
        "brier": float(np.mean((score - y) ** 2)),
        "calibration": [
            {**asdict(band), "mean_score": float(score[_inside(margin, band)].mean())} for band in margin_bands(y, margin)
        ],
        "outcomes": {band.outcome: _outcome(y, reached == band.outcome) for band in pack.bands},
    }


def _inside(margin: np.ndarray, band: MarginBand) -> np.ndarray:
    low = -np.inf if band.low is None else band.low
    high = np.inf if band.high is None else band.high
    return np.asarray((margin >= low) & (margin < high))


def _outcome(y: np.ndarray, reached: np.ndarray) -> dict[str, Any]:
    cases = int(reached.sum())
    if not cases:
        return {"cases": 0, "share": 0.0, "rate": None, "interval": None}
    hits = int(y[reached].sum())
    return {"cases": cases, "share": cases / len(y), "rate": hits / cases, "interval": wilson(hits, cases)}
