"""The API documentation page; every asset comes from this host."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory

from explainer.views.showing import page
from explainer.web.auth import EVERYBODY, roles

blueprint = Blueprint("docs", __name__)
ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"


@blueprint.get("/docs")
@roles(EVERYBODY)
def docs() -> str:
    """The page itself."""
    return page("docs.html")


@blueprint.get("/docs/assets/<name>")
@roles(EVERYBODY)
def asset(name: str) -> Response:
    """One file of the documentation page."""
    return send_from_directory(ASSETS, name)
