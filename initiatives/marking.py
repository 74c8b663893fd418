"""Marking in a text the words that a search found it by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from initiatives.search import Asked
from portal.common import richtext
from portal.common.languages import Language

AROUND = 90  # characters before the first mark of an extract
LENGTH = 280  # characters of an extract
_IDEOGRAPHS = "\u3040-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|(?:(?![{_IDEOGRAPHS}_])[\w\u0300-\u036f\u064b-\u0652\u0670\u0640])+")
_NOTE = re.compile(r'data-footnote="([^"]*)"')
_UNSEEN = re.compile("[\u0300-\u036f\u064b-\u0655\u0670\u0640]")
_ARTICLE = re.compile("^[وفبك]?(?:ال|لل)(?=..)")

Span = tuple[int, int]


def readable(html: str) -> str:
    """Return the words of a rich text, those of its footnotes last, as search reads them."""
    return " ".join([richtext.to_plain(html), *(unescape(note) for note in _NOTE.findall(html))]).strip()


@lru_cache(maxsize=4096)  # every search compares the same names of lines and entities
def folded(word: str) -> str:
    """Return the word without case and accents, nearly as the database does."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", word)).casefold()


def _core(word: str) -> str:
    """Return a folded word without the article that Arabic writes in front of it."""
    return _ARTICLE.sub("", word)


def _may_be_a_form(word: str, language: str, openings: set[str]) -> bool:
    """Whether the word is worth asking the database: a form of a word begins as it does, in Arabic nearly so."""
    if language == Language.ARABIC:
        return any(opening in word for opening in openings)
    return word[:2] in openings


@dataclass(frozen=True)
class Token:
    """A word of a text and its place."""

    word: str
    start: int
    end: int


def tokens_of(text: str) -> list[Token]:
    return [Token(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]


class Marker:
    """Finds in some texts the words and phrases that were asked for, in one query for all of them.

    The database says which word of a text is a form of which word that was asked for, by the rules of the text's
    language, so that what is marked is what was found.
    """

    def __init__(self, asked: Asked, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` are pairs of a text and its language; others are not marked."""
        self.phrases = [[token.word for token in tokens_of(piece)] for piece in asked.wanted]
        self.open_end = asked.is_typing
        self.texts = {(text, language): tokens_of(text) for text, language in texts}
        wanted = {word for phrase in self.phrases for word in phrase}
        self.forms = self._forms(wanted)
        self.by_first_word: dict[str, list[list[str]]] = {}
        for phrase in filter(None, self.phrases):
            self.by_first_word.setdefault(phrase[0], []).append(phrase)
        self.known: dict[tuple[str, str], list[Span]] = {}

    def _forms(self, wanted: set[str]) -> dict[tuple[str, str], set[str]]:
        """Return of which wanted words the words of the texts, each in its language, are forms."""
        openings = {_core(folded(word))[:2] for word in wanted}
        asked_about = {
            (token.word, language)
            for (_text, language), tokens in self.texts.items()
            for token in tokens
            if _may_be_a_form(folded(token.word), language, openings)
        }
        if not asked_about or not wanted:
            return {}
        last = self.phrases[-1][-1] if self.open_end and self.phrases[-1] else ""
        words, languages = zip(*sorted(asked_about), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH it AS MATERIALIZED (
                    SELECT word, language, search_words(language, 'A', word) AS forms, folded(word) AS small
                    FROM unnest(%s::text[], %s::text[]) AS it(word, language)
                ), wanted AS MATERIALIZED (
                    SELECT word, search_query(ARRAY[word], '{}', word = %s) AS query, folded(word) AS small
                    FROM unnest(%s::text[]) AS word
                )
                SELECT it.word, it.language, wanted.word FROM it JOIN wanted
                ON it.forms @@ wanted.query OR it.small = wanted.small
                """,
                [list(words), list(languages), last, sorted(wanted)],
            )
            found: dict[tuple[str, str], set[str]] = {}
            for word, language, form_of in cursor.fetchall():
                found.setdefault((word, language), set()).add(form_of)
            return found

    def spans(self, text: str, language: str) -> list[Span]:
        """Return the places of the text that are marked, in their order, none within another."""
        if (text, language) not in self.known:
            self.known[text, language] = _apart(set(self._found(self.texts.get((text, language), []), language)))
        return self.known[text, language]

    def _found(self, tokens: list[Token], language: str) -> Iterator[Span]:
        """Give the place of each phrase; looked up by first words, for most words of a text begin none."""
        for first, token in enumerate(tokens):
            for word in self.forms.get((token.word, language), ()):
                for phrase in self.by_first_word.get(word, ()):
                    run = tokens[first : first + len(phrase)]
                    if len(run) == len(phrase) and all(
                        part in self.forms.get((other.word, language), ())
                        for other, part in zip(run, phrase, strict=True)
                    ):
                        yield run[0].start, run[-1].end

    def words(self, text: str, language: str) -> list[str]:
        """Return the marked words of the text."""
        return [text[start:end] for start, end in self.spans(text, language)]

    def marked(self, text: str, language: str) -> SafeString:
        """Return the whole text as HTML, its words escaped and those found in `<mark>`."""
        return _with_marks(text, self.spans(text, language), 0, len(text))

    def extract(self, text: str, language: str) -> SafeString:
        """Return a piece of the text around its first marks as HTML; its beginning where nothing is marked."""
        spans = self.spans(text, language)
        start = 0
        if spans and spans[0][1] > LENGTH - AROUND:
            start = text.rfind(" ", 0, max(0, spans[0][0] - AROUND)) + 1 or spans[0][0] - AROUND
        end = min(len(text), start + LENGTH)
        if end < len(text):
            end = (
                max(text.rfind(" ", start, end), max((stop for _begin, stop in spans if stop <= end), default=0)) or end
            )
            if end - start < LENGTH // 2:
                end = start + LENGTH
        shown = [(begin, stop) for begin, stop in spans if begin >= start and stop <= end]
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return mark_safe(before + _with_marks(text, shown, start, end) + after)  # noqa: S308  # escaped piece by piece


def _apart(spans: set[Span]) -> list[Span]:
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _with_marks(text: str, spans: list[Span], start: int, end: int) -> SafeString:
    parts: list[str] = []
    at = start
    for begin, stop in spans:
        parts += [escape(text[at:begin]), "<mark>", escape(text[begin:stop]), "</mark>"]
        at = stop
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts))  # noqa: S308  # each piece is escaped
