"""The waterfall: how its reasons carried one case from the cases it was compared with to its own score.

Lengths and words, no numbers of the model: an agent sees which group of facts pushed
which way and how far, beside the thresholds at which outcomes change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise

from explainer.attributions.attribution import Attribution
from explainer.explanations.reasons import AGAINST, FOR, SCORE_REASON, Reason, strength_of
from explainer.explanations.wording import AGENT
from explainer.packs.definition import Pack
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.showing import show_score

EDGE = 0.05  # of the width, left free on both sides
THINNEST = 0.6  # percent of the width: thinner, a bar would not be seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One group of reasons; places are percent of the width."""

    label: str
    way: str  # for | against
    strength: str  # strong | medium | slight
    start: float
    end: float

    @property
    def left(self) -> float:
        """Where it begins on the paper, whichever way it goes."""
        return min(self.start, self.end)

    @property
    def width(self) -> float:
        """How long it is; the smallest push can still be seen."""
        return max(abs(self.end - self.start), THINNEST)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where an outcome begins, going to the right."""

    at: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The picture before it is drawn."""

    start: float
    start_score: str  # as the pack shows scores
    end: float
    end_score: str
    bars: tuple[Bar, ...]  # strongest first, what is left over last
    thresholds: tuple[Threshold, ...]  # from left to right

    def count(self, way: str) -> int:
        """How many bars go one way."""
        return sum(bar.way == way for bar in self.bars)


def build_waterfall(record: DecisionRecord, pack: Pack, phrases: Phrases) -> Waterfall | None:
    """Lay out the picture of one decision; None when the model was not called or a check of ours refused."""
    split = record.explained.attribution
    if split is None:
        return None
    reasons = [one for one in (record.explained.reasons or {}).get(AGENT, ()) if one.kind == SCORE_REASON]
    steps = [*((_label(one.code, pack, phrases), one.push or 0.0) for one in reasons), *_rest(split, reasons, phrases)]
    places = list(accumulate((push for _, push in steps), initial=split.baseline))
    bands = [(band.at_least, band.outcome) for band in reversed(pack.bands) if band.at_least is not None]
    scale = _Scale.over([*places, split.margin, *(at for at, _ in bands)])
    return Waterfall(
        start=scale.place(split.baseline),
        start_score=show_score(split.baseline, pack, phrases),
        end=scale.place(split.margin),
        end_score=show_score(split.margin, pack, phrases),
        bars=tuple(
            Bar(label, FOR if push > 0 else AGAINST, strength_of(push), scale.place(before), scale.place(after))
            for (label, push), (before, after) in zip(steps, pairwise(places), strict=True)
        ),
        thresholds=tuple(Threshold(scale.place(at), phrases.say(f"outcome-{outcome}")) for at, outcome in bands),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Margins to percent of the width."""

    low: float
    span: float

    @classmethod
    def over(cls, margins: list[float]) -> _Scale:
        """A scale on which all of these fit."""
        low, high = min(margins), max(margins)
        return cls(low, max(high - low, 1e-6))

    def place(self, margin: float) -> float:
        """Where a margin stands."""
        return 100 * (EDGE + (1 - 2 * EDGE) * (margin - self.low) / self.span)


def _label(group: str, pack: Pack, phrases: Phrases) -> str:
    """What a customer would call a group: its own name, or else that of its only feature."""
    named = phrases.knows(f"group-{group}")
    return phrases.say(f"group-{group}" if named else f"feature-{pack.members[group][0]}")


def _rest(split: Attribution, reasons: list[Reason], phrases: Phrases) -> list[tuple[str, float]]:
    """All that is too little to be a reason, together; nothing when nothing is left."""
    left = split.margin - split.baseline - math.fsum(one.push or 0.0 for one in reasons)
    return [(phrases.say("waterfall-rest"), left)] if abs(left) > 1e-9 else []
