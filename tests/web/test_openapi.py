"""The OpenAPI document: every route of the API, its bodies and its problems, as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.cases import Crooked, ending
from tests.support import SHIPPED

REFUND = SHIPPED[0]


@pytest.fixture(scope="module")
def document(shared) -> dict[str, Any]:
    return shared.get("/openapi.json", None).json


@pytest.fixture(scope="module")
def operations(document) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "put", "post", "delete", "patch"}
    }


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(one)


def resolved(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What a node says itself or by reference."""
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


class TestShape:
    def test_it_says_what_it_is(self, document):
        assert document["openapi"].startswith("3.1.")
        assert document["info"]["title"] == "explainer"
        assert document["info"]["version"]
        assert "press Authorize" in document["info"]["description"]

    def test_every_reference_leads_somewhere(self, document):
        references = [one for one in nodes(document) if "$ref" in one]
        assert references
        assert all(resolved(one, document) for one in references)

    def test_every_operation_has_a_name_of_its_own_or_a_summary_and_responses(self, operations):
        for operation in operations.values():
            assert operation["summary"]
            assert operation["responses"]

    def test_every_parameter_of_a_path_is_declared(self, document):
        for path, item in document["paths"].items():
            shared = item.get("parameters", [])
            for method, operation in item.items():
                if method == "parameters":
                    continue
                declared = {one["name"] for one in (resolved(one, document) for one in [*shared, *operation.get("parameters", [])])}
                assert set(re.findall(r"{(\w+)}", path)) <= declared

    def test_its_patterns_mean_the_same_in_every_language(self, document):
        patterns = {one["pattern"] for one in nodes(document) if isinstance(one.get("pattern"), str)}
        assert patterns
        assert not {one for one in patterns if re.search(r"\\[AZz]|\(\?[<PLimsux]", one)}


class TestRoutes:
    def test_every_route_of_the_api_is_documented(self, shared, operations):
        routes = {
            (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
            for rule in shared.client.application.url_map.iter_rules()
            for method in rule.methods - {"HEAD", "OPTIONS"}
            if rule.rule.startswith("/v1") or rule.rule in {"/healthz", "/readyz"}
        }
        assert set(operations) == routes

    def test_each_that_takes_a_body_describes_it(self, document, operations):
        bodies = {key: one["requestBody"] for key, one in operations.items() if "requestBody" in one}
        asked = {("POST", "/v1/decisions/{decision_id}/replays")}  # for something to be done, with nothing to say about it
        assert set(bodies) == {key for key in operations if key[0] in {"POST", "PUT"}} - asked
        assert set(bodies.pop(("POST", "/v1/packs/{pack}/decisions/bulk"))["content"]) == {"application/x-ndjson"}
        for one in bodies.values():
            described = resolved(one["content"]["application/json"]["schema"], document)
            assert described["required"]
            assert described["additionalProperties"] is False

    def test_deciding_asks_for_an_idempotency_key(self, document, operations):
        parameters = operations["POST", "/v1/packs/{pack}/decisions"]["parameters"]
        (key,) = (one for one in (resolved(one, document) for one in parameters) if one["name"] == "Idempotency-Key")
        assert (key["in"], key["required"]) == ("header", True)

    def test_deciding_shows_a_case_that_the_shipped_pack_takes(self, shared, document, operations):
        deciding = operations["POST", "/v1/packs/{pack}/decisions"]
        example = deciding["requestBody"]["content"]["application/json"]["example"]
        parameters = (
            resolved(one, document)
            for one in [*document["paths"]["/v1/packs/{pack}/decisions"].get("parameters", []), *deciding["parameters"]]
        )
        shown = {one["name"]: one.get("example") for one in parameters}
        assert (shown["pack"], shown["Idempotency-Key"]) == (REFUND, "order-4711/1")
        answer = shared.call("POST", f"/v1/packs/{shown['pack']}/decisions", json=example, headers={"Idempotency-Key": "shown"})
        assert (answer.status_code, answer.json["outcome"]) == (201, "decline")

    def test_only_routes_that_ask_for_a_key_say_so(self, operations):
        open_to_all = {path for (_, path), one in operations.items() if one.get("security") == []}
        assert open_to_all == {"/healthz", "/readyz"}

    def test_every_error_is_a_problem(self, document, operations):
        for operation in operations.values():
            errors = {code: one for code, one in operation["responses"].items() if code == "default" or code.startswith(("4", "5"))}
            assert "default" in errors
            for one in errors.values():
                content = resolved(one, document)["content"]
                assert list(content) == ["application/problem+json"]
                described = resolved(content["application/problem+json"]["schema"], document)
                assert {"type", "title", "status", "detail", "errors"} == set(described["properties"])

    def test_health_needs_no_key(self, operations):
        assert [operations["GET", path]["security"] for path in ("/healthz", "/readyz")] == [[], []]

    def test_a_program_knows_how_to_say_who_it_is(self, document):
        assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"
        assert document["security"] == [{"ApiKey": []}]


class TestTruth:
    """What is documented is what is sent."""

    @pytest.fixture
    def described(self, document, operations):
        def fields(method: str, path: str, code: str) -> set[str]:
            schema = operations[method, path]["responses"][code]["content"]["application/json"]["schema"]
            return set(resolved(schema, document)["properties"])

        return fields

    def test_a_reply_has_no_field_that_is_not_documented(self, api, services, described):
        release = services.serving(REFUND).release
        facts = ending(release, "decline", "rule")
        plain = api.decide(REFUND, facts).json
        services._kernels[release.digest] = Crooked.like(services.kernel(release))
        refused = api.decide(REFUND, facts).json
        assert plain.keys() | refused.keys() == described("POST", "/v1/packs/{pack}/decisions", "201")

    def test_nor_has_a_page_of_a_search(self, shared, described):
        assert shared.get("/v1/decisions").json.keys() == described("GET", "/v1/decisions", "200")

    def test_nor_has_a_pack(self, shared, described):
        assert shared.get(f"/v1/packs/{REFUND}").json.keys() == described("GET", "/v1/packs/{pack}", "200")

    def test_nor_has_a_preference(self, shared, described):
        path = "/v1/customers/{customer}/preferences"
        assert shared.get(path.replace("{customer}", "C-1")).json.keys() == described("GET", path, "200")

    def test_a_letter_is_documented_in_all_its_forms(self, operations):
        content = operations["GET", "/v1/decisions/{decision_id}/letter"]["responses"]["200"]["content"]
        assert set(content) == {"text/html", "text/plain", "application/pdf"}


class Assets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in {"src", "href"} and tag in {"script", "link", "img"} and value]


class TestDocumentationPage:
    def test_every_asset_comes_from_this_host(self, shared):
        page = Assets()
        page.feed(shared.get("/docs", None).text)
        assets = [one for one in page.found if one != "data:,"]
        assert len(assets) >= 4
        for one in assets:
            assert re.match(r"/[^/]", one)
            with shared.get(one, None) as answer:
                assert answer.status_code == 200

    def test_its_own_script_asks_for_our_document_and_for_no_validator_elsewhere(self, shared):
        with shared.get("/static/docs.js", None) as answer:
            script = answer.text
        assert '"/openapi.json"' in script
        assert "validatorUrl: null" in script
        assert "://" not in script

    def test_our_own_stylesheet_does_not_reach_into_it(self, shared):
        page = shared.get("/docs", None).text
        assert "explainer.css" not in page
        assert '<meta name="color-scheme" content="light only">' in page

    def test_its_policy_lets_nothing_in_from_elsewhere(self, shared):
        policy = shared.get("/docs", None).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "'unsafe-inline'" not in next(one for one in policy.split(";") if "script-src" in one)
