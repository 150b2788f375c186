"""The vault: one data key per customer, retention class and year; destroying it erases the person.

An operator's master key wraps (encrypts) everything here.  Nothing in the vault opens
without it, and nothing in the ledger opens without the vault.

- A data key is 32 random bytes, wrapped with AES-256-GCM; associated data is the
  canonical encoding of [key id, retention, year], so that a row cannot pass for another.
- GCM does not bind a ciphertext to one key, so each entry's leaf repeats the
  *commitment* of its data key: HKDF-SHA256 of the key under a label of its own.
- One random root secret per deployment gives, by HKDF and name, the secrets behind
  keyed digests and links; what must not follow from it is kept beside it.
- A data key is unwrapped anew for each use and kept nowhere: once destroyed it is gone
  for every process at once.
- A row says by its *epoch* which master key wraps it; the one that wraps the root secret
  is in force.  While the master key is being changed there are rows of two epochs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from explainer.errors import EntryTampered, MasterKeyMissing, Unavailable
from explainer.ledger.canonical import encode
from explainer.ledger.engines import ASKED_AT_ONCE, reading, require_tables, scrub, some_at_a_time, writing
from explainer.ledger.keys.master import KEY_BYTES, MasterKey, derive, keyed_digest
from explainer.ledger.keys.wrapping import NONCE_BYTES, DataKey, Wrapper, commitment_of, unwrapped
from explainer.ledger.tables import data_keys, secrets, vault

__all__ = ["NONCE_BYTES", "DataKey", "MasterKey", "Vault", "commitment_of", "derive", "keyed_digest"]


_KeyRow = Row[*tuple[Any, ...]]
_ROOT = "root"
_ROOT_BOUND = b"explainer/v1/root"  # as `_bound_secret` has it
_BY_ID = select(data_keys).where(data_keys.c.key_id == bindparam("key_id"))
_OF_SUBJECTS = data_keys.c.subject.in_(bindparam("subjects", expanding=True))
_BY_SUBJECT = select(data_keys).where(
    _OF_SUBJECTS, data_keys.c.retention == bindparam("retention"), data_keys.c.year == bindparam("year")
)
_SECRETS = select(secrets.c.name, secrets.c.wrapped)
_ROOT_ROW = select(secrets.c.epoch, secrets.c.wrapped).where(secrets.c.name == _ROOT)
_IDS = select(data_keys.c.subject, data_keys.c.key_id).where(_OF_SUBJECTS)
_WRAP_ANEW = update(data_keys).where(data_keys.c.key_id == bindparam("id"))
_NEW_KEYS = {  # unless another process was first: its key is as good
    kind.dialect.name: kind.insert(data_keys).on_conflict_do_nothing(index_elements=["subject", "retention", "year"])
    for kind in (sqlite, postgresql)
}
# PostgreSQL advisory locks: whoever makes a key holds it shared, whoever changes the master key alone.
_CHANGE, _MAKE = (text(f"SELECT pg_advisory_xact_lock{shared}(x'7761726d'::bigint)") for shared in ("", "_shared"))


class Vault:
    """The keys of one deployment.

    Args:
        engine: a database of its own, migrated with branch "vault".
        master: the master key; the first vault ever opened on a database binds it.
        others: gives the master keys of this moment; asked when something does not open
            under those that are known.

    Raises:
        MasterKeyMissing: the vault was made under another master key.
        Unavailable: the database did not answer.
    """

    def __init__(self, engine: Engine, master: MasterKey, others: Callable[[], Iterable[MasterKey]] = tuple) -> None:
        self._engine = engine
        self._others = others
        self._masters = [AESGCM(master.secret)]
        self._secrets: dict[str, bytes] = {}  # secrets of the deployment, never a customer's key
        self._root = self._open_root(master.fingerprint)

    def check(self) -> None:
        """Make sure that all its tables are there.

        Raises:
            Unavailable: one is not, or the database did not answer.
        """
        with reading(self._engine) as connection:
            require_tables(connection, vault.sorted_tables)

    def secret(self, name: str) -> bytes:
        """A secret of the deployment, 32 bytes: `index`, `idempotency`, `links` …; the same for ever."""
        if name not in self._secrets:
            self._secrets[name] = derive(self._root, f"secret/{name}")
        return self._secrets[name]

    def keep(self, name: str) -> None:
        """Make a secret of the deployment that nothing else gives, unless it is there: who had the root once does not have it."""
        with contextlib.suppress(IntegrityError), writing(self._engine) as connection:
            wrapper = self._in_force(connection)
            wrapped = wrapper.wrap(os.urandom(KEY_BYTES), _bound_secret(name))
            connection.execute(insert(secrets), {"name": name, "wrapped": wrapped, "epoch": wrapper.epoch})

    def kept(self, prefix: str) -> list[bytes]:
        """Secrets that were made by `keep`, in the order in which they were made.

        Raises:
            EntryTampered: one does not open under the master key.
        """
        with reading(self._engine) as connection:
            found = self._secrets_in(connection, prefix)
        return [secret for _, secret in sorted(found, key=lambda one: (len(one[0]), one[0]))]

    def _secrets_in(self, connection: Connection, prefix: str) -> list[tuple[str, bytes]]:
        found = []
        for name, wrapped in connection.execute(_SECRETS.where(secrets.c.name.startswith(prefix))).all():
            secret = self._open(wrapped, _bound_secret(name))
            if secret is None:
                raise EntryTampered(f"the secret {name} does not open under the master key; the vault was changed")
            found.append((name, secret))
        return found

    def index_digest(self, domain: str, reference: str) -> str:
        """Digest a reference (customer, case) for an index, 64 hexadecimal digits.

        Without the vault nobody can tell which reference it stands for, nor guess one
        and compare; digests of different domains cannot be compared either.
        """
        return keyed_digest(self.secret("index"), domain.encode(), reference.encode(errors="surrogatepass")).hex()

    def subject(self, customer: str) -> str:
        """Keyed digest of a customer's reference, under which their keys are filed."""
        return self.index_digest("subject", customer)

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
        subject_of = {customer: self.subject(customer) for customer in customers}
        rows = self._filed(subject_of.values(), retention, year)
        absent = sorted(subject_of.values() - rows.keys())  # in one order everywhere, or two processes could wait for each other
        if absent:
            self._make(absent, retention, year)
            rows |= self._filed(absent, retention, year)
        if any(subject not in rows for subject in absent):
            raise Unavailable("the key of a customer was destroyed this moment; try again")
        return {customer: self._unwrap(rows[subject]) for customer, subject in subject_of.items()}

    def key_ids(self, customers: Iterable[str]) -> dict[str, list[str]]:
        """Ids of customers' data keys, every year and retention class; none: never seen, or erased.

        Raises:
            Unavailable: the database did not answer.
        """
        subject_of = {customer: self.subject(customer) for customer in customers}
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

    def open_keys(self, key_ids: Iterable[str]) -> dict[str, DataKey | EntryTampered]:
        """Open many data keys, each for itself; those that were destroyed are left out, and one that was changed hides no other."""
        found: dict[str, DataKey | EntryTampered] = {}
        with reading(self._engine) as connection:
            rows = [
                row
                for some in some_at_a_time(set(key_ids))
                for row in connection.execute(select(data_keys).where(data_keys.c.key_id.in_(some))).all()
            ]
        for row in rows:
            try:
                found[row.key_id] = self._unwrap(row)
            except EntryTampered as error:
                found[row.key_id] = error
        return found

    def _filed(self, subjects: Iterable[str], retention: str, year: int) -> dict[str, _KeyRow]:
        """Subject → stored key, for those that have one."""
        found: dict[str, _KeyRow] = {}
        with reading(self._engine) as connection:
            for some in some_at_a_time(subjects):
                rows = connection.execute(_BY_SUBJECT, {"subjects": some, "retention": retention, "year": year})
                found |= {row.subject: row for row in rows}
        return found

    def classes(self) -> list[str]:
        """The retention classes of the keys that are here."""
        with reading(self._engine) as connection:
            return sorted(connection.execute(select(data_keys.c.retention).distinct()).scalars())

    def held(self, retention: str, last_year: int) -> dict[str, str]:
        """Id of a data key → keyed digest of its subject, of one retention class and all years up to the last."""
        found = select(data_keys.c.key_id, data_keys.c.subject).where(
            data_keys.c.retention == retention, data_keys.c.year <= last_year
        )
        with reading(self._engine) as connection:
            return {row.key_id: row.subject for row in connection.execute(found)}

    def destroy(self, key_ids: Collection[str]) -> None:
        """Destroy data keys, and what the database's files still hold of them; gone for every process at once.

        Raises:
            Unavailable: the database did not answer, or keeps old pages for a reader; do it again.
        """
        with writing(self._engine) as connection:
            for some in some_at_a_time(sorted(key_ids)):
                connection.execute(delete(data_keys).where(data_keys.c.key_id.in_(some)))
        scrub(self._engine, (data_keys,))

    def rewrap(self, fresh: MasterKey, tell: Callable[[int], None] = lambda _done: None) -> int:
        """Wrap everything anew under another master key; begun again after an interruption, it goes on.

        The root secret goes first: from then on every process makes its keys under the
        fresh one, so that one walk through the keys finds all that are left.

        Args:
            tell: told how many keys are done, now and then.

        Returns:
            How many data keys were wrapped anew.

        Raises:
            EntryTampered: a key that does not open; it and those after it are as they were.
        """
        self._masters.insert(0, AESGCM(fresh.secret))
        wrapper, done, last = self._rewrap_root(self._masters[0]), 0, ""
        while True:
            behind = select(data_keys).where(data_keys.c.key_id > last, data_keys.c.epoch < wrapper.epoch)
            with writing(self._engine) as connection:
                rows = connection.execute(behind.order_by(data_keys.c.key_id).limit(ASKED_AT_ONCE)).all()
                anew = [{"id": row.key_id, "anew": wrapper.wrap(self._unwrap(row).secret, _bound(row))} for row in rows]
                if anew:
                    connection.execute(_WRAP_ANEW.values(wrapped=bindparam("anew"), epoch=wrapper.epoch), anew)
            if not rows:
                scrub(self._engine, (data_keys, secrets))
                return done
            done, last = done + len(rows), rows[-1].key_id
            tell(done)

    def _rewrap_root(self, fresh: AESGCM) -> Wrapper:
        """Put a master key in force, unless it is already."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":  # on SQLite the transaction holds the only write lock
                connection.execute(_CHANGE)
            epoch, wrapped = connection.execute(_ROOT_ROW).one()
            if unwrapped(fresh, wrapped, _ROOT_BOUND) is None:
                epoch += 1
                for name, secret in self._secrets_in(connection, ""):
                    anew = Wrapper(epoch, fresh).wrap(secret, _bound_secret(name))
                    connection.execute(update(secrets).where(secrets.c.name == name).values(epoch=epoch, wrapped=anew))
        return Wrapper(epoch, fresh)

    def _in_force(self, connection: Connection) -> Wrapper:
        """The master key under which keys are made in this transaction."""
        if connection.dialect.name == "postgresql":
            connection.execute(_MAKE)
        epoch, wrapped = connection.execute(_ROOT_ROW).one()
        for cipher in self._ciphers():
            if unwrapped(cipher, wrapped, _ROOT_BOUND) is not None:
                return Wrapper(epoch, cipher)
        raise MasterKeyMissing("the master key was changed, and this process does not have the new one; start it again with it")

    def _make(self, subjects: Iterable[str], retention: str, year: int) -> None:
        """Make and store keys, all in one commit."""
        with writing(self._engine) as connection:
            wrapper = self._in_force(connection)
            rows = [_fresh(subject, retention, year, wrapper) for subject in subjects]
            connection.execute(_NEW_KEYS[self._engine.dialect.name], rows)

    def _ciphers(self) -> Iterator[AESGCM]:
        """Every master key there is: those known, then those of this moment, which are known from then on."""
        yield from tuple(self._masters)
        fresh = [AESGCM(one.secret) for one in self._others()]
        self._masters = [*fresh, self._masters[-1]]
        yield from fresh

    def _open(self, wrapped: bytes, bound: bytes) -> bytes | None:
        """What any of the master keys finds inside; None: none does."""
        return next((found for one in self._ciphers() if (found := unwrapped(one, wrapped, bound)) is not None), None)

    def _unwrap(self, row: _KeyRow) -> DataKey:
        secret = self._open(row.wrapped, _bound(row))
        if secret is None:
            raise EntryTampered(f"data key {row.key_id} does not open under the master key; the vault was changed")
        if commitment_of(secret) != row.commitment:
            raise EntryTampered(f"data key {row.key_id} is not the one its entries commit to; the vault was changed")
        return DataKey(row.key_id, secret, row.commitment)

    def _open_root(self, fingerprint: str) -> bytes:
        """Unwrap the root secret, made when the vault is opened for the first time."""
        wrapped = self._wrapped_root()
        if wrapped is None:
            self._make_root()
            wrapped = self._wrapped_root() or b""
        root = self._open(wrapped, _ROOT_BOUND)
        if root is None:
            raise MasterKeyMissing(f"this vault was not made with master key {fingerprint}; give it the one it was")
        return root

    def _wrapped_root(self) -> bytes | None:
        with reading(self._engine) as connection:
            return connection.execute(select(secrets.c.wrapped).where(secrets.c.name == _ROOT)).scalar()

    def _make_root(self) -> None:
        wrapped = Wrapper(1, self._masters[0]).wrap(os.urandom(KEY_BYTES), _ROOT_BOUND)
        try:
            with writing(self._engine) as connection:
                if connection.execute(select(func.count()).select_from(data_keys)).scalar():
                    raise MasterKeyMissing("this vault holds keys but has lost its root secret; restore it from a backup")
                connection.execute(insert(secrets), {"name": _ROOT, "wrapped": wrapped, "epoch": 1})
        except IntegrityError:
            return  # another process was first


def _bound_secret(name: str) -> bytes:
    """What a wrapped secret of the deployment is bound to besides its master key."""
    return f"explainer/v1/{name}".encode()


def _bound(row: _KeyRow) -> bytes:
    """What a wrapped key is bound to besides its master key."""
    return encode([row.key_id, row.retention, row.year])


def _fresh(subject: str, retention: str, year: int, wrapper: Wrapper) -> dict[str, Any]:
    """The row of a new key."""
    key_id, secret = os.urandom(16).hex(), os.urandom(KEY_BYTES)
    return {
        "subject": subject,
        "retention": retention,
        "year": year,
        "key_id": key_id,
        "epoch": wrapper.epoch,
        "wrapped": wrapper.wrap(secret, encode([key_id, retention, year])),
        "commitment": commitment_of(secret),
    }
