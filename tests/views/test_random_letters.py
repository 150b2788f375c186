"""Random cases: whatever comes in, no letter or panel fails a gate, no letter leaves a place empty, or gives a reason against
its outcome for it."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from explainer.attributions.kernel import Kernel
from explainer.explanations.readability import MEASURES, MOST_WORDS, count, sentences, words
from explainer.explanations.reasons import NEGLIGIBLE
from explainer.packs.definition import Feature, Pack
from explainer.packs.words.phrases import language_of
from explainer.record import DecisionRecord, Permission
from explainer.road import Explained, travel
from explainer.service.releases import train_candidate
from explainer.settings import Settings
from explainer.views.letter import Letter, write_letter
from explainer.views.panel import build_panel
from explainer.views.readback import letters, panels
from tests.support import MODELS, SHIPPED

FEW, MANY = 150, 10_000  # of each pack: in every run of the tests, and where there is time
AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
EMPTY = re.compile(r"[{}\ufffd]|\$[a-z]|\b(None|null|nan|NaN|inf|True|False)\b| {2}| [.,)]|\( |\(\)|«\s*»|„“|“”")


def random_facts(pack: Pack, rng: random.Random) -> dict[str, Any]:
    """Facts that no customer need have had together: ends of ranges and beyond, nothing, values nobody knows."""
    return {one.name: _random_fact(one, rng) for one in pack.features}


def _random_fact(feature: Feature, rng: random.Random) -> Any:
    if feature.missing and rng.random() < 0.15:
        return None
    if feature.type == "boolean":
        return rng.random() < 0.5
    if feature.type == "category":
        return "teleported" if feature.unknown_is_missing and rng.random() < 0.1 else rng.choice(feature.levels)
    low, high = feature.low or 0, feature.high or 1000
    if feature.clip and rng.random() < 0.1:
        return int(high) + 17
    number = rng.choice((low, high, rng.uniform(low, high), rng.uniform(low, min(high, low + 10))))
    return math.floor(number) if feature.type == "integer" else math.floor(number * 100) / 100


def strings(letter: Letter) -> Iterator[str]:
    """Every string of a letter's body that a customer reads."""
    yield from (letter.title, letter.details_title, *letter.sender, letter.greeting, *letter.opening, *letter.closing)
    yield from (one for fact in letter.facts for one in fact)
    for section in (*letter.first, *letter.details):
        yield from (section.heading, *section.paragraphs, *section.items, *section.below, *section.columns)
        yield from (one for row in section.rows for one in row)


def told_sentences(letter: Letter) -> list[str]:
    """Its sentences, without headings, tables and greetings."""
    sections = (*letter.first, *letter.details)
    texts = [*letter.opening, *(text for one in sections for text in (*one.paragraphs, *one.items, *one.below))]
    return [one for text in texts for one in sentences(text)]


def against_its_outcome(said: Explained, pack: Pack) -> list[str]:
    """Score reasons that speak against the outcome they are given for, by the sums of the attributions themselves."""
    if said.decision.decisive != "score" or said.attribution is None or said.reasons is None:
        return []
    phi = dict(zip(said.attribution.features, said.attribution.phi.tolist(), strict=True))
    best, worst = pack.bands[0].outcome, pack.bands[-1].outcome
    wrong = {best: lambda push: push <= 0, worst: lambda push: push >= 0}.get(said.decision.outcome, lambda push: False)
    return [one.code for one in said.reasons["customer"] if wrong(math.fsum(phi[name] for name in pack.members[one.code]))]


def one_sided(said: Explained, pack: Pack) -> list[str]:
    """Groups on either side that moved a case between best and worst further than what its customer is told first."""
    if said.decision.decisive != "score" or said.attribution is None or said.reasons is None:
        return []
    if said.decision.outcome in {pack.bands[0].outcome, pack.bands[-1].outcome}:
        return []
    phi = dict(zip(said.attribution.features, said.attribution.phi.tolist(), strict=True))
    moved = {group: abs(math.fsum(phi[name] for name in names)) for group, names in pack.members.items()}
    told = [one.code for one in said.reasons["customer"]]
    least = min((moved[one] for one in told), default=0.0)
    return [group for group, push in moved.items() if group not in told and push > max(least, NEGLIGIBLE) + 1e-9]


def check_cases(name: str, cases: int, releases: Any) -> None:
    release, kernel = releases[name]
    rng, ended = random.Random(f"{name} {cases}"), set()
    for number in range(cases):
        day = date(2025, 6, 1) + timedelta(days=rng.randrange(700))
        said = travel(random_facts(release.pack, rng), release, kernel, day)
        assert said.safeguard is None, said.row.facts
        assert against_its_outcome(said, release.pack) == []
        assert one_sided(said, release.pack) == []
        ended.add((said.decision.outcome, said.decision.decisive))
        record = DecisionRecord("an-id", AT, name, release.digest, "C-1", f"R-{number}", "en", Permission(), said)
        for language in release.pack.languages:
            check_letter(write_letter(record, release, language), record, release)
            assert panels.misprints(build_panel(record, release, language, "/letter/an-id"), record, release) == []
    assert len(ended) >= 4  # not one and the same letter again and again


def check_letter(letter: Letter, record: DecisionRecord, release: Any) -> None:
    assert letters.misprints(letter, record, release) == []
    for text in strings(letter):
        assert text.strip(), (letter.language, record.explained.row.facts)
        assert not EMPTY.search(text), (letter.language, text)
    said = told_sentences(letter)
    assert [one for one in said if len(words(one)) > MOST_WORDS] == [], letter.language
    measure = MEASURES[language_of(letter.language)]
    assert not measure.fails(measure.score(count(" ".join(said), language_of(letter.language))), measure.whole), letter.language


@pytest.mark.torture
@pytest.mark.real
def test_ten_thousand_letters_about_real_claims_pass(real_data, tmp_path):
    """The pack that is trained where the public cases are: a regional language is among its own."""
    where = Settings(home=tmp_path, models=MODELS, real_data=real_data)
    release = train_candidate("airport_claims", where, None, lambda _done, _total: None)
    kernel = Kernel.of(release.model_text, release.reference, release.method)
    check_cases("airport_claims", MANY, {"airport_claims": (release, kernel)})


@pytest.mark.parametrize("pack", SHIPPED)
class TestRandomCases:
    def test_hundreds_of_letters_pass(self, pack, releases):
        check_cases(pack, FEW, releases)

    @pytest.mark.torture
    def test_ten_thousand_pass(self, pack, releases):
        check_cases(pack, MANY, releases)
