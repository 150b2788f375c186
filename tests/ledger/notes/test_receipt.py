"""Receipts: what was signed is read again, and nothing that is not one of this log."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from explainer.errors import BadNote
from explainer.ledger.notes.checkpoint import LOG, Signer, sign_note
from explainer.ledger.notes.receipt import read_receipt, sign_receipt

OURS, OTHER = (Signer.from_seed(name, LOG, seed * 32) for name, seed in (("ours", b"1"), ("other", b"2")))
ENTRY, LEAF, BY = "019df048-dc00-7374-8611-eb57581ae8c7", "ab" * 32, "2026-05-04T10:31:00Z"
NOTE = sign_receipt(ENTRY, LEAF, BY, OURS)


def test_it_says_which_entry_has_which_leaf():
    promised = read_receipt(NOTE, [OTHER.public, OURS.public])
    assert promised == (ENTRY, LEAF, datetime(2026, 5, 4, 10, 31, tzinfo=UTC), OURS.public)


def test_one_that_another_log_signed_is_none_of_ours():
    with pytest.raises(BadNote, match="no key of this log"):
        read_receipt(sign_receipt(ENTRY, LEAF, BY, OTHER), [OURS.public])


def test_any_character_changed_is_noticed():
    for place in range(len(NOTE)):
        changed = NOTE[:place] + ("0" if NOTE[place] != "0" else "1") + NOTE[place + 1 :]
        with pytest.raises(BadNote):
            read_receipt(changed, [OURS.public])


@pytest.mark.parametrize("text", [f"ours\n7\n{'A' * 43}=\n", f"receipt\n{ENTRY}\n{LEAF}\n", f"receipt\n{ENTRY}\n{LEAF}0\n{BY}\n"])
def test_what_we_signed_and_is_no_receipt_is_refused(text):
    with pytest.raises(BadNote, match="no receipt"):
        read_receipt(sign_note(text, OURS), [OURS.public])


@pytest.mark.parametrize("by", ["2026-02-30T10:31:00Z", "2026-05-04T25:31:00Z", "2026-05-04", "Z"])
def test_one_whose_time_is_none_is_refused(by):
    with pytest.raises(BadNote):
        read_receipt(sign_receipt(ENTRY, LEAF, by, OURS), [OURS.public])
