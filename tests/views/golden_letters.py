"""Golden letters: both shipped packs in every language, from attributions made by hand, so that they rest on words alone.

`python -m tests.views.golden_letters` writes them anew; whoever has then read aloud what changed says so with
`python -m tests.views.golden_letters --read-by NAME`, which notes each letter's digest, the day and the name in `READ`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.explanations.changing.recourse import Change, Line, NoRecourse, Recourse
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, word_recourse
from explainer.packs.definition import MarginBand, Middle
from explainer.packs.reading import read_examples, read_organisation
from explainer.packs.registry import read_models
from explainer.packs.release import Release, check_pack, shared_words
from explainer.packs.words.phrases import Vocabulary
from explainer.record import DecisionRecord, Permission
from explainer.road import travel_together, without_model
from explainer.views.letter import as_text, write_footer, write_letter
from tests.cases import DAY
from tests.support import MODELS

FOLDER = Path(__file__).parent.parent / "golden" / "letters"
READ = FOLDER / "READ"  # digest of a letter, its name, the day it was read, who read it
REFUND, PRIORITY = "refund_approval", "priority_scoring"
PHOTOS = Line((Change("photos", 3, 1, True),), {}, 3.0, "approve", "score", 1.2, 1.2 - 1.1)
SENT_BACK = Line((Change("return_status", "received", 0, False),), {}, 2.0, "refer", "band", -0.4, 1.1 - 0.4)

# pack, outcome, what was decisive → how each feature moved the margin from a baseline of 0, and what would have changed it
LETTERS: dict[tuple[str, str, str], tuple[dict[str, float], Recourse | None]] = {
    (REFUND, "approve", "rule"): ({"reason": 1.4}, None),
    (REFUND, "decline", "score"): (
        {"reason": -1.6, "return_status": -0.9, "photos": -0.5, "days_since_delivery": -0.3, "tenure_months": 0.4},
        (PHOTOS, SENT_BACK),
    ),
    (REFUND, "decline", "rule"): ({"final_sale": -2.0}, NoRecourse("rule")),
    (REFUND, "refer", "band"): ({"refunds_12_months": -0.7, "tenure_months": 0.9}, None),
    (REFUND, "refer", "permission"): ({}, None),
    (PRIORITY, "P1", "rule"): ({"waiting_hours": 2.5}, None),
    (PRIORITY, "P1", "score"): ({"waiting_hours": 1.8, "earlier_contacts": 1.6}, None),
    (PRIORITY, "P4", "score"): ({"waiting_hours": -2.2, "earlier_contacts": -1.7, "topic": -0.4}, NoRecourse("nothing")),
}


MIDDLES = {
    "days_since_delivery": Middle(9, 10), "tenure_months": Middle(20, 21), "refunds_12_months": Middle(0, 0),
    "waiting_hours": Middle(18, 18), "earlier_contacts": Middle(0, 0),
}  # fmt: skip


class ByHand(Kernel):
    """Attributions as they were written down."""

    method, baseline = "by hand", 0.0

    def __init__(self, phi: np.ndarray) -> None:
        self.phi = phi

    def explain(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        return float(self.phi.sum()), self.phi


def release_of(pack: str) -> tuple[Release, list[dict]]:
    """A release of a shipped pack without a model, and its examples."""
    files = read_models(MODELS, pack)
    declared = check_pack(files, pack)
    words, organisation = Vocabulary(declared, files, shared_words(files)), read_organisation(files["organisation.yaml"])
    past = (MarginBand(None, None, 1200, 0.31, 0.28, 0.34),)
    nothing = np.empty((0, 0))
    release = Release("0" * 64, declared, words, organisation, "", nothing, "", {"cases": 15000}, past, "", {}, (), MIDDLES)
    return release, list(read_examples(files, declared))


def record_of(pack: str, outcome: str, decisive: str) -> tuple[DecisionRecord, Release]:
    """A decision that ends like this."""
    release, examples = release_of(pack)
    moved, recourse = LETTERS[pack, outcome, decisive]
    of_the_day = [one for one in examples if one["on"] == DAY]
    fitting = [one for one in of_the_day if (one["outcome"], one["decisive"]) == (outcome, decisive)]
    facts = (fitting or of_the_day)[0]["facts"]
    if decisive == "permission":
        said = without_model(facts, release)
    else:
        kernel = ByHand(np.array([moved.get(name, 0.0) for name in release.pack.names]))
        (said,) = travel_together([facts], release, kernel, DAY, readers=(AGENT, CUSTOMER))
        texts = {
            phrases.locale: {**said.texts[phrases.locale], RECOURSE: word_recourse(recourse, release.pack, phrases)}
            for phrases in release.vocabulary.every
        }
        said = said._replace(recourse=recourse, texts=texts)
    assert (said.decision.outcome, said.decision.decisive) == (outcome, decisive)
    at = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    return DecisionRecord("an-id", at, pack, release.digest, "C-1", "R-4711", "en", Permission(), said), release


def letters() -> Iterator[tuple[Path, str]]:
    """Where each letter lies, and its text."""
    for pack, outcome, decisive in LETTERS:
        record, release = record_of(pack, outcome, decisive)
        for language in release.pack.languages:
            text = as_text(write_letter(record, release, language), write_footer(release, language, "3F2A-91C0-77D4-0B1E"))
            yield FOLDER / f"{pack}-{outcome}-{decisive}.{language}.txt", text


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def readings() -> dict[str, list[str]]:
    """Letter → the digest it had when it was read, the day, who read it."""
    lines = [line.split(maxsplit=3) for line in READ.read_text("utf-8").splitlines()]
    return {name: [digest, *more] for digest, name, *more in lines}


def note(reader: str, on: date) -> None:
    """Note what was read; a letter that is as it was when somebody read it keeps its line."""
    before, lines = readings() if READ.exists() else {}, []
    for place, text in letters():
        digest, kept = digest_of(text), before.get(place.name, [""])
        lines.append(" ".join([digest, place.name, *(kept[1:] if kept[0] == digest else [str(on), reader])]))
    READ.write_text("\n".join(sorted(lines, key=lambda line: line.split()[1])) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read-by"]:
        note(" ".join(sys.argv[2:]), date.today())  # noqa: DTZ011 - the reader's own day
    else:
        for place, text in letters():
            place.write_text(text, "utf-8")
