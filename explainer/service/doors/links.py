"""Links: signed addresses that open one view of one decision for a while."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from explainer.errors import AccessDenied, LinkExpired
from explainer.packs.release import Release
from explainer.service.wiring import Services
from explainer.views.showing import local

DAY = timedelta(days=1)


def sign_link(view: str, decision_id: str, release: Release, services: Services, *, until: datetime | None = None) -> str:
    """A token that opens one view of one decision until a day's end; the same all day, so that a retry gives the same.

    Args:
        release: the one that decided.
        until: not longer than this; None: as long as links to this view last.
    """
    end = link_end(view, release, services)
    return str(_signer(services).dumps([view, decision_id, int(min(end, until or end).timestamp())]))


def link_end(view: str, release: Release, services: Services) -> datetime:
    """Until when a link to a view that is signed now opens it: a day's end.

    Days are those of the release's organisation, and a letter stays open until its last
    day to contest is over.
    """
    settings, today = services.settings, local(services.clock(), release.organisation)
    days = max(settings.letter_days, release.pack.contest_days) if view == "letter" else -(-settings.link_hours // 24)
    last = today.date() + timedelta(days=days)
    return datetime.combine(last + DAY, time.min, today.tzinfo)


def links_to(decision_id: str, release: Release, base: str, services: Services) -> dict[str, str]:
    """Addresses of one decision: of itself in the API, and of its views by signed links."""
    signed = {view: sign_link(view, decision_id, release, services) for view in ("panel", "letter")}
    return {
        "self": f"{base}/v1/decisions/{decision_id}",
        **{view: f"{base}/{view}/{decision_id}?t={token}" for view, token in signed.items()},
    }


def opens(token: str, view: str, decision_id: str, services: Services) -> datetime:
    """Until when a token opens this view of this decision.

    Raises:
        AccessDenied: it is not ours, or for something else.
        LinkExpired: it was, and its time is over.
    """
    try:
        said = _signer(services).loads(token)
    except BadSignature as error:
        raise AccessDenied("this link does not open this page") from error
    if not isinstance(said, list) or said[:2] != [view, decision_id]:
        raise AccessDenied("this link does not open this page")
    until = datetime.fromtimestamp(said[2], UTC)
    if until <= services.clock():
        raise LinkExpired
    return until


def _signer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.vault.secret("links"), salt="explainer.view", signer_kwargs={"digest_method": hashlib.sha256})
