"""Initiatives of a document: those with a text, those named in passing, and which known ones they are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from initiatives.choices import PartKind
from reporting.importing.outline import Outline, Piece
from reporting.importing.proposals.known import (
    Known,
    KnownInitiative,
    acronym_of,
    by_identifier,
    titles_of,
)
from reporting.importing.proposals.matching import Trie, form_of_all
from reporting.importing.proposals.readings import Reading
from reporting.importing.proposals.references import Note, numbered_projects

_CLOSING = {"'": "'", "’": "‘", "”": "“", "“": "„", "»": "«", '"': '"', "」": "「", "』": "『", "》": "《", "«": "»"}
_AFTER_TITLE = " \t\n\u00a0.,;:!?،。，；：、"
_LONGEST_TITLE = 300
_SIMILAR = 0.6  # share of words of both titles that are the same

# the first that is in a title tells its kind; what is none of them is a project
_KINDS: list[tuple[str, str]] = [
    ("survey", r"survey|enquête|encuesta|обследовани|مسح|استقصا|调查"),
    ("index", r"\bindex\b|\bindice\b|\bíndice\b|индекс|مؤشر|指数"),
    ("network", r"network|réseau|\bred\b|\bсеть|شبكة|网络"),
    ("alliance", r"alliance|alianza|альянс|تحالف|联盟"),
    ("partnership", r"partnership|partenariat|asociación para|партн[её]рств|شراكة|伙伴关系"),
    ("platform", r"platform|plateforme|plataforma|платформ|منصة|平台"),
    ("campaign", r"campaign|campagne|campaña|кампани|حملة|运动"),
    (
        "event-series",
        r"summit|forum\b|conference|sommet|conférence|cumbre|\bforo\b|conferencia|саммит|форум|конференци|قمة|منتدى|مؤتمر|峰会|论坛|大会",
    ),
    ("meeting", r"meeting|workshop|réunion|atelier|reunión|taller|совещани|семинар|اجتماع|ورشة|会议|研讨会"),
    ("publication", r"\breport\b|publication|rapport|informe|доклад|تقرير|报告"),
    ("strategy", r"strateg|stratég|estrateg|стратеги|استراتيجية|战略"),
    ("framework", r"framework|\bcadre\b|\bmarco\b|рамочн|إطار|框架"),
    ("programme", r"program|facility|mécanisme|mecanismo|программ|фонд|برنامج|مرفق|方案|计划"),
    ("initiative", r"initiative|iniciativa|инициатив|مبادرة|倡议"),
]
_BY_WORDS = [(kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS]
_EDITION = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass
class Found:
    """One initiative of the document."""

    key: str
    block: int
    title: str
    piece: Piece | None = None  # None where it is named in passing
    section: int = -1
    kind: str = "project"
    identifiers: dict[str, Note | None] = field(default_factory=dict)  # value and the note that gives it
    candidates: list[dict[str, Any]] = field(default_factory=list)
    same: int | None = None


def find_initiatives(
    outline: Outline,
    readings: Sequence[Reading],
    notes: dict[str, Note],
    known: Known,
    *,
    own: list[int],
    known_titles: Trie[int | str],
) -> list[Found]:
    """Return the initiatives of a submission, each once, those with a text first."""
    found = [
        Found(
            key=f"initiative:{piece.heading if piece.heading is not None else piece.blocks[0]}",
            block=piece.heading if piece.heading is not None else piece.blocks[0],
            title=" ".join(piece.title.split()),
            piece=piece,
            section=number,
        )
        for number, section in enumerate(outline.sections)
        for piece in section.pieces
        if piece.kind == "initiative" and piece.title.strip() and (piece.heading is not None or piece.blocks)
    ]
    _add_identifiers(found, readings, notes, known_titles)
    matching = _Matching(known, own)
    for one in found:
        one.kind = kind_of_title(one.title, known.kinds)
        one.candidates, one.same = matching.candidates(one.title, list(one.identifiers))
    return found


def kind_of_title(title: str, kinds: Iterable[str]) -> str:
    """Return the kind of initiative that a title tells."""
    for kind, words in _BY_WORDS:
        if words.search(title):
            if kind == "event-series" and _EDITION.search(title):
                kind = "event"
            if kind in kinds:
                return kind
    return "project"


def _add_identifiers(
    found: list[Found], readings: Sequence[Reading], notes: dict[str, Note], known_titles: Trie[int | str]
) -> None:
    """Give each initiative the project numbers that stand with it, and add those that are named in passing."""
    own = {index: one for one in found if one.piece for index in _indexes(one.piece)}
    titles: Trie[int | str] = Trie()
    for one in found:
        for title in [*titles_of(one.title), acronym_of(one.title)]:
            titles.add(title, one.key, case="capital")
    for reading in readings:
        if reading.kind == PartKind.NOTE:
            continue
        inside = own.get(reading.block)
        if inside:
            for value in numbered_projects(reading.text):
                inside.identifiers.setdefault(value, None)
        for place, note_id in reading.marks:
            note = notes.get(note_id)
            if note is None or not note.numbers:
                continue
            title = _title_before(reading, place, titles, known_titles)
            named = _by_title(found, title) if title else None
            if named is None and title and (inside is None or _is_quoted(reading, place)):
                named = Found(key=f"initiative:{note_id}", block=reading.block, title=title)
                found.append(named)
                for form in [*titles_of(title), acronym_of(title)]:
                    titles.add(form, named.key, case="capital")
            if named := named or inside:
                for value in note.numbers:
                    named.identifiers.setdefault(value, note)


def _indexes(piece: Piece) -> list[int]:
    return [*([piece.heading] if piece.heading is not None else []), *piece.blocks]


def _by_title(found: list[Found], title: str) -> Found | None:
    forms = {form_of_all(form) for form in titles_of(title)}
    return next(
        (
            one
            for one in found
            if forms & {form_of_all(form) for form in [*titles_of(one.title), acronym_of(one.title)]}
        ),
        None,
    )


def _title_before(reading: Reading, place: int, titles: Trie[int | str], known_titles: Trie[int | str]) -> str:
    """Return the title that ends right before a note: in quotation marks, a link, or one that is known; or nothing."""
    text = reading.text[:place].rstrip(_AFTER_TITLE)
    if quoted := _quoted_at_end(text):
        return quoted
    for start, end, _address in reading.links:
        if start < len(text) <= end or reading.text[start:end].rstrip(_AFTER_TITLE) == text[start:]:
            linked = " ".join(reading.text[start:end].strip("'\"“”‘’«»").split())
            return linked if len(linked) <= _LONGEST_TITLE else ""
    for trie in (titles, known_titles):
        for match in trie.find(text, [word for word in reading.words if word.end <= len(text)]):
            if match.end == len(text):
                return text[match.start : match.end]
    return ""


def _is_quoted(reading: Reading, place: int) -> bool:
    return bool(_quoted_at_end(reading.text[:place].rstrip(_AFTER_TITLE)))


def _quoted_at_end(text: str) -> str:
    """Return what stands in quotation marks at the end of a text, or nothing."""
    opening = _CLOSING.get(text[-1:])
    if not opening:
        return ""
    inside = text[:-1].rstrip(_AFTER_TITLE)
    for at in range(len(inside) - 1, max(len(inside) - _LONGEST_TITLE, 0) - 1, -1):
        if inside[at] == opening and not (at and inside[at - 1].isalnum()):
            return " ".join(inside[at + 1 :].split())
    return ""


def title_trie(known: Known) -> Trie[int | str]:
    """Return all titles of known initiatives, ready to be found in a text."""
    trie: Trie[int | str] = Trie()
    for one in known.initiatives.values():
        add_titles(trie, one.id, [*(title for _language, title in one.titles), *one.other_titles])
    return trie


def add_titles(trie: Trie[int | str], value: int | str, titles: Iterable[str]) -> None:
    """Add the titles of an initiative, what they are without parentheses, and their acronyms."""
    for title in titles:
        for form in titles_of(title):
            trie.add(form, value, case="exact" if len(form_of_all(form)) == 1 else "capital")
        if acronym := acronym_of(title):
            trie.add(acronym, value, case="exact")


def is_plain(words: str) -> bool:
    """Whether words could be ordinary ones as well as a title: two at most, the last in small letters."""
    parts = words.split()
    return len(parts) <= 2 and parts[-1][:1].islower()


class _Matching:
    """Finds the known initiatives that one of a document may be."""

    def __init__(self, known: Known, own: list[int]) -> None:
        self.known = known.initiatives
        self.own = set(own)
        self.by_identifier = by_identifier(self.known)
        self.by_title: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.by_other_title: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for one in self.known.values():
            for _language, title in one.titles:
                for form in [*titles_of(title), acronym_of(title)]:
                    self.by_title[form_of_all(form)].append(one.id)
            for title in one.other_titles:
                for form in titles_of(title):
                    self.by_other_title[form_of_all(form)].append(one.id)
            for words in self._forms(one):
                for word in words:
                    self.by_word[word].add(one.id)

    @staticmethod
    def _forms(one: KnownInitiative) -> list[set[str]]:
        titles = [*(title for _language, title in one.titles), *one.other_titles]
        return [set(words) for title in titles if len(words := _telling(title)) > 1]

    def candidates(self, title: str, identifiers: list[str]) -> tuple[list[dict[str, Any]], int | None]:
        """Return the known ones, best first, and which one it is; None where that is not certain."""
        points: dict[int, int] = defaultdict(int)
        by: dict[int, list[str]] = defaultdict(list)
        forms = [form_of_all(form) for form in titles_of(title)]
        for reason, worth, ids in [
            ("identifier", 4, [pk for value in identifiers for pk in self.by_identifier.get(value, [])]),
            ("title", 3, [pk for form in forms if form for pk in self.by_title.get(form, [])]),
            ("other title", 2, [pk for form in forms if form for pk in self.by_other_title.get(form, [])]),
        ]:
            for pk in dict.fromkeys(ids):
                points[pk] += worth
                by[pk].append(reason)
        certain = {pk for pk in points if self.known[pk].entity in self.own}
        similar = self._similar(title)
        likeness = {pk: share for share, pk in similar}  # a programme and its phase share a number
        best = sorted(points, key=lambda pk: (pk not in certain, -points[pk], -likeness.get(pk, 0), pk))
        same = best[0] if best and best[0] in certain else None
        for share, pk in similar:
            if pk not in points and share >= _SIMILAR:
                best.append(pk)
                by[pk].append("similar title")
        return [
            {"id": pk, "title": self.known[pk].title, "entity": self.known[pk].acronym, "by": " + ".join(by[pk])}
            for pk in best[:8]
        ], same

    def _similar(self, title: str) -> list[tuple[float, int]]:
        """Return the initiatives of the entities whose titles share most words with this one, the likest first."""
        words = set(_telling(title))
        if len(words) < 2:
            return []
        nearby = {pk for word in words for pk in self.by_word.get(word, set()) if self.known[pk].entity in self.own}
        scored = [
            (max(len(words & form) / len(words | form) for form in self._forms(self.known[pk])), pk) for pk in nearby
        ]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:3]


def _telling(title: str) -> list[str]:
    return [word for word in form_of_all(title) if len(word) > 3 or not word.isascii()]
