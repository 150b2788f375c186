"""Problems: the one place that turns our errors into HTTP (RFC 9457), and the only one that knows status codes.

A problem names every mistaken field and never repeats a value somebody sent.  Somebody
with a browser gets a page instead, in their language and in plain words.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask_smorest import Api
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from explainer import errors
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.service.wiring import Services
from explainer.views.showing import page, show_contact

PROBLEM = "application/problem+json"

STATUS: dict[type[errors.ExplainerError], int] = {
    errors.BadInput: 422,
    errors.BadQuery: 400,
    errors.NotFound: 404,
    errors.IdempotencyConflict: 422,
    errors.Erased: 410,
    errors.AccessDenied: 403,
    errors.TooManyTries: 429,
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
    415: "Another Content-Type is needed",
    422: "The request has mistakes",
    429: "Try again in an hour",
    500: "Our mistake",
    503: "Try again later",
}

# Werkzeug's refusals under the names that our own errors have, so that one kind has one type.
CODES = {
    401: "unauthenticated",
    403: "access-denied",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
}


# Type of a problem, or its status → the shared words of the page that says it.
PAGES = {
    errors.LinkExpired.code: "door-expired",
    errors.LinkRevoked.code: "door-revoked",
    errors.LinkClosed.code: "door-shut",
    errors.TooManyTries.code: "door-closed",
    errors.TokenSpent.code: "door-again",
    "401": "door-none",
    "403": "door-wrong",
    "404": "door-nothing",
    "405": "door-nothing",
    "410": "door-erased",
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
        status = error.code or 500
        code = BadRequest.code if status in {400, 422} else CODES.get(status, f"http-{status}")
        return problem(status, code, _said_by(error), data.get("messages"))


def register_problems(app: Flask) -> None:
    """Let every error leave the house as a problem."""
    app.register_error_handler(errors.ExplainerError, _ours)
    app.register_error_handler(ValidationError, lambda error: problem(422, "bad-request", None, error.messages))
    app.register_error_handler(SQLAlchemyError, _store)
    app.register_error_handler(Exception, _foreign)


def problem(
    status: int, code: str, detail: str | None = None, mistakes: Mapping[str, Any] | None = None, *, wait: int = 1
) -> Response:
    """A problem as a response: JSON, or a page for somebody with a browser.

    Args:
        wait: seconds after which the same can be asked again, where it can.
    """
    response = _response(status, code, detail, mistakes)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in {429, 503}:
        response.headers["Retry-After"] = str(wait)
    return response


def _response(status: int, code: str, detail: str | None, mistakes: Mapping[str, Any] | None) -> Response:
    title = TITLES.get(status, "Problem")
    if request.path.startswith(("/panel/", "/letter/", "/embed/")) or (status in {404, 405} and _is_browser()):
        return _page(status, code, title)
    body: dict[str, Any] = {"type": f"urn:explainer:{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if mistakes:
        body["errors"] = [{"field": field, "message": message} for field, message in _flat(mistakes)]
    return Response(json.dumps(body), status, mimetype=PROBLEM)


def _is_browser() -> bool:
    """Whether somebody looks for a page rather than a program for an answer."""
    wanted = request.accept_mimetypes.best_match([PROBLEM, "text/html"])
    return wanted == "text/html" and not request.path.startswith("/v1/")


def _ours(error: errors.ExplainerError) -> Response:
    status = _status(error)
    if status >= 500:
        _log("refused", code=error.code, error=error.inside if isinstance(error, errors.IssuerSilent) else str(error))
    mistakes = _mistakes(error)
    if mistakes:
        return problem(status, BadRequest.code, None, mistakes)
    hidden = status == 500  # what is wrong inside is for the log
    said = "something here is not as it should be; the operator has been told" if hidden else str(error)
    return problem(status, error.code, said, wait=error.seconds if isinstance(error, errors.TooManyTries) else 1)


def _mistakes(error: errors.ExplainerError) -> Mapping[str, Any]:
    """The mistaken fields that an error names, if it names any."""
    if isinstance(error, errors.BadFacts):
        return {"facts": error.mistakes}
    if isinstance(error, BadRequest | errors.BadCase):
        return error.mistakes
    fields: dict[type[errors.ExplainerError], str] = {errors.UnknownLanguage: "lang", errors.UnknownOrigin: "origin"}
    return {fields[type(error)]: str(error)} if type(error) in fields else {}


def _page(status: int, code: str, title: str) -> Response:
    """A refusal for a customer or agent with a browser; plain English when not even the words can be had."""
    key = PAGES.get(code) or PAGES.get(f"{status}") or "door-trouble"
    try:
        phrases, reach = speaking(), show_contact(_words().organisation, speaking())
        key = key if phrases.knows(key) else PAGES.get(f"{status}", "door-trouble")  # a release made before
        said = {"language": phrases.locale, "title": phrases.say(key), "text": phrases.say(f"{key}.text"), "contact": reach}
    except (errors.ExplainerError, SQLAlchemyError):
        said = {"language": "en", "title": title, "text": "", "contact": ""}
    return Response(page("message.html", **said), status, mimetype="text/html")


def speaking() -> Phrases:
    """The shared words, in the language asked for in the address, or by the browser, or the organisation's own.

    Raises:
        UnknownPack: no release is active, so there are no words at all.
    """
    words = _words()
    return words.vocabulary.speak(_language(words))


def _words() -> Release:
    """A release in use: all of them hold the shared words of these pages."""
    services: Services = current_app.extensions["explainer"]
    for name in services.packs():
        return services.serving(name).release
    raise errors.UnknownPack("no release is active")


def _language(words: Release) -> str:
    """The language asked for in the address, or by the browser, or the organisation's own."""
    spoken = words.vocabulary.languages
    wanted = request.args.get("lang", "")
    accepted = request.accept_languages.best_match(spoken, words.organisation.default_language)
    return next((one for one in (wanted, wanted.split("-")[0]) if one in spoken), accepted or spoken[0])


def _status(error: errors.ExplainerError) -> int:
    if isinstance(error, Unauthenticated):
        return 401
    if isinstance(error, BadRequest):
        return error.status
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _store(error: SQLAlchemyError) -> Response:
    _log("database", kind=type(error).__name__)
    return problem(503, "unavailable", "the database did not answer; retry with the same Idempotency-Key")


def _foreign(error: Exception) -> Response:
    _log("unexpected", kind=type(error).__name__, where=steps(error))
    return problem(500, "unexpected", "something here is not as it should be; the operator has been told")


def _log(event: str, **said: object) -> None:
    import structlog  # a tenth of a second, which a server's start does not need

    structlog.get_logger().error(event, **said)


def steps(error: BaseException) -> list[str]:
    """The way to an error, without its message or any value: those may hold a customer's facts."""
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]


def _said_by(error: HTTPException) -> str | None:
    """What is wrong, in our words, which hold nothing the caller sent."""
    if error.code == 413:
        return f"the body may hold at most {current_app.config['MAX_CONTENT_LENGTH']} bytes"
    if error.code == 415:
        return error.description  # of what reads that body: which type it takes
    return {404: "nothing has this address", 405: "this address does not take this method"}.get(error.code or 500)


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
