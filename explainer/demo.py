"""The demo: from nothing to a decided case in a browser, by the same commands a user would type.

Everything heavy runs here; the server is a process of its own, because LightGBM does not
survive a fork.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import click
from rich.console import Console
from rich.progress import track

from explainer.errors import Unavailable, UnknownPack
from explainer.oversight.consent import ALLOWED, OPTED_OUT
from explainer.service import access
from explainer.service.decide import DECISION, Case, decide
from explainer.service.oversee import permission_of, set_preference
from explainer.service.releases import publish, sample_facts, train_candidate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings

PACKS = {"refund_approval": 2, "priority_scoring": 1}  # pack → share of the seeded cases
ROLES = ("integrator", "agent", "auditor")
WAIT_SECONDS = 60
OPTED_OUT_EVERY = 50


def run_demo(settings: Settings, cases: int, *, serve: bool) -> None:
    """Prepare the demo and serve it until it is interrupted.

    Raises:
        Unavailable: the port is taken, or the server did not come up.
    """
    if serve:
        _check_port(settings)
    services = open_services(settings)
    for pack in PACKS:
        _release(pack, services)
    for pack, share in PACKS.items():
        _seed(pack, round(cases * share / sum(PACKS.values())), services)
    links = _links(services)
    services.close()
    if serve:
        _serve(settings, links)
    else:
        click.echo(links)


def _release(pack: str, services: Services) -> None:
    try:
        digest = services.active_digest(pack)
        click.echo(f"{pack}: release {digest[:12]} is in use (train and release again after editing the pack)", err=True)
    except UnknownPack:
        click.echo(f"{pack}: training", err=True)
        train_candidate(pack, services.settings, None, lambda _done, _total: None)
        release = publish(pack, services, by="demo")
        click.echo(f"{pack}: release {release.digest[:12]}, AUC {release.metrics['auc']:.3f}", err=True)


def _seed(pack: str, cases: int, services: Services) -> None:
    """Decide sampled cases; a second run finds them decided already and adds none."""
    found = list(enumerate(sample_facts(pack, services.settings, None, cases)))
    languages = services.serving(pack).release.pack.languages
    for index, facts in track(
        found, description=f"{pack}: deciding {len(found)} cases", console=Console(stderr=True), transient=True
    ):
        customer = f"demo-{pack}-{index:04d}"
        if index % OPTED_OUT_EVERY == OPTED_OUT_EVERY - 1 and permission_of(customer, services).automation == ALLOWED:
            set_preference(customer, OPTED_OUT, "demo", services)
        case = Case(pack, customer, f"{pack[0].upper()}-{2026_0000 + index}", languages[index % len(languages)], facts)
        decide(case, f"demo/{services.active_digest(pack)}/{index}", services)
    click.echo(f"{pack}: {len(found)} cases decided", err=True)


def _links(services: Services) -> str:
    """Where to look first: a panel, a letter in each language, the documentation, fresh keys."""
    base = services.settings.base_url or f"http://{services.settings.host}:{services.settings.port}"
    lines = ["", "Open in a browser:"]
    for pack, outcome in (("refund_approval", "decline"), ("refund_approval", "approve"), ("priority_scoring", "P1")):
        found, _ = services.ledger.search(kind=DECISION, pack=pack, outcome=outcome, limit=1)
        for one in found:
            link = {view: f"{base}/{view}/{one.id}?t={access.sign_link(view, one.id, services)}" for view in ("panel", "letter")}
            lines += [f"  {pack}, {outcome}", f"    panel              {link['panel']}"]
            lines += [f"    letter in English  {link['letter']}&lang=en", f"    letter in Spanish  {link['letter']}&lang=es"]
    lines += [f"  API documentation    {base}/docs", "", "API keys, valid for 7 days:"]
    for old in access.list_keys(services):
        if old.name == "demo" and old.revoked_at is None:
            access.revoke_key(old.id, services)
    lines += [f"  {role:<12} {access.create_key('demo', (role,), 7, services)}" for role in ROLES]
    return "\n".join([*lines, ""])


def _serve(settings: Settings, links: str) -> None:
    """Run the server beside this process until either is stopped."""
    server = subprocess.Popen([sys.executable, "-m", "explainer.cli", "serve"])
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        _wait_until_ready(server, f"http://{settings.host}:{settings.port}/readyz")
        click.echo(links)
        click.echo("Ctrl-C stops the demo.", err=True)
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_ready(server: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Unavailable(f"the server stopped with exit code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 -- our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise Unavailable(f"the server was not ready within {WAIT_SECONDS} seconds")


def _check_port(settings: Settings) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(f"port {settings.port} is in use; choose another with EXPLAINER_PORT") from error
