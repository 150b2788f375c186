"""The breaks of `make sabotage`: each still finds its line, and the test that has to notice."""

from __future__ import annotations

import pytest

from tests.sabotage import BREAKS, Break
from tests.support import ROOT


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: one.name)
def test_each_finds_its_line_once_and_names_a_test(one: Break):
    assert (ROOT / "explainer" / one.file).read_text("utf-8").count(one.line) == 1
    file, *names = one.test.split("::")
    source = (ROOT / "tests" / file).read_text("utf-8")
    assert all(f" {name.partition('[')[0]}" in source for name in names)
