"""Inspect: find a remembered decision and show it as its readers see it.

A letter that leaves is remembered first, in an entry of kind `view`: which decision, to
whom, by which door, in which language and form, and the SHA-256 of what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from explainer import __version__
from explainer.errors import AlreadyRemembered, Erased, Unfaithful, UnknownDecision
from explainer.ledger.canonical import decode, digest, leaf_hash
from explainer.ledger.canonical import encode as canonical
from explainer.ledger.store import Draft, Found, Opened, Terms
from explainer.packs.release import Release
from explainer.record import DecisionRecord, read_record
from explainer.road import contradictions, referred
from explainer.service.decide import DECISION, terms_of
from explainer.service.oversee import CONSENT
from explainer.service.wiring import Services
from explainer.views import letter, panel
from explainer.views.letter import Footer, Letter
from explainer.views.pdf import as_pdf

VIEW, REFERRAL = "view", "referral"
PAGE, API, COMMAND = "page", "api", "command"  # the doors by which a letter leaves
FORMS = ("html", "text", "pdf")


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
    release = services.registry.open(record.release)
    if findings := contradictions(record.explained, release.pack, release.vocabulary.every):
        record = _refer(record, release, findings, services)
    return Remembered(record, release, verification_code(entry))


def _refer(record: DecisionRecord, release: Release, findings: Sequence[str], services: Services) -> DecisionRecord:
    """A decision that cannot be told as it was recorded, handed to a person: remembered once, before anybody is told."""
    said = {
        "v": 1,
        "customer": record.customer,
        "about": record.id,
        "pack": record.pack,
        "check": Unfaithful.code,
        "findings": list(findings),
    }
    body = canonical(said)
    draft = Draft(services.new_id(), REFERRAL, services.clock(), record.customer, body, _terms_about(said), refs=(record.id,))
    key = f"\x1f{REFERRAL}/{record.id}"  # no client's Idempotency-Key begins with a control character
    with suppress(AlreadyRemembered):
        services.ledger.append(replace(draft, idempotency_key=key, request=b""))
    explained = record.explained
    return replace(record, explained=referred(explained.row, explained.decision, release.pack, Unfaithful.code))


def verification_code(entry: Opened) -> str:
    """Sixteen hex digits of the leaf hash, in fours, to be read aloud: `3F2A-91C0-77D4-0B1E`."""
    digits = leaf_hash(canonical(entry.leaf)).hex()[:16].upper()
    return "-".join(digits[index : index + 4] for index in range(0, 16, 4))


def search(services: Services, **wanted: Any) -> tuple[list[Found], str | None]:
    """Find decisions, newest first, a page at a time; arguments as `Ledger.search`."""
    return services.ledger.search(kind=DECISION, **wanted)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The letter that somebody asked for."""

    form: str  # of FORMS
    locale: str
    pdf: str | None = None  # address of the same letter as PDF, for a page that leads there


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes: the holder of a link, or who a key or this machine says it is."""

    channel: str  # PAGE | API | COMMAND
    by: str = "link"


def compose(found: Remembered, wanted: Wanted) -> bytes:
    """A letter in one language and form, for nobody yet.

    Raises:
        UnknownLanguage: the pack has no words in that language.
        Unprintable: there is no PDF in that language.
    """
    written = letter.write_letter(found.record, found.release, wanted.locale)
    return _form(wanted)(written, letter.write_footer(found.release, wanted.locale, found.code))


def _form(wanted: Wanted) -> Callable[[Letter, Footer], bytes]:
    if wanted.form == "pdf":
        return as_pdf
    write = letter.as_text if wanted.form == "text" else partial(letter.as_html, pdf=wanted.pdf)
    return lambda written, footer: write(written, footer).encode()


def send_letter(found: Remembered, wanted: Wanted, to: Recipient, services: Services) -> bytes:
    """A letter as its reader gets it, once it is remembered that they do.

    Seen again on the same day by the same reader, in the same form and to the byte, it is
    not remembered again: reloading a page costs a look into the ledger and no commit.
    """
    sent = compose(found, wanted)
    view = view_of(found, wanted, sent, to=to, services=services)
    key, seen = f"\x1f{VIEW}/{found.record.id}/{services.clock():%Y-%m-%d}/{digest(view.body)}", view.body
    if services.ledger.remembered(key, seen, found.record.customer) is None:
        with suppress(AlreadyRemembered):  # in another thread, just now
            services.ledger.append(replace(view, idempotency_key=key, request=seen))
    return sent


def view_of(found: Remembered, wanted: Wanted, sent: bytes, *, to: Recipient, services: Services) -> Draft:
    """The entry that says who gets which letter."""
    record = found.record
    said = {
        "v": 1,
        "customer": record.customer,
        "about": record.id,
        "pack": record.pack,
        "view": "letter",
        "form": wanted.form,
        "locale": wanted.locale,
        "pdf": wanted.pdf,
        "sha256": digest(sent),
        "written_by": __version__,  # of this program: another may lay out the same words in another way
        "channel": to.channel,
        "by": to.by,
    }
    return Draft(services.new_id(), VIEW, services.clock(), record.customer, canonical(said), _terms_about(said), refs=(record.id,))


def views_of(found: Remembered, services: Services) -> list[dict[str, Any]]:
    """Who got letters about a decision, oldest first: what each view entry says, and its time under `at`."""
    entries = services.ledger.of_customer(found.record.customer, VIEW)
    said = [decode(one.body) | {"at": one.at} for one in entries if one.body is not None]
    return [one for one in said if one["about"] == found.record.id]


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
    if entry.kind in {VIEW, REFERRAL}:
        return _terms_about(said)
    return Terms(pack=said["pack"], release=said["release"])


def _terms_about(said: dict[str, Any]) -> Terms:
    return Terms(customer=said["customer"], about=said["about"], pack=said["pack"])
