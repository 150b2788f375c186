"""Phrases: the right words in the right language, never a broken sentence."""

import re

import pytest

from explainer.errors import BadPack, UnknownLanguage, Unspeakable
from explainer.packs.reading import read_pack
from explainer.packs.registry import read_models
from explainer.packs.release import check_pack, shared_words
from explainer.packs.words.checking import check_shared, check_words, required_words
from explainer.packs.words.phrases import Phrases, Vocabulary, level_key, source_key
from tests.little import ENGLISH, PACK, SHARED, checked, little_files, little_pack
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
        assert found == ["phrases/en.ftl:1: pack-subject: missing", "phrases/en-GB.ftl:1: pack-subject: missing"]

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


class TestRequiredWords:
    required = required_words(little_pack())

    @pytest.mark.parametrize(
        "key",
        ["pack-name", "pack-subject", "not-used", "score-event", "compared-with",
         "outcome-refer", "outcome-refer.headline", "outcome-refer.effect", "source-tracking",
         "feature-colour.level-green", "feature-gift.yes", "feature-gift.no",
         "feature-days.missing", "reason-days.for-missing", "reason-amount.against", "rule-dear.customer", "rule-dear.agent"],
    )  # fmt: skip
    def test_hold_every_word_a_reader_may_meet(self, key):
        assert key in self.required

    @pytest.mark.parametrize(
        "key", ["feature-amount.missing", "reason-amount.for-missing", "feature-days.level-red", "group-money"]
    )
    def test_ask_for_nothing_else(self, key):
        assert key not in self.required

    def test_a_rule_may_name_every_fact_and_a_reason_only_its_value(self):
        assert self.required["rule-dear.customer"] == {"amount", "days", "colour", "size", "gift"}
        assert self.required["reason-days.for"] == {"value"}


def wrong_words(old, new):
    files = little_files()
    assert old in ENGLISH
    shared = {"en": SHARED, "es": SHARED}
    return check_words(little_pack(), files | {"phrases/es.ftl": ENGLISH.replace(old, new, 1)}, shared)


class TestCheckingAPack:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("source-order = your order\n", "", "phrases/es.ftl:1: source-order: missing"),
            ("    .no = no gift\n", "", "phrases/es.ftl:1: feature-gift.no: missing"),
            ("pack-name = Parcel\n", "pack-name = Parcel\npack-name = P\n", "phrases/es.ftl:2: pack-name: said twice"),
            ("pack-name = Parcel\n", "pack-name = { $pack }\n", "phrases/es.ftl:1: pack-name: no such value: $pack"),
            ("pack-name = Parcel\n", "pack-name = { nobody }\n", "phrases/es.ftl:1: pack-name: no such message: nobody"),
            (
                "pack-name = Parcel\n",
                "pack-name = Parcel\nextra = x\n",
                "phrases/es.ftl:2: extra: nothing of this name is declared",
            ),
            ("You asked for { $value }. This spoke for", "You asked. This spoke for", "reason-amount.for: does not say $value"),
            ("{ $amount }.\n    .agent", "{ $price }.\n    .agent", "rule-dear.customer: no such value: $price"),
        ],
    )
    def test_each_mistake_is_said_once_with_its_line(self, old, new, why):
        found = wrong_words(old, new)
        assert (len(found), why in found[0]) == (1, True)

    def test_a_pack_may_name_its_own_terms_and_messages(self):
        assert wrong_words("pack-name = Parcel\n", "-shop = Shop\npack-name = { -shop }\n") == []
        assert wrong_words("pack-subject = your parcel", "pack-subject = { pack-name }") == []

    def test_a_unit_without_words_is_missing_from_the_shared_words(self):
        shared = {"en": SHARED, "es": SHARED.partition("}\n")[2]}
        assert check_words(little_pack(), little_files(), shared) == ["models/phrases/es.ftl:1: unit-days: missing"]

    def test_a_language_without_shared_words_is_named(self):
        found = check_words(little_pack(), little_files(), {"en": SHARED})
        assert found[0] == "models/phrases/es.ftl:1: the shared words of this language are missing"


class TestWordsAPackMaySayBesides:
    @pytest.mark.parametrize(
        "more",
        [
            "feature-days =\n    .zero = none",
            "reason-days =\n    .against-zero = It came at once. This spoke against you.",
            "rule-dear =\n    .effect = Wait.",
        ],
    )
    def test_for_a_number_that_is_zero_and_for_what_follows_a_rule(self, more):
        key, _, attribute = more.partition(" =\n")
        written = ENGLISH.splitlines(keepends=True)
        at = next(index for index, line in enumerate(written) if line.startswith(f"{key} ="))
        files = little_files() | {"phrases/es.ftl": "".join([*written[: at + 1], f"{attribute}\n", *written[at + 1 :]])}
        assert check_words(little_pack(), files, {"en": SHARED, "es": SHARED}) == []

    def test_a_category_is_never_zero(self):
        assert "feature-size.zero: nothing of this name is declared" in wrong_words(
            ".level-small = a small one\n", ".level-small = a small one\n    .zero = none\n"
        )[0]  # fmt: skip


class TestCheckingTheSharedWords:
    def test_equal_languages_have_no_mistake(self):
        assert check_shared({"en": SHARED, "es": SHARED}) == []

    def test_a_key_that_one_language_lacks_is_found(self):
        assert check_shared({"en": SHARED + "more = More\n", "es": SHARED}) == ["models/phrases/es.ftl:1: more: missing"]

    def test_an_attribute_that_one_language_lacks_is_found(self):
        found = check_shared({"en": SHARED + "more = More\n    .a = A\n", "es": SHARED + "more = Más\n"})
        assert found == ["models/phrases/es.ftl:1: more.a: missing"]

    def test_a_variable_that_one_language_does_not_use_is_found_at_its_line(self):
        found = check_shared({"en": SHARED, "es": SHARED.replace("{ $label }: ", "")})
        assert found == ["models/phrases/es.ftl:5: agent-reason: does not use $label"]

    def test_a_broken_line_is_found_at_its_line(self):
        last = SHARED.count("\n") + 1
        assert check_shared({"en": SHARED, "es": SHARED + "what is this\n"})[0].startswith(f"models/phrases/es.ftl:{last}: ")

    def test_mistakes_reach_whoever_checks_a_pack(self):
        with pytest.raises(BadPack, match=r"models/phrases/es\.ftl:1: more: missing"):
            checked(little_files() | {"shared/en.ftl": SHARED + "more = More\n"})


class TestWhichWayASentenceCounts:
    """The words say what the number said: a phrase on the wrong side is refused before anybody reads it."""

    PHRASES = sorted(path for path in MODELS.glob("*/phrases/*.ftl") if "-" not in path.stem)  # a region says only some
    REASON = re.compile(r"^reason-(\w+) =\n    \.for = (.*)\n    \.against = (.*)$", flags=re.MULTILINE)
    SIDE = re.compile(r"^( +\.(?:for|against)(?:-missing|-zero)? = ).*$", flags=re.MULTILINE)

    def check(self, path, change):
        name = path.parent.parent.name
        files = read_models(MODELS, name)
        file = f"phrases/{path.name}"
        checked = {**files, file: change(files[file])}
        return [one for one in check_words(check_pack(files, name), checked, shared_words(files)) if one.startswith(file)]

    @pytest.mark.parametrize("path", PHRASES, ids=lambda path: f"{path.parent.parent.name} {path.stem}")
    def test_each_reason_of_a_shipped_pack_that_changes_sides_is_found(self, path):
        sentences = self.REASON.findall(path.read_text("utf-8"))
        assert len(sentences) >= 5
        found = self.check(path, lambda text: self.REASON.sub(r"reason-\1 =\n    .for = \3\n    .against = \2", text))
        for name, _, _ in sentences:
            assert len([one for one in found if f" reason-{name}.for: " in one]) == 2
            assert len([one for one in found if f" reason-{name}.against: " in one]) == 2

    @pytest.mark.parametrize("path", PHRASES, ids=lambda path: f"{path.parent.parent.name} {path.stem}")
    def test_every_reason_of_a_shipped_pack_is_looked_at(self, path):
        keys = self.SIDE.findall(path.read_text("utf-8"))
        found = self.check(path, lambda text: self.SIDE.sub(r"\1{ $value }.", text))
        assert len([one for one in found if "-words (" in one]) == len(keys)

    @pytest.mark.parametrize(
        ("new", "why"),
        [
            ("It mattered.", ["says none of direction-for-words (spoke for)"]),
            ("This spoke for you and spoke against you.", ["says 'spoke against', one of direction-against-words"]),
            ("This SPOKE\n        for you.", []),
        ],
    )
    def test_the_words_of_its_own_side_and_none_of_the_other(self, new, why):
        changed = ENGLISH.replace("This spoke for you.", new, 1)
        found = check_words(little_pack(), little_files() | {"phrases/en.ftl": changed}, {"en": SHARED, "es": SHARED})
        assert [one.split(": ", 2)[2] for one in found] == why

    @pytest.mark.parametrize("part", ["for", "against"])
    def test_so_does_a_sentence_about_zero(self, part):
        zero = f"reason-days =\n    .{part}-zero = You asked at once. It mattered."
        changed = ENGLISH.replace("reason-days =", zero, 1)
        (found,) = check_words(little_pack(), little_files() | {"phrases/en.ftl": changed}, {"en": SHARED, "es": SHARED})
        assert f"reason-days.{part}-zero: says none of direction-{part}-words" in found

    def test_so_does_a_shared_sentence_about_a_value_nobody_knows(self):
        shared = (
            SHARED
            + "value-unknown = strange\n    .for = Strange. This spoke for you.\n    .against = Strange. This spoke against you.\n"
        )
        own = ENGLISH + "direction-for-words = spoke | spoke for\n"
        for words, wrong in ((ENGLISH, 0), (own, 0), (own.replace("spoke | spoke for", "hurried"), 1)):
            found = check_words(little_pack(), little_files() | {"phrases/en.ftl": words}, {"en": shared, "es": shared})
            assert len([one for one in found if "phrases/en.ftl:1: value-unknown.for: says none" in one]) == wrong

    def test_a_language_without_such_words_is_refused(self):
        lines = SHARED.replace("direction-for-words = spoke for\n", "")
        found = check_words(little_pack(), little_files(), {"en": lines, "es": SHARED})
        assert found == ["models/phrases/en.ftl:1: direction-for-words: missing"]


class TestGroups:
    def test_a_group_of_several_features_needs_a_name(self):
        files = little_files()
        files["phrases/en.ftl"] = files["phrases/en.ftl"].replace("group-item = The item\n", "")
        with pytest.raises(BadPack, match="group-item: missing"):
            checked(files)

    def test_a_group_of_one_may_have_one_and_a_group_that_is_none_may_not(self):
        files = little_files()
        files["phrases/en.ftl"] += "group-money = Money\n"
        checked(files)
        files["phrases/en.ftl"] += "group-nothing = Nothing\n"
        with pytest.raises(BadPack, match="group-nothing: nothing of this name is declared"):
            checked(files)
