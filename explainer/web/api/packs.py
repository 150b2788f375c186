"""Packs over HTTP: what decides here, what it asks for, and how well it does."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from explainer.decisions.features import json_schema
from explainer.packs.release import Release
from explainer.service.access import ROLES
from explainer.web.auth import roles, services
from explainer.web.schemas import PackLineSchema, PackShownSchema

blueprint = Blueprint("packs", __name__, url_prefix="/v1/packs", description="Decision models and what they ask for")


@blueprint.route("")
@blueprint.response(200, PackLineSchema(many=True))
@roles(*ROLES)
def list_packs() -> list[dict[str, Any]]:
    """The packs that decide here."""
    return [_line(services().serving(name).release) for name in services().packs()]


@blueprint.route("/<pack>")
@blueprint.response(200, PackShownSchema)
@roles(*ROLES)
def get_pack(pack: str) -> dict[str, Any]:
    """One pack: its facts as JSON Schema, outcomes, thresholds, rules and figures."""
    release = services().serving(pack).release
    declared = release.pack
    return {
        **_line(release),
        "languages": list(declared.languages),
        "outcomes": [asdict(one) for one in declared.outcomes],
        "bands": [asdict(one) for one in declared.bands],
        "rules": [
            {
                "code": rule.code,
                "outcome": rule.outcome,
                "from": rule.in_force_from.isoformat(),
                "to": rule.in_force_to and rule.in_force_to.isoformat(),
                "source": rule.source,
            }
            for rule in declared.rules
        ],
        "features": json_schema(declared),
        "metrics": release.metrics,
    }


@blueprint.route("/<pack>/card")
@blueprint.response(200, description="The model card", content_type="text/html")
@roles(*ROLES)
def get_card(pack: str) -> Response:
    """The model card of the release in use."""
    return Response(services().serving(pack).release.card, mimetype="text/html")


def _line(release: Release) -> dict[str, Any]:
    name = release.pack.name
    return {
        "pack": name,
        "title": release.pack.title,
        "purpose": release.pack.purpose,
        "release": release.digest,
        "links": {"self": f"/v1/packs/{name}", "decisions": f"/v1/packs/{name}/decisions", "card": f"/v1/packs/{name}/card"},
    }
