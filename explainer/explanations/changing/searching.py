"""Searching: the cheapest moves that bring one case to a better outcome, over one, two and three features.

A move sets a feature, and what comes along with it, to other values.  What a case keeps
decides most trees; of two features only the trees on which both have a say are scored
pair by pair, and features are passed over when the best leaves that they leave possible
do not reach far enough (branch and bound, Land and Doig 1960, doi:10.2307/1910129).  One
and two features are searched to the end, three as far as the work allowed goes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from explainer.decisions.compiled import compiled, lowest_bit
from explainer.decisions.scoring import Masks

LINES = 3  # answers of one search; more are no help
WORK = 8_000_000  # words of leaf masks looked at, some ten milliseconds; beyond it a search stops and says so
NEARLY = 1e-9  # margin units; what sums in another order bring this near is added up in the model's own

_Array = np.ndarray[Any, np.dtype[Any]]


class Moves(NamedTuple):
    """What can be done about a case, as arrays; the moves of an option go from the least effort to the most.

    The last option stands for doing nothing: one move without effort.  Kind 0 is a move
    that no rule tells from the case as it is; moves of another kind are alike to every rule.
    """

    start: _Array  # (options + 1,) int64: first move of each option
    feature: _Array  # (options,) int64: the feature that the customer changes
    needs: _Array  # (options,) int64: another option without which this one is not whole; −1: none
    touched: _Array  # (options, d) bool: the features that its moves set; options that share one do not go together
    codes: _Array  # (moves, d) uint32: the case after each move
    effort: _Array  # (moves,) float64
    kind: _Array  # (moves,) int64
    side: _Array  # (moves,) int64: −1 down, 1 up, 0 neither


class Goal(NamedTuple):
    """Which ends are better."""

    edges: _Array  # (bands − 1,) float64, falling: least margin of each band but the last
    good: _Array  # (kinds, kinds, kinds) uint64: the bands that lead there once moves of these kinds are made, lowest bit highest
    need: _Array  # (kinds, kinds, kinds) float64: the least margin that is good then; infinity: none
    past: float  # margin units by which an answer has to lie inside of good bands


class Answers(NamedTuple):
    """What was found, the cheapest first; an effort of infinity is no answer."""

    effort: _Array  # (LINES,) float64
    rank: _Array  # (LINES,) int64: of sets of features, where efforts are alike: the fewer first, then by column
    option: _Array  # (LINES, 3) int64; the option of doing nothing fills up
    move: _Array  # (LINES, 3) int64
    farther: _Array  # (LINES, 3) bool: every move farther on the same side, the others as they are, leads there too
    left: _Array  # (1,) int64: work
    close: _Array  # (1,) bool: some moves lead there, and lie too near to an edge to be an answer; said of cases without one


class _Field(NamedTuple):
    """What a search works on."""

    rows: _Array  # (moves, words): the leaves that each move leaves possible
    some: _Array  # (options, words): those that at least one of its moves does
    every: _Array  # (options, words): those that all of its moves do
    kinds: _Array  # (options, kinds) bool: the kinds of its moves


def no_answers() -> Answers:
    """Nothing found yet, and all work left."""
    option, move = (np.full((LINES, 3), -1, dtype=np.int64) for _ in range(2))
    rank, left = np.zeros(LINES, dtype=np.int64), np.full(1, WORK, dtype=np.int64)
    farther, close = np.zeros((LINES, 3), dtype=np.bool_), np.zeros(1, dtype=np.bool_)
    return Answers(np.full(LINES, np.inf), rank, option, move, farther, left, close)


@compiled
def search_two(base: _Array, moves: Moves, goal: Goal, masks: Masks, answers: Answers) -> bool:
    """Find the cheapest change of one or two features for each set of them, and keep the cheapest sets.

    A set that holds another one of less or the same effort is not kept.

    Args:
        base: (d,) uint32 codes of the case.
        answers: written.

    Returns:
        Whether all was searched; False: the work was used up.
    """
    field, nothing, d = _field(moves, goal, masks), len(moves.start) - 2, len(base)
    alone = np.full(d, np.inf)
    rest, found = np.empty(len(masks.leaf), dtype=masks.possible.dtype), np.empty(2, dtype=np.int64)
    for i in range(nothing):
        if moves.needs[i] < 0:
            _leave(base, moves, masks, i, nothing, nothing, rest)
            cost = _cheapest(i, nothing, moves, goal, masks, field, rest, 0, 0.0, np.inf, answers, found)
            alone[moves.feature[i]] = cost
            if cost < np.inf:
                _keep(cost, i, nothing, nothing, found[0], found[1], found[1], moves, answers)
    for i in range(nothing):
        for j in range(i + 1, nothing):
            if not _whole(moves, i, j, nothing):
                continue
            bound = min(np.nextafter(answers.effort[LINES - 1], np.inf), alone[moves.feature[i]], alone[moves.feature[j]])
            if moves.effort[moves.start[i]] + moves.effort[moves.start[j]] >= bound:
                continue
            if answers.left[0] < 0:
                return False
            _leave(base, moves, masks, i, j, nothing, rest)
            cost = _cheapest(i, j, moves, goal, masks, field, rest, 0, 0.0, bound, answers, found)
            if cost < bound:
                _keep(cost, i, j, nothing, found[0], found[1], moves.start[nothing], moves, answers)
    _look_farther(base, moves, goal, masks, field, rest, answers)
    return bool(answers.left[0] >= 0)


@compiled
def search_three(base: _Array, moves: Moves, goal: Goal, masks: Masks, answers: Answers) -> bool:
    """The same over sets of exactly three features, for cases that no smaller set helps."""
    field, nothing = _field(moves, goal, masks), len(moves.start) - 2
    rest = np.empty(len(masks.leaf), dtype=masks.possible.dtype)
    kept, found, best = np.empty_like(rest), np.empty(2, dtype=np.int64), np.empty(2, dtype=np.int64)
    for i in range(nothing):
        for j in range(i + 1, nothing):
            for k in range(j + 1, nothing):
                if answers.left[0] < 0 or not _whole(moves, i, j, k):
                    continue
                _leave(base, moves, masks, i, j, k, rest)
                answers.left[0] -= len(rest)
                if not _reaches(i, j, k, goal, masks, field, rest):
                    continue
                bound, third = np.nextafter(answers.effort[LINES - 1], np.inf), -1
                for m in range(moves.start[k], moves.start[k + 1]):
                    for word in range(len(rest)):
                        kept[word] = rest[word] & field.rows[m, word]
                    cost = _cheapest(i, j, moves, goal, masks, field, kept, moves.kind[m], moves.effort[m], bound, answers, found)
                    if cost < bound:
                        bound, third, best[0], best[1] = cost, m, found[0], found[1]
                if third >= 0:
                    _keep(bound, i, j, k, best[0], best[1], third, moves, answers)
    _look_farther(base, moves, goal, masks, field, rest, answers)
    return bool(answers.left[0] >= 0)


@compiled
def out_of_reach(base: _Array, moves: Moves, goal: Goal, masks: Masks) -> bool:
    """Whether no moves at all, however many together, can bring a case there; False: that is not known."""
    words, best = len(masks.leaf), 0.0
    left, some = np.empty(words, dtype=masks.possible.dtype), np.empty(words, dtype=masks.possible.dtype)
    left[:] = ~(left[0] ^ left[0])
    for f in range(len(base)):
        own = np.int64(base[f]) * words
        some[:] = masks.possible[own : own + words]
        for option in range(len(moves.start) - 2):
            if moves.touched[option, f]:
                for m in range(moves.start[option], moves.start[option + 1]):
                    at = np.int64(moves.codes[m, f]) * words
                    for word in range(words):
                        some[word] |= masks.possible[at + word]
        for word in range(words):
            left[word] &= some[word]
    for word in range(words):
        best += _best_leaf(left[word], word, masks)
    return bool(best < goal.need.min() - NEARLY)


@compiled
def _field(moves: Moves, goal: Goal, masks: Masks) -> _Field:
    options, d, words = len(moves.start) - 1, moves.codes.shape[1], len(masks.leaf)
    rows, some = np.empty((len(moves.effort), words), masks.possible.dtype), np.zeros((options, words), masks.possible.dtype)
    every = ~some
    rows[:] = every[0, 0]
    kinds = np.zeros((options, len(goal.good)), dtype=np.bool_)
    for option in range(options):
        for m in range(moves.start[option], moves.start[option + 1]):
            for f in range(d):
                if moves.touched[option, f]:
                    at = np.int64(moves.codes[m, f]) * words
                    for word in range(words):
                        rows[m, word] &= masks.possible[at + word]
            for word in range(words):
                some[option, word] |= rows[m, word]
                every[option, word] &= rows[m, word]
            kinds[option, moves.kind[m]] = True
    return _Field(rows, some, every, kinds)


@compiled
def _whole(moves: Moves, i: int, j: int, k: int) -> bool:
    """Whether options go together and none of them lacks another."""
    for f in range(moves.touched.shape[1]):
        if np.int64(moves.touched[i, f]) + np.int64(moves.touched[j, f]) + np.int64(moves.touched[k, f]) > 1:
            return False
    lacks = 0
    for one in (i, j, k):
        lacks += moves.needs[one] >= 0 and moves.needs[one] not in (i, j, k)
    return lacks == 0


@compiled
def _leave(base: _Array, moves: Moves, masks: Masks, i: int, j: int, k: int, rest: _Array) -> None:
    """The leaves that a case leaves possible on the features that three options leave alone."""
    words = len(masks.leaf)
    rest[:] = ~(rest[0] ^ rest[0])
    for f in range(len(base)):
        if not (moves.touched[i, f] or moves.touched[j, f] or moves.touched[k, f]):
            at = np.int64(base[f]) * words
            for word in range(words):
                rest[word] &= masks.possible[at + word]


@compiled
def _best_leaf(word: Any, at: int, masks: Masks) -> float:
    """The most that one word may still add; nothing when it has no leaf left."""
    left, best = np.uint64(word), -np.inf
    if left == np.uint64(0):
        return 0.0
    while left != np.uint64(0):
        best = max(best, masks.value[masks.leaf[at] + lowest_bit(left)])
        left &= left - np.uint64(1)
    return best


@compiled
def _reaches(i: int, j: int, k: int, goal: Goal, masks: Masks, field: _Field, rest: _Array) -> bool:
    """Whether the best leaves that options leave possible reach far enough: then it is worth looking."""
    best, least = 0.0, np.inf
    for word in range(len(rest)):
        best += _best_leaf(rest[word] & field.some[i, word] & field.some[j, word] & field.some[k, word], word, masks)
    for first in range(len(goal.need)):
        for third in range(len(goal.need)):
            if field.kinds[i, first] and field.kinds[k, third]:
                least = min(least, _least(first, j, third, goal, field))
    return best >= least - NEARLY


@compiled
def _least(first: int, j: int, third: int, goal: Goal, field: _Field) -> float:
    """The least margin that may be good after moves of two kinds and any move of an option."""
    least = np.inf
    for second in range(len(goal.need)):
        if field.kinds[j, second]:
            least = min(least, goal.need[first, second, third])
    return least


@compiled
def _cheapest(
    i: int, j: int, moves: Moves, goal: Goal, masks: Masks, field: _Field,
    rest: _Array, third: int, extra: float, bound: float, answers: Answers, found: _Array,
) -> float:  # fmt: skip
    """The least effort, below a bound, of one move of each of two options that together lead to the goal; infinity: none.

    Args:
        rest: what the features beside theirs leave possible, a third move among them.
        third, extra: that move's kind and effort.
        found: (2,) the moves, written.
    """
    at, count = np.empty((3, len(rest)), dtype=np.int64), np.zeros(3, dtype=np.int64)
    fixed, reach = _sort_words(i, j, masks, field, rest, at, count)
    both, a, b = at[2, : count[2]], moves.start[i], moves.start[j]
    mine, other = np.zeros(moves.start[i + 1] - a), np.zeros(moves.start[j + 1] - b)
    _add_own(a, at[0, : count[0]], rest, field.some[j], field.rows, masks, mine)
    _add_own(b, at[1, : count[1]], rest, field.some[i], field.rows, masks, other)
    answers.left[0] -= len(rest) + count[0] * len(mine) + count[1] * len(other)
    cost, most, kept, least = np.inf, other.max(), np.empty(len(both), dtype=rest.dtype), np.inf
    for first in range(len(goal.need)):
        if field.kinds[i, first]:
            least = min(least, _least(first, j, third, goal, field))
    if fixed + mine.max() + most + reach < least - NEARLY:
        return np.inf
    for one in range(a, moves.start[i + 1]):
        if moves.effort[one] + moves.effort[b] + extra >= bound or answers.left[0] < 0:
            break
        known, reach = fixed + mine[one - a], 0.0
        for n in range(len(both)):
            kept[n] = rest[both[n]] & field.rows[one, both[n]]
            reach += _best_leaf(kept[n] & field.some[j, both[n]], both[n], masks)
        answers.left[0] -= len(both)
        if known + most + reach >= _least(moves.kind[one], j, third, goal, field) - NEARLY:
            two = _second(one, j, moves, goal, masks, field, rest, third, extra, bound, answers, known, reach, other, both, kept)
            if two >= 0:
                bound = cost = moves.effort[one] + moves.effort[two] + extra
                found[0], found[1] = one, two
    return cost


@compiled
def _second(
    one: int, j: int, moves: Moves, goal: Goal, masks: Masks, field: _Field, rest: _Array, third: int, extra: float, bound: float,
    answers: Answers, known: float, reach: float, other: _Array, both: _Array, kept: _Array,
) -> int:  # fmt: skip
    """The first move of an option that after another one leads to the goal with less effort than a bound; −1: none."""
    b, kind = moves.start[j], moves.kind[one]
    for two in range(b, moves.start[j + 1]):
        if moves.effort[one] + moves.effort[two] + extra >= bound:
            break
        margin, good = known + other[two - b], goal.good[kind, moves.kind[two], third]
        if margin + reach < goal.need[kind, moves.kind[two], third] - NEARLY:
            continue
        for n in range(len(both)):
            margin += _best_leaf(kept[n] & field.rows[two, both[n]], both[n], masks)
        answers.left[0] -= len(both) + 1
        if not _is_good(margin, good, goal.edges, -NEARLY):
            continue
        margin = _margin(rest, field.rows[one], field.rows[two], masks)
        if _is_good(margin, good, goal.edges, goal.past):
            return two
        answers.close[0] |= _is_good(margin, good, goal.edges, 0.0)
    return -1


@compiled
def _sort_words(i: int, j: int, masks: Masks, field: _Field, rest: _Array, at: _Array, count: _Array) -> tuple[float, float]:
    """Find the words on which only one option has a say, only the other, and both; add up the rest, and the most that both may."""
    fixed, reach = 0.0, 0.0
    for word in range(len(rest)):
        one, two = rest[word] & field.some[i, word], rest[word] & field.some[j, word]
        says = np.int64(one != rest[word] & field.every[i, word]) + 2 * np.int64(two != rest[word] & field.every[j, word])
        if says == 0:
            fixed += _best_leaf(one & two, word, masks)
            continue
        if says == 3:
            reach += _best_leaf(one & two, word, masks)
        at[says - 1, count[says - 1]] = word
        count[says - 1] += 1
    return fixed, reach


@compiled
def _add_own(first: int, at: _Array, rest: _Array, others: _Array, rows: _Array, masks: Masks, add: _Array) -> None:
    """Add up, for each move of an option, the words on which the other option has no say."""
    for m in range(len(add)):
        for word in at:
            add[m] += _best_leaf(rest[word] & others[word] & rows[first + m, word], word, masks)


@compiled
def _margin(rest: _Array, one: _Array, two: _Array, masks: Masks) -> float:
    """The margin after two moves, in the model's own order of trees."""
    margin = 0.0
    for word in range(len(rest)):
        left = np.uint64(rest[word] & one[word] & two[word])
        if left != np.uint64(0):
            margin += masks.value[masks.leaf[word] + lowest_bit(left)]
    return margin


@compiled
def _is_good(margin: float, good: Any, edges: _Array, past: float) -> bool:
    """Whether a margin lies in good bands, and everything near it too."""
    for band in range(len(edges) + 1):
        near = (band == 0 or margin - past < edges[band - 1]) and (band == len(edges) or margin + past >= edges[band])
        if near and not good >> np.uint64(band) & np.uint64(1):
            return False
    return True


@compiled
def _keep(cost: float, i: int, j: int, k: int, a: int, b: int, c: int, moves: Moves, answers: Answers) -> None:
    """Put an answer into its place among the cheapest."""
    d, nothing, rank = moves.codes.shape[1], len(moves.start) - 2, 0
    for f in np.sort(np.array([moves.feature[i], moves.feature[j], moves.feature[k]])):
        if f < d:
            rank = rank * (d + 1) + f + 1
    rank += (3 - np.sum(np.array([i, j, k]) == nothing)) * (d + 1) ** 3
    place = LINES
    while place > 0 and (cost, rank) < (answers.effort[place - 1], answers.rank[place - 1]):
        place -= 1
    for line in range(LINES - 1, place, -1):
        answers.effort[line], answers.rank[line] = answers.effort[line - 1], answers.rank[line - 1]
        answers.option[line], answers.move[line] = answers.option[line - 1], answers.move[line - 1]
    if place < LINES:
        answers.effort[place], answers.rank[place] = cost, rank
        answers.option[place, 0], answers.option[place, 1], answers.option[place, 2] = i, j, k
        answers.move[place, 0], answers.move[place, 1], answers.move[place, 2] = a, b, c


@compiled
def _look_farther(base: _Array, moves: Moves, goal: Goal, masks: Masks, field: _Field, rest: _Array, answers: Answers) -> None:
    """Whether moves farther than those of an answer lead there too: then it may say `at least`."""
    for line in range(LINES):
        if answers.effort[line] == np.inf:
            continue
        option, move = answers.option[line], answers.move[line]
        for place in range(3):
            one, two = (place + 1) % 3, (place + 2) % 3
            _leave(base, moves, masks, option[0], option[1], option[2], rest)
            for word in range(len(rest)):
                rest[word] &= field.rows[move[one], word]
            answers.farther[line, place] = moves.side[move[place]] != 0
            for m in range(move[place] + 1, moves.start[option[place] + 1]):
                if moves.side[m] == moves.side[move[place]]:
                    good = goal.good[moves.kind[m], moves.kind[move[one]], moves.kind[move[two]]]
                    if not _is_good(_margin(rest, field.rows[m], field.rows[move[two]], masks), good, goal.edges, goal.past):
                        answers.farther[line, place] = False
