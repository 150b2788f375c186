"""The witness: somebody else who remembers every head, and signs only what goes on from it.

Whoever steals database *and* signing key passes every check inside; only a head that is
kept elsewhere convicts them.  A witness keeps the heads of the logs it knows in a folder,
one file for each origin, to which it only appends: each line a signed note, on disk before
the answer leaves.  It takes a checkpoint only with a proof that the tree began with the
newest one here; a signed one without such a proof is kept apart, as evidence.

Two of them: a folder that the operator names (another machine's, or one that can only be
appended to), and a process of its own behind HTTP, with a key, which speaks the protocol
of the transparency-log community (c2sp.org/tlog-witness) and shows what it has seen.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from explainer.errors import BadNote, BadSettings, Unavailable
from explainer.ledger.canonical import HASH_BYTES
from explainer.ledger.notes.checkpoint import (
    WITNESS,
    Checkpoint,
    PublicKey,
    Signer,
    cosignatures,
    epoch_of,
    read_checkpoint,
    read_key,
    signers_of,
)
from explainer.ledger.notes.keyring import followed
from explainer.ledger.tree.merkle import continues

ANSWER_SECONDS = 5.0
LONGEST_ANSWER = 2**28  # bytes of all the heads a witness shows
MOST_HASHES = 63  # in a consistency proof
SIZE_TYPE = "text/x.tlog.size"
KEYS = ".keys"  # after a log's name: the notes in which one of its keys handed over to the next
EVIDENCE = ".refused"  # after an origin: signed checkpoints that did not go on from the newest

_TAIL = 200_000  # bytes; more than the longest line
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})", re.ASCII)


# Answers ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The checkpoint is remembered; the witness's signature lines, if it has a key."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest head here has another size, or at the same size another root."""

    size: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not remembered: `unknown-log`, `not-signed`, `malformed` or `inconsistent`."""

    code: str
    why: str


Answer = Cosigned | Standing | Refusal


class Witness(Protocol):
    """What a sealer needs of a witness; each method raises Unavailable when it does not answer."""

    name: str
    key: PublicKey | None

    def consider(self, old: int, proof: Sequence[bytes], note: str) -> Answer:
        """Hand over a checkpoint with the proof that it goes on from the tree of `old` leaves."""

    def newest(self, origin: str) -> str | None:
        """The newest note of one origin; None: it has seen none."""

    def every(self, origin: str) -> list[str]:
        """All notes of one origin, oldest first."""


# Remembering ------------------------------------------------------------------------------------


class Heads:
    """Signed notes in a folder, a file for each origin, a line for each note.

    The folder must be there: one that is made anew knows no heads, and a disk that is not
    mounted would pass for a witness that has seen nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def opened(self, origin: str) -> Iterator[BinaryIO]:
        """An origin's file, for nobody else until it is closed; a line that was being written in a crash is removed first.

        Raises:
            Unavailable: the folder cannot be used.
        """
        try:
            with self._path(origin).open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                end = _end(file)
                if torn := len(end) - len(_acknowledged(end)):
                    file.truncate(file.seek(0, os.SEEK_END) - torn)
                yield file
        except OSError as error:
            raise Unavailable(f"the witness folder {self.folder} cannot be used: {error.strerror}") from error

    def remember(self, file: BinaryIO, note: str) -> None:
        """Append a note; it is on disk when this returns."""
        file.write(json.dumps(note).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def newest(self, origin: str) -> str | None:
        """The last whole line's note."""
        with self._read(origin) as file:
            return None if file is None else last_note(file)

    def every(self, origin: str) -> list[str]:
        """All notes, oldest first."""
        with self._read(origin) as file:
            lines = [] if file is None else _acknowledged(file.read()).split(b"\n")[:-1]
        return [_note(line) or line.decode(errors="replace") for line in lines]

    @contextmanager
    def _read(self, origin: str) -> Iterator[BinaryIO | None]:
        try:
            with self._path(origin).open("rb") as file:
                yield file
        except FileNotFoundError:
            if not self.folder.is_dir():
                raise Unavailable(f"the witness folder {self.folder} is not there") from None
            yield None
        except OSError as error:
            raise Unavailable(f"the witness folder {self.folder} cannot be read: {error.strerror}") from error

    def _path(self, origin: str) -> Path:
        return self.folder / f"{quote(origin, safe='')}.jsonl"


def last_note(file: BinaryIO) -> str | None:
    """The note of a file's last whole line."""
    lines = _acknowledged(_end(file)).split(b"\n")[:-1]
    return _note(lines[-1]) if lines else None


def _end(file: BinaryIO) -> bytes:
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _TAIL))
    return file.read()


def _acknowledged(content: bytes) -> bytes:
    """Lines up to the last that holds a note: one that was being written may be cut off or, after a power cut, be anything.

    Raises:
        Unavailable: there is more of it than one line can be.
    """
    lines = content.split(b"\n")[:-1]
    while lines and _note(lines[-1]) is None:
        lines.pop()
    if not lines and len(content) >= _TAIL:
        raise Unavailable("what a witness remembers cannot be read: put its file back from a copy")
    return b"".join(line + b"\n" for line in lines)


def _note(line: bytes) -> str | None:
    """A line's note; None when it holds none."""
    try:
        note = json.loads(line)
    except ValueError:
        return None
    return note if isinstance(note, str) else None


class Keeper:
    """A witness with its folder at hand: the folder's own door, and what answers behind HTTP.

    Args:
        heads: where it remembers.
        logs: whose checkpoints it takes.
        signer: its own key; None: it signs nothing.
        now: seconds since 1970.
    """

    def __init__(self, heads: Heads, logs: Sequence[PublicKey], signer: Signer | None, now: Callable[[], float]) -> None:
        self.name, self.key = str(heads.folder), signer.public if signer else None
        self._heads, self._logs, self._signer, self._now = heads, logs, signer, now

    def newest(self, origin: str) -> str | None:
        """As `Witness`."""
        return self._heads.newest(origin)

    def every(self, origin: str) -> list[str]:
        """As `Witness`."""
        return self._heads.every(origin)

    def consider(self, old: int, proof: Sequence[bytes], note: str) -> Answer:
        """As `Witness`: the checkpoint is on disk before the answer."""
        try:
            checkpoint = read_checkpoint(note.rpartition("\n\n")[0] + "\n")
            following = checkpoint.next
        except BadNote as error:
            return Refusal("malformed", str(error))
        log = next((one.name for one in self._logs if epoch_of(checkpoint.origin, one.name)), None)
        if log is None:
            return Refusal("unknown-log", f"no log of the origin {checkpoint.origin} is known here")
        try:
            if not signers_of(note, self._trusted(log))[1]:
                return Refusal("not-signed", f"no key of {log} whose signature counts has signed it")
        except BadNote as error:
            return Refusal("not-signed", str(error))
        if old > checkpoint.size or (following and following.name != log):
            return Refusal("malformed", "the old size is larger than the checkpoint's, or the next key is another log's")
        with self._heads.opened(checkpoint.origin) as file:
            return self._decide(file, checkpoint, old, proof=proof, note=note)

    def _trusted(self, log: str) -> list[PublicKey]:
        """The keys of a log whose signature counts now: those it was given, and those that they handed over to."""
        return followed([one for one in self._logs if one.name == log], self._heads.every(log + KEYS))

    def _decide(self, file: BinaryIO, checkpoint: Checkpoint, old: int, *, proof: Sequence[bytes], note: str) -> Answer:
        last = last_note(file)
        head = read_checkpoint(last.rpartition("\n\n")[0] + "\n") if last else None
        size = head.size if head else 0
        contradicts = head is not None and size == checkpoint.size and head.root != checkpoint.root
        if contradicts:
            self._keep_as_evidence(checkpoint.origin, note)
        if contradicts or old != size:
            return Standing(size)
        if head and not continues(size, head.root, checkpoint.size, checkpoint.root, proof=proof):
            self._keep_as_evidence(checkpoint.origin, note)
            return Refusal("inconsistent", f"this tree does not begin with the {size} leaves that were seen here")
        if head != checkpoint:
            self._follow(checkpoint.next, note)
            self._heads.remember(file, note)
        return Cosigned((self._signer.sign(checkpoint.text, int(self._now())),) if self._signer else ())

    def _follow(self, following: PublicKey | None, note: str) -> None:
        """Remember a handover, before the head that it is: whoever is interrupted between the two takes the next key's notes."""
        if following:
            with self._heads.opened(following.name + KEYS) as file:
                self._heads.remember(file, note)

    def _keep_as_evidence(self, origin: str, note: str) -> None:
        """A signed checkpoint that contradicts the newest convicts whoever signed it; once is enough."""
        with self._heads.opened(origin + EVIDENCE) as file:
            if last_note(file) != note:
                self._heads.remember(file, note)


# Over HTTP --------------------------------------------------------------------------------------


def write_request(old: int, proof: Sequence[bytes], note: str) -> str:
    """The body in which a checkpoint is handed to a witness."""
    return f"old {old}\n" + "".join(f"{base64.b64encode(one).decode()}\n" for one in proof) + f"\n{note}"


def read_request(body: str) -> tuple[int, list[bytes], str]:
    """Old size, proof and note of such a body.

    Raises:
        BadNote: it has another form.
    """
    head, gap, note = body.partition("\n\n")
    first, *rest = head.split("\n")
    old = _OLD.fullmatch(first)
    try:
        proof = [base64.b64decode(one, validate=True) for one in rest]
    except ValueError:
        proof = [b""]
    if not gap or old is None or len(proof) > MOST_HASHES or any(len(one) != HASH_BYTES for one in proof):
        raise BadNote("a request is a line `old SIZE`, lines of base64 hashes, an empty line and a checkpoint")
    return int(old[1]), proof, note


class HttpWitness:
    """A witness behind an address, known by its key."""

    def __init__(self, address: str, key: PublicKey) -> None:
        self._address = address.rstrip("/")
        self.name: str = key.name
        self.key: PublicKey | None = key

    def consider(self, old: int, proof: Sequence[bytes], note: str) -> Answer:
        """As `Witness`; a signature that is not its own is worth nothing."""
        try:
            said = self._ask("add-checkpoint", write_request(old, proof, note).encode())
        except HTTPError as error:
            return self._answer(error)
        assert self.key is not None
        lines = cosignatures(said, note.rpartition("\n\n")[0] + "\n", self.key)
        if not lines:
            raise Unavailable(f"the witness {self.name} answered without its own signature")
        return Cosigned(tuple(lines))

    def _answer(self, error: HTTPError) -> Answer:
        said = error.read(1_000).decode(errors="replace").strip()
        if error.code == 409 and error.headers.get_content_type() == SIZE_TYPE and said.isascii() and said.isdecimal():
            return Standing(int(said))
        codes = {400: "malformed", 403: "not-signed", 404: "unknown-log", 422: "inconsistent"}
        if error.code not in codes:
            raise Unavailable(f"the witness {self.name} answered with {error.code}") from error
        return Refusal(codes[error.code], said)

    def newest(self, origin: str) -> str | None:
        """As `Witness`."""
        notes = self._heads("newest", origin)
        return notes[-1] if notes else None

    def every(self, origin: str) -> list[str]:
        """As `Witness`."""
        return self._heads("heads", origin)

    def _heads(self, path: str, origin: str) -> list[str]:
        try:
            said = self._ask(f"{path}?{urlencode({'origin': origin})}")
        except HTTPError as error:
            raise Unavailable(f"the witness {self.name} answered with {error.code}") from error
        return [_note(line) or line.decode() for line in said.encode().split(b"\n")[:-1]]

    def _ask(self, path: str, body: bytes | None = None) -> str:
        asked = Request(f"{self._address}/{path}", body, {"Content-Type": "text/plain"})  # noqa: S310 – http or https, see open_witness
        try:
            with urlopen(asked, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                said: bytes = answer.read(LONGEST_ANSWER)
                return said.decode(errors="replace")
        except HTTPError:
            raise
        except (URLError, OSError, ValueError) as error:
            raise Unavailable(f"the witness {self.name} does not answer") from error


def open_witness(said: str, log: PublicKey, now: Callable[[], float]) -> Witness:
    """The witness that an operator named: a folder, or ADDRESS#KEY.

    Raises:
        BadSettings: an address without a witness's key.
    """
    if "://" not in said:
        return Keeper(Heads(Path(said)), [log], None, now)
    address, _, text = said.partition("#")
    try:
        key = read_key(text)
    except BadNote as error:
        raise BadSettings(f"EXPLAINER_WITNESS: after the address of a witness come # and its key; {error}") from error
    if key.kind != WITNESS or not address.startswith(("http://", "https://")):
        raise BadSettings("EXPLAINER_WITNESS: an address begins with http:// or https:// and its key is a witness's")
    return HttpWitness(address, key)
