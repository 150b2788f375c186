"""Recourse: the smallest changes, of what a customer can change, that would have led to a better outcome.

Wanted first is an outcome that people need not decide; where none can be reached, that a
person decides is worth telling too.  Whatever is said was run through rules and model as
a case of its own, and lies past the threshold by more than a hair's breadth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, permutations
from typing import Any

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import encode
from explainer.decisions.deciding import RULE, Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.decisions.policy import RuleResult, apply_policy
from explainer.decisions.scoring import margin_of
from explainer.errors import Unfaithful
from explainer.explanations.changing import searching
from explainer.explanations.changing.moves import Option, options_of, questions_of
from explainer.explanations.changing.searching import Answers, Goal, Moves
from explainer.packs.definition import Fact, Feature, Pack

PAST = 0.05  # log-odds past a threshold: odds better by a twentieth, so that a rounded value does not fall back
MOST_KINDS, FEW_KINDS = 16, 8  # ways in which moves may look to the rules: beyond, nothing is searched, or not three by three

WHYS = FIXED_RULE, NOTHING, CLOSE, NOT_FOUND, NOT_SEARCHED = "rule", "nothing", "close", "not_found", "not_searched"

_Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One feature that would have been another."""

    feature: str
    to: Fact
    side: int  # −1 a lower number, 1 a higher one, 0 neither
    farther: bool  # there are allowed values farther on that side, and each would have done too, all else as this line says


@dataclass(frozen=True, slots=True)
class Line:
    """Changes that together would have led to a better outcome, as it was checked."""

    changes: tuple[Change, ...]  # by column
    along: dict[str, Fact]  # what they bring along
    effort: float
    outcome: str
    decisive: str
    margin: float  # log-odds
    distance: float | None  # log-odds from there to the nearest threshold


@dataclass(frozen=True, slots=True)
class NoRecourse:
    """No line, and why: `rule`, a rule decides whatever the customer changes; `nothing`, no change helps, proven;
    `close`, only such as lie nearer than a hair's breadth to a threshold; `not_found`, none of up to three features
    does; `not_searched`, the work would have been too much."""

    why: str


Recourse = tuple[Line, ...] | NoRecourse


def find_recourse(row: FeatureRow, decision: Decision, pack: Pack, kernel: Kernel, *, on: date) -> Recourse | None:
    """Find what would have changed a decision.

    Args:
        on: the day of the decision in the organisation's time zone.

    Returns:
        At most three lines that differ in their features, least effort first; None where the outcome is
        the best one already, or a person decides.

    Raises:
        Unfaithful: a line does not hold when it is checked.
    """
    rank = pack.favour(decision.outcome)
    if rank == 0 or decision.outcome == pack.person:
        return None
    better = [one.code for one in pack.outcomes[:rank]]
    case, whys = _Case(row, pack, kernel, on), set()
    for people in (False, True):
        wanted = frozenset(code for code in better if (code == pack.person) == people)
        found = case.search(wanted) if wanted else NoRecourse(FIXED_RULE)
        if not isinstance(found, NoRecourse):
            return found
        whys.add(found.why)
    for why in (NOT_SEARCHED, CLOSE, NOT_FOUND):
        if why in whys:
            return NoRecourse(why)
    return NoRecourse(FIXED_RULE if whys == {FIXED_RULE} and decision.decisive == RULE else NOTHING)


class _Case:
    """One case, and what a customer could have done about it."""

    def __init__(self, row: FeatureRow, pack: Pack, kernel: Kernel, on: date) -> None:
        self._row, self._pack, self._kernel, self._on = row, pack, kernel, on
        self._options = options_of(row, pack, kernel, on)
        self._looks: list[dict[str, Fact]] = [{}]  # kind → the facts by which rules tell its moves from the case
        self._kind_of: dict[tuple[object, ...], int] = {(): 0}  # what the rules ask of those facts, and how it is answered → kind
        self._rules: dict[tuple[int, ...], tuple[RuleResult, ...]] = {}  # kinds → what the rules say then

    def search(self, wanted: frozenset[str]) -> Recourse:
        """The lines that lead to one of the wanted outcomes."""
        if not self._options:
            return NoRecourse(NOTHING if self._good((), wanted) else FIXED_RULE)
        (base, moves), masks, answers = self._arrays, self._kernel.masks, searching.no_answers()
        kinds = len(self._looks)
        if kinds > MOST_KINDS:
            return NoRecourse(NOT_SEARCHED)
        goal = self._goal(wanted, 3 if kinds <= FEW_KINDS else 2)
        whole = searching.search_two(base, moves, goal, masks, answers)
        if not whole and np.isinf(answers.effort[0]):
            return NoRecourse(NOT_SEARCHED)
        if np.isinf(answers.effort[0]):
            whole = searching.search_three(base, moves, goal, masks, answers) and kinds <= FEW_KINDS
        if np.isfinite(answers.effort[0]):
            return tuple(self._line(answers, int(place), wanted) for place in np.flatnonzero(np.isfinite(answers.effort)))
        if answers.close[0]:
            return NoRecourse(CLOSE)
        told_apart = {name for look in self._looks for name in look}
        if whole and (len(self._options) <= 3 or (len(told_apart) <= 3 and searching.out_of_reach(base, moves, goal, masks))):
            return NoRecourse(NOTHING if goal.good.any() else FIXED_RULE)
        return NoRecourse(NOT_FOUND)

    @cached_property
    def _arrays(self) -> tuple[_Array, Moves]:
        """The case and its moves as a search takes them."""
        options, pack, x = self._options, self._pack, self._row.x
        place = {name: column for column, name in enumerate(pack.feature)}
        start = np.cumsum([0, *(len(one.column) for one in options), 1])
        rows = np.repeat(x[np.newaxis, :], start[-1], axis=0)
        touched = np.zeros((len(options) + 1, len(x)), dtype=np.bool_)
        for at, option in enumerate(options):
            rows[start[at] : start[at + 1], place[option.feature.name]] = option.column
            for name, fact in option.along:
                rows[start[at] : start[at + 1], place[name]] = _column(fact, pack.feature[name])
            touched[at, [place[name] for name in (option.feature.name, *dict(option.along))]] = True
        codes = encode(rows, self._kernel.book)
        at_name = {(one.feature.name, one.needs): at for at, one in enumerate(options)}
        moves = Moves(
            start=start,
            feature=np.array([*(place[one.feature.name] for one in options), len(x)]),
            needs=np.array([*(-1 if one.needs is None else at_name[one.needs, one.feature.name] for one in options), -1]),
            touched=touched,
            codes=codes,
            effort=np.concatenate([*(one.effort for one in options), [0.0]]),
            kind=np.concatenate([*(self._kinds(one) for one in options), [0]]).astype(np.int64),
            side=np.concatenate([*(one.side for one in options), [0]]).astype(np.int64),
        )
        return codes[-1], moves

    def _kinds(self, option: Option) -> _Array:
        """The kind of each move: those that look alike to every rule in force are of one kind."""
        asked, facts = questions_of(self._pack, self._on), self._row.facts
        found = np.zeros(len(option.column), dtype=np.int64)
        if not any(name in asked for name in (option.feature.name, *dict(option.along))):
            return found
        for move in range(len(found)):
            look = {
                name: fact
                for name, fact in option.changed(move).items()
                if any(asks({name: fact}) != asks(facts) for asks in asked.get(name, ()))
            }
            said = tuple((name, *(asks({name: fact}) for asks in asked[name])) for name, fact in look.items())
            found[move] = self._kind_of.setdefault(said, len(self._looks))
            if found[move] == len(self._looks):
                self._looks.append(look)
        return found

    def _goal(self, wanted: frozenset[str], together: int) -> Goal:
        """Which bands are good after moves of which kinds; up to so many at once."""
        count = len(self._looks)
        edges = self._pack.thresholds
        least = [np.inf, *edges, -np.inf]  # no good band, the first, …, the last
        good, need = np.zeros((count,) * 3, dtype=np.uint64), np.full((count,) * 3, np.inf)
        for size in range(together + 1):
            for kinds in combinations(range(1, count), size):
                if sum(len(self._looks[kind]) for kind in kinds) == len({name for kind in kinds for name in self._looks[kind]}):
                    bands = self._good(kinds, wanted)
                    for each in permutations((*kinds, *(0,) * (3 - size))):
                        good[each], need[each] = bands, least[bands.bit_length()]
        return Goal(np.array(edges, dtype=np.float64), good, need, PAST)

    def _good(self, kinds: tuple[int, ...], wanted: frozenset[str]) -> int:
        """The bands, as bits, that lead to a wanted outcome after moves of some kinds."""
        if kinds not in self._rules:
            facts = dict(self._row.facts)
            for kind in kinds:
                facts |= self._looks[kind]
            self._rules[kinds] = apply_policy(facts, self._pack, self._on)
        rules, pack, bits = self._rules[kinds], self._pack, 0
        for place, band in enumerate(pack.bands):
            inside = band.at_least if band.at_least is not None else _below(pack)
            bits |= (decide_case(rules, inside, pack).outcome in wanted) << place
        return bits

    def _line(self, answers: Answers, place: int, wanted: frozenset[str]) -> Line:
        """An answer as a case of its own, which rules and model decide once more."""
        along: dict[str, Fact] = {}
        changes: list[Change] = []
        start = self._arrays[1].start
        for at, move, farther in zip(answers.option[place], answers.move[place], answers.farther[place], strict=True):
            if at < len(self._options):
                option, nth = self._options[at], int(move - start[at])
                along |= dict(option.along)
                side = int(option.side[nth])
                more = bool(farther) and float(option.column[nth]) not in option.ends
                changes.append(Change(option.feature.name, option.fact(nth), side, more))
        if sum(one.side != 0 for one in changes) > 1:  # each alone could go farther, and both together need not
            changes = [replace(one, farther=False) for one in changes]
        row = read_facts({**self._row.facts, **along, **{one.feature: one.to for one in changes}}, self._pack)
        margin = margin_of(row.x, self._kernel.book, self._kernel.masks)
        reached = decide_case(apply_policy(row.facts, self._pack, self._on), margin, self._pack)
        if reached.outcome not in wanted:
            raise Unfaithful("a change leads elsewhere than its search said")
        effort = float(answers.effort[place])
        return Line(tuple(changes), along, effort, reached.outcome, reached.decisive, margin, reached.distance)


def _column(fact: Fact, feature: Feature) -> float:
    """A fact as the model sees it."""
    if fact is None:
        return np.nan
    return float(feature.levels.index(fact)) if isinstance(fact, str) else float(fact)


def _below(pack: Pack) -> float:
    """A margin in the lowest band."""
    return pack.thresholds[-1] - 1.0 if pack.thresholds else 0.0


def compile_recourse(kernel: Kernel) -> None:
    """Compile what a search runs, on any kernel."""
    none, base, touched = np.zeros(2, dtype=np.int64), np.zeros((2, 1), dtype=np.uint32), np.array([[True], [False]])
    moves = Moves(np.arange(3), np.arange(2), none - 1, touched, base, np.array([1.0, 0.0]), none, none)
    goal = Goal(np.zeros(1), np.ones((1, 1, 1), dtype=np.uint64), np.zeros((1, 1, 1)), 0.0)
    for search in (searching.search_two, searching.search_three):
        search(base[0], moves, goal, kernel.masks, searching.no_answers())
    searching.out_of_reach(base[0], moves, goal, kernel.masks)
