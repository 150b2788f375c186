"""The demo: from nothing to a decided case in a browser, by the same commands a user would type.

Everything heavy runs here; the server is a process of its own, because LightGBM does not
survive a fork.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import click
from babel import Locale
from rich.console import Console
from rich.progress import track

from explainer.desktop import LANGUAGE, Call, Desktop, open_desk, origin_of, serve_desktop
from explainer.errors import Unavailable, UnknownPack
from explainer.ledger.index import Found
from explainer.oversight.consent import ALLOWED, OPTED_OUT
from explainer.service import access, inspect
from explainer.service.decide import DECISION, Case, decide
from explainer.service.doors.links import links_to
from explainer.service.oversee import permission_of, set_preference
from explainer.service.releases import publish, sample_facts, train_candidate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.views.showing import own_name
from explainer.web.server import check_port

PACKS = {"refund_approval": 2, "priority_scoring": 1}  # pack → share of the seeded cases
ROLES = ("integrator", "agent", "supervisor", "auditor", "privacy_officer")
WAIT_SECONDS = 60
OPTED_OUT_EVERY, FIRST_OPTED_OUT = 50, 7  # so that a small demo has one too

# Of the customers in the demo's desktop; the service itself never learns a name.
NAMES = (
    "Aoife Brennan", "Tomás Herrera", "Priya Nair", "Jonas Keller", "Camille Laurent", "Marek Novak", "Ines Duarte",
    "Samuel Osei", "Hana Sato", "Owen Walsh", "Lucía Prieto", "Fatima Haddad", "Erik Lindqvist", "Grace Doyle",
)  # fmt: skip

# What the demo prints links to: label, pack, outcome, what was decisive (None: anything).
SHOWN: tuple[tuple[str, str, str, str | None], ...] = (
    ("A refund that the score declined", "refund_approval", "decline", "score"),
    ("A refund that a rule approved", "refund_approval", "approve", "rule"),
    ("A refund between the thresholds, sent to a person", "refund_approval", "refer", "band"),
    ("A refund of a customer who opted out of software deciding", "refund_approval", "refer", "permission"),
    ("A case of the highest priority, P1", "priority_scoring", "P1", None),
)


def run_demo(settings: Settings, cases: int, *, serve: bool) -> None:
    """Prepare the demo and serve it until it is interrupted.

    Raises:
        Unavailable: the port is taken, or the server did not come up.
    """
    if serve:
        check_port(settings)
    services = open_services(settings)
    for pack in PACKS:
        _release(pack, services)
    for pack, share in PACKS.items():
        _seed(pack, round(cases * share / sum(PACKS.values())), services)
    links = _links(services)
    if not serve:
        services.close()
        click.echo(links)
        return
    with open_desk(settings.port + 1) as desk:
        origin = origin_of(desk)
        key = access.create_key("demo desktop", ("agent",), 7, services)
        serve_desktop(desk, Desktop(origin, _base(settings), key, _calls(services)))
        services.close()
        _serve(
            settings,
            origin,
            f"{links}\nThe panel inside a contact centre's desktop, on an origin of its own:\n  desktop         {origin}/\n"
            f"  origin          {origin}   (what a request for a panel's token names)\n",
        )


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
        if index % OPTED_OUT_EVERY == FIRST_OPTED_OUT and permission_of(customer, services).automation == ALLOWED:
            set_preference(customer, OPTED_OUT, "demo", services)
        case = Case(pack, customer, f"{pack[0].upper()}-{2026_0000 + index}", languages[index % len(languages)], facts)
        decide(case, f"demo/{services.active_digest(pack)}/{index}", services)
    click.echo(f"{pack}: {len(found)} cases decided", err=True)


def _links(services: Services) -> str:
    """Where to look first: one decision of each kind, the documentation, fresh keys."""
    base = _base(services.settings)
    lines = ["", "Open in a browser:"]
    for label, pack, outcome, decisive in SHOWN:
        found = _newest(services, pack, outcome, decisive)
        if found is not None:
            release = services.registry.open(found.release or "")
            link = links_to(found.id, release, base, services)
            case = inspect.find(found.id, services).record.case
            lines += [f"  {label}", f"    panel              {link['panel']}&lang=en"]
            shown = release.pack.languages if label == SHOWN[0][0] else ("en",)
            lines += [f"    letter in {_in_english(one):<8} {link['letter']}&lang={one}" for one in shown]
            lines += [f"    case number        {case}   (the letter's door asks for it)"]
    lines += ["  All doors", f"    start page         {base}/", f"    API documentation  {base}/docs"]
    lines += [f"    model card         {base}/cards/{pack}" for pack in PACKS]
    lines += ["", "API keys, valid for 7 days; those printed before stay valid until their own end:"]
    lines += [f"  {role:<15} {access.create_key('demo', (role,), 7, services)}" for role in ROLES]
    return "\n".join([*lines, ""])


def _in_english(language: str) -> str:
    return str(Locale.parse(language, sep="-").get_display_name("en"))


def _base(settings: Settings) -> str:
    return settings.base_url or f"http://{settings.host}:{settings.port}"


def _calls(services: Services) -> list[Call]:
    """What the desktop's agent sees: one decision of each kind, then the newest, with names that the desktop's company made up."""
    shown = filter(None, (_newest(services, pack, outcome, decisive) for _, pack, outcome, decisive in SHOWN))
    newest = (one for pack in PACKS for one in services.ledger.search(kind=DECISION, pack=pack, limit=len(NAMES))[0])
    calls = []
    for name, decision in zip(NAMES, dict.fromkeys(one.id for one in (*shown, *newest)), strict=False):
        found = inspect.find(decision, services)
        say, record = found.release.vocabulary.speak(LANGUAGE).say, found.record
        outcome = say(f"outcome-{record.explained.decision.outcome}")
        languages = tuple((one, own_name(one)) for one in found.release.pack.languages)
        calls.append(Call(decision, record.case, record.customer, name, say("pack-name"), outcome, languages))
    return calls


def _newest(services: Services, pack: str, outcome: str, decisive: str | None) -> Found | None:
    """The newest decision that ended like this, for this cause; None when there is none."""
    after: str | None = None
    while True:
        found, after = services.ledger.search(kind=DECISION, pack=pack, outcome=outcome, limit=200, after=after)
        fitting = [one for one in found if decisive in {None, one.decisive}]
        if fitting or after is None:
            return next(iter(fitting), None)


def _serve(settings: Settings, origin: str, links: str) -> None:
    """Run the server beside this process until either is stopped; pages of one more origin may embed its panels."""
    origins = ",".join((*settings.desktops, origin))
    server = subprocess.Popen(
        [sys.executable, "-m", "explainer.cli", "serve"], env=os.environ | {"EXPLAINER_PANEL_ORIGINS": origins}
    )
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
