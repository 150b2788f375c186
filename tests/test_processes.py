"""Processes: how others begin, and what they begin with."""

import subprocess
import sys
import textwrap

import pytest

from tests.support import ROOT

SCRIPT = """
import sys, threading, time
from explainer import processes

loaded = []

def opening(what):
    global given
    given = (what, list(loaded))

def work(item):
    return item * 2, given

if __name__ == "__main__":
    loaded.append("here")
    if "busy" in sys.argv:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    print(list(processes.in_order(work, range(6), opening, ("given",))))
"""


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        pytest.param([], ["here"], id="alone: as copies"),
        pytest.param(["busy"], [], id="beside a thread: anew, lest they wait for what it holds"),
    ],
)
def test_begin(tmp_path, words, loaded):
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT))
    command = [sys.executable, str(tmp_path / "script.py"), *words]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, timeout=60)
    assert ran.stdout.strip() == str([(2 * item, ("given", loaded)) for item in range(6)])
