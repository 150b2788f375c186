"""The bench: what is beyond its limit is named, and what is only told is not."""

import pytest

from tests.bench.run import FIGURES, LIMITS, STRETCH, SURE, not_reached


def report(**changed):
    """A report in which everything stands exactly at its limit, but for what is changed."""
    ratios = {name: most for name, (_, _, most) in LIMITS.items()}
    figures = {name: limit or 1.0 for name, (_, _, limit, _) in FIGURES.items()}
    return {
        "ratios": {name: changed.get(name, one) for name, one in ratios.items()},
        "figures": {name: changed.get(name, one) for name, one in figures.items()},
        "recourse": {"explainer": {name: changed.get(name, 1.0) for name in SURE}} | {"DiCE": {}},
    }


def test_what_stands_at_its_limit_is_reached():
    assert not_reached(report()) == []


LIMITED = sorted({*LIMITS} - STRETCH | {name for name, one in FIGURES.items() if one[2] is not None})


@pytest.mark.parametrize("name", LIMITED)
def test_what_is_beyond_its_limit_is_named(name):
    factor = 0.9 if name in FIGURES and FIGURES[name][3] == "at least" else 1.1
    limit = LIMITS[name][2] if name in LIMITS else FIGURES[name][2]
    (line,) = not_reached(report(**{name: limit * factor}))
    assert line.startswith((LIMITS.get(name) or FIGURES[name])[0])


@pytest.mark.parametrize("name", SURE)
def test_recourse_of_ours_that_does_not_hold_is_named(name):
    (line,) = not_reached(report(**{name: 0.99}))
    assert line.startswith(f"recourse, answers {name}")


def test_nobody_to_compare_recourse_with_is_named():
    alone = report()
    del alone["recourse"]["DiCE"]
    assert not_reached(alone) == ["recourse: DiCE is not installed to compare it with"]


@pytest.mark.parametrize("name", sorted(STRETCH))
def test_a_stretch_is_told_and_not_asked_for(name):
    assert not_reached(report(**{name: 100.0})) == []
