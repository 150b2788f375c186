"""The forms of a letter: page and plain text say the same, and the same bytes for ever."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import pikepdf
import pytest

from explainer.record import read_record
from explainer.service.decide import Case, decide
from explainer.service.inspect import FORMS, Wanted, compose, find
from explainer.service.wiring import open_services
from explainer.settings import Settings
from explainer.views.letter import WIDTH, as_html, as_text, write_letter
from explainer.views.pdf import as_pdf
from tests.browser import open_browser
from tests.cases import ENDS, ending
from tests.support import MODELS, ROOT, Clock
from tests.views.conftest import Skeleton
from tests.views.letters import CODE, HOSTILE, LANGUAGES, flat, foot, letters, pages_of, with_recourse

pytestmark = pytest.mark.slow

every_letter = letters(ENDS)
SCORE = ("refund_approval", "decline", "score")


@pytest.fixture
def letter(told, end, language):
    record, release = told[end]
    return write_letter(record, release, language)


@pytest.fixture
def footer(told, end, language):
    return foot(told[end][1], language)


@every_letter
class TestBoth:
    def test_text_and_html_say_the_same_words(self, letter, footer):
        def bare(words: list[str]) -> Counter[str]:
            return Counter(filter(None, (one.casefold().strip("():") for one in words)))

        lines = [re.sub(r"^(- |\d\. |[=-]{5,}$)", "", line) for line in as_text(letter, footer).splitlines()]
        underlines = re.compile(r"=+\Z")
        plain = [word for line in lines for word in line.split() if not underlines.match(line)]
        assert bare(plain) == bare(Skeleton(as_html(letter, footer)).words)

    def test_the_verification_code_is_the_last_thing_and_nothing_in_the_body_depends_on_it(self, letter, footer):
        for form in (as_html, as_text):
            body, code, after = form(letter, footer).partition(CODE)
            assert flat(footer.text) in flat(after)
            other = form(letter, replace(footer, code="0000-0000-0000-0000"))
            assert other == body + "0000-0000-0000-0000" + after
            assert code


@every_letter
class TestText:
    def test_no_line_is_longer_than_76_characters(self, letter, footer):
        assert max(map(len, as_text(letter, footer).split("\n"))) <= WIDTH == 76

    def test_every_line_about_a_very_long_case_number_fits_too(self, told, footer, end, language):
        record, release = told[end]
        text = as_text(write_letter(replace(record, case="x" * 128), release, language), footer)
        assert max(map(len, text.split("\n"))) <= 76
        assert re.sub(r"\n *", "", text).count("x" * 128) == 1  # its second line is indented

    def test_the_first_layer_comes_before_the_details(self, letter, footer):
        first, _, details = as_text(letter, footer).partition(letter.details_title.upper())
        assert all(one.heading in first for one in letter.first)
        assert all(one.heading in details for one in letter.details)


class TestListsInText:
    def test_reasons_are_numbered_and_changes_are_not(self, told):
        record, release = told[SCORE]
        found = with_recourse(record, ("amount", "If you had asked for less."), ("photos", "If you had sent photos."))
        text = as_text(write_letter(found, release, "en"), foot(release, "en"))
        assert "\n1. In the last 12 months" in text
        assert "\n- If you had asked for less.\n- If you had sent photos.\n" in text


@every_letter
class TestPage:
    def test_it_says_in_which_language_it_is(self, letter, footer, language):
        assert f'<html lang="{language}">' in as_html(letter, footer)

    def test_headings_come_in_order(self, letter, footer):
        levels = [int(one) for one in re.findall(r"<h(\d)", as_html(letter, footer))]
        assert levels[0] == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))
        assert levels.count(1) == 1

    def test_a_hostile_case_number_changes_no_element(self, hostile, letter, footer, end, language):
        plain = Skeleton(as_html(letter, footer))
        for name in HOSTILE:
            page = Skeleton(as_html(write_letter(*hostile(end, name), language), footer))
            assert page.elements == plain.elements
            assert sorted([*page.words, "R-4711"]) == sorted([*plain.words, *name.split()])

    def test_the_number_of_a_seal_stays_on_one_line(self, letter, footer):
        text = f"Sealed under 310-0a9e. {footer.text}"
        assert '<span class="unbroken">310-0a9e</span>' in as_html(letter, replace(footer, text=text, seal="310-0a9e"))


class TestLinksOfThePage:
    @pytest.fixture
    def parts(self, told):
        record, release = told[SCORE]
        return write_letter(record, release, "en"), foot(release, "en")

    def test_phone_and_e_mail_can_be_touched(self, parts):
        page = as_html(*parts)
        assert '<a href="tel:+353209100123">+353\u00a020\u00a0910\u00a00123</a>' in page
        assert '<a href="mailto:care@norte-vale.example">care@norte-vale.example</a>' in page
        assert '<a href="mailto:privacy@norte-vale.example">' in page

    def test_so_can_the_address_of_the_authority(self, parts):
        assert '(<a href="https://www.dataprotection.ie">www.dataprotection.ie</a>)' in as_html(*parts)

    def test_and_every_address_that_an_organisation_names_itself_but_none_that_a_case_holds(self, told):
        record, release = told[SCORE]
        authority = {"en": "The Board, info@board.example, https://board.example/complaints?lang=en"}
        changed = replace(release, organisation=replace(release.organisation, authority=authority))
        written = write_letter(replace(record, case="https://evil.example"), changed, "en")
        page = as_html(written, foot(release, "en"))
        assert '<a href="https://board.example/complaints?lang=en">https://board.example/complaints?lang=en</a>.</p>' in page
        assert '<a href="mailto:info@board.example">info@board.example</a>,' in page
        assert 'href="https://evil.example"' not in page
        with pikepdf.open(io.BytesIO(as_pdf(written, foot(release, "en")))) as pdf:
            links = {str(one.A.URI) for sheet in pdf.pages for one in sheet.get("/Annots", []) if "/A" in one}
        assert {"https://board.example/complaints?lang=en", "mailto:info@board.example"} <= links
        assert "https://evil.example" not in links

    def test_it_leads_to_the_pdf_where_there_is_an_address_and_only_there(self, parts):
        link = '<a href="?lang=en&amp;format=pdf">Save this letter as a PDF</a>'
        assert link in as_html(*parts, pdf="?lang=en&format=pdf")
        assert "Save this letter" not in as_html(*parts)


@pytest.mark.browser
def test_the_first_layer_of_every_printed_page_is_one_sheet(told):
    style = (ROOT / "explainer" / "views" / "static" / "explainer.css").read_text("utf-8")
    lines = [("amount", f"{number}. " + "If you had asked for much less, we would have said yes. " * 2) for number in "abc"]
    with open_browser() as browser:
        page = browser.new_page()
        for (record, release), language in product(told.values(), LANGUAGES):
            letter = write_letter(with_recourse(record, *lines), release, language)
            source = as_html(letter, foot(release, language), pdf="?format=pdf")
            page.set_content(source.replace("</head>", f"<style>{style}</style></head>"))
            with pikepdf.open(io.BytesIO(page.pdf(format="A4", outline=True, tagged=True))) as pdf:
                assert (letter.title, pages_of(pdf)[letter.details_title]) == (letter.title, 2)


@every_letter
def test_written_again_from_the_stored_record_every_form_has_the_same_bytes(told, footer, end, language):
    record, release = told[end]
    kept = read_record(record.to_bytes())
    for form in (as_html, as_text, as_pdf):
        assert form(write_letter(kept, release, language), footer) == form(write_letter(record, release, language), footer)


class TestReplay:
    def test_editing_the_models_on_disk_changes_no_letter_of_a_decision_that_was_made(self, home, tmp_path):
        models = Path(shutil.copytree(MODELS, tmp_path / "models", ignore=shutil.ignore_patterns("*.parquet")))
        settings = Settings(home=home, models=models)
        services = open_services(settings, Clock())
        facts = ending(services.serving("refund_approval").release, "decline", "score")
        decided = decide(Case("refund_approval", "C-1", "R-1", "en", facts), "key-1", services).record.id
        wanted = [Wanted(form, language) for form in FORMS for language in LANGUAGES]
        before = [compose(find(decided, services), one, services) for one in wanted]
        services.close()
        for path in models.rglob("*"):
            if path.suffix in {".ftl", ".yaml", ".md"}:
                edited = path.read_text("utf-8").replace("your", "thy").replace("Norte", "Sur").replace("su ", "tu ")
                path.write_text(edited, "utf-8")
        later = open_services(settings, Clock())
        assert [compose(find(decided, later), one, later) for one in wanted] == before
        later.close()
