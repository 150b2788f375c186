"""Attributions: they add up to the margin, or nobody is told anything."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.attributions.attribution import LOCAL_ACCURACY, Attribution, by_group
from explainer.attributions.folding import BY_TABLES
from explainer.decisions.features import read_facts
from explainer.errors import Contradiction, NotLocallyAccurate
from tests.support import SHIPPED


def attribution_of(phi, gap=0.0, baseline=0.25):
    names = tuple(f"f{index}" for index in range(len(phi)))
    return Attribution(names, np.array(phi), baseline, baseline + math.fsum(phi) - gap, "by hand")


@pytest.mark.parametrize("pack", SHIPPED)
class TestOfHeldOutCases:
    def attributions(self, pack, releases, sampled):
        release, kernel = releases[pack]
        for facts in sampled(pack, 300):
            margin, phi = kernel.explain(read_facts(facts, release.pack).x)
            yield margin, Attribution(tuple(release.pack.feature), phi, kernel.baseline, margin, kernel.method)

    def test_they_add_up_to_the_margin(self, pack, releases, sampled):
        gaps = [one.baseline + math.fsum(one.phi) - margin for margin, one in self.attributions(pack, releases, sampled)]
        assert (len(gaps), max(map(abs, gaps)) <= 1e-9) == (300, True)

    def test_there_is_one_for_every_feature_and_one_baseline_for_all(self, pack, releases, sampled):
        found = [one for _, one in self.attributions(pack, releases, sampled)]
        assert {len(one.phi) for one in found} == {len(releases[pack][0].pack.features)}
        assert len({one.baseline for one in found}) == 1

    def test_they_name_the_method_that_made_them(self, pack, releases, sampled):
        assert {one.method for _, one in self.attributions(pack, releases, sampled)} == {BY_TABLES}

    def test_the_groups_add_up_too(self, pack, releases, sampled):
        group_of = releases[pack][0].pack.group_of
        gaps = [
            one.baseline + math.fsum(push for _, push, _ in by_group(one.phi[np.newaxis], group_of)[0]) - margin
            for margin, one in self.attributions(pack, releases, sampled)
        ]
        assert max(map(abs, gaps)) <= 1e-9

    def test_the_same_case_gives_the_same_bits(self, pack, releases, sampled):
        release, kernel = releases[pack]
        x = read_facts(sampled(pack, 1)[0], release.pack).x
        assert len({kernel.explain(x)[1].tobytes() for _ in range(5)}) == 1


class TestAttribution:
    def test_parts_that_add_up_are_accepted(self):
        assert abs(attribution_of([0.5, -0.25, 1e-3]).gap) <= LOCAL_ACCURACY

    @pytest.mark.parametrize("gap", [2e-9, -2e-9, 0.1, 1e6])
    def test_a_gap_is_refused_and_its_size_said(self, gap):
        with pytest.raises(NotLocallyAccurate, match=re.escape(f"miss the margin by {gap:.3g}")):
            attribution_of([0.5, -0.25], gap=gap)

    def test_a_gap_of_rounding_is_none(self):
        assert attribution_of([0.5, -0.25], gap=1e-12).features == ("f0", "f1")

    @pytest.mark.parametrize(
        ("phi", "baseline", "margin"),
        [
            ([math.nan, 0.1], 0.0, 0.1),
            ([0.1], math.nan, 0.1),
            ([0.1], 0.0, math.nan),
            ([math.inf], 0.0, math.inf),
            ([0.1], 0.0, math.inf),
        ],
    )
    def test_what_is_no_number_is_refused(self, phi, baseline, margin):
        with pytest.raises(NotLocallyAccurate):
            Attribution(tuple("ab"[: len(phi)]), np.array(phi), baseline, margin, "by hand")

    @given(st.lists(st.floats(-5, 5), min_size=1, max_size=20), st.sampled_from([1e-6, -1e-6]))
    def test_no_single_part_can_be_changed_unnoticed(self, phi, change):
        whole = attribution_of(phi)
        for index in range(len(phi)):
            changed = whole.phi.copy()
            changed[index] += change
            with pytest.raises(NotLocallyAccurate):
                Attribution(whole.features, changed, whole.baseline, whole.margin, "by hand")


def plainly(phi, group_of):
    """Groups of one case by the definition, in plain Python."""
    push_of = dict(zip(group_of, phi.tolist(), strict=True))
    sums = {}
    for feature, group in group_of.items():
        sums[group] = sums.get(group, 0.0) + push_of[feature]
    found = []
    for group in sorted(sums, key=lambda one: -abs(round(sums[one] * 1e9))):
        furthest = max if sums[group] > 0 else min
        lead = furthest((name for name in group_of if group_of[name] == group), key=push_of.__getitem__)
        found.append((group, sums[group], lead))
    return found


class TestGroups:
    def sums(self, phi, group_of):
        """Group → push of one case."""
        return {group: push for group, push, _ in by_group(np.array([phi]), group_of)[0]}

    def test_what_a_customer_calls_one_thing_is_added_up(self):
        assert self.sums([-0.5, -0.25, 0.125], {"f0": "a", "f1": "a", "f2": "b"}) == {"a": -0.75, "b": 0.125}

    def test_the_strongest_push_comes_first_whichever_its_sign(self):
        assert list(self.sums([0.1, -0.9, 0.5], {"f0": "a", "f1": "b", "f2": "c"})) == ["b", "c", "a"]

    def test_equal_pushes_keep_the_order_of_the_features(self):
        assert list(self.sums([0.3, -0.3, 0.3], {"f0": "z", "f1": "a", "f2": "m"})) == ["z", "a", "m"]

    def test_pushes_within_a_group_may_cancel(self):
        assert self.sums([0.5, -0.5, 0.1], {"f0": "a", "f1": "a", "f2": "b"}) == {"b": 0.1, "a": 0.0}

    def test_a_feature_without_a_group_is_never_dropped_silently(self):
        with pytest.raises(Contradiction, match="2 features, and groups of 1"):
            by_group(np.array([[0.5, 0.1]]), {"f0": "a"})

    def test_no_cases_have_no_groups(self):
        assert by_group(np.empty((0, 1)), {"f0": "a"}) == []

    @given(st.lists(st.tuples(st.floats(-5, 5), st.sampled_from("abcd")), min_size=1, max_size=20))
    def test_nothing_is_lost_or_counted_twice(self, parts):
        phi = [push for push, _ in parts]
        totals = self.sums(phi, {f"f{index}": group for index, (_, group) in enumerate(parts)})
        assert math.fsum(totals.values()) == pytest.approx(math.fsum(phi), abs=1e-12)
        assert set(totals) == {group for _, group in parts}

    @given(st.integers(0, 2**32))
    def test_many_cases_are_grouped_as_one_by_one_and_as_plain_python_would(self, seed):
        rng = np.random.default_rng(seed)
        phi = rng.choice([rng.normal(size=(40, 9)), np.round(rng.normal(size=(40, 9)), 1)])
        group_of = {f"f{at}": f"g{rng.integers(5)}" for at in range(9)}
        together = by_group(phi, group_of)
        assert together == [by_group(one[np.newaxis], group_of)[0] for one in phi]
        assert together == [plainly(one, group_of) for one in phi]
