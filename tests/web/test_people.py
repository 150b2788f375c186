"""People: a token of the company's own sign-in opens what its roles open, and none that is not quite one opens anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from explainer.errors import AccessDenied, BadSettings, Unavailable
from explainer.service.access import ROLES
from explainer.service.doors import people
from explainer.service.doors.people import Issuer
from explainer.service.inspect import find, views_of
from explainer.settings import read_settings
from explainer.web.app import create_app
from tests.browser import free_port
from tests.cases import ending
from tests.issuer import AUDIENCE, NOW, open_issuer
from tests.support import SHIPPED, Api

REFUND = SHIPPED[0]
PUBLIC = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def part(said) -> str:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def issuer():
    with open_issuer() as opened:
        yield opened


def app_of(services, **said):
    settings = replace(services.settings, **({"oidc_audience": AUDIENCE} | said))
    app = create_app(replace(services, settings=settings))
    app.testing = False
    return Api(app.test_client(), {})


@pytest.fixture(scope="module")
def api(shared_services, issuer) -> Api:
    return app_of(shared_services, oidc_issuer=issuer.address)


def status(api, token, path="/v1/packs"):
    return api.get(path, None, headers={"Authorization": f"Bearer {token}"}).status_code


class TestAPerson:
    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
    def test_comes_in_by_each_kind_of_key(self, shared_services, algorithm):
        with open_issuer() as issuer:
            issuer.add_key("second", algorithm)
            assert status(app_of(shared_services, oidc_issuer=issuer.address), issuer.token("second")) == 200

    @pytest.mark.parametrize("role", ROLES)
    def test_may_do_what_their_role_may_but_never_what_a_program_s_may(self, api, issuer, role):
        token = issuer.token(roles=[role])
        assert status(api, token) == (403 if role == "integrator" else 200)
        assert status(api, token, "/v1/decisions") == (200 if role in {"agent", "supervisor", "auditor"} else 403)
        sent = api.call("POST", f"/v1/packs/{REFUND}/decisions", None, headers={"Authorization": f"Bearer {token}"}, json={})
        assert sent.status_code == 403

    def test_has_roles_that_are_not_ours_besides(self, api, issuer):
        assert status(api, issuer.token(roles=["king", 7, None, ["auditor"], "auditor"])) == 200

    @pytest.mark.parametrize("roles", [[], ["king"], "auditor", "agent supervisor", {"auditor": True}, None, 7, [["auditor"]]])
    def test_without_a_role_of_ours_may_do_nothing(self, api, issuer, roles):
        assert status(api, issuer.token(roles=roles)) == 403

    def test_has_roles_under_the_name_that_the_settings_say(self, shared_services, issuer):
        groups = app_of(shared_services, oidc_issuer=issuer.address, oidc_roles_claim="groups")
        assert status(groups, issuer.token(roles=["auditor"])) == 403
        assert status(groups, issuer.token(roles=None, groups=["auditor"])) == 200

    def test_may_be_one_of_several_audiences(self, api, issuer):
        assert status(api, issuer.token(aud=["other", AUDIENCE])) == 200

    @pytest.mark.parametrize("subject", ["42", "019DF289-a440-7ffa-8038-43d351fdcb86", "0a1b2c3d4e5f60718293"])
    def test_is_remembered_by_the_id_that_the_issuer_drew(self, api, issuer, shared, shared_services, subject):
        assert self.remembered(api, issuer, shared, shared_services, subject) == [f"person {subject}"]

    @pytest.mark.parametrize("subject", ["ana.ruiz@example.com", "Ana Ruiz", "aruiz", "\ud800", "12 34"])
    def test_is_remembered_by_a_keyed_digest_where_it_may_be_their_name(self, api, issuer, shared, shared_services, subject):
        (by,) = self.remembered(api, issuer, shared, shared_services, subject)
        assert by == f"person {shared_services.vault.index_digest('person', subject)[:16]}"

    def remembered(self, api, issuer, shared, services, subject):
        decided = shared.decide(REFUND, ending(services.serving(REFUND).release, "decline", "score")).json
        token = issuer.token(roles=["supervisor"], sub=subject)
        assert status(api, token, f"/v1/decisions/{decided['id']}") == 200
        return [one["by"] for one in views_of(find(decided["id"], services), services)]

    def test_opens_a_page_by_it_too(self, api, issuer, shared, shared_services):
        decided = shared.decide(REFUND, ending(shared_services.serving(REFUND).release, "decline", "score")).json
        assert status(api, issuer.token(roles=["agent"]), f"/letter/{decided['id']}") == 200
        assert status(api, issuer.token(roles=["operator"]), f"/letter/{decided['id']}") == 403

    def test_and_a_program_with_its_key_still_comes_in(self, api, shared):
        assert status(api, shared.keys["integrator"]) == 200


class TestAttacks:
    """Each token is one that a person has, but for one thing."""

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aud": "another"}, {"aud": []}, {"aud": None}, {"iss": "https://elsewhere.example"}, {"iss": None}, {"exp": None},
            {"exp": NOW - 30}, {"exp": NOW - 86_400}, {"exp": 10**400},
            {"nbf": -(10**400)}, {"nbf": NOW + 31}, {"nbf": "soon"}, {"exp": "never"}, {"exp": float("inf")},
            {"exp": float("nan")}, {"nbf": float("nan")}, {"exp": [NOW + 300]}, {"sub": None}, {"sub": 42},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_claim_that_is_not_right(self, api, issuer, wrong):
        assert status(api, issuer.token(**wrong)) == 401

    def test_clocks_may_be_half_a_minute_apart(self, api, issuer):
        assert status(api, issuer.token(exp=NOW - 29)) == 200
        assert status(api, issuer.token(nbf=NOW + 30)) == 200

    def test_a_trailing_slash_is_another_issuer(self, api, issuer):
        assert status(api, issuer.token(iss=f"{issuer.address}/")) == 401

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
    def test_one_that_nobody_signed(self, api, issuer, algorithm):
        head = {"alg": algorithm, "typ": "JWT", "kid": "first"}
        for signature in ("", part(b"x"), issuer.token().rpartition(".")[2]):
            assert status(api, f"{part(head)}.{part(issuer.claims())}.{signature}") == 401

    @pytest.mark.parametrize("form", ["pem", "jwk"])
    def test_one_signed_with_the_public_key_as_if_it_were_a_secret(self, api, issuer, form):
        pem = issuer.keys["first"][1].public_key().public_bytes(*PUBLIC)
        secret = pem if form == "pem" else json.dumps(issuer.public("first")).encode()
        signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(issuer.claims())}"
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        assert status(api, f"{signed}.{part(mac)}") == 401

    def test_one_whose_secret_the_issuer_publishes(self, shared_services):
        with open_issuer() as issuer:
            secret = b"x" * 32
            shared_key = {"kty": "oct", "k": part(secret), "kid": "shared", "alg": "HS256"}
            issuer.said["/jwks"] = json.dumps({"keys": [shared_key, issuer.public("first")]}).encode()
            api = app_of(shared_services, oidc_issuer=issuer.address)
            assert status(api, jwt.encode(issuer.claims(), secret, "HS256", {"kid": "shared"})) == 401
            assert status(api, issuer.token()) == 200

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
    def test_one_signed_by_somebody_else_under_a_known_name(self, api, issuer, algorithm):
        with open_issuer() as thief:
            thief.add_key("first", algorithm)
            assert status(api, thief.token(iss=issuer.address)) == 401

    def test_one_by_a_key_that_it_brings_itself(self, api, issuer):
        with open_issuer() as thief:
            for head in ({"jwk": thief.public("first")}, {"jku": f"{thief.address}/jwks"}):
                assert status(api, thief.token(iss=issuer.address, head=head)) == 401
            assert thief.asked == []

    def test_one_of_another_issuer_as_it_is(self, api, issuer):
        with open_issuer() as other:
            other.add_key("theirs", "ES256")
            assert status(api, other.token("theirs")) == 401

    @pytest.mark.parametrize("head", [{"kid": None}, {"kid": "nobody"}, {"kid": ""}, {"crit": ["x"], "x": 1}, {"b64": False}])
    def test_a_head_that_is_not_right(self, api, issuer, head):
        algorithm, key = issuer.keys["first"]
        said = {name: one for name, one in ({"kid": "first"} | head).items() if one is not None}
        try:
            token = jwt.encode(issuer.claims(), key, algorithm, said)
        except jwt.PyJWTError:  # which the library does not even write
            pytest.skip("cannot be written")
        assert status(api, token) == 401

    def test_one_that_was_changed_at_any_place(self, api, issuer):
        token = issuer.token(roles=["agent"])
        for place in range(0, len(token) - 1, 7):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            assert status(api, changed) == 401, place

    @pytest.mark.parametrize(
        "token",
        [
            "..", "a.b.c", "é.é.é", f"{part([])}..", f"{part({'alg': ['RS256'], 'kid': 'first'})}.{part({})}.", "." * 5_000,
            f"{part({'alg': 'RS256', 'kid': {}})}.{part({})}.", f"{part(b'[' * 5_000)}..", f"{part({'alg': 7, 'kid': 7})}..",
        ],
        ids=lambda one: one[:12],
    )  # fmt: skip
    def test_what_is_no_token(self, api, token):
        assert status(api, token) in {400, 401}

    def test_which_of_it_is_wrong_is_not_said(self, api, issuer):
        wrong = (issuer.token(aud="another"), issuer.token(exp=NOW - 99), issuer.token()[:-8] + "AAAAAAAA")
        answers = {api.get("/v1/packs", None, headers={"Authorization": f"Bearer {one}"}).data for one in wrong}
        assert len(answers) == 1


class TestTheIssuer:
    def test_is_asked_when_the_first_token_comes_and_once(self, shared_services):
        with open_issuer() as issuer:
            api = app_of(shared_services, oidc_issuer=issuer.address)
            assert issuer.asked == []
            assert [status(api, issuer.token()) for _ in range(3)] == [200] * 3
            assert issuer.asked == [people.DISCOVERY, "/jwks"]

    def test_is_not_asked_about_what_is_no_token_of_its_kind(self, shared_services, shared):
        with open_issuer() as issuer:
            api = app_of(shared_services, oidc_issuer=issuer.address)
            for one in (shared.keys["agent"], "exk_a_b", "x", f"{part({'alg': 'none', 'kid': 'first'})}.{part({})}."):
                status(api, one)
            assert issuer.asked == []

    def test_is_nobody_unless_the_settings_say_who(self, shared, issuer):
        before = len(issuer.asked)
        assert status(shared, issuer.token()) == 401
        assert len(issuer.asked) == before

    def test_is_asked_again_for_a_new_key_once_a_minute_at_most_and_for_all_once_an_hour(self):
        moment = [0.0]
        with open_issuer() as issuer:
            keys = Issuer(issuer.address, lambda: moment[0])
            keys.key("first")
            issuer.add_key("second", "ES256")
            for _ in range(5):
                with pytest.raises(AccessDenied):
                    keys.key("second")
            assert issuer.asked.count("/jwks") == 1
            moment[0] = 60.0
            assert keys.key("second").key_id == "second"
            assert issuer.asked.count("/jwks") == 2
            del issuer.keys["first"]
            assert keys.key("first").key_id == "first"
            moment[0] = 60.0 + 3_600
            with pytest.raises(AccessDenied):
                keys.key("first")

    def test_that_does_not_answer_is_no_fault_of_the_token(self, shared_services, issuer, capsys):
        address = f"http://127.0.0.1:{free_port()}"
        api = app_of(shared_services, oidc_issuer=address)
        for _ in range(2):
            answer = api.get("/v1/packs", None, headers={"Authorization": f"Bearer {issuer.token(iss=address)}"})
            assert (answer.status_code, answer.json["type"]) == (503, "urn:explainer:issuer-silent")
            assert (answer.headers["Retry-After"], "issuer" in answer.json["detail"]) == ("1", True)
            assert (urlsplit(address).netloc in answer.text, str(urlsplit(address).port) in answer.text) == (False, False)
            assert address in capsys.readouterr().out  # the operator's log says where

    def test_that_is_silent_holds_up_nobody_for_long_and_is_not_asked_by_each(self, monkeypatch):
        asked = []

        def silent(address):
            asked.append(address)
            time.sleep(2 * people.WAIT_SECONDS)
            raise Unavailable(address)

        monkeypatch.setattr(people, "_published", silent)
        keys = Issuer("https://login.example")

        def waits(_: int) -> float:
            began = time.monotonic()
            with pytest.raises(Unavailable):
                keys.key("first")
            return time.monotonic() - began

        with ThreadPoolExecutor(8) as pool:
            waited = [*pool.map(waits, range(8))]
        assert len(asked) == 1
        assert max(waited) < 4 * people.WAIT_SECONDS
        waits(0)
        assert len(asked) == 1  # it was asked a moment ago, counted from the end

    def test_that_failed_is_asked_again_some_seconds_later(self):
        moment = [0.0]
        with open_issuer() as issuer:
            keys = Issuer(issuer.address, lambda: moment[0])
            issuer.said["/jwks"] = b"not now"
            for _ in range(3):
                with pytest.raises(Unavailable):
                    keys.key("first")
            assert issuer.asked.count("/jwks") == 1
            del issuer.said["/jwks"]
            moment[0] = 5.0
            assert keys.key("first")

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("/jwks", b"{}"), ("/jwks", b'{"keys": 7}'), ("/jwks", b"[]"), ("/jwks", b"\xff"), ("/jwks", b"[" * 100_000),
            ("/jwks", b"to https://elsewhere.example/jwks"), (people.DISCOVERY, b"{}"), (people.DISCOVERY, b'{"issuer": "x"}'),
            (people.DISCOVERY, b"null"), (people.DISCOVERY, b"to /jwks"),
        ],
    )  # fmt: skip
    def test_that_answers_something_else_does_not_answer(self, path, said):
        with open_issuer() as issuer:
            issuer.said[path] = said
            with pytest.raises(Unavailable):
                Issuer(issuer.address).key("first")

    @pytest.mark.parametrize("address", ["http://elsewhere.example/jwks", "file:///etc/passwd", "ftp://elsewhere.example/x", "x"])
    def test_keys_are_fetched_from_a_safe_address_only(self, address):
        with open_issuer() as issuer:
            issuer.said[people.DISCOVERY] = json.dumps({"issuer": issuer.address, "jwks_uri": address}).encode()
            with pytest.raises(Unavailable):
                Issuer(issuer.address).key("first")


class TestSettings:
    @pytest.mark.parametrize("address", ["https://login.example", "https://login.example/realms/desk", "http://127.0.0.1:9000"])
    def test_an_issuer_is_named_with_its_audience(self, monkeypatch, address):
        monkeypatch.setenv("EXPLAINER_OIDC_ISSUER", address)
        monkeypatch.setenv("EXPLAINER_OIDC_AUDIENCE", "explainer")
        assert (read_settings().oidc_issuer, read_settings().oidc_roles_claim) == (address, "roles")

    @pytest.mark.parametrize(
        "address",
        ["http://login.example", "login.example", "https://", "ftp://login.example", "https://a@login.example", "https://l.example?x",
         "https://l.example#x", "http://127.0.0.1.example", "https://[x", "https://login.example:port"],
    )  # fmt: skip
    def test_by_an_address_that_nobody_changes_on_its_way(self, monkeypatch, address):
        monkeypatch.setenv("EXPLAINER_OIDC_ISSUER", address)
        monkeypatch.setenv("EXPLAINER_OIDC_AUDIENCE", "explainer")
        with pytest.raises(BadSettings, match="EXPLAINER_OIDC_ISSUER"):
            read_settings()

    def test_and_never_without_one(self, monkeypatch):
        monkeypatch.setenv("EXPLAINER_OIDC_ISSUER", "https://login.example")
        with pytest.raises(BadSettings, match="EXPLAINER_OIDC_AUDIENCE"):
            read_settings()
