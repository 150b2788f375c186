"""A private PostgreSQL for tests: started in a temporary folder, gone afterwards.

    with private_cluster() as cluster:
        url = cluster.database()

It is a real server with real durability, reached through a socket in its own folder by
nobody else.  PostgreSQL refuses to run as root, so a root's tests run it as `postgres`
or `nobody`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

START_SECONDS = 20
STOP_SECONDS = 10


class NoPostgres(Exception):
    """There is no PostgreSQL to start; the message says why in one line."""


def do_without(reason: NoPostgres) -> NoReturn:
    """Skip what needs a PostgreSQL; in CI (any value of the variable) fail instead, because there it must run."""
    if os.environ.get("CI"):
        pytest.fail(f"no PostgreSQL: {reason}", pytrace=False)
    pytest.skip(f"no PostgreSQL: {reason}")


@dataclass
class Cluster:
    """A server in a folder, in which its socket is too."""

    socket: Path
    _binaries: Path
    _user: str | None
    _names: Iterator[int] = field(default_factory=itertools.count)
    _templates: dict[Callable[[str], Any], str] = field(default_factory=dict)
    _server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server on the data that is there, and return when it answers.

        Raises:
            NoPostgres: it does not start.
        """
        self._server = _start(self._binaries, self.socket / "data", self._user)
        _await(self, self._server, self.socket / "log")

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as when the machine goes down under it."""
        assert self._server
        self._server.send_signal(signal.SIGSTOP)  # so that it starts no other one meanwhile
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text("ascii").split()
        for process in (self._server.pid, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        self._server.wait()

    def stop(self) -> None:
        """End the server at once, without tidying up: its folder goes with it."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGQUIT)
        try:
            self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def url(self, database: str) -> str:
        """The address of a database, as a caller would write it in a setting."""
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def database(self, prepared_by: Callable[[str], Any] | None = None) -> str:
        """Make a database and return its address.

        Args:
            prepared_by: called once with the address of an empty database; what it makes
                there, every later database prepared by it starts with.
        """
        template = "template0"
        if prepared_by is not None:
            if prepared_by not in self._templates:
                made = self._create("template0")
                prepared_by(self.url(made))
                self._templates[prepared_by] = made
            template = self._templates[prepared_by]
        return self.url(self._create(template))

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _create(self, template: str) -> str:
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Start a cluster, and stop it by its own process id in the end.

    Raises:
        NoPostgres: no binaries, nobody to run them as, or a server that does not start.
    """
    binaries, user = _binaries(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: a socket's path has 107 bytes at most
    try:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        _initialise(binaries, folder / "data", user)
        cluster = Cluster(folder, binaries, user)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """The folder of the newest PostgreSQL on this machine."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]), reverse=True)
    on_path = shutil.which("postgres")
    for candidate in [*installed, *([Path(on_path)] if on_path else [])]:
        if (candidate.parent / "initdb").exists():
            return candidate.parent
    raise NoPostgres("neither /usr/lib/postgresql nor PATH has initdb and postgres")


def _user() -> str | None:
    """Whom to run the server as; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgres("it does not run as root, and there is neither a user postgres nor a user nobody")


def _as(user: str | None) -> dict[str, Any]:
    """How a child process becomes a user and leaves our folder, which that user may not enter."""
    become = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    return {**become, "cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = subprocess.run([binaries / "initdb", "-D", data, *options], capture_output=True, text=True, **_as(user))
    if done.returncode != 0:
        raise NoPostgres(f"initdb: {done.stderr.strip().splitlines()[-1]}")


def _start(binaries: Path, data: Path, user: str | None) -> subprocess.Popen[bytes]:
    settings = {"listen_addresses": "", "unix_socket_directories": str(data.parent), "max_wal_size": "4GB"}
    command = [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
    with (data.parent / "log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as(user))


def _await(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            return cluster.execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.02)
    last = log.read_text(errors="replace").strip().splitlines()[-1:]
    raise NoPostgres(f"the server did not start: {''.join(last)}")
