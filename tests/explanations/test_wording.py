"""Wording: every sentence holds the customer's own value, in their language, and none contradicts its number."""

import re

import numpy as np
import pytest

from explainer.decisions.features import FeatureRow
from explainer.errors import Unfaithful, Unspeakable
from explainer.explanations.faithfulness import wrong_sentences
from explainer.explanations.reasons import Reason
from explainer.explanations.wording import LARGER, show_value, word
from explainer.packs.words.phrases import Phrases
from tests.little import ENGLISH, SHARED, little_pack
from tests.support import MODELS, SHIPPED
from tests.views.golden_letters import release_of

FLIPPED = {"for": "against", "against": "for"}
GROUPING = re.compile(r"(?<=\d)[.,\u00a0\u202f](?=\d{3}(\D|$))")


def words_of_level(pack, language, feature, part):
    """The words for a level, yes or no, read from the phrase file line by line: a slow twin without Fluent."""
    text = (MODELS / pack / "phrases" / f"{language}.ftl").read_text("utf-8")
    block = text.split(f"\nfeature-{feature} =", 1)[1].split("\n\n", 1)[0]
    return re.search(rf"^ +\.{re.escape(part)} = (.+)$", block, re.MULTILINE)[1].strip()


def words_of_zero(pack, language, feature):
    """What a phrase file says where a number is 0."""
    text = (MODELS / pack / "phrases" / f"{language}.ftl").read_text("utf-8")
    blocks = [text.split(f"\n{kind}-{feature} =", 1)[1].split("\n\n", 1)[0] for kind in ("feature", "reason")]
    return [one for block in blocks for one in re.findall(r"^ +\.(?:for-|against-)?zero = (.+)$", block, re.MULTILINE)]


def shows(text, fact, feature, pack, language):
    """Whether a sentence shows a fact, judged without the code that wrote it."""
    if isinstance(fact, bool):
        return words_of_level(pack, language, feature.name, "yes" if fact else "no") in text
    if isinstance(fact, str):
        return words_of_level(pack, language, feature.name, f"level-{fact}") in text
    if fact == 0 and any(one in text for one in words_of_zero(pack, language, feature.name)):
        return True
    if feature.unit in LARGER and fact > LARGER[feature.unit][0]:
        return str(int(fact) // LARGER[feature.unit][1]) in re.findall(r"\d+", text)
    if fact == 0 and feature.unit != "EUR":
        return re.search(r"\b(0|no|sin|ning[uú]n[ao]?|keine?n?|aucune?)\b", text) is not None
    wanted = f"{fact:.2f}" if feature.unit == "EUR" else f"{round(fact, 3):.3f}".rstrip("0").rstrip(".")
    decimal = "." if language == "en" else ","
    while (plain := GROUPING.sub("", text) if language == "en" else re.sub(r"(?<=\d)[.\u00a0\u202f](?=\d{3})", "", text)) != text:
        text = plain
    return re.search(rf"(?<![\d{decimal}]){re.escape(wanted.replace('.', decimal))}(?!\d)", text) is not None


@pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
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
                if shows(text, fact, declared.feature[reason.lead], pack, language) == declared.feature[reason.lead].sensitive:
                    silent.append((reader, reason.lead, fact, text))
        assert silent == []
        assert seen > 3000

    def test_no_sentence_is_empty_or_holds_a_placeholder(self, pack, language, travelled):
        wrong = [
            text
            for *_, text in self.told(pack, language, travelled)
            if len(text) < 5 or re.search(r"[{}$\n\u2068\u2069]|None|\bnan\b", text)
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
            said = {one: len(found) for one, found in case.texts[language].items()}
            del said["recourse"]
            assert said == {one: len(found) for one, found in case.reasons.items()}


@pytest.mark.parametrize("pack", SHIPPED)
class TestAFlippedReason:
    def test_is_refused_in_every_one_of_300_cases(self, pack, travelled, releases):
        release, flipped, caught = releases[pack][0], 0, 0
        for case in travelled(pack)[::3][:300]:
            for reader, reasons in case.reasons.items():
                for one in reasons:
                    if one.kind == "score":
                        flipped += 1
                        wrong = one._replace(direction=FLIPPED[one.direction])
                        with pytest.raises(Unfaithful, match=one.code):
                            word([wrong], reader, case.row.facts, pack=release.pack, languages=release.vocabulary.every[:1])
                        caught += 1
        assert caught == flipped > 900

    def test_is_refused_when_its_number_was_flipped_instead(self, pack, travelled, releases):
        release = releases[pack][0]
        case = next(one for one in travelled(pack) if one.reasons["agent"] and one.reasons["agent"][0].kind == "score")
        reason = case.reasons["agent"][0]
        with pytest.raises(Unfaithful):
            word(
                [reason._replace(push=-reason.push)],
                "customer",
                case.row.facts,
                pack=release.pack,
                languages=release.vocabulary.every[1:2],
            )

    def test_among_right_ones_lets_nothing_out(self, pack, travelled, releases):
        release = releases[pack][0]
        case = next(one for one in travelled(pack) if len([r for r in one.reasons["agent"] if r.kind == "score"]) >= 3)
        score = [one for one in case.reasons["agent"] if one.kind == "score"]
        with pytest.raises(Unfaithful):
            word(
                [*score[:-1], score[-1]._replace(direction=FLIPPED[score[-1].direction])],
                "agent",
                case.row.facts,
                pack=release.pack,
                languages=release.vocabulary.every[:1],
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
                    languages=(self.phrases,),
                )

    def test_a_reason_without_a_feature_has_no_words(self):
        with pytest.raises(Unspeakable, match="names no feature"):
            word(
                [Reason("money", "score", "for", "slight", 0.5, None)],
                "customer",
                self.facts,
                pack=little_pack(),
                languages=(self.phrases,),
            )

    def test_a_rule_without_words_is_unspeakable(self):
        with pytest.raises(Unspeakable, match="rule-unheard_of"):
            word(
                [Reason("unheard_of", "rule", "for", "strong")],
                "customer",
                self.facts,
                pack=little_pack(),
                languages=(self.phrases,),
            )

    def test_a_rule_that_names_a_missing_fact_says_so_in_words(self):
        said = word(
            [Reason("summer", "rule", "against", "strong")],
            "customer",
            self.facts | {"colour": None},
            pack=little_pack(),
            languages=(self.phrases,),
        )
        assert said["en"][0].text == "It was not known, in summer."


class TestRules:
    @pytest.mark.parametrize(("reader", "text"), [("customer", "You asked for €95.00."), ("agent", "Amount €95.00.")])
    def test_a_rule_is_told_to_each_reader_in_their_own_words(self, reader, text):
        facts = TestRefusing.facts | {"amount": 95}
        said = word(
            [Reason("dear", "rule", "against", "strong")], reader, facts, pack=little_pack(), languages=(TestRefusing.phrases,)
        )
        assert [one.text for one in said["en"]] == [text]


def test_a_sentence_asserts_the_very_zero_that_the_case_has():
    pack, phrases = little_pack(), Phrases("en", SHARED, ENGLISH)
    reason = Reason("amount", "score", "for", "slight", 0.1, "amount")
    facts = {"amount": 0.0, "days": 1, "colour": "red", "size": "small", "gift": False}
    said = [
        word([reason], "customer", facts | {"amount": zero}, pack=pack, languages=(phrases,))["en"][0] for zero in (0.0, -0.0, 0)
    ]
    assert [repr(dict(one.facts)["amount"]) for one in said] == ["0.0", "-0.0", "0"]


SMALL = {
    "fr": ("vous n’avez reçu aucun remboursement de notre part.", "vous avez reçu 1 remboursement", "vous avez reçu 2 rem"),
    "es": ("no recibió ningún reembolso de nuestra parte.", "recibió 1 reembolso de", "recibió 2 reembolsos de"),
    "de": ("von uns keine Erstattungen bekommen.", "von uns 1 Erstattung bekommen.", "von uns 2 Erstattungen bekommen."),
    "en": ("you had no refunds from us.", "you had 1 refund from us.", "you had 2 refunds from us."),
}  # fmt: skip


@pytest.mark.parametrize("language", SMALL)
def test_a_rule_is_said_otherwise_of_none_than_of_some_and_heard_so(language):
    release, _ = release_of("refund_approval")
    reasons, languages = [Reason("small_amount", "rule", "for", "strong")], (release.vocabulary.speak(language),)
    for refunds, due in enumerate(SMALL[language]):
        facts = {"amount": 9.9, "refunds_12_months": float(refunds)}
        (said,) = word(reasons, "customer", facts, pack=release.pack, languages=languages)[language]
        assert due in said.text
        about = {"pack": release.pack, "languages": languages}
        assert not [*wrong_sentences([[said]], reasons, "customer", FeatureRow(np.empty(0), facts, {}), **about)]
        more = FeatureRow(np.empty(0), facts | {"refunds_12_months": refunds + 1.0}, {})
        assert [*wrong_sentences([[said]], reasons, "customer", more, **about)]
