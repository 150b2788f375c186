"""Readability: published formulas on texts counted by hand."""

import pytest

from explainer.explanations.readability import MEASURES, Counts, count, sentences, syllables, words

# Each text with its sentences, words, syllables and words of three syllables or more, counted by hand, and the score by pencil.
BY_HAND = {
    "en": ("We looked at your case. You can ask a person to look again.", Counts(2, 13, 15, 0), 0.5604),
    "es": ("Hemos mirado su caso. Usted puede llamar a una persona.", Counts(2, 10, 20, 2), 77.235),
    "de": ("Wir haben Ihren Fall geprüft. Sie können jetzt anrufen.", Counts(2, 9, 15, 1), 2.5511),
    "fr": ("Nous avons relu votre dossier. Vous pouvez nous appeler.", Counts(2, 9, 15, 1), 79.7658),
}


class TestFormulas:
    @pytest.mark.parametrize("language", BY_HAND)
    def test_a_text_counted_by_hand_has_the_score_worked_out_by_hand(self, language):
        text, counted, score = BY_HAND[language]
        assert count(text, language) == counted
        assert MEASURES[language].score(counted) == pytest.approx(score, abs=5e-4)

    @pytest.mark.parametrize("language", BY_HAND)
    def test_longer_sentences_and_longer_words_are_harder(self, language):
        measure = MEASURES[language]
        easy, longer, heavier = (measure.score(one) for one in (Counts(2, 20, 30, 2), Counts(1, 20, 30, 2), Counts(2, 20, 44, 8)))
        assert measure.fails(longer, easy)
        assert measure.fails(heavier, easy)
        assert not measure.fails(easy, easy)

    @pytest.mark.parametrize("language", BY_HAND)
    def test_one_sentence_may_be_harder_than_the_whole(self, language):
        assert MEASURES[language].fails(MEASURES[language].alone, MEASURES[language].whole)


class TestSyllables:
    @pytest.mark.parametrize(
        ("language", "counted"),
        [
            (
                "en",
                "the=1 open=2 again=2 made=1 used=1 asked=1 decided=3 table=2 cases=2 rules=1 decision=3 delivery=4 responsible=4",
            ),
            ("es", "día=2 año=2 que=1 guía=2 muy=1 ahora=3 decisión=3 reembolso=4 aeropuerto=5 electricidad=5"),
            ("de", "Sie=1 über=2 neu=1 aber=2 Idee=2 Rechnung=2 Entscheidung=3 bearbeiten=4 Sendungsverfolgung=5"),
            ("fr", "une=1 page=1 règle=1 avez=2 idée=2 personne=2 après=2 décision=3 logiciel=3"),
        ],
    )
    def test_are_those_that_are_heard(self, language, counted):
        said = dict(one.split("=") for one in counted.split())
        assert {word: syllables(word, language) for word in said} == {word: int(number) for word, number in said.items()}

    def test_quotes_and_full_stops_do_not_count(self):
        assert [syllables(one, "en") for one in ("(made", "made.", "“made”")] == [1, 1, 1]

    def test_a_number_counts_as_one(self):
        assert syllables("€1,234.50", "en") == 1


class TestWords:
    def test_a_number_is_one_and_a_bare_sign_is_none(self):
        assert words("Sie bekommen 34,90\u00a0€ – heute") == ["Sie", "bekommen", "34,90", "heute"]


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("One. Two? Three! Four", 4),
            ("Sie haben bis zum 3. Juni 2026 Zeit. Danach nicht mehr.", 2),
            ("Bis zum 15. November.", 1),
            ("You asked for €10,000.00. We paid.", 2),
            ("Vous changez d’avis\u202f? Dites-le-nous.", 2),
            ("Until 2026. Then not.", 2),
            ("", 0),
        ],
    )
    def test_end_where_a_reader_takes_a_breath(self, text, parts):
        assert len(sentences(text)) == parts
