"""Problems: a request that is not what the door takes is answered clearly, without echoing it, and nothing is stored."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.cases import Untouchable, ending, entries
from tests.support import SHIPPED, Api

REFUND = SHIPPED[0]
PATH = f"/v1/packs/{REFUND}/decisions"
CANARY = "canary7f3a"
MANY = 9 * 10**40


@pytest.fixture(scope="module")
def facts(shared_services) -> dict[str, Any]:
    return ending(shared_services.serving(REFUND).release, "decline", "score")


@pytest.fixture
def refused(shared: Api, shared_services):
    """Posts a body that must be refused; gives the problem after checking all that is true of every problem."""

    def post(data: bytes | str, content_type: str = "application/json", key: str | None = "key") -> dict[str, Any]:
        before = entries(shared_services.settings.home)
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = shared.call("POST", PATH, data=data, content_type=content_type, headers=headers)
        assert 400 <= answer.status_code < 500
        assert answer.mimetype == "application/problem+json"
        assert answer.json["status"] == answer.status_code
        assert answer.json["type"].startswith("urn:explainer:")
        assert answer.json["title"]
        assert CANARY not in answer.text
        assert entries(shared_services.settings.home) == before
        return answer.json | {"fields": sorted({one["field"] for one in answer.json.get("errors", [])})}

    return post


def body(facts: Any, /, **more: Any) -> str:
    return json.dumps({"customer": "C-1", "case": "R-1", "facts": facts} | more)


class TestFacts:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("amount", -0.01),
            ("amount", 10_000.01),
            ("amount", CANARY),
            ("amount", True),
            ("amount", MANY),
            ("amount", -MANY),
            ("amount", None),
            ("amount", [CANARY]),
            ("amount", {"value": CANARY}),
            ("days_since_delivery", 1.5),
            ("days_since_delivery", 731),
            ("days_since_delivery", "7"),
            ("reason", CANARY),
            ("reason", 3),
            ("reason", ""),
            ("reason", "Damaged"),
            ("reason", f"damaged\x00{CANARY}"),
            ("reason", "\ud800"),
            ("reason", ["damaged"]),
            ("gift", 1),
            ("gift", "true"),
            ("horoscope", CANARY),
            ("age_band", "18-25"),
            ("\ud800", 1),
            ("\x00", 1),
            ("", 1),
        ],
        ids=repr,
    )
    def test_a_mistaken_fact_is_named(self, refused, facts, name, value):
        problem = refused(body(facts | {name: value}))
        assert (problem["status"], problem["fields"]) == (422, [f"facts.{name}"])

    def test_a_fact_that_is_missing_is_named(self, refused, facts):
        assert refused(body({name: value for name, value in facts.items() if name != "amount"}))["fields"] == ["facts.amount"]

    def test_no_facts_at_all_name_every_fact_that_is_required(self, refused, shared):
        required = shared.get(f"/v1/packs/{REFUND}").json["features"]["required"]
        assert refused(body({}))["fields"] == sorted(f"facts.{name}" for name in required)

    @pytest.mark.parametrize("depth", [2, 100, 300, 900, 5000, 60_000])
    def test_nesting_however_deep_is_refused(self, refused, facts, depth):
        nested = body(facts).replace('"amount": ', f'"amount": {"[" * depth}{"]" * depth}, "horoscope": ')
        assert refused(nested)["fields"] in (["facts.amount", "facts.horoscope"], ["body"])

    @pytest.mark.parametrize("number", ["1e999", "-1e999", "1" + "0" * 400])
    def test_a_number_that_no_computer_holds_is_a_mistake_of_its_field(self, refused, facts, number):
        assert refused(body(facts).replace('"amount": ', f'"amount": {number}, "horoscope": '))["fields"] == [
            "facts.amount",
            "facts.horoscope",
        ]


class TestEnvelope:
    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"colour": CANARY}, "colour"),
            ({"customer": ""}, "customer"),
            ({"customer": "x" * 129}, "customer"),
            ({"customer": 7}, "customer"),
            ({"customer": None}, "customer"),
            ({"customer": f"a\x00{CANARY}"}, "customer"),
            ({"customer": f"a\n{CANARY}"}, "customer"),
            ({"customer": "ends with a line break\n"}, "customer"),
            ({"customer": "\ud800"}, "customer"),
            ({"case": ["R-1"]}, "case"),
            ({"case": "\x1b[2J"}, "case"),
            ({"case": "R\u202e1"}, "case"),
            ({"case": "R\u200b1"}, "case"),
            ({"case": "R\u20281"}, "case"),
            ({"customer": "A/1"}, "customer"),
            ({"customer": "Ana Belén"}, "customer"),
            ({"locale": CANARY}, "locale"),
            ({"locale": "it"}, "locale"),
            ({"locale": "en-XX"}, "locale"),
            ({"customer": "   "}, "customer"),
            ({"case": "\u2003\u3000"}, "case"),
            ({"locale": "EN"}, "locale"),
            ({"locale": "en\n"}, "locale"),
            ({"locale": "en_GB"}, "locale"),
            ({"locale": "en-QQ"}, "locale"),
            ({"locale": None}, "locale"),
            ({"facts": [CANARY]}, "facts"),
            ({"facts": CANARY}, "facts"),
            ({"facts": None}, "facts"),
        ],
        ids=repr,
    )
    def test_a_mistaken_field_is_named(self, refused, facts, more, field):
        problem = refused(body(facts, **more))
        assert (problem["status"], problem["fields"]) == (422, [field])

    @pytest.mark.parametrize("locale", ["EN", "it", "en-XX"])
    def test_every_mistake_is_named_at_once(self, refused, facts, locale):
        wrong = facts | {"amount": CANARY, "horoscope": CANARY, "reason": CANARY, "gift": [[CANARY]], "photos": 10**30 + 0.5}
        del wrong["channel"]
        problem = refused(body(wrong, locale=locale, case=CANARY * 20, colour=CANARY))
        named = {"locale", "case", "colour", *(f"facts.{one}" for one in ("amount", "horoscope", "reason", "gift", "channel"))}
        assert set(problem["fields"]) - {"facts.photos"} == named

    @pytest.mark.parametrize("missing", ["customer", "case", "facts"])
    def test_a_missing_field_is_named(self, refused, facts, missing):
        said = {name: value for name, value in json.loads(body(facts)).items() if name != missing}
        assert refused(json.dumps(said))["fields"] == [missing]

    @pytest.mark.parametrize("whole", ["[]", "null", "7", '"text"', "true", "[{}]"])
    def test_a_body_that_is_no_object_is_named_as_a_whole(self, refused, whole):
        assert refused(whole)["fields"] == ["body"]


class TestJson:
    @pytest.mark.parametrize(
        "data", [b"", b" ", b"{", b"amount=1", b"{'a': 1}", b'{"a": 1,}', b"\xff\xfe\x00", b"\x00", b"{} {}", b"9" * 5000]
    )
    def test_what_is_not_json_cannot_be_read(self, refused, data):
        problem = refused(data)
        assert (problem["status"], problem["fields"]) == (400, ["body"])

    @pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
    def test_numbers_that_json_does_not_know_cannot_be_read(self, refused, facts, constant):
        said = body(facts).replace('"amount": ', f'"amount": {constant}, "horoscope": ')
        problem = refused(said)
        assert (problem["status"], problem["fields"]) == (400, ["facts.amount"])

    @pytest.mark.parametrize(("where", "field"), [('"customer": ', "customer"), ('"amount": ', "facts.amount")])
    def test_a_name_that_stands_twice_is_named_and_not_chosen_from(self, refused, facts, where, field):
        problem = refused(body(facts).replace(where, f'{where}"{CANARY}", {where}'))
        assert (problem["status"], problem["fields"]) == (400, [field])

    def test_all_of_them_are_named_wherever_they_stand(self, refused):
        problem = refused('{"a": NaN, "b": [1, {"c": 1, "c": 2}], "d": 1, "d": Infinity, "e": {"f": {"f": 1, "f": 1}}}')
        assert problem["fields"] == ["a", "b.1.c", "d", "e.f.f"]

    def test_a_constant_alone_is_named_as_the_body(self, refused):
        assert refused("NaN")["fields"] == ["body"]

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
    def test_another_media_type_is_refused(self, refused, facts, kind):
        assert refused(body(facts), kind)["status"] == 415

    def test_a_body_of_more_than_256_kib_is_refused(self, refused, facts):
        problem = refused(body(facts, colour="x" * 262_144))
        assert (problem["status"], problem["type"], "262144 bytes" in problem["detail"]) == (413, "urn:explainer:too-large", True)

    @pytest.mark.parametrize(("size", "status"), [(262_144, 422), (262_145, 413), (600_000, 413)])
    def test_a_body_that_comes_in_pieces_is_held_to_the_same_limit(self, shared, facts, size, status):
        said = body(facts, colour="x")
        said = said.replace('"x"', f'"{"x" * (size - len(said) + 1)}"').encode()
        answer = shared.call(
            "POST",
            PATH,
            input_stream=io.BytesIO(said),
            content_type="application/json",
            headers={"Transfer-Encoding": "chunked", "Idempotency-Key": "pieces"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert (len(said), answer.status_code) == (size, status)

    def test_a_body_of_just_256_kib_is_read(self, refused, facts):
        said = body(facts)
        assert refused(said[:-1] + " " * (262_144 - len(said) - 6) + ',"a":1}')["fields"] == ["a"]


class TestIdempotencyKey:
    @pytest.mark.parametrize("key", [None, "", " ", "x" * 256, f"clé {CANARY}", " begins with a space"])
    def test_a_key_that_is_missing_or_cannot_be_used_is_named(self, refused, facts, key):
        problem = refused(body(facts), key=key)
        assert (problem["status"], problem["fields"]) == (400, ["Idempotency-Key"])


class TestOtherDoors:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/nowhere", 404),
            ("DELETE", "/v1/decisions", 405),
            ("GET", f"/v1/packs/{CANARY}", 404),
            ("POST", f"/v1/packs/{CANARY}/decisions", 404),
            ("GET", f"/v1/decisions/{CANARY}", 404),
            ("GET", f"/v1/decisions?cursor={CANARY}", 400),
            ("GET", f"/v1/decisions?limit={CANARY}", 422),
            ("GET", "/v1/customers/%00/preferences", 422),
            ("GET", "/v1/customers/%20%20/preferences", 422),
            ("GET", f"/v1/customers/{'x' * 129}/preferences", 422),
        ],
    )
    def test_each_says_no_in_the_same_way_and_echoes_nothing(self, shared, facts, method, path, status):
        answer = shared.call(method, path, json=json.loads(body(facts)) if method == "POST" else None)
        assert (answer.status_code, answer.mimetype, answer.json["status"]) == (status, "application/problem+json", status)
        assert CANARY not in answer.text


class TestWording:
    """One style: lower case, what to mend, no sentence of a library."""

    def said(self, answer) -> dict[str, str]:
        return {one["field"]: one["message"] for one in answer.json["errors"]}

    def test_of_a_case(self, shared, facts):
        wrong = {"case": 7, "locale": None, "facts": []}
        answer = shared.call("POST", PATH, json=wrong, headers={"Idempotency-Key": "words"})
        assert self.said(answer) == {
            "customer": "is required",
            "case": "must be text",
            "locale": "must be text",
            "facts": "must be an object",
        }

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("limit=0", {"limit": "must be between 1 and 200"}),
            ("limit=many", {"limit": "must be a whole number"}),
            ("since=yesterday", {"since": "must be a time with its zone, such as 2026-05-04T10:30:00Z"}),
            ("until=2026-05-04T10:00:00", {"until": "must be a time with its zone, such as 2026-05-04T10:30:00Z"}),
            ("colour=red", {"colour": "no such field"}),
        ],
    )
    def test_of_a_search(self, shared, query, said):
        assert self.said(shared.get(f"/v1/decisions?{query}")) == said

    def test_of_a_preference(self, shared):
        path = "/v1/customers/C-1/preferences"
        assert self.said(shared.call("PUT", path, json={"automation": "maybe"})) == {
            "automation": "must be one of: allowed, opted_out"
        }
        assert self.said(shared.call("PUT", path, json={})) == {"automation": "is required"}

    def test_whoever_names_fields_has_one_type(self, shared, facts):
        answers = [
            shared.decide(REFUND, facts | {"amount": -1}),
            shared.decide(REFUND, facts, locale="it"),
            shared.decide(REFUND, facts, customer=""),
            shared.get("/v1/decisions?limit=0"),
            shared.call("PUT", "/v1/customers/C-1/preferences", json={"automation": "maybe"}),
            shared.call("POST", PATH, data="{", content_type="application/json", headers={"Idempotency-Key": "x"}),
        ]
        assert {one.json["type"] for one in answers} == {"urn:explainer:bad-request"}
        assert all(one.json["errors"] for one in answers)

    def test_what_is_not_there_has_one_type_too(self, shared):
        assert {shared.get(one).json["type"] for one in ("/nowhere", "/v1/nowhere")} == {"urn:explainer:not-found"}


class TestOurOwnMistakes:
    @pytest.fixture
    def broken(self, api, services, facts):
        """A service with a bug: something unforeseen happens while it decides."""
        release = services.serving(REFUND).release
        services._kernels[release.digest] = Untouchable()
        return lambda: api.decide(REFUND, facts | {"amount": 8123.57}, customer=CANARY)

    def test_a_bug_is_answered_without_telling_anything(self, broken):
        answer = broken()
        assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
        assert "model was called" not in answer.text

    def test_the_log_says_where_and_never_a_fact_or_a_customer(self, broken, capfd):
        with capture_logs() as logged:
            broken()
        assert [one["event"] for one in logged] == ["unexpected"]
        assert "explain" in str(logged[0]["where"])
        broken()  # and once more to wherever the log goes
        said = repr(logged) + "".join(capfd.readouterr())
        assert "AssertionError" in said
        assert CANARY not in said
        assert "8123.57" not in said

    def test_a_database_that_is_gone_is_to_be_tried_again_later(self, api, services, facts):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE rule_index")
        answer = api.decide(REFUND, ending(services.serving(REFUND).release, "decline", "rule"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert entries(services.settings.home) == len(SHIPPED) * 2  # their releases and activations
