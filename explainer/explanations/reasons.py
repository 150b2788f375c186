"""Reasons: which few things explain the decision, in order, for each reader.

What was decisive comes first: a rule when a rule decided, else the groups of features
that moved the margin most.  A reason never points against the sign of its own number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.attributions.attribution import Attribution, by_group
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
PRINCIPAL_SHARE = 0.15  # of the strongest reason; weaker ones are dropped once there are two


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that explains a decision."""

    code: str  # rule code or reason group
    kind: str  # rule | score
    direction: str  # for | against the customer's favour
    strength: str  # strong | medium | slight
    push: float | None = None  # margin units, summed over the group; None for a rule
    lead: str | None = None  # the group's feature that pushed furthest in this direction


def agent_reasons(decision: Decision, attribution: Attribution, pack: Pack) -> tuple[Reason, ...]:
    """Everything for and against, the decisive rule first, then rules that fired, then score reasons by size."""
    return (*_rule_reasons(decision, pack), *_score_reasons(attribution, pack))


def customer_reasons(decision: Decision, reasons: Sequence[Reason], pack: Pack) -> tuple[Reason, ...]:
    """The principal reasons for the outcome: at most four, decisive first.

    When a rule decided, that rule is the reason and the score is not.  When the score
    decided, reasons are those that explain the outcome that was reached.
    """
    if decision.decisive == RULE:
        return tuple(one for one in reasons if one.kind == RULE_REASON and one.code == decision.rule)
    wanted = explaining_directions(decision.outcome, pack)
    principal = [one for one in reasons if one.kind == SCORE_REASON and one.direction in wanted]
    least = abs(principal[0].push or 0.0) * PRINCIPAL_SHARE if principal else 0.0
    kept = [one for rank, one in enumerate(principal) if rank < CUSTOMER_LEAST or abs(one.push or 0.0) >= least]
    return tuple(kept[:CUSTOMER_LIMIT])


def explaining_directions(outcome: str, pack: Pack) -> tuple[str, ...]:
    """Which pushes explain an outcome: the best one what spoke for it, the worst what spoke against.

    Anything between, a referral among it, is explained by both: they held each other in balance.
    """
    if outcome == pack.bands[0].outcome:
        return (FOR,)
    if outcome == pack.bands[-1].outcome:
        return (AGAINST,)
    return (FOR, AGAINST)


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


def _score_reasons(attribution: Attribution, pack: Pack) -> list[Reason]:
    push_of: Mapping[str, float] = dict(zip(attribution.features, attribution.phi.tolist(), strict=True))
    found = []
    for group, push in by_group(attribution, pack.group_of).items():
        if abs(push) < NEGLIGIBLE:
            continue
        furthest = max if push > 0 else min
        lead = furthest(pack.members[group], key=push_of.__getitem__)
        found.append(Reason(group, SCORE_REASON, FOR if push > 0 else AGAINST, strength_of(push), push, lead))
    return found
