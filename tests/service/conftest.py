"""A private PostgreSQL, started once for this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.postgres import Cluster, NoPostgres, do_without, private_cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(private_cluster())
        except NoPostgres as reason:
            do_without(reason)
        yield cluster
