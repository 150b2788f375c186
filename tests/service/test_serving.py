"""Serving: what a process that decides loads, and what it never does."""

import os
import subprocess
import sys

import pytest

from tests.support import MODELS, ROOT

SCRIPT = """
import sys
from explainer.service.auditing.replaying import Asked, replay_some
from explainer.service.decide import Case, decide
from explainer.service.wiring import open_services
from explainer.settings import read_settings
from explainer.web.app import create_app
services = open_services(read_settings())
create_app(services)
example = services.serving("refund_approval").release.examples[0]
record = decide(Case("refund_approval", "C-1", "R-1", "en", example["facts"]), "key", services).record
assert record.explained.texts["en"]["customer"]
found = replay_some(Asked("test", (record.id,), full=True), services)
assert any(one.by == "counting" for one in found.counts) and not found.differs
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize(
    "heavy", ["lightgbm", "shap", "pandas", "sklearn", "pyarrow", "matplotlib", "scipy.linalg", "alembic", "structlog", "rich"]
)
def test_deciding_explaining_and_replaying_in_full_never_loads(heavy, loaded):
    assert "numba" in loaded
    assert heavy not in loaded


@pytest.fixture(scope="module")
def loaded(trained_home, tmp_path_factory):
    """What a process has loaded once it has made and replayed a decision with the models of the shipped packs."""
    home = tmp_path_factory.mktemp("serving") / "home"
    subprocess.run(["cp", "-r", str(trained_home), str(home)], check=True)
    environment = os.environ | {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
    ran = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()
