"""The waterfall: what it draws is what was recorded, and its table says the same."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from explainer.explanations.reasons import SCORE_REASON, strength_of
from explainer.views.panel import as_page, build_panel
from explainer.views.waterfall import Waterfall, build_waterfall
from tests.cases import ENDS

SCORED = [end for end in ENDS if end[2] not in {"permission", "safeguard"}]
every_end = pytest.mark.parametrize("end", SCORED, ids="-".join)


def drawn(told, end, language="en") -> Waterfall:
    record, release = told[end]
    found = build_waterfall(record, release.pack, release.vocabulary.speak(language))
    assert found
    return found


class TestPicture:
    @every_end
    def test_it_leads_from_the_baseline_through_every_bar_to_the_margin(self, told, end):
        picture = drawn(told, end)
        places = [picture.start, *(bar.end for bar in picture.bars)]
        assert places[:-1] == [bar.start for bar in picture.bars]
        assert places[-1] == pytest.approx(picture.end, abs=1e-6)

    @every_end
    def test_bars_are_the_recorded_reasons_in_their_order_and_what_is_left(self, told, end):
        record, release = told[end]
        reasons = [one for one in record.explained.reasons["agent"] if one.kind == SCORE_REASON]
        picture = drawn(told, end)
        bars = picture.bars[: len(reasons)]
        assert [(bar.way, bar.strength) for bar in bars] == [(one.direction, one.strength) for one in reasons]
        assert [bar.label for bar in picture.bars[len(reasons) :]] in ([], ["Everything else"])
        say = release.vocabulary.speak("en").say
        for bar, one in zip(bars, reasons, strict=True):
            members = release.pack.members[one.code]
            assert bar.label == say(f"feature-{members[0]}" if len(members) == 1 else f"group-{one.code}")

    @every_end
    def test_lengths_are_to_scale_and_point_the_way_they_count(self, told, end):
        record, picture = told[end][0], drawn(told, end)
        reasons = [one for one in record.explained.reasons["agent"] if one.kind == SCORE_REASON]
        scale = {round((bar.end - bar.start) / one.push, 6) for bar, one in zip(picture.bars, reasons, strict=False)}
        assert len(scale) == 1
        assert scale.pop() > 0  # to the right is in the customer's favour
        assert all((bar.end > bar.start) == (bar.way == "for") for bar in picture.bars)
        assert all(0 <= place <= 100 for bar in picture.bars for place in (bar.left, bar.left + bar.width))

    @pytest.mark.parametrize("end", [one for one in SCORED if one[2] in {"score", "band"}], ids="-".join)
    def test_the_case_ends_between_the_thresholds_of_its_outcome(self, told, end):
        picture, words = drawn(told, end), told[end][1].vocabulary.speak("en")
        assert [one.at for one in picture.thresholds] == sorted(one.at for one in picture.thresholds)
        passed = [one.outcome for one in picture.thresholds if one.at <= picture.end]
        lowest = words.say(f"outcome-{told[end][1].pack.bands[-1].outcome}")
        assert [lowest, *passed][-1] == words.say(f"outcome-{end[1]}")

    @pytest.mark.parametrize("end", sorted(set(ENDS) - set(SCORED)), ids="-".join)
    def test_where_nothing_was_weighed_nothing_is_drawn(self, told, end):
        record, release = told[end]
        assert build_waterfall(record, release.pack, release.vocabulary.speak("en")) is None

    def test_a_case_like_the_baseline_is_drawn_too(self, told):
        record, release = told["refund_approval", "approve", "score"]
        split = record.explained.attribution
        flat = replace(split, phi=np.zeros_like(split.phi), baseline=split.margin)
        explained = record.explained._replace(attribution=flat, reasons={"agent": (), "customer": ()})
        picture = build_waterfall(replace(record, explained=explained), release.pack, release.vocabulary.speak("en"))
        assert picture
        assert (picture.bars, picture.start) == ((), picture.end)


class TestForThoseWhoDoNotSeeIt:
    @every_end
    @pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
    def test_the_table_says_what_the_picture_draws(self, told, end, language):
        record, release = told[end]
        page, words = as_page(build_panel(record, release, language, "")), release.vocabulary.speak(language)
        rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>", page)
        assert rows == [
            (bar.label, words.say(f"panel-{bar.way}"), words.say(f"strength-{bar.strength}"))
            for bar in drawn(told, end, language).bars
        ]
        assert len(re.findall(r'<rect class="bar (?:for|against)"', page)) == len(rows)

    @every_end
    def test_it_has_a_title_and_says_in_a_sentence_what_it_shows(self, told, end):
        record, release = told[end]
        page, picture = as_page(build_panel(record, release, "en", "")), drawn(told, end)
        assert '<div class="waterfall" role="img" aria-label="How the score came about. It starts' in page
        ups, downs = (sum(bar.way == way for bar in picture.bars) for way in ("for", "against"))
        assert f"{ups} pushed to the right and {downs} to the left" in page
        assert f"({picture.start_score}) and leads to this case ({picture.end_score})" in page

    def test_strength_is_that_of_the_reasons(self, told):
        """What is left over is measured by the same yardstick."""
        record, picture = told["refund_approval", "decline", "score"][0], drawn(told, ("refund_approval", "decline", "score"))
        split = record.explained.attribution
        left = split.margin - split.baseline - sum(one.push for one in record.explained.reasons["agent"] if one.push)
        assert picture.bars[-1].strength == strength_of(left)
