"""The model card: what people say and what was measured on one page, and no way to put a script into it."""

import re

import pytest

from explainer.training.card import write_card
from tests.little import PACK, little_pack
from tests.support import MODELS, SHIPPED

METRICS = {
    "cases": 1000, "trained_on": 3000, "from": "2024-01-01", "to": "2025-01-01", "held_out_from": "2025-01-02",
    "held_out_to": "2025-06-01",
    "rate": 0.41, "auc": 0.8765, "brier": 0.1234,
    "calibration": [{"mean_score": 0.31, "rate": 0.3, "rate_low": 0.25, "rate_high": 0.36, "cases": 100}],
    "outcomes": {
        "approve": {"cases": 400, "share": 0.4, "rate": 0.9, "interval": (0.87, 0.93)},
        "refer": {"cases": 600, "share": 0.6, "rate": 0.2, "interval": (0.17, 0.23)},
        "decline": {"cases": 0, "share": 0.0, "rate": None, "interval": None},
    },
}  # fmt: skip


def card(human_half, pack=None):
    return write_card(pack or little_pack(), human_half, METRICS, versions={"lightgbm": "4.7.0"}, reference_rows=60)


class TestBothHalves:
    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_release_are_there(self, pack, releases):
        release = releases[pack][0]
        human = (MODELS / pack / "CARD.md").read_text("utf-8")
        for heading in re.findall(r"^#+ (.+)$", human, re.MULTILINE):
            assert f">{heading}</h" in release.card
        assert f"{release.metrics['auc']:.3f}" in release.card
        assert f"{release.metrics['cases']:,}" in release.card

    def test_measured_figures_are_shown(self):
        said = card("# Words").replace("\u00a0%", " %")
        assert all(figure in said for figure in ("0.876", "0.123", "41.0 %", "1,000", "3,000", "87.0 – 93.0 %", "31.0 %"))

    def test_a_band_nobody_reached_shows_a_dash(self):
        assert re.search(r"decline</th>.*?<td>–</td><td>–</td>", card("# Words"), re.DOTALL)

    def test_every_feature_is_told_with_its_source_and_direction(self):
        said = card("# Words")
        assert all(f'<th scope="row">{one.name}</th>' in said for one in little_pack().features)
        assert "<td>order</td>\n<td>down</td>" in said

    def test_who_may_never_be_a_feature_is_named(self):
        assert "only for audits: language_group." in card("# Words")

    def test_tables_of_the_human_half_are_tables(self):
        assert "<td>b</td>" in card("| x |\n|---|\n| b |\n")


class TestForeignHtml:
    @pytest.mark.parametrize(
        "evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "text <b onclick=x>bold</b>", "<!-- hidden -->"]
    )
    def test_in_the_human_half_is_shown_as_text(self, evil):
        said = card(f"# Words\n\n{evil}\n")
        assert evil not in said
        assert evil.replace("<", "&lt;").replace(">", "&gt;") in said

    @pytest.mark.parametrize("link", ["[x](javascript:alert(1))", "[x](data:text/html,evil)", "[x](vbscript:x)"])
    def test_a_link_that_would_run_something_is_no_link(self, link):
        assert "<a " not in card(link)

    def test_in_the_declarations_is_shown_as_text(self):
        pack = little_pack(pack=PACK.replace("title: Little pack", 'title: "<script>alert(1)</script>"'))
        assert "<script>" not in card("# Words", pack)

    def test_the_page_loads_nothing_from_elsewhere(self, releases):
        assert not re.search(r'(src|href)="(https?:)?//', card("# Words"))
