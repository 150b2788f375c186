"""Deciding: rules and margin to one outcome, and what was decisive.

The first rule that fires decides.  Otherwise the margin's band does, and a rule that
sets a floor may lift it.  Margins are compared, never probabilities: they are the same
bits everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from explainer.decisions.features import MANY
from explainer.decisions.policy import RuleResult
from explainer.packs.definition import Band, Pack

PERMISSION = "permission"  # the customer does not want software to decide
RULE = "rule"
SCORE = "score"
BAND = "band"  # between the thresholds, where a person decides
SAFEGUARD = "safeguard"  # one of our own checks refused


class Decision(NamedTuple):
    """How a case ended, and what made it end so."""

    outcome: str
    decisive: str  # permission | rule | score | band | safeguard
    rule: str | None = None  # code of the decisive rule
    margin: float | None = None  # log-odds; None when the model was not called
    distance: float | None = None  # log-odds from the margin to the nearest edge of its band
    rules: tuple[RuleResult, ...] = ()

    @property
    def fired(self) -> tuple[RuleResult, ...]:
        """The rules that fired, in the order of the policy."""
        return tuple([one for one in self.rules if one.fired])


def decide_case(rules: tuple[RuleResult, ...], margin: float, pack: Pack) -> Decision:
    """Weigh rules and margin by the order the pack declares."""
    distance = distance_to_edge(margin, pack.thresholds)
    band = band_of(margin, pack.bands)
    for one in rules:
        if one.fired and (not one.floor or pack.favour(one.outcome) < pack.favour(band.outcome)):
            return Decision(one.outcome, RULE, one.code, margin, distance, rules)
    decisive = BAND if band.outcome == pack.person else SCORE
    return Decision(band.outcome, decisive, None, margin, distance, rules)


def decide_together(rules: Sequence[tuple[RuleResult, ...]], margins: Sequence[float], pack: Pack) -> list[Decision]:
    """The same for many cases: what some rules and a band come to is found once, wherever they are met."""
    if len(margins) < MANY:
        return [decide_case(said, margin, pack) for said, margin in zip(rules, margins, strict=True)]
    away = np.abs(np.subtract.outer(np.array(margins), pack.thresholds))
    distances = away.min(axis=1).tolist() if pack.thresholds else [None] * len(margins)
    below = (~np.greater_equal.outer(np.array(margins), pack.thresholds)).sum(axis=1).tolist()
    ends: dict[tuple[int, int], tuple[str, str, str | None]] = {}
    found = []
    for said, margin, distance, band in zip(rules, margins, distances, below, strict=True):
        if (key := (id(said), band)) not in ends:
            ends[key] = decide_case(said, margin, pack)[:3]
        found.append(Decision(*ends[key], margin, distance, said))
    return found


def band_of(margin: float, bands: Sequence[Band]) -> Band:
    """The band a margin falls into; its lower edge belongs to it."""
    for band in bands:
        if band.at_least is None or margin >= band.at_least:
            break
    return band


def distance_to_edge(margin: float, thresholds: Sequence[float]) -> float | None:
    """Log-odds from a margin to the nearest threshold; None when there is none."""
    nearest = None
    for one in thresholds:
        away = abs(margin - one)
        if nearest is None or away < nearest:
            nearest = away
    return nearest
