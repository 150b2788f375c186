"""Writing together: threads share commits, each gets its own answer, and nobody is told before it is durable."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from explainer.errors import AlreadyRemembered, OutcomeUnknown
from explainer.ledger.engines import Together
from explainer.ledger.store import TOGETHER


class Gate:
    """Work that waits inside until it may go on, and keeps what it was given."""

    def __init__(self):
        self.batches, self.entered, self.may_go = [], threading.Event(), threading.Event()
        self.raises = {}

    def __call__(self, items):
        self.batches.append(items)
        self.entered.set()
        assert self.may_go.wait(10)
        if error := self.raises.get(tuple(items)) or self.raises.get(len(items)):
            raise error
        for item in items:
            if item in self.raises:
                raise self.raises[item]
        return [f"done {item}" for item in items]


def flood(gate, together, count):
    """One call that works, and `count` more that come meanwhile, all at their places before the first goes on."""
    pool = ThreadPoolExecutor(count + 1)
    first = pool.submit(together.call, "first")
    assert gate.entered.wait(10)
    others = [pool.submit(together.call, n) for n in range(count)]
    while len(together._waiting) < count:
        time.sleep(0.001)
    gate.may_go.set()
    pool.shutdown(wait=True)
    return first, others


class TestTogether:
    def test_the_first_works_alone_and_at_once(self):
        gate = Gate()
        gate.may_go.set()
        assert Together(gate, 64).call("one") == "done one"
        assert gate.batches == [["one"]]

    def test_those_who_come_meanwhile_go_together_up_to_the_most(self):
        gate = Gate()
        first, others = flood(gate, Together(gate, 8), 20)
        assert first.result() == "done first"
        assert sorted(one.result() for one in others) == sorted(f"done {n}" for n in range(20))
        assert [len(batch) for batch in gate.batches] == [1, 8, 8, 4]

    def test_a_bad_call_spoils_no_other(self):
        gate = Gate()
        gate.raises = {3: AlreadyRemembered()}
        _, others = flood(gate, Together(gate, 8), 6)
        ends = [one.exception() for one in others]
        assert sum(isinstance(end, AlreadyRemembered) for end in ends) == 1
        assert ends.count(None) == 5

    def test_what_is_the_database_s_fault_is_everybody_s_and_not_tried_one_by_one(self):
        gate = Gate()
        gate.raises = {6: OutcomeUnknown("lost")}
        _, others = flood(gate, Together(gate, 8), 6)
        assert all(isinstance(one.exception(), OutcomeUnknown) for one in others)
        assert [len(batch) for batch in gate.batches] == [1, 6]

    def test_when_the_one_who_works_is_stopped_the_others_do_not_wait_for_ever(self):
        gate = Gate()
        gate.raises = {6: KeyboardInterrupt()}
        _, others = flood(gate, Together(gate, 8), 6)
        ends = [type(one.exception()) for one in others]
        assert sorted(end.__name__ for end in ends) == ["KeyboardInterrupt", *["OutcomeUnknown"] * 5]


class TestAppending:
    def test_many_threads_share_commits_and_each_entry_is_there(self, house, ledger):
        drafts, commits, start = [house.draft() for _ in range(96)], [], Barrier(32)
        event.listen(ledger._engine, "commit", lambda _connection: commits.append(1))

        def append(some):
            start.wait()
            return [ledger.append(one).id for one in some]

        with ThreadPoolExecutor(32) as pool:
            ids = [one for some in pool.map(append, [drafts[n::32] for n in range(32)]) for one in some]
        assert sorted(ids) == sorted(draft.id for draft in drafts)
        assert all(ledger.entry(draft.id).body == draft.body for draft in drafts)
        assert len(commits) <= 96 if not house.ledger_store.is_sqlite else len(commits) < 60
        assert TOGETHER == 64

    def test_sixteen_with_one_key_are_one_entry_and_strangers_among_them_are_not_held_up(self, house, ledger):
        same = [house.draft(idempotency_key="k", request=b"q") for _ in range(16)]
        drafts, start = [*same, *(house.draft() for _ in range(8))], Barrier(24)

        def append(draft):
            start.wait()
            try:
                return ledger.append(draft).id
            except AlreadyRemembered:
                return None

        with ThreadPoolExecutor(24) as pool:
            ends = list(pool.map(append, drafts))
        assert sum(end is not None for end in ends[:16]) == 1
        assert ends[16:] == [draft.id for draft in drafts[16:]]
        assert house.ledger_store.run("SELECT count(*) FROM entries") == [(9,)]

    @pytest.mark.parametrize("database", ["sqlite"])  # PostgreSQL writes each on a connection of its own
    def test_new_customers_of_a_group_get_their_keys_in_one_commit(self, house, ledger):
        drafts, commits, start = [house.draft(subject=f"C-{n}") for n in range(48)], [], Barrier(48)
        event.listen(ledger._vault._engine, "commit", lambda _connection: commits.append(1))

        def append(draft):
            start.wait()
            ledger.append(draft)

        with ThreadPoolExecutor(48) as pool:
            list(pool.map(append, drafts))
        assert len(commits) < 24
