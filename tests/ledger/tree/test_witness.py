"""Witnesses: what they take, what they refuse and keep as evidence; the folder, and the process behind HTTP."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from explainer.errors import BadNote, BadSettings, Unavailable
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.notes.checkpoint import LOG, WITNESS, Checkpoint, Signer, add_signatures, open_note, origin_of, sign_note
from explainer.ledger.notes.keyring import Announced, Keyring
from explainer.ledger.tree.merkle import consistency_spans, prove
from explainer.ledger.tree.witness import (
    EVIDENCE,
    KEYS,
    Cosigned,
    Heads,
    HttpWitness,
    Keeper,
    Refusal,
    Standing,
    open_witness,
    read_request,
    write_request,
)
from explainer.web.witness import create_witness, open_keeper
from tests.ledger.tree.conftest import SIGNER
from tests.ledger.tree.test_merkle import grown
from tests.naive import merkle as naive

NOW = 1_800_000_000
MANY = [f"leaf {number}".encode() for number in range(20)]
FORK = [*MANY[:3], b"another", *MANY[4:]]
OTHER = Signer.from_seed("other-log", LOG, bytes(32))


def note_of(leaves, *, epoch=1, signer=SIGNER):
    return sign_note(Checkpoint(origin_of(signer.name, epoch), len(leaves), naive.mth(leaves)).text, signer)


def proof_of(old, leaves):
    stored = grown(leaves)[1]
    return prove(consistency_spans(old, len(leaves)), lambda places: {one: stored[one] for one in places})


def told(answer):
    """An answer without the words of a refusal, which HTTP ends with a newline."""
    return answer.code if isinstance(answer, Refusal) else answer


@pytest.fixture(params=["folder", "http"])
def witness(request, tmp_path) -> Iterator:
    folder = tmp_path / "heads"
    if request.param == "folder":
        folder.mkdir()
        yield Keeper(Heads(folder), [SIGNER.public], None, lambda: NOW)
        return
    keeper = open_keeper(folder, [SIGNER.public.text], lambda: NOW)
    server = make_server("127.0.0.1", 0, create_witness(keeper), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield HttpWitness(f"http://127.0.0.1:{server.port}/", keeper.key)
    server.shutdown()
    thread.join()
    server.server_close()


class TestConsidering:
    def test_it_takes_the_first_and_what_goes_on_from_it(self, witness):
        for old, size in ((0, 3), (3, 4), (4, 4), (4, 17), (17, 20)):
            assert isinstance(witness.consider(old, proof_of(old, MANY[:size]), note_of(MANY[:size])), Cosigned)
        assert witness.newest("test-log") == note_of(MANY)
        assert witness.every("test-log") == [note_of(MANY[:size]) for size in (3, 4, 17, 20)]

    def test_of_what_it_has_not_seen_it_has_no_head(self, witness):
        assert (witness.newest("test-log"), witness.every("test-log")) == (None, [])

    def test_it_says_where_it_stands(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        assert witness.consider(0, [], note_of(MANY[:9])) == Standing(7)
        assert witness.consider(3, proof_of(3, MANY[:9]), note_of(MANY[:9])) == Standing(7)
        assert witness.consider(3, proof_of(3, MANY[:5]), note_of(MANY[:5])) == Standing(7)

    def test_another_tree_is_refused_and_kept_as_evidence_once(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        for _ in range(2):
            assert told(witness.consider(7, proof_of(7, FORK), note_of(FORK))) == "inconsistent"
        assert witness.newest("test-log") == note_of(MANY[:7])
        assert witness.every("test-log" + EVIDENCE) == [note_of(FORK)]

    def test_another_root_at_the_same_size_is_kept_as_evidence_too(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        assert witness.consider(7, [], note_of(FORK[:7])) == Standing(7)
        assert witness.every("test-log" + EVIDENCE) == [note_of(FORK[:7])]

    def test_what_it_has_seen_already_is_no_evidence(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        assert witness.consider(0, [], note_of(MANY[:7])) == Standing(7)
        assert witness.every("test-log" + EVIDENCE) == []

    def test_one_bit_in_each_hash_of_the_proof_is_refused(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        proof = proof_of(7, MANY)
        for at, one in enumerate(proof):
            forged = [*proof[:at], bytes([one[0] ^ 1]) + one[1:], *proof[at + 1 :]]
            assert told(witness.consider(7, forged, note_of(MANY))) == "inconsistent"
        assert told(witness.consider(7, proof[:-1], note_of(MANY))) == "inconsistent"
        assert isinstance(witness.consider(7, proof, note_of(MANY)), Cosigned)

    def test_each_epoch_is_a_line_of_its_own(self, witness):
        witness.consider(0, [], note_of(MANY[:7]))
        assert isinstance(witness.consider(0, [], note_of(FORK[:5], epoch=2)), Cosigned)
        assert witness.newest("test-log") == note_of(MANY[:7])
        assert witness.newest("test-log/epoch-2") == note_of(FORK[:5], epoch=2)

    @pytest.mark.parametrize(
        ("note", "code"),
        [
            (note_of(MANY, signer=OTHER), "unknown-log"),
            (note_of(MANY, signer=Signer.from_seed("test-log", LOG, bytes(32))), "not-signed"),
            (note_of(MANY).replace("\n20\n", "\n21\n"), "not-signed"),
            ("nothing", "malformed"),
            (note_of(MANY)[:-20], "not-signed"),
        ],
    )
    def test_what_it_does_not_take(self, witness, note, code):
        assert told(witness.consider(0, [], note)) == code
        assert witness.newest("test-log") is None

    def test_an_old_size_beyond_the_new_one_is_malformed(self, witness):
        assert told(witness.consider(21, [], note_of(MANY))) == "malformed"


NEXT = Signer.from_seed("test-log", LOG, bytes([2]) * 32)
RING = Keyring(SIGNER, lambda: ([Announced(NEXT.public, 9)], [NEXT]))


class TestAnotherKey:
    """The log's key is changed between nine leaves and twelve."""

    def note(self, size, before):
        return RING.sign(Checkpoint("test-log", size, naive.mth(MANY[:size])), before)

    @pytest.fixture
    def handed_over(self, witness):
        for old, size in ((0, 9), (9, 12)):
            assert isinstance(witness.consider(old, proof_of(old, MANY[:size]), self.note(size, old)), Cosigned)
        return witness

    def test_it_is_taken_from_the_handover_on(self, handed_over):
        note = self.note(15, 12)
        assert isinstance(handed_over.consider(12, proof_of(12, MANY[:15]), note), Cosigned)
        assert [RING.open(one).size for one in handed_over.every("test-log")] == [9, 12, 15]
        assert handed_over.every("test-log" + KEYS) == [self.note(12, 9)]

    def test_without_the_handover_it_means_nothing(self, witness):
        assert told(witness.consider(0, [], self.note(15, 12))) == "not-signed"

    def test_the_old_one_is_taken_no_more(self, handed_over):
        assert told(handed_over.consider(12, proof_of(12, MANY[:15]), note_of(MANY[:15]))) == "not-signed"

    def test_handed_over_again_nothing_changes(self, handed_over):
        again = handed_over.consider(12, [], self.note(12, 9))
        assert isinstance(again, Cosigned)
        assert handed_over.every("test-log" + KEYS) == [self.note(12, 9)]

    def test_a_handover_that_is_not_the_next_tree_changes_nothing(self, handed_over):
        thief = Signer.from_seed("test-log", LOG, bytes([3]) * 32)
        text = Checkpoint("test-log", 20, naive.mth(FORK), (f"next {thief.public.text}",)).text
        assert told(handed_over.consider(12, proof_of(12, FORK), sign_note(text, NEXT))) == "inconsistent"
        assert isinstance(handed_over.consider(12, proof_of(12, MANY[:15]), self.note(15, 12)), Cosigned)

    def test_a_next_key_that_cannot_be_read_is_malformed(self, witness):
        text = Checkpoint("test-log", 9, naive.mth(MANY[:9]), ("next nobody",)).text
        assert told(witness.consider(0, [], sign_note(text, SIGNER))) == "malformed"


class TestRemembering:
    @pytest.fixture
    def heads(self, tmp_path):
        return Heads(tmp_path)

    def keeper(self, heads):
        return Keeper(heads, [SIGNER.public], None, lambda: NOW)

    def test_a_line_cut_off_by_a_crash_was_never_acknowledged(self, heads, tmp_path):
        keeper = self.keeper(heads)
        keeper.consider(0, [], note_of(MANY[:3]))
        file = tmp_path / "test-log.jsonl"
        whole = file.read_bytes()
        line = json.dumps(note_of(MANY[:5])).encode() + b"\n"
        for length in range(1, len(line)):
            file.write_bytes(whole + line[:length])
            assert (keeper.newest("test-log"), len(keeper.every("test-log"))) == (note_of(MANY[:3]), 1)
        assert keeper.consider(3, proof_of(3, MANY[:5]), note_of(MANY[:5])) == Cosigned()
        assert keeper.every("test-log") == [note_of(MANY[:3]), note_of(MANY[:5])]

    @pytest.mark.parametrize(
        "first", [bytes(90), b"\n" * 90, bytes(range(256))[:90], b'"\n' * 45], ids=["zeros", "lines", "any", "quotes"]
    )
    def test_nor_was_one_of_which_a_power_cut_kept_the_end_only(self, heads, tmp_path, first):
        keeper = self.keeper(heads)
        keeper.consider(0, [], note_of(MANY[:3]))
        with (tmp_path / "test-log.jsonl").open("ab") as file:
            file.write(first + json.dumps(note_of(MANY[:5])).encode()[90:] + b"\n")
        assert (keeper.newest("test-log"), keeper.every("test-log")) == (note_of(MANY[:3]), [note_of(MANY[:3])])
        assert keeper.consider(3, proof_of(3, MANY[:5]), note_of(MANY[:5])) == Cosigned()
        assert keeper.every("test-log") == [note_of(MANY[:3]), note_of(MANY[:5])]

    def test_more_than_a_line_of_what_is_no_note_is_not_taken_for_one_that_was_cut_off(self, heads, tmp_path):
        keeper = self.keeper(heads)
        keeper.consider(0, [], note_of(MANY[:3]))
        with (tmp_path / "test-log.jsonl").open("ab") as file:
            file.write(bytes(99) * 2_500 + b"\n")
        for ask in (keeper.newest, lambda origin: keeper.consider(0, [], note_of(MANY[:5]))):
            with pytest.raises(Unavailable, match="cannot be read"):
                ask("test-log")

    def test_a_folder_that_is_not_there_is_no_witness_that_has_seen_nothing(self, tmp_path):
        away = Heads(tmp_path / "not mounted")
        for ask in (
            lambda: away.newest("test-log"),
            lambda: away.every("test-log"),
            lambda: self.keeper(away).consider(0, [], note_of(MANY)),
        ):
            with pytest.raises(Unavailable):
                ask()

    def test_no_origin_leaves_the_folder(self, heads, tmp_path):
        signer = Signer.from_seed("../../log", LOG, bytes(32))
        Keeper(heads, [signer.public], None, lambda: NOW).consider(0, [], note_of(MANY, signer=signer))
        assert [one.name for one in tmp_path.iterdir()] == ["..%2F..%2Flog.jsonl"]

    def test_of_many_at_once_one_wins_and_the_others_hear_where_it_stands(self, heads):
        keeper, answers = self.keeper(heads), []
        keeper.consider(0, [], note_of(MANY[:3]))
        jobs = [
            threading.Thread(
                target=lambda size=size: answers.append(keeper.consider(3, proof_of(3, MANY[:size]), note_of(MANY[:size])))
            )
            for size in range(4, 12)
        ]
        for one in jobs:
            one.start()
        for one in jobs:
            one.join()
        (taken,) = keeper.every("test-log")[1:]
        assert answers.count(Cosigned()) == 1
        assert all(isinstance(one, Standing) for one in answers if one != Cosigned())
        assert taken == keeper.newest("test-log")


class TestCosigning:
    def test_its_signature_holds_with_its_time(self, tmp_path):
        keeper = open_keeper(tmp_path, [SIGNER.public.text], lambda: NOW)
        (line,) = keeper.consider(0, [], note_of(MANY)).lines
        assert open_note(add_signatures(note_of(MANY), [line]), [SIGNER.public, keeper.key])[1] == [SIGNER.public, keeper.key]
        assert int.from_bytes(base64.b64decode(line.split()[2])[4:12], "big") == NOW

    def test_it_has_the_same_key_when_it_is_started_again(self, tmp_path):
        one, two = (open_keeper(tmp_path / "w", [SIGNER.public.text], lambda: NOW) for _ in range(2))
        assert one.key == two.key
        assert (tmp_path / "w" / "master.key").stat().st_mode & 0o777 == 0o600

    def test_a_key_that_others_can_read_is_refused(self, tmp_path):
        open_keeper(tmp_path, [SIGNER.public.text], lambda: NOW)
        (tmp_path / "master.key").chmod(0o644)
        with pytest.raises(BadSettings):
            open_keeper(tmp_path, [SIGNER.public.text], lambda: NOW)

    def test_a_witness_that_signs_with_another_key_is_worth_nothing(self, tmp_path):
        keeper = open_keeper(tmp_path, [SIGNER.public.text], lambda: NOW)
        server = make_server("127.0.0.1", 0, create_witness(keeper))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            believed = Signer.from_seed(keeper.key.name, WITNESS, bytes(32)).public
            with pytest.raises(Unavailable, match="without its own signature"):
                HttpWitness(f"http://127.0.0.1:{server.port}", believed).consider(0, [], note_of(MANY))
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class TestProtocol:
    @pytest.fixture
    def client(self, tmp_path):
        return create_witness(open_keeper(tmp_path, [SIGNER.public.text], lambda: NOW)).test_client()

    def post(self, client, body):
        return client.post("/add-checkpoint", data=body)

    def test_a_request_is_read_as_it_was_written(self):
        asked = (7, proof_of(7, MANY), note_of(MANY))
        assert read_request(write_request(*asked)) == asked

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "old 0\n",
            "old 00\n\nx",
            "old -1\n\nx",
            "new 0\n\nx",
            "old 0\nAAAA\n\nx",
            "old 0\n!\n\nx",
            "old 0\n" + 64 * (base64.b64encode(bytes(32)).decode() + "\n") + "\nx",
        ],
    )
    def test_any_other_form_is_refused(self, client, body):
        with pytest.raises(BadNote):
            read_request(body)
        assert self.post(client, body).status_code == 400

    def test_its_answers_are_those_of_the_protocol(self, client):
        first = self.post(client, write_request(0, [], note_of(MANY[:7])))
        assert (first.status_code, first.text.startswith("— witness-")) == (200, True)
        stands = self.post(client, write_request(0, [], note_of(MANY)))
        assert (stands.status_code, stands.mimetype, stands.text) == (409, "text/x.tlog.size", "7\n")
        assert self.post(client, write_request(7, [], note_of(MANY))).status_code == 422
        assert self.post(client, write_request(21, [], note_of(MANY))).status_code == 400
        assert self.post(client, write_request(0, [], note_of(MANY, signer=OTHER))).status_code == 404
        assert self.post(client, write_request(0, [], note_of(MANY).replace("\n20\n", "\n21\n"))).status_code == 403

    def test_what_is_too_long_is_not_read(self, client):
        assert self.post(client, "x" * 200_000).status_code == 413

    def test_it_is_alive(self, client):
        assert client.get("/healthz").text == "ok\n"


class TestNaming:
    KEY = Signer.from_seed("w", WITNESS, bytes(32)).public

    def test_a_folder(self, tmp_path):
        assert open_witness(str(tmp_path), SIGNER.public, lambda: NOW).key is None

    def test_an_address_with_its_key(self):
        assert open_witness(f"https://w.example/#{self.KEY.text}", SIGNER.public, lambda: NOW).key == self.KEY

    @pytest.mark.parametrize(
        "said",
        [
            "https://w.example",
            "https://w.example/#",
            "https://w.example/#x",
            f"ftp://w.example/#{KEY.text}",
            f"file:///tmp#{KEY.text}",
            f"https://w.example/#{SIGNER.public.text}",
        ],
    )
    def test_an_address_without_a_witness_s_key_is_refused(self, said):
        with pytest.raises(BadSettings, match="EXPLAINER_WITNESS"):
            open_witness(said, SIGNER.public, lambda: NOW)

    def test_one_that_does_not_answer(self):
        silent = open_witness(f"http://127.0.0.1:9/#{self.KEY.text}", SIGNER.public, lambda: NOW)
        for ask in (lambda: silent.newest("x"), lambda: silent.every("x"), lambda: silent.consider(0, [], note_of(MANY))):
            with pytest.raises(Unavailable, match="does not answer"):
                ask()


def test_the_leaves_of_these_tests_are_leaves():
    assert naive.mth(MANY[:1]) == leaf_hash(MANY[0])
