"""Packs over HTTP: what a pack asks for, said so that a program can check its facts before it sends them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import ending
from tests.support import SHIPPED

REFUND, PRIORITY = SHIPPED
TYPES = {"number": (int, float), "integer": (int,), "string": (str,), "boolean": (bool,), "null": (type(None),)}


def fits(facts: dict[str, Any], schema: dict[str, Any]) -> bool:
    """Whether facts fit a schema, read as the parts of JSON Schema 2020-12 that packs use."""
    asked = schema["properties"]
    if set(facts) - set(asked) or set(schema["required"]) - set(facts):
        return False
    return all(fits_one(value, asked[name]) for name, value in facts.items())


def fits_one(value: Any, asked: dict[str, Any]) -> bool:
    types = asked["type"] if isinstance(asked["type"], list) else [asked["type"]]
    right = any(isinstance(value, TYPES[one]) and (one == "boolean") == isinstance(value, bool) for one in types)
    if not right or ("enum" in asked and value not in asked["enum"]):
        return False
    return not isinstance(value, int | float) or asked.get("minimum", value) <= value <= asked.get("maximum", value)


@pytest.fixture(params=SHIPPED)
def pack(request, shared) -> dict[str, Any]:
    return shared.get(f"/v1/packs/{request.param}").json


class TestTheList:
    def test_it_names_the_packs_that_decide_here(self, shared):
        listed = shared.get("/v1/packs").json
        assert [one["pack"] for one in listed] == sorted(SHIPPED)
        for one in listed:
            assert shared.get(one["links"]["self"]).json["release"] == one["release"]
            assert shared.get(one["links"]["card"]).status_code == 200

    def test_a_pack_without_a_release_is_not_there(self, shared):
        assert shared.get("/v1/packs/airport_claims").status_code == 404


class TestSchema:
    def test_it_is_a_closed_json_schema_of_every_feature(self, pack, shared_services):
        schema, features = pack["features"], shared_services.serving(pack["pack"]).release.pack.feature
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
        assert set(schema["properties"]) == set(features)
        assert schema["required"] == [name for name, one in features.items() if one.missing is None]

    def test_real_facts_fit_it(self, pack, sampled):
        assert all(fits(facts, pack["features"]) for facts in sampled(pack["pack"], 100))

    def test_each_property_says_where_its_value_comes_from(self, pack):
        assert all(one["description"].startswith("From: ") for one in pack["features"]["properties"].values())

    @pytest.mark.parametrize(
        "value", [None, True, "", "damaged", "monday", "nonsense", -1, 0, 1, 0.5, 33.0, 10_001, 10**9, [], {}], ids=repr
    )
    def test_the_schema_and_the_door_agree_about_every_single_fact(self, pack, shared, shared_services, value):
        facts = ending(shared_services.serving(pack["pack"]).release, *(("approve" if pack["pack"] == REFUND else "P2"), "rule"))
        for name in facts:
            asked, tried = pack["features"]["properties"][name], facts | {name: value}
            whole = isinstance(value, float) and value.is_integer() and asked["type"] in ("integer", ["integer", "null"])
            expected = fits(tried | ({name: int(value)} if whole else {}), pack["features"])  # 33.0 is an integer in JSON Schema
            assert (name, shared.decide(pack["pack"], tried).status_code == 201) == (name, expected)


class TestWhatItSays:
    def test_thresholds_rules_and_outcomes(self, shared):
        said = shared.get(f"/v1/packs/{REFUND}").json
        assert [one["outcome"] for one in said["bands"]] == ["approve", "refer", "decline"]
        assert [one["code"] for one in said["outcomes"] if one["person"]] == ["refer"]
        assert said["languages"] == ["en", "es", "de", "fr"]
        rules = {one["code"]: one for one in said["rules"]}
        assert rules["final_sale"]["outcome"] == "decline"
        assert all(one["source"] and one["from"] for one in rules.values())

    def test_how_well_it_does(self, pack):
        assert 0.5 < pack["metrics"]["auc"] < 1
        assert pack["metrics"]["cases"] > 1000

    def test_groups_for_the_audit_are_never_asked_for(self, pack, shared_services):
        groups = shared_services.serving(pack["pack"]).release.pack.training.audit_groups
        assert groups
        assert not set(groups) & set(pack["features"]["properties"])

    def test_the_card_is_a_page_with_both_halves(self, pack, shared):
        answer = shared.get(pack["links"]["card"])
        assert answer.mimetype == "text/html"
        assert pack["title"] in answer.text  # what was measured
        assert f"{pack['metrics']['cases']:,}" in answer.text
        assert answer.text.count("<h2") > 3  # and what people wrote
