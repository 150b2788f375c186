"""Packs by command: check them, train them, and release what was trained."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from explainer.commands.typed import lines, services, user
from explainer.errors import BadInput, BadPack, ExplainerError, UnknownLanguage
from explainer.settings import Settings, read_settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group()
def packs() -> None:
    """Check packs and sample their cases."""


@packs.command("check")
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option("--language", help="Name only mistakes in the words of this language, for whoever translates.")
@as_json
def packs_check(names: tuple[str, ...], language: str | None, as_json: bool) -> None:
    """Check packs: declarations, plain words in every language, examples; all of them when none is named."""
    settings = read_settings()
    wanted = names or tuple(sorted(path.parent.name for path in settings.models.glob("*/pack.yaml")))
    if not wanted:
        raise BadInput(f"no packs in {settings.models}")
    mistakes: dict[str, list[str]] = {}
    for name in wanted:
        try:
            said, mistakes[name] = _checked(name, settings, language)
        except UnknownLanguage as error:
            if not names:
                click.echo(f"{name}: skipped: {lines(error)[0]}", err=True)
                continue
            said, mistakes[name] = "", lines(error)
        if not as_json:
            click.echo("\n".join(f"{name}: {line}" for line in mistakes[name] or [said]), err=bool(mistakes[name]))
    if not mistakes:
        raise BadInput(f"no pack has words in {language}")
    if as_json:
        click.echo(json.dumps(mistakes, indent=1))
    if any(mistakes.values()):
        raise SystemExit(1)


def _checked(name: str, settings: Settings, language: str | None) -> tuple[str, list[str]]:
    """What a pack holds, and its mistakes."""
    from explainer.service.releases import check_declarations

    try:
        pack = check_declarations(name, settings, language)
    except UnknownLanguage:
        raise
    except ExplainerError as error:
        return "", lines(error)
    spoken = language or ", ".join(pack.languages)
    return f"{len(pack.features)} features, {len(pack.rules)} rules, {spoken}: no mistakes", []


@packs.command("sample")
@click.argument("pack")
@click.option("-n", "cases", type=click.IntRange(min=1), default=10, show_default=True, help="How many cases.")
@click.option("--data", type=click.Path(path_type=Path), help="Another table than the pack's own.")
def packs_sample(pack: str, cases: int, data: Path | None) -> None:
    """Print held-out cases as NDJSON, one facts object a line."""
    from explainer.service.releases import sample_facts

    for facts in sample_facts(pack, read_settings(), data, cases):
        click.echo(json.dumps(facts, ensure_ascii=False))


@click.command()
@click.argument("pack")
@click.option("--data", type=click.Path(path_type=Path), help="Another table than the pack's own.")
@as_json
def train(pack: str, data: Path | None, as_json: bool) -> None:
    """Train a pack; the result is its candidate, measured and not yet in use."""
    from explainer.training.card import figures

    candidate = _train(pack, read_settings(), data)
    if as_json:
        click.echo(json.dumps({"pack": pack, "candidate": candidate.digest, "metrics": candidate.metrics}, indent=1))
        return
    click.echo(f"candidate {candidate.digest}\n{figures(candidate.pack, candidate.metrics)}")
    click.echo(f"next: explainer release {pack}")


def _train(pack: str, settings: Settings, data: Path | None) -> Any:
    from rich.console import Console
    from rich.progress import Progress

    from explainer.service.releases import train_candidate

    progress = Progress(console=Console(stderr=True), transient=True)
    task = progress.add_task(f"training {pack}", total=None)

    def tell(done: int, total: int) -> None:
        if progress.console.is_terminal:  # shown from the first round on, so that a refusal before it stands alone
            progress.start()
        progress.update(task, completed=done, total=total)

    try:
        return train_candidate(pack, settings, data, tell)
    finally:
        if progress.live.is_started:
            progress.stop()


@click.command()
@click.argument("pack")
@as_json
def check(pack: str, as_json: bool) -> None:
    """Check a pack's candidate: margins, a second opinion on 500 cases, examples."""
    from explainer.service.releases import check_candidate

    found = check_candidate(pack, services(new=True))
    said = f"{found.cases} cases: {found.agree} agree (largest gap {found.largest_gap:.1g}), {found.abstain} abstain"
    click.echo(json.dumps(asdict(found), indent=1) if as_json else said)
    if found.wrong:
        raise BadPack(found.wrong)


@click.command("compile")
def compile_now() -> None:
    """Compile the kernels once and keep the code with the installation."""
    from explainer.attributions.compiling import compile_kernels
    from explainer.explanations.changing.recourse import compile_recourse

    for kernel in compile_kernels():
        compile_recourse(kernel)


@click.command()
@click.argument("pack")
@as_json
def release(pack: str, as_json: bool) -> None:
    """Publish a pack's candidate as a release and let it decide."""
    from explainer.service.releases import publish

    published = publish(pack, services(new=True), by=user())
    click.echo(
        json.dumps({"pack": pack, "release": published.digest}) if as_json else f"{pack} is decided by release {published.digest}"
    )


@click.command()
@click.argument("pack")
@click.argument("digest")
@as_json
def activate(pack: str, digest: str, as_json: bool) -> None:
    """Let another published release of a pack decide; also the way back."""
    from explainer.service.releases import activate as switch

    active = switch(pack, digest, services(), by=user())
    click.echo(json.dumps({"pack": pack, "release": active.digest}) if as_json else f"{pack} is decided by release {active.digest}")
