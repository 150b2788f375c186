"""Telling: words that are there and still mislead: two things said alike, a rule that says nothing, a negated direction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from explainer.packs.definition import Feature, Pack, Rule, tests_in
from explainer.packs.words.ftl import Written
from explainer.packs.words.phrases import level_key

OPPOSITES = (
    ("value-at-least", "value-at-most"),
    ("value-more-than-most", "value-less-than-most"),
    ("placed-more", "placed-less"),
    ("panel-distance-close", "panel-distance-near", "panel-distance-far"),
    tuple(f"part-{by}" for by in ("rule", "rule-person", "score", "band", "permission", "safeguard")),
)
NEGATIONS = "negation-words"  # `nothing | not`: what turns a direction mark after it into its opposite
CLAUSES = "clause-words"  # `but | however`: what begins a clause of its own
# Lists of words in the phrase files → the messages that say at least one of them, for they assert just that.
ASSERTED = {
    NEGATIONS: ("recourse-none-rule", "recourse-none-nothing", "recourse-none-not_found"),
    "software-words": ("part-rule", "part-rule-person", "part-score", "part-band", "part-safeguard"),
    "person-words": ("part-rule-person", "part-band", "part-permission", "part-safeguard"),
    "more-words": ("value-more-than-most", "placed-less"),  # the latter says that others have more
    "less-words": ("value-less-than-most", "placed-more"),
}
LEAST_SAID = 4  # words in which a rule that names no value can still say why


def left_out(key: str, own: Written, frame: Written) -> Iterator[str]:
    """The values of a shared message that a pack's own words for it do not say."""
    for name in sorted(frame.variables[key] - _variables(key, own, frame)):
        yield f"{key}: does not use ${name}, which the shared words say"


def _variables(key: str, own: Written, frame: Written, seen: frozenset[str] = frozenset()) -> set[str]:
    """The variables of a message and of those that it refers to."""
    one = own if key in own.words else frame
    others = one.references.get(key, set()) - seen - {key}
    return one.variables.get(key, set()).union(*(_variables(other, own, frame, seen | {key}) for other in others))


def alike(families: Iterator[tuple[str, ...]], own: Written, frame: Written) -> Iterator[tuple[str, str]]:
    """Messages that must differ and do not: each key with what is wrong."""
    for family in families:
        said: dict[tuple[object, ...], str] = {}
        for key in family:
            one = own if key in own.words else frame
            if key not in one.words:
                continue
            other = said.setdefault((one.words[key], *sorted(one.references[key])), key)
            here = key if key in own.line else other
            if other != key and here in own.line:
                yield here, f"says the same as {other if here == key else key}"


def families(pack: Pack) -> Iterator[tuple[str, ...]]:
    """Keys whose words must differ from each other: values of a feature, outcomes, and opposites."""
    yield from OPPOSITES
    yield from (tuple(f"outcome-{one.code}{part}" for one in pack.outcomes) for part in ("", ".headline"))
    for feature in pack.features:
        yield tuple(f"feature-{feature.name}.{part}" for part in _values(feature))
        yield from (tuple(f"reason-{feature.name}.{way}{end}" for way in ("for", "against")) for end in ("", "-missing", "-zero"))


def _values(feature: Feature) -> tuple[str, ...]:
    levels = () if feature.verbatim else tuple(level_key(one) for one in feature.levels or ())
    return ("yes", "no", "zero", *levels, "missing")


def unsaid_rules(pack: Pack, own: Written) -> Iterator[tuple[str, str]]:
    """Words of a rule that name none of what it tests and say little, or name what it does not test."""
    for rule in pack.rules:
        key = f"rule-{rule.code}.customer"
        if key in own.line and any(tests_in(rule.when)):  # a clause that was refused tests nothing
            sayable = own.variables[key] & {one.name for one in pack.features if not one.sensitive}
            yield from ((key, why) for why in _unsaid(key, rule, own, sayable))


def _unsaid(key: str, rule: Rule, own: Written, sayable: set[str]) -> Iterator[str]:
    tested = {test.feature for test in tests_in(rule.when)}
    for name in sorted(sayable - tested):
        yield f"says ${name}, which this rule does not test: it tests {', '.join(sorted(tested))}"
    words = re.findall(r"[^\W\d_]+", own.words[key])
    if not own.variables[key] and not own.references[key] and len(words) < LEAST_SAID:
        yield f"does not say why: name a value that the rule tests ({', '.join(sorted(tested))}) or say more"


def negated(words: str, marks: list[str], own: Written, frame: Written) -> str | None:
    """How a negation turns a direction mark round: before it in the same sentence, after it in its clause, or as the last word."""
    negations = listed(NEGATIONS, own, frame)
    for sentence in re.split(r"[.!?]+(?:\s|$)", words):
        starts = [found.start() for mark in marks for found in re.finditer(rf"\b{re.escape(mark)}\b", sentence)]
        before = sentence[: max(starts, default=0)]
        after = [clauses(sentence[start:], own, frame)[0] for start in starts]
        for one in negations:
            if re.search(rf"\b{re.escape(one)}\b", before):
                return f"says {one!r} before"
            if starts and re.search(rf"\b{re.escape(one)}\W*$", sentence):
                return f"says {one!r} after"
            if any(re.search(rf"\b{re.escape(one)}\b", clause) for clause in after):
                return f"says {one!r} after"
    return None


def clauses(words: str, own: Written, frame: Written) -> list[str]:
    """A text cut where something else may be said: at marks, and at words such as `but`."""
    cuts = "|".join(rf"\b{re.escape(one)}\b" for one in listed(CLAUSES, own, frame))
    return re.split(rf"[.!?:;,–—]+(?:\s|$){'|' if cuts else ''}{cuts}", words, flags=re.IGNORECASE)


def unasserted(own: Written, frame: Written) -> Iterator[tuple[str, str]]:
    """Messages that hold no word for what they assert: each key with what is wrong."""
    for name, keys in ASSERTED.items():
        marks = listed(name, own, frame)
        for key in keys:
            if marks and key in own.line and not any(re.search(rf"\b{re.escape(one)}\b", own.words[key]) for one in marks):
                yield key, f"says none of {name} ({' | '.join(marks)})"


def listed(name: str, own: Written, frame: Written) -> list[str]:
    """The words of a list in a phrase file: `spoke for | counted for`."""
    said: Mapping[str, str] = own.words if name in own.words else frame.words
    return [one.strip() for one in said.get(name, "").split("|") if one.strip()]
