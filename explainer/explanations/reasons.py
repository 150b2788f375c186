"""Reasons: which few things explain the decision, in order, for each reader.

What was decisive comes first: a rule when a rule decided, else the groups of features
that moved the margin most.  A reason never points against the sign of its own number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from explainer.attributions.attribution import Moved
from explainer.decisions.deciding import RULE, Decision
from explainer.packs.definition import Pack

FOR, AGAINST = "for", "against"
RULE_REASON, SCORE_REASON = "rule", "score"

# Odds at least doubled or halved by one thing is strong; changed by less than a quarter is slight.
STRONG = 0.6931471805599453  # ln 2, margin units
MEDIUM = 0.22314355131420976  # ln 1.25
NEGLIGIBLE = 0.04879016416943205  # ln 1.05: odds changed by less than a twentieth are no reason

CUSTOMER_LIMIT = 4  # Regulation B: more than four reasons are unhelpful
CUSTOMER_LEAST = 2
PRINCIPAL_SHARE = 0.15  # of the strongest reason; weaker ones that are only slight are dropped once there are two


class Reason(NamedTuple):
    """One thing that explains a decision."""

    code: str  # rule code or reason group
    kind: str  # rule | score
    direction: str  # for | against the customer's favour
    strength: str  # strong | medium | slight
    push: float | None = None  # margin units, summed over the group; None for a rule
    lead: str | None = None  # the group's feature that pushed furthest in this direction


def agent_reasons(decision: Decision, moved: Sequence[Moved], pack: Pack) -> tuple[Reason, ...]:
    """Everything for and against, the decisive rule first, then rules that fired, then score reasons by size."""
    return (*_rule_reasons(decision, pack), *[_score_reason(one) for one in moved if abs(one[1]) >= NEGLIGIBLE])


def customer_reasons(decision: Decision, moved: Sequence[Moved], pack: Pack) -> tuple[Reason, ...]:
    """The principal reasons for the outcome: at most four, decisive first.

    When a rule decided, that rule is the reason and the score is not.  When the score
    decided, reasons are those that explain the outcome that was reached.
    """
    if decision.decisive == RULE:
        return tuple(one for one in _rule_reasons(decision, pack) if one.code == decision.rule)
    up, down = _least_pushes(decision.outcome, pack)
    principal = [one for one in moved if one[1] >= up or one[1] <= down]
    least = least_principal(abs(principal[0][1])) if principal else 0.0
    kept = [one for rank, one in enumerate(principal) if rank < CUSTOMER_LEAST or abs(one[1]) >= least]
    return tuple(map(_score_reason, kept[:CUSTOMER_LIMIT]))


@lru_cache(256)
def _least_pushes(outcome: str, pack: Pack) -> tuple[float, float]:
    """From which push on upwards, and from which on downwards, something explains an outcome; margin units."""
    wanted = explaining_directions(outcome, pack)
    return NEGLIGIBLE if FOR in wanted else math.inf, -NEGLIGIBLE if AGAINST in wanted else -math.inf


def explaining_directions(outcome: str, pack: Pack) -> tuple[str, ...]:
    """Which pushes explain an outcome: the best one what spoke for it, the worst what spoke against.

    Anything between, a referral among it, is explained by both: they held each other in balance.
    """
    if outcome == pack.bands[0].outcome:
        return (FOR,)
    if outcome == pack.bands[-1].outcome:
        return (AGAINST,)
    return (FOR, AGAINST)


def least_principal(strongest: float) -> float:
    """From which size on, in margin units, a third and a fourth reason are told; none that is more than slight is left out.

    >>> least_principal(0.8), least_principal(3.0) == MEDIUM
    (0.12, True)
    """
    return min(strongest * PRINCIPAL_SHARE, MEDIUM)


def strength_of(push: float) -> str:
    """How strong a push in margin units is, in words of odds.

    >>> [strength_of(p) for p in (-0.9, 0.3, 0.1)]
    ['strong', 'medium', 'slight']
    """
    size = abs(push)
    return "strong" if size >= STRONG else "medium" if size >= MEDIUM else "slight"


def _rule_reasons(decision: Decision, pack: Pack) -> list[Reason]:
    found = [
        Reason(one.code, RULE_REASON, FOR if pack.favour(one.outcome) == 0 or one.floor else AGAINST, "strong")
        for one in decision.fired
    ]
    return sorted(found, key=lambda one: one.code != decision.rule)


def _score_reason(moved: Moved) -> Reason:
    group, push, lead = moved
    return Reason(group, SCORE_REASON, FOR if push > 0 else AGAINST, strength_of(push), push, lead)
