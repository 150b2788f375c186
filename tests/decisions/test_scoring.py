"""Scoring: the margin is LightGBM's own raw score to the last bit."""

import math

import lightgbm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.decisions.features import read_facts
from explainer.decisions.scoring import score
from tests.support import SHIPPED


@pytest.mark.parametrize("pack", SHIPPED)
class TestMargin:
    def rows(self, pack, releases, sampled):
        return np.array([read_facts(facts, releases[pack][0].pack).x for facts in sampled(pack, 300)])

    def test_is_the_raw_score_bit_for_bit(self, pack, releases, sampled):
        release, kernel = releases[pack]
        rows = self.rows(pack, releases, sampled)
        raw = lightgbm.Booster(model_str=release.model_text).predict(rows, raw_score=True, num_threads=1)
        assert np.array([kernel.explain(row)[0] for row in rows]).tobytes() == np.asarray(raw).tobytes()

    def test_gives_the_probability_that_lightgbm_gives(self, pack, releases, sampled):
        release, kernel = releases[pack]
        rows = self.rows(pack, releases, sampled)[:50]
        said = lightgbm.Booster(model_str=release.model_text).predict(rows, num_threads=1)
        np.testing.assert_allclose([score(kernel.explain(row)[0]) for row in rows], said, rtol=0, atol=1e-15)

    def test_is_a_finite_number_of_python(self, pack, releases, sampled):
        margins = [releases[pack][1].explain(row)[0] for row in self.rows(pack, releases, sampled)[:20]]
        assert all(type(margin) is float and math.isfinite(margin) for margin in margins)


class TestScore:
    @pytest.mark.parametrize(
        ("margin", "expected"), [(0.0, 0.5), (1000.0, 1.0), (-1000.0, 0.0), (math.log(3), 0.75), (-math.log(3), 0.25)]
    )
    def test_is_stable_far_out(self, margin, expected):
        assert score(margin) == pytest.approx(expected, abs=1e-15)

    @given(st.floats(-1000, 1000))
    def test_lies_between_zero_and_one_and_mirrors(self, margin):
        assert 0.0 <= score(margin) <= 1.0
        assert score(margin) + score(-margin) == pytest.approx(1.0, abs=1e-15)

    @given(st.floats(-700, 700), st.floats(-700, 700))
    def test_keeps_the_order_of_margins(self, one, other):
        low, high = sorted((one, other))
        assert score(low) <= score(high)
