"""Auditors at the door: a case is replayed and its dossier read, by role, and both are remembered."""

from __future__ import annotations

import pytest

from explainer.service import inspect
from tests.support import SHIPPED

REFUND = SHIPPED[0]


@pytest.fixture
def case(api, sampled) -> str:
    return str(api.decide(REFUND, sampled(REFUND, 1)[0]).json["id"])


class TestReplays:
    def test_an_auditor_gets_every_comparison_and_it_is_remembered(self, api, services, case):
        reply = api.call("POST", f"/v1/decisions/{case}/replays", "auditor")
        assert (reply.status_code, reply.json["same"]) == (201, True)
        margins = {one["by"]: one["end"] for one in reply.json["findings"] if one["part"] == "margin"}
        assert margins == {"kernel": "same", "reader": "same"}
        attributions = {one["by"]: one["end"] for one in reply.json["findings"] if one["level"] == "E2"}
        assert attributions == {"kernel": "same", "counting": "same"}
        assert {one["why"] for one in reply.json["findings"] if one["part"] == "proof"} == {"not sealed yet"}
        (entry,) = services.ledger.newest_first(inspect.REPLAY)
        assert entry.leaf["refs"] == [case]

    def test_a_foreign_id_is_an_unknown_one(self, api, services):
        assert api.call("POST", f"/v1/decisions/{services.new_id()}/replays", "auditor").status_code == 404

    @pytest.mark.parametrize("role", ["integrator", "agent", "operator"])
    def test_others_do_not(self, api, case, role):
        assert api.call("POST", f"/v1/decisions/{case}/replays", role).status_code == 403


class TestDossier:
    def test_an_auditor_reads_all_of_it_and_that_is_remembered(self, api, services, case):
        api.get(f"/v1/decisions/{case}/letter", "agent")
        services.sealer().seal()
        api.call("POST", f"/v1/decisions/{case}/replays", "auditor")
        shown = api.get(f"/dossier/{case}", "auditor")
        found = inspect.find(case, services)
        assert shown.status_code == 200
        for said in (case, found.code, found.record.case, "replayed by test auditor", "written again: same", found.record.release):
            assert said in shown.text
        assert all(rule.source.split(",")[0] in shown.text for rule in found.release.pack.rules)
        assert [one["view"] for one in inspect.views_of(found, services)] == ["letter", "dossier"]

    def test_it_shows_the_sensitive_and_the_customer_so_nobody_else_may(self, api, case):
        for role in ("integrator", "agent", "supervisor", "operator"):
            assert api.get(f"/dossier/{case}", role).status_code == 403
        assert api.get(f"/dossier/{case}", None).status_code == 401

    def test_before_it_is_sealed_it_says_so(self, api, case):
        assert "not sealed yet" in api.get(f"/dossier/{case}", "auditor").text
