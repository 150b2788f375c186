"""The independent reader: what was decided, derived again by plain Python from what was published.

One file, the standard library and nothing else, to be read and run by an auditor without a network.  Replay asks it for a second
opinion on every case, the tests hold the fast code against it, and in a sealed pack it is the verifier:

    python3 -I -S verify.py FOLDER                the folder that `explainer ledger export` made
    python3 -I -S verify.py FOLDER --key KEY      with the log's public key as you know it

It reads LightGBM's text model and adds one leaf of every tree, in the model's order; evaluates the rules of `declarations.json`,
which a release holds beside the YAML it was read from; decides; and counts attributions (interventional Shapley values, Lundberg
et al. 2020, doi:10.1038/s42256-019-0138-9) over the whole reference population, leaf by leaf.  It says what it found, and what it
could not check.  Nothing here is shared with the code it checks.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import hmac
import json
import math
import re
import struct
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from operator import and_, eq, ge, lt
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SAME, DIFFERS, ABSTAINED, ERASED = "same", "differs", "abstained", "erased"
CLOSE = 1e-9  # margin units: how near attributions of two engines must be
SAMPLE = 20  # decisions of a pack whose attributions are counted

Json = Any
Body = Mapping[str, Json]


class Unreadable(ValueError):
    """Something that is not what it should be, so that nothing can be derived from it."""


class Finding(NamedTuple):
    """What was compared, at which level of replay, and how it ended; says nothing about a person."""

    level: str  # E0 stored bytes | E1 margin, rules, outcome | E2 attributions | E3 words
    part: str
    end: str  # same | differs | abstained | erased
    why: str = ""
    by: str = "reader"  # who compared: this reader, the kernel, LightGBM, the ledger


def bits(number: float | None) -> str | None:
    """The bits of a float64, as 16 hexadecimal digits: NaN equals itself, and 0.0 is not −0.0."""
    return None if number is None else struct.pack(">d", number).hex()


def raw(row: Sequence[float]) -> bytes:
    """The bits of a row."""
    return struct.pack(f">{len(row)}d", *row)


def lively(value: Json) -> Json:
    """A record's values with its floats made from their bits."""
    if isinstance(value, dict):
        if value.keys() == {"f64"}:
            return struct.unpack(">d", bytes.fromhex(value["f64"]))[0]
        return {name: lively(one) for name, one in value.items()}
    return [lively(one) for one in value] if isinstance(value, list) else value


# The model ----------------------------------------------------------------------------------------

ZERO: float = struct.unpack("<f", struct.pack("<f", 1e-35))[0]  # LightGBM takes what is smaller for 0.0
CATEGORICAL, DEFAULT_LEFT, NO_MISSING, ZERO_MISSING = 1, 2, 0, 1
OBJECTIVES = ("binary sigmoid:1", "regression", "regression_l1", "huber", "fair", "quantile", "mape")  # the output is the margin


class Split(NamedTuple):
    """One question of a tree, as the text says it."""

    feature: int
    threshold: float
    levels: frozenset[int] | None  # those that go left; None: a threshold splits
    default_left: bool
    missing: int

    def goes_left(self, value: float) -> bool:
        """Where a value goes, by LightGBM's rules."""
        absent = math.isnan(value)
        if self.levels is not None:
            return not absent and int(value) in self.levels
        if (absent and self.missing != NO_MISSING) or (value == 0.0 and self.missing == ZERO_MISSING):
            return self.default_left
        return (0.0 if absent else value) <= self.threshold


class Column:
    """The values of one feature that no tree tells apart, each with a code: how a reference population is published."""

    def __init__(self, splits: Sequence[Split]) -> None:
        named = [one.levels for one in splits if one.levels is not None]
        self.levels = {level: code for code, level in enumerate(sorted(frozenset().union(*named)))} if named else None
        self.cuts = sorted({one.threshold + 0.0 for one in splits}) if self.levels is None else []
        self.has_zero = self.levels is None and any(one.missing == ZERO_MISSING for one in splits)

    @cached_property
    def values(self) -> list[float]:
        """One value for each code: ordinary ones, one beyond them all, missing, and zero where it stands for missing."""
        if self.levels is not None:
            return [*map(float, self.levels), max(self.levels, default=-1) + 1.0, math.nan]
        below = [math.nextafter(cut, -math.inf) if cut == 0.0 and self.has_zero else cut for cut in self.cuts]
        return [*below, math.inf, math.nan, *([0.0] if self.has_zero else [])]

    def code(self, value: float) -> int:
        """The code of a value."""
        if math.isnan(value):
            return len(self.cuts if self.levels is None else self.levels) + 1
        if self.levels is not None:
            return self.levels.get(int(value), len(self.levels)) if -1.0 < value < 2.0**31 else len(self.levels)
        value = 0.0 if abs(value) <= ZERO else value
        return len(self.cuts) + 2 if value == 0.0 and self.has_zero else bisect_left(self.cuts, value)


WHICH_BIT = bytes(byte.bit_length() - 1 if byte.bit_count() == 1 else 8 for byte in range(256))


class Model:
    """A forest, read from LightGBM's text format."""

    def __init__(self, text: str) -> None:
        head, *blocks = re.split(r"^(?=Tree=)", text.partition("end of trees\n")[0], flags=re.MULTILINE)
        said = _lines(head)
        if said.get("version") != "v4" or said.get("num_class") != "1" or "average_output" in said:
            raise Unreadable("a model of another kind than this reader knows")
        if said.get("objective") not in OBJECTIVES:
            raise Unreadable("a model whose output is not the margin")
        self.features = said.get("feature_names", "").split()
        read = [_splits(_lines(block)) for block in blocks]
        splits = list(chain.from_iterable(some for some, _, _ in read))
        self.columns = [Column([one for one in splits if one.feature == number]) for number in range(len(self.features))]
        self.trees = [self._tree(*one) for one in read]
        self._lay_out()

    def _tree(self, splits: Sequence[Split], children: Sequence[tuple[int, int]], leaves: Sequence[float]) -> Any:
        """One tree from its last node to its first: a child stands after its parent."""
        made: dict[int, Any] = {~number: value for number, value in enumerate(leaves)}
        for number in range(len(splits) - 1, -1, -1):
            one, (left, right) = splits[number], children[number]
            sides = bytes(one.goes_left(value) for value in self.columns[one.feature].values)
            made[number] = (one.feature, sides, made[left], made[right])
        return made[0 if splits else -1]

    def codes(self, row: Sequence[float]) -> list[int]:
        """A row of values as codes."""
        return [column.code(value) for column, value in zip(self.columns, row, strict=True)]

    def margin(self, codes: Sequence[int]) -> float:
        """The margin: the one leaf of each tree that no code rules out, added in the order of the trees."""
        out = 0
        for masks, code in zip(self._ruled_out, codes, strict=True):
            out |= masks[code]
        total = 0.0
        left = (self._every & ~out).to_bytes(len(self._values), "little").translate(WHICH_BIT)
        for values, which in zip(self._values, left, strict=True):
            total += values[which]
        return total

    def _lay_out(self) -> None:
        """Give each leaf a bit, every tree its own bytes, and each code the leaves that it rules out."""
        self._values: list[list[float]] = []  # of a byte's eight leaves; then 0.0, where none of them is left
        self._ruled_out = [[0] * len(column.values) for column in self.columns]
        self._every = 0
        for tree in self.trees:
            for number, (value, allowed) in enumerate(_leaves(tree)):
                if number % 8 == 0:
                    self._values.append([0.0] * 9)
                self._values[-1][number % 8] = value
                bit = 1 << 8 * (len(self._values) - 1) + number % 8
                self._every |= bit
                for feature, codes in allowed.items():
                    for code, here in enumerate(codes):
                        self._ruled_out[feature][code] |= 0 if here else bit


def _lines(block: str) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in block.splitlines())


def _splits(said: Mapping[str, str]) -> tuple[list[Split], list[tuple[int, int]], list[float]]:
    """A tree's questions, the two children of each, and the values of its leaves."""
    numbers = {name: said.get(name, "").split() for name in said}
    leaves = [float(one) for one in numbers["leaf_value"]]
    if len(leaves) != int(said["num_leaves"]) or said.get("is_linear", "0") != "0" or not all(map(math.isfinite, leaves)):
        raise Unreadable("a tree whose leaves cannot be read")
    if len(leaves) == 1:
        return [], [], leaves
    names = ("split_feature", "threshold", "decision_type", "left_child", "right_child")
    splits, children = [], []
    for feature, threshold, decision, left, right in zip(*(numbers[name] for name in names), strict=True):
        kind = int(decision)
        levels = _levels(numbers, int(threshold)) if kind & CATEGORICAL else None
        splits.append(Split(int(feature), float(threshold), levels, bool(kind & DEFAULT_LEFT), kind >> 2))
        children.append((int(left), int(right)))
    return splits, children, leaves


def _levels(numbers: Mapping[str, Sequence[str]], at: int) -> frozenset[int]:
    """The set bits of one set of categories, 32 to a word."""
    first, end = (int(numbers["cat_boundaries"][one]) for one in (at, at + 1))
    words = [int(one) for one in numbers["cat_threshold"][first:end]]
    return frozenset(32 * place + bit for place, word in enumerate(words) for bit in range(32) if word >> bit & 1)


# Attributions -------------------------------------------------------------------------------------


class Condition(NamedTuple):
    """What one leaf asks of one feature."""

    feature: int
    allowed: bytes  # by code
    rows: int  # the reference rows that fulfil it, a bit each


class Population:
    """The reference population of a release, and what each leaf asks of its rows."""

    def __init__(self, model: Model, columns: Sequence[Sequence[int]]) -> None:
        self.size = len(columns[0])
        self._held = [_by_code(codes, len(one.values)) for codes, one in zip(columns, model.columns, strict=True)]
        self._leaves = [self._leaf(*leaf) for tree in model.trees for leaf in _leaves(tree)]

    def _leaf(self, value: float, allowed: Mapping[int, bytes]) -> tuple[float, list[Condition]]:
        def rows(feature: int, codes: bytes) -> int:
            return sum(held for held, here in zip(self._held[feature], codes, strict=True) if here)

        return value, [Condition(feature, codes, rows(feature, codes)) for feature, codes in allowed.items()]

    @cached_property
    def baseline(self) -> float:
        """The mean margin of the population."""
        return math.fsum(value * _all_of(some, self.size).bit_count() for value, some in self._leaves) / self.size

    def attributions(self, codes: Sequence[int]) -> list[float]:
        """How far each feature moved the margin of one case away from the baseline."""
        phi = [0.0] * len(codes)
        for value, asked in self._leaves:
            mine = [one for one in asked if one.allowed[codes[one.feature]]]
            against = [one.feature for one in asked if not one.allowed[codes[one.feature]]]
            theirs = [one for one in asked if not one.allowed[codes[one.feature]]]
            for helping, rows in _answers(mine, _all_of(theirs, self.size)):
                share = value * rows.bit_count() / self.size
                for feature in helping:
                    phi[feature] += share * _weight(len(helping), len(against))
                for feature in against:
                    phi[feature] -= share * _weight(len(against), len(helping))
        return phi


def _by_code(codes: Sequence[int], count: int) -> list[int]:
    """For each code the rows that have it, a bit each."""
    held = [bytearray(len(codes) // 8 + 1) for _ in range(count)]
    for row, code in enumerate(codes):
        held[code][row >> 3] |= 1 << (row & 7)
    return [int.from_bytes(one, "little") for one in held]


def _leaves(tree: Any) -> Iterator[tuple[float, dict[int, bytes]]]:
    """Each leaf of a tree: its value, and by feature the codes that lead to it."""
    waiting: list[tuple[Any, dict[int, bytes]]] = [(tree, {})]
    while waiting:
        node, allowed = waiting.pop()
        if isinstance(node, float):
            yield node, allowed
            continue
        feature, sides, left, right = node
        for child, way in ((left, sides), (right, bytes(1 - one for one in sides))):
            waiting.append((child, allowed | {feature: bytes(map(and_, allowed.get(feature, way), way))}))


def _all_of(conditions: Sequence[Condition], size: int) -> int:
    """The rows that fulfil all of some conditions."""
    rows = (1 << size) - 1
    for one in conditions:
        rows &= one.rows
    return rows


def _answers(mine: Sequence[Condition], rows: int) -> list[tuple[tuple[int, ...], int]]:
    """Reference rows by which of the case's own conditions they fail: those features help the case to this leaf."""
    answers: list[tuple[tuple[int, ...], int]] = [((), rows)] if rows else []
    for one in mine:
        parts = ((some, left & one.rows, (*some, one.feature), left & ~one.rows) for some, left in answers)
        answers = [pair for kept, inside, more, outside in parts for pair in ((kept, inside), (more, outside)) if pair[1]]
    return answers


def _weight(last: int, after: int) -> float:
    """The share of orders in which one of `last` features comes last of them, and before all of `after`."""
    return math.factorial(last - 1) * math.factorial(after) / math.factorial(last + after)


# Rules and outcome --------------------------------------------------------------------------------


Places = Mapping[Json, float]  # of the levels of a category; empty: a number or a truth value


def places_of(declared: Body) -> list[tuple[str, Places]]:
    """The columns of the model: which feature is there, and the places of its levels."""
    return [
        (one["name"], {level: float(at) for at, level in enumerate(one["levels"])} if one["type"] == "category" else {})
        for one in declared["features"]
    ]


def row_of(facts: Body, columns: Sequence[tuple[str, Places]]) -> list[float]:
    """Facts in the columns of the model; a category is its place among the levels."""
    return [math.nan if (fact := facts[name]) is None else places[fact] if places else float(fact) for name, places in columns]


Asks = Callable[[Body], bool]
Compares = Callable[[Json, Json], bool]
COMPARED: Mapping[str, Compares] = {"is": eq, "in": lambda fact, some: fact in some, "below": lt, "at_least": ge}


def asking(clause: Body) -> Asks:
    """A clause as a question about facts: whether it is true of them; a comparison with a missing value is false."""
    if "all" in clause or "any" in clause:
        together, some = (all, clause["all"]) if "all" in clause else (any, clause["any"])
        questions = [asking(one) for one in some]
        return lambda facts: together(one(facts) for one in questions)
    name = clause["feature"]
    if "missing" in clause:
        return lambda facts: (facts[name] is None) == bool(clause["missing"])
    (word,) = COMPARED.keys() & clause.keys()
    compare, value = COMPARED[word], clause[word]
    return lambda facts: (fact := facts[name]) is not None and bool(compare(fact, value))


class Rule(NamedTuple):
    """A rule that was declared: its first and last day as they are written, what it asks, and what it says."""

    since: str
    until: str
    asks: Asks
    said: Mapping[str, Json]


def rules_of(declared: Body) -> list[Rule]:
    """The rules of a release, in their order."""
    found = []
    for one in declared["rules"]:
        said = {"code": one["code"], "fired": False, "outcome": one["then"] or one["at_least"], "floor": one["then"] is None}
        found.append(Rule(one["from"], one["to"] or "9999-12-31", asking(one["when"]), said))
    return found


def rules_on(day: date, rules: Sequence[Rule], facts: Body) -> list[dict[str, Json]]:
    """What each rule in force on a day says."""
    on = day.isoformat()
    return [{**said, "fired": asks(facts)} for since, until, asks, said in rules if since <= on <= until]


def decide(rules: Sequence[Body], margin: float, declared: Body) -> dict[str, Json]:
    """The outcome: of the first rule that fires, unless it is a floor that lies no higher; else of the margin's band."""
    rank = declared["outcomes"].index
    edges = [one["at_least"] for one in declared["bands"] if one["at_least"] is not None]
    band = next(one["outcome"] for one in declared["bands"] if one["at_least"] is None or margin >= one["at_least"])
    distance = min((abs(margin - one) for one in edges), default=None)
    for one in rules:
        if one["fired"] and (not one["floor"] or rank(one["outcome"]) < rank(band)):
            return {"outcome": one["outcome"], "decisive": "rule", "rule": one["code"], "distance": distance}
    return {"outcome": band, "decisive": "band" if band == declared["person"] else "score", "rule": None, "distance": distance}


def days_of(at: str, zone: str) -> set[date]:
    """The day of a decision on the organisation's clock; without a list of time zones, those that it may be."""
    moment = datetime.fromisoformat(at).astimezone(UTC)
    try:
        return {moment.astimezone(ZoneInfo(zone)).date()}
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return {(moment + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}


# One decision -------------------------------------------------------------------------------------


class Published:
    """What a release published that a decision can be derived from."""

    def __init__(self, model_text: str, declared: Body, reference: Sequence[Sequence[int]] = ()) -> None:
        self.declared, self.model, self._reference = declared, Model(model_text), reference
        self._columns, self._rules = places_of(declared), rules_of(declared)
        if self.model.features != [one["name"] for one in declared["features"]]:
            raise Unreadable("a model of other features than its declarations")

    @cached_property
    def population(self) -> Population:
        """The reference population; the first use takes seconds."""
        starts = accumulate((len(one.values) for one in self.model.columns[:-1]), initial=0)
        return Population(self.model, [[code - at for code in some] for some, at in zip(self._reference, starts, strict=True)])

    def numbers(self, body: Body) -> Iterator[Finding]:
        """E1: facts to row, margin, rules and outcome, each to the bit."""
        said, row = body["decision"], body["row"]
        if said["decisive"] in ("permission", "safeguard"):
            ended = {"outcome": self.declared["person"], "rule": None}
            yield _found("E1", "outcome", ended == {name: said[name] for name in ended})
        yield _found("E1", "row", raw(row_of(body["facts"], self._columns)) == raw(row))
        if said["decisive"] == "permission":
            yield _found("E1", "margin", said["margin"] is None, "the model was not to be called")
            return
        margin = self.model.margin(self.model.codes(row))
        yield _found("E1", "margin", bits(margin) == bits(said["margin"]))
        days = sorted(days_of(body["at"], self.declared["time_zone"]))
        by_day = [rules_on(day, self._rules, body["facts"]) for day in days]
        if by_day.count(by_day[0]) < len(by_day):
            yield Finding("E1", "rules", ABSTAINED, "no list of time zones here, and the rules changed around that day")
            return
        yield _found("E1", "rules", by_day[0] == said["rules"])
        if said["decisive"] != "safeguard":
            ended = decide(by_day[0], margin, self.declared)
            equal = all(ended[name] == said[name] for name in ended if name != "distance")
            yield _found("E1", "outcome", equal and bits(ended["distance"]) == bits(said["distance"]))

    def attributions(self, body: Body) -> Iterator[Finding]:
        """E2: attributions, counted again."""
        said = body["attribution"]
        if said is None:
            return
        found = self.population.attributions(self.model.codes(body["row"]))
        gaps = [abs(one - other) for one, other in zip(found, said["phi"], strict=True)]
        gap = max(*gaps, abs(self.population.baseline - said["baseline"]))
        yield _found("E2", "attributions", gap <= CLOSE, f"{gap:.1e} apart at most")
        yield _found("E2", "order", order_of(found) == order_of(said["phi"]))


def order_of(phi: Sequence[float]) -> list[int]:
    """Features by how far they moved the margin; what is equal to 1e-9 stays in the order of the features."""
    return sorted(range(len(phi)), key=lambda feature: (-abs(round(phi[feature], 9)), feature))


@lru_cache(1024)
def _found(level: str, part: str, equal: bool, why: str = "") -> Finding:
    return Finding(level, part, SAME if equal else DIFFERS, why)


# The sealed pack ----------------------------------------------------------------------------------

P = 2**255 - 19  # RFC 8032, section 5.1: the curve −x² + y² = 1 + d x² y² over the field of P
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]  # extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x y = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def _plus(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result = NEUTRAL
    while number:
        result = _plus(result, point) if number & 1 else result
        point, number = _plus(point, point), number >> 1
    return result


def _point(encoded: bytes) -> Point | None:
    """A point from its 32 bytes; None: there is no such point."""
    y, sign = int.from_bytes(encoded, "little") & (1 << 255) - 1, encoded[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = _point(bytes([0x58]) + bytes([0x66]) * 31) or NEUTRAL


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032, section 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce, scalar = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _plus(nonce, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def opened_checkpoint(note: str, key: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that a log has signed by its key (name+hash+base64): lines, an empty one, signatures.

    Raises:
        Unreadable: it is no checkpoint, or not signed by this key.
    """
    name, _, rest = key.partition("+")
    public = base64.b64decode(rest.partition("+")[2], validate=True)
    named = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        dash, who, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if (dash, who, signature[:4]) == ("—", name, named) and signed_by(public[1:], f"{text}\n".encode(), signature[4:]):
            origin, size, root = text.split("\n")[:3]
            if origin == name or origin.startswith(f"{name}/epoch-"):
                return int(size), base64.b64decode(root, validate=True)
    raise Unreadable("no checkpoint that this log has signed")


def heir_of(key: str, handovers: Iterable[str]) -> str:
    """The key that signs now for a log whose key was pinned once: in its last checkpoint each key names the next."""
    for note in handovers:
        with suppress(Unreadable):
            opened_checkpoint(note, key)
            key = next(line[5:] for line in note.split("\n") if line.startswith("next "))
    return key


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root of the Merkle tree over some leaf hashes (RFC 9162, section 2.1.1)."""
    edge: list[tuple[int, bytes]] = []  # height and hash of whole subtrees, the highest first
    for leaf in hashes:
        node = (0, leaf)
        while edge and edge[-1][0] == node[0]:
            node = (node[0] + 1, _node(edge.pop()[1], node[1]))
        edge.append(node)
    if not edge:
        return hashlib.sha256(b"").digest()
    root = edge.pop()[1]
    while edge:
        root = _node(edge.pop()[1], root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Pack:
    """A sealed pack: files in a folder, and what is wrong with them; `say` hears what is done."""

    def __init__(self, folder: Path, key: str | None) -> None:
        self._folder, self._pinned = folder, key
        self._releases: dict[str, Published | None] = {}
        self._hashes: list[bytes] | None = []  # of the sealed tree, leaf by leaf; None: no root to judge them by
        self.wrong: list[str] = []
        self.notes: list[str] = []
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def verify(self) -> None:
        """Check everything that can be checked."""
        if not self._files():
            return
        self._tree()
        lines = [line for line in self._text("entries.ndjson").split("\n") if line]
        entries = [json.loads(line) for line in lines]
        if any(json.dumps(one, sort_keys=True) != line for one, line in zip(entries, lines, strict=True)):
            self.wrong.append("entries.ndjson: a line is not in the form in which it was written")
        decisions = [body for one in entries if (body := self._entry(one)) is not None]
        self._places(entries)
        sample = sorted(decisions, key=lambda one: hashlib.sha256(one["id"].encode()).digest())[:SAMPLE]
        for body in decisions:
            self._decision(body, counted=any(body is one for one in sample))

    def _text(self, name: str) -> str:
        return (self._folder / name).read_bytes().decode()

    def _files(self) -> bool:
        """Exactly the files of the manifest, each with its hash; a pack whose files are others is read no further."""
        raw = (self._folder / "manifest.json").read_bytes()
        listing = json.loads(raw)
        if raw != written(listing) or listing.keys() != {"files", "version"} or listing["version"] != 1:
            self.wrong.append("manifest.json is not in the form in which it was written")
            return False
        present = {one.relative_to(self._folder).as_posix() for one in self._folder.rglob("*") if one.is_file()} - {"manifest.json"}
        for name in sorted(present ^ listing["files"].keys()):
            self.wrong.append(f"{name} was {'added' if name in present else 'removed'}")
        for name in sorted(present & listing["files"].keys()):
            if hashlib.sha256((self._folder / name).read_bytes()).hexdigest() != listing["files"][name]:
                self.wrong.append(f"{name} was changed")
        self.notes.append(f"manifest {hashlib.sha256(raw).hexdigest()}: compare it with what you were told when the pack was made")
        return not self.wrong

    def _tree(self) -> None:
        """The leaves of the sealed tree against the root that the log has signed."""
        if not (self._folder / "checkpoint").is_file():
            self.notes.append("nothing was sealed when the pack was made: that no entry was changed or removed rests on its maker")
            return
        came = self._text("log.key").strip()
        if self._pinned is None:
            self.notes.append(f"the key of the log came with the pack; compare it with the one you know: {came}")
        try:
            changes = json.loads(self._text("handovers.json")) if (self._folder / "handovers.json").is_file() else ()
            size, root = opened_checkpoint(self._text("checkpoint"), heir_of(self._pinned or came, changes))
        except ValueError as error:
            self._hashes = None
            self.wrong.append(self._not_opened(came) or f"checkpoint: {error}")
            return
        raw = (self._folder / "leaves").read_bytes()
        self._hashes = [raw[start : start + 32] for start in range(0, len(raw), 32)]
        if len(raw) != 32 * size or root_of(self._hashes) != root:
            self.wrong.append("leaves: they do not give the root that was signed")
        self.notes.append(f"checkpoint {size}-{root.hex()[:16]}: compare it with a letter's footer or a witness")

    def _not_opened(self, came: str) -> str | None:
        """What is said where KEY does not open the checkpoint, but the key that came with the pack does."""
        with suppress(ValueError):
            if self._pinned and opened_checkpoint(self._text("checkpoint"), came):
                return f"KEY is not the key of this log, whose checkpoint is signed by {came}: mistyped, or a pack of another log"
        return None

    def _entry(self, one: Body) -> Body | None:
        """Hashes and MAC of one entry; the record of a decision, where there is one."""
        leaf = json.loads(one["leaf"])
        name = f"entry {leaf['id']}"
        self._stored(one, leaf, name)
        if one["body"] is None:
            self.counts["E0", "content", ERASED] += 1
            return None
        mac = hmac.digest(bytes.fromhex(one["mac_key"]), one["body"].encode(), "sha256").hex()
        self.counts["E0", "content", SAME if mac == leaf["plain"] else DIFFERS] += 1
        if mac != leaf["plain"]:
            self.wrong.append(f"{name}: its content is not the one in its leaf")
        if leaf["kind"] != "decision":
            return None
        body: Body = lively(json.loads(one["body"]))
        if (body["id"], body["release"]) != (leaf["id"], leaf["release"]):
            self.wrong.append(f"{name}: its record is another entry's")
        return body

    def _stored(self, one: Body, leaf: Body, name: str) -> None:
        """The box of an entry, and the place of its leaf in the tree."""
        box, mac_key = base64.b64decode(one["box"], validate=True), bytes.fromhex(one["mac_key"] or "")
        if (base64.b64encode(box).decode(), mac_key.hex()) != (one["box"], one["mac_key"] or ""):
            self.wrong.append(f"{name}: its box or its key is not in the form in which it was written")
        if hashlib.sha256(box).hexdigest() != leaf["box"]:
            self.wrong.append(f"{name}: its box is not the one in its leaf")
        number, hashes, hashed = one["number"], self._hashes, hashlib.sha256(b"\x00" + one["leaf"].encode()).digest()
        self.counts["E0", "entry", "not sealed yet" if number is None else ABSTAINED if hashes is None else "sealed"] += 1
        if number is not None and hashes is not None and (not 0 <= number < len(hashes) or hashes[number] != hashed):
            self.wrong.append(f"{name}: it is not leaf {number} of the sealed tree")

    def _places(self, entries: Sequence[Body]) -> None:
        """Every leaf of a whole pack is there once; what is missing is said."""
        placed = [one["number"] for one in entries if one["number"] is not None]
        if len(set(placed)) < len(placed):
            self.wrong.append("entries.ndjson: a leaf stands there twice")
        if self._hashes and (missing := len(self._hashes) - len(set(placed))):
            self.notes.append(
                f"{missing:,} leaves of the tree are in it by their hash alone: this pack holds some entries, not all"
            )

    def _decision(self, body: Body, *, counted: bool) -> None:
        """One decision derived again."""
        release = self._release(body["release"])
        if release is None:
            self.counts["E1", "release", ABSTAINED] += 1
            return
        findings = [*release.numbers(body), *(release.attributions(body) if counted else ())]
        for one in findings:
            self.counts[one[:3]] += 1
            if one.end == DIFFERS:
                self.wrong.append(f"decision {body['id']}: {one.part} differs {one.why}".rstrip())

    def _release(self, digest: str) -> Published | None:
        """A release by its digest, every file checked; None, and why, where a decision cannot be derived."""
        if digest not in self._releases:
            try:
                self._releases[digest] = self._open(digest)
            except (OSError, ValueError, KeyError, IndexError) as error:
                self.wrong.append(f"release {digest[:12]}: {error}")
                self._releases[digest] = None
        return self._releases[digest]

    def _open(self, digest: str) -> Published | None:
        folder = self._folder / "releases" / digest
        raw = (folder / "manifest.json").read_bytes()
        if hashlib.sha256(raw).hexdigest() != digest:
            raise Unreadable("its manifest is not the one that decided")
        for name, wanted in json.loads(raw)["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise Unreadable(f"{name} is not what was published")
        if not (folder / "declarations.json").is_file():
            self.notes.append(f"release {digest[:12]} is older than declarations.json: its decisions were not derived again")
            return None
        declared, rows = json.loads((folder / "declarations.json").read_bytes()), (folder / "reference.npy").read_bytes()
        return Published((folder / "model.txt").read_bytes().decode(), declared, columns_of(rows))


def written(value: Json) -> bytes:
    """JSON in the one form in which a manifest is written."""
    return json.dumps(value, sort_keys=True, indent=1).encode() + b"\n"


def columns_of(raw: bytes) -> list[list[int]]:
    """The columns of a NumPy file of whole numbers, little-endian, row by row (NEP 1)."""
    size = int.from_bytes(raw[8:10], "little")
    said = ast.literal_eval(raw[10 : 10 + size].decode("latin-1"))
    kind = {"<u2": "H", "<u4": "I"}.get(said["descr"])
    if raw[:8] != b"\x93NUMPY\x01\x00" or kind is None or said["fortran_order"]:
        raise Unreadable("a reference population in a form that this reader does not know")
    rows, columns = said["shape"]
    flat = struct.unpack(f"<{rows * columns}{kind}", raw[10 + size :])
    return [list(flat[column::columns]) for column in range(columns)]


def main(arguments: Sequence[str]) -> int:
    """Verify the pack in a folder; read aloud what was checked, what was not, and what is wrong."""
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        print("usage: python3 -I -S verify.py FOLDER [--key KEY]", file=sys.stderr)
        return 2
    pack = Pack(Path(arguments[0]), arguments[2] if len(arguments) == 3 else None)
    try:
        pack.verify()
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        pack.wrong.append(f"the pack cannot be read to its end: {type(error).__name__}: {error}")
    for (level, part, end), count in sorted(pack.counts.items()):
        print(f"{level}  {part:<14} {end:<16} {count:,}")
    print("not checked: that inputs were true, that clocks were right, that boxes open under the keys their leaves commit to")
    for said in [*(f"note: {one}" for one in pack.notes), *(f"wrong: {one}" for one in pack.wrong)]:
        print(said)
    print("something is wrong" if pack.wrong else "nothing is wrong")
    return 1 if pack.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
