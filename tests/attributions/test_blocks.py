"""Blocks: very large trees are put together too, to the same attributions."""

import lightgbm
import numpy as np
import pytest

from explainer.attributions.blocks import TOGETHER, group_leaves, what_leaves_ask
from explainer.attributions.folding import BY_SUMS, BY_TABLES, MOST_ALONE, MOST_ROWS
from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import branches, codebook, encode
from explainer.decisions.forest import read_forest

LEAVES = 4096


@pytest.fixture(scope="module")
def grown():
    """A model of one tree with thousands of leaves, and rows."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(30_000, 6))
    y = x[:, 0] * x[:, 1] + np.sin(3 * x[:, 2]) + rng.normal(size=len(x))
    chosen = {"objective": "regression", "num_leaves": LEAVES, "min_data_in_leaf": 2, "verbosity": -1, "num_threads": 1}
    return lightgbm.train(chosen, lightgbm.Dataset(x, y), 1).model_to_string(), x


class TestAVeryLargeTree:
    def test_is_folded_to_the_attributions_of_summing_leaf_by_leaf(self, grown):
        text, x = grown
        reference = encode(x[:40], codebook(read_forest(text)))
        tables, sums = (Kernel.of(text, reference, method).explain_many(x[:20]) for method in (BY_TABLES, BY_SUMS))
        assert tables[0].tobytes() == sums[0].tobytes()
        np.testing.assert_allclose(tables[1], sums[1], rtol=0, atol=1e-12)

    def test_merges_only_leaves_that_stand_together(self, grown):
        forest = read_forest(grown[0])
        assert len(forest.value) > LEAVES // 2
        book = codebook(forest)
        block_of = group_leaves(forest, what_leaves_ask(forest, book, branches(forest, book)), MOST_ROWS, MOST_ALONE)
        merged = block_of >= 0
        assert (block_of[merged] // TOGETHER == np.flatnonzero(merged) // TOGETHER).all()
        assert len(set(block_of[merged])) < len(forest.value) / 2
