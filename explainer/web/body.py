"""Body: JSON as it came through the door, read strictly; nothing half-understood goes further."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from flask import request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from explainer.web.problems import BadRequest


def read_json() -> Any:
    """The request's body as JSON.

    Raises:
        BadRequest: not JSON, or a name twice in one object, NaN or Infinity, with their places.
        UnsupportedMediaType: it does not say that it is JSON.
        RequestEntityTooLarge: more than the limit, whether announced or sent in pieces.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    data = _within_limit()
    try:
        said = json.loads(data, object_pairs_hook=_Object, parse_constant=_Constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest({"body": "must be JSON"}, status=400) from error
    mistakes = _misread(said)
    if mistakes:
        raise BadRequest(mistakes, status=400)
    return said


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


class _Object(dict[str, Any]):
    """An object that remembers which of its names stood twice: other readers would choose otherwise."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs) if len(self) < len(pairs) else {}
        self.twice = [name for name, count in times.items() if count > 1]


class _Constant(float):
    """NaN or Infinity, which JSON does not know."""


def _misread(said: Any) -> dict[str, str]:
    """Place → why, for whatever different readers of JSON would read in different ways."""
    mistakes: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [("", said)]
    while waiting:  # no recursion: a body may be nested as deep as it likes
        path, value = waiting.pop()
        if isinstance(value, _Object):
            mistakes |= {f"{path}.{name}".lstrip("."): "stands twice in one object" for name in value.twice}
            waiting += [(f"{path}.{name}".lstrip("."), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}.{index}".lstrip("."), inner) for index, inner in enumerate(value)]
        elif isinstance(value, _Constant):
            mistakes[path or "body"] = "must be a number; NaN and Infinity are not JSON"
    return mistakes
