"""Phrases: the right words in the right language, never a broken sentence."""

import re

import pytest

from explainer.errors import UnknownLanguage, Unspeakable
from explainer.packs.reading import read_pack
from explainer.packs.words.checking import check_shared, check_words
from explainer.packs.words.phrases import Counted, Phrases, Vocabulary, level_key, source_key
from tests.little import ENGLISH, PACK, SHARED, checked, little_files
from tests.support import MODELS

OWN = """\
hello = Hello { $name }
total = You have { $n } euros
two-lines =
    One.
    Two.
box = A box
    .title = Its title
wishes = { $n ->
    [one] one wish
   *[other] { $n } wishes
}
linked = See { hello }
only-attributes =
    .a = A
"""


def phrases(locale="en", shared=SHARED, own=OWN):
    return Phrases(locale, shared, own)


class TestSaying:
    def test_a_value_is_put_into_its_place_without_marks_around_it(self):
        assert phrases().say("hello", name="Ada") == "Hello Ada"

    def test_an_attribute_is_said_by_its_own_name(self):
        assert phrases().say("box.title") == "Its title"

    def test_lines_become_one_line(self):
        assert phrases().say("two-lines") == "One. Two."

    def test_no_break_spaces_stay_where_they_are(self):
        own = "asked = Une question\u202f?\n    Combien\u202f: { $value }  en tout\n"
        assert (
            phrases("fr", own=own).say("asked", value="34,90\u00a0€") == "Une question\u202f? Combien\u202f: 34,90\u00a0€ en tout"
        )

    @pytest.mark.parametrize(("n", "said"), [(0, "0 days"), (1, "1 day"), (1.0, "1 day"), (2, "2 days"), (1234, "1,234 days")])
    def test_the_plural_follows_the_number(self, n, said):
        assert phrases().say("unit-days", n=n) == said

    @pytest.mark.parametrize(("n", "words", "said"), [(0, "no wishes", "You did not make any wishes"), (2, "two", "You made two")])
    def test_a_phrase_may_choose_by_a_number_that_is_already_in_words(self, n, words, said):
        own = "made = { $n ->\n    [0] You did not make any wishes\n   *[other] You made { $n }\n}\n"
        assert phrases(own=own).say("made", n=Counted(words, n)) == said

    def test_the_same_number_in_other_words_is_said_in_these(self):
        spoken = phrases()
        assert [spoken.say("hello", name=Counted(words, 6)) for words in ("6", "6 or more")] == ["Hello 6", "Hello 6 or more"]

    def test_the_same_words_are_said_every_time(self):
        spoken = phrases()
        assert len({spoken.say("wishes", n=3) for _ in range(5)}) == 1

    @pytest.mark.parametrize("key", ["nothing", "box.nothing", "only-attributes", "hello.title"])
    def test_what_has_no_words_is_unspeakable(self, key):
        with pytest.raises(Unspeakable, match=key.replace(".", r"\.")):
            phrases().say(key)

    @pytest.mark.parametrize("key", ["hello", "total", "wishes", "linked"])
    def test_a_value_that_was_not_given_is_unspeakable(self, key):
        with pytest.raises(Unspeakable):
            phrases().say(key)

    def test_a_value_that_looks_like_a_placeholder_is_unspeakable(self):
        with pytest.raises(Unspeakable):
            phrases().say("hello", name="{ $secret }")

    def test_it_is_known_what_can_be_said(self):
        spoken = phrases()
        assert [spoken.knows(key) for key in ("hello", "box.title", "only-attributes", "nothing", "box.x")] == [
            True,
            True,
            False,
            False,
            False,
        ]

    def test_it_is_known_which_values_a_message_uses(self):
        assert (phrases().uses("hello"), phrases().uses("box"), phrases().uses("nothing")) == ({"name"}, set(), set())


class TestSharedWords:
    def test_are_said_where_the_pack_has_none_of_its_own(self):
        assert phrases().say("agent-reason", label="Amount", value="3") == "Amount: 3"

    def test_give_way_to_the_words_of_the_pack(self):
        own = OWN + "agent-reason = { $value } ({ $label })\n"
        assert phrases(own=own).say("agent-reason", label="Amount", value="3") == "3 (Amount)"

    def test_of_units_give_way_too(self):
        assert phrases(own="unit-days = { $n } sleeps\n").say("unit-days", n=2) == "2 sleeps"


class TestLocales:
    @pytest.fixture
    def vocabulary(self):
        files = little_files() | {"phrases/es.ftl": ENGLISH.replace("pack-name = Parcel", "pack-name = Paquete")}
        return Vocabulary(checked(files), files, {"en": SHARED, "es": SHARED.replace("} day", "} día")})

    def test_a_region_speaks_the_words_of_its_language(self, vocabulary):
        assert vocabulary.speak("en-GB").say("pack-name") == "Parcel"
        assert vocabulary.speak("es-MX").say("pack-name") == "Paquete"

    def test_a_region_reads_the_numbers_of_its_language_as_recorded_reasons_have_them(self, vocabulary):
        assert {one: vocabulary.speak(one).say("unit-days", n=1234.5) for one in ("en-GB", "es", "es-MX")} == {
            "en-GB": "1,234.5 days",
            "es": "1.234,5 días",
            "es-MX": "1.234,5 días",
        }

    def test_a_region_with_a_file_of_its_own_keeps_its_own_name_and_numbers(self):
        files = little_files() | {"phrases/es-MX.ftl": ENGLISH, "pack.yaml": PACK.replace("[en, es]", "[en, es, es-MX]")}
        spoken = Vocabulary(checked(files | {"shared/es-MX.ftl": SHARED}), files, {"en": SHARED, "es": SHARED}).speak("es-MX")
        assert (spoken.locale, spoken.language, spoken.say("unit-days", n=1234.5)) == ("es-MX", "es", "1,234.5 days")

    @pytest.fixture
    def british(self):
        """The little pack with a British file of two messages, one of them of an attribute alone."""
        files = little_files() | {"pack.yaml": PACK.replace("[en, es]", "[en, en-GB]")}
        files["phrases/en-GB.ftl"] = "pack-name = Package\nfeature-colour =\n    .level-red = a crimson one\n"
        return files

    def test_a_region_says_what_its_file_says_and_all_else_as_its_language_does(self, british):
        speak = Vocabulary(checked(british), british, {"en": SHARED, "en-GB": "value-private = given and kept back\n"}).speak
        said = (
            "pack-name",
            "feature-colour.level-red",
            "feature-colour.level-blue",
            "feature-colour",
            "value-private",
            "pack-subject",
        )
        assert [speak("en-GB").say(one) for one in said] == [
            "Package", "a crimson one", "a blue one", "Colour", "given and kept back", "your parcel",
        ]  # fmt: skip
        assert [speak("en").say(one) for one in said[:2]] == ["Parcel", "a red one"]

    def test_a_region_gives_way_to_what_the_pack_says_in_its_language(self, british):
        british["phrases/en.ftl"] += "value-private = said by the pack\n"
        spoken = Vocabulary(checked(british), british, {"en": SHARED, "en-GB": "value-private = said by the region\n"}).speak(
            "en-GB"
        )
        assert spoken.say("value-private") == "said by the pack"

    def test_the_words_of_a_region_are_checked_like_all_others(self, british):
        british["phrases/en-GB.ftl"] += "reason-gift =\n    .for = It was { $price }. This spoke for you.\nnobody = x\n"
        shared = {"en": SHARED, "en-GB": "what = x\n"}
        assert check_words(read_pack(british, "little"), british, shared) == [
            "phrases/en-GB.ftl:5: reason-gift.for: no such value: $price",
            "phrases/en-GB.ftl:6: nobody: nothing of this name is declared",
        ]
        assert check_shared(shared) == ["models/phrases/en-GB.ftl:1: what: no language says this"]

    def test_a_region_lacks_what_neither_it_nor_its_language_says(self, british):
        british["phrases/en.ftl"] = british["phrases/en.ftl"].replace("pack-subject = your parcel\n", "")
        found = check_words(read_pack(british, "little"), british, {"en": SHARED})
        assert [re.sub(r":\d+:", ":", one) for one in found] == [
            "phrases/en.ftl: pack-subject: missing",
            "phrases/en-GB.ftl: pack-subject: missing",
        ]

    @pytest.mark.parametrize("locale", ["de", "fr-FR", "", "english", "en-XX", "es-QQ", "en-", "en_GB"])
    def test_a_language_without_words_is_refused_and_the_others_named(self, vocabulary, locale):
        with pytest.raises(UnknownLanguage, match="this pack speaks en, es"):
            vocabulary.speak(locale)

    def test_every_language_of_the_pack_is_ready(self, vocabulary):
        assert [one.locale for one in vocabulary.every] == ["en", "es"]


class TestShippedLanguages:
    """What a translator of the shipped languages took care of, and the next one may forget."""

    FRENCH = sorted(MODELS.rglob("fr.ftl"))

    @pytest.mark.parametrize("path", FRENCH, ids=lambda path: path.parent.parent.name)
    def test_french_marks_stand_behind_a_narrow_no_break_space(self, path):
        said = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#") and "->" not in line]
        assert len(said) > 50
        for line in said:
            text = line.partition(" = ")[2] or line
            assert not re.search(r"[^\u202f\s][?!;]|[^\u202f]:(?!/)|«(?!\u202f)|(?<!\u202f)»|[ \u00a0][:;?!»]|'", text), line

    @pytest.mark.parametrize(
        ("language", "none", "one", "more"),
        [
            ("en", "no orders", "1 order", "1,234 orders"),
            ("es", "ningún pedido", "1 pedido", "1.234 pedidos"),
            ("de", "keine Bestellungen", "1 Bestellung", "1.234 Bestellungen"),
            ("fr", "aucune commande", "1 commande", "1\u202f234 commandes"),
        ],
    )
    def test_plurals_and_numbers_follow_the_language(self, language, none, one, more):
        spoken = Phrases(language, (MODELS / "phrases" / f"{language}.ftl").read_text("utf-8"))
        assert [spoken.say("unit-orders", n=number) for number in (0, 1, 1234)] == [none, one, more]

    def test_nothing_is_singular_in_french(self):
        spoken = Phrases("fr", (MODELS / "phrases" / "fr.ftl").read_text("utf-8"))
        assert [spoken.say("unit-days", n=number) for number in (0, 1, 1.5, 2)] == ["0 jour", "1 jour", "1,5 jour", "2 jours"]


class TestNames:
    @pytest.mark.parametrize(
        ("level", "key"),
        [
            ("red", "level-red"),
            ("Left at-door", "level-Left_at_door"),
            ("Employee Loss (MPCECA)", "level-Employee_Loss_MPCECA"),
            ("7", "level-7"),
        ],
    )
    def test_a_level_becomes_a_name_that_fluent_can_bear(self, level, key):
        assert level_key(level) == key

    def test_a_source_becomes_one_too(self):
        assert source_key("your claim form, and the day it arrived") == "source-your_claim_form_and_the_day_it_arrived"
