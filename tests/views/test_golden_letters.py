"""The golden letters: what a customer reads, in each language, was read by people and stays so until they read it again."""

from io import BytesIO

import pikepdf
import pytest

from explainer.road import contradictions
from explainer.views.letter import write_letter
from explainer.views.pdf import as_pdf
from tests.views.golden_letters import FOLDER, LETTERS, digest_of, letters, readings, record_of
from tests.views.letters import foot


def test_every_letter_is_as_it_was_written():
    written = dict(letters())
    assert {place.name for place in FOLDER.glob("*.txt")} == {place.name for place in written}
    for place, text in written.items():
        assert text == place.read_text("utf-8"), place.name


def test_every_letter_was_read_by_somebody_as_it_is():
    """Written anew, a letter is to be read again, and whoever read it puts their name to it."""
    read = readings()
    assert read.keys() == {place.name for place in FOLDER.glob("*.txt")}
    unread = [place.name for place in FOLDER.glob("*.txt") if read[place.name][0] != digest_of(place.read_text("utf-8"))]
    assert unread == [], "to be read, then noted with: python -m tests.views.golden_letters --read-by NAME"
    assert all(len(line) == 3 for line in read.values())


@pytest.mark.parametrize("end", LETTERS, ids="-".join)
def test_each_says_what_its_record_holds(end):
    record, release = record_of(*end)
    assert contradictions(record.explained, release, release.vocabulary.every) == []


@pytest.mark.parametrize("end", LETTERS, ids="-".join)
def test_each_is_one_sheet_so_that_no_code_stands_alone_on_a_page(end):
    record, release = record_of(*end)
    for language in release.pack.languages:
        pdf = as_pdf(write_letter(record, release, language), foot(release, language))
        assert len(pikepdf.open(BytesIO(pdf)).pages) == 2, language
