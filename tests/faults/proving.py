"""Whether a home that went through something still keeps every promise that was made before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from explainer.errors import ExplainerError
from explainer.ledger.canonical import encode
from explainer.service.inspect import verifier
from explainer.service.wiring import Services
from tests.faults.writing import Told, keep, opened, remembered, said_of


def broken_promises(area: Path, told: Told) -> list[str]:
    """What is not as it was told; none, and everything that had no answer is decided once and sealed with the rest."""
    try:
        with closing(opened(area)) as services:
            return list(_broken(services, told))
    except ExplainerError as error:
        return [f"{type(error).__name__}: {error}"]


def _broken(services: Services, told: Told) -> Iterator[str]:
    for key, entry_id in told.kept.items():
        yield from _lost(key, entry_id, services)
    for key in told.asked - told.kept.keys():
        yield from _half(key, services, refused=key in told.refused - told.doubted)
    if told.witnessed > _witnessed(services):
        yield f"the witness has taken a tree of {told.witnessed} leaves and does not remember it"
    settled = {key: keep(key, services)[0] for key in sorted(told.asked)}
    if told.kept.items() - settled.items():
        yield "a key that came again had another answer"
    yield from verified(services)


def _lost(key: str, entry_id: str, services: Services) -> Iterator[str]:
    """An entry that was acknowledged."""
    entry = services.ledger.entry(entry_id)
    if entry is None:
        yield f"{key} was acknowledged and is gone"
    elif entry.body != encode(said_of(key)):
        yield f"{key} was acknowledged and is another"


def _half(key: str, services: Services, *, refused: bool) -> Iterator[str]:
    """An entry that was not: it may be there, then whole, unless it was said that it is not."""
    entry = remembered(key, services)
    if entry and entry.body != encode(said_of(key)):
        yield f"{key} is there and not whole"
    if entry and refused:
        yield f"{key} is there, and it was said that it is not"


def _witnessed(services: Services) -> int:
    """Leaves of the newest tree that the witness remembers."""
    (witness,) = services.witnesses()
    note = witness.newest(services.log_key.name)
    return services.log_keys.open(note).size if note else 0


def verified(services: Services) -> Iterator[str]:
    """What `explainer ledger verify` says when all is sealed."""
    sealer = services.sealer()
    while not sealer.seal().complete:
        pass
    yield from map(str, verifier(services).verify().findings)
