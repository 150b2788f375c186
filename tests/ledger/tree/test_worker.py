"""The worker in the background: it seals what comes, tells what went wrong once, and goes on."""

from __future__ import annotations

import threading
import time

import pytest

from explainer.errors import ExplainerError, Unavailable
from explainer.ledger.tree.sealing import Round
from explainer.ledger.tree.witness import Heads, Keeper
from explainer.ledger.tree.worker import Promptness, keep_sealing, start_worker
from tests.ledger.tree.conftest import SIGNER


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("explainer.ledger.tree.worker.TARGET_SECONDS", 0.01)


def until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


class TestWorking:
    def test_what_is_appended_is_sealed_without_being_asked(self, sealed, quick):
        told = []
        stop = start_worker(sealed.sealer(), told.append)
        try:
            for count in (1, 3):
                sealed.append(count)
                until(lambda: sealed.run("SELECT COUNT(*) FROM unsealed") == [(0,)])
            until(lambda: sum(one.sealed for one in told) == 4)
        finally:
            stop.set()
            next(one for one in threading.enumerate() if one.name == "sealer").join()
        assert sealed.verify().findings == []

    def test_it_pauses_before_its_first_round_so_that_a_server_answers_first(self, sealed):
        happened = []

        class Stop(threading.Event):
            def wait(self, timeout=None):
                happened.append(timeout)
                return len(happened) > 1

        sealed.append(2)
        keep_sealing(sealed.sealer(), Stop(), happened.append)
        assert happened == [1.0, Round(2, True, sealed.proofs.newest().checkpoint), 1.0]

    def test_what_goes_wrong_is_told_once_and_tried_again(self, sealed, quick):
        told, stop = [], threading.Event()
        away = sealed.folder.rename(sealed.folder.with_name("away"))
        sealed.append(2)
        job = threading.Thread(target=keep_sealing, args=(sealed.sealer(), stop, told.append))
        job.start()
        try:
            until(lambda: told)
            time.sleep(0.2)
            assert [type(one) for one in told] == [Unavailable]
            away.rename(sealed.folder)
            until(lambda: len(told) == 2)
        finally:
            stop.set()
            job.join()
        assert isinstance(told[0], ExplainerError)
        assert told[1] == Round(2, True, sealed.proofs.newest().checkpoint)

    def test_a_witness_that_is_away_is_told_once_and_stops_nothing(self, sealed, quick, tmp_path):
        nowhere = Keeper(Heads(tmp_path / "nowhere"), [SIGNER.public], None, lambda: 0)
        told, stop = [], threading.Event()
        job = threading.Thread(target=keep_sealing, args=(sealed.sealer(sealed.witness, nowhere), stop, told.append))
        job.start()
        try:
            for number in range(1, 4):
                sealed.append(1)
                until(lambda number=number: sum(one.sealed for one in told) == number)
        finally:
            stop.set()
            job.join()
        assert [len(one.silent) for one in told] == [1, 0, 0]


class TestPromptness:
    @pytest.fixture
    def now(self, monkeypatch):
        clock = [time.monotonic()]
        monkeypatch.setattr("explainer.ledger.tree.worker.time.monotonic", lambda: clock[0])
        return clock

    def test_an_entry_that_waits_longer_than_promised_is_named(self, sealed, now):
        promptness = Promptness(sealed.engine)
        (one,) = sealed.append(1)
        promptness.check()
        now[0] += 60
        promptness.check()
        now[0] += 1
        with pytest.raises(Unavailable, match=one):
            promptness.check()
        sealed.seal()
        promptness.check()

    def test_that_others_come_with_older_ids_changes_nothing(self, sealed, now):
        older, promptness = sealed.house.draft(), Promptness(sealed.engine)
        (one,) = sealed.append(1)
        promptness.check()
        sealed.ledger.append(older)
        now[0] += 61
        with pytest.raises(Unavailable, match=one):
            promptness.check()

    def test_that_entries_wait_again_and_again_is_no_reason(self, sealed, now):
        promptness = Promptness(sealed.engine)
        for _ in range(3):
            sealed.append(1)
            promptness.check()
            sealed.seal()
            now[0] += 50
        promptness.check()
