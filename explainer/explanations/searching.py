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

from explainer.decisions.compiled import LINE, and_rows, compiled, lowest_bit
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
    past: float  # margin units by which an answer has to lie inside of good bands


class Answers(NamedTuple):
    """What was found, the cheapest first; an effort of infinity is no answer."""

    effort: _Array  # (LINES,) float64
    rank: _Array  # (LINES,) int64: of sets of features, where efforts are alike: the fewer first, then by column
    option: _Array  # (LINES, 3) int64; the option of doing nothing fills up
    move: _Array  # (LINES, 3) int64
    farther: _Array  # (LINES, 3) bool: every move farther on the same side, the others as they are, leads there too
    left: _Array  # (1,) int64: work


class _Field(NamedTuple):
    """What a search works on."""

    rows: _Array  # (moves, words): the leaves that each move leaves possible
    some: _Array  # (options, words): those that at least one of its moves does
    every: _Array  # (options, words): those that all of its moves do
    kinds: _Array  # (options, kinds) bool: the kinds of its moves
    need: _Array  # (kinds, kinds, kinds) float64: least margin that may be good; infinity: none


def compile_search(masks: Masks) -> None:
    """Compile what a search runs, on the masks of any forest."""
    whole, base = np.zeros(2, dtype=np.int64), np.zeros((2, 1), dtype=np.uint32)
    touched, needs = np.array([[True], [False]]), whole - 1
    moves = Moves(np.arange(3), np.arange(2), needs, touched, base, effort=np.array([1.0, 0.0]), kind=whole, side=whole)
    goal = Goal(np.zeros(1), np.ones((1, 1, 1), dtype=np.uint64), 0.0)
    search_two(base[0], moves, goal, masks, no_answers())
    search_three(base[0], moves, goal, masks, no_answers())
    out_of_reach(base[0], moves, goal, masks)


def no_answers() -> Answers:
    """Nothing found yet, and all work left."""
    option, move = (np.full((LINES, 3), -1, dtype=np.int64) for _ in range(2))
    rank, left = np.zeros(LINES, dtype=np.int64), np.full(1, WORK, dtype=np.int64)
    return Answers(np.full(LINES, np.inf), rank, option, move, np.zeros((LINES, 3), dtype=np.bool_), left)


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
            cost = _cheapest(i, nothing, moves, goal, masks, field, rest, 0, 0.0, np.inf, answers.left, found)
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
            cost = _cheapest(i, j, moves, goal, masks, field, rest, 0, 0.0, bound, answers.left, found)
            if cost < bound:
                _keep(cost, i, j, nothing, found[0], found[1], moves.start[nothing], moves, answers)
    _look_farther(base, moves, goal, masks, field, rest, answers)
    return answers.left[0] >= 0


@compiled
def search_three(base: _Array, moves: Moves, goal: Goal, masks: Masks, answers: Answers) -> bool:
    """The same over sets of exactly three features, for cases that no smaller set helps."""
    field, nothing = _field(moves, goal, masks), len(moves.start) - 2
    rest = np.empty(len(masks.leaf), dtype=masks.possible.dtype)
    kept, found, best = np.empty_like(rest), np.empty(2, dtype=np.int64), np.empty(2, dtype=np.int64)
    for i in range(nothing):
        for j in range(i + 1, nothing):
            for k in range(j + 1, nothing):
                if not _whole(moves, i, j, k):
                    continue
                _leave(base, moves, masks, i, j, k, rest)
                answers.left[0] -= len(rest)
                if not _reaches(i, j, k, masks, field, rest):
                    continue
                bound, third = np.nextafter(answers.effort[LINES - 1], np.inf), -1
                for m in range(moves.start[k], moves.start[k + 1]):
                    for word in range(len(rest)):
                        kept[word] = rest[word] & field.rows[m, word]
                    kind, extra = moves.kind[m], moves.effort[m]
                    cost = _cheapest(i, j, moves, goal, masks, field, kept, kind, extra, bound, answers.left, found)
                    if cost < bound:
                        bound, third, best[0], best[1] = cost, m, found[0], found[1]
                    if answers.left[0] < 0:
                        break
                if third >= 0:
                    _keep(bound, i, j, k, best[0], best[1], third, moves, answers)
                if answers.left[0] < 0:
                    _look_farther(base, moves, goal, masks, field, rest, answers)
                    return False
    _look_farther(base, moves, goal, masks, field, rest, answers)
    return True


@compiled
def out_of_reach(base: _Array, moves: Moves, goal: Goal, masks: Masks) -> bool:
    """Whether no moves at all, however many together, can bring a case there; False: that is not known."""
    field, d = _field(moves, goal, masks), len(base)
    words, best = len(masks.leaf), 0.0
    left, some = np.empty(words, dtype=masks.possible.dtype), np.empty(words, dtype=masks.possible.dtype)
    left[:] = ~(left[0] ^ left[0])
    for f in range(d):
        some[:] = masks.possible[base[f] * words : (base[f] + 1) * words]
        for option in range(len(moves.start) - 2):
            if moves.touched[option, f]:
                for m in range(moves.start[option], moves.start[option + 1]):
                    at = moves.codes[m, f] * words
                    for word in range(words):
                        some[word] |= masks.possible[at + word]
        for word in range(words):
            left[word] &= some[word]
    for word in range(words):
        best += _best_leaf(left[word], word, masks)
    return best < field.need.min() - NEARLY


@compiled
def _field(moves: Moves, goal: Goal, masks: Masks) -> _Field:
    options, d, words = len(moves.start) - 1, moves.codes.shape[1], len(masks.leaf)
    ones = ~(masks.possible[0] ^ masks.possible[0])
    rows = np.full((len(moves.effort), words), ones)
    some, every = np.full((options, words), ones ^ ones), np.full((options, words), ones)
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
    need = np.full(goal.good.shape, np.inf)
    for one in range(len(goal.good)):
        for two in range(len(goal.good)):
            for three in range(len(goal.good)):
                for band in range(len(goal.edges) + 1):
                    if goal.good[one, two, three] >> np.uint64(band) & np.uint64(1):
                        need[one, two, three] = goal.edges[band] + goal.past if band < len(goal.edges) else -np.inf
    return _Field(rows, some, every, kinds, need)


@compiled
def _whole(moves: Moves, i: int, j: int, k: int) -> bool:
    """Whether options go together and none of them lacks another."""
    for f in range(moves.touched.shape[1]):
        if np.int64(moves.touched[i, f]) + np.int64(moves.touched[j, f]) + np.int64(moves.touched[k, f]) > 1:
            return False
    for one in (i, j, k):
        if moves.needs[one] >= 0 and moves.needs[one] not in (i, j, k):
            return False
    return True


@compiled
def _leave(base: _Array, moves: Moves, masks: Masks, i: int, j: int, k: int, rest: _Array) -> None:
    """The leaves that a case leaves possible on the features that three options leave alone."""
    words, count = len(masks.leaf), 0
    codes = np.empty(len(base), dtype=np.uint32)
    for f in range(len(base)):
        if not (moves.touched[i, f] or moves.touched[j, f] or moves.touched[k, f]):
            codes[count] = base[f]
            count += 1
    line = LINE // masks.possible.itemsize
    if count == 0:
        rest[:] = ~(rest[0] ^ rest[0])
    else:
        for chunk in range(words // line):
            and_rows(masks.possible, chunk * line, words, codes, 0, count, rest, chunk * line)


@compiled
def _best_leaf(word: Any, at: int, masks: Masks) -> float:
    """The most that one word may still add; nothing when it has no leaf left."""
    left = np.uint64(word)
    if left == np.uint64(0):
        return 0.0
    best = -np.inf
    while left != np.uint64(0):
        best = max(best, masks.value[masks.leaf[at] + lowest_bit(left)])
        left &= left - np.uint64(1)
    return best


@compiled
def _reaches(i: int, j: int, k: int, masks: Masks, field: _Field, rest: _Array) -> bool:
    """Whether the best leaves that options leave possible reach far enough: then it is worth looking."""
    best = 0.0
    for word in range(len(rest)):
        best += _best_leaf(rest[word] & field.some[i, word] & field.some[j, word] & field.some[k, word], word, masks)
    least = np.inf
    for one in range(len(field.need)):
        for two in range(len(field.need)):
            for three in range(len(field.need)):
                if field.kinds[i, one] and field.kinds[j, two] and field.kinds[k, three]:
                    least = min(least, field.need[one, two, three])
    return best >= least - NEARLY


@compiled
def _cheapest(
    i: int, j: int, moves: Moves, goal: Goal, masks: Masks, field: _Field,
    rest: _Array, third: int, extra: float, bound: float, left: _Array, found: _Array,
) -> float:  # fmt: skip
    """The least effort, below a bound, of one move of each of two options that together lead to the goal; infinity: none.

    Args:
        rest: what the features beside theirs leave possible, a third move among them.
        third, extra: that move's kind and effort.
        found: (2,) the moves, written.
    """
    words, fixed, reach, both, mine, other = len(rest), 0.0, 0.0, 0, 0, 0
    at_both, at_mine, at_other = (np.empty(words, dtype=np.int64), np.empty(words, dtype=np.int64), np.empty(words, dtype=np.int64))
    left[0] -= words
    for word in range(words):
        one, two = rest[word] & field.some[i, word], rest[word] & field.some[j, word]
        says_one, says_two = one != rest[word] & field.every[i, word], two != rest[word] & field.every[j, word]
        if says_one and says_two:
            at_both[both] = word
            both += 1
            reach += _best_leaf(one & two, word, masks)
        elif says_one:
            at_mine[mine] = word
            mine += 1
        elif says_two:
            at_other[other] = word
            other += 1
        else:
            fixed += _best_leaf(one & two, word, masks)
    a, b, a_end, b_end = moves.start[i], moves.start[j], moves.start[i + 1], moves.start[j + 1]
    add_mine, add_other = np.zeros(a_end - a), np.zeros(b_end - b)
    _add_own(a, at_mine[:mine], rest, field.some[j], field.rows, masks, add_mine)
    _add_own(b, at_other[:other], rest, field.some[i], field.rows, masks, add_other)
    left[0] -= mine * len(add_mine) + other * len(add_other)
    most, words_left = add_other.max(), np.empty(both, dtype=rest.dtype)
    if fixed + add_mine.max() + most + reach < _least(field, i, j, third) - NEARLY:
        return np.inf
    cost = np.inf
    for one in range(a, a_end):
        if moves.effort[one] + moves.effort[b] + extra >= bound:
            break
        kind, known, reach, need = moves.kind[one], fixed + add_mine[one - a], 0.0, np.inf
        for word in range(both):
            words_left[word] = rest[at_both[word]] & field.rows[one, at_both[word]]
            reach += _best_leaf(words_left[word] & field.some[j, at_both[word]], at_both[word], masks)
        for two in range(len(field.need)):
            if field.kinds[j, two]:
                need = min(need, field.need[kind, two, third])
        left[0] -= both
        if known + most + reach < need - NEARLY:
            continue
        for two in range(b, b_end):
            total = moves.effort[one] + moves.effort[two] + extra
            if total >= bound:
                break
            margin = known + add_other[two - b]
            if margin + reach < field.need[kind, moves.kind[two], third] - NEARLY:
                continue
            for word in range(both):
                margin += _best_leaf(words_left[word] & field.rows[two, at_both[word]], at_both[word], masks)
            left[0] -= both + 1
            good = goal.good[kind, moves.kind[two], third]
            if _is_good(margin, good, goal.edges, goal.past - NEARLY):
                margin = _margin(rest, field.rows[one], field.rows[two], masks)
                if _is_good(margin, good, goal.edges, goal.past):
                    bound = cost = total
                    found[0], found[1] = one, two
                    break
        if left[0] < 0:
            break
    return cost


@compiled
def _add_own(first: int, at: _Array, rest: _Array, others: _Array, rows: _Array, masks: Masks, add: _Array) -> None:
    """Add up, for each move of an option, the words on which the other option has no say."""
    for m in range(len(add)):
        for word in at:
            add[m] += _best_leaf(rest[word] & others[word] & rows[first + m, word], word, masks)


@compiled
def _least(field: _Field, i: int, j: int, third: int) -> float:
    """The least margin that may be good after some move of each of two options."""
    least = np.inf
    for one in range(len(field.need)):
        for two in range(len(field.need)):
            if field.kinds[i, one] and field.kinds[j, two]:
                least = min(least, field.need[one, two, third])
    return least


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
    for band in range(_band(margin + past, edges), _band(margin - past, edges) + 1):
        if not good >> np.uint64(band) & np.uint64(1):
            return False
    return True


@compiled
def _band(margin: float, edges: _Array) -> int:
    for band in range(len(edges)):
        if margin >= edges[band]:
            return band
    return len(edges)


@compiled
def _keep(cost: float, i: int, j: int, k: int, a: int, b: int, c: int, moves: Moves, answers: Answers) -> None:
    """Put an answer into its place among the cheapest."""
    d, nothing, rank = moves.codes.shape[1], len(moves.start) - 2, 0
    columns = np.sort(np.array([moves.feature[i], moves.feature[j], moves.feature[k]]))
    for f in columns:
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
