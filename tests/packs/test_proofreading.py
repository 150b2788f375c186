"""Proofreading: no number that the policy does not know, and nothing unfinished or untranslated, gets past `packs check`."""

import pytest

from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.checking import check_shared, check_words
from explainer.packs.words.proofreading import numbers, untranslated
from tests.little import ENGLISH, SHARED, little_files, little_pack
from tests.support import MODELS, declared

PACKS = sorted(path.parent.name for path in MODELS.glob("*/pack.yaml"))


def found(name, changes):
    """What is found in a shipped pack after changes to its phrase files: (language, old, new)."""
    files = read_models(MODELS, name)
    pack = declared(name)
    for language, old, new in changes:
        file = f"phrases/{language}.ftl"
        assert old in files[file]
        files[file] = files[file].replace(old, new)
    shared = shared_words(files)
    return [*check_words(pack, files, shared), *untranslated(pack, files, shared)]


class TestReadingNumbers:
    @pytest.mark.parametrize(
        ("text", "language", "read"),
        [
            ("From 1,000 euros on", "en", {"1000"}),
            ("From 1.000 euros on", "en", {"1"}),
            ("Ab 1.000,50 Euro, 14 Tage.", "de", {"1000.5", "14"}),
            ("Desde 25.000 euros", "es", {"25000"}),
            ("Dès 1 000 euros, 1\u00a0000 ou 1\u202f000", "fr", {"1000"}),
            ("P2- und P1-Fälle in 2027", "de", {"P2", "P1", "2027"}),
            ("28 U.S.C. § 2401(b), 2019/771", "en", {"28", "2401", "2019", "771"}),
            ("ten days", "en", set()),
        ],
    )
    def test_as_their_language_writes_them(self, text, language, read):
        assert numbers([text], language) == read


class TestNumbersOfARule:
    @pytest.mark.parametrize("name", PACKS)
    def test_of_the_shipped_packs_are_those_of_their_policy(self, name):
        assert found(name, []) == []

    def test_that_its_policy_does_not_know_are_named_with_file_line_key_and_number(self):
        changes = [
            ("en", "For €1,000 or more, a", "For €2,000 or more, a"),
            ("es", "A partir de 1.000\u00a0€ decide", "A partir de 2.000\u00a0€ decide"),
            ("de", "Ab 1.000\u00a0€ entscheidet ein Mensch.\n    .agent", "Ab 2.000\u00a0€ entscheidet ein Mensch.\n    .agent"),
            ("fr", "À partir de 1", "À partir de 2"),
        ]
        wrong = found("refund_approval", changes)
        says = [one for one in wrong if "rule-large_amount.customer: says 2000, which this rule does not know" in one]
        assert [one.split(":")[0] for one in says] == ["phrases/en.ftl", "phrases/es.ftl", "phrases/de.ftl", "phrases/fr.ftl"]
        text = read_models(MODELS, "refund_approval")["phrases/en.ftl"]
        line = text[: text.index("For €1,000 or more, a")].count("\n") + 1
        assert says[0].startswith(f"phrases/en.ftl:{line}: ")

    def test_may_be_the_last_that_is_below_the_bound_of_a_whole_number_and_no_other(self):
        for days, wrong in ((14, 0), (15, 0), (12, 1), (17, 1)):
            said = [
                one
                for one in found("refund_approval", [("en", "14", str(days))])
                if f"rule-withdrawal_food.customer: says {days}," in one
            ]
            assert len(said) == wrong

    def test_may_be_no_code_of_an_outcome_that_is_not_the_rules(self):
        changes = [("en", "You told us about a special need in your home. Such a case is always P2 or P1.", "It is always P3.")]
        wrong = found("priority_scoring", changes)
        assert any("rule-declared_need.customer: says P3, which this rule does not know" in one for one in wrong)

    def test_are_read_in_what_its_words_refer_to_and_in_placed_literals(self):
        for new in ('{ "700" } { $amount }', "{ 700 } { $amount }", "{ -most } { $amount }"):
            words = "-most = 700 euros\n" + ENGLISH.replace(".customer = You asked for { $amount }", f".customer = {new}")
            files = little_files() | {"phrases/en.ftl": words, "phrases/es.ftl": words}
            wrong = check_words(little_pack(), files, {"en": SHARED, "es": SHARED})
            assert [one.split(": ", 1)[1][:28] for one in wrong] == ["rule-dear.customer: says 700"] * 2


class TestNumbersOfALanguage:
    def test_are_those_of_the_first_language_and_both_are_told(self):
        (one,) = found("refund_approval", [("de", "in den letzten 12 Monaten.", "in den letzten 15 Monaten.")])
        assert one.startswith("phrases/de.ftl:")
        assert one.endswith("rule-small_amount.agent: its numbers are 15; in en they are 12, 15")

    def test_are_compared_in_the_shared_words_too(self):
        text = SHARED + "more = { $n } of 100\n"
        wrong = check_shared({"en": text, "es": text.replace("100", "10")})
        assert wrong == [f"models/phrases/es.ftl:{text.count(chr(10))}: more: its numbers are 10; in en they are 100"]


class TestUnfinished:
    @pytest.mark.parametrize(
        ("new", "why"),
        [
            ("TODO", "is not finished: it says TODO"),
            ("Your FIXME", "is not finished: it says FIXME"),
            ("XXX", "is not finished: it says XXX"),
            ("your ???", "is not finished: it says ???"),
            ('{ "" }', "says nothing"),
            ("todo lo suyo", None),
        ],
    )
    def test_words_are_refused_with_their_line(self, new, why):
        words = ENGLISH.replace("pack-subject = your parcel", f"pack-subject = {new}")
        wrong = check_words(little_pack(), little_files() | {"phrases/es.ftl": words}, {"en": SHARED, "es": SHARED})
        line = ENGLISH[: ENGLISH.index("pack-subject")].count("\n") + 1
        assert wrong == ([f"phrases/es.ftl:{line}: pack-subject: {why}"] if why else [])

    def test_shared_words_are_refused_too(self):
        (one,) = check_shared({"en": SHARED, "es": SHARED.replace("{ $label }: { $value }", "{ $label } TODO { $value }")})
        assert one.endswith("agent-reason: is not finished: it says TODO")


class TestUntranslated:
    SENTENCE = "You reported a risk to life or health. Such a case is always P1."

    def test_a_phrase_left_in_the_first_language_is_named_with_its_line(self):
        spanish = "Usted nos avisó de un riesgo para la vida o la salud. Un caso así es siempre P1."
        (one,) = found("priority_scoring", [("es", spanish, self.SENTENCE)])
        assert one.startswith("phrases/es.ftl:")
        assert "rule-safety_risk.customer: is still in en: “you reported a risk" in one

    def test_two_words_may_be_the_same_and_a_region_may_say_what_its_language_says(self):
        pack, files = little_pack(), little_files()
        wrong = untranslated(
            pack, files, {"en": "short = the same\nlong = the very same\n", "es": "short = the same\nlong = the very same\n"}
        )
        assert [one for one in wrong if one.startswith("models/")] == [
            "models/phrases/es.ftl:2: long: is still in en: “the very same”"
        ]
        assert not any("en.ftl" in one for one in wrong)
