"""The vault by command: another master key for everything in it."""

from __future__ import annotations

import json

import click

from explainer.commands.typed import services, user


@click.group()
def vault() -> None:
    """Look after the keys that open what is held about customers."""


@vault.command("rotate")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def rotate(as_json: bool) -> None:
    """Change the master key; killed half-way and run again, it goes on. Old backups die with the old key."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.service.privacy.renewing import rotate as change

    opened = services()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("wrapping keys anew", total=None)
        count = change(user(), opened, lambda done: progress.update(task, completed=done))
    if as_json:
        click.echo(json.dumps({"keys": count}))
        return
    click.echo(f"{count:,} keys are under the new master key")
    settings = opened.settings
    if settings.master_key:
        click.echo("next: set EXPLAINER_MASTER_KEY to the new key, remove EXPLAINER_MASTER_KEY_NEXT, start every process again")
    else:
        click.echo(
            f"next: keep a copy of {settings.master_key_path}; remove {settings.master_key_path}.before when backups may die"
        )
