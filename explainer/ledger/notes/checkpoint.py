"""The checkpoint: the size and root of the tree, signed, in the format of the transparency-log community.

A checkpoint is three lines: origin (which log), size (decimal), root (base64).  It travels
as a *signed note*: the text, an empty line, and a line for each signature, which begins
with an em dash and names its key.  A key is told in one line, name+hash+base64, so that
it can be pinned (specifications: c2sp.org/signed-note, c2sp.org/tlog-checkpoint,
c2sp.org/tlog-cosignature).

Two kinds of key: a log signs the text (0x01); a witness signs the text and the time at
which it saw it (0x04).  Reading is strict: what is not exactly in this form is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from explainer.errors import BadNote
from explainer.ledger.canonical import HASH_BYTES

LOG, WITNESS = 0x01, 0x04  # kinds of key: Ed25519; Ed25519 over text and time
MOST_SIGNATURES = 100
LONGEST_NOTE = 65_536  # bytes
LARGEST_SIZE = 2**63 - 1

_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_TIME_BYTES = 8
NEXT = "next "  # begins the line of a checkpoint that names the key which signs from then on


# Keys -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signs, and how to check it.

    Raises:
        BadNote: a name or key that no note could carry.
    """

    name: str
    kind: int  # LOG | WITNESS
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.kind not in (LOG, WITNESS) or len(self.public) != 32:
            raise BadNote("a key has a name without blanks or plus signs, a known kind and 32 bytes")

    @property
    def id(self) -> bytes:
        """Four bytes that say which key made a signature: the start of SHA256(name ‖ newline ‖ kind ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key in one line, to be pinned."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def holds(self, text: str, signature: bytes) -> bool:
        """Whether a signature, without the id before it, is this key's over a text."""
        if self.kind == WITNESS:
            text, signature = _with_time(text, int.from_bytes(signature[:_TIME_BYTES], "big")), signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def read_key(text: str) -> PublicKey:
    """Read a key from its one line.

    Raises:
        BadNote: it is not in that form, or its hash is another key's.
    """
    name, _, rest = text.partition("+")
    claimed, _, encoded = rest.partition("+")
    material = _decoded(encoded)
    if material is None or len(material) != 33:
        raise BadNote("a key is written as name+hash+base64 of one byte and 32")
    key = PublicKey(name, material[0], material[1:])
    if key.text != text:
        raise BadNote(f"the hash {claimed[:8]} is not the one of key {name}")
    return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; never shows in a log or a traceback."""

    name: str
    kind: int
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_seed(cls, name: str, kind: int, seed: bytes) -> Signer:
        """The key that 32 secret bytes stand for."""
        return cls(name, kind, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> PublicKey:
        """What others check it with."""
        return PublicKey(self.name, self.kind, self._private.public_key().public_bytes_raw())

    def sign(self, text: str, seconds: int = 0) -> str:
        """The signature line, with its newline, for a text.

        Args:
            text: of a note, with its last newline.
            seconds: since 1970, when a witness saw it; a log's signature has no time.
        """
        if self.kind == WITNESS:
            signature = seconds.to_bytes(_TIME_BYTES, "big") + self._private.sign(_with_time(text, seconds).encode())
        else:
            signature = self._private.sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.public.id + signature).decode()}\n"


def _with_time(text: str, seconds: int) -> str:
    """What a witness signs."""
    return f"cosignature/v1\ntime {seconds}\n{text}"


# Notes ------------------------------------------------------------------------------------------


def sign_note(text: str, signer: Signer) -> str:
    """A note with one signature.

    Raises:
        BadNote: a text that no note could carry.
    """
    _check_text(text)
    return f"{text}\n{signer.sign(text)}"


def open_note(note: str, keys: Sequence[PublicKey]) -> tuple[str, list[PublicKey]]:
    """The text of a note and which of some keys signed it; at least the first of them must have.

    Signatures of keys that are not asked about are passed over.

    Raises:
        BadNote: not a note, or a signature does not hold, or the first key's is missing.
    """
    text, signed = signers_of(note, keys)
    if keys[0] not in signed:
        raise BadNote(f"{keys[0].name} has not signed this note")
    return text, signed


def signers_of(note: str, keys: Sequence[PublicKey]) -> tuple[str, list[PublicKey]]:
    """The text of a note and which of some keys signed it, perhaps none.

    Raises:
        BadNote: not a note, or a signature of one of them does not hold.
    """
    text, signatures = _split(note)
    signed = []
    for name, signature in signatures:
        for key in keys:
            if (key.name, key.id) == (name, signature[:4]):
                if not key.holds(text, signature[4:]):
                    raise BadNote(f"the signature of {name} does not hold for this text")
                signed.append(key)
    return text, signed


def add_signatures(note: str, lines: Iterable[str]) -> str:
    """A note with more signature lines."""
    return note + "".join(line for line in lines if line not in note)


def cosignatures(lines: str, text: str, key: PublicKey) -> list[str]:
    """Those signature lines that are a witness's own and hold for a text."""
    held = []
    for line in lines.splitlines(keepends=True):
        name, signature = _signature(line.rstrip("\n"))
        if (name, signature[:4]) == (key.name, key.id) and key.holds(text, signature[4:]):
            held.append(line)
    return held


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and signatures of a note."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("a note is a text, an empty line and lines of signatures")
    text += "\n"
    _check_text(text)
    signatures = [_signature(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MOST_SIGNATURES or len(note.encode()) > LONGEST_NOTE:
        raise BadNote(f"a note has at most {MOST_SIGNATURES} signatures and {LONGEST_NOTE} bytes")
    return text, signatures


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signature = _decoded(encoded)
    if dash != "—" or not _NAME.fullmatch(name) or signature is None or len(signature) < 5:
        raise BadNote("a signature is a line of an em dash, the key's name and base64")
    return name, signature


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any((ord(one) < 0x20 and one != "\n") or 0xD800 <= ord(one) < 0xE000 for one in text):
        raise BadNote("the text of a note ends with a newline and has no other control characters")


def _decoded(text: str) -> bytes | None:
    """Standard base64 in its one canonical form; None otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


# Checkpoints ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree at one moment: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()  # lines after the third, which are signed with them

    @property
    def text(self) -> str:
        """The lines that are signed."""
        lines = (self.origin, f"{self.size}", base64.b64encode(self.root).decode(), *self.more)
        return "".join(f"{one}\n" for one in lines)

    @property
    def next(self) -> PublicKey | None:
        """The key that signs from now on, where it is another one.

        Raises:
            BadNote: the line that names it cannot be read.
        """
        named = [one.removeprefix(NEXT) for one in self.more if one.startswith(NEXT)]
        return read_key(named[0]) if named else None

    @property
    def short(self) -> str:
        """Tree size and the first 16 hex digits of the root: what a letter carries, to be compared years later."""
        return f"{self.size}-{self.root.hex()[:16]}"


def read_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint from the text of its note; of the lines after the third only `next` means something to us.

    Raises:
        BadNote: it has another form.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or "" in lines[:-1]:
        raise BadNote("a checkpoint is a line each for origin, size and root")
    root = _decoded(lines[2])
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > LARGEST_SIZE:
        raise BadNote("the size of a checkpoint is a decimal number without leading zeros")
    if root is None or len(root) != HASH_BYTES:
        raise BadNote(f"the root of a checkpoint is the base64 of {HASH_BYTES} bytes")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:-1]))


def open_checkpoint(note: str, key: PublicKey) -> Checkpoint:
    """Read a checkpoint that a log has signed.

    Raises:
        BadNote: the note, its signature or its text is not in order, or it is another log's.
    """
    open_note(note, [key])
    return checkpoint_of(note, key)


def checkpoint_of(note: str, key: PublicKey) -> Checkpoint:
    """Read a checkpoint of a log from a note whose signatures were looked at.

    Raises:
        BadNote: its text is not in order, or it is another log's.
    """
    checkpoint = read_checkpoint(note.rpartition("\n\n")[0] + "\n")
    if epoch_of(checkpoint.origin, key.name) is None:
        raise BadNote(f"a checkpoint of {checkpoint.origin} is not one of {key.name}")
    return checkpoint


# Epochs -----------------------------------------------------------------------------------------

_EPOCH = "/epoch-"


def origin_of(log: str, epoch: int) -> str:
    """The first line of a log's checkpoints in one of its epochs, counted from 1.

    >>> origin_of("log", 1), origin_of("log", 2)
    ('log', 'log/epoch-2')
    """
    return log if epoch == 1 else f"{log}{_EPOCH}{epoch}"


def epoch_of(origin: str, log: str) -> int | None:
    """The epoch that an origin stands for; None: it is not this log's.

    >>> epoch_of("log/epoch-2", "log"), epoch_of("log", "log"), epoch_of("log/epoch-1", "log")
    (2, 1, None)
    """
    if origin == log:
        return 1
    number = origin.removeprefix(log + _EPOCH)
    return int(number) if number != origin and _SIZE.fullmatch(number) and int(number) > 1 else None
