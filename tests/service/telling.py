"""Seven decisions of both packs, an hour apart, for the tests that look for them and show them."""

from __future__ import annotations

from typing import Any, cast

from explainer.service.decide import Case, decide
from explainer.service.inspect import DESKTOP, Recipient, search
from explainer.service.wiring import Services
from tests.cases import ending
from tests.support import Clock

REFUND, PRIORITY = "refund_approval", "priority_scoring"
CUSTOMER, CASE = "Ana-Belen Ruiz 4711", "CASE/2026/0815"
DESK = Recipient(DESKTOP, "https://desk.example")
TOLD = [  # pack, outcome, what was decisive: one decision an hour
    (REFUND, "approve", "rule"),
    (REFUND, "decline", "score"),
    (PRIORITY, "P1", "rule"),
    (REFUND, "decline", "rule"),
    (PRIORITY, "P4", "score"),
    (REFUND, "approve", "score"),
    (PRIORITY, "P1", "score"),
]


def tell(services: Services) -> list[str]:
    ids = []
    for number, (pack, outcome, decisive) in enumerate(TOLD):
        who = {"customer": CUSTOMER, "case": CASE} if number == 3 else {"customer": f"C-{number % 2}", "case": f"R-{number}"}
        case = Case(pack, locale="en", facts=ending(services.serving(pack).release, outcome, decisive), **who)
        ids.append(decide(case, f"key-{number}", services).record.id)
        cast(Clock, services.clock).move(hours=1)
    return ids


def found(services: Services, **wanted: Any) -> list[str]:
    lines, following = search(services, **wanted)
    assert following is None
    return [one.id for one in lines]
