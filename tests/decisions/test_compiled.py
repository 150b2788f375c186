"""Compiled: code is kept where it can be, and read wherever it was kept."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from tests.support import ROOT

PROBE = """
from explainer.decisions.compiled import compiled

@compiled
def double(x):
    return x + x
"""
ASK = "import numpy as np; from probe import double; print(double({0}), sum(double.stats.cache_hits.values()))"
DROP, OVERRIDE, SEARCH = 24, 1, 2  # prctl's PR_CAPBSET_DROP; the capabilities by which root passes over permissions


def obey_permissions():
    """Make root a user like any other in what is executed next."""
    if os.geteuid() == 0:
        system = ctypes.CDLL(None, use_errno=True)
        for one in (OVERRIDE, SEARCH):
            if system.prctl(DROP, one, 0, 0, 0):
                os._exit(77)


@pytest.fixture
def ask(tmp_path):
    """What a process of its own says: the result, and how often it was spared compiling."""
    (tmp_path / "probe.py").write_text(PROBE)
    kept = tmp_path / "kept"

    def asked(value):
        environment = os.environ | {
            "NUMBA_CACHE_DIR": str(kept),
            "PYTHONPATH": f"{ROOT}:{tmp_path}",
            "HOME": str(tmp_path / "home"),
        }
        command = [sys.executable, "-c", ASK.format(value)]
        ran = subprocess.run(
            command, env=environment, cwd=tmp_path, preexec_fn=obey_permissions, capture_output=True, text=True, timeout=120
        )
        if ran.returncode == 77:
            pytest.skip("root cannot give up passing over permissions here")
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.split()

    yield asked
    for folder in (kept, *kept.glob("*")):
        folder.chmod(0o755)


def closed(folder, mode):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(mode | 0o444 if path.is_file() else mode)
    folder.chmod(mode)


class TestKeptCode:
    def test_is_read_by_the_next_process(self, ask):
        assert [ask(21), ask(21)] == [["42", "0"], ["42", "1"]]

    def test_is_read_where_nobody_may_write_and_anything_else_is_compiled(self, ask, tmp_path):
        ask(21)
        closed(tmp_path / "kept", 0o555)
        assert ask(21) == ["42", "1"]
        assert ask(1.5) == ["3.0", "0"]
        assert not (tmp_path / "home").exists()

    def test_that_nobody_may_read_is_compiled_anew(self, ask, tmp_path):
        ask(21)
        closed(tmp_path / "kept", 0o000)
        assert ask(21) == ["42", "0"]
