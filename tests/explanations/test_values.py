"""Values in words: amounts, counts, levels, what is missing, clipped, nothing or private, as each language writes them."""

from datetime import date

import numpy as np
import pytest

from explainer.decisions.features import read_facts
from explainer.errors import BadPack, Unspeakable
from explainer.explanations.hearing import hear
from explainer.explanations.reasons import Reason
from explainer.explanations.wording import show_value, word
from explainer.packs.definition import Feature, Middle
from explainer.packs.words.phrases import Phrases
from explainer.road import travel
from explainer.training.reference import read_cases, reference_rows, split
from tests.cases import ending
from tests.little import ENGLISH, FEATURES, SHARED, checked, little_files, little_pack
from tests.support import MODELS, SHIPPED, declared

MONOTONE = {-1: "down", 0: "none", 1: "up"}


class TestValues:
    def shown(self, fact, locale="en", **more):
        spanish = SHARED.replace("} days", "} días").replace("} day", "} día") if locale.startswith("es") else SHARED
        return show_value(Feature("f", more.pop("type", "number"), "s", "g", **more), fact, Phrases(locale, spanish, ENGLISH))

    @pytest.mark.parametrize(
        ("locale", "amount", "text"),
        [
            ("en", 34.9, "€34.90"),
            ("en-GB", 1234.5, "€1,234.50"),
            ("es", 34.9, "34,90 €"),
            ("es", 12345.678, "12.345,68 €"),
            ("en", 0, "€0.00"),
        ],
    )
    def test_money_follows_the_locale(self, locale, amount, text):
        assert self.shown(amount, locale, unit="EUR").replace("\u00a0", " ") == text

    @pytest.mark.parametrize(("locale", "text"), [("en", "$25.00"), ("en-GB", "US$25.00"), ("es", "25,00 US$")])
    def test_a_foreign_currency_is_named_as_the_locale_names_it(self, locale, text):
        assert self.shown(25, locale, unit="USD").replace("\u00a0", " ") == text

    @pytest.mark.parametrize(
        ("locale", "days", "text"),
        [
            ("en", 0, "0 days"),
            ("en", 1, "1 day"),
            ("en", 6, "6 days"),
            ("es", 1, "1 día"),
            ("es", 6, "6 días"),
            ("es", 1.5, "1,5 días"),
        ],
    )
    def test_units_follow_the_number(self, locale, days, text):
        assert self.shown(days, locale, unit="days") == text

    @pytest.mark.parametrize(("locale", "text"), [("en", "12,345.5"), ("es", "12.345,5")])
    def test_a_bare_number_follows_the_locale(self, locale, text):
        assert self.shown(12345.5, locale) == text

    @pytest.mark.parametrize(("locale", "text"), [("en", "25%"), ("es", "25 %")])
    def test_a_percentage_follows_the_locale(self, locale, text):
        assert self.shown(25, locale, unit="percent").replace("\u00a0", " ") == text

    def test_levels_and_booleans_have_words(self):
        pack, phrases = little_pack(), Phrases("en", SHARED, ENGLISH)
        shown = [
            show_value(pack.feature[name], fact, phrases)
            for name, fact in (("size", "large"), ("gift", True), ("gift", False), ("days", None))
        ]
        assert shown == ["a large one", "a gift", "no gift", "not delivered"]

    def test_proper_names_are_shown_as_they_are(self):
        assert self.shown("USA 3000 (U5)", type="category", levels=("USA 3000 (U5)",), verbatim=True) == "USA 3000 (U5)"

    def test_a_level_without_words_is_unspeakable(self):
        with pytest.raises(Unspeakable):
            self.shown("mauve", type="category", levels=("mauve",))

    @pytest.mark.parametrize("pack", [*SHIPPED])
    def test_every_level_of_a_shipped_pack_can_be_said_in_every_language(self, pack, releases):
        release = releases[pack][0]
        said = {
            (phrases.locale, feature.name, level): show_value(feature, level, phrases)
            for phrases in release.vocabulary.every
            for feature in release.pack.features
            for level in feature.levels
        }
        assert len(said) == len(release.pack.languages) * sum(len(one.levels) for one in release.pack.features)
        assert all(said.values())

    @pytest.mark.parametrize(
        ("hours", "text"),
        [(1, "1 hour"), (48, "48 hours"), (49, "2 days and 1 hour"), (100.7, "4 days and 4 hours"), (240, "10 days")],
    )
    def test_many_hours_are_said_in_days(self, hours, text, releases):
        words = releases["priority_scoring"][0].vocabulary.speak("en")
        assert show_value(Feature("waiting_hours", "number", "s", "g", unit="hours"), hours, words) == text

    @pytest.mark.parametrize(
        ("months", "text"),
        [(1, "1 mes"), (23, "23 meses"), (24, "2 años"), (25, "2 años y 1 mes"), (12.0, "12 meses"), (480, "40 años")],
    )
    def test_many_months_are_said_in_years(self, months, text, releases):
        words = releases["refund_approval"][0].vocabulary.speak("es")
        assert show_value(Feature("tenure_months", "integer", "s", "g", unit="months"), months, words) == text


def about(release, name, facts, reader="customer", language="en", direction="against"):
    """What a reader is told about one feature of facts as they come in."""
    row = read_facts(facts, release.pack)
    reason = Reason(release.pack.group_of[name], "score", direction, "strong", 0.9 if direction == "for" else -0.9, name)
    words = release.vocabulary.speak(language)
    return word([reason], reader, row.facts, pack=release.pack, languages=(words,), adjusted=row.adjusted)[language][0].text


class TestPlaces:
    """Whether a number is high or low among the cases compared with."""

    def told(self, amount, direction="against", middle=(30.0, 40.0), monotone=0, reader="customer"):
        pack = little_pack(features=FEATURES.replace("monotone: down", f"monotone: {MONOTONE[monotone]}", 1))
        push = 0.9 if direction == "for" else -0.9
        reason, facts = Reason("money", "score", direction, "strong", push, "amount"), {"amount": amount}
        words, middles = Phrases("en", SHARED, ENGLISH), {"amount": Middle(*middle)}
        return word([reason], reader, facts, pack=pack, languages=(words,), middles=middles)["en"][0].text

    def test_more_than_most_is_said_to_both_readers(self):
        assert self.told(40.01) == "You asked for €40.01. This spoke against you. Most were less."
        assert self.told(40.01, reader="agent") == "Amount: €40.01, more than most"

    def test_less_than_most_is_said(self):
        assert self.told(29.99) == "You asked for €29.99. This spoke against you. Most were more."

    @pytest.mark.parametrize("amount", [30, 35, 40, 0])
    def test_the_middle_itself_and_nothing_at_all_have_no_place(self, amount):
        assert "Most" not in self.told(amount)

    def test_where_most_have_no_such_number_nothing_is_said(self):
        assert "Most" not in self.told(1000, middle=(None, None))

    @pytest.mark.parametrize(
        ("amount", "direction", "monotone", "said"),
        [
            (50, "against", -1, "Most were less"), (50, "for", -1, None),
            (20, "for", -1, "Most were more"), (20, "against", -1, None),
            (50, "for", 1, "Most were less"), (50, "against", 1, None),
            (20, "against", 1, "Most were more"), (20, "for", 1, None),
        ],
    )  # fmt: skip
    def test_a_place_never_points_against_a_direction_that_is_fixed(self, amount, direction, monotone, said):
        text = self.told(amount, direction, monotone=monotone)
        assert said in text if said else "Most" not in text

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_in_real_letters_it_is_said_of_what_is_so_in_the_population_itself(self, pack, travelled, releases, every_case):
        """Counted in the table of past cases, by other code than the release's own middles."""
        release, phrases = releases[pack][0], releases[pack][0].vocabulary.speak("en")
        past = every_case(pack)
        rows = past[reference_rows_of(pack)]
        said = 0
        for case in travelled(pack):
            for one in case.texts["en"]["customer"]:
                for way, compare in (("more", np.less), ("less", np.greater)):
                    if hear(f"placed-{way}", one.text, phrases):
                        ((name, fact),) = one.facts
                        assert compare(rows[:, release.pack.names.index(name)], fact).mean() > 0.5
                        said += 1
        assert said > 100, phrases.locale


def reference_rows_of(pack):
    """Which rows of the shipped table are the reference population."""
    known = declared(pack)
    past, _ = split(read_cases(MODELS / pack / "data" / "cases.parquet", known), known.training.held_out)
    return reference_rows(past, known)


class TestValuesThatWereAdjusted:
    @pytest.fixture
    def refund(self, releases):
        release = releases["refund_approval"][0]
        return lambda name, value, **how: about(release, name, ending(release, "decline", "score") | {name: value}, **how)

    def test_more_than_is_counted_is_not_told_as_the_end_of_the_range(self, refund):
        assert (
            refund("photos", 60)
            == "You sent 6 photos or more (we count no higher) with your request. So few photos counted against your request."
        )
        assert refund("photos", 60, reader="agent") == "Photos sent: 6 photos or more (we count no higher)"
        assert "6 fotos o más (no contamos más)" in refund("photos", 60, language="es")

    def test_less_than_is_counted_is_told_as_such(self, refund):
        assert "was 0 days or less (we count no lower)." in refund("delivery_delay_days", -3)
        assert "de 0 días o menos (no contamos menos)." in refund("delivery_delay_days", -3, language="es")

    def test_the_end_of_the_range_itself_is_told_as_it_is(self, refund):
        assert refund("photos", 6) == "You sent 6 photos with your request. So few photos counted against your request."

    @pytest.mark.parametrize(("language", "text"), [("en", "given, but not a value we know"), ("es", "un valor que no conocemos")])
    def test_a_level_nobody_knows_is_not_told_as_missing(self, refund, language, text):
        for reader in ("customer", "agent"):
            said = refund("tracking_status", "teleported", language=language, reader=reader)
            assert text in said
            assert "track this kind" not in said
        assert refund("tracking_status", None) != refund("tracking_status", "teleported")

    def test_the_direction_is_said_in_the_words_of_the_pack(self, releases):
        words = releases["priority_scoring"][0].vocabulary.speak("en")
        assert words.say("value-unknown.for", label="Need").endswith("This raised the urgency of your case.")

    def test_a_rule_tells_them_in_the_same_way(self, releases):
        release = releases["priority_scoring"][0]
        row = read_facts(ending(release, "P4", "score") | {"waiting_hours": 5000}, release.pack)
        reason = [Reason("long_wait", "rule", "for", "strong")]
        english = (release.vocabulary.speak("en"),)
        said = word(reason, "customer", row.facts, pack=release.pack, languages=english, adjusted=row.adjusted)["en"]
        assert "open for 20 days or more (we count no higher)." in said[0].text


class TestZero:
    @pytest.mark.parametrize(
        ("pack", "name", "language", "text"),
        [
            ("priority_scoring", "days_past_promise", "en", "The date we promised you has not passed."),
            ("priority_scoring", "earlier_contacts", "es", "no tuvimos ningún contacto con usted"),
            ("priority_scoring", "customer_years", "en", "for less than a year."),
            ("refund_approval", "days_since_delivery", "en", "on the day of delivery."),
            ("refund_approval", "refunds_12_months", "es", "no le hicimos ningún reembolso."),
            ("refund_approval", "photos", "es", "no nos envió ninguna foto."),
            ("refund_approval", "tenure_months", "es", "desde hace menos de un mes."),
        ],
    )
    def test_is_said_as_a_person_would(self, pack, name, language, text, releases):
        release = releases[pack][0]
        facts = dict(release.examples[0]["facts"]) | {name: 0}
        for direction in ("for", "against"):
            assert text in about(release, name, facts, language=language, direction=direction)

    def test_a_service_that_works_is_said_naturally(self, releases):
        release = releases["priority_scoring"][0]
        facts = ending(release, "P4", "score") | {"service_effect": "none"}
        assert "your service was working as usual." in about(release, "service_effect", facts)


@pytest.mark.parametrize("pack", SHIPPED)
class TestDirections:
    def test_every_sentence_says_in_its_own_words_which_way_its_number_points(self, pack, travelled, releases):
        """From the sign of the attribution to the words that are printed; the fields between are not asked."""
        vocabulary, checked = releases[pack][0].vocabulary, 0
        for case in travelled(pack):
            for language, readers in (case.texts or {}).items():
                spoken = vocabulary.speak(language)
                marks = {way: spoken.say(f"direction-{way}-words").split(" | ") for way in ("for", "against")}
                for reason, sentence in zip(case.reasons["customer"], readers["customer"], strict=True):
                    if reason.push is not None:
                        said = {way for way, words in marks.items() if any(one in sentence.text for one in words)}
                        assert said == {"for" if reason.push > 0 else "against"}, sentence.text
                        checked += 1
        assert checked > 1000


class TestSensitive:
    """What somebody declared about health or age: no sentence says it, and no agent sees it."""

    LEVELS = ("older age", "limited hearing or sight", "limited mobility", "a long illness", "small children at home")

    @pytest.mark.parametrize("need", ["advanced_age", "hearing_or_sight", "reduced_mobility", "long_illness", "small_children"])
    def test_needs_are_in_no_sentence_for_anybody(self, need, releases, sampled):
        release, kernel = releases["priority_scoring"]
        said = travel(sampled("priority_scoring", 1)[0] | {"declared_need": need}, release, kernel, date(2026, 5, 4))
        assert said.decision.rule == "declared_need" or "declared_need" in {one.code for one in said.decision.fired}
        for readers in said.texts.values():
            for sentences in readers.values():
                assert not [one.text for one in sentences if any(level in one.text for level in self.LEVELS)]

    def test_a_phrase_that_would_say_it_is_a_mistake_of_the_pack(self):
        files = little_files()
        missing = "  missing: nobody told us\n"
        files["features.yaml"] = files["features.yaml"].replace(missing, f"{missing}  sensitive: true\n")
        with pytest.raises(BadPack) as refusal:
            checked(files)
        assert {one.split(": ", 1)[1] for one in refusal.value.mistakes if "reason-colour" in one} == {
            "reason-colour.for: no such value: $value",
            "reason-colour.against: no such value: $value",
        }


class TestNumbersOfALanguage:
    @pytest.mark.parametrize(
        ("language", "money", "share", "account", "more"),
        [
            ("en", "€1,234.50", "83%", "2 years and 3 months", "6 photos or more (we count no higher)"),
            ("es", "1.234,50\u00a0€", "83\u00a0%", "2 años y 3 meses", "6 fotos o más (no contamos más)"),
            ("de", "1.234,50\u00a0€", "83\u00a0%", "2 Jahre und 3 Monate", "6 Fotos oder mehr (weiter zählen wir nicht)"),
            ("fr", "1\u202f234,50\u00a0€", "83\u00a0%", "2 ans et 3 mois", "6 photos ou plus (nous ne comptons pas au-delà)"),
        ],
    )
    def test_are_said_as_its_readers_write_them(self, releases, language, money, share, account, more):
        pack, words = releases["refund_approval"][0].pack, releases["refund_approval"][0].vocabulary.speak(language)
        shares = Feature("share", "number", "s", "g", unit="percent")
        assert show_value(pack.feature["amount"], 1234.5, words) == money
        assert show_value(shares, 83.0, words) == share
        assert show_value(pack.feature["tenure_months"], 27, words) == account
        assert show_value(pack.feature["photos"], 6, words, "clipped") == more
