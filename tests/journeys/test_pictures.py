"""Pictures: `make pictures` takes the three of the README from a demo of its own."""

from __future__ import annotations

import pytest
from PIL import Image

from tests import pictures


@pytest.mark.browser
@pytest.mark.slow
def test_they_are_taken_from_the_pages_of_a_demo(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "pictures"
    folder.mkdir()
    monkeypatch.setattr(pictures, "FOLDER", folder)
    pictures.main()
    taken = {one.stem: Image.open(one) for one in folder.iterdir()}
    assert taken.keys() == {"desktop", "panel", "letter"}
    assert all(one.width > 1000 and len(one.getcolors()) > 10 for one in taken.values())
    assert capsys.readouterr().out.count("shown in README.md:") == 3
