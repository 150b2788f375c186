"""Appending: threads that share a commit on SQLite, against the same threads with a commit each.

python -m tests.bench.appends [ENTRIES] [THREADS]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import click

from explainer.ledger.engines import open_engine
from explainer.ledger.entry import Draft, Terms, new_id
from explainer.ledger.keys.master import MasterKey
from explainer.ledger.keys.vault import Vault
from explainer.ledger.migrations.running import migrate
from explainer.ledger.store import Ledger

BODY = os.urandom(1000).hex().encode()  # 2 kB, as a record has


def open_ledger(folder: Path) -> Ledger:
    engines = {}
    for branch in ("ledger", "vault"):
        engines[branch] = open_engine(f"sqlite:///{folder}/{branch}.sqlite3")
        migrate(engines[branch], branch)
    return Ledger(engines["ledger"], Vault(engines["vault"], MasterKey(bytes(32))), "bench")


def run(append: Callable[[Draft], object], entries: int, threads: int) -> tuple[float, float, float]:
    """Entries a second, median and 99th percentile of one append in ms."""

    def one(number: int) -> float:
        now = datetime.now(UTC)
        draft = Draft(new_id(now), "decision", now, f"C-{number % 50}", BODY, Terms(customer=f"C-{number % 50}", pack="bench"))
        before = time.perf_counter()
        append(draft)
        return time.perf_counter() - before

    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        times = sorted(pool.map(one, range(entries)))
        took = time.perf_counter() - start
    return entries / took, 1000 * times[entries // 2], 1000 * times[entries * 99 // 100]


def main(entries: int = 2000, threads: int = 16) -> None:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        ledger = open_ledger(Path(folder))
        run(ledger.append, 100, threads)
        for turn in range(3):
            for name, append in (("shared", ledger.append), ("each", lambda draft: ledger.append_all([draft]))):
                rate, median, tail = run(append, entries, threads)
                click.echo(f"{turn} {name:>7}: {rate:7.0f} entries/s, median {median:6.1f} ms, p99 {tail:6.1f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
