"""The desktop: a made-up contact centre's page that embeds the why panel, built as an integrator would.

It is another company's program on another origin.  It knows its own customers and cases,
keeps an agent's API key on its server's side, and asks for one token for each panel.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from explainer.views.showing import page

HOST = "127.0.0.1"
LANGUAGE = "en"  # of the desktop, and of its panels until somebody wants another
Start = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One case that somebody on the phone may ask about."""

    decision: str  # id
    case: str
    customer: str
    name: str
    subject: str
    outcome: str
    languages: tuple[tuple[str, str], ...]  # in which its panel can be read: (code, its own name)


@dataclass(frozen=True, slots=True)
class Desktop:
    """The page as a WSGI app."""

    origin: str
    service: str  # address of explainer
    key: str = field(repr=False)  # of an agent; never leaves this process but for the service
    calls: Sequence[Call]

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/desktop.css":
            return _answer(start, (files("explainer.views") / "static" / "desktop.css").read_text("utf-8"), "text/css")
        if environ["PATH_INFO"] != "/" or environ["REQUEST_METHOD"] != "GET":
            return _answer(start, "not found", "text/plain", status="404 Not Found")
        wanted = parse_qs(environ["QUERY_STRING"])
        chosen = next((one for one in self.calls if [one.case] == wanted.get("case")), None)
        token = self.token_for(chosen) if chosen else None
        spoken = next((code for code, _ in (chosen.languages if chosen else ()) if [code] == wanted.get("lang")), LANGUAGE)
        said = page("desktop.html", calls=self.calls, chosen=chosen, token=token, spoken=spoken, service=self.service)
        return _answer(start, said, "text/html", self.service)

    def token_for(self, call: Call) -> str | None:
        """A token for one panel on this page; None when the service does not answer."""
        asked = urllib.request.Request(  # noqa: S310 -- our own service
            f"{self.service}/v1/decisions/{call.decision}/panel-tokens",
            json.dumps({"origin": self.origin}).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
                return str(json.load(answer)["token"])
        except URLError:
            return None


class Threads(ThreadingMixIn, WSGIServer):
    """A server whose requests do not wait for each other, nor the end of the process for them."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Logs nothing: addresses hold case numbers."""

    def log_message(self, *_: object) -> None:
        """Keep still."""


@contextmanager
def open_desk(port: int) -> Iterator[Threads]:
    """A place for the desktop, on this port or else on any free one; who comes now waits until it has an app."""
    try:
        server = make_server(HOST, port, _nobody_yet, Threads, Quiet)
    except OSError:
        server = make_server(HOST, 0, _nobody_yet, Threads, Quiet)
    with server:
        yield server


def serve_desktop(server: Threads, app: Desktop) -> None:
    """Serve beside this thread until the process ends."""
    server.set_app(app)
    Thread(target=server.serve_forever, name="desktop", daemon=True).start()


def origin_of(server: Threads) -> str:
    """The origin of pages from there."""
    return f"http://{HOST}:{server.server_port}"


def _nobody_yet(_: dict[str, Any], start: Start) -> Iterable[bytes]:
    return _answer(start, "not yet", "text/plain", status="503 Service Unavailable")


def _answer(start: Start, said: str, kind: str, service: str = "'none'", *, status: str = "200 OK") -> list[bytes]:
    """What an integrator's own policy needs: scripts and frames from the service."""
    policy = f"default-src 'none'; style-src 'self'; script-src {service}; frame-src {service}; img-src data:; base-uri 'none'"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": policy, "Cache-Control": "no-store"}
    start(status, [*headers.items(), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")])
    return [said.encode()]
