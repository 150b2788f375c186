"""Denying: whether it is true that nothing would have changed an outcome, where that is said.

Each thing that can be said stands or falls by what is counted here from pack, case, rules and
model, and not by the word of the search.  What one or two changes would have done, or three where
no more can be made, is tried from the pack's own list, up to `TRIED` of them: not all there is, but what is most likely to
show a search that overlooked something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import RULE, Decision
from explainer.decisions.features import FeatureRow
from explainer.explanations.changing.allowing import Step, steps_of, ways_of
from explainer.explanations.changing.recourse import CLOSE, FIXED_RULE, NOT_FOUND, NOT_SEARCHED, NOTHING, PAST, WHYS
from explainer.explanations.changing.rescoring import are_known, asked, ends_of, margins_after, near, rules_after
from explainer.packs.definition import Pack

TRIED = 64  # changes
FEW = 12  # values that all together can be searched to the end in any model of a reasonable size
WORDS = 2_000  # of leaf masks: as large as that is


class _Denied(NamedTuple):
    """A case for which nothing is said to help."""

    decision: Decision
    row: FeatureRow
    pack: Pack
    kernel: Kernel | None
    steps: Sequence[Step]  # what could have been changed, or the first of it
    whole: bool  # whether no other features could have been changed
    ends: Sequence[tuple[str, ...]]  # the outcome in each band: of the case as it is, then after each step

    def better(self, outcome: str) -> bool:
        return self.pack.favour(outcome) < self.pack.favour(self.decision.outcome)


def wrong_denial(why: str, decision: Decision, row: FeatureRow, pack: Pack, *, kernel: Kernel | None) -> Iterator[str]:
    """What is wrong with why nothing would have changed an outcome.

    Args:
        kernel: the model that decided; None: only what the rules tell is checked.

    Yields:
        One line for each finding.
    """
    if why not in WHYS:
        yield "no recourse, and no reason that is known"
        return
    if not are_known(decision, pack):
        yield "rests on rules that this pack does not have"
        return
    most = 3 if why == CLOSE or len(ways_of(pack)) <= 3 else 2
    yield from _WRONG[why](_denied(decision, row, pack, kernel, most=most))


def _denied(decision: Decision, row: FeatureRow, pack: Pack, kernel: Kernel | None, *, most: int) -> _Denied:
    found = [*islice(steps_of(row.facts, pack, most), TRIED + 1)]
    steps, heard = found[:TRIED], asked(pack)
    ends: dict[tuple[object, ...], tuple[str, ...]] = {}
    every = []
    for _, changed in ((0, {}), *steps):
        look = tuple([one for one in changed.items() if one[0] in heard])  # all that rules can tell
        if look not in ends:
            ends[look] = ends_of(rules_after({**row.facts, **changed}, decision, pack), pack)
        every.append(ends[look])
    return _Denied(decision, row, pack, kernel, steps, len(found) <= TRIED, every)


def _wrong_rule(said: _Denied) -> Iterator[str]:
    """A rule decides, whatever the customer changes."""
    if said.decision.decisive != RULE:
        yield "a rule is said to stand in the way, where the score decided"
    if any(map(said.better, {outcome for one in said.ends for outcome in one})):
        yield "a rule is said to stand in the way, and a step or a score passes it"


def _wrong_none(said: _Denied) -> Iterator[str]:
    """No change helps, or none was found."""
    yield from _wrong_blame(said)
    if said.kernel is not None and any(said.better(outcome) for _, outcome, _ in _reached(said, said.kernel)):
        yield "a step that would have changed the outcome is left out"


def _wrong_close(said: _Denied) -> Iterator[str]:
    """Some change helps, and none by more than a hair."""
    yield from _wrong_blame(said)
    if said.kernel is None:
        return
    reached = [*_reached(said, said.kernel)]
    if any(count < 3 and _is_due(around, said) for count, _, around in reached):
        yield "a step that would have changed the outcome is left out"
    if said.whole and len(ways_of(said.pack)) <= 3 and not any(said.better(outcome) for _, outcome, _ in reached):
        yield "no step comes as near as is said"


def _wrong_unsearched(said: _Denied) -> Iterator[str]:
    """There is too much to search."""
    values = sum(one.size for one in ways_of(said.pack).values())
    if values <= FEW and (said.kernel is None or len(said.kernel.masks.leaf) <= WORDS):
        yield f"{values} values are said to be too many to try"


_WRONG: dict[str, Callable[[_Denied], Iterator[str]]] = {
    FIXED_RULE: _wrong_rule,
    NOTHING: _wrong_none,
    NOT_FOUND: _wrong_none,
    CLOSE: _wrong_close,
    NOT_SEARCHED: _wrong_unsearched,
}


def _wrong_blame(said: _Denied) -> Iterator[str]:
    """Facts are blamed where a rule decides whatever becomes of them."""
    ways = ways_of(said.pack).values()
    tried = said.whole and len(ways) <= 3 and all(one.size == len(one.tried) for one in ways)
    heard = any(name in asked(said.pack) for _, changed in said.steps for name in changed)
    passes = any(map(said.better, {outcome for one in said.ends for outcome in one}))
    if said.decision.decisive == RULE and not passes and (tried or (said.whole and not heard)):
        yield "a rule stands in the way, and something else is said to"


def _reached(said: _Denied, kernel: Kernel) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """After each step: how many features changed, the outcome, and those less than a hair away."""
    margins = margins_after([changed for _, changed in said.steps], said.row, said.pack, kernel) if said.steps else []
    for (count, _), margin, ends in zip(said.steps, margins, said.ends[1:], strict=True):
        yield count, ends[near(margin, 0.0, said.pack)][0], ends[near(margin, PAST, said.pack)]


def _is_due(around: tuple[str, ...], said: _Denied) -> bool:
    """Whether a step so surely leads to something better that it had to be told: to people, or surely not to them."""
    return all(map(said.better, around)) and len({one == said.pack.person for one in around}) == 1
