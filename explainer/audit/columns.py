"""Columns: which recorded decisions come out again to the bit, found for many at a time.

Whatever is plain is compared as whole arrays.  Nothing is said against a decision here:
whoever is in doubt, for whatever reason, is replayed over the whole road.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from explainer.attributions.attribution import LOCAL_ACCURACY
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import Decision, decide_together
from explainer.decisions.features import read_columns
from explainer.decisions.policy import apply_policy_together
from explainer.packs.definition import Pack
from explainer.record import READ
from explainer.verify import bits

Body = Mapping[str, Any]


def come_out_again(bodies: Sequence[Body], day: date, pack: Pack, kernel: Kernel) -> list[bool]:
    """Whether row, margin, rules, outcome and attributions of each decision are, to the bit, what the road gives now.

    Args:
        bodies: records as they were written, of one release and one day.

    Returns:
        For each decision whether that is certain.
    """
    ready = [_is_plain(one, pack, kernel.method) for one in bodies]
    plain = [one for one, here in zip(bodies, ready, strict=True) if here]
    if not plain:
        return ready
    x, margins, equal = _numbers(plain, pack, kernel)
    rules = apply_policy_together([one["facts"] for one in plain], x, pack, day)
    told = {at: [asdict(one) for one in said] for at, said in {id(one): one for one in rules}.items()}  # cases share a few
    decisions = decide_together(rules, margins.tolist(), pack)
    ends = iter(
        [
            same and one["decision"]["rules"] == told[id(now.rules)] and _ends_so(one["decision"], now)
            for one, now, same in zip(plain, decisions, equal.tolist(), strict=True)
        ]
    )
    return [here and next(ends) for here in ready]


def _is_plain(body: Body, pack: Pack, method: str) -> bool:
    """Whether the model was called, nothing was changed on the way in or refused, and everything has its place."""
    said, d = body["attribution"], len(pack.names)
    return (
        body["v"] in READ
        and said is not None
        and body["safeguard"] is None
        and not body["adjusted"]
        and body["decision"]["margin"] is not None
        and said["method"] == method
        and said["features"] == list(pack.names)
        and len(body["row"]) == len(said["phi"]) == len(body["facts"]) == d
    )


def _numbers(bodies: Sequence[Body], pack: Pack, kernel: Kernel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The columns of the facts, the margins of today, and whether all numbers of each decision are the same bits."""
    x, said = np.array([one["row"] for one in bodies]), [one["attribution"] for one in bodies]
    read, fits, _ = read_columns([one["facts"] for one in bodies], pack)
    margins, phi = kernel.explain_many(x)
    then = np.array([(one["decision"]["margin"], of["margin"], of["baseline"]) for one, of in zip(bodies, said, strict=True)])
    now = np.column_stack([margins, margins, np.full(len(bodies), kernel.baseline)])
    adds_up = np.abs(kernel.baseline + phi.sum(axis=1) - margins) < LOCAL_ACCURACY / 2  # the road's own sum is more exact
    same = _same_bits(x, read) & _same_bits(then, now) & _same_bits(np.array([one["phi"] for one in said]), phi)
    return read, margins, fits & adds_up & same


def _same_bits(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Row by row: NaN equals itself, and 0.0 is not −0.0."""
    same: np.ndarray = (one.view(np.int64) == other.view(np.int64)).all(axis=1)
    return same


def _ends_so(said: Mapping[str, Any], now: Decision) -> bool:
    """Whether the outcome is the same for the same reason."""
    same = (said["outcome"], said["decisive"], said["rule"]) == (now.outcome, now.decisive, now.rule)
    return same and bits(said["distance"]) == bits(now.distance)
