"""Metrics: known figures, slow twins, and bands that cover every margin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.training.metrics import auc, margin_bands, measure, wilson
from tests.little import little_pack

PACK = little_pack()
CASES = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([-2.0, -0.5, 0.0, 0.25, 0.5, 1.5])), min_size=2, max_size=60
)


def slow_auc(y, margin):
    """Count the pairs: a win is one, a tie a half."""
    pairs = [(p, n) for p in margin[y == 1] for n in margin[y == 0]]
    return sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs) / len(pairs)


class TestWilson:
    @pytest.mark.parametrize(
        ("hits", "cases", "low", "high"),
        [  # Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, method 3
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_agrees_with_published_figures(self, hits, cases, low, high):
        assert wilson(hits, cases) == pytest.approx((low, high), abs=5e-5)

    @given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_holds_the_share_and_stays_between_zero_and_one(self, counted):
        hits, cases = counted
        low, high = wilson(hits, cases)
        assert 0.0 <= low <= hits / cases + 1e-12
        assert hits / cases - 1e-12 <= high <= 1.0

    def test_grows_narrower_with_more_cases(self):
        widths = [high - low for low, high in (wilson(n // 2, n) for n in (10, 100, 1000, 10_000))]
        assert widths == sorted(widths, reverse=True)

    def test_solves_its_own_equation(self):
        for edge in wilson(8, 10):  # |share - edge| is z standard errors of the edge
            assert abs(0.8 - edge) == pytest.approx(1.959963984540054 * math.sqrt(edge * (1 - edge) / 10))


class TestAuc:
    @given(CASES)
    def test_agrees_with_counting_every_pair(self, cases):
        y, margin = (np.array(column) for column in zip(*cases, strict=True))
        if 0 < y.sum() < len(y):
            assert auc(y, margin) == pytest.approx(slow_auc(y, margin), abs=1e-12)
        else:
            assert math.isnan(auc(y, margin))

    @pytest.mark.parametrize(("margins", "expected"), [([0, 1, 2, 3], 1.0), ([3, 2, 1, 0], 0.0), ([1, 1, 1, 1], 0.5)])
    def test_of_the_best_the_worst_and_a_guess(self, margins, expected):
        assert auc(np.array([0, 0, 1, 1]), np.array(margins)) == expected


class TestMarginBands:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.floats(-30, 30), min_size=1, max_size=200), st.floats(-1e6, 1e6))
    def test_every_margin_falls_into_exactly_one(self, margins, other):
        bands = margin_bands(np.arange(len(margins)) % 2.0, np.array(margins), least=1)
        for margin in (*margins, other):
            inside = [b for b in bands if (b.low is None or margin >= b.low) and (b.high is None or margin < b.high)]
            assert len(inside) == 1

    def test_counts_every_case_once(self):
        rng = np.random.default_rng(1)
        margin, y = rng.normal(size=9970), (rng.random(9970) < 0.4).astype(float)
        bands = margin_bands(y, margin)
        assert (len(bands), sum(one.cases for one in bands)) == (30, 9970)
        assert sum(round(one.rate * one.cases) for one in bands) == y.sum()
        assert max(one.cases for one in bands) - min(one.cases for one in bands) <= 2

    def test_are_narrow_enough_that_a_true_score_and_its_similar_cases_agree(self):
        rng = np.random.default_rng(4)
        margin = rng.normal(scale=2.0, size=15_000)
        y = (rng.random(15_000) < 1 / (1 + np.exp(-margin))).astype(float)
        inner = margin_bands(y, margin)[1:-1]
        assert max(1 / (1 + math.exp(-one.high)) - 1 / (1 + math.exp(-one.low)) for one in inner) < 0.06

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.integers(1, 400), st.floats(-3, 3)), min_size=1, max_size=12))
    def test_none_holds_fewer_than_200_cases_even_when_many_margins_are_equal(self, heaps):
        margin = np.array([value for count, value in heaps for _ in range(count)])
        cases = [one.cases for one in margin_bands(np.arange(len(margin)) % 2.0, margin)]
        assert len(cases) == 1 or min(cases) >= 200

    def test_a_model_that_says_one_thing_has_one_band(self):
        bands = margin_bands(np.array([0.0, 1.0, 1.0, 1.0]), np.zeros(4))
        assert [(one.low, one.high, one.cases, one.rate) for one in bands] == [(None, None, 4, 0.75)]


class TestMeasure:
    def test_by_hand_on_five_cases(self):
        y, margin = np.array([1.0, 1.0, 0.0, 1.0, 0.0]), np.array([2.0, 0.5, 0.0, -0.5, -3.0])
        said = measure(y, margin, PACK)
        assert (said["cases"], said["rate"], said["auc"]) == (5, 0.6, pytest.approx(5 / 6))
        assert said["outcomes"]["approve"] == {"cases": 2, "share": 0.4, "rate": 1.0, "interval": wilson(2, 2)}
        assert said["outcomes"]["refer"] == {"cases": 2, "share": 0.4, "rate": 0.5, "interval": wilson(1, 2)}
        assert said["outcomes"]["decline"] == {"cases": 1, "share": 0.2, "rate": 0.0, "interval": wilson(0, 1)}

    def test_an_outcome_nobody_reached_has_no_rate(self):
        said = measure(np.array([1.0, 0.0]), np.array([2.0, 3.0]), PACK)
        assert said["outcomes"]["decline"] == {"cases": 0, "share": 0.0, "rate": None, "interval": None}

    def test_the_brier_score_is_the_mean_squared_miss(self):
        assert measure(np.array([1.0, 0.0]), np.array([0.0, 0.0]), PACK)["brier"] == 0.25

    def test_calibration_sets_what_was_promised_beside_what_came_true(self):
        rng = np.random.default_rng(2)
        margin = rng.normal(size=20_000)
        y = (rng.random(20_000) < 1 / (1 + np.exp(-margin))).astype(float)
        assert all(
            one["rate_low"] - 0.02 < one["mean_score"] < one["rate_high"] + 0.02 for one in measure(y, margin, PACK)["calibration"]
        )
