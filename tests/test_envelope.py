"""The envelope: one set of references for every door, and case numbers that show what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.envelope import Unreadable, case_mistake, customer_mistake, read_strictly
from explainer.errors import BadCase
from explainer.service.decide import Case

FORBIDDEN = set("/\\?#%")
PRINTABLE = [chr(code) for code in range(0x20, 0x7F)]


class TestCustomers:
    @given(st.text(alphabet=PRINTABLE, min_size=1, max_size=128))
    def test_printable_ascii_is_a_reference_unless_it_would_change_an_address(self, reference):
        changes = FORBIDDEN & set(reference) or reference != reference.strip(" ") or reference in {".", ".."}
        assert (customer_mistake(reference) is None) == (not changes)

    @pytest.mark.parametrize("reference", ["", "x" * 129, "a\n", "\na", "a\0b", "ä", "🧳", "\u200ba", "a\x7f", " ", ".", ".."])
    def test_anything_else_is_none(self, reference):
        assert customer_mistake(reference)

    @pytest.mark.parametrize("reference", ["C", "C-1", "a b", "...", ".a", "someone@example.com", "x" * 128, "1:2;3,4&5=6+7"])
    def test_these_are(self, reference):
        assert customer_mistake(reference) is None

    def test_the_message_says_which_characters_it_may_not_hold(self):
        assert set(customer_mistake("A/1") or "") >= FORBIDDEN


class TestCaseNumbers:
    @pytest.mark.parametrize("number", ["R-1", "Ä-7", "案件 7", "🧳", "رقم", "a/b?c", "x" * 128])
    def test_letters_of_any_script_are_taken(self, number):
        assert case_mistake(number) is None

    @pytest.mark.parametrize(
        "hidden", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u2028", "\u2029", "\x85", "\xad", "\ud800"]
    )
    def test_what_cannot_be_seen_or_turns_the_line_is_refused(self, hidden):
        assert case_mistake(f"R{hidden}1")

    @pytest.mark.parametrize("number", ["", " R-1", "R-1 ", "x" * 129, "a\tb", "a\nb", "\x1b[2J"])
    def test_so_are_blanks_at_the_ends_and_controls(self, number):
        assert case_mistake(number)


class TestCase:
    def test_every_mistake_is_named_whichever_door_it_came_through(self):
        with pytest.raises(BadCase) as refused:
            Case("refund_approval", "A/1", "\u202e", "en", {})
        assert set(refused.value.mistakes) == {"customer", "case"}


class TestStrictJson:
    @pytest.mark.parametrize("text", [b"", b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 20_000, b"\xff\xfe\xfd"])
    def test_what_readers_read_in_different_ways_is_not_read(self, text):
        with pytest.raises(Unreadable):
            read_strictly(text)

    def test_every_place_is_named(self):
        with pytest.raises(Unreadable, match="stands twice in one object") as refused:
            read_strictly(b'{"a": {"b": 1, "b": 2}, "c": [NaN]}')
        assert set(refused.value.mistakes) == {"a.b", "c.0"}

    def test_other_json_is(self):
        assert read_strictly('{"a": ["ä", 1.5]}'.encode()) == {"a": ["ä", 1.5]}
