"""The store: one suite, run on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import event

import explainer
from explainer.errors import (
    AlreadyRemembered,
    BadQuery,
    Contradiction,
    EntryTampered,
    Erased,
    IdempotencyConflict,
    OutcomeUnknown,
    Unavailable,
)
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.store import SYSTEM, Found, Ledger, Terms, new_id
from tests.ledger.conftest import START, Store, terms_of

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
            assert ledger.about(unknown) == []


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
        assert ledger.entry(draft.id).leaf["n"] == 2  # number 1 may have been stored, for all we knew

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
    yield
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


class TestErasure:
    def test_an_entry_whose_key_was_destroyed_is_proved_and_has_no_body(self, house, ledger):
        draft = house.draft()
        receipt = ledger.append(draft)
        house.destroy_keys()
        opened = ledger.entry(draft.id)
        assert opened.body is None
        assert leaf_hash(house.ledger_store.run("SELECT leaf FROM entries")[0][0]).hex() == receipt.leaf_hash

    def test_other_customers_keep_theirs(self, house, ledger):
        one, two = house.draft(), house.draft(subject="C-2")
        ledger.append_all([one, two])
        house.vault_store.run("DELETE FROM data_keys WHERE key_id = ?", ledger.entry(one.id).leaf["key"])
        assert [ledger.entry(draft.id).body for draft in (one, two)] == [None, two.body]

    def test_an_erased_entry_is_still_found_tampered(self, house, ledger):
        draft = house.draft()
        ledger.append(draft)
        house.destroy_keys()
        house.ledger_store.run("UPDATE entries SET box = ?", b"x")
        with pytest.raises(EntryTampered):
            ledger.entry(draft.id)


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [("leaf", b"{}"), ("leaf_hash", bytes(32)), ("box", bytes(284)), ("idempotency", "ab" * 32), ("idempotency", None)],
        ids=["leaf", "leaf_hash", "box", "idempotency", "idempotency removed"],
    )
    def test_a_column_that_was_changed_is_noticed(self, house, ledger, column, value):
        draft = house.draft(idempotency_key="k", request=b"q")
        ledger.append(draft)
        house.ledger_store.run(f"UPDATE entries SET {column} = ?", value)
        with pytest.raises(EntryTampered, match=draft.id):
            ledger.entry(draft.id)

    def test_an_entry_under_another_id_is_noticed(self, house, ledger):
        draft, other = house.draft(), new_id(START)
        ledger.append(draft)
        house.ledger_store.run("UPDATE entries SET id = ?", other)
        with pytest.raises(EntryTampered):
            ledger.entry(other)
        assert ledger.entry(draft.id) is None

    def test_two_entries_that_changed_places_are_noticed(self, house, ledger):
        one, two = house.draft(), house.draft()
        ledger.append_all([one, two])
        for old, new in ((one.id, "x"), (two.id, one.id), ("x", two.id)):
            house.ledger_store.run("UPDATE entries SET id = ? WHERE id = ?", new, old)
        with pytest.raises(EntryTampered):
            ledger.entry(one.id)

    def test_an_idempotency_key_moved_to_another_entry_is_noticed(self, house, ledger):
        one, two = house.draft(idempotency_key="k", request=b"q"), house.draft()
        ledger.append_all([one, two])
        [(mac,)] = house.ledger_store.run("SELECT idempotency FROM entries WHERE id = ?", one.id)
        house.ledger_store.run("UPDATE entries SET idempotency = NULL WHERE id = ?", one.id)
        house.ledger_store.run("UPDATE entries SET idempotency = ? WHERE id = ?", mac, two.id)
        with pytest.raises(EntryTampered):
            ledger.remembered("k", b"q", "C-1")

    def test_no_list_of_entries_passes_over_a_tampered_one(self, house, ledger):
        about = new_id(START)
        draft = house.draft(terms=Terms(customer="C-1", pack="refund", about=about))
        ledger.append(draft)
        house.ledger_store.run("UPDATE entries SET box = ?", bytes(284))
        with pytest.raises(EntryTampered):
            ledger.about(about)
        with pytest.raises(EntryTampered):
            ledger.of_customer("C-1", "decision")
        with pytest.raises(EntryTampered):
            ledger.latest("decision", "refund")


class TestSecrecy:
    def test_nothing_about_a_person_can_be_read_in_the_stores(self, house, ledger):
        secret = {"customer": "CANARY-customer", "case": "CANARY-case"}
        draft = house.draft(
            subject="CANARY-customer",
            terms=Terms(**secret, outcome="approve"),
            body=b'{"name":"CANARY-name","outcome":"approve"}',
            idempotency_key="CANARY-key",
            request=b"CANARY-request",
        )
        ledger.append(draft)
        if house.ledger_store.is_sqlite:
            everything = b"".join(path.read_bytes() for path in house.ledger_store.file.parent.iterdir())
        else:
            tables = ("entries", "entry_index", "rule_index", "api_keys")
            everything = repr([house.ledger_store.run(f"SELECT * FROM {table}") for table in tables]).encode()
            everything += repr([house.vault_store.run(f"SELECT * FROM {table}") for table in ("secrets", "data_keys")]).encode()
        assert draft.id.encode() in everything
        assert b"CANARY" not in everything

    def test_the_log_itself_does_not_even_tell_the_outcome(self, house, ledger):
        ledger.append(house.draft(terms=Terms(customer="C-1", outcome="approve", rules=("late-rule",))))
        row = repr(house.ledger_store.run("SELECT * FROM entries"))
        assert "approve" not in row
        assert "late-rule" not in row

    def test_the_same_customer_cannot_be_followed_from_one_store_to_the_other(self, house, ledger):
        ledger.append(house.draft())
        [(indexed,)] = house.ledger_store.run("SELECT customer FROM entry_index")
        [(filed,)] = house.vault_store.run("SELECT subject FROM data_keys")
        assert indexed != filed


class TestReading:
    def test_what_is_about_a_decision_comes_oldest_first(self, house, ledger):
        decision = house.draft()
        terms = Terms(customer="C-1", about=decision.id)
        later = [house.draft(kind=kind, terms=terms) for kind in ("contest", "review", "override")]
        ledger.append(decision)
        ledger.append_all(list(reversed(later)))
        assert [one.kind for one in ledger.about(decision.id)] == ["contest", "review", "override"]

    def test_a_customer_s_entries_of_one_kind_come_oldest_first(self, house, ledger):
        consents = [house.draft(kind="consent") for _ in range(3)]
        ledger.append_all([*consents, house.draft(), house.draft(kind="consent", terms=Terms(customer="C-2"))])
        assert [one.id for one in ledger.of_customer("C-1", "consent")] == [draft.id for draft in consents]

    def test_the_latest_is_the_newest_of_its_kind_and_pack(self, house, ledger):
        packs = ("refund", "refund", "priority")
        releases = [house.draft(kind="release", subject=SYSTEM, terms=Terms(pack=pack)) for pack in packs]
        ledger.append_all([*releases, house.draft()])
        assert ledger.latest("release", "refund").id == releases[1].id
        assert ledger.latest("release", "unheard-of") is None


class TestSearching:
    @pytest.fixture
    def four(self, house, ledger):
        base = Terms("C-1", "K-1", pack="refund", outcome="approve", decisive="rule", release="a" * 64, rules=("vip",))
        drafts = [
            house.draft(terms=base),
            house.draft(terms=replace(base, outcome="decline", rules=("vip", "late", "late"))),
            house.draft(terms=replace(base, customer="C-2", case="K-2", pack="priority")),
            house.draft(terms=replace(base, release="b" * 64, rules=())),
        ]
        ledger.append_all([*drafts, house.draft(kind="review", terms=Terms(about=drafts[0].id))])
        return drafts

    NARROWED = (  # terms, and which of the four they find, newest first
        ({}, [3, 2, 1, 0]),
        ({"pack": "refund"}, [3, 1, 0]),
        ({"outcome": "decline"}, [1]),
        ({"rule": "vip"}, [2, 1, 0]),
        ({"rule": "late"}, [1]),
        ({"release": "b" * 64}, [3]),
        ({"customer": "C-2"}, [2]),
        ({"case": "K-1", "pack": "refund"}, [3, 1, 0]),
        ({"since": START + timedelta(seconds=2)}, [3, 2]),
        ({"until": START + timedelta(seconds=2)}, [1, 0]),
        ({"pack": "refund", "rule": "vip", "until": START + timedelta(seconds=1)}, [0]),
        ({"pack": "refund' OR '1'='1"}, []),
    )

    def test_each_term_narrows_the_search_newest_first(self, ledger, four):
        for terms, places in self.NARROWED:
            found, cursor = ledger.search(**terms)
            assert [row.id for row in found] == [four[place].id for place in places], terms
            assert cursor is None

    def test_a_row_says_what_the_index_knows(self, ledger, four):
        [row], _ = ledger.search(outcome="decline")
        assert row == Found(four[1].id, "decision", four[1].at, None, "refund", "decline", "rule", "a" * 64)

    def test_another_kind_or_every_kind_can_be_searched(self, ledger, four):
        assert [row.about for row in ledger.search(kind="review")[0]] == [four[0].id]
        assert len(ledger.search(kind=None)[0]) == 5

    def test_pages_follow_one_another_without_gap_or_repetition(self, ledger, four):
        for limit in (1, 2, 3, 4, 5):
            seen, cursor = ledger.search(limit=limit)
            while cursor is not None:
                page, cursor = ledger.search(limit=limit, after=cursor)
                assert page[0].id < seen[-1].id
                seen += page
            assert [row.id for row in seen] == [draft.id for draft in reversed(four)]

    def test_a_search_that_makes_no_sense_is_refused(self, ledger):
        naive = START.replace(tzinfo=None)
        for terms in ({"after": "x"}, {"limit": 0}, {"limit": 501}, {"pack": "a\0b"}, {"rule": "\ud800"}, {"since": naive}):
            with pytest.raises(BadQuery):
                ledger.search(**terms)


class TestRebuildingTheIndex:
    def index(self, house):
        return [sorted(house.ledger_store.run(f"SELECT * FROM {table}"), key=repr) for table in ("entry_index", "rule_index")]

    def fill(self, house, ledger):
        terms = [Terms(customer=f"C-{n}", case=f"K-{n}", pack="p", rules=("a", "b")[: n % 3]) for n in range(7)]
        ledger.append_all([house.draft(terms=one) for one in terms])

    def test_the_new_index_equals_the_old(self, house, ledger, monkeypatch):
        monkeypatch.setattr("explainer.ledger.store.BATCH", 3)
        self.fill(house, ledger)
        before = self.index(house)
        assert ledger.rebuild_index(terms_of) == 7
        assert self.index(house) == before

    def test_an_index_that_lies_is_put_right(self, house, ledger):
        self.fill(house, ledger)
        before = self.index(house)
        house.ledger_store.run("UPDATE entry_index SET pack = 'forged'")
        house.ledger_store.run("DELETE FROM rule_index")
        ledger.rebuild_index(terms_of)
        assert self.index(house) == before

    def test_an_erased_entry_leaves_the_index(self, house, ledger):
        self.fill(house, ledger)
        house.destroy_keys()
        assert ledger.rebuild_index(terms_of) == 0
        assert self.index(house) == [[], []]

    def test_a_failure_half_way_leaves_the_old_index(self, house, ledger):
        self.fill(house, ledger)
        before = self.index(house)

        def fail(_):
            raise ValueError("unreadable body")

        with pytest.raises(ValueError, match="unreadable"):
            ledger.rebuild_index(fail)
        assert self.index(house) == before

    def test_it_works_while_others_append(self, house):
        ledger, other = house.open(), house.open("writer-2")
        self.fill(house, ledger)
        drafts = [house.draft() for _ in range(20)]
        with ThreadPoolExecutor(2) as pool:
            appending = pool.submit(lambda: [other.append(draft) for draft in drafts])
            ledger.rebuild_index(terms_of)
            appending.result()
        assert len(ledger.search(limit=100)[0]) == 27


class TestManyWriters:
    def test_nothing_is_lost_or_doubled(self, house):
        ledgers: list[Ledger] = [house.open(f"writer-{n}") for n in range(4)]
        drafts = [[house.draft() for _ in range(8)] for _ in ledgers]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda pair: [pair[0].append(draft) for draft in pair[1]], zip(ledgers, drafts, strict=True)))
        found = {row.id for row in house.open().search(limit=100)[0]}
        assert found == {draft.id for some in drafts for draft in some}
