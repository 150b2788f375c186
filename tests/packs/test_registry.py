"""Releases: copied once, opened by digest, every byte checked; which one decides is a ledger entry."""

import hashlib
import json
import shutil

import numpy as np
import pytest

from explainer.decisions.codes import codebook
from explainer.decisions.forest import read_forest
from explainer.errors import BadPack, ReleaseMissing, ReleaseTampered, UnknownPack, UnknownRelease
from explainer.ledger.canonical import decode
from explainer.packs.registry import Registry, read_folder
from explainer.packs.release import open_release
from explainer.service.decide import Case, decide
from explainer.service.releases import activate, check_declarations, publish, sample_facts, train_candidate
from explainer.service.wiring import open_services
from explainer.settings import Settings
from tests.little import EXAMPLES, TRAINING, little_models
from tests.support import MODELS, Clock

FACTS = {"amount": 20, "days": 5, "colour": "red", "size": "small", "gift": False}


def train(settings):
    return train_candidate("little", settings, None, lambda _done, _total: None)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A home in which the little pack was trained, published and activated once."""
    folder = tmp_path_factory.mktemp("little")
    settings = Settings(home=folder / "home", models=little_models(folder / "models"))
    services = open_services(settings, Clock())
    train(settings)
    digest = publish("little", services, by="test").digest
    services.close()
    return folder, digest


@pytest.fixture
def place(published, tmp_path):
    """A copy of it: settings and the digest of its release."""
    folder, digest = published
    shutil.copytree(folder, tmp_path / "copy")
    return Settings(home=tmp_path / "copy" / "home", models=tmp_path / "copy" / "models"), digest


@pytest.fixture
def opened(place):
    services = open_services(place[0], Clock())
    yield services
    services.close()


def edit(settings, file, old, new):
    path = settings.models / "little" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def kinds(services, pack="little"):
    """Kinds of the entries about a pack, oldest first, with the release each is about."""
    found = []
    for kind in ("release", "activation"):
        page, _ = services.ledger.search(kind=kind, pack=pack)
        found += [services.ledger.entry(one.id) for one in page]
    return [(one.kind, decode(one.body)["release"]) for one in sorted(found, key=lambda one: one.id)]


class TestPublishing:
    def test_a_release_is_named_by_the_digest_of_its_manifest(self, place):
        settings, digest = place
        assert hashlib.sha256((settings.home / "releases" / digest / "manifest.json").read_bytes()).hexdigest() == digest

    def test_the_manifest_names_every_file_with_its_digest(self, place):
        settings, digest = place
        folder = settings.home / "releases" / digest
        listed = json.loads((folder / "manifest.json").read_bytes())["files"]
        found = {
            p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
        }
        del found["manifest.json"]
        assert listed == found

    def test_a_release_holds_everything_a_decision_needs(self, place):
        settings, digest = place
        folder = settings.home / "releases" / digest
        assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == {
            "manifest.json", "release.json", "pack.yaml", "features.yaml", "policy.yaml", "training.yaml", "CARD.md",
            "organisation.yaml",
            "phrases/en.ftl", "phrases/es.ftl", "shared/en.ftl", "shared/es.ftl", "examples/rules.yaml",
            "model.txt", "reference.npy", "middles.json", "metrics.json", "uncertainty.json", "declarations.json", "card.html",
        }  # fmt: skip

    def test_the_same_candidate_gives_the_same_release(self, place):
        registry = Registry(place[0].home)
        assert registry.publish("little").digest == registry.publish("little").digest == place[1]

    def test_training_again_gives_the_same_digest(self, place):
        assert train(place[0]).digest == place[1]

    def test_a_candidate_that_fails_its_examples_is_not_released(self, place, opened):
        edit(place[0], "examples/rules.yaml", "outcome: approve", "outcome: decline")
        train(place[0])
        before = kinds(opened)
        with pytest.raises(BadPack, match="outcome is approve, not decline"):
            publish("little", opened, by="test")
        assert (kinds(opened), len(list((place[0].home / "releases").iterdir()))) == (before, 1)

    def test_nothing_trained_is_said_with_what_to_do(self, tmp_path):
        with pytest.raises(UnknownPack, match="explainer train nobody"):
            Registry(tmp_path).candidate("nobody")

    def test_no_half_written_folder_is_left(self, place):
        assert [p.name for p in (place[0].home / "releases").iterdir()] == [place[1]]


class TestOpening:
    def test_a_release_opens_in_another_process_as_it_was(self, place):
        one, other = Registry(place[0].home).open(place[1]), Registry(place[0].home).open(place[1])
        assert (one.pack, one.model_text, one.uncertainty, one.versions) == (
            other.pack,
            other.model_text,
            other.uncertainty,
            other.versions,
        )
        np.testing.assert_array_equal(one.reference, other.reference)

    def test_one_made_before_middles_were_kept_opens_and_places_no_number(self, place):
        registry = Registry(place[0].home)
        assert set(registry.open(place[1]).middles) == {"amount", "days"}
        files = {name: data for name, data in registry.files(place[1]).items() if name != "middles.json"}
        assert open_release(files, place[1]).middles == {}

    @pytest.mark.parametrize("digest", ["0" * 64, "abc", "", "../releases", "A" * 64])
    def test_a_digest_that_is_none_opens_nothing(self, place, digest):
        with pytest.raises(ReleaseMissing):
            Registry(place[0].home).open(digest)


class TestWordsOfAnotherTime:
    """A release of long ago: it has every word that its version asked for, and lacks one that this one asks for."""

    @pytest.fixture
    def old(self, place):
        folder = place[0].home / "releases" / place[1]
        words = (folder / "phrases/en.ftl").read_text("utf-8")
        (folder / "phrases/en.ftl").write_text(words.replace("group-item =", "group-items ="), "utf-8")
        listed = json.loads((folder / "manifest.json").read_bytes())
        listed["files"]["phrases/en.ftl"] = hashlib.sha256((folder / "phrases/en.ftl").read_bytes()).hexdigest()
        manifest = json.dumps(listed, sort_keys=True, indent=1).encode()
        (folder / "manifest.json").write_bytes(manifest)
        digest = hashlib.sha256(manifest).hexdigest()
        folder.rename(folder.parent / digest)
        return digest

    def test_it_opens_for_whoever_reads_what_it_decided(self, place, old):
        assert Registry(place[0].home).open(old).digest == old

    def test_it_is_not_let_decide_again(self, opened, old):
        before = kinds(opened)
        with pytest.raises(BadPack, match=r"phrases/en\.ftl:\d+: group-item: missing"):
            activate("little", old, opened, by="test")
        assert kinds(opened) == before


class TestTampering:
    def files(self, place):
        folder = place[0].home / "releases" / place[1]
        return folder, sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

    def test_one_flipped_bit_in_any_file_is_found_and_named(self, place):
        folder, files = self.files(place)
        for name in files:
            whole = (folder / name).read_bytes()
            for at in (0, len(whole) // 2, len(whole) - 1):
                (folder / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
                with pytest.raises(ReleaseTampered, match="manifest" if name == "manifest.json" else name.replace(".", r"\.")):
                    Registry(place[0].home).open(place[1])
            (folder / name).write_bytes(whole)
        assert Registry(place[0].home).open(place[1]).digest == place[1]

    def test_any_file_removed_is_found_and_named(self, place):
        folder, files = self.files(place)
        for name in files:
            whole = (folder / name).read_bytes()
            (folder / name).unlink()
            with pytest.raises(ReleaseTampered, match="manifest" if name == "manifest.json" else name.replace(".", r"\.")):
                Registry(place[0].home).open(place[1])
            (folder / name).write_bytes(whole)

    def test_any_file_cut_short_or_emptied_is_found(self, place):
        folder, files = self.files(place)
        for name in files:
            whole = (folder / name).read_bytes()
            for kept in (b"", whole[:-1]):
                (folder / name).write_bytes(kept)
                with pytest.raises(ReleaseTampered):
                    Registry(place[0].home).open(place[1])
            (folder / name).write_bytes(whole)

    @pytest.mark.parametrize("name", ["extra.txt", "phrases/de.ftl", "examples/more.yaml", ".hidden"])
    def test_an_added_file_is_found_and_named(self, place, name):
        (self.files(place)[0] / name).write_text("x")
        with pytest.raises(ReleaseTampered, match=name.replace(".", r"\.")):
            Registry(place[0].home).open(place[1])

    def test_a_file_swapped_for_another_with_its_manifest_is_found(self, place):
        folder, _ = self.files(place)
        listed = json.loads((folder / "manifest.json").read_bytes())
        (folder / "model.txt").write_bytes(b"tree")
        listed["files"]["model.txt"] = hashlib.sha256(b"tree").hexdigest()
        (folder / "manifest.json").write_text(json.dumps(listed, sort_keys=True, indent=1))
        with pytest.raises(ReleaseTampered, match="manifest is not the one published"):
            Registry(place[0].home).open(place[1])

    def test_a_case_is_not_decided_by_a_tampered_release(self, place, opened):
        folder, _ = self.files(place)
        (folder / "policy.yaml").write_text("rules: []\n")
        with pytest.raises(ReleaseTampered):
            decide(Case("little", "C-1", "R-1", "en", FACTS), "key-1", opened)
        assert opened.ledger.search(kind="decision")[0] == []

    def test_a_tampered_candidate_is_not_published(self, place):
        (place[0].home / "candidates" / "little" / "model.txt").write_text("tree")
        with pytest.raises(ReleaseTampered, match=r"model\.txt"):
            Registry(place[0].home).publish("little")


class TestActivating:
    def second(self, settings, services):
        """Publish another release of the little pack; returns its digest."""
        edit(settings, "pack.yaml", "contest_days: 30", "contest_days: 60")
        train(settings)
        return publish("little", services, by="test").digest

    def test_publishing_is_two_entries_a_release_and_an_activation(self, place, opened):
        assert kinds(opened) == [("release", place[1]), ("activation", place[1])]

    def test_both_say_who_acted(self, place, opened):
        activate("little", place[1], opened, by="Ana")
        said = [decode(one.body)["by"] for kind in ("release", "activation") for one in opened.ledger.newest_first(kind)]
        assert said == ["test", "Ana", "test"]

    def test_the_newest_activation_decides(self, place, opened):
        second = self.second(place[0], opened)
        assert (opened.serving("little").release.digest, second == place[1]) == (second, False)

    def test_going_back_is_the_same_act_by_the_beginning_of_the_digest(self, place, opened):
        second = self.second(place[0], opened)
        activate("little", place[1][:8], opened, by="test")
        assert opened.serving("little").release.pack.contest_days == 30
        assert kinds(opened) == [
            ("release", place[1]),
            ("activation", place[1]),
            ("release", second),
            ("activation", second),
            ("activation", place[1]),
        ]

    def test_the_choice_outlives_the_process(self, place, opened):
        self.second(place[0], opened)
        activate("little", place[1], opened, by="test")
        again = open_services(place[0], Clock())
        assert again.serving("little").release.digest == place[1]
        again.close()

    @pytest.mark.parametrize("beginning", ["", "zz", "*", "0" * 64, "../"])
    def test_a_beginning_that_fits_none_changes_nothing(self, place, opened, beginning):
        with pytest.raises(UnknownRelease):
            activate("little", beginning, opened, by="test")
        assert len(kinds(opened)) == 2

    def test_a_beginning_that_fits_two_changes_nothing(self, place, opened):
        twin = place[0].home / "releases" / (place[1][:10] + "0" * 54)
        twin.mkdir()
        with pytest.raises(UnknownRelease, match="2 releases begin with"):
            activate("little", place[1][:10], opened, by="test")
        assert len(kinds(opened)) == 2

    def test_the_release_of_another_pack_is_refused(self, place, opened):
        with pytest.raises(UnknownRelease, match="a release of little, not of refund_approval"):
            activate("refund_approval", place[1], opened, by="test")

    def test_a_pack_that_was_never_activated_decides_nothing(self, opened):
        with pytest.raises(UnknownPack):
            opened.serving("refund_approval")


class TestTheReleaseIsACopy:
    def said(self, services, key):
        explained = decide(Case("little", "C-1", "R-1", "en", FACTS), key, services).record.explained
        return explained.decision.outcome, explained.decision.margin, explained.texts["en"]["customer"]

    def test_editing_declarations_and_words_changes_nothing_until_the_next_release(self, place, opened):
        before = self.said(opened, "key-1")
        edit(place[0], "policy.yaml", "days, below: 3", "days, below: 60")
        edit(place[0], "policy.yaml", "at_least: refer", "then: refer")
        for language in ("en", "es"):
            edit(place[0], f"phrases/{language}.ftl", "You asked after { $days }.", "Edited: { $days }.")
        shutil.rmtree(place[0].models / "phrases")
        again = open_services(place[0], Clock())
        assert (self.said(opened, "key-2"), self.said(again, "key-3")) == (before, before)
        again.close()

    def test_the_next_release_decides_by_the_edited_files(self, place, opened):
        edit(place[0], "policy.yaml", "days, below: 3", "days, below: 60")
        edit(place[0], "policy.yaml", "at_least: refer", "then: refer")
        for language in ("en", "es"):
            edit(place[0], f"phrases/{language}.ftl", "You asked after { $days }.", "Edited: { $days }.")
        train(place[0])
        publish("little", opened, by="test")
        outcome, _, sentences = self.said(opened, "key-1")
        assert (outcome, [one.text for one in sentences]) == ("refer", ["Edited: 5 days."])

    def test_training_alone_changes_nothing(self, place, opened):
        before = self.said(opened, "key-1")
        edit(place[0], "training.yaml", "seed: 7", "seed: 8")
        edit(place[0], "training.yaml", "num_iterations: 12", "num_iterations: 3")
        assert train(place[0]).digest != place[1]
        assert self.said(opened, "key-2") == before

    def test_the_shipped_packs_are_copies_too(self, services, settings, tmp_path):
        models = shutil.copytree(MODELS, tmp_path / "models")
        facts = next(sample_facts("priority_scoring", settings, None, 1))
        here = open_services(Settings(home=settings.home, models=models), services.clock)
        before = decide(Case("priority_scoring", "C-1", "R-1", "en", facts), "key-1", here).record
        for path in [*(models / "priority_scoring").rglob("*.*"), models / "organisation.yaml"]:
            if path.is_file() and path.name != "pack.yaml":
                path.unlink()
        after = decide(Case("priority_scoring", "C-1", "R-1", "en", facts), "key-2", here).record
        assert (after.explained.texts, after.explained.decision) == (before.explained.texts, before.explained.decision)
        here.close()


class TestReferenceRows:
    def test_hold_the_columns_of_the_model_and_nothing_else(self, place):
        release = Registry(place[0].home).open(place[1])
        assert (release.reference.shape, release.reference.dtype.str) == ((60, len(release.pack.features)), "<u2")

    @pytest.mark.parametrize("pack", ["refund_approval", "priority_scoring"])
    def test_of_the_shipped_packs_hold_only_codes_of_their_features(self, pack, releases):
        release, _ = releases[pack]
        start = codebook(read_forest(release.model_text)).start
        assert release.reference.shape == (10_000, len(release.pack.features))
        for feature, column in enumerate(release.reference.T):
            assert start[feature] <= column.min() <= column.max() < start[feature + 1]


class TestDeclarations:
    def test_only_the_files_of_a_pack_are_copied(self, tmp_path):
        folder = little_models(tmp_path) / "little"
        (folder / "notes.txt").write_text("private")
        (folder / "phrases" / "old.txt").write_text("x")
        assert {"notes.txt", "phrases/old.txt", "data/cases.parquet"}.isdisjoint(read_folder(folder))

    def test_a_folder_without_a_pack_is_refused(self, tmp_path):
        with pytest.raises(UnknownPack, match=r"pack\.yaml is missing"):
            read_folder(tmp_path)

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("days: null", "days: 99", "examples/rules.yaml:1: facts.days: must be between 0 and 60"),
            ("rules: [never_came]", "rules: [dear]", "examples/rules.yaml:1: rules that fire are"),
        ],
    )
    def test_an_example_that_cannot_hold_is_found_where_it_stands(self, tmp_path, old, new, why):
        models = little_models(tmp_path / "models")
        (models / "little" / "examples" / "rules.yaml").write_text(EXAMPLES.replace(old, new), "utf-8")
        with pytest.raises(BadPack) as refusal:
            check_declarations("little", Settings(home=tmp_path, models=models))
        others = [one for one in refusal.value.mistakes if "phrases/" not in one]  # its Spanish is English
        assert [one.startswith(why) for one in others] == [True]

    def test_the_training_declaration_is_part_of_the_release(self, place):
        assert (place[0].home / "releases" / place[1] / "training.yaml").read_text("utf-8") == TRAINING
