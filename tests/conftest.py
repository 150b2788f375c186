"""What every test can ask for: real releases of the shipped packs, a home of its own, services, an app with keys."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explainer.attributions.kernel import Kernel
from explainer.packs.release import Release
from explainer.service.access import create_key
from explainer.service.releases import publish, sample_facts, train_candidate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.training.reference import read_cases
from explainer.web.app import create_app
from tests.lasting import Lasting
from tests.support import MODELS, SHIPPED, Api, Clock, declared, with_open


def pytest_configure(config: pytest.Config) -> None:
    """The attacks and faults have their minutes, counted where all workers report to."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Lasting(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test go first: begun last, one would leave the other worker with nothing to do."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.path.suffix == ".ipynb"}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What was collected stays to the end, and is not looked through for garbage again and again."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """Tests choose their own settings; where real data lies is the one thing the machine says."""
    kept = {
        name: os.environ.pop(name) for name in list(os.environ) if name.startswith("EXPLAINER_") and name != "EXPLAINER_REAL_DATA"
    }
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with both shipped packs trained, released and active; never written to by a test.

    All workers share one: each trains the first pack that nobody trains yet, and waits for the rest.
    """
    shared = _shared(tmp_path_factory, worker_id)
    first = 0 if worker_id == "master" else int(worker_id.removeprefix("gw"))
    for pack in np.roll(SHIPPED, first).tolist():
        _train_once(pack, shared / "trained")
    return shared / "trained"


@pytest.fixture(scope="session")
def claims_home(real_data: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The same with the pack of the real claims."""
    home = _shared(tmp_path_factory, worker_id) / "claims"
    _train_once("airport_claims", home, Path(real_data) / "airport_claims.parquet")
    return home


def _shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that all workers see."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def _train_once(pack: str, home: Path, table: Path | None = None) -> None:
    """Train and release a pack unless another worker did; wait while one does."""
    done = home.parent / f"{pack}.trained"
    with (home.parent / f"{pack}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if done.exists():
            return
        settings = Settings(home=home, models=MODELS)
        services = open_services(settings, Clock(datetime(2026, 5, 1, tzinfo=UTC)))
        train_candidate(pack, settings, table, lambda _done, _total: None)
        publish(pack, services, by="test")
        services.close()
        done.touch()


@pytest.fixture
def home(trained_home: Path, tmp_path: Path) -> Path:
    """A copy of the trained home that a test may do anything to."""
    return Path(shutil.copytree(trained_home, tmp_path / "home"))


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, models=MODELS)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(settings: Settings, clock: Clock, releases: dict[str, tuple[Release, Kernel]]) -> Iterator[Services]:
    """Services over a real SQLite home with both packs active, whose releases are open: what looks at their files opens its own."""
    opened = with_open(open_services(settings, clock), releases)
    yield opened
    opened.close()


@pytest.fixture
def api(services: Services) -> Api:
    """The app of those services, with one key per role."""
    roles = ("integrator", "agent", "supervisor", "auditor", "operator", "privacy_officer")
    keys = {role: create_key(f"test {role}", (role,), None, services) for role in roles}
    app = create_app(services)
    app.testing = False  # errors become problems, as for a real caller
    return Api(app.test_client(), keys)


@pytest.fixture(scope="session")
def releases(trained_home: Path) -> dict[str, tuple[Release, Kernel]]:
    """Pack → its release and kernel, opened once; they are never changed."""
    services = open_services(Settings(home=trained_home, models=MODELS))
    opened = {pack: (services.serving(pack).release, services.serving(pack).kernel) for pack in SHIPPED}
    services.close()
    return opened


@pytest.fixture(scope="session")
def sampled() -> Callable[[str, int], list[dict[str, Any]]]:
    """Held-out facts of a shipped pack; a table is read once for each number of them."""
    kept: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def sample(pack: str, cases: int) -> list[dict[str, Any]]:
        if (pack, cases) not in kept:
            kept[pack, cases] = list(sample_facts(pack, Settings(models=MODELS), None, cases))
        return [dict(facts) for facts in kept[pack, cases]]  # a test may change them

    return sample


@pytest.fixture(scope="session")
def every_case() -> Callable[[str], np.ndarray]:
    """All rows of a shipped pack's table, (n, d)."""

    def read(name: str) -> np.ndarray:
        return read_cases(MODELS / name / "data" / "cases.parquet", declared(name)).x

    return read


@pytest.fixture(scope="session")
def real_data() -> str:
    """The folder of public cases; where it is absent, the tests that need it are skipped."""
    folder = os.environ.get("EXPLAINER_REAL_DATA", "")
    if not (Path(folder) / "airport_claims.parquet").is_file():
        pytest.skip("no public cases: set EXPLAINER_REAL_DATA to the folder that holds airport_claims.parquet")
    return folder
