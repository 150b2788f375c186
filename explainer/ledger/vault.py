"""The vault: one data key per customer, retention class and year; destroying it erases the person.

An operator's master key wraps (encrypts) everything here.  Nothing in the vault opens
without it, and nothing in the ledger opens without the vault.

- A data key is 32 random bytes, wrapped with AES-256-GCM; associated data is the
  canonical encoding of [key id, retention, year], so that a row cannot pass for another.
- GCM does not bind a ciphertext to one key, so each entry's leaf repeats the
  *commitment* of its data key: HKDF-SHA256 of the key under a label of its own.
- One random root secret per deployment gives, by HKDF and name, the secrets behind
  keyed digests and links.
- A data key is unwrapped anew for each use and kept nowhere: once destroyed it is gone
  for every process at once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, Row, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from explainer.errors import BadSettings, EntryTampered, MasterKeyMissing, Unavailable
from explainer.ledger.canonical import encode
from explainer.ledger.engines import reading, some_at_a_time, writing
from explainer.ledger.tables import data_keys, secrets

KEY_BYTES = 32
NONCE_BYTES = 12
EPOCH = 1  # the master key in use; rotation counts it up

_KeyRow = Row[*tuple[Any, ...]]
_ROOT = "root"
_ROOT_BOUND = b"explainer/v1/root"
_BY_ID = select(data_keys).where(data_keys.c.key_id == bindparam("key_id"))
_OF_SUBJECTS = data_keys.c.subject.in_(bindparam("subjects", expanding=True))
_BY_SUBJECT = select(data_keys).where(
    _OF_SUBJECTS, data_keys.c.retention == bindparam("retention"), data_keys.c.year == bindparam("year")
)
_IDS = select(data_keys.c.subject, data_keys.c.key_id).where(_OF_SUBJECTS)
_NEW_KEYS = {  # unless another process was first: its key is as good
    kind.dialect.name: kind.insert(data_keys).on_conflict_do_nothing(index_elements=["subject", "retention", "year"])
    for kind in (sqlite, postgresql)
}


def derive(secret: bytes, label: str) -> bytes:
    """Derive 32 bytes for one purpose from a secret: HKDF-SHA256 (RFC 5869), no salt.

    The label is prefixed with `explainer/v1/`; two labels give unrelated keys.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"explainer/v1/{label}".encode()).derive(secret)


def keyed_digest(secret: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over some parts, each preceded by its length (8 bytes), so that none can run into the next."""
    return hmac.digest(secret, b"".join(len(part).to_bytes(8, "big") + part for part in parts), "sha256")


# Master key -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The operator's key that wraps all others; its secret never shows in a log or a traceback."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise BadSettings(f"a master key has {KEY_BYTES} bytes, written in base64")

    @classmethod
    def from_text(cls, text: str) -> MasterKey:
        """Read a master key from base64, as in a key file or an environment variable.

        Raises:
            BadSettings: not base64, or not 32 bytes long.
        """
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except (binascii.Error, ValueError):
            raise BadSettings(f"a master key has {KEY_BYTES} bytes, written in base64") from None

    @property
    def text(self) -> str:
        """The key in base64: for a key file, never for a message."""
        return base64.b64encode(self.secret).decode()

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that name the key and tell nothing about it."""
        return derive(self.secret, "fingerprint").hex()[:16]


def make_master_key(path: Path) -> MasterKey:
    """Make a master key in a new file that only its owner can read, on disk before it is returned.

    Raises:
        BadSettings: a file is there already (a master key is never written over), or the folder is not.
    """
    key = MasterKey(os.urandom(KEY_BYTES))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{key.text}\n")
            file.flush()
            os.fsync(descriptor)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise BadSettings(f"no master key was made at {path}: {error.strerror}") from error
    return key


def load_master_key(path: Path) -> MasterKey:
    """Read a master key from its file.

    Raises:
        MasterKeyMissing: no such file.
        BadSettings: the file can be read by others than its owner, or holds no master key.
    """
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise BadSettings(f"the master key {path} is open to others (mode {mode:04o}); set it to 0600")
            return MasterKey.from_text(file.read(4096))
    except OSError as error:
        raise MasterKeyMissing(f"no master key can be read at {path}: {error.strerror}") from error


# Data keys --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key to one customer's entries of one retention class and one year."""

    id: str
    secret: bytes = field(repr=False)
    commitment: str  # 64 hexadecimal digits that fit this secret and no other; in every leaf it seals


def commitment_of(secret: bytes) -> str:
    """The commitment of a data key, 64 hexadecimal digits: it tells nothing about the key, and no other key has it."""
    return derive(secret, "commitment").hex()


class Vault:
    """The keys of one deployment.

    Args:
        engine: a database of its own, migrated with branch "vault".
        master: the master key; the first vault ever opened on a database binds it.

    Raises:
        MasterKeyMissing: the vault was made under another master key.
        Unavailable: the database did not answer.
    """

    def __init__(self, engine: Engine, master: MasterKey) -> None:
        self._engine = engine
        self._master = AESGCM(master.secret)
        self._secrets: dict[str, bytes] = {}  # secrets of the deployment, never a customer's key
        self._root = self._open_root(master.fingerprint)

    def secret(self, name: str) -> bytes:
        """A secret of the deployment, 32 bytes: `index`, `idempotency`, `links` …; the same for ever."""
        if name not in self._secrets:
            self._secrets[name] = derive(self._root, f"secret/{name}")
        return self._secrets[name]

    def index_digest(self, domain: str, reference: str) -> str:
        """Digest a reference (customer, case) for an index, 64 hexadecimal digits.

        Without the vault nobody can tell which reference it stands for, nor guess one
        and compare; digests of different domains cannot be compared either.
        """
        return keyed_digest(self.secret("index"), domain.encode(), reference.encode(errors="surrogatepass")).hex()

    def data_key(self, customer: str, retention: str, year: int) -> DataKey:
        """The key for one customer's entries; as `data_keys`."""
        return self.data_keys([customer], retention, year)[customer]

    def data_keys(self, customers: Iterable[str], retention: str, year: int) -> dict[str, DataKey]:
        """Find or make the keys for some customers' entries; new ones are durable, in one commit, before this returns.

        Args:
            customers: their references; "" for entries about nobody.
            retention: retention class.
            year: UTC year of the entries.

        Returns:
            Customer → key.

        Raises:
            EntryTampered: a stored key is not what it was.
            Unavailable: the database did not answer, or a key was destroyed this moment.
        """
        subject_of = {customer: self.index_digest("subject", customer) for customer in customers}
        rows = self._filed(subject_of.values(), retention, year)
        absent = sorted(subject_of.values() - rows.keys())  # in one order everywhere, or two processes could wait for each other
        if absent:
            self._make([self._fresh(subject, retention, year) for subject in absent])
            rows |= self._filed(absent, retention, year)
        if any(subject not in rows for subject in absent):
            raise Unavailable("the key of a customer was destroyed this moment; try again")
        return {customer: self._unwrap(rows[subject]) for customer, subject in subject_of.items()}

    def key_ids(self, customers: Iterable[str]) -> dict[str, list[str]]:
        """Ids of customers' data keys, every year and retention class; none: never seen, or erased.

        Raises:
            Unavailable: the database did not answer.
        """
        subject_of = {customer: self.index_digest("subject", customer) for customer in customers}
        found: dict[str, list[str]] = {subject: [] for subject in subject_of.values()}
        with reading(self._engine) as connection:
            for some in some_at_a_time(found):
                for subject, key_id in connection.execute(_IDS, {"subjects": some}):
                    found[subject].append(key_id)
        return {customer: found[subject] for customer, subject in subject_of.items()}

    def destroyed(self, key_ids: Iterable[str]) -> set[str]:
        """Which of some data keys are not here any more."""
        asked, kept = sorted(key_ids), set[str]()
        with reading(self._engine) as connection:
            for some in some_at_a_time(asked):
                kept |= set(connection.execute(select(data_keys.c.key_id).where(data_keys.c.key_id.in_(some))).scalars())
        return set(asked) - kept

    def open_key(self, key_id: str) -> DataKey | None:
        """Open a data key by its id; None when it was destroyed.

        Raises:
            EntryTampered: the stored key is not what it was.
            Unavailable: the database did not answer.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_BY_ID, {"key_id": key_id}).one_or_none()
        return None if row is None else self._unwrap(row)

    def _filed(self, subjects: Iterable[str], retention: str, year: int) -> dict[str, _KeyRow]:
        """Subject → stored key, for those that have one."""
        found: dict[str, _KeyRow] = {}
        with reading(self._engine) as connection:
            for some in some_at_a_time(subjects):
                rows = connection.execute(_BY_SUBJECT, {"subjects": some, "retention": retention, "year": year})
                found |= {row.subject: row for row in rows}
        return found

    def _fresh(self, subject: str, retention: str, year: int) -> dict[str, Any]:
        """The row of a new key."""
        key_id, secret, nonce = os.urandom(16).hex(), os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        return {
            "subject": subject,
            "retention": retention,
            "year": year,
            "key_id": key_id,
            "epoch": EPOCH,
            "wrapped": nonce + self._master.encrypt(nonce, secret, encode([key_id, retention, year])),
            "commitment": commitment_of(secret),
        }

    def _make(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store fresh keys, all in one commit."""
        with writing(self._engine) as connection:
            connection.execute(_NEW_KEYS[self._engine.dialect.name], rows)

    def _unwrap(self, row: _KeyRow) -> DataKey:
        bound = encode([row.key_id, row.retention, row.year])
        try:
            secret = self._master.decrypt(row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise EntryTampered(f"data key {row.key_id} does not open under the master key; the vault was changed") from None
        if commitment_of(secret) != row.commitment:
            raise EntryTampered(f"data key {row.key_id} is not the one its entries commit to; the vault was changed")
        return DataKey(row.key_id, secret, row.commitment)

    def _open_root(self, fingerprint: str) -> bytes:
        """Unwrap the root secret, made when the vault is opened for the first time."""
        wrapped = self._wrapped_root()
        if wrapped is None:
            self._make_root()
            wrapped = self._wrapped_root() or b""
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _ROOT_BOUND)
        except (InvalidTag, ValueError):
            raise MasterKeyMissing(f"this vault was not made with master key {fingerprint}; give it the one it was") from None

    def _wrapped_root(self) -> bytes | None:
        with reading(self._engine) as connection:
            return connection.execute(select(secrets.c.wrapped).where(secrets.c.name == _ROOT)).scalar()

    def _make_root(self) -> None:
        nonce = os.urandom(NONCE_BYTES)
        wrapped = nonce + self._master.encrypt(nonce, os.urandom(KEY_BYTES), _ROOT_BOUND)
        try:
            with writing(self._engine) as connection:
                if connection.execute(select(func.count()).select_from(data_keys)).scalar():
                    raise MasterKeyMissing("this vault holds keys but has lost its root secret; restore it from a backup")
                connection.execute(insert(secrets), {"name": _ROOT, "wrapped": wrapped})
        except IntegrityError:
            return  # another process was first
