"""Body: JSON as it came through the door, read strictly; nothing half-understood goes further."""

from __future__ import annotations

from typing import Any

from flask import request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from explainer.service.envelope import Unreadable, read_strictly
from explainer.web.problems import BadRequest


def read_json() -> Any:
    """The request's body as JSON.

    Raises:
        BadRequest: not JSON, a name twice in one object, NaN or Infinity.
        UnsupportedMediaType: it does not say that it is JSON.
    """
    if not request.is_json:
        raise UnsupportedMediaType("send application/json")
    data = request.get_data()  # also enforces the size limit
    try:
        return read_strictly(data)
    except Unreadable as error:
        raise BadRequest({"body": str(error)}, status=400) from error


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
