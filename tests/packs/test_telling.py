"""Telling: words that are all there and still mislead do not get past `packs check`."""

import pytest

from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.checking import check_shared, check_words
from tests.support import MODELS, declared

PACK = "refund_approval"
FILE = "phrases/en.ftl"
FILES = read_models(MODELS, PACK)
AMOUNT = "You asked us to pay back { $value }. This spoke for a refund."
LESS_AS_MORE = "value-less-than-most = { $value } (more than in most cases compared)"
RULE = "You asked us to pay back { $amount }. For €1,000 or more, a person decides."


def wrong(old, new):
    """What is found in English after a change of the refund pack's words; `old` empty: words added at the end."""
    assert old in FILES[FILE]
    words = FILES[FILE].replace(old, new, 1) if old else f"{FILES[FILE]}\n{new}\n"
    found = check_words(declared(PACK), FILES | {FILE: words}, shared_words(FILES))
    return [one.partition(": ")[2] for one in found if one.startswith(f"{FILE}:")]


class TestASharedPhraseInThePacksOwnWords:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("recourse-one = Ask us.", ["changes", "outcome"]),
            ("letter-contest = You can contest this decision.", ["until"]),
            ("letter-person-text = Call us at { $phone }.", ["email", "hours"]),
            ("unit-days = some days", ["n"]),
        ],
    )
    def test_says_every_value_that_the_shared_one_says(self, words, names):
        key = words.partition(" =")[0]
        assert wrong("", words) == [f"{key}: does not use ${name}, which the shared words say" for name in names]

    def test_may_say_it_by_another_message(self):
        assert wrong("", "-until = before { $until }\nletter-contest = You can contest this decision { -until }.") == []


class TestWordsThatMustDiffer:
    @pytest.mark.parametrize(
        ("old", "new", "key", "other"),
        [
            ("= opened but not used", "= Unopened", "feature-item_condition.level-opened", "feature-item_condition.level-unopened"),
            (".missing = not described", ".missing = used", "feature-item_condition.missing", "feature-item_condition.level-used"),
            (".no = not a gift", ".no = a gift", "feature-gift.no", "feature-gift.yes"),
            ("outcome-decline = Not approved", "outcome-decline = approved", "outcome-decline", "outcome-approve"),
            ("We are sorry. We did not approve", "We approved", "outcome-decline.headline", "outcome-approve.headline"),
            ("", "value-at-least = at most { $value }", "value-at-least", "value-at-most"),
            ("", LESS_AS_MORE, "value-less-than-most", "value-more-than-most"),
        ],
    )  # fmt: skip
    def test_are_named_with_each_other(self, old, new, key, other):
        assert f"{key}: says the same as {other}" in wrong(old, new)

    def test_reasons_for_and_against(self):
        same = "reason-gift.against: says the same as reason-gift.for"
        line = next(one for one in FILES[FILE].partition("reason-gift =")[2].splitlines() if ".against =" in one)
        assert same in wrong(line, line.replace("against a refund", "for a refund").replace("spoke against", "spoke for"))

    def test_in_the_shared_words_too(self):
        shared = shared_words(FILES)
        english = shared["en"].replace("at most { $value }", "at least { $value }")
        (found,) = check_shared(shared | {"en": english})
        assert found.endswith("value-at-most: says the same as value-at-least")


class TestTheWordsOfARule:
    @pytest.mark.parametrize(
        ("words", "why"),
        [
            ("Because.", ["does not say why: name a value that the rule tests (amount) or say more"]),
            ("Because we say.", ["does not say why: name a value that the rule tests (amount) or say more"]),
            ("You had { $refunds_12_months }.", ["says $refunds_12_months, which this rule does not test: it tests amount"]),
            ("It was { $amount }.", []),
            ("You asked for too much.", []),
        ],
    )
    def test_say_what_it_tests(self, words, why):
        found = [one for one in wrong(RULE, words) if "its numbers are" not in one]
        assert found == [f"rule-large_amount.customer: {one}" for one in why]


class TestANegatedDirection:
    @pytest.mark.parametrize(
        ("words", "negation"),
        [
            ("Nothing in this spoke for a refund.", "nothing"),
            ("This spoke for a refund. None of it spoke for more.", "none"),
            ("Never mind. This spoke for a refund.", None),
            ("This spoke for a refund, and no more.", None),
            ("This spoke for a refund. Not for long.", None),
        ],
    )
    def test_is_none(self, words, negation):
        why = [f"reason-amount.for: says {negation!r} before 'spoke for', which turns it round"] if negation else []
        assert wrong(AMOUNT, f"You asked us to pay back {{ $value }}. {words}") == why

    @pytest.mark.parametrize(
        ("language", "old", "new", "negation"),
        [
            ("es", "a favor", "no fue a favor", "no"),
            ("fr", "a joué en faveur", "n’a pas joué en faveur", "n"),
            ("de", "sprach für", "war nichts, was sprach für", "nichts"),
        ],
    )
    def test_in_every_language(self, language, old, new, negation):
        file = f"phrases/{language}.ftl"
        head, key, rest = FILES[file].partition("reason-amount =")
        assert old in rest
        found = check_words(declared(PACK), FILES | {file: head + key + rest.replace(old, new, 1)}, shared_words(FILES))
        assert any(f"reason-amount.for: says {negation!r} before" in one for one in found)

    @pytest.mark.parametrize("words", ["This spoke for you, not.", "This spoke for a refund: never!"])
    def test_after_it_too_as_the_last_word(self, words):
        negation = "not" if "not" in words else "never"
        why = f"reason-amount.for: says {negation!r} after 'spoke for', which turns it round"
        assert wrong(AMOUNT, f"You asked us to pay back {{ $value }}. {words}") == [why]


# What says something else than it should, and the list of which it says no word.
MISLEADING = [
    *((f"recourse-none-{why} = You could have done a lot.", "negation-words") for why in ("rule", "nothing", "not_found")),
    *((f"part-{by} = A person made this decision.", "software-words") for by in ("rule", "score")),
    *((f"part-{by} = Software made this decision.", "person-words") for by in ("band", "permission", "safeguard", "rule-person")),
    ("value-more-than-most = { $value } (less than most)", "more-words"),
    ("value-less-than-most = { $value } (more than most)", "less-words"),
    ("placed-more = { $reason } In most cases, it is more.", "less-words"),
    ("placed-less = { $reason } In most cases, it is less.", "more-words"),
]


class TestWhatAPhraseAsserts:
    @pytest.mark.parametrize(("words", "name"), MISLEADING)
    def test_is_said(self, words, name):
        key = words.partition(" =")[0]
        old = next((line for line in FILES[FILE].splitlines() if line.startswith(f"{key} =")), "")
        assert [one for one in wrong(old, words) if one.startswith(f"{key}: says none of {name} (")]

    def test_may_be_said_in_other_words(self):
        assert wrong("", "recourse-none-nothing = You could have done nothing about it.") == []

    @pytest.mark.parametrize("language", ["en", "es", "de", "fr"])
    @pytest.mark.parametrize(("words", "name"), MISLEADING)
    def test_in_the_shared_words_of_every_language_too(self, language, words, name):
        shared, key = shared_words(FILES), words.partition(" =")[0]
        line = next(one for one in shared[language].splitlines() if one.startswith(f"{key} ="))
        found = check_shared(shared | {language: shared[language].replace(line, f"{key} = Ok, x y z.")})
        assert [one for one in found if f"{key}: says none of {name} (" in one]


class TestHowFarSoftwareTookPart:
    def test_is_said_otherwise_in_each_case(self):
        person = next(one for one in shared_words(FILES)["en"].splitlines() if one.startswith("part-band ="))
        said = person.partition(" = ")[2]
        assert "part-score: says the same as part-band" in wrong("", f"part-score = {said}")


HEADLINES = {
    "en": {
        "decline": [
            "We approved your refund.",
            "Good news: we granted your request.",
            "We did not refuse your refund.",
            "We have not declined it, but approved it.",
        ],
        "approve": ["We did not approve your refund.", "We are sorry. We declined your refund.", "We cannot accept your request."],
        "refer": [
            "We approved your refund.",
            "A person refused your refund.",
            "No person decides about your refund.",
            "Software will decide.",
        ],
    },
    "de": {
        "decline": [
            "Wir haben Ihre Erstattung genehmigt.",
            "Wir haben Ihrer Erstattung zugestimmt.",
            "Wir haben Ihre Erstattung nicht abgelehnt, sondern genehmigt.",
        ],
        "approve": [
            "Wir haben Ihre Erstattung nicht genehmigt.",
            "Wir haben Ihre Erstattung abgelehnt.",
            "Wir können das leider nicht bewilligen.",
        ],
        "refer": ["Wir haben Ihre Erstattung genehmigt.", "Kein Mensch entscheidet darüber.", "Eine Software wird entscheiden."],
    },
    "es": {
        "decline": ["Hemos aprobado su reembolso.", "Aceptamos su solicitud.", "No hemos rechazado su reembolso."],
        "approve": ["No hemos aprobado su reembolso.", "Lo sentimos. Hemos denegado su reembolso.", "Rechazamos su solicitud."],
        "refer": ["Hemos aprobado su reembolso.", "Ninguna persona decidirá sobre su reembolso.", "Un programa decidirá."],
    },
    "fr": {
        "decline": [
            "Nous avons accepté votre remboursement.",
            "Votre demande est approuvée.",
            "Nous n’avons pas refusé votre remboursement.",
        ],
        "approve": [
            "Nous n’avons pas accepté votre remboursement.",
            "Nous avons refusé votre remboursement.",
            "Votre demande est rejetée.",
        ],
        "refer": ["Nous avons accepté votre remboursement.", "Aucune personne ne décidera.", "Un logiciel va décider."],
    },
}  # fmt: skip


def said_instead(pack, language, key, words):
    """What is found of one message of a pack, said otherwise in one language; `outcome-x.headline` or `outcome-x`."""
    files, (name, _, part) = read_models(MODELS, pack), key.partition(".")
    text = files[f"phrases/{language}.ftl"]
    start = text.index(f".{part} =", text.index(f"{name} =")) if part else text.index(f"{name} =")
    end = text.index("\n", start)
    changed = files | {f"phrases/{language}.ftl": f"{text[:start]}{text[start:].partition('=')[0]}= {words}{text[end:]}"}
    found = check_words(declared(pack), changed, shared_words(files))
    return [one for one in found if f": {key}: " in one and ("outcome" in one or "person" in one)]


class TestTheHeadlineOfAnOutcome:
    @pytest.mark.parametrize(
        ("language", "outcome", "words"),
        [(language, outcome, words) for language, every in HEADLINES.items() for outcome, some in every.items() for words in some],
    )
    def test_never_says_another_outcome(self, language, outcome, words):
        assert said_instead(PACK, language, f"outcome-{outcome}.headline", words), words

    @pytest.mark.parametrize(
        ("language", "outcome", "words"),
        [
            ("en", "decline", "We are sorry, but we refused your refund."),
            ("en", "decline", "We could not approve your refund, but you can ask again."),
            ("de", "decline", "Leider haben wir Ihre Erstattung abgelehnt."),
            ("es", "decline", "Lo sentimos, pero hemos denegado su reembolso."),
            ("fr", "decline", "Nous sommes désolés, mais nous avons refusé votre remboursement."),
            ("en", "approve", "We approved your refund, and you need not do anything."),
            ("fr", "refer", "Une personne de notre équipe décidera."),
        ],
    )
    def test_may_say_its_own_in_other_words(self, language, outcome, words):
        assert said_instead(PACK, language, f"outcome-{outcome}.headline", words) == []

    @pytest.mark.parametrize(
        ("language", "outcome", "words"),
        [
            ("en", "P4", "We gave your case priority P4, the most urgent of four."),
            ("en", "P1", "We gave your case priority P1, the least urgent of four."),
            ("en", "P2", "We gave your case priority P3, the second of four."),
            ("de", "P4", "Ihr Fall hat Stufe P4 bekommen, die dringendste von vier."),
            ("es", "P1", "Hemos dado a su caso la prioridad P1, la menos urgente de cuatro."),
            ("fr", "P4", "Votre dossier a la priorité P4, la plus urgente des quatre."),
        ],
    )
    def test_of_priorities_too(self, language, outcome, words):
        assert said_instead("priority_scoring", language, f"outcome-{outcome}.headline", words)


class TestANegationInTheClauseOfADirection:
    @pytest.mark.parametrize(
        ("language", "old", "new"),
        [
            ("en", "spoke for a refund", "spoke for nothing at all in your refund"),
            ("en", "spoke for a refund", "spoke for you not in the least here"),
            ("en", "spoke for a refund", "spoke for no refund whatever"),
            ("es", "a favor de", "a favor de nada que diga"),
            ("es", "a favor de", "a favor en ningún caso de"),
            ("de", "sprach für", "sprach für Sie nicht wirklich und für"),
            ("de", "sprach für", "sprach für keine Zahlung oder"),
            ("fr", "a joué en faveur", "joué en faveur de rien ou"),
            ("fr", "a joué en faveur", "joué en faveur d’aucun avis et"),
        ],
    )
    def test_turns_it_round_wherever_it_stands(self, language, old, new):
        file = f"phrases/{language}.ftl"
        head, key, rest = FILES[file].partition("reason-amount =")
        assert old in rest
        found = check_words(declared(PACK), FILES | {file: head + key + rest.replace(old, new, 1)}, shared_words(FILES))
        assert any("reason-amount.for: says" in one and "which turns it round" in one for one in found), found

    @pytest.mark.parametrize("words", ["This spoke for a refund, but not alone.", "This spoke for a refund but not alone."])
    def test_leaves_it_in_a_clause_of_its_own(self, words):
        assert wrong(AMOUNT, f"You asked us to pay back {{ $value }}. {words}") == []
