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
from functools import lru_cache

import numpy as np

from explainer.decisions.compiled import compiled
from explainer.errors import Contradiction, NotLocallyAccurate

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
        return self.baseline + math.fsum(self.phi.tolist()) - self.margin


# What a group of features did to one margin: the group, its push in margin units, and its feature that pushed furthest that way.
Moved = tuple[str, float, str]


def by_group(phi: np.ndarray, group_of: Mapping[str, str]) -> list[list[Moved]]:
    """Add up attributions that the customer would call one thing.

    A sum of its members' Shapley values, so that groups and features tell one story: each
    group's value is what its members are said to have done.  Owen values (Owen 1977), in
    which a group enters whole, would share interactions between groups and then again
    within them; a feature's part would depend on how the pack draws its groups, and the
    numbers an auditor checks would no longer be those the reasons are made of.

    Args:
        phi: (n, d) attributions of n cases, margin units.
        group_of: feature name → group name, in the order of the columns.

    Returns:
        For each case its groups, strongest push first; ties (to 1e-9) keep feature order.

    >>> groups = {"late": "delivery", "lost": "delivery", "age": "account"}
    >>> [(group, round(push, 6), lead) for group, push, lead in by_group(np.array([[-0.5, -0.3, 0.1]]), groups)[0]]
    [('delivery', -0.8, 'late'), ('account', 0.1, 'age')]
    """
    features, groups, group = _grouped(tuple(group_of.items()))
    if phi.shape[1] != len(features):
        raise Contradiction(f"attributions of {phi.shape[1]} features, and groups of {len(features)}")
    shape = (len(phi), len(groups))
    push, lead, order = np.empty(shape), np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
    rank_groups(phi, group, push, lead, order)
    return [
        [(groups[at], pushes[at], features[leads[at]]) for at in places]
        for pushes, leads, places in zip(push.tolist(), lead.tolist(), order.tolist(), strict=True)
    ]


@lru_cache(64)
def _grouped(group_of: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    """Features, groups, and the place of each feature's group among them."""
    groups = tuple(dict.fromkeys(group for _, group in group_of))
    return tuple(name for name, _ in group_of), groups, np.array([groups.index(group) for _, group in group_of])


@compiled
def rank_groups(phi: np.ndarray, group: np.ndarray, push: np.ndarray, lead: np.ndarray, order: np.ndarray) -> None:
    """Sums of groups in feature order, who leads each, and the groups by the size of their sums.

    Args:
        phi: (n, d) float64.
        group: (d,) int64: to which of g groups a feature belongs.
        push: (n, g) float64, written.
        lead: (n, g) int64, written: the feature that pushed furthest in the direction of the sum.
        order: (n, g) int64, written: groups, largest first.
    """
    push[:], lead[:] = 0.0, -1
    for row in range(len(phi)):
        for f in range(len(group)):
            push[row, group[f]] += phi[row, f]
        for f in range(len(group)):
            sign = 1.0 if push[row, group[f]] > 0 else -1.0
            leading = lead[row, group[f]]
            if leading < 0 or sign * phi[row, f] > sign * phi[row, leading]:
                lead[row, group[f]] = f
        for at in range(push.shape[1]):
            size, place = abs(np.rint(push[row, at] * 1e9)), at
            while place > 0 and size > abs(np.rint(push[row, order[row, place - 1]] * 1e9)):
                order[row, place] = order[row, place - 1]
                place -= 1
            order[row, place] = at
