"""The Merkle tree of RFC 9162: one root for all leaves, and short proofs about it.

A *span* is a run of leaves [start, stop).  The tree over n leaves splits at the largest
power of two below n; spans that are whole (2^k leaves, beginning at a multiple of 2^k)
never change again, and these are the only nodes that are stored.  Each has a *place*,
start + stop − 1, a number that no other whole span has.  Every span of a proof is the
fold of at most log2(n) whole ones, so a proof needs O(log n) stored hashes however large
the tree is, and a `Frontier` appends without the rest of the tree.

leaf hash = SHA256(0x00 ‖ leaf), node = SHA256(0x01 ‖ left ‖ right), empty tree = SHA256("").
No files, clock or randomness here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from explainer.errors import Contradiction
from explainer.ledger.canonical import HASH_BYTES

NODE_PREFIX = b"\x01"  # RFC 9162 section 2.1.1; a leaf has 0x00
EMPTY_ROOT = hashlib.sha256(b"").digest()

Span = tuple[int, int]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, 32 bytes."""
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


# Spans ------------------------------------------------------------------------------------------


def place(span: Span) -> int:
    """The number under which a whole span is stored; leaf i lies at 2 i.

    >>> [place(span) for span in ((0, 1), (0, 2), (1, 2), (0, 4))]
    [0, 1, 2, 3]
    """
    return span[0] + span[1] - 1


def whole_spans(span: Span) -> Iterator[Span]:
    """Split a span of a tree, or of a proof, into whole ones, from left to right; they shrink.

    >>> list(whole_spans((0, 7)))
    [(0, 4), (4, 6), (6, 7)]
    """
    start, stop = span
    while start < stop:
        middle = start + (1 << (stop - start).bit_length() - 1)
        yield start, middle
        start = middle


def nodes_of(size: int) -> int:
    """How many whole spans a tree of this size has, leaves included."""
    return 2 * size - size.bit_count()


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that leaf `index` is in a tree of `size` leaves, lowest first (section 2.1.3.1).

    Raises:
        Contradiction: there is no such leaf.
    """
    if not 0 <= index < size:
        raise Contradiction(f"a tree of {size} leaves has no leaf {index}")
    start, stop, beside = 0, size, []
    while stop - start > 1:
        middle = _split(start, stop)
        beside.append((middle, stop) if index < middle else (start, middle))
        start, stop = (start, middle) if index < middle else (middle, stop)
    return beside[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a tree of `old` leaves is the beginning of one of `size` (section 2.1.4.1).

    Raises:
        Contradiction: the old tree is the larger one.
    """
    if not 0 <= old <= size:
        raise Contradiction(f"a tree of {size} leaves does not begin with one of {old}")
    if old in (0, size):
        return []
    start, stop, beside = 0, size, []
    while old != stop:
        middle = _split(start, stop)
        beside.append((middle, stop) if old <= middle else (start, middle))
        start, stop = (start, middle) if old <= middle else (middle, stop)
    return ([(start, stop)] if start else []) + beside[::-1]


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a span from those of its whole spans, left to right."""
    folded = hashes[-1]
    for left in reversed(hashes[:-1]):
        folded = node_hash(left, folded)
    return folded


def prove(spans: Iterable[Span], hashes: Callable[[list[int]], dict[int, bytes]]) -> list[bytes]:
    """The hashes of a proof's spans.

    Args:
        hashes: looks up stored hashes by place, all in one question.

    Raises:
        KeyError: one is not stored; its place.
    """
    parts = [[place(whole) for whole in whole_spans(span)] for span in spans]
    stored = hashes([one for part in parts for one in part])
    return [fold([stored[one] for one in part]) for part in parts]


def _split(start: int, stop: int) -> int:
    """Where the tree over a span splits: the largest power of two that is smaller than its length."""
    return start + (1 << (stop - start - 1).bit_length() - 1)


# Appending --------------------------------------------------------------------------------------


class Frontier:
    """The right edge of a tree: enough to append to it and to know its root.

    Args:
        size: leaves so far.
        hashes: of `whole_spans((0, size))`.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self._edge = list(zip(whole_spans((0, size)), hashes, strict=True))
        self.size = size

    def append(self, leaf_hash: bytes) -> list[tuple[int, bytes]]:
        """Append one leaf; returns the place and hash of every whole span that it completes, itself first."""
        span, hashed = (self.size, self.size + 1), leaf_hash
        made = [(place(span), hashed)]
        while self._edge and (left := self._edge[-1])[0][1] - left[0][0] == span[1] - span[0]:
            self._edge.pop()
            span, hashed = (left[0][0], span[1]), node_hash(left[1], hashed)
            made.append((place(span), hashed))
        self._edge.append((span, hashed))
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        return fold([hashed for _, hashed in self._edge]) if self._edge else EMPTY_ROOT


# Checking ---------------------------------------------------------------------------------------


def includes(leaf_hash: bytes, index: int, size: int, *, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf stands at `index` in the tree of that size and root (section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf_hash, root, *proof]):
        return False
    at, last, hashed = index, size - 1, leaf_hash
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(beside, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def continues(old: int, old_root: bytes, size: int, root: bytes, *, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of `size` leaves begins with the old one, leaf for leaf (section 2.1.4.2)."""
    if not 0 <= old <= size or not _are_hashes([old_root, root, *proof]):
        return False
    if old in (0, size):
        return not proof and old_root == (root if old else EMPTY_ROOT)
    path = list(proof) if old & (old - 1) else [old_root, *proof]  # a whole old tree is its own first hash
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not path:
        return False
    before = after = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, root)


def _are_hashes(every: Iterable[object]) -> bool:
    return all(isinstance(one, bytes) and len(one) == HASH_BYTES for one in every)
