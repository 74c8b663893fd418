"""Finding thousands of names in a text at once: one trie over words that are written alike."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

Value = TypeVar("Value")

# an ideograph is a word of its own
_WORD = re.compile(r"[\u3400-\u9fff]|(?:(?![\u3400-\u9fff])[^\W_])+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# the endings of nouns and adjectives, so that a name is found in any case
_RUSSIAN_ENDING = re.compile(
    r"(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ией|иям|иях|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|ую|юю|ые|ие|ых|их|ым|им|ом|ем"
    r"|ам|ям|ах|ях|ия|ии|ию|ью|[аеиоуыэюяьй])$"
)
_ARABIC_SPELLING = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_ARABIC_PREFIXES = "وفبلك"  # and, so, in, for, like: written as one word with the name


class Word(NamedTuple):
    """One word of a text and where it stands."""

    form: str  # as it is compared
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of a text, punctuation left out."""
    return [Word(form_of(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def form_of_all(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared."""
    return tuple(form_of(match[0]) for match in _WORD.finditer(text))


@lru_cache(maxsize=50_000)
def form_of(word: str) -> str:
    """Return a word as it is compared: without case, accents and, in Russian, endings."""
    word = word.casefold()
    if word.isascii():
        return word
    if _CYRILLIC.search(word):
        word = word.replace("ё", "е")
        return _RUSSIAN_ENDING.sub("", word) if len(word) > 4 else word
    plain = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
    return plain.translate(_ARABIC_SPELLING)


@dataclass(frozen=True, slots=True)
class Match(Generic[Value]):
    """A name found in a text, with all that bears it."""

    values: tuple[Value, ...]
    first: int  # index of its first word
    last: int  # of its last
    start: int  # in the text
    end: int


@dataclass(slots=True)
class _Node(Generic[Value]):
    after: dict[str, "_Node[Value]"] = field(default_factory=dict)
    names: list[tuple[str, Literal["any", "capital", "exact"], Value]] = field(default_factory=list)


class Trie(Generic[Value]):
    """Names, each with what it names."""

    def __init__(self) -> None:
        self._root: _Node[Value] = _Node()

    def add(self, name: str, value: Value, *, case: Literal["any", "capital", "exact"] = "any") -> None:
        """Add a name. With `capital`, one that begins with a capital has to begin with one in the text too."""
        node = self._root
        forms = form_of_all(name)
        for form in forms:
            node = node.after.setdefault(form, _Node())
        if forms and all(value != held for _name, _case, held in node.names):
            node.names.append((name, case, value))

    def find(self, text: str, words: list[Word]) -> Iterator[Match[Value]]:
        """Give the names in a text from left to right, the longest at each place."""
        at = 0
        begun = self._root.after
        while at < len(words):
            form = words[at].form
            if form not in begun and form[0] not in _ARABIC_PREFIXES:  # nearly every word of a text
                at += 1
                continue
            found = self._longest(text, words, at)
            if found is None:
                at += 1
                continue
            yield found
            at = found.last + 1

    def _longest(self, text: str, words: list[Word], first: int) -> Match[Value] | None:
        best: Match[Value] | None = None
        for form in _beginnings(words[first].form):
            node = self._root.after.get(form)
            last = first
            while node is not None:
                if node.names:
                    start, end = words[first].start, words[last].end
                    printed = text[start:end]
                    values = tuple(value for name, case, value in node.names if _same_case(name, printed, case))
                    if values and (best is None or last > best.last):
                        best = Match(values, first, last, start, end)
                last += 1
                node = node.after.get(words[last].form) if last < len(words) else None
        return best


def _beginnings(form: str) -> list[str]:
    """Return the forms under which a name may begin: in Arabic, small words are written together with it."""
    if len(form) < 4 or form[0] not in _ARABIC_PREFIXES or not _ARABIC.match(form):
        return [form]
    if form.startswith("لل"):
        return [form, "ال" + form[2:], form[2:]]
    return [form, form[1:]]


def _same_case(name: str, printed: str, case: Literal["any", "capital", "exact"]) -> bool:
    if case == "exact":
        return _WORD.findall(name) == _WORD.findall(printed)
    return case == "any" or not name.lstrip("“\"'«(")[:1].isupper() or not printed[:1].islower()
