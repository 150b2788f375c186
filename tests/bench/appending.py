"""Appending behind HTTP: a route that only appends one entry of 2 kB, against one that does nothing, in a closed loop.

python -m tests.bench.appending [REQUESTS] [CLIENTS]

One gunicorn as `explainer serve` starts it, both routes in it, clients with open connections
that send the next request when they have the answer.  In turns, so that what else the
machine does meets both; the ratio of the medians.
"""

from __future__ import annotations

import http.client
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from explainer.ledger.engines import durability
from explainer.ledger.entry import Draft, Terms, new_id
from explainer.settings import Settings
from tests.bench.appends import BODY, open_ledger
from tests.browser import free_port

BARE, APPEND = "/bare", "/append"
LEAST = 0.25  # of the bare route's rate, with as many clients and threads as next:
MANY = 32


def app(folder: str) -> Flask:
    """Both routes; nothing of the service but the ledger."""
    flask, ledger = Flask("bench"), open_ledger(Path(folder))

    @flask.post(BARE)
    def bare() -> str:
        return "done"

    @flask.post(APPEND)
    def append() -> str:
        now = datetime.now(UTC)
        customer = f"C-{now.microsecond % 50}"
        return ledger.append(Draft(new_id(now), "decision", now, customer, BODY, Terms(customer=customer, pack="bench"))).id

    return flask


def rate(port: int, path: str, requests: int, clients: int) -> float:
    """Answers a second."""

    def keep_asking(_: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(requests // clients):
            connection.request("POST", path, BODY)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        list(pool.map(keep_asking, range(clients)))
        return requests // clients * clients / (time.perf_counter() - began)


def measure(requests: int, clients: int, rounds: int = 5) -> dict[str, list[float]]:
    """Rates of both routes, in turns."""
    port, rates = free_port(), dict[str, list[float]]({BARE: [], APPEND: []})
    with tempfile.TemporaryDirectory(dir=".") as folder:
        command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", str(clients), "-b", f"127.0.0.1:{port}"]
        with subprocess.Popen([*command, "--log-level", "error", f"tests.bench.appending:app('{folder}')"]) as server:
            try:
                _wait(port)
                for path in (BARE, APPEND):
                    rate(port, path, requests // 4, clients)
                for _ in range(rounds):
                    for path, found in rates.items():
                        found.append(rate(port, path, requests, clients))
            finally:
                server.terminate()
    return rates


def append_ratios() -> dict[str, float]:
    """The appending route's rate as a share of the bare one's, by how many clients and threads there are."""
    found = {}
    for clients in (Settings().threads, MANY):
        rates = {path: statistics.median(some) for path, some in measure(2_000, clients).items()}
        found[f"append_{clients}"] = rates[APPEND] / rates[BARE]
    return found


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError):
            rate(port, BARE, 1, 1)
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def main(requests: int = 2_000, clients: int = MANY) -> None:
    """Measure and say so; the exit code says whether it is enough."""
    rates = {path: statistics.median(found) for path, found in measure(requests, clients).items()}
    ratio = rates[APPEND] / rates[BARE]
    journal, synchronous = durability(sqlite3.sqlite_version_info)
    click.echo(f"SQLite {sqlite3.sqlite_version}, journal {journal}, synchronous {synchronous}, {clients} clients and threads")
    click.echo(f"bare {rates[BARE]:.0f}/s, append {rates[APPEND]:.0f}/s: ratio {ratio:.2f}, at least {LEAST}")
    sys.exit(ratio < LEAST)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
