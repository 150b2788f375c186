"""Auditing by command: replay decisions, write a case's dossier, take a sealed pack away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from explainer.commands.typed import services, user, write_privately
from explainer.errors import BadInput

days = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"])
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--since", type=days, help="All decisions of this day and later; UTC unless a time zone is given.")
@click.option("--all", "everything", is_flag=True, help="All decisions.")
@click.option("--full", is_flag=True, help="A second opinion on attributions, recourse, words and letters too; always for an ID.")
@click.option("--lightgbm", is_flag=True, help="Ask LightGBM for margins too; with --full or an ID, shap about models of numbers.")
@as_json
def replay(*, ids: tuple[str, ...], since: datetime | None, everything: bool, full: bool, lightgbm: bool, as_json: bool) -> None:
    """Decide again what was decided, compare everything, and remember how it ended."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.service.auditing.bulkreplay import replay_all
    from explainer.service.auditing.replaying import Asked, replay_some

    if sum(map(bool, (ids, since, everything))) != 1:
        raise BadInput("say which decisions: ids, or --since, or --all")
    moment = since and (since if since.tzinfo else since.replace(tzinfo=UTC))
    asked = Asked(user(), ids, moment, full or bool(ids), lightgbm)
    opened = services()
    if ids:
        result = replay_some(asked, opened)
    else:
        with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:  # no thread: see processes.py
            task = progress.add_task("replaying", total=None)
            tell = partial(progress.update, task, refresh=True)
            result = replay_all(asked, opened, lambda done, total: tell(completed=done, total=total))
    _print(result, asked.left_out, as_json)
    if result.differs:
        raise SystemExit(1)


@click.command()
@click.argument("decision_id", metavar="ID")
@click.option("--lang", help="Language of what was said about the case; the case's own when left out.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
def dossier(decision_id: str, lang: str | None, out: Path) -> None:
    """Write everything about one case into one HTML file; that it was written is remembered."""
    from explainer.service.auditing.casefile import show_dossier
    from explainer.service.inspect import COMMAND, Recipient, find

    opened = services()
    found = find(decision_id, opened)
    shown = show_dossier(found, lang or found.record.locale, Recipient(COMMAND, user()), opened, alone=True)
    write_privately(out, shown.encode())


def _print(result: Any, left_out: Sequence[str], as_json: bool) -> None:
    counts = [(*one[:3], one.by, count) for one, count in sorted(result.counts.items())]
    if as_json:
        unequal = [{"decision": decision, **one._asdict()} for decision, one in result.unequal]
        names = ("level", "part", "end", "by", "count")
        said = {
            "decisions": result.decisions,
            "findings": [dict(zip(names, one, strict=True)) for one in counts],
            "unequal": unequal,
            "not_asked": left_out,
        }
        click.echo(json.dumps(said, indent=1))
        return
    click.echo(f"{result.decisions:,} replayed")
    for level, part, end, by, count in counts:
        click.echo(f"{level}  {part:<24} {by:<9} {end:<10} {count:,}")
    for decision, one in result.unequal:
        click.echo(f"{decision}  {one.level} {one.part} ({one.by}): {one.end}{', ' + one.why if one.why else ''}")
    if left_out:
        click.echo(f"not asked: {'; '.join(left_out)}; --full asks")
