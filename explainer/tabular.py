"""Tabular: files of cases to batches of cases, and answers to files; Parquet, CSV and NDJSON, never a whole file in memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from explainer.errors import BadInput
from explainer.packs.definition import Feature, Pack
from explainer.service.bulk import ENVELOPE, Given, Outcome, Rejected, as_line, read_line

ROWS = 4000  # of a batch
READS, WRITES = (".parquet", ".csv", ".ndjson", ".jsonl"), (".parquet", ".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, not yet looked at."""

    first: int  # number of the first row, from 1
    rows: pa.RecordBatch | list[bytes]
    share: float  # of the file read with this chunk


def read_chunks(path: Path, pack: Pack, *, rows: int = ROWS) -> Iterator[Chunk]:
    """Read a file of cases, some rows at a time.

    Raises:
        BadInput: not a file of a kind that is read, or columns the pack does not know or needs, all of them.
    """
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    readers = {".parquet": _parquet, ".csv": _csv, ".ndjson": _lines, ".jsonl": _lines}
    if path.suffix not in readers:
        raise BadInput(f"{path}: must end in one of {', '.join(READS)}")
    first, done = 1, 0.0
    try:
        for part, share in readers[path.suffix](path, pack, rows):
            yield Chunk(first, part, share - done)
            first, done = first + len(part), share
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as {path.suffix[1:]} from row {first} on") from error


def cases_of(chunk: Chunk, pack: Pack, locale: str) -> list[Given | Rejected]:
    """The cases of a chunk, and the rows that are none.

    Args:
        locale: of cases that name none.
    """
    if isinstance(chunk.rows, list):
        return [read_line(chunk.first + place, line, locale) for place, line in enumerate(chunk.rows)]
    columns = {name: _values(chunk.rows.column(name), pack.feature.get(name)) for name in chunk.rows.schema.names}
    names = [name for name in columns if name in pack.feature]
    facts = zip(*(columns[name] for name in names), strict=True)
    envelope = [[one if one is not None else default for one in columns[name]] if name in columns else None
                for name, default in zip(ENVELOPE, ("", "", locale), strict=True)]  # fmt: skip
    found: list[Given | Rejected] = []
    for place, values in enumerate(facts):
        said = {name: str(column[place]) for name, column in zip(ENVELOPE, envelope, strict=True) if column is not None}
        found.append(Given(chunk.first + place, dict(zip(names, values, strict=True)), **{"locale": locale, **said}))
    return found


class Answers(AbstractContextManager["Answers"]):
    """Files that answers go to: one for decided cases, and beside it one for those that were not."""

    def __init__(self, out: Path, rejects: Path, schema: pa.Schema) -> None:
        if out.suffix not in WRITES:
            raise BadInput(f"{out}: must end in one of {', '.join(WRITES)}")
        try:
            self._out = pq.ParquetWriter(out, schema) if out.suffix == ".parquet" else out.open("wb")
            self._rejects = rejects.open("wb")
        except OSError as error:
            raise BadInput(f"{error.filename}: cannot be written: {error.strerror}") from error

    def write(self, answers: pa.RecordBatch, rejected: Sequence[Rejected]) -> None:
        """Append a batch of answers, in order."""
        if isinstance(self._out, pq.ParquetWriter):
            self._out.write_batch(answers)
        else:
            self._out.write(b"".join(_json(row) for row in answers.to_pylist()))
        self._rejects.write(b"".join(_json({"row": one.row, "mistakes": one.mistakes}) for one in rejected))

    def __exit__(self, *_: object) -> None:
        self._out.close()
        self._rejects.close()


def answer_schema(pack: Pack, language: str, *, recorded: bool) -> pa.Schema:
    """The columns of answers; `id` only where something was recorded."""
    fields = [("row", pa.int64()), *([("id", pa.string())] if recorded else []), ("outcome", pa.string())]
    fields += [("score", pa.float64()), ("margin", pa.float64()), ("decisive", pa.string())]
    fields += [(f"phi_{name}", pa.float64()) for name in pack.feature]
    return pa.schema([*fields, ("reasons", pa.list_(pa.string())), (f"text_{language}", pa.list_(pa.string()))])


def answers_of(
    outcomes: Sequence[Outcome], release: Any, language: str, *, recorded: bool
) -> tuple[pa.RecordBatch, list[Rejected]]:
    """Outcomes as columns, and those that are none."""
    told = [as_line(one, release, language) for one in outcomes if not isinstance(one, Rejected)]
    schema = answer_schema(release.pack, language, recorded=recorded)
    columns = [pa.array([line[name] for line in told], field.type) for name, field in zip(schema.names, schema, strict=True)]
    return pa.record_batch(columns, schema=schema), [one for one in outcomes if isinstance(one, Rejected)]


# Reading ------------------------------------------------------------------------------------------


def _parquet(path: Path, pack: Pack, rows: int) -> Iterator[tuple[pa.RecordBatch, float]]:
    with pq.ParquetFile(path) as file:
        _check_columns(path, file.schema_arrow.names, pack)
        total, done = max(1, file.metadata.num_rows), 0
        for batch in file.iter_batches(rows):
            done += len(batch)
            yield batch, done / total


def _csv(path: Path, pack: Pack, rows: int) -> Iterator[tuple[pa.RecordBatch, float]]:
    """Every column as text: what a value means is the pack's to say, not the first rows'."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file), [])
    _check_columns(path, columns, pack)
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True, null_values=[""])
    total, done = max(1, path.stat().st_size), 0
    with pyarrow.csv.open_csv(path, convert_options=texts) as reader:
        for block in reader:
            done += block.nbytes
            for at in range(0, len(block), rows):
                yield block.slice(at, rows), min(1.0, done / total)


def _lines(path: Path, _pack: Pack, rows: int) -> Iterator[tuple[list[bytes], float]]:
    total, done, batch = max(1, path.stat().st_size), 0, []
    with path.open("rb") as file:
        for line in file:
            done += len(line)
            batch.append(line)
            if len(batch) == rows:
                yield batch, done / total
                batch = []
    if batch:
        yield batch, 1.0


def _check_columns(path: Path, names: Sequence[str], pack: Pack) -> None:
    known = {*pack.feature, *ENVELOPE}
    mistakes = [f"{name}: no such fact" for name in names if name not in known]
    mistakes += [f"{name}: stands twice" for name in dict.fromkeys(names) if list(names).count(name) > 1]
    mistakes += [f"{one.name}: is required" for one in pack.features if one.missing is None and one.name not in names]
    if mistakes:
        raise BadInput(f"{path}: " + "; ".join(mistakes))


def _values(column: pa.Array, feature: Feature | None) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if feature is None or feature.type == "category":
        return values
    if pa.types.is_string(column.type):
        return [None if one is None else _from_text(one, feature.type) for one in values]
    return [None if one != one else one for one in values] if pa.types.is_floating(column.type) else values


def _from_text(text: str, kind: str) -> Any:
    """A number or truth value written as text; what is neither stays text, and is refused by name later."""
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
