"""Panels read back: whether what an agent reads is what the record holds: outcome, score, distance, threshold, reasons.

A panel is written anew whenever it is opened, from words that were checked with the decision
and from others that were not; here those that speak of the decision are held against the record.
What is drawn beside them, the history and the links are not read back.
"""

from __future__ import annotations

from collections.abc import Iterator

from explainer.decisions.deciding import BAND, PERMISSION, SCORE
from explainer.decisions.scoring import score
from explainer.explanations.hearing import hear, says_fact
from explainer.explanations.reasons import AGAINST, FOR
from explainer.explanations.standing import says_score, wrong_similar, wrong_standing
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, UNKNOWN
from explainer.packs.definition import Feature, Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import part_of_software, sentences_of
from explainer.views.panel import Panel
from explainer.views.showing import FEWEST

LABEL = "\x01"  # no phrase holds it


def misprints(panel: Panel, record: DecisionRecord, release: Release) -> list[str]:
    """Where a panel, read back from its words, does not say what its record holds: one line for each finding."""
    found = [*_wrong_heading(panel, record, release.pack), *_wrong_score(panel, record, release)]
    found += [*_wrong_sentences(panel, record), *_wrong_missing(panel, record, release.pack)]
    return [f"panel in {panel.language}: {why}" for why in found]


def _wrong_heading(panel: Panel, record: DecisionRecord, pack: Pack) -> Iterator[str]:
    """Case, outcome, what decided it, and software's part as it is said aloud and read by the customer."""
    phrases, decision, part = panel.words, record.explained.decision, part_of_software(record, pack)
    if panel.heading.case != record.case:
        yield "it names another case"
    if hear(f"outcome-{decision.outcome}", panel.heading.outcome, phrases) is None:
        yield "it tells another outcome"
    heard = hear(f"panel-by-{part}", panel.heading.decided_by, phrases)
    rule = next((one.text for one in sentences_of(record, AGENT, panel.language) if one.code == decision.rule), None)
    says = {"rule": lambda words: words == rule, "check": lambda words: words == (record.explained.safeguard or "")}
    says["score"] = lambda words: decision.margin is not None and says_score(words, decision.margin, pack, phrases)
    if heard is None or not all(name in says and says[name](words) for name, words in heard.items()):
        yield "it tells otherwise what decided"
    opening, first = panel.reading.opening, panel.disclosure[0] if panel.disclosure else ""
    if hear(f"outcome-{decision.outcome}.headline", opening[0], phrases) is None or any(
        hear(f"part-{part}", one, phrases) is None for one in (opening[1], first)
    ):
        yield "it tells otherwise what the customer reads or hears"


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
    thresholds = [score(band.at_least) for band in reversed(pack.bands) if band.at_least is not None]
    if (gauge.at, *gauge.edges) != (score(decision.margin), *thresholds):
        yield "it draws another score or other thresholds"
    if (gauge.standing is None) != (decision.decisive not in {SCORE, BAND}):
        yield "it calls something close that the score did not decide, or not what it did"
    if gauge.standing:
        yield from wrong_standing(gauge.standing, decision.margin, pack, phrases)


def _wrong_sentences(panel: Panel, record: DecisionRecord) -> Iterator[str]:
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
    aloud = [f"{panel.words.say('say-most')} {one.text}" for one in told[CUSTOMER][:1]]
    if [*panel.disclosure[1 : 1 + len(aloud)]] != aloud:
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
