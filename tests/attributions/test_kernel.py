"""The kernel: equal to counting every subset, to LightGBM's margin to the bit, and to itself whatever way it is asked."""

import copy
import pickle
import threading

import lightgbm
import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.attributions import folding
from explainer.attributions.folding import BY_SUMS, BY_TABLES, arrays_of, choose_method, tables_of
from explainer.attributions.kernel import BATCH, TILE, Kernel
from explainer.decisions.codes import codebook
from explainer.decisions.forest import read_forest
from tests.bench.models import subject
from tests.forests import KINDS, chain, edge_rows, kernel_of, model_text, split_on, trained
from tests.naive import forest as naive

METHODS = [BY_TABLES, BY_SUMS]


@pytest.fixture(params=METHODS)
def method(request):
    return request.param


class TestAgainstCounting:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("seed", [0, 1])
    def test_every_subset_counted_gives_the_same(self, kind, seed, method):
        text, x = trained(kind, seed, rounds=3)
        reference, trees = x[:15], naive.read(text)
        kernel = kernel_of(text, reference, method)
        for row in [*x[100:102], *edge_rows(text, 2, seed)]:
            margin, phi = kernel.explain(row)
            baseline, counted = naive.shapley(trees, row, reference)
            np.testing.assert_allclose(phi, counted, rtol=0, atol=1e-9)
            assert kernel.baseline == pytest.approx(baseline, abs=1e-9)
            assert margin == naive.margin(trees, row)

    def test_both_methods_agree(self):
        text, x = trained("deep", features=9, rounds=20)
        (one, other), rows = (kernel_of(text, x[:200], method) for method in METHODS), edge_rows(text, 300)
        np.testing.assert_allclose(one.explain_many(rows)[1], other.explain_many(rows)[1], rtol=0, atol=1e-12)

    @pytest.mark.parametrize(("features", "most_alone", "is_deep"), [(14, 1 << 14, False), (18, 1 << 14, True), (18, 4, True)])
    def test_leaves_of_many_features_are_exact(self, features, most_alone, is_deep, monkeypatch, method):
        monkeypatch.setattr(folding, "MOST_ALONE", most_alone)
        text, rng = chain(features), np.random.default_rng(0)
        reference, rows = rng.normal(0.7, 1, (60, features)), rng.normal(0.7, 1, (6, features))
        kernel = kernel_of(text, reference, method)
        assert bool(len(kernel.tables.deep.value)) == (is_deep or method == BY_SUMS)
        for row in [*rows, np.ones(features), -np.ones(features)]:
            baseline, counted = naive.shapley_by_pairs(naive.read(text), row, reference)
            np.testing.assert_allclose(kernel.explain(row)[1], counted, rtol=0, atol=1e-9)
            assert kernel.baseline == pytest.approx(baseline, abs=1e-12)

    def test_a_larger_model_is_exact_row_by_row_of_the_population(self, method):
        text, x = trained("deep", features=12, rounds=12, rows=1500)
        reference, trees = x[:25], naive.read(text)
        for row in edge_rows(text, 3):
            counted = naive.shapley_by_pairs(trees, row, reference)[1]
            np.testing.assert_allclose(kernel_of(text, reference, method).explain(row)[1], counted, rtol=0, atol=1e-9)

    @pytest.mark.torture
    def test_a_thousand_trees_of_63_leaves_are_exact(self, method):
        one = subject("large", 1000, 63, True)
        reference, trees = one.reference[:6], naive.read(one.text)
        kernel = kernel_of(one.text, reference, method)
        raw = one.booster.predict(one.rows, raw_score=True, num_threads=1)
        assert kernel.explain_many(one.rows[:200])[0].tobytes() == np.asarray(raw[:200]).tobytes()
        for row in one.rows[:3]:
            margin, phi = kernel.explain(row)
            baseline, counted = naive.shapley_by_pairs(trees, row, reference)
            np.testing.assert_allclose(phi, counted, rtol=0, atol=1e-9)
            assert kernel.baseline + phi.sum() == pytest.approx(margin, abs=1e-9)
            assert kernel.baseline == pytest.approx(baseline, abs=1e-9)


class TestMargin:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_lightgbms_raw_score_to_the_bit_at_every_edge(self, kind):
        text, x = trained(kind)
        rows = np.vstack([x[:: len(x) // 20], edge_rows(text, 20)] if numba.config.DISABLE_JIT else [x, edge_rows(text, 12_500)])
        raw = np.asarray(lightgbm.Booster(model_str=text).predict(rows, raw_score=True, num_threads=1))
        kernel = kernel_of(text, x[:50])
        margin, phi = kernel.explain_many(rows)
        assert margin.tobytes() == raw.tobytes()
        alone = [kernel.explain(row) for row in rows]
        assert [one[0] for one in alone] == raw.tolist()
        assert np.array([one[1] for one in alone]).tobytes() == phi.tobytes()

    @pytest.mark.parametrize("leaves", [32, 33, 64, 65, 200])
    def test_whatever_the_number_of_leaves(self, leaves, monkeypatch):
        monkeypatch.setitem(KINDS, f"{leaves} leaves", {"num_leaves": leaves, "min_data_in_leaf": 1, "max_depth": 9})
        text, x = trained(f"{leaves} leaves", rows=3000, rounds=5)
        assert np.diff(read_forest(text).leaf_start).max() == leaves
        rows = edge_rows(text, 3000)
        raw = lightgbm.Booster(model_str=text).predict(rows, raw_score=True, num_threads=1)
        assert kernel_of(text, x[:50]).explain_many(rows)[0].tobytes() == np.asarray(raw).tobytes()

    @pytest.mark.parametrize("pack", ["refund_approval", "priority_scoring"])
    def test_of_every_row_of_the_shipped_tables(self, pack, releases, every_case):
        release, kernel = releases[pack]
        rows = every_case(pack)
        raw = lightgbm.Booster(model_str=release.model_text).predict(rows, raw_score=True, num_threads=1)
        assert len(rows) >= 30_000
        assert kernel.explain_many(rows)[0].tobytes() == np.asarray(raw).tobytes()


class TestAxioms:
    @given(st.sampled_from(sorted(KINDS)), st.integers(0, 10_000))
    @settings(max_examples=4 if numba.config.DISABLE_JIT else 60, deadline=None)  # plain Python takes a hundred times longer
    def test_baseline_and_attributions_add_up(self, kind, seed):
        text, x = trained(kind)
        kernel = KERNELS.setdefault(kind, kernel_of(text, x[:100]))
        margin, phi = kernel.explain_many(edge_rows(text, 50, seed))
        assert np.abs(kernel.baseline + phi.sum(axis=1) - margin).max() <= 1e-9

    def test_an_unused_feature_moves_nothing(self, method):
        text, x = trained("stump", rounds=2)
        unused = sorted(set(range(x.shape[1])) - set(read_forest(text).feature.tolist()))
        assert unused
        assert not kernel_of(text, x[:60], method).explain_many(edge_rows(text, 200))[1][:, unused].any()

    def test_symmetric_features_are_moved_alike(self, method):
        _, phi = kernel_of(MIRROR, np.full((4, 3), -0.5), method).explain(np.full(3, 0.5))
        assert phi[0] == phi[1] != 0.0

    def test_the_population_itself_is_moved_by_nothing_on_average(self, method):
        text, x = trained("nan")
        kernel = kernel_of(text, x[:200], method)
        margin, phi = kernel.explain_many(x[:200])
        assert margin.mean() == pytest.approx(kernel.baseline, abs=1e-12)
        assert np.abs(phi.mean(axis=0).sum()) <= 1e-12


KERNELS: dict[str, Kernel] = {}
MIRROR = model_text(3, [split_on([0, 1], [0, 0.5, 1.5]), split_on([1, 0], [0, 0.5, 1.5])])  # the third is never asked


@pytest.fixture(scope="module")
def made():
    """A kernel of tables and deep leaves, some rows, and what it says of them."""
    text, x = trained("deep", features=14, rounds=30, rows=2000)
    kernel = kernel_of(text, x[:500])
    rows = edge_rows(text, BATCH + 3 * TILE + 7)
    return kernel, rows, kernel.explain_many(rows)


class TestTheSameBits:
    """One row or many, one thread or two, today or from what was stored."""

    def test_one_by_one(self, made):
        kernel, rows, (margin, phi) = made
        for at in [0, 1, TILE - 1, TILE, BATCH - 1, BATCH, len(rows) - 1, *range(100, len(rows), 97)]:
            one = kernel.explain(rows[at])
            assert (one[0], one[1].tobytes()) == (margin[at], phi[at].tobytes())

    @pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 1000])
    def test_in_batches_of_any_size(self, made, size):
        kernel, rows, (margin, phi) = made
        some = kernel.explain_many(rows[:size])
        assert (some[0].tobytes(), some[1].tobytes()) == (margin[:size].tobytes(), phi[:size].tobytes())

    def test_in_any_order_of_rows(self, made):
        kernel, rows, (_, phi) = made
        assert kernel.explain_many(rows[::-1])[1][::-1].tobytes() == phi.tobytes()

    def test_in_two_threads(self, made):
        kernel, rows, (_, phi) = made
        found = [None, None]

        def explain(which):
            found[which] = kernel.explain_many(rows)[1].tobytes()

        threads = [threading.Thread(target=explain, args=(which,)) for which in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [phi.tobytes()] * 2

    def test_from_stored_arrays(self, made):
        kernel, rows, (_, phi) = made
        stored = Kernel(kernel.book, kernel.masks, tables_of(arrays_of(kernel.tables)))
        assert stored.explain_many(rows)[1].tobytes() == phi.tobytes()

    @pytest.mark.parametrize("copy", [copy.deepcopy, lambda kernel: pickle.loads(pickle.dumps(kernel))], ids=["copied", "pickled"])
    def test_from_a_copy_whose_first_is_gone(self, made, copy):
        text, x = trained("deep", features=14, rounds=30, rows=2000)
        _, rows, (margin, phi) = made
        first = kernel_of(text, x[:500])
        again = copy(first)
        for one in (*first.book, *first.masks, *first.tables[:-2], *first.tables.deep):
            one.setflags(write=True)
            one.fill(0)
        del first
        found = [again.explain(row) for row in rows[:50]]
        assert [one[0] for one in found] == margin[:50].tolist()
        assert b"".join(one[1].tobytes() for one in found) == phi[:50].tobytes()

    def test_folded_again(self, made):
        text, x = trained("deep", features=14, rounds=30, rows=2000)
        kernel, rows, (_, phi) = made
        assert kernel_of(text, x[:500]).explain_many(rows)[1].tobytes() == phi.tobytes()
        assert kernel_of(text, x[:500]).baseline == kernel.baseline


def test_no_row_of_a_table_lies_across_more_cache_lines_than_it_needs(made):
    kernel, _, _ = made
    tables = kernel.tables
    width = np.diff(tables.column_start)
    assert (width <= tables.pitch).all()
    assert set(width) > {8, 9}
    for at, pitch, one in zip(tables.at.tolist(), tables.pitch.tolist(), width.tolist(), strict=True):
        begins = tables.push.ctypes.data // 8 + at + pitch * np.arange(8)
        most = 1 if one <= 8 else -(-(one + 7) // 8)
        assert ((begins + max(one, 1) - 1) // 8 - begins // 8 < most).all()


class TestTheBudget:
    def test_tables_that_fit_are_used_and_others_are_not(self):
        text, x = trained("deep")
        forest = read_forest(text)
        book = codebook(forest)
        tables = kernel_of(text, x[:20]).tables
        needed = tables.push.nbytes + tables.key.nbytes
        assert (choose_method(forest, book, needed), choose_method(forest, book, needed - 1)) == (BY_TABLES, BY_SUMS)

    def test_a_kernel_says_its_method(self, method):
        text, x = trained("nan")
        assert kernel_of(text, x[:20], method).method == method
