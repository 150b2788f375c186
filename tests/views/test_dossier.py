"""The dossier's page: nothing runs out of it, in either light, at any width, and as one file it leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explainer.service.auditing.casefile import show_dossier
from explainer.service.decide import Case, decide
from explainer.service.doors.revoking import revoke_links
from explainer.service.inspect import COMMAND, PAGE, Recipient, Wanted, find, send_letter
from tests.browser import open_browser
from tests.support import SHIPPED


@pytest.fixture
def alone(services, sampled) -> str:
    record = decide(Case(SHIPPED[0], "<b>C-1", "R-1", "en", sampled(SHIPPED[0], 1)[0]), "key", services).record
    send_letter(find(record.id, services), Wanted("text", "es"), Recipient(COMMAND, "tester"), services)
    services.sealer().seal()
    return show_dossier(find(record.id, services), "en", Recipient(COMMAND, "tester"), services, alone=True)


def test_as_one_file_it_asks_for_nothing_and_escapes_what_it_shows(alone):
    assert re.findall(r'(?:src|href)="(?!data:)[^"]+"', alone) == []
    assert "<b>C-1" not in alone
    assert "<style>" in alone


def test_it_says_in_words_who_saw_what_by_which_door(services, alone, sampled):
    assert "<br>letter written on the command line by tester (text, es)</li>" in alone
    record = decide(Case(SHIPPED[0], "C-2", "R-2", "en", sampled(SHIPPED[0], 1)[0]), "other", services).record
    send_letter(find(record.id, services), Wanted("html", "en"), Recipient(PAGE), services)
    revoke_links(record, find(record.id, services).release, "kim", services, views=("letter",))
    page = show_dossier(find(record.id, services), "en", Recipient(PAGE, "ana"), services)
    assert "links to the letter taken back by kim" in page
    assert "<br>letter opened on a page by the holder of a link (html, en)</li>" in page
    assert " · html, en · opened on a page by the holder of a link · written again: same</summary>" in page


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_runs_out_of_the_page(alone, scheme, width, tmp_path: Path):
    (tmp_path / "dossier.html").write_text(alone)
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto((tmp_path / "dossier.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        right = page.locator(".stacks :is(th, td)").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        assert max(right) <= width
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("heading", name="Place in the sealed log").is_visible()
