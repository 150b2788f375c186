"""The README's calls, typed into a shell as they stand there: each does what is said of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from explainer.service.access import ROLES, create_key
from explainer.service.decide import Case, decide
from explainer.service.releases import sample_facts
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.support import MODELS, ROOT
from tests.test_cli import runner

README = (ROOT / "README.md").read_text("utf-8")
DESK = "http://127.0.0.1:8081"  # the origin of the demo's desktop, as the README names it
# Instead of sending: the words that the shell made of each call, for the app that stands in this process.
CURL = r"""curl() { printf '%s\0' "$@" $'\n' >&3; }"""


@dataclass(frozen=True)
class Call:
    """One call of curl, and what the app answered."""

    method: str
    path: str
    answer: TestResponse


def blocks(heading: str) -> list[str]:
    """The shell commands below a heading."""
    section = re.split(r"^## ", README.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]
    return re.findall(r"^```sh\n(.*?)^```", section, flags=re.DOTALL | re.MULTILINE)


def typed(script: str, given: dict[str, str], home: Path) -> list[list[str]]:
    """Run commands as they stand, but for what the reader has to fill in; returns the words of each call of curl."""
    for name, value in given.items():
        script, count = re.subn(rf"^{name}=(?:exk_)?….*$", f"{name}={value}", script, flags=re.MULTILINE)
        assert count == 1, f"the README lets {name} be filled in"
    script = re.sub(r"^\. \.venv/bin/activate.*$", "", script, flags=re.MULTILINE)  # the environment of these tests is in force
    here = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    words = home.parent / "words"
    with words.open("wb") as said:
        subprocess.run(
            ["bash", "-euc", f"exec 3>&{said.fileno()}\n{CURL}\n{script}"],
            cwd=home.parent,
            env=here | {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)},
            pass_fds=[said.fileno()],
            stdout=subprocess.DEVNULL,
            check=True,
        )
    lines = words.read_bytes().decode().split("\0")
    return [list(some) for is_call, some in groupby(lines[:-1], lambda one: one != "\n") if is_call]


def send(words: Sequence[str], services: Services, folder: Path) -> Call:
    """Send what curl would send."""
    said, headers, method, url = iter(words), {}, "", ""
    data: bytes | None = None
    for word in said:
        if word == "-X":
            method = next(said)
        elif word == "-H":
            name, _, value = next(said).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-binary"}:
            value = next(said)
            data = (folder / value[1:]).read_bytes() if value.startswith("@") else value.encode()
        elif word != "-s":
            url = word
    address = urlsplit(url)
    method = method or ("GET" if data is None else "POST")
    client = create_app(services).test_client()
    answer = client.open(address.path, method=method, headers=headers, data=data, query_string=address.query)
    return Call(method, address.path, answer)


@pytest.fixture(scope="module")
def calls(trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Call], Services]]:
    """Every call under "A request and its reply" and "The panel in your desktop", in their order."""
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("readme") / "home"))
    services = open_services(Settings(home=home, models=MODELS, panel_origins=DESK))
    keys = {name: create_key("readme", (role,), None, services) for name, role in (("KEY", "integrator"), ("AUDITOR", "auditor"))}
    first, following = blocks("A request and its reply")
    (decided,) = typed(first, keys, home)
    made = [send(decided, services, home.parent)]
    rest = "\n".join([*(f"{name}={key}" for name, key in keys.items()), "PORT=8080", following])
    panel, *_ = blocks("The panel in your desktop")
    made += [send(words, services, home.parent) for words in typed(f"{rest}\n{panel}", {"ID": made[0].answer.json["id"]}, home)]
    yield made, services
    services.close()


class TestTheCalls:
    def test_are_all_answered(self, calls):
        made, _ = calls
        assert [(one.method, one.path.rsplit("/", 1)[1]) for one in made] == [
            ("POST", "decisions"),
            ("PUT", "preferences"),
            ("GET", "decisions"),
            ("GET", "letter"),
            ("POST", "replays"),
            ("POST", "bulk"),
            ("POST", "panel-tokens"),
        ]
        assert [one.answer.text for one in made if one.answer.status_code not in {200, 201}] == []

    @pytest.fixture
    def answers(self, calls) -> dict[str, Any]:
        made, _ = calls
        return {one.path.rsplit("/", 1)[1]: one.answer for one in made[1:]}

    def test_the_search_finds_the_customer_s_decisions(self, answers, calls):
        assert calls[0][0].answer.json["id"] in {one["id"] for one in answers["decisions"].json["decisions"]}

    def test_the_letter_is_a_spanish_text(self, answers):
        assert answers["letter"].mimetype == "text/plain"
        assert "NUESTRA DECISIÓN" in answers["letter"].text

    def test_a_replay_finds_the_same(self, answers):
        assert answers["replays"].json["same"] is True

    def test_each_line_of_many_is_decided(self, answers):
        (said,) = map(json.loads, answers["bulk"].text.splitlines())
        assert said["outcome"] == "decline"

    def test_whoever_opted_out_is_decided_by_a_person_from_the_next_case_on(self, calls):
        made, services = calls
        assert made[0].answer.json["decisive"] == "score"
        (facts,) = sample_facts("refund_approval", services.settings, None, 1)
        case = Case("refund_approval", "C-1001", "R-next", "en", facts)
        assert decide(case, "next", services).record.explained.decision.decisive == "permission"


class TestWhatIsSaid:
    def test_of_a_hold_can_be_typed_both_ways(self, home):
        commands = re.findall(r"`explainer (customers hold REF [^`]*--reason) …`", README)
        assert len(commands) == 2
        for one in commands:
            assert runner(home)(*one.replace("REF", "C-5").split(), "lawsuit").exit_code == 0

    def test_every_role_has_its_line(self):
        assert re.findall(r"^\| `(\w+)` \| ", README.split("**Keys and roles.**")[1].split("\n## ")[0], flags=re.MULTILINE) == list(
            ROLES
        )
