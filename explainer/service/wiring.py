"""Wiring: settings to the collaborators that every use case receives.

The only place that opens databases, keys and releases, and knows the time.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from explainer.attributions.kernel import Kernel
from explainer.errors import BadSettings, EntryTampered, UnknownPack
from explainer.ledger.canonical import decode
from explainer.ledger.erasure import obey_erasures
from explainer.ledger.keys.master import MasterKey, keep_names, load_master_key, make_master_key, master_keys
from explainer.ledger.keys.vault import Vault
from explainer.ledger.migrations.rights import beyond
from explainer.ledger.migrations.running import migrate
from explainer.ledger.notes.checkpoint import LARGEST_SIZE, LOG, Signer
from explainer.ledger.notes.keyring import Announced, Keyring
from explainer.ledger.store import Ledger, new_id, open_engine
from explainer.ledger.tree.proving import Proofs, announced
from explainer.ledger.tree.sealing import Sealer
from explainer.ledger.tree.witness import Witness, open_witness
from explainer.packs.registry import Registry
from explainer.packs.release import Release
from explainer.processes import Done, Item, Work, in_order
from explainer.settings import Settings
from explainer.tables import open_kernel

ACTIVATION = "activation"
LOG_SECRETS = "log/"  # how the names of secrets begin that are later keys of the log
ACTIVE_SECONDS = 1.0  # how soon every process serves what was activated elsewhere


@dataclass(frozen=True, slots=True)
class Serving:
    """A release in use, with its kernel."""

    release: Release
    kernel: Kernel


@dataclass(frozen=True)
class Services:
    """What the use cases work with."""

    settings: Settings
    engine: Engine
    vault_engine: Engine
    vault: Vault
    ledger: Ledger
    registry: Registry
    clock: Callable[[], datetime]
    _kernels: dict[str, Kernel] = field(default_factory=dict)
    _active: dict[str, tuple[float, str]] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def new_id(self) -> str:
        """A fresh id, ordered by time."""
        return new_id(self.clock())

    def active_digest(self, pack: str) -> str:
        """The digest of the release in use for a pack, as the ledger last said.

        Raises:
            UnknownPack: none was ever activated.
            EntryTampered: the ledger's activations cannot be read.
        """
        known = self._active.get(pack)
        if known and time.monotonic() - known[0] < ACTIVE_SECONDS:
            return known[1]
        digest = next((release for name, release in self._activations() if name == pack), None)
        if digest is None:
            raise UnknownPack(f"no such pack, or none of its releases is active; in use: {', '.join(self.packs()) or 'none'}")
        self._active[pack] = (time.monotonic(), digest)
        return digest

    def _activations(self) -> Iterator[tuple[str, str]]:
        """Pack and release of every activation, newest first, from the entries themselves and not from their index."""
        for entry in self.ledger.newest_first(ACTIVATION):
            if entry.body is None:
                raise EntryTampered(f"entry {entry.id}: the key of an entry about nobody was destroyed")
            said = decode(entry.body)
            yield said["pack"], said["release"]

    def forget_active(self, pack: str) -> None:
        """Ask the ledger again at the next case: something was just activated here."""
        self._active.pop(pack, None)

    def serving(self, pack: str) -> Serving:
        """The release in use for a pack, and its kernel.

        Raises:
            UnknownPack: none is active.
            ReleaseMissing: the active one is not on this machine.
            ReleaseTampered: it is not what was published.
        """
        release = self.registry.open(self.active_digest(pack))
        return Serving(release, self.kernel(release))

    def kernel(self, release: Release) -> Kernel:
        """The kernel of a release, opened once."""
        with self._opening:
            if release.digest not in self._kernels:
                self._kernels[release.digest] = open_kernel(release, self.settings.home, self.vault.secret("tables"))
            return self._kernels[release.digest]

    def packs(self) -> list[str]:
        """Packs that have an active release, by name."""
        return sorted({name for name, _ in self._activations()})

    @cached_property
    def log_keys(self) -> Keyring:
        """The keys that sign the ledger's checkpoints, one after the other: secrets of the vault, wrapped by its master key."""
        name = f"explainer-{self.vault.secret('log-name').hex()[:16]}"

        def later() -> tuple[list[Announced], list[Signer]]:
            said = announced(self.ledger, self.engine)  # first: what is announced by then is in the vault
            return said, [Signer.from_seed(name, LOG, seed) for seed in self.vault.kept(LOG_SECRETS)]

        return Keyring(Signer.from_seed(name, LOG, self.vault.secret("log")), later)

    @property
    def log_key(self) -> Signer:
        """The key in force.

        Raises:
            MasterKeyMissing: the vault does not hold it.
        """
        return self.log_keys.signer

    def witnesses(self) -> list[Witness]:
        """Who remembers the ledger's heads elsewhere.

        Raises:
            BadSettings: an address without a key.
        """
        return [open_witness(one, self.log_keys.at(LARGEST_SIZE), time.time) for one in self.settings.witnesses]

    def sealer(self) -> Sealer:
        """A sealer of this ledger; any number of them may work at once."""
        return Sealer(self.ledger, self.engine, self.log_keys, witnesses=self.witnesses(), clock=self.clock)

    def proofs(self) -> Proofs:
        """What can be proved about the entries."""
        return Proofs(self.engine, self.log_keys)

    def needless_rights(self) -> list[str]:
        """What the role of the databases may do without need, such as change an entry."""
        return beyond(self.engine, "ledger") + beyond(self.vault_engine, "vault")

    def close(self) -> None:
        """Let go of the databases; they are opened again when they are needed."""
        self.engine.dispose()
        self.vault_engine.dispose()

    def everywhere(
        self, work: Work[Item, Done], items: Iterable[Item], opening: Callable[..., None], *given: Any
    ) -> Iterator[Done]:
        """What becomes of each item, in their order, in as many processes as help.

        Args:
            opening: what each does first, with these services and what is `given`.
        """
        self.close()  # the copy of a connection would be a second one that nobody opened
        return in_order(work, items, opening, (self, *given))

    def __reduce__(self) -> tuple[Callable[[Settings], Services], tuple[Settings]]:
        """In another process they are opened anew."""
        return open_services, (self.settings,)


def open_services(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Services:
    """Open everything one process needs; the first use of a home makes its databases and master key.

    Raises:
        UnsafeStore, Unavailable: the database cannot be used.
        MasterKeyMissing: there is a vault but not the key that wraps it.
        BadSettings: the home folder cannot be made; the master key's file is open to others, or not a key.
    """
    make_home(settings)
    ledger_engine = open_engine(settings.ledger_database)
    migrate(ledger_engine, "ledger")
    vault_engine = open_engine(settings.vault_database)
    migrate(vault_engine, "vault")
    vault = Vault(vault_engine, _master_key(settings), lambda: _other_master_keys(settings))
    boot = os.urandom(8).hex()
    ledger = Ledger(ledger_engine, vault, boot)
    obey_erasures(ledger, vault)  # keys that came back with a backup are gone before anybody reads
    return Services(settings, ledger_engine, vault_engine, vault, ledger, Registry(settings.home), clock)


def require_ledger(settings: Settings) -> None:
    """Make sure that there is something to read, before opening it would make it.

    Raises:
        BadSettings: the home folder has no ledger, and no other place for one is set; says where it was looked for.
    """
    if not settings.database_url and not Path(settings.ledger_database.removeprefix("sqlite:///")).is_file():
        raise BadSettings(f"there is no ledger in {settings.home.absolute()}: say with EXPLAINER_HOME where yours is")


def make_home(settings: Settings) -> None:
    """Make the home folder unless it is there, so that a power cut does not take its name back with all that is in it.

    Raises:
        BadSettings: it cannot be made.
    """
    absent = [one for one in (settings.home, *settings.home.parents) if not one.exists()]
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        for one in absent:
            keep_names(one.parent)
    except OSError as error:
        raise BadSettings(f"EXPLAINER_HOME: {settings.home} cannot be made a folder: {error.strerror}") from error


def _master_key(settings: Settings) -> MasterKey:
    """The master key from the environment or its file; made in the home folder on first use.

    A vault that was made under another key refuses this one, so a lost key is never
    quietly replaced.
    """
    if settings.master_key:
        return MasterKey.from_text(settings.master_key)
    path = settings.master_key_path
    if path.exists() or settings.master_key_file:
        return load_master_key(path)
    return make_master_key(path)


def _other_master_keys(settings: Settings) -> list[MasterKey]:
    """The master keys of this moment, while or after the master key is changed under a process that knows the one before."""
    if settings.master_key:
        return [MasterKey.from_text(settings.master_key_next)] if settings.master_key_next else []
    return master_keys(settings.master_key_path)
