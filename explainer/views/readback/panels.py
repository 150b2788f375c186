"""Panels read back: whether what an agent reads is what the record holds: outcome, score, distance, threshold, reasons, history.

A panel is written anew whenever it is opened, from words that were checked with the decision
and from others that were not; here those that speak of the decision are held against the record.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from explainer.attributions.attribution import LOCAL_ACCURACY, Attribution
from explainer.decisions.deciding import BAND, PERMISSION, SCORE
from explainer.decisions.scoring import score
from explainer.explanations.hearing import hear, says_fact, says_whole
from explainer.explanations.reasons import AGAINST, FOR, strength_of
from explainer.explanations.standing import says_score, wrong_similar, wrong_standing
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, UNKNOWN
from explainer.packs.definition import Feature, Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import part_of_software, sentences_of, with_a_person
from explainer.views.panel import Panel, Since
from explainer.views.readback.histories import wrong_history
from explainer.views.showing import FEWEST
from explainer.views.waterfall import Waterfall

LABEL = "\x01"  # no phrase holds it
DRAWN = 1e-6  # percent of the width of a picture


def misprints(panel: Panel, record: DecisionRecord, release: Release, *, since: Sequence[Since] = ()) -> list[str]:
    """Where a panel, read back from its words, does not say what its record holds: one line for each finding.

    Args:
        since: what happened to the decision afterwards, oldest first.
    """
    found = [*_wrong_heading(panel, record, release.pack), *_wrong_score(panel, record, release)]
    found += [*_wrong_sentences(panel, record, release.pack), *_wrong_missing(panel, record, release.pack)]
    found += [*_wrong_drawing(panel, record, release.pack), *wrong_history(panel, record, release, since)]
    return [f"panel in {panel.language}: {why}" for why in found]


def _wrong_heading(panel: Panel, record: DecisionRecord, pack: Pack) -> Iterator[str]:
    """Case, outcome, what decided it, and software's part as it is said aloud and read by the customer."""
    phrases, decision, part = panel.words, record.explained.decision, part_of_software(record, pack)
    if panel.heading.case != record.case:
        yield "it names another case"
    if panel.release != record.release:
        yield "it names another release"
    if hear("pack-name", panel.heading.subject, phrases) is None:
        yield "it names another subject"
    if hear(f"outcome-{decision.outcome}", panel.heading.outcome, phrases) is None:
        yield "it tells another outcome"
    if panel.heading.tone != _tone(decision.outcome, pack):
        yield "its colour is that of another outcome"
    heard = hear(f"panel-by-{part}", panel.heading.decided_by, phrases)
    rule = next((one.text for one in sentences_of(record, AGENT, panel.language) if one.code == decision.rule), None)
    says = {"rule": lambda words: words == rule, "check": lambda words: words == (record.explained.safeguard or "")}
    says["score"] = lambda words: decision.margin is not None and says_score(words, decision.margin, pack, phrases)
    if heard is None or not all(name in says and says[name](words) for name, words in heard.items()):
        yield "it tells otherwise what decided"
    opening, aloud = panel.reading.opening, panel.disclosure
    for headline, said in (opening[:2], aloud[:2] if len(aloud) > 1 else ("", "")):
        if hear(f"outcome-{decision.outcome}.headline", headline, phrases) is None or hear(f"part-{part}", said, phrases) is None:
            yield "it tells otherwise what the customer reads or hears"


def _tone(outcome: str, pack: Pack) -> str:
    """The colour of an outcome by its place among those that bands lead to."""
    decided = [band.outcome for band in pack.bands]
    if outcome == pack.person or outcome not in (decided[0], decided[-1]):
        return "middle"
    return "good" if outcome == decided[0] else "bad"


def _wrong_drawing(panel: Panel, record: DecisionRecord, pack: Pack) -> Iterator[str]:
    """The picture of how the score came about: each step's length, way and order, its ends, and the thresholds."""
    drawn, split = panel.waterfall, record.explained.attribution
    if (drawn is None) != (split is None):
        yield "a picture of a score that is not there, or none of one that is"
    if drawn is None or split is None:
        return
    push = {name: float(moved) for name, moved in zip(split.features, split.phi, strict=True)}
    told = [one for one in (record.explained.reasons or {}).get(AGENT, ()) if one.push is not None]
    moved = [math.fsum(push[name] for name in pack.members[one.code]) for one in told]
    left = split.margin - split.baseline - math.fsum(moved)
    moved += [left] if abs(left) > LOCAL_ACCURACY else []
    names = [_name_of(one.code, pack, panel.words) for one in told] + [panel.words.say("waterfall-rest")] * (len(moved) - len(told))
    if [bar.label for bar in drawn.bars] != names:
        yield "a step of its picture has another name"
    scale = (drawn.end - drawn.start) / (split.margin - split.baseline) if split.margin != split.baseline else None
    places = [drawn.start, *(bar.end for bar in drawn.bars)]
    if len(moved) != len(drawn.bars) or [bar.start for bar in drawn.bars] != places[:-1]:
        yield "its picture has other steps, or they do not follow each other"
        return
    for bar, length in zip(drawn.bars, moved, strict=True):
        if bar.way != (FOR if length > 0 else AGAINST) or bar.strength != strength_of(length):
            yield "a step of its picture goes another way, or is called otherwise"
        if scale is not None and not abs(bar.end - bar.start - length * scale) <= DRAWN:
            yield "a step of its picture has another length"
    yield from _wrong_ends(drawn, split, scale, pack=pack, phrases=panel.words)


def _name_of(group: str, pack: Pack, phrases: Phrases) -> str:
    """What a group is called: by words of its own, or by those of its one feature."""
    return phrases.say(f"group-{group}" if phrases.knows(f"group-{group}") else f"feature-{pack.members[group][0]}")


def _wrong_ends(drawn: Waterfall, split: Attribution, scale: float | None, *, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """Where the picture begins and ends, and its thresholds: where they stand, and the outcomes beyond them."""
    edges = [(one.at_least, one.outcome) for one in reversed(pack.bands) if one.at_least is not None]
    if [one.outcome for one in drawn.thresholds] != [phrases.say(f"outcome-{outcome}") for _, outcome in edges]:
        yield "its picture shows other thresholds"
    for line, (edge, _) in zip(drawn.thresholds, edges, strict=False):
        if scale is not None and not abs(line.at - drawn.start - (edge - split.baseline) * scale) <= DRAWN:
            yield "a threshold stands elsewhere in its picture"
    ends = ((drawn.start_score, split.baseline), (drawn.end_score, split.margin))
    if not all(says_score(words, margin, pack, phrases) for words, margin in ends):
        yield "its picture leads from or to another score"


def _wrong_score(panel: Panel, record: DecisionRecord, release: Release) -> Iterator[str]:
    """The score, how close it was to which threshold, as words and as it is drawn, and similar cases."""
    phrases, pack, decision, gauge = panel.words, release.pack, record.explained.decision, panel.gauge
    if (gauge is None) != (decision.margin is None or decision.distance is None):
        yield "it shows a score where there is none, or none where there is one"
    if decision.margin is None:
        if panel.similar is not None:
            yield "similar cases: there is no score"
        return
    yield from wrong_similar(panel.similar, decision.margin, release.uncertainty, fewest=FEWEST, phrases=phrases)
    if gauge is None:
        return
    if not says_score(gauge.shown, decision.margin, pack, phrases):
        yield "it says another score"
    meant = hear("panel-score-of", gauge.meaning or "", phrases) or {}
    if phrases.knows("panel-score-of") and hear("score-event", meant.get("event", ""), phrases) is None:
        yield "it says of something else what the score is"
    if "n" in meant and not says_whole(meant["n"], 100 * score(decision.margin), phrases):
        yield "it says of another share of cases what the score is"
    thresholds = map(score, reversed(pack.thresholds))
    if (gauge.at, *gauge.edges) != (score(decision.margin), *thresholds):
        yield "it draws another score or other thresholds"
    if (gauge.standing is None) != (decision.decisive not in {SCORE, BAND}):
        yield "it calls something close that the score did not decide, or not what it did"
    if gauge.standing:
        yield from wrong_standing(gauge.standing, decision.margin, pack, phrases)


def _wrong_sentences(panel: Panel, record: DecisionRecord, pack: Pack) -> Iterator[str]:
    """Recorded sentences, which were checked with the decision: each in its place, and none besides."""
    told = {reader: sentences_of(record, reader, panel.language) for reader in (AGENT, CUSTOMER, RECOURSE)}
    fired = {one.code for one in record.explained.decision.fired}
    weighed = [one for one in told[AGENT] if one.code not in fired]
    for way in (FOR, AGAINST):
        if [*panel.why.sides[way]] != [one for one in weighed if one.direction == way]:
            yield f"its reasons {way} are not the recorded ones in their order"
    aside = [one for one in told[AGENT] if one.code in fired and one.code != record.explained.decision.rule]
    if (*panel.why.rules, *panel.recourse, *panel.reading.reasons) != (*aside, *told[RECOURSE], *told[CUSTOMER]):
        yield "its rules, changes or the customer's reasons are not the recorded ones in their order"
    most = [f"{panel.words.say('say-most')} {one.text}" for one in told[CUSTOMER][:1]]
    aloud = [*most, *(one.text for one in told[RECOURSE][:1])]
    best = record.explained.decision.outcome == pack.outcomes[0].code and panel.words.knows("say-person.best")
    people = [] if with_a_person(record, pack) else [panel.words.say("say-person.best" if best else "say-person")]
    if [*panel.disclosure[2:]] != [*aloud, *people]:
        yield "it says another reason aloud"


def _wrong_missing(panel: Panel, record: DecisionRecord, pack: Pack) -> Iterator[str]:
    """Facts that were not given, or not taken as given."""
    row, seen = record.explained.row, record.explained.decision.decisive != PERMISSION
    lacking = [one for one in pack.features if seen and (row.facts[one.name] is None or one.name in row.adjusted)]
    if len(panel.missing) != len(lacking):
        yield f"{len(panel.missing)} missing facts for {len(lacking)}"
    for said, feature in zip(panel.missing, lacking, strict=False):
        if not _says_missing(said, feature, record, panel.words):
            yield f"its words do not say what became of {feature.name}"


def _says_missing(said: str, feature: Feature, record: DecisionRecord, phrases: Phrases) -> bool:
    row = record.explained.row
    fact, change = row.facts[feature.name], row.adjusted.get(feature.name)
    # A label may hold what stands between label and value, so it is heard as one sign.
    heard = hear(f"panel-{change or 'missing-value'}", said.replace(phrases.say(f"feature-{feature.name}"), LABEL, 1), phrases)
    if heard is None or heard.get("label") != LABEL:
        return False
    if "value" not in heard:
        return change == UNKNOWN
    private = feature.sensitive and fact is not None
    return (
        (hear("value-private", heard["value"], phrases) is not None)
        if private
        else says_fact(feature, heard["value"], fact, phrases)
    )
