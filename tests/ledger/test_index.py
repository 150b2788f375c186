"""The index: found by what it says, made again from the boxes, and never trusted to be whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from explainer.errors import BadQuery, Unavailable
from explainer.ledger.store import Found, Terms
from tests.ledger.conftest import START, terms_of


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


class TestCompleteness:
    """An index that lost rows is found, and an erased person is no loss."""

    @pytest.fixture
    def filled(self, house, ledger):
        drafts = [house.draft(subject=f"C-{n}", terms=Terms(customer=f"C-{n}")) for n in range(3)]
        ledger.append_all(drafts)
        return drafts

    def test_a_whole_index_is_whole(self, ledger, filled):
        ledger.check_index()

    def test_one_row_lost_is_found_and_mended_by_rebuilding(self, house, ledger, filled):
        house.ledger_store.run("DELETE FROM entry_index WHERE entry_id = ?", filled[1].id)
        with pytest.raises(Unavailable, match="rebuild-index"):
            ledger.check_index()
        ledger.rebuild_index(terms_of)
        ledger.check_index()

    def erase(self, house, ledger, draft):
        house.vault_store.run("DELETE FROM data_keys WHERE key_id = ?", ledger.entry(draft.id).leaf["key"])
        house.ledger_store.run("DELETE FROM entry_index WHERE entry_id = ?", draft.id)

    def test_the_rows_of_an_erased_person_are_no_loss(self, house, ledger, filled):
        self.erase(house, ledger, filled[0])
        ledger.check_index()

    def test_a_row_lost_beside_them_is_found_all_the_same(self, house, ledger, filled, monkeypatch):
        monkeypatch.setattr("explainer.ledger.engines.ASKED_AT_ONCE", 1)
        self.erase(house, ledger, filled[0])
        house.ledger_store.run("DELETE FROM entry_index WHERE entry_id = ?", filled[2].id)
        with pytest.raises(Unavailable, match="rebuild-index"):
            ledger.check_index()
