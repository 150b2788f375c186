"""Letters read back: a day, a way to a person, an effect or a figure that is not the record's is found in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from explainer.views.letter import Letter, write_letter
from explainer.views.letter_parts import Section
from explainer.views.readback.letters import misprints
from tests.cases import ENDS
from tests.views.letters import OPEN, letters, with_recourse, without_recourse
from tests.views.readback.test_panels import another_digit

EVERY = letters(ENDS)


@pytest.fixture
def letter(told, end, language) -> Letter:
    return write_letter(*told[end], language)


@pytest.fixture
def say(told, end, language):
    return told[end][1].vocabulary.speak(language).say


def without(letter: Letter, heading: str, place: int, said: str | None) -> Letter:
    """The letter with other words, or none, in a paragraph under a heading."""

    def changed(section: Section) -> Section:
        if section.heading != heading:
            return section
        every = list(section.paragraphs)
        every[place : place + 1] = [] if said is None else [said]
        return replace(section, paragraphs=tuple(every))

    other = replace(letter, first=tuple(map(changed, letter.first)), details=tuple(map(changed, letter.details)))
    assert other != letter
    return other


@EVERY
class TestTheDay:
    def test_another_day_is_found(self, told, letter, end):
        (name, day), *rest = letter.facts
        assert misprints(replace(letter, facts=((name, another_digit(day)), *rest)), *told[end]) == ["it names another day"]
        record, release = told[end]
        for days in (1, 30, 366):
            assert "it names another day" in misprints(letter, replace(record, at=record.at + timedelta(days=days)), release)

    def test_a_day_late_at_night_is_the_one_on_the_organisation_s_clock(self, told, end, language):
        record, release = told[end]
        record = replace(record, at=record.at.replace(hour=23, minute=30))  # it is tomorrow in Dublin
        assert misprints(write_letter(record, release, language), record, release) == []

    def test_another_last_day_to_contest_is_found(self, told, letter, end, say):
        place = say("letter-person-open" if end in OPEN else "letter-person")
        if end in OPEN:
            changed = without(letter, place, 1, say("letter-contest", until="June 3, 2026"))
        else:
            said = next(one for one in letter.first if one.heading == place).paragraphs[1]
            changed = without(letter, place, 1, another_digit(said))
        assert misprints(changed, *told[end]) == ["it tells otherwise until when the decision can be contested"]


@EVERY
class TestWhatHappensAndWhomToAsk:
    def test_what_another_outcome_leads_to_is_found(self, told, letter, end, say):
        others = [one.code for one in told[end][1].pack.outcomes if one.code != end[1]]
        for said in [None, *(say(f"outcome-{other}.effect") for other in others)]:
            found = misprints(without(letter, say("letter-next"), 0, said), *told[end])
            assert found == ["it tells otherwise what happens now"]

    def test_another_number_or_address_is_found(self, told, letter, end, say):
        heading = say("letter-person-open" if end in OPEN else "letter-person")
        said = next(one for one in letter.first if one.heading == heading).paragraphs[0]
        email = told[end][1].organisation.email
        for lie in (said.replace("0123", "0124"), said.replace(email, "a@b.example"), said.replace("8", "9")):
            assert misprints(without(letter, heading, 0, lie), *told[end]) == ["it leads to another place than to a person"]
        assert misprints(without(letter, heading, 0, None), *told[end]) == ["it says more or less of how to reach a person"]

    def test_another_way_to_keep_software_out_is_found(self, told, letter, end, say):
        heading = say("letter-person-open" if end in OPEN else "letter-person")
        right = next(one for one in letter.first if one.heading == heading).paragraphs[2]
        for lie in {say(f"letter-{one}") for one in ("opt-out", "opt-out-open", "opted-out")} - {right}:
            found = misprints(without(letter, heading, 2, lie), *told[end])
            assert found == ["it tells otherwise how to keep software out of it"]


CHANGEABLE = [end for end in ENDS if end[1] in {"decline", "P4"}]


@letters(CHANGEABLE)
class TestWhatWouldHaveChangedIt:
    def test_that_nothing_would_is_not_said_where_something_would_nor_the_other_way(self, told, end, language):
        record, release = told[end]
        words = release.vocabulary.speak(language)
        texts = {why: words.say(f"recourse-none-{why}") for why in ("rule", "nothing", "not_found")}
        records = [with_recourse(record, (f"no-recourse-{why}", text)) for why, text in texts.items()]
        records += [
            with_recourse(record, ("recourse-a", "One.")),
            with_recourse(record, ("recourse-a", "One."), ("recourse-b", "Two.")),
        ]
        records += [replace(record, explained=replace(record.explained, texts=without_recourse(record)))]
        written = [write_letter(one, release, language) for one in records]
        for one, letter in zip(records, written, strict=True):
            assert misprints(letter, one, release) == []
            for other in written:
                if other.first != letter.first:
                    assert misprints(other, one, release)


@letters([end for end in ENDS if end[2] != "permission"])
class TestHowWellItWorks:
    def test_another_figure_is_found(self, told, letter, end, say):
        heading = say("letter-quality")
        said = next(one for one in letter.details if one.heading == heading).paragraphs
        for place, text in enumerate(said[:-1]):
            assert misprints(without(letter, heading, place, another_digit(text)), *told[end]), text
            assert misprints(without(letter, heading, place, None), *told[end]), text
        assert misprints(without(letter, heading, len(said) - 1, "All is fair."), *told[end])

    def test_similar_cases_are_told_of_only_where_the_score_decided(self, told, letter, end, say):
        heading, similar = (
            say("letter-quality"),
            say("similar-cases", cases=500, event=say("score-event"), rate="1%", low="0%", high="2%"),
        )
        quality = next(one for one in letter.details if one.heading == heading)
        if len(quality.paragraphs) == 2:
            assert misprints(without(letter, heading, 0, f"{quality.paragraphs[0]} {similar}"), *told[end])
            more = replace(quality, paragraphs=(quality.paragraphs[0], similar, quality.paragraphs[1]))
            details = tuple(more if one is quality else one for one in letter.details)
            assert misprints(replace(letter, details=details), *told[end])


@letters([end for end in ENDS if end[2] == "permission"])
def test_software_that_took_no_part_is_not_judged(told, letter, end, say):
    details = (*letter.details, Section(say("letter-quality"), ("We tested it.",)))
    assert misprints(replace(letter, details=details), *told[end]) == ["it judges software that took no part"]
