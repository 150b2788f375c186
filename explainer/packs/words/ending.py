"""Ending: whether words about an outcome say that outcome, and not its opposite.

Lists in the phrase files hold the words that grant something and those that refuse it.  A
negation in the same clause turns such a word round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from explainer.packs.definition import Pack
from explainer.packs.words.ftl import Written
from explainer.packs.words.telling import NEGATIONS, clauses, listed

GRANTED, REFUSED, PERSON = "granted-words", "refused-words", "person-words"
SAID = ("", ".headline", ".instead")  # of an outcome, each of which names it


def misnamed_outcomes(pack: Pack, own: Written, frame: Written) -> Iterator[tuple[str, str]]:
    """Words of an outcome that say another one: each key with what is wrong."""
    yes, no = listed(GRANTED, own, frame), listed(REFUSED, own, frame)
    decided = [one.code for one in pack.outcomes if not one.person]
    for outcome in pack.outcomes:
        banned = _banned(outcome.code, outcome.person, decided, yes=yes, no=no)
        for key in (f"outcome-{outcome.code}{part}" for part in SAID):
            if key in own.line:
                yield from ((key, why) for why in _misnamed(own.words[key], banned, own, frame))
                yield from ((key, f"says {other!r}, another outcome") for other in _codes(own.words[key], outcome.code, pack))
        key = f"outcome-{outcome.code}.headline"
        if outcome.person and key in own.line:
            yield from ((key, why) for why in _without_person(own.words[key], own, frame))


def _banned(code: str, person: bool, decided: list[str], *, yes: list[str], no: list[str]) -> dict[bool, list[str]]:
    """The words that an outcome must not say plainly (False), and those that it must not deny (True)."""
    if person:
        return {False: yes + no, True: []}
    if len(decided) < 2 or code not in (decided[0], decided[-1]):
        return {False: [], True: []}
    return {False: no, True: yes} if code == decided[0] else {False: yes, True: no}


def _misnamed(words: str, banned: dict[bool, list[str]], own: Written, frame: Written) -> Iterator[str]:
    for clause in clauses(words, own, frame):
        denied = any(_holds(clause, one) for one in listed(NEGATIONS, own, frame))
        yield from (
            f"{'denies' if denied else 'says'} {one!r}, as another outcome does" for one in banned[denied] if _holds(clause, one)
        )


def _without_person(words: str, own: Written, frame: Written) -> Iterator[str]:
    """Where it is not said that people decide; a word for a person may be one for nobody too."""
    marks = listed(PERSON, own, frame)
    said = [clause for clause in clauses(words, own, frame) if any(_holds(clause, one) for one in marks)]
    if marks and not said:
        yield f"says none of {PERSON} ({' | '.join(marks)})"
    negations = [one for one in listed(NEGATIONS, own, frame) if one not in marks]
    yield from (f"says {one!r} of a person who decides" for clause in said for one in negations if _holds(clause, one))


def _codes(words: str, code: str, pack: Pack) -> list[str]:
    """Codes of other outcomes in the words of one; a code that is an everyday word names nothing."""
    return [
        one.code
        for one in pack.outcomes
        if one.code not in {code, one.code.lower()} and re.search(rf"\b{re.escape(one.code)}\b", words)
    ]


def _holds(clause: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", clause, re.IGNORECASE) is not None
