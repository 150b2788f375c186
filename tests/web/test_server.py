"""The server's own log: it says what happened to whom runs it, and nothing of what callers sent."""

from __future__ import annotations

import traceback

import pytest
from gunicorn.config import Config

from explainer.web.server import Discreet

SENT = "canary-4711"


@pytest.fixture
def log(tmp_path):
    chosen = Config()
    chosen.set("errorlog", str(tmp_path / "log"))
    chosen.set("loglevel", "warning")
    made = Discreet(chosen)
    yield made
    for one in [*made.error_log.handlers]:  # they are gunicorn's own for the whole process, and hold the file
        made.error_log.removeHandler(one)
        one.close()


@pytest.fixture
def said(tmp_path):
    return (tmp_path / "log").read_text


@pytest.mark.parametrize(
    ("message", "values", "line"),
    [
        ("Worker (pid:%s) was sent %s!", (4711, "SIGSEGV"), "Worker (pid:4711) was sent SIGSEGV!"),
        ("USR2 signal ignored. Child exists.", (), "USR2 signal ignored. Child exists."),
        ("No room from here: see %s", ("there",), "No room from here: see there"),
    ],
)
def test_what_concerns_the_operator_is_said_whole(log, said, message, values, line):
    log.warning(message, *values)
    assert said().rstrip().endswith(f"[WARNING] {line}")


def test_a_request_that_is_none_is_not_quoted(log, said):
    log.warning(f"Invalid request from ip=127.0.0.1: Invalid Header: '{SENT} 100 %s from: x'")
    assert said().rstrip().endswith("[WARNING] Invalid request")


def test_an_error_is_told_by_its_kind_and_the_way_to_it(log, said):
    try:
        fail()
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/letter/{SENT}")
        log.exception("Exception in worker process")
        log.warning("Exception during worker exit:\n%s", traceback.format_exc())
    for what in ("Error handling request: ", "Exception in worker process: ", "Exception during worker exit:\n"):
        assert f"{what}ValueError ['test_server.py:" in said()
    assert (said().count(" fail']"), SENT in said()) == (3, False)


def fail():
    raise ValueError(SENT)
