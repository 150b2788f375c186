"""The model card: what people say about a model and what was measured, on one HTML page.

The measured half comes from the held-out cases, the human half from the pack's CARD.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from explainer.packs.definition import Pack

_pages = Environment(loader=PackageLoader("explainer.training"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def write_card(pack: Pack, human_half: str, metrics: Mapping[str, Any], *, versions: Mapping[str, str], reference_rows: int) -> str:
    """Write the card of one candidate as a page of its own.

    Args:
        human_half: Markdown; raw HTML in it is shown as text.
    """
    prose = Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(human_half))  # noqa: S704 -- html is off
    return _pages.get_template("card.html").render(
        pack=pack, prose=prose, metrics=metrics, versions=versions, reference_rows=reference_rows
    )
