"""The two commands' steps, run on machines made up of a few programs: what is missing, who installs it, what a second time does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import ROOT

COREUTILS = ("bash", "cat", "cksum", "ls", "mkdir", "mktemp", "rm", "tail", "touch", "uname")
PRINT_STEPS = f"include {ROOT / 'Makefile'}\nprint-steps:\n\t@printf '%s' \"$$STEPS\"\n"
# Has what a Debian package brings once its name was given to apt-get.
PYTHON = """\
case "$*" in
    *ensurepip*) [ -e "$0.python3-venv" ] ;;
    *libgomp*) [ -e "$0.libgomp1" ] ;;
    *version_info*) [ ! -e "$0.too-old" ] ;;
    -V) echo Python 3.9.1 ;;
esac
"""
APT_GET = """\
echo "$*" >>"{here}/apt-get.log"
[ "$1" != install ] || [ ! -e "{here}/lists-are-old" ] || {{ echo "E: Unable to locate package"; exit 100; }}
[ "$1" != update ] || rm "{here}/lists-are-old"
[ "$1" = install ] || exit 0
[ ! -e "{here}/closed" ] || {{ echo "E: closed"; exit 100; }}
for name in "$@"; do
    case $name in
        chromium) touch "{here}/bin/chromium"; /bin/chmod +x "{here}/bin/chromium" ;;
        postgresql) touch "{here}/bin/initdb"; /bin/chmod +x "{here}/bin/initdb" ;;
        *) touch "{here}/bin/python3.$name" ;;
    esac
done
"""


@dataclass
class Machine:
    """A machine with the programs of one folder and no others."""

    here: Path
    steps: str

    @property
    def bin(self) -> Path:
        return self.here / "bin"

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!{self.bin / 'bash'}\n{script}")
        path.chmod(0o755)

    def has(self, *packages: str) -> None:
        """Let packages be installed already."""
        for name in packages:
            program = {"chromium": "chromium", "postgresql": "initdb"}.get(name)
            self.program(program, "") if program else (self.bin / f"python3.{name}").touch()

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a line of the steps as make does."""
        return subprocess.run(
            [self.bin / "bash", "-c", f'eval "$STEPS"; of=5; {script}'],
            cwd=self.here,
            env={"PATH": str(self.bin), "HOME": str(self.here), "PYTHON": "python3", "STEPS": self.steps} | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def asked(self) -> list[str]:
        """What apt-get was asked for."""
        log = self.here / "apt-get.log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture(scope="module")
def steps() -> str:
    return subprocess.run(
        ["make", "-s", "-f", "-", "print-steps"], cwd=ROOT, input=PRINT_STEPS, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def bare(steps, tmp_path) -> Machine:
    """A bare Debian machine, as root: Python without venv, no OpenMP, no browser, no database."""
    machine = Machine(tmp_path, steps.replace("/usr/lib/postgresql/", f"{tmp_path}/postgresql/"))  # this machine's own is not there
    machine.bin.mkdir()
    for name in COREUTILS:
        found = shutil.which(name)
        assert found, name
        (machine.bin / name).symlink_to(found)
    machine.program("python3", PYTHON)
    machine.program("apt-get", APT_GET.format(here=tmp_path))
    machine.program("id", "echo 0")
    return machine


ALL = ("python3-venv", "libgomp1", "chromium", "postgresql")
INSTALL = "apt-get install -y --no-install-recommends"
PACKAGES = 'system_packages "python3-venv libgomp1" "chromium postgresql"'


class TestDebianPackages:
    def test_root_gets_what_is_missing_and_is_told(self, bare):
        done = bare.run(PACKAGES)
        assert done.returncode == 0, done.stderr
        assert bare.asked == [f"{INSTALL} {' '.join(ALL)}".removeprefix("apt-get ")]
        assert f"installing: {' '.join(ALL)}" in done.stdout

    @pytest.mark.parametrize("there", ALL)
    def test_only_what_is_missing_is_asked_for(self, bare, there):
        bare.has(there)
        assert bare.run(PACKAGES).returncode == 0
        (asked,) = bare.asked
        assert asked.split()[3:] == [name for name in ALL if name != there]

    def test_a_second_time_finds_all_there(self, bare):
        bare.run(PACKAGES)
        done = bare.run(PACKAGES)
        assert f"all there: {' '.join(ALL)}" in done.stdout
        assert len(bare.asked) == 1

    def test_lists_that_are_old_are_renewed_and_the_packages_asked_for_again(self, bare):
        (bare.here / "lists-are-old").touch()
        assert bare.run(PACKAGES).returncode == 0
        assert [line.split()[0] for line in bare.asked] == ["install", "update", "install"]

    def test_who_is_not_root_is_told_the_command_and_stops_without_what_is_needed(self, bare):
        bare.program("id", "echo 1000")
        done = bare.run(PACKAGES)
        assert f"run: sudo {INSTALL} {' '.join(ALL)}" in done.stdout
        assert "cannot go on without python3-venv libgomp1" in done.stderr
        assert (done.returncode, bare.asked) == (1, [])

    def test_without_what_only_tests_want_it_goes_on_and_says_so(self, bare):
        bare.program("id", "echo 1000")
        bare.has("python3-venv", "libgomp1")
        done = bare.run(PACKAGES)
        assert "tests that need one of these will be skipped, or fail in CI: chromium postgresql" in done.stdout
        assert done.returncode == 0

    def test_the_demo_asks_for_no_browser_and_no_database(self, bare):
        assert bare.run('system_packages "python3-venv libgomp1" ""').returncode == 0
        assert bare.asked == [f"{INSTALL} python3-venv libgomp1".removeprefix("apt-get ")]

    def test_where_there_is_no_apt_get_the_names_are_said(self, bare):
        (bare.bin / "apt-get").unlink()
        done = bare.run(PACKAGES)
        assert f"missing, by their Debian names: {' '.join(ALL)}" in done.stdout
        assert done.returncode == 1

    def test_when_nothing_can_be_installed_it_says_why_and_stops(self, bare):
        (bare.here / "closed").touch()
        done = bare.run(PACKAGES)
        assert "E: closed" in done.stderr
        assert "apt-get could not install them" in done.stdout
        assert done.returncode == 1

    def test_an_old_python_is_refused_by_its_version(self, bare):
        (bare.bin / "python3.too-old").touch()
        done = bare.run("right_python")
        assert "needs Python 3.11 or newer, and python3 is Python 3.9.1: choose another with PYTHON=" in done.stderr
        assert done.returncode == 1


class TestEnvironment:
    """The real Python makes the environment; installing is written down instead of done, for that needs a network."""

    INSTALL = 'install() { echo "$*" >>installed.log; printf "" >.venv/bin/explainer; chmod +x .venv/bin/explainer; }; '

    @pytest.fixture
    def machine(self, bare) -> Machine:
        (bare.bin / "python3").unlink()
        (bare.bin / "python3").symlink_to(sys.executable)
        (bare.bin / "chmod").symlink_to(shutil.which("chmod") or "chmod")
        bare.program("uv", "exit 1")  # where it is, an environment needs no pip of its own and is made in a moment
        compiled = "explainer/explanations/changing/searching.py"
        for name in ("setup.cfg", "pyproject.toml", "constraints.txt", "explainer/__init__.py", compiled):
            self.write(bare, name)
        for room in ("decisions", "attributions"):
            self.write(bare, f"explainer/{room}/one.py")
        return bare

    @staticmethod
    def write(machine: Machine, name: str, text: str = "") -> None:
        path = machine.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def prepare(self, machine: Machine, extras: str) -> str:
        done = machine.run(f'{self.INSTALL} virtual_environment; python_packages "{extras}"')
        assert done.returncode == 0, done.stderr
        return done.stdout

    def installed(self, machine: Machine) -> list[str]:
        log = machine.here / "installed.log"
        return [line for line in log.read_text().splitlines() if line.startswith("--no-build")] if log.exists() else []

    def test_it_is_made_once_and_then_found(self, machine):
        first, second = self.prepare(machine, "[dev]"), self.prepare(machine, "[dev]")
        assert "making .venv with Python" in first
        assert "installing the versions of constraints.txt" in first
        assert ".venv is there" in second
        assert "up to date" in second
        assert self.installed(machine) == ["--no-build-isolation -e .[dev]"]

    def test_what_the_tests_installed_is_enough_for_the_demo_but_not_the_other_way_round(self, machine):
        self.prepare(machine, "")
        assert "installing" in self.prepare(machine, "[dev]")
        assert "up to date" in self.prepare(machine, "")

    @pytest.mark.parametrize("changed", ["constraints.txt", "setup.cfg", "explainer/decisions/one.py"])
    def test_a_change_of_what_it_is_made_from_brings_it_up_to_date(self, machine, changed):
        self.prepare(machine, "")
        self.write(machine, changed, "changed")
        assert "installing" in self.prepare(machine, "")

    def test_an_installation_that_broke_off_is_done_again(self, machine):
        self.prepare(machine, "")
        broken = machine.run('install() { return 1; }; touch constraints.txt; echo x >>constraints.txt; python_packages ""')
        assert (broken.returncode, "could not be installed" in broken.stderr) == (1, True)
        assert "installing" in self.prepare(machine, "")

    def test_a_folder_that_was_moved_gets_an_environment_of_its_own(self, machine):
        self.prepare(machine, "")
        elsewhere = machine.here / "elsewhere"
        elsewhere.mkdir()
        shutil.copytree(machine.here / ".venv", elsewhere / ".venv", symlinks=True)
        done = machine.run("cd elsewhere; virtual_environment")
        assert "making .venv" in done.stdout, done.stderr


class TestTheCommandsThemselves:
    """What CI runs for real, with its limits: the demo from nothing, the demo again, all the tests."""

    CI = (ROOT / ".ci" / "run").read_text("utf-8")

    def test_ci_makes_the_demo_twice_and_measures_it_and_the_tests(self):
        calls = re.findall(r"^within (\d+) ([^#\n]*[^# \n])", self.CI, flags=re.MULTILINE)
        assert [(int(limit), command) for limit, command in calls] == [
            (300, 'make demo ARGS="--no-serve"'),
            (120, 'make demo ARGS="--no-serve"'),
            (720, "make test"),
        ]

    @pytest.mark.parametrize(("command", "status"), [("true", 0), ("false", 1), ("/bin/sleep 2", 1)])
    def test_a_command_that_fails_or_takes_too_long_fails_ci(self, command, status):
        within = re.search(r"^within\(\) \{.*?^\}", self.CI, flags=re.MULTILINE | re.DOTALL)
        assert within
        done = subprocess.run(
            ["bash", "-c", f"{within[0]}\nfailed=0; within 1 {command}; exit $failed"], capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stdout + done.stderr
