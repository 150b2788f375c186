"""A ledger with its sealer and a witness's folder, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from explainer.ledger.entry import Opened, Terms
from explainer.ledger.notes.checkpoint import LOG, Signer
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.store import Ledger
from explainer.ledger.tree.proving import Proofs
from explainer.ledger.tree.sealing import Round, Sealer
from explainer.ledger.tree.verifying import Remembered, Report, Verifier
from explainer.ledger.tree.witness import Heads, Keeper, Witness
from tests.ledger.conftest import START, House, terms_of
from tests.support import Clock

SIGNER = Signer.from_seed("test-log", LOG, bytes(range(32)))


@dataclass
class Sealed:
    """A ledger that is being sealed; `sealer` makes another one, as another process would."""

    house: House
    ledger: Ledger
    folder: Path  # of the witness
    clock: Clock = field(default_factory=lambda: Clock(START + timedelta(days=1)))
    engine: object = None

    def elsewhere(self) -> Keeper:
        """A witness who has seen nothing."""
        folder = self.folder.with_name("elsewhere")
        folder.mkdir()
        return Keeper(Heads(folder), [SIGNER.public], None, lambda: 0)

    def __post_init__(self) -> None:
        self.engine = self.house.engine(self.house.ledger_store)
        self._vault = self.house.vault()

    @property
    def witness(self) -> Keeper:
        return Keeper(Heads(self.folder), [SIGNER.public], None, lambda: 1_800_000_000)

    def sealer(self, *witnesses: Witness, signer: Signer = SIGNER, ledger: Ledger | None = None) -> Sealer:
        return Sealer(ledger or self.ledger, self.engine, Keyring(signer), witnesses=witnesses or [self.witness], clock=self.clock)

    def append(self, count: int) -> list[str]:
        return [receipt.id for receipt in self.ledger.append_all([self.house.draft() for _ in range(count)])]

    def seal(self, count: int = 0) -> Round:
        """Append some entries and seal them, as a process that has just started."""
        self.append(count)
        return self.sealer().seal()

    @property
    def proofs(self) -> Proofs:
        return Proofs(self.engine, Keyring(SIGNER))

    def verifier(self, *witnesses: Witness) -> Verifier:
        known = witnesses or [self.witness]
        return Verifier(self.engine, self._vault, Keyring(SIGNER), witnesses=known, terms_of=_terms)

    def verify(self, heads: Iterable[Remembered] = ()) -> Report:
        """Everything again, as an auditor's process does."""
        return self.verifier().verify(heads)

    def run(self, statement: str, *values: object) -> list[tuple]:
        return self.house.ledger_store.run(statement, *values)

    def order(self) -> list[str]:
        """Ids in the order of the tree."""
        rows = self.run("SELECT number, entry_id FROM leaves ORDER BY number")
        assert [number for number, _ in rows] == list(range(len(rows)))
        return [one for _, one in rows]


def _terms(opened: Opened) -> Terms:
    return terms_of(opened) if opened.kind == "decision" else Terms()


@pytest.fixture
def sealed(house: House, ledger: Ledger, tmp_path: Path) -> Sealed:
    folder = tmp_path / "witness"
    folder.mkdir()
    return Sealed(house, ledger, folder)


@pytest.fixture
def seal(sealed: Sealed) -> Callable[[int], Round]:
    return sealed.seal
