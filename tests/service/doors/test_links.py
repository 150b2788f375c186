"""Links: each opens one page, until the promised time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from explainer.errors import AccessDenied, LinkExpired
from explainer.service.decide import Case, decide
from explainer.service.doors.links import LINK, OPENED, _signer, admission, named, opens, sign_link
from explainer.service.wiring import open_services
from explainer.settings import NO_FACTOR
from explainer.views.letter import as_text, write_footer, write_letter
from tests.cases import ending
from tests.support import SHIPPED

REFUND = SHIPPED[0]
ONE, OTHER = "019df048-dc00-7374-8611-eb57581ae8c7", "019df048-dc00-767e-83b2-40a68095956b"


class TestLinks:
    @pytest.fixture
    def release(self, releases):
        return releases["refund_approval"][0]

    def test_a_link_opens_the_view_it_was_made_for(self, services, release):
        assert opens(sign_link("panel", ONE, release, services), "panel", ONE, services) == datetime(2026, 5, 5, 23, tzinfo=UTC)

    @pytest.mark.parametrize(("view", "decision"), [("letter", ONE), ("panel", OTHER), ("letter", OTHER)])
    def test_a_link_opens_no_other_view_and_no_other_decision(self, services, release, view, decision):
        with pytest.raises(AccessDenied):
            opens(sign_link("panel", ONE, release, services), view, decision, services)

    def test_a_link_with_any_character_changed_opens_nothing(self, services, release):
        token = sign_link("panel", ONE, release, services)
        for place in range(len(token) - 1):  # the last character of base64 holds bits that nobody reads
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            with pytest.raises(AccessDenied):
                opens(changed, "panel", ONE, services)

    @pytest.mark.parametrize("token", ["", ".", "x", "a.b.c", "é", "\x00", "W10.", "A" * 5000])
    def test_what_is_not_a_link_opens_nothing(self, services, token):
        with pytest.raises(AccessDenied):
            opens(token, "panel", ONE, services)

    @pytest.mark.parametrize(
        ("view", "until"), [("panel", datetime(2026, 5, 5, 23, tzinfo=UTC)), ("letter", datetime(2026, 6, 2, 23, tzinfo=UTC))]
    )
    def test_a_link_expires_at_the_promised_time(self, services, release, clock, view, until):
        token = sign_link(view, ONE, release, services)
        clock.move(seconds=(until - clock()).total_seconds(), microseconds=-1)
        assert opens(token, view, ONE, services) == until
        clock.move(microseconds=1)
        with pytest.raises(LinkExpired):
            opens(token, view, ONE, services)

    def test_a_panel_opens_for_a_day_at_least_and_two_at_most(self, services, release, clock):
        for hour in range(24):
            clock.now = datetime(2026, 5, 4, hour, 30, tzinfo=UTC)
            lasts = opens(sign_link("panel", ONE, release, services), "panel", ONE, services) - clock()
            assert 24 <= lasts.total_seconds() / 3600 <= 48

    @pytest.mark.parametrize("zone", ["Europe/Dublin", "America/Los_Angeles", "Pacific/Auckland"])
    @pytest.mark.parametrize(("letter_days", "contest_days"), [(30, 30), (30, 60), (30, 14), (7, 30), (7, 14), (21, 14)])
    def test_a_letter_stays_open_while_its_customer_can_contest_and_never_longer_than_30_days(
        self, services, release, clock, zone, letter_days, contest_days
    ):
        there = replace(
            release,
            organisation=replace(release.organisation, time_zone=zone),
            pack=replace(release.pack, contest_days=contest_days),
        )
        patient = replace(services, settings=replace(services.settings, letter_days=letter_days))
        for hour in range(24):
            clock.now = datetime(2026, 10, 20, hour, 30, tzinfo=UTC)  # clocks go back before the last day
            until = opens(sign_link("letter", ONE, there, patient), "letter", ONE, patient)
            assert until - clock.now <= timedelta(days=30)
            last, days = until.astimezone(ZoneInfo(zone)), max(letter_days, contest_days)
            if days < 30:
                assert (last.date() - clock.now.astimezone(ZoneInfo(zone)).date()).days == days + 1
                assert last.time() == time(0, 0)
            else:
                assert until - clock.now > timedelta(days=28, hours=23)

    def test_the_letter_says_the_whole_time_to_contest_however_long_its_link_lasts(self, services, release):
        patient = replace(release, pack=replace(release.pack, contest_days=60))
        case = Case(REFUND, "C-1", "R-1", "en", ending(release, "decline", "score"))
        record = decide(case, "patient", services).record
        told = as_text(write_letter(record, patient, "en"), write_footer(patient, "en", "0000"))
        assert "July 3, 2026" in " ".join(told.split())  # sixty days from the fourth of May
        until = opens(sign_link("letter", record.id, patient, services), "letter", record.id, services)
        assert until == datetime(2026, 6, 2, 23, tzinfo=UTC)

    def test_a_link_is_the_same_all_day_and_another_the_day_after(self, services, release):
        def signed(*at: int) -> str:
            services.clock.now = datetime(2026, 5, *at, tzinfo=UTC)
            return sign_link("letter", ONE, release, services)

        assert signed(3, 23, 0) == signed(4, 12, 0) == signed(4, 22, 59)  # a day in Dublin, in summer
        assert signed(4, 22, 59) != signed(4, 23, 0)

    def test_a_link_of_another_deployment_opens_nothing(self, services, release, tmp_path, clock):
        elsewhere = open_services(replace(services.settings, home=tmp_path / "elsewhere"), clock)
        token = sign_link("panel", ONE, release, elsewhere)
        elsewhere.close()
        with pytest.raises(AccessDenied):
            opens(token, "panel", ONE, services)


class TestAdmission:
    @pytest.fixture
    def token(self, services, releases):
        return sign_link("letter", ONE, releases[REFUND][0], services)

    @pytest.fixture
    def trusting(self, services):
        return replace(services, settings=replace(services.settings, letter_factor=NO_FACTOR))

    def test_of_a_door_that_asked_for_nothing_opens_nothing_once_it_asks(self, services, trusting, token):
        kept = admission(token, trusting)
        assert opens(kept, "letter", ONE, trusting, kind=OPENED)
        with pytest.raises(AccessDenied):
            opens(kept, "letter", ONE, services, kind=OPENED)

    def test_of_a_door_that_asked_opens_where_none_does_any_more(self, services, trusting, token):
        assert opens(admission(token, services), "letter", ONE, trusting, kind=OPENED)

    def test_to_a_panel_is_the_same_whatever_a_letter_s_door_asks_for(self, services, trusting, releases):
        panel = sign_link("panel", ONE, releases[REFUND][0], services)
        for one, other in ((services, trusting), (trusting, services)):
            assert opens(admission(panel, one), "panel", ONE, other, kind=OPENED)

    @pytest.mark.parametrize("revoked", [0, 1])
    def test_that_does_not_say_what_was_asked_for_opens_nothing(self, services, token, revoked):
        """As those of before do not."""
        said = [*_signer(LINK, services).loads(token)[:3], revoked]
        for kept in (said, said[:3], [said], [said, True], [said, 1], "x", None):
            with pytest.raises(AccessDenied):
                opens(str(_signer(OPENED, services).dumps(kept)), "letter", ONE, services, kind=OPENED)


class TestNames:
    def test_are_the_same_however_a_link_is_written_and_others_for_other_links(self, services, releases, clock):
        release = releases[REFUND][0]
        token = sign_link("letter", ONE, release, services)
        ways = set()
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
            with suppress(AccessDenied):
                ways.add(named(token[:-1] + last, services))
        assert ways == {named(token, services)}
        others = [
            sign_link("letter", OTHER, release, services),
            sign_link("letter", ONE, release, services, revoked={("letter", ONE): 1}),
        ]
        clock.move(days=1)
        others.append(sign_link("letter", ONE, release, services))
        assert len({named(one, services) for one in (token, *others)}) == 4
