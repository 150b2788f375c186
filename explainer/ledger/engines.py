"""Engines: the door to a database that keeps what it has acknowledged.

A reply leaves only after a durable commit, so a database that could lose the commit in
a power cut is refused before the first row.  SQLite is told how to be safe, and asked
whether it listened; PostgreSQL is only asked, because its settings are the operator's.
Each new connection is asked again.

Whatever a driver raises is turned into this house's errors here; none of them quotes an
address with a password, a statement or a value.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, literal, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from explainer.errors import BadSettings, OutcomeUnknown, Unavailable, UnsafeStore

Asked = TypeVar("Asked", str, int)
Item = TypeVar("Item")
Result = TypeVar("Result")

ASKED_AT_ONCE = 500  # ids in one question to a database
BUSY_MS = 5_000  # how long a SQLite connection waits for another's lock
CONNECT_SECONDS = 5
WAL_SAFE_FROM = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL database used by several processes
SAFE_COMMIT = frozenset({"on", "remote_write", "remote_apply"})  # each flushes the local disk before it answers

_SYNCHRONOUS = {"FULL": 2, "EXTRA": 3}  # what SQLite answers when asked
_SETTINGS = "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')"
_WRITE = "explainer_write"
_FORBIDDEN, _NO_TABLE = "42501", "42P01"  # PostgreSQL: insufficient privilege, undefined table
_SYSTEM_ERROR = "58"  # PostgreSQL: how errors begin that come from outside of it, such as of a disk
_STOPPED: WeakSet[Engine] = WeakSet()  # whose disk failed during a commit
_NETWORK = frozenset(  # file systems on which SQLite's locks and syncs mean nothing
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "beegfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"}
)
_FOREIGN = (DBAPIError, PoolTimeout)
_MOUNTS = Path("/proc/self/mountinfo")


def open_engine(url: str) -> Engine:
    """Open a database and make sure that it is safe and answers.

    Args:
        url: `sqlite:///file`, or `postgresql://…` (also `postgres://…`, `postgresql+psycopg://…`).

    Raises:
        BadSettings: not an address of a SQLite file or a PostgreSQL database.
        UnsafeStore: the database would lose acknowledged rows in a power cut.
        Unavailable: it cannot be reached or opened.
    """
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    try:
        engine.connect().close()
    except DBAPIError as error:
        engine.dispose()
        raise Unavailable(f"the database {_called(address)} cannot be reached or opened") from error
    except UnsafeStore:
        engine.dispose()
        raise
    return engine


def _address(url: str) -> URL:
    """Read a database address; a message never quotes it, since it may hold a password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise BadSettings("the database address cannot be read; write sqlite:///file or postgresql://…") from None
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise BadSettings(f"no database of the kind {address.drivername!r}; use sqlite or postgresql")
    if address.database in (None, "", ":memory:") or str(address.database).startswith("file:"):
        raise UnsafeStore("a SQLite database must be a file on a local disk")
    return address


def _called(address: URL) -> str:
    """Name a database for a message: never user, password or options."""
    return " at ".join(part for part in (f"{address.database}", address.host) if part)


# SQLite -----------------------------------------------------------------------------------------


def durability(version: tuple[int, ...]) -> tuple[str, str]:
    """Which journal and which `synchronous` keep every acknowledged row, by SQLite version.

    >>> durability((3, 40, 1)), durability((3, 51, 3))
    (('DELETE', 'EXTRA'), ('WAL', 'FULL'))
    """
    return ("WAL", "FULL") if version >= WAL_SAFE_FROM else ("DELETE", "EXTRA")


def _sqlite(address: URL) -> Engine:
    """An engine on a SQLite file, which is made if it is not there, for its owner only."""
    if (kind := disk_of(Path(str(address.database)).absolute(), _mounts())) in _NETWORK:
        raise UnsafeStore(f"a SQLite database must lie on a local disk, and {address.database} is on {kind}")
    try:
        Path(str(address.database)).touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"the database file {address.database} cannot be made or opened") from error
    engine = create_engine(
        address, hide_parameters=True, poolclass=QueuePool, connect_args={"timeout": BUSY_MS / 1000, "isolation_level": None}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _mounts() -> str:
    """What is mounted where, as Linux tells it; nothing elsewhere."""
    try:
        return _MOUNTS.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def disk_of(path: Path, mounts: str) -> str:
    """The kind of file system on which a path lies; empty: unknown.

    >>> disk_of(Path("/srv/a b/x.db"), "1 0 8:1 / / rw - ext4 /dev/sda rw\\n2 1 0:9 / /srv/a\\\\040b rw - nfs4 host:/v rw\\n")
    'nfs4'
    """
    found = {}
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        found[place.split(" ")[4].replace("\\040", " ")] = kind.split(" ")[0]
    return next((found[one] for one in map(str, (path, *path.parents)) if one in found), "")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what keeps rows safe and erased rows gone, and ask whether it took."""
    journal, synchronous = durability(sqlite3.sqlite_version_info)
    wanted = {
        "busy_timeout": BUSY_MS,
        "journal_mode": journal.lower(),
        "synchronous": _SYNCHRONOUS[synchronous],
        "secure_delete": 1,
        "foreign_keys": 1,
    }
    for pragma, value in wanted.items():
        connection.execute(f"PRAGMA {pragma}={value}")
        if (answer := connection.execute(f"PRAGMA {pragma}").fetchone()[0]) != value:
            raise UnsafeStore(f"SQLite keeps {pragma} at {answer!r} where {value!r} is needed")


def _begin_sqlite(connection: Connection) -> None:
    """Begin a writing transaction with its lock, so that it can wait for it; a read needs none beyond its statement."""
    if connection.get_execution_options().get(_WRITE, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


# PostgreSQL -------------------------------------------------------------------------------------


def _postgresql(address: URL) -> Engine:
    """An engine on a PostgreSQL database; a connection that died in the pool is replaced before use."""
    engine = create_engine(address, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_SECONDS})
    event.listen(engine, "connect", _examine_postgresql)
    return engine


def _examine_postgresql(connection: Any, _record: object) -> None:
    """Examine a new connection; settings may differ by server, database and role."""
    with connection.cursor() as cursor:
        _refuse_unsafe(cursor.execute(_SETTINGS).fetchone())
    connection.rollback()


def _refuse_unsafe(answers: Sequence[str]) -> None:
    """Raise UnsafeStore when the answers to _SETTINGS mean that acknowledged rows can be lost."""
    for name, answer in zip(("fsync", "full_page_writes", "synchronous_commit"), answers, strict=True):
        if answer not in (SAFE_COMMIT if name == "synchronous_commit" else {"on"}):
            raise UnsafeStore(f"PostgreSQL runs with {name}={answer}: acknowledged rows would be lost in a power cut")


def require_writable(connection: Connection, tables: Iterable[Table]) -> None:
    """Make sure that a writing transaction can write to tables that are there, and that what it writes would stay.

    Raises:
        UnsafeStore: the server's settings have become unsafe.
        Unavailable: the server takes no writes, a standby for example.
    """
    if connection.dialect.name == "postgresql":  # on SQLite the transaction holds the write lock: that is the proof
        _refuse_unsafe(connection.execute(text(_SETTINGS)).one())
        if connection.execute(text("SELECT current_setting('transaction_read_only')")).scalar() == "on":
            raise Unavailable("the database is read-only; entries cannot be written")
    require_tables(connection, tables)


def require_tables(connection: Connection, tables: Iterable[Table]) -> None:
    """Make sure that every table is there and can be read; asks for no row.

    Raises:
        Unavailable: one is not; a database that is locked or gone is for `reading` and `writing` to tell.
    """
    for one in tables:
        try:
            connection.execute(select(literal(1)).select_from(one).limit(0))
        except (OperationalError, ProgrammingError) as error:
            if getattr(error.orig, "sqlstate", None) not in {_FORBIDDEN, _NO_TABLE} and "no such table" not in str(error.orig):
                raise
            raise Unavailable(
                f"the table {one.name} is missing, or closed to the database's role: explainer ledger grants"
            ) from error


# Reading and writing -----------------------------------------------------------------------------


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from, each statement by itself; fetch all at once, a reader holds SQLite's writer up.

    Raises:
        Unavailable: the database did not answer.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":  # spares two round trips
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
    except _FOREIGN as error:
        raise Unavailable("the database did not answer; try again") from error


@contextmanager
def afresh(engine: Engine) -> Iterator[Connection]:
    """As `reading`, on a connection that was never used before: it sees what is stored, and no cache of ours."""
    with reading(engine) as connection:
        connection.invalidate()
        yield connection


def scrub(engine: Engine, tables: Iterable[Table]) -> None:
    """Let a database's files forget what was just removed from some tables, as far as the database can.

    SQLite has written zeros over it already (`secure_delete`) and empties its WAL here.
    PostgreSQL vacuums the tables; its own WAL, and free space inside its pages, may keep
    the old bytes for a while.

    Raises:
        Unavailable: somebody reads from an old state of the database and keeps its pages; ask again.
    """
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"VACUUM {', '.join(one.name for one in tables)}"))
            elif connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                raise Unavailable("the data is destroyed, but a reader keeps the database's old pages; do the same again")
    except _FOREIGN as error:
        raise Unavailable("the database did not answer; do the same again") from error


def some_at_a_time(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    """Ids or numbers in questions that are not too long for a database."""
    every = list(asked)
    return (every[first : first + ASKED_AT_ONCE] for first in range(0, len(every), ASKED_AT_ONCE))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, durable when the block has been left without an error.

    Raises:
        Unavailable: the database did not answer; nothing was written.
        OutcomeUnknown: it failed during the commit; look before writing again.  When the disk itself failed,
            every later call raises Unavailable: this process writes nothing any more.
        sqlalchemy.exc.IntegrityError: a row that is there already; the caller knows what it means.
    """
    committing = False
    if engine in _STOPPED:
        raise Unavailable("the disk failed during a commit, so this process writes nothing any more; see to it and start again")
    try:
        with engine.connect() as connection:
            connection.execution_options(**{_WRITE: True})
            connection.begin()
            yield connection
            committing = True
            try:
                connection.commit()
            except BaseException:
                connection.invalidate()  # SQLite keeps the transaction open, and the pool would hand it on like that
                raise
    except IntegrityError:
        raise
    except _FOREIGN as error:
        if committing:
            if _failed_on_disk(getattr(error, "orig", None)):
                _STOPPED.add(engine)
            raise OutcomeUnknown("the database failed during a commit; retry with the same Idempotency-Key") from error
        if getattr(getattr(error, "orig", None), "sqlstate", None) == _FORBIDDEN:
            raise Unavailable("the database's role may not write this: that is for the owner of the tables") from error
        raise Unavailable("the database did not answer; nothing was written, try again") from error


def _failed_on_disk(error: object) -> bool:
    """Whether it was the disk: after a sync that failed, the next may succeed without what was lost.

    A write that failed is no such case: nothing rests on it, and with room again the same process goes on.
    """
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        return code & 0xFF == sqlite3.SQLITE_IOERR and code != sqlite3.SQLITE_IOERR_WRITE
    return str(getattr(error, "sqlstate", None)).startswith(_SYSTEM_ERROR)


class _Call:
    """One thread's call among several."""

    def __init__(self, item: Any) -> None:
        self.item = item
        self.woken = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = OutcomeUnknown(
            "the thread that wrote this was stopped; retry with the same Idempotency-Key"
        )
        self.done = False


class Together(Generic[Item, Result]):
    """Calls that threads make at the same time, carried out in one go by one of them: one commit for all.

    Whoever comes first works at once; whoever comes meanwhile waits, and then the first of
    these works for as many as there are.  Nobody waits for company that may not come.

    Args:
        carry_out: does some calls, all or none; whatever it raises on several is found out
            again one by one, so that one bad call spoils no other, but for what was the
            database's fault.
        most: how many calls go together.
    """

    def __init__(self, carry_out: Callable[[list[Item]], list[Result]], most: int) -> None:
        self._carry_out = carry_out
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[_Call] = deque()
        self._busy = False

    def call(self, item: Item) -> Result:
        """The result of one call; raises what it raises alone."""
        mine = _Call(item)
        with self._lock:
            self._waiting.append(mine)
            first, self._busy = not self._busy, True
        if not first:
            mine.woken.wait()
        if not mine.done:
            self._work()
        if mine.error:
            raise mine.error
        result: Result = mine.result
        return result

    def _work(self) -> None:
        """Carry out what waits, oneself among the first, and pass the work on to the next who waits."""
        with self._lock:
            some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            self._carry(some)
        finally:
            with self._lock:
                next_one = self._waiting[0] if self._waiting else None
                self._busy = next_one is not None
            for one in some:
                one.done = True
                one.woken.set()
            if next_one:
                next_one.woken.set()

    def _carry(self, some: list[_Call]) -> None:
        try:
            results = self._carry_out([one.item for one in some])
        except Exception as error:
            if len(some) > 1 and not isinstance(error, Unavailable):
                for one in some:
                    self._carry([one])
                return
            for one in some:
                one.error = error
            return
        for one, result in zip(some, results, strict=True):
            one.result, one.error = result, None
