"""Links: signed addresses that open one view of one decision for a while, or until they are taken back.

A link says of which view of which decision it is, until when, and how often links to that
view had been revoked when it was signed (see `revoking`); one to a letter, how many to its
decision were closed for good, so that the next is another.  What its door gives a browser
says the same under another signature, and what the door asked for: nobody makes it out of
a link without the door, nor keeps it where the door asks for more by now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from explainer.errors import AccessDenied, LinkExpired, LinkRevoked
from explainer.ledger.keys.vault import keyed_digest
from explainer.packs.release import Release
from explainer.service.doors.factor import asks_case, count_closed
from explainer.service.doors.revoking import VIEWS, Revoked, count_revoked, is_revoked
from explainer.service.wiring import Services
from explainer.settings import CASE_NUMBER, NO_FACTOR
from explainer.views.showing import local

DAY = timedelta(days=1)
LONGEST = timedelta(days=30)  # of a link to a letter, whatever the time to contest
LINK, OPENED = "explainer.view", "explainer.opened"  # what is signed: what goes out, and what a door gives for it
CLOSED = "closed"  # as if a view: for how many links to a decision are closed for good


def sign_link(
    view: str,
    decision_id: str,
    release: Release,
    services: Services,
    *,
    until: datetime | None = None,
    revoked: Revoked | None = None,
    through: str | None = None,
) -> str:
    """A token that opens one view of one decision until a day's end; the same all day, unless one is taken back or closes for good.

    Args:
        release: the one that decided.
        until: not longer than this; None: as long as links to this view last.
        revoked: what `count_ended` said of this decision, where it was asked about many at once; None: ask.
        through: the view that gives it out, if one does: whoever could see that one can use this, so it is revoked with it.
    """
    end = link_end(view, release, services)
    if revoked is None:
        revoked = count_ended([decision_id], services)
    counts = [revoked.get((one, decision_id), 0) for one in (view, through) if one]
    closed = revoked.get((CLOSED, decision_id)) if view == "letter" else None
    more = [one for one in (through, closed) if one]
    said = [view, decision_id, int(min(end, until or end).timestamp()), *counts, *more]
    return str(_signer(LINK, services).dumps(said))


def count_ended(decision_ids: Iterable[str], services: Services) -> Revoked:
    """How often links to the views of some decisions were revoked, and how many were closed for good, asked for all at once."""
    asked = list(decision_ids)
    closed = {(CLOSED, one): count for one, count in count_closed(asked, services).items()}
    return count_revoked(asked, services) | closed


def link_end(view: str, release: Release, services: Services) -> datetime:
    """Until when a link to a view that is signed now opens it: a day's end of the release's organisation.

    A letter stays open as long as its customer can contest, or as the settings say when
    that is longer; but never for more than 30 days, be they long or short.
    """
    settings, today = services.settings, local(services.clock(), release.organisation)
    days = max(settings.letter_days, release.pack.contest_days) if view == "letter" else -(-settings.link_hours // 24)
    began, end = (
        datetime.combine(day, time.min, today.tzinfo).astimezone(UTC) for day in (today.date(), today.date() + (days + 1) * DAY)
    )
    return min(end, began + LONGEST) if view == "letter" else end


def links_to(
    decision_id: str, release: Release, base: str, services: Services, *, revoked: Revoked | None = None
) -> dict[str, str]:
    """Addresses of one decision: of itself in the API, and of its views by signed links; `revoked` as in `sign_link`."""
    if revoked is None:
        revoked = count_ended([decision_id], services)
    signed = {view: sign_link(view, decision_id, release, services, revoked=revoked) for view in VIEWS}
    return {
        "self": f"{base}/v1/decisions/{decision_id}",
        **{view: f"{base}/{view}/{decision_id}?t={token}" for view, token in signed.items()},
    }


def opens(token: str, view: str, decision_id: str, services: Services, *, kind: str = LINK) -> datetime:
    """Until when a link's token opens this view of this decision; or, of the kind OPENED, what its door gave for it.

    Raises:
        AccessDenied: it is not ours, or for something else; or the door asks for more than it did.
        LinkExpired: it was, and its time is over.
        LinkRevoked: it was, and it was taken back.
    """
    said = _read(token, kind, services)
    if kind == OPENED:
        said = _admitted(said, asks_case(view, services))
    if not isinstance(said, list) or said[:2] != [view, decision_id]:
        raise AccessDenied("this link does not open this page")
    _, _, end, *counts = said
    until = datetime.fromtimestamp(end, UTC)
    if until <= services.clock():
        raise LinkExpired
    if any(is_revoked(one, decision_id, before, services) for one, before in _counted(view, counts)):
        raise LinkRevoked
    return until


def _counted(view: str, counts: list[Any]) -> list[tuple[str, int]]:
    """How often links to which views had been revoked, as a link says: to its own, and to the one that gave it out."""
    match counts:
        case [own, through, str(other), *_]:
            return [(view, own), (other, through)]
        case [own, *_]:
            return [(view, own)]
    return [(view, 0)]  # a link of before there were revocations names no number


def admission(token: str, services: Services) -> str:
    """What a browser keeps that came through the door of a link: what the link says, and what the door asked for."""
    said = _read(token, LINK, services)
    asked = CASE_NUMBER if isinstance(said, list) and asks_case(said[0], services) else NO_FACTOR
    return str(_signer(OPENED, services).dumps([said, asked]))


def named(token: str, services: Services) -> str:
    """A keyed digest of what a link says, however its token is written: base64 has several ways for one thing."""
    said = str(_signer(LINK, services).dumps(_read(token, LINK, services)))
    return keyed_digest(services.vault.secret("links"), said.encode()).hex()


def _admitted(kept: object, asks: bool) -> object:
    """What the link said for which a door gave this, unless the door did not ask for the case number and does now."""
    match kept:
        case [said, str(asked)] if asked == CASE_NUMBER or not asks:
            return said
    raise AccessDenied("this page was opened in a way that does not open it any more")


def _read(token: str, kind: str, services: Services) -> object:
    try:
        return _signer(kind, services).loads(token)
    except BadSignature as error:
        raise AccessDenied("this link does not open this page") from error


def _signer(kind: str, services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.vault.secret("links"), salt=kind, signer_kwargs={"digest_method": hashlib.sha256})
