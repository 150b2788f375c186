"""Letters read back: whether what a customer reads is what the record and its release hold, item by item.

Held against them are the case, its day, the outcome and software's part in it, reasons and
changes, what happens now, until when it can be contested and where a person is reached, every
fact in the table, and how well the software works.  Headings and what an organisation says of
itself are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from explainer.decisions.deciding import PERMISSION, RULE
from explainer.explanations.faithfulness import wrong_table
from explainer.explanations.hearing import hear, says_whole
from explainer.explanations.standing import wrong_similar
from explainer.explanations.wording import CUSTOMER, RECOURSE
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import part_of_software, sentences_of, with_a_person
from explainer.views.letter import Letter
from explainer.views.letter_parts import NO_RECOURSE
from explainer.views.readback.dates import says_day
from explainer.views.showing import FEWEST


def misprints(letter: Letter, record: DecisionRecord, release: Release) -> list[str]:
    """Where a letter, read back from its words, does not say what its record holds: one line for each finding."""
    phrases, pack = release.vocabulary.speak(letter.language), release.pack
    rows = next((one.rows for one in letter.details if one.rows), ())
    found = [*wrong_table(rows, record.explained.row, pack, phrases), *_wrong_opening(letter, record, release, phrases)]
    found += [*_wrong_sentences(letter, record, pack, phrases), *_wrong_next(letter, record, phrases)]
    return [*found, *_wrong_person(letter, record, release, phrases), *_wrong_quality(letter, record, release, phrases)]


def _under(key: str, letter: Letter, phrases: Phrases) -> tuple[str, ...]:
    """What stands under a heading, which may have other words while a person has yet to decide."""
    headings = {phrases.say(one) for one in (key, f"{key}-open") if phrases.knows(one)}
    return next(((*one.paragraphs, *one.below) for one in (*letter.first, *letter.details) if one.heading in headings), ())


def _wrong_opening(letter: Letter, record: DecisionRecord, release: Release, phrases: Phrases) -> Iterator[str]:
    """Day, case, outcome, software's part."""
    outcome, ((_, day), (_, case), (_, decided)) = record.explained.decision.outcome, letter.facts
    if not says_day(day, record.at.astimezone(ZoneInfo(release.organisation.time_zone)).date(), phrases.locale):
        yield "it names another day"
    if case != record.case:
        yield "it names another case"
    if decided != phrases.say(f"outcome-{outcome}") or hear(f"outcome-{outcome}.headline", letter.opening[0], phrases) is None:
        yield "it tells another outcome"
    if hear(f"part-{part_of_software(record, release.pack)}", letter.opening[1], phrases) is None:
        yield "it tells otherwise what software did"


def _wrong_sentences(letter: Letter, record: DecisionRecord, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """Recorded sentences, which were checked with the decision: each in its place, and none besides."""
    told = {reader: sentences_of(record, reader, phrases.locale) for reader in (CUSTOMER, RECOURSE)}
    untold = [one.text for one in told[RECOURSE] if one.code.startswith(NO_RECOURSE)]
    listed = [one.text for one in (*told[CUSTOMER], *told[RECOURSE]) if one.text not in untold]
    if [text for section in letter.first for text in section.items] != listed:
        yield "its reasons and changes are not the recorded ones in their order"
    lines = [one for one in told[RECOURSE] if one.text not in untold]
    if with_a_person(record, pack) or not pack.favour(record.explained.decision.outcome):
        due = []
    elif not told[RECOURSE]:
        due = [phrases.say("letter-change-text")]
    else:
        due = untold or ([phrases.say("letter-change-any")] if len(lines) > 1 else [])
    if lines and phrases.knows("letter-change-now"):
        due = [*due, phrases.say("letter-change-now", n=len(lines))]
    if [*_under("letter-change", letter, phrases)] != due:
        yield "it tells otherwise whether anything would have changed the outcome"


def _wrong_next(letter: Letter, record: DecisionRecord, phrases: Phrases) -> Iterator[str]:
    """What happens now."""
    decision = record.explained.decision
    by_rule = f"rule-{decision.rule}.effect"
    key = by_rule if phrases.knows(by_rule) else f"outcome-{decision.outcome}.effect"
    if [hear(key, one, phrases) is not None for one in _under("letter-next", letter, phrases)] != [True]:
        yield "it tells otherwise what happens now"


def _wrong_person(letter: Letter, record: DecisionRecord, release: Release, phrases: Phrases) -> Iterator[str]:
    """Where and until when a person can be asked, and that customers may keep software out of it."""
    organisation, pack, said = release.organisation, release.pack, _under("letter-person", letter, phrases)
    open_case = with_a_person(record, pack)
    if len(said) != 3:
        yield "it says more or less of how to reach a person"
        return
    reach = hear("letter-person-text-open" if open_case else "letter-person-text", said[0], phrases) or {}
    phone = reach.get("phone", "").replace("\u00a0", " ")
    if (phone, reach.get("email")) != (organisation.phone, organisation.email) or (
        reach.get("hours") not in organisation.phone_hours.values()
    ):
        yield "it leads to another place than to a person"
    until = (hear("letter-contest", said[1], phrases) or {}).get("until", "")
    last = record.at.astimezone(ZoneInfo(organisation.time_zone)).date() + timedelta(days=pack.contest_days)
    if not (hear("letter-view", said[1], phrases) is not None if open_case else says_day(until, last, phrases.locale)):
        yield "it tells otherwise until when the decision can be contested"
    opted_out = record.explained.decision.decisive == PERMISSION
    key = "letter-opted-out" if opted_out else "letter-opt-out-open" if open_case else "letter-opt-out"
    if hear(key, said[2], phrases) is None:
        yield "it tells otherwise how to keep software out of it"


def _wrong_quality(letter: Letter, record: DecisionRecord, release: Release, phrases: Phrases) -> Iterator[str]:
    """How well the software works, and how similar cases ended where the score decided."""
    decision, said = record.explained.decision, _under("letter-quality", letter, phrases)
    if decision.decisive == PERMISSION:
        if said:
            yield "it judges software that took no part"
        return
    cases = (hear("letter-quality-text", said[0] if said else "", phrases) or {}).get("cases", "")
    if not says_whole(cases, release.metrics["cases"], phrases):
        yield "it tells of another number of tested cases"
    similar = said[1] if len(said) > 2 else None
    if decision.margin is not None and decision.decisive != RULE:
        yield from wrong_similar(similar, decision.margin, release.uncertainty, fewest=FEWEST, phrases=phrases)
    elif similar is not None:
        yield "it tells of similar cases where the score did not decide"
    if not said or not said[-1].startswith(phrases.say("letter-fairness")):
        yield "it does not tell what was checked of fairness"
