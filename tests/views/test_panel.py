"""The why panel: what an agent must see in ten seconds, and what nobody may see."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from explainer.decisions.scoring import score
from explainer.explanations.wording import RECOURSE, Sentence
from explainer.views.disclosure import sentences_of
from explainer.views.letter import Footer, as_text, write_letter
from explainer.views.panel import Panel, Since, as_page, build_panel
from explainer.views.showing import similar_cases
from tests.cases import ENDS, ending, part
from tests.views.conftest import AT

LANGUAGES = ("en", "es", "de", "fr")
RULE, SCORE, BAND = (("refund_approval", *end) for end in (("decline", "rule"), ("decline", "score"), ("refer", "band")))
PERMISSION, SAFEGUARD = (("refund_approval", "refer", by) for by in ("permission", "safeguard"))

every_panel = pytest.mark.parametrize(
    ("end", "language"), [pytest.param(end, one, id="-".join((*end, one))) for end in ENDS for one in LANGUAGES]
)


def panel_of(told, end, language="en", **changes) -> Panel:
    record, release = told[end]
    return build_panel(replace(record, **changes), release, language, "/letter/x?t=token")


def page_of(told, end, language="en", **changes) -> str:
    return as_page(panel_of(told, end, language, **changes))


def release_with(release, uncertainty) -> Any:
    """The release with other bands of past cases."""
    changed = copy.copy(release)
    object.__setattr__(changed, "uncertainty", uncertainty)
    return changed


class TestWhatDecided:
    def test_a_rule_that_decided_comes_first_and_the_score_stands_aside(self, told):
        page = page_of(told, RULE)
        in_order = ("A rule decided: Final sale", 'class="quiet aside"', 'id="for"', 'id="waterfall"')
        places = [page.index(one) for one in in_order]
        assert places == sorted(places)
        assert "The score did not decide" in page
        assert 'id="rules"' not in page  # the one that decided is in the headline, and no other fired

    def test_a_score_that_decided_does_not_stand_aside(self, told):
        page = page_of(told, SCORE)
        assert "The score decided. It is" in page
        assert "aside" not in page
        assert 'id="rules"' not in page

    def test_a_rule_that_fired_without_deciding_is_shown_as_such(self, told):
        page = page_of(told, ("refund_approval", "approve", "score"))  # the legal guarantee fired: it asks for less
        assert "The score decided" in page
        assert page.index("The score decided") < page.index("Rules that fired but did not decide") < page.index("Legal guarantee")

    @pytest.mark.parametrize(
        ("language", "said", "aloud"),
        [
            ("en", "A rule sends this case to a person:", "A fixed rule sends cases like yours to a person."),
            ("es", "Una regla pasa este caso a una persona:", "Una regla fija pasa los casos como el suyo a una persona."),
            (
                "de",
                "Eine Regel gibt den Fall an einen Menschen:",
                "Nach einer festen Regel gehen Fälle wie Ihrer an",
            ),
            (
                "fr",
                "Une règle confie ce dossier à une personne\u202f:",
                "Une règle fixe confie les dossiers comme le vôtre",
            ),
        ],
    )
    def test_a_rule_that_asks_for_a_person_is_not_told_as_a_decision_of_software(self, told, language, said, aloud):
        page = page_of(told, ("refund_approval", "refer", "rule"), language)
        assert said in page
        assert aloud in page
        assert "made by software" not in page
        assert not re.search(r"Decided: |Decidido: |Entschieden: |Décidé\u202f?: ", page)
        assert not re.search("la tomó un programa|Eine Software hat das entschieden|Un logiciel a pris cette décision", page)

    def test_between_the_thresholds_a_person_decides(self, told):
        assert "between the thresholds. A person decides." in page_of(told, BAND)

    def test_a_customer_who_opted_out_is_said_and_no_score_is_shown(self, told):
        page = page_of(told, PERMISSION)
        assert "opted out of automated decisions" in page
        assert "The model was not called" in page
        for absent in ("Score", "<svg", 'id="for"', "<details", 'id="waterfall"'):
            assert absent not in page

    def test_a_check_that_refused_is_named(self, told):
        assert "(not-locally-accurate)" in page_of(told, SAFEGUARD)

    @pytest.mark.parametrize("end", [PERMISSION, SAFEGUARD], ids="-".join)
    def test_no_heading_stands_over_nothing(self, told, end):
        page = page_of(told, end)
        for absent in ('id="for"', 'id="against"', "<details", "Nothing"):
            assert absent not in page

    @every_panel
    def test_the_outcome_is_the_headline_with_the_case_and_the_time(self, told, end, language):
        page, words = page_of(told, end, language), told[end][1].vocabulary.speak(language)
        assert f"<h1>{words.say(f'outcome-{end[1]}')}</h1>" in page
        assert "R-4711" in page
        assert re.search(r"11:30", page)  # half past ten UTC on Dublin's clock


class TestReasons:
    @every_panel
    def test_what_speaks_for_and_against_stands_on_its_own_side(self, told, end, language):
        record, panel = told[end][0], panel_of(told, end, language)
        said = (record.explained.texts or {}).get(language, {}).get("agent", ())
        fired = {one.code for one in record.explained.decision.fired}
        for way in ("for", "against"):
            expected = [one.text for one in said if one.direction == way and one.code not in fired]
            assert [one.text for one in panel.why.sides[way]] == expected
            assert [one.text for one in (*panel.why.first(way), *panel.why.others(way))] == expected

    def test_strongest_first_with_their_strength_in_words(self, told):
        panel, order = panel_of(told, SCORE), ["strong", "medium", "slight"]
        for way in ("for", "against"):
            strengths = [order.index(one.strength) for one in panel.why.sides[way]]
            assert strengths
            assert strengths == sorted(strengths)
        assert '<span class="strength strong">strong</span>' in as_page(panel)

    def test_priority_speaks_of_urgency_and_not_of_for_and_against(self, told):
        page = page_of(told, ("priority_scoring", "P1", "score"))
        assert "Raised the urgency" in page
        assert "Lowered the urgency" in page
        assert "Speaks for" not in page

    @every_panel
    def test_what_the_customer_reads_is_what_the_letter_says(self, told, end, language):
        recorded = (told[end][0].explained.texts or {}).get(language, {}).get("customer", ())
        assert panel_of(told, end, language).reading.reasons == tuple(recorded)

    @every_panel
    def test_and_it_opens_as_the_letter_does(self, told, end, language):
        letter = as_text(write_letter(*told[end], language), Footer("", "", ""))
        for sentence in panel_of(told, end, language).reading.opening:
            assert " ".join(sentence.split()) in " ".join(letter.split())

    def test_what_would_have_changed_it_is_said_as_recorded_and_only_when_something_was(self, told):
        assert 'id="change"' not in page_of(told, PERMISSION)
        record, release = told[SCORE]
        advice = Sentence("recourse", "for", "strong", "With two photos, it would have been approved.")
        texts = {one: {**said, RECOURSE: (advice,)} for one, said in record.explained.texts.items()}
        page = as_page(build_panel(replace(record, explained=record.explained._replace(texts=texts)), release, "en", ""))
        assert page.index("What would have changed it") < page.rindex(advice.text)

    @every_panel
    def test_what_to_say_aloud_names_softwares_part_the_decisive_reason_and_a_person(self, told, end, language):
        record, release = told[end]
        words = release.vocabulary.speak(language)
        said = build_panel(record, release, language, "").disclosure
        reasons = sentences_of(record, "customer", language)
        changes = {one.text for one in sentences_of(record, RECOURSE, language)}
        assert said[:2] == (words.say(f"outcome-{record.explained.decision.outcome}.headline"), words.say(f"part-{part(end)}"))
        assert [one.text for one in sentences_of(record, RECOURSE, language)[:1]] == [one for one in said if one in changes]
        assert said[2:3] == ((f"{words.say('say-most')} {reasons[0].text}",) if reasons else said[2:3])
        best, person = release.pack.outcomes[0].code, release.pack.person
        asked = {best: [words.say("say-person.best")], person: []}.get(end[1], [words.say("say-person")])
        assert [one for one in said if one in {words.say("say-person"), words.say("say-person.best")}] == asked
        page = unescape(page_of(told, end, language))
        assert all(f"<p>{one}</p>" in page for one in said)

    def test_the_letter_is_one_step_away(self, told):
        assert 'href="/letter/x?t=token"' in page_of(told, SCORE)


class TestMissingData:
    def test_what_is_missing_clipped_or_unknown_is_named_and_nothing_else(self, record_of, releases):
        facts = ending(releases["refund_approval"][0], "approve", "score")
        facts |= {"photos": None, "channel": "phone", "delivery_delay_days": 500, "tracking_status": "teleported"}
        record, release = record_of("refund_approval", "approve", "score", facts)
        assert build_panel(record, release, "en", "").missing == (
            "Delivery delay: outside the usual range, taken as 90 days",
            "Parcel tracking: a value we do not know, treated as missing",
            "Photos sent: not possible this way",
        )

    def test_a_fact_that_was_left_out_is_as_missing_as_one_that_is_null(self, record_of, releases):
        facts = ending(releases["refund_approval"][0], "decline", "score")
        del facts["delivery_delay_days"]
        for given in (facts, facts | {"delivery_delay_days": None}):
            record, release = record_of("refund_approval", "decline", "score", given)
            assert build_panel(record, release, "en", "").missing == ("Delivery delay: no day was promised",)

    def test_nothing_is_said_when_nothing_is_missing(self, told):
        assert panel_of(told, SCORE).missing == ()
        assert 'id="missing"' not in page_of(told, SCORE)

    def test_nothing_is_missing_where_no_model_looked(self, record_of, releases):
        facts = ending(releases["refund_approval"][0], "decline", "score") | {"delivery_delay_days": None}
        record, release = record_of("refund_approval", "refer", "permission", facts)
        assert build_panel(record, release, "en", "").missing == ()


class TestHistory:
    def told_afterwards(self, told, language, *since) -> Panel:
        record, release = told[SCORE]
        return build_panel(record, release, language, "", since=since)

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", ["Letter opened by its link (page, English)", "Letter opened by its link (PDF, Spanish)"]),
            ("es", ["Carta abierta por su enlace (página, inglés)", "Carta abierta por su enlace (PDF, español)"]),
            ("de", ["Brief über seinen Link geöffnet (Seite, Englisch)", "Brief über seinen Link geöffnet (PDF, Spanisch)"]),
            ("fr", ["Lettre ouverte par son lien (page, anglais)", "Lettre ouverte par son lien (PDF, espagnol)"]),
        ],
    )
    def test_a_line_says_in_which_form_and_language_a_letter_left(self, told, language, said):
        letters = (Since(AT, "page", "html", "en"), Since(AT, "page", "pdf", "es"))
        _, *after = self.told_afterwards(told, language, *letters).history
        assert [what for _, what in after] == said

    def test_the_same_again_is_counted_on_one_line_until_something_else_happens(self, told):
        page, text = Since(AT, "page", "html", "en"), Since(AT, "api", "text", "de")
        times = [replace(page, at=AT + timedelta(days=days)) for days in (0, 1, 2)]
        _, *after = self.told_afterwards(told, "en", *times, text, page).history
        assert after == [
            ("May 4, 2026, 11:30", "Letter opened by its link (page, English), 3 times, last on May 6, 2026, 11:30"),
            ("May 4, 2026, 11:30", "Letter fetched by a program (plain text, German)"),
            ("May 4, 2026, 11:30", "Letter opened by its link (page, English)"),
        ]

    def test_what_is_no_letter_has_neither_form_nor_language(self, told):
        _, (_, what) = self.told_afterwards(told, "en", Since(AT, "referral")).history
        assert what == "Texts did not match the record; handed to a person"

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "All times are Dublin time."),
            ("es", "Todas las horas son las de Dublín."),
            ("de", "Alle Zeiten sind Ortszeit in Dublin."),
            ("fr", "Toutes les heures sont celles de Dublin."),
        ],
    )
    def test_it_says_on_whose_clock_its_times_are(self, told, language, said):
        assert said in page_of(told, SCORE, language)


class TestGauge:
    @pytest.mark.parametrize("end", [one for one in ENDS if one[2] in {"score", "band", "rule"}], ids="-".join)
    def test_the_mark_stands_at_the_score_among_the_thresholds_of_the_pack(self, told, end):
        record, release = told[end]
        page = page_of(told, end)
        mark = float(re.findall(r'class="mark" cx="([\d.]+)%" cy="0.75em"', page)[0])
        edges = [float(one) for one in re.findall(r'class="edge" x="([\d.]+)%"', page)]
        assert mark == pytest.approx(100 * score(record.explained.decision.margin), abs=0.006)
        expected = sorted(100 * score(band.at_least) for band in release.pack.bands if band.at_least is not None)
        assert edges == pytest.approx(expected, abs=0.006)
        if end[2] in {"score", "band"}:  # as many thresholds lie below the mark as bands lie below the outcome
            assert sum(edge <= mark for edge in edges) == [one.outcome for one in reversed(release.pack.bands)].index(end[1])

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(("distance", "far"), [(0.0, "close"), (0.2, "close"), (0.3, "near"), (0.99, "near"), (1.0, "far")])
    @pytest.mark.parametrize("end", [SCORE, BAND], ids="-".join)
    def test_how_close_it_was_is_said_in_words(self, told, end, distance, far, language):
        record, release = told[end]
        explained = record.explained._replace(decision=record.explained.decision._replace(distance=distance))
        gauge = build_panel(replace(record, explained=explained), release, language, "").gauge
        assert gauge
        assert gauge.distance.startswith(release.vocabulary.speak(language).say(f"panel-distance-{far}"))
        assert re.search(r" (25|75)[\s\u00a0\u202f]?%( up)?\s?: .+\.$", gauge.distance)
        _, other = gauge.distance.rsplit(": ", 1)
        outcomes = {"approve": {"refer"}, "decline": {"refer"}, "refer": {"approve", "decline"}}[end[1]]
        assert other.removesuffix(".") in {release.vocabulary.speak(language).say(f"outcome-{one}") for one in outcomes}

    def test_it_says_what_the_score_is_a_score_of(self, told):
        gauge = panel_of(told, SCORE).gauge
        share = gauge.shown.removesuffix("%")
        said = f"The software’s own estimate: in about {share} of 100 cases like this, a person on our team approved the refund."
        assert gauge.meaning == said
        assert f'<p class="quiet meaning">{said}</p>' in page_of(told, SCORE)

    @pytest.mark.parametrize("end", [one for one in ENDS if one[2] in {"score", "band"}], ids="-".join)
    def test_the_zone_of_the_score_is_marked(self, told, end):
        gauge = panel_of(told, end).gauge
        low, high = gauge.zone
        assert low <= gauge.at <= high
        assert not [edge for edge in gauge.edges if low < edge < high]

    @pytest.mark.parametrize("end", [one for one in ENDS if one[2] in {"rule", "safeguard"}], ids="-".join)
    def test_nothing_is_called_close_or_far_when_the_score_did_not_decide(self, told, end):
        for language in LANGUAGES:
            page, words = page_of(told, end, language), told[end][1].vocabulary.speak(language)
            assert not [far for far in ("close", "near", "far") if words.say(f"panel-distance-{far}") in page]
            assert re.search(r'aria-label="[^"]+: [^"]+\."', page)

    def test_it_can_be_read_without_seeing_it(self, told):
        assert re.search(r'<svg class="gauge"[^>]* role="img" aria-label="Score: \d+%\. [^"]+"', page_of(told, SCORE))
        assert re.search(r'aria-label="Score: \d+ of 100\. ', page_of(told, ("priority_scoring", "P3", "score")))

    def test_how_similar_past_cases_ended_comes_with_its_uncertainty(self, told):
        record, release = told[SCORE]
        margin = record.explained.decision.margin
        (band,) = (
            one for one in release.uncertainty if (one.low is None or margin >= one.low) and (one.high is None or margin < one.high)
        )
        said = panel_of(told, SCORE).similar or ""
        assert f"{band.cases:,}" in said
        for share in (band.rate, band.rate_low, band.rate_high):
            assert f"{round(share, 2):.0%}" in said
        assert "ended like this" not in said  # which read as if the refund had been approved

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_heading_and_a_sentence_before_it_say_what_it_is_for(self, told, language):
        page, say = page_of(told, SCORE, language).replace("&#39;", "'"), told[SCORE][1].vocabulary.speak(language).say
        heading = f'<h2 id="sure">{say("panel-sure")}</h2>'
        assert f"{heading}\n<p>{say('panel-sure-text')} {panel_of(told, SCORE, language).similar}</p>" in page
        for end in (PERMISSION, SAFEGUARD):
            assert say("panel-sure") not in page_of(told, end, language)

    @pytest.mark.parametrize("end", [one for one in ENDS if one[2] in {"score", "band"}], ids="-".join)
    def test_similar_cases_have_a_similar_score_and_are_many(self, told, end):
        """Ten points at most, which is what the wide tenths of all cases did not keep."""
        record, release = told[end]
        band = similar_cases(record.explained.decision.margin, release.uncertainty)
        assert band.cases >= 200
        assert abs(band.rate - score(record.explained.decision.margin)) < 0.1

    @pytest.mark.parametrize(("cases", "said"), [(49, False), (50, True)])
    def test_how_fewer_than_fifty_people_fared_is_not_said(self, told, cases, said):
        record, release = told[SCORE]
        few = release_with(release, tuple(replace(one, cases=cases) for one in release.uncertainty))
        assert bool(build_panel(record, few, "en", "").similar) == said
        quality = [text for one in write_letter(record, few, "en").details for text in one.paragraphs]
        assert any(text.startswith(f"We looked at {cases} past cases") for text in quality) == said


class TestWhatNobodyMaySee:
    @every_panel
    def test_protected_attributes_never_appear(self, told, end, language):
        release, page = told[end][1], page_of(told, end, language)
        assert release.pack.training.audit_groups
        for group in release.pack.training.audit_groups:
            assert group not in page
            assert group.replace("_", " ") not in page.lower()

    @every_panel
    def test_no_number_of_the_model_is_on_an_agent_s_page(self, told, end, language):
        split, page = told[end][0].explained.attribution, page_of(told, end, language)
        assert "log-odds" not in page
        for number in () if split is None else (*split.phi.tolist(), split.baseline, split.margin):
            for digits in (3, 2):
                shown = f"{abs(number):.{digits}f}"
                assert not re.search(rf"[+−-]{re.escape(shown)}\b", page.replace(",", ".")), shown

    def test_a_sensitive_value_is_not_shown_even_when_it_was_adjusted(self, record_of, releases):
        release = releases["priority_scoring"][0]
        facts = ending(release, "P1", "score")
        record, _ = record_of("priority_scoring", "P1", "score", facts)
        private = [one.name for one in release.pack.features if one.sensitive and facts.get(one.name)]
        assert private
        words = release.vocabulary.speak("en")
        page = as_page(build_panel(record, release, "en", ""))
        for name in private:
            assert words.say(f"feature-{name}.level-{facts[name]}") not in page

    def test_the_customers_reference_is_not_on_the_page(self, told):
        assert "Ana Ruiz 4711" not in page_of(told, SCORE, customer="Ana Ruiz 4711")


class TestLanguages:
    def test_small_links_lead_to_the_other_languages_of_the_pack(self, told):
        assert panel_of(told, SCORE, "en").languages == (("es", "Español"), ("de", "Deutsch"), ("fr", "Français"))
        assert '<a href="?lang=en" lang="en" hreflang="en">English</a>' in page_of(told, SCORE, "es")

    def test_a_region_reads_its_language_throughout(self, told):
        assert page_of(told, SCORE, "es-MX") == page_of(told, SCORE, "es")

    @pytest.mark.parametrize(("language", "name"), [("en", "Case priority"), ("es", "Prioridad del caso")])
    def test_the_header_speaks_to_the_agent(self, told, language, name):
        assert panel_of(told, ("priority_scoring", "P2", "score"), language).heading.subject == name
