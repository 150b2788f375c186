"""Codes: values that no tree tells apart share one, and every other value keeps its own."""

import numpy as np
import pytest

from explainer.decisions.codes import codebook, encode, representatives
from explainer.decisions.forest import read_forest
from tests.forests import KINDS, edge_rows, trained
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
