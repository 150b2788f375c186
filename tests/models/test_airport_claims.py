"""Airport claims: real public cases, learned well enough, with the directions that the records show."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import lightgbm
import numpy as np
import pandas as pd
import pytest

from explainer.attributions.kernel import Kernel
from explainer.explanations.reasons import STRONG, strength_of
from explainer.packs.registry import Registry, read_models
from explainer.packs.release import check_pack
from explainer.service.releases import train_candidate
from explainer.settings import Settings
from explainer.training import recipe
from explainer.training.checking import failing_examples
from explainer.training.metrics import auc
from explainer.training.reference import read_cases, split
from tests.support import MODELS

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def claims(real_data, claims_home):
    """The pack trained on the public claims, with the contributions of its held-out cases."""
    release = Registry(claims_home).candidate("airport_claims")
    _, latest = split(read_cases(Path(real_data) / "airport_claims.parquet", release.pack), release.pack.training.held_out)
    booster = lightgbm.Booster(model_str=release.model_text)
    kernel = Kernel.of(release.model_text, release.reference, release.method)
    margin, pushes = kernel.explain_many(latest.x)
    phi = pd.DataFrame(pushes, columns=list(release.pack.feature))
    return SimpleNamespace(release=release, latest=latest, booster=booster, kernel=kernel, phi=phi, margin=margin, home=claims_home)


def margins(claims, **fixed):
    """Mean margin of the held-out claims with some facts set to one value."""
    x, names = claims.latest.x.copy(), list(claims.release.pack.feature)
    for name, value in fixed.items():
        x[:, names.index(name)] = value
    return float(np.mean(claims.booster.predict(x, raw_score=True, num_threads=1)))


class TestLearning:
    """The last quarter is meant in both ways: of the claims, which every release measures, and of the calendar."""

    def test_auc_on_the_last_quarter_of_the_calendar_is_at_least_72(self, real_data):
        declarations = read_models(MODELS, "airport_claims")
        pack = check_pack(declarations, "airport_claims")
        cases = read_cases(Path(real_data) / "airport_claims.parquet", pack)
        days = pd.to_datetime(cases.frame[pack.training.time])
        later = float((days >= days.min() + 0.75 * (days.max() - days.min())).mean())
        by_calendar = replace(pack, training=replace(pack.training, held_out=later))
        trained = recipe.train(by_calendar, declarations, cases, lambda _done, _total: None, most_bytes=1 << 28)
        model = trained["model.txt"].decode()
        _, latest = split(cases, later)
        assert 0.1 < later < 0.4
        assert auc(latest.y, lightgbm.Booster(model_str=model).predict(latest.x, raw_score=True, num_threads=1)) >= 0.72

    def test_auc_on_the_last_quarter_of_the_claims_is_at_least_72(self, claims):
        assert len(claims.latest.y) == pytest.approx(34_858 / 4, rel=0.01)
        assert claims.release.metrics["auc"] == auc(
            claims.latest.y, claims.booster.predict(claims.latest.x, raw_score=True, num_threads=1)
        )
        assert claims.release.metrics["auc"] >= 0.72

    def test_only_claims_that_were_decided_are_learned_from(self, claims):
        metrics = claims.release.metrics
        assert metrics["trained_on"] + metrics["cases"] == 34_858

    def test_its_examples_hold(self, claims):
        assert failing_examples(claims.release, claims.kernel) == []

    def test_no_leak_and_no_audit_group_is_a_feature(self, claims):
        assert {"outcome", "close_amount", "claim_id", "airport_region", "carrier_type"}.isdisjoint(claims.booster.feature_name())

    def test_training_again_gives_the_same_release_and_a_folder_may_be_named_instead_of_a_file(self, claims, real_data, tmp_path):
        settings = Settings(home=tmp_path, models=MODELS, real_data=real_data)
        assert train_candidate("airport_claims", settings, None, lambda _done, _total: None).digest == claims.release.digest
        assert Registry(tmp_path).candidate("airport_claims").digest == claims.release.digest


class TestDirections:
    def test_a_higher_amount_lowers_the_margin(self, claims):
        steps = [margins(claims, claim_amount=amount) for amount in (10, 25, 100, 300, 1000, 5000, 20_000)]
        assert steps == sorted(steps, reverse=True)
        assert steps[0] - steps[-1] > 1.0

    def test_small_amounts_speak_for_a_claim_and_large_ones_against_it(self, claims):
        amount = claims.latest.frame["claim_amount"].to_numpy(dtype=float)
        push = claims.phi["claim_amount"].to_numpy()
        assert push[amount <= 25].mean() > 0.2
        assert push[amount > 5000].mean() < -0.5

    def test_more_items_lower_the_margin(self, claims):
        steps = [margins(claims, item_count=count) for count in (1, 2, 3, 5, 8)]
        assert all(higher >= lower for higher, lower in pairwise(steps))
        push, count = claims.phi["item_count"].to_numpy(), claims.latest.frame["item_count"].to_numpy(dtype=float)
        assert push[count == 1].mean() > 0 > push[count >= 5].mean()

    def test_the_checkpoint_speaks_for_a_claim_and_checked_baggage_against_it(self, claims):
        site, push = claims.latest.frame["claim_site"].astype(object).fillna("").to_numpy(), claims.phi["claim_site"].to_numpy()
        assert push[site == "Checkpoint"].mean() > 0.3
        assert push[site == "Checked Baggage"].mean() < 0

    def test_lateness_is_flat_never_strong_and_hardly_ever_leads(self, claims):
        late = claims.phi["days_to_file"]
        assert (claims.phi.abs().idxmax(axis=1) == "days_to_file").mean() <= 0.01
        assert late.abs().max() < STRONG
        assert {strength_of(push) for push in late} <= {"slight", "medium"}

    def test_lateness_does_not_speak_more_against_late_claims_than_against_early_ones(self, claims):
        days = claims.latest.frame["days_to_file"].to_numpy(dtype=float)
        push = claims.phi["days_to_file"].to_numpy()
        assert abs(push[days > 90].mean() - push[days < 30].mean()) < 0.1
