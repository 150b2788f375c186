"""Hostile: texts that would break out of what does not escape them, and the structure of a page that they must not change.

A page is parsed and compared with the same page about something harmless: its elements,
their attributes, what these hold where that is no text, and where they lead.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import html

KNOWN = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "\u202eevil\u2067", "{{ 7 * 7 }}", "{% raw %}",
    "</svg><script>", "]]>", "<!--", "-->", "</title><h1>", "javascript:alert(1)", "&lt;b&gt;", "&#60;b&#62;", "<svg/onload=x>",
    "</text><image href=x>", "<a href='x'>", "\x00<b>", "<b\n>", "%3Cscript%3E", "url(#x)", "${x}", "</main>", "<base href=//x>",
)  # fmt: skip
PIECES = (
    "<", ">", '"', "'", "&", "/", "=", " ", "\n", "`", "<b>", "</p>", "</li>", "<!--", "-->", "&amp", "&lt;", "{{", "}}", "{%",
    "%}", "<script", "<style>", "onerror=", "href=", "é", "\u202e", "\u2028", "\x0b", "<![CDATA[", "]]>", "</template>",
    "<plaintext>", "\\",
)  # fmt: skip
HARMLESS, TEXTS = "R-4711", 500
CODE = frozenset({"class", "id", "role", "type", "name", "rel", "method", "scope", "style"})  # what a text must never reach
ADDRESSES = frozenset({"href", "src", "action"})


def hostile_texts(count: int) -> Iterator[str]:
    """Texts that would break out of a page that does not escape: known ways in, and random mixtures of what they are made of."""
    yield from KNOWN
    rng = random.Random(4)
    for _ in range(count - len(KNOWN)):
        yield "".join(rng.choices(PIECES, k=rng.randint(1, 12)))


@lru_cache(8)  # a page that shows nothing of a text is parsed once
def structure(page: str) -> list[tuple[Any, ...]]:
    """Each element of a page, in order: how many it holds, and its attributes, without what is text or a query.

    First how often each mark stands there of which tags are made: a parser forgives some that a text could bring in.
    """
    elements = html.document_fromstring(page.encode("utf-8", "replace")).iter()
    found = [(str(one.tag), len(one), *((name, _kept(name, value)) for name, value in sorted(one.items()))) for one in elements]
    return [tuple(map(page.count, '<>"')), *found]


def _kept(name: str, value: str) -> str:
    return value if name in CODE else value.partition("?")[0] if name in ADDRESSES else ""
