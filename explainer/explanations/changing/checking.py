"""Checking: whether what is said to have changed an outcome is what the pack allows, and leads where it says.

Nothing here calls what searched for it.  Rules are asked once more about the changed facts,
and, where the model is at hand, it scores them once more: the margin must be the line's own
to the bit.  Where a record is read later, its margin is taken as it was remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import Decision, decide_case
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import RuleResult, question
from explainer.explanations.changing.allowing import DIGITS, is_allowed, ways_of
from explainer.explanations.changing.denying import wrong_denial
from explainer.explanations.changing.recourse import PAST, Change, Line, NoRecourse, Recourse
from explainer.explanations.changing.rescoring import are_known, ends_of, margins_after, near, rules_after
from explainer.packs.definition import Fact, Feature, Pack

MOST_LINES = 3


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
        yield from wrong_denial(recourse.why, decision, row, pack, kernel=kernel)
        return
    if recourse is not None and not 0 < len(recourse) <= MOST_LINES:
        yield f"{len(recourse)} lines of recourse"
    for rank, line in enumerate(recourse or (), 1):
        wrong = [*_wrong_changes(line, row, pack), *_wrong_end(line, decision, row, pack)]
        if kernel and not wrong:
            wrong = [*_wrong_margins(line, decision, row, pack, kernel=kernel)]
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
        if not is_allowed(to, action, feature):
            yield "becomes a value that is not allowed"
        if change.farther and not is_allowed(to + change.side * action.step, action, feature):
            yield "no value farther on that side is allowed"


def _wrong_end(line: Line, decision: Decision, row: FeatureRow, pack: Pack) -> Iterator[str]:
    """Where rules and margin do not lead as a line says; the rules in force that day are those that the decision holds."""
    if not are_known(decision, pack):
        yield "rests on rules that this pack does not have"
        return
    rules = rules_after({**row.facts, **_changed(line)}, decision, pack)
    reached = decide_case(rules, line.margin, pack)
    if pack.favour(line.outcome) >= pack.favour(decision.outcome):
        yield "leads to nothing better"
    if (reached.outcome, reached.decisive, reached.distance) != (line.outcome, line.decisive, line.distance):
        yield "its rules and its margin lead elsewhere"
    if not _is_sure(line, rules, line.margin, decision, pack=pack):
        yield "lies too near to a threshold to be promised"


def _is_sure(line: Line, rules: tuple[RuleResult, ...], margin: float, decision: Decision, *, pack: Pack) -> bool:
    """Whether everything near a margin is better, and goes to people just where the line does."""
    ends = ends_of(rules, pack)[near(margin, PAST, pack)]
    alike = {one == pack.person for one in (line.outcome, *ends)}
    return len(alike) == 1 and max(map(pack.favour, ends)) < pack.favour(decision.outcome)


def _wrong_margins(line: Line, decision: Decision, row: FeatureRow, pack: Pack, *, kernel: Kernel) -> Iterator[str]:
    """Where the model scores otherwise what a line says, or more of it, where it says `at least` or `at most`."""
    said = _changed(line)
    farther = [{**said, one.feature: value} for one in line.changes if one.farther for value in _farther(one, pack)]
    margin, *others = margins_after([said, *farther], row, pack, kernel)
    if margin != line.margin:
        yield "the model scores what it says otherwise"
    for changed, reached in zip(farther, others, strict=True):
        rules = rules_after({**row.facts, **changed}, decision, pack)
        if not _is_sure(line, rules, reached, decision, pack=pack):
            yield "more of it does not do as well, as is said"


def _farther(change: Change, pack: Pack) -> Iterator[Fact]:
    """Values farther than a change: one step, and the last that is allowed."""
    way = ways_of(pack)[change.feature]
    assert not isinstance(change.to, str | None)
    yield type(change.to)(round(change.to + change.side * way.action.step, DIGITS))
    yield way.tried[0 if change.side < 0 else -1]


def _changed(line: Line) -> dict[str, Fact]:
    """All facts that a line sets."""
    return {**line.along, **{one.feature: one.to for one in line.changes}}
