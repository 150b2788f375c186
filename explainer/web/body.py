"""Body: JSON as it came through the door, read strictly; nothing half-understood goes further."""

from __future__ import annotations

from typing import Any

from flask import request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from explainer.envelope import Unreadable, read_strictly
from explainer.web.problems import BadRequest


def read_json() -> Any:
    """The request's body as JSON.

    Raises:
        BadRequest: not JSON, or a name twice in one object, NaN or Infinity, with their places.
        UnsupportedMediaType: it does not say that it is JSON.
        RequestEntityTooLarge: more than the limit, whether announced or sent in pieces.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Content-Type must be application/json")
    data = _within_limit()
    try:
        return read_strictly(data)
    except Unreadable as error:
        raise BadRequest({place or "body": why for place, why in error.mistakes.items()}, status=400) from error


def _within_limit() -> bytes:
    """The whole body. One that comes in pieces has no announced length and is cut at the limit, so one byte more is asked for."""
    data = request.get_data()
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(data) >= limit and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return data


class StrictParser(FlaskParser):
    """webargs, reading bodies by `read_json`; a term of a query that no schema knows is a mistake."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012 -- each schema says for itself

    def load_json(self, req: Any, schema: Any) -> Any:
        """Read the body strictly; webargs then loads the schema."""
        del req, schema
        return read_json()

    def load_querystring(self, req: Any, schema: Any) -> Any:
        """Read the query; a term given twice is a mistake, not a choice."""
        twice = [name for name, values in req.args.lists() if len(values) > 1]
        if twice:
            raise BadRequest(dict.fromkeys(twice, "given twice"), status=400)
        return super().load_querystring(req, schema) if req.args else missing
