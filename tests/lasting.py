"""Lasting: how many minutes the short forms of attacks and faults add to all the tests, and a red run when they are too many.

Each test is measured as pytest reports it, setup and teardown with it, wherever it ran.
Workers share them, so what they add is the sum divided by the number of workers, or of
cores where those are fewer.  The long forms have the time they need.
"""

from __future__ import annotations

import os
from pathlib import PurePosixPath

import pytest

MOST_SECONDS = 180.0
FOLDERS = (PurePosixPath("tests/attacks"), PurePosixPath("tests/faults"))


class Lasting:
    """Adds up what is reported to the process that speaks with whoever runs the tests."""

    def __init__(self, config: pytest.Config) -> None:
        workers = len(config.getoption("tx", None) or [""])  # xdist's list of them: none without it
        self._workers = min(workers, len(os.sched_getaffinity(0)))
        self._sum = 0.0

    @property
    def seconds(self) -> float:
        return self._sum / self._workers

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "torture" not in report.keywords and {*PurePosixPath(report.nodeid.partition("::")[0]).parents} & {*FOLDERS}:
            self._sum += report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.seconds > MOST_SECONDS and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._sum:
            took = f"attacks and faults took {self._sum:.0f} s of {self._workers} at work"
            said = f"{took}: {self.seconds:.1f} s of at most {MOST_SECONDS:g}"
            too_long = self.seconds > MOST_SECONDS
            terminalreporter.write_line(f"FAILED {said}" if too_long else said, red=too_long)
