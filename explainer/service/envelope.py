"""The envelope: what every door checks before a case goes further, be it HTTP or the command line.

A customer's reference stands in an address (`/v1/customers/<reference>/preferences`), so
it holds only what every client and server puts there and reads back alike: whoever can
be decided about can also opt out.  A case number is printed in a letter and read aloud,
so it holds nothing that is invisible or turns the line around.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

LONGEST = 128  # characters of a reference or a case number

# Printable ASCII without / \ ? # % inside, without blanks at the ends; . and .. are steps of an address.
_INNER = r"[\x20-\x22\x24\x26-\x2e\x30-\x3e\x40-\x5b\x5d-\x7e]"
_OUTER = _INNER.replace(r"\x20-\x22", r"\x21\x22")
# Documented too, so it means the same in Python and in JavaScript: ^…$, and no line break after it.
CUSTOMER_PATTERN = rf"^(?!\.\.?$){_OUTER}({_INNER}{{0,{LONGEST - 2}}}{_OUTER})?$(?!\n)"
CUSTOMER_RULE = (
    f"1 to {LONGEST} printable ASCII characters, no blank at either end, "
    "none of / \\ ? # %, and not just one or two dots: it stands in addresses"
)
CASE_RULE = f"1 to {LONGEST} characters that can be seen, letters of any script among them, and no blank at either end"


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


class Unreadable(ValueError):
    """Text that is not JSON, or is JSON that different readers read in different ways."""


def read_strictly(data: bytes) -> Any:
    """JSON, read the one way in which everybody reads it.

    Raises:
        Unreadable: not JSON, a name twice in one object, NaN or Infinity.
    """
    try:
        return json.loads(data, object_pairs_hook=_once, parse_constant=_refuse)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("is not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("a name stands twice in one object")
    return found


def _refuse(_constant: str) -> NoReturn:
    raise Unreadable("NaN and Infinity are not JSON")
