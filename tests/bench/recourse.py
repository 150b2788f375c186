"""Recourse beside DiCE: the same model, the same cases, the same permission to change things; and how long ours takes at most."""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.explanations.changing.recourse import find_recourse
from explainer.packs.definition import Action, Band, Feature, Outcome, Pack
from tests.bench.models import CATEGORIES, Subject
from tests.little import little_pack

DAY = date(2026, 5, 4)
LOW, HIGH, EDGE = -3.0, 3.0, 0.5  # what values may become, and the margin from which a case is approved
TIMED, COMPARED = 1000, 25  # cases


def pack_of(actions: Callable[[int], Action | None]) -> Pack:
    """A pack of the bench's models, without rules."""
    features = []
    for f in range(20):
        levels = tuple(f"l{level}" for level in range(CATEGORIES.get(f, 0)))
        kind, range_ = ("category", (None, None)) if levels else ("number", (-9.0, 9.0))
        features.append(
            Feature(f"f{f}", kind, "bench", f"g{f}", low=range_[0], high=range_[1], missing="?", levels=levels, action=actions(f))
        )
    bands = (Band("approve", EDGE), Band("decline", None))
    outcomes = (Outcome("approve"), Outcome("decline"), Outcome("refer", person=True))
    return replace(little_pack(), features=tuple(features), rules=(), bands=bands, outcomes=outcomes)


def anything(f: int) -> Action:
    """Every feature may change, either way, in steps of a tenth."""
    if f in CATEGORIES:
        return Action(to=tuple(f"l{level}" for level in range(CATEGORIES[f])))
    return Action("free", 0.1, LOW, HIGH, effort=0.1)


def something(f: int) -> Action | None:
    """A third of the features stays, a third may only rise, a third only fall; a category may become one of three levels."""
    if f in CATEGORIES:
        return Action(to=("l0", "l1", "l2"))
    return None if f % 3 == 0 else Action("up" if f % 3 == 1 else "down", 0.1, LOW, HIGH, effort=0.1)


def declined(pack: Pack, one: Subject, kernel: Kernel) -> Iterator[tuple[FeatureRow, Decision]]:
    """Rows of a subject that its pack declines."""
    for x in one.rows:
        values = zip(pack.features, x, strict=True)
        facts = {f.name: None if np.isnan(v) else f.levels[int(v)] if f.levels else float(v) for f, v in values}
        row = read_facts(facts, pack)
        decision = decide_case((), kernel.explain(row.x)[0], pack)
        if decision.outcome == "decline":
            yield row, decision


def recourse_seconds(one: Subject, kernel: Kernel) -> dict[str, float]:
    """Milliseconds of one case with every feature free to change, in the middle and at worst; wall and processor time."""
    pack, wall, processor = pack_of(anything), [], []
    for _, (row, decision) in zip(range(TIMED), declined(pack, one, kernel), strict=False):
        began = time.perf_counter(), time.process_time()
        find_recourse(row, decision, pack, kernel, on=DAY)
        wall.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    cuts = {"recourse_median": (wall, 50), "recourse_p99": (wall, 99)}
    cuts |= {"recourse_processor_median": (processor, 50), "recourse_processor_p99": (processor, 99)}
    return {name: 1e3 * float(np.percentile(taken[10:], cut)) for name, (taken, cut) in cuts.items()}


def against_dice(one: Subject, kernel: Kernel) -> dict[str, dict[str, float]]:
    """Who → share of answers that turn the outcome, change only what is allowed, change at most two features; ms a case."""
    pack = pack_of(something)
    filled = replace(one, rows=np.nan_to_num(one.rows))  # DiCE takes no missing values
    cases = [case for _, case in zip(range(COMPARED), declined(pack, filled, kernel), strict=False)]
    found = {"explainer": _shares(cases, lambda row: _ours(row, pack, kernel), pack, kernel)}
    try:
        ask = _dice(pack, filled, one.booster)
    except ImportError:
        return found
    return found | {f"DiCE, {method}": _shares(cases, ask(method), pack, kernel) for method in ("random", "genetic")}


Answers = list[np.ndarray[Any, Any]]


def _shares(cases: list[Any], ask: Callable[[FeatureRow], Answers], pack: Pack, kernel: Kernel) -> dict[str, float]:
    taken, answered, turned, allowed, few, least = [], 0, [], [], [], []
    for row, _ in cases:
        began = time.perf_counter()
        answers = ask(row)
        taken.append(time.perf_counter() - began)
        answered += bool(answers)
        least.append(min((_effort(pack, row.x, x) for x in answers), default=np.inf))
        for x in answers:
            turned.append(kernel.explain(x)[0] >= EDGE)
            allowed.append(all(_is_allowed(pack.features[f], row.x[f], x[f]) for f in np.flatnonzero(x != row.x)))
            few.append(np.count_nonzero(x != row.x) <= 2)
    shares = {"valid": turned, "allowed": allowed, "sparse": few, "all three": list(np.array([turned, allowed, few]).all(axis=0))}
    said = {name: float(np.mean(one)) if one else 0.0 for name, one in shares.items()}
    return (
        {"cases answered": answered / len(cases)}
        | said
        | {"least effort": float(np.median(least)), "ms": 1e3 * float(np.median(taken))}
    )


def _is_allowed(feature: Feature, now: float, then: float) -> bool:
    """Direction, bounds and levels; DiCE knows no steps, so they do not count."""
    action = feature.action
    if action is None:
        return False
    if feature.levels:
        return feature.levels[int(then)] in action.to
    return LOW <= then <= HIGH and (then > now) == (action.direction == "up")


def _effort(pack: Pack, now: np.ndarray[Any, Any], then: np.ndarray[Any, Any]) -> float:
    """What the pack says that changes cost; infinity when one of them is not allowed."""
    total = 0.0
    for f in np.flatnonzero(now != then):
        feature = pack.features[f]
        if feature.action is None or not _is_allowed(feature, now[f], then[f]):
            return float(np.inf)
        total += feature.action.effort * (1.0 if feature.levels else abs(then[f] - now[f]) / feature.action.step)
    return total


def _ours(row: FeatureRow, pack: Pack, kernel: Kernel) -> Answers:
    decision = decide_case((), kernel.explain(row.x)[0], pack)
    lines = find_recourse(row, decision, pack, kernel, on=DAY)
    changed = [{one.feature: one.to for one in line.changes} for line in lines] if isinstance(lines, tuple) else []
    return [read_facts({**row.facts, **each}, pack).x for each in changed]


def _dice(pack: Pack, one: Subject, booster: Any) -> Callable[[str], Callable[[FeatureRow], Answers]]:
    """A way to ask DiCE for three answers, told the same actions."""
    import dice_ml
    import pandas as pd

    names = [feature.name for feature in pack.features]
    numbers = [feature.name for feature in pack.features if not feature.levels]

    def frame(x: Any) -> Any:
        table = pd.DataFrame(np.atleast_2d(x), columns=names)
        return table.astype({name: int for name in names if name not in numbers}).astype(
            {name: str for name in names if name not in numbers}
        )

    class Model:
        def predict_proba(self, table: Any) -> Any:
            margin = booster.predict(table.astype(float).to_numpy(), raw_score=True, num_threads=1) - EDGE
            share = 1 / (1 + np.exp(-margin))
            return np.stack([1 - share, share], axis=1)

        def predict(self, table: Any) -> Any:
            return (self.predict_proba(table)[:, 1] >= 0.5).astype(int)

    known = frame(one.rows[:3000])
    known["approved"] = Model().predict(known)
    data = dice_ml.Data(dataframe=known, continuous_features=numbers, outcome_name="approved")

    def ask(method: str) -> Callable[[FeatureRow], Answers]:
        dice = dice_ml.Dice(data, dice_ml.Model(model=Model(), backend="sklearn"), method=method)

        def answer(row: FeatureRow) -> Answers:
            ranges: dict[str, list[Any]] = {}
            for feature, now in zip(pack.features, row.x, strict=True):
                if feature.action is not None:
                    ends = [now, max(HIGH, now)] if feature.action.direction == "up" else [min(LOW, now), now]
                    ranges[feature.name] = ["0", "1", "2"] if feature.levels else [float(end) for end in ends]
            try:
                with (
                    warnings.catch_warnings(),
                    contextlib.redirect_stdout(io.StringIO()),
                    contextlib.redirect_stderr(io.StringIO()),
                ):
                    warnings.simplefilter("ignore")
                    vary, query = list(ranges), frame(row.x)
                    said = dice.generate_counterfactuals(
                        query, total_CFs=3, desired_class="opposite", features_to_vary=vary, permitted_range=ranges
                    )
            except Exception:  # what it raises when it finds none
                return []
            table = said.cf_examples_list[0].final_cfs_df
            return [] if table is None else list(table[names].astype(float).to_numpy())

        return answer

    return ask
