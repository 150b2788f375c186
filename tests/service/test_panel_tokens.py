"""Panel tokens: each opens one panel once, on the desktop it was made for and within two minutes, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from explainer.errors import TokenSpent, UnknownOrigin
from explainer.ledger.engines import reading
from explainer.ledger.tables import panel_tokens
from explainer.service.access import PANEL_TOKEN_SECONDS, issue_panel_token, redeem_panel_token
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.support import MODELS, Clock

DECISION = "019df048-dc00-7374-8611-eb57581ae8c7"
DESK, OTHER = "https://desk.example", "https://other.example"
RUSH = 8  # who come with the same token at the same time


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def services(request: pytest.FixtureRequest, tmp_path, clock: Clock) -> Iterator[Services]:
    settings = Settings(home=tmp_path / "home", models=MODELS, panel_origins=f"{DESK}, {OTHER}")
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres").database())
    opened = open_services(settings, clock)
    yield opened
    opened.close()


def kept(services: Services) -> list[tuple]:
    with reading(services.engine) as connection:
        return [tuple(row) for row in connection.execute(select(panel_tokens))]


def refused(token: str, origin: str, services: Services) -> bool:
    with pytest.raises(TokenSpent):
        redeem_panel_token(token, origin, services)
    return True


class TestToken:
    def test_it_opens_the_panel_it_was_made_for_once(self, services):
        token, _ = issue_panel_token(DECISION, DESK, services)
        assert redeem_panel_token(token, DESK, services) == DECISION
        assert refused(token, DESK, services)
        assert kept(services) == []

    def test_of_many_that_come_with_it_at_once_one_is_admitted(self, services):
        token, _ = issue_panel_token(DECISION, DESK, services)

        def come(_: int) -> bool:
            try:
                return redeem_panel_token(token, DESK, services) == DECISION
            except TokenSpent:
                return False

        with ThreadPoolExecutor(RUSH) as pool:
            assert sorted(pool.map(come, range(RUSH))) == [False] * (RUSH - 1) + [True]

    def test_on_another_desktop_it_opens_nothing_and_is_gone(self, services):
        token, _ = issue_panel_token(DECISION, DESK, services)
        assert refused(token, OTHER, services)
        assert refused(token, DESK, services)

    def test_it_lasts_two_minutes(self, services, clock):
        tokens = [issue_panel_token(DECISION, DESK, services) for _ in range(2)]
        clock.move(seconds=PANEL_TOKEN_SECONDS, microseconds=-1)
        assert redeem_panel_token(tokens[0][0], DESK, services) == DECISION
        clock.move(microseconds=1)
        assert tokens[1][1] == clock()
        assert refused(tokens[1][0], DESK, services)

    def test_what_nobody_used_in_time_is_swept_away_by_the_next(self, services, clock):
        issue_panel_token(DECISION, DESK, services)
        clock.move(seconds=PANEL_TOKEN_SECONDS)
        issue_panel_token(DECISION, DESK, services)
        assert len(kept(services)) == 1

    @pytest.mark.parametrize("token", ["", "ext_", "x", "é", "\x00", "' OR 1=1 --"])
    def test_what_is_no_token_opens_nothing(self, services, token):
        issue_panel_token(DECISION, DESK, services)
        assert refused(token, DESK, services)
        assert len(kept(services)) == 1

    def test_the_database_holds_its_digest_and_not_the_token(self, services):
        token, _ = issue_panel_token(DECISION, DESK, services)
        ((digest, decision, origin, _),) = kept(services)
        assert (decision, origin) == (DECISION, DESK)
        assert digest not in token
        assert token.removeprefix("ext_") not in str(kept(services))
        assert refused(digest, DESK, services)

    @pytest.mark.parametrize(
        "origin", ["https://foreign.example", "https://desk.example/", "https://DESK.example", "null", "*", ""]
    )
    def test_there_is_none_for_a_desktop_that_is_not_on_the_list(self, services, origin):
        with pytest.raises(UnknownOrigin):
            issue_panel_token(DECISION, origin, services)
        assert kept(services) == []
