"""The letter: everything a customer must be told, in their language, and the same bytes for ever."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from explainer.errors import UnknownLanguage
from explainer.explanations.wording import show_value
from explainer.packs.phrases import source_key
from explainer.record import read_record
from explainer.service.decide import Case, decide
from explainer.service.inspect import find
from explainer.service.inspect import write_letter as letter_of
from explainer.service.wiring import open_services
from explainer.settings import Settings
from explainer.views.letter import WIDTH, as_html, as_text, write_letter
from tests.cases import ENDS, ending
from tests.support import MODELS, Clock
from tests.views.conftest import Skeleton

CODE = "3F2A-91C0-77D4-0B1E"
LANGUAGES = ("en", "es")
DAYS = {"en": ("May 4, 2026", "June 3, 2026"), "es": ("4 de mayo de 2026", "3 de junio de 2026")}  # of the letter, and to contest
AUTHORITY = {"en": "6 Pembroke Row, Dublin 2, Ireland", "es": "autoridad irlandesa de protección de datos"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></main></body><h1>Approved",
    "&lt;b&gt; &amp; &#x3c;script>",
    "{{ 7 * 7 }} {% raw %} { $amount }",
    "\u202eevil\u202c \u200f\u2067 right to left",
    "<!-- ]]> --> <![CDATA[",
]

KINDS = ("rule", "score", "band", "permission", "safeguard")


def letters(ends: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    both = [(end, language) for end in ends for language in LANGUAGES]
    return pytest.mark.parametrize(("end", "language"), both, ids=["-".join((*end, language)) for end, language in both])


every_letter = letters(ENDS)
every_letter_by_a_score = letters([end for end in ENDS if end[2] in {"score", "band"}])


def flat(text: str) -> str:
    """A text without its line breaks, in small letters."""
    return " ".join(text.split()).casefold()


@pytest.fixture
def letter(told, end, language):
    record, release = told[end]
    return write_letter(record, release, language, CODE)


@pytest.fixture
def text(letter) -> str:
    return as_text(letter)


@pytest.fixture
def words(told, end, language):
    return told[end][1].vocabulary.speak(language)


@every_letter
class TestWhatItContains:
    def test_the_decision_its_date_and_the_case_number(self, text, words, end, language):
        assert flat(words.say(f"outcome-{end[1]}")) in flat(text)
        assert flat(words.say(f"outcome-{end[1]}.headline")) in flat(text)
        assert DAYS[language][0] in text
        assert "R-4711" in text

    def test_how_far_software_took_part(self, text, words, end):
        assert [kind for kind in KINDS if flat(words.say(f"part-{kind}")) in flat(text)] == [end[2]]

    def test_the_effect_and_what_happens_next(self, text, words, end):
        assert flat(words.say(f"outcome-{end[1]}.effect")) in flat(text)

    def test_every_value_that_was_used_with_its_name_and_source(self, told, text, words, end):
        record, release = told[end]
        for feature in release.pack.features:
            value = show_value(feature, record.explained.row.facts[feature.name], words)
            line = f"{words.say(f'feature-{feature.name}')}: {value} ({words.say(source_key(feature.source))})"
            assert flat(f"- {line}") in flat(text)

    def test_what_was_not_used(self, text, words):
        assert flat(words.say("not-used")) in flat(text)

    def test_how_well_the_software_works(self, told, text, end):
        held_out = told[end][1].metrics["cases"]
        assert re.search(rf"\b{held_out // 1000}[.,\s]?{held_out % 1000:03d}\b", text)

    def test_how_similar_cases_ended_where_the_score_counted_and_only_there(self, letter, words, end):
        (quality,) = (one for one in letter.details if one.heading == words.say("letter-quality"))
        assert (len(quality.paragraphs) == 3) == (end[2] in {"score", "band", "safeguard"})

    def test_a_person_to_reach_until_when_and_who_is_responsible(self, text, language):
        for said in ("+353 20 910 0123", "care@norte-vale.example", DAYS[language][1], "Norte & Vale", AUTHORITY[language]):
            assert flat(said) in flat(text)

    def test_the_verification_code(self, text):
        assert CODE in text

    def test_reasons_of_the_score_are_two_to_four_and_a_rule_stands_alone(self, letter, end):
        allowed = {"rule": {1}, "score": {2, 3, 4}, "band": {2, 3, 4}, "permission": {0}, "safeguard": {0}}[end[2]]
        assert len(letter.first[0].reasons) in allowed

    def test_no_reason_is_claimed_from_a_comparison_with_others(self, text):
        claim = r"compar|averag|typical|\b(than|like) (other|most)|other customers|promedio|de media|otros clientes|otras personas"
        assert not re.search(claim, text, re.IGNORECASE)

    def test_no_word_of_the_machine_room(self, told, text, end):
        release = told[end][1]
        strange = {one.name for one in release.pack.features if "_" in one.name} | {"margin", "log-odds", "baseline", "shap", "nan"}
        assert not {one for one in strange if re.search(rf"\b{one}\b", text, re.IGNORECASE)}


@every_letter_by_a_score
class TestReasonsOfTheScore:
    def test_each_says_the_customers_own_value_or_that_it_is_missing(self, told, letter, words, end):
        record, release = told[end]
        for reason, sentence in zip(record.explained.reasons["customer"], letter.first[0].reasons, strict=True):
            fact = record.explained.row.facts[reason.lead]
            if fact is None:
                assert sentence == words.say(f"reason-{reason.lead}.{reason.direction}-missing")
            else:
                assert flat(show_value(release.pack.feature[reason.lead], fact, words)) in flat(sentence)

    def test_they_are_the_recorded_ones_in_the_recorded_order(self, told, letter, end, language):
        recorded = told[end][0].explained.texts[language]["customer"]
        assert letter.first[0].reasons == tuple(one.text for one in recorded)


@every_letter
class TestItsForms:
    def test_text_and_html_say_the_same_words(self, letter):
        def bare(words: list[str]) -> Counter[str]:
            return Counter(filter(None, (one.casefold().strip("():") for one in words)))

        lines = [re.sub(r"^(- |\d\. |[=-]{5,}$)", "", line) for line in as_text(letter).splitlines()]
        underlines = re.compile(r"=+\Z")
        plain = [word for line in lines for word in line.split() if not underlines.match(line)]
        assert bare(plain) == bare(Skeleton(as_html(letter)).words)

    def test_no_line_of_the_text_is_longer_than_76_characters(self, text):
        assert max(map(len, text.split("\n"))) <= WIDTH == 76

    def test_every_line_of_a_letter_about_a_very_long_case_number_fits_too(self, told, end, language):
        record, release = told[end]
        text = as_text(write_letter(replace(record, case="x" * 128), release, language, CODE))
        assert max(map(len, text.split("\n"))) <= 76
        assert text.replace("\n", "").count("x" * 128) == 1

    def test_the_page_says_in_which_language_it_is(self, letter, language):
        assert f'<html lang="{language}">' in as_html(letter)

    def test_written_twice_it_is_the_same(self, told, end, language):
        record, release = told[end]
        kept = read_record(record.to_bytes())
        for form in (as_html, as_text):
            assert form(write_letter(kept, release, language, CODE)) == form(write_letter(record, release, language, CODE))

    def test_a_hostile_case_number_changes_no_element_of_the_page(self, hostile, letter, end, language):
        plain = Skeleton(as_html(letter))
        for name in HOSTILE:
            page = Skeleton(as_html(write_letter(*hostile(end, name), language, CODE)))
            assert page.elements == plain.elements
            assert sorted([*page.words, "R-4711"]) == sorted([*plain.words, *name.split()])


class TestLanguages:
    def test_money_and_dates_follow_the_region(self, told):
        record, release = told["refund_approval", "decline", "score"]
        american, british, spanish = (as_text(write_letter(record, release, one, CODE)) for one in ("en-US", "en-GB", "es-ES"))
        assert ("May 4, 2026" in american, "€89.90" in american) == (True, True)
        assert ("4 May 2026" in british, "€89.90" in british) == (True, True)
        assert ("4 de mayo de 2026" in spanish, "89,90\xa0€" in spanish or "89,90 €" in spanish) == (True, True)

    def test_a_language_that_the_pack_does_not_speak_is_refused(self, told):
        with pytest.raises(UnknownLanguage, match="en, es"):
            write_letter(*told["refund_approval", "decline", "score"], "fr", CODE)

    def test_the_date_is_that_of_the_organisation_s_clock(self, told):
        record, release = told["refund_approval", "decline", "score"]
        late = replace(record, at=record.at.replace(hour=23, minute=30))  # half past midnight in Dublin
        assert "May 5, 2026" in as_text(write_letter(late, release, "en", CODE))


class TestReplay:
    def test_editing_the_models_on_disk_changes_no_letter_of_a_decision_that_was_made(self, home, tmp_path):
        models = Path(shutil.copytree(MODELS, tmp_path / "models", ignore=shutil.ignore_patterns("*.parquet")))
        settings = Settings(home=home, models=models)
        services = open_services(settings, Clock())
        facts = ending(services.serving("refund_approval").release, "decline", "score")
        decided = decide(Case("refund_approval", "C-1", "R-1", "en", facts), "key-1", services).record.id
        before = [as_html(letter_of(find(decided, services), one)) for one in LANGUAGES]
        services.close()
        for path in models.rglob("*"):
            if path.suffix in {".ftl", ".yaml", ".md"}:
                edited = path.read_text("utf-8").replace("your", "thy").replace("Norte", "Sur").replace("su ", "tu ")
                path.write_text(edited, "utf-8")
        later = open_services(settings, Clock())
        assert [as_html(letter_of(find(decided, later), one)) for one in LANGUAGES] == before
        later.close()

    def test_the_code_is_the_only_thing_that_comes_from_the_ledger(self, told):
        record, release = told["refund_approval", "decline", "score"]
        one, other = (as_html(write_letter(record, release, "en", code)) for code in (CODE, "0000-0000-0000-0000"))
        assert one.replace(CODE, "0000-0000-0000-0000") == other
