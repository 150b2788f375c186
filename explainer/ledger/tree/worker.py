"""The worker: seals every second in the background, and notices when sealing has stopped.

The promise is that an entry is sealed within 60 s.  `Promptness` holds it without trusting
any clock but its own process's: it picks an entry that waits, and looks whether the same
one still waits a minute later, whoever should have sealed it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Engine, func, select

from explainer.errors import ExplainerError, Unavailable
from explainer.ledger.engines import reading
from explainer.ledger.tables import unsealed
from explainer.ledger.tree.sealing import Round, Sealer

TARGET_SECONDS = 1.0  # between rounds
PROMISED_SECONDS = 60.0

Told = Callable[[Round | ExplainerError], None]


def keep_sealing(sealer: Sealer, stop: threading.Event, tell: Told) -> None:
    """Seal every second until told to stop, the first time after a second; what goes wrong is told, and tried again.

    Args:
        tell: gets each round that sealed something, and what is wrong once, however many rounds it lasts.
    """
    before, refused, pause = Round(), "", TARGET_SECONDS
    while not stop.wait(pause):
        pause = TARGET_SECONDS
        try:
            done = sealer.seal()
            news = _news(done, before)
            if news.sealed or news.tampered or news.silent:
                tell(news)
            if done.sealed and not done.complete:
                pause = 0.0
            before, refused = done, ""
        except ExplainerError as error:
            if str(error) != refused:
                tell(error)
            refused = str(error)


def _news(done: Round, before: Round) -> Round:
    """A round without what was wrong in the one before as well."""
    tampered = () if done.tampered == before.tampered else done.tampered
    return replace(done, tampered=tampered, silent=() if done.silent == before.silent else done.silent)


def start_worker(sealer: Sealer, tell: Told) -> threading.Event:
    """Seal in a thread that ends with its process, or when the event is set; a round is cut off as harmlessly as by a power cut."""
    stop = threading.Event()
    threading.Thread(target=keep_sealing, args=(sealer, stop, tell), name="sealer", daemon=True).start()
    return stop


class Promptness:
    """Whether entries are sealed in time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watched: tuple[str, float] | None = None  # an entry that waits, and since when we know

    def check(self) -> None:
        """Look again.

        Raises:
            Unavailable: an entry has waited for longer than was promised.
        """
        with reading(self._engine) as connection:
            waits = (
                self._watched
                and connection.execute(select(unsealed.c.entry_id).where(unsealed.c.entry_id == self._watched[0])).scalar()
            )
            oldest = None if waits else connection.execute(select(func.min(unsealed.c.entry_id))).scalar()
        if not waits:
            self._watched = (oldest, time.monotonic()) if oldest else None
        elif self._watched and time.monotonic() - self._watched[1] > PROMISED_SECONDS:
            raise Unavailable(f"entry {self._watched[0]} is not sealed after {PROMISED_SECONDS:.0f} s; is a sealer at work?")
