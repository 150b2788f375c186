"""A decision from the request to a cosigned checkpoint, through real processes: a server, a witness, a verifier."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from explainer.ledger.notes.checkpoint import open_note, read_key
from explainer.service.access import create_key
from explainer.service.wiring import open_services
from tests.browser import free_port
from tests.journeys.conftest import running
from tests.support import SHIPPED
from tests.test_cli import runner

REFUND = SHIPPED[0]


def call(server, key, path, body=None):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Idempotency-Key": "one"}
    asked = urllib.request.Request(server.address + path, body and json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def sealed(server, key, decision):
    try:
        return call(server, key, f"/v1/decisions/{decision}/proof")
    except urllib.error.HTTPError as error:
        if error.code != 409:
            raise
        return None


@pytest.mark.slow
def test_a_decision_is_sealed_cosigned_and_verified(home, tmp_path, settings, sampled):
    services = open_services(settings, lambda: datetime.now(UTC))
    key, log = create_key("journey", ("integrator", "auditor"), None, services), services.log_key.public
    services.close()
    port = free_port()
    with running(home, "ledger", "witness", str(tmp_path / "heads"), "--log", log.text, "--port", str(port), port=port) as witness:
        witness.wait_until(lambda: witness.answers("/healthz"), 30)
        said = witness.err.read_text().strip().removeprefix("EXPLAINER_WITNESS=")
        with running(home, "serve", witness=said) as server:
            server.wait_until(server.answers, 60)
            case = {"customer": "C-1", "case": "R-1", "locale": "en", "facts": sampled(REFUND, 1)[0]}
            decision = call(server, key, f"/v1/packs/{REFUND}/decisions", case)["id"]
            decided = time.monotonic()
            while not (proof := sealed(server, key, decision)):
                assert time.monotonic() - decided < 30
                time.sleep(0.05)
            theirs = read_key(said.partition("#")[2])
            while theirs not in open_note(proof["checkpoint"]["note"], [log, theirs])[1]:
                assert time.monotonic() - decided < 30
                proof = sealed(server, key, decision)
            assert server.end() == 0  # the sealer, a thread of it, does not hold it up
        verified = runner(home)("ledger", "verify", env={"EXPLAINER_WITNESS": said})
        assert (verified.exit_code, verified.stdout.splitlines()[-1]) == (0, "nothing is wrong"), verified.stdout
        assert len(base64.b64decode(proof["checkpoint"]["note"].splitlines()[-1].split()[2])) == 4 + 8 + 64
