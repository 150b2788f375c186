"""How the tests run: what is set up once is set up once, and in CI nothing is quietly left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests import browser, postgres
from tests.lasting import MOST_SECONDS, Lasting
from tests.support import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TESTS = """
import os, pathlib, pytest

pytestmark = pytest.mark.slow

@pytest.fixture(scope="module")
def prepared():
    with open({log!r}, "a") as log:
        log.write(f"{name} {{os.environ['PYTEST_XDIST_WORKER']}}\\n")

@pytest.mark.parametrize("n", range(8))
def test_one(prepared, n):
    pass
"""


class TestWorkers:
    def test_what_a_file_sets_up_is_set_up_by_one_worker(self, tmp_path):
        """The Makefile's own way of spreading tests, tried on files that write down who prepared them."""
        (spread,) = re.findall(r"-m pytest (-n \$\(WORKERS\) --dist \w+)", MAKEFILE)
        log = tmp_path / "log"
        for name in "abc":
            (tmp_path / f"test_{name}.py").write_text(TESTS.format(log=str(log), name=name))
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        command = [sys.executable, "-m", "pytest", "-q", *spread.replace("$(WORKERS)", "2").split(), str(tmp_path)]
        alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120, env=alone)
        assert "24 passed" in done.stdout, done.stdout + done.stderr
        prepared = [line.split()[0] for line in log.read_text().splitlines()]
        assert sorted(prepared) == ["a", "b", "c"]


class TestAttacksAndFaults:
    """The real tests under the real conftest, once with the limit as it is and once with one that nothing keeps."""

    SOME = "tests/attacks/test_sealed_tree.py::test_times_of_checkpoints_are_claims_and_nothing_rests_on_them"
    RUN = "import sys, pytest; from tests import lasting; lasting.MOST_SECONDS = {most}; sys.exit(pytest.main(sys.argv[1:]))"

    @pytest.mark.parametrize(("workers", "most", "status"), [(0, "lasting.MOST_SECONDS", 0), (2, "0.0001", 1)])
    def test_that_last_too_long_turn_the_run_red_and_that_is_said(self, workers, most, status):
        command = [sys.executable, "-c", self.RUN.format(most=most), "-q", "-p", "no:cacheprovider", "-n", str(workers), self.SOME]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        (said,) = re.findall(
            r"^(FAILED )?attacks and faults took .* s of (\d) at work: .* s of at most", done.stdout, flags=re.MULTILINE
        )
        assert said == ("FAILED " * status, str(min(workers or 1, len(os.sched_getaffinity(0)))))

    @pytest.mark.parametrize(
        ("folder", "marks", "counted"),
        [("attacks", {}, True), ("faults/deeper", {"slow": 1}, True), ("faults", {"torture": 1}, False), ("house", {}, False)],
    )
    def test_are_counted_wherever_they_stand_but_for_the_long_forms(self, pytestconfig, folder, marks, counted):
        lasting, test = Lasting(pytestconfig), f"tests/{folder}/test_one.py::test_it"
        report = pytest.TestReport(test, ("", 0, ""), marks, "passed", None, "call", duration=6.0)
        lasting.pytest_runtest_logreport(report)
        assert (lasting.seconds > 0) == counted

    def test_may_add_three_minutes(self):
        assert MOST_SECONDS == 180


class TestContinuousIntegration:
    def test_its_script_says_that_it_is_ci(self):
        assert re.search(r"^export CI=true$", (ROOT / ".ci" / "run").read_text("utf-8"), flags=re.MULTILINE)

    @pytest.mark.parametrize("said", ["true", "1", "yes"])
    @pytest.mark.parametrize("do_without", [browser.do_without, postgres.do_without])
    def test_there_a_missing_browser_or_database_is_a_failure(self, monkeypatch, do_without, said):
        monkeypatch.setenv("CI", said)
        with pytest.raises(pytest.fail.Exception):
            do_without("not here")

    @pytest.mark.parametrize("do_without", [browser.do_without, postgres.do_without])
    def test_elsewhere_its_tests_are_skipped(self, monkeypatch, do_without):
        monkeypatch.setenv("CI", "")
        with pytest.raises(pytest.skip.Exception):
            do_without("not here")


class TestRealData:
    def test_where_there_is_none_its_tests_are_skipped_in_one_line_and_nothing_fails(self):
        without = {name: value for name, value in os.environ.items() if name != "EXPLAINER_REAL_DATA"} | {"CI": "true"}
        command = [sys.executable, "-m", "pytest", "-q", "tests/models/test_airport_claims.py", "-k", "auc or leak"]
        done = subprocess.run(command, cwd=ROOT, env=without, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        assert re.search(r"SKIPPED \[\d\] .*: no public cases: set EXPLAINER_REAL_DATA", done.stdout)
        assert re.search(r"^3 skipped, \d+ deselected", done.stdout, flags=re.MULTILINE)
