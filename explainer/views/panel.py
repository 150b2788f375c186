"""The why panel: one decision at a glance for the agent on the phone.

Ten seconds: outcome, what decided it, what speaks for and against.  Below: how close it
was, what is missing, what to say aloud and what the customer reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from explainer.decisions.deciding import BAND, RULE, SAFEGUARD, SCORE
from explainer.decisions.scoring import score
from explainer.explanations.reasons import AGAINST, FOR, RULE_REASON
from explainer.explanations.wording import AGENT, CLIPPED, CUSTOMER, Sentence, show_to_agent, show_value
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import part_of_software, sentences_of, with_a_person
from explainer.views.showing import local, page, show_push, show_score, show_similar, show_time

# Margin units from the nearest threshold: odds changed by less than a quarter; by less than e.
CLOSE, FAR = 0.22314355131420976, 1.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """The score on a scale from 0 to 1, with the thresholds of the pack's bands."""

    at: float  # score
    edges: tuple[float, ...]  # scores, lowest first
    shown: str  # as words
    distance: str  # as words; empty when the score did not decide

    @property
    def summary(self) -> str:
        """Score and distance in one line, for those who do not see the scale."""
        return f"{self.shown}. {self.distance}".strip()


@dataclass(frozen=True, slots=True)
class Push:
    """One line of the technical table."""

    label: str
    value: str
    push: str  # margin units, signed


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything the panel shows, already in words."""

    language: str
    languages: tuple[tuple[str, str], ...]  # the other languages of the pack: (code, its own name)
    words: Phrases
    outcome: str
    tone: str  # good | middle | bad: the colour, never the only sign
    subject: str
    case: str
    decided_at: str
    decided_by: str
    rules: tuple[Sentence, ...]
    reasons: dict[str, tuple[Sentence, ...]]  # for | against
    score_aside: bool  # a rule decided and the score is only shown
    gauge: Gauge | None
    rate: str | None
    missing: tuple[str, ...]
    disclosure: str
    customer: tuple[Sentence, ...]
    letter: str  # address of the letter
    release: str
    pushes: tuple[Push, ...]
    baseline: str
    margin: str
    history: tuple[tuple[str, str], ...]  # (time, what happened)


def build_panel(record: DecisionRecord, release: Release, locale: str, letter: str) -> Panel:
    """Put one record before an agent.

    Args:
        letter: address of the letter page.

    Raises:
        UnknownLanguage: the pack has no words in that language.
    """
    pack, phrases = release.pack, release.vocabulary.speak(locale)
    said, decision = sentences_of(record, AGENT, phrases.locale), record.explained.decision
    fired = {one.code for one in (record.explained.reasons or {}).get(AGENT, ()) if one.kind == RULE_REASON}
    outcome = phrases.say(f"outcome-{decision.outcome}")
    at = show_time(local(record.at, release.organisation), phrases)
    return Panel(
        language=phrases.locale,
        languages=tuple((one, _own_name(one)) for one in pack.languages if one != phrases.locale),
        words=phrases,
        outcome=outcome,
        tone=_tone(decision.outcome, pack),
        subject=phrases.say("pack-name"),
        case=record.case,
        decided_at=at,
        decided_by=_decided_by(record, release, phrases),
        rules=tuple(one for one in said if one.code in fired),
        reasons={way: tuple(one for one in said if one.code not in fired and one.direction == way) for way in (FOR, AGAINST)},
        score_aside=decision.decisive == RULE,
        gauge=_gauge(record, pack, phrases),
        rate=_rate(record, release, phrases),
        missing=_missing(record, pack, phrases),
        disclosure=phrases.say(f"disclosure-{part_of_software(record, pack)}"),
        customer=sentences_of(record, CUSTOMER, phrases.locale),
        letter=letter,
        release=record.release,
        pushes=_pushes(record, pack, phrases),
        baseline="" if record.explained.attribution is None else show_push(record.explained.attribution.baseline, phrases),
        margin="" if decision.margin is None else show_push(decision.margin, phrases),
        history=((at, f"{phrases.say('history-open' if with_a_person(record, pack) else 'history-decision')}: {outcome}"),),
    )


def as_page(panel: Panel) -> str:
    """The panel as a page."""
    return page("panel.html", panel=panel, say=panel.words.say)


def _own_name(language: str) -> str:
    """What a language calls itself: `español`."""
    return str(Locale.parse(language, sep="-").get_display_name(language.replace("-", "_")))


def as_text(panel: Panel) -> str:
    """The first ten seconds of the panel, for a terminal."""
    say = panel.words.say
    lines = [f"{panel.outcome}  ·  {panel.subject}, {say('panel-case')} {panel.case}  ·  {panel.decided_at}", panel.decided_by]
    for way in (FOR, AGAINST) if panel.reasons[FOR] or panel.reasons[AGAINST] else ():
        lines += ["", say(f"panel-{way}"), *(f"  {say(f'strength-{one.strength}'):<7} {one.text}" for one in panel.reasons[way])]
    if panel.gauge:
        lines += ["", f"{say('panel-score')}: {panel.gauge.summary}"]
    return "\n".join([*lines, *(f"{say('panel-missing')}: {lacking}" for lacking in panel.missing)])


def _tone(outcome: str, pack: Pack) -> str:
    if outcome == pack.person:
        return "middle"
    return {pack.bands[0].outcome: "good", pack.bands[-1].outcome: "bad"}.get(outcome, "middle")


def _decided_by(record: DecisionRecord, release: Release, phrases: Phrases) -> str:
    decision = record.explained.decision
    key = f"panel-by-{part_of_software(record, release.pack)}"
    if decision.decisive == RULE:
        rule = next(one for one in sentences_of(record, AGENT, phrases.locale) if one.code == decision.rule)
        return phrases.say(key, rule=rule.text)
    if decision.decisive in {SCORE, BAND} and decision.margin is not None:
        return phrases.say(key, score=show_score(decision.margin, release.pack, phrases))
    if decision.decisive == SAFEGUARD:
        return phrases.say(key, check=record.explained.safeguard or "")
    return phrases.say(key)


def _gauge(record: DecisionRecord, pack: Pack, phrases: Phrases) -> Gauge | None:
    decision = record.explained.decision
    if decision.margin is None or decision.distance is None:
        return None
    how_far = "close" if decision.distance < CLOSE else "far" if decision.distance >= FAR else "near"
    by_score = decision.decisive in {SCORE, BAND}  # nothing was close or far when a rule or a check of ours decided
    return Gauge(
        at=score(decision.margin),
        edges=tuple(sorted(score(band.at_least) for band in pack.bands if band.at_least is not None)),
        shown=show_score(decision.margin, pack, phrases),
        distance=phrases.say(f"panel-distance-{how_far}") if by_score else "",
    )


def _rate(record: DecisionRecord, release: Release, phrases: Phrases) -> str | None:
    margin = record.explained.decision.margin
    if margin is None:
        return None
    return show_similar(margin, release.uncertainty, phrases)


def _missing(record: DecisionRecord, pack: Pack, phrases: Phrases) -> tuple[str, ...]:
    row = record.explained.row
    said = []
    for feature in pack.features:
        label, change = phrases.say(f"feature-{feature.name}"), row.adjusted.get(feature.name)
        value = show_value(feature, row.facts[feature.name], phrases)
        if change:
            said.append(phrases.say(f"panel-{change}", label=label, **({"value": value} if change == CLIPPED else {})))
        elif row.facts[feature.name] is None:
            said.append(phrases.say("panel-missing-value", label=label, value=value))
    return tuple(said)


def _pushes(record: DecisionRecord, pack: Pack, phrases: Phrases) -> tuple[Push, ...]:
    split, row = record.explained.attribution, record.explained.row
    if split is None:
        return ()

    def shown(name: str) -> str:
        return show_to_agent(pack.feature[name], row.facts[name], phrases, row.adjusted.get(name))

    ranked = sorted(zip(split.features, map(float, split.phi), strict=True), key=lambda one: -abs(one[1]))
    return tuple(Push(phrases.say(f"feature-{name}"), shown(name), show_push(push, phrases)) for name, push in ranked)
