"""Axe: what axe-core finds wrong with a page, by WCAG 2.2 AA, in light and in dark, in every frame of it.

axe-core comes with the test package axe-playwright-python and is only run, never shipped.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
BY_COLOUR = ("color-contrast", "link-in-text-block")  # the rules among them that a page in other colours may break anew


@cache
def source() -> str:
    """The script."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Each violation as rule and place; the page's context must bypass its content policy, or the script does not run."""
    for frame in page.frames:
        frame.evaluate(source())
    found = []
    for scheme, chosen in (("dark", {"type": "rule", "values": BY_COLOUR}), ("light", {"type": "tag", "values": TAGS})):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # or colours are still on their way
        said = page.evaluate("chosen => axe.run(document, { runOnly: chosen, resultTypes: ['violations'] })", chosen)
        found += [
            f"{scheme}: {one['id']}: {node['target']} {node['html'][:120]}" for one in said["violations"] for node in one["nodes"]
        ]
    return found
