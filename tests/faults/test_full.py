"""A file that cannot grow: what cannot be kept is refused and never told, and when there is room again the same server goes on."""

from __future__ import annotations

import resource
import time
from contextlib import closing

import pytest

from tests.faults.conftest import processes_of, reopened
from tests.journeys.conftest import running

LITTLE = 96 * 1024  # bytes by which the ledger's file may still grow: room for a few cases
ENDLESS = resource.RLIM_INFINITY


def limit_files(server, size):
    for process in processes_of(server):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, ENDLESS))


@pytest.mark.slow
def test_a_full_disk_refuses_and_with_room_again_the_same_server_goes_on(home, clients):
    with running(home, "serve") as server:
        server.wait_until(server.answers, 60)
        assert clients.send(server, clients.fresh())
        limit_files(server, (home / "ledger.sqlite3").stat().st_size + LITTLE)
        until = time.monotonic() + 60
        while not clients.refused:
            assert time.monotonic() < until
            clients.send(server, clients.fresh())
        kept = len(clients.acknowledged)
        for named in list(clients.acknowledged):
            assert clients.send(server, named)  # what it has it still tells
        assert not any(clients.send(server, clients.fresh()) for _ in range(3))
        assert set(clients.refused) == {503}
        assert server.answers("/healthz")

        limit_files(server, ENDLESS)
        clients.send_again(server)
        assert len(clients.acknowledged) >= kept + 4
    with closing(reopened(home)) as services:
        clients.nothing_is_lost(services)
