"""A bulk stream that falls silent: the server gives what was decided so far and takes its thread back."""

from __future__ import annotations

import json
import shutil
import socket
import time

import pytest

from explainer.service.access import create_key
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.journeys.conftest import running
from tests.support import MODELS

pytestmark = pytest.mark.slow

REFUND = "refund_approval"
PATIENCE = 2  # seconds


@pytest.fixture
def house(tmp_path, trained_home):
    """A home with releases, and a key to it."""
    home = tmp_path / "home"
    shutil.copytree(trained_home, home)
    services = open_services(Settings(home=home, models=MODELS))
    key = create_key("test", ("integrator",), None, services)
    services.close()
    return home, key


def test_a_client_that_sends_nothing_more_is_let_go_with_what_was_decided(house, sampled):
    home, key = house
    with running(home, "serve", silence_seconds=PATIENCE, threads=1) as server:
        server.wait_until(server.answers, 30)
        lines = [
            json.dumps({"customer": f"C-{at}", "case": f"R-{at}", "facts": facts}) for at, facts in enumerate(sampled(REFUND, 12))
        ]
        body = "\n".join(lines).encode() + b'\n{"customer": "C-9", "ca'
        head = (
            f"POST /v1/packs/{REFUND}/decisions/bulk?lang=en HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            client.sendall(head.encode() + f"{len(body):x}\r\n".encode() + body + b"\r\n")
            began, received = time.monotonic(), b""
            while b'"mistakes"' not in received and (some := client.recv(65536)):
                received += some
            assert time.monotonic() - began > PATIENCE / 2
            said = [json.loads(line) for line in received.decode().splitlines() if line.startswith("{")]
            *decided, last = said
            assert [one["row"] for one in said] == list(range(1, len(said) + 1))
            assert len(decided) >= 8  # the server reads by the kilobyte: the last ones may not have reached us
            assert all(one["id"] for one in decided)
            assert last["mistakes"] == {"line": f"did not come within {PATIENCE} seconds; the stream ends here"}
            assert server.answers()  # the only thread is free again, though the client still holds its end
