"""The case file: one case gathered for its dossier, and who asked for it remembered before it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explainer.errors import ExplainerError, NotSealed
from explainer.ledger.again.rereading import Rereader
from explainer.ledger.canonical import decode, digest, leaf_hash
from explainer.ledger.canonical import encode as canonical
from explainer.ledger.store import Opened
from explainer.service import inspect
from explainer.service.decide import REFERRAL
from explainer.service.doors.revoking import REVOCATION
from explainer.service.inspect import (
    API,
    COMMAND,
    DESKTOP,
    DOSSIER,
    LETTER,
    LINK,
    PAGE,
    REPLAY,
    VIEW,
    Recipient,
    Remembered,
    Wanted,
)
from explainer.service.oversee import CONSENT
from explainer.service.wiring import Services
from explainer.verify import ABSTAINED, DIFFERS, SAME
from explainer.views.auditor.dossier import Happened, Place, Sent, as_page, build_dossier

DOORS = {
    PAGE: "opened on a page",
    API: "fetched over the API",
    COMMAND: "written on the command line",
    DESKTOP: "opened inside a desktop",
}
HOLDER = "the holder of a link"


def show_dossier(found: Remembered, locale: str, to: Recipient | None, services: Services, *, alone: bool = False) -> str:
    """The dossier of a case as its reader gets it, once it is remembered that they do, if somebody reads it.

    Args:
        alone: as one file.

    Raises:
        UnknownLanguage: the pack has no words in that language.
        Unfaithful: what it shows of the panel says something else than the record; the case is handed to a person.
    """
    record = found.record
    dossier = build_dossier(
        record,
        found.release,
        _place(found, services),
        locale,
        letters=[*_letters(found, services)],
        history=[*_history(found, services)],
    )
    inspect.check_panel(dossier.panel, found, services)
    shown = as_page(dossier, alone=alone)
    if to:
        view = inspect.view_of(found, Wanted("html", locale), shown.encode(), to=to, services=services, view=DOSSIER)
        services.ledger.append(view)
    return shown


def _place(found: Remembered, services: Services) -> Place:
    entry = services.ledger.entry(found.record.id)
    assert entry is not None  # it was found a moment ago
    leaf, key = canonical(entry.leaf), services.log_keys.publics[-1].text
    known = {"code": found.code, "leaf_hash": leaf_hash(leaf).hex(), "writer": f"{entry.leaf['writer']}, entry {entry.leaf['n']}"}
    try:
        proved = inspect.prove(found.record.id, services)
    except NotSealed:
        return Place(**known, number=None, checkpoint="", note="", key=key, proof=())
    signed, proof = proved.signed, tuple(one.hex() for one in proved.proof)
    key = services.log_keys.whose(signed.note).text
    return Place(**known, number=proved.number, checkpoint=signed.checkpoint.short, note=signed.note, key=key, proof=proof)


def _letters(found: Remembered, services: Services) -> Iterator[Sent]:
    """Each letter that left, with its words as plain text, and whether writing it again gives the bytes that were sent."""
    for one in inspect.views_of(found, services):
        if one["view"] != LETTER:
            continue
        try:
            wanted = Wanted(one["form"], one["locale"], one["pdf"])
            again = {digest(inspect.compose(case, wanted, services)) for case in (found, replace(found, seal=None))}
            ended = SAME if one["sha256"] in again else DIFFERS
        except ExplainerError:
            ended = ABSTAINED
        text = inspect.compose(found, Wanted("text", one["locale"]), services).decode()
        yield Sent(one["at"], one["form"], one["locale"], _by_whom(one), one["sha256"], ended, text)


def _history(found: Remembered, services: Services) -> Iterator[Happened]:
    """Every entry about the case, and what its customer said about automation."""
    record = found.record
    yield Happened(record.at, f"decided: {record.explained.decision.outcome}")
    for kind in (VIEW, REFERRAL, REVOCATION, CONSENT):
        for one in services.ledger.of_customer(record.customer, kind):
            said = decode(one.body or b"{}")
            if said.get("about", record.id) == record.id:
                yield Happened(one.at, _said(kind, said))
    again = Rereader(services.engine, services.vault)
    for read in again.read(again.with_about([record.id])):
        if read.stored.kind == REPLAY and read.opened is not None:
            yield Happened(read.opened.at, _replayed(read.opened))


def _said(kind: str, said: dict[str, str]) -> str:
    if kind == VIEW:
        return f"{said['view']} {_by_whom(said)} ({said['form']}, {said['locale']})"
    if kind == REFERRAL:
        return f"referred to a person: our own check {said['check']} refused to tell it as it was recorded"
    if kind == REVOCATION:
        return f"links to the {said['view']} taken back by {said['by']}"
    return f"the customer on automation: {said['automation'].replace('_', ' ')}"


def _by_whom(view: dict[str, str]) -> str:
    """By which door somebody saw something, and who that was."""
    return f"{DOORS[view['channel']]} by {HOLDER if view['by'] == LINK else view['by']}"


def _replayed(entry: Opened) -> str:
    said = decode(entry.body or b"{}")
    ended = "; ".join(f"{count} {end}" for end, count in sorted(_ends(said).items()))
    return f"replayed by {said['by']}: {ended}"


def _ends(said: dict[str, list[list[str]]]) -> dict[str, int]:
    ends: dict[str, int] = {}
    for _, _, end, _, count in said["counts"]:
        ends[end] = ends.get(end, 0) + int(count)
    return ends
