"""Decisions over HTTP: the reply that was promised, once and for ever the same."""

from __future__ import annotations

import math
import re
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explainer.service import inspect
from explainer.service.wiring import Services
from tests.cases import Crooked, ending, entries
from tests.support import SHIPPED, Api

REFUND, PRIORITY = SHIPPED
REPLY = {"id", "pack", "release", "decided_at", "outcome", "score", "margin", "decisive", "rules"}
REPLY |= {"attributions", "reasons", "recourse", "receipt", "links"}
REASON = {"code": str, "direction": str, "strength": str, "text": str}


@pytest.fixture(scope="module")
def facts(shared_services: Services):
    """Facts of a case that ends like this."""
    return lambda pack, outcome, decisive: ending(shared_services.serving(pack).release, outcome, decisive)


@pytest.fixture
def scored(facts):
    return facts(REFUND, "decline", "score")


class TestReply:
    @pytest.mark.parametrize("pack", SHIPPED)
    def test_it_has_exactly_the_promised_fields(self, shared, sampled, pack):
        for facts in sampled(pack, 20):
            reply = shared.decide(pack, facts).json
            assert reply.keys() == REPLY
            assert reply["attributions"].keys() == {"baseline", "values", "method"}
            assert reply["links"].keys() == {"self", "panel", "letter"}
            assert reply["reasons"].keys() == {"agent", "customer"}
            for reason in (*reply["reasons"]["agent"], *reply["reasons"]["customer"]):
                assert {name: type(value) for name, value in reason.items()} == REASON
                assert reason["direction"] in {"for", "against"}
                assert reason["strength"] in {"strong", "medium", "slight"}
            for rule in reply["rules"]:
                assert rule.keys() == {"code", "outcome"}

    def test_it_says_what_was_decided_when_and_by_which_release(self, shared, shared_services, scored):
        reply = shared.decide(REFUND, scored).json
        assert (reply["pack"], reply["outcome"], reply["decisive"]) == (REFUND, "decline", "score")
        assert reply["decided_at"] == "2026-05-04T10:30:00.000Z"
        assert reply["release"] == shared_services.serving(REFUND).release.digest

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_attributions_add_up_to_the_margin_and_the_score_is_the_margin_as_a_share(self, shared, shared_services, sampled, pack):
        features = list(shared_services.serving(pack).release.pack.feature)
        for facts in sampled(pack, 30):
            reply = shared.decide(pack, facts).json
            split = reply["attributions"]
            assert abs(split["baseline"] + math.fsum(split["values"].values()) - reply["margin"]) <= 1e-9
            assert list(split["values"]) == features
            assert reply["score"] == pytest.approx(1 / (1 + math.exp(-reply["margin"])), abs=1e-12)

    def test_a_rule_that_decided_is_the_first_reason_and_the_customers_only_one(self, shared, facts):
        reply = shared.decide(REFUND, facts(REFUND, "decline", "rule")).json
        assert reply["rules"] == [{"code": "final_sale", "outcome": "decline"}]
        assert reply["reasons"]["agent"][0]["code"] == "final_sale"
        assert [one["code"] for one in reply["reasons"]["customer"]] == ["final_sale"]

    def test_reasons_come_in_the_language_of_the_case(self, shared, scored):
        english, spanish = (shared.decide(REFUND, scored, locale=one).json["reasons"]["customer"] for one in ("en", "es"))
        assert [one["code"] for one in english] == [one["code"] for one in spanish]
        assert re.search(r"\byour?\b", english[0]["text"], flags=re.IGNORECASE)
        assert not {one["text"] for one in english} & {one["text"] for one in spanish}

    def test_a_regional_locale_speaks_its_language(self, shared, scored):
        texts = [shared.decide(REFUND, scored, locale=one).json["reasons"]["customer"] for one in ("es", "es-MX")]
        assert texts[0][0]["code"] == texts[1][0]["code"]
        assert shared.get("/v1/decisions", query_string={"limit": 1}).status_code == 200

    def test_an_opted_out_customer_gets_a_person_and_no_numbers(self, shared, scored):
        shared.call("PUT", "/v1/customers/C-out/preferences", json={"automation": "opted_out"})
        answer = shared.decide(REFUND, scored, customer="C-out")
        reply = answer.json
        assert (answer.status_code, reply["outcome"], reply["decisive"]) == (201, "refer", "permission")
        assert (reply["score"], reply["margin"], reply["attributions"], reply["rules"]) == (None, None, None, [])

    def test_a_check_of_ours_that_refuses_is_named_and_a_person_decides(self, api, services, scored):
        release = services.serving(REFUND).release
        services._kernels[release.digest] = Crooked.like(services.kernel(release))
        reply = api.decide(REFUND, scored).json
        assert (reply["outcome"], reply["decisive"], reply["safeguard"]) == ("refer", "safeguard", "not-locally-accurate")
        assert (reply["attributions"], reply["reasons"]) == (None, {"agent": [], "customer": []})


class TestPosting:
    def test_a_decision_is_created_and_its_address_is_told(self, shared, scored):
        answer = shared.decide(REFUND, scored)
        assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/decisions/{answer.json['id']}")
        assert shared.get(answer.headers["Location"]).json == answer.json
        assert "Idempotent-Replayed" not in answer.headers

    def test_the_same_key_and_body_return_the_same_json_and_say_so(self, shared, scored):
        said = {"key": "again", "customer": "C-again", "case": "R-again"}
        first, second = (shared.decide(REFUND, scored, **said) for _ in range(2))
        assert second.headers["Idempotent-Replayed"] == "true"
        assert (second.status_code, second.data, second.headers["Location"]) == (201, first.data, first.headers["Location"])

    def test_the_same_key_with_another_body_is_refused(self, shared, scored):
        shared.decide(REFUND, scored, key="taken", customer="C-taken", case="R-taken")
        other = shared.decide(REFUND, scored | {"amount": 11.11}, key="taken", customer="C-taken", case="R-taken")
        assert (other.status_code, other.json["type"]) == (422, "urn:explainer:idempotency-conflict")

    def test_the_same_key_for_another_pack_is_refused(self, shared, scored, facts):
        said = {"key": "packed", "customer": "C-packed", "case": "R-packed"}
        shared.decide(REFUND, scored, **said)
        assert shared.decide(PRIORITY, facts(PRIORITY, "P4", "score"), **said).status_code == 422

    def test_a_retry_stores_nothing(self, api, services, scored):
        said = {"key": "once", "customer": "C-once", "case": "R-once"}
        api.decide(REFUND, scored, **said)
        before = entries(services.settings.home)
        api.decide(REFUND, scored, **said)
        assert entries(services.settings.home) == before

    def test_links_lead_here_or_to_the_address_that_is_set(self, shared, scored):
        links = shared.decide(REFUND, scored).json["links"]
        assert {urlsplit(one).netloc for one in links.values()} == {"localhost"}
        elsewhere = shared.get(urlsplit(links["self"]).path, base_url="https://api.example").json["links"]
        assert {urlsplit(one).netloc for one in elsewhere.values()} == {"api.example"}


class TestFetching:
    def test_an_id_that_no_decision_has_is_not_found(self, shared):
        for unknown in ("x", "019df289-a440-7ffa-8038-43d351fdcb86"):
            assert shared.get(f"/v1/decisions/{unknown}").status_code == 404

    def test_who_reads_one_is_remembered_once_a_day(self, api, services, scored):
        said = {"customer": "C-read", "case": "R-read", "locale": "en", "facts": scored}
        decided = api.call("POST", f"/v1/packs/{REFUND}/decisions", json=said, headers={"Idempotency-Key": "read"}).json
        for _ in range(2):
            for role in ("agent", "auditor"):
                assert api.get(f"/v1/decisions/{decided['id']}", role).json["id"] == decided["id"]
        seen = inspect.views_of(inspect.find(decided["id"], services), services)
        assert [(one["view"], one["form"], one["channel"], one["by"]) for one in seen] == [
            ("answer", "json", "api", "test agent"), ("answer", "json", "api", "test auditor")
        ]  # fmt: skip

    def test_a_consent_is_not_shown_as_a_decision(self, shared, shared_services):
        shared.call("PUT", "/v1/customers/C-con/preferences", json={"automation": "opted_out"})
        consent = shared_services.ledger.of_customer("C-con", "consent")[0]
        assert shared.get(f"/v1/decisions/{consent.id}").status_code == 404


@pytest.fixture(scope="module")
def told(shared: Api, facts, shared_services) -> list[dict]:
    """Seven decisions, one an hour on a day of their own, oldest first."""
    ends = [(REFUND, "approve", "rule"), (REFUND, "decline", "score"), (PRIORITY, "P1", "rule"), (REFUND, "decline", "rule")]
    ends += [(PRIORITY, "P4", "score"), (REFUND, "refer", "band"), (PRIORITY, "P2", "score")]
    clock, said = shared_services.clock, []
    clock.move(days=1)
    for number, end in enumerate(ends):
        answer = shared.decide(end[0], facts(*end), customer=f"S-{number % 2}", case=f"Search/{number}")
        said.append(answer.json)
        clock.move(hours=1)
    return said


class TestSearching:
    @pytest.mark.parametrize(
        ("wanted", "numbers"),
        [
            ({"pack": REFUND, "customer": "S-1"}, [5, 3, 1]),
            ({"outcome": "decline", "customer": "S-1"}, [3, 1]),
            ({"rule": "final_sale", "customer": "S-1"}, [3]),
            ({"customer": "S-0"}, [6, 4, 2, 0]),
            ({"case": "Search/4"}, [4]),
            ({"customer": "S-0", "pack": PRIORITY, "outcome": "P4"}, [4]),
            ({"customer": "nobody"}, []),
            ({"customer": "S-1", "outcome": "approve"}, []),
        ],
    )
    def test_by_what_a_decision_is(self, shared, told, wanted, numbers):
        page = shared.get("/v1/decisions", query_string=wanted).json
        assert [one["id"] for one in page["decisions"]] == [told[number]["id"] for number in numbers]
        assert page["next"] is None

    def test_by_release(self, shared, told):
        found = shared.get("/v1/decisions", query_string={"release": told[4]["release"], "customer": "S-0"}).json["decisions"]
        assert [one["id"] for one in found] == [told[number]["id"] for number in (6, 4, 2)]

    def test_by_time_in_any_time_zone(self, shared, told):
        since, until = told[2]["decided_at"], told[4]["decided_at"]
        found = shared.get("/v1/decisions", query_string={"since": since, "until": until}).json["decisions"]
        assert [one["id"] for one in found] == [told[3]["id"], told[2]["id"]]
        in_tokyo = since.replace("Z", "+00:00").replace("T12", "T21").replace("+00:00", "+09:00")
        assert shared.get("/v1/decisions", query_string={"since": in_tokyo, "until": until}).json["decisions"] == found

    def test_a_line_says_what_the_decision_said_and_where_it_is(self, shared, told):
        (line,) = shared.get("/v1/decisions", query_string={"case": "Search/5"}).json["decisions"]
        assert line == {name: told[5][name] for name in ("id", "decided_at", "pack", "outcome", "decisive", "release", "links")} | {
            "links": line["links"]
        }
        assert shared.get(urlsplit(line["links"]["self"]).path).json["id"] == told[5]["id"]

    @pytest.mark.parametrize("limit", [1, 3, 7, 8])
    def test_the_cursor_walks_all_pages(self, shared, told, limit):
        walked, query = [], {"limit": limit, "since": told[0]["decided_at"]}
        while True:
            page = shared.get("/v1/decisions", query_string=query).json
            walked += [one["id"] for one in page["decisions"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert walked == [one["id"] for one in reversed(told)]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=many", "limit"),
            ("since=yesterday", "since"),
            ("since=2026-05-04T10:00:00", "since"),  # no time zone
            ("custumer=C-1", "custumer"),
            ("pack=a&pack=b", "pack"),
        ],
    )
    def test_a_mistaken_term_is_named_and_nothing_is_listed(self, shared, told, query, field):
        answer = shared.get(f"/v1/decisions?{query}")
        assert answer.status_code in {400, 422}
        assert [one["field"] for one in answer.json["errors"]] == [field]

    def test_a_cursor_of_ones_own_making_is_refused(self, shared):
        assert shared.get("/v1/decisions?cursor=1").status_code == 400


class TestPreferences:
    def test_software_may_decide_until_the_customer_says_otherwise(self, shared):
        path = "/v1/customers/P-1/preferences"
        assert shared.get(path).json == {"automation": "allowed", "since": None}
        said = shared.call("PUT", path, json={"automation": "opted_out"}).json
        assert said["automation"] == "opted_out"
        assert shared.get(path).json == said

    def test_the_last_word_counts(self, shared):
        for automation in ("opted_out", "allowed", "opted_out", "allowed"):
            shared.call("PUT", "/v1/customers/P-2/preferences", json={"automation": automation})
            assert shared.get("/v1/customers/P-2/preferences").json["automation"] == automation

    @pytest.mark.parametrize(
        "body", [{}, {"automation": "maybe"}, {"automation": True}, {"automation": "allowed", "colour": "red"}, []]
    )
    def test_anything_else_is_refused_and_changes_nothing(self, shared, body):
        assert shared.call("PUT", "/v1/customers/P-3/preferences", json=body).status_code == 422
        assert shared.get("/v1/customers/P-3/preferences").json == {"automation": "allowed", "since": None}

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(customer=st.text(alphabet=[chr(code) for code in range(0x20, 0x7F)], min_size=1, max_size=12))
    @example(customer="A/1")
    @example(customer="..")
    @example(customer="a%2Fb")
    @example(customer="a b;c=d+e&f@g:h")
    def test_whoever_can_be_decided_about_can_opt_out(self, shared, scored, customer):
        decided = shared.decide(REFUND, scored, customer=customer).status_code == 201
        path = f"/v1/customers/{quote(customer, safe='')}/preferences"
        said = shared.call("PUT", path, json={"automation": "opted_out"})
        assert decided == (said.status_code == 200)
        if decided:
            assert shared.decide(REFUND, scored, customer=customer).json["decisive"] == "permission"
            shared.call("PUT", path, json={"automation": "allowed"})  # the next example may be the same person
