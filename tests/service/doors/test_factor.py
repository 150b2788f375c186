"""The second factor: the case number as people type it, and a link that closes after five wrong ones and, in the end, for good."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from explainer.errors import LinkClosed, TooManyTries
from explainer.ledger.engines import reading, writing
from explainer.ledger.index import forget
from explainer.ledger.tables import door_tries
from explainer.service.doors.factor import CLOSED, IN_ALL, TRIES, Link, asks_case, fits
from explainer.service.wiring import Services, open_services
from explainer.settings import NO_FACTOR, Settings
from tests.support import MODELS, Clock

DECISION, CASE = "019df048-dc00-7374-8611-eb57581ae8c7", "R-4711 b"
LINK = Link("a" * 64, DECISION, datetime(2026, 6, 2, 23, tzinfo=UTC))
OTHER = Link("b" * 64, DECISION, datetime(2026, 6, 3, 23, tzinfo=UTC))
RUSH = 20  # who try at the same moment


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def services(request: pytest.FixtureRequest, tmp_path, clock: Clock) -> Iterator[Services]:
    settings = Settings(home=tmp_path / "home", models=MODELS)
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres").database())
    opened = open_services(settings, clock)
    yield opened
    opened.close()


def closed(link, services, typed=CASE) -> int:
    """For how many seconds, as whoever knocks is told."""
    with pytest.raises(TooManyTries) as refused:
        fits(typed, CASE, link, services)
    return refused.value.seconds


def shut(link, services, typed=CASE) -> bool:
    with pytest.raises(LinkClosed):
        fits(typed, CASE, link, services)
    return True


def try_until_shut(link, services, clock) -> int:
    """Five wrong ones an hour, for as long as that is heard; returns how many were."""
    for tries in range(2 * IN_ALL):
        try:
            assert not fits("x", CASE, link, services)
        except TooManyTries:
            clock.move(hours=1)
            assert not fits("x", CASE, link, services)
        except LinkClosed:
            return tries
    return 2 * IN_ALL


class Empty:
    """Who looks here sees that nothing was tried yet."""

    def execute(self, _query):
        return self

    def one_or_none(self):
        return None


def kept(services):
    with reading(services.engine) as connection:
        return [tuple(row) for row in connection.execute(select(door_tries))]


class TestTheCaseNumber:
    @pytest.mark.parametrize("typed", [CASE, " r-4711 B ", "R-4711b", "R - 47 11\tB", "r-\uff14711\u00a0b"])
    def test_fits_as_people_type_it(self, services, typed):
        assert fits(typed, CASE, LINK, services)
        assert kept(services) == []

    @pytest.mark.parametrize("typed", ["", "R-4711", "R-4711 c", "R-4711 bb", "x" * 100_000, "\ud800", "\x00"])
    def test_and_no_other(self, services, typed):
        assert not fits(typed, CASE, LINK, services)

    def test_is_asked_for_at_a_letter_s_door_unless_the_settings_say_otherwise(self, services):
        assert [asks_case(view, services) for view in ("panel", "letter")] == [False, True]
        trusting = replace(services, settings=replace(services.settings, letter_factor=NO_FACTOR))
        assert not asks_case("letter", trusting)


class TestWrongTries:
    def test_five_close_a_link_for_an_hour_for_the_right_number_too(self, services, clock):
        assert [fits("x", CASE, LINK, services) for _ in range(TRIES)] == [False] * 5
        assert closed(LINK, services) == 3_600
        clock.move(minutes=59, seconds=59)
        assert closed(LINK, services) == 1
        clock.move(seconds=1)
        assert fits(CASE, CASE, LINK, services)

    def test_who_goes_on_trying_does_not_keep_it_closed(self, services, clock):
        for _ in range(TRIES):
            fits("x", CASE, LINK, services)
        for _ in range(6):
            clock.move(minutes=9)
            assert closed(LINK, services, "x")
        clock.move(minutes=6)
        assert fits(CASE, CASE, LINK, services)

    def test_four_and_the_right_one_start_anew(self, services):
        for _ in range(3):
            assert [fits("x", CASE, LINK, services) for _ in range(TRIES - 1)] == [False] * 4
            assert fits(CASE, CASE, LINK, services)

    def test_are_forgotten_an_hour_after_the_last(self, services, clock):
        for _ in range(3):
            assert [fits("x", CASE, LINK, services) for _ in range(TRIES - 1)] == [False] * 4
            clock.move(hours=1)
        assert fits(CASE, CASE, LINK, services)
        ((*_, tries, _, in_all, _),) = kept(services)
        assert (tries, in_all) == (0, 3 * (TRIES - 1))

    def test_close_no_other_link(self, services):
        for _ in range(TRIES):
            fits("x", CASE, LINK, services)
        assert fits(CASE, CASE, OTHER, services)

    def test_at_one_moment_count_all(self, services):
        def try_it(_: int) -> bool | None:
            try:
                return fits("x", CASE, LINK, services)
            except TooManyTries:
                return None

        with ThreadPoolExecutor(RUSH) as pool:
            ends = list(pool.map(try_it, range(RUSH)))
        assert (ends.count(False), ends.count(None)) == (TRIES, RUSH - TRIES)

    def test_at_a_closed_door_write_nothing(self, services):
        for _ in range(TRIES):
            fits("x", CASE, LINK, services)
        with reading(services.engine) as connection:
            before = connection.execute(select(door_tries)).all()
            assert all(closed(LINK, services, typed) for typed in ("x", CASE))
        with reading(services.engine) as connection:
            assert connection.execute(select(door_tries)).all() == before

    def test_are_seen_by_every_process(self, services, clock):
        elsewhere = open_services(services.settings, clock)
        for number in range(TRIES):
            fits("x", CASE, LINK, elsewhere if number % 2 else services)
        assert closed(LINK, elsewhere)
        assert closed(LINK, services)
        elsewhere.close()

    def test_hold_nothing_about_a_person(self, services):
        fits("Ana Ruiz", CASE, LINK, services)
        ((named, decision, *numbers),) = kept(services)
        assert (named, decision, numbers[0]) == (LINK.name, DECISION, 1)
        assert all(isinstance(one, int) for one in numbers)


class TestInAll:
    def test_fifty_close_a_link_for_good_for_the_right_number_too(self, services, clock):
        assert try_until_shut(LINK, services, clock) == IN_ALL
        clock.move(hours=20)
        assert shut(LINK, services)
        assert fits(CASE, CASE, OTHER, services)

    def test_the_right_one_takes_back_itself_and_no_other(self, services):
        for _ in range(IN_ALL - 1):
            assert not fits("x", CASE, LINK, services)
            assert fits(CASE, CASE, LINK, services)
        assert not fits("x", CASE, LINK, services)
        assert shut(LINK, services)

    def test_a_rush_counts_what_was_read_and_no_more(self, services, monkeypatch):
        """Whoever looked before the first was counted is refused unread, and takes nothing from whoever comes later."""
        with monkeypatch.context() as patch:
            patch.setattr("explainer.service.doors.factor.reading", lambda _engine: nullcontext(Empty()))
            assert [fits("x", CASE, LINK, services) for _ in range(TRIES)] == [False] * 5
            assert all(closed(LINK, services, typed) for typed in ("x", CASE) * IN_ALL)
        ((*_, in_all, _),) = kept(services)
        assert in_all == TRIES
        services.clock.move(hours=1)
        assert fits(CASE, CASE, LINK, services)

    def test_at_a_door_that_is_shut_write_nothing(self, services, clock):
        try_until_shut(LINK, services, clock)
        before = kept(services)
        assert all(shut(LINK, services, typed) for typed in ("x", CASE))
        assert kept(services) == before

    @pytest.mark.parametrize("days", [-20, 20, 29])
    def test_no_process_whose_clock_is_wrong_takes_them_away(self, services, clock, days):
        """One that is further ahead refuses every link of ours as expired, before anything can be tried at its door."""
        assert try_until_shut(LINK, services, clock) == IN_ALL
        wrong = replace(services, clock=Clock(clock() + timedelta(days=days)))
        assert not fits("x", CASE, OTHER, wrong)
        assert shut(LINK, services)
        assert shut(LINK, wrong)

    def test_two_clocks_are_worth_few_tries_more(self, services, clock):
        """A process two hours ahead forgets the hour's tries, once, and then what it counted stands for all."""
        ahead = replace(services, clock=Clock(clock() + 2 * CLOSED))
        heard = 0
        for number in range(8 * TRIES):
            with suppress(TooManyTries):
                heard += not fits("x", CASE, LINK, ahead if number % 2 else services)
        assert TRIES <= heard <= 2 * TRIES

    def test_are_swept_a_month_after_the_link_has_ended(self, services, clock):
        fits("x", CASE, LINK, services)
        clock.now = LINK.until + timedelta(days=30)
        fits("x", CASE, OTHER._replace(until=clock() + timedelta(days=9)), services)
        assert [row[0] for row in kept(services)] == [OTHER.name]

    def test_go_with_what_leads_to_their_decision(self, services):
        for link in (LINK, OTHER._replace(decision=services.new_id())):
            fits("x", CASE, link, services)
        with writing(services.engine) as connection:
            forget(connection, [DECISION])
        assert [row[0] for row in kept(services)] == [OTHER.name]
