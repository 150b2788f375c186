"""The release: a pack with its words, model and reference population, as it was on the day of publishing.

Made from the bytes of its files; `registry` keeps those on disk and checks their digests.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from explainer.errors import BadPack
from explainer.packs.definition import MarginBand, Middle, Organisation, Pack
from explainer.packs.reading import draft_pack, read_examples, read_organisation, read_pack
from explainer.packs.words.checking import check_shared, check_words
from explainer.packs.words.phrases import Vocabulary


@dataclass(frozen=True, eq=False)
class Release:
    """Everything a decision needs, as it was on the day of publishing."""

    digest: str  # 64 hex digits: SHA-256 of the manifest
    pack: Pack
    vocabulary: Vocabulary
    organisation: Organisation
    model_text: str  # LightGBM's text format
    reference: np.ndarray  # (rows, d) codes of the reference population: what the model can tell of it, and no more
    method: str  # how attributions are found: by tables, or by sums where those would be too large
    metrics: dict[str, Any]
    uncertainty: tuple[MarginBand, ...]  # lowest margins first
    card: str  # HTML
    versions: dict[str, str]
    declarations: Mapping[str, str]  # its .yaml, .ftl and .md files, name → text
    middles: Mapping[str, Middle] = field(default_factory=dict)  # feature that is a number → the middle of the reference population

    @cached_property
    def examples(self) -> tuple[dict[str, Any], ...]:
        """Facts with the outcome they must have; reading them takes as long as all the rest."""
        return tuple(read_examples(self.declarations, self.pack))


def open_release(files: Mapping[str, bytes], digest: str) -> Release:
    """Make a release from the bytes of its files, whose digests were checked.

    Its words and examples were checked before it was published and are not read again: a
    language is when somebody speaks it, and a server is soon there.

    Raises:
        BadPack: its declarations have mistakes this version refuses.
    """
    texts = {name: data.decode() for name, data in files.items() if name.endswith((".yaml", ".ftl", ".md"))}
    about = json.loads(files["release.json"])
    pack = read_pack(texts, about["pack"])
    return Release(
        digest=digest,
        pack=pack,
        vocabulary=Vocabulary(pack, texts, shared_words(texts)),
        organisation=read_organisation(texts["organisation.yaml"]),
        model_text=files["model.txt"].decode(),
        reference=np.load(io.BytesIO(files["reference.npy"]), allow_pickle=False),
        method=about["attributions"],
        metrics=json.loads(files["metrics.json"]),
        uncertainty=tuple(MarginBand(**one) for one in json.loads(files["uncertainty.json"])),
        card=files["card.html"].decode(),
        versions=about["versions"],
        declarations=texts,
        middles={name: Middle(*ends) for name, ends in json.loads(files.get("middles.json", b"{}")).items()},
    )


def check_pack(files: Mapping[str, str], name: str) -> Pack:
    """Read a pack with its words, examples, shared words and organisation.

    Raises:
        BadPack: with every mistake in all of them.
    """
    shared = shared_words(files)
    drafted = draft_pack(files, name)
    mistakes = [*drafted.mistakes, *check_words(drafted.pack, files, shared, drafted.unknown)]
    try:
        read_examples(files, drafted.pack)
    except BadPack as error:
        mistakes += error.mistakes
    mistakes += check_shared(shared)
    try:
        read_organisation(files.get("organisation.yaml", ""))
    except BadPack as error:
        mistakes += error.mistakes
    if mistakes:
        raise BadPack(mistakes)
    return drafted.pack


def shared_words(files: Mapping[str, str]) -> dict[str, str]:
    """Language → text of the shared words among a pack's files."""
    return {name[len("shared/") : -len(".ftl")]: text for name, text in files.items() if name.startswith("shared/")}
