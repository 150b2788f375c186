"""A real server under real clients, which remember every answer they got, so that none can be taken back."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from explainer.service.access import create_key
from explainer.service.inspect import verifier
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.journeys.conftest import Process
from tests.support import MODELS, SHIPPED

REFUND = SHIPPED[0]
TAKEN = (200, 201)
REFUSED_SECONDS = 0.25  # until a client that was refused sends its next case


@dataclass
class Clients:
    """Who sends cases, each with a key of its own, and holds every acknowledgement."""

    key: str
    facts: list[dict[str, Any]]
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)  # Idempotency-Key → answer
    open: dict[str, dict[str, Any]] = field(default_factory=dict)  # Idempotency-Key → case without an answer
    refused: list[int] = field(default_factory=list)  # status of each answer that was none
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self) -> str:
        """A new case, and the key it goes by."""
        number = next(self._numbers)
        named = f"key-{number}"
        said = {"customer": f"C-{number % 7}", "case": f"R-{number}", "locale": "en", "facts": self.facts[number % len(self.facts)]}
        self.open[named] = said
        return named

    def send(self, server: Process, named: str) -> bool:
        """Send one case; whether it was acknowledged.  An answer that was given before must come again."""
        said = self.open.get(named) or self.acknowledged[named]["sent"]
        try:
            status, answer = self._post(server, named, said)
        except (OSError, http.client.HTTPException):
            return False
        if status not in TAKEN:
            self.refused.append(status)
            return False
        told = {"id": answer["id"], "outcome": answer["outcome"], "margin": answer["margin"], "sent": said}
        assert self.acknowledged.setdefault(named, told) == told
        self.open.pop(named, None)
        return True

    def _post(self, server: Process, named: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": named}
        try:
            connection.request("POST", f"/v1/packs/{REFUND}/decisions", json.dumps(said), headers)
            answered = connection.getresponse()
            return answered.status, json.loads(answered.read())
        finally:
            connection.close()

    def keep_sending(self, server: Process, stop: threading.Event, seed: int) -> None:
        """New cases until told to stop, more slowly while they are refused; one in ten is sent again, though it was answered."""
        chance = random.Random(seed)
        while not stop.is_set():
            named = self.fresh()
            if not self.send(server, named):
                stop.wait(REFUSED_SECONDS)
            elif chance.random() < 0.1:
                self.send(server, named)

    def send_again(self, server: Process) -> None:
        """Everything that had no answer, with its own key: each is decided once, whatever had happened."""
        for named in list(self.open):
            assert self.send(server, named), (named, self.refused[-3:])

    def nothing_is_lost(self, services: Services) -> None:
        """Every acknowledged decision is there as it was told, and the ledger verifies; without a server at work."""
        assert len({one["id"] for one in self.acknowledged.values()}) == len(self.acknowledged)
        for named, told in self.acknowledged.items():
            entry = services.ledger.entry(told["id"])
            decided = json.loads(entry.body or b"") if entry else {}
            assert decided, named
            assert (decided["case"], decided["decision"]["outcome"]) == (told["sent"]["case"], told["outcome"])
        while not services.sealer().seal().complete:
            pass
        assert verifier(services).verify().findings == []


def processes_of(server: Process) -> list[int]:
    """The server's own processes, the one that was started first."""
    first = server.popen.pid
    return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


@pytest.fixture
def clients(home: Path, sampled: Callable[[str, int], list[dict[str, Any]]]) -> Clients:
    with closing(reopened(home)) as services:
        return Clients(create_key("faults", ("integrator",), None, services), sampled(REFUND, 20))


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder whose files nobody has to wait for, where the machine has such a one: syncs are counted there, not needed."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


def reopened(home: Path, **settings: Any) -> Services:
    """The home as whoever comes afterwards finds it."""
    return open_services(Settings(home=home, models=MODELS, **settings), lambda: datetime.now(UTC))
