"""The open pages: the start page with its doors, the API documentation and the model cards.

Nothing about a case is shown here, so no key is needed; every asset comes from this host.
"""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory

from explainer.views.showing import page
from explainer.web.auth import EVERYBODY, roles, services

blueprint = Blueprint("docs", __name__)
ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"


@blueprint.get("/")
@roles(EVERYBODY)
def home() -> str:
    """The start page: where each reader goes."""
    return page("home.html", packs=[services().serving(name).release.pack for name in services().packs()])


@blueprint.get("/docs")
@roles(EVERYBODY)
def docs() -> str:
    """The API documentation."""
    return page("docs.html")


@blueprint.get("/docs/assets/<name>")
@roles(EVERYBODY)
def asset(name: str) -> Response:
    """One file of the documentation page."""
    return send_from_directory(ASSETS, name)


@blueprint.get("/cards/<pack>")
@roles(EVERYBODY)
def card(pack: str) -> str:
    """The model card of the release in use, for people with a browser."""
    return services().serving(pack).release.card
