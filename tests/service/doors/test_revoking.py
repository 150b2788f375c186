"""Revoking: what was signed before opens nothing, what is signed later does, whatever clocks and the index say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, event

from explainer.errors import Erased, LinkRevoked
from explainer.ledger.engines import writing
from explainer.ledger.tables import entry_index, rule_index
from explainer.service.decide import Case, decide
from explainer.service.doors import links
from explainer.service.doors.links import OPENED, admission, opens, sign_link
from explainer.service.doors.revoking import REVOCATION, count_revoked, revoke_links
from explainer.service.inspect import find, rebuild_index, verifier
from explainer.service.privacy.erasing import erase
from explainer.service.wiring import open_services
from tests.cases import ending
from tests.support import SHIPPED, Clock

REFUND = SHIPPED[0]
CUSTOMER = "C-Ana"
TOGETHER = 8  # who revoke at the same moment


@pytest.fixture
def release(releases):
    return releases[REFUND][0]


@pytest.fixture
def record(services, release):
    case = Case(REFUND, CUSTOMER, "R-1", "en", ending(release, "decline", "score"))
    return decide(case, "revoking", services).record


def signed(record, release, services):
    return {view: sign_link(view, record.id, release, services) for view in ("panel", "letter")}


def shut(token, view, record, services, **kind):
    with pytest.raises(LinkRevoked):
        opens(token, view, record.id, services, **kind)
    return True


class TestRevoking:
    def test_what_was_signed_before_opens_nothing_and_what_is_signed_later_does(self, services, record, release):
        before = signed(record, release, services)
        revoke_links(record, release, "test", services)
        for view, token in before.items():
            assert shut(token, view, record, services)
        for view, token in signed(record, release, services).items():
            assert opens(token, view, record.id, services)

    def test_it_can_be_done_again(self, services, record, release):
        for _ in range(3):
            token = sign_link("letter", record.id, release, services)
            assert opens(token, "letter", record.id, services)
            revoke_links(record, release, "test", services)
            assert shut(token, "letter", record, services)

    def test_links_to_the_other_view_and_to_other_decisions_stay(self, services, record, release):
        before = signed(record, release, services)
        another = decide(Case(REFUND, CUSTOMER, "R-2", "en", ending(release, "approve", "score")), "another", services).record
        other = signed(another, release, services)
        revoke_links(record, release, "test", services, views=("letter",))
        assert shut(before["letter"], "letter", record, services)
        assert opens(before["panel"], "panel", record.id, services)
        assert all(opens(token, view, another.id, services) for view, token in other.items())

    def test_links_to_the_letter_that_a_panel_gave_out_go_with_the_panel_s(self, services, record, release):
        through = sign_link("letter", record.id, release, services, through="panel")
        kept, mailed = admission(through, services), sign_link("letter", record.id, release, services)
        revoke_links(record, release, "test", services, views=("panel",))
        assert shut(through, "letter", record, services)
        assert shut(kept, "letter", record, services, kind=OPENED)
        assert opens(mailed, "letter", record.id, services)
        assert opens(sign_link("letter", record.id, release, services, through="panel"), "letter", record.id, services)

    def test_and_with_the_letter_s_own(self, services, record, release):
        through = sign_link("letter", record.id, release, services, through="panel")
        revoke_links(record, release, "test", services, views=("letter",))
        assert shut(through, "letter", record, services)

    def test_what_a_door_gave_before_is_shut_too(self, services, record, release):
        kept = admission(sign_link("letter", record.id, release, services), services)
        assert opens(kept, "letter", record.id, services, kind=OPENED)
        revoke_links(record, release, "test", services)
        assert shut(kept, "letter", record, services, kind=OPENED)

    def test_a_link_of_before_there_were_revocations_opens_until_it_is_revoked(self, services, record, release):
        end = int(links.link_end("letter", release, services).timestamp())
        token = links._signer(links.LINK, services).dumps(["letter", record.id, end])
        assert opens(token, "letter", record.id, services)
        revoke_links(record, release, "test", services)
        assert shut(token, "letter", record, services)


class TestWhatItRestsOn:
    @pytest.mark.parametrize("days", [-400, 400])
    def test_a_process_whose_clock_is_wrong_revokes_as_surely(self, services, record, release, days):
        elsewhere = open_services(services.settings, Clock(services.clock() + timedelta(days=days)))
        before = sign_link("letter", record.id, release, services)
        revoke_links(record, release, "test", elsewhere)
        elsewhere.close()
        assert shut(before, "letter", record, services)
        assert opens(sign_link("letter", record.id, release, services), "letter", record.id, services)

    def test_it_is_an_entry_for_each_view_that_says_by_whom(self, services, record, release):
        revoke_links(record, release, "Kim", services)
        entries = services.ledger.of_customer(CUSTOMER, REVOCATION)
        assert [one.leaf["refs"] for one in entries] == [[record.id]] * 2
        assert sorted((one.body.count(b'"view":"letter"'), one.body.count(b'"by":"Kim"')) for one in entries) == [(0, 1), (1, 1)]
        assert services.sealer().seal().complete
        rebuild_index(services)
        assert verifier(services).verify().findings == []

    def test_an_index_that_lost_its_rows_lets_nobody_in(self, services, record, release):
        before = sign_link("letter", record.id, release, services)
        revoke_links(record, release, "test", services)
        with writing(services.engine) as connection:
            connection.execute(delete(rule_index))
            connection.execute(delete(entry_index))
        assert shut(before, "letter", record, services)
        assert count_revoked([record.id], services)["letter", record.id] == 1

    def test_it_outlives_the_erasure_of_its_customer(self, services, record, release):
        before = sign_link("letter", record.id, release, services)
        revoke_links(record, release, "test", services)
        erase(CUSTOMER, "test", services)
        assert shut(before, "letter", record, services)
        assert services.ledger.of_customer(CUSTOMER, REVOCATION) == []
        with pytest.raises(Erased):
            find(record.id, services)

    def test_of_many_who_revoke_at_once_each_counts(self, services, record, release):
        before = sign_link("letter", record.id, release, services)
        with ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(lambda one: revoke_links(record, release, f"test {one}", services), range(TOGETHER)))
        assert set(count_revoked([record.id], services).values()) == {TOGETHER}
        assert shut(before, "letter", record, services)
        assert opens(sign_link("letter", record.id, release, services), "letter", record.id, services)

    def test_a_page_of_decisions_is_asked_about_in_one_look(self, services, record):
        asked = []
        event.listen(services.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        many = [record.id, *(services.new_id() for _ in range(199))]
        assert set(count_revoked(many, services).values()) == {0}
        assert len([one for one in asked if "entries" in one]) == 1

    def test_another_deployment_s_links_know_nothing_of_it(self, services, record, release, tmp_path):
        elsewhere = open_services(replace(services.settings, home=tmp_path / "elsewhere"), services.clock)
        revoke_links(record, release, "test", elsewhere)
        elsewhere.close()
        assert opens(sign_link("letter", record.id, release, services), "letter", record.id, services)
