"""Replay compares each thing that was decided, to the bit: one thing changed in a record is one finding, by its name."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from explainer.audit.replay import KERNEL, Case, Means, replay
from explainer.record import body_of, record_of
from explainer.service import decide
from explainer.service.decide import day_of
from explainer.verify import DIFFERS
from tests.cases import ending

REFUND = "refund_approval"


@pytest.fixture
def replayed(services):
    """What our own road says about a recorded decision after something was changed in what was recorded."""
    serving = services.serving(REFUND)
    asked = decide.Case(REFUND, "C-1", "R-1", "en", ending(serving.release, "decline", "score"))
    entry = services.ledger.entry(decide.decide(asked, "key", services).record.id)
    body = body_of(entry.body)
    means = Means.of(serving.release, serving.kernel)

    def run(change=lambda explained: explained):
        record = record_of(body)
        case = Case(body, replace(record, explained=change(record.explained)))
        (found,) = replay([case], day_of(record.at, serving.release), means, full=True)
        return [one[:2] for one in found if one.end == DIFFERS and one.by == KERNEL]

    return run


def after(value):
    """The next float: one bit further."""
    return math.nextafter(value, math.inf)


def of_decision(**changes):
    return lambda said: said._replace(decision=said.decision._replace(**{name: to(said) for name, to in changes.items()}))


def of_attribution(**changes):
    return lambda said: said._replace(attribution=replace(said.attribution, **{name: to(said) for name, to in changes.items()}))


def pushed(said):
    phi = said.attribution.phi.copy()
    phi[0] = after(phi[0])
    return phi


def test_attributions_of_more_features_than_the_model_has_are_a_finding(replayed):
    def longer(said):
        split = said.attribution
        return said._replace(attribution=replace(split, phi=np.append(split.phi, 0.0), features=(*split.features, "more")))

    assert replayed(longer) == [("E2", "attributions")]


def test_what_nobody_changed_has_no_finding(replayed):
    assert replayed() == []


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (("E1", "margin"), of_decision(margin=lambda said: after(said.decision.margin))),
        (("E1", "rules"), of_decision(rules=lambda said: said.decision.rules[1:])),
        (("E1", "outcome"), of_decision(outcome=lambda _said: "approve")),
        (("E1", "outcome"), of_decision(distance=lambda said: after(said.decision.distance))),
        (("E2", "attributions"), of_attribution(phi=pushed)),
        (("E2", "attributions"), of_attribution(features=lambda said: said.attribution.features[::-1])),
        (("E2", "attributions"), of_attribution(baseline=lambda said: after(said.attribution.baseline))),
    ],
)
def test_one_thing_changed_by_one_bit_is_found_by_its_name(replayed, part, change):
    assert replayed(change) == [part]
