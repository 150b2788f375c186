"""Readability: how hard a text is to read, by the published measure of its language.

The one door to pyphen.  Each language has its own formula, since words and sentences are
not equally long everywhere; all of them read nothing but words a sentence and syllables a
word, so they say whether a text is short and plain, never whether it is clear or true.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from pyphen import Pyphen

MOST_WORDS = 20  # in one sentence, in every language
LEAST_WORDS = 8  # in a sentence that is measured alone: in shorter ones, one long word is the whole figure
SHARE = re.compile(r"[^\W_]")  # what makes a run of signs a word: a letter or a digit
# Where a sentence ends. Not after the one or two digits of an ordinal: `am 3. Juni`.
END = re.compile(r"(?<!\s\d\.)(?<!\s\d\d\.)(?<=[.!?…])[»”’\")]*\s+")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas read."""

    sentences: int
    words: int
    syllables: int
    long_words: int  # of three syllables or more

    @property
    def words_a_sentence(self) -> float:
        """Mean length of a sentence."""
        return self.words / self.sentences

    @property
    def syllables_a_word(self) -> float:
        """Mean length of a word."""
        return self.syllables / self.words


@dataclass(frozen=True, slots=True)
class Measure:
    """One language's formula, and how far a text may go on its scale."""

    name: str
    score: Callable[[Counts], float]
    whole: float  # limit for all that a customer may read
    alone: float  # limit for one sentence of LEAST_WORDS or more, so that none is far off
    ease: bool = False  # a higher score is an easier text; else a higher score is a later school year

    def fails(self, score: float, limit: float) -> bool:
        """Whether a score is beyond a limit, on the hard side of it."""
        return score < limit if self.ease else score > limit

    def said(self, score: float, limit: float) -> str:
        """A score beside its limit, in words."""
        return f"{self.name} {score:.1f}; at {'least' if self.ease else 'most'} {limit:g}"


def kincaid(text: Counts) -> float:
    """English, as a US school grade.

    Kincaid, Fishburne, Rogers and Chissom 1975, Derivation of new readability formulas for
    Navy enlisted personnel, Research Branch Report 8-75.

    >>> round(kincaid(Counts(sentences=1, words=10, syllables=15, long_words=1)), 2)
    6.01
    """
    return 0.39 * text.words_a_sentence + 11.8 * text.syllables_a_word - 15.59


def szigriszt(text: Counts) -> float:
    """Spanish, as ease on the INFLESZ scale: 55 normal, 65 rather easy, 80 very easy.

    Szigriszt Pazos 1993, Sistemas predictivos de legibilidad del mensaje escrito; the scale
    is Barrio-Cantalejo et al. 2008, Anales del Sistema Sanitario de Navarra 31(2).

    >>> round(szigriszt(Counts(sentences=1, words=10, syllables=20, long_words=3)), 3)
    72.235
    """
    return 206.835 - 62.3 * text.syllables_a_word - text.words_a_sentence


def wiener(text: Counts) -> float:
    """German, as a school year: the fourth Wiener Sachtextformel.

    Bamberger and Vanecek 1984, Lesen – Verstehen – Lernen – Schreiben.

    >>> round(wiener(Counts(sentences=1, words=10, syllables=17, long_words=2)), 4)
    6.451
    """
    return 0.2656 * text.words_a_sentence + 0.2744 * (100 * text.long_words / text.words) - 1.693


def kandel(text: Counts) -> float:
    """French, as ease on Flesch's scale: 60 to 70 standard, higher is easier.

    Kandel and Moles 1958, Application de l'indice de Flesch à la langue française, Cahiers
    d'études de radio-télévision 19.

    >>> round(kandel(Counts(sentences=1, words=10, syllables=15, long_words=1)), 2)
    86.45
    """
    return 207 - 1.015 * text.words_a_sentence - 73.6 * text.syllables_a_word


# The one table of thresholds. A language that is not here has no measure of its own: only the length of its sentences counts.
MEASURES = {
    "en": Measure("Flesch-Kincaid grade", kincaid, whole=8, alone=12),
    "es": Measure("Szigriszt-Pazos ease", szigriszt, whole=65, alone=45, ease=True),
    "de": Measure("Wiener Sachtextformel", wiener, whole=8, alone=12),
    "fr": Measure("Kandel-Moles ease", kandel, whole=65, alone=45, ease=True),
}

# Per language: pyphen's dictionary, what sounds as one vowel, and what is written at a word's end but not heard.
_SOUNDS = {
    "en": (
        "en_US",
        r"[aeiouy]+",
        r"(?<=[^aeiouy])(?<![^aeiouy]l)e$|(?<=[^aeioudt])e(?=d$)|(?<=[^aeiouycghsxz])(?<![^aeiouy]l)e(?=s$)",
    ),
    "es": ("es_ES", r"[íú]|[iuü]?[aeoáéó](?:[iuü]|y$)?|[iuü]+y?|y$", r"(?<=[gq])u(?=[eiéí])"),
    "de": ("de_DE", r"aa|ee|oo|ie|ei|ai|au|eu|äu|[aeiouyäöüé]", r"$^"),
    "fr": ("fr_FR", r"[aeiouyàâäéèêëîïôöûùüœ]+", r"(?<=[^aeiouyàâéèê])e(?=s?$)"),
}


def sentences(text: str) -> list[str]:
    """The sentences of a text; one without an end is one too.

    >>> sentences("Sie haben bis 3. Juni Zeit. Warum? Darum")
    ['Sie haben bis 3. Juni Zeit.', 'Warum?', 'Darum']
    """
    return [one for one in END.split(text.strip()) if SHARE.search(one)]


def words(text: str) -> list[str]:
    """The words of a text; a number is one, a bare sign such as € is none."""
    return [one for one in text.split() if SHARE.search(one)]


@lru_cache(16_384)
def syllables(word: str, language: str) -> int:
    """How many syllables a word has, at least one: the vowels that are heard, between the places where it may be hyphenated.

    Hyphenation alone finds too few (no book breaks `o-pen`), vowels alone too few where two
    meet (`re-open`).  A number counts as one.

    >>> [syllables(word, "en") for word in ("open", "made", "decided", "asked", "table", "1,234")]
    [2, 1, 3, 1, 2, 1]
    """
    dictionary, vowel, silent = _SOUNDS[language]
    letters = re.sub(r"[^\w-]", "", word.casefold())
    places = [0, *_hyphens(dictionary).positions(letters), len(letters)]
    heard = re.sub(silent, lambda found: "·" * len(found[0]), letters)  # as long as before, so that the places still fit
    pieces = (heard[start:end] for start, end in pairwise(places))
    return max(1, sum(len(re.findall(vowel, piece)) for piece in pieces))


@cache
def _hyphens(dictionary: str) -> Pyphen:
    return Pyphen(lang=dictionary)


def count(text: str, language: str) -> Counts:
    """Count what the formulas of a language read; a text of words is at least one sentence."""
    each = [syllables(one, language) for one in words(text)]
    return Counts(len(sentences(text)), len(each), sum(each), sum(one >= 3 for one in each))
