"""Checking: what a candidate must show before anybody is decided by it.

Its margins are LightGBM's to the bit, its attributions have a second opinion on 500
cases, and it does what the pack's examples say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import codebook
from explainer.decisions.forest import read_forest
from explainer.explanations.wording import CUSTOMER
from explainer.packs.release import Release
from explainer.road import travel

CASES = 500
SEED = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found."""

    cases: int
    agree: int
    abstain: int
    largest_gap: float  # between attribution and second opinion, margin units
    wrong: tuple[str, ...]  # none: it may be released


def check_release(release: Release, kernel: Kernel) -> Report:
    """Check a candidate, or a release again."""
    from explainer.attributions.second_opinion import Abstain, Agree, Differ, reference_values, second_opinions
    from explainer.training.recipe import open_booster  # heavy: LightGBM

    forest = read_forest(release.model_text)
    reference = reference_values(codebook(forest), release.reference)
    x, booster = _cases(reference), open_booster(release.model_text)
    margin, phi = kernel.explain_many(x)
    opinions = second_opinions(forest, reference, x, phi, booster=booster)
    wrong = [f"attributions of {one.feature} differ by {one.gap:.3g} ({one.by})" for one in opinions if isinstance(one, Differ)]
    off = int((margin != np.asarray(booster.predict(x, raw_score=True, num_threads=1))).sum())
    if off:
        wrong.append(f"{off} of {len(x)} margins are not LightGBM's to the bit")
    return Report(
        cases=len(x),
        agree=sum(isinstance(one, Agree) for one in opinions),
        abstain=sum(isinstance(one, Abstain) for one in opinions),
        largest_gap=max((one.gap for one in opinions if not isinstance(one, Abstain)), default=0.0),
        wrong=(*dict.fromkeys(wrong), *failing_examples(release, kernel)),
    )


def failing_examples(release: Release, kernel: Kernel) -> list[str]:
    """What the pack's examples say that this model does not do."""
    wrong = []
    for example in release.examples:
        said = travel(example["facts"], release, kernel, example["on"])
        reached: dict[str, object] = {"outcome": said.decision.outcome, "decisive": said.decision.decisive}
        reached["rules"] = [one.code for one in said.decision.fired]
        reasons = [one.code for one in (said.reasons or {}).get(CUSTOMER, ())]
        reached["reasons"] = reasons[: len(example["reasons"])]
        for what, got in reached.items():
            if got != example[what]:
                wrong.append(f"example {example['name']!r}: {what} is {got}, not {example[what]}")
    return wrong


def _cases(reference: np.ndarray) -> np.ndarray:
    """Half as people are, half with each value from another person: no model is asked only about what it has seen."""
    rng = np.random.default_rng(SEED)
    rows = reference[rng.integers(0, len(reference), CASES)]
    mixed = rows[CASES // 2 :]
    for f in range(reference.shape[1]):
        mixed[:, f] = reference[rng.integers(0, len(reference), len(mixed)), f]
    return rows
