"""Axe: what axe-core finds wrong with a page, by WCAG 2.2 AA, in every frame of it.

axe-core comes with the test package axe-playwright-python and is only run, never shipped.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@cache
def source() -> str:
    """The script."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Each violation as rule and place; the page's context must bypass its content policy, or the script does not run."""
    for frame in page.frames:
        frame.evaluate(source())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", list(RULES))
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]
