"""Opinions: recorded attributions held against what is found without the kernel.

Kernel and record agree with each other where both have the same fault.  Here every leaf's
game is counted against every reference row; where LightGBM was asked for, shap judges
models of numbers as well.  Says which feature is off, and never what the facts were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from explainer.attributions.second_opinion import (
    SHAP_ROWS,
    Abstain,
    Agree,
    Opinion,
    counted_opinions,
    reference_values,
    shap_opinions,
)
from explainer.audit.replay import Case, Means
from explainer.decisions.codes import codebook
from explainer.decisions.forest import Forest, read_forest
from explainer.road import Explained
from explainer.verify import ABSTAINED, DIFFERS, SAME, Finding

MOST_GAMES = 250_000_000  # leaves × reference rows: some ten seconds, for one case or 500; the shipped packs have 20 million

_Array = np.ndarray[Any, np.dtype[Any]]


def opinions(cases: Sequence[Case], means: Means) -> list[list[Finding]]:
    """E2 by other means, for decisions of one release; together they take hardly longer than one.

    Returns:
        For each case its findings; none where no attributions of the model's features were recorded.
    """
    forest = read_forest(means.release.model_text)
    recorded = [_recorded(one.record.explained, forest) for one in cases]
    told = [one for one in recorded if one is not None]
    if not told:
        return [[] for _ in cases]
    reference = reference_values(codebook(forest), means.release.reference)
    x, phi = (np.array(each) for each in zip(*told, strict=True))
    found = judge(forest, reference, x, phi, booster=means.booster)
    return [[] if one is None else next(found) for one in recorded]


def _recorded(said: Explained, forest: Forest) -> tuple[_Array, _Array] | None:
    """A row and its attributions; None where there is nothing to have an opinion on, which replay finds by itself."""
    d, split = (len(forest.features),), said.attribution
    return None if split is None or (said.row.x.shape, split.phi.shape) != (d, d) else (said.row.x, split.phi)


def judge(forest: Forest, reference: _Array, x: _Array, phi: _Array, *, booster: Any = None) -> Iterator[list[Finding]]:
    """What is found of each case; arguments as `second_opinions`, without a booster by counting alone."""
    counted: list[Opinion]
    if (games := len(forest.value) * len(reference)) > MOST_GAMES:
        why = f"{games:,} games of a leaf and a reference row, more than {MOST_GAMES:,}; `explainer check` counts them"
        counted = [Abstain("counting", why)] * len(x)
    else:
        counted = counted_opinions(forest, reference, x, phi)
    if booster is None or forest.categorical.any():
        return ([_finding(one)] for one in counted)
    unasked = Abstain("shap", f"it is asked about {SHAP_ROWS} cases of a release at a time")
    asked = shap_opinions(forest, reference, x[:SHAP_ROWS], phi, booster=booster)
    return ([_finding(one) for one in both] for both in zip_longest(counted, asked, fillvalue=unasked))


def _finding(one: Opinion) -> Finding:
    if isinstance(one, Agree):
        return Finding("E2", "attributions", SAME, "", one.by)
    if isinstance(one, Abstain):
        return Finding("E2", "attributions", ABSTAINED, one.why, one.by)
    return Finding("E2", "attributions", DIFFERS, f"{one.gap:.1e} apart at most, for {one.feature}", one.by)
