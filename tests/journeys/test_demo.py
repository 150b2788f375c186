"""The demo: one command, and a newcomer sees a refund decided, its why panel and its letter in a browser."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from explainer.service.access import create_key
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.browser import open_browser
from tests.cases import rows
from tests.journeys.conftest import Process, running
from tests.support import MODELS

CASES = 90  # enough for one of each kind
UP_SECONDS = 200  # training two packs on a slow machine included

pytestmark = pytest.mark.slow


@dataclass
class Demo:
    """A demo that was started, and what it printed."""

    process: Process
    home: Path
    printed: str

    def link(self, what: str, pack: str = "A refund that the score declined") -> str:
        """The first link of that name below that heading."""
        found = re.search(rf"{re.escape(pack)}\n(?:    .*\n)*?  +{what} +(\S+)", self.printed)
        assert found, self.printed
        return found[1]

    def ask(self, path: str, key: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.process.address + path, body and json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def fresh_key(self) -> str:
        """A key of our own, of another role than those that were printed."""
        services = open_services(Settings(home=self.home, models=MODELS))
        key = create_key("journey", ("auditor",), 1, services)
        services.close()
        return key

    def decisions(self) -> int:
        return int(rows(self.home, "SELECT count(*) FROM entry_index WHERE kind = 'decision'")[0][0])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo") / "home"
    with running(home, "demo", "--cases", str(CASES)) as process:
        process.wait_until(lambda: "auditor" in process.out.read_text(), UP_SECONDS)
        yield Demo(process, home, process.out.read_text())


class TestWhatItPrints:
    def test_links_to_a_panel_a_letter_and_the_documentation_and_keys(self, demo):
        assert demo.link("panel").startswith(f"{demo.process.address}/panel/")
        assert demo.link("letter in English").endswith("&lang=en")
        assert demo.link("letter in Spanish").endswith("&lang=es")
        assert f"{demo.process.address}/docs" in demo.printed
        assert len(re.findall(r"exk_[0-9a-f]{12}_\S+", demo.printed)) == 5

    def test_keys_of_the_roles_that_its_calls_need(self, demo):
        keys = dict(re.findall(r"^  (\w+) +(exk_\S+)$", demo.printed, re.MULTILINE))
        assert list(keys) == ["integrator", "agent", "supervisor", "auditor", "privacy_officer"]
        assert demo.ask("/v1/customers/demo-refund_approval-0000/data", keys["privacy_officer"])["entries"]

    def test_the_origin_that_a_token_for_a_panel_can_be_had_for(self, demo):
        (origin,) = re.findall(r"^  origin +(\S+)", demo.printed, re.MULTILINE)
        key = re.search(r"^  integrator +(\S+)$", demo.printed, re.MULTILINE)[1]
        decision = demo.link("panel").split("/panel/")[1].split("?")[0]
        assert demo.ask(f"/v1/decisions/{decision}/panel-tokens", key, {"origin": origin})["token"].startswith("ext_")

    @pytest.mark.parametrize(
        "label",
        [
            "A refund that the score declined",
            "A refund that a rule approved",
            "A refund between the thresholds, sent to a person",
            "A refund of a customer who opted out of software deciding",
            "A case of the highest priority, P1",
        ],
    )
    def test_one_decision_of_each_kind_says_what_it_is(self, demo, label):
        assert demo.link("panel", label).startswith(f"{demo.process.address}/panel/")

    @pytest.mark.parametrize("path", ["/", "/docs", "/cards/refund_approval", "/cards/priority_scoring"])
    def test_open_pages_need_no_key(self, demo, path):
        assert re.search(rf" {re.escape(demo.process.address + path)}$", demo.printed, re.MULTILINE)
        assert demo.process.answers(path)

    def test_every_printed_key_opens_the_api(self, demo):
        for key in re.findall(r"exk_[0-9a-f]{12}_\S+", demo.printed):
            assert [one["pack"] for one in demo.ask("/v1/packs", key)] == ["priority_scoring", "refund_approval"]

    def test_it_decided_as_many_cases_as_it_was_told(self, demo):
        assert demo.decisions() == CASES

    def test_progress_goes_to_stderr(self, demo):
        said = demo.process.err.read_text()
        for pack in ("refund_approval", "priority_scoring"):
            assert f"{pack}: training" in said
            assert f"{pack}: release " in said

    def test_only_its_owner_can_read_the_master_key(self, demo):
        assert stat.S_IMODE((demo.home / "master.key").stat().st_mode) == 0o600


class TestAgain:
    def test_a_second_time_it_works_and_adds_no_case(self, demo):
        with running(demo.home, "demo", "--cases", str(CASES), "--no-serve") as again:
            assert again.popen.wait(UP_SECONDS) == 0
            printed, said = again.out.read_text(), again.err.read_text()
        assert demo.decisions() == CASES
        assert "is in use" in said
        assert "training" not in said
        assert len(re.findall(r"/panel/", printed)) == len(re.findall(r"/panel/", demo.printed))
        for key in re.findall(r"exk_[0-9a-f]{12}_\S+", demo.printed + printed):  # what somebody has copied still works
            assert demo.ask("/v1/packs", key)

    def test_a_port_that_is_taken_is_said_before_anything_is_done(self, demo, tmp_path):
        environment = {**os.environ, "EXPLAINER_HOME": str(tmp_path / "home"), "EXPLAINER_PORT": str(demo.process.port)}
        command = [str(Path(sys.executable).parent / "explainer"), "demo"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"explainer: port {demo.process.port} is in use; choose another with EXPLAINER_PORT\n"
        assert not (tmp_path / "home").exists()


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.mark.browser
class TestInABrowser:
    @pytest.fixture
    def page(self, browser) -> Iterator[Any]:
        """A page that notes whatever goes wrong in it, or is fetched from elsewhere."""
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.wrong = []
        page.on("console", lambda said: page.wrong.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("requestfailed", lambda asked: page.wrong.append(asked.url))
        ours = ("http://127.0.0.1", "data:")
        page.on("request", lambda asked: None if asked.url.startswith(ours) else page.wrong.append(asked.url))
        yield page
        assert page.wrong == []
        page.close()

    def enter(self, page, link: str, button: str, case: str | None = None) -> None:
        page.goto(link)
        assert page.locator("table, dl, ol, ul").count() == 0  # a door without any data
        if case is not None:
            page.get_by_role("textbox").fill(case)
        page.get_by_role("button", name=button).click()

    def picture(self, page, pictures: Path, name: str) -> None:
        """Photograph a page as it looks on a desk and on a phone; nothing may stick out of either."""
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
            assert (pictures / f"{name}-{width}.png").stat().st_size > 10_000

    def test_the_link_leads_through_a_door_to_the_panel(self, demo, page, pictures):
        self.enter(page, demo.link("panel"), "Open")
        assert page.get_by_role("heading", level=1).inner_text() == "Not approved"
        for said in ("Speaks for", "Speaks against", "Say aloud", "What the customer reads"):
            assert page.get_by_role("heading", name=said, exact=True).is_visible()
        assert "t=" not in page.url
        self.picture(page, pictures, "panel")

    def test_the_panel_leads_to_the_letter(self, demo, page):
        self.enter(page, demo.link("panel"), "Open")
        page.get_by_role("link", name="Open the letter").click()
        page.get_by_label("Case number").fill(demo.link("case number"))
        page.get_by_role("button", name="Open").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Our decision about your refund request"

    @pytest.mark.parametrize(
        ("language", "button", "title", "code"),
        [
            ("English", "Open", "Our decision about your refund request", "Verification code"),
            ("Spanish", "Abrir", "Nuestra decisión sobre ", "Código de verificación"),
        ],
    )
    def test_the_letter_opens_in_each_language(self, demo, page, pictures, language, button, title, code):
        self.enter(page, demo.link(f"letter in {language}"), button, demo.link("case number"))
        assert page.get_by_role("heading", level=1).inner_text().startswith(title)
        assert re.search(rf"{code}\s+([0-9A-F]{{4}}-){{3}}[0-9A-F]{{4}}", page.locator("footer").inner_text())
        self.picture(page, pictures, f"letter-{language.lower()}")

    def test_a_priority_that_is_found_by_the_api_opens_too(self, demo, page, pictures):
        (found,) = demo.ask("/v1/decisions?pack=priority_scoring&limit=1", demo.fresh_key())["decisions"]
        self.enter(page, f"{found['links']['panel']}&lang=en", "Open")
        assert page.get_by_role("heading", level=1).inner_text().startswith(found["outcome"])
        assert page.get_by_role("heading", name="Raised the urgency").is_visible()
        self.picture(page, pictures, "panel-priority")

    def test_a_desktop_on_another_origin_shows_the_panel_of_a_case_that_is_chosen(self, demo, page, pictures):
        desktop = demo.link("desktop", "The panel inside a contact centre's desktop, on an origin of its own:")
        assert not desktop.startswith(demo.process.address)
        page.goto(desktop)
        page.get_by_role("link", name="Not approved").first.click()
        heading = page.frame_locator("why-panel iframe").get_by_role("heading", level=1)
        assert heading.inner_text() == "Not approved"
        self.picture(page, pictures, "desktop")

    def test_the_documentation_shows_every_operation(self, demo, page):
        page.goto(f"{demo.process.address}/docs")
        page.locator(".opblock").first.wait_for()
        assert page.locator(".opblock").count() == 20
        assert page.get_by_text("/v1/packs/{pack}/decisions").first.is_visible()


class TestTheEnd:
    def test_an_interrupt_ends_it_and_its_server(self, demo):
        """Last in this file: the demo is gone afterwards."""
        assert demo.process.answers()
        assert demo.process.end() == 0
        assert not demo.process.answers("/healthz")
