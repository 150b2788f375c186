"""Answers: what became of the cases of a file, to Parquet or NDJSON; whole under its own name, or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from explainer.errors import BadInput, Unavailable
from explainer.packs.definition import Pack
from explainer.service.bulk import Outcome, Rejected, columns_of

RECEIPT = ("leaf_hash", "seal_by", "note")  # of a decision that was recorded, as its single reply has it
WRITES = (".parquet", ".ndjson", ".jsonl")
GROUP = 16_000  # rows of a row group of Parquet: its footer, kept in memory, grows by 40 kB with each


class Answers(AbstractContextManager["Answers"]):
    """Files that answers go to: one for decided cases, and beside it one for those that were not.

    Both bear the ending `.part` until the last answer stands in them: a file of its own name is whole.
    When something fails they go.
    """

    def __init__(self, out: Path, rejects: Path, schema: pa.Schema) -> None:
        """Open both.

        Raises:
            BadInput: a name of another kind, a folder of that name, or no right to write there.
        """
        if out.suffix not in WRITES:
            raise BadInput(f"{out}: must end in one of {', '.join(WRITES)}")
        self._places = (out, rejects)
        if folders := [f"{place}: is a folder" for place in self._places if place.is_dir()]:
            raise BadInput("; ".join(folders))
        try:
            decided, self._rejects = _opened(out), _opened(rejects)
        except OSError as error:
            raise BadInput(f"{out} or {rejects}: cannot be written: {error.strerror or 'is there such a folder?'}") from error
        self._out = _Parquet(decided, schema) if out.suffix == ".parquet" else _Lines(decided)

    def write(self, answers: pa.RecordBatch, rejected: Sequence[Rejected]) -> None:
        """Append a batch of answers, in order.

        Raises:
            Unavailable: there is no room.
        """
        with self._room():
            self._out.write(answers)
            self._rejects.write(b"".join(_json({"row": one.row, "mistakes": one.mistakes}) for one in rejected))

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                with self._room():
                    self._close()
                    for place in self._places:
                        part_of(place).replace(place)
        finally:
            with suppress(OSError):  # there is no room for the rest of what nobody needs
                self._close()
            for place in self._places:
                part_of(place).unlink(missing_ok=True)

    def _close(self) -> None:
        with closing(self._rejects):
            self._out.close()

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                f"{' or '.join(map(str, self._places))}: cannot be written to its end: {error.strerror or error}; then run "
                "the same command again: what was recorded is remembered, and is not decided twice"
            ) from error


class _Parquet:
    """Answers as Parquet, gathered into row groups."""

    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._file, self._gathered, self._rows = file, list[pa.RecordBatch](), 0
        self._writer = pq.ParquetWriter(file, schema, use_dictionary=_repeated(schema))

    def write(self, answers: pa.RecordBatch) -> None:
        """Append a batch."""
        self._gathered.append(answers)
        self._rows += len(answers)
        if self._rows >= GROUP:
            self._write_group()

    def close(self) -> None:
        """Write what is left, and the footer."""
        with closing(self._file), closing(self._writer):
            if self._rows:
                self._write_group()

    def _write_group(self) -> None:
        together, self._gathered, self._rows = pa.Table.from_batches(self._gathered), [], 0
        self._writer.write_table(together)


class _Lines:
    """Answers as NDJSON."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.close = file, file.close

    def write(self, answers: pa.RecordBatch) -> None:
        """Append a batch."""
        self._file.write(b"".join(_json(row) for row in answers.to_pylist()))


def _repeated(schema: pa.Schema) -> list[str]:
    """Columns that say the same words again and again; numbers hardly ever repeat."""
    texts = [one.name for one in schema if pa.types.is_string(one.type) and one.name != "id"]
    return texts + [f"{one.name}.list.element" for one in schema if pa.types.is_list(one.type)]


def part_of(place: Path) -> Path:
    """Where a file stands until it is whole."""
    return place.with_name(f"{place.name}.part")


def _opened(place: Path) -> IO[bytes]:
    """A new file: what stood there, a link among it, is not written through."""
    part_of(place).unlink(missing_ok=True)
    return part_of(place).open("xb")


def answer_schema(pack: Pack, language: str, *, recorded: bool, recourse: bool = False) -> pa.Schema:
    """The columns of answers; `id` and `receipt` only where something was recorded, `recourse_…` only where it was asked for."""
    kept = [("id", pa.string()), ("receipt", pa.struct([(name, pa.string()) for name in RECEIPT]))] if recorded else []
    fields = [("row", pa.int64()), *kept, ("outcome", pa.string())]
    fields += [("score", pa.float64()), ("margin", pa.float64()), ("decisive", pa.string())]
    fields += [(f"phi_{name}", pa.float64()) for name in pack.feature]
    words = ["reasons", f"text_{language}", *([f"recourse_{language}"] if recourse else [])]
    return pa.schema([*fields, *((name, pa.list_(pa.string())) for name in words)])


def answers_of(
    outcomes: Sequence[Outcome], release: Any, language: str, *, recorded: bool, recourse: bool = False
) -> tuple[pa.RecordBatch, list[Rejected]]:
    """Outcomes as columns, and those that are none."""
    told = columns_of([one for one in outcomes if not isinstance(one, Rejected)], release, language, recourse=recourse)
    schema = answer_schema(release.pack, language, recorded=recorded, recourse=recourse)
    columns = [pa.array(told[field.name], field.type) for field in schema]
    return pa.record_batch(columns, schema=schema), [one for one in outcomes if isinstance(one, Rejected)]


def _json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
