"""The ledger over HTTP: its newest checkpoint, and proofs that nothing was changed, removed or put in between."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from explainer.ledger.tree.proving import Signed
from explainer.service import inspect
from explainer.service.access import ROLES
from explainer.web.auth import roles, services
from explainer.web.body import StrictParser
from explainer.web.schemas import CheckpointSchema, ConsistencyAskedSchema, ConsistencySchema, ProofSchema

blueprint = Blueprint("ledger", __name__, url_prefix="/v1", description="Proofs about what was recorded")
blueprint.ARGUMENTS_PARSER = StrictParser()


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
