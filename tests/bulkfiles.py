"""Bulk files: how tests write them, and the command that decides them with its processes."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pandas as pd

from tests.support import MODELS, ROOT

REFUND = "refund_approval"
EXPLAINER = str(Path(sys.executable).parent / "explainer")


def in_home(home):
    """For commands: that home, and the code beside these tests."""
    return os.environ | {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS), "PYTHONPATH": str(ROOT)}


def bulk(source, *options):
    return [EXPLAINER, "bulk", REFUND, str(source), str(source.parent / "out.parquet"), *options]


def written(folder, cases, kind, **columns):
    """A file of cases."""
    path = folder / f"cases.{kind}"
    frame = pd.DataFrame(cases).assign(**columns)
    if kind == "parquet":
        frame.to_parquet(path, index=False)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        extra = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] or [{}] * len(cases)
        path.write_text("".join(json.dumps(one | more) + "\n" for one, more in zip(cases, extra, strict=True)))
    return path


def hears_interruptions():
    """For what starts next: a shell's background jobs, and what they start, are deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(process):
    """The processes that a process started and that still run."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def have_ended(processes, within=10.0):
    """Whether all of them end within some seconds; one that nobody has waited for yet has ended."""
    until = time.monotonic() + within
    while any(map(_runs, processes)):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
