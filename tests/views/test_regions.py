"""Regions: where a pack declares one, what is recorded, shown and written is in its words and numbers, all together."""

from dataclasses import replace

import pytest

from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.phrases import Vocabulary
from explainer.road import travel
from explainer.views.disclosure import sentences_of
from explainer.views.letter import write_letter
from tests.cases import DAY, ending
from tests.support import MODELS

REFUND = "refund_approval"


@pytest.fixture(scope="module")
def regional(releases, record_of):
    """A refund declined by a release that declares Irish English, in which the first reason reads differently."""
    release, kernel = releases[REFUND]
    record, _ = record_of(REFUND, "decline", "score")
    first = record.explained.reasons["customer"][0]
    irish = f"pack-subject = your refund\nreason-{first.lead} =\n    .{first.direction} = As they say in Ireland: {{ $value }}.\n"
    pack, files = replace(release.pack, languages=("en", "en-IE")), read_models(MODELS, REFUND)
    words = Vocabulary(pack, files | {"phrases/en-IE.ftl": irish}, shared_words(files))
    declared = replace(release, pack=pack, vocabulary=words)
    return replace(record, explained=travel(ending(release, "decline", "score"), declared, kernel, DAY)), declared


class TestADeclaredRegion:
    def test_its_sentences_are_recorded_beside_those_of_its_language(self, regional):
        texts = {one: [said.text for said in readers["customer"]] for one, readers in regional[0].explained.texts.items()}
        assert set(texts) == {"en", "en-IE"}
        assert texts["en-IE"][0].startswith("As they say in Ireland: ")
        assert texts["en-IE"][1:] == texts["en"][1:]

    def test_its_letter_gives_the_recorded_reasons_and_has_its_own_words_and_days(self, regional):
        letters = {one: write_letter(*regional, one) for one in ("en", "en-IE")}
        for locale, letter in letters.items():
            assert letter.first[0].items == tuple(one.text for one in sentences_of(regional[0], "customer", locale))
        assert letters["en-IE"].title.endswith("about your refund")
        assert [letters[one].facts[0][1] for one in ("en-IE", "en")] == ["4\u00a0May\u00a02026", "May\u00a04,\u00a02026"]

    def test_another_region_still_reads_the_language(self, regional):
        assert write_letter(*regional, "en-GB") == write_letter(*regional, "en")
