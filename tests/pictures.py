"""Pictures: the README's, taken from the real pages of a demo that is started here and gone afterwards.

    python -m tests.pictures        (or: make pictures)

Light, twice as sharp as a screen, with as few colours as the pages need.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Any

import click
from PIL import Image

from tests.browser import open_browser
from tests.journeys.conftest import Process, running
from tests.support import ROOT

FOLDER = ROOT / "notebooks" / "pictures"
COLOURS = 128
UP_SECONDS = 600


def main() -> None:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        running(Path(folder) / "home", "demo") as demo,
        open_browser() as browser,
    ):
        demo.wait_until(lambda: "desktop " in demo.out.read_text(), UP_SECONDS)
        page = browser.new_page(viewport={"width": 1360, "height": 960}, device_scale_factor=2, color_scheme="light")
        page.goto(_link(demo, "desktop"))
        page.get_by_role("link", name="Not approved").first.click()
        page.frame_locator("why-panel iframe").get_by_role("heading", level=1).wait_for()
        page.wait_for_function("document.querySelector('iframe').getBoundingClientRect().height > 700")
        _keep(page.screenshot(), "desktop")
        for name, width in (("panel", 960), ("letter", 760)):
            page.set_viewport_size({"width": width, "height": 1000})
            _through_the_door(page, _link(demo, name), _link(demo, "case number"))
            _keep(page.screenshot(), name)


def _link(demo: Process, what: str) -> str:
    """The first link of that kind that the demo printed."""
    found = re.search(rf" {what} +(?:in English +)?(\S+)", demo.out.read_text())
    assert found, f"the demo printed no link to a {what}"
    return found[1]


def _through_the_door(page: Any, link: str, case: str) -> None:
    page.goto(link)
    for box in page.get_by_role("textbox").all():  # a letter's door asks for its case number
        box.fill(case)
    page.get_by_role("button").click()
    page.get_by_role("heading", level=1).wait_for()


def _keep(picture: bytes, name: str) -> None:
    few = (
        Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    place = FOLDER / f"{name}.png"
    few.save(place, optimize=True)
    click.echo(f"wrote {FOLDER.name}/{place.name} ({place.stat().st_size // 1024} kB), shown in {shown_in(name)}")


def shown_in(name: str) -> str:
    """The line of the README that shows a picture, as editors and terminals take it: `README.md:9`."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    return f"README.md:{next(number for number, line in enumerate(lines, 1) if f'{FOLDER.name}/{name}.png' in line)}"


if __name__ == "__main__":
    main()
