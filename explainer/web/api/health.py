"""Health: is the process alive, and could it decide and remember a case now?"""

from __future__ import annotations

import threading
import time
from typing import Any

from flask import current_app
from flask.blueprints import BlueprintSetupState
from flask_smorest import Blueprint

from explainer.errors import ExplainerError, Unavailable
from explainer.ledger.tree.worker import Promptness
from explainer.service.wiring import Services
from explainer.web.auth import EVERYBODY, roles

blueprint = Blueprint("health", __name__, description="For load balancers")
READY_SECONDS = 1.0  # anybody may ask, so however many ask, the database is asked once in this time
INDEX_SECONDS = 60.0  # the index is counted, which takes longer, once in this time


class Readiness:
    """Whether this process could decide and remember a case now, looked at again after a while."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._promptness = Promptness(services.engine)
        self._lock = threading.Lock()
        self._look_again = self._count_again = 0.0  # time.monotonic
        self._packs: list[str] = []
        self._refusal: ExplainerError | None = None

    def packs(self) -> list[str]:
        """The packs that could be decided now.

        Raises:
            ExplainerError: why none could; the same until it is looked at again.
        """
        with self._lock:
            if time.monotonic() >= self._look_again:
                try:
                    self._packs, self._refusal = self._look(), None
                except ExplainerError as error:
                    self._refusal = error
                self._look_again = time.monotonic() + READY_SECONDS
            if self._refusal:
                raise self._refusal.with_traceback(None)
            return self._packs

    def _look(self) -> list[str]:
        self._services.ledger.check()
        self._services.vault.check()
        self._promptness.check()
        if time.monotonic() >= self._count_again:
            self._services.ledger.check_index()
            self._count_again = time.monotonic() + INDEX_SECONDS
        packs = [self._services.serving(name).release.pack.name for name in self._services.packs()]
        if not packs:
            raise Unavailable("no release is active; run: explainer release PACK")
        return packs


@blueprint.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["readiness"] = Readiness(state.app.extensions["explainer"])


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
    """Ready: the ledger takes entries and seals them in time, its index is whole, and every active release opens."""
    return {"status": "ready", "packs": current_app.extensions["readiness"].packs()}
