"""Comparing a document that was read in with what is compiled from its records: word by word, note by note.

    likeness = compare(told_in(SOURCE), told_by(submission))
    assert likeness.words >= 0.99 and not likeness.moved and likeness.notes >= 0.99

A source is its words in reading order, with `[^1]` where a note is cited and `[^1]: its words` on lines of their own,
anywhere. Cover, contents list and running heads are no part of it. Bullets may stand in it: they are no words.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal.common.figures import roman
from reporting.compilation.document import build
from reporting.compilation.gather import gather
from reporting.models import Submission

_WORD = re.compile(r"[^\W_]+")
_NOTE_BODY = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]*(.*)$", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass
class Told:
    """The words of a document, and its notes: after how many words each stands, and what it says."""

    words: list[str] = field(default_factory=list)
    notes: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass
class Likeness:
    """How like two documents are."""

    words: float  # the ratio of difflib over all words
    notes: float  # the least ratio over the words of one note; 1 where there is none
    moved: list[int]  # numbers of notes that stand after another word, from 1; and of those that are in one alone

    @property
    def is_proven(self) -> bool:
        return self.words >= 0.99 and self.notes >= 0.99 and not self.moved


def normal_words(text: str) -> list[str]:
    """Return the words of a text in small letters, without punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def told_in(source: str) -> Told:
    """Return what a source text tells."""
    bodies = {match[1]: match[2] for match in _NOTE_BODY.finditer(source)}
    told = Told()
    at = 0
    text = _NOTE_BODY.sub("", source)
    for mark in _NOTE_MARK.finditer(text):
        told.words += normal_words(text[at : mark.start()])
        told.notes.append((len(told.words), normal_words(bodies[mark[1]])))
        at = mark.end()
    told.words += normal_words(text[at:])
    return told


def told_by(submission: Submission) -> Told:
    """Return what a compiled submission tells, without its cover and its contents list."""
    document = build(gather(submission, submission.language))
    told = Told()
    for front in document.front:
        if front["kind"] != "contents":
            for text in [front.get("text", ""), *front.get("entries", [])]:
                told.words += normal_words(text)
    running: list[str] = []

    def end() -> None:
        told.words.extend(normal_words("".join(running)))
        running.clear()

    for kind, text in _pieces(document.blocks):
        if kind == "note":
            end()
            told.notes.append((len(told.words), normal_words(text)))
        else:
            running.append(text)
    end()
    return told


def _pieces(node: Any) -> Iterable[tuple[str, str]]:
    """Give text and notes of pandoc's tree in reading order."""
    match node:
        case list():
            for inner in node:
                yield from _pieces(inner)
        case {"t": "Str", "c": text}:
            yield "text", text
        case {"t": "Space" | "SoftBreak" | "LineBreak"}:
            yield "text", " "
        case {"t": "OrderedList", "c": [[start, {"t": style}, _end], items]}:
            for number, item in enumerate(items, start=start):
                yield "text", f" {_list_number(number, style)} "
                yield from _pieces(item)
            yield "text", " "
        case {"t": "Note", "c": inside}:
            yield "note", "".join(text for kind, text in _pieces(inside) if kind == "text")
        case {
            "t": "Para" | "Plain" | "Header" | "Div" | "BlockQuote" | "Table" | "BulletList",
            "c": inside,
        }:
            yield "text", " "
            yield from _pieces(inside)
            yield "text", " "
        case {"c": inside}:
            yield from _pieces(inside)


def _list_number(number: int, style: str) -> str:
    """Return the number of an entry as its list prints it."""
    match style:
        case "LowerAlpha" | "UpperAlpha":
            return chr(96 + number)
        case "LowerRoman" | "UpperRoman":
            return roman(number)
    return str(number)


def compare(source: Told, compiled: Told) -> Likeness:
    """Return how like the compiled document is to its source."""
    matcher = difflib.SequenceMatcher(None, source.words, compiled.words, autojunk=False)
    places = {
        block.a + offset: block.b + offset for block in matcher.get_matching_blocks() for offset in range(block.size)
    }
    moved = [
        number
        for number, ((before, _words), (found, _found_words)) in enumerate(
            zip(source.notes, compiled.notes, strict=False), start=1
        )
        if (places.get(before - 1, -2) + 1 if before else 0) != found
    ]
    fewer, more = sorted((len(source.notes), len(compiled.notes)))
    ratios = [
        difflib.SequenceMatcher(None, words, found, autojunk=False).ratio()
        for (_at, words), (_found_at, found) in zip(source.notes, compiled.notes, strict=False)
    ]
    return Likeness(
        words=matcher.ratio(),
        notes=min(ratios, default=1.0),
        moved=[*moved, *range(fewer + 1, more + 1)],
    )
