"""Bulk files: how tests write them, and the command that decides them."""

import json
import os
import sys
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
