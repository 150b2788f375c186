"""PDF: a letter as a tagged document (PDF/UA-1, PDF/A-3a), the same bytes on every machine.

The only door to typst.  Fonts are those inside it, the time is the day of the decision,
and all words are data: nothing a customer or a pack says can become code of the page.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any

from explainer.errors import Unprintable
from explainer.views.letter import Footer, Letter
from explainer.views.letter_parts import Section
from explainer.views.showing import pieces

STANDARDS = ["a-3a", "ua-1"]
FONTS = ["Libertinus Serif", "DejaVu Sans Mono"]  # Latin, Greek, Cyrillic, Hebrew; what is missing there, such as Arabic
UNDRAWN = "\N{REPLACEMENT CHARACTER}"  # stands for a character that no font of ours can draw

_of_this_thread = threading.local()  # a compiler keeps what it read between letters and belongs to one thread


def as_pdf(letter: Letter, footer: Footer) -> bytes:
    """The letter as PDF.

    A case number may hold anything; characters of it that cannot be drawn are shown as such.

    Raises:
        Unprintable: the words of the release are in letters that no font here has.
    """
    from typst import TypstError

    refusal = None
    for clean in (str, _drawn, _latin):
        try:
            return _typeset(_cleaned(letter, clean), footer)
        except TypstError as error:
            refusal = error  # what it says may quote the case, so it stands behind our own words
    raise Unprintable(f"no font here has the letters of {letter.language}; ask for the page or the text") from refusal


def _typeset(letter: Letter, footer: Footer) -> bytes:
    said = {
        **asdict(letter),
        "first": [_section(one, letter) for one in letter.first],
        "details": [_section(one, letter) for one in letter.details],
        "code_title": footer.title,
        "code_text": _runs(footer.text, {footer.seal: footer.seal} if footer.seal else {}),
        "code": footer.code,
    }
    return _compile(_template(), datetime.combine(letter.day, time.min, UTC), said)


def _section(section: Section, letter: Letter) -> dict[str, Any]:
    """A section whose paragraphs are pieces of text and links."""
    both = {"paragraphs": section.paragraphs, "below": section.below}
    return asdict(section) | {part: [_runs(one, letter.links) for one in texts] for part, texts in both.items()}


def _runs(text: str, marked: Mapping[str, str]) -> list[dict[str, str | None]]:
    return [{"text": run, "to": to} for run, to in pieces(text, marked)]


def _compile(source: bytes, at: datetime, said: dict[str, Any]) -> bytes:
    from typst import Compiler

    if not hasattr(_of_this_thread, "compiler"):
        _of_this_thread.compiler = Compiler(ignore_system_fonts=True)
    made = _of_this_thread.compiler.compile(
        source,
        format="pdf",
        sys_inputs={"letter": json.dumps(said | {"fonts": FONTS}, default=str)},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


@lru_cache(1)
def _template() -> bytes:
    return files("explainer.views").joinpath("templates", "letter.typ").read_bytes()


def _cleaned(letter: Letter, clean: Callable[[str], str]) -> Letter:
    return replace(letter, facts=tuple((name, clean(value)) for name, value in letter.facts))


def _drawn(text: str) -> str:
    return "".join(one if _is_common(one) or _can_be_drawn(one) else UNDRAWN for one in text)


def _latin(text: str) -> str:
    """Without any mark that a font has but cannot join to the letter before it."""
    return "".join(one if _is_common(one) else UNDRAWN for one in text)


def _is_common(character: str) -> bool:
    return character <= "\u017f" and character.isprintable()


@lru_cache(4096)
def _can_be_drawn(character: str) -> bool:
    from typst import TypstError

    alone = b'#let it = json(bytes(sys.inputs.letter))\n#set document(title: "-")\n#set text(font: it.fonts)\n#it.character'
    try:
        _compile(alone, datetime(2000, 1, 1, tzinfo=UTC), {"character": character})
    except TypstError:
        return False
    return True
