"""Without compiling: the same functions as plain Python give the same bits, and have the same properties."""

import hashlib
import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from explainer.attributions.folding import BY_SUMS, BY_TABLES
from explainer.decisions.codes import codebook, encode, representatives
from explainer.decisions.forest import read_forest
from tests.forests import KINDS, chain, edge_rows, kernel_of, trained
from tests.support import ROOT

FORESTS = [*KINDS, "chain"]  # of the last, the deepest leaves ask more features than a table holds
SCRIPT = """
import json, sys
import numba, pytest
from tests.attributions.test_without_compiling import digests
assert numba.config.DISABLE_JIT
print(json.dumps(digests()), flush=True)
sys.exit(pytest.main(sys.argv[1:]))
"""
CHOSEN = "(TestAgainstCounting or at_every_edge or TestAxioms or TestCodes) and not larger and not both and not many_features"


def forest_of(kind):
    """A model, and rows for its reference population."""
    if kind == "chain":
        return chain(18), np.random.default_rng(0).normal(0.7, 1, (20, 18))
    text, x = trained(kind, rounds=3)
    return text, x[:40]


def digests():
    """Forest → of codes and what stands for them, and by each method of margins, attributions and baseline of some edge rows."""
    found = {}
    for kind in FORESTS:
        text, reference = forest_of(kind)
        rows, book = edge_rows(text, 25), codebook(read_forest(text))
        said = [encode(rows, book).tobytes(), *(representatives(book, f).tobytes() for f in range(rows.shape[1]))]
        for method in (BY_TABLES, BY_SUMS):
            kernel = kernel_of(text, reference, method)
            margin, phi = kernel.explain_many(rows)
            alone = kernel.explain(rows[0])
            said += [margin.tobytes(), phi.tobytes(), alone[1].tobytes(), repr((kernel.baseline, float(alone[0]))).encode()]
        found[kind] = [hashlib.sha256(one).hexdigest() for one in said]
    return found


@pytest.fixture(scope="module")
def plain():
    """What a process with numba's compiler switched off says: the digests, and behind them how the chosen tests ended."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    files = ["tests/attributions/test_kernel.py", "tests/decisions/test_codes.py"]
    command = [sys.executable, "-c", SCRIPT, "-q", "-p", "no:cacheprovider", "-k", CHOSEN, *files]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    assert ran.returncode == 0, f"{ran.stdout[-3000:]}{ran.stderr[-2000:]}"
    digests, _, tests = ran.stdout.partition("\n")
    return json.loads(digests), tests


@pytest.fixture(scope="module")
def compiled():
    return digests()


@pytest.mark.slow
@pytest.mark.parametrize("kind", FORESTS)
def test_the_bits_are_those_of_compiled_code(kind, plain, compiled):
    assert plain[0][kind] == compiled[kind]


def test_the_property_and_edge_tests_hold(plain):
    assert int(re.search(r"(\d+) passed", plain[1])[1]) >= 58
