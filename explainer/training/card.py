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


def figures(pack: Pack, metrics: Mapping[str, Any]) -> str:
    """The measured half in a few lines, for a terminal."""
    lines = [
        f"held out {metrics['cases']:,} cases: AUC {metrics['auc']:.3f}, Brier {metrics['brier']:.3f}, rate {metrics['rate']:.3f}"
    ]
    for outcome in dict.fromkeys(band.outcome for band in pack.bands):
        one = metrics["outcomes"][outcome]
        rate = "–" if one["rate"] is None else f"{one['rate']:.3f} ({one['interval'][0]:.3f}–{one['interval'][1]:.3f})"
        lines.append(f"  {outcome:<10} {one['share']:6.1%} of cases, true rate {rate}")
    return "\n".join(lines)
