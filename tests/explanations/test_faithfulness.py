"""Faithfulness: no text that says something else than the record passes, and every text that says the same does."""

import re
import string
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import SAFEGUARD, decide_case
from explainer.decisions.features import read_facts
from explainer.decisions.policy import RuleResult, apply_policy
from explainer.decisions.scoring import margin_of
from explainer.explanations.changing.checking import wrong_lines
from explainer.explanations.changing.recourse import WHYS, Change, Line, NoRecourse, find_recourse
from explainer.explanations.faithfulness import wrong_recourse
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence
from explainer.packs.definition import Middle
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases, Vocabulary
from explainer.road import contradictions, travel_together
from tests.explanations.mutations import (
    MUTATIONS,
    change_a_digit,
    change_a_fact,
    flip_a_direction,
    flip_a_push,
    scored,
    swap_two_reasons,
)
from tests.explanations.recourse_mutations import ABOUT_LINES, ABOUT_MARGINS, ABOUT_RECOURSE
from tests.little import ENGLISH, SHARED, little_files, little_pack
from tests.random_packs import random_case
from tests.support import SHIPPED

pytestmark = pytest.mark.slow

DAY = date(2026, 5, 4)
PROMISED = (flip_a_push, flip_a_direction, swap_two_reasons, change_a_digit, change_a_fact)  # in a thousand letters, of both packs


@pytest.mark.parametrize("pack", SHIPPED)
class TestAThousandLetters:
    def test_all_pass_as_they_are(self, pack, travelled, releases):
        release, _ = releases[pack]
        for said in travelled(pack):
            assert said.safeguard is None
            assert contradictions(said, release, release.vocabulary.every) == []

    @pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda one: one.__name__)
    def test_none_passes_once_it_was_changed(self, pack, mutate, travelled, releases):
        release, _ = releases[pack]
        rng, changed = np.random.default_rng(4), 0
        for said in travelled(pack, 1000 if mutate in PROMISED else 500):
            broken = mutate(said, release, rng)
            if broken is not None:
                changed += 1
                assert contradictions(broken, release, release.vocabulary.every), said.texts["en"][CUSTOMER]
        assert changed >= (500 if mutate in PROMISED else 20)


# Any model, any case, any words ------------------------------------------------------------------


MIDDLES = {"amount": Middle(30, 40), "days": Middle(5, 5)}


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
    return Release("0" * 64, pack, words, None, "", np.empty((0, 0)), "", {}, (), "", {}, (), MIDDLES)


def told(facts, release, phi, day=DAY):
    """A case decided by such a model, whose other cases nobody knows: without recourse."""
    (said,) = travel_together([facts], release, Arbitrary(phi), day, readers=(AGENT, CUSTOMER))
    return said


class TestAnyModelCaseAndWords:
    @settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(PUSH, min_size=5, max_size=5), CASES, phrase_files(), st.sampled_from([DAY, date(2026, 7, 1)]))
    def test_what_is_worded_is_faithful(self, phi, facts, own, day):
        release = release_of(own)
        said = told(facts, release, phi, day)
        assert said.safeguard is None
        assert contradictions(said, release, release.vocabulary.every) == []

    @settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(PUSH, min_size=5, max_size=5), CASES, phrase_files(), st.sampled_from(MUTATIONS), st.integers(0, 2**32))
    def test_what_was_changed_afterwards_is_not(self, phi, facts, own, mutate, seed):
        release = release_of(own)
        said = told(facts, release, phi)
        if mutate is flip_a_push and not scored(said, AGENT):
            return
        broken = mutate(said, release, np.random.default_rng(seed))
        assert broken is None or contradictions(broken, release, release.vocabulary.every)


class TestTheGate:
    @pytest.mark.parametrize(
        "lossy", ["recourse-one = Ask us.", "recourse-one = If you had { $changes }.", "value-at-least = many"]
    )
    def test_a_phrase_that_lost_its_values_is_a_finding_and_no_error(self, lossy):
        key, _, _ = lossy.partition(" = ")
        words = re.sub(rf"^{key} = .*$", lossy, SHARED, flags=re.MULTILINE)
        phrases = Vocabulary(little_pack(), little_files(), {"en": words, "es": words}).speak("en")
        line = Line((Change("days", 10, 1, True),), {}, 1.0, "approve", "score", 2.0, 1.0)
        said = Sentence(
            "recourse-days", "for", "strong", phrases.say(key, value="10 days", changes="x", outcome="y"), "recourse-one", 1
        )
        said = said._replace(facts=(("days", 10),), outcome="approve")
        assert [*wrong_recourse((said,), (line,), pack=little_pack(), phrases=phrases)]

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
        none = said.decision._replace(rules=(RuleResult("strange", True, "approve", False),))
        assert contradictions(said._replace(decision=none), release, release.vocabulary.every)

    def test_findings_quote_nobody_s_data(self, travelled, releases):
        release, _ = releases["refund_approval"]
        rng = np.random.default_rng(1)
        for said in travelled("refund_approval", 100):
            broken = change_a_digit(said, release, rng)
            for why in [] if broken is None else contradictions(broken, release, release.vocabulary.every):
                assert not set(why) & set(string.digits) - set("12345"), why  # only places


def between_digits(text, number, mark):
    return text.replace(number, f"{number[0]}{mark}{number[1:]}") if len(number) > 1 else text


AROUND_A_NUMBER = {
    "another number": lambda text, number: text.replace(number, f"7{number}"),
    "a number below nothing": lambda text, number: text.replace(number, f"-{number}"),
    "one below nothing, as languages write it": lambda text, number: text.replace(number, f"−{number}"),
    "the number 1": lambda text, number: text.replace(number, "1"),
    "a number more": lambda text, number: f"{text} {number}",
    "no number": lambda text, number: text.replace(number, ""),
    "another currency": lambda text, _: text.replace("€", "$"),
    "a comma between digits": lambda text, number: between_digits(text, number, ","),
    "a point between digits": lambda text, number: between_digits(text, number, "."),
    "a blank between digits": lambda text, number: between_digits(text, number, "\u202f"),
    "another word": lambda text, _: text.replace(" ", " not ", 1),
}


@pytest.mark.parametrize("pack", SHIPPED)
@pytest.mark.parametrize("change", AROUND_A_NUMBER)
def test_words_heard_before_around_another_number_are_heard_again(pack, change, travelled, releases):
    """What stands around a number is remembered, so that a new one is soon heard: nothing may pass by that."""
    (release, _), changed = releases[pack], 0
    for said in travelled(pack, 200):
        texts = {language: dict(readers) for language, readers in said.texts.items()}
        for language, reader in product(texts, (AGENT, CUSTOMER)):
            for place, one in enumerate(texts[language][reader]):
                numbers = re.findall(r"[0-9](?:[0-9.,\u00a0\u202f]*[0-9])?", one.text)
                text = AROUND_A_NUMBER[change](one.text, numbers[0]) if len(numbers) == 1 and one.key[:4] != "rule" else one.text
                if text != one.text:
                    broken = [*texts[language][reader]]
                    broken[place] = one._replace(text=text)
                    readers = texts[language] | {reader: tuple(broken)}
                    assert contradictions(said._replace(texts=texts | {language: readers}), release, release.vocabulary.every), text
                    changed += 1
    assert changed > 100 or "currency" in change


def test_no_fact_is_asserted_twice(travelled, releases):
    release, _ = releases["refund_approval"]
    said = next(one for one in travelled("refund_approval", 50) if one.texts["en"][CUSTOMER][0].facts)
    first, *others = said.texts["en"][CUSTOMER]
    ((name, _), *_) = first.facts
    twice = first._replace(facts=((name, 9999.0), *first.facts))
    texts = said.texts | {"en": said.texts["en"] | {CUSTOMER: (twice, *others)}}
    assert contradictions(said._replace(texts=texts), release, release.vocabulary.every)


def test_a_phrase_that_chooses_by_its_value_is_said_by_its_value():
    """It is no text around a value that could be left open."""
    chosen = "{ $value ->\n        [red] Red spoke for you.\n       *[other] It was { $value }. This spoke for you.\n    }"
    own = ENGLISH.replace("It was { $value }. This spoke for you.", chosen, 1).replace(".level-red = a red one", ".level-red = red")
    release = release_of(own)
    facts, phi = {"amount": 20, "days": 30, "size": "small", "gift": False}, [0.0, 0.0, 2.0, 0.0, 0.0]
    said = [told(facts | {"colour": one}, release, phi).texts["en"][CUSTOMER][0].text for one in ("red", "green")]
    assert said == ["Red spoke for you.", "It was a green one. This spoke for you."]


def test_phrases_know_every_way_they_can_be_said():
    phrases = Phrases("en", "", "one = { $n ->\n    [0] none\n    [one] { $n } cat\n   *[other] { $n } cats\n}\n")
    assert [(one.parts, one.given) for one in phrases.ways("one")] == [
        (("none",), (("n", "0"),)),
        (("", "n", " cat"), ()),
        (("", "n", " cats"), ()),
    ]


# What would have changed it -----------------------------------------------------------------------


class TestRecourse:
    @pytest.mark.parametrize("mutate", ABOUT_RECOURSE, ids=lambda one: one.__name__)
    def test_no_line_passes_once_it_was_changed(self, mutate, travelled, releases):
        release, _ = releases["refund_approval"]
        rng, changed = np.random.default_rng(4), 0
        for said in travelled("refund_approval"):
            broken = mutate(said, release, rng)
            if broken is not None:
                changed += 1
                assert contradictions(broken, release, release.vocabulary.every), said.texts["en"][RECOURSE]
        assert changed >= 3

    @pytest.mark.parametrize("mutate", ABOUT_LINES, ids=lambda one: one.__name__)
    def test_no_line_passes_that_the_pack_does_not_allow_or_that_leads_elsewhere(self, mutate, travelled, releases):
        release, _ = releases["refund_approval"]
        rng, changed = np.random.default_rng(4), 0
        for said in travelled("refund_approval"):
            assert [*wrong_lines(said.recourse, said.decision, said.row, release.pack)] == []
            broken = mutate(said, release, rng)
            if broken is not None:
                changed += 1
                assert [*wrong_lines(broken.recourse, broken.decision, broken.row, release.pack)], said.recourse
        assert changed >= 3

    @pytest.mark.parametrize("why", [*WHYS, "bogus"])
    def test_no_word_that_nothing_helps_passes_where_one_or_two_changes_do(self, why, travelled, releases):
        release, kernel = releases["refund_approval"]
        denied = 0
        for said in travelled("refund_approval"):
            if isinstance(said.recourse, tuple) and all(len(one.changes) < 3 for one in said.recourse[:1]):
                denied += 1
                assert [*wrong_lines(NoRecourse(why), said.decision, said.row, release.pack, kernel=kernel)], said.recourse
        assert denied >= 50

    @pytest.mark.parametrize("why", ["rule", "nothing", "close", "not_found"])
    def test_each_word_that_nothing_helps_passes_only_where_it_is_so(self, why, travelled, releases):
        release, kernel = releases["refund_approval"]
        same = {"nothing": {"nothing", "not_found"}, "not_found": {"nothing", "not_found"}}
        untold = [one for one in travelled("refund_approval") if isinstance(one.recourse, NoRecourse)]
        assert len(untold) >= 30
        for said in untold:
            found = [*wrong_lines(NoRecourse(why), said.decision, said.row, release.pack, kernel=kernel)]
            assert (found == []) == (said.recourse.why in same.get(why, {why})), (why, said.recourse)

    def test_any_model_and_pack_is_told_as_it_was_searched_and_more_of_it_only_where_it_does_as_well(self):
        told = refuted = 0
        for kind, seed in product(("nan", "none", "zero", "deep", "onehot"), range(25)):
            pack, _, kernel, cases = random_case(seed, kind)
            for facts in cases:
                row, decision = decided(facts, pack, kernel)
                recourse = find_recourse(row, decision, pack, kernel, on=DAY)
                assert [*wrong_lines(recourse, decision, row, pack, kernel=kernel)] == [], (kind, seed)
                for line in recourse if isinstance(recourse, tuple) else ():
                    told += 1
                    refuted += self.refutes_more(line, row, decision, pack, kernel=kernel)
        assert told >= 50
        assert refuted >= 3

    def refutes_more(self, line, row, decision, pack, *, kernel):
        """Whether `at least` or `at most` would be untrue of a line at the farthest value, and is then found."""
        numbers = [one for one in line.changes if one.side and not one.farther]
        if len(line.changes) != 1 or not numbers:
            return False
        (change,), action = numbers, pack.feature[numbers[0].feature].action
        end = action.most if change.side > 0 else action.least
        reached = decided({**row.facts, **line.along, change.feature: end}, pack, kernel)[1]
        if end == change.to or pack.favour(reached.outcome) < pack.favour(decision.outcome):
            return False
        more = replace(line, changes=(replace(change, farther=True),))
        assert [*wrong_lines((more,), decision, row, pack, kernel=kernel)], line
        return True

    @pytest.mark.parametrize("mutate", ABOUT_MARGINS, ids=lambda one: one.__name__)
    def test_no_line_passes_that_the_model_scores_otherwise(self, mutate, travelled, releases):
        release, kernel = releases["refund_approval"]
        rng, only = np.random.default_rng(4), 0
        for said in travelled("refund_approval"):
            assert contradictions(said, release, release.vocabulary.every, kernel=kernel) == []
            broken = mutate(said, release, rng)
            if broken is None or scored_as_it_says(broken, release, kernel):
                continue
            found = contradictions(broken, release, release.vocabulary.every, kernel=kernel)
            assert found, broken.recourse
            only += contradictions(broken, release, release.vocabulary.every) == []
        assert only >= 3  # lies that nothing but the model can tell


def scored_as_it_says(said, release, kernel):
    """Whether the first line's margin is that of a case of its own, read and explained anew."""
    line = said.recourse[0]
    facts = {**said.row.facts, **line.along, **{one.feature: one.to for one in line.changes}}
    return kernel.explain(read_facts(facts, release.pack).x)[0] == line.margin


def decided(facts, pack, kernel):
    """A case as read, and how it ends."""
    row = read_facts(facts, pack)
    return row, decide_case(apply_policy(row.facts, pack, DAY), margin_of(row.x, kernel.book, kernel.masks), pack)
