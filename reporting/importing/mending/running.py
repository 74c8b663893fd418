"""What pages repeat: their numbers, heads and feet, which conversion leaves in the middle of the text."""

import re
from collections import defaultdict
from itertools import pairwise

from reporting.importing.blocks import Block, ends_with_page, length
from reporting.importing.mending.sentences import (
    RAISED,
    begins_low,
    is_open,
    is_running_text,
    shortened,
    whole,
)
from reporting.importing.mending.workbench import Workbench

_NUMBER = re.compile(r"(\d{1,4})")
_NUMBER_WITH_WORDS = re.compile(
    r"(?:page|página|pág\.|страница|стр\.|صفحة|الصفحة|第)\s*(?P<one>\d{1,4})\s*页?"
    r"(?:\s*(?:of|/|de|sur|из|من|共|，共)\s*\d{1,4}\s*页?)?"
    r"|[-–—]\s*(?P<two>\d{1,4})\s*[-–—]|\[\s*(?P<three>\d{1,4})\s*\]|(?P<four>\d{1,4})\s*(?:/|of|de|sur|из|من)\s*\d{1,4}"
    r"|[|]\s*(?P<five>\d{1,4})|(?P<six>\d{1,4})\s*[|]",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"(?=\S*\d)[A-Z]{1,6}(?:[./][A-Z0-9.]{1,12}){1,5}(?:[-–(][A-Z0-9./)]+)?")
#: A foot of a first page: that the document was not printed, or was issued again.
_NOTICE = re.compile(
    r"\bdocument\b.{0,40}\bnot (?:been )?printed\b|\bdocument\b.{0,40}\bimprimé|\bdocumento\b.{0,40}\bimpres[oa]"
    r"|\bдокумент\b.{0,60}\b(?:не )?(?:от|на)печатан|文件.{0,8}(?:未|不).{0,4}印|الوثيقة.{0,40}(?:تطبع|طباعة|طبع)"
    r"|\bplease recycle\b",
    re.IGNORECASE,
)
_PAGE_BESIDE = re.compile(r"^\d{1,4}\s+(?=\D)|(?<=\D)\s+\d{1,4}$")
_LONGEST_HEAD = 14  # words
_BEGINNING = 8  # blocks, among which the symbol of the document itself may stand
_TEXTS = {"paragraph", "heading", "item", "quote"}


def set_running_aside(bench: Workbench) -> None:
    """Set page numbers, running heads and feet aside: they stay blocks, of the place `running`."""
    blocks = [block for block in bench.blocks if block.place == "body"]
    at_end = _ends_of_pages(blocks)
    found: dict[int, tuple[str, bool]] = {}
    _find_numbers(blocks, at_end, found)
    at_end |= {id(blocks[n + side]) for n in _places(blocks, found) for side in (-1, 1) if 0 <= n + side < len(blocks)}
    _find_heads(blocks, at_end, found)
    at_end |= {id(blocks[n + side]) for n in _places(blocks, found) for side in (-1, 1) if 0 <= n + side < len(blocks)}
    _find_numbers(blocks, at_end, found)
    for block in blocks:
        if id(block) not in found:
            continue
        kind, is_certain = found[id(block)]
        if bench.mends(kind, "mended" if is_certain else "proposed", block, shortened(block.text, end=False), ""):
            block.place = "running"


def _places(blocks: list[Block], found: dict[int, tuple[str, bool]]) -> list[int]:
    return [number for number, block in enumerate(blocks) if id(block) in found]


def _ends_of_pages(blocks: list[Block]) -> set[int]:
    """Return the identities of blocks at the end or beginning of a page, or in the middle of a sentence."""
    found: set[int] = set()
    for number, block in enumerate(blocks):
        before = blocks[number - 1] if number else None
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if (before and before.kind == "page") or (after and after.kind == "page"):
            found.add(id(block))
        if block.page and ((before and before.page != block.page) or (after and after.page != block.page)):
            found.add(id(block))
        if _interrupts(blocks, number):
            found.add(id(block))
    return found


def _interrupts(blocks: list[Block], number: int) -> bool:
    """Whether the block is short and stands between the two halves of a sentence, among few others."""
    if blocks[number].kind not in _TEXTS or length(blocks[number].text) > _LONGEST_HEAD:
        return False
    before = next(
        (block for block in reversed(blocks[max(number - 4, 0) : number]) if is_running_text(block)),
        None,
    )
    after = next(
        (block for block in blocks[number + 1 : number + 4] if block.kind in _TEXTS and begins_low(block.text)), None
    )
    return before is not None and after is not None and is_open(before.text)


def _find_numbers(blocks: list[Block], at_end: set[int], found: dict[int, tuple[str, bool]]) -> None:
    """Find blocks that are the number of a page: with words or dashes always, bare ones by their place or order."""
    bare: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        text = block.text.strip()
        if block.kind not in _TEXTS or len(text) > 40 or not text:
            continue
        # a reader may take the first dash of "- 3 -" for a bullet
        if _NUMBER_WITH_WORDS.fullmatch(f"{block.marker} {text}".strip()):
            found[id(block)] = ("page_number", True)
        elif _NUMBER.fullmatch(text) and not block.marker and not _is_over_title(blocks, number):
            bare.append((number, int(text)))
            if int(text) < 1000 and _is_between_rules(blocks, number):
                found[id(block)] = ("page_number", True)
    sure = {n: value for n, value in bare if id(blocks[n]) in at_end and value < 1000}
    for position, (n, value) in enumerate(bare):
        if id(blocks[n]) in found:
            continue
        before = bare[position - 1] if position else (0, 0)
        after = bare[position + 1] if position + 1 < len(bare) else (0, 0)
        in_order = before[1] + 1 == value or after[1] - 1 == value
        if n in sure and (in_order or len(sure) < 3):
            found[id(blocks[n])] = ("page_number", True)
        elif before[1] + 1 == value and after[1] - 1 == value and (before[0] in sure or after[0] in sure):
            found[id(blocks[n])] = ("page_number", False)


def _is_between_rules(blocks: list[Block], number: int) -> bool:
    """Whether rules or ends of pages stand right before and behind a block."""
    around = blocks[max(number - 1, 0) : number] + blocks[number + 1 : number + 2]
    return len(around) == 2 and all(block.kind in {"rule", "page"} for block in around)


def _is_over_title(blocks: list[Block], number: int) -> bool:
    """Whether a number stands over a heading at the beginning of a page: it is that of the chapter."""
    after = blocks[number + 1] if number + 1 < len(blocks) else None
    before = blocks[number - 1] if number else None
    return after is not None and after.kind == "heading" and (before is None or before.kind == "page")


def _find_heads(blocks: list[Block], at_end: set[int], found: dict[int, tuple[str, bool]]) -> None:
    """Find short lines that come again at the ends of pages, symbols of documents and notices there."""
    same: dict[str, list[Block]] = defaultdict(list)
    beginning = {id(block) for block in blocks[:_BEGINNING]}
    for number, block in enumerate(blocks):
        text = " ".join(block.text.split())
        if block.kind not in _TEXTS or id(block) in found or not text:
            continue
        is_short = length(text) <= _LONGEST_HEAD and not ends_with_page(text)
        if is_short and not _is_in_notes(blocks, number):
            same[_PAGE_BESIDE.sub("", text)].append(block)
        if length(text) <= 50 and not block.marker and _NOTICE.search(text):
            found[id(block)] = ("running_head", id(block) in at_end)
    for text, those in same.items():
        at_ends = [block for block in those if id(block) in at_end]
        is_symbol = _SYMBOL.fullmatch(those[0].text.strip()) is not None
        others = len(those) - len(at_ends)
        if not _counts_pages(at_ends):
            continue
        if not at_ends or (text.endswith((".", "。", ":", "：")) and not is_symbol):
            continue
        # a title may stand once on its own page; a sub-heading that comes again and again stands away from page ends
        often = len(at_ends) > (1 if length(text) < 9 else 2)
        if (often and others <= 1 + len(at_ends) // 2) or is_symbol:
            # a symbol is the head of a page wherever it stands alone, but for that of the document at its beginning
            heads = [block for block in those if id(block) not in beginning or id(block) in at_end]
            for block in heads if is_symbol else at_ends:
                found[id(block)] = ("running_head", len(at_ends) > 2 or is_symbol or len(those) > 2)


def _counts_pages(blocks: list[Block]) -> bool:
    """Whether the numbers beside a line that comes again, if it has any, count pages: by one, or two, each time."""
    numbers = [int(found[0]) for block in blocks if (found := _PAGE_BESIDE.search(" ".join(block.text.split())))]
    steps = [after - before for before, after in pairwise(numbers)]
    return not steps or sum(step in {1, 2} for step in steps) > 0.6 * len(steps)


def _is_in_notes(blocks: list[Block], number: int) -> bool:
    """Whether a block begins with a number and stands beside one that begins with the next: notes do, heads do not."""
    own = _numbered(blocks[number])
    if own is None:
        return False
    if own[1]:
        return True
    beside = (_numbered(blocks[n]) for n in (number - 1, number + 1) if 0 <= n < len(blocks))
    return any(other is not None and abs(other[0] - own[0]) == 1 for other in beside)


def _numbered(block: Block) -> tuple[int, bool] | None:
    """Return the number that a block begins with, and whether it is raised."""
    text = whole(block.runs).strip()
    found = re.match(r"(\d{1,4})(?:\s|(?=[^\W\d_]))|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})", text)
    if not found:
        return None
    raised = found[2] is not None or "sup" in block.runs[0].marks
    return int((found[1] or found[2]).translate(RAISED)), raised
