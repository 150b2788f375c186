"""One app for the tests of this folder that only ask; a test that changes more than entries takes `api`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer.service.access import ROLES, create_key
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.support import MODELS, Api, Clock


@pytest.fixture(scope="module")
def shared_services(trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("shared") / "home"))
    opened = open_services(Settings(home=home, models=MODELS), Clock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(shared_services: Services) -> Api:
    """An app whose entries grow from test to test."""
    keys = {role: create_key(f"test {role}", (role,), None, shared_services) for role in ROLES}
    app = create_app(shared_services)
    app.testing = False  # errors become problems, as for a real caller
    return Api(app.test_client(), keys)
