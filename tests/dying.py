"""Dying: a process that has everything loaded, and lets a child of its own run as far as a given step and be killed there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import explainer

PACKAGES = Path(explainer.__file__).parents[1]

# Children begin after all imports, which take most of a second each time. What they run sees their words in sys.argv, and `step`.
PARENT = """
import json, os, signal, sys, traceback
{loaded}
steps = 0
def step(*_):
    global steps
    steps += 1
    if steps == int(sys.argv[-1]):
        os.kill(os.getpid(), signal.SIGKILL)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        code, sys.argv[1:] = 1, json.loads(line)
        try:
            exec({run!r}, globals())
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


@contextmanager
def dying(loaded: str, run: str) -> Iterator[Callable[..., int]]:
    """Gives a function that runs it in a process of its own as far as a step, its last argument.

    Args:
        loaded: imports, run once.
        run: code that calls `step()` wherever it may be killed, and finds its arguments in `sys.argv`.

    The function returns the code with which the process ended: 0 for who had fewer steps than that.
    """
    command = [sys.executable, "-c", PARENT.format(loaded=loaded, run=run)]
    environment = os.environ | {"PYTHONPATH": str(PACKAGES)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PACKAGES, env=environment
    ) as parent:
        assert parent.stdin
        assert parent.stdout

        def go(*words: object) -> int:
            print(json.dumps([str(one) for one in words]), file=parent.stdin, flush=True)
            return int(parent.stdout.readline())

        yield go
        parent.stdin.close()
