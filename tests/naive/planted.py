"""The planted truth, slowly and plainly: Shapley values of the very function that a pack's simulation drew from.

The planted log-odds is a sum of one term per reason group and at most one interaction of
two groups.  For such a function the Shapley value of a group against a background is its
own term minus the term's mean over the background, plus half of what the interaction
gains when the group's facts become known, with the other group known and unknown.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

SPREAD = 100  # background rows over which the interaction is averaged; it is a step of one height


def load_simulation(folder: Path) -> ModuleType:
    """Import a pack's data/simulate.py by its path."""
    spec = importlib.util.spec_from_file_location(f"simulate_{folder.parent.name}", folder / "simulate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_simulated(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as the simulation held it: whole numbers with gaps are floats with NaN."""
    gaps = [name for name in frame.columns if str(frame[name].dtype).startswith(("Int", "UInt"))]
    return frame.astype(dict.fromkeys(gaps, "float64")).reset_index(drop=True)


def planted_shapley(simulation: ModuleType, cases: pd.DataFrame, background: pd.DataFrame) -> pd.DataFrame:
    """One column per reason group: how far it truly moved each case away from the background, log-odds."""
    cases, background = as_simulated(cases), as_simulated(background)
    truth, usual = simulation.planted(cases), simulation.planted(background)
    groups = [name for name in truth.columns if "*" not in name]
    values = truth[groups] - usual[groups].mean()
    for pair in (name for name in truth.columns if "*" in name):
        first, second = pair.split("*")
        spread = background.iloc[:: max(1, len(background) // SPREAD)].reset_index(drop=True)
        both, none = truth[pair].to_numpy(), float(usual[pair].mean())
        only_first = _averaged(simulation, cases, spread, known=0)
        only_second = _averaged(simulation, cases, spread, known=1)
        values[first] += ((only_first - none) + (both - only_second)) / 2
        values[second] += ((only_second - none) + (both - only_first)) / 2
    return values


def _averaged(simulation: ModuleType, cases: pd.DataFrame, spread: pd.DataFrame, known: int) -> np.ndarray:
    """The interaction with one of its groups taken from the case and the other from each background row in turn."""
    total = np.zeros(len(cases))
    for row in range(len(spread)):
        other = spread.iloc[[row] * len(cases)].reset_index(drop=True)
        pair = (cases, other) if known == 0 else (other, cases)
        total += np.asarray(simulation.interaction(*pair), dtype=np.float64)
    return total / len(spread)
