"""The tree against the published vectors, against its naive twin, and against every forged proof."""

from __future__ import annotations

import pytest

from explainer.errors import Contradiction
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.tree.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_spans,
    continues,
    includes,
    inclusion_spans,
    nodes_of,
    place,
    prove,
    whole_spans,
)
from tests.naive import merkle as naive

# The leaves and roots by which implementations of RFC 6962 and 9162 are commonly checked.
LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = 36
MANY = [f"leaf {number}".encode() for number in range(SIZES)]


def grown(leaves):
    """The frontier over some leaves, and every node that was stored on the way."""
    frontier, stored = Frontier(), {}
    for leaf in leaves:
        stored |= dict(frontier.append(leaf_hash(leaf)))
    return frontier, stored


STORED = grown(MANY)[1]


def look_up(places):
    return {one: STORED[one] for one in places}


def inclusion(index, size):
    return prove(inclusion_spans(index, size), look_up)


def consistency(old, size):
    return prove(consistency_spans(old, size), look_up)


def flipped(hashed):
    """A hash with one bit turned, in each of its bytes."""
    return [hashed[:at] + bytes([hashed[at] ^ 1 << at % 8]) + hashed[at + 1 :] for at in range(len(hashed))]


class TestRoots:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_the_published_vectors(self, size):
        assert grown(LEAVES[:size])[0].root.hex() == ROOTS[size - 1]

    def test_the_empty_tree(self):
        assert Frontier().root == EMPTY_ROOT == naive.mth([])
        assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @pytest.mark.parametrize("size", range(SIZES + 1))
    def test_appending_agrees_with_the_definition(self, size):
        assert grown(MANY[:size])[0].root == naive.mth(MANY[:size])

    @pytest.mark.parametrize("size", range(SIZES + 1))
    def test_a_frontier_that_was_put_down_goes_on_as_if_it_had_not_been(self, size):
        again = Frontier(size, [STORED[place(span)] for span in whole_spans((0, size))])
        for leaf in MANY[size:]:
            again.append(leaf_hash(leaf))
        assert (again.size, again.root) == (SIZES, naive.mth(MANY))

    @pytest.mark.parametrize("size", range(SIZES + 1))
    def test_each_whole_span_is_stored_once_under_a_place_of_its_own(self, size):
        made = [one for leaf_made in _made(MANY[:size]) for one in leaf_made]
        assert len({at for at, _ in made}) == len(made) == nodes_of(size)


def _made(leaves):
    frontier = Frontier()
    return [frontier.append(leaf_hash(leaf)) for leaf in leaves]


class TestProofs:
    @pytest.mark.parametrize("size", range(1, SIZES + 1))
    def test_inclusion_is_the_definition_and_holds(self, size):
        root = naive.mth(MANY[:size])
        for index in range(size):
            proof = inclusion(index, size)
            assert proof == naive.path(index, MANY[:size])
            assert includes(leaf_hash(MANY[index]), index, size, proof=proof, root=root)

    @pytest.mark.parametrize("size", range(1, SIZES + 1))
    def test_consistency_is_the_definition_and_holds(self, size):
        root = naive.mth(MANY[:size])
        for old in range(size + 1):
            proof, old_root = consistency(old, size), naive.mth(MANY[:old])
            if old > 0:
                assert proof == naive.proof(old, MANY[:size])
            assert continues(old, old_root, size, root, proof=proof)

    def test_a_proof_of_a_million_is_as_long_as_a_proof_of_a_thousand_twice(self):
        counted = [len([whole for span in inclusion_spans(3, size) for whole in whole_spans(span)]) for size in (1_000, 1_000_000)]
        assert counted[0] <= 20
        assert counted[1] <= 40

    @pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
    def test_there_is_no_proof_of_a_leaf_that_is_not_there(self, index, size):
        with pytest.raises(Contradiction):
            inclusion_spans(index, size)

    @pytest.mark.parametrize(("old", "size"), [(4, 3), (-1, 3)])
    def test_nor_that_a_smaller_tree_begins_with_a_larger_one(self, old, size):
        with pytest.raises(Contradiction):
            consistency_spans(old, size)


class TestForgeries:
    """Each element of each proof is changed, dropped, doubled and moved; all are refused."""

    @pytest.mark.parametrize("size", range(1, 20))
    def test_no_changed_inclusion_proof_holds(self, size):
        root = naive.mth(MANY[:size])
        for index in range(size):
            leaf, proof = leaf_hash(MANY[index]), inclusion(index, size)
            for other in _changed(proof):
                assert not includes(leaf, index, size, proof=other, root=root)
            assert not any(includes(other, index, size, proof=proof, root=root) for other in flipped(leaf))
            assert not any(includes(leaf, index, size, proof=proof, root=other) for other in flipped(root))
            assert not any(includes(leaf, other, size, proof=proof, root=root) for other in range(-1, size + 2) if other != index)

    @pytest.mark.parametrize("size", range(1, 20))
    def test_no_changed_consistency_proof_holds(self, size):
        root = naive.mth(MANY[:size])
        for old in range(1, size + 1):
            old_root, proof = naive.mth(MANY[:old]), consistency(old, size)
            for other in _changed(proof):
                assert not continues(old, old_root, size, root, proof=other)
            assert not any(continues(old, other, size, root, proof=proof) for other in flipped(old_root))
            assert not any(continues(old, old_root, size, other, proof=proof) for other in flipped(root))
            assert not continues(old + 1, old_root, size, root, proof=proof)
            assert not continues(old - 1, old_root, size, root, proof=proof)

    def test_a_forked_tree_has_no_proof(self):
        fork = [*MANY[:7], b"another", *MANY[8:]]
        frontier, stored = grown(fork)
        proof = prove(consistency_spans(12, SIZES), lambda places: {one: stored[one] for one in places})
        assert continues(12, naive.mth(fork[:12]), SIZES, frontier.root, proof=proof)
        assert not continues(12, naive.mth(MANY[:12]), SIZES, frontier.root, proof=proof)

    @pytest.mark.parametrize("strange", [b"", b"\x00" * 31, b"\x00" * 33, "0" * 32, None])
    def test_what_is_no_hash_proves_nothing(self, strange):
        assert not includes(leaf_hash(b"a"), 0, 2, proof=[strange], root=naive.mth([b"a", b"b"]))
        assert not continues(1, leaf_hash(b"a"), 2, naive.mth([b"a", b"b"]), proof=[strange])
        assert not continues(0, EMPTY_ROOT, 2, strange, proof=[])

    def test_a_leaf_is_no_node(self):
        left, right = leaf_hash(b"a"), leaf_hash(b"b")
        assert leaf_hash(left + right) != naive.mth([b"a", b"b"])


def _changed(proof):
    for at, hashed in enumerate(proof):
        yield from ([*proof[:at], other, *proof[at + 1 :]] for other in flipped(hashed))
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], hashed, *proof[at:]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]
    if len(proof) > 1:
        yield proof[::-1]
