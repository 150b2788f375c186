"""Histories read back: when a case was decided, what happened to it afterwards, and whose letter the panel leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from explainer.explanations.hearing import hear, says_whole
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import with_a_person
from explainer.views.panel import Panel, Since
from explainer.views.readback.dates import says_time
from explainer.views.showing import language_name, show_place

EVENT = "\x01"  # no phrase holds it


def wrong_history(panel: Panel, record: DecisionRecord, release: Release, since: Sequence[Since]) -> Iterator[str]:
    """What is wrong with what a panel tells of the past.

    Args:
        since: what happened to the decision after it was made, oldest first.

    Yields:
        One line for each finding.
    """
    zone, phrases, told = ZoneInfo(release.organisation.time_zone), panel.words, panel.history
    decided = phrases.say("history-open" if with_a_person(record, release.pack) else "history-decision")
    outcome = phrases.say(f"outcome-{record.explained.decision.outcome}")
    times = (panel.heading.decided_at, *[at for at, _ in told[:1]])
    if not all(says_time(one, record.at.astimezone(zone), phrases.locale) for one in times):
        yield "it tells of another time"
    if [what for _, what in told[:1]] != [phrases.say("letter-pair", name=decided, value=outcome)]:
        yield "its history begins otherwise"
    left = [*since]
    for at, what in told[1:]:
        event, again = _again(what, phrases)
        count = next((n for n in range(1, len(left) + 1) if says_whole(again.get("n", "1"), n, phrases)), 0)
        alike, left = left[:count], left[count:]
        ends = [(at, alike[:1]), (again.get("last", at), alike[-1:])]
        if not all(some and says_time(said, some[0].at.astimezone(zone), phrases.locale) for said, some in ends):
            yield "its history tells of another time"
        if not all(_says_event(event, one, phrases) for one in alike):
            yield "its history tells of something else"
    if left:
        yield "its history leaves something out"
    place = (hear("history-times", panel.times, phrases) or {}).get("place")
    if place != show_place(release.organisation, phrases):
        yield "its clock stands elsewhere"
    yield from _wrong_ways(panel, record, release)


def _wrong_ways(panel: Panel, record: DecisionRecord, release: Release) -> Iterator[str]:
    """Where it leads: to the letter of this case in its own language, and to the panel in every other one of the pack."""
    address = urlsplit(panel.reading.letter)
    language = parse_qs(address.query).get("lang", [panel.language])
    if panel.reading.letter and (address.path.rpartition("/")[2] != record.id or language != [panel.language]):
        yield "it leads to another letter"
    if {code for code, _ in panel.languages} != {*release.pack.languages} - {panel.language}:
        yield "it leads to other languages than there are"


def _again(words: str, phrases: Phrases) -> tuple[str, Mapping[str, str]]:
    """The event of a line, and where it stands for several, how often and when last."""
    # Form and language stand in brackets, with a comma: they are heard as one sign, and put back.
    before, bracket, rest = words.rpartition(")")
    heard = hear("history-again", EVENT + rest if bracket else words, phrases)
    if heard is None:
        return words, {}
    return heard.get("what", "").replace(EVENT, before + bracket), heard


def _says_event(words: str, one: Since, phrases: Phrases) -> bool:
    """Whether words say that a letter left by this door, in this form and language, or that a person was asked."""
    if not one.form:
        return hear(f"history-{one.what}", words, phrases) is not None
    heard = hear("history-letter", words, phrases) or {}
    said = ((f"history-{one.what}", "what"), (f"history-form-{one.form}", "form"))
    by_it = all(hear(key, heard.get(name, ""), phrases) is not None for key, name in said)
    return by_it and heard.get("language") == language_name(one.locale, phrases.locale)
