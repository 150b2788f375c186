"""Compiled: code is kept where it can be, and read wherever it was kept."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import numpy as np
import pytest

from explainer.decisions.compiled import LINE, array_at, compiled, places_of, zeros_on_lines
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


@compiled
def total(places):
    return array_at(places, 0, np.float64).sum() + array_at(places, 1, np.uint16)[2] + len(array_at(places, 2, np.bool_))


class TestArraysByTheirPlaces:
    arrays = (np.arange(5.0), np.array([1, 2, 300], dtype=np.uint16), np.zeros(0, dtype=np.bool_))
    kinds = (np.float64, np.uint16, np.bool_)

    def test_are_those_that_stand_there(self):
        assert total(places_of(self.arrays, self.kinds)) == 310.0

    @pytest.mark.parametrize("wrong", [np.arange(5), np.arange(10.0)[::2]], ids=["of another kind", "with gaps"])
    def test_are_refused_when_compiled_code_would_read_something_else(self, wrong):
        with pytest.raises(ValueError, match=r"\[0\]"):
            places_of([wrong, *self.arrays[1:]], self.kinds)


@pytest.mark.parametrize("size", [1, 7, 8, 100_000])
def test_zeros_begin_where_a_cache_line_does(size):
    zeros = zeros_on_lines(size)
    assert zeros.shape == (size,)
    assert not zeros.any()
    assert zeros.ctypes.data % LINE == 0
