"""Letters over HTTP: in the form that was asked for, and remembered before they are sent."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from explainer.service import inspect
from explainer.service.inspect import API, Recipient, Wanted
from explainer.web.auth import caller, reader, roles, services
from explainer.web.body import StrictParser
from explainer.web.schemas import LetterSchema

blueprint = Blueprint("letters", __name__, url_prefix="/v1", description="What customers are told")
blueprint.ARGUMENTS_PARSER = StrictParser()
MEDIA_TYPES = {"html": "text/html", "text": "text/plain", "pdf": "application/pdf"}


@blueprint.route("/decisions/<decision_id>/letter")
@blueprint.arguments(LetterSchema, location="query")
@blueprint.response(200, description="The letter", content_type="text/html")
@blueprint.doc(responses={"200": {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}})
@roles("integrator", "agent", "supervisor", "auditor")
def get_letter(query: dict[str, Any], decision_id: str) -> Response:
    """The customer's letter, as HTML, plain text or PDF."""
    found = inspect.find(decision_id, services())
    wanted = Wanted(query.get("format") or _preferred(), query.get("lang", found.record.locale))
    return letter_response(found, wanted, reader(API, caller().name))


def letter_response(found: inspect.Remembered, wanted: Wanted, to: Recipient | None) -> Response:
    """A letter on its way to a reader; a PDF comes as a file whose name tells nothing about the case."""
    response = Response(inspect.send_letter(found, wanted, to, services()), mimetype=MEDIA_TYPES[wanted.form])
    if wanted.form == "pdf":
        response.headers["Content-Disposition"] = f"attachment; filename=letter-{found.record.id}.pdf"
    return response


def _preferred() -> str:
    """The form that the Accept header likes best."""
    kind = request.accept_mimetypes.best_match(list(MEDIA_TYPES.values()), MEDIA_TYPES["html"])
    return next(form for form, one in MEDIA_TYPES.items() if one == kind)
