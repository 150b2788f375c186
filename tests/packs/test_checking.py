"""Checking words: every mistake of a phrase file is named with its line before anybody reads it."""

import re

import pytest

from explainer.errors import BadPack
from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.checking import check_shared, check_words, required_words
from tests.little import ENGLISH, SHARED, checked, little_files, little_pack
from tests.support import MODELS, declared


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


def line_below(text):
    return ENGLISH[: ENGLISH.index(text)].count("\n") + 2


def wrong_words(old, new):
    files = little_files()
    assert old in ENGLISH
    shared = {"en": SHARED, "es": SHARED}
    return check_words(little_pack(), files | {"phrases/es.ftl": ENGLISH.replace(old, new, 1)}, shared)


class TestCheckingAPack:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            (
                "source-order = your order\n",
                "",
                f"phrases/es.ftl:{line_below('group-item = The item')}: source-order: missing: “your order”",
            ),
            ("    .no = no gift\n", "", f"phrases/es.ftl:{line_below('    .yes = a gift')}: feature-gift.no: missing: “no gift”"),
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
        assert check_shared({"en": SHARED + "more = More\n", "es": SHARED}) == [
            f"models/phrases/es.ftl:{len(SHARED.splitlines()) + 1}: more: missing: “More”"
        ]

    def test_an_attribute_that_one_language_lacks_is_found(self):
        found = check_shared({"en": SHARED + "more = More\n    .a = A\n", "es": SHARED + "more = Más\n"})
        assert found == [f"models/phrases/es.ftl:{len(SHARED.splitlines()) + 2}: more.a: missing: “A”"]

    def test_a_variable_that_one_language_does_not_use_is_found_at_its_line(self):
        found = check_shared({"en": SHARED, "es": SHARED.replace("{ $label }: ", "")})
        assert found == ["models/phrases/es.ftl:5: agent-reason: does not use $label"]

    def test_a_broken_line_is_found_at_its_line(self):
        last = SHARED.count("\n") + 1
        assert check_shared({"en": SHARED, "es": SHARED + "what is this\n"})[0].startswith(f"models/phrases/es.ftl:{last}: ")

    def test_mistakes_reach_whoever_checks_a_pack(self):
        with pytest.raises(BadPack, match=r"models/phrases/es\.ftl:\d+: more: missing: “More”"):
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
        return [one for one in check_words(declared(name), checked, shared_words(files)) if one.startswith(file)]

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
