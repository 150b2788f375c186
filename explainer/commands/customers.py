"""Customers by command: everything held about one, a legal hold, an erasure, and the end of what was kept long enough."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from explainer.commands.typed import services, user
from explainer.errors import BadInput

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group()
def customers() -> None:
    """Export, hold and erase what is kept about customers."""


@customers.command("export")
@click.argument("customer", metavar="REF")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="json", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this new file, which only its owner can read."
)
def export(customer: str, form: str, out: Path | None) -> None:
    """Give out everything held about a customer: decisions in words and data, letters, consent, views and holds."""
    from explainer.service.inspect import COMMAND, Recipient
    from explainer.service.privacy.telling import export as tell

    opened = services()
    if out is None:
        click.echo(tell(customer, form, Recipient(COMMAND, user()), opened))
        return
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(tell(customer, form, Recipient(COMMAND, user()), opened))
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}") from error


@customers.command("erase")
@click.argument("customer", metavar="REF")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@as_json
def erase(customer: str, yes: bool, as_json: bool) -> None:
    """Erase a customer for good: nothing about them can be read any more, and every proof still holds."""
    from explainer.service.privacy.erasing import erase as forget

    if not yes:
        click.confirm("This cannot be undone. Erase this customer?", abort=True, err=True)
    done = forget(customer, user(), services())
    if as_json:
        said = {"erasure": done.erasure.entry, "entries": done.erasure.entries, "opted_out": done.opted_out}
        click.echo(json.dumps(said))
        return
    click.echo(f"{done.erasure.entries:,} entries were erased" if done.erasure.entry else "nothing is held about this customer")
    if done.opted_out:
        click.echo("they had opted out of automated decisions; that is forgotten too, so a new case would be decided by software")


@customers.command("hold")
@click.argument("customer", metavar="REF")
@click.option("--reason", required=True, help="Why; kept under the customer's own key.")
@click.option("--release", is_flag=True, help="End the hold instead.")
@as_json
def hold(customer: str, reason: str, release: bool, as_json: bool) -> None:
    """Keep a customer's data from erasure and expiry, for a legal reason, until it is released."""
    from explainer.service.privacy.holding import hold as keep
    from explainer.service.privacy.holding import release_hold

    (release_hold if release else keep)(customer, reason, user(), services())
    state = "released" if release else "held"
    click.echo(json.dumps({"state": state}) if as_json else f"the data of this customer is {state}")


@customers.command("expire")
@click.option("--dry-run", is_flag=True, help="Only say how much it would be.")
@as_json
def expire(dry_run: bool, as_json: bool) -> None:
    """Erase the years that were kept as long as their pack, or EXPLAINER_RETENTION_MONTHS, says; holds and opt-outs stay."""
    from explainer.service.privacy.erasing import expire as end
    from explainer.service.privacy.erasing import over

    opened = services()
    keys = over(opened)
    done = None if dry_run else end(user(), opened)
    if as_json:
        click.echo(json.dumps({"keys": len(keys), "erasure": done and done.entry, "entries": done and done.entries}))
        return
    click.echo(f"{len(keys):,} keys are due" if done is None else f"{len(keys):,} keys destroyed, {done.entries:,} entries erased")
