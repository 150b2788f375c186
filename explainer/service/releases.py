"""Releases: train a candidate, publish it, choose which one decides; each choice is a ledger entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from explainer.decisions.features import read_facts
from explainer.decisions.policy import apply_policy
from explainer.errors import BadFacts, BadPack, UnknownLanguage, UnknownRelease
from explainer.explanations.plain import unplain
from explainer.ledger.canonical import encode
from explainer.ledger.store import SYSTEM, Draft, Terms
from explainer.packs.definition import Fact, Pack
from explainer.packs.reading import draft_pack, read_examples, read_organisation
from explainer.packs.registry import Registry, read_models
from explainer.packs.release import Release, check_pack, shared_words
from explainer.packs.words.proofreading import untranslated
from explainer.service.wiring import ACTIVATION, Services, make_home
from explainer.settings import Settings
from explainer.training.checking import Report, check_release

RELEASE = "release"


def train_candidate(name: str, settings: Settings, data: Path | None, progress: Callable[[int, int], None]) -> Release:
    """Train a pack on its table of past cases and keep the result as its candidate.

    Args:
        data: another table than the pack's own.
        progress: called with (rounds done, rounds in all).

    Raises:
        BadPack, BadData: with every mistake; nothing is stored.
        BadSettings: there is no home folder to keep it in.
    """
    make_home(settings)
    from explainer.training import recipe, reference  # heavy: pandas and LightGBM

    declarations = read_models(settings.models, name)
    pack = check_pack(declarations, name)
    table = reference.find_table(pack, settings.models / name, settings.real_data, data)
    cases = reference.read_cases(table, pack)
    candidate = recipe.train(pack, declarations, cases, progress, most_bytes=settings.table_megabytes << 20)
    registry = Registry(settings.home)
    registry.propose(name, candidate)
    return registry.candidate(name)


def sample_facts(name: str, settings: Settings, data: Path | None, cases: int) -> Iterator[dict[str, Fact]]:
    """Facts of held-out cases, evenly spread over the held-out period, oldest first.

    Raises:
        BadPack, BadData: with every mistake.
    """
    from explainer.training import reference

    pack = check_pack(read_models(settings.models, name), name)
    table = reference.find_table(pack, settings.models / name, settings.real_data, data)
    _, latest = reference.split(reference.read_cases(table, pack), pack.training.held_out)
    step = max(1.0, len(latest.y) / cases)
    rows = [int(index * step) for index in range(min(cases, len(latest.y)))]
    return reference.facts_of(latest.frame.iloc[rows], pack)


def check_declarations(name: str, settings: Settings, language: str | None = None) -> Pack:
    """Check a pack's folder: files, words and how plain they are, and that its examples' facts and rules hold.

    Args:
        language: name only mistakes in the words of this one, for whoever translates.

    Raises:
        UnknownPack: no such folder.
        UnknownLanguage: the pack does not declare that language.
        BadPack: with every mistake.
    """
    files = read_models(settings.models, name)
    pack = draft_pack(files, name).pack
    mistakes: list[str] = []
    if language is not None and language not in pack.languages:
        raise UnknownLanguage(pack.languages)
    try:
        pack = check_pack(files, name)
        mistakes += _wrong_examples(files, pack)
    except BadPack as error:
        mistakes += error.mistakes
    mistakes += untranslated(pack, files, shared_words(files))
    mistakes += _unplain(files, pack, [language] if language else [])
    if language is not None:
        mistakes = [one for one in mistakes if f"phrases/{language}.ftl" in one]
    if mistakes:
        raise BadPack(mistakes)
    return pack


def _wrong_examples(files: Mapping[str, str], pack: Pack) -> Iterator[str]:
    for example in read_examples(files, pack):
        try:
            row = read_facts(example["facts"], pack)
        except BadFacts as error:
            yield from (f"{example['where']}: facts.{field}: {why}" for field, why in error.mistakes.items())
            continue
        fired = [one.code for one in apply_policy(row.facts, pack, example["on"]) if one.fired]
        if fired != example["rules"]:
            yield f"{example['where']}: rules that fire are {fired}, not {example['rules']}"


def _unplain(files: Mapping[str, str], pack: Pack, languages: Sequence[str]) -> list[str]:
    """What is too hard to read, as far as there is something to read."""
    try:
        organisation = read_organisation(files.get("organisation.yaml", ""))
    except BadPack:  # said by check_pack
        return []
    return unplain(pack, organisation, files, shared_words(files), languages=languages)


def check_candidate(name: str, services: Services) -> Report:
    """Check the candidate of a pack; its kernel is folded and kept on the way.

    Raises:
        UnknownPack: nothing was trained.
    """
    candidate = services.registry.candidate(name)
    return check_release(candidate, services.kernel(candidate))


def publish(name: str, services: Services, *, by: str) -> Release:
    """Make the candidate of a pack a release and let it decide.

    Args:
        by: who publishes; kept in the ledger.

    Raises:
        UnknownPack: nothing was trained.
        BadPack: the candidate did not pass `check_candidate`.
    """
    wrong = check_candidate(name, services).wrong
    if wrong:
        raise BadPack(wrong)
    release = services.registry.publish(name)
    _remember(RELEASE, release, services, by)
    activate(name, release.digest, services, by=by)
    return release


def activate(name: str, digest: str, services: Services, *, by: str) -> Release:
    """Let a published release decide from now on; going back is the same act.

    Args:
        digest: of the release, or enough of its beginning to tell it from the others.
        by: who wants it; kept in the ledger.

    Raises:
        UnknownRelease: none, more than one, or one of another pack.
        BadPack: this version needs words that an older one did not; train and release the pack again.
    """
    release = services.registry.open(services.registry.find(digest))
    if release.pack.name != name:
        raise UnknownRelease(f"{digest} is a release of {release.pack.name}, not of {name}")
    check_pack(release.declarations, name)
    _remember(ACTIVATION, release, services, by)
    services.forget_active(name)
    return release


def _remember(kind: str, release: Release, services: Services, by: str) -> None:
    at: datetime = services.clock()
    body = encode({"v": 1, "pack": release.pack.name, "release": release.digest, "versions": release.versions, "by": by})
    terms = Terms(pack=release.pack.name, release=release.digest)
    services.ledger.append(Draft(services.new_id(), kind, at, SYSTEM, body, terms, release=release.digest))
