"""The ledger by command: what an operator types, what is printed, and with which code it ends."""

from __future__ import annotations

import json

import pytest

from explainer.ledger.notes.checkpoint import open_checkpoint, read_key
from explainer.ledger.notes.receipt import sign_receipt
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.cases import ending
from tests.support import MODELS, SHIPPED
from tests.test_cli import runner

REFUND = SHIPPED[0]


@pytest.fixture
def run(home, tmp_path):
    witness = tmp_path / "witness"
    witness.mkdir()
    plain = runner(home)
    return lambda *words: plain(*words, env={"EXPLAINER_WITNESS": str(witness)})


@pytest.fixture
def behind(settings):
    """A statement behind the ledger's back."""

    def execute(statement):
        services = open_services(settings)
        with services.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql(statement)
        services.close()

    return execute


class TestSeal:
    def test_it_prints_the_checkpoint_signed_by_the_key_that_it_names(self, run, home):
        sealed = run("ledger", "seal")
        assert sealed.exit_code == 0, sealed.stderr
        checkpoint = open_checkpoint(sealed.stdout, read_key(run("ledger", "key").stdout.strip()))
        assert checkpoint.size >= 4  # two releases and two activations
        assert sealed.stderr == f"sealed {checkpoint.size}: {checkpoint.short}\n"

    def test_again_there_is_nothing_new(self, run):
        one, two = run("ledger", "seal"), run("ledger", "seal")
        assert (two.stdout, two.stderr, two.exit_code) == (one.stdout, "", 0)

    def test_an_entry_that_was_changed_first_is_named_and_the_command_fails(self, run, behind):
        behind("UPDATE entries SET box = x'00' WHERE id = (SELECT MIN(id) FROM entries)")
        sealed = run("ledger", "seal")
        assert (sealed.exit_code, "was changed before it could be sealed" in sealed.stderr) == (1, True)

    def test_without_the_witness_s_folder_nothing_is_sealed(self, home, tmp_path):
        refused = runner(home)("ledger", "seal", env={"EXPLAINER_WITNESS": str(tmp_path / "away")})
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith("explainer: no witness answers")

    def test_a_restored_database_opens_an_epoch_and_says_so(self, run, home, tmp_path):
        before = (home / "ledger.sqlite3").read_bytes()
        run("ledger", "seal")
        (home / "ledger.sqlite3").write_bytes(before)
        sealed = run("ledger", "seal")
        assert sealed.stdout.splitlines()[0].endswith("/epoch-2")
        verified = run("ledger", "verify")
        assert (verified.exit_code, "epoch 2 was opened at 0 leaves" in verified.stdout) == (1, True)
        assert run("ledger", "verify", "--known-epoch", "2").exit_code == 0

    def test_a_new_epoch_is_opened_when_the_operator_says_so(self, run):
        run("ledger", "seal")
        assert run("ledger", "seal", "--new-epoch").stdout.splitlines()[0].endswith("/epoch-2")


class TestVerify:
    def test_a_sound_ledger(self, run):
        run("ledger", "seal")
        verified = run("ledger", "verify")
        assert (verified.exit_code, verified.stdout.splitlines()[-1]) == (0, "nothing is wrong")
        assert "sealed entries, 0 waiting" in verified.stdout

    def test_what_is_wrong_is_named_and_the_command_fails(self, run, behind):
        run("ledger", "seal")
        behind("DELETE FROM leaves WHERE number = 1")
        verified = run("ledger", "verify")
        assert verified.exit_code == 1
        assert "wrong: leaf 1 is missing" in verified.stdout

    def test_a_head_from_a_letter(self, run):
        head = run("ledger", "seal").stderr.split()[-1]
        assert run("ledger", "verify", "--head", head).exit_code == 0
        wrong = run("ledger", "verify", "--head", head[:-1] + ("0" if head[-1] != "0" else "1"))
        assert (wrong.exit_code, "history was rewritten" in wrong.stdout) == (1, True)

    def test_a_head_that_cannot_be_read(self, run):
        refused = run("ledger", "verify", "--head", "x")
        assert (refused.exit_code, refused.stderr.startswith("explainer: a head is written as SIZE-ROOT")) == (1, True)


class TestReceipts:
    @pytest.fixture
    def answers(self, run, releases, tmp_path):
        """Three answers as an integrator keeps them."""
        facts = tmp_path / "facts.json"
        facts.write_text(json.dumps(ending(releases[REFUND][0], "decline", "score")))
        decided = [run("decide", REFUND, facts, "--customer", "C-1", "--case", f"R-{one}", "--json") for one in range(3)]
        return [json.loads(one.stdout) for one in decided]

    @pytest.fixture
    def keep(self, tmp_path):
        def write(said):
            path = tmp_path / "kept.json"
            path.write_text(said)
            return path

        return write

    @pytest.mark.parametrize(
        "written",
        [
            lambda answers: "\n".join(map(json.dumps, [*answers, {"row": 4, "mistakes": {}}])),
            lambda answers: json.dumps(answers, indent=1),
            lambda answers: json.dumps([one["receipt"] for one in answers]),
            lambda answers: "\n\n".join(json.dumps(one["receipt"]) for one in answers),
        ],
        ids=["lines", "a list", "receipts", "lines of receipts"],
    )
    def test_of_a_sound_ledger_are_all_held_sealed_or_not(self, run, answers, keep, written):
        for _ in range(2):
            verified = run("ledger", "verify", "--receipts", keep(written(answers)))
            assert (verified.exit_code, "and 3 receipts compared" in verified.stdout) == (0, True), verified.stdout
            run("ledger", "seal")

    def test_of_an_erased_customer_are_held_too(self, run, answers, keep):
        run("customers", "erase", "C-1", "--yes")
        assert run("ledger", "verify", "--receipts", keep(json.dumps(answers))).exit_code == 0

    def test_name_an_entry_that_was_taken_out_before_it_was_sealed(self, run, answers, keep, behind):
        """The last of its writer, whose absence nothing inside can show."""
        gone = answers[-1]["id"]
        for table, column in (("rule_index", "entry_id"), ("entry_index", "entry_id"), ("unsealed", "entry_id"), ("entries", "id")):
            behind(f"DELETE FROM {table} WHERE {column} = '{gone}'")
        run("ledger", "seal")
        assert run("ledger", "verify").exit_code == 0
        verified = run("ledger", "verify", "--receipts", keep(json.dumps(answers)))
        assert verified.exit_code == 1
        (wrong,) = [line for line in verified.stdout.splitlines() if line.startswith("wrong")]
        assert wrong == f"wrong: entry {gone} has a receipt, and this ledger does not hold it"

    def test_name_an_entry_whose_leaf_is_another(self, run, home, answers, keep):
        services = open_services(Settings(home=home, models=MODELS))
        note = sign_receipt(answers[0]["id"], "ab" * 32, "2026-05-04T10:31:00Z", services.log_key)
        services.close()
        verified = run("ledger", "verify", "--receipts", keep(json.dumps({"note": note})))
        assert (verified.exit_code, f"{answers[0]['id']} has a receipt for another leaf" in verified.stdout) == (1, True)

    def test_that_this_log_did_not_sign_are_named(self, run, answers, keep):
        kept = dict(answers[1]["receipt"], note=answers[1]["receipt"]["note"].replace("Z\n", "Y\n"))
        verified = run("ledger", "verify", "--receipts", keep(json.dumps([answers[0], kept])))
        assert (verified.exit_code, "wrong: receipt 2 is none of this log" in verified.stdout) == (1, True)

    @pytest.mark.parametrize(
        ("said", "why"), [("x", "is not JSON"), ("{}", "holds no receipt"), ("", "holds no receipt"), ("[7]", "holds no")]
    )
    def test_a_file_without_any_is_refused(self, run, keep, said, why):
        refused = run("ledger", "verify", "--receipts", keep(said))
        assert (refused.exit_code, why in refused.stderr) == (1, True)


class TestWitness:
    def test_it_needs_to_know_a_log(self, run, tmp_path):
        assert run("ledger", "witness", str(tmp_path / "w")).exit_code == 2

    def test_a_key_that_is_none_is_refused(self, run, tmp_path):
        refused = run("ledger", "witness", str(tmp_path / "w"), "--log", "x")
        assert (refused.exit_code, refused.stderr.startswith("explainer: a key is written as name+hash+base64")) == (1, True)
