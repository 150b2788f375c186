"""A real browser and a real address for tests: started here, gone afterwards.

    with serving(app) as address, open_browser() as browser:
        browser.new_page().goto(address)

The browser is the machine's own Chromium without a window, with a fresh profile and without
its background traffic: it speaks to the pages of the test and to nobody else.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

import pytest
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from playwright.sync_api import Browser

HOST = "127.0.0.1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def do_without(reason: str) -> NoReturn:
    """Skip what needs a browser; in CI (any value of the variable) fail instead, because there it must run."""
    if os.environ.get("CI"):
        pytest.fail(f"no browser: {reason}", pytrace=False)
    pytest.skip(f"no browser: {reason}")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium, or do without it where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        do_without(f"none of {', '.join(NAMES)} is on PATH")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        do_without("playwright is not installed")
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as home, sync_playwright() as playwright:
        sandbox = os.geteuid() != 0  # Chromium refuses to be root inside its sandbox
        try:
            # launch() makes the profile afresh; HOME is for whatever Chromium keeps beside it.
            browser = playwright.chromium.launch(
                executable_path=found, args=QUIET, chromium_sandbox=sandbox, env={**os.environ, "HOME": home}
            )
        except Error as error:
            do_without(f"{found} does not start: {error.message.splitlines()[0]}")
        with browser:
            yield browser


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(app: WSGIApplication) -> Iterator[str]:
    """Serve an app on a free port of this machine; gives its address, without a slash at the end."""
    server = make_server(HOST, 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, name="serving", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
