"""The vault: one key per customer, retention class and year, wrapped by a key that only the operator has."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from explainer.errors import BadSettings, EntryTampered, MasterKeyMissing
from explainer.ledger.keys.master import MasterKey, derive, load_master_key, make_master_key
from explainer.ledger.keys.vault import commitment_of
from tests.ledger.conftest import MASTER

OTHER_MASTER = MasterKey(b"\x55" * 32)


class TestDeriving:
    @given(st.binary(min_size=1, max_size=80), st.text(max_size=60))
    def test_is_hkdf_as_another_implementation_has_it(self, secret, label):
        info = f"explainer/v1/{label}".encode()
        assert derive(secret, label) == HKDF(SHA256(), 32, salt=None, info=info).derive(secret)


class TestMasterKey:
    def test_a_new_key_file_belongs_to_its_owner_alone(self, tmp_path):
        make_master_key(tmp_path / "master.key")
        assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600

    def test_the_file_gives_back_the_key_that_was_made(self, tmp_path):
        made = make_master_key(tmp_path / "master.key")
        assert load_master_key(tmp_path / "master.key") == made

    def test_the_file_s_text_can_stand_in_an_environment_variable(self, tmp_path):
        made = make_master_key(tmp_path / "master.key")
        assert MasterKey.from_text((tmp_path / "master.key").read_text()) == made

    def test_two_keys_are_never_the_same(self, tmp_path):
        assert make_master_key(tmp_path / "one") != make_master_key(tmp_path / "two")

    def test_a_key_is_never_written_over(self, tmp_path):
        before = make_master_key(tmp_path / "master.key")
        with pytest.raises(BadSettings):
            make_master_key(tmp_path / "master.key")
        assert load_master_key(tmp_path / "master.key") == before

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
    def test_a_file_open_to_others_is_refused(self, tmp_path, mode):
        make_master_key(tmp_path / "master.key")
        (tmp_path / "master.key").chmod(mode)
        with pytest.raises(BadSettings, match="open to others"):
            load_master_key(tmp_path / "master.key")

    @pytest.mark.parametrize("text", ["", "QUJD", "not base64!", "A" * 43, "QUJD" * 11, "é"])
    def test_text_that_is_not_32_bytes_in_base64_is_refused_and_not_quoted(self, tmp_path, text):
        (tmp_path / "master.key").touch(mode=0o600)
        (tmp_path / "master.key").write_text(text)
        with pytest.raises(BadSettings, match="32 bytes") as refusal:
            load_master_key(tmp_path / "master.key")
        assert not text or text not in str(refusal.value)

    def test_a_missing_file_is_a_missing_key(self, tmp_path):
        with pytest.raises(MasterKeyMissing):
            load_master_key(tmp_path / "master.key")

    def test_the_secret_does_not_show_when_a_key_is_printed(self):
        assert MASTER.text not in repr(MASTER)
        assert str(MASTER.secret) not in repr(MASTER)

    def test_the_fingerprint_tells_two_keys_apart(self):
        assert MASTER.fingerprint != OTHER_MASTER.fingerprint
        assert MASTER.fingerprint not in MASTER.secret.hex()


class TestOpeningAVault:
    def test_another_master_key_is_refused(self, house):
        house.vault(MASTER)
        with pytest.raises(MasterKeyMissing, match=OTHER_MASTER.fingerprint):
            house.vault(OTHER_MASTER)

    def test_a_vault_that_lost_its_root_secret_is_not_given_a_new_one(self, house):
        house.vault().data_key("C-1", "standard", 2026)
        house.vault_store.run("DELETE FROM secrets")
        with pytest.raises(MasterKeyMissing, match="backup"):
            house.vault()

    def test_secrets_stay_the_same_for_ever_and_differ_by_name(self, house):
        names = ("index", "idempotency", "links")
        first, second = house.vault(), house.vault()
        assert [first.secret(name) for name in names] == [second.secret(name) for name in names]
        assert len({first.secret(name) for name in names}) == 3

    def test_two_processes_that_open_a_new_vault_together_share_its_secrets(self, house):
        start = Barrier(8)

        def open_one(_):
            start.wait()
            return house.vault().secret("index")

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(open_one, range(8)))) == 1

    def test_a_digest_depends_on_the_domain_the_reference_and_the_deployment(self, house):
        vault = house.vault()
        digests = {vault.index_digest(domain, reference) for domain in ("customer", "case") for reference in ("1", "2", "")}
        assert len(digests) == 6


class TestDataKeys:
    def test_a_customer_keeps_one_key_for_a_retention_class_and_a_year(self, house):
        assert house.vault().data_key("C-1", "standard", 2026) == house.vault().data_key("C-1", "standard", 2026)

    def test_another_customer_class_or_year_has_another_key(self, house):
        vault = house.vault()
        asked = [("C-1", "standard", 2026), ("C-2", "standard", 2026), ("C-1", "long", 2026), ("C-1", "standard", 2027)]
        keys = [vault.data_key(*one) for one in asked]
        assert len({key.id for key in keys}) == len({key.secret for key in keys}) == 4

    def test_a_key_is_opened_by_its_id(self, house):
        made = house.vault().data_key("C-1", "standard", 2026)
        assert house.vault().open_key(made.id) == made

    def test_sixteen_at_once_get_the_same_key(self, house):
        vaults = [house.vault() for _ in range(4)]
        start = Barrier(16)

        def ask(n):
            start.wait()
            return vaults[n % 4].data_key("C-1", "standard", 2026).id

        with ThreadPoolExecutor(16) as pool:
            assert len(set(pool.map(ask, range(16)))) == 1
        assert house.vault_store.run("SELECT count(*) FROM data_keys") == [(1,)]

    def test_the_keys_of_many_customers_are_those_of_each_and_made_in_one_commit(self, house):
        vault, commits = house.vault(), []
        known = vault.data_key("C-7", "standard", 2026)
        event.listen(vault._engine, "commit", lambda _connection: commits.append(1))
        found = vault.data_keys([f"C-{n}" for n in range(1200)], "standard", 2026)
        assert len(commits) == 1
        assert found["C-7"] == known
        assert len({key.secret for key in found.values()}) == 1200
        assert all(vault.open_key(found[f"C-{n}"].id) == found[f"C-{n}"] for n in (0, 499, 500, 1199))

    def test_processes_that_make_the_same_keys_together_get_the_same(self, house):
        """In opposite orders, with half of them in common: none waits for another for ever, none makes a second key."""
        vaults, start = [house.vault() for _ in range(4)], Barrier(4)

        def ask(n):
            start.wait()
            return vaults[n].data_keys([f"C-{one}" for one in range(n * 50, n * 50 + 100)][:: 1 if n % 2 else -1], "standard", 2026)

        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(ask, range(4)))
        assert house.vault_store.run("SELECT count(*) FROM data_keys") == [(250,)]
        assert all(found[n][one] == found[n + 1][one] for n in range(3) for one in found[n].keys() & found[n + 1].keys())

    def test_nobody_s_keys_are_none(self, house):
        assert house.vault().data_keys([], "standard", 2026) == {}

    def test_a_destroyed_key_is_gone_at_once_from_a_vault_that_has_used_it(self, house):
        vault = house.vault()
        key = vault.data_key("C-1", "standard", 2026)
        house.destroy_keys()
        assert vault.open_key(key.id) is None

    def test_after_destruction_the_customer_gets_a_new_key(self, house):
        vault = house.vault()
        before = vault.data_key("C-1", "standard", 2026)
        house.destroy_keys()
        after = vault.data_key("C-1", "standard", 2026)
        assert (after.id, after.secret) != (before.id, before.secret)

    def test_the_commitment_is_the_key_s_own(self, house):
        key = house.vault().data_key("C-1", "standard", 2026)
        assert key.commitment == commitment_of(key.secret) != commitment_of(bytes(32))

    def test_neither_secrets_nor_customers_lie_in_the_database(self, house):
        vault = house.vault()
        key = vault.data_key("CANARY-customer", "standard", 2026)
        stored = repr(house.vault_store.run("SELECT * FROM data_keys")) + repr(house.vault_store.run("SELECT * FROM secrets"))
        assert "CANARY" not in stored
        for secret in (key.secret, vault.secret("index"), MASTER.secret):
            assert repr(secret)[2:-1] not in stored
            assert secret.hex() not in stored

    @pytest.mark.parametrize(
        "change",
        ["retention = 'long'", "year = 2027", "commitment = 'x'", "key_id = 'x'", "wrapped = (SELECT wrapped FROM secrets)"],
    )
    def test_a_row_that_was_changed_does_not_open(self, house, change):
        vault = house.vault()
        key = vault.data_key("C-1", "standard", 2026)
        house.vault_store.run(f"UPDATE data_keys SET {change}")
        with pytest.raises(EntryTampered, match="the vault was changed"):
            vault.open_key("x" if "key_id" in change else key.id)

    def test_the_keys_of_two_customers_cannot_be_exchanged(self, house):
        vault = house.vault()
        one, two = (vault.data_key(customer, "standard", 2026) for customer in ("C-1", "C-2"))
        others = "(SELECT wrapped FROM data_keys WHERE key_id = ?)"
        house.vault_store.run(f"UPDATE data_keys SET wrapped = {others} WHERE key_id = ?", two.id, one.id)
        with pytest.raises(EntryTampered):
            vault.open_key(one.id)

    def test_the_secret_does_not_show_when_a_key_is_printed(self, house):
        key = house.vault().data_key("C-1", "standard", 2026)
        assert repr(key.secret) not in repr(key)
