"""Renewing: by file or by environment, while others work, and what was decided before is read after."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from explainer.cli import main
from explainer.commands.typed import user
from explainer.errors import BadSettings, MasterKeyMissing
from explainer.ledger.canonical import decode
from explainer.ledger.keys.master import MasterKey, load_master_key
from explainer.ledger.notes.checkpoint import LOG, Signer, open_note, read_key
from explainer.ledger.notes.keyring import followed
from explainer.ledger.notes.receipt import sign_receipt
from explainer.ledger.tree.promises import LEEWAY
from explainer.ledger.tree.worker import PROMISED_SECONDS
from explainer.service.auditing.exporting import export_pack
from explainer.service.bulk import Given, decide_all
from explainer.service.decide import Case, decide
from explainer.service.inspect import find, rebuild_index, verifier
from explainer.service.oversee import set_preference
from explainer.service.privacy.renewing import change_log_key, overdue, rotate
from explainer.service.wiring import open_services
from tests.support import MODELS

NEXT = MasterKey(b"\x77" * 32)


@pytest.fixture
def decided(services, sampled):
    return decide(Case("refund_approval", "C-A", "R-1", "en", sampled("refund_approval", 1)[0]), "k", services).record


class TestByFile:
    def test_the_command_changes_the_key_and_others_go_on(self, home, services, decided, sampled):
        before = load_master_key(home / "master.key")
        done = CliRunner().invoke(
            main, ["vault", "rotate", "--json"], env={"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        )
        assert json.loads(done.stdout)["keys"] == 2  # the customer's, and that of entries about nobody
        assert load_master_key(home / "master.key") != before
        assert find(decided.id, services).record.case == "R-1"
        case = Case("refund_approval", "C-new", "R-2", "en", sampled("refund_approval", 1)[0])
        assert find(decide(case, "k2", services).record.id, services).record.case == "R-2"

    def test_a_backup_of_before_opens_while_the_key_before_is_there_and_never_again(self, home, settings, clock, services, decided):
        backup = (home / "vault.sqlite3").read_bytes()
        rotate("test", services)
        services.close()
        (home / "vault.sqlite3").write_bytes(backup)
        with closing(open_services(settings, clock)) as restored:
            assert find(decided.id, restored).record.case == "R-1"
        (home / "master.key.before").unlink()
        with pytest.raises(MasterKeyMissing):
            open_services(settings, clock)

    def test_the_ledger_says_so(self, services, decided):
        rotate("test", services)
        (said,) = [one.id for one in services.ledger.newest_first("rotation")]
        assert services.ledger.search(kind="rotation")[0][0].id == said


class TestByEnvironment:
    @pytest.fixture
    def given(self, home, settings):
        return replace(settings, master_key=load_master_key(home / "master.key").text)

    def test_the_next_key_is_asked_for(self, given, clock):
        with closing(open_services(given, clock)) as opened, pytest.raises(BadSettings, match="EXPLAINER_MASTER_KEY_NEXT"):
            rotate("test", opened)

    def test_it_is_used_and_from_then_on_enough(self, given, clock, services, decided):
        with closing(open_services(replace(given, master_key_next=NEXT.text), clock)) as opened:
            assert rotate("test", opened) == 2
        with closing(open_services(replace(given, master_key=NEXT.text), clock)) as fresh:
            assert find(decided.id, fresh).record.case == "R-1"
        with pytest.raises(MasterKeyMissing):
            open_services(given, clock)


class TestWhenItIsDue:
    def test_a_month_after_it_was_changed_or_first_used(self, services, decided):
        assert overdue(services) is None  # three days
        services.clock.move(days=28)
        assert overdue(services) is None
        services.clock.move(days=1)
        assert overdue(services) == 32
        rotate("test", services)
        assert overdue(services) is None
        services.clock.move(days=32)
        assert overdue(services) == 32

    def test_a_server_says_so_when_it_starts(self, services, home, decided, monkeypatch):
        monkeypatch.setattr("explainer.web.server.Server.run", lambda _self: None)
        environment = {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        said = CliRunner().invoke(main, ["serve"], env=environment).stderr
        assert "the master key is" in said  # by the machine's own clock
        assert CliRunner().invoke(main, ["vault", "rotate"], env=environment).exit_code == 0
        assert CliRunner().invoke(main, ["serve"], env=environment).stderr == ""


class TestTheKeyOfTheLog:
    """Another key signs the checkpoints; whoever pinned the one before follows to it, in a sealed pack too."""

    @pytest.fixture
    def before(self, services, decided):
        services.sealer().seal()
        return services.log_key.public

    def rotated(self, home):
        done = CliRunner().invoke(main, ["ledger", "rotate"], env={"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)})
        assert done.exit_code == 0, done.stderr
        return read_key(done.stdout.strip())

    def test_the_command_prints_the_new_one_and_the_ledger_says_who_it_was(self, home, services, before):
        after = self.rotated(home)
        assert (after.name, after == before) == (before.name, False)
        (said,) = services.ledger.newest_first("key")
        assert decode(said.body) == {"v": 1, "key": after.text, "before": before.text, "by": user()}
        services.log_keys.refresh()
        assert services.log_key.public == after
        assert verifier(services).verify().findings == []
        assert rebuild_index(services) > 0

    def test_it_does_not_follow_from_what_the_vault_held_before(self, home, settings, clock, services, before):
        backup = (home / "vault.sqlite3").read_bytes()
        after = self.rotated(home)
        services.close()
        (home / "vault.sqlite3").write_bytes(backup)
        with closing(open_services(settings, clock)) as restored:
            assert restored.log_keys.publics == (before, after)
            with pytest.raises(MasterKeyMissing, match=after.id.hex()):
                _ = restored.log_key
            set_preference("C-B", "opted_out", "test", restored)
            with pytest.raises(MasterKeyMissing):
                restored.sealer().seal()
            third = read_key(change_log_key("test", restored))
            assert [one for one in verifier(restored).verify().findings if third.id.hex() in one]
            assert verifier(restored).verify(known_keys=[third.id.hex()]).findings == []

    def test_another_master_key_wraps_it_anew(self, home, settings, clock, services, before):
        after = self.rotated(home)
        rotate("test", services)
        (home / "master.key.before").unlink()
        with closing(open_services(settings, clock)) as opened:
            assert opened.log_key.public == after

    def test_a_change_that_was_cut_short_goes_on_with_the_same_key(self, services, before, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("explainer.ledger.tree.sealing.Sealer.announce", stopped)
            with pytest.raises(KeyboardInterrupt):
                change_log_key("test", services)
        services.log_keys.refresh()
        (waiting,) = services.log_keys.unannounced()
        assert change_log_key("test", services) == waiting.text
        assert len(services.vault.kept("log/")) == 1

    def test_a_client_and_a_pack_follow_from_the_key_that_was_pinned(self, api, home, services, before, tmp_path):
        after = self.rotated(home)
        set_preference("C-B", "opted_out", "test", services)
        services.sealer().seal()  # signed by the new key alone
        said = api.get("/v1/ledger/checkpoint", "auditor").json
        assert (said["key"], len(said["handovers"])) == (after.text, 1)
        assert followed([before], said["handovers"]) == [after]
        export_pack(tmp_path / "pack", (), services, by="test")
        check = [sys.executable, "-I", "-S", tmp_path / "pack" / "verify.py", tmp_path / "pack"]
        for known, code in ((before, 0), (after, 0), (STRANGER, 1)):
            done = subprocess.run([*check, "--key", known.text], capture_output=True, text=True, check=False)
            assert done.returncode == code, done.stdout
        (tmp_path / "pack" / "handovers.json").unlink()
        assert subprocess.run([*check, "--key", after.text], capture_output=True, check=False).returncode == 1

    def test_receipts_carry_the_key_of_their_time(self, api, home, services, before, sampled):
        facts = sampled("refund_approval", 1)[0]
        old = api.decide("refund_approval", facts).json["receipt"]["note"]
        after = self.rotated(home)
        services.log_keys.refresh()
        new = api.decide("refund_approval", facts).json["receipt"]["note"]
        assert [open_note(note, [key])[1] for note, key in ((old, before), (new, after))] == [[before], [after]]

    def test_receipts_of_a_key_from_after_it_handed_over_are_named_and_no_others(self, api, services, before, sampled, clock):
        old, facts = services.log_key, sampled("refund_approval", 1)[0]
        decided = api.decide("refund_approval", facts).json
        services.sealer().seal()
        clock.move(hours=1)
        change_log_key("test", services)
        handed_over = clock()
        services.log_keys.refresh()
        later = api.decide("refund_approval", facts).json
        services.sealer().seal()

        def said(decision, seconds):
            seal_by = handed_over + timedelta(seconds=PROMISED_SECONDS + seconds)
            return sign_receipt(decision["id"], decision["receipt"]["leaf_hash"], f"{seal_by:%Y-%m-%dT%H:%M:%SZ}", old)

        leeway = LEEWAY.total_seconds()
        sound = [decided["receipt"]["note"], later["receipt"]["note"], said(later, -1), said(later, leeway)]
        assert verifier(services).verify(receipts=sound).findings == []
        (wrong,) = verifier(services).verify(receipts=[*sound, said(later, leeway + 1)]).findings
        assert wrong == (
            f"receipt 5, signed by key {before.id.hex()}, is dated after its handover at {handed_over:%Y-%m-%d %H:%M:%S} UTC: "
            "signed by a process that had not heard of it, by another clock, or by whoever has the old key"
        )

    def test_a_long_bulk_run_signs_with_the_key_in_force(self, home, settings, clock, before, services, sampled):
        facts = sampled("refund_approval", 2)
        with closing(open_services(settings, clock)) as running:  # as a command: no sealer of its own looks for another key
            (early,) = decide_all([Given(1, facts[0], "C-B", "R-8")], "refund_approval", running)
            after = self.rotated(home)
            clock.move(hours=1)
            late, again = decide_all(
                [Given(2, facts[1], "C-B", "R-9"), Given(3, facts[1], "C-B", "R-9")], "refund_approval", running
            )
            services.log_keys.refresh()
            services.sealer().seal()
            notes = [one.receipt["note"] for one in (early, late, again)]
            assert [open_note(note, [key])[1] for note, key in zip(notes, (before, after, after), strict=True)] == [
                [before], [after], [after]
            ]  # fmt: skip


class TestPromises:
    @pytest.fixture
    def decided(self, api, sampled):
        return api.decide("refund_approval", sampled("refund_approval", 1)[0]).json

    def wrong(self, decided, services):
        return verifier(services).verify(receipts=[decided["receipt"]["note"]]).findings

    def test_an_entry_without_its_place_is_named_once_the_receipt_s_time_is_over(self, decided, services, clock):
        clock.move(seconds=PROMISED_SECONDS)
        clock.now += LEEWAY
        assert self.wrong(decided, services) == []
        clock.move(seconds=1)
        promised = f"entry {decided['id']} was promised a place in the tree by 2026-05-04 10:31:00 UTC"
        assert self.wrong(decided, services) == [f"{promised}, and has none"]

    def test_one_that_was_sealed_late_is_named_for_ever(self, decided, services, clock):
        clock.move(days=3)
        services.sealer().seal()
        promised = f"entry {decided['id']} was promised a place in the tree by 2026-05-04 10:31:00 UTC"
        assert self.wrong(decided, services) == [f"{promised}, and was sealed late, at 2026-05-07 10:30:00 UTC"]
        clock.move(days=300)
        services.sealer().seal()
        assert self.wrong(decided, services) == [f"{promised}, and was sealed late, at 2026-05-07 10:30:00 UTC"]

    def test_one_that_was_sealed_in_time_by_another_clock_is_in_order(self, decided, services, clock):
        clock.move(seconds=PROMISED_SECONDS)
        clock.now += LEEWAY
        services.sealer().seal()
        clock.move(days=3)
        assert self.wrong(decided, services) == []


STRANGER = Signer.from_seed("explainer-0000000000000000", LOG, bytes(32)).public


def stopped(*_):
    raise KeyboardInterrupt
