"""Oversee: what people say about automation, remembered and obeyed."""

from __future__ import annotations

from collections.abc import Iterable

from explainer.envelope import check_references
from explainer.ledger.canonical import decode, encode
from explainer.ledger.store import STANDING, Draft, Terms
from explainer.oversight.consent import fold
from explainer.record import Permission
from explainer.service.wiring import Services

CONSENT = "consent"


def permission_of(customer: str, services: Services) -> Permission:
    """Whether software may decide this customer's cases, folded from everything they said."""
    return permissions_of([customer], services)[customer]


def permissions_of(customers: Iterable[str], services: Services) -> dict[str, Permission]:
    """Customer → whether software may decide their cases, asked for all at once."""
    heard = services.ledger.of_customers(customers, CONSENT)
    return {
        customer: fold(
            Permission(decode(entry.body)["automation"], entry.id, entry.leaf["at"]) for entry in said if entry.body is not None
        )
        for customer, said in heard.items()
    }


def set_preference(customer: str, automation: str, by: str, services: Services) -> Permission:
    """Remember what a customer wants; it holds for the next case.

    Args:
        automation: `allowed` or `opted_out`.
        by: name of the API key through which it was said.

    Raises:
        BadCase: the customer's reference cannot be used.
    """
    check_references(customer=customer)
    entry_id, at = services.new_id(), services.clock()
    body = encode({"v": 1, "customer": customer, "automation": automation, "by": by})
    draft = Draft(entry_id, CONSENT, at, customer, body, Terms(customer=customer), retention=STANDING)
    services.ledger.append(draft)
    return permission_of(customer, services)
