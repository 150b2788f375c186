"""Letters read back: a word, a figure or a section that is not the record's is found, in every end and language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from babel import localedata

from explainer.views.letter import Letter, write_letter
from explainer.views.letter_parts import Section
from explainer.views.readback.dates import says_day, says_time
from explainer.views.readback.letters import misprints
from explainer.views.showing import show_day, show_time
from tests.cases import ENDS
from tests.views.letters import OPEN, letters, older, with_recourse, without_recourse
from tests.views.readback.test_panels import another_digit

EVERY = letters(ENDS)
LAYERS = ("first", "details")


@pytest.fixture
def letter(told, end, language) -> Letter:
    return write_letter(*told[end], language)


@pytest.fixture
def say(told, end, language):
    return told[end][1].vocabulary.speak(language).say


def changed(text: str) -> str:
    """The text with another digit, or else another word."""
    return another_digit(text) if any(map(str.isdigit, text)) else f"{text} Not."


def with_section(letter: Letter, layer: str, place: int, section: Section | None) -> Letter:
    every = list(getattr(letter, layer))
    every[place : place + 1] = [] if section is None else [section]
    return replace(letter, **{layer: tuple(every)})


def without_each(said: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A list with one text changed, left out, said twice, or two of them exchanged."""
    for place, text in enumerate(said):
        before, after = said[:place], said[place + 1 :]
        yield from ((*before, changed(text), *after), (*before, *after), (*before, text, text, *after))
        if after and after[0] != text:
            yield (*before, after[0], text, *after[1:])


def lies(letter: Letter) -> Iterator[tuple[str, Letter]]:
    """The letter with one thing in it that is not so."""
    for layer in LAYERS:
        for place, section in enumerate(getattr(letter, layer)):
            others = [replace(section, heading=changed(section.heading)), None]
            for part in ("paragraphs", "items", "below", "columns"):
                said = getattr(section, part)
                others += [replace(section, **{part: one}) for one in without_each(said)]
                others += [] if part == "columns" else [replace(section, **{part: (*said, "We approved it after all.")})]
            for number, row in enumerate(section.rows):
                rows = [(*section.rows[:number], one, *section.rows[number + 1 :]) for one in without_each(row)]
                others += [replace(section, rows=one) for one in rows]
            yield from ((f"{layer} {place}", with_section(letter, layer, place, one)) for one in others)
            yield f"{layer} {place} twice", replace(letter, **{layer: (*getattr(letter, layer), section)})
    for part in ("title", "greeting", "closing", "details_title", "save"):
        yield part, replace(letter, **{part: changed(getattr(letter, part))})
    yield from (("opening", replace(letter, opening=one)) for one in without_each(letter.opening) if len(one) == 2)
    yield from (("sender", replace(letter, sender=one)) for one in without_each(letter.sender))
    for place, (name, value) in enumerate(letter.facts):
        for fact in ((changed(name), value), (name, changed(value))):
            yield "facts", replace(letter, facts=(*letter.facts[:place], fact, *letter.facts[place + 1 :]))
    yield "day", replace(letter, day=letter.day + timedelta(days=1))
    yield "links", replace(letter, links={**letter.links, "care@norte-vale.example": "https://elsewhere.example"})


@EVERY
class TestEveryWord:
    def test_of_a_letter_passes_as_it_is_and_in_no_other_way(self, told, letter, end):
        assert misprints(letter, *told[end]) == []
        unseen = [where for where, lie in lies(letter) if lie != letter and misprints(lie, *told[end]) == []]
        assert unseen == []

    def test_reasons_stay_in_their_section(self, told, letter, end):
        why, *others = letter.first
        if why.items and len(others) > 2:
            moved = (replace(why, items=()), replace(others[0], items=(*why.items, *others[0].items)), *others[1:])
            assert misprints(replace(letter, first=moved), *told[end])

    def test_what_another_outcome_or_way_would_say_is_found(self, told, letter, end, say):
        place = next(at for at, one in enumerate(letter.first) if one.heading == say("letter-next"))
        for other in {one.code for one in told[end][1].pack.outcomes} - {end[1]}:
            section = replace(letter.first[place], paragraphs=(say(f"outcome-{other}.effect"),))
            assert misprints(with_section(letter, "first", place, section), *told[end])
        (lead,) = letter.first[0].paragraphs
        for way in ("for", "against", "both", "rule", "rule-person", "person", "none"):
            section = replace(letter.first[0], paragraphs=(say(f"letter-why-{way}"),))
            if section.paragraphs != (lead,):
                assert misprints(with_section(letter, "first", 0, section), *told[end]), way


@EVERY
class TestTheDay:
    def test_another_day_is_found(self, told, letter, end):
        record, release = told[end]
        for days in (1, 30, 366):
            assert "it names another day" in misprints(letter, replace(record, at=record.at + timedelta(days=days)), release)

    def test_a_day_late_at_night_is_the_one_on_the_organisation_s_clock(self, told, end, language):
        record, release = told[end]
        record = replace(record, at=record.at.replace(hour=23, minute=30))  # it is tomorrow in Dublin
        assert misprints(write_letter(record, release, language), record, release) == []


class Speaker:
    """Who speaks a locale, as far as days are concerned."""

    def __init__(self, locale: str) -> None:
        self.locale = locale


@pytest.mark.parametrize("locale", sorted(one.replace("_", "-") for one in localedata.locale_identifiers() if len(one) < 4))
def test_a_day_and_a_time_are_heard_in_whatever_language_a_pack_may_add(locale, told):
    at = told[ENDS[0]][0].at
    for month in range(1, 13):
        day, other = date(2026, month, 3), date(2026, month, 4)
        said = show_day(day, Speaker(locale))
        assert (says_day(said, day, locale), says_day(said, other, locale)) == (True, False)
        then = at.replace(month=month, day=3)
        clock = show_time(then, Speaker(locale))
        assert (says_time(clock, then, locale), says_time(clock, then + timedelta(minutes=1), locale)) == (True, False)


@letters([end for end in ENDS if end[1] in {"decline", "P4"}])
class TestWhatWouldHaveChangedIt:
    def test_that_nothing_would_is_not_said_where_something_would_nor_the_other_way(self, told, end, language):
        record, release = told[end]
        words = release.vocabulary.speak(language)
        texts = {why: words.say(f"recourse-none-{why}") for why in ("rule", "nothing", "not_found")}
        records = [with_recourse(record, (f"no-recourse-{why}", text)) for why, text in texts.items()]
        one, two = ("recourse-a", "One."), ("recourse-b", "Two.")
        records += [with_recourse(record, one), with_recourse(record, one, two)]
        records += [replace(record, explained=record.explained._replace(texts=without_recourse(record)))]
        written = [write_letter(one, release, language) for one in records]
        for one, letter in zip(records, written, strict=True):
            assert misprints(letter, one, release) == []
            for other in written:
                if other.first != letter.first:
                    assert misprints(other, one, release)


@letters([end for end in ENDS if end[1] == "decline"])
def test_words_of_a_release_that_has_fewer_of_them_pass(told, end, language):
    """Releases made before keep their words: there was no question whether it can still be done."""
    record, release = told[end]
    before = older(release, "letter-change-now")
    record = with_recourse(record, ("recourse-a", "One."), ("recourse-b", "Two."))
    letter = write_letter(record, before, language)
    assert [one.below for one in letter.first] == [()] * len(letter.first)
    assert misprints(letter, record, before) == []
    assert misprints(letter, record, release) == ["letter-change: 0 paragraphs below its list for 1"]


@letters([ENDS[1]])
@pytest.mark.parametrize("part", ["phone", "hours"])
def test_spaces_in_the_organisation_s_file_are_no_misprint(told, end, language, part):
    """A no-break space in a telephone number, or the line break at the end of a block of text."""
    record, release = told[end]
    own = release.organisation
    phone = own.phone.replace(" ", "\u00a0") if part == "phone" else own.phone
    hours = {one: f"{said}\n" if part == "hours" else said for one, said in own.phone_hours.items()}
    release = replace(release, organisation=replace(own, phone=phone, phone_hours=hours))
    assert misprints(write_letter(record, release, language), record, release) == []


@letters([end for end in OPEN if end[2] == "permission"])
def test_software_that_took_no_part_is_not_judged(told, letter, end, say):
    details = (*letter.details[:2], Section(say("letter-quality"), ("We tested it.",)), *letter.details[2:])
    assert misprints(replace(letter, details=details), *told[end])
