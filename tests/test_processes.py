"""Processes: how others begin, and what they begin with."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from tests.bulkfiles import have_ended, hears_interruptions, started
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

if __name__ != "__main__":
    time.sleep(1)  # as long as much takes to load

if __name__ == "__main__":
    loaded.append("here")
    if "lightgbm" in sys.argv:
        import lightgbm
    if "busy" in sys.argv:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    try:
        print(list(processes.in_order(work, range(6), opening, ("given",))))
    except KeyboardInterrupt:
        print("ended")
"""


@pytest.fixture
def command(tmp_path):
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT))
    return [sys.executable, str(tmp_path / "script.py")]


HERE = {"PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        pytest.param([], ["here"], id="alone: as copies"),
        pytest.param(["busy"], [], id="beside a thread: anew, lest they wait for what it holds"),
        pytest.param(["lightgbm"], [], id="beside LightGBM: anew, for it does not survive a copy"),
    ],
)
def test_begin(command, words, loaded):
    ran = subprocess.run([*command, *words], check=True, capture_output=True, text=True, env=HERE, timeout=60)
    assert ran.stdout.strip() == str([(2 * item, ("given", loaded)) for item in range(6)])


def test_that_are_still_loading_end_with_an_interruption_and_say_nothing(command):
    ran = subprocess.Popen(
        [*command, "busy"], env=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        preexec_fn=hears_interruptions,  # noqa: PLW1509 -- no other thread is at work here
    )  # fmt: skip
    while not started(ran.pid):
        assert ran.poll() is None
        time.sleep(0.01)
    time.sleep(0.5)
    others = started(ran.pid)
    os.killpg(ran.pid, signal.SIGINT)
    assert ran.communicate(timeout=60)[0].split() == ["ended"]
    assert have_ended(others)
