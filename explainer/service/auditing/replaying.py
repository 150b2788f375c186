"""Replaying: decisions again, from their stored bytes to the letters that left, and the result remembered.

One decision, or all since a day on every core.  Each run is an entry of kind `replay`: what
was asked, how each comparison ended, and which decisions differ; it says nothing about a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from explainer import __version__
from explainer.audit.opinions import opinions
from explainer.audit.replay import Case, Means, replay
from explainer.errors import EntryTampered, ExplainerError, Forked, NotSealed, ReleaseMissing, ReleaseTampered, UnknownDecision
from explainer.ledger.again.rereading import Reread, Rereader, root_of
from explainer.ledger.canonical import digest, encode
from explainer.ledger.store import SYSTEM, Draft, Receipt, Terms
from explainer.packs.release import Release
from explainer.record import body_of, numbers_of
from explainer.service import inspect
from explainer.service.decide import DECISION, day_of
from explainer.service.inspect import LETTER, REPLAY, Remembered, Wanted
from explainer.service.wiring import Services
from explainer.verify import ABSTAINED, DIFFERS, ERASED, SAME, Finding

Key = TypeVar("Key", str, date)

LEDGER = "ledger"  # who compared what is stored
TOGETHER = 500  # decisions read and replayed at a time
MOST_NAMED = 100  # decisions that differ, named in the entry; of those that could not be compared, shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What is replayed, and how far."""

    by: str  # who asks; kept in the ledger
    ids: tuple[str, ...] = ()  # none: all
    since: datetime | None = None
    full: bool = False  # a second opinion on attributions, recourse, words and letters too
    lightgbm: bool = False  # a third opinion on margins, and shap's on attributions

    @property
    def left_out(self) -> tuple[str, ...]:
        """Which comparisons nobody asked for."""
        return () if self.full else ("E2 attributions (counting)", "E3 reasons, recourse, words and letters")


@dataclass
class Result:
    """How a run ended: counts of every comparison, and what was not the same."""

    decisions: int = 0
    counts: Counter[Finding] = field(default_factory=Counter)  # without their reasons
    unequal: list[tuple[str, Finding]] = field(default_factory=list)  # decision id, what differs or could not be compared

    def add(self, decision_id: str, findings: Iterable[Finding]) -> None:
        """Take in the findings about one decision."""
        self.decisions += 1
        for one in findings:
            self.note(decision_id, one)

    def note(self, decision_id: str, one: Finding) -> None:
        """Take in one finding."""
        self.counts[one._replace(why="") if one.why else one] += 1
        if one.end == DIFFERS or (one.end != SAME and len(self.unequal) < MOST_NAMED):
            self.unequal.append((decision_id, one))

    def join(self, other: Result) -> None:
        """Take in what another process found."""
        self.decisions += other.decisions
        self.counts += other.counts
        self.unequal += other.unequal

    @property
    def differs(self) -> bool:
        """Whether anything is not what it was."""
        return any(one.end == DIFFERS for one in self.counts)


class _Read(NamedTuple):
    """One decision on its way: its entry, how that compared with what was sealed, and what it says."""

    receipt: Receipt
    stored: list[Finding]
    case: Case


def _by(cases: Iterable[_Read], key: Callable[[_Read], Key]) -> Iterator[tuple[Key, list[_Read]]]:
    """Cases that have something in common, together."""
    found = defaultdict[Key, list[_Read]](list)
    for one in cases:
        found[key(one)].append(one)
    yield from found.items()


class Replayer:
    """Replays decisions of one deployment; what belongs to a release is made ready once."""

    def __init__(self, services: Services, asked: Asked) -> None:
        self._services, self._asked = services, asked
        self._means: dict[str, Means] = {}
        self.again = Rereader(services.engine, services.vault)

    def replay(self, ids: Iterable[str]) -> Result:
        """Replay some decisions; those of one release and day travel together."""
        result, cases = Result(), list[_Read]()
        for one in self.again.read(ids):
            if one.stored.kind != DECISION or (self._asked.since and one.opened and one.opened.at < self._asked.since):
                continue  # an id is never older than the time that its entry claims, and may be newer
            stored = list(self._stored(one))
            if one.opened is None or one.opened.body is None:
                result.add(one.stored.id, stored)
            else:  # read at once, while its bytes are near
                receipt = Receipt(one.stored.id, one.stored.leaf_hash.hex(), one.opened.at)
                cases.append(_Read(receipt, stored, self._case(one.opened.body)))
        for read, findings in self._travel(cases):
            result.add(read.receipt.id, findings)
        return result

    def _case(self, data: bytes) -> Case:
        return Case(body_of(data) if self._asked.full else numbers_of(data))

    def _stored(self, one: Reread) -> Iterator[Finding]:
        """E0: leaf and box, and their place in the tree."""
        yield Finding("E0", "leaf and box", DIFFERS if one.opened is None else SAME, one.wrong, LEDGER)
        if one.number is None:
            yield Finding("E0", "proof", ABSTAINED, "not sealed yet", LEDGER)
        else:
            yield Finding(
                "E0", "proof", SAME if one.in_tree else DIFFERS, "" if one.in_tree else "not the leaf that was sealed", LEDGER
            )
        if one.opened is not None and one.opened.body is None:
            yield Finding("E1", "decision", ERASED, "the customer was erased", LEDGER)

    def _travel(self, cases: Iterable[_Read]) -> Iterator[tuple[_Read, list[Finding]]]:
        for name, together in _by(cases, lambda one: str(one.case.body["release"])):
            try:
                means = self._of(name)
            except (ReleaseMissing, ReleaseTampered) as error:
                end = DIFFERS if isinstance(error, ReleaseTampered) else ABSTAINED
                yield from ((one, [*one.stored, Finding("E1", "release", end, str(error), LEDGER)]) for one in together)
                continue
            yield from self._of_release(together, means)

    def _of_release(self, cases: Sequence[_Read], means: Means) -> Iterator[tuple[_Read, list[Finding]]]:
        # whatever their day: nearly all of an opinion's time goes into the reference population
        judged = opinions([one.case for one in cases], means) if self._asked.full else [[]] * len(cases)
        by_other_means = {one.receipt.id: found for one, found in zip(cases, judged, strict=True)}
        for on, together in _by(cases, lambda one: day_of(datetime.fromisoformat(one.case.body["at"]), means.release)):
            found = replay([one.case for one in together], on, means, full=self._asked.full)
            for one, findings in zip(together, found, strict=True):
                letters = self._letters(one, means.release) if self._asked.full else ()
                yield one, [*one.stored, *findings, *by_other_means[one.receipt.id], *letters]

    def _of(self, release_digest: str) -> Means:
        if release_digest not in self._means:
            release = self._services.registry.open(release_digest)
            booster = None
            if self._asked.lightgbm:
                from explainer.training.recipe import open_booster  # heavy

                booster = open_booster(release.model_text)
            self._means[release_digest] = Means.of(release, self._services.kernel(release), booster)
        return self._means[release_digest]

    def _seal(self, decision_id: str) -> str | None:
        """The number of a decision's seal, as letters have carried it since; None: not sealed yet, or the tree is damaged."""
        try:
            signed = self._services.proofs().sealing(decision_id)
        except Forked:
            return None
        return signed.checkpoint.short if signed else None

    def _letters(self, one: _Read, release: Release) -> Iterator[Finding]:
        """E3: each letter that left, written again; the ledger keeps its digest."""
        found = Remembered(one.case.record, release, one.receipt, self._seal(one.receipt.id))
        for view in inspect.views_of(found, self._services):
            if view["view"] != LETTER:
                continue
            part = f"letter {view['form']} {view['locale']}"
            wanted = Wanted(view["form"], view["locale"], view["pdf"])
            try:
                # a letter that left before the case was sealed had no number
                written = {digest(inspect.compose(told, wanted, self._services)) for told in (found, replace(found, seal=None))}
            except ExplainerError as error:
                yield Finding("E3", part, ABSTAINED, str(error), LEDGER)
                continue
            if view["sha256"] in written:
                yield Finding("E3", part, SAME, "", LEDGER)
            elif view["written_by"] != __version__:
                yield Finding("E3", part, ABSTAINED, f"laid out by version {view['written_by']} of this program", LEDGER)
            else:
                yield Finding("E3", part, DIFFERS, "not the bytes that were sent", LEDGER)


def replay_some(asked: Asked, services: Services) -> Result:
    """Replay the decisions that were named, and remember how it ended.

    Raises:
        UnknownDecision: an id is no decision's; nothing is remembered.
    """
    replayer = Replayer(services, asked)
    result = replayer.replay(asked.ids)
    if result.decisions != len(set(asked.ids)):
        raise UnknownDecision
    for one in dict.fromkeys(asked.ids):
        result.note(one, _proof(one, services))
    remember(asked, result, services)
    return result


def _proof(decision_id: str, services: Services) -> Finding:
    """E0: the path from the leaf to the signed root."""
    try:
        found = services.proofs().inclusion(decision_id)
    except NotSealed:
        return Finding("E0", "checkpoint", ABSTAINED, "not sealed yet", LEDGER)
    except (EntryTampered, Forked) as error:
        return Finding("E0", "checkpoint", DIFFERS, str(error), LEDGER)
    return Finding("E0", "checkpoint", SAME if found else DIFFERS, "", LEDGER)


def check_tree(services: Services) -> Finding:
    """E0 of a whole run: the stored leaf hashes give the root that was signed."""
    try:
        signed = services.proofs().newest().checkpoint
    except NotSealed:
        return Finding("E0", "checkpoint", ABSTAINED, "nothing is sealed yet", LEDGER)
    except Forked as error:
        return Finding("E0", "checkpoint", DIFFERS, str(error), LEDGER)
    hashes = Rereader(services.engine, services.vault).leaf_hashes(signed.size)
    equal = len(hashes) == signed.size and root_of(hashes) == signed.root
    return Finding(
        "E0", "checkpoint", SAME if equal else DIFFERS, "" if equal else "the leaves do not give the signed root", LEDGER
    )


def remember(asked: Asked, result: Result, services: Services) -> None:
    """Keep in the ledger that decisions were replayed, and how it ended."""
    named = [[decision, *one[:3], one.by] for decision, one in result.unequal if one.end == DIFFERS]
    about = asked.ids[0] if len(asked.ids) == 1 else None
    said = {
        "v": 1,
        "by": asked.by,
        "about": about,
        "since": asked.since and asked.since.isoformat(),
        "full": asked.full,
        "decisions": result.decisions,
        "replayed_by": __version__,
        "counts": [[*one[:3], one.by, count] for one, count in sorted(result.counts.items())],
        "differs": named[:MOST_NAMED],
    }
    draft = Draft(services.new_id(), REPLAY, services.clock(), SYSTEM, encode(said), Terms(about=about), refs=asked.ids)
    services.ledger.append(draft)


Tell = Callable[[int, int], None]  # decisions done, in all
