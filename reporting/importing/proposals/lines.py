"""Action lines that a text states: by code anywhere, by name where it speaks of action lines."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from initiatives.choices import PartKind
from reporting.importing.proposals.known import Known
from reporting.importing.proposals.readings import Reading

# C7, С7 (Cyrillic), C-7, جيم 7; `C 7` is too often something else
_CODE = re.compile(
    r"(?<![^\W_])(?:[CС]-?|[وفبل]?جيم\s?-?)(?P<number>1[01]|[1-9]|[٠-٩]{1,2})(?![0-9٠-٩])(?P<glued>[^\W\d_]*)"
)
_SPACED_CODE = re.compile(r"(?<![^\W_])[CС]\s(?P<number>1[01]|[1-9])(?![0-9])(?P<glued>[^\W\d_]*)")
_SPEAKS_OF_LINES = re.compile(
    r"\b(?:action|target)[\s-]+lines?\b|\blignes?\s+d['’]action\b|\bgrandes?\s+orientations?\b"
    r"|\bl[íi]neas?\s+de\s+acci[óo]n\b|\bнаправлени\w*\s+(?:деятельности|действий)|(?:خط|خطوط|مسار|مسارات)\s+العمل"
    r"|行动(?:方面|方针|路线|系列|方向|纲领)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?。！？؟])(?=\s|[\u3400-\u9fff])")
# a name of one word counts only where it stands as a name: `social media` is no action line
_SET_OFF = re.compile(
    r"(?:^|[,;:(\[“\"'«‘、，：；/–—-]|\b(?:and|or|lines?|et|ou|y|e|o|и|или|و|أو|on|sur|sobre)|[和及与])\s*$",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\s*(?:$|[,;:.)\]”\"'»’、，。；/]|(?:and|or|et|ou|y|e|o|и|или)\b|[和及与])", re.IGNORECASE)
_LOOKS_AHEAD = 90  # letters after `C7` in which the name of the sub-line begins


class StatedLine(NamedTuple):
    """An action line in a text."""

    line: int
    block: int
    words: str


def stated_lines(readings: Iterable[Reading], known: Known) -> list[StatedLine]:
    """Return the lines that the texts state, each once a block."""
    codes = {line.code: pk for pk, line in known.lines.items()}
    found: dict[tuple[int, int], StatedLine] = {}
    announced = False  # whether what stands before a list speaks of action lines
    for reading in readings:
        is_entry = reading.kind == PartKind.ENTRY
        speaks = _SPEAKS_OF_LINES.search(reading.text) is not None
        if not is_entry and reading.kind != PartKind.NOTE:
            announced = speaks
        by_code = list(_by_code(reading, known, codes, speaks=speaks or (is_entry and announced)))
        by_name = _by_name(reading, known, whole=is_entry and announced) if speaks or (is_entry and announced) else []
        named = [line for line in by_name if not _is_only_the_parent(line.line, [*by_code, *by_name], known)]
        for line in [*by_code, *named]:
            found.setdefault((line.block, line.line), line)
    return list(found.values())


def _is_only_the_parent(line: int, others: list[StatedLine], known: Known) -> bool:
    """Whether a line is named as the head of a sub-line: `ICT applications: e-government`."""
    return any(known.lines[other.line].parent_id == line for other in others)


def _by_code(reading: Reading, known: Known, codes: dict[str, int], *, speaks: bool) -> Iterable[StatedLine]:
    matches = list(_CODE.finditer(reading.text))
    if speaks:
        matches += _SPACED_CODE.finditer(reading.text)
    for match in matches:
        line = codes.get(f"C{int(match['number'])}") if int(match["number"]) < 12 else None
        if line is None:
            continue
        end = match.end("number")
        if sub_line := _sub_line(reading.text, line, end, known):
            line, end = sub_line
        elif match["glued"]:
            continue  # C4you
        yield StatedLine(line, reading.block, reading.text[match.start() : end])


def _sub_line(text: str, line: int, at: int, known: Known) -> tuple[int, int] | None:
    """Return the sub-line whose name follows the code of its line, and where that ends."""
    parent = known.lines[line]
    if not any(other.parent_id == line for other in known.lines.values()):
        return None
    ahead = text[at : at + _LOOKS_AHEAD]
    letters = [(one.casefold(), place) for place, one in enumerate(ahead) if one.isalnum()]
    compact = "".join(one for one, _place in letters)
    heads = {
        "".join(one.casefold() for one in name if one.isalnum())
        for name in [
            parent.short_name_en,
            *(value for field, value in vars(parent).items() if field.startswith(("name_", "current_name_"))),
        ]
        if name
    }
    skipped = max((len(head) for head in heads if compact.startswith(head)), default=0)
    for form, pk in known.line_forms:
        if compact.startswith(form, skipped) and known.lines[pk].parent_id == line:
            return pk, at + letters[skipped + len(form) - 1][1] + 1
    return None


def _by_name(reading: Reading, known: Known, *, whole: bool) -> list[StatedLine]:
    """Return the lines named in the sentences that speak of action lines, or in the whole of an entry."""
    spans = []
    start = 0
    for end in [*(match.start() for match in _SENTENCE_END.finditer(reading.text)), len(reading.text)]:
        if whole or _SPEAKS_OF_LINES.search(reading.text, start, end):
            spans.append((start, end))
        start = end
    found = []
    for match in known.line_names.find(reading.text, reading.words):
        if not any(start <= match.start < end for start, end in spans):
            continue
        if match.first == match.last and not (
            _SET_OFF.search(reading.text, 0, match.start) and _CLOSED.match(reading.text, match.end)
        ):
            continue
        found += [StatedLine(line, reading.block, reading.text[match.start : match.end]) for line in match.values]
    return found
