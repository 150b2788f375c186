"""A power cut around the publishing of a release: once it was published it is there, whole, and opens by its digest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from explainer.errors import ExplainerError
from explainer.packs.registry import Registry
from tests.faults.conftest import REFUND
from tests.faults.cutting import Cut, cuts, steps_of
from tests.faults.disk import Disk, lay_out
from tests.faults.forks import Say

STATES = 100


def publish(home: Path, say: Say) -> None:
    """The first release of a home."""
    say(Registry(home).publish(REFUND).digest)


def wrong_with(cut: Cut, area: Path) -> str:
    """Why what was published does not open; nothing: it does, or it was not said to be published."""
    lay_out(cut.left, area)
    try:
        for digest in cut.said:
            Registry(area / "home").open(digest)
    except ExplainerError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(area)
    return ""


@pytest.mark.slow
def test_what_was_published_opens_after_a_power_cut(trained_home, in_memory):
    home = in_memory / "before" / "home"
    shutil.copytree(trained_home / "candidates", home / "candidates")
    steps, (digest,) = steps_of(publish, home)
    assert Registry(home).open(digest).pack.name == REFUND
    tried = [wrong_with(cut, in_memory / "after") for cut in cuts(Disk(in_memory / "before", "home"), steps, STATES)]
    assert set(tried) == {""}
