"""Inspect: find a remembered decision and show it as its readers see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from explainer.errors import Erased, UnknownDecision
from explainer.ledger.canonical import decode, leaf_hash
from explainer.ledger.canonical import encode as canonical
from explainer.ledger.store import Found, Opened, Terms
from explainer.packs.release import Release
from explainer.record import DecisionRecord, read_record
from explainer.service.decide import DECISION, terms_of
from explainer.service.oversee import CONSENT
from explainer.service.wiring import Services
from explainer.views import letter, panel


@dataclass(frozen=True, slots=True)
class Remembered:
    """A decision with its place in the ledger and the release that made it."""

    record: DecisionRecord
    release: Release
    code: str  # verification code: the first 16 hex digits of the leaf hash, in fours


def find(decision_id: str, services: Services) -> Remembered:
    """Open one decision.

    Raises:
        UnknownDecision: no entry with that id is a decision.
        Erased: it was, and its customer was erased.
        ReleaseTampered, ReleaseMissing: the release that made it is not what or where it was.
    """
    entry = services.ledger.entry(decision_id)
    if entry is None or entry.kind != DECISION:
        raise UnknownDecision
    if entry.body is None:
        raise Erased
    record = read_record(entry.body)
    return Remembered(record, services.registry.open(record.release), verification_code(entry))


def verification_code(entry: Opened) -> str:
    """Sixteen hex digits of the leaf hash, in fours, to be read aloud: `3F2A-91C0-77D4-0B1E`."""
    digits = leaf_hash(canonical(entry.leaf)).hex()[:16].upper()
    return "-".join(digits[index : index + 4] for index in range(0, 16, 4))


def search(services: Services, **wanted: Any) -> tuple[list[Found], str | None]:
    """Find decisions, newest first, a page at a time; arguments as `Ledger.search`."""
    return services.ledger.search(kind=DECISION, **wanted)


def write_letter(found: Remembered, locale: str) -> letter.Letter:
    """The letter of a decision in one language."""
    return letter.write_letter(found.record, found.release, locale, found.code)


def show_panel(found: Remembered, locale: str, letter_address: str) -> panel.Panel:
    """The why panel of a decision in one language."""
    return panel.build_panel(found.record, found.release, locale, letter_address)


def rebuild_index(services: Services) -> int:
    """Derive the search index again from the sealed boxes; returns how many entries it holds."""
    return services.ledger.rebuild_index(_terms)


def _terms(entry: Opened) -> Terms:
    """What an entry can be found by, read from its box."""
    body = entry.body or b"{}"
    if entry.kind == DECISION:
        return terms_of(read_record(body))
    said = decode(body)
    if entry.kind == CONSENT:
        return Terms(customer=said["customer"])
    return Terms(pack=said["pack"], release=said["release"])
