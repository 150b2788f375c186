"""Histories read back: another time, another event, one left out or made up is found in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from explainer.views.panel import Panel, Since, build_panel
from explainer.views.readback.panels import misprints
from tests.cases import ENDS
from tests.views.letters import LANGUAGES
from tests.views.readback.test_panels import another_digit, found_in

AT = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
WEEKS = [Since(AT + timedelta(days=7 * week, hours=13), "page", "html", "en") for week in range(3)]
SINCE = [*WEEKS, Since(AT + timedelta(days=200), "api", "pdf", "fr"), Since(AT + timedelta(days=201), "referral")]
END = ("refund_approval", "decline", "score")


def panel_of(told, language: str, end=END) -> Panel:
    return build_panel(*told[end], language, f"/letter/{told[end][0].id}", since=SINCE)


def found(panel: Panel, told, since=SINCE, end=END) -> str:
    return "; ".join(one.partition(": ")[2] for one in misprints(panel, *told[end], since=since))


@pytest.mark.parametrize("language", LANGUAGES)
class TestWhatHappened:
    @pytest.mark.parametrize("end", ENDS, ids="-".join)
    def test_passes_as_it_is_told(self, told, end, language):
        panel = panel_of(told, language, end)
        assert len(panel.history) == 4  # three letters on one line
        assert found(panel, told, end=end) == ""

    @pytest.mark.parametrize("month", range(1, 13))
    def test_passes_in_every_month_and_with_no_other_day(self, told, month, language):
        record, release = told[END]
        record = replace(record, at=datetime(2026, month, 3, 23, 59, tzinfo=UTC))
        panel = build_panel(record, release, language, "")
        assert misprints(panel, record, release) == []
        for days in (1, 28, 31, 365):
            assert misprints(panel, replace(record, at=record.at + timedelta(days=days)), release)
        assert misprints(panel, replace(record, at=record.at - timedelta(minutes=1)), release)

    def test_is_found_where_a_line_is_left_out_made_up_or_elsewhere(self, told, language):
        panel = panel_of(told, language)
        first, *lines = panel.history
        for changed in (lines[1:], lines[:-1], lines[::-1], [*lines, lines[-1]], [lines[0], *lines]):
            assert "its history" in found(replace(panel, history=(first, *changed)), told)
        assert "its history begins otherwise" in found(replace(panel, history=panel.history[::-1]), told)
        assert "its history begins otherwise" in found(replace(panel, history=()), told)

    def test_is_found_with_another_digit(self, told, language):
        panel = panel_of(told, language)
        for place, (at, what) in enumerate(panel.history):
            lies = [(another_digit(at), what)] + ([(at, another_digit(what))] if any(map(str.isdigit, what)) else [])
            for lie in lies:
                history = (*panel.history[:place], lie, *panel.history[place + 1 :])
                assert "time" in found(replace(panel, history=history), told), lie

    def test_is_found_as_another_event_than_it_was(self, told, language):
        panel, last = panel_of(told, language), SINCE[-2]
        for other in (replace(last, what="page"), replace(last, form="text"), replace(last, locale="de")):
            assert found(panel, told, [*WEEKS, other, SINCE[-1]]) == "its history tells of something else"
        assert found(panel, told, [*WEEKS, last, replace(last, at=SINCE[-1].at)]) == "its history tells of something else"
        assert "its history" in found(panel, told, SINCE[1:])
        assert found(panel, told, [*SINCE, SINCE[-1]]) == "its history leaves something out"


def test_the_time_beside_the_case_is_the_record_s(told):
    panel = panel_of(told, "en")
    heading = replace(panel.heading, decided_at=another_digit(panel.heading.decided_at))
    assert found(replace(panel, heading=heading), told) == "it tells of another time"


def test_another_clock_subject_release_or_language_is_found(told):
    panel = panel_of(told, "en")
    lies = {"times": "All times are Paris time.", "heading": replace(panel.heading, subject="Loans")}
    lies |= {"release": "0" * 64, "languages": panel.languages[1:]}
    for part, lie in lies.items():
        assert found(replace(panel, **{part: lie}), told), part


@pytest.mark.parametrize("address", ["/letter/{id}?lang=de", "/letter/x", "/letter/", "/letter/x?t={id}", "/letter/{id}x"])
def test_the_letter_of_another_case_is_no_place_to_lead_to(told, address):
    record, release = told[END]
    panel = build_panel(record, release, "en", address.replace("{id}", record.id))
    assert found_in(panel, told, END) == "it leads to another letter"
