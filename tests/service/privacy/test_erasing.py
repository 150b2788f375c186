"""Erasing: what was about a person cannot be read any more, in any byte of any file, and every proof still holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from explainer.cli import main
from explainer.ledger.canonical import decode, encode, leaf_hash
from explainer.ledger.erasure import ERASURE
from explainer.ledger.store import STANDARD, Draft, Terms, new_id
from explainer.service.access import issue_panel_token
from explainer.service.decide import Case, decide, refer
from explainer.service.inspect import COMMAND, Recipient, Wanted, find, rebuild_index, send_letter
from explainer.service.oversee import CONSENT, permission_of, set_preference
from explainer.service.privacy.erasing import erase, expire, over
from explainer.service.privacy.holding import customers_on_hold, hold, hold_on, release_hold
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.support import MODELS


@pytest.fixture
def settings(home):
    return Settings(home=home, models=MODELS, panel_origins="https://desktop.example")


@pytest.fixture
def facts(sampled):
    return sampled("refund_approval", 1)[0]


def bytes_of(home):
    """Every byte of the databases, their journals included."""
    return b"".join(path.read_bytes() for path in sorted(home.glob("*.sqlite3*")))


def rows(home, store, query):
    with closing(sqlite3.connect(home / f"{store}.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def live(services, facts, customer):
    """A customer with something of everything."""
    record = decide(Case("refund_approval", customer, f"case of {customer}", "en", facts), f"key of {customer}", services).record
    send_letter(find(record.id, services), Wanted("text", "en"), Recipient(COMMAND, "test"), services)
    set_preference(customer, "opted_out", "test", services)
    issue_panel_token(record.id, "https://desktop.example", services)
    return record


class TestByApi:
    def test_a_customer_is_erased_and_their_decisions_answer_gone(self, api, facts):
        told = api.decide("refund_approval", facts, key="k", customer="C-A", case="R-1").json
        other = api.decide("refund_approval", facts, customer="C-B").json
        done = api.call("DELETE", "/v1/customers/C-A", "privacy_officer")
        assert (done.status_code, done.json["entries"], done.json["opted_out"]) == (200, 1, False)
        assert api.get(f"/v1/decisions/{told['id']}").status_code == 410
        assert api.get(f"/v1/decisions/{other['id']}").status_code == 200

    def test_a_retry_of_what_was_erased_is_gone_too(self, api, facts):
        api.decide("refund_approval", facts, key="k", customer="C-A", case="R-1")
        api.call("DELETE", "/v1/customers/C-A", "privacy_officer")
        assert api.decide("refund_approval", facts, key="k", customer="C-A", case="R-1").status_code == 410

    def test_again_or_for_somebody_unknown_it_erases_nothing_and_says_the_same(self, api, facts):
        api.decide("refund_approval", facts, customer="C-A")
        api.call("DELETE", "/v1/customers/C-A", "privacy_officer")
        said = [api.call("DELETE", f"/v1/customers/{customer}", "privacy_officer").json for customer in ("C-A", "C-never")]
        assert said == [{"erasure": None, "entries": 0, "opted_out": False}] * 2

    @pytest.mark.parametrize("role", ["integrator", "agent", "supervisor", "auditor", "operator"])
    def test_only_a_privacy_officer_may(self, api, role):
        assert api.call("DELETE", "/v1/customers/C-A", role).status_code == 403

    def test_a_hold_refuses_and_destroys_nothing(self, api, services, facts):
        told = api.decide("refund_approval", facts, customer="C-A").json
        hold("C-A", "lawsuit 7", "test", services)
        assert api.call("DELETE", "/v1/customers/C-A", "privacy_officer").json["type"] == "urn:explainer:on-hold"
        assert api.get(f"/v1/decisions/{told['id']}").status_code == 200

    def test_somebody_who_comes_back_is_somebody_new(self, api, facts):
        api.decide("refund_approval", facts, customer="C-A")
        api.call("DELETE", "/v1/customers/C-A", "privacy_officer")
        told = api.decide("refund_approval", facts, customer="C-A").json
        assert api.get(f"/v1/decisions/{told['id']}").status_code == 200


class TestByCommand:
    def run(self, home, *words, **more):
        environment = {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        return CliRunner().invoke(main, ["customers", *words], env=environment, **more)

    def test_erase_asks_first(self, home, services, facts):
        live(services, facts, "C-A")
        refused = self.run(home, "erase", "C-A", input="n\n")
        assert refused.exit_code == 1
        assert permission_of("C-A", services).automation == "opted_out"
        done = self.run(home, "erase", "C-A", input="y\n")
        assert "3 entries were erased" in done.output
        assert "would be decided by software" in done.output

    def test_hold_and_release(self, home, services, facts):
        live(services, facts, "C-A")
        assert self.run(home, "hold", "C-A", "--reason", "lawsuit").exit_code == 0
        assert "legal hold" in self.run(home, "erase", "C-A", "--yes").output
        assert self.run(home, "hold", "C-A", "--reason", "settled", "--release").exit_code == 0
        assert json.loads(self.run(home, "erase", "C-A", "--yes", "--json").output)["entries"] == 5


class TestWhatIsLeft:
    def test_no_byte_of_keys_and_look_ups_is_left_in_the_files(self, home, services, facts):
        record = live(services, facts, "C-A")
        live(services, facts, "C-B")
        subject = services.vault.subject("C-A")
        wrapped = [key for key, whose in rows(home, "vault", "SELECT wrapped, subject FROM data_keys") if whose == subject]
        digest = services.vault.index_digest("customer", "C-A").encode()
        found = rows(home, "ledger", "SELECT digest, decision FROM panel_tokens")
        tokens = [token.encode() for token, decision in found if decision == record.id]
        gone = [*wrapped, subject.encode(), digest, *tokens]
        before = bytes_of(home)
        assert len(gone) == 5
        assert all(one in before for one in gone)
        erase("C-A", "test", services)
        after = bytes_of(home)
        assert [one for one in gone if one in after] == []

    def test_the_entries_stay_as_they_were_and_their_hashes_hold(self, home, services, facts):
        live(services, facts, "C-A")
        before = rows(home, "ledger", "SELECT * FROM entries ORDER BY id")
        erase("C-A", "test", services)
        after = rows(home, "ledger", "SELECT * FROM entries ORDER BY id")
        assert after[: len(before)] == before
        assert len(after) == len(before) + 1
        assert all(leaf_hash(row[1]) == row[2] for row in after)

    def test_the_erasure_names_nobody(self, services, facts):
        live(services, facts, "C-A")
        done = erase("C-A", "test", services)
        entry = services.ledger.entry(done.erasure.entry)
        said = decode(entry.body)
        assert entry.kind == ERASURE
        assert said.keys() == {"v", "why", "keys", "by"}
        assert (said["why"], said["by"], len(said["keys"])) == ("request", "test", 2)
        known = [services.vault.index_digest(domain, "C-A") for domain in ("subject", "customer")]
        assert not any(one.encode() in entry.body for one in ("C-A", *known))

    def test_searches_and_a_rebuilt_index_are_without_the_person(self, services, facts):
        live(services, facts, "C-A")
        live(services, facts, "C-B")
        erase("C-A", "test", services)
        assert len(services.ledger.search()[0]) == 1
        services.ledger.check_index()
        rebuild_index(services)
        assert len(services.ledger.search(kind=None, customer="C-A")[0]) == 0
        services.ledger.check_index()

    def test_an_opt_out_is_forgotten_too_and_said_so(self, services, facts):
        live(services, facts, "C-A")
        assert erase("C-A", "test", services).opted_out
        assert permission_of("C-A", services).automation == "allowed"


class TestHolding:
    def test_the_last_word_counts(self, services):
        hold("C-A", "one", "test", services)
        hold("C-A", "two", "test", services)
        assert (hold_on("C-A", services).reason, customers_on_hold(services)) == ("two", {"C-A"})
        release_hold("C-A", "done", "test", services)
        assert (hold_on("C-A", services), customers_on_hold(services)) == (None, set())
        hold("C-A", "three", "test", services)
        assert customers_on_hold(services) == {"C-A"}

    def test_the_index_finds_holds_again(self, services):
        hold("C-A", "one", "test", services)
        rebuild_index(services)
        assert len(services.ledger.search(kind="hold", customer="C-A")[0]) == 1


class TestExpiring:
    @pytest.fixture
    def years(self, services, facts, clock):
        """Three customers of 2026; today is the day on which that year has been kept for three more."""
        records = {name: live(services, facts, name) for name in ("C-A", "C-B", "C-C")}
        hold("C-B", "lawsuit", "test", services)
        clock.now = datetime(2030, 1, 1, tzinfo=UTC)
        return records

    def test_nothing_is_due_a_moment_before(self, services, clock, years):
        clock.now = datetime(2029, 12, 31, 23, 59, tzinfo=UTC)
        assert over(services) == []

    def test_what_is_over_is_destroyed_but_not_what_is_held(self, services, years):
        done = expire("test", services)
        assert done.entries == 4  # of two customers a decision and a letter
        bodies = {name: services.ledger.entry(record.id).body for name, record in years.items()}
        assert [name for name, body in bodies.items() if body is not None] == ["C-B"]
        assert decode(services.ledger.entry(done.entry).body)["why"] == "retention"

    def test_an_opt_out_outlives_its_year(self, services, years):
        expire("test", services)
        assert permission_of("C-A", services).automation == "opted_out"

    def test_consent_of_before_it_had_a_key_of_its_own_is_kept_too(self, services, clock):
        at = datetime(2026, 5, 5, tzinfo=UTC)
        body = encode({"v": 1, "customer": "C-old", "automation": "opted_out", "by": "test"})
        services.ledger.append(Draft(new_id(at), CONSENT, at, "C-old", body, Terms(customer="C-old")))
        clock.now = datetime(2040, 1, 1, tzinfo=UTC)
        expire("test", services)
        assert permission_of("C-old", services).automation == "opted_out"

    def test_what_is_about_nobody_stays(self, services, years):
        expire("test", services)
        assert services.packs() == ["priority_scoring", "refund_approval"]

    def test_done_again_it_destroys_nothing_and_says_nothing(self, services, years):
        expire("test", services)
        assert expire("test", services).entry is None

    def test_a_dry_run_destroys_nothing(self, home, services, years):
        said = TestByCommand().run(home, "expire", "--dry-run")  # by the machine's own clock
        assert said.exit_code == 0
        assert "0 keys are due" in said.output


class TestTheClassThatAPackDeclares:
    """The three shipped packs say for how long; `EXPLAINER_RETENTION_MONTHS` is for what says nothing."""

    @pytest.fixture
    def two(self, services, facts, sampled):
        """A customer with a refund, kept for 36 months, and a priority, for 12; each with a letter."""
        found = {}
        for pack, some in (("refund_approval", facts), ("priority_scoring", sampled("priority_scoring", 1)[0])):
            record = decide(Case(pack, "C-A", f"of {pack}", "en", some), pack, services).record
            send_letter(find(record.id, services), Wanted("text", "en"), Recipient(COMMAND, "test"), services)
            found[pack] = record.id
        return found

    def test_each_has_a_key_of_its_own_and_what_is_about_a_decision_goes_with_it(self, home, services, two):
        subject = services.vault.subject("C-A")
        found = rows(home, "vault", "SELECT retention, key_id, subject FROM data_keys")
        keys = {key: retention for retention, key, whose in found if whose == subject}
        assert sorted(keys.values()) == ["months-12", "months-36"]
        sealed = services.ledger.sealed_by(keys)
        assert {(keys[one.leaf["key"]], one.kind) for one in sealed} == {
            (kept, kind) for kept in ("months-12", "months-36") for kind in ("decision", "view")
        }

    def test_each_ends_with_its_own_time_whatever_the_setting_says(self, services, two, clock):
        usual = replace(services, settings=replace(services.settings, retention_months=6))
        clock.now = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
        assert over(usual) == []
        clock.now = datetime(2028, 1, 1, tzinfo=UTC)
        assert expire("test", usual).entries == 2
        gone = {pack: services.ledger.entry(one).body is None for pack, one in two.items()}
        assert gone == {"refund_approval": False, "priority_scoring": True}
        clock.now = datetime(2030, 1, 1, tzinfo=UTC)
        assert expire("test", usual).entries == 2

    def test_what_says_nothing_is_kept_as_long_as_the_setting_says(self, services, clock):
        draft = Draft(new_id(clock()), "decision", clock(), "C-A", b"{}", Terms())
        services.ledger.append(draft)
        assert draft.retention == STANDARD
        for months, due in ((36, 0), (24, 1)):
            clock.now = datetime(2029, 1, 1, tzinfo=UTC)
            assert len(over(replace(services, settings=replace(services.settings, retention_months=months)))) == due

    def test_a_referral_goes_with_its_decision(self, services, two):
        found = find(two["priority_scoring"], services)
        refer(found.record, found.release, ["something"], services)
        (entry,) = services.ledger.of_customer("C-A", "referral")
        assert services.ledger.entry(found.record.id).leaf["key"] == entry.leaf["key"]


class TestABackup:
    def test_keys_that_come_back_with_the_vault_are_destroyed_before_anybody_reads(self, home, services, settings, clock, facts):
        record = live(services, facts, "C-A")
        other = live(services, facts, "C-B")
        services.close()
        backup = (home / "vault.sqlite3").read_bytes()
        again = open_services(settings, clock)
        erase("C-A", "test", again)
        decide(Case("refund_approval", "C-A", "R-new", "en", facts), "new", again)  # comes back: not what was erased
        again.close()
        (home / "vault.sqlite3").write_bytes(backup)
        restored = open_services(settings, clock)
        assert restored.ledger.entry(record.id).body is None
        assert restored.ledger.entry(other.id).body is not None
        assert restored.ledger.search(kind=None, customer="C-A")[0] != []
        restored.close()

    def test_an_erasure_that_was_cut_short_is_completed(self, home, services, settings, clock, facts, monkeypatch):
        record = live(services, facts, "C-A")
        monkeypatch.setattr("explainer.ledger.erasure.destroy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase("C-A", "test", services)
        monkeypatch.undo()
        assert services.ledger.entry(record.id).body is not None
        services.close()
        again = open_services(settings, clock)
        assert again.ledger.entry(record.id).body is None
        assert again.ledger.search(kind=None, customer="C-A")[0] == []
        again.close()
