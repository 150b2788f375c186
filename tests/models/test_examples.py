"""Examples: every case that a shipped pack says something about ends as it says."""

import pytest

from explainer.packs.reading import read_examples, read_pack
from explainer.packs.registry import read_models
from explainer.road import travel
from explainer.service.releases import check_declarations, failing_examples
from explainer.settings import Settings
from tests.support import MODELS, SHIPPED


def examples():
    for name in SHIPPED:
        files = read_models(MODELS, name)
        for one in read_examples(files, read_pack(files, name)):
            yield pytest.param(name, one, id=f"{name}: {one['name']}")


@pytest.mark.parametrize(("pack", "example"), list(examples()))
class TestExample:
    @pytest.fixture
    def said(self, pack, example, releases):
        release, model = releases[pack]
        return travel(example["facts"], release, model, example["on"])

    def test_ends_as_it_says(self, pack, example, said):
        assert (said.decision.outcome, said.decision.decisive) == (example["outcome"], example["decisive"])

    def test_meets_the_rules_it_says_in_their_order(self, pack, example, said):
        assert [one.code for one in said.decision.fired] == example["rules"]

    def test_is_told_the_reasons_it_says_first(self, pack, example, said):
        assert [one.code for one in said.reasons["customer"]][: len(example["reasons"])] == example["reasons"]


@pytest.mark.parametrize("pack", SHIPPED)
class TestAll:
    def test_none_fails_when_a_release_is_made(self, pack, releases):
        assert failing_examples(*releases[pack]) == []

    def test_every_rule_that_decides_or_lifts_is_decisive_in_one(self, pack, releases):
        release, model = releases[pack]
        decisive = {travel(one["facts"], release, model, one["on"]).decision.rule for one in release.examples}
        assert {rule.code for rule in release.pack.rules} - decisive == set()

    def test_every_outcome_of_a_band_is_reached_by_the_score_in_one(self, pack, releases):
        release, _ = releases[pack]
        reached = {one["outcome"] for one in release.examples if one["decisive"] in {"score", "band"}}
        assert {band.outcome for band in release.pack.bands} <= reached

    def test_their_names_are_told_apart(self, pack, releases):
        names = [one["name"] for one in releases[pack][0].examples]
        assert len(set(names)) == len(names) >= 10


@pytest.mark.parametrize("pack", [*SHIPPED, "airport_claims"])
def test_the_declarations_hold_without_a_model(pack, tmp_path):
    assert check_declarations(pack, Settings(home=tmp_path, models=MODELS)).name == pack
