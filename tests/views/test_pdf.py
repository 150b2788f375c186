"""The PDF of a letter: tagged, in its language, one page first; the same bytes everywhere; whatever the case is called."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import pikepdf
import pypdfium2
import pytest

from explainer.errors import Unprintable
from explainer.views.letter import write_footer, write_letter
from explainer.views.letter_parts import Section
from explainer.views.pdf import UNDRAWN, _can_be_drawn, as_pdf
from tests.cases import ENDS
from tests.views.letters import CODE, HOSTILE, LANGUAGES, elements, foot, kinds, letters, pages_of, with_recourse
from tests.views.test_random_letters import strings

SCORE = ("refund_approval", "decline", "score")
every_letter = letters(ENDS)
CODE_OF_TYPST = [
    "#panic()",
    '#read("/etc/passwd")',
    "$x^2$ *bold* _soft_ `raw` <label> @ref",
    "[] {} () \\ \\u{41} ~ // comment /* */",
    "\"quoted\" 'single' -- --- ...",
    "= Heading\n- list\n+ number",
]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def written(data: bytes) -> str:
    """All text of a PDF, as a program that reads it aloud gets it."""
    document = pypdfium2.PdfDocument(data)
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(said.split())


@pytest.fixture(scope="module")
def printed(told):
    """The PDF of every letter, made once."""

    @cache
    def make(end, language) -> bytes:
        record, release = told[end]
        return as_pdf(write_letter(record, release, language), foot(release, language))

    return make


@every_letter
class TestTagged:
    @pytest.fixture
    def letter(self, told, end, language):
        return write_letter(*told[end], language)

    @pytest.fixture
    def pdf(self, printed, end, language):
        with opened(printed(end, language)) as pdf:
            yield pdf

    def test_it_says_its_language_and_title_and_that_it_is_tagged(self, pdf, letter, language):
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == letter.title
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")

    def test_everything_on_a_page_is_tagged_or_an_artifact(self, pdf):
        for page in pdf.pages:
            depth = 0
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in {"BDC", "BMC"}:
                    depth += 1
                elif str(operator) == "EMC":
                    depth -= 1
                elif str(operator) in {"Tj", "TJ", "S", "s", "f", "f*", "B", "Do"}:
                    assert depth > 0, (operands, operator)

    def test_headings_come_in_order_and_none_is_missing(self, pdf, letter):
        levels = [int(one[2:]) for one in kinds(pdf) if one in {"/H1", "/H2", "/H3"}]
        assert levels == [1] + [2] * (len(letter.first) + 1) + [3] * len(letter.details)

    def test_reasons_are_a_list_with_numbers(self, pdf, letter):
        items = sum(len(one.items) for one in (*letter.first, *letter.details))
        found = kinds(pdf)
        assert (found.count("/LI"), found.count("/Lbl"), found.count("/LBody")) == (items, items, items)

    def test_the_head_of_the_table_is_marked_and_every_row_is_there(self, pdf, letter):
        (table,) = (one for one in elements(pdf.Root.StructTreeRoot) if str(one.S) == "/Table")
        cells = [str(one.S) for one in elements(table)]
        rows = next(len(one.rows) for one in letter.details if one.rows)
        assert cells.count("/TR") == rows + 1
        assert (cells.count("/TH"), cells.count("/TD")) == (3, 3 * rows)
        heads = [one for one in elements(table) if str(one.S) == "/TH"]
        assert [str(one.A[0].Scope) for one in heads] == ["/Column"] * 3

    def test_every_picture_has_words_and_every_link_a_name(self, pdf):
        assert all(one.Alt for one in elements(pdf.Root.StructTreeRoot) if str(one.S) in {"/Figure", "/Formula"})
        links = [note for page in pdf.pages for note in page.get("/Annots", []) if str(note.Subtype) == "/Link"]
        assert links
        assert all(str(one.Contents) for one in links)

    def test_the_first_layer_is_one_page_and_the_details_start_on_the_next(self, pdf, letter):
        pages = pages_of(pdf)
        assert {pages[one.heading] for one in letter.first} == {1}
        assert pages[letter.details_title] == pages[letter.details[0].heading] == 2

    def test_all_fonts_are_inside(self, pdf):
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        assert all(
            "/FontFile3" in one.DescendantFonts[0].FontDescriptor or "/FontFile2" in one.DescendantFonts[0].FontDescriptor
            for one in fonts
        )


@every_letter
def test_every_word_of_the_letter_is_printed(told, printed, end, language):
    said = "".join(written(printed(end, language)).split())
    letter = write_letter(*told[end], language)
    assert [one for one in strings(letter) if "".join(one.split()) not in said] == []


def test_what_stands_below_a_list_is_printed_too(told):
    record, release = told[SCORE]
    for language in LANGUAGES:
        letter = write_letter(with_recourse(record, ("recourse-a", "One.")), release, language)
        (below,) = [one for section in letter.first for one in section.below]
        assert "".join(below.split()) in "".join(written(as_pdf(letter, foot(release, language))).split())


class TestTheFullestPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_four_long_reasons_and_three_long_changes_still_fit_one_page(self, told, language):
        record, release = told[SCORE]
        long = "The carrier reports your parcel as left with a neighbour in the same building. " * 2
        letter = write_letter(with_recourse(record, *[("amount", long)] * 3), release, language)
        why = replace(letter.first[0], items=(long,) * 4, paragraphs=(long,))
        pdf = opened(as_pdf(replace(letter, first=(why, *letter.first[1:])), foot(release, language)))
        assert pages_of(pdf)[letter.details_title] == 2


class TestBytes:
    @pytest.fixture
    def parts(self, told):
        record, release = told[SCORE]
        return write_letter(record, release, "en"), foot(release, "en")

    def test_threads_give_the_same(self, parts):
        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(lambda _: as_pdf(*parts), range(8)))) == 1

    def test_its_time_is_the_day_of_the_decision(self, parts):
        with opened(as_pdf(*parts)) as pdf:
            assert str(pdf.docinfo.CreationDate).startswith("D:20260504000000")

    def test_a_system_font_of_any_kind_changes_nothing(self, parts, tmp_path):
        """Another process, in which no font can be found, writes the same bytes."""
        code = (
            "import pickle, sys; from explainer.views.pdf import as_pdf; "
            "sys.stdout.buffer.write(as_pdf(*pickle.load(sys.stdin.buffer)))"
        )
        environment = {"FONTCONFIG_FILE": "/dev/null", "HOME": str(tmp_path), "TZ": "Asia/Tokyo"}
        done = subprocess.run(
            [sys.executable, "-c", code], input=pickle.dumps(parts), capture_output=True, check=True, env=environment
        )
        assert done.stdout == as_pdf(*parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_breaks_the_number_of_a_seal(told, language):
    record, release = told[SCORE]
    letter = write_letter(record, release, language)
    for digits in range(1, 60, 6):  # wherever its hyphen comes to stand
        seal = f"{'3' * digits}-ea9e5d7c1b2f4e68"
        document = pypdfium2.PdfDocument(as_pdf(letter, write_footer(release, language, CODE, seal)))
        assert seal in "".join(page.get_textpage().get_text_range() for page in document)


class TestHostileCaseNumbers:
    @pytest.mark.parametrize("name", [*CODE_OF_TYPST, *HOSTILE])
    def test_none_becomes_code_and_all_are_printed(self, hostile, name):
        record, release = hostile(SCORE, name)
        data = as_pdf(write_letter(record, release, "en"), foot(release, "en"))
        with opened(data) as pdf, opened(as_pdf(write_letter(*hostile(SCORE, "R-4711"), "en"), foot(release, "en"))) as plain:
            assert kinds(pdf) == kinds(plain)
        assert not name.isascii() or " ".join(name.split()) in written(data)

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Ωμέγα-7", "Ωμέγα-7"),
            ("дело №4", "дело №4"),
            ("案件-4711", f"{UNDRAWN * 2}-4711"),
            ("😀 R-1", f"{UNDRAWN} R-1"),
            ("\ue000R-1", f"{UNDRAWN}R-1"),
            ("\ud800R-1", f"{UNDRAWN}R-1"),
            ("\0R\x1b-1", f"{UNDRAWN}R{UNDRAWN}-1"),
        ],
    )
    def test_letters_that_no_font_has_are_shown_as_such(self, hostile, name, shown):
        record, release = hostile(SCORE, name)
        assert shown in written(as_pdf(write_letter(record, release, "en"), foot(release, "en")))

    @pytest.mark.parametrize("name", ["א-4711 שלום", "ملف 4711", "e\u20e3\u0338\u0652x", "👨\u200d👩\u200d👧", "x" * 128])
    def test_right_to_left_joined_and_long_ones_are_printed(self, hostile, name):
        record, release = hostile(SCORE, name)
        assert as_pdf(write_letter(record, release, "en"), foot(release, "en")).startswith(b"%PDF")

    def test_a_long_one_does_not_push_the_details_away(self, hostile):
        record, release = hostile(SCORE, "W" * 128)
        with opened(as_pdf(write_letter(record, release, "en"), foot(release, "en"))) as pdf:
            assert pages_of(pdf)["More about your case"] == 2

    def test_the_common_letters_are_drawn_without_asking(self):
        assert all(_can_be_drawn(chr(one)) for one in range(0x20, 0x180) if chr(one).isprintable())

    def test_words_of_a_release_in_unknown_letters_are_refused_and_not_shown_as_blanks(self, told):
        record, release = told[SCORE]
        letter = replace(write_letter(record, release, "en"), first=(Section("理由", ("退款",)),))
        with pytest.raises(Unprintable) as refusal:
            as_pdf(letter, foot(release, "en"))
        assert "退款" not in str(refusal.value)
