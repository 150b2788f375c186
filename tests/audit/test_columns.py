"""Columns say of nobody that all is equal whom one bit tells apart; who is in doubt is replayed alone, and named."""

from __future__ import annotations

import math
from copy import deepcopy

import pytest

from explainer.audit.columns import come_out_again
from explainer.audit.replay import KERNEL, Case, Means, replay
from explainer.record import numbers_of
from explainer.service import bulk
from explainer.service.decide import day_of
from explainer.verify import DIFFERS, SAME
from tests.support import SHIPPED

REFUND = "refund_approval"
COUNT = 60


def recorded(services, sampled, pack):
    """Bodies of decisions of one day, and that day."""
    cases = [bulk.Given(row, facts, f"C-{row}", f"R-{row}", "en") for row, facts in enumerate(sampled(pack, COUNT))]
    ids = [one.id for one in bulk.decide_all(cases, pack, services)]
    return [numbers_of(services.ledger.entry(one).body) for one in ids], day_of(services.clock(), services.serving(pack).release)


def after(number):
    """The next float: one bit further."""
    return math.nextafter(number, math.inf)


def _change(*path):
    """Changes what stands at a place of a body by one bit, or to something else."""

    def change(body):
        *way, last = path
        for name in way:
            body = body[name]
        was = body[last]
        body[last] = (not was) if isinstance(was, bool) else after(was) if isinstance(was, float) else f"{was}x"

    return change


def a_zero_of_the_other_sign(body):
    place = body["row"].index(0.0)
    body["row"][place] = -body["row"][place]


def one_rule_less(body):
    del body["decision"]["rules"][-1]


CHANGES = {
    "row": (a_zero_of_the_other_sign, ("E1", "row")),
    "margin": (_change("decision", "margin"), ("E1", "margin")),
    "a rule that fired": (_change("decision", "rules", 0, "fired"), ("E1", "rules")),
    "a rule less": (one_rule_less, ("E1", "rules")),
    "outcome": (_change("decision", "outcome"), ("E1", "outcome")),
    "decisive": (_change("decision", "decisive"), ("E1", "outcome")),
    "distance": (_change("decision", "distance"), ("E1", "outcome")),
    "push": (_change("attribution", "phi", 0), ("E2", "attributions")),
    "baseline": (_change("attribution", "baseline"), ("E2", "attributions")),
    "margin of the attributions": (_change("attribution", "margin"), None),  # in doubt, and of no consequence
    "method": (_change("attribution", "method"), None),
    "features": (_change("attribution", "features", 0), ("E2", "attributions")),
}


@pytest.mark.parametrize("pack", SHIPPED)
def test_plain_decisions_come_out_again_and_a_replay_finds_no_more_than_one_by_one(pack, services, sampled):
    bodies, day = recorded(services, sampled, pack)
    serving = services.serving(pack)
    sure = come_out_again(bodies, day, serving.release.pack, serving.kernel)
    assert sum(sure) > COUNT / 2
    means = Means.of(serving.release, serving.kernel)
    together = replay([Case(one) for one in bodies], day, means, full=False)
    alone = [replay([Case(one)], day, means, full=False)[0] for one in bodies]
    assert [sorted(one) for one in together] == [sorted(one) for one in alone]
    assert {one.end for found in together for one in found} == {SAME}


@pytest.mark.parametrize("name", CHANGES)
def test_one_thing_changed_leaves_that_decision_alone_in_doubt_and_is_named(name, services, sampled):
    bodies, day = recorded(services, sampled, REFUND)
    serving, (change, part) = services.serving(REFUND), CHANGES[name]
    pack, kernel = serving.release.pack, serving.kernel
    before = come_out_again(bodies, day, pack, kernel)
    at = next(at for at, sure in enumerate(before) if sure and 0.0 in bodies[at]["row"])
    changed = deepcopy(bodies)
    change(changed[at])
    assert come_out_again(changed, day, pack, kernel) == [sure and one != at for one, sure in enumerate(before)]
    found = replay([Case(one) for one in changed], day, Means.of(serving.release, kernel), full=False)
    wrong = {(one.level, one.part) for one in found[at] if one.end == DIFFERS and one.by == KERNEL}
    assert wrong == (set() if part is None else {part})
    assert not any(one.end == DIFFERS for other, each in enumerate(found) if other != at for one in each)


def test_the_day_of_other_rules_is_in_doubt(services, sampled):
    bodies, day = recorded(services, sampled, REFUND)
    serving = services.serving(REFUND)
    long_ago = day.replace(year=day.year - 20)
    assert not any(come_out_again(bodies, long_ago, serving.release.pack, serving.kernel))
