"""Access: secrets that are never stored."""

from __future__ import annotations

import pytest

from explainer.errors import AccessDenied, BadInput, UnknownKey
from explainer.service.access import ROLES, caller_of, create_key, list_keys, revoke_key


class TestKeys:
    def test_the_secret_is_nowhere_in_the_database(self, services, home):
        key = create_key("crm", ("integrator",), None, services)
        services.engine.dispose()  # everything is in the files now
        key_id, secret = key.split("_", 2)[1:]
        stored = b"".join(path.read_bytes() for path in home.glob("*.sqlite3*"))
        assert key_id.encode() in stored
        assert secret.encode() not in stored

    def test_a_key_says_who_comes_and_what_they_may_do(self, services):
        who = caller_of(create_key("crm", ("integrator", "auditor"), None, services), services)
        assert (who.name, who.roles) == ("crm", {"integrator", "auditor"})

    def test_a_key_is_listed_without_its_secret(self, services):
        key = create_key("crm", ("agent",), 7, services)
        (listed,) = list_keys(services)
        assert (listed.name, listed.roles, listed.revoked_at) == ("crm", ("agent",), None)
        assert key.split("_", 2)[2] not in repr(listed)

    @pytest.mark.parametrize("changed", ["last", "first", "id", "empty", "other"])
    def test_a_key_that_is_off_by_a_little_opens_nothing(self, services, changed):
        key = create_key("crm", ("agent",), None, services)
        _, key_id, secret = key.split("_", 2)
        other = create_key("shop", ("agent",), None, services).split("_", 2)[2]
        wrong = {
            "last": key[:-1] + ("A" if key[-1] != "A" else "B"),
            "first": f"exk_{key_id}_{'A' if secret[0] != 'A' else 'B'}{secret[1:]}",
            "id": f"exk_{'0' * 12}_{secret}",
            "empty": f"exk_{key_id}_",
            "other": f"exk_{key_id}_{other}",
        }[changed]
        with pytest.raises(AccessDenied):
            caller_of(wrong, services)

    def test_a_key_expires_at_its_time(self, services, clock):
        key = create_key("crm", ("agent",), 7, services)
        clock.move(days=7, microseconds=-1)
        assert caller_of(key, services).name == "crm"
        clock.move(microseconds=1)
        with pytest.raises(AccessDenied):
            caller_of(key, services)

    def test_a_key_without_an_end_lasts(self, services, clock):
        key = create_key("crm", ("agent",), None, services)
        clock.move(days=10_000)
        assert caller_of(key, services).name == "crm"

    def test_a_revoked_key_opens_nothing_from_then_on(self, services):
        key, other = (create_key(name, ("agent",), None, services) for name in ("crm", "shop"))
        revoke_key(key.split("_")[1], services)
        with pytest.raises(AccessDenied):
            caller_of(key, services)
        assert caller_of(other, services).name == "shop"

    def test_revoking_twice_or_what_is_not_there_is_said(self, services):
        key_id = create_key("crm", ("agent",), None, services).split("_")[1]
        revoke_key(key_id, services)
        for unknown in (key_id, "0" * 12):
            with pytest.raises(UnknownKey):
                revoke_key(unknown, services)

    @pytest.mark.parametrize("roles", [(), ("king",), ("agent", "king"), ("agent,integrator",)])
    def test_a_role_that_does_not_exist_is_refused_and_no_key_is_made(self, services, roles):
        with pytest.raises(BadInput, match=ROLES[0]):
            create_key("crm", roles, None, services)
        assert list_keys(services) == []
