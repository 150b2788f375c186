"""Without compiling: the same functions as plain Python give the same answers, to the bit."""

import hashlib
import os
import re
import subprocess
import sys

import pytest

from tests.forests import edge_rows, kernel_of, trained
from tests.support import ROOT

SCRIPT = """
from tests.attributions.test_without_compiling import digest
import numba
assert numba.config.DISABLE_JIT
print(digest("KIND"))
"""


def digest(kind):
    """Of margins, attributions and baseline of some edge rows."""
    text, x = trained(kind, rounds=3)
    kernel, rows = kernel_of(text, x[:40]), edge_rows(text, 25)
    margin, phi = kernel.explain_many(rows)
    return hashlib.sha256(margin.tobytes() + phi.tobytes() + repr(kernel.baseline).encode()).hexdigest()


def plainly(*command):
    """Run Python with numba's compiler switched off."""
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)


@pytest.mark.parametrize("kind", ["nan", "zero", "deep"])
def test_the_bits_are_those_of_compiled_code(kind):
    ran = plainly("-c", SCRIPT.replace("KIND", kind))
    assert ran.stdout.strip() == digest(kind), ran.stderr[-2000:]


@pytest.mark.slow
def test_the_property_and_edge_tests_hold():
    chosen = "(TestAgainstCounting or TestAxioms or TestCodes) and not larger and not both"
    files = ["tests/attributions/test_kernel.py", "tests/decisions/test_codes.py"]
    ran = plainly("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, *files)
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", ran.stdout)[1]) >= 60
