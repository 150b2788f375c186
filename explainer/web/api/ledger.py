"""The ledger over HTTP: its newest checkpoint, and proofs that nothing was changed, removed or put in between."""

from __future__ import annotations

import time
from typing import Any

from flask import Response, current_app, g
from flask.blueprints import BlueprintSetupState
from flask_smorest import Blueprint

from explainer.errors import ExplainerError
from explainer.ledger.tree.proving import Signed
from explainer.service import inspect
from explainer.service.access import ROLES
from explainer.service.wiring import Services
from explainer.web.auth import roles, services
from explainer.web.body import StrictParser
from explainer.web.schemas import CheckpointSchema, ConsistencyAskedSchema, ConsistencySchema, ProofSchema

blueprint = Blueprint("ledger", __name__, url_prefix="/v1", description="Proofs about what was recorded")
blueprint.ARGUMENTS_PARSER = StrictParser()
HEAD = "Ledger-Head"
HEAD_SECONDS = 1.0  # however many ask, the database is asked once in this time


class Head:
    """The newest head in short, for every answer: whoever keeps answers can hold it against a rewritten history, like a witness."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known, self._look_again = "", 0.0  # time.monotonic

    def newest(self) -> str:
        """Size and root, as on letters; empty: nothing is sealed, or nobody can tell now, and answers go out all the same."""
        if time.monotonic() >= self._look_again:
            self._look_again = time.monotonic() + HEAD_SECONDS
            try:
                self._known = self._services.proofs().newest().checkpoint.short
            except ExplainerError:
                self._known = ""
        return self._known


@blueprint.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["head"] = Head(state.app.extensions["explainer"])


@blueprint.after_app_request
def hand_out_head(response: Response) -> Response:
    """Every answer to somebody with a key carries the newest head."""
    if hasattr(g, "caller") and (head := current_app.extensions["head"].newest()):
        response.headers[HEAD] = head
    return response


@blueprint.route("/ledger/checkpoint")
@blueprint.response(200, CheckpointSchema)
@roles(*ROLES)
def get_checkpoint() -> dict[str, Any]:
    """The newest checkpoint: keep it, and ask later for the proof that the ledger only went on from it."""
    return _checkpoint(services().proofs().newest())


@blueprint.route("/ledger/consistency")
@blueprint.arguments(ConsistencyAskedSchema, location="query")
@blueprint.response(200, ConsistencySchema)
@roles(*ROLES)
def get_consistency(query: dict[str, Any]) -> dict[str, Any]:
    """The proof that a tree which somebody remembers is the beginning of a later one (RFC 9162, section 2.1.4)."""
    tree, proof = services().proofs().consistency(query["start"], query.get("stop"))
    return {"start": query["start"], "stop": tree.size, "root": tree.root.hex(), "proof": [one.hex() for one in proof]}


@blueprint.route("/decisions/<decision_id>/proof")
@blueprint.response(200, ProofSchema)
@roles("integrator", "supervisor", "auditor", "operator", "privacy_officer")
def get_proof(decision_id: str) -> dict[str, Any]:
    """The proof that a decision stands in the sealed tree (RFC 9162, section 2.1.3); also after its customer was erased."""
    found = inspect.prove(decision_id, services())
    return {
        "id": decision_id,
        "leaf": found.leaf.decode(),
        "number": found.number,
        "proof": [one.hex() for one in found.proof],
        "checkpoint": _checkpoint(found.signed),
    }


def _checkpoint(signed: Signed) -> dict[str, Any]:
    one, key = signed.checkpoint, services().log_keys.whose(signed.note).text
    said = {"origin": one.origin, "size": one.size, "root": one.root.hex(), "short": one.short, "note": signed.note, "key": key}
    return said | {"handovers": services().proofs().handovers()}
