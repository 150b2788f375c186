"""Letters for the tests of this folder: in every end a case can have, in every language, with every name a case can bear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pikepdf
import pytest

from explainer.explanations.wording import RECOURSE, Sentence
from explainer.packs.registry import read_models
from explainer.packs.release import Release, shared_words
from explainer.packs.words.phrases import Vocabulary
from explainer.record import DecisionRecord
from explainer.views.letter import Footer, write_footer
from tests.cases import ENDS
from tests.support import MODELS

Texts = Mapping[str, Mapping[str, tuple[Sentence, ...]]]
CODE = "3F2A-91C0-77D4-0B1E"
LANGUAGES = ("en", "es", "de", "fr")
OPEN = [end for end in ENDS if end[1] == "refer"]
BY_SCORE = [end for end in ENDS if end[2] in {"score", "band"}]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></main></body><h1>Approved",
    "&lt;b&gt; &amp; &#x3c;script>",
    "{{ 7 * 7 }} {% raw %} { $amount }",
    "\u202eevil\u202c \u200f\u2067 right to left",
    "<!-- ]]> --> <![CDATA[",
]


def letters(ends: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    both = [(end, language) for end in ends for language in LANGUAGES]
    return pytest.mark.parametrize(("end", "language"), both, ids=["-".join((*end, language)) for end, language in both])


def flat(text: str) -> str:
    """A text without its line breaks, in small letters."""
    return " ".join(text.split()).casefold()


def older(release: Release, key: str) -> Release:
    """The same release as one would be that was made before the shared words had a message."""
    files = read_models(MODELS, release.pack.name)
    message = re.compile(rf"^{key} = .*\n(?:[ }}].*\n)*", re.MULTILINE)
    shared = {one: message.sub("", text) for one, text in shared_words(files).items()}
    words = Vocabulary(release.pack, files, shared)
    assert not words.every[0].knows(key)
    return replace(release, vocabulary=words)


def foot(release: Release, language: str, code: str = CODE) -> Footer:
    """The footer of a letter."""
    return write_footer(release, language, code)


def without_recourse(record: DecisionRecord) -> Texts:
    """The texts of a record in which no recourse was looked for."""
    texts = record.explained.texts or {}
    return {language: {who: said for who, said in readers.items() if who != RECOURSE} for language, readers in texts.items()}


def with_recourse(record: DecisionRecord, *said: tuple[str, str]) -> DecisionRecord:
    """The same record, in which recourse was found: code and text of each line, in every language."""
    lines = tuple(Sentence(code, "for", "strong", text) for code, text in said)
    texts = {language: {**readers, RECOURSE: lines} for language, readers in without_recourse(record).items()}
    return replace(record, explained=record.explained._replace(texts=texts))


def pages_of(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Headings of a PDF by its outline → the page they stand on."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    found: dict[str, int] = {}

    def walk(items):
        for one in items:
            target = one.destination if one.destination is not None else one.action.D
            if isinstance(target, pikepdf.String | pikepdf.Name):
                target = pdf.Root.Dests[pikepdf.Name(f"/{str(target).lstrip('/')}")]
            found[one.title] = numbers[target[0].objgen]
            walk(one.children)

    with pdf.open_outline() as outline:
        walk(outline.root)
    return found


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every element of a structure tree, in reading order."""
    kids = node.get("/K", [])
    for one in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            yield from elements(one)


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    """What each element of a PDF is."""
    return [str(one.S) for one in elements(pdf.Root.StructTreeRoot)]
