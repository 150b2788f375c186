"""The planted truth: explanations name what the simulation truly did, and null groups hardly ever lead."""

import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from explainer.attributions.attribution import Attribution, by_group
from explainer.training.reference import read_cases, reference_rows, split
from tests.naive.planted import as_simulated, load_simulation, planted_shapley
from tests.support import MODELS, SHIPPED

ROWS = {"refund_approval": 40_000, "priority_scoring": 30_000}
UNFAIR_TO = {"refund_approval": ("language_group", "other"), "priority_scoring": ("language_group", "other")}


@pytest.fixture(scope="module", params=SHIPPED)
def truth(request, releases):
    """A shipped pack: its simulation, its held-out cases, what was planted and what the service attributes, by group."""
    release, kernel = releases[request.param]
    folder = MODELS / request.param / "data"
    simulation = load_simulation(folder)
    cases = read_cases(folder / "cases.parquet", release.pack)
    past, latest = split(cases, release.pack.training.held_out)
    margin, split_up = kernel.explain_many(latest.x)
    found = pd.DataFrame(split_up, columns=list(release.pack.feature)).T.groupby(release.pack.group_of).sum().T
    planted = planted_shapley(simulation, latest.frame, past.frame.iloc[reference_rows(past, release.pack)])
    return SimpleNamespace(
        name=request.param, pack=release.pack, kernel=kernel, margin=margin, simulation=simulation, folder=folder, cases=cases,
        latest=latest, split_up=split_up, found=found, planted=planted[list(found.columns)],
    )  # fmt: skip


def top(values):
    return values.abs().idxmax(axis=1).to_numpy()


class TestExplanationsAgainstTheTruth:
    def test_the_top_group_is_the_planted_one_in_nine_cases_of_ten(self, truth):
        assert np.mean(top(truth.found) == top(truth.planted)) >= 0.90

    def test_a_null_group_leads_in_at_most_one_case_of_a_hundred(self, truth):
        assert np.isin(top(truth.found), truth.simulation.NULL_GROUPS).mean() <= 0.01

    def test_the_top_group_pushes_in_the_planted_direction(self, truth):
        rows, lead = np.arange(len(truth.found)), top(truth.planted)
        where = truth.found.columns.get_indexer(lead)
        agree = np.sign(truth.found.to_numpy()[rows, where]) == np.sign(truth.planted.to_numpy()[rows, where])
        assert agree.mean() >= 0.98

    def test_what_was_checked_in_one_go_is_what_the_service_attributes(self, truth):
        for row in range(0, len(truth.latest.y), len(truth.latest.y) // 50):
            margin, phi = truth.kernel.explain(truth.latest.x[row])
            one = Attribution(tuple(truth.pack.feature), phi, truth.kernel.baseline, margin, truth.kernel.method)
            np.testing.assert_array_equal(one.phi, truth.split_up[row])
            assert by_group(one.phi[np.newaxis], truth.pack.group_of)[0][0][0] == top(truth.found.iloc[[row]])[0]

    def test_every_held_out_case_was_checked(self, truth):
        assert len(truth.found) == len(truth.planted) == len(truth.latest.y) >= 0.25 * ROWS[truth.name]


class TestTheSlowTwin:
    """The twin itself, against the definition: the planted values of a case add up to what was planted."""

    def test_adds_up_to_the_planted_function(self, truth):
        frame = as_simulated(truth.latest.frame)
        past, _ = split(truth.cases, truth.pack.training.held_out)
        background = past.frame.iloc[reference_rows(past, truth.pack)]
        usual = truth.simulation.planted(as_simulated(background)).sum(axis=1).mean()
        gap = truth.planted.sum(axis=1) + usual - truth.simulation.planted(frame).sum(axis=1)
        assert gap.abs().max() < 1e-9

    def test_gives_null_groups_nothing(self, truth):
        assert not truth.planted[list(truth.simulation.NULL_GROUPS)].to_numpy().any()


class TestTheSimulation:
    def test_there_are_three_null_groups_and_the_pack_has_them(self, truth):
        assert len(truth.simulation.NULL_GROUPS) == 3
        assert set(truth.simulation.NULL_GROUPS) < set(truth.pack.groups)

    def test_the_planted_groups_are_those_of_the_pack(self, truth):
        columns = truth.simulation.planted(as_simulated(truth.latest.frame.head(5))).columns
        assert {name for name in columns if "*" not in name} == set(truth.pack.groups)
        assert sum("*" in name for name in columns) <= 1

    def test_writes_the_table_again_to_the_byte(self, truth, tmp_path):
        shutil.copy(truth.folder / "simulate.py", tmp_path)
        subprocess.run([sys.executable, "simulate.py"], cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "cases.parquet").read_bytes() == (truth.folder / "cases.parquet").read_bytes()

    def test_gives_other_cases_with_another_seed(self, truth):
        one, other = (truth.simulation.simulate(200, seed) for seed in (1, 2))
        assert not one.equals(other)

    def test_tells_its_truth_in_words(self, truth):
        words = (truth.folder / "TRUTH.md").read_text("utf-8")
        assert all(group in words for group in truth.pack.groups)


class TestTheTable:
    def test_is_large_enough_to_learn_from_and_small_enough_to_ship(self, truth):
        path = truth.folder / "cases.parquet"
        assert (path.stat().st_size <= 3 * 1024 * 1024, pq.read_metadata(path).num_rows >= ROWS[truth.name]) == (True, True)

    def test_has_the_audit_groups_as_columns_and_never_as_features(self, truth):
        groups = set(truth.pack.training.audit_groups)
        assert groups <= set(truth.cases.frame.columns)
        assert len(groups) >= 2
        assert groups.isdisjoint(truth.pack.feature)

    def test_has_missing_values_where_they_mean_something(self, truth):
        empty = {one.name for one in truth.pack.features if truth.cases.frame[one.name].isna().any()}
        assert empty == {one.name for one in truth.pack.features if one.missing and truth.cases.frame[one.name].isna().any()}
        assert len(empty) >= 3

    def test_has_a_time_axis_with_a_mild_drift(self, truth):
        frame, training = truth.cases.frame, truth.pack.training
        days = pd.to_datetime(frame[training.time])
        assert (days.max() - days.min()).days >= 365
        early, late = (
            frame[training.target].iloc[part].mean() for part in (slice(None, len(frame) // 4), slice(-len(frame) // 4, None))
        )
        assert 0.001 < abs(early - late) < 0.10

    def test_shows_the_planted_unfairness(self, truth):
        """The same planted truth, another target: customers of one group fare worse than their facts say."""
        frame = as_simulated(truth.cases.frame)
        column, group = UNFAIR_TO[truth.name]
        told = truth.simulation.planted(frame).sum(axis=1)
        strata = pd.qcut(told, 10, duplicates="drop")
        rates = frame.groupby([strata, frame[column] == group], observed=True)[truth.pack.training.target].mean().unstack()
        gap = (rates[True] - rates[False]).mean()
        assert gap < -0.05 if truth.name == "refund_approval" else gap > 0.05


class TestRefundApproval:
    def test_has_at_least_14_features_and_4_categories_of_5_to_30_levels(self, releases):
        features = releases["refund_approval"][0].pack.features
        assert len(features) >= 14
        assert sum(5 <= len(one.levels) <= 30 for one in features) >= 4

    def test_asks_what_a_customer_can_understand(self, releases):
        asked = set(releases["refund_approval"][0].pack.feature)
        wanted = (
            "amount days_since_delivery delivery_delay_days reason item_condition product_category channel photos orders_12_months"
        )
        assert {*wanted.split(), "refunds_12_months", "tenure_months", "tracking_status", "final_sale"} <= asked

    def test_has_action_limits_directions_and_dated_sourced_rules(self, releases):
        pack = releases["refund_approval"][0].pack
        assert sum(one.action is not None for one in pack.features) >= 2
        assert sum(one.monotone != 0 for one in pack.features) >= 5
        assert all(rule.source and rule.in_force_from for rule in pack.rules)
        assert any(rule.in_force_to for rule in pack.rules)
        assert {"withdrawal_right", "not_delivered", "final_sale", "large_amount"} <= {rule.code for rule in pack.rules}


class TestPriorityScoring:
    def test_orders_from_p1_to_p4_in_points(self, releases):
        pack = releases["priority_scoring"][0].pack
        assert ([one.outcome for one in pack.bands], pack.score_shown) == (["P1", "P2", "P3", "P4"], "points")

    def test_has_rules_for_safety_and_vulnerable_customers(self, releases):
        rules = {rule.code: rule.outcome for rule in releases["priority_scoring"][0].pack.rules}
        assert (rules["safety_risk"], rules["declared_need"], rules["medical_equipment"]) == ("P1", "P2", "P2")
