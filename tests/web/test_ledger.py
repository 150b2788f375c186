"""Proofs over HTTP: what a client can check for itself, and what is refused."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from explainer.errors import BadNote
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.notes.checkpoint import open_checkpoint, open_note, read_key
from explainer.ledger.tree.merkle import continues, includes
from explainer.ledger.tree.verifying import read_head
from explainer.service.inspect import rebuild_index, verifier
from explainer.service.oversee import set_preference
from explainer.web.api.ledger import Head
from tests.support import SHIPPED

REFUND = SHIPPED[0]


@pytest.fixture
def decided(api, sampled):
    return [api.decide(REFUND, facts).json["id"] for facts in sampled(REFUND, 3)]


@pytest.fixture
def sealed(services, decided):
    services.sealer().seal()
    return decided


class TestCheckpoint:
    def test_it_is_signed_by_the_key_that_comes_with_it(self, api, services, sealed):
        said = api.get("/v1/ledger/checkpoint", "auditor").json
        checkpoint = open_checkpoint(said["note"], read_key(said["key"]))
        assert (said["origin"], said["size"], said["root"]) == (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
        assert said["short"] == checkpoint.short
        assert said["key"] == services.log_key.public.text

    def test_before_the_first_there_is_none(self, api, decided):
        answer = api.get("/v1/ledger/checkpoint", "auditor")
        assert (answer.status_code, answer.json["type"]) == (409, "urn:explainer:not-sealed")

    def test_nobody_sees_it_without_a_key(self, api, sealed):
        assert api.get("/v1/ledger/checkpoint", None).status_code == 401


class TestTheHeadInEveryAnswer:
    @pytest.fixture
    def looking(self, monkeypatch):
        monkeypatch.setattr("explainer.web.api.ledger.HEAD_SECONDS", 0.0)

    def test_it_is_the_newest_and_verify_compares_it(self, api, services, looking, sealed, sampled):
        first = api.get("/v1/packs").headers["Ledger-Head"]
        assert first == services.proofs().newest().checkpoint.short
        answer = api.decide(REFUND, sampled(REFUND, 1)[0])
        services.sealer().seal()
        assert answer.headers["Ledger-Head"] == first
        later = api.get(f"/v1/decisions/{answer.json['id']}").headers["Ledger-Head"]
        assert int(later.partition("-")[0]) > int(first.partition("-")[0])
        assert verifier(services).verify([read_head(first), read_head(later)]).findings == []
        other = f"{later.partition('-')[0]}-{'0' * 16}"
        assert any("another root" in one for one in verifier(services).verify([read_head(other)]).findings)

    def test_a_refusal_and_a_stream_carry_it_too(self, api, services, looking, sealed):
        head = services.proofs().newest().checkpoint.short
        assert api.get("/v1/decisions/none").headers["Ledger-Head"] == head
        stream = api.call("POST", f"/v1/packs/{REFUND}/decisions/bulk", data=b"", headers={"Content-Type": "application/x-ndjson"})
        assert stream.headers["Ledger-Head"] == head

    def test_who_has_no_key_does_not_get_it(self, api, looking, sealed):
        assert "Ledger-Head" not in api.get("/readyz", None).headers
        assert "Ledger-Head" not in api.get("/v1/packs", None).headers

    def test_without_one_an_answer_goes_out_all_the_same(self, api, services, looking, decided):
        assert "Ledger-Head" not in api.get("/v1/packs").headers
        services.sealer().seal()
        with services.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE checkpoints SET note = 'x'")
        answer = api.get("/v1/packs")
        assert (answer.status_code, "Ledger-Head" in answer.headers) == (200, False)

    def test_the_database_is_asked_once_a_second(self, api, services, sealed):
        api.client.application.extensions["head"] = Head(services)  # which has not looked yet
        first = api.get("/v1/packs").headers["Ledger-Head"]
        set_preference("C-9", "opted_out", "test", services)
        services.sealer().seal()
        assert api.get("/v1/packs").headers["Ledger-Head"] == first


class TestProof:
    def test_a_client_can_check_it_with_nothing_but_the_pinned_key(self, api, sealed):
        for one in sealed:
            said = api.get(f"/v1/decisions/{one}/proof", "integrator").json
            checkpoint = open_checkpoint(said["checkpoint"]["note"], read_key(said["checkpoint"]["key"]))
            proof = [bytes.fromhex(hashed) for hashed in said["proof"]]
            leaf = leaf_hash(said["leaf"].encode())
            assert includes(leaf, said["number"], checkpoint.size, proof=proof, root=checkpoint.root)
            assert f'"id":"{one}"' in said["leaf"]

    def test_an_entry_whose_turn_has_not_come_is_refused_for_now(self, api, sealed, sampled):
        late = api.decide(REFUND, sampled(REFUND, 4)[3]).json["id"]
        answer = api.get(f"/v1/decisions/{late}/proof", "auditor")
        assert (answer.status_code, answer.json["type"]) == (409, "urn:explainer:not-sealed")

    def test_an_erased_customer_s_decision_is_proved_all_the_same(self, api, services, sealed):
        with services.vault_engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM data_keys")
        assert api.get(f"/v1/decisions/{sealed[0]}", "auditor").status_code == 410
        assert api.get(f"/v1/decisions/{sealed[0]}/proof", "auditor").status_code == 200

    def test_what_is_no_decision_looks_like_nothing(self, api, services, sealed):
        set_preference("C-1", "opted_out", "test", services)
        services.sealer().seal()
        (consent,) = services.ledger.newest_first("consent")
        for one in (consent.id, "x", "00000000-0000-7000-8000-000000000000"):
            assert api.get(f"/v1/decisions/{one}/proof", "auditor").json["type"] == "urn:explainer:unknown-decision"

    def test_a_tampered_tree_is_our_mistake_and_no_proof(self, api, services, sealed):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE nodes SET hash = ?", (bytes(32),))
        answer = api.get(f"/v1/decisions/{sealed[0]}/proof", "auditor")
        assert (answer.status_code, "proof" in answer.json) == (500, False)

    @pytest.mark.parametrize(("role", "status"), [("agent", 403), ("supervisor", 200), (None, 401)])
    def test_it_is_for_those_who_check(self, api, sealed, role, status):
        assert api.get(f"/v1/decisions/{sealed[0]}/proof", role).status_code == status


class TestConsistency:
    def test_a_client_who_remembers_a_head_sees_that_the_tree_went_on_from_it(self, api, services, sealed, sampled):
        before = api.get("/v1/ledger/checkpoint").json
        api.decide(REFUND, sampled(REFUND, 4)[3])
        services.sealer().seal()
        said = api.get(f"/v1/ledger/consistency?from={before['size']}").json
        proof = [bytes.fromhex(one) for one in said["proof"]]
        roots = bytes.fromhex(before["root"]), bytes.fromhex(said["root"])
        assert (said["from"], said["to"]) == (before["size"], before["size"] + 1)
        assert continues(said["from"], roots[0], said["to"], roots[1], proof=proof)
        assert api.get(f"/v1/ledger/consistency?from=1&to={before['size']}").json["root"] == before["root"]

    @pytest.mark.parametrize("query", ["from=99", "from=3&to=2", "from=-1", "from=0&to=99"])
    def test_sizes_that_the_tree_does_not_have(self, api, sealed, query):
        assert api.get(f"/v1/ledger/consistency?{query}").status_code == 400

    @pytest.mark.parametrize(("query", "field"), [("", "from"), ("from=x", "from"), ("from=1&start=1", "start")])
    def test_what_cannot_be_read(self, api, sealed, query, field):
        answer = api.get(f"/v1/ledger/consistency?{query}")
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


class TestReceipt:
    def test_its_holder_can_show_what_was_promised_and_what_came_of_it(self, api, services, sampled):
        key, facts = services.log_key.public, sampled(REFUND, 1)[0]
        told = api.decide(REFUND, facts).json
        text, signed = open_note(told["receipt"]["note"], [key])
        assert text == f"receipt\n{told['id']}\n{told['receipt']['leaf_hash']}\n{told['receipt']['seal_by']}\n"
        assert signed == [key]
        promised = datetime.fromisoformat(told["receipt"]["seal_by"]) - datetime.fromisoformat(told["decided_at"])
        assert 59 <= promised.total_seconds() <= 60
        services.sealer().seal()
        leaf = api.get(f"/v1/decisions/{told['id']}/proof").json["leaf"]
        assert leaf_hash(leaf.encode()).hex() == told["receipt"]["leaf_hash"]

    def test_asked_again_with_the_same_key_it_is_the_same(self, api, sampled):
        case = {"customer": "C-1", "case": "R-1", "facts": sampled(REFUND, 1)[0]}
        one, two = (
            api.call("POST", f"/v1/packs/{REFUND}/decisions", json=case, headers={"Idempotency-Key": "k"}).json for _ in range(2)
        )
        assert one["receipt"] == two["receipt"]

    def test_it_does_not_pass_for_a_checkpoint(self, api, services, sampled):
        note = api.decide(REFUND, sampled(REFUND, 1)[0]).json["receipt"]["note"]
        with pytest.raises(BadNote):
            open_checkpoint(note, services.log_key.public)


class TestReadiness:
    def test_it_is_not_ready_when_an_entry_has_waited_too_long(self, api, services, decided, monkeypatch):
        assert api.get("/readyz", None).status_code == 200
        later = time.monotonic() + 61
        monkeypatch.setattr("time.monotonic", lambda: later)
        answer = api.get("/readyz", None)
        assert (answer.status_code, "not sealed after 60 s" in answer.json["detail"]) == (503, True)
        services.sealer().seal()
        evenlater = later + 2
        monkeypatch.setattr("time.monotonic", lambda: evenlater)
        assert api.get("/readyz", None).status_code == 200

    def test_entries_that_come_and_go_are_no_reason(self, api, services, sampled, monkeypatch):
        facts, now = sampled(REFUND, 1)[0], time.monotonic()
        for step in range(4):
            api.decide(REFUND, facts)
            monkeypatch.setattr("time.monotonic", lambda step=step: now + 40 * step)
            assert api.get("/readyz", None).status_code == 200
            services.sealer().seal()


def test_the_index_can_be_rebuilt_when_the_sealer_has_written_entries_of_its_own(services, decided, clock):
    services.sealer().seal()
    clock.move(hours=2)
    services.sealer().seal()
    assert len(list(services.ledger.newest_first("seal"))) == 1
    rebuild_index(services)
    assert verifier(services).verify().findings == []
