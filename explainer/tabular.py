"""Tabular: files of cases to batches of cases; Parquet, CSV and NDJSON, never a whole file in memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from explainer.errors import BadInput
from explainer.lines import lines_of, records_of
from explainer.packs.definition import Feature, Pack
from explainer.service.bulk import ENVELOPE, Given, Rejected, read_line

ROWS = 4000  # of a batch
LONGEST = 1 << 20  # bytes of a line of NDJSON, characters of a record of CSV
FULL = 2 * LONGEST  # bytes or characters with which a batch has enough, however few its rows
NOT_UTF8: Any = object()  # in the place of a text that cannot be read
UNREADABLE = "must be UTF-8"
WHOLE = re.compile(r"\s*-?\d{1,18}\s*\Z", re.ASCII)
NUMBER = re.compile(r"\s*-?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?\s*\Z", re.ASCII)
READS = (".parquet", ".csv", ".ndjson", ".jsonl")


Rows = Any  # a RecordBatch of Parquet, list[bytes] of NDJSON, list[list[str]] of CSV; a str among them says why a row is none


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, not yet looked at."""

    first: int  # number of the first row, from 1
    rows: Rows
    share: float  # of the file read with this chunk
    columns: tuple[str, ...] = ()  # of CSV rows

    def parted(self, count: int) -> tuple[Chunk, Chunk]:
        """Its first rows, and the others."""
        return replace(self, rows=self.rows[:count], share=0.0), replace(self, first=self.first + count, rows=self.rows[count:])


def read_chunks(path: Path, pack: Pack, *, rows: int = ROWS) -> Iterator[Chunk]:
    """Read a file of cases, some rows at a time; its kind and columns are checked before this returns.

    Raises:
        BadInput: not a file of a kind that is read, or columns the pack does not know, needs or cannot take, all of them.
    """
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    readers = {".parquet": _parquet, ".csv": _csv, ".ndjson": _lines, ".jsonl": _lines}
    if path.suffix not in readers:
        raise BadInput(f"{path}: must end in one of {', '.join(READS)}")
    parts = _readable(path, readers[path.suffix](path, pack, rows))
    ahead = list(islice(parts, 1))
    return _chunks(chain(ahead, parts))


def _readable(path: Path, parts: Iterator[tuple[Rows, float, tuple[str, ...]]]) -> Iterator[tuple[Rows, float, tuple[str, ...]]]:
    try:
        yield from parts
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as {path.suffix[1:]} to its end") from error


def _chunks(parts: Iterable[tuple[Rows, float, tuple[str, ...]]]) -> Iterator[Chunk]:
    first, done = 1, 0.0
    for part, share, columns in parts:
        yield Chunk(first, part, share - done, columns)
        first, done = first + len(part), share


def cases_of(chunk: Chunk, pack: Pack, locale: str) -> list[Given | Rejected]:
    """The cases of a chunk, and the rows that are none; blank lines are counted and passed over.

    Args:
        locale: of cases that name none.
    """
    if isinstance(chunk.rows, pa.RecordBatch):
        return _cases(chunk, pack, locale)
    numbered = [(chunk.first + place, row) for place, row in enumerate(chunk.rows)]
    if chunk.columns:
        return [_record(number, row, columns=chunk.columns, pack=pack, locale=locale) for number, row in numbered if row]
    return [_line(number, line, locale) for number, line in numbered if line.strip()]


def _line(number: int, line: bytes | str, locale: str) -> Given | Rejected:
    """One line of NDJSON."""
    return Rejected(number, {"line": line}) if isinstance(line, str) else read_line(number, line, locale)


def _record(number: int, row: list[str] | str, *, columns: Sequence[str], pack: Pack, locale: str) -> Given | Rejected:
    """One record of a CSV file."""
    if isinstance(row, str):
        return Rejected(number, {"line": row})
    if len(row) != len(columns):
        return Rejected(number, {"line": f"must have {len(columns)} values, and has {len(row)}"})
    values = {name: _from_text(text, pack.feature.get(name)) if text else None for name, text in zip(columns, row, strict=True)}
    facts = {name: value for name, value in values.items() if name not in ENVELOPE}
    return _case(number, {name: values[name] for name in ENVELOPE if name in values}, facts, locale)


def _cases(chunk: Chunk, pack: Pack, locale: str) -> list[Given | Rejected]:
    """The rows of a record batch, column by column; facts stand in the order of the pack, in which they are asked for."""
    schema, length = chunk.rows.schema, len(chunk.rows)
    columns = {name: _values(chunk.rows.column(name), pack.feature.get(name)) for name in schema.names}
    names = [name for name in pack.names if name in columns and name not in ENVELOPE]
    numbers, facts = count(chunk.first), _rows(names, [columns[name] for name in names], length)
    if any(NOT_UTF8 in columns[one.name] for one in schema if not pa.types.is_primitive(one.type)):
        who = [name for name in ENVELOPE if name in columns]
        named = _rows(who, [columns[name] for name in who], length)
        return [_case(number, *one, locale) for number, one in zip(numbers, zip(named, facts, strict=True), strict=False)]
    own = [_own_names(columns.get(name), otherwise) for name, otherwise in zip(ENVELOPE, ("", "", locale), strict=True)]
    return [*map(Given, numbers, facts, *own)]


def _rows(names: Sequence[str], columns: Sequence[Sequence[Any]], length: int) -> Iterator[dict[str, Any]]:
    rows = zip(*columns, strict=True) if columns else repeat((), length)
    return map(dict, map(zip, repeat(names), rows))


def _own_names(column: Sequence[Any] | None, otherwise: str) -> Iterable[str]:
    return repeat(otherwise) if column is None else [otherwise if one is None else str(one) for one in column]


def _case(number: int, named: Mapping[str, Any], facts: Mapping[str, Any], locale: str) -> Given:
    who: dict[str, Any] = {name: str(one) for name, one in named.items() if one is not None}
    if NOT_UTF8 in facts.values() or NOT_UTF8 in named.values():
        return _unread(number, named, facts, locale)
    return Given(number, facts, **({"locale": locale} | who))


def _unread(number: int, named: Mapping[str, Any], facts: Mapping[str, Any], locale: str) -> Given:
    """A case of which some cells cannot be read: what they held is a mistake, and the others are looked at like any."""
    mistakes: dict[str, Any] = {name: UNREADABLE for name, one in named.items() if one is NOT_UTF8}
    if bad := {name: UNREADABLE for name, one in facts.items() if one is NOT_UTF8}:
        mistakes["facts"] = bad
    left, said = ({name: one for name, one in some.items() if one is not NOT_UTF8} for some in (named, facts))
    return _case(number, left, said, locale)._replace(mistakes=mistakes)


def _parquet(path: Path, pack: Pack, rows: int) -> Iterator[tuple[Rows, float, tuple[str, ...]]]:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        schema = file.schema_arrow
        strange = [f"{field.name}: cannot be read from {field.type}" for field in schema if not _is_read(field)]
        _check_columns(path, schema.names, pack, strange)
        total, done = max(1, file.metadata.num_rows), 0
        for batch in file.iter_batches(rows, use_threads=False):  # see processes.py
            done += len(batch)
            yield batch, done / total, ()


def _is_read(field: pa.Field) -> bool:
    """Whether a column holds what facts or names can be: a customer's name that was turned into a float is another customer's."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if _is_text(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
        return True
    numeric = pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_boolean(kind)
    return numeric and field.name not in ENVELOPE


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _csv(path: Path, pack: Pack, rows: int) -> Iterator[tuple[Rows, float, tuple[str, ...]]]:
    """Every value as text: what it means is the pack's to say, not the first rows'."""
    total = max(1, path.stat().st_size)
    with (
        path.open("rb") as data,
        io.TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="") as file,
    ):
        records = records_of(file, LONGEST)
        header, _ = next(records, ([], 0))
        if isinstance(header, str):
            raise BadInput(f"{path}: the first line {header}")
        columns = tuple([name.encode(errors="surrogateescape").decode(errors="replace") for name in header])
        _check_columns(path, columns, pack, [])
        for batch in _batches(records, rows):
            yield batch, min(1.0, data.tell() / total), columns


def _lines(path: Path, _pack: Pack, rows: int) -> Iterator[tuple[Rows, float, tuple[str, ...]]]:
    total, too_long = max(1, path.stat().st_size), f"must have at most {LONGEST} bytes"
    with path.open("rb") as file:
        lines = ((too_long if line is None else line, len(line or b"")) for line in lines_of(file, LONGEST, b"\n"))
        for batch in _batches(lines, rows):
            yield batch, file.tell() / total, ()


def _batches(sized: Iterable[tuple[Any, int]], rows: int) -> Iterator[list[Any]]:
    """Rows with their sizes → batches of so many rows, or of fewer where they are large."""
    batch: list[Any] = []
    size = 0
    for row, one in sized:
        batch.append(row)
        size += one
        if len(batch) >= rows or size >= FULL:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _check_columns(path: Path, names: Sequence[str], pack: Pack, mistakes: list[str]) -> None:
    known = {*pack.feature, *ENVELOPE}
    mistakes += [f"{name}: no such fact" for name in names if name not in known]
    mistakes += [f"{name}: stands twice" for name in dict.fromkeys(names) if list(names).count(name) > 1]
    mistakes += [f"{one.name}: is required" for one in pack.features if one.missing is None and one.name not in names]
    if mistakes:
        raise BadInput(f"{path}: " + "; ".join(mistakes))


def _values(column: pa.Array, feature: Feature | None) -> list[Any]:
    """A column as facts: NaN is missing, a decimal is its number, text is read as the feature's type."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values = _listed(column)
    if pa.types.is_decimal(column.type):
        return [None if one is None else float(one) for one in values]
    if pa.types.is_floating(column.type):
        return [None if one != one else one for one in values]
    return [_from_text(one, feature) for one in values] if _is_text(column.type) else values


def _listed(column: pa.Array) -> list[Any]:
    """The values of a column, as a whole; where that fails, cell by cell, with halves of surrogates for what is not UTF-8."""
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        cells = (one.as_buffer() for one in column)
        return [None if one is None else one.to_pybytes().decode(errors="surrogateescape") for one in cells]
    return values


def _from_text(text: str | None, feature: Feature | None) -> Any:
    """A number or truth value written as text; what is neither stays text, and is refused by name later."""
    if text is None:
        return None
    if not text.isascii() and not _is_utf8(text):
        return NOT_UTF8
    if feature is None or feature.type == "category":
        return text
    if feature.type == "boolean":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if WHOLE.match(text):
        return int(text)
    return float(text) if NUMBER.match(text) else text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
