"""Policy: the rules in force on a day, and which of them fire for the facts of a case.

Rules are closed clauses over facts, so a lawyer can read them and a stand-alone
verifier can evaluate them.  A comparison with a missing value is false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from explainer.packs.definition import Clause, Every, Fact, Pack, Rule, Test


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
    return tuple(yes if holds(when, facts) else no for when, yes, no in _rules_on(on, pack))


@lru_cache(64)
def _rules_on(day: date, pack: Pack) -> tuple[tuple[Clause, RuleResult, RuleResult], ...]:
    """The rules in force on a day, each with what it says when it fires and when it does not."""
    found = []
    for rule in pack.rules:
        if in_force(rule, day):
            fired = RuleResult(rule.code, True, rule.outcome, rule.then is None)
            found.append((rule.when, fired, replace(fired, fired=False)))
    return tuple(found)


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
    if isinstance(clause, Test):
        return _compare(clause, facts[clause.feature])
    together = all if isinstance(clause, Every) else any
    return together(holds(one, facts) for one in clause.clauses)


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
