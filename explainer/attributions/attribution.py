"""Attributions: how far each feature moved one margin away from the baseline.

Averaged over the reference population of the release and over every order of revealing
the features, how much did feature j move the margin?  Interventional Shapley values,
Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9; `kernel` finds them.

Units: margin (log-odds), float64.  No files, clock, settings or randomness here: the
same arrays give the same bits, which is what replay relies on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from explainer.errors import NotLocallyAccurate

LOCAL_ACCURACY = 1e-9  # margin units; float64 sums are good to ~1e-13, so 1e-9 means a bug


@dataclass(frozen=True, slots=True, eq=False)  # eq: arrays do not compare to one bool
class Attribution:
    """One margin, split among the features that moved it."""

    features: tuple[str, ...]
    phi: np.ndarray  # (d,) margin units; positive is favourable for the customer
    baseline: float  # mean margin of the population the case is compared with
    margin: float
    method: str

    def __post_init__(self) -> None:
        if not abs(self.gap) <= LOCAL_ACCURACY:  # written this way round, NaN fails too
            raise NotLocallyAccurate(self.gap)

    @property
    def gap(self) -> float:
        """Additivity residual: baseline + Σ phi − margin."""
        return self.baseline + math.fsum(self.phi) - self.margin


def by_group(attribution: Attribution, group_of: Mapping[str, str]) -> dict[str, float]:
    """Add up attributions that the customer would call one thing.

    A sum of its members' Shapley values, so that groups and features tell one story: each
    group's value is what its members are said to have done.  Owen values (Owen 1977), in
    which a group enters whole, would share interactions between groups and then again
    within them; a feature's part would depend on how the pack draws its groups, and the
    numbers an auditor checks would no longer be those the reasons are made of.

    Args:
        attribution: d features, margin units.
        group_of: feature name → group name; must name every feature.

    Returns:
        Group name → contribution in margin units, strongest push first; ties keep feature order.

    >>> one = Attribution(("late", "lost", "age"), np.array([-0.5, -0.3, 0.1]), 0.2, -0.5, "by hand")
    >>> {g: round(v, 6) for g, v in by_group(one, {"late": "delivery", "lost": "delivery", "age": "account"}).items()}
    {'delivery': -0.8, 'account': 0.1}
    """
    total: dict[str, float] = {}
    for feature, push in zip(attribution.features, attribution.phi.tolist(), strict=True):
        group = group_of[feature]
        total[group] = total.get(group, 0.0) + push
    size = {group: -abs(round(push, 9)) for group, push in total.items()}
    return {group: total[group] for group in sorted(total, key=size.__getitem__)}
