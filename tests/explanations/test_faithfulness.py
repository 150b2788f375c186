"""Faithfulness: no text that says something else than the record passes, and every text that says the same does."""

import string
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from explainer.attributions.attribution import Attribution
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import SAFEGUARD
from explainer.decisions.policy import RuleResult
from explainer.explanations.changing.recourse import NoRecourse
from explainer.explanations.hearing import hear
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases, Vocabulary
from explainer.road import contradictions, travel_together
from tests.little import ENGLISH, SHARED, little_files, little_pack
from tests.support import SHIPPED

DAY = date(2026, 5, 4)


def with_sentence(said, language, reader, place, **changed):
    """A decision with one sentence changed."""
    found = list(said.texts[language][reader])
    found[place] = replace(found[place], **changed)
    return replace(said, texts={**said.texts, language: {**said.texts[language], reader: tuple(found)}})


def with_reason(said, reader, place, **changed):
    found = list(said.reasons[reader])
    found[place] = replace(found[place], **changed)
    return replace(said, reasons={**said.reasons, reader: tuple(found)})


def scored(said, reader=CUSTOMER):
    """Places of the score reasons."""
    return [place for place, one in enumerate(said.reasons[reader]) if one.kind == "score"]


# Every change a letter must not survive: (decision, release, random) → the changed one, or None where there is nothing to change.


def flip_a_push(said, release, rng):
    phi = -said.attribution.phi
    split = said.attribution
    return replace(said, attribution=Attribution(split.features, phi, split.margin - phi.sum(), split.margin, split.method))


def flip_a_direction(said, release, rng):
    if not (places := scored(said)):
        return None
    place = rng.choice(places)
    other = {"for": "against", "against": "for"}[said.texts["en"][CUSTOMER][place].direction]
    return with_sentence(said, "en", CUSTOMER, place, direction=other)


def say_the_opposite(said, release, rng):
    """The words of the other direction about the same value."""
    if not (places := scored(said)):
        return None
    place, phrases = int(rng.choice(places)), release.vocabulary.speak("en")
    one = said.texts["en"][CUSTOMER][place]
    key = one.key.replace(f".{one.direction}", {"for": ".against", "against": ".for"}[one.direction])
    return with_sentence(said, "en", CUSTOMER, place, text=phrases.say(key, **hear(one.key, one.text, phrases)))


def swap_two_reasons(said, release, rng):
    found = said.texts["es"][CUSTOMER]
    if len(found) < 2:
        return None
    return replace(said, texts={**said.texts, "es": {**said.texts["es"], CUSTOMER: (found[1], found[0], *found[2:])}})


def swap_two_reasons_and_their_ranks(said, release, rng):
    reasons = said.reasons[CUSTOMER]
    if not _tell_apart(reasons):
        return None
    swapped = {}
    for language, readers in said.texts.items():
        first, second, *rest = readers[CUSTOMER]
        swapped[language] = {**readers, CUSTOMER: (replace(second, rank=1), replace(first, rank=2), *rest)}
    return replace(said, reasons={**said.reasons, CUSTOMER: (reasons[1], reasons[0], *reasons[2:])}, texts=swapped)


def _tell_apart(reasons):
    """Whether the first two differ in size: nobody can say which of two equal ones comes first."""
    return len(reasons) > 1 and abs(reasons[0].push or 0) - abs(reasons[1].push or 0) > 1e-6


def change_a_digit(said, release, rng):
    for language in rng.permutation(list(said.texts)):
        for place, one in enumerate(said.texts[language][CUSTOMER]):
            if digits := [at for at, letter in enumerate(one.text) if letter in string.digits]:
                at = int(rng.choice(digits))
                other = rng.choice([digit for digit in string.digits[1:] if digit != one.text[at]])
                return with_sentence(said, language, CUSTOMER, place, text=one.text[:at] + other + one.text[at + 1 :])
    return None


def change_a_fact(said, release, rng):
    """The case's own value, after it was worded."""
    if not (places := scored(said, AGENT)):
        return None
    lead = said.reasons[AGENT][int(rng.choice(places))].lead
    feature, fact = release.pack.feature[lead], said.row.facts[lead]
    if feature.sensitive and fact is not None:
        return None
    levels = [one for one in feature.levels if one != fact]
    other = rng.choice(levels) if levels else (not fact if isinstance(fact, bool) else (fact or 0) + 1)
    return replace(said, row=replace(said.row, facts={**said.row.facts, lead: other}))


def change_an_asserted_fact(said, release, rng):
    for place, one in enumerate(said.texts["en"][AGENT]):
        for name, fact in one.facts.items():
            if isinstance(fact, float | int):
                return with_sentence(said, "en", AGENT, place, facts={**one.facts, name: fact + 1})
    return None


def tell_another_feature_s_sentence(said, release, rng):
    found = said.texts["en"][CUSTOMER]
    return with_sentence(said, "en", CUSTOMER, 0, text=found[1].text, key=found[1].key) if len(found) > 1 else None


def leave_the_first_out(said, release, rng):
    reasons = said.reasons[CUSTOMER]
    if not _tell_apart(reasons):
        return None
    texts = {
        language: {**readers, CUSTOMER: tuple(replace(one, rank=one.rank - 1) for one in readers[CUSTOMER][1:])}
        for language, readers in said.texts.items()
    }
    return replace(said, reasons={**said.reasons, CUSTOMER: reasons[1:]}, texts=texts)


def leave_one_out_for_the_agent(said, release, rng):
    if not scored(said, AGENT):
        return None
    texts = {language: {**readers, AGENT: readers[AGENT][:-1]} for language, readers in said.texts.items()}
    return replace(said, reasons={**said.reasons, AGENT: said.reasons[AGENT][:-1]}, texts=texts)


def call_it_stronger(said, release, rng):
    if not (places := [place for place in scored(said) if said.reasons[CUSTOMER][place].strength != "strong"]):
        return None
    changed = with_reason(said, CUSTOMER, places[0], strength="strong")
    for language in said.texts:
        changed = with_sentence(changed, language, CUSTOMER, places[0], strength="strong")
    return changed


def name_a_rule_that_did_not_fire(said, release, rng):
    if not said.decision.fired:
        return None
    rules = tuple(replace(one, fired=False) for one in said.decision.rules)
    return replace(said, decision=replace(said.decision, rules=rules))


def let_another_rule_decide(said, release, rng):
    other = next((one.code for one in release.pack.rules if one.code != said.decision.rule), None)
    return None if said.decision.rule is None else replace(said, decision=replace(said.decision, rule=other))


def turn_the_outcome(said, release, rng):
    """The worst becomes the best, with the reasons of the worst."""
    bands = release.pack.bands
    turned = {bands[0].outcome: bands[-1].outcome, bands[-1].outcome: bands[0].outcome}.get(said.decision.outcome)
    if turned is None or not scored(said):
        return None
    return replace(said, decision=replace(said.decision, outcome=turned))


def claim_another_outcome_of_a_rule(said, release, rng):
    if said.decision.rule is None:
        return None
    return with_sentence(said, "en", CUSTOMER, 0, outcome="another")


def say_nothing(said, release, rng):
    return with_sentence(said, "en", AGENT, 0, text="") if said.texts["en"][AGENT] else None


def add_a_word(said, release, rng):
    found = said.texts["es"][CUSTOMER]
    return with_sentence(said, "es", CUSTOMER, 0, text=f"{found[0].text} Fin.") if found else None


MUTATIONS = [
    flip_a_push, flip_a_direction, say_the_opposite, swap_two_reasons, swap_two_reasons_and_their_ranks, change_a_digit,
    change_a_fact, change_an_asserted_fact, tell_another_feature_s_sentence, leave_the_first_out, leave_one_out_for_the_agent,
    call_it_stronger, name_a_rule_that_did_not_fire, let_another_rule_decide, turn_the_outcome, claim_another_outcome_of_a_rule,
    say_nothing, add_a_word,
]  # fmt: skip


@pytest.mark.parametrize("pack", SHIPPED)
class TestAThousandLetters:
    def test_all_pass_as_they_are(self, pack, travelled, releases):
        release, _ = releases[pack]
        for said in travelled(pack):
            assert said.safeguard is None
            assert contradictions(said, release.pack, release.vocabulary.every) == []

    @pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda one: one.__name__)
    def test_none_passes_once_it_was_changed(self, pack, mutate, travelled, releases):
        release, _ = releases[pack]
        rng, changed = np.random.default_rng(4), 0
        for said in travelled(pack):
            broken = mutate(said, release, rng)
            if broken is not None:
                changed += 1
                assert contradictions(broken, release.pack, release.vocabulary.every), said.texts["en"][CUSTOMER]
        assert changed >= 20


# Any model, any case, any words ------------------------------------------------------------------


class Arbitrary(Kernel):
    """A model that moves the margin as it likes: whatever wording makes of it has to be faithful."""

    method = "by hand"
    baseline = 0.25

    def __init__(self, phi):
        self.phi = np.array(phi)

    def explain(self, x):
        return self.baseline + float(self.phi.sum()), self.phi


WORDS = st.lists(st.text("abcxyz.,;()+*?[]^$|\\-'\"!", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)
PUSH = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, 0.0487, 0.0489, -0.6932, 0.6931, 5.0, -5.0]))
CASES = st.fixed_dictionaries({
    "amount": st.integers(50, 9950).map(lambda cents: cents / 100) | st.sampled_from([0.01, 5000]),
    "days": st.none() | st.integers(0, 60),
    "colour": st.none() | st.sampled_from(["red", "green", "blue", "mauve"]),
    "size": st.sampled_from(["small", "large"]),
    "gift": st.booleans(),
})  # fmt: skip


CHANGED = """\
value-or-more = { $value } or more
value-or-less = { $value } or less
value-unknown = not one we know
    .for = { $label }: not one we know. This spoke for you.
    .against = { $label }: not one we know. This spoke against you.
"""


@st.composite
def phrase_files(draw):
    """The little pack's words with others around every value, and its direction words where they must be."""
    lines = []
    for line in ENGLISH.splitlines():
        before, _, text = line.partition(" = ")
        if "{" in text or "level-" in before:
            text = f"a{draw(WORDS)} {text} z"
        lines.append(f"{before} = {text}" if text else line)
    return "\n".join(lines)


def release_of(own):
    files = little_files() | {"phrases/en.ftl": own, "phrases/es.ftl": own}
    pack = little_pack()
    words = Vocabulary(pack, files, {"en": SHARED + CHANGED, "es": SHARED + CHANGED})
    return Release("0" * 64, pack, words, None, "", np.empty((0, 0)), "", {}, (), "", {}, ())


def told(facts, release, phi, day=DAY):
    """A case decided by such a model, whose other cases nobody knows: without recourse."""
    (said,) = travel_together([facts], release, Arbitrary(phi), day, readers=(AGENT, CUSTOMER))
    return said


class TestAnyModelCaseAndWords:
    @settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(PUSH, min_size=5, max_size=5), CASES, phrase_files(), st.sampled_from([DAY, date(2026, 7, 1)]))
    def test_what_is_worded_is_faithful(self, phi, facts, own, day):
        release = release_of(own)
        said = told(facts, release, phi, day)
        assert said.safeguard is None
        assert contradictions(said, release.pack, release.vocabulary.every) == []

    @settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(PUSH, min_size=5, max_size=5), CASES, phrase_files(), st.sampled_from(MUTATIONS), st.integers(0, 2**32))
    def test_what_was_changed_afterwards_is_not(self, phi, facts, own, mutate, seed):
        release = release_of(own)
        said = told(facts, release, phi)
        if mutate is flip_a_push and not scored(said, AGENT):
            return
        broken = mutate(said, release, np.random.default_rng(seed))
        assert broken is None or contradictions(broken, release.pack, release.vocabulary.every)


class TestTheGate:
    def test_words_that_do_not_say_the_value_send_the_case_to_a_person(self):
        """A plural that loses its number: no check of the pack sees it, and no customer must."""
        facts = {"amount": 20, "days": 30, "colour": "red", "size": "small", "gift": False}
        files = little_files()
        lossy = SHARED.replace("*[other] { $n } days", "*[other] some days")
        words = Vocabulary(little_pack(), files, {"en": lossy, "es": SHARED})
        release = replace(release_of(ENGLISH), vocabulary=words)
        said = told(facts, release, [0.1, 2.0, 0.0, 0.0, 0.0])
        assert (said.decision.outcome, said.decision.decisive, said.safeguard) == ("refer", SAFEGUARD, "unfaithful")
        assert said.texts is None

    def test_a_rule_result_that_is_not_there_is_found(self, travelled, releases):
        release, _ = releases["refund_approval"]
        said = next(one for one in travelled("refund_approval") if one.decision.fired)
        none = replace(said.decision, rules=(RuleResult("strange", True, "approve", False),))
        assert contradictions(replace(said, decision=none), release.pack, release.vocabulary.every)

    def test_findings_quote_nobody_s_data(self, travelled, releases):
        release, _ = releases["refund_approval"]
        rng = np.random.default_rng(1)
        for said in travelled("refund_approval", 100):
            broken = change_a_digit(said, release, rng)
            for why in [] if broken is None else contradictions(broken, release.pack, release.vocabulary.every):
                assert not set(why) & set(string.digits) - set("12345"), why  # only places


def test_phrases_know_every_way_they_can_be_said():
    phrases = Phrases("en", "", "one = { $n ->\n    [0] none\n    [one] { $n } cat\n   *[other] { $n } cats\n}\n")
    assert [(one.parts, one.given) for one in phrases.ways("one")] == [
        (("none",), (("n", "0"),)),
        (("", "n", " cat"), ()),
        (("", "n", " cats"), ()),
    ]


# What would have changed it -----------------------------------------------------------------------


def lines_of(said):
    return said.recourse if isinstance(said.recourse, tuple) else ()


def with_line(said, **changed):
    """A decision whose first line of recourse was changed after it was worded."""
    first, *others = lines_of(said)
    return replace(said, recourse=(replace(first, **changed), *others))


def promise_more(said, release, rng):
    best = release.pack.outcomes[0].code
    worse = [one for one in lines_of(said) if one.outcome != best]
    return with_line(said, outcome=best) if worse and lines_of(said)[0] in worse else None


def promise_no_better(said, release, rng):
    return with_line(said, outcome=said.decision.outcome) if lines_of(said) else None


def change_where_to(said, release, rng):
    if not lines_of(said):
        return None
    change = lines_of(said)[0].changes[0]
    levels = [one for one in release.pack.feature[change.feature].levels if one != change.to]
    other = levels[0] if levels else (not change.to if isinstance(change.to, bool) else (change.to or 0) + 1)
    return with_line(said, changes=(replace(change, to=other), *lines_of(said)[0].changes[1:]))


def say_that_farther_does(said, release, rng):
    numbers = [
        one for one in lines_of(said) if isinstance(one.changes[0].to, int | float) and not isinstance(one.changes[0].to, bool)
    ]
    if not numbers or lines_of(said)[0] is not numbers[0]:
        return None
    change = numbers[0].changes[0]
    return with_line(said, changes=(replace(change, farther=not change.farther), *numbers[0].changes[1:]))


def leave_a_line_out(said, release, rng):
    return replace(said, recourse=lines_of(said)[1:]) if lines_of(said) else None


def say_another_line(said, release, rng):
    found = said.texts["en"][RECOURSE]
    return with_sentence(said, "en", RECOURSE, 0, text=found[1].text) if len(found) > 1 else None


def give_another_why(said, release, rng):
    other = {"rule": "nothing", "nothing": "rule"}
    return (
        replace(said, recourse=NoRecourse(other.get(said.recourse.why, "rule"))) if isinstance(said.recourse, NoRecourse) else None
    )


ABOUT_RECOURSE = [
    promise_more, promise_no_better, change_where_to, say_that_farther_does, leave_a_line_out, say_another_line, give_another_why,
]  # fmt: skip


class TestRecourse:
    @pytest.mark.parametrize("mutate", ABOUT_RECOURSE, ids=lambda one: one.__name__)
    def test_no_line_passes_once_it_was_changed(self, mutate, travelled, releases):
        release, _ = releases["refund_approval"]
        rng, changed = np.random.default_rng(4), 0
        for said in travelled("refund_approval"):
            broken = mutate(said, release, rng)
            if broken is not None:
                changed += 1
                assert contradictions(broken, release.pack, release.vocabulary.every), said.texts["en"][RECOURSE]
        assert changed >= 3
