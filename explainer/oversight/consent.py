"""Consent: may software decide this customer's cases at all?

State is a fold over the customer's consent entries; the newest word counts, and saying
it again does not move the day since when it holds.  It is read before the model is
called, every time.
"""

from __future__ import annotations

from collections.abc import Iterable

from explainer.record import Permission

ALLOWED, OPTED_OUT = "allowed", "opted_out"


def fold(said: Iterable[Permission]) -> Permission:
    """The permission in force after everything a customer said, oldest first.

    >>> fold([]).automation
    'allowed'
    >>> fold([Permission(OPTED_OUT, "1"), Permission(ALLOWED, "2"), Permission(ALLOWED, "3")]).entry
    '2'
    """
    in_force = Permission(ALLOWED)
    for one in said:
        if in_force.entry is None or one.automation != in_force.automation:
            in_force = one
    return in_force
