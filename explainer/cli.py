"""The command line: `explainer`, for operators and for whoever wants to look.

Results go to stdout, progress and errors to stderr.  Exit codes: 0 done, 1 refused or
failed (one line each says why), 2 the command was not understood.
"""

from __future__ import annotations

import atexit
import gc
import json
import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from explainer.commands.audit import dossier, replay
from explainer.commands.customers import customers
from explainer.commands.ledger import ledger
from explainer.commands.letters import letter, letters, links
from explainer.commands.packs import activate, check, compile_now, packs, release, train
from explainer.commands.typed import lines, services, user
from explainer.commands.vault import vault
from explainer.errors import BadInput, ExplainerError
from explainer.settings import read_settings


class Lines(click.Group):
    """A group whose refusals are one line each on stderr, and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except ExplainerError as error:
            for line in lines(error):
                click.echo(f"explainer: {line}", err=True)
            raise SystemExit(1) from error


@click.group(cls=Lines)
@click.version_option(package_name="explainer")
def main() -> None:
    """Automated customer decisions, each explained, recorded and open to contest."""
    atexit.register(gc.freeze)  # or Python looks for circles in all that was loaded before it lets go: a fifth of a second


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


# Deciding and looking


@main.command()
@click.argument("pack")
@click.argument("facts", type=click.File("rb"), metavar="FACTS.json")
@click.option("--customer", default="command-line", show_default=True, help="Reference of the customer.")
@click.option("--case", "case_number", help="Case number; a new one when left out.")
@click.option("--lang", default="en", show_default=True, help="Language of the reasons.")
@as_json
def decide(*, pack: str, facts: Any, customer: str, case_number: str | None, lang: str, as_json: bool) -> None:
    """Decide one case from a file of facts (- for stdin), explain it and remember it."""
    from explainer.service import decide as deciding

    opened = services()
    key = opened.new_id()
    number = f"CLI-{key[-12:]}" if case_number is None else case_number
    case = deciding.Case(pack, customer, number, lang, _read_facts(facts.read()))
    _print_decision(deciding.decide(case, key, opened).record.id, opened, lang, as_json)


def _read_facts(data: bytes) -> dict[str, Any]:
    """The facts in a file, read as strictly as a request's body."""
    from explainer.envelope import Unreadable, read_strictly

    try:
        said = read_strictly(data)
    except Unreadable as error:
        raise BadInput(f"the file of facts: {error}") from error
    if not isinstance(said, dict):
        raise BadInput("the file of facts must hold one object, feature name to value")
    return said


@main.command()
@click.argument("pack")
@click.argument("source", type=click.Path(path_type=Path), metavar="IN")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--lang", default="en", show_default=True, help="Language of the sentences, and of cases that name none.")
@click.option(
    "--rejects", type=click.Path(path_type=Path), help="Where rows go that cannot be decided; OUT.rejects.ndjson when left out."
)
@click.option("--dry-run", is_flag=True, help="Record nothing and give no ids; on every core.")
@click.option("--recourse", is_flag=True, help="Tell what would have changed each outcome; a dry run takes longer for it.")
def bulk(*, pack: str, source: Path, out: Path, lang: str, rejects: Path | None, dry_run: bool, recourse: bool) -> None:
    """Decide a file of cases (Parquet, CSV, NDJSON) into a file of answers (Parquet, NDJSON)."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.bulkfile import Job, decide_file

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing half done stays
    job = Job(pack, lang, not dry_run, source, out, rejects or out.with_name(f"{out.name}.rejects.ndjson"), recourse)
    opened = services()
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:  # no thread: see processes.py
        task = progress.add_task(f"deciding {source.name}", total=1.0)
        count = decide_file(job, opened, lambda share: progress.update(task, advance=share, refresh=True))
    click.echo(f"{count.decided:,} decided, {count.rejected:,} rejected ({job.rejects})")


@main.command()
@click.argument("decision_id", metavar="ID")
@click.option("--lang", help="Language; the case's own when left out.")
@as_json
def show(decision_id: str, lang: str | None, as_json: bool) -> None:
    """Show one decision: outcome, what decided it, reasons for and against."""
    _print_decision(decision_id, services(), lang, as_json)


def _print_decision(decision_id: str, opened: Any, lang: str | None, as_json: bool) -> None:
    from explainer.service import inspect
    from explainer.service.doors.links import links_to
    from explainer.views.disclosure import reply
    from explainer.views.panel import as_text

    found = inspect.find(decision_id, opened)
    language = lang or found.record.locale
    if as_json:
        base = opened.settings.base_url or f"http://{opened.settings.host}:{opened.settings.port}"
        signed = links_to(decision_id, found.release, base, opened)
        told = reply(found.record, language, frozenset({"integrator"}), signed) | {
            "receipt": inspect.signed_receipt(found.receipt, opened)
        }
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    to = inspect.Recipient(inspect.COMMAND, user())
    click.echo(f"{as_text(inspect.show_panel(found, language, '', to, services=opened))}\n\n{decision_id}")
    for one in inspect.views_of(found, opened):
        click.echo(f"{one['at']:%Y-%m-%d %H:%M} UTC: {one['view']} ({one['form']}, {one['locale']}), {one['channel']}: {one['by']}")


_about_cases = (replay, dossier, letter, letters, links)
for _command in (packs, train, check, compile_now, release, activate, customers, ledger, vault, *_about_cases):
    main.add_command(_command)


# Keys, serving, demo


_ROLES = "integrator, agent, supervisor, auditor, operator or privacy_officer"


@main.group()
def keys() -> None:
    """Make, list and revoke API keys."""


@keys.command("create")
@click.option("--name", required=True, help="Whom the key is for.")
@click.option("--role", "roles", multiple=True, required=True, help=f"What it may do: {_ROLES}; can be given more than once.")
@click.option("--days", type=click.IntRange(min=1), help="When it expires; never when left out.")
@as_json
def keys_create(name: str, roles: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Make a key and print it, once."""
    from explainer.service.access import create_key

    key = create_key(name, roles, days, services(new=True))
    click.echo(json.dumps({"key": key}) if as_json else key)


@keys.command("list")
@as_json
def keys_list(as_json: bool) -> None:
    """List all keys, without their secrets."""
    from explainer.service.access import list_keys

    found = list_keys(services())
    if as_json:
        shown = [
            {"id": one.id, "name": one.name, "roles": one.roles, "created_at": one.created_at.isoformat()}
            | {what: at and at.isoformat() for what, at in (("expires_at", one.expires_at), ("revoked_at", one.revoked_at))}
            for one in found
        ]
        click.echo(json.dumps(shown, indent=1))
        return
    for one in found:
        state = "revoked" if one.revoked_at else f"until {one.expires_at:%Y-%m-%d}" if one.expires_at else "in use"
        click.echo(f"{one.id}  {state:<16}  {','.join(one.roles):<24}  {one.name}")


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@as_json
def keys_revoke(key_id: str, as_json: bool) -> None:
    """Let a key open nothing any more."""
    from explainer.service.access import revoke_key

    revoke_key(key_id, services())
    click.echo(json.dumps({"revoked": key_id}) if as_json else f"{key_id} is revoked")


@main.command("rebuild-index")
@as_json
def rebuild_index(as_json: bool) -> None:
    """Derive the search index again from the sealed entries."""
    from explainer.service.inspect import rebuild_index as rebuild

    count = rebuild(services())
    click.echo(json.dumps({"indexed": count}) if as_json else f"{count:,} entries are indexed")


@main.command()
def serve() -> None:
    """Serve the API and the pages."""
    from explainer.service.privacy.renewing import overdue
    from explainer.web.server import Server, check_port

    settings = read_settings()
    check_port(settings)
    with closing(services(new=True)) as opened:  # what stands in the way is said now, in one line, and not by a worker
        opened.ledger.forget_destroyed()
        opened.ledger.check_index()
        for one in opened.needless_rights():
            click.echo(f"explainer: the database's role may {one}, and need not; see: explainer ledger grants", err=True)
        if days := overdue(opened):
            click.echo(
                f"explainer: the master key is {days} days old and opens every backup since; run: explainer vault rotate",
                err=True,
            )
    address = settings.base_url or f"http://{settings.host}:{settings.port}"
    Server(settings, lambda: click.echo(f"explainer answers on {address}", err=True)).run()


@main.command()
@click.option("--cases", type=click.IntRange(min=1), default=300, show_default=True, help="How many cases to seed.")
@click.option("--no-serve", is_flag=True, help="Prepare everything, print the links, and stop.")
def demo(cases: int, no_serve: bool) -> None:
    """Train and release the shipped packs, seed cases, serve them and print where to look."""
    from explainer.demo import run_demo

    run_demo(read_settings(), cases, serve=not no_serve)


if __name__ == "__main__":
    sys.exit(main())
