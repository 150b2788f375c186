"""A second opinion on recorded attributions finds what kernel and record have wrong together, and says what it leaves out."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from explainer.attributions.second_opinion import SHAP_ROWS
from explainer.audit import opinions as module
from explainer.audit.opinions import judge
from explainer.decisions.forest import read_forest
from explainer.verify import ABSTAINED, DIFFERS, SAME
from tests.forests import kernel_of

CASES = SHAP_ROWS + 2


@pytest.fixture(scope="module")
def numeric():
    """A booster of numbers alone, its forest, reference rows, cases and their attributions."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 4))
    y = (x[:, 0] * x[:, 1] + x[:, 2] > 0).astype(float)
    booster = lightgbm.train({"objective": "binary", "verbosity": -1, "num_threads": 1}, lightgbm.Dataset(x, y), 10)
    text, rows = booster.model_to_string(), x[500 : 500 + CASES]
    return booster, read_forest(text), x[:100], rows, kernel_of(text, x[:100]).explain_many(rows)[1]


def ends(found):
    return [[(one.by, one.end) for one in each] for each in found]


def test_counting_agrees_with_the_kernel_case_by_case(numeric):
    _, *asked = numeric
    assert ends(judge(*asked)) == [[("counting", SAME)]] * CASES


def test_one_push_that_is_off_is_found_in_its_case_and_by_its_feature(numeric):
    _, forest, reference, rows, phi = numeric
    wrong = phi.copy()
    wrong[3, 1] += 1e-8
    found = list(judge(forest, reference, rows, wrong))
    assert [at for at, (one,) in enumerate(found) if one.end != SAME] == [3]
    assert found[3][0].why == f"1.0e-08 apart at most, for {forest.features[1]}"


def test_shap_is_asked_about_the_first_and_abstains_from_the_rest(numeric):
    booster, *asked = numeric
    found = list(judge(*asked, booster=booster))
    assert ends(found[:SHAP_ROWS]) == [[("counting", SAME), ("shap", SAME)]] * SHAP_ROWS
    assert ends(found[SHAP_ROWS:]) == [[("counting", SAME), ("shap", ABSTAINED)]] * (CASES - SHAP_ROWS)
    assert found[-1][1].why == f"it is asked about {SHAP_ROWS} cases of a release at a time"


def test_shap_differs_as_well(numeric):
    booster, forest, reference, rows, phi = numeric
    assert ends(judge(forest, reference, rows[:1], phi[:1] + 1e-5, booster=booster)) == [[("counting", DIFFERS), ("shap", DIFFERS)]]


def test_what_would_take_minutes_is_not_counted_and_that_is_said(numeric, monkeypatch):
    _, forest, *asked = numeric
    monkeypatch.setattr(module, "MOST_GAMES", len(forest.value) * 100 - 1)
    found = list(judge(forest, *asked))
    assert ends(found) == [[("counting", ABSTAINED)]] * CASES
    assert "`explainer check` counts them" in found[0][0].why
