"""Apart: a peer that needs an older stack, measured in an environment of its own under var/, made once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.bench.models import Subject

FOLDER = Path("var/peers/fasttreeshap")
NEEDED = ("fasttreeshap==0.1.6", "numpy<2", "pandas<3", "lightgbm")  # its compiled part knows numpy 1 only
MINUTES = 10
SCRIPT = """
import json, sys, time
import fasttreeshap, lightgbm, numpy
booster, rows = lightgbm.Booster(model_file=sys.argv[1]), numpy.load(sys.argv[2])
explainer = fasttreeshap.TreeExplainer(booster, algorithm="v2", n_jobs=1)
explainer.shap_values(rows[:10])
before = time.perf_counter()
explainer.shap_values(rows)
taken = time.perf_counter() - before
print(json.dumps({"version": fasttreeshap.__version__, "numpy": numpy.__version__, "seconds": taken / len(rows)}))
"""


def fasttreeshap(one: Subject, rows: int = 1000) -> tuple[dict[str, float], str]:
    """Seconds a row, and the version; nothing and the reason, in a line, where it cannot be installed or run."""
    try:
        python = _environment()
        with tempfile.TemporaryDirectory() as folder:
            model, cases = Path(folder) / "model.txt", Path(folder) / "rows.npy"
            model.write_text(one.text)
            np.save(cases, np.nan_to_num(one.rows[:rows]))
            said = json.loads(_run(str(python), "-c", SCRIPT, str(model), str(cases)).splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        why = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return {}, f"absent: {why[-1] if why else type(error).__name__}"
    return {"fasttreeshap v2, batch of 1,000": said["seconds"]}, f"{said['version']} (numpy {said['numpy']})"


def _environment() -> Path:
    """The Python of the environment, made where it is missing."""
    python, mark = FOLDER / "bin" / "python", FOLDER / "installed"
    if not mark.exists() or mark.read_text() != " ".join(NEEDED):
        _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
        _run(str(python), "-m", "pip", "install", "--quiet", *NEEDED)
        mark.write_text(" ".join(NEEDED))
    return python


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60 * MINUTES).stdout
