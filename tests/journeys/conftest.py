"""Real processes: the server and the demo as an operator starts them, each ended by its own id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser import free_port
from tests.support import MODELS, ROOT

END_SECONDS = 40
# A shell's background job ignores interrupts, and so would every process that it starts.
INTERRUPTIBLE = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"


@dataclass
class Process:
    """One process of ours; what it prints goes to files."""

    popen: subprocess.Popen[bytes]
    port: int
    started: float  # time.monotonic
    out: Path
    err: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, path: str = "/readyz") -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_until(self, true: Callable[[], bool], seconds: float) -> float:
        """Seconds since the start at which something became true."""
        while not true():
            assert self.popen.poll() is None, self.err.read_text()
            assert time.monotonic() - self.started < seconds, self.err.read_text()
            time.sleep(0.05)
        return time.monotonic() - self.started

    def in_line(self) -> float:
        """Seconds that this process and its workers were ready to go on and stood in line for a core that others held."""
        children = Path(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children").read_text().split()
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) for pid in (self.popen.pid, *children)) / 1e9

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End this one process and say with which code it ended."""
        if self.popen.poll() is None:
            self.popen.send_signal(how)
        try:
            return self.popen.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise


@contextmanager
def running(home: Path, *words: str, port: int = 0, **settings: object) -> Iterator[Process]:
    """`explainer …` as a process of its own, in a home and on a port of its own; more settings by their lower-case names."""
    port = port or free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXPLAINER_")}
    environment = kept | {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS), "EXPLAINER_PORT": str(port)}
    environment |= {"PYTHONPATH": str(ROOT)}  # what runs is what lies beside these tests
    environment |= {f"EXPLAINER_{name.upper()}": str(value) for name, value in settings.items()}
    out, err = home.parent / f"{words[0]}-{port}.out", home.parent / f"{words[0]}-{port}.err"
    command = [sys.executable, "-c", INTERRUPTIBLE, str(Path(sys.executable).parent / "explainer"), *words]
    with out.open("wb") as to, err.open("wb") as errors:
        started = time.monotonic()
        popen = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=to, stderr=errors)
    process = Process(popen, port, started, out, err)
    try:
        yield process
    finally:
        process.end()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go; git ignores it."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder
