"""The second opinion: agrees with what is right, differs on what is not, and abstains where it cannot know."""

import lightgbm
import numpy as np
import pytest

from explainer.attributions.second_opinion import SHAP_ROWS, Abstain, Agree, Differ, blurs, count, reference_values, second_opinions
from explainer.decisions.codes import codebook, encode
from explainer.decisions.forest import read_forest
from tests.forests import KINDS, edge_rows, kernel_of, trained
from tests.naive import forest as naive


@pytest.fixture(scope="module")
def numeric():
    """A model of numbers alone, its forest, its rows and its attributions of fifty of them."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 5))
    y = (x[:, 0] * x[:, 1] + x[:, 2] > 0).astype(float)
    booster = lightgbm.train({"objective": "binary", "verbosity": -1, "num_threads": 1}, lightgbm.Dataset(x, y), 30)
    text = booster.model_to_string()
    return booster, read_forest(text), x[:300], x[1000:1050], kernel_of(text, x[:300]).explain_many(x[1000:1050])[1]


class TestCounting:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_right_by_the_definition(self, kind):
        text, x = trained(kind, rounds=3)
        rows = edge_rows(text, 3)
        for row, counted in zip(rows, count(read_forest(text), x[:12], rows), strict=True):
            np.testing.assert_allclose(counted, naive.shapley(naive.read(text), row, x[:12])[1], rtol=0, atol=1e-9)

    @pytest.mark.parametrize("kind", KINDS)
    def test_agrees_with_the_kernel(self, kind):
        text, x = trained(kind, rounds=30)
        forest, rows = read_forest(text), edge_rows(text, 60)
        phi = kernel_of(text, x[:200]).explain_many(rows)[1]
        if forest.categorical.any():
            opinions = second_opinions(forest, x[:200], rows, phi, booster=None)
            assert {type(one) for one in opinions} == {Agree}
            assert len(opinions) == 60

    def test_takes_the_codes_of_the_population_as_well_as_its_values(self):
        text, x = trained("nan")
        forest, rows = read_forest(text), x[300:310]
        book = codebook(forest)
        values = reference_values(book, encode(x[:100], book))
        np.testing.assert_allclose(count(forest, values, rows), count(forest, x[:100], rows), rtol=0, atol=1e-15)

    @pytest.mark.parametrize("by", [1e-8, -1e-8, np.nan])
    def test_differs_on_one_value_that_is_off_and_names_its_feature(self, by):
        text, x = trained("nan")
        forest, phi = read_forest(text), kernel_of(text, x[:100]).explain_many(x[:20])[1]
        phi[7, 3] += by
        opinions = second_opinions(forest, x[:100], x[:20], phi, booster=None)
        wrong = [(at, one) for at, one in enumerate(opinions) if isinstance(one, Differ)]
        assert [at for at, _ in wrong] == [7]
        assert np.isnan(by) or wrong[0][1].feature == forest.features[3]


class TestShap:
    def test_agrees_on_a_model_of_numbers(self, numeric):
        booster, forest, reference, rows, phi = numeric
        opinions = second_opinions(forest, reference, rows, phi, booster=booster)
        assert [(type(one), one.by) for one in opinions] == [(Agree, "counting")] * 50 + [(Agree, "shap")] * SHAP_ROWS

    def test_differs_on_what_is_off(self, numeric):
        booster, forest, reference, rows, phi = numeric
        opinions = second_opinions(forest, reference, rows, phi + 1e-5, booster=booster)
        assert {(type(one), one.by) for one in opinions} == {(Differ, "counting"), (Differ, "shap")}

    def test_abstains_where_float32_cannot_tell_a_value_from_a_threshold(self, numeric):
        booster, forest, reference, rows, _ = numeric
        close, f = rows[:3].copy(), int(forest.feature[0])
        close[1, f] = np.nextafter(forest.threshold[0], np.inf)
        opinions = second_opinions(forest, reference, close, kernel_phi(booster, reference, close), booster=booster)
        assert [type(one) for one in opinions[3:]] == [Agree, Abstain, Agree]
        assert (blurs(forest, close[1:2]), blurs(forest, close[:1])) == (True, False)

    def test_abstains_on_missing_values(self, numeric):
        booster, forest, reference, rows, _ = numeric
        absent = rows[:1].copy()
        absent[0, 0] = np.nan
        (_, shap) = second_opinions(forest, reference, absent, kernel_phi(booster, reference, absent), booster=booster)
        assert isinstance(shap, Abstain)

    def test_is_not_asked_about_categories(self):
        text, x = trained("nan")
        opinions = second_opinions(read_forest(text), x[:50], x[:3], kernel_of(text, x[:50]).explain_many(x[:3])[1], booster=None)
        assert {one.by for one in opinions} == {"counting"}


def kernel_phi(booster, reference, rows):
    return kernel_of(booster.model_to_string(), reference).explain_many(rows)[1]
