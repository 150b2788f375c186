"""The independent reader: alone, equal to the kernel to the bit, and right about signatures and trees."""

from __future__ import annotations

import ast
import io
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from explainer import verify
from explainer.attributions.folding import BY_SUMS, BY_TABLES
from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import codebook, encode
from explainer.decisions.deciding import decide_case
from explainer.decisions.features import read_facts
from explainer.decisions.forest import read_forest
from explainer.decisions.policy import apply_policy
from explainer.ledger.canonical import digest, leaf_hash
from explainer.ledger.notes.checkpoint import LOG, Checkpoint, Signer, sign_note
from explainer.ledger.tree.merkle import Frontier
from explainer.packs.declaring import declarations, declare
from tests.forests import KINDS, chain, edge_rows, kernel_of, trained
from tests.support import SHIPPED

SOURCE = Path(verify.__file__).read_text("utf-8")

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


class TestAlone:
    def test_it_imports_the_standard_library_and_nothing_else(self):
        found = set()
        for node in ast.walk(ast.parse(SOURCE)):
            if isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0] for one in node.names}
            if isinstance(node, ast.ImportFrom):
                found.add((node.module or "").partition(".")[0])
        assert found <= sys.stdlib_module_names
        assert found & {"socket", "urllib", "http", "ssl", "subprocess", "pickle"} == set()


class TestTheModel:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("seed", range(3))
    def test_its_margins_have_the_kernels_bits_even_at_the_edges(self, kind, seed):
        text, reference = trained(kind, seed)
        kernel, model = Kernel.of(text, encode(reference[:50], codebook(read_forest(text))), BY_TABLES), verify.Model(text)
        for row in [*edge_rows(text, 200, seed), *reference[:100]]:
            assert verify.bits(model.margin(model.codes(row.tolist()))) == verify.bits(kernel.explain(row)[0])

    @pytest.mark.parametrize("kind", KINDS)
    def test_its_attributions_are_the_kernels(self, kind):
        text, rows = trained(kind, 1)
        book = codebook(read_forest(text))
        reference = encode(np.vstack([rows[:200], edge_rows(text, 40, 2)]), book)
        kernel, model = Kernel.of(text, reference, BY_TABLES), verify.Model(text)
        population = verify.Population(model, (reference - book.start[:-1]).T.tolist())
        assert population.baseline == pytest.approx(kernel.baseline, abs=1e-12)
        for row in edge_rows(text, 10, 3):
            found = population.attributions(model.codes(row.tolist()))
            np.testing.assert_allclose(found, kernel.explain(row)[1], rtol=0, atol=1e-12)

    def test_a_long_tree_is_read(self):
        model = verify.Model(chain(40))
        row, kernel = np.array([1.0] * 39 + [-1.0]), kernel_of(chain(40), np.ones((1, 40)), BY_SUMS)
        assert model.margin(model.codes(row.tolist())) == kernel.explain(row)[0]

    @pytest.mark.parametrize("line", ["version=v3", "objective=poisson", "num_class=2"])
    def test_a_model_of_another_kind_is_refused(self, line):
        name = line.partition("=")[0]
        text = "\n".join(line if one.startswith(f"{name}=") else one for one in trained("nan")[0].split("\n"))
        with pytest.raises(verify.Unreadable):
            verify.Model(text)


class TestRulesAndOutcome:
    @pytest.mark.parametrize("pack", SHIPPED)
    def test_they_are_the_houses_own_on_every_day_that_a_rule_begins_or_ends(self, pack, releases, sampled):
        release, kernel = releases[pack]
        declared = declare(release.pack, release.organisation)
        asked = verify.rules_of(declared)
        days = {day for rule in release.pack.rules for day in (rule.in_force_from, rule.in_force_to) if day}
        around = sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})
        for facts in sampled(pack, 40):
            row = read_facts(facts, release.pack)
            margin = kernel.explain(row.x)[0]
            for day in around:
                rules = apply_policy(row.facts, release.pack, day)
                found = verify.rules_on(day, asked, row.facts)
                assert [tuple(one.values()) for one in found] == [(one.code, one.fired, one.outcome, one.floor) for one in rules]
                ours = decide_case(rules, margin, release.pack)
                theirs = verify.decide(found, margin, declared)
                assert theirs == {name: getattr(ours, name) for name in theirs}

    def test_a_release_holds_what_was_read_from_its_yaml(self, services):
        for pack in SHIPPED:
            release = services.serving(pack).release
            files = services.registry.files(release.digest)
            assert files["declarations.json"] == declarations(release.pack, release.organisation)
            assert verify.columns_of(files["reference.npy"]) == release.reference.T.tolist()

    def test_without_a_list_of_time_zones_every_day_it_may_be_is_looked_at(self):
        assert verify.days_of("2026-05-04T23:30:00.000000+00:00", "Europe/Dublin") == {date(2026, 5, 5)}
        assert verify.days_of("2026-05-04T23:30:00.000000+00:00", "No/Where") == {date(2026, 5, 4), date(2026, 5, 5)}


class TestSignatures:
    @pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
    def test_the_vectors_of_the_rfc_hold(self, public, message, signature):
        assert verify.signed_by(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))

    @pytest.mark.parametrize("seed", range(8))
    def test_it_agrees_with_the_library_and_finds_every_flipped_byte(self, seed):
        key, message = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), bytes(range(seed, 60))
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert verify.signed_by(public, message, signature)
        for place in range(seed, 64, 8):
            changed = bytearray(signature)
            changed[place] ^= 1 << seed
            assert not verify.signed_by(public, message, bytes(changed))
        assert not verify.signed_by(public, message + b"\0", signature)
        assert not verify.signed_by(bytes(32), message, signature)

    def test_a_scalar_beyond_the_order_is_refused(self):
        key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        signature = key.sign(b"x")
        raised = int.from_bytes(signature[32:], "little") + verify.ORDER
        assert not verify.signed_by(key.public_key().public_bytes_raw(), b"x", signature[:32] + raised.to_bytes(32, "little"))

    def test_a_checkpoint_is_opened_by_the_key_of_its_log_alone(self):
        signer, other = (Signer.from_seed("log", LOG, bytes([seed]) * 32) for seed in (1, 2))
        note = sign_note(Checkpoint("log", 7, bytes(32)).text, signer)
        assert verify.opened_checkpoint(note, signer.public.text) == (7, bytes(32))
        for wrong in (note.replace("7", "8", 1), note.replace("log", "lag", 1)):
            with pytest.raises(verify.Unreadable):
                verify.opened_checkpoint(wrong, signer.public.text)
        with pytest.raises(verify.Unreadable):
            verify.opened_checkpoint(note, other.public.text)


class TestTheTree:
    @pytest.mark.parametrize("size", range(40))
    def test_its_roots_are_the_ledgers(self, size):
        hashes = [leaf_hash(bytes([one])) for one in range(size)]
        frontier = Frontier()
        for one in hashes:
            frontier.append(one)
        assert verify.root_of(hashes) == frontier.root

    def test_numbers_are_read_from_numpys_files_of_both_widths(self):
        for kind in ("<u2", "<u4"):
            array, stream = np.arange(12, dtype=kind).reshape(4, 3), io.BytesIO()
            np.save(stream, array)
            assert verify.columns_of(stream.getvalue()) == array.T.tolist()

    def test_a_manifest_has_one_form(self):
        assert digest(verify.written({"b": 1, "a": 2})) == digest(verify.written({"a": 2, "b": 1}))
