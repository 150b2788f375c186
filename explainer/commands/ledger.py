"""The ledger by command: seal it, verify it, name its key, and witness another's."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import click

from explainer.commands.typed import services, user
from explainer.errors import BadInput, ExplainerError

if TYPE_CHECKING:
    from explainer.ledger.tree.verifying import Report


@click.group()
def ledger() -> None:
    """Seal, verify, witness and export the ledger."""


@ledger.command()
@click.option("--watch", is_flag=True, help="Go on sealing, a round a second, until interrupted.")
@click.option(
    "--new-epoch", is_flag=True, help="First open a new epoch, although a witness has seen another tree; it is said in an entry."
)
def seal(watch: bool, new_epoch: bool) -> None:
    """Give every entry its place in the tree, sign the root and hand it to the witnesses."""
    import threading

    from explainer.ledger.tree.worker import keep_sealing

    opened = services(new=True)
    sealer = opened.sealer()
    if new_epoch:
        sealer.open_epoch(sealer.epoch())
    if watch:
        keep_sealing(sealer, threading.Event(), _say)
        return
    done = sealer.seal()
    while not done.complete:
        done = sealer.seal()
    _say(done)
    if done.checkpoint is None:
        click.echo("there is nothing to seal")
    else:
        click.echo(opened.proofs().newest().note, nl=False)
    if done.tampered or done.silent:
        raise SystemExit(1)


def _say(said: object) -> None:
    """What a round did, or why it could not, on stderr."""
    from explainer.ledger.tree.sealing import Round

    if isinstance(said, Round):
        for one in said.tampered:
            click.echo(f"explainer: entry {one} was changed before it could be sealed", err=True)
        for one in said.silent:
            click.echo(f"explainer: not witnessed by {one}", err=True)
        if said.sealed and said.checkpoint:
            click.echo(f"sealed {said.sealed:,}: {said.checkpoint.short}", err=True)
    elif isinstance(said, ExplainerError):
        click.echo(f"explainer: {said}", err=True)


@ledger.command()
@click.option(
    "--head", "heads", multiple=True, metavar="SIZE-ROOT", help="A head that was remembered elsewhere, as on a letter; repeatable."
)
@click.option("--known-epoch", "epochs", multiple=True, type=int, help="An epoch whose opening you can explain; repeatable.")
@click.option("--known-key", "keys", multiple=True, metavar="HASH", help="A key that signs without a handover, as you can explain.")
@click.option(
    "--receipts",
    "files",
    multiple=True,
    type=click.File("rb"),
    metavar="FILE",
    help="Receipts that clients remembered: their answers as JSON, one or a line each; repeatable.",
)
def verify(*, heads: tuple[str, ...], epochs: tuple[int, ...], keys: tuple[str, ...], files: tuple[IO[bytes], ...]) -> None:
    """Check everything again from the stored bytes, and name what is wrong."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.ledger.tree.verifying import read_head
    from explainer.service.inspect import verifier

    remembered, receipts = [read_head(one) for one in heads], [note for file in files for note in _receipts(file)]
    opened = services()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("verifying", total=None)
        found = verifier(opened).verify(
            remembered,
            epochs,
            keys,
            receipts=receipts,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    _tell(found)
    if found.findings:
        raise SystemExit(1)
    click.echo("nothing is wrong")


def _tell(found: Report) -> None:
    """What was checked, what could not be, and what is wrong."""
    click.echo(
        f"{found.entries:,} sealed entries, {found.waiting:,} waiting; {found.opened:,} opened, {found.erased:,} without a key; "
        f"{found.heads:,} heads and {found.receipts:,} receipts compared"
    )
    for one in found.notices:
        click.echo(f"note: {one}")
    for one in found.findings:
        click.echo(f"wrong: {one}")


def _receipts(file: IO[bytes]) -> list[str]:
    """The notes of the receipts in a file: answers, bulk answers or receipts alone; what has none is passed over.

    Raises:
        BadInput: it is not JSON, or holds no receipt at all.
    """
    said = file.read()
    try:
        whole = [json.loads(line) for line in said.splitlines() if line.strip()]
    except ValueError:
        whole = [_one(said, file.name)]
    answers = [one for some in whole for one in (some if isinstance(some, list) else [some]) if isinstance(one, dict)]
    receipts = [one.get("receipt", one) for one in answers]
    notes = [one["note"] for one in receipts if isinstance(one, dict) and isinstance(one.get("note"), str)]
    if not notes:
        raise BadInput(f"{file.name} holds no receipt")
    return notes


def _one(said: bytes, name: str) -> object:
    """A file that is one JSON text over several lines."""
    try:
        found: object = json.loads(said)
    except ValueError as error:
        raise BadInput(f"{name} is not JSON") from error
    return found


@ledger.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.argument("ids", nargs=-1, metavar="[ID]...")
def export(folder: Path, ids: tuple[str, ...]) -> None:
    """Write a sealed pack, all entries or a few decisions, that `python3 verify.py DIR` checks without a network."""
    from rich.console import Console
    from rich.progress import Progress

    from explainer.service.auditing.exporting import export_pack

    opened = services()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("exporting", total=None)
        made = export_pack(folder, ids, opened, by=user(), tell=lambda done, of: progress.update(task, completed=done, total=of))
    click.echo(f"{made.entries:,} entries, {made.releases} releases; manifest {made.manifest}")
    click.echo("it holds personal data in clear: keep it safe, and tell its receiver the digest of the manifest")
    click.echo(f"to check it: python3 -I -S {folder}/verify.py {folder}")


@ledger.command()
def key() -> None:
    """Print the public key of the checkpoints: what witnesses and clients pin."""
    click.echo(services(new=True).log_key.public.text)


@ledger.command()
def rotate() -> None:
    """Let another key sign the checkpoints; the one before hands over to it, so that who pinned that one follows."""
    from explainer.service.privacy.renewing import change_log_key

    click.echo(change_log_key(user(), services()))
    click.echo("next: tell it to those who keep the key; witnesses and sealed packs follow by themselves", err=True)


@ledger.command()
@click.argument("role")
@click.option("--store", type=click.Choice(["ledger", "vault"]), help="Only of this store, where the two are apart.")
def grants(role: str, store: Literal["ledger", "vault"] | None) -> None:
    """Make the tables, as their owner, and print what gives a PostgreSQL ROLE all that serving needs, and no more."""
    from explainer.ledger.migrations.rights import grants as rights

    services(new=True).close()
    stores: tuple[Literal["ledger", "vault"], ...] = ("ledger", "vault")
    for one in stores if store is None else (store,):
        click.echo(rights(role, one), nl=False)


@ledger.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--log", "logs", multiple=True, required=True, metavar="KEY", help="Key of a log whose heads it remembers; repeatable."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8090, show_default=True, help="Port to listen on.")
def witness(folder: Path, logs: tuple[str, ...], host: str, port: int) -> None:
    """Remember the heads of other ledgers, in a folder and with a key of its own; see the README."""
    from explainer.web.witness import WitnessServer, open_keeper

    keeper = open_keeper(folder, logs, time.time)
    said = f"EXPLAINER_WITNESS=http://{host}:{port}/#{keeper.key.text if keeper.key else ''}"
    WitnessServer(keeper, host, port, lambda: click.echo(said, err=True)).run()
