"""Hearing: what was worded is heard again, and nothing else is heard in it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.explanations.hearing import hear, says_fact
from explainer.explanations.wording import show_value
from explainer.packs.definition import Feature
from explainer.packs.words.phrases import Phrases
from tests.support import SHIPPED

COUNTED = """\
unit-days = { $n ->
    [0] no days
    [one] { $n } day
   *[other] { $n } days
}
greeting = Dear { $name },
    you, { $name }, have { $count ->
        [one] one point (1)
       *[other] { $count } points?
    }
-brand = The Shop
closing = { -brand }: { greeting }
value-and = { $more } and { $less }
unit-hours = { $n } hours
"""


@pytest.fixture(scope="module")
def phrases():
    return Phrases("en", "", COUNTED)


def number(unit, kind="number"):
    return Feature("x", kind, "order", "g", unit=unit)


class TestAPhrase:
    def test_gives_back_what_was_put_in(self, phrases):
        said = phrases.say("greeting", name="Ann (a+b)?", count="7")
        assert hear("greeting", said, phrases) == {"name": "Ann (a+b)?", "count": "7"}

    def test_refers_to_others_which_are_heard_too(self, phrases):
        assert hear("closing", phrases.say("closing", name="Ann", count="7"), phrases) == {"name": "Ann", "count": "7"}

    @pytest.mark.parametrize("text", ["Dear Ann, you, Bob, have 7 points?", "Dear Ann, you, Ann, have 7 points", "Dear Ann", ""])
    def test_is_not_heard_in_other_words(self, phrases, text):
        assert hear("greeting", text, phrases) is None

    def test_that_nobody_wrote_is_never_heard(self, phrases):
        assert hear("nothing", "Dear Ann", phrases) is None

    def test_for_one_number_alone_is_heard_as_that_number(self, phrases):
        assert hear("unit-days", "no days", phrases) == {"n": "0"}


class TestNumbers:
    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["EUR", "percent", "days", None]), st.data())
    def test_are_told_apart_as_far_as_they_are_shown(self, phrases, one, other, unit, data):
        locale = data.draw(st.sampled_from(["en", "es", "de", "fr"]))
        words, feature = Phrases(locale, "", COUNTED), number(unit)
        amount, another = (one / 100, other / 100) if unit == "EUR" else (one, other)
        said = show_value(feature, amount, words)
        assert says_fact(feature, said, amount, words)
        assert says_fact(feature, said, another, words) == (one == other)

    @given(st.integers(0, 5000), st.integers(0, 5000))
    @settings(max_examples=200, deadline=None)
    def test_in_two_units_are_heard_as_one(self, phrases, hours, other):
        said = show_value(number("hours", "integer"), hours, phrases)
        assert says_fact(number("hours", "integer"), said, hours, phrases)
        assert says_fact(number("hours", "integer"), said, other, phrases) == (hours == other)

    @pytest.mark.parametrize("words", ["€1,234.50", "1,234.5", "$1,234.50", "1.234,50 €", "about €1,234.50", "€1,234.51"])
    def test_are_read_as_the_locale_and_the_unit_write_them(self, phrases, words):
        assert says_fact(number("EUR"), words, 1234.5, phrases) == (words == "€1,234.50")


@pytest.mark.parametrize("pack", SHIPPED)
class TestEveryValueOfAPack:
    def test_is_heard_as_itself_and_as_no_other_case_s(self, pack, travelled, releases):
        release, _ = releases[pack]
        rows = [one.row for one in travelled(pack, 100)]
        for phrases in release.vocabulary.every:
            for row, other in pairwise(rows):
                for feature in release.pack.features:
                    fact, change = row.facts[feature.name], row.adjusted.get(feature.name)
                    words = show_value(feature, fact, phrases, change)
                    assert says_fact(feature, words, fact, phrases, change=change)
                    strange, its = other.facts[feature.name], other.adjusted.get(feature.name)
                    if show_value(feature, strange, phrases, its) != words:
                        assert not says_fact(feature, words, strange, phrases, change=its)
