"""Rereading: entries in bulk, each proved for itself, so that one that was changed never hides the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, select

from explainer.errors import EntryTampered
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.engines import reading, some_at_a_time
from explainer.ledger.entry import Opened, Stored, microseconds, open_entry, read_leaf
from explainer.ledger.keys.vault import DataKey, Vault
from explainer.ledger.tables import entries, entry_index, leaves, nodes
from explainer.ledger.tree.merkle import Frontier, place

_TOGETHER = 10_000  # leaves of one question


@dataclass(frozen=True, slots=True)
class Reread:
    """One entry as it lies in the database, and whether it is what was written and sealed."""

    stored: Stored
    opened: Opened | None  # None: it is not what was written, and `wrong` says how
    key: DataKey | None  # None: destroyed
    wrong: str
    number: int | None  # its leaf; None: not sealed yet
    in_tree: bool  # whether the tree has its hash there


class Rereader:
    """Reads one ledger again."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine, self._vault = engine, vault

    def ids(self, kind: str | None = None, since: datetime | None = None) -> list[str]:
        """Ids of entries in their order.

        Args:
            kind: of this kind only.
            since: with a time zone; all that claim a later time are among them, for no id is older than that.
        """
        wanted = select(entries.c.id).order_by(entries.c.id)
        wanted = wanted if kind is None else wanted.where(entries.c.kind == kind)
        wanted = wanted if since is None else wanted.where(entries.c.id >= _first_id(since))
        with reading(self._engine) as connection:
            return list(connection.execute(wanted).scalars())

    def with_about(self, ids: Sequence[str]) -> list[str]:
        """Some ids and those of the entries about them, as the index knows them."""
        about = self._rows(select(entry_index.c.entry_id), entry_index.c.about, ids)
        return sorted({*ids, *(row[0] for row in about)})

    def read(self, ids: Iterable[str]) -> Iterator[Reread]:
        """Some entries, proved and opened, in the order of their ids."""
        wanted = list(ids)
        stored = [Stored(*row) for row in self._rows(select(entries), entries.c.id, wanted)]
        numbers = {row[0]: row[1] for row in self._rows(select(leaves.c.entry_id, leaves.c.number), leaves.c.entry_id, wanted)}
        places = [place((one, one + 1)) for one in numbers.values()]
        hashes = {row[0]: row[1] for row in self._rows(select(nodes.c.place, nodes.c.hash), nodes.c.place, places)}
        keys = self._vault.open_keys(one.key_id for one in stored)
        for one in sorted(stored, key=lambda found: found.id):
            number = numbers.get(one.id)
            held = None if number is None else hashes.get(place((number, number + 1)))
            yield _reread(one, keys, number, held == leaf_hash(one.leaf))

    def leaf_hashes(self, size: int) -> list[bytes]:
        """The hashes of the first leaves of the tree, in its order; a missing one is left out."""
        found: list[bytes] = []
        with reading(self._engine) as connection:
            for start in range(0, size, _TOGETHER):
                places = [place((one, one + 1)) for one in range(start, min(start + _TOGETHER, size))]
                held: dict[int, bytes] = {}
                for some in some_at_a_time(places):
                    held |= {row[0]: row[1] for row in connection.execute(select(nodes).where(nodes.c.place.in_(some)))}
                found += [held[one] for one in places if one in held]
        return found

    def _rows(self, query: Select[Any], column: Any, values: Sequence[Any]) -> list[Any]:
        with reading(self._engine) as connection:
            return [row for some in some_at_a_time(values) for row in connection.execute(query.where(column.in_(some))).all()]


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over some leaf hashes."""
    frontier = Frontier()
    for one in hashes:
        frontier.append(one)
    return frontier.root


def _first_id(since: datetime) -> str:
    """Not greater than any id made at this time or later."""
    digits = f"{microseconds(since) // 1000:012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"


def _reread(stored: Stored, keys: Mapping[str, DataKey | EntryTampered], number: int | None, in_tree: bool) -> Reread:
    key = keys.get(stored.key_id)
    try:
        if isinstance(key, EntryTampered):
            raise key
        return Reread(stored, open_entry(stored, read_leaf(stored), key), key, "", number, in_tree)
    except EntryTampered as error:
        return Reread(stored, None, None, str(error), number, in_tree)
