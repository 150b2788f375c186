"""Problems: the one place that turns our errors into HTTP (RFC 9457), and the only one that knows status codes.

A problem names every mistaken field and never repeats a value somebody sent.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, request
from flask_smorest import Api
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from explainer import errors
from explainer.views.showing import page

log = structlog.get_logger()
PROBLEM = "application/problem+json"

STATUS: dict[type[errors.ExplainerError], int] = {
    errors.BadInput: 422,
    errors.BadQuery: 400,
    errors.NotFound: 404,
    errors.IdempotencyConflict: 422,
    errors.Erased: 410,
    errors.AccessDenied: 403,
    errors.Refused: 409,
    errors.Unavailable: 503,
    errors.Damaged: 500,
    errors.Contradiction: 500,
}

TITLES = {
    400: "The request cannot be read",
    401: "Say who you are",
    403: "Not allowed",
    404: "Not found",
    405: "Not this way",
    409: "Refused",
    410: "Erased",
    413: "Too large",
    415: "Send JSON",
    422: "The request has mistakes",
    500: "Our mistake",
    503: "Try again later",
}


class MistakeSchema(Schema):
    """One mistaken field."""

    field = fields.String(metadata={"description": "where, as a dotted path"})
    message = fields.String(metadata={"description": "what to mend"})


class ProblemSchema(Schema):
    """A problem as RFC 9457 describes it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(MistakeSchema))


class Unauthenticated(errors.Refused):
    """No API key came with the request."""

    code = "unauthenticated"


class BadRequest(errors.BadInput):
    """A request that is not what the door takes: every mistake by field."""

    code = "bad-request"

    def __init__(self, mistakes: Mapping[str, Any], status: int = 422) -> None:
        self.mistakes, self.status = mistakes, status
        super().__init__("the request has mistakes")


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest's API, with our problems as its documented errors."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Document errors, the only responses registered here, in the media type in which they come."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE  # the class says JSON, for all others

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Werkzeug's own refusals, as problems."""
        data = getattr(error, "data", None) or {}
        return problem(error.code or 500, f"http-{error.code}", _said_by(error), data.get("messages"))


def register_problems(app: Flask) -> None:
    """Let every error leave the house as a problem."""
    app.register_error_handler(errors.ExplainerError, _ours)
    app.register_error_handler(ValidationError, lambda error: problem(422, "bad-request", None, error.messages))
    app.register_error_handler(SQLAlchemyError, _store)
    app.register_error_handler(Exception, _foreign)


def problem(status: int, code: str, detail: str | None = None, mistakes: Mapping[str, Any] | None = None) -> Response:
    """A problem as a response: JSON, or a page for somebody with a browser."""
    title = TITLES.get(status, "Problem")
    if request.path.startswith(("/panel/", "/letter/")):
        return Response(page("message.html", title=title, text=detail or ""), status, mimetype="text/html")
    body: dict[str, Any] = {"type": f"urn:explainer:{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if mistakes:
        body["errors"] = [{"field": field, "message": message} for field, message in _flat(mistakes)]
    response = Response(json.dumps(body), status, mimetype=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def _ours(error: errors.ExplainerError) -> Response:
    status = _status(error)
    if status >= 500:
        log.error("refused", code=error.code, error=str(error))
    if isinstance(error, errors.BadFacts):
        return problem(status, error.code, "some facts have mistakes", {"facts": error.mistakes})
    if isinstance(error, BadRequest):
        return problem(status, error.code, None, error.mistakes)
    if isinstance(error, errors.UnknownLanguage):
        return problem(status, error.code, None, {"lang": str(error)})
    hidden = status == 500  # what is wrong inside is for the log
    return problem(
        status, error.code, "something here is not as it should be; the operator has been told" if hidden else str(error)
    )


def _status(error: errors.ExplainerError) -> int:
    if isinstance(error, Unauthenticated):
        return 401
    if isinstance(error, BadRequest):
        return error.status
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _store(error: SQLAlchemyError) -> Response:
    log.error("database", kind=type(error).__name__)
    return problem(503, "unavailable", "the database did not answer; retry with the same Idempotency-Key")


def _foreign(error: Exception) -> Response:
    log.error("unexpected", kind=type(error).__name__, where=_steps(error))
    return problem(500, "unexpected", "something here is not as it should be; the operator has been told")


def _steps(error: BaseException) -> list[str]:
    """The way to an error, without its message or any value: those may hold a customer's facts."""
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]


def _said_by(error: HTTPException) -> str | None:
    """Werkzeug's sentence where it cannot hold anything the caller sent."""
    return error.description if error.code in {404, 405, 413, 415} else None


def _flat(mistakes: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(mistakes, Mapping):
        for name, inner in mistakes.items():
            below = path if name in {"_schema", "json", "query"} else f"{path}.{name}".lstrip(".")
            yield from _flat(inner, below)
    elif isinstance(mistakes, list | tuple):
        for inner in mistakes:
            yield from _flat(inner, path)
    else:
        yield path or "body", str(mistakes)
