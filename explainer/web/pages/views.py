"""Pages of one decision: the why panel for agents, the letter for customers."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request

from explainer.service import inspect
from explainer.service.doors import links
from explainer.service.inspect import PAGE, Remembered, Wanted
from explainer.views.panel import as_page
from explainer.web.api.letters import letter_response
from explainer.web.auth import BY_LINK, caller, reader, roles, services
from explainer.web.pages.door import admit, language_of, open_door

blueprint = Blueprint("views", __name__)
PANEL_READERS = frozenset({"integrator", "agent", "supervisor", "auditor"})


@blueprint.get("/panel/<decision_id>")
@roles(BY_LINK)
def panel(decision_id: str) -> Response | str:
    """The why panel."""
    admitted = admit("panel", decision_id, PANEL_READERS)
    if isinstance(admitted, Response):
        return admitted
    found = inspect.find(decision_id, services())
    until = admitted or links.link_end("panel", found.release, services())
    language = language_of(found)
    to = reader(PAGE) if admitted else reader(PAGE, caller().name)
    return as_page(inspect.show_panel(found, language, letter_address(found, language, until), to, services=services()))


@blueprint.get("/letter/<decision_id>")
@roles(BY_LINK)
def letter(decision_id: str) -> Response:
    """The letter, as a page that leads to its PDF, or as PDF."""
    admitted = admit("letter", decision_id, PANEL_READERS)
    if isinstance(admitted, Response):
        return admitted
    found = inspect.find(decision_id, services())
    language, form = language_of(found), "pdf" if request.args.get("format") == "pdf" else "html"
    to = reader(PAGE) if admitted else reader(PAGE, caller().name)
    return letter_response(found, Wanted(form, language, f"?lang={language}&format=pdf"), to)


@blueprint.post("/panel/<decision_id>")
@roles(BY_LINK)
def open_panel(decision_id: str) -> Response:
    """Exchange the link's token for a cookie of this panel."""
    return open_door("panel", decision_id)


@blueprint.post("/letter/<decision_id>")
@roles(BY_LINK)
def open_letter(decision_id: str) -> Response:
    """Exchange the link's token for a cookie of this letter."""
    return open_door("letter", decision_id)


def letter_address(found: Remembered, language: str, until: datetime) -> str:
    """The address of the letter, open no longer than what led to it, and shut with it."""
    token = links.sign_link("letter", found.record.id, found.release, services(), until=until, through="panel")
    return f"/letter/{found.record.id}?lang={language}&t={token}"
