"""The house rules: what every change must leave true."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import click
import pytest

import explainer.errors
from explainer.cli import main
from explainer.decisions.scoring import score
from explainer.packs.registry import read_models
from explainer.packs.release import check_pack, shared_words
from explainer.road import travel
from explainer.settings import PREFIX, Settings
from explainer.views.disclosure import RULE_PERSON
from tests.pictures import shown_in
from tests.support import MODELS, ROOT

PACKAGE = ROOT / "explainer"
MODULES = sorted(PACKAGE.rglob("*.py"))
README = (ROOT / "README.md").read_text("utf-8")
SAID = re.compile(r"""say\("([a-z][a-z0-9-]*)"( ~)?""")
# The same, by hand, as compiled instructions: what runs when nothing is compiled.
STAND_INS = {"decisions/compiled.py: and_rows", "decisions/compiled.py: add_rows"}
PACKS = sorted(path.parent.name for path in MODELS.glob("*/pack.yaml"))


class TestTheCode:
    """Read as a whole, beside the other tests: types alone take one processor a minute the first time."""

    @pytest.mark.slow
    @pytest.mark.parametrize("words", ["mypy", "ruff check", "lint-imports"])
    def test_has_nothing_that_its_readers_find_wrong(self, words):
        command, *rest = words.split()
        done = subprocess.run([Path(sys.executable).parent / command, *rest], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


class TestImports:
    def test_the_web_app_starts_without_what_it_does_not_need_at_once(self):
        code = "import sys, explainer.web.app; print(*sys.modules)"
        loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
        assert "flask" in loaded
        assert {"shap", "pandas", "lightgbm", "matplotlib", "typst"}.isdisjoint(loaded)


class TestRoomsAndModules:
    @pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_module_opens_by_saying_what_it_knows(self, module):
        assert ast.get_docstring(ast.parse(module.read_text("utf-8")))

    @pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_module_can_be_read_in_one_sitting(self, module):
        alone = module == PACKAGE / "verify.py"  # travels in sealed packs as one file, and may not be cut up
        assert len(module.read_text("utf-8").splitlines()) <= (750 if alone else 400)

    @pytest.mark.parametrize(
        "room", sorted({path.parent for path in MODULES if "migrations" not in path.parts}), ids=lambda p: p.name
    )
    def test_a_room_has_at_most_seven_modules(self, room):
        if room != PACKAGE:  # the house itself: rooms and the few modules that stand between them
            assert len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= 7

    @pytest.mark.parametrize(
        "init", [p for p in MODULES if p.name == "__init__.py" and p.parent != PACKAGE], ids=lambda p: p.parent.name
    )
    def test_the_init_of_a_room_is_a_docstring(self, init):
        assert [type(node) for node in ast.parse(init.read_text("utf-8")).body] == [ast.Expr]

    def test_functions_are_read_without_scrolling(self):
        """Compiled functions are loops over arrays, and cannot be cut up as freely."""
        long = {
            place: lines for place, node in _functions() if (lines := _lines_of_code(node)) > (45 if _is_compiled(node) else 25)
        }
        assert long == {}

    def test_a_call_says_what_its_arguments_are(self):
        """At most four by position; more have to be named, or a value is missing. Compiled functions take arrays, not values."""
        many = {place: count for place, node in _functions() if (count := _by_position(node)) > 4 and not _is_compiled(node)}
        assert set(many) - STAND_INS == set(), many


class TestErrors:
    def test_every_error_stands_in_the_drawn_tree_and_has_a_code_of_its_own(self):
        drawn = set(re.findall(r"[A-Z]\w+", explainer.errors.__doc__ or ""))
        errors = [one for one in vars(explainer.errors).values() if isinstance(one, type) and issubclass(one, Exception)]
        assert {one.__name__ for one in errors} - drawn == set()
        assert len({one.code for one in errors}) == len(errors)


class TestWords:
    @pytest.mark.parametrize("pack", PACKS)
    def test_every_phrase_key_exists_in_every_language(self, pack):
        check_pack(read_models(MODELS, pack), pack)  # lists every missing or unknown key

    def test_every_shared_message_the_code_says_exists(self):
        words = shared_words(read_models(MODELS, PACKS[0]))
        said = {
            key
            for path in [*MODULES, *(PACKAGE / "views" / "templates").glob("*.html")]
            for key in re.findall(
                r"""(?:say\(f?|_either\()["']([a-z][a-z0-9-]+)["'][,)]|["']((?:letter|value|door)-[a-z-]+[a-z])["']""",
                path.read_text("utf-8"),
            )
            for key in filter(None, key)
        }
        assert {"letter-title", "agent-reason", "value-or-more", "door-expired"} <= said
        for language, text in words.items():
            known = set(re.findall(r"^([a-z][\w-]*) *=", text, flags=re.MULTILINE))
            assert said - known - {"pack-name", "pack-subject", "not-used", "score-event", "compared-with"} == set(), language

    @pytest.mark.parametrize("path", sorted(MODELS.rglob("*.ftl")), ids=lambda path: str(path.relative_to(MODELS)))
    def test_nothing_is_written_that_nobody_says(self, path):
        written = set(re.findall(r"^([a-z][\w-]*) *=", path.read_text("utf-8"), flags=re.MULTILINE))
        assert {key for key in written if not _keys_in_the_code().fullmatch(key)} == set()

    def test_no_template_holds_words_of_its_own(self):
        for name in ("panel.html", "waterfall.html", "embed.html", "letter.html", "door.html"):
            text = (PACKAGE / "views" / "templates" / name).read_text("utf-8")
            text = re.sub(r"\{% block kind %\}.*", "", text)
            bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", text, flags=re.DOTALL)
            assert re.findall(r"[A-Za-z]{2,}", bare) == [], name


class TestReadme:
    def test_every_setting_is_documented(self):
        for field in dataclasses.fields(Settings):
            row = f"| `{PREFIX}{field.name.upper()}` | {_shown(field.default)} | {field.metadata['about']} |"
            assert row in README, row

    def test_its_commands_equal_help(self):
        block = README.split("<!-- commands -->")[1].strip().strip("`").removeprefix("text").strip()
        assert block == "\n".join(_commands(main, "explainer"))

    @pytest.mark.parametrize("command", ["make demo", "make test"])
    def test_it_names_the_two_commands(self, command):
        assert command in README
        assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)

    def test_the_printed_reply_is_the_reply_to_the_printed_request(self, releases, sampled):
        """As far as the score and the outcome go; ids, times and addresses are of their own day."""
        block = README.split("```json")[1].split("```")[0].replace("…", "")
        printed = json.loads(block)
        release, model = releases["refund_approval"]
        (facts,) = sampled("refund_approval", 1)
        reached = travel(facts, release, model, date.fromisoformat(printed["decided_at"][:10])).decision
        assert (printed["outcome"], printed["decisive"], printed["rules"]) == (reached.outcome, reached.decisive, [])
        assert printed["margin"] == pytest.approx(reached.margin, abs=5e-4)
        assert printed["score"] == pytest.approx(score(reached.margin), abs=5e-4)

    def test_its_shell_commands_say_where_everything_comes_from(self):
        block = README.split("## A request and its reply")[1].split("```json")[0]
        for said in (". .venv/bin/activate", "KEY=", "integrator", "EXPLAINER_PORT"):
            assert said in block

    def test_its_pictures_are_there(self):
        pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
        assert {Path(one).name for one in pictures} == {"desktop.png", "panel.png", "letter.png"}
        assert all((ROOT / picture).is_file() for picture in pictures)

    @pytest.mark.parametrize("name", ["desktop", "panel", "letter"])
    def test_who_takes_a_picture_is_told_where_it_is_shown(self, name):
        page, line = shown_in(name).split(":")
        assert f"pictures/{name}.png" in (ROOT / page).read_text("utf-8").splitlines()[int(line) - 1]


class TestContinuousIntegration:
    def test_it_calls_the_test_command_of_the_readme(self):
        assert re.search(r"\bmake test\b", (ROOT / ".ci" / "run").read_text("utf-8"))

    def test_every_dependency_is_pinned(self):
        setup = (ROOT / "setup.cfg").read_text("utf-8")
        block = setup.split("install_requires =")[1].split("[options.packages.find]")[0]
        wanted = {_plain(line) for line in re.findall(r"^    ([A-Za-z][\w.\[\]-]*)$", block, flags=re.MULTILINE)}
        pinned = {
            _plain(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line
        }
        assert wanted - pinned == set()


@cache
def _keys_in_the_code() -> re.Pattern[str]:
    """What is every text in the code and the pages that may be a phrase's key; what is put into one stands for anything."""
    found: set[str] = set()
    for path in MODULES:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        inside = {id(one) for node in nodes if isinstance(node, ast.JoinedStr) for one in node.values}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                found.add(re.escape(node.value) + (r"\w+" if node.value.endswith("-") else ""))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_either":
                found.add(f"{ast.literal_eval(node.args[0])}-open")  # what it says when a person will decide
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(one.value)) if isinstance(one, ast.Constant) else rf"(?:\w+|{RULE_PERSON})" for one in node.values
                ]
                found.add("".join(parts).partition(r"\.")[0])  # a message is said when one of its attributes is
    for path in (PACKAGE / "views" / "templates").glob("*.html"):
        found |= {re.escape(key) + (r"[\w-]+" if more else "") for key, more in SAID.findall(path.read_text("utf-8"))}
    return re.compile("|".join(sorted(one for one in found if re.match(r"[a-z]", one))))


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the house, named by module and name."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(PACKAGE)}: {node.name}", node


def _is_compiled(node: ast.FunctionDef) -> bool:
    """Whether a function becomes machine code: it stands under @compiled, or is an instruction of its own."""
    names = [one.func if isinstance(one, ast.Call) else one for one in node.decorator_list]
    return any(isinstance(one, ast.Name) and one.id in {"compiled", "intrinsic"} for one in names)


def _by_position(node: ast.FunctionDef) -> int:
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in {"self", "cls"}])


def _lines_of_code(node: ast.FunctionDef) -> int:
    documented = 0
    if ast.get_docstring(node):
        documented = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return (node.end_lineno or 0) - node.lineno + 1 - documented


def _shown(default: object) -> str:
    return "" if default in ("", None) else f"`{default}`"


def _plain(requirement: str) -> str:
    return re.sub(r"\[.*", "", requirement).lower().replace("_", "-").replace(".", "-")


def _commands(command: click.Command, path: str) -> Iterator[str]:
    """Each command with its arguments and the first line of its help."""
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands(command.commands[name], f"{path} {name}")
        return
    context = click.Context(command, info_name=path)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    yield f"{f'{path} {usage}'.strip():<38}  {command.get_short_help_str(limit=120)}"
