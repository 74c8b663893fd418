"""Lists: entries that lost their mark to a bullet, to a paragraph, or to the entry before them."""

import re
from dataclasses import replace

from reporting.importing.blocks import Block, cut, list_style, tidy, within
from reporting.importing.mending.sentences import shortened, whole
from reporting.importing.mending.workbench import Workbench

_OWN_MARK = re.compile(
    r"\s*(\((?:\d{1,2}|[ivxl]{1,5}|[^\W\d_])\)|(?:[a-z]|[ivxl]{1,5})\)|[（(][一二三四五六七八九十]{1,3}[)）])\s+"
)
_BULLETS = "-–—*+•·‣▪◦"
_SIGNS = "✓✔✗✘☐☑➢➤►▶▪■●○•"


def mend_lists(bench: Workbench) -> None:
    """Set the marks of entries right, in tables too."""
    bench.blocks = _mended(bench, bench.blocks)
    for block in bench.blocks:
        for table in within([block]):
            for row in table.rows:
                for cell in row:
                    cell.blocks = _mended(bench, cell.blocks)


def _mended(bench: Workbench, blocks: list[Block]) -> list[Block]:
    found: list[Block] = []
    last: Block | None = None
    for block in blocks:
        if last is not None and last is found[-1] and _is_lone_sign(last) and _takes_sign(bench, block, last):
            found.pop()
        _take_own_mark(bench, block, last)
        entries = _apart(bench, block)
        found += entries
        if block.kind not in {"page", "rule", "note"} and block.place == "body":
            last = entries[-1]
    return found


def _is_lone_sign(block: Block) -> bool:
    """Whether a paragraph is the bullet of the next one, and nothing more."""
    text = block.text.strip()
    is_sign = len(text) == 1 and (text in _BULLETS or text in _SIGNS or "\uf000" <= text <= "\uf0ff")
    return is_sign and block.kind == "paragraph" and not block.marker


def _takes_sign(bench: Workbench, block: Block, sign: Block) -> bool:
    """Make a paragraph the entry of the bullet that stands alone before it."""
    if block.kind != "paragraph" or block.marker or not block.text.strip():
        return False
    was = f"{sign.text.strip()} ¶ {shortened(block.text, end=False)}"
    if not bench.mends("broken_list", "mended", block, was, was.replace(" ¶ ", " ")):
        return False
    block.kind, block.marker, block.level = "item", sign.text.strip(), 1
    block.printed = sign.printed + block.printed
    bench.moved(sign, into=block)
    return True


def _take_own_mark(bench: Workbench, block: Block, last: Block | None) -> None:
    """Give `- (a) text` its own mark, and a paragraph `(f) text` behind the entry `(e)` its place in the list."""
    mark = _OWN_MARK.match(whole(block.runs))
    if not mark or block.note:
        return
    has_bullet = block.kind == "item" and block.marker in _BULLETS and block.marker
    follows = block.kind == "paragraph" and not block.marker and last is not None and _follows(last.marker, mark[1])
    if not has_bullet and not follows:
        return
    was = f"{block.marker} {shortened(block.text, end=False)}".strip()
    if follows and not bench.mends("broken_list", "mended", block, was, was):
        return
    block.kind, block.marker = "item", mark[1]
    block.level = block.level or (last.level if last else 1) or 1
    block.runs = tidy(cut(block.runs, mark.end()))


def _follows(before: str, mark: str) -> bool:
    one, two = list_style(before), list_style(mark, before)
    return one is not None and two is not None and one[0] == two[0] and one[1] + 1 == two[1] and before[0] == mark[0]


def _apart(bench: Workbench, block: Block) -> list[Block]:
    """Return the entries that one holds when its sign stands again inside it."""
    if block.kind != "item" or len(block.marker) != 1 or block.marker not in _SIGNS:
        return [block]
    text = whole(block.runs)
    places = [found.start() for found in re.finditer(rf"(?<=\s){re.escape(block.marker)}(?=\s)", text)]
    if not places:
        return [block]
    was = shortened(text[places[0] - 30 :], end=False)
    if not bench.mends("broken_list", "mended", block, was, shortened(text[places[0] :], end=False)):
        return [block]
    entries = [block]
    runs = block.runs
    for start, end in zip([-1, *places], [*places, None], strict=True):
        piece = tidy(cut(runs, start + 1, end))
        if start < 0:
            block.runs = piece
        else:
            entries.append(bench.new(replace(block, runs=piece, printed=[], rows=[]), like=block))
    _share_printed(entries)
    return entries


def _share_printed(entries: list[Block]) -> None:
    """Give each entry its printed words, where they stand in one piece."""
    first = entries[0]
    pieces = first.printed[-1:]
    printed = re.split(rf"(?<=\s)(?={re.escape(first.marker)}\s)", "".join(pieces))
    if len(printed) != len(entries):
        return
    first.printed = [*first.printed[:-1], printed[0]]
    for entry, words in zip(entries[1:], printed[1:], strict=True):
        entry.printed = [words]
