"""What a pack declares: features, outcomes, bands, rules and how it was trained.

Plain frozen values.  `reading` makes them from YAML and refuses every mistake;
after that nothing here can be wrong, so nobody below checks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

Fact = float | int | bool | str | None  # a fact as the caller says it; None: missing


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing the model is told about a case."""

    name: str
    type: str  # number | integer | boolean | category
    source: str  # where the value comes from, in words
    group: str  # reason group: what a customer would call one thing
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    clip: bool = False  # values beyond the range are set to its end instead of refused
    missing: str | None = None  # what a missing value means; None: may not be missing
    levels: tuple[str, ...] = ()
    unknown_is_missing: bool = False
    verbatim: bool = False  # levels are proper names, shown as they are
    sensitive: bool = False  # about health, age or the like: no sentence and no panel says its value, only the customer's own table
    monotone: int = 0  # +1: a higher value never lowers the margin; -1: never raises it
    action: Action | None = None  # None: nothing the customer can change


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a case can end; `person` marks the queue where people decide."""

    code: str
    person: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """An interval of margins [at_least, next band) with one outcome; log-odds."""

    outcome: str
    at_least: float | None  # None: the lowest band


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one feature: `is`, `in`, `below`, `at_least` or `missing`."""

    feature: str
    operator: str
    value: Fact | tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """True when all of its clauses are true."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """True when at least one of its clauses is true."""

    clauses: tuple[Clause, ...]


Clause = Test | Every | Some


def tests_in(clause: Clause) -> Iterator[Test]:
    """Every comparison in a clause, however deep."""
    if isinstance(clause, Test):
        yield clause
    else:
        yield from (test for one in clause.clauses for test in tests_in(one))


@dataclass(frozen=True, slots=True)
class Action:
    """What a customer could do about one feature: the ground of recourse.

    Numbers move in `direction` to multiples of `step` within [least, most]; a category
    becomes one of `to`, the least demanding first.  `effort`, of one step or of one change
    of category, weighs changes against each other.
    """

    direction: str | None = None  # up | down | free; None for categories
    step: float = 1.0
    least: float | None = None
    most: float | None = None
    to: tuple[str, ...] = ()
    effort: float = 1.0
    when: Clause | None = None  # what must be true of the case, or nobody can do this; None: always open
    together: tuple[tuple[str, Fact], ...] = ()  # facts that this change brings along, and what they become


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy rule: when it fires it decides, or lifts the outcome to a floor."""

    code: str
    when: Clause
    in_force_from: date
    source: str
    then: str | None = None  # decides for this outcome
    at_least: str | None = None  # lifts a less favourable outcome to this one
    in_force_to: date | None = None  # last day, included

    @property
    def outcome(self) -> str:
        """The outcome this rule stands for, whether it decides or lifts."""
        return self.then or self.at_least or ""


@dataclass(frozen=True, slots=True)
class Training:
    """How a release candidate is made from a table of past cases."""

    data: str
    target: str
    time: str
    held_out: float  # share of the cases, the latest ones, kept for measuring
    seed: int
    lightgbm: dict[str, object]
    reference_rows: int
    reference_where: dict[str, Fact]
    columns: dict[str, str]
    audit_groups: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """Everything a decision model declares about itself."""

    name: str
    title: str
    owner: str
    purpose: str
    score_meaning: str
    score_shown: str  # percent | points
    outcomes: tuple[Outcome, ...]  # most favourable first
    bands: tuple[Band, ...]  # highest margins first
    languages: tuple[str, ...]
    contest_days: int
    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    training: Training
    retention_months: int | None = None  # how long its decisions are kept after their year; None: as long as the operator says

    __hash__ = object.__hash__  # a pack is opened once; hashing all it declares would take longer than what is remembered by it

    @cached_property
    def feature(self) -> dict[str, Feature]:
        """Feature by name, in column order."""
        return {one.name: one for one in self.features}

    @cached_property
    def rule(self) -> dict[str, Rule]:
        """Policy rule by code, in the order of the policy."""
        return {one.code: one for one in self.rules}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in column order."""
        return tuple(one.name for one in self.features)

    @cached_property
    def thresholds(self) -> tuple[float, ...]:
        """Least margin of each band but the lowest, highest first."""
        return tuple(one.at_least for one in self.bands if one.at_least is not None)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Reason groups in the order in which features first name them."""
        return tuple(dict.fromkeys(one.group for one in self.features))

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Feature name → reason group."""
        return {one.name: one.group for one in self.features}

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """Reason group → its features, in column order."""
        return {group: tuple(one.name for one in self.features if one.group == group) for group in self.groups}

    @cached_property
    def person(self) -> str:
        """The outcome that hands a case to people."""
        return next(one.code for one in self.outcomes if one.person)

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {one.code: rank for rank, one in enumerate(self.outcomes)}

    def favour(self, outcome: str) -> int:
        """Rank of an outcome for the customer: 0 is the most favourable."""
        return self._rank[outcome]


@dataclass(frozen=True, slots=True)
class MarginBand:
    """What happened to held-out cases whose margin fell into [low, high).

    `rate` is the share that truly had the target; `rate_low` and `rate_high` its 95 %
    Wilson interval.  None means no limit on that side.
    """

    low: float | None
    high: float | None
    cases: int
    rate: float
    rate_low: float
    rate_high: float


class Middle(NamedTuple):
    """The middle of the reference population in one number: above `high` is more than most of it has, below `low` less.

    None: nothing is, for instance because most of it has no such number.
    """

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who is responsible, as a customer must be told."""

    name: str
    address: tuple[str, ...]
    phone: str
    phone_hours: dict[str, str]  # language → words
    email: str
    privacy_contact: str
    authority: dict[str, str]  # language → body to complain to
    time_zone: str
    default_language: str
