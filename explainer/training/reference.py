"""Reference: the table of past cases in model columns, and the population cases will be compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainer.errors import BadData
from explainer.packs.definition import Fact, Feature, Middle, Pack


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Past cases in time order, as the model sees them."""

    x: np.ndarray  # (n, d) float64, NaN = missing
    y: np.ndarray  # (n,) float64, 1 = the favourable direction of the margin
    frame: pd.DataFrame  # (n, …) the same rows as they came, features under their own names

    def part(self, rows: slice | np.ndarray) -> Cases:
        """Some of the rows."""
        return Cases(self.x[rows], self.y[rows], self.frame.iloc[rows])


def find_table(pack: Pack, folder: Path, real_data: str, given: Path | None = None) -> Path:
    """Where the pack's table of past cases is.

    Raises:
        BadData: it is in none of the places, which are named.
    """
    places = [given] if given else [folder / "data" / pack.training.data]
    if not given and real_data:
        places.append(Path(real_data) / pack.training.data)
    for place in places:
        if place.is_file():
            return place
    hint = "" if given else "; give --data FILE or set EXPLAINER_REAL_DATA to the folder that has it"
    raise BadData(f"no table of past cases: {' and '.join(map(str, places))} not found{hint}")


def read_cases(path: Path, pack: Pack) -> Cases:
    """Read a table of past cases, oldest first; cases that were never decided are dropped.

    Raises:
        BadData: not a table, or columns and values that do not fit the pack, all of them.
    """
    training = pack.training
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise BadData(f"{path}: not a parquet table") from error
    frame = frame.rename(columns={column: name for name, column in training.columns.items()})
    wanted = [*pack.feature, training.target, training.time, *training.reference_where, *training.audit_groups]
    absent = [training.columns.get(name, name) for name in dict.fromkeys(wanted) if name not in frame.columns]
    if absent:
        raise BadData(f"{path}: columns missing: {', '.join(absent)}")
    frame = frame[frame[training.target].notna() & frame[training.time].notna()]
    if len(frame) < 100:
        raise BadData(f"{path}: {len(frame)} decided cases are too few to learn from")
    frame = frame.sort_values(training.time, kind="stable").reset_index(drop=True)
    if not frame[training.target].isin([0, 1]).all():
        raise BadData(f"{path}: {training.columns.get(training.target, training.target)}: must be 1 or 0, or missing")
    return Cases(_matrix(frame, pack, path), frame[training.target].to_numpy(dtype=np.float64), frame)


def split(cases: Cases, held_out: float) -> tuple[Cases, Cases]:
    """The past to learn from and the latest share to measure on."""
    cut = round(len(cases.y) * (1 - held_out))
    return cases.part(slice(None, cut)), cases.part(slice(cut, None))


def reference_population(past: Cases, pack: Pack) -> np.ndarray:
    """Draw the reference population from the training period: (rows, d) float64, no ids; errors as `reference_rows`."""
    return np.asarray(past.x[reference_rows(past, pack)])


def reference_rows(past: Cases, pack: Pack) -> np.ndarray:
    """Which past cases are drawn for the reference population, rising.

    Raises:
        BadData: no past case fits the pack's `where`.
    """
    training = pack.training
    fits = np.ones(len(past.y), dtype=bool)
    for column, value in training.reference_where.items():
        fits &= (past.frame[column] == value).to_numpy(dtype=bool, na_value=False)
    rows = np.flatnonzero(fits)
    if not len(rows):
        raise BadData("no past case fits the reference population's `where`")
    if len(rows) > training.reference_rows:
        rows = np.sort(np.random.default_rng(training.seed).choice(rows, training.reference_rows, replace=False))
    return rows


def middles(reference: np.ndarray, pack: Pack) -> dict[str, Middle]:
    """Above and below which values a case has more, or less, than most of the reference population.

    Args:
        reference: (rows, d) float64, NaN = missing; a row without the number has neither more nor less.
    """
    half = len(reference) // 2
    found = {}
    for index, feature in enumerate(pack.features):
        if feature.type in {"number", "integer"}:
            known = np.sort(reference[~np.isnan(reference[:, index]), index]).tolist()
            most = len(known) > half
            found[feature.name] = Middle(known[-1 - half], known[half]) if most else Middle(None, None)
    return found


def facts_of(frame: pd.DataFrame, pack: Pack) -> Iterator[dict[str, Fact]]:
    """Rows of a table as facts, the way a caller would send them."""
    for row in frame[list(pack.feature)].to_dict("records"):
        yield {one.name: _fact(row[one.name], one) for one in pack.features}


def _fact(value: Any, feature: Feature) -> Fact:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if feature.type == "category":
        return str(value)
    if feature.type == "boolean":
        return bool(value)
    return int(value) if feature.type == "integer" or float(value).is_integer() else float(value)


def _matrix(frame: pd.DataFrame, pack: Pack, path: Path) -> np.ndarray:
    x = np.empty((len(frame), len(pack.features)))
    mistakes: dict[str, str] = {}
    for index, feature in enumerate(pack.features):
        try:
            x[:, index] = _column(frame[feature.name], feature)
        except _Mistake as mistake:
            mistakes[feature.name] = str(mistake)
    if mistakes:
        raise BadData(f"{path}: " + "; ".join(f"{name}: {why}" for name, why in mistakes.items()))
    return x


class _Mistake(Exception):
    """A column that does not fit, in words that quote no value."""


def _column(values: pd.Series, feature: Feature) -> np.ndarray:
    """One feature's column, held to what the pack declares."""
    if feature.type == "category":
        codes: Mapping[str, float] = {level: float(code) for code, level in enumerate(feature.levels)}
        column: np.ndarray = values.astype(object).map(codes, na_action="ignore").to_numpy(dtype=np.float64, na_value=np.nan)
        unknown = int(np.isnan(column).sum() - values.isna().sum())
        if unknown and not feature.unknown_is_missing:
            raise _Mistake(f"{unknown} rows with a level the pack does not know")
    else:
        try:
            column = values.to_numpy(dtype=np.float64, na_value=np.nan)
        except (ValueError, TypeError):  # their message would quote a value
            raise _Mistake("holds what is not a number") from None
    if feature.missing is None and np.isnan(column).any():
        raise _Mistake(f"{int(np.isnan(column).sum())} rows without a value")
    if feature.low is None or feature.high is None:
        return column
    if feature.clip:
        return np.asarray(np.clip(column, feature.low, feature.high))
    outside = int(((column < feature.low) | (column > feature.high)).sum())
    if outside:
        raise _Mistake(f"{outside} rows outside {feature.low:g} to {feature.high:g}")
    return column
