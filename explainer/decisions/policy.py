"""Policy: the rules in force on a day, and which of them fire for the facts of a case.

Rules are closed clauses over facts, so a lawyer can read them and a stand-alone
verifier can evaluate them.  A comparison with a missing value is false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from explainer.decisions.features import MANY
from explainer.packs.definition import Clause, Every, Fact, Pack, Rule, Test, tests_in

Question = Callable[[Mapping[str, Fact]], bool]
Survey = Callable[[np.ndarray], np.ndarray]  # (n, d) columns of cases → (n,) whether it is true of each

# The pack reader lets only numbers be compared by size.
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "in": lambda fact, some: fact in some,
    "below": operator.lt,
    "at_least": operator.ge,
}


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
    return tuple([yes if asks(facts) else no for asks, yes, no in _rules_on(on, pack)])


def apply_policy_together(facts: Sequence[Mapping[str, Fact]], x: np.ndarray, pack: Pack, on: date) -> list[tuple[RuleResult, ...]]:
    """The same for many cases; those in which the same rules fire share one result.

    Args:
        x: (n, d) float64, the columns of the facts: NaN is missing, a category the place of its level, true is 1.
    """
    rules = _rules_on(on, pack)
    if len(facts) < MANY or not rules:
        return [apply_policy(one, pack, on) for one in facts]
    whens = [pack.rule[yes.code].when for _, yes, _ in rules]
    fired = np.column_stack(
        [
            survey(when, pack)(x) if _is_exact(when) else np.array([asks(one) for one in facts])
            for when, (asks, _, _) in zip(whens, rules, strict=True)
        ]
    )
    patterns, pattern_of = np.unique(np.packbits(fired, axis=1), axis=0, return_inverse=True)
    bits = np.unpackbits(patterns, axis=1, count=len(rules)).tolist()
    results = [tuple([yes if bit else no for bit, (_, yes, no) in zip(one, rules, strict=True)]) for one in bits]
    return [results[at] for at in pattern_of.ravel().tolist()]


@lru_cache(64)
def _rules_on(day: date, pack: Pack) -> tuple[tuple[Question, RuleResult, RuleResult], ...]:
    """The rules in force on a day as questions, each with what it says when it fires and when it does not."""
    found = []
    for rule in pack.rules:
        if in_force(rule, day):
            fired = RuleResult(rule.code, True, rule.outcome, rule.then is None)
            found.append((question(rule.when), fired, replace(fired, fired=False)))
    return tuple(found)


def in_force(rule: Rule, on: date) -> bool:
    """Whether a rule applies on a day; its first and last day are included."""
    return rule.in_force_from <= on and (rule.in_force_to is None or on <= rule.in_force_to)


def question(clause: Clause) -> Question:
    """A clause as a function of facts that says whether it is true of them; made once, asked of every case.

    >>> soon = question(Test("days", "below", 14))
    >>> soon({"days": 6}), soon({"days": None})
    (True, False)
    """
    if isinstance(clause, Test):
        return _comparison(clause)
    together = _both if isinstance(clause, Every) else _either
    return reduce(together, map(question, clause.clauses))


def _both(one: Question, other: Question) -> Question:
    return lambda facts: one(facts) and other(facts)


def _either(one: Question, other: Question) -> Question:
    return lambda facts: one(facts) or other(facts)


def _comparison(test: Test) -> Question:
    name, value = test.feature, test.value
    if test.operator == "missing":
        return lambda facts: (facts[name] is None) == value
    compare = _COMPARISONS[test.operator]
    return lambda facts: (fact := facts[name]) is not None and compare(fact, value)


def _is_exact(clause: Clause) -> bool:
    """Whether whole numbers compare with all of its numbers as floats do."""
    numbers = [value for test in tests_in(clause) for value in _listed(test.value) if isinstance(value, int | float)]
    return all(abs(value) < 2**53 for value in numbers)


@lru_cache(1024)
def survey(clause: Clause, pack: Pack) -> Survey:
    """A clause as a function of columns; it is true of the same cases as `question`."""
    if isinstance(clause, Test):
        return _column_comparison(clause, pack)
    asked, together = [survey(one, pack) for one in clause.clauses], np.logical_and if isinstance(clause, Every) else np.logical_or
    return lambda x: together.reduce([one(x) for one in asked])


def _column_comparison(test: Test, pack: Pack) -> Survey:
    at, levels = pack.names.index(test.feature), pack.feature[test.feature].levels
    if test.operator == "missing":
        return lambda x: np.isnan(x[:, at]) == bool(test.value)
    values = [float(levels.index(one) if isinstance(one, str) else one) for one in _listed(test.value)]
    if test.operator in ("is", "in"):
        return lambda x: np.isin(x[:, at], values)
    compare = np.less if test.operator == "below" else np.greater_equal
    return lambda x: compare(x[:, at], values[0])


def _listed(value: Fact | tuple[Fact, ...]) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)
