"""Blocks from what pandoc read, with the words of the file that stand in each."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from reporting.importing.office_files.labels import label
from reporting.importing.office_files.pieces import MARK, Piece, number_of, words

Block = dict[str, Any]  # of blocks.Block, as plain data
Node = Any  # of pandoc: {"t": ..., "c": ...}

MARKS = {"Strong": "strong", "Emph": "em", "Superscript": "sup", "Subscript": "sub"}
ORDER = ("strong", "em", "sup", "sub")
QUOTES: dict[str, tuple[str, str]] = {"SingleQuote": ("‘", "’"), "DoubleQuote": ("“", "”")}


class Reading:
    """Makes blocks of a tree, and keeps which text nodes stand in which."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.piece_of = {number: at for at, piece in enumerate(pieces) for _text, number in piece.parts if number}
        self.block_of: dict[int, Block] = {}  # by number of a text node
        self.numbers: dict[int, list[int]] = {}  # the same, by id of a block
        self.notes: list[Block] = []
        self.marks_of: dict[str, list[dict[str, Any]]] = {}  # by id of a note: the runs that mark it
        self.first: dict[int, int] = {}  # by id of a block: the first piece in it

    def blocks(self, tree: Node) -> list[Block]:
        """Return all blocks, each word of the file in one of them: running text, notes, then what is no such text."""
        body = self.read(tree["blocks"])
        return self.complete(body, [*self.notes])

    # Blocks

    def read(self, nodes: list[Node], *, quote: bool = False, depth: int = 0) -> list[Block]:
        found: list[Block] = []
        for node in nodes:
            found += self.block(node, quote=quote, depth=depth)
        return found

    def block(self, node: Node, *, quote: bool, depth: int) -> list[Block]:
        kind, content = node["t"], node.get("c")
        plain = "quote" if quote else "paragraph"
        if kind in {"Para", "Plain"}:
            return [self.text(plain, content)]
        if kind == "Header":
            return [self.text("heading", content[2], level=content[0])]
        if kind == "LineBlock":
            lines = [[*line, {"t": "LineBreak"}] for line in content]
            return [self.text(plain, [inline for line in lines for inline in line][:-1])]
        if kind == "CodeBlock":
            return [self.text(plain, [{"t": "Str", "c": content[1]}])]
        if kind == "BlockQuote":
            return self.read(content, quote=True, depth=depth)
        if kind == "Div":
            return self.read(content[1], quote=quote, depth=depth)
        if kind == "Figure":
            return self.read([*content[2], *content[1][1]], quote=quote, depth=depth)
        if kind == "BulletList":
            return self.items([("•", item) for item in content], depth + 1)
        if kind == "OrderedList":
            start, style, mark = content[0][0], content[0][1]["t"], content[0][2]["t"]
            return self.items([(label(start + n, style, mark), item) for n, item in enumerate(content[1])], depth + 1)
        if kind == "DefinitionList":
            found = []
            for term, meanings in content:
                found.append(self.text(plain, term))
                for meaning in meanings:
                    found += self.read(meaning, quote=quote, depth=depth)
            return found
        if kind == "HorizontalRule":
            return [{"kind": "rule"}]
        if kind == "Table":
            return self.table(content)
        return []  # RawBlock: none is left in the copies

    def items(self, items: list[tuple[str, list[Node]]], depth: int) -> list[Block]:
        found: list[Block] = []
        for marker, nodes in items:
            inner = self.read(nodes, depth=depth)
            inner = [block for block in inner if not is_blank(block)] or inner
            for at, block in enumerate(inner):
                if at == 0 and block["kind"] in {"paragraph", "quote", "heading"}:
                    block["marker"] = marker
                    if block["kind"] != "heading":
                        block |= {"kind": "item", "level": depth}
            found += inner
        return found

    def table(self, content: Node) -> list[Block]:
        _attributes, caption, _columns, head, bodies, foot = content
        found = self.read(caption[1])
        head_rows = [self.row(row) for row in head[1]]
        rows = [self.row(row) for body in bodies for part in (body[2], body[3]) for row in part]
        rows += [self.row(row) for row in foot[1]]
        head_rows = [row for row in head_rows if any(not is_blank(inner) for cell in row for inner in cell["blocks"])]
        if head_rows or rows:
            found.append({"kind": "table", "rows": [*head_rows, *rows], "heads": len(head_rows)})
        return found

    def row(self, row: Node) -> list[dict[str, Any]]:
        return [
            {
                "blocks": [block for block in self.read(cell[4]) if not is_blank(block)],
                "across": cell[3],
                "down": cell[2],
            }
            for cell in row[1]
        ]

    def text(self, kind: str, inlines: list[Node], **facts: Any) -> Block:
        block: Block = {"kind": kind, "runs": [], **facts}
        self.inlines(inlines, (), "", block)
        block["runs"] = tidy(block["runs"])
        return block

    # Runs

    def inlines(self, nodes: Iterable[Node], marks: tuple[str, ...], href: str, block: Block) -> None:
        for node in nodes:
            kind, content = node["t"], node.get("c")
            if kind == "Str":
                self.say(content, marks, href, block)
            elif kind in {"Space", "SoftBreak"}:
                self.say(" ", marks, href, block)
            elif kind == "LineBreak":
                self.say("\n", marks, href, block)
            elif kind in MARKS:
                inner = tuple(mark for mark in ORDER if mark in {*marks, MARKS[kind]})
                self.inlines(content, inner, href, block)
            elif kind in {"Underline", "Strikeout", "SmallCaps"}:
                self.inlines(content, marks, href, block)
            elif kind in {"Span", "Cite"}:
                self.inlines(content[1], marks, href, block)
            elif kind == "Quoted":
                opening, closing = QUOTES[content[0]["t"]]
                self.say(opening, marks, href, block)
                self.inlines(content[1], marks, href, block)
                self.say(closing, marks, href, block)
            elif kind in {"Code", "Math"}:
                self.say(content[1], marks, href, block)
            elif kind == "Link":
                self.inlines(content[1], marks, content[2][0], block)
            elif kind == "Note":
                self.note(content, block)

    def say(self, text: str, marks: tuple[str, ...], href: str, block: Block) -> None:
        for mark in MARK.findall(text):
            number = number_of(mark)
            if number in self.piece_of and number not in self.block_of:
                self.block_of[number] = block
                self.numbers.setdefault(id(block), []).append(number)
                self.first.setdefault(id(block), self.piece_of[number])
        text = MARK.sub("", text)
        if text:
            block["runs"].append({"text": text, "marks": list(marks), "href": href, "note": ""})

    def note(self, nodes: list[Node], block: Block) -> None:
        """Make a block of a note, its paragraphs on lines of their own. One that is cited again is the same note."""
        cited = self.already(nodes)
        number = str(len(self.notes) + 1)
        note: Block = cited or {"kind": "note", "runs": [], "marker": number, "note": f"n{number}"}
        run = {"text": note["marker"], "marks": [], "href": "", "note": note["note"]}
        self.marks_of.setdefault(note["note"], []).append(run)
        block["runs"].append(run)
        if cited:
            return
        self.notes.append(note)
        for part in flat(self.read(nodes)):
            if part["runs"] and note["runs"]:
                note["runs"].append({"text": "\n", "marks": [], "href": "", "note": ""})
            note["runs"] += part["runs"]
            self.become(part, note)
        note["runs"] = tidy(note["runs"])

    def already(self, nodes: list[Node]) -> Block | None:
        """Return the note that has been made of these words."""
        for found in MARK.finditer(json.dumps(nodes, ensure_ascii=False)):
            block = self.block_of.get(number_of(found[0]))
            return block if block is not None and block["kind"] == "note" else None
        return None

    def become(self, part: Block, whole: Block) -> None:
        """Let the words of a block be those of another one."""
        first = self.first.pop(id(part), None)
        if first is None:
            return
        self.first.setdefault(id(whole), first)
        numbers = self.numbers.pop(id(part), [])
        self.numbers.setdefault(id(whole), []).extend(numbers)
        self.block_of.update(dict.fromkeys(numbers, whole))

    # Words

    def complete(self, body: list[Block], notes: list[Block]) -> list[Block]:
        """Give each word of the file to its block, or to one of its own where pandoc has left it out."""
        left: list[tuple[float, Block]] = []
        for at, piece in enumerate(self.pieces):
            if piece.facts.get("page_before"):
                left.append((at - 0.5, {"kind": "page"}))
            shares: dict[int, tuple[Block, list[str]]] = {}
            missing: list[str] = []
            broken: list[int] = []
            for word, numbers in words(piece):
                block = next((self.block_of[number] for number in numbers if number in self.block_of), None)
                if block is None:
                    missing.append(word)
                else:
                    shares.setdefault(id(block), (block, []))[1].append(word)
                    broken += [number for number in numbers if number not in self.block_of]
            for block, said in shares.values():
                if block["kind"] == "note" and "label" in piece.facts:
                    self.relabel(block, piece.facts["label"])
                block.setdefault("printed", []).append(" ".join(said))
                if self.first.get(id(block)) == at and block["kind"] != "note":
                    block.update(facts(piece, block))
            if broken:  # the rest of a word that is counted, but of which pandoc has read a part
                rest = " ".join(text for text, number in piece.parts if number in broken)
                left.append((at, own_block(piece, [rest]) | {"printed": []}))
            if missing:
                left.append((at, own_block(piece, missing)))
            if piece.facts.get("page_after"):
                left.append((at + 0.5, {"kind": "page"}))
        return self.in_order(body, notes, left)

    def relabel(self, note: Block, label: str) -> None:
        """Give a note the number that the file has for it."""
        note["marker"] = label
        if note["runs"] and note["runs"][0]["text"].startswith(label):  # Word prints it there as text
            note["runs"][0]["text"] = note["runs"][0]["text"][len(label) :]
            note["runs"] = tidy(note["runs"])
        for run in self.marks_of[note["note"]]:
            run["text"] = label

    def in_order(self, body: list[Block], notes: list[Block], left: list[tuple[float, Block]]) -> list[Block]:
        starts = []
        latest = -1
        for block in body:
            latest = max([latest, *(self.first.get(id(inner), -1) for inner in inside([block]))])
            starts.append(latest)
        ordered: list[Block] = []
        before = [(at, block) for at, block in left if block.get("place", "body") == "body"]
        by_place: dict[int, list[Block]] = {}
        for at, block in before:
            by_place.setdefault(bisect_right(starts, at), []).append(block)
        for at, block in enumerate(body):
            ordered += [*by_place.get(at, []), block]
        ordered += by_place.get(len(body), [])
        rest = [block for _at, block in left if block.get("place", "body") != "body"]
        found = [block for block in [*ordered, *notes, *rest] if not is_blank(block)]
        relative_sizes(found)
        return found


def own_block(piece: Piece, said: list[str]) -> Block:
    text = " ".join(said)
    return {
        "kind": "paragraph",
        "runs": [{"text": text, "marks": [], "href": "", "note": ""}],
        "printed": [text],
        "place": piece.place,
        **{name: value for name, value in piece.facts.items() if name in {"points", "centred", "page"}},
    }


def facts(piece: Piece, block: Block) -> dict[str, Any]:
    found = {name: value for name, value in piece.facts.items() if name in {"points", "centred", "page", "marker"}}
    if piece.facts.get("title") and block["kind"] == "paragraph":
        found |= {"kind": "heading", "level": 0}
    return found


def relative_sizes(blocks: list[Block]) -> None:
    """Turn sizes in points into shares of the size of most letters."""
    letters: Counter[float] = Counter()
    for block in inside(blocks):
        if "points" in block and block.get("place", "body") == "body" and block["kind"] != "note":
            letters[block["points"]] += sum(map(len, block.get("printed", [])))
    usual = letters.most_common(1)[0][0] if letters else 1.0
    for block in inside(blocks):
        points = block.pop("points", usual)
        if points != usual and usual:
            block["size"] = round(points / usual, 2)


def inside(blocks: Iterable[Block]) -> Iterable[Block]:
    for block in blocks:
        yield block
        for row in block.get("rows", []):
            for cell in row:
                yield from inside(cell["blocks"])


def flat(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in inside(blocks) if "runs" in block]


def is_blank(block: Block) -> bool:
    if block["kind"] in {"rule", "page", "table", "note"}:
        return False
    return not block.get("printed") and not any(run["text"].strip() or run["note"] for run in block.get("runs", []))


def tidy(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join neighbours that look the same, and leave blanks at both ends out."""
    found: list[dict[str, Any]] = []
    for run in runs:
        same = found and not run["note"] and not found[-1]["note"]
        if same and (run["marks"], run["href"]) == (found[-1]["marks"], found[-1]["href"]):
            found[-1]["text"] += run["text"]
        else:
            found.append(run)
    while found and not found[0]["note"] and not found[0]["text"].strip():
        found.pop(0)
    while found and not found[-1]["note"] and not found[-1]["text"].strip():
        found.pop()
    if found and not found[0]["note"]:
        found[0]["text"] = found[0]["text"].lstrip()
    if found and not found[-1]["note"]:
        found[-1]["text"] = found[-1]["text"].rstrip()
    return found
