"""Health: ready means that a case could be decided and remembered now; asking costs next to nothing."""

from __future__ import annotations

import shutil
import time

import pytest

from explainer.errors import Unavailable
from explainer.ledger.tables import ledger, vault
from explainer.service.access import create_key
from explainer.service.wiring import open_services
from explainer.web.app import create_app
from tests.support import SHIPPED, Api

REFUND = SHIPPED[0]


class TestHealth:
    def test_it_is_alive_and_ready(self, shared):
        assert shared.get("/healthz", None).json == {"status": "ok"}
        assert shared.get("/readyz", None).json == {"status": "ready", "packs": sorted(SHIPPED)}

    def test_it_is_not_ready_when_it_could_not_remember(self, api, services):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE rule_index")
            connection.exec_driver_sql("DROP TABLE entry_index")
        assert (api.get("/healthz", None).status_code, api.get("/readyz", None).status_code) == (200, 503)

    @pytest.mark.parametrize("table", [*ledger.tables, *vault.tables])
    def test_it_is_not_ready_without_any_of_its_tables_and_says_which(self, services, table):
        engine = services.engine if table in ledger.tables else services.vault_engine
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO elsewhere")
        answer = create_app(services).test_client().get("/readyz")
        assert (answer.status_code, f"the table {table} is missing" in answer.json["detail"]) == (503, True)

    def test_it_is_not_ready_when_the_index_lost_rows(self, api, services):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM entry_index")
        answer = api.get("/readyz", None)
        assert (answer.status_code, "rebuild-index" in answer.json["detail"]) == (503, True)

    def test_however_many_ask_the_database_is_asked_once_a_second(self, api, services, monkeypatch):
        asked = []
        monkeypatch.setattr(type(services.ledger), "check", lambda _ledger: asked.append(1))
        monkeypatch.setattr("explainer.web.api.health.READY_SECONDS", 60.0)
        assert {api.get("/readyz", None).status_code for _ in range(20)} == {200}
        assert len(asked) == 1

    def test_a_refusal_is_remembered_as_long_and_then_looked_at_again(self, api, services, monkeypatch):
        asked = []

        def fail(_ledger):
            asked.append(1)
            if len(asked) == 1:
                raise Unavailable("the database did not answer; try again")

        monkeypatch.setattr(type(services.ledger), "check", fail)
        monkeypatch.setattr("explainer.web.api.health.READY_SECONDS", 60.0)
        assert {api.get("/readyz", None).status_code for _ in range(3)} == {503}
        later = time.monotonic() + 61
        monkeypatch.setattr("time.monotonic", lambda: later)
        assert api.get("/readyz", None).status_code == 200

    def test_a_release_that_is_not_there_is_a_503_without_any_path(self, services, home, sampled):
        shutil.rmtree(home / "releases" / services.active_digest(REFUND))
        again = open_services(services.settings, services.clock)
        key = create_key("crm", ("integrator",), None, again)
        api = Api(create_app(again).test_client(), {"integrator": key})
        for answer in (api.get("/readyz", None), api.decide(REFUND, sampled(REFUND, 1)[0])):
            assert answer.status_code == 503
            assert "not on this machine" in answer.json["detail"]
            assert str(home) not in answer.text
            assert "/" not in answer.json["detail"]
        again.close()

    def test_decisions_of_such_a_release_are_still_found(self, services, home, api, sampled):
        decided = api.decide(REFUND, sampled(REFUND, 1)[0]).json
        shutil.rmtree(home / "releases" / services.active_digest(REFUND))
        again = open_services(services.settings, services.clock)
        there = Api(create_app(again).test_client(), api.keys)
        (found,) = there.get("/v1/decisions").json["decisions"]
        assert (found["id"], found["links"].keys()) == (decided["id"], {"self"})
        again.close()

    def test_it_is_not_ready_when_a_release_was_changed(self, services, home):
        services.registry._opened.clear()
        (home / "releases" / services.active_digest(REFUND) / "model.txt").write_text("tree\n")
        answer = create_app(services).test_client().get("/readyz")
        assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
