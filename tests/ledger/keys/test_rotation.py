"""The way from one master key to the next: at every step everything opens, and at the end nothing opens under the old one."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

import explainer
from explainer.errors import BadSettings, EntryTampered, MasterKeyMissing
from explainer.ledger.engines import open_engine, writing
from explainer.ledger.keys.master import MasterKey, change_master_key, load_master_key, make_master_key, master_keys
from explainer.ledger.keys.vault import Vault
from explainer.ledger.migrations.running import _alembic, migrate
from explainer.ledger.store import Ledger
from tests.dying import dying
from tests.ledger.conftest import MASTER

NEXT = MasterKey(b"\x77" * 32)
PACKAGES = Path(explainer.__file__).parents[1]


@pytest.fixture
def many(house):
    """1,203 keys, more than two batches, and their vault."""
    vault = house.vault()
    return vault, vault.data_keys([f"C-{n}" for n in range(1203)], "standard", 2026)


class TestWrappingAnew:
    def test_afterwards_everything_opens_under_the_new_key_and_nothing_under_the_old(self, house, many):
        vault, keys = many
        root = vault.secret("index")
        assert vault.rewrap(NEXT) == 1203
        fresh = house.vault(NEXT)
        assert fresh.secret("index") == root
        assert all(fresh.open_key(key.id) == key for key in keys.values())
        with pytest.raises(MasterKeyMissing):
            house.vault(MASTER)
        assert house.vault_store.run("SELECT DISTINCT epoch FROM data_keys UNION SELECT epoch FROM secrets") == [(2,)]

    def test_stopped_half_way_everything_still_opens_and_it_goes_on(self, house, many):
        vault, keys = many

        def stop(done):
            if done >= 500:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            vault.rewrap(NEXT, stop)
        between = Vault(house.engine(house.vault_store), MASTER, lambda: [NEXT])
        assert all(between.open_key(key.id) == key for key in keys.values())
        assert between.rewrap(NEXT) == 703
        fresh = house.vault(NEXT)
        assert all(fresh.open_key(key.id) == key for key in keys.values())

    def test_a_process_that_works_meanwhile_makes_its_keys_under_the_new_one(self, house, many):
        vault, keys = many
        busy = Vault(house.engine(house.vault_store), MASTER, lambda: [NEXT])
        made = []
        vault.rewrap(NEXT, lambda done: made.append(busy.data_key(f"late-{done}", "standard", 2026)))
        assert len(made) == 3
        fresh = house.vault(NEXT)
        assert all(fresh.open_key(key.id) == key for key in [*made, *keys.values()])

    def test_a_process_that_cannot_have_the_new_key_makes_none_and_says_what_to_do(self, house, many):
        vault, _ = many
        left = house.vault()
        vault.rewrap(NEXT)
        with pytest.raises(MasterKeyMissing, match="start it again"):
            left.data_key("C-new", "standard", 2026)
        assert house.vault_store.run("SELECT count(*) FROM data_keys") == [(1203,)]

    def test_a_key_that_was_changed_stops_it_and_is_named(self, house, many):
        vault, keys = many
        bad = sorted(key.id for key in keys.values())[700]
        house.vault_store.run("UPDATE data_keys SET wrapped = (SELECT wrapped FROM secrets) WHERE key_id = ?", bad)
        with pytest.raises(EntryTampered, match=bad):
            vault.rewrap(NEXT)
        between = Vault(house.engine(house.vault_store), MASTER, lambda: [NEXT])
        assert all(between.open_key(key.id) == key for key in keys.values() if key.id != bad)

    def test_entries_open_before_and_after(self, house, ledger):
        draft = house.draft()
        ledger.append(draft)
        house.vault().rewrap(NEXT)
        assert Ledger(house.engine(house.ledger_store), house.vault(NEXT), "w").entry(draft.id).body == draft.body


class TestTheFile:
    def test_the_old_key_stays_beside_the_new_one(self, tmp_path):
        path, asked = tmp_path / "master.key", []
        old = make_master_key(path)
        assert change_master_key(path, lambda fresh: asked.append(fresh) or 7) == 7
        assert [load_master_key(path)] == asked != [old]
        assert master_keys(path) == [*asked, old]
        assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o600}

    def test_the_next_change_lets_go_of_the_key_before(self, tmp_path):
        path = tmp_path / "master.key"
        make_master_key(path)
        change_master_key(path, lambda _: 0)
        second = load_master_key(path)
        change_master_key(path, lambda _: 0)
        assert master_keys(path) == [load_master_key(path), second]
        assert len(list(tmp_path.iterdir())) == 2

    def test_begun_again_it_goes_on_with_the_same_key(self, tmp_path):
        path, asked = tmp_path / "master.key", []
        old = make_master_key(path)

        def fail(fresh):
            asked.append(fresh)
            raise KeyboardInterrupt

        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                change_master_key(path, fail)
        assert asked[0] == asked[1] == master_keys(path)[0]
        assert load_master_key(path) == old

    def test_a_half_written_draft_of_a_key_is_no_key(self, tmp_path):
        path = tmp_path / "master.key"
        make_master_key(path)
        (tmp_path / "master.key.draft").write_text("")
        change_master_key(path, lambda _: 0)
        assert not (tmp_path / "master.key.draft").exists()

    def test_a_next_key_that_is_open_to_others_is_refused(self, tmp_path):
        path = tmp_path / "master.key"
        make_master_key(path)
        make_master_key(tmp_path / "master.key.next")
        (tmp_path / "master.key.next").chmod(0o644)
        with pytest.raises(BadSettings, match="open to others"):
            change_master_key(path, lambda _: 0)


LOADED = """
from pathlib import Path
from explainer.ledger.engines import open_engine
from explainer.ledger.keys import master
from explainer.ledger.keys.vault import Vault
"""
ROTATE = """
path = Path(sys.argv[2])
vault = Vault(open_engine(sys.argv[1]), master.load_master_key(path), lambda: master.master_keys(path))
FILES = {"os.rename", "os.link", "os.remove", "open"}
sys.addaudithook(lambda name, _: step() if name in FILES else None)
master.change_master_key(path, lambda fresh: vault.rewrap(fresh, step))
"""


class TestKilled:
    def all_open(self, folder, keys, others=master_keys):
        path, engine = folder / "master.key", open_engine(f"sqlite:///{folder}/vault.db")
        vault = Vault(engine, load_master_key(path), lambda: others(path))
        opened = all(vault.open_key(key.id) == key for key in keys.values())
        engine.dispose()
        return opened

    def finish(self, folder):
        path, engine = folder / "master.key", open_engine(f"sqlite:///{folder}/vault.db")
        vault = Vault(engine, load_master_key(path), lambda: master_keys(path))
        change_master_key(path, vault.rewrap)
        engine.dispose()

    @pytest.mark.slow
    def test_at_every_step_and_begun_again(self, tmp_path):
        start = tmp_path / "start"
        start.mkdir()
        engine = open_engine(f"sqlite:///{start}/vault.db")
        migrate(engine, "vault")
        keys = Vault(engine, make_master_key(start / "master.key")).data_keys([f"C-{n}" for n in range(603)], "standard", 2026)
        engine.dispose()
        with dying(LOADED, ROTATE) as rotate:
            for at in range(1, 100):
                folder = Path(shutil.copytree(start, tmp_path / f"{at}"))
                code = rotate(f"sqlite:///{folder}/vault.db", folder / "master.key", at)
                assert self.all_open(folder, keys), at
                if code == 0:
                    break
                assert code == -signal.SIGKILL
                self.finish(folder)
                assert self.all_open(folder, keys, others=lambda _path: []), at
        assert 8 <= at < 99


class TestMigrating:
    def test_keys_made_before_there_were_epochs_are_kept_and_rotate(self, house, empty):
        store = empty("old")
        engine = open_engine(store.url)
        config = _alembic("vault")
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "vault_0001")
        known = house.vault()
        key = known.data_key("C-1", "standard", 2026)
        name, wrapped, _ = house.vault_store.run("SELECT name, wrapped, epoch FROM secrets")[0]
        store.run("INSERT INTO secrets (name, wrapped) VALUES (?, ?)", name, wrapped)
        columns = "key_id, subject, retention, year, epoch, wrapped, commitment"
        row = house.vault_store.run(f"SELECT {columns} FROM data_keys")[0]
        store.run(f"INSERT INTO data_keys ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)
        migrate(engine, "vault")
        vault = Vault(engine, MASTER)
        assert (vault.open_key(key.id), vault.secret("index")) == (key, known.secret("index"))
        assert vault.rewrap(NEXT) == 1
        assert Vault(engine, NEXT).open_key(key.id) == key
        engine.dispose()


def test_no_byte_of_a_destroyed_key_is_left_among_thousands(tmp_path):
    """Pages were split and moved since the keys were written, and they were wrapped anew: no copy may be left anywhere."""
    file = tmp_path / "vault.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine, "vault")
    vault = Vault(engine, MASTER)
    wrapped = {}

    def look():
        with closing(sqlite3.connect(file)) as connection:
            for key_id, one in connection.execute("SELECT key_id, wrapped FROM data_keys"):
                wrapped.setdefault(key_id, []).append(one)

    for batch in range(15):
        vault.data_keys([f"C-{n}" for n in range(batch * 100, batch * 100 + 100)], "standard", 2026)
    look()
    vault.rewrap(NEXT)
    look()
    gone = [key for n in range(0, 1500, 7) for key in vault.key_ids([f"C-{n}"])[f"C-{n}"]]
    for first in range(0, len(gone), 20):
        vault.destroy(gone[first : first + 20])
    engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [key for key in gone if any(one in stored for one in wrapped[key])] == []
    assert [key for key in gone if key.encode() in stored] == []
    assert all(one[1] in stored for key, one in wrapped.items() if key not in set(gone))
    assert not any(one[0] in stored for one in wrapped.values())


class TestSecretsThatAreKept:
    """Beside the root, and not to be worked out from it."""

    def test_they_stay_the_same_and_in_their_order_and_are_made_once(self, house):
        vault = house.vault()
        for name in ("log/9", "log/10", "log/9"):
            vault.keep(name)
        nine, ten = vault.kept("log/")
        assert house.vault().kept("log/") == [nine, ten]
        assert len({nine, ten, vault.secret("log/9"), vault.secret("log/10")}) == 4

    def test_another_master_key_wraps_them_anew(self, house):
        vault = house.vault()
        vault.keep("log/2")
        before = vault.kept("log/")
        vault.rewrap(NEXT)
        assert house.vault(NEXT).kept("log/") == before
        assert {epoch for (epoch,) in house.vault_store.run("SELECT epoch FROM secrets")} == {2}

    def test_one_under_another_name_is_noticed(self, house):
        vault = house.vault()
        vault.keep("log/2")
        house.vault_store.run("UPDATE secrets SET name = 'log/3' WHERE name = 'log/2'")
        with pytest.raises(EntryTampered, match="log/3"):
            vault.kept("log/")
