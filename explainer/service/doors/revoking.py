"""Revoking: links that were sent out are taken back, by an entry for each view of the decision.

The entry for the first time that links to a view are revoked has one Idempotency-Key, that
for the second time another, and so on: each number is given once, whichever process comes
first and whatever its clock says.  A link says how often its view had been revoked when it
was signed, and opens nothing once the next number is taken.  That is one look into the
entries themselves, by a column of theirs; it needs no key of a customer, so that an erasure
changes nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete

from explainer.errors import AlreadyRemembered
from explainer.ledger.engines import writing
from explainer.ledger.store import Draft
from explainer.ledger.tables import panel_tokens
from explainer.packs.release import Release
from explainer.record import DecisionRecord
from explainer.service.decide import about
from explainer.service.wiring import Services

REVOCATION = "revocation"
VIEWS = ("panel", "letter")
Revoked = Mapping[tuple[str, str], int]  # (view, decision) → how often links to it were revoked


def revoke_links(record: DecisionRecord, release: Release, by: str, services: Services, *, views: Sequence[str] = VIEWS) -> None:
    """Let no link to these views of a decision open them that was signed until now, nor a page that was opened by one.

    A panel shows the case number, and leads to the letter: what it leads to goes with it.
    """
    while True:
        before = count_revoked([record.id], services)
        drafts = [
            _draft(record, release, before[view, record.id] + 1, {"view": view, "by": by}, services=services) for view in views
        ]
        try:
            services.ledger.append_all(drafts)
        except AlreadyRemembered:
            continue  # somebody else did so at this moment: maybe before a link that is out by now
        break
    if "panel" in views:  # a token that nobody used yet would still open one
        with writing(services.engine) as connection:
            connection.execute(delete(panel_tokens).where(panel_tokens.c.decision == record.id))


def count_revoked(decision_ids: Iterable[str], services: Services) -> dict[tuple[str, str], int]:
    """How often links to the views of some decisions were revoked, asked for all at once."""
    count = {(view, one): 0 for one in decision_ids for view in VIEWS}
    asked = list(count)
    while asked:
        named = {_key(*one, count[one] + 1): one for one in asked}
        asked = [named[key] for key in services.ledger.seen(named)]
        count |= {one: count[one] + 1 for one in asked}
    return count


def is_revoked(view: str, decision_id: str, before: int, services: Services) -> bool:
    """Whether links to a view of a decision were revoked once more than so often."""
    return bool(services.ledger.seen([_key(view, decision_id, before + 1)]))


def _draft(record: DecisionRecord, release: Release, number: int, said: dict[str, str], *, services: Services) -> Draft:
    whole = {"v": 1, "customer": record.customer, "about": record.id, "pack": record.pack, **said}
    draft = about(record, release, REVOCATION, whole, services=services)
    return replace(draft, idempotency_key=_key(said["view"], record.id, number), request=draft.body)


def _key(view: str, decision_id: str, number: int) -> str:
    return f"\x1f{REVOCATION}/{view}/{decision_id}/{number}"  # no client's Idempotency-Key begins with a control character
