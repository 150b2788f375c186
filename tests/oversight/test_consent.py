"""Consent: the newest word of a customer counts, and it is read before the model is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.oversight.consent import ALLOWED, OPTED_OUT, fold
from explainer.record import Permission
from explainer.service.decide import Case, decide
from explainer.service.oversee import permission_of, set_preference
from explainer.service.wiring import open_services

SAID = st.lists(st.builds(Permission, st.sampled_from([ALLOWED, OPTED_OUT]), st.uuids().map(str)), max_size=8)


class TestFold:
    def test_who_never_said_anything_allows_it(self):
        assert fold([]) == Permission(ALLOWED, None, None)

    @given(SAID, st.sampled_from([ALLOWED, OPTED_OUT]))
    def test_the_newest_word_counts_whatever_came_before(self, before, newest):
        last = Permission(newest, "last", "2026-05-04T10:30:00.000000Z")
        assert fold([*before, last]).automation == newest

    @given(SAID)
    def test_saying_the_same_again_moves_nothing(self, said):
        for one in (ALLOWED, OPTED_OUT):
            first = Permission(one, "first", "2026-05-04T10:30:00.000000Z")
            again = Permission(one, "again", "2026-06-01T08:00:00.000000Z")
            assert fold([*said, first, again, again]) == fold([*said, first])

    @given(SAID)
    def test_reads_any_stream_once(self, said):
        assert fold(iter(said)) == fold(said)


class TestRemembered:
    def test_a_customer_may_opt_out_and_come_back(self, services, clock):
        heard = [permission_of("C-1", services).automation]
        for wish in (OPTED_OUT, ALLOWED, OPTED_OUT):
            clock.move(minutes=1)
            heard.append(set_preference("C-1", wish, "test", services).automation)
        assert heard == [ALLOWED, OPTED_OUT, ALLOWED, OPTED_OUT]

    def test_two_words_in_the_same_instant_are_heard_in_their_order(self, services):
        for wish in (OPTED_OUT, ALLOWED) * 5:
            assert set_preference("C-1", wish, "test", services).automation == wish

    def test_one_customer_does_not_speak_for_another(self, services):
        set_preference("C-1", OPTED_OUT, "test", services)
        assert permission_of("C-2", services) == Permission(ALLOWED)

    def test_the_permission_names_the_entry_and_the_time_of_the_word(self, services):
        said = set_preference("C-1", OPTED_OUT, "test", services)
        entry = services.ledger.entry(said.entry)
        assert (entry.kind, entry.leaf["at"], said.since) == (
            "consent",
            "2026-05-04T10:30:00.000000Z",
            "2026-05-04T10:30:00.000000Z",
        )

    def test_since_when_is_the_first_time_it_was_said_and_not_the_last(self, services, clock):
        first = set_preference("C-1", OPTED_OUT, "test", services)
        clock.move(days=3)
        assert set_preference("C-1", OPTED_OUT, "test", services) == first

    def test_the_word_outlives_the_process(self, services, settings, clock):
        said = set_preference("C-1", OPTED_OUT, "test", services)
        again = open_services(settings, clock)
        assert permission_of("C-1", again) == said
        again.close()


class TestALostIndex:
    """The index is only for searching: when it loses rows, nobody's word is lost with them."""

    def test_does_not_revoke_an_opt_out(self, services, sampled):
        said = set_preference("C-1", OPTED_OUT, "test", services)
        lose_index(services)
        assert permission_of("C-1", services) == said
        case = Case("refund_approval", "C-1", "R-1", "en", sampled("refund_approval", 1)[0])
        assert decide(case, "key-1", services).record.permission == said

    def test_does_not_change_which_release_decides(self, services, settings, clock):
        before = services.active_digest("refund_approval")
        lose_index(services)
        again = open_services(settings, clock)
        assert (again.active_digest("refund_approval"), again.packs()) == (before, services.packs())
        again.close()


def lose_index(services):
    with services.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM rule_index")
        connection.exec_driver_sql("DELETE FROM entry_index")


class TestObeyed:
    @pytest.fixture
    def facts(self, sampled):
        return sampled("refund_approval", 1)[0]

    def test_the_next_case_of_who_opted_out_goes_to_a_person_without_numbers(self, services, facts):
        said = set_preference("C-1", OPTED_OUT, "test", services)
        record = decide(Case("refund_approval", "C-1", "R-1", "en", facts), "key-1", services).record
        decision = record.explained.decision
        assert (decision.outcome, decision.decisive, decision.margin, decision.distance, decision.rules) == (
            "refer",
            "permission",
            None,
            None,
            (),
        )
        assert (record.explained.attribution, record.explained.reasons, record.permission) == (None, None, said)

    def test_the_next_case_of_who_came_back_is_decided_again(self, services, facts):
        for wish in (OPTED_OUT, ALLOWED):
            set_preference("C-1", wish, "test", services)
        record = decide(Case("refund_approval", "C-1", "R-1", "en", facts), "key-1", services).record
        assert (record.explained.decision.margin is None, record.permission.automation) == (False, ALLOWED)
