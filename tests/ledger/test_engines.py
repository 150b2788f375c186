"""Engines: a database that could lose an acknowledged row is refused, and so is one that nobody understands."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import explainer
from explainer.errors import BadSettings, OutcomeUnknown, Unavailable, UnsafeStore
from explainer.ledger import engines, tables
from explainer.ledger.engines import disk_of, durability, open_engine, reading, require_tables, writing
from explainer.ledger.migrations.running import migrate
from explainer.ledger.store import Ledger
from tests.postgres import NoPostgres, do_without

PACKAGES = Path(explainer.__file__).parents[1]


@contextmanager
def opened(url):
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


class TestAddresses:
    @pytest.mark.parametrize(
        "url", ["", "nonsense", "mysql://localhost/x", "sqlite+aiosqlite:///x.db", "postgresql+psycopg2://localhost/x"]
    )
    def test_an_address_of_another_kind_is_refused(self, url):
        with pytest.raises(BadSettings):
            open_engine(url)

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
    def test_a_database_in_memory_is_refused(self, url):
        with pytest.raises(UnsafeStore, match="file on a local disk"):
            open_engine(url)

    def test_a_folder_that_is_not_there_is_reported(self, tmp_path):
        with pytest.raises(Unavailable, match="cannot be made or opened"):
            open_engine(f"sqlite:///{tmp_path}/nowhere/ledger.db")

    def test_a_file_that_is_no_database_is_reported(self, tmp_path):
        (tmp_path / "ledger.db").write_text("a shopping list, long enough to be read as a header " * 40)
        with pytest.raises(Unavailable):
            open_engine(f"sqlite:///{tmp_path}/ledger.db")

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://ada:hunter2@127.0.0.1:1/none",
            "postgresql://127.0.0.1:1/none?user=ada&password=hunter2",
            "postgresql://ada:hunter2@:x/none",
        ],
    )
    def test_a_server_that_does_not_answer_is_reported_without_the_password(self, url):
        with pytest.raises((Unavailable, BadSettings)) as refusal:
            open_engine(url)
        errors, error = [], refusal.value
        while error is not None:
            errors.append(f"{error!s} {error!r}")
            error = error.__cause__
        assert "hunter2" not in " ".join(errors)

    @pytest.mark.postgresql
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_postgresql_may_be_written_in_three_ways(self, postgres, scheme):
        with opened(postgres.url("postgres").replace("postgresql", scheme, 1)) as engine:
            assert engine.dialect.driver == "psycopg"


class TestSQLite:
    def test_a_version_with_the_wal_reset_bug_uses_the_rollback_journal(self):
        assert durability((3, 51, 2)) == ("DELETE", "EXTRA")
        assert durability((3, 51, 3)) == durability((4, 0, 0)) == ("WAL", "FULL")

    def test_every_connection_is_durable_and_wipes_what_it_deletes(self, tmp_path):
        journal, synchronous = durability(sqlite3.sqlite_version_info)
        with opened(f"sqlite:///{tmp_path}/x.db") as engine, reading(engine) as one, reading(engine) as two:
            wanted = {"journal_mode": journal.lower(), "synchronous": {"FULL": 2, "EXTRA": 3}[synchronous]}
            wanted |= {"secure_delete": 1, "busy_timeout": 5_000, "foreign_keys": 1}
            for connection in (one, two):
                assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted

    def test_a_newer_sqlite_writes_ahead_with_full_synchronisation(self, tmp_path, monkeypatch):
        monkeypatch.setattr(engines, "WAL_SAFE_FROM", (3, 0, 0))
        with opened(f"sqlite:///{tmp_path}/x.db") as engine, reading(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2

    def test_a_pragma_that_does_not_take_is_noticed(self, tmp_path, monkeypatch):
        monkeypatch.setitem(engines._SYNCHRONOUS, "EXTRA", 7)
        monkeypatch.setitem(engines._SYNCHRONOUS, "FULL", 7)
        with pytest.raises(UnsafeStore, match="synchronous"):
            open_engine(f"sqlite:///{tmp_path}/x.db")

    def test_the_file_belongs_to_its_owner_alone(self, tmp_path):
        with opened(f"sqlite:///{tmp_path}/x.db"):
            assert stat.S_IMODE((tmp_path / "x.db").stat().st_mode) == 0o600

    def test_a_writer_waits_for_another_one(self, tmp_path):
        with opened(f"sqlite:///{tmp_path}/x.db") as engine, ThreadPoolExecutor(1) as pool:
            other = sqlite3.connect(tmp_path / "x.db", isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            writes = pool.submit(self.write, engine)
            time.sleep(0.1)
            waited = not writes.done()
            other.execute("COMMIT")
            other.close()
            writes.result()
        assert waited

    def write(self, engine):
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")

    @pytest.mark.parametrize(
        ("kind", "safe"), [("nfs4", False), ("cifs", False), ("fuse.sshfs", False), ("ext4", True), ("tmpfs", True)]
    )
    def test_a_file_on_a_disk_elsewhere_is_refused_before_it_is_made(self, tmp_path, monkeypatch, kind, safe):
        mounts = tmp_path / "mounts"
        mounts.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / {tmp_path} rw,relatime shared:1 - {kind} there:/v rw\n")
        monkeypatch.setattr(engines, "_MOUNTS", mounts)
        if safe:
            open_engine(f"sqlite:///{tmp_path}/x.db").dispose()
            return
        with pytest.raises(UnsafeStore, match=f"is on {kind}"):
            open_engine(f"sqlite:///{tmp_path}/x.db")
        assert not (tmp_path / "x.db").exists()

    def test_this_machine_s_own_disk_is_known(self, tmp_path):
        if engines._MOUNTS.exists():
            assert disk_of(tmp_path, engines._mounts())

    def test_a_table_that_is_locked_is_not_called_missing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(engines, "BUSY_MS", 50)
        with opened(f"sqlite:///{tmp_path}/a.db") as engine:
            migrate(engine, "ledger")
            holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
            holder.execute("BEGIN EXCLUSIVE")
            with pytest.raises(Unavailable, match="did not answer; try again"), reading(engine) as connection:
                require_tables(connection, [tables.door_tries])
            holder.execute("ROLLBACK")
            holder.execute("DROP TABLE door_tries")
            holder.close()
            with pytest.raises(Unavailable, match="door_tries is missing"), reading(engine) as connection:
                require_tables(connection, [tables.door_tries])

    def test_a_connection_whose_commit_failed_is_not_used_again(self, tmp_path, monkeypatch):
        monkeypatch.setattr(engines, "BUSY_MS", 50)
        with opened(f"sqlite:///{tmp_path}/x.db") as engine:
            self.write(engine)
            reader = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM t").fetchall()
            with pytest.raises(OutcomeUnknown), writing(engine) as connection:
                connection.exec_driver_sql("INSERT INTO t VALUES (1)")
            reader.close()
            with reading(engine) as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0


@pytest.mark.postgresql
class TestPostgreSQL:
    @pytest.mark.parametrize("value", ["off", "local"])
    def test_a_database_that_commits_before_the_disk_is_refused(self, postgres, value):
        url = postgres.database()
        name = url.split("/")[3].split("?")[0]
        postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = {value}")
        with pytest.raises(UnsafeStore, match=f"synchronous_commit={value}"):
            open_engine(url)

    @pytest.mark.parametrize("value", ["on", "remote_write", "remote_apply"])
    def test_a_database_that_flushes_its_disk_first_is_accepted(self, postgres, value):
        url = postgres.database()
        name = url.split("/")[3].split("?")[0]
        postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = {value}")
        with opened(url) as engine, reading(engine) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == value

    def test_a_role_that_commits_before_the_disk_is_refused(self, postgres):
        postgres.execute("CREATE ROLE hasty LOGIN")
        postgres.execute("ALTER ROLE hasty SET synchronous_commit = off")
        with pytest.raises(UnsafeStore):
            open_engine(postgres.url("postgres").replace("postgres@", "hasty@"))

    @pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
    @pytest.mark.parametrize("database", ["postgresql"], indirect=True)
    def test_an_unsafe_server_is_refused_and_noticed_by_the_readiness_check(self, house, postgres, setting):
        ledger = house.open()
        ledger.check()
        with changed(postgres, setting, "off"):
            with pytest.raises(UnsafeStore, match=f"{setting}=off"):
                open_engine(house.ledger_store.url)
            with pytest.raises(UnsafeStore, match=f"{setting}=off"):
                ledger.check()
        ledger.check()


class TestWithoutPostgreSQL:
    def test_its_tests_are_skipped_with_a_reason(self, monkeypatch):
        monkeypatch.delenv("CI", raising=False)
        with pytest.raises(pytest.skip.Exception, match="no PostgreSQL: none here"):
            do_without(NoPostgres("none here"))

    def test_in_continuous_integration_they_fail(self, monkeypatch):
        monkeypatch.setenv("CI", "true")
        with pytest.raises(pytest.fail.Exception, match="no PostgreSQL: none here"):
            do_without(NoPostgres("none here"))


@contextmanager
def changed(postgres, setting, value):
    """Change a setting of the running server for a while."""
    try:
        postgres.execute(f"ALTER SYSTEM SET {setting} = {value}")
        _reload(postgres, setting, value)
        yield
    finally:
        postgres.execute(f"ALTER SYSTEM RESET {setting}")
        _reload(postgres, setting, "on")


def _reload(postgres, setting, value):
    postgres.execute("SELECT pg_reload_conf()")
    for _ in range(500):
        with psycopg.connect(postgres.url("postgres")) as connection:
            if connection.execute(f"SHOW {setting}").fetchone() == (value,):
                break
        time.sleep(0.01)
    time.sleep(0.05)  # connections that are open already read it between two commands


class TestMigrations:
    @pytest.mark.parametrize("branch", ["ledger", "vault"])
    def test_they_make_exactly_the_tables_of_the_code(self, empty, branch):
        with opened(empty(branch).url) as engine:
            migrate(engine, branch)
            with reading(engine) as connection:
                options = {"version_table": f"{branch}_version", "compare_type": True}
                context = MigrationContext.configure(connection, opts=options)
                assert compare_metadata(context, getattr(tables, branch)) == []

    def test_they_print_nothing_and_may_be_run_again(self, empty, capfd):
        with opened(empty("ledger").url) as engine:
            migrate(engine, "ledger")
            migrate(engine, "ledger")
        assert capfd.readouterr() == ("", "")

    def test_a_failure_half_way_leaves_nothing_behind(self, empty):
        store = empty("ledger")
        store.run("CREATE TABLE rule_index (in_the_way INTEGER)")
        with opened(store.url) as engine:
            with pytest.raises(Unavailable):
                migrate(engine, "ledger")
            store.run("DROP TABLE rule_index")
            migrate(engine, "ledger")
        assert store.run("SELECT count(*) FROM entries") == [(0,)]

    def test_a_store_migrated_by_a_newer_version_is_refused(self, empty):
        store = empty("ledger")
        with opened(store.url) as engine:
            migrate(engine, "ledger")
            store.run("UPDATE ledger_version SET version_num = 'ledger_9999'")
            with pytest.raises(Unavailable, match="newer"):
                migrate(engine, "ledger")

    def test_a_ledger_that_was_not_migrated_is_not_ready(self, house, empty):
        with opened(empty("bare").url) as engine, pytest.raises(Unavailable):
            Ledger(engine, house.vault(), "w").check()

    def test_two_processes_that_start_together_migrate_once(self, empty, tmp_path):
        store, go = empty("ledger"), tmp_path / "go"
        code = (
            "import sys, pathlib, time; from explainer.ledger.engines import open_engine; import alembic.command\n"
            "from explainer.ledger.migrations.running import migrate\n"
            "engine = open_engine(sys.argv[1]); print('ready', flush=True)\n"
            "while not pathlib.Path(sys.argv[2]).exists(): time.sleep(0.001)\n"
            "migrate(engine, 'ledger'); engine.dispose()"
        )
        command = [sys.executable, "-W", "error", "-c", code, store.url, str(go)]
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
        pipe = subprocess.PIPE
        rivals = [subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment) for _ in range(2)]
        for rival in rivals:
            assert rival.stdout.readline() == b"ready\n"
        go.touch()
        assert [(*rival.communicate(timeout=20), rival.returncode) for rival in rivals] == [(b"", b"", 0)] * 2
        assert store.run("SELECT count(*) FROM ledger_version") == [(1,)]
