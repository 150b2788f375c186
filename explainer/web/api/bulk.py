"""Many decisions over HTTP: cases come and answers go as lines of JSON, a batch at a time, never all in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import orjson
from flask import Response, request, stream_with_context
from flask_smorest import Blueprint
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from explainer.errors import ExplainerError
from explainer.lines import lines_of
from explainer.packs.release import Release
from explainer.service.bulk import Given, Rejected, as_line, decide_all, read_line
from explainer.web.auth import roles, services
from explainer.web.body import StrictParser
from explainer.web.schemas import BulkSchema

NDJSON = "application/x-ndjson"
TOGETHER = 100  # cases of one transaction; their answers go out once it is durable

blueprint = Blueprint("bulk", __name__, url_prefix="/v1", description="Decide many cases in one request")
blueprint.ARGUMENTS_PARSER = StrictParser()
_LINES = {NDJSON: {"schema": {"type": "string"}}}


@blueprint.route("/packs/<pack>/decisions/bulk", methods=["POST"])
@blueprint.arguments(BulkSchema, location="query")
@blueprint.response(200, description="One line for each case, in order", content_type=NDJSON)
@blueprint.doc(requestBody={"required": True, "content": _LINES}, responses={"200": {"content": _LINES}})
@roles("integrator")
def post_bulk(query: dict[str, Any], pack: str) -> Response:
    """Decide, explain and remember many cases.

    Each line is a case as for a single decision; its answer comes in the same order, once it is durable.  A case that
    cannot be decided is answered with its mistakes; blank lines are counted and passed over.  Sent again in bulk, a case
    of the same customer and number is not decided twice.  Read answers while you send: the connection holds only a batch of them.
    """
    if request.mimetype != NDJSON:
        raise UnsupportedMediaType(f"Content-Type must be {NDJSON}: one case a line, each a JSON object")
    release = services().serving(pack).release
    release.vocabulary.speak(query["lang"])
    limit = request.max_content_length or 0
    _be_patient(services().settings.silence_seconds)
    request.max_content_length = sys.maxsize  # the limit is one line's, not the stream's
    cases = _cases(request.stream, query["lang"], limit)
    return Response(stream_with_context(_answers(cases, pack, release, query["lang"])), mimetype=NDJSON)


def _be_patient(seconds: int) -> None:
    """Wait for the client this long and not for ever: each stream holds one of the server's threads."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(seconds)


def _cases(stream: IO[bytes], locale: str, limit: int) -> Iterator[Given | Rejected]:
    """The cases of a stream, until it ends or falls silent; a line beyond the limit is read to its end and refused."""
    row, patience = 0, services().settings.silence_seconds
    try:
        for row, line in enumerate(lines_of(stream, limit, b"\n"), 1):
            if line is None:
                yield Rejected(row, {"line": f"must have at most {limit} bytes"})
            elif line.strip():
                yield read_line(row, line, locale)
    except (TimeoutError, ClientDisconnected):
        yield Rejected(row + 1, {"line": f"did not come within {patience} seconds; the stream ends here"})


def _answers(cases: Iterator[Given | Rejected], pack: str, release: Release, language: str) -> Iterator[bytes]:
    while batch := list(islice(cases, TOGETHER)):
        try:
            decided = iter(decide_all([one for one in batch if isinstance(one, Given)], pack, services()))
        except ExplainerError as error:  # the status line is long gone: the last line says why there are no more
            yield orjson.dumps({"error": error.code, "detail": str(error)}) + b"\n"
            return
        for one in batch:
            yield orjson.dumps(as_line(one if isinstance(one, Rejected) else next(decided), release, language)) + b"\n"
