"""Mailing: the letters about many decisions into one folder, several at a time.

That a letter leaves is remembered before its file appears, in one durable commit with its
neighbours.  Run again, a file that holds the same bytes stays and is not remembered again.
A manifest says of every decision which file tells it, or why none does.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from explainer.errors import BadInput, ExplainerError
from explainer.ledger.canonical import digest
from explainer.ledger.store import Draft
from explainer.service import inspect
from explainer.service.inspect import COMMAND, Recipient, Wanted
from explainer.service.wiring import Services

TOGETHER = 50  # letters of one commit
MANIFEST = "manifest.ndjson"
ENDINGS = {"html": "html", "text": "txt", "pdf": "pdf"}

Progress = Callable[[int, int], None]  # letters done, of how many


@dataclass(frozen=True, slots=True)
class Mailing:
    """Which decisions are told, and how."""

    folder: Path
    form: str  # of inspect.FORMS
    locale: str | None  # None: each case's own
    by: str  # who sends them
    since: datetime
    until: datetime | None = None
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    """A letter that is not in its file yet, or why there is none."""

    decision: str
    file: str = ""
    sent: bytes = b""
    view: Draft | None = None  # None: the file holds these bytes already, or there is no letter
    refused: str | None = None  # code of the error

    def line(self) -> str:
        """What the manifest says about it."""
        said = {"decision": self.decision, "refused": self.refused} if self.refused else {
            "decision": self.decision, "file": self.file, "sha256": digest(self.sent), "new": self.view is not None
        }  # fmt: skip
        return json.dumps(said)


@dataclass(slots=True)
class Count:
    """How many letters were written, were there already, and could not be written."""

    written: int = 0
    there: int = 0
    refused: int = 0

    def add(self, one: _Written) -> None:
        """Count one letter."""
        self.refused += one.refused is not None
        self.written += one.view is not None
        self.there += one.refused is None and one.view is None


def write_letters(mailing: Mailing, services: Services, progress: Progress) -> Count:
    """Write the letter of every decision that a mailing names.

    Raises:
        BadInput: the folder cannot be written to.
        BadQuery: times that make no sense.
    """
    decisions, count, done = _decisions(mailing, services), Count(), 0
    try:
        mailing.folder.mkdir(parents=True, exist_ok=True)
        with (mailing.folder / f"{MANIFEST}.part").open("w", encoding="utf-8") as manifest:
            for letters in _composed(decisions, mailing, services):
                services.ledger.append_all([one.view for one in letters if one.view])
                for one in letters:
                    _put(one, mailing.folder)
                    manifest.write(one.line() + "\n")
                    count.add(one)
                done += len(letters)
                progress(done, len(decisions))
        (mailing.folder / f"{MANIFEST}.part").replace(mailing.folder / MANIFEST)
    except OSError as error:
        raise BadInput(f"{mailing.folder} cannot be written to: {error.strerror}") from error
    return count


def _decisions(mailing: Mailing, services: Services) -> list[str]:
    """Ids of the decisions, oldest first."""
    found: list[str] = []
    after = None
    while True:
        page, after = inspect.search(services, pack=mailing.pack, since=mailing.since, until=mailing.until, after=after, limit=500)
        found += [one.id for one in page]
        if after is None:
            return found[::-1]


def _composed(decisions: Sequence[str], mailing: Mailing, services: Services) -> Iterator[list[_Written]]:
    """Batches of letters in their order, written on every core; only a few wait, so that memory stays flat."""
    threads = len(os.sched_getaffinity(0))
    following, waiting = iter(decisions), deque[Future[list[_Written]]]()
    with ThreadPoolExecutor(threads) as pool:
        while batch := list(islice(following, TOGETHER)):
            waiting.append(pool.submit(lambda ids: [_compose(one, mailing, services) for one in ids], batch))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _compose(decision: str, mailing: Mailing, services: Services) -> _Written:
    try:
        found = inspect.find(decision, services)
        wanted = Wanted(mailing.form, mailing.locale or found.record.locale)
        sent = inspect.compose(found, wanted, services)
    except ExplainerError as error:
        return _Written(decision, refused=error.code)
    file = f"{decision}.{wanted.locale}.{ENDINGS[wanted.form]}"
    place = mailing.folder / file
    if place.is_file() and place.read_bytes() == sent:
        return _Written(decision, file, sent)
    view = inspect.view_of(found, wanted, sent, to=Recipient(COMMAND, mailing.by), services=services)
    return _Written(decision, file, sent, view)


def _put(one: _Written, folder: Path) -> None:
    """Let the file of a remembered letter appear, whole or not at all."""
    if one.view:
        part = folder / f"{one.file}.part"
        part.touch(mode=0o600)  # a letter is for its owner's eyes
        part.write_bytes(one.sent)
        part.replace(folder / one.file)
