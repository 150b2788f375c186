"""The road: the same facts give the same bytes, and a failed check sends a case to a person, not a text to anybody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

import explainer.road
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import distance_to_edge
from explainer.errors import BadFacts
from explainer.explanations.changing.recourse import find_recourse
from explainer.packs.words.phrases import Vocabulary
from explainer.record import DecisionRecord, Permission
from explainer.road import contradictions, contradictions_in, referred, travel, travel_rows, travel_together, without_model
from explainer.service.decide import Case, decide
from explainer.service.oversee import set_preference
from explainer.service.releases import publish, train_candidate
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.cases import Crooked, Untouchable
from tests.little import little_models
from tests.support import MODELS, SHIPPED, Clock

DAY = date(2026, 5, 4)


def recorded(explained, release):
    """The bytes of a record with a fixed id and time."""
    at = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    return DecisionRecord("an-id", at, release.pack.name, release.digest, "C-1", "R-1", "en", Permission(), explained).to_bytes()


@pytest.mark.parametrize("pack", SHIPPED)
class TestTheSameFacts:
    def test_give_the_same_bytes_every_time(self, pack, releases, sampled):
        release, kernel = releases[pack]
        for facts in sampled(pack, 40):
            assert recorded(travel(facts, release, kernel, DAY), release) == recorded(travel(facts, release, kernel, DAY), release)

    def test_give_the_same_bytes_with_a_model_opened_anew(self, pack, releases, sampled):
        release, kernel = releases[pack]
        again = Kernel.of(release.model_text, release.reference, release.method)
        for facts in sampled(pack, 20):
            assert recorded(travel(facts, release, again, DAY), release) == recorded(travel(facts, release, kernel, DAY), release)

    def test_give_the_same_bytes_in_whatever_order_cases_and_facts_come(self, pack, releases, sampled):
        release, kernel = releases[pack]
        cases = sampled(pack, 20)
        forth = [recorded(travel(facts, release, kernel, DAY), release) for facts in cases]
        back = [recorded(travel(dict(reversed(facts.items())), release, kernel, DAY), release) for facts in reversed(cases)]
        assert forth == back[::-1]

    def test_decided_on_different_cases_give_different_bytes(self, pack, releases, sampled):
        release, kernel = releases[pack]
        assert len({recorded(travel(facts, release, kernel, DAY), release) for facts in sampled(pack, 30)}) >= 29


class TestTheWholeRoad:
    def test_decision_numbers_reasons_and_words_belong_together(self, releases, sampled):
        release, kernel = releases["refund_approval"]
        said = travel(sampled("refund_approval", 1)[0], release, kernel, DAY)
        assert said.decision.margin == said.attribution.margin == kernel.explain(said.row.x)[0]
        assert said.attribution.features == tuple(release.pack.feature)
        assert set(said.texts) == set(release.pack.languages)
        assert said.safeguard is None

    def test_wrong_facts_stop_it_before_the_model(self, releases):
        with pytest.raises(BadFacts):
            travel({"amount": -1}, releases["refund_approval"][0], Untouchable(), DAY)

    def test_the_day_decides_which_rules_count(self, releases):
        release, kernel = releases["refund_approval"]
        example = next(one for one in release.examples if one["rules"] == ["holiday_returns"])
        said = {day: travel(example["facts"], release, kernel, day).decision.rule for day in (date(2025, 12, 1), date(2026, 5, 4))}
        assert said == {date(2025, 12, 1): "holiday_returns", date(2026, 5, 4): None}

    def test_the_day_is_that_of_the_organisations_time_zone(self, tmp_path):
        settings, clock = Settings(home=tmp_path / "home", models=little_models(tmp_path / "models")), Clock()
        services = open_services(settings, clock)
        train_candidate("little", settings, None, lambda _done, _total: None)
        publish("little", services, by="test")
        facts, said = {"amount": 20, "days": 9, "colour": "red", "size": "small", "gift": False}, {}
        for hour in (22, 23):  # 11 pm and midnight in Dublin; the summer rule is in force from 1 June
            clock.now = datetime(2026, 5, 31, hour, 0, tzinfo=UTC)
            said[hour] = decide(Case("little", "C-1", "R-1", "en", facts), f"key-{hour}", services).record.explained.decision.rule
        services.close()
        assert said == {22: None, 23: "summer"}


@pytest.mark.parametrize("pack", SHIPPED)
class TestTheSafeguard:
    def test_refers_a_case_whose_attributions_do_not_add_up(self, pack, releases, sampled):
        release, kernel = releases[pack]
        for facts in sampled(pack, 20):
            said = travel(facts, release, Crooked.like(kernel), DAY)
            assert (said.decision.outcome, said.decision.decisive, said.decision.rule) == ("refer", "safeguard", None)
            assert said.safeguard == "not-locally-accurate"

    def test_lets_no_attribution_reason_or_text_out(self, pack, releases, sampled):
        release, kernel = releases[pack]
        said = travel(sampled(pack, 1)[0], release, Crooked.like(kernel), DAY)
        assert (said.attribution, said.reasons, said.texts) == (None, None, None)
        assert b'"attribution":null,' in recorded(said, release)

    def test_stops_what_is_no_number_at_all(self, pack, releases, sampled):
        release, kernel = releases[pack]
        broken = Crooked.like(kernel, float("nan"))
        assert travel(sampled(pack, 1)[0], release, broken, DAY).decision.decisive == "safeguard"

    def test_holds_even_when_a_rule_decided(self, pack, releases):
        release, kernel = releases[pack]
        example = next(one for one in release.examples if one["decisive"] == "rule")
        said = travel(example["facts"], release, Crooked.like(kernel), example["on"])
        assert (said.decision.outcome, said.decision.decisive) == ("refer", "safeguard")
        assert [one.code for one in said.decision.fired] == example["rules"]

    def test_does_not_stop_a_rounding_error(self, pack, releases, sampled):
        release, kernel = releases[pack]
        nearly = Crooked.like(kernel, 1e-12)
        assert travel(sampled(pack, 1)[0], release, nearly, DAY).safeguard is None


class TestALineOfRecourseThatTheModelScoresOtherwise:
    def test_refers_the_case(self, releases, sampled, monkeypatch):
        """A search that errs a little: its line leads to the same band, by a margin that the changed case does not have."""
        release, kernel = releases["refund_approval"]
        cases = [
            facts for facts in sampled("refund_approval", 200) if isinstance(travel(facts, release, kernel, DAY).recourse, tuple)
        ]
        monkeypatch.setattr(explainer.road, "find_recourse", erring)
        assert len(cases) >= 5
        for facts in cases:
            said = travel(facts, release, kernel, DAY)
            assert (said.safeguard, said.texts, said.recourse) == ("unfaithful", None, None)


def erring(row, decision, pack, kernel, *, on):
    found = find_recourse(row, decision, pack, kernel, on=on)
    if not isinstance(found, tuple):
        return found
    margin = found[0].margin + 1e-12
    return (replace(found[0], margin=margin, distance=distance_to_edge(margin, pack.thresholds)), *found[1:])


class TestWordsThatCannotBeSaid:
    def test_refer_the_case_and_let_no_language_out(self, releases, sampled):
        release, kernel = releases["refund_approval"]
        speechless = _with_a_gap_in_spanish(release)
        said = travel(sampled("refund_approval", 1)[0], speechless, kernel, DAY)
        assert (said.decision.outcome, said.decision.decisive, said.safeguard, said.texts) == (
            "refer",
            "safeguard",
            "unspeakable",
            None,
        )


def _with_a_gap_in_spanish(release):
    """The release with one shared message gone from Spanish, as if its check had been skipped."""
    files = {
        f"phrases/{one}.ftl": (MODELS / release.pack.name / "phrases" / f"{one}.ftl").read_text("utf-8") for one in ("en", "es")
    }
    shared = {one: (MODELS / "phrases" / f"{one}.ftl").read_text("utf-8") for one in ("en", "es")}
    shared["es"] = shared["es"].replace("agent-reason =", "agent-raison =")
    return replace(release, vocabulary=Vocabulary(release.pack, files, shared))


@pytest.mark.parametrize("pack", SHIPPED)
class TestWithoutTheModel:
    def test_a_case_goes_to_a_person_with_no_number_and_no_reason(self, pack, releases, sampled):
        release = releases[pack][0]
        said = without_model(sampled(pack, 1)[0], release)
        assert (said.decision.outcome, said.decision.decisive) == ("refer", "permission")
        assert (said.decision.margin, said.decision.distance, said.attribution, said.reasons, said.texts) == (
            None,
            None,
            None,
            None,
            None,
        )

    def test_an_opted_out_case_never_touches_the_model(self, pack, services, sampled):
        release = services.serving(pack).release
        services._kernels[release.digest] = Untouchable()
        set_preference("C-1", "opted_out", "test", services)
        facts = sampled(pack, 1)[0]
        assert decide(Case(pack, "C-1", "R-1", "en", facts), "key-1", services).record.explained.decision.decisive == "permission"
        with pytest.raises(AssertionError, match="the model was called"):
            decide(Case(pack, "C-2", "R-2", "en", facts), "key-2", services)

    def test_its_facts_are_still_checked(self, pack, releases):
        with pytest.raises(BadFacts):
            without_model({"nonsense": 1}, releases[pack][0])


@pytest.mark.parametrize("pack", SHIPPED)
class TestManyCases:
    def test_arrive_as_each_arrives_alone(self, pack, releases, sampled):
        release, kernel = releases[pack]
        cases = sampled(pack, 60)
        together = [recorded(one, release) for one in travel_together(cases, release, kernel, DAY)]
        assert together == [recorded(travel(facts, release, kernel, DAY), release) for facts in cases]

    def test_of_years_ago_arrive_so_too_even_where_facts_are_not_what_was_scored(self, pack, releases, sampled):
        release, kernel = releases[pack]
        rows = [one.row for one in travel_together(sampled(pack, 60), release, kernel, DAY, readers=(), languages=())]
        doctored = [one._replace(x=other.x) for one, other in zip(rows, rows[1:] + rows[:1], strict=True)]
        some = {"readers": (), "languages": ()}
        alone = [travel_rows([one], release, kernel, DAY, **some)[0].decision for one in doctored]
        assert [one.decision for one in travel_rows(doctored, release, kernel, DAY, **some)] == alone

    def test_are_found_out_each_for_itself(self, pack, releases, sampled):
        """Among many, what is wrong with a case is said of it and of no other, whatever the others are."""
        release, kernel = releases[pack]
        every = travel_together(sampled(pack, 60), release, kernel, DAY)
        for place, one in enumerate(every):
            every[place] = (one, *self.spoilt(one, release))[place % 7]
        alone = [contradictions(one, release, release.vocabulary.every, kernel=kernel) for one in every]
        assert [bool(found) for found in alone] == [place % 7 not in (0, 1) for place in range(60)]
        assert contradictions_in(every, release, release.vocabulary.every, kernel=kernel) == alone

    def spoilt(self, one, release):
        split = one.attribution
        yield referred(one.row, one.decision, release.pack, "a-check")
        yield one._replace(attribution=None)
        yield one._replace(decision=one.decision._replace(distance=9.0))
        yield one._replace(row=one.row._replace(x=one.row.x + 0.5))
        yield one._replace(row=one.row._replace(x=np.append(one.row.x, 0.0)))
        yield one._replace(attribution=replace(split, phi=np.append(split.phi, 0.0), features=(*split.features, "more")))
