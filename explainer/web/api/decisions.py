"""Decisions over HTTP: decide one case, fetch one, search many, and tokens for their panels."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response, request, url_for
from flask_smorest import Blueprint
from marshmallow import ValidationError

from explainer.errors import ReleaseMissing, ReleaseTampered
from explainer.ledger.store import Receipt
from explainer.record import DecisionRecord
from explainer.service import access, inspect
from explainer.service.auditing.replaying import Asked, replay_some
from explainer.service.bulk import ENVELOPE
from explainer.service.decide import Case, decide, misnamed, mistakes_of
from explainer.service.doors import links
from explainer.service.doors.revoking import VIEWS, Revoked, revoke_links
from explainer.views.disclosure import reply
from explainer.web.auth import caller, reader, roles, services
from explainer.web.body import StrictParser, read_json
from explainer.web.problems import BadRequest
from explainer.web.schemas import (
    EXAMPLE_CASE,
    EXAMPLE_PACK,
    CaseSchema,
    DecisionSchema,
    PageSchema,
    PanelTokenSchema,
    PanelTokenShownSchema,
    ReplaySchema,
    RevocationSchema,
    RevokedSchema,
    SearchSchema,
)

blueprint = Blueprint("decisions", __name__, url_prefix="/v1", description="Decide cases, and find what was decided")
blueprint.ARGUMENTS_PARSER = StrictParser()
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,254}\Z")
READERS = ("integrator", "agent", "supervisor", "auditor")

_case = CaseSchema()


@blueprint.route(
    "/packs/<pack>/decisions",
    methods=["POST"],
    parameters=[{"name": "pack", "in": "path", "schema": {"type": "string"}, "example": EXAMPLE_PACK}],
)
@blueprint.doc(
    requestBody={"required": True, "content": {"application/json": {"schema": CaseSchema, "example": EXAMPLE_CASE}}},
    parameters=[
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            "example": "order-4711/1",
            "description": "names this request for ever; sent again with the same body, the stored answer returns",
        }
    ],
)
@blueprint.response(201, DecisionSchema)
@roles("integrator")
def post_decision(pack: str) -> Response:
    """Decide one case, explain it and remember it."""
    body = _read_case(pack, read_json())
    answer = decide(Case(pack, **body), _idempotency_key(), services())
    revoked: Revoked | None = None if answer.replayed else {}  # of a decision that nobody was told of, no link is out
    response = _json(_reply(answer.record, body["locale"], answer.receipt, revoked), 201)
    response.headers["Location"] = url_for("decisions.get_decision", decision_id=answer.record.id)
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@blueprint.route("/decisions/<decision_id>")
@blueprint.response(200, DecisionSchema)
@roles(*READERS)
def get_decision(decision_id: str) -> Response:
    """One decision, as it was told; who reads it is remembered, once a day."""
    found = inspect.find(decision_id, services())
    if to := reader(inspect.API, caller().name):
        inspect.remember_reader(found, to, services())
    return _json(_reply(found.record, found.record.locale, found.receipt), 200)


@blueprint.route("/decisions")
@blueprint.arguments(SearchSchema, location="query")
@blueprint.response(200, PageSchema)
@roles(*READERS)
def search_decisions(query: dict[str, Any]) -> Response:
    """Search decisions, newest first."""
    found, following = inspect.search(services(), after=query.pop("cursor", None), **query)
    revoked = links.count_ended((one.id for one in found), services())
    lines = [
        {
            "id": one.id,
            "decided_at": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "pack": one.pack,
            "outcome": one.outcome,
            "decisive": one.decisive,
            "release": one.release,
            "links": _links(one.id, one.release or "", revoked),
        }
        for one in found
    ]
    return _json({"decisions": lines, "next": following}, 200)


@blueprint.route("/decisions/<decision_id>/panel-tokens", methods=["POST"])
@blueprint.arguments(PanelTokenSchema)
@blueprint.response(201, PanelTokenShownSchema)
@roles(*READERS)
def post_panel_token(body: dict[str, Any], decision_id: str) -> dict[str, Any]:
    """Let a desktop show this decision's why panel, once and at once: a token for its page."""
    found = inspect.find(decision_id, services())
    token, until = access.issue_panel_token(found.record.id, body["origin"], services())
    return {"token": token, "expires_at": until}


@blueprint.route("/decisions/<decision_id>/links/revocations", methods=["POST"])
@blueprint.arguments(RevocationSchema)
@blueprint.response(201, RevokedSchema)
@roles("supervisor", "privacy_officer")
def post_revocation(body: dict[str, Any], decision_id: str) -> dict[str, Any]:
    """Take back every link to this decision's panel, letter or both that was signed until now, and close what one has opened."""
    found, views = inspect.find(decision_id, services()), VIEWS if body["view"] == "all" else (body["view"],)
    revoke_links(found.record, found.release, caller().name, services(), views=views)
    return {"id": decision_id, "views": views}


@blueprint.route("/decisions/<decision_id>/replays", methods=["POST"])
@blueprint.response(201, ReplaySchema)
@roles("auditor", "supervisor")
def post_replay(decision_id: str) -> dict[str, Any]:
    """Decide a case again from its stored bytes, compare everything with what was recorded, and remember how it ended."""
    result = replay_some(Asked(caller().name, (decision_id,), full=True), services())
    why = {one._replace(why=""): one.why for _, one in result.unequal}
    findings = [{**one._asdict(), "why": why.get(one, "")} for one in sorted(result.counts)]
    return {"id": decision_id, "same": not result.differs, "findings": findings}


def _read_case(pack: str, raw: Any) -> dict[str, Any]:
    """The body of a case; when it has mistakes, those of its facts are named with them."""
    release = services().serving(pack).release
    body: dict[str, Any] = {}
    mistakes: dict[str, Any] = {}
    try:
        body = _case.load(raw)
    except ValidationError as error:
        mistakes = dict(error.normalized_messages())  # type: ignore[no-untyped-call]
    said = raw if isinstance(raw, dict) else {}
    names = {name: value for name in ENVELOPE if isinstance(value := body.get(name, said.get(name)), str)}
    if mistakes or misnamed(names, release):
        facts = said.get("facts")
        found = mistakes_of(names, facts, release) if isinstance(facts, dict) else misnamed(names, release)
        raise BadRequest(found | mistakes)
    return body


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not IDEMPOTENCY_KEY.match(key):
        raise BadRequest({"Idempotency-Key": "must be sent as a header of 1 to 255 printable ASCII characters"}, status=400)
    return key


def _reply(record: DecisionRecord, locale: str, receipt: Receipt, revoked: Revoked | None = None) -> dict[str, Any]:
    told = reply(record, locale, caller().roles, _links(record.id, record.release, revoked))
    return {**told, "receipt": inspect.signed_receipt(receipt, services())}


def _links(decision_id: str, digest: str, revoked: Revoked | None) -> dict[str, str]:
    """A decision's addresses; its views only where the release that made it is at hand to write them."""
    base = services().settings.base_url.rstrip("/") or request.host_url.rstrip("/")
    try:
        return links.links_to(decision_id, services().registry.open(digest), base, services(), revoked=revoked)
    except (ReleaseMissing, ReleaseTampered):
        return {"self": f"{base}/v1/decisions/{decision_id}"}


def _json(body: Any, status: int) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")
