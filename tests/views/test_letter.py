"""The letter: everything a customer must be told, in their language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from explainer.errors import UnknownLanguage
from explainer.explanations.wording import show_value
from explainer.packs.words.phrases import source_key
from explainer.views.letter import as_text, write_letter
from explainer.views.readback.letters import misprints
from tests.cases import ENDS, ending, part
from tests.views.letters import BY_SCORE, CODE, OPEN, flat, foot, letters, with_recourse, without_recourse

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
COMPARISONS = (
    r"compar|averag|typical|\b(than|like) (other|most)|other customers",
    r"promedio|de media|otros clientes|otras personas|que la mayoría",
    r"durchschnitt|typisch|verglichen|vergleich|anderen? kund|als die meisten",
    r"en moyenne|typique|par rapport aux|autres clients|que la plupart",
)
KINDS = ("rule", "rule-person", "score", "band", "permission", "safeguard")
REACH = ("+353\u00a020\u00a0910\u00a00123", "care@norte-vale.example")

every_letter = letters(ENDS)
every_letter_by_a_score = letters(BY_SCORE)


@pytest.fixture
def letter(told, end, language):
    record, release = told[end]
    return write_letter(record, release, language)


@pytest.fixture
def text(letter, told, end, language) -> str:
    return as_text(letter, foot(told[end][1], language))


@pytest.fixture
def words(told, end, language):
    return told[end][1].vocabulary.speak(language)


def text_of(told, language) -> str:
    """A letter as plain text."""
    record, release = told
    return as_text(write_letter(record, release, language), foot(release, language))


def section(letter, heading):
    """The one section of a letter with this heading."""
    (found,) = (one for one in (*letter.first, *letter.details) if one.heading == heading)
    return found


@every_letter
class TestWhatItContains:
    def test_the_decision_its_date_and_the_case_number(self, text, words, end, language):
        assert flat(words.say(f"outcome-{end[1]}")) in flat(text)
        assert flat(words.say(f"outcome-{end[1]}.headline")) in flat(text)
        assert DAYS[language][0] in " ".join(text.split())
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
            line = words.say("letter-pair", name=words.say(f"feature-{feature.name}"), value=value)
            line += f" ({words.say(source_key(feature.source))})"
            assert flat(f"- {line}") in flat(text)

    def test_how_to_correct_it(self, letter, words, end):
        data = section(letter, words.say("letter-data-person" if end[2] == "permission" else "letter-data"))
        (said,) = data.paragraphs
        assert said.startswith(words.say("letter-data-text-open" if end in OPEN else "letter-data-text"))
        assert all(way in said for way in REACH)

    def test_what_was_not_used_where_anything_was(self, text, words, end):
        assert (flat(words.say("not-used")) in flat(text)) == (end[2] != "permission")

    def test_how_well_the_software_works(self, told, text, end):
        held_out = told[end][1].metrics["cases"]
        said = re.search(rf"\b{held_out // 1000}[.,\s]?{held_out % 1000:03d}\b", text)
        assert bool(said) == (end[2] != "permission")  # where software took no part, its figures say nothing

    def test_how_similar_cases_ended_where_the_score_counted_and_only_there(self, letter, words, end):
        quality = [one for one in letter.details if one.heading == words.say("letter-quality")]
        assert [len(one.paragraphs) for one in quality] == {"permission": [], "rule": [2]}.get(end[2], [3])

    def test_a_person_to_reach(self, letter, words, end):
        said = section(letter, words.say("letter-person-open" if end in OPEN else "letter-person")).paragraphs[0]
        assert all(way in said for way in REACH)
        assert letter.first[-1].paragraphs[0] == said  # on the first page

    def test_who_is_responsible_and_which_body_to_complain_to(self, letter, words, language):
        responsible, complain = section(letter, words.say("letter-responsible")).paragraphs
        assert "Norte & Vale" in responsible
        assert "privacy@norte-vale.example" in responsible
        assert AUTHORITY[language] in complain

    def test_nobody_is_offered_a_person_as_a_second_look_where_a_person_decides(self, letter, text, words, end):
        offered = words.say("letter-person-text", phone="", hours="", email="").split(".")[0]
        assert (flat(offered) in flat(text)) == (end not in OPEN)

    def test_a_greeting_at_its_beginning_and_its_end_and_a_word_of_regret_where_it_says_no(self, text, words, end, language):
        lines = text.split("\n\n")
        assert words.say("letter-greeting") in lines
        assert words.say("letter-closing", name="\0").replace(" \0", "\nNorte & Vale") in lines
        regret = {"en": "We are sorry", "es": "Lo sentimos", "fr": "Nous sommes désolés", "de": "Es tut uns leid"}[language]
        assert (regret in text) == (end[1] == "decline")

    def test_until_when_to_contest_what_was_decided_and_no_such_day_before(self, text, words, end, language):
        assert (flat(DAYS[language][1]) in flat(text)) == (end not in OPEN)
        assert (flat(words.say("letter-view")) in flat(text)) == (end in OPEN)

    def test_what_would_have_changed_it_unless_it_could_not_be_better_or_nothing_is_decided(self, letter, words, end):
        best = end[1] in {"approve", "P1"}
        said = words.say("letter-change") in {one.heading for one in letter.first}
        assert said == (not best and end not in OPEN)

    def test_how_to_opt_out_or_that_the_wish_was_followed(self, text, words, end):
        opted_out = end[2] == "permission"
        said = "letter-opt-out-open" if end in OPEN else "letter-opt-out"
        assert (flat(words.say(said)) in flat(text)) == (not opted_out)
        assert (flat(words.say("letter-opted-out")) in flat(text)) == opted_out

    def test_the_verification_code(self, text):
        assert CODE in text

    def test_reasons_of_the_score_are_two_to_four_and_a_rule_stands_alone(self, letter, end):
        allowed = {"rule": {1}, "score": {2, 3, 4}, "band": {2, 3, 4}, "permission": {0}, "safeguard": {0}}[end[2]]
        assert len(letter.first[0].items) in allowed
        assert letter.first[0].ordered == (len(letter.first[0].items) > 1)  # one alone has no number

    def test_no_reason_is_claimed_from_a_comparison_with_others_but_the_place_of_a_number(self, text, words):
        claim = "|".join(COMPARISONS)
        placed = "|".join(re.escape(flat(words.say(f"placed-{way}", reason="").strip())) for way in ("more", "less"))
        compared = words.say("compared-with") if words.knows("compared-with") else "-"
        assert not re.search(claim, re.sub(placed, "", flat(text).replace(flat(compared), "")))

    def test_no_word_of_the_machine_room(self, told, text, end):
        release = told[end][1]
        strange = {one.name for one in release.pack.features if "_" in one.name} | {"margin", "log-odds", "baseline", "shap", "nan"}
        assert not {one for one in strange if re.search(rf"\b{one}\b", text, re.IGNORECASE)}


@every_letter
class TestTheTableIsHeldAgainstTheRecord:
    def test_it_passes_as_it_was_written(self, told, letter, end):
        assert misprints(letter, *told[end]) == []

    def test_no_row_passes_with_the_value_of_another_case(self, told, letter, end):
        record, release = told[end]
        row = record.explained.row
        for feature in release.pack.features:
            fact = row.facts[feature.name]
            others = [one for one in feature.levels if one != fact]
            other = others[0] if others else (not fact if isinstance(fact, bool) else (fact or 0) + 1)
            changed = row._replace(facts={**row.facts, feature.name: other})
            elsewhere = replace(record, explained=record.explained._replace(row=changed))
            assert misprints(letter, elsewhere, release) == [f"table: its words do not say the case's {feature.name}"]

    def test_no_other_outcome_case_or_order_of_reasons_passes(self, told, letter, end):
        record, release = told[end]
        others = [one.code for one in release.pack.outcomes if one.code != end[1]]
        say = release.vocabulary.speak(letter.language).say
        for other in others:
            facts = (*letter.facts[:2], (letter.facts[2][0], say(f"outcome-{other}")))
            opening = (say(f"outcome-{other}.headline"), letter.opening[1])
            for changed in (replace(letter, facts=facts), replace(letter, opening=opening)):
                assert misprints(changed, record, release) == ["it tells another outcome"]
        another = replace(letter, facts=(letter.facts[0], (letter.facts[1][0], "R-1"), letter.facts[2]))
        assert misprints(another, record, release) == ["it names another case"]
        by = {"rule", "rule-person", "score", "band", "permission", "safeguard"}
        for other in {say(f"part-{one}") for one in by} - {letter.opening[1]}:
            changed = replace(letter, opening=(letter.opening[0], other))
            assert misprints(changed, record, release) == ["it tells otherwise what software did"]
        why = letter.first[0]
        for items in ([why.items[::-1]] if len(why.items) > 1 else []) + ([why.items[1:]] if why.items else []):
            changed = replace(letter, first=(replace(why, items=items), *letter.first[1:]))
            assert misprints(changed, record, release) == ["letter-why: its list is not the recorded one in its order"]

    def test_none_passes_in_another_s_place_or_left_out(self, told, letter, end):
        data = next(one for one in letter.details if one.rows)
        for rows in (data.rows[::-1], data.rows[1:]):
            details = tuple(replace(one, rows=rows) if one is data else one for one in letter.details)
            assert misprints(replace(letter, details=details), *told[end])


@letters([end for end in ENDS if end[2] != "permission"])  # where software looked at the case
def test_that_no_check_of_fairness_is_published_yet_and_whom_to_ask(letter, words, end):
    said = section(letter, words.say("letter-quality")).paragraphs[-1]
    assert said.startswith(words.say("letter-fairness"))
    assert all(way in said for way in REACH)


@every_letter_by_a_score
class TestReasonsOfTheScore:
    def test_each_says_the_customers_own_value_or_that_it_is_missing(self, told, letter, words, end):
        record, release = told[end]
        for reason, sentence in zip(record.explained.reasons["customer"], letter.first[0].items, strict=True):
            fact, feature = record.explained.row.facts[reason.lead], release.pack.feature[reason.lead]
            if feature.sensitive and fact is not None:
                assert flat(show_value(feature, fact, words)) not in flat(sentence)
            elif fact is None:
                assert sentence == words.say(f"reason-{reason.lead}.{reason.direction}-missing")
            else:
                assert flat(show_value(feature, fact, words)) in flat(sentence)

    def test_they_are_the_recorded_ones_in_the_recorded_order(self, told, letter, end, language):
        recorded = told[end][0].explained.texts[language]["customer"]
        assert letter.first[0].items == tuple(one.text for one in recorded)


@every_letter
class TestWithWhomTheCaseWasCompared:
    def test_it_is_said_before_the_reasons_where_the_score_counted_and_only_there(self, letter, text, words, end):
        said = words.say("compared-with")
        assert letter.first[0].paragraphs[0].startswith(said) == (end in BY_SCORE)
        assert (flat(said) in flat(text)) == (end in BY_SCORE)


@letters([("refund_approval", "decline", "score")])
class TestWhatWouldHaveChangedIt:
    ONE, OTHER = "With €60.00 or less, we would have approved it.", "With 2 photos, we would have approved it."

    @pytest.fixture
    def change(self, told, end, language, words):
        """The section of a letter with these lines of recourse; none of its words are ours."""

        def make(*said):
            record, release = told[end]
            letter = write_letter(with_recourse(record, *said), release, language)
            return section(letter, words.say("letter-change"))

        return make

    def test_it_is_plainly_said_when_the_letter_cannot_tell(self, told, end, language, words):
        record, release = told[end]
        bare = replace(record, explained=record.explained._replace(texts=without_recourse(record)))
        found = section(write_letter(bare, release, language), words.say("letter-change"))
        assert (found.paragraphs, found.items) == ((words.say("letter-change-text"),), ())

    def test_one_change_stands_alone(self, change):
        found = change(("amount", self.ONE))
        assert (found.paragraphs, found.items, found.ordered) == ((), (self.ONE,), False)

    def test_several_are_said_to_be_enough_each(self, change, words):
        found = change(("amount", self.ONE), ("photos", self.OTHER))
        assert (found.paragraphs, found.items) == ((words.say("letter-change-any"),), (self.ONE, self.OTHER))

    def test_that_nothing_would_is_a_sentence_and_not_a_list(self, change):
        found = change(("no-recourse-rule", "You could not have changed it."))
        assert (found.paragraphs, found.items) == (("You could not have changed it.",), ())

    def test_where_nothing_is_decided_nothing_is_said_to_have_changed_it(self, told, end, language):
        record, release = told[end[0], "refer", "band"]
        assert self.ONE not in str(write_letter(with_recourse(record, ("amount", self.ONE)), release, language))


@letters(OPEN)
class TestWhatAPersonWillDecide:
    """Nothing is decided yet, so nothing in the letter may sound as if it were."""

    def test_the_title_speaks_of_the_case_and_not_of_our_decision(self, letter, words):
        assert letter.title == words.say("letter-title-open", subject=words.say("pack-subject"))
        assert letter.title.startswith(("About ", "Sobre ", "Zu ", "Au sujet de "))

    def test_nobody_is_said_to_have_decided(self, text, language):
        decided = {
            "en": r"our decision|software made|no person took part|contest this decision|new decision|rule decided|this decision",
            "es": r"nuestra decisión|tomó esta|ninguna persona\.|impugnar|nueva decisión|decidió esta|esta decisión",
            "de": r"unsere entscheidung|hat das entschieden|kein mensch|widersprechen|entscheidet ein mensch neu|ausschlag",
            "fr": r"notre décision|a pris cette|aucune personne|contester|nouvelle décision|règle appliquée|cette décision",
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
        data = section(letter, words.say("letter-data-person" if end[2] == "permission" else "letter-data"))
        assert data.paragraphs[0].startswith(words.say("letter-data-text-open"))


class TestTheParcelThatNeverCame:
    @pytest.mark.parametrize(("language", "back"), [("en", "send"), ("es", "enviar"), ("de", "schick"), ("fr", "renvoyer")])
    def test_nobody_is_asked_to_send_it_back(self, record_of, releases, language, back):
        release = releases["refund_approval"][0]
        facts = next(one["facts"] for one in release.examples if one["rules"][:1] == ["not_delivered"])
        letter = write_letter(*record_of("refund_approval", "approve", "rule", dict(facts)), language)
        (effect,) = letter.first[-2].paragraphs
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
            ("de", "Geschickte Fotos: 6 Fotos oder mehr (weiter", "Sendungsverfolgung: angegeben, aber mit einem Wert"),
            ("fr", "Photos envoyées : 6 photos ou plus (nous", "Suivi du colis : indiqué, mais avec une valeur"),
        ],
    )
    def test_the_table_claims_no_value_that_was_not_sent(self, record_of, releases, language, photos, tracking):
        facts = ending(releases["refund_approval"][0], "approve", "score") | {"photos": 60, "tracking_status": "teleported"}
        text = text_of(record_of("refund_approval", "approve", "score", facts), language)
        assert flat(photos) in flat(text)
        assert flat(tracking) in flat(text)


class TestLanguages:
    @pytest.mark.parametrize(("region", "language"), [("es-MX", "es"), ("es-ES", "es"), ("en-GB", "en"), ("en-US", "en")])
    def test_a_region_reads_the_recorded_language_throughout_and_never_two_kinds_of_numbers(self, told, region, language):
        record, release = told["refund_approval", "decline", "score"]
        regional, plain = (text_of((record, release), one) for one in (region, language))
        assert regional == plain
        assert {"es": "89,90\xa0€", "en": "€89.90"}[language] in plain

    def test_a_locale_nobody_knows_is_refused(self, told):
        with pytest.raises(UnknownLanguage):
            write_letter(*told["refund_approval", "decline", "score"], "en-XX")

    def test_a_language_that_the_pack_does_not_speak_is_refused(self, told):
        with pytest.raises(UnknownLanguage, match="en, es"):
            write_letter(*told["refund_approval", "decline", "score"], "it")

    def test_the_date_is_that_of_the_organisation_s_clock(self, told):
        record, release = told["refund_approval", "decline", "score"]
        late = replace(record, at=record.at.replace(hour=23, minute=30))  # half past midnight in Dublin
        assert "May\u00a05,\u00a02026" in text_of((late, release), "en")
