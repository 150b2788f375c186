"""Clocks two hours apart: times are claims, so nothing that matters rests on them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from explainer.ledger import entry
from explainer.ledger.entry import Terms, new_id
from tests.ledger.conftest import START
from tests.ledger.tree.conftest import Sealed

AHEAD, BEHIND = timedelta(hours=2), timedelta(hours=-2)


@pytest.fixture
def sealed(house, ledger, tmp_path) -> Sealed:
    (tmp_path / "witness").mkdir()
    return Sealed(house, ledger, tmp_path / "witness")


@pytest.fixture(autouse=True)
def each_process_makes_its_own_ids(monkeypatch):
    """Here two processes are one, in which each id would be greater than the one before."""
    monkeypatch.setattr(entry, "_last_id", 0)


def say(sealed, ledger, off, what, kind="consent"):
    """One word about C-1, by a process whose clock is off."""
    at, entry._last_id = START + off, 0
    draft = sealed.house.draft(id=new_id(at), at=at, kind=kind, terms=Terms(customer="C-1", outcome=what))
    ledger.append(draft)
    return draft.id


@pytest.fixture
def processes(sealed):
    """Two of them, whose ids are made as in processes of their own: by their clocks alone."""
    return sealed.house.open("clock ahead"), sealed.house.open("clock behind")


class TestTheLastWord:
    def test_is_the_one_that_was_sealed_last(self, sealed, processes):
        ahead, behind = processes
        first = say(sealed, ahead, AHEAD, "allowed")
        sealed.seal()
        second = say(sealed, behind, BEHIND, "opted_out")
        assert second < first  # by the clocks it came four hours before
        for _ in range(2):  # waiting, and sealed
            assert [one.id for one in sealed.ledger.of_customer("C-1", "consent")] == [first, second]
            assert next(sealed.ledger.newest_first("consent")).id == second
            sealed.seal()

    def test_many_in_turns(self, sealed, processes):
        said = []
        for number in range(6):
            said.append(say(sealed, processes[number % 2], (AHEAD, BEHIND)[number % 2] + timedelta(seconds=number), f"{number}"))
            sealed.seal()
        assert [one.id for one in sealed.ledger.of_customer("C-1", "consent")] == said
        assert [one.id for one in sealed.ledger.newest_first("consent")] == said[::-1]


class TestTheTree:
    def test_everything_is_sealed_once_in_the_order_in_which_it_came_and_proved(self, sealed, processes):
        rounds = []
        sealed.clock.now = START + AHEAD
        for number in range(4):
            both = zip(processes, (AHEAD, BEHIND), strict=True)
            rounds.append({say(sealed, one, off, f"{number}", "decision") for one, off in both})
            sealed.seal()
        order = sealed.order()
        assert [set(order[start : start + 2]) for start in range(0, 8, 2)] == rounds
        assert [sealed.proofs.inclusion(one).number for one in order] == list(range(8))
        assert sealed.verify().findings == []

    def test_a_sealer_whose_clock_is_behind_marks_no_silence_and_one_ahead_marks_it_once(self, sealed):
        sealed.seal(2)
        for off, size in ((BEHIND, 2), (AHEAD, 3), (AHEAD, 3), (BEHIND, 3)):
            sealed.clock.now = START + timedelta(days=1) + off
            assert sealed.seal().checkpoint.size == size
