"""Letters by command: one to a file or the terminal, those about many decisions into a folder; and links that are taken back."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from explainer.commands.typed import services, user, write_privately
from explainer.errors import BadInput

OWN = "own"  # instead of a language: each case's own

forms = click.Choice(["text", "html", "pdf"])
days = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"])


@click.command()
@click.argument("decision_id", metavar="ID")
@click.option("--lang", help="Language; the case's own when left out.")
@click.option("--format", "form", type=forms, default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of stdout.")
def letter(decision_id: str, lang: str | None, form: str, out: Path | None) -> None:
    """Write the customer's letter about one decision."""
    from explainer.service.inspect import COMMAND, Recipient, Wanted, find, send_letter

    if form == "pdf" and out is None and sys.stdout.isatty():
        raise BadInput("a terminal cannot show a PDF: name a file, --out FILE")
    opened = services()
    found = find(decision_id, opened)
    sent = send_letter(found, Wanted(form, lang or found.record.locale), Recipient(COMMAND, user()), opened)
    if out is None:
        click.echo(sent, nl=False)
    else:
        write_privately(out, sent)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="OUTDIR")
@click.option("--since", type=days, required=True, help="Decisions of this day and later; UTC unless a time zone is given.")
@click.option("--until", type=days, help="Decisions before this day; all when left out.")
@click.option("--pack", help="Decisions of this pack only.")
@click.option("--locale", default=OWN, show_default=True, help="Language; own: each case's own.")
@click.option("--format", "form", type=forms, default="pdf", show_default=True)
def letters(*, folder: Path, since: datetime, until: datetime | None, pack: str | None, locale: str, form: str) -> None:
    """Write the letters about many decisions into a folder; run again, it writes what is missing."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.mailing import MANIFEST, Mailing, write_letters

    language = None if locale == OWN else locale
    mailing = Mailing(folder, form, language, user(), _moment(since), until and _moment(until), pack)
    opened = services()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("writing letters", total=None)
        count = write_letters(mailing, opened, lambda done, total: progress.update(task, completed=done, total=total))
    click.echo(f"{count.written:,} written, {count.there:,} already there, {count.refused:,} refused ({folder / MANIFEST})")
    if count.refused:
        raise SystemExit(1)


@click.group()
def links() -> None:
    """Take back signed links to a decision's pages."""


@links.command("revoke")
@click.argument("decision_id", metavar="ID")
@click.option("--view", type=click.Choice(["panel", "letter"]), help="Only links to this page; to both when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def links_revoke(decision_id: str, view: str | None, as_json: bool) -> None:
    """Let no link open a decision's panel or letter that is out by now; links that are signed later do."""
    from explainer.service.doors.revoking import VIEWS, revoke_links
    from explainer.service.inspect import find

    opened = services()
    found, views = find(decision_id, opened), (view,) if view else VIEWS
    revoke_links(found.record, found.release, user(), opened, views=views)
    click.echo(
        json.dumps({"id": decision_id, "views": views}) if as_json else f"no link to its {' or '.join(views)} opens any more"
    )


def _moment(day: datetime) -> datetime:
    return day if day.tzinfo else day.replace(tzinfo=UTC)
