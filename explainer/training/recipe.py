"""The recipe: a pack and a table of past cases to a release candidate, the same bits every time.

Time split, native categoricals, monotone constraints, one thread and a seed; nothing in
a candidate depends on when or where it was made, only on the files and the versions.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from explainer.attributions.folding import choose_method
from explainer.decisions.codes import codebook, encode
from explainer.decisions.forest import read_forest
from explainer.packs.declaring import FILE, declarations
from explainer.packs.definition import Pack
from explainer.packs.reading import read_organisation
from explainer.training.card import write_card
from explainer.training.metrics import margin_bands, measure
from explainer.training.reference import Cases, middles, reference_population, split

MADE_WITH = ("explainer", "lightgbm", "numpy")
Progress = Callable[[int, int], None]  # rounds done, rounds in all


def train(pack: Pack, declared: Mapping[str, str], cases: Cases, progress: Progress, *, most_bytes: int) -> dict[str, bytes]:
    """Train one candidate.

    Args:
        declared: the pack's files as they will be copied into the release.
        cases: past cases, oldest first.
        progress: told after every boosting round.
        most_bytes: that the tables of folded attributions may take; larger ones are summed case by case.

    Returns:
        The candidate's files, name → bytes; `registry.propose` stores them.
    """
    past, latest = split(cases, pack.training.held_out)
    model_text, margin = _fit(pack, past, latest, progress)
    metrics = measure(latest.y, margin, pack)
    metrics |= {"trained_on": len(past.y), "from": _day(past, pack, 0), "to": _day(past, pack, -1)}
    metrics |= {"held_out_from": _day(latest, pack, 0), "held_out_to": _day(latest, pack, -1)}
    bands = margin_bands(latest.y, margin)
    forest, population = read_forest(model_text), reference_population(past, pack)
    book = codebook(forest)
    reference, method = encode(population, book), choose_method(forest, book, most_bytes)
    versions = {name: version(name) for name in MADE_WITH}
    return {
        **{name: text.encode() for name, text in declared.items()},
        FILE: declarations(pack, read_organisation(declared["organisation.yaml"])),
        "model.txt": model_text.encode(),
        "reference.npy": _npy(reference.astype("<u2" if book.codes <= 1 << 16 else "<u4")),
        "middles.json": _json(middles(population, pack)),
        "metrics.json": _json(metrics),
        "uncertainty.json": _json([asdict(band) for band in bands]),
        "release.json": _json({"pack": pack.name, "versions": versions, "reference_rows": len(reference), "attributions": method}),
        "card.html": write_card(
            pack, declared.get("CARD.md", ""), metrics, versions=versions, reference_rows=len(reference)
        ).encode(),
    }


def parameters(pack: Pack) -> dict[str, object]:
    """LightGBM's parameters: the pack's own, and those that make training repeatable."""
    given = {name: value for name, value in pack.training.lightgbm.items() if name != "num_iterations"}
    return {
        **given,
        "seed": pack.training.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,  # threads change the order of sums, and crawl on busy cores
        "verbosity": -1,
        "monotone_constraints": [feature.monotone for feature in pack.features],
    }


def open_booster(model_text: str) -> Any:
    """LightGBM's own reading of a model: of the part that our validator has passed, for the rest decides nothing."""
    import lightgbm

    trees, end, _ = model_text.partition("end of trees\n")
    return lightgbm.Booster(model_str=f"{trees}{end}\npandas_categorical:null\n")


def _fit(pack: Pack, past: Cases, latest: Cases, progress: Progress) -> tuple[str, np.ndarray]:
    """Fit the booster; returns its text and the held-out margins."""
    import lightgbm  # heavy, and never loaded by a serving process for training

    rounds = int(str(pack.training.lightgbm.get("num_iterations", 100)))
    categories = [index for index, one in enumerate(pack.features) if one.type == "category"]
    chosen = parameters(pack)
    data = lightgbm.Dataset(
        past.x, past.y, feature_name=list(pack.feature), categorical_feature=categories, params=chosen, free_raw_data=True
    )
    booster = lightgbm.train(chosen, data, rounds, callbacks=[lambda env: progress(env.iteration + 1, rounds)])
    text = booster.model_to_string()
    again = open_booster(text)  # measure what will be served: the text, not the object in memory
    return text, np.asarray(again.predict(latest.x, raw_score=True, num_threads=1))


def _day(cases: Cases, pack: Pack, row: int) -> str:
    return str(cases.frame[pack.training.time].iloc[row])[:10]


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return stream.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()
