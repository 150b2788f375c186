"""Weighing: whether what readers are told about groups of features follows from the attributions of their cases.

Says nothing in words: each finding is a bit, for a reason or for all that one reader is
told.  Shares no code with what groups attributions and chooses among them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from explainer.decisions.compiled import compiled

_Array = np.ndarray

# Of one reason: its push is not the group's; its direction not the push's; its strength neither; another feature pushed further.
PUSH, SIGN, STRENGTH, LEAD = 1, 2, 4, 8
# Of all that a reader is told: one twice; a weaker before a stronger; one that explains another outcome; too many; a stronger
# left out; too few; one left out where all are told.
TWICE, ORDER, OPPOSED, MANY, STRONGER, FEW, MISSING = 1, 2, 4, 8, 16, 32, 64


class Limits(NamedTuple):
    """From where on something counts; sizes in margin units."""

    same: float  # what differs by less is the same
    negligible: float
    medium: float
    strong: float
    share: float  # of the strongest reason, from which on a reason that is at most medium has to be told
    least: int  # reasons that are told where there are so many
    most: int


# Columns of what a reader is told: the case; what explains its outcome, 1 pushes up, 2 pushes down, 3 both; which reasons are told;
# where they begin, and end.
CASE, WAYS, CHOSEN, FIRST, LAST = range(5)
ALL, PRINCIPAL, NONE = range(3)  # of CHOSEN
# Columns of a reason: its group; 1 up, 2 down, 0 neither; 0 slight, 1 medium, 2 strong, −1 none of these; the feature that is said
# to push furthest. −1: no group, no feature that there is.
GROUP, WAY, WEIGHT, LEADER = range(4)


@compiled
def weigh(
    phi: _Array, group: _Array, groups: int, readers: _Array, reasons: _Array, push: _Array, limits: Limits,
    wrong: _Array, odd: _Array,
) -> bool:  # fmt: skip
    """Find what is wrong with what k readers are told of their cases, m reasons in all.

    Args:
        phi: (n, d) float64 attributions of n cases, margin units.
        group: (d,) int64: to which of the groups a feature belongs.
        groups: how many there are.
        readers: (k, 5) int64, columns CASE to LAST.
        reasons: (m, 4) int64, columns GROUP to LEADER; those of one reader together.
        push: (m,) float64: how far each reason is said to move the margin.
        wrong: (m,) int64, written: bits of each reason.
        odd: (k,) int64, written: bits of all that a reader is told.

    Returns:
        Whether anything is.
    """
    anything = False
    total, given = np.empty(groups), np.empty(groups, dtype=np.bool_)
    for reader in range(len(odd)):
        row, ways, first, last = readers[reader, CASE], readers[reader, WAYS], readers[reader, FIRST], readers[reader, LAST]
        total[:], given[:], odd[reader] = 0.0, False, 0
        for f in range(len(group)):
            total[group[f]] += phi[row, f]
        before, least, most = np.inf, np.inf, 0.0
        for at in range(first, last):
            g = reasons[at, GROUP]
            moved = total[g] if g >= 0 else 0.0
            wrong[at] = _wrong(phi[row], group, reasons[at], push[at], moved, limits)
            anything |= wrong[at] != 0
            if abs(push[at]) > before + limits.same:
                odd[reader] |= ORDER
            if not reasons[at, WAY] & ways:
                odd[reader] |= OPPOSED
            if g >= 0 and given[g]:
                odd[reader] |= TWICE
            if g >= 0:
                given[g] = True
            before, least, most = abs(push[at]), min(least, abs(moved)), max(most, abs(moved))
        out = 0.0
        for g in range(len(total)):
            if abs(total[g]) >= limits.negligible + limits.same and not given[g] and ways & (1 if total[g] > 0 else 2):
                out = max(out, abs(total[g]))
        if readers[reader, CHOSEN] == PRINCIPAL:
            odd[reader] |= _measure(last - first, least, most, out, limits)
        if readers[reader, CHOSEN] == ALL and out > 0.0:
            odd[reader] |= MISSING
        anything |= odd[reader] != 0
    return anything


@compiled
def _wrong(phi: _Array, group: _Array, reason: _Array, push: float, moved: float, limits: Limits) -> int:
    """Bits of one reason, of a group that moved the margin so far in all."""
    found, size, lead = 0, abs(push), reason[LEADER]
    if reason[GROUP] < 0 or not abs(moved - push) <= limits.same:
        found |= PUSH
    if reason[WAY] != (1 if moved > 0 else 2):
        found |= SIGN
    if reason[WEIGHT] != (2 if size >= limits.strong else 1 if size >= limits.medium else 0):
        found |= STRENGTH
    if lead < 0 or group[lead] != reason[GROUP]:
        return found | LEAD
    for f in range(len(group)):
        if group[f] == group[lead] and (phi[f] > phi[lead] if moved > 0 else phi[f] < phi[lead]):
            found |= LEAD
    return found


@compiled
def _measure(count: int, least: float, most: float, out: float, limits: Limits) -> int:
    """Bits of how many are told: their number, the sizes of the weakest and the strongest, and of the strongest left out."""
    found = MANY if count > limits.most else 0
    if out > (least if count else 0.0) + limits.same:
        found |= STRONGER
    principal = out > min(most * limits.share, limits.medium) + limits.same or count < limits.least
    if out > 0.0 and principal and count < limits.most:
        found |= FEW
    return found
