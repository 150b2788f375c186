"""The recipe: the same files and cases give the same release, and what the pack forbids the model cannot do."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import lightgbm
import numpy as np
import pytest

from explainer.packs.registry import Registry
from explainer.service.releases import train_candidate
from explainer.settings import Settings
from explainer.training.recipe import parameters, train
from explainer.training.reference import read_cases, split
from tests.little import checked, little_cases, little_files, little_models
from tests.support import MODELS, ROOT, SHIPPED, declared

AGAIN = """
import sys
from pathlib import Path
from explainer.service.releases import train_candidate
from explainer.settings import Settings
settings = Settings(home=Path(sys.argv[2]), models=Path(sys.argv[3]))
print(train_candidate(sys.argv[1], settings, None, lambda done, total: None).digest)
"""


def quiet(_done, _total):
    pass


class TestTrainingTwice:
    @pytest.mark.parametrize("pack", SHIPPED)
    def test_gives_the_same_digest_in_another_process_with_other_threads_and_hash_seed(self, pack, releases, tmp_path):
        surroundings = {
            **os.environ,
            "PYTHONHASHSEED": "12345",
            "OMP_NUM_THREADS": "2",
            "TZ": "Asia/Tokyo",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-c", AGAIN, pack, str(tmp_path), str(MODELS)]
        done = subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split()[-1] == releases[pack][0].digest

    def test_gives_the_same_digest_in_this_process_too(self, tmp_path):
        models = little_models(tmp_path / "models")
        digests = {train_candidate("little", Settings(home=tmp_path / one, models=models), None, quiet).digest for one in "ab"}
        assert len(digests) == 1

    def test_gives_the_same_digest_for_the_same_cases_in_a_file_written_otherwise(self, tmp_path):
        models = little_models(tmp_path / "models")
        other = tmp_path / "other.parquet"
        little_cases()[list(reversed(little_cases().columns))].to_parquet(other, compression="gzip")
        settings = Settings(home=tmp_path, models=models)
        assert train_candidate("little", settings, None, quiet).digest == train_candidate("little", settings, other, quiet).digest

    @pytest.mark.parametrize(
        ("file", "old", "new"), [("training.yaml", "num_leaves: 5", "num_leaves: 4"), ("CARD.md", "Only", "Just")]
    )
    def test_gives_another_digest_for_other_files(self, tmp_path, file, old, new):
        models = little_models(tmp_path / "models")
        settings = Settings(home=tmp_path, models=models)
        before = train_candidate("little", settings, None, quiet).digest
        path = models / "little" / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        assert train_candidate("little", settings, None, quiet).digest != before

    def test_says_no_time_or_place_in_any_file(self, tmp_path):
        models = little_models(tmp_path / "models")
        pack = checked(little_files())
        cases = read_cases(models / "little" / "data" / "cases.parquet", pack)
        files = train(pack, little_files(), cases, quiet, most_bytes=1 << 28)
        assert not [
            name for name, data in files.items() if str(tmp_path).encode() in data or (b"202" in data and name == "release.json")
        ]


class TestParameters:
    @pytest.mark.parametrize("pack", [*SHIPPED, "airport_claims"])
    def test_are_one_threaded_seeded_and_deterministic(self, pack):
        known = declared(pack)
        chosen = parameters(known)
        assert (chosen["num_threads"], chosen["deterministic"], chosen["force_row_wise"], chosen["objective"]) == (
            1,
            True,
            True,
            "binary",
        )
        assert chosen["seed"] == known.training.seed
        assert chosen["monotone_constraints"] == [one.monotone for one in known.features]

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_are_those_the_model_says_it_was_trained_with(self, pack, releases):
        text = releases[pack][0].model_text
        assert all(
            line in text for line in ("[num_threads: 1]", "[deterministic: 1]", f"[seed: {releases[pack][0].pack.training.seed}]")
        )


@pytest.mark.parametrize("pack", SHIPPED)
class TestColumns:
    def test_are_the_features_in_the_order_of_the_pack_and_nothing_else(self, pack, releases):
        release, _ = releases[pack]
        assert lightgbm.Booster(model_str=release.model_text).feature_name() == list(release.pack.feature)

    def test_hold_no_audit_group_target_or_time(self, pack, releases):
        training = releases[pack][0].pack.training
        forbidden = {training.target, training.time, *training.audit_groups}
        assert forbidden.isdisjoint(lightgbm.Booster(model_str=releases[pack][0].model_text).feature_name())
        assert len(training.audit_groups) >= 2

    def test_of_categories_are_split_by_level_and_not_by_order(self, pack, releases):
        release, _ = releases[pack]
        frame = lightgbm.Booster(model_str=release.model_text).trees_to_dataframe().dropna(subset=["split_feature"])
        kinds = frame.groupby("split_feature")["decision_type"].unique()
        categories = {one.name for one in release.pack.features if one.type == "category"}
        assert {name: list(kinds[name]) for name in kinds.index} == {
            name: ["=="] if name in categories else ["<="] for name in kinds.index
        }
        assert len(categories & set(kinds.index)) >= 3


@pytest.mark.parametrize("pack", SHIPPED)
class TestMonotone:
    def test_a_declared_direction_holds_from_end_to_end_wherever_a_case_stands(self, pack, releases):
        release, _ = releases[pack]
        booster = lightgbm.Booster(model_str=release.model_text)
        cases, _ = split(read_cases(MODELS / pack / "data" / "cases.parquet", release.pack), release.pack.training.held_out)
        rows = cases.x[::400]
        held = [(index, one) for index, one in enumerate(release.pack.features) if one.monotone]
        assert len(held) >= 5
        for index, feature in held:
            low, high = (0.0, 1.0) if feature.type == "boolean" else (feature.low, feature.high)
            known = cases.x[:, index]
            steps = np.unique(np.concatenate([[low, high], np.quantile(known[~np.isnan(known)], np.linspace(0, 1, 40))]))
            grid = np.repeat(rows, len(steps), axis=0)
            grid[:, index] = np.tile(steps, len(rows))
            margins = np.asarray(booster.predict(grid, raw_score=True, num_threads=1)).reshape(len(rows), len(steps))
            assert (feature.monotone * np.diff(margins, axis=1)).min() >= -1e-12, feature.name


@pytest.mark.parametrize("pack", SHIPPED)
class TestWhatIsMeasured:
    def test_is_measured_on_the_latest_quarter_which_the_model_never_saw(self, pack, releases):
        release, _ = releases[pack]
        cases = read_cases(MODELS / pack / "data" / "cases.parquet", release.pack)
        past, latest = split(cases, release.pack.training.held_out)
        metrics = release.metrics
        assert (metrics["trained_on"], metrics["cases"]) == (len(past.y), len(latest.y))
        assert metrics["cases"] == pytest.approx(0.25 * len(cases.y), abs=1)
        assert metrics["from"] < metrics["to"] <= metrics["held_out_from"] < metrics["held_out_to"]

    def test_is_measured_with_the_model_that_is_served(self, pack, releases):
        release, _ = releases[pack]
        _, latest = split(read_cases(MODELS / pack / "data" / "cases.parquet", release.pack), release.pack.training.held_out)
        score = np.asarray(lightgbm.Booster(model_str=release.model_text).predict(latest.x, num_threads=1))
        assert release.metrics["brier"] == pytest.approx(float(np.mean((score - latest.y) ** 2)), abs=1e-12)

    def test_is_good_enough_to_be_of_use(self, pack, releases):
        assert releases[pack][0].metrics["auc"] > 0.75

    def test_holds_what_issue_2_asks_for(self, pack, releases):
        metrics = releases[pack][0].metrics
        assert {"auc", "brier", "calibration", "outcomes"} <= set(metrics)
        assert set(metrics["outcomes"]) == {one.outcome for one in releases[pack][0].pack.bands}

    def test_uncertainty_is_a_wilson_interval_for_every_margin(self, pack, releases):
        bands = releases[pack][0].uncertainty
        assert (bands[0].low, bands[-1].high) == (None, None)
        assert all(one.high == other.low for one, other in pairwise(bands))
        assert all(0 <= one.rate_low < one.rate < one.rate_high <= 1 for one in bands)


class TestProgress:
    def test_is_told_after_every_round(self, tmp_path):
        heard = []
        settings = Settings(home=tmp_path, models=little_models(tmp_path / "models"))
        train_candidate("little", settings, None, lambda done, total: heard.append((done, total)))
        assert heard == [(one, 12) for one in range(1, 13)]


class TestWhatIsStored:
    def test_is_json_that_every_reader_can_read(self, releases, trained_home):
        for release, _ in releases.values():
            for name in ("metrics.json", "uncertainty.json", "release.json", "manifest.json"):
                text = (trained_home / "releases" / release.digest / name).read_text("utf-8")
                json.loads(text, parse_constant=pytest.fail)

    def test_names_the_versions_that_made_it(self, releases):
        for release, _ in releases.values():
            assert set(release.versions) == {"explainer", "lightgbm", "numpy"}

    def test_is_what_the_registry_proposes(self, tmp_path):
        settings = Settings(home=tmp_path, models=little_models(tmp_path / "models"))
        assert train_candidate("little", settings, None, quiet).digest == Registry(tmp_path).candidate("little").digest
