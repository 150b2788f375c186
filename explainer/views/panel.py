"""The why panel: one decision at a glance for the agent on the phone.

Ten seconds: outcome, what decided it, how close it was, what speaks for and against.
Below: what is missing, what to say aloud, what would have changed it, what the customer
reads, and how the score came about.  Numbers of the model stay with integrators and auditors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from explainer.decisions.deciding import BAND, PERMISSION, RULE, SAFEGUARD, SCORE
from explainer.decisions.scoring import score
from explainer.explanations.reasons import AGAINST, FOR, RULE_REASON
from explainer.explanations.standing import Standing, beyond, how_close, side
from explainer.explanations.wording import AGENT, CLIPPED, CUSTOMER, RECOURSE, Sentence, show_to_agent
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import part_of_software, sentences_of, with_a_person
from explainer.views.showing import language_name, local, own_name, page, show_place, show_score, show_similar, show_time
from explainer.views.waterfall import Waterfall, build_waterfall

FIRST = 3  # reasons of each side that are seen at once; the others open on request


@dataclass(frozen=True, slots=True)
class Heading:
    """What was decided, about what, and what decided it."""

    outcome: str
    tone: str  # good | middle | bad: the colour, never the only sign
    subject: str
    case: str
    decided_at: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """The score on a scale from 0 to 1, with the thresholds of the pack's bands."""

    at: float  # score
    edges: tuple[float, ...]  # scores, lowest first
    shown: str  # as words
    standing: Standing | None  # None when the score did not decide
    meaning: str | None  # what it is a score of; None: a release made before has no words for it

    @property
    def distance(self) -> str:
        """How close it was, and to what, as words; empty when the score did not decide."""
        return self.standing.text if self.standing else ""

    @property
    def zone(self) -> tuple[float, float]:
        """Where it stands: from the threshold below to the one above; nowhere in particular when the score did not decide."""
        ends = (0.0, *self.edges, 1.0)
        above = next(edge for edge in (*self.edges, 1.0) if self.at < edge or edge == 1.0)
        return (ends[ends.index(above) - 1], above) if self.distance else (0.0, 0.0)

    @property
    def summary(self) -> str:
        """Score and distance in one line, for those who do not see the scale."""
        return f"{self.shown}. {self.distance}".strip()


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for and against, with the case's values, strongest first."""

    sides: dict[str, tuple[Sentence, ...]]  # for | against
    rules: tuple[Sentence, ...]  # that fired but did not decide
    score_aside: bool  # a rule decided and the score is only shown

    @property
    def is_empty(self) -> bool:
        """Whether nothing was weighed: the model was not called, or a check of ours refused."""
        return not any(self.sides.values())

    def first(self, way: str) -> tuple[Sentence, ...]:
        """The few that are seen at once."""
        return self.sides[way][:FIRST]

    def others(self, way: str) -> tuple[Sentence, ...]:
        """Those that open on request."""
        return self.sides[way][FIRST:]


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to a decision after it was made: a letter left, or a person was asked."""

    at: datetime  # UTC
    what: str  # the door by which a letter left, or `referral`
    form: str = ""  # html | text | pdf, of a letter
    locale: str = ""  # of a letter


@dataclass(frozen=True, slots=True)
class Reading:
    """What the customer reads: the letter's opening and reasons, and where the letter is."""

    opening: tuple[str, ...]
    reasons: tuple[Sentence, ...]
    letter: str  # address


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel shows, already in words."""

    words: Phrases
    languages: tuple[tuple[str, str], ...]  # the other languages of the pack: (code, its own name)
    heading: Heading
    gauge: Gauge | None
    why: Why
    missing: tuple[str, ...]
    disclosure: tuple[str, ...]  # to say aloud, paragraph by paragraph
    recourse: tuple[Sentence, ...]
    reading: Reading
    similar: str | None  # how past cases with a similar score ended
    waterfall: Waterfall | None
    history: tuple[tuple[str, str], ...]  # (time, what happened and how often)
    times: str  # on whose clock these times are
    release: str

    @property
    def language(self) -> str:
        """The language it is written in."""
        return self.words.locale


def build_panel(record: DecisionRecord, release: Release, locale: str, letter: str, *, since: Sequence[Since] = ()) -> Panel:
    """Put one record before an agent.

    Args:
        letter: address of the letter page.
        since: what happened to the decision afterwards, oldest first.

    Raises:
        UnknownLanguage: the pack has no words in that language.
    """
    pack, phrases = release.pack, release.vocabulary.speak(locale)
    heading, margin = _heading(record, release, phrases), record.explained.decision.margin
    return Panel(
        words=phrases,
        languages=tuple((one, own_name(one)) for one in pack.languages if one != phrases.locale),
        heading=heading,
        gauge=_gauge(record, pack, phrases),
        why=_why(record, phrases),
        missing=tuple(_missing(record, pack, phrases)),
        disclosure=tuple(_disclosure(record, pack, phrases)),
        recourse=sentences_of(record, RECOURSE, phrases.locale),
        reading=_reading(record, pack, phrases, letter),
        similar=None if margin is None else show_similar(margin, release.uncertainty, phrases),
        waterfall=build_waterfall(record, pack, phrases),
        history=(_history(record, heading, pack, phrases), *_afterwards(since, release, phrases)),
        times=phrases.say("history-times", place=show_place(release.organisation, phrases)),
        release=record.release,
    )


def as_page(panel: Panel, *, framed: bool = False) -> str:
    """The panel as a page.

    Args:
        framed: inside a desktop, which chooses the language; the letter opens beside it.
    """
    return page("panel.html", panel=panel, say=panel.words.say, framed=framed)


def as_text(panel: Panel) -> str:
    """The first ten seconds of the panel, for a terminal."""
    say, head = panel.words.say, panel.heading
    lines = [f"{head.outcome}  ·  {head.subject}, {say('panel-case')} {head.case}  ·  {head.decided_at}", head.decided_by]
    for way, found in () if panel.why.is_empty else panel.why.sides.items():
        lines += ["", say(f"panel-{way}"), *(f"  {say(f'strength-{one.strength}'):<7} {one.text}" for one in found)]
    if panel.gauge:
        lines += ["", f"{say('panel-score')}: {panel.gauge.summary}"]
    return "\n".join([*lines, *(f"{say('panel-missing')}: {lacking}" for lacking in panel.missing)])


def _heading(record: DecisionRecord, release: Release, phrases: Phrases) -> Heading:
    outcome = record.explained.decision.outcome
    return Heading(
        outcome=phrases.say(f"outcome-{outcome}"),
        tone=_tone(outcome, release.pack),
        subject=phrases.say("pack-name"),
        case=record.case,
        decided_at=show_time(local(record.at, release.organisation), phrases),
        decided_by=_decided_by(record, release.pack, phrases),
    )


def _tone(outcome: str, pack: Pack) -> str:
    if outcome == pack.person:
        return "middle"
    return {pack.bands[0].outcome: "good", pack.bands[-1].outcome: "bad"}.get(outcome, "middle")


def _decided_by(record: DecisionRecord, pack: Pack, phrases: Phrases) -> str:
    decision = record.explained.decision
    key = f"panel-by-{part_of_software(record, pack)}"
    if decision.decisive == RULE:
        rule = next(one for one in sentences_of(record, AGENT, phrases.locale) if one.code == decision.rule)
        return phrases.say(key, rule=rule.text)
    if decision.decisive in {SCORE, BAND} and decision.margin is not None:
        return phrases.say(key, score=show_score(decision.margin, pack, phrases))
    if decision.decisive == SAFEGUARD:
        return phrases.say(key, check=record.explained.safeguard or "")
    return phrases.say(key)


def _gauge(record: DecisionRecord, pack: Pack, phrases: Phrases) -> Gauge | None:
    decision = record.explained.decision
    if decision.margin is None or decision.distance is None:
        return None
    edges = pack.thresholds[::-1]
    by_score = decision.decisive in {SCORE, BAND}  # nothing was close or far when a rule or a check of ours decided
    return Gauge(
        at=score(decision.margin),
        edges=tuple(map(score, edges)),
        shown=show_score(decision.margin, pack, phrases),
        standing=_standing(decision.margin, decision.distance, edges, pack=pack, phrases=phrases) if by_score else None,
        meaning=_meaning(decision.margin, phrases) if phrases.knows("panel-score-of") else None,
    )


def _meaning(margin: float, phrases: Phrases) -> str:
    """What it is a score of; some releases have words that do not say how many."""
    return phrases.say("panel-score-of", n=round(100 * score(margin)), event=phrases.say("score-event"))


def _standing(margin: float, distance: float, edges: Sequence[float], *, pack: Pack, phrases: Phrases) -> Standing:
    """How close it was, and to what."""
    how, nearest = how_close(distance), min(edges, key=lambda edge: abs(edge - margin))
    other = phrases.say(f"outcome-{beyond(nearest, margin, pack)}")
    way, shown = side(nearest, margin), show_score(nearest, pack, phrases)
    threshold = phrases.say("panel-threshold", way=way, score=shown, outcome=other)
    return Standing(how, nearest, phrases.say(f"panel-distance-{how}"), threshold)


def _why(record: DecisionRecord, phrases: Phrases) -> Why:
    said, decision = sentences_of(record, AGENT, phrases.locale), record.explained.decision
    fired = {one.code for one in (record.explained.reasons or {}).get(AGENT, ()) if one.kind == RULE_REASON}
    weighed = [one for one in said if one.code not in fired]
    return Why(
        sides={way: tuple(one for one in weighed if one.direction == way) for way in (FOR, AGAINST)},
        rules=tuple(one for one in said if one.code in fired and one.code != decision.rule),
        score_aside=decision.decisive == RULE,
    )


def _missing(record: DecisionRecord, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """Each fact that was not given, or not taken as given; nothing where no model looked at any."""
    if record.explained.decision.decisive == PERMISSION:
        return
    row = record.explained.row
    for feature in pack.features:
        label, change = phrases.say(f"feature-{feature.name}"), row.adjusted.get(feature.name)
        value = show_to_agent(feature, row.facts[feature.name], phrases)
        if change:
            yield phrases.say(f"panel-{change}", label=label, **({"value": value} if change == CLIPPED else {}))
        elif row.facts[feature.name] is None:
            yield phrases.say("panel-missing-value", label=label, value=value)


def _reading(record: DecisionRecord, pack: Pack, phrases: Phrases, letter: str) -> Reading:
    headline = phrases.say(f"outcome-{record.explained.decision.outcome}.headline")
    part = phrases.say(f"part-{part_of_software(record, pack)}")
    return Reading((headline, part), sentences_of(record, CUSTOMER, phrases.locale), letter)


def _disclosure(record: DecisionRecord, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What to say aloud: outcome, software's part, the reason that counted most, what would have changed it, and whom to ask."""
    yield phrases.say(f"outcome-{record.explained.decision.outcome}.headline")
    yield phrases.say(f"part-{part_of_software(record, pack)}")
    decisive = sentences_of(record, CUSTOMER, phrases.locale)[:1]
    yield from (f"{phrases.say('say-most')} {one.text}" for one in decisive)
    yield from (one.text for one in sentences_of(record, RECOURSE, phrases.locale)[:1])
    if not with_a_person(record, pack):
        best = pack.favour(record.explained.decision.outcome) == 0 and phrases.knows("say-person.best")  # a release may be older
        yield phrases.say("say-person.best" if best else "say-person")


def _history(record: DecisionRecord, heading: Heading, pack: Pack, phrases: Phrases) -> tuple[str, str]:
    happened = phrases.say("history-open" if with_a_person(record, pack) else "history-decision")
    return heading.decided_at, phrases.say("letter-pair", name=happened, value=heading.outcome)


def _afterwards(since: Sequence[Since], release: Release, phrases: Phrases) -> Iterator[tuple[str, str]]:
    """What follows each other and is alike stands on one line, with how often and when it was last."""
    for what, alike in groupby(since, lambda one: _what_happened(one, phrases)):
        first, *others = (show_time(local(one.at, release.organisation), phrases) for one in alike)
        yield first, phrases.say("history-again", what=what, n=len(others) + 1, last=others[-1]) if others else what


def _what_happened(one: Since, phrases: Phrases) -> str:
    what = phrases.say(f"history-{one.what}")
    if not one.form:
        return what
    form, language = phrases.say(f"history-form-{one.form}"), language_name(one.locale, phrases.locale)
    return phrases.say("history-letter", what=what, form=form, language=language)
