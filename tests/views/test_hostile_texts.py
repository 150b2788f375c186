"""Hostile texts: whatever a case holds, every page about it keeps its structure, and every letter its form."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

import pikepdf
import pytest

import explainer.views
from explainer.desktop import Call, Desktop
from explainer.packs.release import Release
from explainer.record import DecisionRecord, Permission
from explainer.views.auditor import dossier
from explainer.views.letter import as_html, as_text, write_letter
from explainer.views.panel import Since, as_page, build_panel
from explainer.views.pdf import as_pdf
from tests.browser import open_browser
from tests.cases import ENDS
from tests.hostile import HARMLESS, KNOWN, TEXTS, hostile_texts, structure
from tests.support import SHIPPED
from tests.views.conftest import AT, spoilt
from tests.views.letters import foot, kinds

REFUND = SHIPPED[0]
SCORE, RULE, PERMISSION = ((REFUND, *end) for end in (("decline", "score"), ("decline", "rule"), ("refer", "permission")))
TEMPLATES = Path(explainer.views.__file__).parent / "templates"
PARTS = {"base", "waterfall"}  # of other pages
AT_THE_DOOR = {"door", "message", "embed", "home", "docs"}  # show nothing of a case: web/test_hostile_texts.py
BEGINS = re.compile(r"\d+\.|- |(Date|Case number|Decision):|")  # lines of a letter in plain text
TOGETHER = 50  # texts on one PDF
ELEMENTS = """page => [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("*")].map(one =>
  [one.tagName, one.childElementCount, ...one.getAttributeNames(), one.id, one.getAttribute("class")].join(" "))"""

Told = tuple[DecisionRecord, Release]
Page = Callable[[Told, str], str]


def verbatim(told: Told, text: str) -> Told:
    """A decision with a text in every field: references, language, permission, recorded sentences, and facts that are names."""
    record, release = told[0], naming(told[1])
    spoiled = replace(spoilt(record, text), locale=text, permission=Permission("opted_out", text, text))
    row = spoiled.explained.row
    facts = row.facts | {one.name: text for one in release.pack.features if one.verbatim}
    return replace(spoiled, explained=spoiled.explained._replace(row=row._replace(facts=facts))), release


@lru_cache
def naming(release: Release) -> Release:
    """The release, were each category a name that is shown as it came, such as an airport's."""
    changed = copy.copy(release)
    features = tuple(replace(one, verbatim=one.type == "category") for one in release.pack.features)
    object.__setattr__(changed, "pack", replace(release.pack, features=features))
    return changed


def panel_page(told: Told, text: str) -> str:
    record, release = verbatim(told, text)
    since = (Since(AT, "page", "html", "en"), Since(AT + timedelta(1), "referral"))
    return as_page(build_panel(record, release, "en", f"/letter/x?t={quote(text)}", since=since))


def letter_page(told: Told, text: str) -> str:
    record, release = verbatim(told, text)
    return as_html(write_letter(record, release, "en"), foot(release, "en"), pdf=f"?{urlencode({'lang': text})}&format=pdf")


def dossier_page(told: Told, text: str) -> str:
    """Who saw, who replayed and who opted out are names of keys, too."""
    record, release = verbatim(told, text)
    place = dossier.Place(text, text, text, 7, text, text, text, (text, text))
    sent = dossier.Sent(AT, text, text, text, text, text, text)
    happened = dossier.Happened(AT, text)
    return dossier.as_page(dossier.build_dossier(record, release, place, "en", letters=[sent], history=[happened]))


def desktop_page(told: Told, text: str, token: str | None = None) -> str:
    said, answered = [], {}
    desk = Desk("http://desk.example", "http://127.0.0.1:1", "key", [call_of(text), call_of("other")], token)
    query = urlencode({"case": text, "lang": text})
    asked = {"PATH_INFO": "/", "REQUEST_METHOD": "GET", "QUERY_STRING": query}
    said = desk(asked, lambda status, headers: answered.update(status=status, headers=dict(headers)))
    assert answered["status"] == "200 OK"
    return b"".join(said).decode("utf-8", "replace")


def call_of(text: str) -> Call:
    return Call(*(text for one in fields(Call) if one.name != "languages"), ((text, text), ("es", text)))


@dataclass(frozen=True)
class Desk(Desktop):
    """A desktop that has its token, or whose service does not answer."""

    given: str | None = None

    def token_for(self, call: Call) -> str | None:
        return self.given


PAGES: dict[str, Page] = {
    "panel": panel_page,
    "letter": letter_page,
    "dossier": dossier_page,
    "desktop": desktop_page,
    "desktop with a panel": lambda told, text: desktop_page(told, text, text),
}


def test_every_page_is_among_them():
    made = {path.stem for path in TEMPLATES.glob("*.html")}
    assert made == {name.split()[0] for name in PAGES} | PARTS | AT_THE_DOOR


ends = pytest.mark.parametrize(
    ("name", "end"), [*(("panel", end) for end in (SCORE, RULE, PERMISSION)), *((one, SCORE) for one in PAGES if one != "panel")]
)


class TestPages:
    @ends
    def test_five_hundred_texts_in_every_field_change_no_structure(self, told, name, end):
        made, usual = PAGES[name], structure(PAGES[name](told[end], HARMLESS))
        for text in hostile_texts(TEXTS):
            assert structure(made(told[end], text)) == usual, text

    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("end", ENDS, ids="-".join)
    def test_nor_do_those_known_best_however_a_case_ended(self, told, name, end):
        usual = structure(PAGES[name](told[end], HARMLESS))
        for text in KNOWN[::4]:
            assert structure(PAGES[name](told[end], text)) == usual, text

    @pytest.mark.parametrize("name", PAGES)
    def test_one_that_is_not_escaped_would_be_noticed(self, told, name):
        page = PAGES[name](told[SCORE], HARMLESS)
        for text in ("<i>", '" onclick="x', "</main>", "<!-- "):
            assert structure(page.replace(HARMLESS, text)) != structure(page), text


@pytest.mark.browser
def test_a_browser_reads_the_same_elements_and_runs_nothing(told):
    """Chromium itself, by what it is known to stumble over; its parser is the one that counts."""
    with open_browser() as browser:
        page = browser.new_page()
        said = []
        page.on("dialog", lambda one: (said.append(one.message), one.dismiss()))
        for name, made in PAGES.items():
            usual = page.evaluate(ELEMENTS, made(told[SCORE], HARMLESS))
            for text in KNOWN:
                assert page.evaluate(ELEMENTS, made(told[SCORE], text)) == usual, (name, text)
        page.set_content(letter_page(told[SCORE], "".join(KNOWN)))
        assert said == []


class TestPlainText:
    """A letter's form is its paragraphs, the lines under its headings, and how its lines begin."""

    def form(self, told, text: str) -> list[str]:
        record, release = verbatim(told, text)
        written = as_text(write_letter(record, release, "en"), foot(release, "en"))
        return [self.begins(block) for block in written.split("\n\n")]

    def begins(self, block: str) -> str:
        """A heading whole; of all else what stands before what somebody said, line by line, without lines that go on."""
        lines = block.split("\n")
        if any(set(line) == {"="} for line in lines):
            return block
        return "\n".join(
            re.match(r"\d+\.|- |(Date|Case number|Decision):|", line)[0] for line in lines if not line.startswith("  ")
        )

    @pytest.mark.parametrize("end", ENDS, ids="-".join)
    def test_of_five_hundred_texts_none_changes_it(self, told, end):
        usual = self.form(told[end], HARMLESS)
        assert sum("====" in block for block in usual) >= 4
        for text in hostile_texts(TEXTS if end == SCORE else len(KNOWN)):
            assert not text.strip() or self.form(told[end], text) == usual, text

    def test_a_long_case_number_begins_no_line_of_its_own(self, told):
        """Before, what came after its seventieth character stood below it like another fact."""
        record, release = told[SCORE]
        case = f"{'x' * 60} Decision: Approved"
        written = as_text(write_letter(replace(record, case=case), release, "en"), foot(release, "en"))
        assert f"Case number: {'x' * 60}\n  Decision: Approved\nDecision: Not approved\n" in written


class TestPDF:
    """Fifty case numbers on one letter, since a letter takes milliseconds; the same tags, in the same order."""

    def kinds(self, told, texts: list[str]) -> list[str]:
        record, release = told
        letter = write_letter(record, release, "en")
        many = replace(letter, facts=(*letter.facts, *(("Case number", text) for text in texts)))
        with pikepdf.open(io.BytesIO(as_pdf(many, foot(release, "en")))) as pdf:
            return kinds(pdf)

    def test_of_five_hundred_texts_none_changes_its_tags(self, told):
        usual = self.kinds(told[SCORE], [HARMLESS] * TOGETHER)
        texts = [text if text.strip() else HARMLESS for text in hostile_texts(TEXTS)]  # no case is called nothing
        for first in range(0, TEXTS, TOGETHER):
            assert self.kinds(told[SCORE], texts[first : first + TOGETHER]) == usual, first
