"""Standing: where a score stands, and whether words about it say so: its number, how close it came to which threshold.

Only these words rest on a threshold of the score, so they carry the one that they name.
They are no part of a record: the threshold is the pack's, and its distance the margin's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explainer.attributions.attribution import LOCAL_ACCURACY
from explainer.decisions.scoring import score
from explainer.explanations.hearing import hear, says_whole
from explainer.packs.definition import MarginBand, Pack
from explainer.packs.words.phrases import Phrases

# Log-odds from the nearest threshold: odds changed by less than a quarter; by less than e.
CLOSE_BELOW, FAR_FROM = 0.22314355131420976, 1.0
CLOSE, NEAR, FAR = "close", "near", "far"
UP, DOWN = "up", "down"  # from a threshold up, or below it


@dataclass(frozen=True, slots=True)
class Standing:
    """How close a score came to a threshold, as it is said, with what that asserts."""

    how: str  # close | near | far
    threshold: float  # log-odds: the nearest one
    said: str  # how close
    to: str  # to which threshold

    @property
    def text(self) -> str:
        """Both as one text."""
        return f"{self.said} {self.to}"


def how_close(distance: float) -> str:
    """What a distance in log-odds is called."""
    return CLOSE if distance < CLOSE_BELOW else FAR if distance >= FAR_FROM else NEAR


def beyond(threshold: float, margin: float, pack: Pack) -> str:
    """The outcome on the other side of a threshold."""
    place = next(place for place, band in enumerate(pack.bands) if band.at_least == threshold)
    return pack.bands[place + 1 if margin >= threshold else place].outcome


def side(threshold: float, margin: float) -> str:
    """The other side of a threshold, `up` or `down`."""
    return DOWN if margin >= threshold else UP


def wrong_standing(said: Standing, margin: float, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What is wrong with how close a score is said to be, by the margin and the thresholds of the pack alone.

    Yields:
        One line for each finding.
    """
    away = {band.at_least: abs(band.at_least - margin) for band in pack.bands if band.at_least is not None}
    least = min(away.values())
    how = CLOSE if least < CLOSE_BELOW else NEAR if least < FAR_FROM else FAR
    if said.how != how:
        yield "asserts another distance"
    if hear(f"panel-distance-{how}", said.said, phrases) is None:
        yield "its words do not say how close it was"
    if not away.get(said.threshold, least + 1) <= least + LOCAL_ACCURACY:
        yield "asserts a threshold that is not the nearest one"
    heard = hear("panel-threshold", said.to, phrases) or {}
    nearest = [one for one in away if away[one] <= least + LOCAL_ACCURACY]
    if not any(says_score(heard.get("score", ""), one, pack, phrases) for one in nearest):
        yield "its words do not say the nearest threshold"
    elif "outcome" in phrases.uses("panel-threshold") and not any(
        hear(f"outcome-{beyond(one, margin, pack)}", heard.get("outcome", ""), phrases) is not None for one in nearest
    ):
        yield "its words do not say what lies beyond the nearest threshold"
    elif not any(phrases.say("panel-threshold", way=UP if one > margin else DOWN, **heard) == said.to for one in nearest):
        yield "its words name the wrong side of the nearest threshold"


def says_score(words: str, margin: float, pack: Pack, phrases: Phrases) -> bool:
    """Whether words say a margin as the pack shows its score: `83 %` or `83 of 100`."""
    if pack.score_shown == "points":
        return says_whole((hear("points", words, phrases) or {}).get("n", ""), 100 * score(margin), phrases)
    return says_whole(words, 100 * score(margin), phrases, "percent")


def wrong_similar(words: str | None, margin: float, bands: Sequence[MarginBand], *, fewest: int, phrases: Phrases) -> Iterator[str]:
    """What is wrong with how similar past cases are said to have ended; of fewer than `fewest` it is not said.

    Yields:
        One line for each finding.
    """
    around = [one for one in bands if (one.low is None or margin >= one.low) and (one.high is None or margin < one.high)]
    band = around[0] if len(around) == 1 else None  # none around what is no number
    if words is None or band is None or band.cases < fewest:
        if words is not None or (band is not None and band.cases >= fewest):
            yield "similar cases: told of too few, or not told"
        return
    heard = hear("similar-cases", words, phrases) or {}
    if hear("score-event", heard.get("event", ""), phrases) is None:
        yield "similar cases: another end"
    if not says_whole(heard.get("cases", ""), band.cases, phrases):
        yield "similar cases: another number"
    for name, share in {"rate": band.rate, "low": band.rate_low, "high": band.rate_high}.items():
        if not says_whole(heard.get(name, ""), 100 * share, phrases, "percent"):
            yield f"similar cases: another {name}"
