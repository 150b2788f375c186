"""Canonical bytes: one value, one form, and nothing that two readers could read differently."""

from __future__ import annotations

import json
import math
import struct
import uuid
from datetime import date
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.ledger.canonical import (
    LARGEST_INTEGER,
    NotCanonical,
    bits,
    decode,
    digest,
    encode,
    encode_floats,
    from_bits,
    leaf_hash,
)

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | text
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=30)


class TestEncoding:
    @settings(max_examples=60)
    @given(values)
    def test_the_bytes_are_those_of_a_full_implementation_of_rfc_8785_and_of_the_standard_library(self, value):
        by_python = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert encode(value) == rfc8785.dumps(value) == by_python

    def test_every_character_is_written_as_rfc_8785_writes_it(self):
        every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000)]))
        assert encode(every) == rfc8785.dumps(every)

    @settings(max_examples=60)
    @given(values)
    def test_what_was_written_is_read_back(self, value):
        assert decode(encode(value)) == value

    @settings(max_examples=60)
    @given(values)
    def test_without_floats_both_ways_of_writing_are_one(self, value):
        assert encode_floats(value) == encode(value)

    @pytest.mark.parametrize("number", [0.5, -0.0, math.nan, -math.inf, 5e-324], ids=repr)
    def test_a_float_is_written_by_its_bits(self, number):
        assert encode_floats({"a": [number, (number,)]}) == encode({"a": [{"f64": bits(number)}, [{"f64": bits(number)}]]})

    def test_a_tuple_is_written_as_a_list(self):
        assert encode((1, ("a",))) == b'[1,["a"]]'

    @pytest.mark.parametrize("value", [0.5, math.nan, {"a": [1.0]}], ids=["half", "nan", "deep inside"])
    def test_a_float_is_refused(self, value):
        with pytest.raises(NotCanonical, match="float has no canonical form"):
            encode(value)

    @pytest.mark.parametrize("value", [2**53, -(2**53), [10**400]])
    def test_an_integer_that_some_reader_would_round_is_refused(self, value):
        with pytest.raises(NotCanonical, match="integer"):
            encode(value)

    @pytest.mark.parametrize("write", [encode, encode_floats])
    @pytest.mark.parametrize("key", [1, None, True, "é", "\U0001f600"], ids=repr)
    def test_a_key_that_is_not_an_ascii_string_is_refused(self, key, write):
        with pytest.raises(NotCanonical, match="key"):
            write({key: 1})

    @pytest.mark.parametrize("write", [encode, encode_floats])
    @pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"\ud800": 1}], ids=ascii)
    def test_half_a_surrogate_pair_is_refused(self, value, write):
        with pytest.raises(NotCanonical):
            write(value)

    @pytest.mark.parametrize("write", [encode, encode_floats])
    @pytest.mark.parametrize("value", [b"x", {1, 2}, Decimal(1), {1: 2, "a": 3}, uuid.UUID(int=1), date(2026, 1, 1)], ids=repr)
    def test_a_foreign_type_is_refused(self, value, write):
        with pytest.raises(NotCanonical):
            write({"deep": [value]})

    def test_a_circle_is_refused(self):
        circle: list[object] = []
        circle.append(circle)
        with pytest.raises(NotCanonical):
            encode(circle)

    def test_a_refusal_never_quotes_the_value(self):
        with pytest.raises(NotCanonical) as refusal:
            encode({"name": 123456.789})
        assert "123456" not in str(refusal.value)


class TestDecoding:
    @pytest.mark.parametrize(
        "data",
        [
            b'{"a":1,"a":1}',
            b'{"a":1,"a":2}',
            b'{"b":1,"a":2}',
            b'{"a": 1}',
            b"[1]\n",
            b"1.0",
            b"1e2",
            b"-0",
            b"NaN",
            b"9007199254740992",
            b'"\\u0041"',
            b'"\\/"',
            b'"\\ud800"',
            b'"\xc3"',
            b"\xef\xbb\xbf1",
            b"",
            b"[" * 100_000,
            b"9" * 5_000,
        ],
        ids=lambda data: ascii(data[:20]),
    )
    def test_bytes_that_are_not_the_canonical_form_are_refused(self, data):
        with pytest.raises(NotCanonical):
            decode(data)


class TestFloats:
    @given(st.binary(min_size=8, max_size=8))
    def test_every_float_comes_back_to_the_same_bits(self, raw):
        (x,) = struct.unpack(">d", raw)
        assert struct.pack(">d", from_bits(bits(x))) == struct.pack(">d", x)

    @pytest.mark.parametrize(
        ("x", "digits"),
        [
            (1.0, "3ff0000000000000"),
            (-0.0, "8000000000000000"),
            (math.inf, "7ff0000000000000"),
            (-math.inf, "fff0000000000000"),
        ],
    )
    def test_the_digits_are_the_ieee_754_bits_sign_first(self, x, digits):
        assert bits(x) == digits

    @pytest.mark.parametrize("digits", ["", "3ff", "3FF0000000000000", "3ff000000000000g", "3ff0000000000000\n"])
    def test_anything_but_sixteen_lower_case_digits_is_refused(self, digits):
        with pytest.raises(NotCanonical):
            from_bits(digits)


class TestHashes:
    def test_the_digest_is_sha_256(self):
        assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    def test_the_empty_leaf_has_the_hash_that_rfc_9162_gives_it(self):
        assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
