"""What a process does that keeps entries by the product's own way, and says aloud what it promises about each."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from explainer.errors import AlreadyRemembered, OutcomeUnknown, Unavailable
from explainer.ledger import engines
from explainer.ledger.canonical import encode
from explainer.ledger.entry import Draft, Opened
from explainer.ledger.tree.sealing import Sealer
from explainer.service.decide import terms_about
from explainer.service.inspect import VIEW
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.faults.forks import Say
from tests.support import MODELS

CUSTOMERS = 3
LONGEST = 6_000  # characters of a body: more than a page
TOGETHER = 3  # threads that append at the same time


@dataclass(frozen=True)
class Task:
    """What a process is to keep, and where."""

    area: Path  # folder of the home and of the witness
    keys: tuple[str, ...]  # Idempotency-Keys, an entry for each
    journal: tuple[str, str] = field(default_factory=lambda: engines.durability(sqlite3.sqlite_version_info))  # and `synchronous`


@dataclass
class Told:
    """What was said up to some moment."""

    asked: set[str] = field(default_factory=set)  # Idempotency-Keys
    kept: dict[str, str] = field(default_factory=dict)  # Idempotency-Key → id of the entry that was acknowledged
    refused: set[str] = field(default_factory=set)  # Idempotency-Keys of which was said that nothing was written
    doubted: set[str] = field(default_factory=set)  # Idempotency-Keys of which was said that nobody knows
    witnessed: int = 0  # leaves of the newest tree that the witness has taken
    other: list[str] = field(default_factory=list)

    @classmethod
    def by(cls, lines: Iterable[str]) -> Told:
        """What some lines say, in their order."""
        told = cls()
        for line in lines:
            told.hear(*line.split(" ", 2))
        return told

    def hear(self, word: str, key: str = "", more: str = "") -> None:
        """One line; what was acknowledged before must be said again."""
        if word == "asked":
            self.asked.add(key)
        elif word in ("kept", "found"):
            assert self.kept.setdefault(key, more) == more
            if word == "found" and key in self.refused - self.doubted:
                self.other.append(f"lied {key}")
        elif word == "refused":
            self.refused.add(key)
        elif word == "doubted":
            self.doubted.add(key)
        elif word == "witnessed":
            self.witnessed = int(key)
        else:
            self.other.append(f"{word} {key} {more}".strip())


# What it writes ---------------------------------------------------------------------------------


def opened(area: Path) -> Services:
    """The product over a home in a folder, with the folder of a witness beside it; whoever comes first makes the home."""
    return open_services(Settings(home=area / "home", models=MODELS, witness=str(area / "witness")))


@cache
def said_of(key: str) -> dict[str, str]:
    """What is kept under a key, always the same: that somebody saw a decision, at some length."""
    chance = random.Random(key)
    customer, length = f"C-{chance.randrange(CUSTOMERS)}", chance.randrange(LONGEST)
    return {"customer": customer, "about": "", "pack": "refund", "key": key, "text": "".join(chance.choices("abcdefgh", k=length))}


def keep(key: str, services: Services) -> tuple[str, bool]:
    """Id of the entry under a key, and whether it was there; otherwise it is appended."""
    if found := remembered(key, services):
        return found.id, True
    said, now = said_of(key), datetime.now(UTC)
    draft = Draft(services.new_id(), VIEW, now, said["customer"], encode(said), terms_about(said))
    with suppress(AlreadyRemembered):
        return services.ledger.append(replace(draft, idempotency_key=key, request=key.encode())).id, False
    found = remembered(key, services)
    assert found
    return found.id, True


def remembered(key: str, services: Services) -> Opened | None:
    """The entry under a key."""
    return services.ledger.remembered(key, key.encode(), said_of(key)["customer"])


# The process ------------------------------------------------------------------------------------


def work(task: Task, say: Say) -> None:
    """Every key is asked for, what had no answer once more, and all is sealed."""
    engines._SYNCHRONOUS["NORMAL"] = 1  # which the product does not know
    engines.durability = lambda _version: task.journal
    with closing(opened(task.area)) as services:
        sealer, keys = services.sealer(), list(task.keys)
        while some := keys[:TOGETHER]:
            del keys[:TOGETHER]
            _ask_together(some[:-1], services, say)
            _ask_together(some[-1:], services, say)
            _seal(sealer, say)
        _ask_together(task.keys, services, say)


def _seal(sealer: Sealer, say: Say) -> None:
    """One round of sealing; what the witness has taken may never be gone."""
    with suppress(Unavailable):
        done = sealer.seal()
        if done.checkpoint and not done.silent:
            say(f"witnessed {done.checkpoint.size}")


def _ask_together(keys: Iterable[str], services: Services, say: Say) -> None:
    """Ask for several keys at the same time."""
    threads = [threading.Thread(target=_ask, args=(key, services, say)) for key in keys]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _ask(key: str, services: Services, say: Say) -> None:
    """Ask for one key, and say what came of it."""
    say(f"asked {key}")
    try:
        entry_id, there = keep(key, services)
        say(f"{'found' if there else 'kept'} {key} {entry_id}")
    except OutcomeUnknown:
        say(f"doubted {key}")
    except Unavailable:
        say(f"refused {key}")
    except Exception as error:
        say(f"foreign {key} {error!r}")
