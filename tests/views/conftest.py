"""One recorded decision for every way in which a case can end, made by the real road and kept as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from explainer.attributions.kernel import Kernel
from explainer.packs.release import Release
from explainer.record import DecisionRecord, Permission
from explainer.road import travel, without_model
from tests.cases import DAY, ENDS, Crooked, ending

AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
Told = tuple[DecisionRecord, Release]


@pytest.fixture(scope="session")
def record_of(releases: dict[str, tuple[Release, Kernel]]) -> Callable[..., Told]:
    """Decides a case as the service does, without a ledger; `more` changes the record."""

    def make(pack: str, outcome: str, decisive: str, facts: dict[str, Any] | None = None, **more: Any) -> Told:
        release, kernel = releases[pack]
        facts = facts or ending(release, outcome, decisive)
        if decisive == "permission":
            explained = without_model(facts, release)
        else:
            explained = travel(facts, release, Crooked.like(kernel) if decisive == "safeguard" else kernel, DAY)
        assert (explained.decision.outcome, explained.decision.decisive) == (outcome, decisive)
        said = {"customer": "C-1", "case": "R-4711", "locale": "en", "permission": Permission(), "explained": explained} | more
        return DecisionRecord("019df289-a440-7ffa-8038-43d351fdcb86", AT, pack, release.digest, **said), release

    return make


@pytest.fixture(scope="session")
def told(record_of: Callable[..., Told]) -> dict[tuple[str, str, str], Told]:
    """Pack, outcome and what was decisive → the record and its release."""
    return {end: record_of(*end) for end in ENDS}


@pytest.fixture
def hostile(told: dict[tuple[str, str, str], Told]) -> Callable[[tuple[str, str, str], str], Told]:
    """A record of the same decision, for a customer and a case of any name."""
    return lambda end, name: (replace(told[end][0], customer=name, case=name), told[end][1])


def spoilt(record: DecisionRecord, text: str) -> DecisionRecord:
    """The record with a text in every field that people or callers write: references and each recorded sentence.

    A sentence with a brace is refused before it is recorded.
    """
    sentence = text.replace("{", "(")
    texts = record.explained.texts and {
        language: {reader: tuple(one._replace(text=sentence) for one in found) for reader, found in readers.items()}
        for language, readers in record.explained.texts.items()
    }
    return replace(record, customer=text, case=text, explained=record.explained._replace(texts=texts))


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and its words without the table's head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self._said: list[str] = []
        self._within: list[str] = []
        self.feed(page)
        self.words = "".join(self._said).split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))
        if tag not in {"meta", "link", "br"}:
            self._within.append(tag)
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))
        if tag in self._within:
            while self._within.pop() != tag:
                pass
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        if not {"thead", "title"} & set(self._within):
            self._said.append(data)

    def _apart(self, tag: str) -> None:
        """Words of two elements are two words; a link stands inside its sentence."""
        if tag != "a":
            self._said.append(" ")
