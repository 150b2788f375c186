"""Wording: every sentence holds the customer's own value, in their language, and none contradicts its number."""

import re
from dataclasses import replace

import pytest

from explainer.errors import Unfaithful, Unspeakable
from explainer.explanations.reasons import Reason
from explainer.explanations.wording import show_value, word
from explainer.packs.definition import Feature
from explainer.packs.phrases import Phrases
from tests.little import ENGLISH, SHARED, little_pack
from tests.support import MODELS, SHIPPED

FLIPPED = {"for": "against", "against": "for"}
GROUPING = re.compile(r"(?<=\d)[.,\u00a0\u202f](?=\d{3}(\D|$))")


def words_of_level(pack, language, feature, part):
    """The words for a level, yes or no, read from the phrase file line by line: a slow twin without Fluent."""
    text = (MODELS / pack / "phrases" / f"{language}.ftl").read_text("utf-8")
    block = text.split(f"\nfeature-{feature} =", 1)[1].split("\n\n", 1)[0]
    return re.search(rf"^ +\.{re.escape(part)} = (.+)$", block, re.MULTILINE)[1].strip()


def shows(text, fact, feature, pack, language):
    """Whether a sentence shows a fact, judged without the code that wrote it."""
    if isinstance(fact, bool):
        return words_of_level(pack, language, feature.name, "yes" if fact else "no") in text
    if isinstance(fact, str):
        return words_of_level(pack, language, feature.name, f"level-{fact}") in text
    if fact == 0 and feature.unit != "EUR":
        return re.search(r"\b(0|no|sin|ning[uú]n[ao]?)\b", text) is not None
    wanted = f"{fact:.2f}" if feature.unit == "EUR" else f"{round(fact, 3):.3f}".rstrip("0").rstrip(".")
    decimal = "," if language == "es" else "."
    while (plain := GROUPING.sub("", text) if language == "en" else re.sub(r"(?<=\d)\.(?=\d{3})", "", text)) != text:
        text = plain
    return re.search(rf"(?<![\d{decimal}]){re.escape(wanted.replace('.', decimal))}(?!\d)", text) is not None


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("pack", SHIPPED)
class TestAThousandHeldOutCases:
    def told(self, pack, language, travelled):
        """Every reason with its two sentences' texts: (case, reason, reader, text)."""
        for case in travelled(pack):
            for reader in ("agent", "customer"):
                for reason, sentence in zip(case.reasons[reader], case.texts[language][reader], strict=True):
                    assert (sentence.code, sentence.direction, sentence.strength) == (
                        reason.code,
                        reason.direction,
                        reason.strength,
                    )
                    yield case, reason, reader, sentence.text

    def test_every_sentence_about_a_fact_shows_the_customers_own_value(self, pack, language, travelled, releases):
        declared, silent, seen = releases[pack][0].pack, [], 0
        for case, reason, reader, text in self.told(pack, language, travelled):
            fact = case.row.facts[reason.lead] if reason.lead else None
            if fact is not None:
                seen += 1
                if not shows(text, fact, declared.feature[reason.lead], pack, language):
                    silent.append((reader, reason.lead, fact, text))
        assert silent == []
        assert seen > 3000

    def test_no_sentence_is_empty_or_holds_a_placeholder(self, pack, language, travelled):
        wrong = [
            text
            for *_, text in self.told(pack, language, travelled)
            if len(text) < 5 or re.search(r"[{}$\n\u2068\u2069]|None|nan", text)
        ]
        assert wrong == []

    def test_a_missing_value_is_told_as_the_pack_tells_it(self, pack, language, travelled, releases):
        phrases = releases[pack][0].vocabulary.speak(language)
        for case, reason, reader, text in self.told(pack, language, travelled):
            if reason.lead and case.row.facts[reason.lead] is None:
                not_known = phrases.say(f"feature-{reason.lead}.missing")
                key = f"reason-{reason.lead}.{reason.direction}-missing"
                assert text == phrases.say(key) if reader == "customer" else text.endswith(not_known)

    def test_a_sentence_says_the_direction_of_its_reason(self, pack, language, travelled, releases):
        """The words for and against differ, and the text is the one of its own direction."""
        declared, phrases = releases[pack][0].pack, releases[pack][0].vocabulary.speak(language)
        for case, reason, reader, text in self.told(pack, language, travelled):
            if reason.kind == "score" and reader == "customer":
                missing = "-missing" if case.row.facts[reason.lead] is None else ""
                value = (
                    {} if missing else {"value": show_value(declared.feature[reason.lead], case.row.facts[reason.lead], phrases)}
                )
                other = phrases.say(f"reason-{reason.lead}.{FLIPPED[reason.direction]}{missing}", **value)
                assert text != other

    def test_every_reader_gets_as_many_sentences_as_reasons_in_every_language(self, pack, language, travelled):
        for case in travelled(pack):
            assert {one: len(found) for one, found in case.texts[language].items()} == {
                one: len(found) for one, found in case.reasons.items()
            }


@pytest.mark.parametrize("pack", SHIPPED)
class TestAFlippedReason:
    def test_is_refused_in_every_one_of_300_cases(self, pack, travelled, releases):
        release, flipped, caught = releases[pack][0], 0, 0
        for case in travelled(pack)[::3][:300]:
            for reader, reasons in case.reasons.items():
                for one in reasons:
                    if one.kind == "score":
                        flipped += 1
                        wrong = replace(one, direction=FLIPPED[one.direction])
                        with pytest.raises(Unfaithful, match=one.code):
                            word([wrong], reader, case.row.facts, pack=release.pack, phrases=release.vocabulary.every[0])
                        caught += 1
        assert caught == flipped > 900

    def test_is_refused_when_its_number_was_flipped_instead(self, pack, travelled, releases):
        release = releases[pack][0]
        case = next(one for one in travelled(pack) if one.reasons["agent"] and one.reasons["agent"][0].kind == "score")
        reason = case.reasons["agent"][0]
        with pytest.raises(Unfaithful):
            word(
                [replace(reason, push=-reason.push)],
                "customer",
                case.row.facts,
                pack=release.pack,
                phrases=release.vocabulary.every[1],
            )

    def test_among_right_ones_lets_nothing_out(self, pack, travelled, releases):
        release = releases[pack][0]
        case = next(one for one in travelled(pack) if len([r for r in one.reasons["agent"] if r.kind == "score"]) >= 3)
        score = [one for one in case.reasons["agent"] if one.kind == "score"]
        with pytest.raises(Unfaithful):
            word(
                [*score[:-1], replace(score[-1], direction=FLIPPED[score[-1].direction])],
                "agent",
                case.row.facts,
                pack=release.pack,
                phrases=release.vocabulary.every[0],
            )


class TestRefusing:
    phrases = Phrases("en", SHARED, ENGLISH)
    facts = {"amount": 20.5, "days": 4, "colour": "green", "size": "large", "gift": False}  # noqa: RUF012

    def test_a_push_of_nothing_or_of_no_number_is_no_reason_for(self):
        for push in (0.0, float("nan")):
            with pytest.raises(Unfaithful):
                word(
                    [Reason("money", "score", "for", "slight", push, "amount")],
                    "customer",
                    self.facts,
                    pack=little_pack(),
                    phrases=self.phrases,
                )

    def test_a_reason_without_a_feature_has_no_words(self):
        with pytest.raises(Unspeakable, match="names no feature"):
            word(
                [Reason("money", "score", "for", "slight", 0.5, None)],
                "customer",
                self.facts,
                pack=little_pack(),
                phrases=self.phrases,
            )

    def test_a_rule_without_words_is_unspeakable(self):
        with pytest.raises(Unspeakable, match="rule-unheard_of"):
            word([Reason("unheard_of", "rule", "for", "strong")], "customer", self.facts, pack=little_pack(), phrases=self.phrases)

    def test_a_rule_that_names_a_missing_fact_says_so_in_words(self):
        said = word(
            [Reason("summer", "rule", "against", "strong")],
            "customer",
            self.facts | {"colour": None},
            pack=little_pack(),
            phrases=self.phrases,
        )
        assert said[0].text == "It was not known, in summer."


class TestRules:
    @pytest.mark.parametrize(("reader", "text"), [("customer", "You asked for €95.00."), ("agent", "Amount €95.00.")])
    def test_a_rule_is_told_to_each_reader_in_their_own_words(self, reader, text):
        facts = TestRefusing.facts | {"amount": 95}
        said = word([Reason("dear", "rule", "against", "strong")], reader, facts, pack=little_pack(), phrases=TestRefusing.phrases)
        assert [one.text for one in said] == [text]


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
        assert len(said) == 2 * sum(len(one.levels) for one in release.pack.features)
        assert all(said.values())

    def test_a_british_reader_gets_british_money_in_a_whole_sentence(self, travelled, releases):
        release = releases["refund_approval"][0]
        case = next(one for one in travelled("refund_approval") if any(r.lead == "amount" for r in one.reasons["agent"]))
        reason = next(one for one in case.reasons["agent"] if one.lead == "amount")
        said = word(
            [reason], "customer", case.row.facts | {"amount": 1499.5}, pack=release.pack, phrases=release.vocabulary.speak("en-GB")
        )
        assert "€1,499.50" in said[0].text


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
