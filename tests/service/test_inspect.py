"""Inspecting: a decision is found by what one may ask for, and the ledger's file names nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from explainer.errors import BadQuery, UnknownDecision
from explainer.service.decide import Case, decide
from explainer.service.inspect import (
    API,
    Recipient,
    Wanted,
    find,
    rebuild_index,
    search,
    send_letter,
)
from explainer.service.oversee import set_preference
from explainer.service.releases import activate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.cases import ending, rows
from tests.service.telling import CASE, CUSTOMER, PRIORITY, REFUND, found, tell
from tests.support import MODELS, Clock


@pytest.fixture
def told(services: Services) -> list[str]:
    """Ids of the decisions of TOLD, oldest first; the fourth is about CUSTOMER and CASE."""
    return tell(services)


@pytest.fixture(scope="module")
def searched(trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, list[str]]]:
    """The same, made once for all that only search."""
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("searched") / "home"))
    opened = open_services(Settings(home=home, models=MODELS), Clock())
    yield opened, tell(opened)
    opened.close()


def some(told: list[str], *numbers: int) -> list[str]:
    return [told[number] for number in sorted(numbers, reverse=True)]


class TestSearch:
    @pytest.fixture
    def services(self, searched):
        return searched[0]

    @pytest.fixture
    def told(self, searched):
        return searched[1]

    def test_everything_newest_first(self, services, told):
        assert found(services) == told[::-1]

    def test_by_pack(self, services, told):
        assert found(services, pack=PRIORITY) == some(told, 2, 4, 6)

    def test_by_outcome(self, services, told):
        assert found(services, outcome="decline") == some(told, 1, 3)

    def test_by_rule_that_fired(self, services, told):
        assert found(services, rule="final_sale") == some(told, 3)

    def test_by_a_rule_that_fired_but_did_not_decide(self, services, told):
        lines, _ = search(services, rule="legal_guarantee")
        assert [(one.id, one.decisive) for one in lines] == [(told[5], "score")]

    def test_by_time_from_included_to_not_included(self, services, told):
        at = find(told[2], services).record.at
        assert found(services, since=at, until=at + timedelta(hours=2)) == some(told, 2, 3)

    def test_by_customer(self, services, told):
        assert found(services, customer=CUSTOMER) == some(told, 3)
        assert found(services, customer="C-0") == some(told, 0, 2, 4, 6)

    def test_by_case(self, services, told):
        assert found(services, case=CASE) == some(told, 3)

    def test_a_customer_is_not_found_as_a_case(self, services, told):
        assert (found(services, case=CUSTOMER), found(services, customer=CASE)) == ([], [])

    def test_by_release(self, services, told):
        digests = {pack: services.serving(pack).release.digest for pack in (REFUND, PRIORITY)}
        assert found(services, release=digests[PRIORITY]) == some(told, 2, 4, 6)
        assert found(services, release="0" * 64) == []

    def test_by_several_at_once(self, services, told):
        assert found(services, pack=REFUND, outcome="approve", customer="C-1") == some(told, 5)

    def test_what_nobody_was_told_is_not_found(self, services, told):
        assert found(services, outcome="P3") == []

    @pytest.mark.parametrize("wanted", [{"after": "x"}, {"limit": 0}, {"limit": 501}, {"outcome": "\x00"}])
    def test_a_search_that_makes_no_sense_is_refused(self, services, wanted):
        with pytest.raises(BadQuery):
            search(services, **wanted)


class TestCursor:
    @pytest.fixture
    def services(self, searched):
        return searched[0]

    @pytest.fixture
    def told(self, searched):
        return searched[1]

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
    def test_it_walks_all_pages_without_a_gap_or_a_repeat(self, services, told, limit):
        walked, cursor = [], None
        while True:
            lines, cursor = search(services, after=cursor, limit=limit)
            assert 0 < len(lines) <= limit
            walked += [one.id for one in lines]
            if cursor is None:
                break
        assert walked == told[::-1]


class TestWhatComesMeanwhile:
    def test_a_decision_made_while_somebody_walks_does_not_move_the_pages(self, services, told):
        first, cursor = search(services, limit=4)
        facts = ending(services.serving(REFUND).release, "approve", "rule")
        decide(Case(REFUND, "C-9", "R-9", "en", facts), "key-9", services)
        second, _ = search(services, after=cursor, limit=4)
        assert [one.id for one in (*first, *second)] == told[::-1]

    def test_activations_and_consents_are_no_decisions(self, services, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        activate(REFUND, services.serving(REFUND).release.digest, services, by="test")
        assert found(services) == told[::-1]
        assert found(services, customer=CUSTOMER) == some(told, 3)


class TestIndex:
    def test_rebuilt_it_equals_the_original(self, services, home, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        send_letter(find(told[3], services), Wanted("text", "en"), Recipient(API, "test"), services)
        before = [rows(home, f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("entry_index", "rule_index")]
        with services.engine.begin() as connection:
            for table in ("rule_index", "entry_index"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        assert found(services) == []
        assert rebuild_index(services) == len(before[0])
        assert [rows(home, f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("entry_index", "rule_index")] == before
        assert found(services) == told[::-1]

    def test_neither_the_ledger_nor_the_vault_names_a_customer_a_case_or_a_fact_in_clear(self, services, home, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        services.close()  # everything is in the files now
        stored = b"".join(path.read_bytes() for path in home.glob("*.sqlite3*"))
        assert told[3].encode() in stored
        for secret in (CUSTOMER, CASE, "wrong_size", "opted_out"):
            assert secret.encode() not in stored


class TestFinding:
    def test_a_decision_with_the_release_that_made_it(self, services, told):
        remembered = find(told[0], services)
        assert (remembered.record.id, remembered.release.digest) == (told[0], remembered.record.release)

    def test_the_verification_code_is_the_beginning_of_the_leaf_hash(self, services, home, told):
        (stored,) = rows(home, "SELECT leaf_hash FROM entries WHERE id = ?", told[0])
        digits = find(told[0], services).code.replace("-", "").lower()
        assert (len(digits), stored[0].hex().startswith(digits)) == (16, True)

    def test_two_decisions_have_two_codes(self, services, told):
        assert len({find(one, services).code for one in told}) == len(told)

    @pytest.mark.parametrize("unknown", ["", "x", "0" * 36, "019df289-a440-7ffa-8038-43d351fdcb86", "\x00"])
    def test_an_id_that_no_decision_has(self, services, unknown):
        with pytest.raises(UnknownDecision):
            find(unknown, services)

    def test_an_entry_that_is_no_decision_is_not_shown_as_one(self, services):
        said = set_preference(CUSTOMER, "opted_out", "test", services)
        with pytest.raises(UnknownDecision):
            find(said.entry or "", services)
