"""The store: one suite, run on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

import explainer
from explainer.errors import (
    AlreadyRemembered,
    Contradiction,
    Erased,
    IdempotencyConflict,
    OutcomeUnknown,
    Unavailable,
)
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.store import SYSTEM, Ledger, Terms
from tests.ledger.conftest import START, Store

PACKAGES = Path(explainer.__file__).parents[1]


class TestAppending:
    def test_an_entry_is_read_back_as_it_was_given(self, house, ledger):
        draft = house.draft(refs=("r1",), release="d" * 64)
        receipt = ledger.append(draft)
        opened = ledger.entry(draft.id)
        assert (opened.id, opened.kind, opened.at, opened.body) == (draft.id, draft.kind, draft.at, draft.body)
        assert (opened.leaf["refs"], opened.leaf["release"]) == (["r1"], "d" * 64)
        assert (receipt.id, receipt.at) == (draft.id, draft.at)

    def test_the_receipt_holds_the_hash_of_the_stored_leaf(self, house, ledger):
        receipt = ledger.append(house.draft())
        [(leaf, stored_hash)] = house.ledger_store.run("SELECT leaf, leaf_hash FROM entries")
        assert receipt.leaf_hash == stored_hash.hex() == leaf_hash(leaf).hex()

    def test_another_process_reads_it(self, house, ledger):
        draft = house.draft()
        ledger.append(draft)
        assert house.open("writer-2").entry(draft.id).body == draft.body

    def test_an_entry_about_nobody_is_kept_like_any_other(self, house, ledger):
        draft = house.draft(kind="release", subject=SYSTEM, terms=Terms(pack="refund"))
        ledger.append(draft)
        assert ledger.entry(draft.id).body == draft.body

    def test_a_writer_counts_its_entries_without_gaps(self, house, ledger):
        ledger.append(house.draft(idempotency_key="k", request=b"q"))
        with pytest.raises(AlreadyRemembered):
            ledger.append(house.draft(idempotency_key="k", request=b"q"))
        ledger.append_all([house.draft(), house.draft()])
        opened = [ledger.entry(row.id) for row in reversed(ledger.search()[0])]
        assert [(one.leaf["writer"], one.leaf["n"]) for one in opened] == [("writer-1", n) for n in (1, 2, 3)]

    def test_threads_never_get_the_same_number(self, house, ledger):
        drafts = [house.draft() for _ in range(24)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ledger.append, drafts))
        assert sorted(ledger.entry(draft.id).leaf["n"] for draft in drafts) == list(range(1, 25))

    def test_entries_appended_together_are_all_there_or_none(self, house, ledger):
        ledger.append(house.draft(idempotency_key="k", request=b"q"))
        together = [house.draft(), house.draft(idempotency_key="k", request=b"q")]
        with pytest.raises(AlreadyRemembered):
            ledger.append_all(together)
        assert [ledger.entry(draft.id) for draft in together] == [None, None]

    def test_entries_of_two_years_and_many_customers_are_sealed_together(self, house, ledger):
        drafts = [house.draft(subject=f"C-{n % 5}", at=START.replace(year=2026 + n % 2)) for n in range(20)]
        ledger.append_all(drafts)
        assert [ledger.entry(draft.id).body for draft in drafts] == [draft.body for draft in drafts]
        assert len({ledger.entry(draft.id).leaf["key"] for draft in drafts}) == 10

    def test_nothing_appended_is_nothing_stored(self, ledger):
        assert ledger.append_all([]) == []

    def test_an_id_is_used_once(self, house, ledger):
        draft = house.draft()
        ledger.append(draft)
        with pytest.raises(Contradiction, match="id"):
            ledger.append(draft)

    def test_an_unknown_id_is_nobody(self, ledger):
        for unknown in ("", "7", "\0", "\ud800", "../x", "ffffffff-ffff-7fff-bfff-ffffffffffff"):
            assert ledger.entry(unknown) is None


class TestDurability:
    def test_the_entry_is_visible_to_a_second_connection_when_append_returns(self, house, ledger):
        for _ in range(5):
            receipt = ledger.append(house.draft())
            assert house.ledger_store.run("SELECT count(*) FROM entries WHERE id = ?", receipt.id) == [(1,)]

    def test_the_entry_is_committed_before_append_returns_and_not_after(self, house, ledger):
        order = []
        with listening(ledger, "commit", lambda _connection: order.append("commit")):
            ledger.append(house.draft())
            order.append("return")
        assert order == ["commit", "return"]

    def test_a_process_killed_after_its_receipt_loses_nothing(self, house):
        code = (
            "import os, signal, sys; from tests.ledger.conftest import House, Store\n"
            "house = House(Store(sys.argv[1]), Store(sys.argv[2]))\n"
            "print(house.open().append(house.draft()).id, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
        )
        command = [sys.executable, "-c", code, house.ledger_store.url, house.vault_store.url]
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGES, env=environment)
        assert done.returncode == -signal.SIGKILL
        assert house.open().entry(done.stdout.strip()).body is not None

    def test_a_commit_whose_end_nobody_saw_is_said_to_be_unknown(self, house, ledger):
        draft = house.draft()
        with failing_commit(house, ledger), pytest.raises(OutcomeUnknown):
            ledger.append(draft)
        assert ledger.entry(draft.id) is None
        ledger.append(draft)
        assert ledger.entry(draft.id).leaf["n"] == 1  # somebody looked: it was not stored

    def test_its_number_stays_taken_when_the_entry_is_there_after_all(self, house, ledger):
        draft, later = house.draft(), house.draft()

        def commit_without_an_answer(connection):
            connection.exec_driver_sql("COMMIT")
            raise OperationalError("COMMIT", {}, ConnectionResetError())

        with listening(ledger, "commit", commit_without_an_answer), pytest.raises(OutcomeUnknown):
            ledger.append(draft)
        ledger.append(later)
        assert [ledger.entry(one.id).leaf["n"] for one in (draft, later)] == [1, 2]

    def test_a_database_that_takes_no_writes_is_not_ready(self, house, ledger):
        ledger.check()
        with read_only(house):
            with pytest.raises(Unavailable):
                house.open().check()
            with pytest.raises(Unavailable):
                house.open().append(house.draft())
        ledger.check()

    def test_the_readiness_check_writes_nothing(self, house, ledger):
        ledger.check()
        assert house.ledger_store.run("SELECT count(*) FROM entries") == [(0,)]


@contextmanager
def listening(ledger, what, listener):
    event.listen(ledger._engine, what, listener)
    try:
        yield
    finally:
        event.remove(ledger._engine, what, listener)


class failing_commit:
    """The next commit of a ledger fails: its server process is ended, or a reader keeps its file locked."""

    def __init__(self, house, ledger):
        self.house, self.engine, self.reader = house, ledger._engine, None

    def __enter__(self):
        event.listen(self.engine, "commit", self.interrupt)

    def interrupt(self, connection):
        if self.house.ledger_store.is_sqlite:
            import sqlite3

            connection.exec_driver_sql("PRAGMA busy_timeout = 20")
            self.reader = sqlite3.connect(self.house.ledger_store.file, isolation_level=None)
            self.reader.execute("BEGIN")
            self.reader.execute("SELECT count(*) FROM entries").fetchall()
            if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
                pytest.skip("with write-ahead logging no reader holds a commit up")
        else:
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            self.house.ledger_store.run("SELECT pg_terminate_backend(?, 5000)", backend)

    def __exit__(self, *_):
        event.remove(self.engine, "commit", self.interrupt)
        if self.reader is not None:
            self.reader.close()


class read_only:
    """The ledger's database takes no writes for a while, as a standby or another's lock makes it."""

    def __init__(self, house):
        self.store = house.ledger_store

    def __enter__(self):
        if self.store.is_sqlite:
            self.before = self.store.file.read_bytes()
            self.store.file.write_bytes(self.before[:18] + b"\x03\x03" + self.before[20:])  # write version of the future: read-only
        else:
            self.alter("SET default_transaction_read_only = on")

    def alter(self, change):
        name = self.store.url.split("/")[3].split("?")[0]
        admin = Store(self.store.url.replace(f"/{name}?", "/postgres?"))
        admin.run(f"ALTER DATABASE {name} {change}")
        admin.close()

    def __exit__(self, *_):
        if self.store.is_sqlite:
            self.store.file.write_bytes(self.before)
        else:
            self.alter("RESET default_transaction_read_only")


class TestIdempotency:
    def test_a_key_that_was_never_seen_remembers_nothing(self, ledger):
        assert ledger.remembered("k", b"q", "C-1") is None

    def test_the_same_key_and_request_find_the_stored_entry(self, house, ledger):
        draft = house.draft(idempotency_key="k", request=b"q")
        ledger.append(draft)
        assert ledger.remembered("k", b"q", "C-1") == ledger.entry(draft.id)

    def test_the_same_key_with_another_body_or_customer_is_a_conflict(self, house, ledger):
        ledger.append(house.draft(idempotency_key="k", request=b"q"))
        for request, customer in ((b"other", "C-1"), (b"q", "C-2"), (b"", "C-1"), (b"q", "")):
            with pytest.raises(IdempotencyConflict):
                ledger.remembered("k", request, customer)

    def test_after_erasure_the_key_still_counts_as_used(self, house, ledger):
        ledger.append(house.draft(idempotency_key="k", request=b"q"))
        house.destroy_keys()
        with pytest.raises(Erased):
            ledger.remembered("k", b"q", "C-1")
        with pytest.raises(AlreadyRemembered):
            ledger.append(house.draft(idempotency_key="k", request=b"q"))

    def test_sixteen_at_once_with_one_key_store_one_entry(self, house):
        ledgers = [house.open(f"writer-{n}") for n in range(4)]
        drafts = [house.draft(idempotency_key="k", request=b"q") for _ in range(16)]
        start = Barrier(16)

        def race(n):
            start.wait()
            try:
                return ledgers[n % 4].append(drafts[n]).id
            except AlreadyRemembered:
                return ledgers[n % 4].remembered("k", b"q", "C-1").id

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(race, range(16)))
        assert len(set(answers)) == 1
        assert house.ledger_store.run("SELECT count(*) FROM entries") == [(1,)]
        assert house.ledger_store.run("SELECT count(*) FROM entry_index") == [(1,)]

    def test_entries_without_a_key_do_not_stand_in_each_other_s_way(self, house, ledger):
        ledger.append_all([house.draft(), house.draft()])
        assert len(ledger.search()[0]) == 2


class TestReading:
    def test_a_customer_s_entries_of_one_kind_come_oldest_first(self, house, ledger):
        consents = [house.draft(kind="consent") for _ in range(3)]
        others = house.draft(kind="consent", subject="C-2", terms=Terms(customer="C-2"))
        ledger.append_all([*consents, house.draft(), others])
        assert [one.id for one in ledger.of_customer("C-1", "consent")] == [draft.id for draft in consents]

    def test_they_are_found_in_every_year(self, house, ledger):
        early = house.draft(kind="consent", at=START.replace(year=2024))
        late = house.draft(kind="consent")
        ledger.append_all([early, late])
        assert {one.id for one in ledger.of_customer("C-1", "consent")} == {early.id, late.id}

    def test_of_a_customer_nobody_knows_there_are_none(self, house, ledger):
        ledger.append(house.draft())
        assert ledger.of_customer("C-2", "decision") == []

    def test_of_several_customers_are_each_one_s_own(self, house, ledger):
        drafts = [house.draft(kind="consent", subject=f"C-{n % 3}") for n in range(9)]
        ledger.append_all(drafts)
        found = ledger.of_customers(["C-2", "C-0", "C-9"], "consent")
        assert {customer: [one.id for one in said] for customer, said in found.items()} == {
            "C-2": [one.id for one in drafts[2::3]],
            "C-0": [one.id for one in drafts[0::3]],
            "C-9": [],
        }

    def test_that_were_stored_under_a_key_are_told_from_those_that_were_not(self, house, ledger):
        ledger.append_all([house.draft(idempotency_key=f"k{n}", request=b"q") for n in range(3)])
        assert ledger.seen([f"k{n}" for n in range(2, 1500)]) == {"k2"}
        assert ledger.seen([]) == set()

    def test_the_entries_of_a_kind_come_newest_first_however_many(self, house, ledger, monkeypatch):
        monkeypatch.setattr("explainer.ledger.engines.ASKED_AT_ONCE", 2)
        releases = [house.draft(kind="release", subject=SYSTEM, terms=Terms(pack="refund")) for _ in range(5)]
        ledger.append_all([*releases, house.draft()])
        assert [one.id for one in ledger.newest_first("release")] == [draft.id for draft in reversed(releases)]

    def test_neither_asks_the_index(self, house, ledger):
        said, active = house.draft(kind="consent"), house.draft(kind="activation", subject=SYSTEM)
        ledger.append_all([said, active])
        house.ledger_store.run("DELETE FROM entry_index")
        assert [one.id for one in ledger.of_customer("C-1", "consent")] == [said.id]
        assert [one.id for one in ledger.newest_first("activation")] == [active.id]


class TestManyWriters:
    def test_nothing_is_lost_or_doubled(self, house):
        ledgers: list[Ledger] = [house.open(f"writer-{n}") for n in range(4)]
        drafts = [[house.draft() for _ in range(8)] for _ in ledgers]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda pair: [pair[0].append(draft) for draft in pair[1]], zip(ledgers, drafts, strict=True)))
        found = {row.id for row in house.open().search(limit=100)[0]}
        assert found == {draft.id for some in drafts for draft in some}
