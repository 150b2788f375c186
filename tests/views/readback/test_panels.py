"""Panels read back: whatever a panel says that its record does not is found, and every panel that says the same passes."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace

import pytest

from explainer.explanations.standing import CLOSE, FAR, NEAR, wrong_similar, wrong_standing
from explainer.explanations.wording import CUSTOMER
from explainer.packs.definition import Pack
from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.phrases import Phrases, Vocabulary
from explainer.views.disclosure import sentences_of
from explainer.views.panel import Panel, _standing, build_panel
from explainer.views.readback.panels import misprints
from explainer.views.showing import show_score
from tests.cases import ENDS
from tests.support import MODELS, SHIPPED
from tests.views.letters import BY_SCORE, LANGUAGES

MARGINS = 1000
REFUND = SHIPPED[0]
SCORE, RULE, PERMISSION = ((REFUND, *end) for end in (("decline", "score"), ("decline", "rule"), ("refer", "permission")))


def panel_of(told, end, language: str = "en") -> Panel:
    return build_panel(*told[end], language, f"/letter/{told[end][0].id}?lang={language}&t=token")


def found_in(changed: Panel, told, end) -> str:
    """What is found, without the language."""
    return "; ".join(one.partition(": ")[2] for one in misprints(changed, *told[end]))


def with_standing(panel: Panel, **changed) -> Panel:
    return replace(panel, gauge=replace(panel.gauge, standing=replace(panel.gauge.standing, **changed)))


def another_digit(text: str) -> str:
    """The text with its last digit changed."""
    at = [place for place, letter in enumerate(text) if letter.isdigit()][-1]
    return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("end", ENDS, ids="-".join)
def test_what_is_built_from_a_record_passes(told, end, language):
    assert misprints(panel_of(told, end, language), *told[end]) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("end", BY_SCORE, ids="-".join)
class TestHowCloseItWas:
    def test_another_distance_in_its_words_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        for how in {CLOSE, NEAR, FAR} - {panel.gauge.standing.how}:
            words = panel.words.say(f"panel-distance-{how}")
            assert found_in(with_standing(panel, said=words), told, end) == "its words do not say how close it was"
            both = found_in(with_standing(panel, said=words, how=how), told, end)
            assert both == "asserts another distance; its words do not say how close it was"

    def test_another_threshold_in_its_words_is_found(self, told, end, language):
        panel, pack = panel_of(told, end, language), told[end][1].pack
        nearest = panel.gauge.standing.threshold
        others = [band.at_least for band in pack.bands if band.at_least not in (None, nearest)]
        said = [
            panel.words.say("panel-threshold", way="up", score=show_score(one, pack, panel.words), outcome="x") for one in others
        ]
        for words in (*said, another_digit(panel.gauge.standing.to), panel.gauge.standing.said, ""):
            assert found_in(with_standing(panel, to=words), told, end).startswith("its words do not say")

    def test_another_threshold_that_it_asserts_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        away = with_standing(panel, threshold=panel.gauge.standing.threshold + 0.01)
        assert found_in(away, told, end) == "asserts a threshold that is not the nearest one"

    def test_another_score_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        said = replace(panel, gauge=replace(panel.gauge, shown=another_digit(panel.gauge.shown)))
        assert found_in(said, told, end) == "it says another score"
        heading = replace(panel.heading, decided_by=another_digit(panel.heading.decided_by))
        assert found_in(replace(panel, heading=heading), told, end) == "it tells otherwise what decided"

    def test_another_mark_or_threshold_in_the_drawing_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        for drawn in ({"at": panel.gauge.at + 0.01}, {"edges": panel.gauge.edges[1:]}, {"edges": (0.1, *panel.gauge.edges[1:])}):
            wrong = replace(panel, gauge=replace(panel.gauge, **drawn))
            assert found_in(wrong, told, end) == "it draws another score or other thresholds"

    def test_no_distance_or_no_score_at_all_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        assert "not what it did" in found_in(replace(panel, gauge=replace(panel.gauge, standing=None)), told, end)
        assert "none where there is one" in found_in(replace(panel, gauge=None), told, end)

    def test_another_number_of_similar_cases_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        assert found_in(replace(panel, similar=another_digit(panel.similar)), told, end).startswith("similar cases: another")
        assert found_in(replace(panel, similar=None), told, end) == "similar cases: told of too few, or not told"

    def test_another_end_of_similar_cases_is_found(self, told, end, language):
        panel = panel_of(told, end, language)
        event = panel.words.say("score-event")
        assert found_in(replace(panel, similar=panel.similar.replace(event, "x")), told, end) == "similar cases: another end"


class TestWhatDidNotDecide:
    def test_is_called_neither_close_nor_far(self, told):
        other = panel_of(told, SCORE).gauge
        panel = panel_of(told, RULE)
        assert "that the score did not decide" in found_in(
            replace(panel, gauge=replace(panel.gauge, standing=other.standing)), told, RULE
        )

    def test_has_no_score_when_no_model_was_called(self, told):
        panel, other = panel_of(told, PERMISSION), panel_of(told, SCORE)
        assert "a score where there is none" in found_in(replace(panel, gauge=other.gauge), told, PERMISSION)
        assert "there is no score" in found_in(replace(panel, similar=other.similar), told, PERMISSION)


class TestWhatDecided:
    @pytest.mark.parametrize("end", ENDS, ids="-".join)
    def test_another_part_of_software_or_outcome_is_found(self, told, end):
        panel = panel_of(told, end)
        for other in ENDS:
            if other[0] == end[0] and other[1:] != end[1:]:
                heading = panel_of(told, other).heading
                wrong = replace(panel, heading=replace(panel.heading, decided_by=heading.decided_by))
                assert found_in(wrong, told, end) == "it tells otherwise what decided"
                if other[1] != end[1]:
                    turned = replace(panel, heading=replace(panel.heading, outcome=heading.outcome))
                    assert found_in(turned, told, end) == "it tells another outcome"

    def test_another_case_is_found(self, told):
        panel = panel_of(told, SCORE)
        assert found_in(replace(panel, heading=replace(panel.heading, case="R-4712")), told, SCORE) == "it names another case"

    def test_another_rule_is_found(self, told):
        panel = panel_of(told, RULE)
        heading = replace(panel.heading, decided_by=panel.words.say("panel-by-rule", rule="We said so."))
        assert found_in(replace(panel, heading=heading), told, RULE) == "it tells otherwise what decided"

    def test_what_is_said_aloud_and_read_by_the_customer(self, told):
        panel, other = panel_of(told, SCORE), panel_of(told, RULE)
        for wrong in (
            replace(panel, disclosure=(other.disclosure[0], other.disclosure[1], *panel.disclosure[2:])),
            replace(panel, disclosure=("We approved your refund.", *panel.disclosure[1:])),
            replace(panel, reading=replace(panel.reading, opening=(panel.reading.opening[0], other.reading.opening[1]))),
            replace(panel, reading=replace(panel.reading, opening=("We approved your refund.", panel.reading.opening[1]))),
        ):
            assert found_in(wrong, told, SCORE) == "it tells otherwise what the customer reads or hears"
        second = sentences_of(told[SCORE][0], CUSTOMER, "en")[1].text
        aloud = replace(panel, disclosure=(*panel.disclosure[:2], f"{panel.words.say('say-most')} {second}", *panel.disclosure[3:]))
        assert found_in(aloud, told, SCORE) == "it says another reason aloud"

    def test_what_is_said_aloud_is_all_there_with_nothing_before_it(self, told):
        panel = panel_of(told, SCORE)
        for said in ((), panel.disclosure[:2], (*panel.disclosure[:2], f"This is not the reason: {panel.disclosure[2]}")):
            assert "it says another reason aloud" in found_in(replace(panel, disclosure=said), told, SCORE)


class TestSentences:
    def test_a_reason_on_the_other_side_left_out_or_in_another_order_is_found(self, told):
        panel = panel_of(told, SCORE)
        sides = panel.why.sides
        moved = {"for": (*sides["for"], sides["against"][0]), "against": sides["against"][1:]}
        for changed in (moved, {**sides, "for": sides["for"][1:]}, {**sides, "against": sides["against"][::-1]}):
            assert "are not the recorded ones" in found_in(replace(panel, why=replace(panel.why, sides=changed)), told, SCORE)

    def test_what_would_have_changed_it_and_what_the_customer_reads_are_the_recorded_ones(self, told):
        panel = panel_of(told, SCORE)
        reading = replace(panel.reading, reasons=panel.reading.reasons[::-1])
        for wrong in (replace(panel, recourse=()), replace(panel, reading=reading)):
            assert "not the recorded ones in their order" in found_in(wrong, told, SCORE)


LACKING = {"delivery_delay_days": None, "tenure_months": 100_000}


class TestMissingFacts:
    @pytest.fixture
    def lacking(self, record_of, told):
        facts = told[SCORE][0].explained.row.facts | LACKING
        return {SCORE: record_of(*SCORE, facts)}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_one_left_out_or_said_otherwise_is_found(self, lacking, language):
        panel = panel_of(lacking, SCORE, language)
        assert misprints(panel, *lacking[SCORE]) == []
        assert len(panel.missing) == 2
        assert "1 missing facts for 2" in found_in(replace(panel, missing=panel.missing[1:]), lacking, SCORE)
        for place, feature in enumerate(LACKING):
            others = [panel.missing[1 - place], "x", another_digit(panel.missing[place]) if place else "Delivery delay: no delay"]
            for said in others:
                missing = (*panel.missing[:place], said, *panel.missing[place + 1 :])
                assert f"what became of {feature}" in found_in(replace(panel, missing=missing), lacking, SCORE)

    @pytest.mark.parametrize("label", ["Proof: how long", "Proof: outside the usual range, taken as: what"])
    def test_a_label_may_hold_what_stands_between_it_and_its_value(self, lacking, label):
        record, release = lacking[SCORE]
        files = read_models(MODELS, REFUND)
        for name in LACKING:
            files["phrases/en.ftl"] = re.sub(rf"(?m)^(feature-{name} =).*", rf"\1 {label} {name}", files["phrases/en.ftl"])
        release = replace(release, vocabulary=Vocabulary(release.pack, files, shared_words(files)))
        panel = build_panel(record, release, "en", "")
        assert all(one.startswith(label) for one in panel.missing)
        assert misprints(panel, record, release) == []
        swapped = replace(panel, missing=panel.missing[::-1])
        assert "what became of tenure_months" in "; ".join(misprints(swapped, record, release))


def test_a_score_that_no_past_case_is_near_has_no_similar_cases(told):
    _, release = told[SCORE]
    words = release.vocabulary.speak("en")
    assert [*wrong_similar(None, math.nan, release.uncertainty, fewest=50, phrases=words)] == []
    assert [*wrong_similar("We looked.", math.nan, release.uncertainty, fewest=50, phrases=words)]


class TestAThousandScores:
    """Wherever a score stands: what is said of it passes, and each lie about it is found."""

    def cases(self, releases, name: str):
        release, _ = releases[name]
        edges, rng = [band.at_least for band in release.pack.bands if band.at_least is not None], random.Random(name)
        for number in range(MARGINS):
            margin = rng.choice([rng.gauss(0, 3), rng.choice(edges) + rng.choice([-1, 1]) * 10 ** rng.uniform(-9, 0.2)])
            phrases = release.vocabulary.every[number % len(LANGUAGES)]
            distance = min(abs(margin - edge) for edge in edges)
            yield _standing(margin, distance, sorted(edges), pack=release.pack, phrases=phrases), margin, release.pack, phrases

    @pytest.mark.parametrize("name", SHIPPED)
    def test_what_is_said_of_one_is_so(self, releases, name):
        assert [found for one in self.cases(releases, name) if (found := [*wrong_standing(*one)])] == []

    @pytest.mark.parametrize("name", SHIPPED)
    def test_every_lie_about_one_is_found(self, releases, name):
        for said, margin, pack, phrases in self.cases(releases, name):
            lies = [replace(said, how=how, said=phrases.say(f"panel-distance-{how}")) for how in {CLOSE, NEAR, FAR} - {said.how}]
            lies += [replace(said, threshold=one, to=to) for one, to in self.others(said.threshold, pack, phrases)]
            lies += [replace(said, to=another_digit(said.to))]
            for lie in lies:
                assert [*wrong_standing(lie, margin, pack, phrases)], (margin, lie)

    def others(self, nearest: float, pack: Pack, phrases: Phrases):
        """Thresholds that are farther, as they would be said."""
        for band in pack.bands:
            if band.at_least not in (None, nearest):
                yield (
                    band.at_least,
                    phrases.say("panel-threshold", way="up", score=show_score(band.at_least, pack, phrases), outcome="x"),
                )


class TestColourAndPicture:
    def test_the_colour_of_another_outcome_is_found(self, told):
        panel = panel_of(told, SCORE)
        for tone in {"good", "middle", "bad"} - {panel.heading.tone}:
            assert (
                found_in(replace(panel, heading=replace(panel.heading, tone=tone)), told, SCORE)
                == "its colour is that of another outcome"
            )

    def test_a_score_of_something_else_is_found(self, told):
        panel = panel_of(told, SCORE)
        for meaning in (None, panel.words.say("panel-score-of", n=round(100 * panel.gauge.at), event="the refund was refused")):
            found = found_in(replace(panel, gauge=replace(panel.gauge, meaning=meaning)), told, SCORE)
            assert found == "it says of something else what the score is"

    def test_another_share_of_cases_is_found(self, told):
        panel = panel_of(told, SCORE)
        meaning = panel.words.say("panel-score-of", n=round(100 * panel.gauge.at) + 1, event=panel.words.say("score-event"))
        found = found_in(replace(panel, gauge=replace(panel.gauge, meaning=meaning)), told, SCORE)
        assert found == "it says of another share of cases what the score is"

    def test_another_outcome_beyond_the_threshold_is_found(self, told):
        panel, pack = panel_of(told, SCORE), told[SCORE][1].pack
        shown = show_score(panel.gauge.standing.threshold, pack, panel.words)
        for code in ("approve", "decline"):
            to = panel.words.say("panel-threshold", way="up", score=shown, outcome=panel.words.say(f"outcome-{code}"))
            if to != panel.gauge.standing.to:
                found = found_in(with_standing(panel, to=to), told, SCORE)
                assert found == "its words do not say what lies beyond the nearest threshold"

    def test_the_wrong_side_of_the_threshold_is_found(self, told):
        panel, pack = panel_of(told, SCORE), told[SCORE][1].pack
        standing = panel.gauge.standing
        beyond = {"score": show_score(standing.threshold, pack, panel.words), "outcome": panel.words.say("outcome-refer")}
        assert standing.to == panel.words.say("panel-threshold", way="up", **beyond)
        found = found_in(with_standing(panel, to=panel.words.say("panel-threshold", way="down", **beyond)), told, SCORE)
        assert found == "its words name the wrong side of the nearest threshold"

    def test_a_bar_of_another_length_way_strength_or_place_is_found(self, told):
        panel = panel_of(told, SCORE)
        first, *others = panel.waterfall.bars
        for bars in (
            (replace(first, end=first.end + 0.01), *others),
            (replace(first, way="for" if first.way == "against" else "against"), *others),
            (replace(first, strength="slight" if first.strength != "slight" else "strong"), *others),
            (*others, first),
            tuple(others),
        ):
            drawn = replace(panel, waterfall=replace(panel.waterfall, bars=bars))
            assert "picture" in found_in(drawn, told, SCORE)

    def test_other_thresholds_or_ends_of_the_picture_are_found(self, told):
        panel = panel_of(told, SCORE)
        picture = panel.waterfall
        for drawn in (
            replace(picture, thresholds=picture.thresholds[::-1]),
            replace(picture, start_score=another_digit(picture.start_score)),
            replace(picture, end_score=another_digit(picture.end_score)),
            None,
        ):
            assert "picture" in found_in(replace(panel, waterfall=drawn), told, SCORE)
