"""Plain: nothing hard to read gets past `packs check`, and nothing is refused without saying where and why."""

import re

import pytest

from explainer.explanations.plain import scores, unplain
from explainer.explanations.readability import MEASURES, MOST_WORDS
from explainer.packs.reading import read_organisation
from explainer.packs.registry import read_models
from explainer.packs.release import check_pack, shared_words
from explainer.packs.words.phrases import language_of
from tests.little import ENGLISH, PACK, SHARED, little_files
from tests.support import MODELS, declared

PACKS = sorted(path.parent.name for path in MODELS.glob("*/pack.yaml"))
LONG = "This is a sentence that goes on and on with one short word and one more until it ends here."  # 20 words
HARD = "Administrative authorities regularly communicate individualised determinations electronically afterwards."


def all_of(name):
    files = read_models(MODELS, name)
    return declared(name), read_organisation(files["organisation.yaml"]), files, shared_words(files)


def found(old="", new="", shared=SHARED, languages="[en]"):
    """What is found in the little pack after one change to its English words."""
    assert old in ENGLISH
    files = little_files() | {"phrases/en.ftl": ENGLISH.replace(old, new, 1), "shared/en.ftl": shared}
    files["pack.yaml"] = PACK.replace("[en, es]", languages)
    pack = check_pack(little_files() | {"pack.yaml": files["pack.yaml"]}, "little")
    return unplain(pack, read_organisation(files["organisation.yaml"]), files, shared_words(files))


class TestShippedPacks:
    @pytest.mark.parametrize("name", PACKS)
    def test_are_plain_in_every_language(self, name):
        assert unplain(*all_of(name)) == []

    @pytest.mark.parametrize("name", PACKS)
    def test_are_plain_as_a_whole_by_the_measure_of_each_language(self, name):
        reached = scores(*all_of(name))
        assert {"en", "es", "de", "fr"} <= set(reached)
        for language, score in reached.items():
            measure = MEASURES[language_of(language)]
            assert not measure.fails(score, measure.whole)


class TestASentenceThatIsTooLong:
    def test_is_named_with_its_line_its_length_and_its_words(self):
        line = 1 + ENGLISH[: ENGLISH.index("    .headline = A person decides.")].count("\n")
        (one,) = found("A person decides.", f"A person decides. And {LONG}")
        assert one == f"phrases/en.ftl:{line}: outcome-refer.headline: 21 words; at most 20: split it: “And {LONG}”"

    def test_is_not_one_of_twenty_words(self):
        assert len(LONG.split()) == MOST_WORDS
        assert found("A person decides.", LONG) == []

    def test_is_found_with_the_longest_value_that_it_may_hold(self):
        sentence = "It was to us and to all of you and to me and to them here, I think, { $value }."  # 18 words and its value
        (one,) = found("It was { $value }.", sentence)
        assert re.search(r"reason-colour\.for: 21 words; .* I think, a (red|green|blue) one\.”", one)

    def test_is_looked_for_in_the_words_that_all_packs_share(self):
        more = SHARED + f"letter-more = And {LONG}\n"
        line = more.count("\n")
        (one,) = found(shared=more)
        assert one.startswith(f"models/phrases/en.ftl:{line}: letter-more: 21 words; at most 20")

    def test_may_stand_where_only_agents_read(self):
        assert found("Summer rule.", f"And {LONG}") == []
        assert found(shared=SHARED + f"panel-more = And {LONG}\n") == []

    def test_is_found_in_a_language_that_has_no_measure_too(self):
        files = little_files() | {"pack.yaml": PACK.replace("[en, es]", "[it]"), "shared/it.ftl": SHARED}
        files["phrases/it.ftl"] = ENGLISH.replace("A person decides.", f"And {LONG}")
        pack = check_pack(files, "little")
        (one,) = unplain(pack, read_organisation(files["organisation.yaml"]), files, shared_words(files))
        assert one.startswith("phrases/it.ftl:11: outcome-refer.headline: 21 words")


class TestASentenceThatIsTooHard:
    def test_is_named_with_its_score_and_the_limit(self):
        (one,) = found("A person decides.", HARD)
        assert re.fullmatch(
            rf"phrases/en\.ftl:\d+: outcome-refer\.headline: Flesch-Kincaid grade \d\d\.\d; at most 12: use .*: “{HARD}”", one
        )

    def test_counts_alone_only_when_it_is_long_enough_to_measure(self):
        assert found("A person decides.", "Authorities communicate determinations.") == []


class TestAllTogether:
    def test_a_language_whose_sentences_are_all_rather_hard_is_refused_as_a_whole(self):
        rather = "An independent colleague is going to examine everything that you mentioned to us"  # grade 11
        more = "".join(f"letter-more{place} = {rather} {place}.\n" for place in range(40))
        (one,) = found(shared=SHARED + more)
        assert re.fullmatch(r"phrases/en\.ftl:1: all that a customer reads: Flesch-Kincaid grade \d+\.\d; at most 8: .*", one)

    def test_what_is_said_again_and_again_counts_once(self):
        again = "".join(f"letter-more{place} = {HARD[: -len('electronically afterwards.')].strip()}.\n" for place in range(40))
        assert found(shared=SHARED + again) == []


class TestWhatCannotBeHelped:
    def test_names_count_as_one_short_word(self):
        named = (
            SHARED
            + "letter-authority = You can also complain about all of this, and at any time, here or there, to { $authority }.\n"
        )
        assert found(shared=named) == []

    def test_what_cannot_be_said_is_left_to_the_check_of_words(self):
        assert found("pack-subject = your parcel", "pack-subject = { nobody }") == []
