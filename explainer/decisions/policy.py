"""Policy: the rules in force on a day, and which of them fire for the facts of a case.

Rules are closed clauses over facts, so a lawyer can read them and a stand-alone
verifier can evaluate them.  A comparison with a missing value is false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from explainer.packs.definition import Clause, Every, Fact, Pack, Rule, Some, Test


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule in force said about one case."""

    code: str
    fired: bool
    outcome: str
    floor: bool  # True: lifts a less favourable outcome; False: decides


def apply_policy(facts: Mapping[str, Fact], pack: Pack, on: date) -> tuple[RuleResult, ...]:
    """Evaluate every rule in force on a day, in the order of the policy file.

    Args:
        on: the day of the decision in the organisation's time zone.
    """
    return tuple(
        RuleResult(rule.code, holds(rule.when, facts), rule.outcome, rule.then is None) for rule in pack.rules if in_force(rule, on)
    )


def in_force(rule: Rule, on: date) -> bool:
    """Whether a rule applies on a day; its first and last day are included."""
    return rule.in_force_from <= on and (rule.in_force_to is None or on <= rule.in_force_to)


def holds(clause: Clause, facts: Mapping[str, Fact]) -> bool:
    """Whether a clause is true of the facts.

    >>> holds(Test("days", "below", 14), {"days": 6})
    True
    >>> holds(Test("days", "below", 14), {"days": None})
    False
    """
    if isinstance(clause, Every):
        return all(holds(one, facts) for one in clause.clauses)
    if isinstance(clause, Some):
        return any(holds(one, facts) for one in clause.clauses)
    return _compare(clause, facts[clause.feature])


def _compare(test: Test, fact: Fact) -> bool:
    if test.operator == "missing":
        return (fact is None) == test.value
    if fact is None:
        return False
    if test.operator == "is":
        return fact == test.value
    if test.operator == "in":
        return isinstance(test.value, tuple) and fact in test.value
    assert not isinstance(fact, str)  # the pack reader lets only numbers be compared by size
    assert isinstance(test.value, int | float)
    return fact < test.value if test.operator == "below" else fact >= test.value
