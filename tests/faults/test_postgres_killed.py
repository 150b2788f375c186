"""PostgreSQL killed under load, with all its processes: when it is back the same server goes on, and nothing is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from explainer.service.access import create_key
from explainer.service.releases import activate
from tests.faults.conftest import REFUND, Clients, reopened
from tests.journeys.conftest import running
from tests.postgres import Cluster, NoPostgres, do_without, private_cluster

CLIENTS = 6
UNKNOWN = 503  # what an answer that nobody can give is

pytestmark = pytest.mark.postgresql


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of this test alone, to be killed."""
    try:
        with private_cluster() as started:
            yield started
    except NoPostgres as reason:
        do_without(reason)


@pytest.fixture
def database(cluster, home) -> str:
    """One of it, in which the release of refunds decides."""
    url = cluster.database()
    with closing(reopened(home, database_url=url)) as services:
        activate(REFUND, services.registry.publish(REFUND).digest, services, by="test")
    return url


@pytest.fixture
def clients(home, database, sampled) -> Clients:
    with closing(reopened(home, database_url=database)) as services:
        return Clients(create_key("faults", ("integrator",), None, services), sampled(REFUND, 20))


def kill_under_load(cluster, server, clients, after):
    """One round: all send at once, the database is killed after so many answers and comes back after refusals."""
    stop, enough, refused = threading.Event(), len(clients.acknowledged) + after, len(clients.refused)
    senders = [threading.Thread(target=clients.keep_sending, args=(server, stop, seed)) for seed in range(CLIENTS)]
    for one in senders:
        one.start()
    server.wait_until(lambda: len(clients.acknowledged) >= enough, 300)
    cluster.kill()
    server.wait_until(lambda: len(clients.refused) > refused, 300)
    cluster.start()
    server.wait_until(server.answers, 300)
    stop.set()
    for one in senders:
        one.join()
    clients.send_again(server)


def rounds(cluster, home, database, clients, count):
    chance = random.Random(count)
    with running(home, "serve", database_url=database) as server:
        server.wait_until(server.answers, 60)
        for _ in range(count):
            kill_under_load(cluster, server, clients, after=chance.randrange(5, 60))
    assert set(clients.refused) == {UNKNOWN}
    with closing(reopened(home, database_url=database)) as services:
        clients.nothing_is_lost(services)


@pytest.mark.slow
def test_two_rounds(cluster, home, database, clients):
    rounds(cluster, home, database, clients, 2)


@pytest.mark.torture
def test_twenty_rounds(cluster, home, database, clients):
    rounds(cluster, home, database, clients, 20)
