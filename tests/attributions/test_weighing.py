"""Weighing: each thing that can be wrong with what is told about groups of features is found, and nothing else."""

import numpy as np
import pytest

from explainer.attributions.weighing import (
    ALL,
    FEW,
    LEAD,
    MANY,
    MISSING,
    NONE,
    OPPOSED,
    ORDER,
    PRINCIPAL,
    PUSH,
    SIGN,
    STRENGTH,
    STRONGER,
    TWICE,
    Limits,
    weigh,
)  # fmt: skip

LIMITS = Limits(same=1e-9, negligible=0.05, medium=0.25, strong=0.7, share=0.15, least=2, most=4)
GROUP = np.array([0, 0, 1, 2, 3, 4, 5])
PHI = np.array([[-0.5, -0.3, -0.6, -0.4, -0.3, 0.5, -0.01]])  # groups: −0.8, −0.6, −0.4, −0.3, +0.5, −0.01
# Group, way, weight, leader and push of what is told of each group.
TRUE = [(0, 2, 2, 0, -0.8), (1, 2, 1, 2, -0.6), (2, 2, 1, 3, -0.4), (3, 2, 1, 4, -0.3)]
FOR = (4, 1, 1, 5, 0.5)
SLIGHT = (5, 2, 0, 6, -0.01)
DOWN, BOTH = 2, 3


def weighed(*reasons, ways=DOWN, chosen=PRINCIPAL):
    """Bits of each reason and of all, as compiled code and as plain Python find them."""
    readers = np.array([[0, ways, chosen, 0, len(reasons)]])
    said = np.array([one[:4] for one in reasons], dtype=np.int64).reshape(-1, 4)
    found = []
    for run in (weigh, getattr(weigh, "py_func", weigh)):
        wrong, odd = np.empty(len(reasons), dtype=np.int64), np.empty(1, dtype=np.int64)
        push = np.array([one[4] for one in reasons], dtype=np.float64)
        anything = run(PHI, GROUP, 6, readers, said, push, LIMITS, wrong, odd)
        assert anything == (wrong.any() or odd.any())
        found.append((wrong.tolist(), int(odd[0])))
    assert found[0] == found[1]
    return found[0]


def test_what_is_true_is_not_found():
    assert weighed(*TRUE) == ([0] * 4, 0)
    assert weighed(*TRUE[:2], FOR, *TRUE[2:], ways=BOTH, chosen=ALL) == ([0] * 5, 0)
    assert weighed(chosen=NONE, ways=BOTH) == ([], 0)


@pytest.mark.parametrize(
    ("changed", "bits"),
    [
        ((0, 2, 2, 0, -0.8 - 1e-8), PUSH),
        ((0, 2, 2, 0, float("nan")), PUSH | STRENGTH),
        ((-1, 2, 2, 0, -0.8), PUSH | LEAD),
        ((0, 1, 2, 0, -0.8), SIGN),
        ((0, 0, 2, 0, -0.8), SIGN),
        ((0, 2, 1, 0, -0.8), STRENGTH),
        ((0, 2, -1, 0, -0.8), STRENGTH),
        ((0, 2, 2, 1, -0.8), LEAD),  # pushed less far
        ((0, 2, 2, 2, -0.8), LEAD),  # of another group
        ((0, 2, 2, -1, -0.8), LEAD),
    ],
)  # fmt: skip
def test_a_reason_that_is_not_its_group_s(changed, bits):
    (first, *others), _ = weighed(changed, *TRUE[1:])
    assert (first, others) == (bits, [0] * 3)


@pytest.mark.parametrize(
    ("reasons", "how", "bits"),
    [
        ([TRUE[0], TRUE[0], *TRUE[1:3]], {}, TWICE),
        ([TRUE[1], TRUE[0], *TRUE[2:]], {}, ORDER),
        ([TRUE[0], TRUE[1], FOR, TRUE[2]], {}, OPPOSED),
        ([*TRUE, SLIGHT], {}, MANY),
        ([TRUE[0], *TRUE[2:]], {}, STRONGER | FEW),
        (TRUE[:3], {}, FEW),
        ([], {}, STRONGER | FEW),
        (TRUE, {"ways": BOTH, "chosen": ALL}, MISSING),
        ([], {"ways": BOTH, "chosen": ALL}, MISSING),
    ],
)  # fmt: skip
def test_what_a_reader_is_told_too_much_or_not_at_all(reasons, how, bits):
    assert weighed(*reasons, **how)[1] == bits
