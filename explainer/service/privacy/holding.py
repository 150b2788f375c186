"""Holding: a legal hold on one customer's data, remembered with its reason; while it lasts nothing of theirs is destroyed.

Like every word that holds until somebody says otherwise, holds are sealed under the
customer's standing key, which no retention time ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from explainer.envelope import check_references
from explainer.ledger.canonical import decode, encode
from explainer.ledger.erasure import HOLD
from explainer.ledger.store import STANDING, Draft, Opened, Terms
from explainer.service.wiring import Services

HELD, RELEASED = "held", "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold in force."""

    since: str  # RFC 3339, UTC
    reason: str
    by: str


def hold(customer: str, reason: str, by: str, services: Services) -> None:
    """Forbid to destroy anything about a customer, from now on.

    Args:
        reason: why, for whoever is asked later; sealed like everything about the customer.

    Raises:
        BadCase: the customer's reference cannot be used.
    """
    _say(HELD, customer, {"reason": reason, "by": by}, services)


def release_hold(customer: str, reason: str, by: str, services: Services) -> None:
    """Allow it again; arguments as `hold`."""
    _say(RELEASED, customer, {"reason": reason, "by": by}, services)


def hold_on(customer: str, services: Services) -> Hold | None:
    """The hold in force on a customer's data; None: there is none."""
    return _in_force(services.ledger.of_customer(customer, HOLD))


def customers_on_hold(services: Services) -> set[str]:
    """Every customer whose data must not be destroyed."""
    whose: dict[str, list[Opened]] = {}
    for entry in services.ledger.newest_first(HOLD):
        if entry.body is not None:
            whose.setdefault(decode(entry.body)["customer"], []).insert(0, entry)
    return {customer for customer, said in whose.items() if _in_force(said)}


def _in_force(said: Iterable[Opened]) -> Hold | None:
    """The last word counts."""
    words = [(entry.leaf["at"], decode(entry.body)) for entry in said if entry.body is not None]
    if not words or words[-1][1]["state"] == RELEASED:
        return None
    since, word = words[-1]
    return Hold(since, word["reason"], word["by"])


def _say(state: str, customer: str, why: dict[str, Any], services: Services) -> None:
    check_references(customer=customer)
    body = encode({"v": 1, "customer": customer, "state": state, **why})
    draft = Draft(services.new_id(), HOLD, services.clock(), customer, body, Terms(customer=customer), retention=STANDING)
    services.ledger.append(draft)
