"""Lines: each row of a text file by itself, however bad its neighbours; none takes more memory than the longest that is read."""

import io
import tracemalloc

import pytest

from explainer.lines import UNCLOSED, lines_of, records_of

LONG = "must have at most 40 characters"


def records(text):
    return [row for row, _ in records_of(io.StringIO(text, newline=""), 40)]


class TestLines:
    @pytest.mark.parametrize("length", [99, 100, 101, 102, 201, 202, 203, 1000])
    @pytest.mark.parametrize("end", [b"", b"\n", b"\nnext"])
    def test_are_given_whole_or_not_at_all(self, length, end):
        first, *following = lines_of(io.BytesIO(b"x" * length + end), 100, b"\n")
        assert first == (None if length > 100 else b"x" * length + end[:1])
        assert following == ([b"next"] if end.endswith(b"next") else [])

    def test_that_are_too_long_are_not_held(self, tmp_path):
        path = tmp_path / "long"
        path.write_bytes(b"x" * (1 << 24) + b"\nshort\n")
        with path.open("rb") as file:
            tracemalloc.start()
            assert [*lines_of(file, 1 << 16, b"\n")] == [None, b"short\n"]
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert most < 1 << 20


class TestRecords:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_come_with_every_kind_of_line_end(self, end):
        assert records(end.join(["a,b", "1,2", '"3\n4",5', "", "6,7"])) == [["a", "b"], ["1", "2"], ["3\n4", "5"], [], ["6", "7"]]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ('"a"b,1', UNCLOSED),
            ('1,"a"b', UNCLOSED),
            ('"never closed,1', UNCLOSED),
            ('1,"', UNCLOSED),
            (f"{'x' * 50},1", LONG),
            (f'"{"x" * 50}",1', LONG),
        ],
    )
    @pytest.mark.parametrize("after", ["3,4\n5,6", '3,4\n"5",6', '3,4\n5,"6"\n', "3,4\n" + "5,6\n" * 20, ""])
    def test_that_cannot_be_read_take_no_other_with_them(self, line, why, after):
        read, plain = records(f"a,b\n1,2\n{line}\n{after}"), records(f"a,b\n1,2\n{after}")
        assert read == [*plain[:2], why, *plain[2:]]

    def test_that_are_long_with_quotes_in_order_are_still_too_long(self):
        assert records('a,b\n"' + "x\n" * 30 + '",1\n3,4')[1] == UNCLOSED
        assert records('a,b\n"' + "x\n" * 30 + '",1\n3,4')[-1] == ["3", "4"]

    def test_name_their_length(self):
        assert [size for _, size in records_of(io.StringIO('a,b\n"1\n2",3\n', newline=""), 40)] == [4, 8]
