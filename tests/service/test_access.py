"""Access: secrets that are never stored, and links that open one page until the promised time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from explainer.errors import AccessDenied, BadInput, LinkExpired, UnknownKey
from explainer.service.access import ROLES, caller_of, create_key, list_keys, opens, revoke_key, sign_link
from explainer.service.wiring import open_services

ONE, OTHER = "019df048-dc00-7374-8611-eb57581ae8c7", "019df048-dc00-767e-83b2-40a68095956b"


class TestKeys:
    def test_the_secret_is_nowhere_in_the_database(self, services, home):
        key = create_key("crm", ("integrator",), None, services)
        services.engine.dispose()  # everything is in the files now
        key_id, secret = key.split("_", 2)[1:]
        stored = b"".join(path.read_bytes() for path in home.glob("*.sqlite3*"))
        assert key_id.encode() in stored
        assert secret.encode() not in stored

    def test_a_key_says_who_comes_and_what_they_may_do(self, services):
        who = caller_of(create_key("crm", ("integrator", "auditor"), None, services), services)
        assert (who.name, who.roles) == ("crm", {"integrator", "auditor"})

    def test_a_key_is_listed_without_its_secret(self, services):
        key = create_key("crm", ("agent",), 7, services)
        (listed,) = list_keys(services)
        assert (listed.name, listed.roles, listed.revoked_at) == ("crm", ("agent",), None)
        assert key.split("_", 2)[2] not in repr(listed)

    @pytest.mark.parametrize("changed", ["last", "first", "id", "empty", "other"])
    def test_a_key_that_is_off_by_a_little_opens_nothing(self, services, changed):
        key = create_key("crm", ("agent",), None, services)
        _, key_id, secret = key.split("_", 2)
        other = create_key("shop", ("agent",), None, services).split("_", 2)[2]
        wrong = {
            "last": key[:-1] + ("A" if key[-1] != "A" else "B"),
            "first": f"exk_{key_id}_{'A' if secret[0] != 'A' else 'B'}{secret[1:]}",
            "id": f"exk_{'0' * 12}_{secret}",
            "empty": f"exk_{key_id}_",
            "other": f"exk_{key_id}_{other}",
        }[changed]
        with pytest.raises(AccessDenied):
            caller_of(wrong, services)

    def test_a_key_expires_at_its_time(self, services, clock):
        key = create_key("crm", ("agent",), 7, services)
        clock.move(days=7, microseconds=-1)
        assert caller_of(key, services).name == "crm"
        clock.move(microseconds=1)
        with pytest.raises(AccessDenied):
            caller_of(key, services)

    def test_a_key_without_an_end_lasts(self, services, clock):
        key = create_key("crm", ("agent",), None, services)
        clock.move(days=10_000)
        assert caller_of(key, services).name == "crm"

    def test_a_revoked_key_opens_nothing_from_then_on(self, services):
        key, other = (create_key(name, ("agent",), None, services) for name in ("crm", "shop"))
        revoke_key(key.split("_")[1], services)
        with pytest.raises(AccessDenied):
            caller_of(key, services)
        assert caller_of(other, services).name == "shop"

    def test_revoking_twice_or_what_is_not_there_is_said(self, services):
        key_id = create_key("crm", ("agent",), None, services).split("_")[1]
        revoke_key(key_id, services)
        for unknown in (key_id, "0" * 12):
            with pytest.raises(UnknownKey):
                revoke_key(unknown, services)

    @pytest.mark.parametrize("roles", [(), ("king",), ("agent", "king"), ("agent,integrator",)])
    def test_a_role_that_does_not_exist_is_refused_and_no_key_is_made(self, services, roles):
        with pytest.raises(BadInput, match=ROLES[0]):
            create_key("crm", roles, None, services)
        assert list_keys(services) == []


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
        ("view", "until"), [("panel", datetime(2026, 5, 5, 23, tzinfo=UTC)), ("letter", datetime(2026, 6, 3, 23, tzinfo=UTC))]
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
    @pytest.mark.parametrize(("letter_days", "contest_days"), [(30, 30), (30, 60), (30, 14), (7, 30)])
    def test_a_letter_stays_open_until_the_last_day_to_contest_is_over(
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
            until = opens(sign_link("letter", ONE, there, patient), "letter", ONE, patient).astimezone(ZoneInfo(zone))
            decided = clock.now.astimezone(ZoneInfo(zone)).date()
            assert (until.date() - decided).days == max(letter_days, contest_days) + 1
            assert until.time() == time(0, 0)

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
