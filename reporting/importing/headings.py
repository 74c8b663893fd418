"""Which blocks are headings, what number each bears, and how deep it stands.

A file may tell (styles), or only show (bold, capitals, a number), or not even that: a short line without a full stop
above running text. Headings whose numbers follow each other stand at one level, whatever they look like.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from portal.common import figures
from reporting.importing import vocabulary
from reporting.importing.blocks import Block, length, list_style
from reporting.importing.periods import dates_in
from reporting.importing.vocabulary import flat

LONGEST = 40  # words: what is longer is no heading, but where the file says that it is one
LONGEST_STYLED = 400  # letters of a heading that the file tells
_LARGE = 1.15  # size of letters that tells a heading from running text
LONGEST_BOLD, LONGEST_NUMBERED, LONGEST_PLAIN = 25, 22, 14


@dataclass(frozen=True)
class Number:
    """A number before a heading or paragraph."""

    kind: str  # part, roman, chinese, arabic, arabic2, letter, ...
    value: int
    text: str  # as printed, with the marks after it: "1.", "II.", "I -"
    length: int  # letters of the text that it takes, blanks after it included


@dataclass
class Heading:
    """One heading of a document."""

    index: int
    title: str  # without its number; the whole words where the number is all
    number: Number | None
    printed: str  # all its words
    style: int  # level that the file tells, or 0
    look: int  # 4 in capitals or large, 3 bold, 1 plain
    level: int = 0
    is_opening: bool = False  # names what stands before the parts of a text: a summary, a foreword
    is_closing: bool = False  # names what stands after them: a conclusion, an annex

    @property
    def number_apart(self) -> str:
        """Return the number as printed; empty where it is all that the heading says, such as "Part one"."""
        return self.number.text if self.number and self.title != self.printed else ""


def full_text(block: Block) -> str:
    """Return the words of a block with its mark or number, on one line."""
    return " ".join(f"{block.marker} {block.text}".split())


# Numbers

_SEPARATED = r"(?:\s*[.)、．]\s*(?:[-–—]\s*)?|\s+[-–—]\s+|\s*[:：]\s+)"
_NUMBERS = [
    ("arabic{}", re.compile(r"(?P<value>\d{1,2}(?:\.\d{1,2}){1,3})(?:\.(?=\s)|\))?\s+(?=\D)")),
    ("arabic", re.compile(rf"(?P<value>\d{{1,3}})(?:{_SEPARATED})(?=\S)(?!\d)")),
    ("roman", re.compile(rf"(?P<value>[IVXL]+)(?:{_SEPARATED})(?=\S)")),
    ("letter", re.compile(r"(?P<value>[A-Z])(?:[.)]\s+|\s+[-–—]\s+)(?=\S)")),
    ("small_letter", re.compile(r"(?P<value>\(?[a-z])\)\s*(?=\S)")),
    ("small_roman", re.compile(r"(?P<value>\(?[ivx]+)\)\s*(?=\S)")),
    ("cyrillic_letter", re.compile(r"(?P<value>[А-Я])[.)]\s+(?=\S)")),
    ("chinese", re.compile(r"(?P<value>[一二三四五六七八九十]{1,3})\s*[、.．，]\s*(?=\S)")),
    ("chinese_in_brackets", re.compile(r"[（(](?P<value>[一二三四五六七八九十]{1,3})[)）]\s*(?=\S)")),
]
_BARE = re.compile(
    r"(?P<value>\d{1,2})\s+(?=[^\W\d_a-zа-яß-ÿ])"
)  # "1 Introduction", where it is the next of its series
_ARABIC_ORDINALS = "اولا ثانيا ثالثا رابعا خامسا سادسا سابعا ثامنا تاسعا عاشرا"
_ARABIC_LETTERS = "الف باء جيم دال هاء واو زاي حاء طاء ياء"
_PART_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth",
        "i ii iii iv v vi vii viii ix x",
        "a b c d e f g h",
        "un deux trois quatre cinq six",
        "une premiere",
        "uno dos tres cuatro cinco seis",
        "primera segunda tercera cuarta quinta sexta",
        "первая вторая третья четвертая пятая шестая",
        "الاول الثاني الثالث الرابع الخامس السادس",
        "一 二 三 四 五 六 七 八 九 十",
    )
    for number, word in enumerate(words.split(), start=1)
}


@cache
def _part(language: str) -> re.Pattern[str]:
    words = vocabulary.alternatives(vocabulary.PARTS, language)
    numbers = "|".join(sorted(map(re.escape, _PART_NUMBERS), key=len, reverse=True))
    return re.compile(
        rf"(?:(?:{words})\s+(?P<after>\d{{1,2}}|{numbers})|(?P<before>premiere|deuxieme|troisieme|quatrieme|primera|"
        rf"segunda|tercera|cuarta|первая|вторая|третья)\s+(?:partie|parte|часть)|"
        rf"第(?P<chinese>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})(?:部分|章|节|篇)|(?P<bare>annexe?|anexo|appendix|приложение|المرفق|附件))"
        r"(?!\w)(?:\s*[.:：،,)–—-]+)?\s*"
    )


_BEFORE = {"premiere": 1, "deuxieme": 2, "troisieme": 3, "quatrieme": 4}


def number_of(text: str, language: str, expected: Collection[tuple[str, int]] = ()) -> Number | None:
    """Return the number that a text begins with, or None.

    `C.` may be a letter or a Roman number: the one that is `expected` is taken, else what begins a series.
    """
    letters = flat(text)
    if (found := _part(language).match(letters)) and len(text.split()) <= LONGEST:
        word = found["after"] or found["before"] or found["chinese"] or ""
        value = int(word) if word.isdecimal() else _BEFORE.get(word, _PART_NUMBERS.get(word, 0))
        if value or found["bare"]:
            return _number("part", value, text, found.end())
    series = re.match(rf"({_alternatives(_ARABIC_ORDINALS)})\s*[-–—:.،)]+\s*", _bare(letters))
    if series:
        return _number("arabic_ordinal", _ARABIC_ORDINALS.split().index(series[1]) + 1, text, _end(series, letters))
    series = re.match(rf"({_alternatives(_ARABIC_LETTERS)})\s*[-–—:.)]+\s*", _bare(letters))
    if series:
        return _number("arabic_letter", _ARABIC_LETTERS.split().index(series[1]) + 1, text, _end(series, letters))
    candidates = []
    for kind, form in _NUMBERS:
        if found := form.match(text):
            name, value = _value(kind, found["value"])
            if value:
                candidates.append(_number(name, value, text, found.end()))
    if found := _BARE.match(text):
        value = int(found["value"])
        if value == 1 or ("arabic", value) in expected:
            candidates.append(_number("arabic", value, text, found.end()))
    following = [number for number in candidates if (number.kind, number.value) in expected]
    first = [number for number in candidates if number.value == 1]
    return next(iter(following or first or candidates), None)


def _alternatives(words: str) -> str:
    return words.replace(" ", "|")


def _bare(letters: str) -> str:
    """Leave out the vowel signs of Arabic, which stand between letters."""
    return re.sub("[\u064b-\u0652]", "", letters)


def _end(found: re.Match[str], letters: str) -> int:
    signs = 0
    for at, letter in enumerate(letters):
        if at - signs >= found.end():
            return at
        signs += "\u064b" <= letter <= "\u0652"
    return len(letters)


def _number(kind: str, value: int, text: str, length: int) -> Number:
    return Number(kind, value, text[:length].strip(), length)


def _value(kind: str, words: str) -> tuple[str, int]:
    match kind:
        case "arabic":
            return kind, int(words)
        case "arabic{}":
            parts = words.split(".")
            return f"arabic{len(parts)}", int(parts[-1])
        case "chinese" | "chinese_in_brackets":
            return kind, figures.chinese_value(words)
        case "roman":
            style = list_style(f"{words}.")
            return kind, style[1] if style and style[0] == "I" else 0
        case "small_roman":
            style = list_style(f"({words.lstrip('(')})")
            return kind, style[1] if style and style[0] == "i" else 0
        case "cyrillic_letter":
            return kind, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ".find(words) + 1
    return kind, ord(words.lstrip("(").lower()) - ord("a") + 1


# Numbered paragraphs


def numbered_paragraphs(blocks: Sequence[Block], stream: Sequence[int]) -> dict[int, Number]:
    """Return the numbers of paragraphs that are counted through the text, by index; nothing where they are not.

    A file shows them as entries of a list or as plain text. They are told from a list by what stands between them,
    headings and other entries, and by how much of the text they are.
    """
    found: dict[int, Number] = {}
    last, places = 0, []
    for place, index in enumerate(stream):
        block = blocks[index]
        number = _paragraph_number(block)
        if number is None or number.value not in {last + 1, 1}:
            continue
        if number.value == 1 and last and not _begins_anew(blocks, stream, place):
            continue
        found[index] = number
        places.append(place)
        last = number.value
    if not places or not _runs_through(blocks, stream, places):
        return {}
    return found


def _paragraph_number(block: Block) -> Number | None:
    if block.kind not in {"paragraph", "item"} or block.level > 1 or block.is_bold:
        return None
    text = full_text(block)
    found = re.match(r"(\d{1,3})(?:\.\s*|\s?[-–]\s+)(?=\D)", text)
    if not found or (length(text) < 9 and not ends_a_sentence(text)):
        return None
    return Number("arabic", int(found[1]), text[: found.end()].strip(), found.end())


def _begins_anew(blocks: Sequence[Block], stream: Sequence[int], place: int) -> bool:
    """Whether a heading stands right before: a text that is counted again, such as an annex."""
    before = blocks[stream[place - 1]] if place else None
    return before is not None and before.kind in {"heading", "paragraph"} and not ends_a_sentence(before.text)


def _runs_through(blocks: Sequence[Block], stream: Sequence[int], places: list[int]) -> bool:
    counted = set(places)
    numbered = sum(length(blocks[stream[place]].text) for place in places)
    plain = sum(
        length(blocks[index].text)
        for place, index in enumerate(stream)
        if place not in counted and blocks[index].kind == "paragraph" and ends_a_sentence(blocks[index].text)
    )
    apart = any(
        blocks[stream[between]].kind in {"heading", "paragraph"} and not ends_a_sentence(blocks[stream[between]].text)
        for first, second in pairwise(places)
        for between in range(first + 1, second)
    )
    return numbered > plain and (apart or len(places) == 1 or numbered > 40 * len(places) or numbered > 4 * plain > 0)


def ends_a_sentence(text: str) -> bool:
    """Whether a text ends as sentences and entries of lists do."""
    return text.rstrip(" \"'”’»」)]").endswith(
        (".", ";", ",", ":", "。", "；", "，", "：", "،", "؛", "؟", "!", "!", "…")
    )


# Headings


def find(
    blocks: Sequence[Block], stream: Sequence[int], *, listed: Collection[int], numbered: Collection[int], language: str
) -> list[Heading]:
    """Return the headings among the blocks of `stream`, with their levels.

    `listed` are those that the contents list names, `numbered` the numbered paragraphs.
    """
    found: list[Heading] = []
    expected: dict[str, int] = {}
    for place, index in enumerate(stream):
        block = blocks[index]
        if index in numbered or block.kind not in {"heading", "paragraph", "item"} or not block.text.strip():
            continue
        text = full_text(block)
        if index not in listed and length(text) > LONGEST and not _is_styled(block, text):
            continue
        number = number_of(text, language, [(kind, value + 1) for kind, value in expected.items()])
        if index not in listed and not _is_heading(blocks, stream, place, number, listed, language, expected):
            continue
        if number:
            expected[number.kind] = number.value
        title = text[number.length :].strip() if number else text
        found.append(
            Heading(
                index,
                title or text,
                number,
                text,
                block.level if block.kind == "heading" else 0,
                _look(block),
                is_opening=vocabulary.begins_with(vocabulary.OPENING, title or text, language),
                is_closing=vocabulary.begins_with(vocabulary.CLOSING, title or text, language),
            )
        )
    set_levels(found)
    return found


def _is_styled(block: Block, text: str) -> bool:
    """Whether the file itself says that a text is a heading, and it is no paragraph that looks like one by mistake."""
    return block.kind == "heading" and block.level > 0 and len(text) <= LONGEST_STYLED


def _look(block: Block) -> int:
    text = block.text
    if (text.upper() == text and text.lower() != text) or block.size > _LARGE:
        return 4
    return 3 if block.is_bold else 1


def _is_heading(
    blocks: Sequence[Block],
    stream: Sequence[int],
    place: int,
    number: Number | None,
    listed: Collection[int],
    language: str,
    expected: Mapping[str, int],
) -> bool:
    """Whether a block is a heading; `expected` has the last number of each series of headings before it."""
    block = blocks[stream[place]]
    text = full_text(block)
    words = length(text)
    if block.kind == "heading":
        is_short = words <= LONGEST or _is_styled(block, text)
        return is_short and not (words > LONGEST_BOLD and text.endswith((".", "。")))
    if words > LONGEST_BOLD or not any(letter.isalnum() for letter in text):
        return False
    if block.kind == "item" and number is None:
        return False
    after = [blocks[index] for index in stream[place + 1 : place + 4]]
    if not after:
        return False
    if block.is_bold or block.size > _LARGE:
        return not ends_a_sentence(text) or (number is not None and words <= LONGEST_NUMBERED) or _opens_a_text(text)
    if ends_a_sentence(text) or text.endswith(("?", "？")) or _is_no_title(text, language):
        return False
    if number is not None and number.kind not in {"small_letter", "small_roman"}:
        if words > LONGEST_NUMBERED or _ends_a_list(blocks, stream, place, number, expected, language):
            return False
        if expected.get(number.kind) == number.value - 1 > 0 and not number.text.isdecimal():
            return not _comes_before_next(block, after[0], language, number)
        return _stands_over_text(block, after, language, number)
    return (
        block.kind == "paragraph"
        and words <= LONGEST_PLAIN
        and _begins_large(text)
        and _stands_over_text(block, after, language, None)
        and not _is_one_of_many_lines(blocks, stream, place, listed, language)
    )


def _opens_a_text(text: str) -> bool:
    return text.rstrip().endswith((":", "：")) and length(text) <= 8


def _is_no_title(text: str, language: str) -> bool:
    """Whether a short line is a date, an address, a caption or a greeting."""
    if (found := dates_in(text, language)) and found.end - found.begin > len(text) / 2:
        return True
    if re.search(r"https?://|www\.|\S@\S", text) or vocabulary.begins_with(vocabulary.SALUTATIONS, text, language):
        return True
    return vocabulary.begins_with(vocabulary.CAPTIONS, text, language)


def _begins_large(text: str) -> bool:
    first = next(letter for letter in text if letter.isalnum())
    return not first.islower()


def _stands_over_text(block: Block, after: list[Block], language: str, number: Number | None) -> bool:
    """Whether running text, an entry or a table follows, at once or under a few more headings."""
    if number is not None and _comes_before_next(block, after[0], language, number):
        return False
    for place, other in enumerate(after):
        text = full_text(other)
        if other.kind == "table":
            return True
        is_short = length(text) <= LONGEST_NUMBERED and not ends_a_sentence(text)
        if other.kind == "item" and not (is_short and number_of(text, language)):
            return True
        if not is_short:
            first = next((letter for letter in other.text if letter.isalpha()), "A")
            cut_off = place == 0 and number is None and first.islower()
            is_text = length(text) >= 5 or text.endswith((":", "：")) or (number is not None and text.endswith("。"))
            return is_text and not cut_off
    return False


def _comes_before_next(block: Block, following: Block, language: str, number: Number) -> bool:
    """Whether the next of its series comes at once: they are entries of a list."""
    if following.kind != block.kind or following.is_bold:
        return False
    next_number = number_of(full_text(following), language, [(number.kind, number.value + 1)])
    return next_number is not None and next_number.kind == number.kind


def _ends_a_list(
    blocks: Sequence[Block],
    stream: Sequence[int],
    place: int,
    number: Number,
    expected: Mapping[str, int],
    language: str,
) -> bool:
    """Whether short entries with the numbers before it stand right above, and are no headings themselves."""
    block, value = blocks[stream[place]], number.value
    if expected.get(number.kind) == value - 1:
        return False
    for index in reversed(stream[max(place - value, 0) : place]):
        before = blocks[index]
        text = full_text(before)
        one_less = number_of(text, language, [(number.kind, value - 1)])
        if before.kind != block.kind or before.is_bold != block.is_bold or length(text) > LONGEST_NUMBERED:
            break
        if one_less is None or (one_less.kind, one_less.value) != (number.kind, value - 1):
            break
        value -= 1
    # where a heading bears the number before the first of them, some headings have nothing under them
    return value < number.value and (value == 1 or expected.get(number.kind) != value - 1)


def _is_one_of_many_lines(
    blocks: Sequence[Block], stream: Sequence[int], place: int, listed: Collection[int], language: str
) -> bool:
    """Whether it stands among three short lines or more: an address, a signature, the lines of a table."""

    def goes_on(at: int) -> bool:
        if not 0 <= at < len(stream) or stream[at] in listed or not _is_short_line(blocks[stream[at]]):
            return False
        return number_of(full_text(blocks[stream[at]]), language) is None

    first = last = place
    while goes_on(first - 1) and place - first < 3:
        first -= 1
    while goes_on(last + 1) and last - place < 3:
        last += 1
    return last - first >= 2


def _is_short_line(block: Block) -> bool:
    return (
        block.kind == "paragraph"
        and not block.is_bold
        and length(block.text) <= LONGEST_PLAIN
        and not ends_a_sentence(block.text)
    )


# Levels


@dataclass
class _Open:
    """A level that is open: the headings that stand at it."""

    kinds: set[str]  # kinds of number
    style: int
    look: int
    last: int  # the last number
    is_opening: bool


_RANKS = {"part": 0, "roman": 1, "chinese": 1, "arabic_ordinal": 1, "arabic2": 4, "arabic3": 5, "arabic4": 6}


def set_levels(headings: Sequence[Heading]) -> None:
    """Set the level of each heading, from 1."""
    stack: list[_Open] = []
    for heading in headings:
        depth = _depth(heading, stack)
        del stack[depth + 1 :]
        kind = heading.number.kind if heading.number else ""
        value = heading.number.value if heading.number else 0
        if depth == len(stack):
            stack.append(_Open({kind}, heading.style, heading.look, value, heading.is_opening))
        else:
            level = stack[depth]
            level.kinds.add(kind)
            level.style = min(filter(None, (level.style, heading.style)), default=0)
            level.look = max(level.look, heading.look)
            level.last, level.is_opening = value or level.last, heading.is_opening
        heading.level = depth + 1


def _depth(heading: Heading, stack: list[_Open]) -> int:
    """Return at which of the open levels a heading stands; the number of levels where it opens a deeper one."""
    number = heading.number
    if number:
        for depth, level in enumerate(stack):
            goes_on = number.value == level.last + 1
            other_style = heading.style and level.style and heading.style != level.style
            if number.kind in level.kinds and (goes_on or not other_style):
                return depth
        rank = _RANKS.get(number.kind, 2)
        if rank <= 1 and not heading.style:
            return 1 if rank == 1 and stack and stack[0].kinds == {"part"} else 0
        if number.kind.startswith("arabic") and number.kind[6:].isdecimal():
            parent = "arabic" if number.kind == "arabic2" else f"arabic{int(number.kind[6:]) - 1}"
            above = next((depth for depth, level in enumerate(stack) if parent in level.kinds), None)
            if above is not None:
                return above + 1
    if heading.style:
        for depth, level in enumerate(stack):
            if level.style and level.style >= heading.style:
                return depth
        return len(stack)
    if number:
        # "1." after a summary without number, both looking the same: its sister
        top = len(stack) - 1
        if stack and stack[top].is_opening and stack[top].kinds == {""} and stack[top].look == heading.look:
            return top
        return len(stack)
    for depth, level in enumerate(stack):
        if "" in level.kinds and not level.style and level.look <= heading.look:
            return depth
    if (heading.is_opening or heading.is_closing) and stack and stack[0].kinds != {"part"}:
        # a conclusion without number after numbered parts
        return 0 if not stack[0].style and stack[0].look == heading.look else len(stack)
    return len(stack)
