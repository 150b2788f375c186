"""Auth: each door opens for whom it was made, and a door without a lock is not put in."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from explainer.errors import Contradiction
from explainer.service.access import ROLES, create_key, revoke_key
from explainer.web.app import create_app
from explainer.web.auth import BY_LINK, EVERYBODY, guard, roles
from tests.support import Api

READERS = {"integrator", "agent", "supervisor", "auditor"}
# They show nothing about a case.
OPEN = {
    "/",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/static/<name>",
    "/docs",
    "/docs/assets/<name>",
    "/cards/<pack>",
    "/embed/panel",
}
BY_A_TOKEN = {"/embed/panel"}  # posted: asks for a token that opens one panel once
BY_A_LINK = {"/panel/<decision_id>", "/letter/<decision_id>"}  # they ask for a signed link or a key themselves
LOCKED = {
    ("POST", "/v1/packs/<pack>/decisions"): {"integrator"},
    ("POST", "/v1/packs/<pack>/decisions/bulk"): {"integrator"},
    ("GET", "/v1/decisions/<decision_id>"): READERS,
    ("GET", "/v1/decisions"): READERS,
    ("GET", "/v1/decisions/<decision_id>/letter"): READERS,
    ("POST", "/v1/decisions/<decision_id>/panel-tokens"): READERS,
    ("GET", "/v1/customers/<customer>/preferences"): READERS | {"privacy_officer"},
    ("PUT", "/v1/customers/<customer>/preferences"): READERS - {"auditor"} | {"privacy_officer"},
    ("GET", "/v1/customers/<customer>/data"): {"privacy_officer"},
    ("DELETE", "/v1/customers/<customer>"): {"privacy_officer"},
    ("GET", "/v1/decisions/<decision_id>/proof"): set(ROLES) - {"agent"},
    ("POST", "/v1/decisions/<decision_id>/links/revocations"): {"supervisor", "privacy_officer"},
    ("POST", "/v1/decisions/<decision_id>/replays"): {"auditor", "supervisor"},
    ("GET", "/dossier/<decision_id>"): {"auditor"},
    ("GET", "/v1/ledger/checkpoint"): set(ROLES),
    ("GET", "/v1/ledger/consistency"): set(ROLES),
    ("GET", "/v1/packs"): set(ROLES),
    ("GET", "/v1/packs/<pack>"): set(ROLES),
    ("GET", "/v1/packs/<pack>/card"): set(ROLES),
}


def address(rule: str) -> str:
    return re.sub(r"<\w+>", "refund_approval", rule)


class TestARefusal:
    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/v1/customers/C-1/data", "this needs the role privacy_officer"),
            ("/v1/decisions/x", "this needs one of the roles agent, auditor, integrator, supervisor"),
        ],
    )
    def test_names_the_role_that_is_needed_or_all_that_would_do(self, shared, path, said):
        assert shared.get(path, "operator").json["detail"] == said


class TestEveryRoute:
    def test_is_one_that_these_tests_know(self, shared):
        found = {
            (method, rule.rule)
            for rule in shared.client.application.url_map.iter_rules()
            for method in rule.methods - {"HEAD", "OPTIONS"}
        }
        known = {("GET", rule) for rule in OPEN | BY_A_LINK} | {("POST", rule) for rule in BY_A_LINK | BY_A_TOKEN} | set(LOCKED)
        assert found == known

    @pytest.mark.parametrize(("method", "rule"), LOCKED)
    def test_asks_who_comes(self, shared, method, rule):
        for tried in (method, "OPTIONS", *(["HEAD"] if method == "GET" else [])):
            answer = shared.call(tried, address(rule), None)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize(("method", "rule"), LOCKED)
    def test_opens_for_its_roles_and_for_no_other(self, shared, method, rule, role):
        answer = shared.call(method, address(rule), role)
        assert (answer.status_code == 403) == (role not in LOCKED[method, rule])
        assert answer.status_code != 401

    @pytest.mark.parametrize("rule", sorted(OPEN))
    def test_that_is_open_needs_no_key(self, shared, rule):
        with shared.get(address(rule), None) as answer:
            assert answer.status_code in {200, 404}

    @pytest.mark.parametrize("rule", sorted(BY_A_LINK))
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_that_opens_by_a_link_stays_shut_without_one(self, shared, method, rule):
        assert shared.call(method, address(rule), None).status_code in {401, 403}


class TestKeys:
    @pytest.mark.parametrize(
        "authorization",
        ["", "Bearer", "Bearer ", "Bearer exk_", "Bearer exk_a_b", "Basic YTpi", "Token {key}", "{key}", "Bearer {key}x"],
    )
    def test_what_is_no_key_opens_nothing(self, shared, authorization):
        said = {"Authorization": authorization.replace("{key}", shared.keys["integrator"])}
        answer = shared.get("/v1/packs", None, headers=said)
        assert (answer.status_code, answer.json["type"]) == (401, "urn:explainer:unauthenticated")

    def test_a_key_in_the_address_opens_nothing(self, shared):
        assert shared.get(f"/v1/packs?key={shared.keys['integrator']}", None).status_code == 401

    def test_a_revoked_key_opens_nothing(self, api, services):
        assert api.get("/v1/packs").status_code == 200
        revoke_key(api.keys["integrator"].split("_")[1], services)
        assert api.get("/v1/packs").status_code == 401
        assert api.get("/v1/packs", "auditor").status_code == 200

    def test_an_expired_key_opens_nothing(self, api, services, clock):
        client = Api(api.client, {"agent": create_key("for a day", ("agent",), 1, services)})
        assert client.get("/v1/packs", "agent").status_code == 200
        clock.move(days=1)
        assert client.get("/v1/packs", "agent").status_code == 401

    def test_one_key_can_have_two_roles(self, shared, shared_services):
        both = Api(shared.client, {"both": create_key("both", ("operator", "auditor"), None, shared_services)})
        assert both.get("/v1/decisions", "both").status_code == 200

    def test_a_key_that_is_wrong_and_one_that_is_unknown_look_alike(self, shared):
        key = shared.keys["integrator"]
        unknown, wrong = f"exk_{'0' * 12}_{key[17:]}", key[:-4] + "AAAA"
        answers = [shared.get("/v1/packs", None, headers={"Authorization": f"Bearer {one}"}) for one in (unknown, wrong)]
        assert answers[0].data == answers[1].data


class TestTheGuard:
    @pytest.fixture
    def app(self):
        return Flask("house", static_folder=None)

    def test_an_app_with_a_route_that_declares_nobody_does_not_start(self, app):
        app.get("/door")(lambda: "")
        with pytest.raises(Contradiction, match="/door"):
            guard(app)

    @pytest.mark.parametrize("declared", [("king",), ("agent", "king"), ()])
    def test_nor_does_one_with_a_role_that_does_not_exist(self, app, declared):
        app.get("/door")(roles(*declared)(lambda: ""))
        with pytest.raises(Contradiction, match="/door"):
            guard(app)

    @pytest.mark.parametrize("declared", [EVERYBODY, BY_LINK, "agent"])
    def test_one_whose_routes_all_declare_starts(self, app, declared):
        app.get("/door")(roles(declared)(lambda: ""))
        guard(app)

    def test_the_app_itself_is_guarded(self, services, monkeypatch):
        from explainer.web.pages import docs

        monkeypatch.delattr(docs.docs, "allowed_roles")
        with pytest.raises(Contradiction, match="/docs"):
            create_app(services)
