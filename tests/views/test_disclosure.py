"""Disclosure: numbers for those who check the machine, words for those who talk to people."""

from __future__ import annotations

import pytest

from explainer.service.access import ROLES
from explainer.views.disclosure import reply, sentences_of
from tests.cases import ENDS, ending

SCORE, PERMISSION = ("refund_approval", "decline", "score"), ("refund_approval", "refer", "permission")
LINKS = {"self": "/v1/decisions/x"}


class TestAttributions:
    @pytest.mark.parametrize("role", ROLES)
    def test_only_the_integrator_and_the_auditor_see_them(self, told, role):
        said = reply(told[SCORE][0], "en", frozenset({role}), LINKS)
        assert ("attributions" in said) == (role in {"integrator", "auditor"})

    @pytest.mark.parametrize("role", ["agent", "supervisor"])
    def test_no_other_part_of_the_reply_gives_them_away(self, told, role):
        record = told[SCORE][0]
        said = repr(reply(record, "en", frozenset({role}), LINKS))
        assert not [one for one in map(float, record.explained.attribution.phi) if repr(one) in said]

    def test_two_roles_see_what_either_sees(self, told):
        assert "attributions" in reply(told[SCORE][0], "en", frozenset({"agent", "auditor"}), LINKS)

    def test_there_are_none_when_the_model_was_not_called(self, told):
        assert reply(told[PERMISSION][0], "en", frozenset({"auditor"}), LINKS)["attributions"] is None

    @pytest.mark.parametrize(("role", "sees"), [("integrator", True), ("auditor", True), ("agent", False), ("supervisor", False)])
    def test_over_http_too(self, api, services, role, sees):
        facts = ending(services.serving("refund_approval").release, "decline", "score")
        decided = api.decide("refund_approval", facts).json["id"]
        assert ("attributions" in api.get(f"/v1/decisions/{decided}", role).json) == sees


class TestTheSameForEverybody:
    @pytest.mark.parametrize("end", ENDS, ids="-".join)
    def test_roles_differ_in_nothing_but_attributions(self, told, end):
        full, words = (reply(told[end][0], "en", frozenset({role}), LINKS) for role in ("auditor", "agent"))
        del full["attributions"]
        assert full == words

    def test_a_regional_locale_reads_its_language(self, told):
        record = told[SCORE][0]
        regional, spanish, english = (sentences_of(record, "customer", one) for one in ("es-MX", "es", "en"))
        assert regional == spanish
        assert regional != english

    def test_neither_the_customer_nor_the_facts_are_repeated(self, record_of):
        record, _ = record_of(*SCORE, customer="Ana Ruiz 4711")
        said = reply(record, "en", frozenset({"auditor"}), LINKS)
        assert "Ana Ruiz 4711" not in repr(said)
        assert "facts" not in said
