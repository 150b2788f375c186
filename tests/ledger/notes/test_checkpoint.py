"""Checkpoints and signed notes: the published example, the strict reader, and what a wrong signature is worth."""

from __future__ import annotations

import base64

import pytest

from explainer.errors import BadNote
from explainer.ledger.notes.checkpoint import (
    LOG,
    WITNESS,
    Checkpoint,
    Signer,
    add_signatures,
    cosignatures,
    epoch_of,
    open_checkpoint,
    open_note,
    read_checkpoint,
    read_key,
    sign_note,
)

# The example key, text and signature of the signed-note format's first implementation.
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

LOGGER = Signer.from_seed("log", LOG, bytes(range(32)))
WATCHER = Signer.from_seed("watcher", WITNESS, bytes(range(1, 33)))
ROOT = bytes(range(32))
HEAD = Checkpoint("log", 7, ROOT)
NOTE = sign_note(HEAD.text, LOGGER)


class TestPublishedExample:
    def test_the_key(self):
        assert Signer.from_seed("PeterNeumann", LOG, SEED).public.text == KEY
        assert read_key(KEY).text == KEY

    def test_the_signature(self):
        note = sign_note(TEXT, Signer.from_seed("PeterNeumann", LOG, SEED))
        assert note == f"{TEXT}\n{LINE}"
        assert open_note(note, [read_key(KEY)]) == (TEXT, [read_key(KEY)])


class TestCheckpoint:
    def test_its_text_is_three_lines(self):
        assert HEAD.text == "log\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"

    def test_it_is_read_as_it_was_written(self):
        assert open_checkpoint(NOTE, LOGGER.public) == HEAD

    def test_a_letter_carries_size_and_sixteen_digits(self):
        assert HEAD.short == "7-0001020304050607"

    def test_a_later_epoch_is_still_the_same_log_s(self):
        later = Checkpoint("log/epoch-2", 7, ROOT)
        assert open_checkpoint(sign_note(later.text, LOGGER), LOGGER.public) == later

    @pytest.mark.parametrize("origin", ["other", "log/epoch-1", "log/epoch-02", "log/epoch-x", "log2", "logger/epoch-2"])
    def test_another_origin_is_refused_although_the_key_signed_it(self, origin):
        with pytest.raises(BadNote):
            open_checkpoint(sign_note(Checkpoint(origin, 7, ROOT).text, LOGGER), LOGGER.public)

    def test_lines_of_somebody_else_s_mean_nothing_and_are_signed_with_the_rest(self):
        more = read_checkpoint(HEAD.text + "more\n")
        assert (more.origin, more.size, more.root, more.next) == (HEAD.origin, HEAD.size, HEAD.root, None)
        assert more.text == HEAD.text + "more\n"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            "log\n7\n",
            HEAD.text.rstrip("\n"),
            HEAD.text.replace("7", "07"),
            HEAD.text.replace("7", "-7"),
            HEAD.text.replace("7", "+7"),
            HEAD.text.replace("7", " 7"),
            HEAD.text.replace("7", "٧"),
            HEAD.text.replace("7", "1e3"),
            HEAD.text.replace("7", str(2**63)),
            HEAD.text.replace("log", ""),
            HEAD.text.replace("Hh8=", "Hh8"),
            HEAD.text.replace("Hh8=", "Hh9="),  # the same bytes, written in another way
            HEAD.text.replace("Hh8=", "Hg=="),
            HEAD.text + "\n",
        ],
    )
    def test_any_other_form_is_refused(self, text):
        with pytest.raises(BadNote):
            read_checkpoint(text)


class TestNote:
    def test_one_changed_character_anywhere_is_refused(self):
        for at, character in enumerate(NOTE):
            other = NOTE[:at] + ("A" if character != "A" else "B") + NOTE[at + 1 :]
            with pytest.raises(BadNote):
                open_checkpoint(other, LOGGER.public)

    def test_a_cut_note_is_refused(self):
        for length in range(len(NOTE)):
            with pytest.raises(BadNote):
                open_checkpoint(NOTE[:length], LOGGER.public)

    def test_another_key_of_the_same_name_has_not_signed_it(self):
        with pytest.raises(BadNote, match="has not signed"):
            open_note(NOTE, [Signer.from_seed("log", LOG, bytes(32)).public])

    def test_signatures_of_strangers_are_passed_over(self):
        stranger = Signer.from_seed("stranger", LOG, bytes(32))
        both = add_signatures(NOTE, [stranger.sign(HEAD.text)])
        assert open_note(both, [LOGGER.public])[1] == [LOGGER.public]

    def test_a_wrong_signature_of_a_known_key_spoils_the_note(self):
        both = add_signatures(NOTE, [WATCHER.sign(HEAD.text + "x\n", 1)])
        with pytest.raises(BadNote, match="watcher"):
            open_note(both, [LOGGER.public, WATCHER.public])

    @pytest.mark.parametrize("text", ["no newline", "a\tb\n", "a\x00\n", "a\r\n", "a\ud800\n"])
    def test_texts_that_no_note_carries(self, text):
        with pytest.raises(BadNote):
            sign_note(text, LOGGER)

    @pytest.mark.parametrize(
        "note",
        [
            "",
            "\n",
            "a\n",
            "a\n\n",
            "a\n\nb\n",
            "a\n\n— log\n",
            "a\n\n— log AA==\n",
            NOTE + "\n",
            NOTE * 2,
            HEAD.text + "\n" + LINE * 101,
        ],
    )
    def test_what_is_no_note_is_refused(self, note):
        with pytest.raises(BadNote):
            open_note(note, [LOGGER.public])


class TestCosignature:
    def test_a_witness_signs_the_text_and_its_time(self):
        line = WATCHER.sign(HEAD.text, 1_700_000_000)
        assert open_note(add_signatures(NOTE, [line]), [LOGGER.public, WATCHER.public])[1] == [LOGGER.public, WATCHER.public]
        assert cosignatures(line, HEAD.text, WATCHER.public) == [line]
        raw = base64.b64decode(line.split()[2])
        assert int.from_bytes(raw[4:12], "big") == 1_700_000_000
        assert len(raw) == 4 + 8 + 64

    def test_another_time_or_text_does_not_hold(self):
        raw = bytearray(base64.b64decode(WATCHER.sign(HEAD.text, 1_700_000_000).split()[2]))
        raw[11] ^= 1
        moved = f"— watcher {base64.b64encode(raw).decode()}\n"
        assert cosignatures(moved, HEAD.text, WATCHER.public) == []
        assert cosignatures(WATCHER.sign("other\n", 1), HEAD.text, WATCHER.public) == []

    def test_the_two_kinds_of_key_do_not_pass_for_each_other(self):
        as_log = Signer.from_seed("watcher", LOG, bytes(range(1, 33)))
        assert as_log.public.id != WATCHER.public.id
        assert not WATCHER.public.holds(HEAD.text, base64.b64decode(as_log.sign(HEAD.text).split()[2])[4:])


class TestKey:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "log",
            "log+",
            KEY.replace("c74f20a3", "c74f20a4"),
            KEY.replace("Peter", "Pater"),
            KEY + "=",
            KEY[:-1],
            KEY.replace("ARpc", "Axpc"),
            KEY.upper(),
        ],
    )
    def test_a_key_in_another_form_is_refused(self, text):
        with pytest.raises(BadNote):
            read_key(text)

    def test_its_secret_is_not_shown(self):
        assert "private" not in repr(LOGGER).lower()


def test_an_epoch_is_read_from_an_origin():
    assert [epoch_of(one, "log") for one in ("log", "log/epoch-2", "log/epoch-17", "log/epoch-0", "log/", "x")] == [
        1,
        2,
        17,
        None,
        None,
        None,
    ]
