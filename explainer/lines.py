"""Lines: the rows of text files and streams, one at a time, of which none takes more memory than the longest that is read.

A CSV record that cannot be read costs its own line and no other: what follows that line is
read anew, so that a quote which is never closed takes no row with it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO, AnyStr

UNCLOSED = "must have quotes around whole values, and close them"


def lines_of(file: IO[AnyStr], longest: int, ends: AnyStr) -> Iterator[AnyStr | None]:
    r"""The lines of a file; None for each that is too long, which is read past and not held.

    Args:
        longest: characters, or bytes, that a line may have before its end.
        ends: characters that end a line.

    >>> import io
    >>> [*lines_of(io.StringIO("a\nlonger\n\nend"), 3, "\n")]
    ['a\n', None, '\n', 'end']
    """
    while line := file.readline(longest + 1):
        held: AnyStr | None = line
        while len(line) > longest and line[-1:] not in ends:
            held, line = None, file.readline(longest + 1)
        yield held


def records_of(file: IO[str], longest: int) -> Iterator[tuple[list[str] | str, int]]:
    r"""The records of a CSV file and their lengths in characters; a text instead of values says what is wrong with one.

    Args:
        file: opened with `newline=""`.
        longest: characters that a record may have.

    >>> import io
    >>> [*records_of(io.StringIO('a,b\n1,"2\n3,4\n"5"6,7\n8,9'), 99)][2:]
    [(['3', '4'], 4), ('must have quotes around whole values, and close them', 7), (['8', '9'], 3)]
    """
    csv.field_size_limit(longest)  # of this process; other readers of CSV there are none
    lines, width = _Lines(file, longest), 0
    records = csv.reader(lines, strict=True)
    while (row := _next(records, lines)) is not None:
        if isinstance(row, list) and len(lines.taken) > 1 and len(row) != (width or len(row)):
            row = UNCLOSED  # a quote that was closed by one of another row
        if isinstance(row, str):
            lines.put_back()
        width = width or len(row)
        yield row, sum(len(line or "") for line in lines.taken)
        lines.taken.clear()


def _next(records: Iterator[list[str]], lines: _Lines) -> list[str] | str | None:
    try:
        return next(records, None)
    except csv.Error:
        return lines.too_long if lines.taken[0] is None else UNCLOSED


class _Lines(Iterator[str]):
    """The lines of a CSV file as its reader takes them, and again when a record of several cannot be read."""

    def __init__(self, file: IO[str], longest: int) -> None:
        self._following, self._again, self._longest = lines_of(file, longest, "\r\n"), deque[str | None](), longest
        self.taken: list[str | None] = []  # by the record that is being read
        self.too_long = f"must have at most {longest} characters"

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._following)
        if not self.taken:
            self._size = 0
        self.taken.append(line)
        self._size += len(line or "")
        if line is None or (len(self.taken) > 1 and self._size > self._longest):
            raise csv.Error(self.too_long)
        return line

    def put_back(self) -> None:
        """Let every line of the record but its first come again."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
