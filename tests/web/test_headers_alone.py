"""Headers alone: who asks for no more is no reader, and nobody is remembered as one."""

from __future__ import annotations

import pytest


class TestHeadersAlone:
    """HEAD, as a mail's filter or a chat's preview asks before anybody reads."""

    PATHS = ("/panel/{}", "/letter/{}", "/letter/{}?format=pdf", "/v1/decisions/{}/letter", "/v1/decisions/{}", "/dossier/{}")

    @pytest.mark.parametrize("path", PATHS)
    def test_are_sent_and_nobody_is_remembered_as_a_reader(self, api, services, sampled, path):
        decided = api.decide("refund_approval", sampled("refund_approval", 1)[0], customer="C-head").json["id"]
        asked, role = path.format(decided), "auditor"
        assert api.call("HEAD", asked, role).status_code == 200
        assert services.ledger.of_customer("C-head", "view") == []
        assert api.get(asked, role).status_code == 200
        assert len(services.ledger.of_customer("C-head", "view")) == 1

    def test_of_all_that_is_held_about_a_customer_neither(self, api, services, sampled):
        api.decide("refund_approval", sampled("refund_approval", 1)[0], customer="C-head")
        for method, remembered in (("HEAD", 0), ("GET", 1)):
            assert api.call(method, "/v1/customers/C-head/data", "privacy_officer").status_code == 200
            assert len(services.ledger.of_customer("C-head", "access")) == remembered
