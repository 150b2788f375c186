"""Links by command: those of one decision are taken back."""

from __future__ import annotations

import json

import pytest

from explainer.service.decide import Case, decide
from explainer.service.doors.revoking import count_revoked
from tests.cases import ending
from tests.support import SHIPPED
from tests.test_cli import runner

REFUND = SHIPPED[0]


@pytest.fixture
def decided(services) -> str:
    facts = ending(services.serving(REFUND).release, "decline", "score")
    return decide(Case(REFUND, "C-1", "R-1", "en", facts), "links", services).record.id


class TestRevoke:
    def test_takes_back_links_to_both_views(self, services, home, decided):
        done = runner(home)("links", "revoke", decided)
        assert (done.exit_code, done.stdout) == (0, "no link to its panel or letter opens any more\n")
        assert set(count_revoked([decided], services).values()) == {1}

    def test_or_to_one(self, services, home, decided):
        done = runner(home)("links", "revoke", decided, "--view", "letter", "--json")
        assert json.loads(done.stdout) == {"id": decided, "views": ["letter"]}
        assert count_revoked([decided], services) == {("panel", decided): 0, ("letter", decided): 1}

    def test_of_no_decision_is_refused(self, home):
        done = runner(home)("links", "revoke", "019df289-a440-7ffa-8038-43d351fdcb86")
        assert (done.exit_code, done.stderr) == (1, "explainer: no decision with that id\n")
