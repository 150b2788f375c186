"""Erasing: one person on request, or years whose time is over; the ledger says that it happened and not to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from explainer.envelope import check_references
from explainer.errors import OnHold
from explainer.ledger.entry import months_of
from explainer.ledger.erasure import REQUEST, RETENTION, Erasure, Order, erase_keys
from explainer.ledger.store import SYSTEM
from explainer.oversight.consent import OPTED_OUT
from explainer.service.oversee import CONSENT, permission_of
from explainer.service.privacy.holding import customers_on_hold, hold_on
from explainer.service.wiring import Services


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of a person's data."""

    erasure: Erasure
    opted_out: bool  # they had opted out, and that is forgotten too: somebody should tell them


def erase(customer: str, by: str, services: Services) -> Erased:
    """Erase a customer: nothing that was about them can be read any more, and every proof still holds.

    An erasure that was interrupted is completed by asking for it again.

    Raises:
        BadCase: the customer's reference cannot be used.
        OnHold: a legal hold forbids it; nothing was destroyed.
        Unavailable: a database did not answer, or keeps old pages for a reader; do it again.
    """
    check_references(customer=customer)
    if hold_on(customer, services):
        raise OnHold
    opted_out = permission_of(customer, services).automation == OPTED_OUT
    keys = services.vault.key_ids([customer])[customer]
    order = Order(keys, REQUEST, by, services.clock())
    return Erased(erase_keys(order, services.ledger, services.vault), opted_out)


def last_year_over(now: datetime, months: int) -> int:
    """The last year whose entries have all been kept for some months.

    >>> last_year_over(datetime(2026, 6, 30), 6), last_year_over(datetime(2026, 7, 1), 6)
    (2024, 2025)
    """
    return (now.year * 12 + now.month - 1 - months) // 12 - 1


def over(services: Services) -> list[str]:
    """Ids of the keys whose time is over: of a retention class that ends, not on hold, and about somebody.

    Consent was sealed under these keys before it had its own; a key that seals one stays.
    """
    vault, now, usual = services.vault, services.clock(), services.settings.retention_months
    kept = {vault.subject(customer) for customer in (SYSTEM, *customers_on_hold(services))}
    ending = {one: months for one in vault.classes() if (months := months_of(one, usual)) is not None}
    held = [vault.held(one, last_year_over(now, months)) for one, months in ending.items()]
    due = {key for some in held for key, subject in some.items() if subject not in kept}
    return sorted(due - {entry.leaf["key"] for entry in services.ledger.newest_first(CONSENT)})


def expire(by: str, services: Services) -> Erasure:
    """Destroy the keys whose time is over, and say so in the ledger.

    Raises:
        Unavailable: as `erase`.
    """
    return erase_keys(Order(over(services), RETENTION, by, services.clock()), services.ledger, services.vault)
