"""Checking: whether what is said to have changed an outcome is what the pack allows, and leads where it says.

Nothing here calls what searched for it.  Rules are asked once more about the changed facts,
and, where the model is at hand, it scores them once more: the margin must be the line's own
to the bit.  Where a record is read later, its margin is taken as it was remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import RULE, Decision, decide_case
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import Question, RuleResult, question
from explainer.decisions.scoring import margin_of
from explainer.explanations.changing.recourse import FIXED_RULE, PAST, WHYS, Change, Line, NoRecourse, Recourse
from explainer.packs.definition import Action, Fact, Feature, Pack

MOST_LINES = 3
DIGITS = 9  # decimals of a value; steps are sums of what people write


def wrong_lines(
    recourse: Recourse | None, decision: Decision, row: FeatureRow, pack: Pack, *, kernel: Kernel | None = None
) -> Iterator[str]:
    """What is wrong with what would have changed the outcome, before it is said.

    Args:
        kernel: the model that decided; None: it is not at hand, and no line is scored again.

    Yields:
        One line for each finding.
    """
    if (recourse is None) != (decision.outcome == pack.person or pack.favour(decision.outcome) == 0):
        yield "recourse that has no place, or none where it has one"
    if isinstance(recourse, NoRecourse):
        if recourse.why not in WHYS:
            yield "no recourse, and no reason that is known"
        if recourse.why == FIXED_RULE and decision.decisive != RULE:
            yield "a rule is said to stand in the way, where the score decided"
        return
    if recourse is not None and not 0 < len(recourse) <= MOST_LINES:
        yield f"{len(recourse)} lines of recourse"
    for rank, line in enumerate(recourse or (), 1):
        wrong = [*_wrong_changes(line, row, pack), *_wrong_end(line, decision, row, pack)]
        if kernel and not wrong and _margin_after(line, row, pack, kernel) != line.margin:
            wrong = ["the model scores what it says otherwise"]
        yield from (f"line {rank}: {why}" for why in wrong)


def _wrong_changes(line: Line, row: FeatureRow, pack: Pack) -> Iterator[str]:
    """What a line says that this customer could not have done; one change may start where another brings it."""
    changed = {one.feature for one in line.changes}
    actions = [action for name in changed if (action := pack.feature[name].action) is not None]
    brought = {name: fact for action in actions for name, fact in action.together}
    if not changed or len(changed) < len(line.changes):
        yield "nothing changes, or one thing twice"
    if line.along != {name: fact for name, fact in brought.items() if name not in changed}:
        yield "brings along something else than its changes do"
    for change in line.changes:
        start = {**row.facts, **brought} if change.feature in brought else row.facts
        yield from (f"{change.feature}: {why}" for why in _wrong_change(change, start, pack.feature[change.feature]))


def _wrong_change(change: Change, facts: Mapping[str, Fact], feature: Feature) -> Iterator[str]:
    action, now, to = feature.action, facts[feature.name], change.to
    if action is None or to == now:
        yield "nothing that the customer could have changed"
        return
    if action.when is not None and not question(action.when)(facts):
        yield "nothing that could be changed in this case"
    if feature.type == "category":
        if to not in action.to or change.side or change.farther:
            yield "becomes what nobody can make it"
    elif now is None or to is None or isinstance(now, str) or isinstance(to, str):
        yield "no number that could have been another"
    else:
        up = to > now
        if change.side != (1 if up else -1) or action.direction not in ("free", "up" if up else "down"):
            yield "changed the other way"
        if not _is_allowed(to, action, feature):
            yield "becomes a value that is not allowed"
        if change.farther and not _is_allowed(to + change.side * action.step, action, feature):
            yield "no value farther on that side is allowed"


def _is_allowed(value: float, action: Action, feature: Feature) -> bool:
    """Whether a number is a multiple of the step within what the feature and its action allow."""
    low, high = (0.0, 1.0) if feature.low is None or feature.high is None else (feature.low, feature.high)
    least = low if action.least is None else max(low, action.least)
    most = high if action.most is None else min(high, action.most)
    value = round(value, DIGITS)
    return least <= value <= most and value == round(round(value / action.step) * action.step, DIGITS)


def _wrong_end(line: Line, decision: Decision, row: FeatureRow, pack: Pack) -> Iterator[str]:
    """Where rules and margin do not lead as a line says; the rules in force that day are those that the decision holds."""
    facts = {**row.facts, **line.along, **{one.feature: one.to for one in line.changes}}
    asks = _questions(pack)
    if any(one.code not in asks for one in decision.rules):
        yield "rests on rules that this pack does not have"
        return
    rules = tuple([RuleResult(one.code, asks[one.code](facts), one.outcome, one.floor) for one in decision.rules])
    reached = decide_case(rules, line.margin, pack)
    if pack.favour(line.outcome) >= pack.favour(decision.outcome):
        yield "leads to nothing better"
    if (reached.outcome, reached.decisive, reached.distance) != (line.outcome, line.decisive, line.distance):
        yield "its rules and its margin lead elsewhere"
    near = [decide_case(rules, line.margin + by, pack).outcome for by in (-PAST, PAST)]
    people = {one == pack.person for one in (line.outcome, *near)}
    if len(people) > 1 or max(map(pack.favour, near)) >= pack.favour(decision.outcome):
        yield "lies too near to a threshold to be promised"


@lru_cache(64)
def _questions(pack: Pack) -> dict[str, Question]:
    """Rule by code, as a question about facts."""
    return {one.code: question(one.when) for one in pack.rules}


def _margin_after(line: Line, row: FeatureRow, pack: Pack, kernel: Kernel) -> float:
    """The margin of the case with all that a line changes, put into the columns that the case was scored by."""
    x, places = row.x.copy(), _places(pack)
    for change in line.changes:
        x[places[change.feature]] = _column(change.to, pack.feature[change.feature])
    for name, fact in line.along.items():
        x[places[name]] = _column(fact, pack.feature[name])
    return margin_of(x, kernel.book, kernel.masks)


@lru_cache(64)
def _places(pack: Pack) -> dict[str, int]:
    """Column by feature."""
    return {name: place for place, name in enumerate(pack.names)}


def _column(fact: Fact, feature: Feature) -> float:
    """A fact as the model sees it."""
    if fact is None:
        return np.nan
    return float(feature.levels.index(fact) if isinstance(fact, str) else fact)
