"""The envelope: what every door checks before a case goes further, be it HTTP or the command line.

A customer's reference stands in an address (`/v1/customers/<reference>/preferences`), so
it holds only what every client and server puts there and reads back alike: whoever can
be decided about can also opt out.  A case number is printed in a letter and read aloud,
so it holds nothing that is invisible or turns the line around.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from explainer.errors import BadCase

LONGEST = 128  # characters of a reference or a case number

# Printable ASCII without / \ ? # % inside, without blanks at the ends; . and .. are steps of an address.
_INNER = r"[\x20-\x22\x24\x26-\x2e\x30-\x3e\x40-\x5b\x5d-\x7e]"
_OUTER = _INNER.replace(r"\x20-\x22", r"\x21\x22")
# Documented too, so it means the same in Python and in JavaScript: ^…$, and no line break after it.
CUSTOMER_PATTERN = rf"^(?!\.\.?$){_OUTER}({_INNER}{{0,{LONGEST - 2}}}{_OUTER})?$(?!\n)"
CUSTOMER_RULE = (
    f"must be 1 to {LONGEST} printable ASCII characters, no blank at either end, "
    "none of / \\ ? # %, and not just one or two dots: it stands in addresses"
)
CASE_RULE = f"must be 1 to {LONGEST} characters that can be seen, letters of any script among them, and no blank at either end"


def customer_mistake(reference: str) -> str | None:
    """What is wrong with a customer's reference, in words; None: nothing.

    >>> customer_mistake("C-1"), customer_mistake("A/1") is None
    (None, False)
    """
    return None if re.search(CUSTOMER_PATTERN, reference) else CUSTOMER_RULE


def case_mistake(number: str) -> str | None:
    """What is wrong with a case number, in words; None: nothing.

    Unicode says which characters can be seen: controls, bidirectional and zero-width
    marks, line separators and lone surrogates cannot.

    >>> case_mistake("Ä-7 🧳"), case_mistake("7\\u202e1") is None
    (None, False)
    """
    fits = 1 <= len(number) <= LONGEST and number.isprintable() and number == number.strip()
    return None if fits else CASE_RULE


CHECKS = {"customer": customer_mistake, "case": case_mistake}


def check_references(**said: str) -> None:
    """Refuse a `customer` reference or a `case` number that cannot be used.

    Raises:
        BadCase: naming each of them.

    >>> check_references(customer="C-1", case="R-1")
    """
    mistakes = {name: why for name, value in said.items() if (why := CHECKS[name](value))}
    if mistakes:
        raise BadCase(mistakes)


class Unreadable(ValueError):
    """Text that is not JSON, or is JSON that different readers read in different ways."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        self.mistakes = dict(mistakes)  # place → why; the whole text is the place ""
        super().__init__("; ".join(f"{place} {why}".strip() for place, why in self.mistakes.items()))


def read_strictly(data: bytes) -> Any:
    """JSON, read the one way in which everybody reads it.

    Raises:
        Unreadable: not JSON, or every name twice in one object, NaN and Infinity, with its place.
    """
    try:
        said = json.loads(data, object_pairs_hook=_Object, parse_constant=_Constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable({"": "must be JSON"}) from error
    mistakes = _misread(said)
    if mistakes:
        raise Unreadable(mistakes)
    return said


class _Object(dict[str, Any]):
    """An object that remembers which of its names stood twice: other readers would choose otherwise."""

    __slots__ = ("twice",)  # a body of a megabyte may hold a third of a million of them

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs) if len(self) < len(pairs) else {}
        self.twice = tuple([name for name, count in times.items() if count > 1])


class _Constant(float):
    """NaN or Infinity, which JSON does not know."""


def _misread(said: Any) -> dict[str, str]:
    """Place → why, for whatever different readers of JSON would read in different ways."""
    mistakes: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [("", said)]
    while waiting:  # no recursion: a body may be nested as deep as it likes
        path, value = waiting.pop()
        if isinstance(value, _Object):
            mistakes |= {f"{path}.{name}".lstrip("."): "stands twice in one object" for name in value.twice}
            waiting += [(f"{path}.{name}".lstrip("."), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}.{index}".lstrip("."), inner) for index, inner in enumerate(value)]
        elif isinstance(value, _Constant):
            mistakes[path] = "must be a number; NaN and Infinity are not JSON"
    return mistakes
