"""Health: is the process alive, and could it decide and remember a case now?"""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from explainer.errors import Unavailable
from explainer.web.auth import EVERYBODY, roles, services

blueprint = Blueprint("health", __name__, description="For load balancers")


@blueprint.route("/healthz")
@blueprint.doc(security=[])
@blueprint.response(200)
@roles(EVERYBODY)
def healthz() -> dict[str, str]:
    """Alive."""
    return {"status": "ok"}


@blueprint.route("/readyz")
@blueprint.doc(security=[])
@blueprint.response(200)
@roles(EVERYBODY)
def readyz() -> dict[str, Any]:
    """Ready: the ledger takes entries and every active release opens."""
    services().ledger.check()
    ready = [services().serving(name).release.pack.name for name in services().packs()]
    if not ready:
        raise Unavailable("no release is active; run: explainer release PACK")
    return {"status": "ready", "packs": ready}
