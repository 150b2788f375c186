"""Settings: which desktops may embed panels, and what a letter's door asks for, is said exactly, or not at all."""

from __future__ import annotations

import pytest

from explainer.errors import BadSettings
from explainer.settings import read_settings

GOOD = (
    "https://desk.example",
    "https://desk.example:8443",
    "https://a-b.c9.example",
    "http://localhost:3000",
    "http://127.0.0.1:8081",
    "http://[::1]:8081",
)
BAD = (
    "https://desk.example/", "https://desk.example/app", "https://*.example", "*", "desk.example", "https://Desk.example", "null",
    "http://desk.example", "https://desk.example:443", "http://localhost:80", "https://user@desk.example",
    "https://desk.example; script-src *", "https://desk.example 'self'", "https://", "ftp://desk.example", "https://desk.example:0",
    "javascript://x", "https://dësk.example",
)  # fmt: skip


class TestPanelOrigins:
    def test_nobody_may_embed_panels_unless_somebody_is_named(self):
        assert read_settings().desktops == ()

    def test_exact_origins_are_taken_in_order(self, monkeypatch):
        monkeypatch.setenv("EXPLAINER_PANEL_ORIGINS", " , ".join(GOOD) + ",")
        assert read_settings().desktops == GOOD

    @pytest.mark.parametrize("bad", BAD)
    def test_anything_else_is_refused(self, monkeypatch, bad):
        monkeypatch.setenv("EXPLAINER_PANEL_ORIGINS", f"{GOOD[0]},{bad}")
        with pytest.raises(BadSettings, match="EXPLAINER_PANEL_ORIGINS"):
            read_settings()

    def test_every_mistake_is_named_and_nothing_else(self, monkeypatch):
        monkeypatch.setenv("EXPLAINER_PANEL_ORIGINS", f"{BAD[0]},{GOOD[0]},{BAD[2]}")
        with pytest.raises(BadSettings) as refused:
            read_settings()
        assert f"EXPLAINER_PANEL_ORIGINS: {BAD[0]}, {BAD[2]}: an origin is " in str(refused.value)


class TestLetterFactor:
    def test_the_case_number_is_asked_for_unless_somebody_says_otherwise(self, monkeypatch):
        assert read_settings().letter_factor == "case_number"
        monkeypatch.setenv("EXPLAINER_LETTER_FACTOR", "none")
        assert read_settings().letter_factor == "none"

    @pytest.mark.parametrize("bad", ["None", "off", "case number", "sms"])
    def test_anything_else_is_refused(self, monkeypatch, bad):
        monkeypatch.setenv("EXPLAINER_LETTER_FACTOR", bad)
        with pytest.raises(BadSettings, match="EXPLAINER_LETTER_FACTOR: must be one of: case_number, none"):
            read_settings()
