"""Money: our quicker way of writing amounts is Babel's, to the letter."""

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.explanations.hearing import says_fact
from explainer.explanations.wording import show_value
from explainer.packs.definition import Feature
from explainer.packs.words.phrases import Phrases

AMOUNTS = st.one_of(
    st.integers(0, 10**9).map(lambda cents: cents / 100),
    st.integers(-(10**6), 10**12),
    st.floats(-1e6, 1e12),
    st.sampled_from([0.0, -0.0, 0.01, 0.005, 0.015, 2.675, 99.995, 999.99, 1000.0, 1e11, 1e15, 1e16]),
)


@pytest.mark.parametrize("locale", ["en", "en-GB", "en-IN", "es", "de", "de-CH", "fr", "ja", "ar", "hi"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "JPY", "CHF", "INR", "KWD", "XXX"])
@settings(max_examples=25, deadline=None)
@given(AMOUNTS)
def test_every_amount_is_written_as_babel_writes_it(locale, currency, amount):
    shown = show_value(Feature("f", "number", "s", "g", unit=currency), amount, WORDS[locale])
    # but for −0.0, which is remembered as 0 and said so
    assert shown == format_currency(amount or 0, currency, locale=Locale.parse(locale, sep="-"))


@pytest.mark.parametrize("locale", ["en", "en-IN", "es", "de", "de-CH", "fr", "ja", "ar", "he", "hi", "pl", "sv"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "INR"])
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**11).map(lambda cents: cents / 100))
def test_every_amount_is_heard_as_it_is_written_and_not_as_another(locale, currency, amount):
    feature, words = Feature("f", "number", "s", "g", unit=currency), WORDS[locale]
    shown = show_value(feature, amount, words)
    assert says_fact(feature, shown, amount, words)
    assert not says_fact(feature, shown, amount + 0.01, words)


WORDS = {
    one: Phrases(one, "", "") for one in ["en", "en-GB", "en-IN", "es", "de", "de-CH", "fr", "ja", "ar", "he", "hi", "pl", "sv"]
}
