"""The language that a text seems to be in, by its letters and its smallest words."""

import re
from collections import Counter

from portal.common.languages import Language

_LETTERS = {
    Language.ARABIC: re.compile("[\u0600-\u06ff]"),
    Language.RUSSIAN: re.compile("[\u0400-\u04ff]"),
    Language.CHINESE: re.compile("[\u3400-\u9fff]"),
}
_SMALL_WORDS = {
    Language.ENGLISH: {"the", "and", "of", "to", "in", "for", "is", "with", "by", "on"},
    Language.FRENCH: {"le", "la", "les", "des", "et", "du", "dans", "pour", "une", "sur"},
    Language.SPANISH: {"el", "la", "los", "las", "del", "y", "en", "para", "una", "con"},
}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 10_000  # letters that are looked at
_FEWEST = 10  # small words below which nothing is said


def likely_language(text: str) -> str:
    """Return the code of the language that a text seems to be in; empty where its words do not tell."""
    text = text[:_ENOUGH]
    letters = sum(map(str.isalpha, text))
    for language, pattern in _LETTERS.items():
        if len(pattern.findall(text)) > letters / 2:
            return language.value
    said = Counter(word.lower() for word in _WORD.findall(text))
    counts = Counter({language: sum(said[word] for word in small) for language, small in _SMALL_WORDS.items()})
    (first, most), (_second, next_most) = counts.most_common(2)
    return first.value if most >= _FEWEST and most >= 2 * next_most else ""
