"""Tables that pages cut: one table again, its repeated head once, rows that go on joined cell by cell."""

from reporting.importing.blocks import Block, Cell, Run, within
from reporting.importing.mending.sentences import begins_low, begins_raised, between, is_open, joined, shortened, whole
from reporting.importing.mending.workbench import Certainty, Workbench

_MOST_BETWEEN = 12  # notes, numbers and heads of pages between two parts of a table


def mend_tables(bench: Workbench) -> None:
    """Join tables that go on over pages, in the running text."""
    blocks: list[Block] = []
    table: Block | None = None
    since = 0
    heads: dict[int, list[Block]] = {}
    for block in bench.blocks:
        if block.kind == "table" and block.place == "body":
            if table is not None and since <= _MOST_BETWEEN and (was := _goes_on(table, block)):
                certainty: Certainty = "mended" if was == "head" else "proposed"
                if bench.mends("split_table", certainty, block, _first_words(block), _first_words(table)):
                    heads.setdefault(id(table), []).extend(_join(bench, table, block, repeats_head=was == "head"))
                    since = 0
                    continue
            table, since = block, 0
        elif table is not None and block.place == "body" and _ends_table(block):
            table = None
        else:
            since += 1
        blocks.append(block)
    bench.blocks = [placed for block in blocks for placed in (block, *heads.get(id(block), []))]


def _ends_table(block: Block) -> bool:
    """Whether a block is text between two tables: no note, rule or end of a page."""
    if block.kind in {"page", "rule", "note"}:
        return False
    text = block.text.strip()
    return bool(text) and not begins_raised(block) and not text.startswith(("*", "†")) and block.marker != "*"


def row_text(row: list[Cell]) -> list[str]:
    """Return the words of each cell of a row."""
    return [
        " ".join(" ".join(inner.text for inner in within(cell.blocks)).split()).rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹ ") for cell in row
    ]


def _columns(table: Block) -> int:
    return max((sum(cell.across for cell in row) for row in table.rows), default=0)


def _goes_on(table: Block, after: Block) -> str:
    """Return what shows that a table goes on with another: its "head" again, or a "cell"; empty where nothing does."""
    if not table.rows or not after.rows or _columns(table) != _columns(after) or _columns(table) < 2:
        return ""
    head = row_text(table.rows[0])
    if row_text(after.rows[0]) == head and sum(map(bool, head)) > 1 and len(after.rows) > 1:
        return "head"
    return "cell" if not after.heads and _row_goes_on(table.rows[-1], after.rows[0], by_cell=True) else ""


def _row_goes_on(above: list[Cell], below: list[Cell], *, by_cell: bool = False) -> bool:
    """Whether the first row of the next page goes on with the last row of this one.

    It does where a cell begins in the middle of the sentence that the cell above it left open, or where its first
    cell is empty and others go on.
    """
    if len(above) != len(below) or any(cell.down > 1 for cell in above):
        return False
    broken = fresh = 0
    for upper, lower in zip(above, below, strict=True):
        if not lower.blocks or not lower.blocks[0].text.strip():
            continue
        text = upper.blocks[-1].text.rstrip() if upper.blocks else ""
        starts = lower.blocks[0]
        if begins_low(starts.text) and not starts.marker and text and (is_open(text) or text.endswith((";", ","))):
            broken += 1
        elif upper is above[0]:
            fresh += 1  # the first cell names a row
    if by_cell:
        return broken > 0 and not fresh
    first = below[0].blocks[0].text.strip() if below[0].blocks else ""
    return (broken > 0 and not fresh) or (not first and broken > 0)


def _join(bench: Workbench, table: Block, after: Block, *, repeats_head: bool) -> list[Block]:
    """Put the rows of a table under those of another; return its repeated head as a block of its own."""
    heads = []
    rows = after.rows
    if repeats_head:
        count = max(min(after.heads, table.heads), 1)
        while count > 1 and list(map(row_text, rows[:count])) != list(map(row_text, table.rows[:count])):
            count -= 1
        table.heads = max(table.heads, count)
        inner = [block for row in rows[:count] for cell in row for block in within(cell.blocks)]
        words = " \t".join(filter(None, (block.text.strip() for block in inner)))
        head = Block("paragraph", [Run(words)] if words else [], place="running", page=after.page)
        head.printed = [piece for block in inner for piece in block.printed]
        heads.append(bench.new(head, like=after))
        bench.mends("repeated_head", "mended", head, shortened(words, end=False), "")
        rows = rows[count:]
    if rows and len(table.rows) > table.heads and _row_goes_on(table.rows[-1], rows[0]):
        for upper, lower in zip(table.rows[-1], rows[0], strict=True):
            _join_cells(bench, upper, lower)
        rows = rows[1:]
    table.rows += rows
    table.printed += after.printed
    for moved in within([after]):
        bench.moved(moved, into=table)
    return heads


def _join_cells(bench: Workbench, upper: Cell, lower: Cell) -> None:
    """Put the text of a cell behind that of the cell above it, in its last sentence where that goes on."""
    rest = lower.blocks
    if upper.blocks and rest:
        above, below = upper.blocks[-1], rest[0]
        text = above.text.rstrip()
        low = begins_low(below.text) and not below.marker
        if above.kind != "table" and below.kind != "table" and low and (is_open(text) or text.endswith((";", ","))):
            above.runs = joined(above.runs, below.runs, between(whole(above.runs).rstrip(), whole(below.runs)))
            above.printed += below.printed
            bench.moved(below, into=above)
            rest = rest[1:]
    upper.blocks += rest


def _first_words(table: Block) -> str:
    return shortened(" ".join(word for row in table.rows[:2] for word in row_text(row)), end=False)
