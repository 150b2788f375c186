"""Inspect: find a remembered decision and show it as its readers see it.

A letter that leaves is remembered first, in an entry of kind `view`: which decision, to
whom, by which door, in which language and form, and the SHA-256 of what was sent.  So is
who opens a panel, or reads a decision with its reasons by a program, once a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from explainer import __version__
from explainer.errors import AlreadyRemembered, Erased, Unfaithful, UnknownDecision
from explainer.ledger.canonical import decode, digest
from explainer.ledger.erasure import ERASURE, HOLD, ROTATION
from explainer.ledger.notes.receipt import sign_receipt
from explainer.ledger.store import Draft, Found, Opened, Receipt, Terms
from explainer.ledger.tree.proving import KEY, Inclusion
from explainer.ledger.tree.sealing import EPOCH, SEAL
from explainer.ledger.tree.verifying import Verifier
from explainer.ledger.tree.worker import PROMISED_SECONDS
from explainer.packs.release import Release
from explainer.record import DecisionRecord, read_record
from explainer.service.decide import DECISION, REFERRAL, about, as_told, refer, terms_about, terms_of
from explainer.service.doors.revoking import REVOCATION
from explainer.service.oversee import CONSENT
from explainer.service.wiring import Services
from explainer.views import letter, panel
from explainer.views.letter import Footer, Letter
from explainer.views.panel import Since
from explainer.views.pdf import as_pdf
from explainer.views.readback import letters, panels

VIEW, ACCESS, REPLAY, EXPORT = "view", "access", "replay", "export"
LETTER, PANEL, DOSSIER, ANSWER = "letter", "panel", "dossier", "answer"  # what is seen
PAGE, API, COMMAND, DESKTOP = "page", "api", "command", "desktop"  # the doors by which a letter leaves or a panel opens
LINK = "link"  # who comes by one is whoever holds it
FORMS = ("html", "text", "pdf")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A decision with its place in the ledger and the release that made it."""

    record: DecisionRecord
    release: Release
    receipt: Receipt  # of its entry
    seal: str | None  # the first sealed tree over it, in short: the same for ever; None: its turn comes within a second

    @property
    def code(self) -> str:
        """Verification code: the first sixteen hex digits of the leaf hash, in fours, to be read aloud: `3F2A-91C0-77D4-0B1E`."""
        digits = self.receipt.leaf_hash[:16].upper()
        return "-".join(digits[index : index + 4] for index in range(0, 16, 4))


def find(decision_id: str, services: Services) -> Remembered:
    """Open one decision.

    Raises:
        UnknownDecision: no entry with that id is a decision.
        Erased: it was, and its customer was erased.
        ReleaseTampered, ReleaseMissing: the release that made it is not what or where it was.
        Forked: the checkpoint over it is not what was signed.
    """
    entry = services.ledger.entry(decision_id)
    if entry is None or entry.kind != DECISION:
        raise UnknownDecision
    if entry.body is None:
        raise Erased
    record = read_record(entry.body)
    record, release = as_told(record, services)
    signed = services.proofs().sealing(entry.id)
    return Remembered(record, release, entry.receipt, signed.checkpoint.short if signed else None)


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
    """To whom a letter or a panel goes: the holder of a link, or who a key, a desktop's origin or this machine says it is."""

    channel: str  # PAGE | API | COMMAND | DESKTOP
    by: str = LINK


def compose(found: Remembered, wanted: Wanted, services: Services) -> bytes:
    """A letter in one language and form, for nobody yet.

    Raises:
        UnknownLanguage: the pack has no words in that language.
        Unprintable: there is no PDF in that language.
        Unfaithful: it says something else than the record; the case is handed to a person.
    """
    written = letter.write_letter(found.record, found.release, wanted.locale)
    if findings := letters.misprints(written, found.record, found.release):
        refer(found.record, found.release, findings, services)
        raise Unfaithful("; ".join(findings))
    return _form(wanted)(written, letter.write_footer(found.release, wanted.locale, found.code, found.seal))


def _form(wanted: Wanted) -> Callable[[Letter, Footer], bytes]:
    if wanted.form == "pdf":
        return as_pdf
    write = letter.as_text if wanted.form == "text" else partial(letter.as_html, pdf=wanted.pdf)
    return lambda written, footer: write(written, footer).encode()


def send_letter(found: Remembered, wanted: Wanted, to: Recipient | None, services: Services) -> bytes:
    """A letter as its reader gets it, once it is remembered that they do.

    Seen again on the same day by the same reader, in the same form and to the byte, it is
    not remembered again: reloading a page costs a look into the ledger and no commit.

    Args:
        to: None: nobody reads it, and nothing is remembered.
    """
    sent = compose(found, wanted, services)
    if to:
        _remember(view_of(found, wanted, sent, to=to, services=services), found, services)
    return sent


def _remember(view: Draft, found: Remembered, services: Services) -> None:
    key = f"\x1f{VIEW}/{found.record.id}/{services.clock():%Y-%m-%d}/{digest(view.body)}"
    if services.ledger.remembered(key, view.body, found.record.customer) is None:
        with suppress(AlreadyRemembered):  # in another thread, just now
            services.ledger.append(replace(view, idempotency_key=key, request=view.body))


def view_of(found: Remembered, wanted: Wanted, sent: bytes, *, to: Recipient, services: Services, view: str = LETTER) -> Draft:
    """The entry that says who gets which letter, or sees which dossier."""
    spoken = found.release.vocabulary.speak(wanted.locale).locale  # not the region that was asked for and has no words
    said = {"form": wanted.form, "locale": spoken, "pdf": wanted.pdf, "sha256": digest(sent)}
    return _view(found, {"view": view, **said}, to, services)


def _view(found: Remembered, seen: dict[str, Any], to: Recipient, services: Services) -> Draft:
    record = found.record
    said = {
        "v": 1,
        "customer": record.customer,
        "about": record.id,
        "pack": record.pack,
        **seen,
        "written_by": __version__,  # of this program: another may lay out the same words in another way
        "channel": to.channel,
        "by": to.by,
    }
    return about(record, found.release, VIEW, said, services=services)


def views_of(found: Remembered, services: Services) -> list[dict[str, Any]]:
    """Who got letters or opened panels about a decision, oldest first: what each view entry says, and its time under `at`."""
    return _about(found, VIEW, services)


def _about(found: Remembered, kind: str, services: Services) -> list[dict[str, Any]]:
    entries = services.ledger.of_customer(found.record.customer, kind)
    said = [decode(one.body) | {"at": one.at} for one in entries if one.body is not None]
    return [one for one in said if one["about"] == found.record.id]


def show_panel(found: Remembered, locale: str, letter_address: str, to: Recipient | None, *, services: Services) -> panel.Panel:
    """The why panel of a decision in one language, once it is remembered who opens it, if somebody does.

    Raises:
        UnknownLanguage: the pack has no words in that language.
        Unfaithful: its words say something else than the record; the case is handed to a person.
    """
    since = _since(found, services)
    shown = panel.build_panel(found.record, found.release, locale, letter_address, since=since)
    check_panel(shown, found, services, since=since)
    if to:
        _remember(_view(found, {"view": PANEL, "form": "html", "locale": shown.language}, to, services), found, services)
    return shown


def check_panel(shown: panel.Panel, found: Remembered, services: Services, *, since: Sequence[Since] = ()) -> None:
    """Read a panel back before anybody sees it.

    Args:
        since: what happened to the decision afterwards, as far as the panel tells of it.

    Raises:
        Unfaithful: its words say something else than the record; the case is handed to a person.
    """
    if findings := panels.misprints(shown, found.record, found.release, since=since):
        refer(found.record, found.release, findings, services)
        raise Unfaithful("; ".join(findings))


def remember_reader(found: Remembered, to: Recipient, services: Services) -> None:
    """Remember, once a day, who reads a decision with its reasons by a program."""
    seen = {"view": ANSWER, "form": "json", "locale": found.record.locale}
    _remember(_view(found, seen, to, services), found, services)


def _since(found: Remembered, services: Services) -> list[Since]:
    """What happened to a decision after it was made, oldest first: letters that left, and a person who was asked."""
    sent = (one for one in views_of(found, services) if one["view"] == LETTER)
    left = [Since(one["at"], one["channel"], one["form"], one["locale"]) for one in sent]
    asked = [Since(one["at"], REFERRAL) for one in _about(found, REFERRAL, services)]
    return sorted([*left, *asked], key=lambda one: one.at)


def rebuild_index(services: Services) -> int:
    """Derive the search index again from the sealed boxes; returns how many entries it holds."""
    return services.ledger.rebuild_index(terms)


def terms(entry: Opened) -> Terms:
    """What an entry can be found by, read from its box."""
    body = entry.body or b"{}"
    if entry.kind == DECISION:
        return terms_of(read_record(body))
    said = decode(body)
    if entry.kind in {CONSENT, HOLD, ACCESS}:
        return Terms(customer=said["customer"])
    if entry.kind in {ERASURE, ROTATION}:
        return Terms()
    if entry.kind in {VIEW, REFERRAL, REVOCATION}:
        return terms_about(said)
    if entry.kind in {SEAL, EPOCH, KEY, EXPORT}:
        return Terms()
    if entry.kind == REPLAY:
        return Terms(about=said["about"])
    return Terms(pack=said["pack"], release=said["release"])


def prove(decision_id: str, services: Services) -> Inclusion:
    """The proof that a decision stands in the sealed tree; also of one whose customer was erased.

    Raises:
        UnknownDecision: no entry with that id is a decision.
        NotSealed: its turn comes within a second.
        EntryTampered, Forked: what is stored is not what was sealed.
    """
    found = services.proofs().inclusion(decision_id)
    if found is None or found.kind != DECISION:
        raise UnknownDecision
    return found


def signed_receipt(receipt: Receipt, services: Services) -> dict[str, str]:
    """A receipt that its holder can show later: this entry was promised a place in the tree by this time."""
    seal_by = f"{receipt.at + timedelta(seconds=PROMISED_SECONDS):%Y-%m-%dT%H:%M:%SZ}"
    note = sign_receipt(receipt.id, receipt.leaf_hash, seal_by, services.log_key)
    return {"leaf_hash": receipt.leaf_hash, "seal_by": seal_by, "note": note}


def verifier(services: Services) -> Verifier:
    """Checks everything that the ledger holds, again."""
    known = services.witnesses()
    return Verifier(services.engine, services.vault, services.log_keys, witnesses=known, terms_of=terms, clock=services.clock)
