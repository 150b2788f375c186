"""The entry: what the leaf says, what the box hides, and that no bit of either can change unnoticed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.errors import Contradiction, EntryTampered
from explainer.ledger.canonical import decode, digest, encode, leaf_hash
from explainer.ledger.entry import (
    STEP,
    Draft,
    Stored,
    Terms,
    microseconds,
    moment,
    new_id,
    open_entry,
    read_leaf,
    request_mac,
    seal,
)
from explainer.ledger.keys.vault import DataKey, commitment_of

KEY = DataKey("k" * 32, b"\x07" * 32, commitment_of(b"\x07" * 32))
OTHER_KEY = DataKey("k" * 32, b"\x08" * 32, commitment_of(b"\x08" * 32))
AT = datetime(2026, 3, 1, 9, 30, 0, 120, tzinfo=UTC)
OVERHEAD = 12 + 16  # nonce and tag


def draft(**changes: object) -> Draft:
    usual = {"id": new_id(AT), "kind": "decision", "at": AT, "subject": "C-1", "body": b"the body", "terms": Terms(customer="C-1")}
    return Draft(**{**usual, **changes})


def sealed(**changes: object) -> Stored:
    return seal(draft(**changes), KEY, writer="w", number=1, idempotency="ab" * 32)


def opened(stored: Stored, key: DataKey | None = KEY) -> bytes | None:
    return open_entry(stored, read_leaf(stored), key).body


def with_leaf(stored: Stored, **changes: object) -> Stored:
    """Rewrite the leaf consistently, as somebody who holds the whole database can."""
    leaf = encode({**decode(stored.leaf), **changes})
    return replace(stored, leaf=leaf, leaf_hash=leaf_hash(leaf))


class TestTheLeaf:
    def test_it_says_this_and_nothing_else(self):
        one = draft(refs=("r1",), release="d" * 64, idempotency_key="k", request=b"asked")
        stored = seal(one, KEY, writer="w", number=7, idempotency="ab" * 32)
        leaf = decode(stored.leaf)
        assert re.fullmatch("[0-9a-f]{64}", leaf.pop("plain"))
        assert leaf == {
            "v": 1,
            "kind": "decision",
            "id": one.id,
            "at": "2026-03-01T09:30:00.000120Z",
            "writer": "w",
            "n": 7,
            "refs": ["r1"],
            "release": "d" * 64,
            "idempotency": "ab" * 32,
            "request": request_mac(KEY, "C-1", b"asked"),
            "key": KEY.id,
            "commitment": KEY.commitment,
            "box": digest(stored.box),
        }

    def test_it_tells_the_time_in_utc(self):
        east = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
        assert decode(sealed(at=east).leaf)["at"] == "2026-03-01T09:30:00.000120Z"

    def test_the_time_is_read_back_to_the_microsecond(self):
        stored = sealed()
        assert open_entry(stored, read_leaf(stored), KEY).at == AT

    def test_the_macs_differ_from_key_to_key_and_the_plain_one_from_entry_to_entry(self):
        assert request_mac(KEY, "C-1", b"q") != request_mac(OTHER_KEY, "C-1", b"q")
        assert decode(sealed().leaf)["plain"] != decode(sealed().leaf)["plain"]

    def test_the_request_mac_cannot_be_shifted_between_customer_and_request(self):
        assert request_mac(KEY, "C-1", b"1") != request_mac(KEY, "C-11", b"")


class TestTheBox:
    @given(st.binary(max_size=3 * STEP))
    def test_any_body_comes_back(self, body):
        assert opened(sealed(body=body)) == body

    @given(st.integers(0, 5 * STEP))
    def test_its_length_tells_the_body_only_to_steps_of_256_bytes(self, size):
        inside = len(sealed(body=bytes(size)).box) - OVERHEAD
        assert inside % STEP == 0
        assert inside - STEP < size + 4 <= inside

    def test_the_same_body_never_makes_the_same_box(self):
        same = draft()
        boxes = {seal(same, KEY, writer="w", number=1, idempotency=None).box for _ in range(50)}
        assert len(boxes) == 50

    def test_without_its_key_the_entry_is_proved_and_its_body_is_gone(self):
        assert opened(sealed(), None) is None


class TestTampering:
    def test_one_bit_flipped_in_any_byte_of_any_column_is_noticed(self):
        stored = sealed(idempotency_key="k", request=b"q")
        for column in ("leaf", "leaf_hash", "box"):
            original = getattr(stored, column)
            for place in range(len(original)):
                changed = bytearray(original)
                changed[place] ^= 1 << place % 8
                with pytest.raises(EntryTampered):
                    opened(replace(stored, **{column: bytes(changed)}))

    @pytest.mark.parametrize(
        "changes",
        [{"id": "x"}, {"idempotency": None}, {"idempotency": "cd" * 32}, {"kind": "review"}, {"key_id": "ab" * 16}],
        ids=str,
    )
    def test_a_clear_column_that_contradicts_the_leaf_is_noticed(self, changes):
        with pytest.raises(EntryTampered):
            opened(replace(sealed(), **changes))

    @pytest.mark.parametrize(
        "changes",
        [
            {"kind": "review"},
            {"key": "x" * 32},
            {"commitment": "0" * 64},
            {"plain": "0" * 64},
            {"box": "0" * 64},
            {"at": "yesterday"},
            {"v": 2},
            {"n": "1"},
            {"more": 1},
        ],
        ids=str,
    )
    def test_a_leaf_rewritten_with_its_hash_no_longer_opens_the_box(self, changes):
        with pytest.raises(EntryTampered):
            opened(with_leaf(sealed(), **changes))

    @pytest.mark.parametrize("leaf", [b"[]", b"{}", b"{ }", b"\xff", b""])
    def test_a_leaf_that_is_no_leaf_is_noticed(self, leaf):
        with pytest.raises(EntryTampered):
            opened(replace(sealed(), leaf=leaf, leaf_hash=leaf_hash(leaf)))

    def test_boxes_of_two_entries_cannot_be_exchanged(self):
        one, two = sealed(), sealed()
        with pytest.raises(EntryTampered, match="does not open under its key"):
            opened(with_leaf(replace(one, box=two.box), box=digest(two.box)))

    def test_another_key_of_the_same_name_is_noticed(self):
        with pytest.raises(EntryTampered, match="key is not the one its leaf commits to"):
            opened(sealed(), OTHER_KEY)

    def test_the_message_names_the_entry_and_no_content(self):
        stored = sealed(body=b'{"name":"Ada"}')
        with pytest.raises(EntryTampered) as found:
            opened(with_leaf(stored, plain="0" * 64))
        assert stored.id in str(found.value)
        assert "Ada" not in str(found.value)


class TestDrafts:
    @pytest.mark.parametrize(
        "changes",
        [{"at": AT.replace(tzinfo=None)}, {"id": "7"}, {"id": new_id(AT).upper()}, {"idempotency_key": "k"}, {"request": b"q"}],
        ids=["time without zone", "no id", "id in capitals", "key without request", "request without key"],
    )
    def test_a_draft_that_makes_no_sense_cannot_be_made(self, changes):
        with pytest.raises(Contradiction):
            draft(**changes)


class TestIds:
    def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond(self):
        id_ = new_id(datetime(2100, 1, 1, tzinfo=UTC))
        assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id_)
        assert int(id_.replace("-", "")[:12], 16) == 4_102_444_800_000

    def test_ids_of_one_process_increase_even_when_the_clock_steps_back(self):
        now = datetime(2100, 1, 1, tzinfo=UTC)
        ids = [new_id(now - timedelta(seconds=n % 7)) for n in range(10_000)]
        assert ids == sorted(set(ids))

    @given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
    def test_a_time_survives_as_whole_microseconds(self, naive):
        at = naive.replace(tzinfo=UTC)
        assert moment(microseconds(at)) == at


def test_a_body_may_hold_any_words():
    body = json.dumps({"name": "Zoë 🙂"}).encode()
    assert opened(sealed(body=body)) == body
