"""Footnotes: their bodies out of the text, and a mark in the text for each.

Raised digits, Unicode superscripts, marks in brackets and stars are marks as they stand. A digit that lost its raising
is one only where a body of that number stands behind it, in the order of the numbers, and where no other reading of
the digit is likely: `technologies.7` and `(4IR)1` are, `G20`, `3.5` and `2021` are not.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Literal

from reporting.importing.blocks import Block, Kind, Run, cut, ends_with_page, is_ideograph, tidy, within
from reporting.importing.mending.sentences import RAISED, is_open, shortened, whole, words
from reporting.importing.mending.workbench import Workbench

Look = Literal["raised", "circled", "bracket", "star", "plain"]

_UNICODE = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BODY_RAISED = re.compile(rf"\s*([{_UNICODE}]{{1,4}})\s*")
_BODY_CIRCLED = re.compile(r"\s*([①-⑳])\s*(?=\S)")
_BODY_BRACKET = re.compile(r"\s*\[(\d{1,3})\]\s*")
_BODY_PLAIN = re.compile(r"\s*(\d{1,3})(?:\s+|(?=[^\W\d_]{4}|https?:|www\.))(?=[^\s\d.)%°])")
_BODY_DOTTED = re.compile(r"\s*(\d{1,3})[.)]\s+(?=\S)")
_BODY_STAR = re.compile(r"\s*(\*{1,3}|†|‡)\s*(?=[^\s*])")
_NOTES_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s*)?(?:foot ?notes?|end ?notes?|notes?|references?|sources|notes de (?:bas de page|fin)|références"
    r"|notas(?: (?:al pie|finales))?|referencias|примечания|сноски"
    r"|注释?|脚注|尾注|参考文献|الحواشي|الهوامش|المراجع|ملاحظات)\s*:?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?<=[^\s\d/@_\-–—+#$€£=<>*])(\d{1,4})(?![\w%°/@&+=])(?![.,:]\d|\.\w)")
_YEAR_AND_MARK = re.compile(r"(?<![\w.,/-])((?:19|20)\d\d)(\d{1,3})(?![\w%°/@&+=])(?![.,]\d)")
_STAR = re.compile(r"(?<=[^\W_]|[)”’\"'.,])(\*{1,3}|†|‡)(?![\w*])")
#: Before a circled number stands what it is a note to; behind a mark that opens or parts it counts the parts of a list.
_CIRCLED = re.compile(r"(?<=[^\s:：;；,，、(（])[①-⑳]")
#: French sets a space before these marks, so that a mark of a note behind them stands apart from its word.
_BEHIND_SPACE = re.compile(
    r"(?<=[^\W\d_][ \u00a0\u202f])(?:[;:!?»](\d{1,3})|»[ \u00a0\u202f](\d{1,3}))(?=\s|[.,)]?$|[.,)]\s)"
)
#: Words whose number follows their full stop: "No.5", "Res.9".
_NUMBERED = words(
    "no nos nr p pp para paras art fig vol ch sec res dec rev corr add ref item v ver n núm párr pág стр п ст рис гл см"
    " т approx ca cf vs ed"
)
_UNITS = {"m", "km", "cm", "mm", "ft", "x", "y", "r", "²"}
_MOST_MISSING = 3  # bodies in a row that a file may have lost
_LEAST = 1.2  # likelihood of a plain mark, of 3
_LONGEST_WORD = 400  # letters before a digit that are looked at


@dataclass
class _Body:
    block: Block
    place: int  # of the block, in reading order
    number: int
    look: Look
    end: int  # of its mark, in the letters of the block
    text: str  # its mark as printed
    is_sure: bool = True
    note: str = ""


@dataclass
class _Spot:
    """A place in the text where one or several marks may stand."""

    block: Block
    place: int
    before: int  # letters of the cells before, in a table
    start: int
    end: int
    digits: str
    look: Look
    likely: float = 3.0
    notes: list[tuple[str, _Body]] = field(default_factory=list)  # each mark as printed, and its note

    def __post_init__(self) -> None:
        """Write the digits of any script as 0 to 9, by which marks and bodies are compared."""
        self.digits = re.sub(r"\d", lambda digit: str(int(digit[0])), self.digits)

    @property
    def groups(self) -> list[str]:
        """The numbers that stand apart here."""
        return re.findall(r"\d+", self.digits)

    def may_stand_in(self, body: _Body) -> bool:
        """Whether it may be a mark inside a body: only if it is raised there, or the body may be none."""
        return self.look == "raised" or not body.is_sure

    @property
    def at(self) -> tuple[int, int]:
        return self.place, self.before + self.start


def mend_notes(bench: Workbench) -> list[tuple[Block, Kind]]:
    """Make notes of bodies in the text, and tie them to their marks.

    Returns the bodies without a mark, each with the kind that it had: they are set aside like notes while pages are
    mended, and `stand_again` in the text afterwards, since no mark would print them.
    """
    ids = {block.note for block in within(bench.blocks) if block.note}
    bodies = _bodies(bench)
    spots = _spots(bench, {id(body.block): body for body in bodies})
    chosen = _tie(bench, bodies, spots)
    cited = {id(body) for spot in spots for _text, body in spot.notes}
    uncited: list[tuple[Block, Kind]] = []
    number = 0
    for body in chosen:
        if id(body) not in cited:
            _list_without_mark(bench, body)
            uncited.append((body.block, body.block.kind))
            continue
        _list_taken_out(bench, body)
        number += 1
        while f"n{number}" in ids:
            number += 1
        body.note = f"n{number}"
    _list_unmatched(bench, spots)
    _write_marks(spots)
    for body in chosen:
        if body.note:
            _write_body(body)
    _set_headings_aside(bench, {id(body.block) for body in chosen if body.note})
    for block, _kind in uncited:
        block.kind = "note"
    return uncited


def _set_headings_aside(bench: Workbench, taken: set[int]) -> None:
    """Set a heading such as “Notes” aside with the notes under it, where no other text stands there."""
    blocks = [block for block in bench.blocks if block.place == "body" and block.text.strip()]
    for at, heading in enumerate(blocks):
        if not _NOTES_HEADING.fullmatch(heading.text.strip()):
            continue
        under = list(takewhile(lambda block: id(block) in taken, blocks[at + 1 :]))
        after = blocks[at + 1 + len(under)] if at + 1 + len(under) < len(blocks) else None
        stands_alone = under and (after is None or after.kind == "heading")
        if stands_alone and bench.mends("note_block", "mended", heading, heading.text.strip(), ""):
            heading.place = "running"


def stand_again(uncited: list[tuple[Block, Kind]]) -> None:
    """Give bodies that no mark names their place in the text again."""
    for block, kind in uncited:
        block.kind = kind


# What may be a body


def _bodies(bench: Workbench) -> list[_Body]:
    """Return the blocks that may be bodies of notes, in reading order."""
    bodies: list[_Body] = []
    in_notes = False
    blocks = [block for block in bench.blocks if block.place == "body" and block.kind not in {"rule", "page"}]
    for place, block in enumerate(bench.blocks):
        if block.place != "body" or block.kind in {"table", "note", "rule", "page"}:
            continue
        text = whole(block.runs)
        if _NOTES_HEADING.fullmatch(text.strip()):
            in_notes = True
            continue
        if block.kind == "heading":
            in_notes = False
            continue
        bodies += _body(block, place, text, in_notes=in_notes)
    _drop_lists_of_stars(blocks, bodies)
    return bodies


def _body(block: Block, place: int, text: str, *, in_notes: bool) -> list[_Body]:
    if block.kind == "item" or block.marker:
        if re.fullmatch(r"\*{1,3}|†|‡", block.marker):
            return [_Body(block, place, len(block.marker), "star", 0, block.marker)]
        if in_notes and (number := re.fullmatch(r"\[?(\d{1,3})[.)\]]?", block.marker)):
            return [_Body(block, place, int(number[1]), "plain", 0, number[1], is_sure=False)]
        return []
    raised = ""
    for run in block.runs:
        if run.note or (raised and "sup" not in run.marks):
            break
        if "sup" in run.marks:
            raised += run.text
        elif run.text.strip():
            break
    if (found := re.fullmatch(r"\s*(\d{1,4})[.)]?\s*", raised)) and text.strip() != raised.strip():
        start = len(text) - len(text.lstrip())
        end = start + len(raised.strip())
        return [_Body(block, place, int(found[1]), "raised", end, found[1])]
    if (found := re.fullmatch(r"\s*(\*{1,3}|†|‡)\s*", raised)) and text.strip() != raised.strip():
        return [_Body(block, place, len(found[1]), "star", text.index(found[1]) + len(found[1]), found[1])]
    if (found := _BODY_RAISED.match(text)) and found.end() < len(text):
        digits = found[1].translate(RAISED)
        return [_Body(block, place, int(digits), "raised", found.end(), digits)]
    if found := _BODY_CIRCLED.match(text):
        return [_Body(block, place, _circled(found[1]), "circled", found.end(), found[1], is_sure=False)]
    if (found := _BODY_BRACKET.match(text)) and found.end() < len(text):
        return [_Body(block, place, int(found[1]), "bracket", found.end(), found[1], is_sure=in_notes)]
    if (found := _BODY_STAR.match(text)) and not text.rstrip().endswith(found[1]):
        return [_Body(block, place, len(found[1]), "star", found.end(), found[1])]
    if (found := _BODY_PLAIN.match(text)) or (in_notes and (found := _BODY_DOTTED.match(text))):
        return [_Body(block, place, int(found[1]), "plain", found.end(), found[1], is_sure=False)]
    return []


def _drop_lists_of_stars(blocks: list[Block], bodies: list[_Body]) -> None:
    """Take items of lists whose bullets are stars out of the bodies: one with a star beside it is no note."""
    stars = {id(body.block) for body in bodies if body.look == "star"}
    dropped = set()
    for before, after in pairwise(blocks):
        both = id(before) in stars and id(after) in stars
        if both and before.kind == after.kind == "item" and before.marker == after.marker:
            dropped |= {id(before), id(after)}
    bodies[:] = [body for body in bodies if id(body.block) not in dropped]


# What may be a mark


def _spots(bench: Workbench, bodies: dict[int, _Body]) -> list[_Spot]:
    """Return all places where marks may stand, in reading order; `bodies` by the identity of their blocks."""
    spots: list[_Spot] = []
    tokens: dict[str, int] = defaultdict(int)
    for place, block in enumerate(bench.blocks):
        if block.place != "body":
            continue
        before = 0
        for inner in within([block]):
            if inner.runs and not ends_with_page(inner.text):
                found = _spots_of(bench, inner, (place, before), tokens)
                if body := bodies.get(id(inner)):
                    found = [spot for spot in found if spot.start >= body.end and spot.may_stand_in(body)]
                spots += found
            before += sum(len(run.text) for run in inner.runs)
    return [spot for spot in spots if spot.look != "plain" or (spot.likely >= _LEAST and not _is_name(spot, tokens))]


def _spots_of(bench: Workbench, block: Block, place: tuple[int, int], tokens: dict[str, int]) -> list[_Spot]:
    text = whole(block.runs)
    taken = [False] * len(text)
    spots: list[_Spot] = []
    at = 0
    for run in block.runs:
        end = at + len(run.text)
        if run.note or (run.href.startswith("http") and run.text.startswith(("http", "www"))):
            taken[at:end] = [True] * (end - at)
        elif "sup" in run.marks:
            stripped = run.text.strip(" ,;")
            start = at + (run.text.index(stripped) if stripped else 0)
            if re.fullmatch(r"\d{1,6}(?:\s*[,;–-]?\s*\d{1,3})*", stripped):
                likely = 1.0 if _is_power(text, at) else 3.0
                spots.append(_Spot(block, *place, start, start + len(stripped), stripped, "raised", likely))
            elif re.fullmatch(r"\*{1,3}|†|‡", stripped):
                spots.append(_Spot(block, *place, start, start + len(stripped), stripped, "star"))
            taken[at:end] = [True] * (end - at)
        at = end
    for found in re.finditer(rf"[{_UNICODE}]+(?:[,، ]?[{_UNICODE}]+)*", text):
        if not taken[found.start()]:
            likely = 1.0 if _is_power(text, found.start()) else 3.0
            digits = found[0].translate(RAISED)
            spots.append(_Spot(block, *place, found.start(), found.end(), digits, "raised", likely))
    for found in re.finditer(r"\s?\[(\d{1,3})\]", text):
        if not taken[found.start()]:
            spots.append(_Spot(block, *place, found.start(), found.end(), found[1], "bracket"))
    for found in _CIRCLED.finditer(text):
        spots.append(_Spot(block, *place, found.start(), found.end(), str(_circled(found[0])), "circled"))
    for found in _BEHIND_SPACE.finditer(text):
        group = 1 if found[1] else 2
        if not taken[found.start(group)]:
            start = len(text[: found.start(group)].rstrip())
            spots.append(_Spot(block, *place, start, found.end(group), found[group], "plain", 1.3))
    for found in _STAR.finditer(text):
        if not taken[found.start()]:
            spots.append(_Spot(block, *place, found.start(), found.end(), found[1], "star"))
    for found in _YEAR_AND_MARK.finditer(text):
        if not taken[found.start()] and 1900 <= int(found[1]) <= 2100:
            spots.append(_Spot(block, *place, found.start(2), found.end(2), found[2], "plain", 1.5))
    for found in _PLAIN.finditer(text):
        if taken[found.start()]:
            continue
        token, likely = _likelihood(bench, text, found.start(), found.end())
        if likely:
            tokens[token] += 1
            spots.append(_Spot(block, *place, found.start(), found.end(), found[1], "plain", likely))
    return sorted(spots, key=lambda spot: spot.start)


def _circled(sign: str) -> int:
    """Return the number in a circle."""
    return ord(sign) - ord("①") + 1


def _is_power(text: str, at: int) -> bool:
    """Whether raised digits stand behind a number or a unit: 10⁶, km²."""
    before = re.search(r"([^\W\d_]+|\d+)$", text[max(at - 20, 0) : at])
    if before is None:
        return False
    if before[1].isdigit():
        return not 1900 <= int(before[1]) <= 2100
    return before[1] in _UNITS or before[1].upper() in {"CO", "H", "O"}


def _likelihood(bench: Workbench, text: str, start: int, end: int) -> tuple[str, float]:
    """Return the word before a digit together with it, and how likely the digit is a mark, of 3."""
    least = max(start - _LONGEST_WORD, 0)  # looking back to the beginning each time would take long in a long text
    first = max(*(text.rfind(blank, least, start) for blank in " \n\t"), least - 1) + 1
    word, token = text[first:start], text[first:end]
    last = word[-1]
    if re.search(r"[/@_\\=]|www\.", word):
        return token, 0
    if not re.search(r"[^\W\d_]|[)\]”’\"'»%]", word) and not _ends_with_year(word.rstrip(".,;")):
        return token, 0
    if last in ".,;:!?…。，；：、！？،؛؟":
        inside = word.rstrip(".,;:!?…。，；：、！？،؛؟")
        if not inside:
            return token, 0
        if inside[-1].isdigit() and last in ",;،；":
            return token, 1.5 if _ends_with_year(inside) and _closes(text, end) else 0
        if inside[-1].isdigit():
            return token, 1.5 if _ends_with_year(inside) and _begins_after(text, end) else 0
        letters = re.search(r"[^\W\d_]+$", inside)
        if letters and (letters[0].lower() in _NUMBERED or (is_ideograph(letters[0][-1]) and _goes_on(text, end))):
            return token, 0
        if letters and last == "." and (letters[0].isupper() or len(letters[0]) == 1):
            # "GC.18" is a symbol, "of the LDC.18 The" the end of a sentence
            return token, 2.0 if _begins_after(text, end) and len(letters[0]) > 1 and "." not in inside else 0
        if last in ",:;" and not _closes(text, end):
            return token, 0
        return token, 3.0
    if last in "\"'’”»)]）」』》":
        return token, 3.0 if _closes(text, end) else 0
    if last == "%":
        return token, 1.5
    letters = re.search(r"[^\W\d_]+$", word)
    if not letters or is_ideograph(last):
        return token, 0
    name = letters[0]
    if last.islower() or not last.isupper():  # small, or of a script without capitals
        known = bench.words[name.lower()]
        return token, (2.5 if known > 1 else 1.5) if len(name) > 2 and _closes(text, end) else 0
    return token, 1.8 if len(name) > 3 and bench.words[name] > 1 and _closes(text, end) else 0


def _ends_with_year(word: str) -> bool:
    found = re.search(r"(?<!\d)(\d{4})$", word)
    return found is not None and 1900 <= int(found[1]) <= 2100


def _begins_after(text: str, end: int) -> bool:
    """Whether a sentence may begin here: the text is over, or a space and a capital follow."""
    rest = text[end : end + 4]
    return not rest.strip() or (rest[0].isspace() and not rest.lstrip(" \"'“‘«(")[:1].islower())


def _closes(text: str, end: int) -> bool:
    """Whether the text is over, or a space or a mark follows."""
    return end >= len(text) or text[end].isspace() or text[end] in ".,;:!?)]\"'’”»…。，；：、）」』》،؛؟—–\ufffc"


def _goes_on(text: str, end: int) -> bool:
    return end < len(text) and not text[end].isspace()


def _is_name(spot: _Spot, tokens: dict[str, int]) -> bool:
    """Whether the word with its digit comes again in the file, as names do: "Horizon2020"."""
    text = whole(spot.block.runs)
    first = max(text.rfind(" ", 0, spot.start), text.rfind("\n", 0, spot.start), text.rfind("\t", 0, spot.start)) + 1
    token = text[first : spot.end]
    return tokens.get(token, 0) > 1 and token[: spot.start - first].isalnum()


# Which belongs to which


class _Marks:
    """The spots by number, to look them up between two places."""

    def __init__(self, spots: Iterable[_Spot]) -> None:
        self._by_number: dict[tuple[str, int], list[_Spot]] = defaultdict(list)
        for spot in spots:
            if spot.look == "star":
                self._by_number["star", len(spot.digits)].append(spot)
                continue
            for group in spot.groups:
                self._by_number["whole", int(group)].append(spot)
            if len(spot.groups) == 1:
                for length in range(1, len(spot.digits)):
                    self._by_number["joined", int(spot.digits[:length])].append(spot)

    def behind(self, kind: str, number: int, after: tuple[int, int], before: tuple[int, int]) -> list[_Spot]:
        """Return the spots between two places, those at the first of them too."""
        spots = self._by_number.get((kind, number), [])
        first = bisect_left(spots, after, key=lambda spot: spot.at)
        last = bisect_left(spots, before, key=lambda spot: spot.at)
        return spots[first:last]


def run_together(digits: str, number: int, last: int) -> list[int]:
    """Return the numbers from `number` on that digits without a gap are; empty where they are not, or pass `last`.

    >>> run_together("1617", 16, 20)
    [16, 17]
    """
    found = []
    while digits:
        if number > last or not digits.startswith(str(number)):
            return []
        found.append(number)
        digits = digits[len(str(number)) :]
        number += 1
    return found


def _tie(bench: Workbench, bodies: list[_Body], spots: list[_Spot]) -> list[_Body]:
    """Choose the bodies that are notes, in reading order, and write into the spots which notes they mark."""
    marks = _Marks(spots)
    chosen: list[_Body] = []
    before: _Body | None = None
    here = star_here = (0, 0)  # the last mark that was found
    promised: dict[int, _Spot] = {}  # numbers to come whose marks run together with an earlier one
    for index, body in enumerate(bodies):
        if body.look == "star":
            stars = marks.behind("star", body.number, star_here, (body.place, 0))
            star = next((spot for spot in stars if not spot.notes), None)
            if (star or _stands_as_note(bench, body)) and _may_be_taken_out(bench, body):
                chosen.append(body)
                if star:
                    star.notes.append((body.text, body))
                    star_here = star.at
            continue
        last = before.number if before else 0
        if body.number <= last:
            promised.clear()
        if not body.is_sure and body.number != 1 and not last < body.number <= last + _MOST_MISSING:
            continue
        spot = promised.pop(body.number, None)
        together: list[int] = []
        if spot is None:
            spot, together = _spot_for(bench, marks, bodies, index, here)
        if spot is None and not body.is_sure and not _follows(body, before):
            continue
        if not _may_be_taken_out(bench, body):
            continue
        chosen.append(body)
        before = body
        if spot is None:
            continue
        promised |= dict.fromkeys(together[1:], spot)
        spot.notes.append((str(body.number), body))
        here = max(here, spot.at) if body.number > last else spot.at
    _tie_again(chosen, spots)
    return chosen


def _spot_for(
    bench: Workbench, marks: _Marks, bodies: list[_Body], index: int, here: tuple[int, int]
) -> tuple[_Spot | None, list[int]]:
    """Return where the mark of a body stands, and the numbers that run together there."""
    body = bodies[index]
    end = (body.place, 0)

    def fits(spot: _Spot) -> bool:
        if (spot.look == "circled") != (body.look == "circled"):
            return False
        if (spot.look == "bracket" and body.look == "raised") or (spot.look != "bracket" and body.look == "bracket"):
            return False
        return len(spot.notes) < len(spot.groups)

    found = [spot for spot in marks.behind("whole", body.number, here, end) if fits(spot)]
    raised = [spot for spot in found if spot.look != "plain" and spot.likely > 2]
    best = raised[0] if raised else max(found, key=lambda spot: spot.likely, default=None)
    if best is not None and (best.look != "plain" or _is_marked(bench, best, [body.number])):
        return best, []
    for spot in marks.behind("joined", body.number, here, end):
        numbers = run_together(spot.digits, body.number, _last_in_row(bodies, index))
        is_likely = spot.look == "raised" or spot.likely > 1.7
        if len(numbers) > 1 and not spot.notes and fits(spot) and is_likely and _is_marked(bench, spot, numbers):
            return spot, numbers
    if body.is_sure and body.look != "bracket":
        # a block of notes that was set before the text of its page
        until = (bodies[index + 1].place if index + 1 < len(bodies) else body.place + 12, 0)
        ahead = [s for s in marks.behind("whole", body.number, end, until) if s.look == "raised" and fits(s)]
        return (ahead[0] if ahead else None), []
    return None, []


def _is_marked(bench: Workbench, spot: _Spot, numbers: list[int]) -> bool:
    """Keep what is damaged at a mark, and say whether it is one."""
    text = whole(spot.block.runs)
    first = max(text.rfind(" ", 0, spot.start), spot.start - 30) + 1
    was, now = text[first : spot.end], text[first : spot.start]
    shown = f"{now} [{'] ['.join(map(str, numbers))}]"
    if len(numbers) > 1:
        return bench.mends("joined_marks", "mended" if spot.look == "raised" else "proposed", spot.block, was, shown)
    return bench.mends("plain_mark", "mended" if spot.likely >= 2.5 else "proposed", spot.block, was, shown)


def _last_in_row(bodies: list[_Body], index: int) -> int:
    """Return the number up to which bodies follow each other from one on."""
    number = bodies[index].number
    for body in bodies[index + 1 :]:
        if body.look == "star":
            continue
        if body.number != number + 1:
            break
        number += 1
    return number


def _follows(body: _Body, before: _Body | None) -> bool:
    """Whether a body without a mark stands right behind that of the number before."""
    return before is not None and before.number + 1 == body.number and before.place + 1 == body.place


def _stands_as_note(bench: Workbench, body: _Body) -> bool:
    """Whether a text with a star stands where notes stand: at a rule or the end of a page, or inside a sentence."""
    before = bench.blocks[body.place - 1] if body.place else None
    after = bench.blocks[body.place + 1] if body.place + 1 < len(bench.blocks) else None
    if before is None:
        return False
    if before.kind in {"rule", "page"} or (after is not None and (after.kind == "page" or after.place == "running")):
        return True
    return before.kind in {"paragraph", "item"} and is_open(before.text) and len(before.text) > 40


def _may_be_taken_out(bench: Workbench, body: _Body) -> bool:
    return not bench.was_refused("note_block", body.block, shortened(whole(body.block.runs), end=False))


def _list_taken_out(bench: Workbench, body: _Body) -> None:
    bench.mends("note_block", "mended", body.block, shortened(whole(body.block.runs), end=False), body.text)


def _list_without_mark(bench: Workbench, body: _Body) -> None:
    bench.mends("unmatched_note", "listed", body.block, shortened(whole(body.block.runs), end=False), body.text)


def _tie_again(chosen: list[_Body], spots: list[_Spot]) -> None:
    """Tie raised marks that repeat the number of a note to it: the next one of that number, else the last."""
    by_number: dict[int, list[_Body]] = defaultdict(list)
    for body in chosen:
        if body.look != "star":
            by_number[body.number].append(body)
    for spot in spots:
        if spot.look not in {"raised", "bracket"} or spot.notes or spot.likely < 2:
            continue
        for group in spot.groups:
            same = by_number.get(int(group), [])
            if same:
                spot.notes.append((group, next((body for body in same if body.place > spot.place), same[-1])))


# Writing


def _write_marks(spots: list[_Spot]) -> None:
    """Put runs that name their notes in the place of the marks."""
    by_block: dict[int, list[_Spot]] = defaultdict(list)
    for spot in spots:
        if spot.notes:
            by_block[id(spot.block)].append(spot)
    for those in by_block.values():
        block = those[0].block
        runs: list[Run] = []
        at = 0
        for spot in sorted(those, key=lambda spot: spot.start):
            runs += cut(block.runs, at, spot.start)
            runs += [Run(text, note=body.note) for text, body in spot.notes]
            tied = {text for text, _body in spot.notes}
            left = [group for group in spot.groups if group not in tied]
            if left and spot.look != "star" and "".join(text for text, _body in spot.notes) != spot.digits:
                runs += [Run(f" {group}", ("sup",)) for group in left]
            at = spot.end
        block.runs = tidy([*runs, *cut(block.runs, at)])


def _write_body(body: _Body) -> None:
    block = body.block
    block.runs = tidy(cut(block.runs, body.end))
    block.kind, block.note, block.marker, block.level = "note", body.note, body.text, 0


def _list_unmatched(bench: Workbench, spots: list[_Spot]) -> None:
    """List raised marks without a body, and notes and marks of the file itself that do not belong together."""
    for spot in spots:
        if spot.look == "raised" and not spot.notes and spot.likely > 2:
            was = shortened(whole(spot.block.runs)[: spot.start], end=True)
            bench.mends("unmatched_mark", "listed", spot.block, f"{was} {spot.digits}", "")
    blocks = [block for block in within(bench.blocks) if block.place == "body"]
    bodies = {block.note for block in blocks if block.kind == "note"}
    marked = {run.note for block in blocks for run in block.runs if run.note}
    for block in blocks:
        if block.kind == "note" and block.note and block.note not in marked:
            bench.mends("unmatched_note", "listed", block, f"{block.marker} {shortened(block.text, end=False)}", "")
        for run in block.runs:
            if run.note and run.note not in bodies:
                bench.mends("unmatched_mark", "listed", block, run.text, "")
