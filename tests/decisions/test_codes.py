"""Codes: values that no tree tells apart share one, and every other value keeps its own."""

import tracemalloc

import numpy as np
import pytest

from explainer.decisions.codes import branches, codebook, encode, representatives
from explainer.decisions.forest import read_forest
from explainer.decisions.scoring import leaf_masks, margin_of
from explainer.errors import BadModel, Contradiction
from tests.forests import KINDS, edge_rows, model_text, trained
from tests.naive import forest as naive


@pytest.mark.parametrize("kind", KINDS)
class TestCodes:
    def test_rows_of_equal_codes_go_the_same_way_everywhere(self, kind):
        text, _ = trained(kind)
        rows, trees = edge_rows(text, 400), naive.read(text)
        codes = encode(rows, codebook(read_forest(text)))
        for f in range(rows.shape[1]):
            nodes = [(tree, n) for tree in trees for n, split in enumerate(tree.get("split_feature", [])) if int(split) == f]
            ways = {}
            for row, code in zip(rows, codes[:, f], strict=True):
                way = tuple(naive.goes_left(tree, n, row) for tree, n in nodes)
                assert ways.setdefault(code, way) == way

    def test_each_feature_has_codes_of_its_own(self, kind):
        text, _ = trained(kind)
        book = codebook(read_forest(text))
        codes = encode(edge_rows(text, 1000), book)
        assert ((codes >= book.start[:-1]) & (codes < book.start[1:])).all()

    @pytest.mark.parametrize("more", [-1, 1])
    def test_rows_of_another_width_are_refused_and_not_read_beyond_their_end(self, kind, more):
        text, x = trained(kind)
        forest = read_forest(text)
        book = codebook(forest)
        with pytest.raises(Contradiction, match="features for a model of"):
            encode(np.zeros((3, x.shape[1] + more)), book)
        with pytest.raises(Contradiction, match="features for a model of"):
            margin_of(np.zeros(x.shape[1] + more), book, leaf_masks(forest, book, branches(forest, book)))

    def test_a_code_is_had_by_its_representative(self, kind):
        text, x = trained(kind)
        book = codebook(read_forest(text))
        held = encode(np.vstack([x, edge_rows(text, 3000)]), book)
        for f in range(x.shape[1]):
            values = representatives(book, f)
            rows = np.zeros((len(values), x.shape[1]))
            rows[:, f] = values
            had = encode(rows, book)[:, f] - book.start[f]
            for code in np.unique(held[:, f] - book.start[f]):
                assert had[code] == code, (f, code)


def test_a_short_file_that_names_millions_of_levels_is_refused_before_anything_is_laid_out():
    """A few hundred kilobytes of text would become many gigabytes of tables."""
    split = {
        "num_leaves": 2,
        "num_cat": 1,
        "split_feature": 0,
        "threshold": 0,
        "decision_type": 1,
        "left_child": -1,
        "right_child": -2,
    }
    stump = "".join(f"{name}={number}\n" for name, number in split.items()) + "leaf_value=1 2\n"
    sets = [" ".join(["4294967295"] * (1 << 15)), *["1"] * 999]
    text = model_text(1, [f"{stump}cat_boundaries=0 {one.count(' ') + 1}\ncat_threshold={one}\n" for one in sets])
    forest = read_forest(text)
    tracemalloc.start()
    with pytest.raises(BadModel, match="13 GiB of memory"):
        codebook(forest)
    assert tracemalloc.get_traced_memory()[1] < 1 << 28
    tracemalloc.stop()
