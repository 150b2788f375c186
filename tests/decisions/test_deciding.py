"""Deciding: rules before bands, an edge belongs to the band above, margins and never probabilities."""

import math
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.decisions.deciding import Decision, band_of, decide_case, decide_together, distance_to_edge
from explainer.decisions.policy import RuleResult
from explainer.decisions.scoring import score
from explainer.packs.definition import Band
from tests.little import little_pack

PACK = little_pack()  # approve from 0.5, refer from -0.5, decline below


def rule(code, outcome, fired=True, floor=False):
    return RuleResult(code, fired, outcome, floor)


class TestBands:
    @pytest.mark.parametrize(
        ("margin", "outcome"),
        [
            (0.5, "approve"),
            (math.nextafter(0.5, -1), "refer"),
            (-0.5, "refer"),
            (math.nextafter(-0.5, -1), "decline"),
            (1e300, "approve"),
            (-1e300, "decline"),
        ],
    )
    def test_an_edge_belongs_to_the_band_above_it(self, margin, outcome):
        assert band_of(margin, PACK.bands).outcome == outcome

    def test_margins_that_round_to_one_probability_are_still_told_apart(self):
        at, under = 40.0, math.nextafter(40.0, 0)
        assert score(at) == score(under)
        bands = (Band("approve", at), Band("decline", None))
        assert [band_of(margin, bands).outcome for margin in (at, under)] == ["approve", "decline"]

    @given(st.floats(allow_nan=False), st.floats(allow_nan=False))
    def test_a_higher_margin_is_never_less_favourable(self, one, other):
        low, high = sorted((one, other))
        assert PACK.favour(band_of(high, PACK.bands).outcome) <= PACK.favour(band_of(low, PACK.bands).outcome)

    @pytest.mark.parametrize(
        ("margin", "distance"), [(0.5, 0.0), (0.75, 0.25), (0.25, 0.25), (-0.75, 0.25), (0.0, 0.5), (-2.5, 2.0)]
    )
    def test_the_distance_is_to_the_nearest_edge(self, margin, distance):
        assert distance_to_edge(margin, PACK.thresholds) == distance

    def test_a_single_band_has_no_edge(self):
        assert distance_to_edge(0.3, ()) is None


class TestWithoutARule:
    def test_the_score_decides_outside_the_band_of_people(self):
        assert decide_case((), 2.0, PACK) == Decision("approve", "score", None, 2.0, 1.5, ())
        assert decide_case((), -2.0, PACK) == Decision("decline", "score", None, -2.0, 1.5, ())

    def test_between_the_thresholds_the_band_hands_over_to_a_person(self):
        assert decide_case((), 0.0, PACK) == Decision("refer", "band", None, 0.0, 0.5, ())

    def test_a_rule_that_did_not_fire_changes_nothing(self):
        quiet = (rule("a", "decline", fired=False), rule("b", "approve", fired=False, floor=True))
        decision = decide_case(quiet, 2.0, PACK)
        assert (decision.outcome, decision.decisive, decision.rule) == ("approve", "score", None)


class TestRulesThatDecide:
    @pytest.mark.parametrize("margin", [-9.0, 0.0, 9.0])
    @pytest.mark.parametrize("outcome", ["approve", "refer", "decline"])
    def test_a_rule_beats_every_margin(self, outcome, margin):
        decision = decide_case((rule("a", outcome),), margin, PACK)
        assert (decision.outcome, decision.decisive, decision.rule, decision.margin) == (outcome, "rule", "a", margin)

    def test_the_first_that_fires_decides(self):
        results = (rule("quiet", "refer", fired=False), rule("first", "approve"), rule("second", "decline"))
        assert decide_case(results, -9.0, PACK).rule == "first"

    def test_all_that_fired_are_kept_with_the_decision(self):
        results = (rule("quiet", "refer", fired=False), rule("first", "approve"), rule("second", "decline"))
        decision = decide_case(results, 0.0, PACK)
        assert (decision.rules, [one.code for one in decision.fired]) == (results, ["first", "second"])

    def test_a_rule_decides_even_when_it_says_what_the_score_says(self):
        assert decide_case((rule("a", "approve"),), 9.0, PACK).decisive == "rule"


class TestRulesThatLift:
    def test_a_floor_lifts_a_less_favourable_outcome(self):
        decision = decide_case((rule("floor", "refer", floor=True),), -9.0, PACK)
        assert (decision.outcome, decision.decisive, decision.rule) == ("refer", "rule", "floor")

    @pytest.mark.parametrize(("margin", "outcome", "decisive"), [(9.0, "approve", "score"), (0.0, "refer", "band")])
    def test_a_floor_never_lowers_and_is_not_decisive_when_it_lifts_nothing(self, margin, outcome, decisive):
        decision = decide_case((rule("floor", "refer", floor=True),), margin, PACK)
        assert (decision.outcome, decision.decisive, decision.rule) == (outcome, decisive, None)

    def test_a_floor_that_lifts_nothing_leaves_the_word_to_the_next_rule(self):
        results = (rule("floor", "refer", floor=True), rule("hard", "decline"))
        assert decide_case(results, 9.0, PACK).rule == "hard"

    @given(st.floats(-20, 20), st.sampled_from(["approve", "refer", "decline"]))
    def test_no_margin_ends_below_a_floor(self, margin, floor):
        decision = decide_case((rule("floor", floor, floor=True),), margin, PACK)
        assert PACK.favour(decision.outcome) <= PACK.favour(floor)
        assert PACK.favour(decision.outcome) <= PACK.favour(band_of(margin, PACK.bands).outcome)


class TestManyCases:
    MARGINS = (0.0, -0.0, 1e300, -1e300, *(math.nextafter(edge, to) for edge in PACK.thresholds for to in (-9, edge, 9)))
    RULES = ((), *((rule("a", one, fired, floor), rule("b", "approve")) for one, fired, floor in product(
        ("approve", "refer", "decline"), (True, False), (True, False)
    )))  # fmt: skip

    @pytest.mark.parametrize("bands", [PACK.bands, PACK.bands[-1:]], ids=["three bands", "one band"])
    def test_end_as_each_ends_alone(self, bands):
        pack = replace(PACK, bands=bands)
        rules, margins = zip(*product(self.RULES, self.MARGINS), strict=True)
        assert decide_together(rules, margins, pack) == [decide_case(*one, pack) for one in zip(rules, margins, strict=True)]

    def test_a_margin_that_is_no_number_ends_as_it_does_alone(self):
        together = decide_together([()] * 20, [math.nan] * 20, PACK)
        assert {one.outcome for one in together} == {decide_case((), math.nan, PACK).outcome} == {"decline"}
