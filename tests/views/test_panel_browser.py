"""The why panel in a real Chromium: the answer to "why" is seen at once, by everybody, on every screen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from explainer.views.panel import as_page, build_panel
from tests.axe import violations
from tests.browser import open_browser, serving
from tests.cases import ENDS
from tests.support import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = {"phone": {"width": 320, "height": 640}, "desk": {"width": 1280, "height": 720}}
STATIC = ROOT / "explainer" / "views" / "static"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:"  # as the service sends it, as far as it concerns a page without scripts
)
every_screen = pytest.mark.parametrize("screen", SCREENS)
SCHEMES = ("light", "dark")
every_scheme = pytest.mark.parametrize("scheme", SCHEMES)

SEEN = 16  # of 256 shades: what differs less from the paper, nobody sees

# Bottom edges of what answers "why": outcome, what decided, how close, the first reason on each side.
ANSWERS = """() => [".verdict h1", ".verdict .lead", ".close p", ".side.for :is(li, .quiet)", ".side.against :is(li, .quiet)"]
    .map(one => document.querySelector(one)).filter(Boolean).map(one => Math.ceil(one.getBoundingClientRect().bottom))"""
# Where the name of an outcome would stand if it were twice as long, as far as the picture goes.
WHERE_IT_STANDS = """one => { one.textContent += one.textContent;
    const box = one.getBoundingClientRect(), all = one.ownerSVGElement.getBoundingClientRect(), x = Math.max(box.left, all.left);
    return { x, width: Math.min(box.right, all.right) - x, y: box.top + scrollY + 2, height: box.height - 4 } }"""
# Words beside the parts of the picture that a bar, a mark or a line runs through.
CROSSED = """() => { const place = one => one.getBoundingClientRect();
    const drawn = [...document.querySelectorAll(".track :is(rect, line, circle)")].map(place);
    const beside = (one, other) => one.right <= other.left || other.right <= one.left;
    const below = (one, other) => one.bottom <= other.top || other.bottom <= one.top;
    const meet = (one, other) => !beside(one, other) && !below(one, other);
    return [...document.querySelectorAll(".waterfall .label")].filter(one => { const words = document.createRange();
        words.selectNodeContents(one);
        return [...words.getClientRects()].some(line => drawn.some(other => meet(line, other))) }).map(one => one.textContent) }"""
# Words of the picture that stick out of it on either side.
STICKING_OUT = """() => { const box = document.querySelector(".waterfall")?.getBoundingClientRect();
    return [...document.querySelectorAll(".waterfall :is(text, .label)")].filter(one => { const place = one.getBoundingClientRect();
        return place.left < box.left - 1 || place.right > box.right + 1 }).map(one => one.textContent) }"""


@pytest.fixture(scope="module")
def address(told) -> Iterator[str]:
    """Serves /<number of the ending>/<language>, and our own static files."""

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        _, first, second = environ["PATH_INFO"].split("/")
        headers = [("Content-Security-Policy", POLICY)]
        if first == "static":
            start("200 OK", [("Content-Type", "text/css"), *headers])
            return [(STATIC / second).read_bytes()]
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [as_page(build_panel(*told[ENDS[int(first)]], second, "/letter/x?t=token")).encode()]

    with serving(app) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def languages(told) -> tuple[str, ...]:
    return tuple(told[ENDS[0]][1].pack.languages)


@contextmanager
def opened(browser, screen: str, scheme: str = "light", **more: Any) -> Iterator[Any]:
    page = browser.new_page(viewport=SCREENS[screen], color_scheme=scheme, **more)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    yield page
    page.close()
    assert wrong == []


class TestTenSeconds:
    @every_screen
    def test_the_answer_stands_above_the_fold_however_the_case_ended(self, browser, address, languages, screen):
        """In every language, light and dark; nothing sticks out of the page or of the picture, or runs through its words."""
        with opened(browser, screen) as page:
            for number, end in enumerate(ENDS):
                for language in languages:
                    page.goto(f"{address}/{number}/{language}")
                    assert page.evaluate(CROSSED) == [], (end, language)
                    for scheme in SCHEMES:
                        page.emulate_media(color_scheme=scheme)
                        seen = (end, language, scheme)
                        bottoms = page.evaluate(ANSWERS)
                        assert len(bottoms) == {"permission": 2, "safeguard": 3}.get(end[2], 5), seen
                        assert max(bottoms) <= SCREENS[screen]["height"], (*seen, bottoms)
                        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["width"], seen
                        assert page.evaluate(STICKING_OUT) == [], seen

    def test_with_text_twice_as_large_nothing_is_lost(self, browser, address, languages):
        """As a zoom of 200 % lays a page out: half as many pixels to stand on."""
        with opened(browser, "desk") as page:
            page.set_viewport_size({"width": 640, "height": 360})
            for language in languages:
                page.goto(f"{address}/1/{language}")
                assert page.evaluate("document.documentElement.scrollWidth") <= 640
                assert page.evaluate(STICKING_OUT) == []


class TestPicture:
    @every_screen
    @every_scheme
    def test_no_line_is_seen_behind_the_names_of_outcomes(self, browser, address, languages, screen, scheme):
        """However long these are: drawn in the colour of the paper, they leave nothing else where they stand."""
        with opened(browser, screen, scheme, bypass_csp=True) as page:
            for number, end in list(enumerate(ENDS))[::3]:
                page.goto(f"{address}/{number}/{languages[number % len(languages)]}")
                page.add_style_tag(content=".waterfall text { fill: var(--paper) !important }")
                for words in page.locator(".waterfall text").all():
                    box = words.evaluate(WHERE_IT_STANDS)
                    shades = Image.open(io.BytesIO(page.screenshot(clip=box, full_page=True))).convert("RGB").getextrema()
                    assert max(high - low for low, high in shades) < SEEN, (end, words.text_content())

    def test_where_there_is_room_words_have_a_column_of_their_own_and_lines_are_whole(self, browser, address):
        with opened(browser, "desk") as page:
            page.goto(f"{address}/{ENDS.index(('refund_approval', 'decline', 'score'))}/en")
            tracks = page.locator(".waterfall svg").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
            words = page.locator(".waterfall .label").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
            assert max(words) <= min(one["left"] for one in tracks)
            assert all(below["top"] == pytest.approx(above["bottom"], abs=0.1) for above, below in pairwise(tracks))


class TestForEverybody:
    @every_screen
    def test_axe_finds_nothing(self, browser, address, languages, screen):
        with opened(browser, screen, bypass_csp=True) as page:
            for number, end in enumerate(ENDS):
                page.goto(f"{address}/{number}/{languages[number % len(languages)]}")
                page.locator("summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
                assert violations(page) == [], end

    def test_by_keyboard_everything_opens_in_the_order_it_is_read_and_the_place_is_seen(self, browser, address):
        with opened(browser, "desk") as page:
            page.goto(f"{address}/{ENDS.index(('refund_approval', 'decline', 'score'))}/en")
            seen = []
            for _ in range(12):
                page.keyboard.press("Tab")
                place = page.evaluate("""() => { const one = document.activeElement;
                    return [one.tagName, one.textContent, getComputedStyle(one).outlineStyle] }""")
                if place[0] == "BODY":
                    break
                assert place[2] == "solid", place
                seen.append(place[1])
                if place[0] == "SUMMARY":
                    page.keyboard.press("Enter")
            more = [one for one in seen if one.endswith(" more")]
            assert seen == ["Español", "Deutsch", "Français", *more, "Open the letter", "The same as a table"]
            assert page.locator("details:not([open])").count() == 0
            assert page.locator("details table").is_visible()

    def test_for_and_against_differ_without_colour(self, browser, address):
        with opened(browser, "desk", forced_colors="active") as page:
            page.goto(f"{address}/{ENDS.index(('refund_approval', 'decline', 'score'))}/en")
            assert {said[0] for said in page.locator(".waterfall .label").all_text_contents()} >= {"+", "−"}
            fills = page.locator(".waterfall .bar").evaluate_all(
                "all => all.map(one => [one.className.baseVal, getComputedStyle(one).fill])"
            )
            assert all(fill.startswith("url(") == ("against" in name) for name, fill in fills)
            for way, sign in (("for", "+"), ("against", "−")):
                before = page.locator(f"h2#{way}").evaluate("one => getComputedStyle(one, '::before').content")
                assert sign in before

    def test_who_wants_no_motion_gets_none(self, browser, address):
        with opened(browser, "desk", reduced_motion="reduce") as page:
            page.goto(f"{address}/1/en")
            assert set(
                page.locator("summary, a").evaluate_all("all => all.map(one => getComputedStyle(one).transitionDuration)")
            ) == {"0s"}
