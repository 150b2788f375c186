"""A thousand held-out cases of each shipped pack, decided and explained once for all tests of this room."""

from datetime import date

import pytest

from explainer.road import travel

DAY = date(2026, 5, 4)


@pytest.fixture(scope="session")
def travelled(releases, sampled):
    """Pack → its first `cases` held-out cases, explained."""
    kept = {}

    def explained(pack, cases=1000):
        if pack not in kept:
            release, model = releases[pack]
            kept[pack] = [travel(facts, release, model, DAY) for facts in sampled(pack, 1000)]
        return kept[pack][:: 1000 // cases]

    return explained
