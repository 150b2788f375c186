"""YAML with a line number for every value, so that a mistake can be pointed at.

A file is parsed by `read_yaml` and its parts are loaded through schemas by `load`; what
does not fit is noted with its line, and one mistake never hides another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError
from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Path = tuple[str | int, ...]


class Lines:
    """Where each value of one file stands, and the mistakes found in it so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[str] = []
        self._lines: dict[Path, int] = {(): 1}

    def stands(self, path: Path, line: int) -> None:
        """Note that the value at `path` starts on `line` (from 1)."""
        self._lines[path] = line

    def mistake(self, path: Path, why: str) -> None:
        """Add one mistake at a path; a missing value is pointed at through its parent."""
        name = ".".join(str(part) for part in path)
        self.mistakes.append(f"{self.where(path)}: {name + ': ' if name else ''}{why}")

    def where(self, path: Path) -> str:
        """`file:line` of the value at a path, or of its nearest parent."""
        while path not in self._lines:
            path = path[:-1]
        return f"{self.file}:{self._lines[path]}"

    def mistakes_of(self, errors: Mapping[Any, Any], path: Path = ()) -> None:
        """Add marshmallow's nested messages, each at its own line."""
        for key, found in errors.items():
            here = path if key == "_schema" else (*path, key)
            if isinstance(found, Mapping):
                self.mistakes_of(found, here)
            else:
                for why in found:
                    self.mistake(here, str(why))


def read_yaml(text: str, file: str) -> tuple[Any, Lines]:
    """Parse YAML 1.2 (`on` and `no` are words); every duplicate key is a mistake.

    Returns:
        The value (None when the text is not YAML at all) and its lines.
    """
    lines = Lines(file)
    reader = YAML(typ="safe", pure=True)
    try:
        root = reader.compose(text)
        return (_value(root, (), lines, reader.constructor) if root is not None else None), lines
    except YAMLError as error:
        line = error.problem_mark.line + 1 if isinstance(error, MarkedYAMLError) and error.problem_mark else 1
        lines.stands((), line)
        lines.mistake((), f"not YAML: {getattr(error, 'problem', None) or error}")
        return None, lines
    except RecursionError:  # an alias inside its own anchor
        lines.mistake((), "not YAML: nested without end")
        return None, lines


def _value(node: nodes.Node, path: Path, lines: Lines, constructor: Any) -> Any:
    lines.stands(path, node.start_mark.line + 1)
    if isinstance(node, nodes.MappingNode):
        return _mapping(node, path, lines, constructor)
    if isinstance(node, nodes.SequenceNode):
        return [_value(one, (*path, index), lines, constructor) for index, one in enumerate(node.value)]
    try:
        return constructor.construct_object(node)
    except ValueError:  # looks like a day or a number and is none, such as 2026-02-30: the schema says so where it stands
        return node.value


def _mapping(node: nodes.MappingNode, path: Path, lines: Lines, constructor: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = constructor.construct_object(key_node)
        if not isinstance(key, str):
            lines.stands((*path, str(key)), key_node.start_mark.line + 1)
            lines.mistake((*path, str(key)), "a name must be text; put it in quotes")
            key = str(key)
        if key in found:
            lines.stands((*path, key), key_node.start_mark.line + 1)
            lines.mistake((*path, key), "named twice")
        found[key] = _value(value_node, (*path, key), lines, constructor)
        lines.stands((*path, key), key_node.start_mark.line + 1)
    return found


# Loading ----------------------------------------------------------------------------------------


def load(schema: Schema, raw: Any, lines: Lines, path: Path = ()) -> dict[str, Any] | None:
    """Load through a schema; None, with every mistake noted, when it does not fit."""
    before = len(lines.mistakes)
    loaded = load_some(schema, raw, lines, path)
    return loaded if len(lines.mistakes) == before else None


def load_some(schema: Schema, raw: Any, lines: Lines, path: Path = ()) -> dict[str, Any]:
    """Load what fits a schema and note what does not, so that one mistake never hides another."""
    if not isinstance(raw, dict):
        lines.mistake(path, "must be a mapping of names to values")
        return {}
    try:
        loaded: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        lines.mistakes_of(messages, path)
        wrong = {name for name, one in schema.fields.items() if (one.data_key or name) in messages}
        fits = error.valid_data if isinstance(error.valid_data, dict) else {}
        return {key: value for key, value in fits.items() if key not in wrong}
    return loaded


def known(name: Any, known: Sequence[str], lines: Lines, path: Path, *, what: str) -> None:
    """Note a name that is not among those that are known."""
    if name not in known:
        lines.mistake(path, f"no such {what}: {name}")


def day(value: Any, lines: Lines, path: Path) -> Any:
    """A day as YAML reads it; None, with the mistake noted, for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    lines.mistake(path, "must be a day such as 2026-05-04")
    return None
