"""The page of one case for auditors: everything about it, by key and never by link."""

from __future__ import annotations

from flask import Blueprint

from explainer.service import inspect
from explainer.service.auditing.casefile import show_dossier
from explainer.service.inspect import PAGE
from explainer.web.auth import caller, reader, roles, services
from explainer.web.pages.door import language_of

blueprint = Blueprint("dossiers", __name__)


@blueprint.get("/dossier/<decision_id>")
@roles("auditor")
def dossier(decision_id: str) -> str:
    """The dossier, once it is remembered who reads it."""
    found = inspect.find(decision_id, services())
    return show_dossier(found, language_of(found), reader(PAGE, caller().name), services())
