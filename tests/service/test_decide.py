"""Deciding: permission first, one decision per key, and nothing told before it is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from explainer.errors import BadFacts, IdempotencyConflict, Unavailable, UnknownLanguage, UnknownPack
from explainer.ledger.engines import open_engine, reading, writing
from explainer.ledger.tables import entries as entries_table
from explainer.ledger.tables import entry_index
from explainer.packs.release import Release
from explainer.service.decide import Case, decide
from explainer.service.inspect import find
from explainer.service.oversee import permission_of, set_preference
from explainer.service.releases import activate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.cases import Crooked, Untouchable, ending
from tests.postgres import Cluster
from tests.support import MODELS, Clock, with_open

REFUND = "refund_approval"
RUSH = 16  # threads that come with the same key at the same time


on_both_databases = pytest.mark.parametrize(
    "services", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def services(request: pytest.FixtureRequest, settings: Settings, clock: Clock, releases) -> Iterator[Services]:
    """Services with a release in use; on SQLite unless a test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_database")())
    opened = with_open(open_services(settings, clock), releases)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_database(postgres: Cluster, trained_home: Path) -> Callable[[], str]:
    """Makes databases in which the trained home's release of refunds is in use."""

    def prepare(url: str) -> None:
        opened = open_services(Settings(home=trained_home, models=MODELS, database_url=url), Clock())
        release = opened.registry.publish(REFUND)  # published before: this only opens it
        activate(REFUND, release.digest, opened, by="test")
        opened.close()

    return lambda: postgres.database(prepare)


@pytest.fixture
def release(services: Services) -> Release:
    return services.serving(REFUND).release


@pytest.fixture
def case(release: Release) -> Case:
    return Case(REFUND, "C-1", "R-1", "en", ending(release, "decline", "score"))


@pytest.fixture
def count(services: Services) -> Iterator[Callable[[], int]]:
    """Counts the committed decisions through a connection that is not the service's."""
    engine = open_engine(services.settings.ledger_database)

    def counted() -> int:
        with reading(engine) as connection:
            wanted = select(func.count()).select_from(entry_index.join(entries_table)).where(entry_index.c.kind == "decision")
            return int(connection.execute(wanted).scalar() or 0)

    yield counted
    engine.dispose()


@on_both_databases
class TestRememberedBeforeTold:
    def test_when_the_answer_comes_the_entry_is_in_the_database(self, services, case, count):
        decide(case, "key-1", services)
        assert count() == 1

    def test_another_process_reads_the_very_record_that_was_told(self, services, case):
        told = decide(case, "key-1", services).record
        elsewhere = open_services(services.settings, services.clock)
        try:
            assert find(told.id, elsewhere).record.to_bytes() == told.to_bytes()
        finally:
            elsewhere.close()

    def test_when_storing_fails_half_way_nothing_is_told_and_nothing_is_left(self, services, case, release, count):
        with writing(services.engine) as connection:
            connection.execute(text("DROP TABLE rule_index"))  # the last thing that is written for a decision
        by_a_rule = replace(case, facts=ending(release, "decline", "rule"))
        with pytest.raises(Unavailable):
            decide(by_a_rule, "key-1", services)
        assert count() == 0


@on_both_databases
class TestOneDecisionPerKey:
    def test_the_same_key_and_body_give_the_same_record(self, services, case, clock, count):
        first = decide(case, "key-1", services)
        clock.move(days=3)
        again = decide(case, "key-1", services)
        assert (first.replayed, again.replayed, count()) == (False, True, 1)
        assert again.record.to_bytes() == first.record.to_bytes()

    def test_the_order_of_the_facts_does_not_make_another_body(self, services, case, count):
        first = decide(case, "key-1", services)
        turned = replace(case, facts=dict(reversed(case.facts.items())))
        assert decide(turned, "key-1", services).record.id == first.record.id
        assert count() == 1

    @pytest.mark.parametrize("changed", ["customer", "case", "locale", "amount"])
    def test_the_same_key_with_another_body_is_a_conflict(self, services, case, count, changed):
        decide(case, "key-1", services)
        others = {"customer": "C-2", "case": "R-2", "locale": "es"}
        other = replace(case, **({changed: others[changed]} if changed in others else {"facts": dict(case.facts) | {changed: 1}}))
        with pytest.raises(IdempotencyConflict):
            decide(other, "key-1", services)
        assert count() == 1

    def test_another_key_is_another_decision(self, services, case, count):
        assert decide(case, "key-1", services).record.id != decide(case, "key-2", services).record.id
        assert count() == 2

    def test_many_threads_with_one_key_get_one_decision(self, services, case, count):
        together = threading.Barrier(RUSH)

        def rush(_number: int) -> Any:
            together.wait()
            return decide(case, "key-1", services)

        with ThreadPoolExecutor(RUSH) as pool:
            answers = list(pool.map(rush, range(RUSH)))
        assert len({one.record.to_bytes() for one in answers}) == 1
        assert [one.replayed for one in answers].count(False) == 1
        assert count() == 1


@on_both_databases
class TestPermission:
    def test_an_opted_out_customer_goes_to_a_person_and_the_model_is_not_called(self, services, case, release):
        set_preference("C-1", "opted_out", "test", services)
        services._kernels[release.digest] = Untouchable()
        told = decide(case, "key-1", services).record
        said = told.explained
        assert (said.decision.outcome, said.decision.decisive) == ("refer", "permission")
        assert (said.decision.margin, said.decision.distance, said.attribution, said.reasons) == (None, None, None, None)
        assert told.permission.entry == permission_of("C-1", services).entry

    def test_the_untouchable_model_would_have_been_noticed(self, services, case, release):
        services._kernels[release.digest] = Untouchable()
        with pytest.raises(AssertionError, match="the model was called"):
            decide(case, "key-1", services)

    def test_no_rule_is_applied_either_to_an_opted_out_customer(self, services, case, release):
        set_preference("C-1", "opted_out", "test", services)
        final_sale = replace(case, facts=ending(release, "decline", "rule"))
        assert decide(final_sale, "key-1", services).record.explained.decision.rules == ()

    def test_opting_back_in_lets_software_decide_again(self, services, case):
        set_preference("C-1", "opted_out", "test", services)
        set_preference("C-1", "allowed", "test", services)
        assert decide(case, "key-1", services).record.explained.decision.decisive == "score"

    def test_the_wish_of_one_customer_is_not_another_s(self, services, case):
        set_preference("C-2", "opted_out", "test", services)
        assert decide(case, "key-1", services).record.explained.decision.decisive == "score"

    def test_a_retry_after_opting_out_returns_what_was_told(self, services, case):
        first = decide(case, "key-1", services).record
        set_preference("C-1", "opted_out", "test", services)
        assert decide(case, "key-1", services).record.to_bytes() == first.to_bytes()

    def test_facts_of_an_opted_out_customer_are_checked_all_the_same(self, services, case, count):
        set_preference("C-1", "opted_out", "test", services)
        with pytest.raises(BadFacts):
            decide(replace(case, facts={}), "key-1", services)
        assert count() == 0


class TestSafeguard:
    def test_an_explanation_that_does_not_add_up_hands_the_case_to_a_person(self, services, case, release):
        services._kernels[release.digest] = Crooked.like(services.kernel(release))
        said = decide(case, "key-1", services).record.explained
        assert (said.decision.outcome, said.decision.decisive, said.safeguard) == ("refer", "safeguard", "not-locally-accurate")
        assert (said.attribution, said.texts) == (None, None)


class TestRefusals:
    def test_bad_facts_are_all_named_and_nothing_is_stored(self, services, case, count):
        wrong = dict(case.facts) | {"amount": -1, "reason": "aliens", "gift": "yes", "horoscope": "Leo"}
        del wrong["channel"]
        with pytest.raises(BadFacts) as refused:
            decide(replace(case, facts=wrong), "key-1", services)
        assert refused.value.mistakes.keys() == {"amount", "reason", "gift", "horoscope", "channel"}
        assert count() == 0

    @pytest.mark.parametrize(
        "strange", [[[1]], {"a": 1}, 10**400, -(10**30), "\ud800", "\x00", float("inf"), float("nan")], ids=repr
    )
    def test_a_fact_that_no_pack_can_ask_for_is_a_mistake_like_any_other(self, services, case, count, strange):
        with pytest.raises(BadFacts) as refused:
            decide(replace(case, facts=dict(case.facts) | {"amount": strange, "gift": 7}), "key-1", services)
        assert refused.value.mistakes.keys() == {"amount", "gift"}
        assert count() == 0

    def test_a_language_the_pack_does_not_speak_stores_nothing(self, services, case, count):
        with pytest.raises(UnknownLanguage):
            decide(replace(case, locale="it"), "key-1", services)
        assert count() == 0

    def test_a_pack_that_is_not_there_stores_nothing(self, services, case, count):
        with pytest.raises(UnknownPack):
            decide(replace(case, pack="horoscope"), "key-1", services)
        assert count() == 0

    def test_a_key_whose_first_body_was_refused_is_free(self, services, case, count):
        with pytest.raises(BadFacts):
            decide(replace(case, facts={}), "key-1", services)
        assert not decide(case, "key-1", services).replayed
        assert count() == 1
