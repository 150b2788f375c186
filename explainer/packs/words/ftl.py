"""Phrase files: what .ftl text says, by key, and every way in which it can be said.

Files lie over one another: a pack's over the shared words, a region's over those of its language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from fluent.syntax import FluentParser, ast

from explainer.errors import Unspeakable

Entry = ast.Message | ast.Term  # what a phrase file says, beside its comments


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a message: the choices it makes among plurals, and what then stands there."""

    parts: tuple[str, ...]  # text, variable, text, …, text
    given: tuple[tuple[str, str], ...] = ()  # variable → the number it must be for this way

    def __add__(self, other: Way) -> Way:
        joined = (*self.parts[:-1], self.parts[-1] + other.parts[0], *other.parts[1:])
        return Way(joined, self.given + other.given)


def laid_over(layers: Iterable[str]) -> list[Entry]:
    """The entries of phrase files; what a later file says again stands in place of the earlier, attribute by attribute.

    >>> (box,) = laid_over(["box = A box\\n    .lid = Its top\\n    .key = A key\\n", "box =\\n    .lid = Its lid\\n"])
    >>> [(key, pattern.elements[0].value) for key, pattern, _ in sayings(box)]
    [('box', 'A box'), ('box.lid', 'Its lid'), ('box.key', 'A key')]
    """
    entries: dict[str, Entry] = {}
    for entry in (one for text in layers for one in _parsed(text) if isinstance(one, Entry)):
        name = _entry_name(entry)
        entries[name] = _over(entries[name], entry) if name in entries else entry
    return list(entries.values())


def _over(under: Entry, entry: Entry) -> Entry:
    merged = copy(entry)  # what was parsed is remembered, and stays as it is
    merged.attributes = list({one.id.name: one for one in (*under.attributes, *entry.attributes)}.values())
    if under.value is not None and entry.value is None:
        merged.value = under.value
    return merged


@lru_cache(64)
def _parsed(text: str) -> tuple[ast.EntryType, ...]:
    """The entries of one file; reading it takes tens of milliseconds, and several ask."""
    return tuple(FluentParser().parse(text).body)


class Written:
    """What one .ftl file says: messages with their lines and variables; a region's file stands over that of its language."""

    def __init__(self, text: str, file: str, under: Written | None = None) -> None:
        self.file, self.text = file, text
        self.line: dict[str, int] = {}  # of this file alone; all else holds what it stands over too
        self.next_line: dict[str, int] = {}  # where something may stand after it
        self.source: dict[str, str] = {}  # as written, on one line, for whoever translates it
        self.texts: dict[str, tuple[str, ...]] = dict(under.texts if under else {})  # between the values, each alone
        self.variables: dict[str, set[str]] = dict(under.variables if under else {})
        self.references: dict[str, set[str]] = dict(under.references if under else {})
        self.words: dict[str, str] = dict(under.words if under else {})  # without values, on one line, in lower case
        self.mistakes: list[str] = []
        for entry in _parsed(text):
            if isinstance(entry, ast.Junk):
                why = entry.annotations[0].message if entry.annotations else "cannot be read"
                self.mistakes.append(f"{file}:{self._line(entry)}: {why}")
            elif isinstance(entry, Entry):
                for key, pattern, node in sayings(entry):
                    self._say(key, pattern, self._line(node))

    def _say(self, key: str, pattern: ast.Pattern, line: int) -> None:
        if key in self.line:
            self.mistakes.append(f"{self.file}:{line}: {key}: said twice")
        self.line[key] = line
        found = list(_inside(pattern))
        self._place(key, pattern, found)
        self.variables[key] = _variables(found)
        written = "".join(one.value for one in found if isinstance(one, ast.TextElement))
        self.words[key] = " ".join(written.casefold().split())
        self.references[key] = {_name(one) for one in found if isinstance(one, ast.MessageReference | ast.TermReference)}

    def _place(self, key: str, pattern: ast.Pattern, found: Sequence[ast.SyntaxNode]) -> None:
        start, end = (pattern.span.start, pattern.span.end) if pattern.span else (0, 0)
        self.next_line[key] = self.text.count("\n", 0, end) + 2
        self.source[key] = " ".join(self.text[start:end].split())
        said = (getattr(one, "expression", one) for one in found if isinstance(one, ast.TextElement | ast.Placeable))
        self.texts[key] = tuple(one.value for one in said if isinstance(one, ast.TextElement | ast.Literal))

    @property
    def language(self) -> str:
        """Which language the file is of, by its name."""
        return self.file.rpartition("/")[2].removesuffix(".ftl")

    def _line(self, node: ast.SyntaxNode) -> int:
        return self.text.count("\n", 0, node.span.start if node.span else 0) + 1


def written_in(language: str, files: Mapping[str, str], shared: Mapping[str, str]) -> tuple[Written, Written]:
    """What a pack and the shared words say in a language, or in a region over its language."""
    own = frame = None
    for one in dict.fromkeys((language.split("-")[0], language)):
        own = _written(files.get(f"phrases/{one}.ftl", ""), f"phrases/{one}.ftl", own)
        frame = _written(shared.get(one, ""), f"models/phrases/{one}.ftl", frame)
    assert own is not None
    assert frame is not None
    return own, frame


@lru_cache(64)
def _written(text: str, file: str, under: Written | None) -> Written:
    """One file as it was read before: each check of a pack asks for the same few."""
    return Written(text, file, under)


def missing(key: str, own: Written, first: Written) -> str:
    """That a file lacks a message: the words to translate, and the line below what stands before it in the first language."""
    before = list(first.line)[: list(first.line).index(key)] if key in first.line else []
    above = next((own.next_line[one] for one in reversed(before) if one in own.next_line), own.text.count("\n") + 1)
    words = f": “{first.source[key]}”" if key in first.source else ""
    return f"{own.file}:{above}: {key}: missing{words}"


def plain_text(pattern: ast.Pattern) -> str | None:
    """A pattern of text and variables alone as one for `%`, so that Fluent is not needed to say it; None: there is more in it."""
    plain = ""
    for one in pattern.elements:
        if isinstance(one, ast.TextElement):
            plain += one.value.replace("%", "%%")
        elif isinstance(one.expression, ast.VariableReference):
            plain += f"%({one.expression.id.name})s"
        else:
            return None
    return plain


def sayings(entry: Entry) -> Iterator[tuple[str, ast.Pattern, ast.SyntaxNode]]:
    """What an entry says: its own value and its attributes', each under its key."""
    name = _entry_name(entry)
    if entry.value is not None:
        yield name, entry.value, entry
    yield from ((f"{name}.{one.id.name}", one.value, one) for one in entry.attributes)


def _entry_name(entry: Entry) -> str:
    return ("-" if isinstance(entry, ast.Term) else "") + entry.id.name


def variables_of(pattern: ast.Pattern) -> set[str]:
    """The variables that a pattern names, in any of its variants."""
    return _variables(_inside(pattern))


def _variables(nodes: Iterable[ast.SyntaxNode]) -> set[str]:
    return {one.id.name for one in nodes if isinstance(one, ast.VariableReference)}


def _name(node: ast.MessageReference | ast.TermReference) -> str:
    attribute = f".{node.attribute.name}" if node.attribute else ""
    return ("-" if isinstance(node, ast.TermReference) else "") + node.id.name + attribute


def _inside(node: ast.SyntaxNode) -> Iterator[ast.SyntaxNode]:
    """Every node below a pattern."""
    yield node
    for value in vars(node).values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.SyntaxNode):
                yield from _inside(child)


def ways(pattern: ast.Pattern, others: Mapping[str, ast.Pattern]) -> list[Way]:
    """Every way to say a pattern; what it refers to is said in all of its own ways."""
    found = [Way(("",))]
    for element in pattern.elements:
        found = [one + more for one in found for more in _ways_of(element, others)]
    return found


def _ways_of(element: ast.TextElement | ast.Placeable, others: Mapping[str, ast.Pattern]) -> list[Way]:
    inner = element if isinstance(element, ast.TextElement) else element.expression
    if isinstance(inner, ast.TextElement | ast.StringLiteral | ast.NumberLiteral):
        return [Way((inner.value,))]
    if isinstance(inner, ast.VariableReference):
        return [Way(("", inner.id.name, ""))]
    if isinstance(inner, ast.MessageReference | ast.TermReference):
        return ways(others[_name(inner)], others)
    if isinstance(inner, ast.SelectExpression):
        return [way for variant in inner.variants for way in _chosen(inner.selector, variant, others)]
    raise Unspeakable(f"a phrase that cannot be heard: {type(inner).__name__}")


def _chosen(selector: ast.SyntaxNode, variant: ast.Variant, others: Mapping[str, ast.Pattern]) -> list[Way]:
    """The ways of one variant; where it stands for one number alone, that number need not be said."""
    found = ways(variant.value, others)
    if isinstance(selector, ast.VariableReference) and isinstance(variant.key, ast.NumberLiteral):
        return [Way(one.parts, (*one.given, (selector.id.name, variant.key.value))) for one in found]
    return found
