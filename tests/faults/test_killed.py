"""SIGKILL in the middle of writing: what was acknowledged is there, and what was not is decided once when it is sent again."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import closing

import pytest

from tests.faults.conftest import processes_of, reopened
from tests.journeys.conftest import running

CLIENTS = 6


def kill_while_writing(home, clients, after):
    """One round: a server starts, takes what had no answer, is sent cases by all at once, and is killed after so many answers."""
    with running(home, "serve") as server:
        server.wait_until(server.answers, 60)
        clients.send_again(server)
        stop, enough = threading.Event(), len(clients.acknowledged) + after
        senders = [threading.Thread(target=clients.keep_sending, args=(server, stop, seed)) for seed in range(CLIENTS)]
        for one in senders:
            one.start()
        while len(clients.acknowledged) < enough:
            assert server.popen.poll() is None
            time.sleep(0.001)
        for process in processes_of(server):
            os.kill(process, signal.SIGKILL)
        server.popen.wait()
        stop.set()
        for one in senders:
            one.join()


def kill_rounds(home, clients, rounds):
    chance = random.Random(rounds)
    for _ in range(rounds):
        kill_while_writing(home, clients, after=chance.randrange(1, 40))
        assert clients.open  # it came in the middle of something
        assert clients.refused == []
        with closing(reopened(home)) as services:
            clients.nothing_is_lost(services)


@pytest.mark.slow
def test_three_rounds(home, clients):
    kill_rounds(home, clients, 3)


@pytest.mark.torture
def test_twenty_rounds(home, clients):
    kill_rounds(home, clients, 20)
