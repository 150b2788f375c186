"""The letter: everything a customer must be told, in their language, and the same bytes for ever."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import pairwise
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
from tests.cases import ENDS, ending, part
from tests.support import MODELS, Clock
from tests.views.conftest import Skeleton

CODE = "3F2A-91C0-77D4-0B1E"
LANGUAGES = ("en", "es", "de", "fr")
DAYS = {  # of the letter, and to contest
    "en": ("May 4, 2026", "June 3, 2026"),
    "es": ("4 de mayo de 2026", "3 de junio de 2026"),
    "de": ("4. Mai 2026", "3. Juni 2026"),
    "fr": ("4 mai 2026", "3 juin 2026"),
}
AUTHORITY = {
    "en": "6 Pembroke Row, Dublin 2, Ireland",
    "es": "autoridad irlandesa de protección de datos",
    "de": "die irische Datenschutzbehörde",
    "fr": "autorité irlandaise de protection des données",
}
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

KINDS = ("rule", "rule-person", "score", "band", "permission", "safeguard")
OPEN = [end for end in ENDS if end[1] == "refer"]


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
        assert [kind for kind in KINDS if flat(words.say(f"part-{kind}")) in flat(text)] == [part(end)]

    def test_the_effect_and_what_happens_next(self, told, text, words, end):
        of_the_rule = f"rule-{told[end][0].explained.decision.rule}.effect"
        effect = of_the_rule if words.knows(of_the_rule) else f"outcome-{end[1]}.effect"
        assert flat(words.say(effect)) in flat(text)

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
        said = re.search(rf"\b{held_out // 1000}[.,\s]?{held_out % 1000:03d}\b", text)
        assert bool(said) == (end[2] != "permission")  # where software took no part, its figures say nothing

    def test_how_similar_cases_ended_where_the_score_counted_and_only_there(self, letter, words, end):
        quality = [one for one in letter.details if one.heading == words.say("letter-quality")]
        assert [len(one.paragraphs) for one in quality] == {"permission": [], "rule": [2]}.get(end[2], [3])

    def test_a_person_to_reach_and_who_is_responsible(self, text, language):
        for said in ("+353 20 910 0123", "care@norte-vale.example", "Norte & Vale", AUTHORITY[language]):
            assert flat(said) in flat(text)

    def test_until_when_to_contest_what_was_decided_and_no_such_day_before(self, text, words, end, language):
        assert (flat(DAYS[language][1]) in flat(text)) == (end not in OPEN)
        assert (flat(words.say("letter-view")) in flat(text)) == (end in OPEN)

    def test_what_would_have_changed_it_unless_it_could_not_be_better_or_nothing_is_decided(self, letter, words, end):
        best = end[1] in {"approve", "P1"}
        said = words.say("letter-change") in {one.heading for one in letter.details}
        assert said == (not best and end not in OPEN)

    def test_how_to_opt_out_or_that_the_wish_was_followed(self, text, words, end):
        opted_out = end[2] == "permission"
        assert (flat(words.say("letter-opt-out")) in flat(text)) == (not opted_out)
        assert (flat(words.say("letter-opted-out")) in flat(text)) == opted_out

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
            fact, feature = record.explained.row.facts[reason.lead], release.pack.feature[reason.lead]
            if feature.sensitive and fact is not None:
                assert flat(show_value(feature, fact, words)) not in flat(sentence)
            elif fact is None:
                assert sentence == words.say(f"reason-{reason.lead}.{reason.direction}-missing")
            else:
                assert flat(show_value(feature, fact, words)) in flat(sentence)

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


@letters(OPEN)
class TestWhatAPersonWillDecide:
    """Nothing is decided yet, so nothing in the letter may sound as if it were."""

    def test_the_title_speaks_of_the_case_and_not_of_our_decision(self, letter, words):
        assert letter.title == words.say("letter-title-open", subject=words.say("pack-subject"))
        assert letter.title.startswith(("About ", "Sobre ", "Zu ", "Au sujet de "))

    def test_nobody_is_said_to_have_decided(self, text, language):
        decided = {
            "en": r"our decision|software made|no person took part|contest this decision|decide again|rule decided|this decision",
            "es": r"nuestra decisión|tomó esta|ninguna persona\.|reclamar contra|decidirá de nuevo|decidió esta|esta decisión",
            "de": r"unsere entscheidung|hat das entschieden|kein mensch|widersprechen|entscheidet ein mensch neu|ausschlag",
            "fr": r"notre décision|a pris cette|aucune personne|contester|alors de nouveau|règle a décidé|cette décision",
        }
        assert not re.search(decided[language], flat(text))

    def test_the_decision_line_says_that_a_person_decides(self, letter, language):
        assert (
            letter.facts[2][1]
            == {
                "en": "A person decides",
                "es": "Decide una persona",
                "de": "Ein Mensch entscheidet",
                "fr": "Une personne décide",
            }[language]
        )

    def test_data_is_corrected_before_a_person_decides(self, letter, words, end):
        heading = words.say("letter-data-person" if end[2] == "permission" else "letter-data")
        (data,) = (one for one in letter.details if one.heading == heading)
        assert data.paragraphs == (words.say("letter-data-text-open"),)


class TestTheParcelThatNeverCame:
    @pytest.mark.parametrize(("language", "back"), [("en", "send"), ("es", "enviar"), ("de", "schick"), ("fr", "renvoyer")])
    def test_nobody_is_asked_to_send_it_back(self, record_of, releases, language, back):
        release = releases["refund_approval"][0]
        facts = next(one["facts"] for one in release.examples if one["rules"][:1] == ["not_delivered"])
        letter = write_letter(*record_of("refund_approval", "approve", "rule", dict(facts)), language, CODE)
        (effect,) = letter.first[1].paragraphs
        assert (
            re.findall(rf"[^.]*{back}[^.]*", effect)
            == {
                "en": [" You do not have to send anything back"],
                "es": [" No tiene que enviarnos nada"],
                "de": [" Sie müssen nichts zurückschicken"],
                "fr": [" Vous n’avez rien à renvoyer"],
            }[language]
        )


class TestAdjustedValues:
    @pytest.mark.parametrize(
        ("language", "photos", "tracking"),
        [
            ("en", "Photos sent: 6 photos or more (we count no higher)", "Parcel tracking: given, but not a value we know"),
            ("es", "Fotos enviadas: 6 fotos o más (no contamos más)", "del paquete: indicado, pero con un valor que no conocemos"),
        ],
    )
    def test_the_table_claims_no_value_that_was_not_sent(self, record_of, releases, language, photos, tracking):
        facts = ending(releases["refund_approval"][0], "approve", "score") | {"photos": 60, "tracking_status": "teleported"}
        text = as_text(write_letter(*record_of("refund_approval", "approve", "score", facts), language, CODE))
        assert flat(photos) in flat(text)
        assert flat(tracking) in flat(text)


class TestItsPage:
    @pytest.fixture
    def page(self, told):
        return as_html(write_letter(*told["refund_approval", "decline", "score"], "en", CODE))

    def test_headings_come_in_order(self, page):
        levels = [int(one) for one in re.findall(r"<h(\d)", page)]
        assert levels[0] == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))
        assert levels.count(1) == 1

    def test_phone_and_e_mail_can_be_touched(self, page):
        assert '<a href="tel:+353209100123">+353 20 910 0123</a>' in page
        assert '<a href="mailto:care@norte-vale.example">care@norte-vale.example</a>' in page
        assert '<a href="mailto:privacy@norte-vale.example">' in page


class TestLanguages:
    @pytest.mark.parametrize(("region", "language"), [("es-MX", "es"), ("es-ES", "es"), ("en-GB", "en"), ("en-US", "en")])
    def test_a_region_reads_the_recorded_language_throughout_and_never_two_kinds_of_numbers(self, told, region, language):
        record, release = told["refund_approval", "decline", "score"]
        regional, plain = (as_html(write_letter(record, release, one, CODE)) for one in (region, language))
        assert regional == plain
        assert {"es": "89,90\xa0€", "en": "€89.90"}[language] in plain

    def test_a_locale_nobody_knows_is_refused(self, told):
        with pytest.raises(UnknownLanguage):
            write_letter(*told["refund_approval", "decline", "score"], "en-XX", CODE)

    def test_a_language_that_the_pack_does_not_speak_is_refused(self, told):
        with pytest.raises(UnknownLanguage, match="en, es"):
            write_letter(*told["refund_approval", "decline", "score"], "it", CODE)

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
