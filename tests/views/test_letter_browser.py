"""The letter's page in a real Chromium: on a phone nothing is cut off, and its table stays one for those who only hear it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from explainer.views.letter import as_html, write_letter
from tests.axe import violations
from tests.browser import open_browser
from tests.cases import ENDS
from tests.support import ROOT
from tests.views.letters import LANGUAGES, foot

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STYLE = (ROOT / "explainer" / "views" / "static" / "explainer.css").read_text("utf-8")
# Elements that begin or end outside the page, and those in which something is scrolled out of sight.
# On a phone the head of a table is only heard.
OUTSIDE = """width => [...document.querySelectorAll("body *")].filter(one => {
    if (one.closest(".stacks thead")) return false;
    const box = one.getBoundingClientRect();
    const hides = getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1;
    return hides || box.left < -0.5 || box.right > width + 0.5 })
    .map(one => one.outerHTML.slice(0, 80))"""
SCORE, PRIORITY = ENDS.index(("refund_approval", "decline", "score")), ENDS.index(("priority_scoring", "P1", "score"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


def shown(page: Any, told: Any, number: int, language: str) -> tuple[Any, Any]:
    """Puts a letter into a page, as it stands there; gives it back."""
    record, release = told[ENDS[number]]
    letter = write_letter(record, release, language)
    source = as_html(letter, foot(release, language), pdf="?format=pdf")
    page.set_content(source.replace("</head>", f"<style>{STYLE}</style></head>"))
    return letter


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_it_is_outside_the_page(browser, told, language):
    page = browser.new_page()
    for number, end in enumerate(ENDS):
        shown(page, told, number, language)
        for width in (320, 640, 641, 768):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OUTSIDE, width) == [], (end, width)
    page.close()


class TestTheTableOnAPhone:
    @pytest.fixture
    def page(self, browser) -> Iterator[Any]:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        yield page
        page.close()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_value_and_source_of_a_fact_stand_below_each_other(self, page, told, language):
        shown(page, told, SCORE, language)
        for row in page.locator("table tbody tr").all():
            what, value, source = row.locator("th, td").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
            assert what["bottom"] <= value["top"] < value["bottom"] <= source["top"]
            assert what["left"] == value["left"] == source["left"]

    def test_it_stays_a_table_for_those_who_hear_it(self, page, told):
        """Asked of Chromium itself, which is what a screen reader asks."""
        (table,) = (one for one in shown(page, told, SCORE, "en").details if one.rows)
        nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        roles = Counter(one["role"]["value"] for one in nodes if "role" in one and not one["ignored"])
        facts = len(table.rows)
        assert (roles["table"], roles["columnheader"]) == (1, 3)
        assert (roles["row"], roles["rowheader"], roles["cell"]) == (facts + 1, facts, 2 * facts)

    def test_axe_finds_nothing(self, page, told):
        for number in (SCORE, PRIORITY):
            for language in LANGUAGES:
                shown(page, told, number, language)
                assert violations(page) == [], language
