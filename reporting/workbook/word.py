"""The texts of records as one Word file, and the same file read again.

Each text stands below a small grey line that names it, such as `[i12 description 3f9a2c10b4]`: whose text it is, and a
checksum of what it said when the file was made. Such a line outlives any program that saves the file, and a person
sees what has to stay. The heading below it is the name of the text; all that follows, up to the next line, is the text.

What a text becomes on its way through Word is found out by sending it there: `cross` writes and reads it as the file
was. A paragraph that says the same as one did then is that one, whatever Word cannot hold of it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby

from django.utils.translation import gettext as _

from portal.common.merging import blocks
from reporting.compilation import languages
from reporting.compilation.document import Document
from reporting.compilation.nodes import Node, attributes, header, para, words
from reporting.compilation.renderers import docx
from reporting.compilation.renderers.process import Tools
from reporting.compilation.snapshot import Reference
from reporting.compilation.texts import TextReader
from reporting.importing import office
from reporting.importing.blocks import Block, NoteMark, Run, leads_somewhere, to_html

AT_ONCE = 1_000  # paragraphs that are sent through Word together
TITLE_LEVEL, NAME_LEVEL = 1, 2  # of headings that are ours; those inside a text are below them
_CODE = re.compile(
    r"\[(?:texts of (?P<entity>\S+)|(?P<record>[ide]\d+(?::[0-9/-]+)?)(?: (?P<name>[a-z]+) (?P<base>[0-9a-f]{10}))?)\]"
)
_CODE_LIKE = re.compile(r"\[[ide]\d+(?::[0-9/-]+)? [a-z]+ [0-9a-f]{6,}\]?")  # in other words, or no more whole
_PIECE = re.compile(r"\[#\]")
_AFTER_NOTE = re.compile(r"(\*</span>)<sup>[,،]</sup>(?=<span data-footnote)")  # our raised comma between two marks
_BOLD_HEAD = re.compile(
    r"(<th[^>]*><p>)<strong>((?:(?!</?strong>|</th>).)*)</strong>(</p></th>)"
)  # heads of tables are


@dataclass(frozen=True)
class Text:
    """One text of a record as it goes out."""

    name: str  # of the field
    label: str
    html: str
    language: str


@dataclass(frozen=True)
class RecordTexts:
    """The texts of one record, under its title."""

    number: str
    title: str
    language: str
    texts: Sequence[Text]


@dataclass(frozen=True)
class ReadText:
    """One text as the file has it: its blocks as rich text, or why it is refused."""

    record: str
    name: str  # of the field
    base: str  # checksum of what it began from
    number: int  # which of the grey lines it stands below, from 1
    blocks: Sequence[str] = ()
    problem: str = ""


@dataclass
class WordFile:
    """What a file says."""

    entity: str = ""  # code of the one it was made for; empty where it does not say
    texts: list[ReadText] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crossed:
    """What the blocks of a text become on their way through Word."""

    blocks: Mapping[tuple[str, ...], str]  # the block by what it becomes
    notes: Mapping[str, str]  # the mark of a footnote by the words that it prints


def checksum(html: str) -> str:
    """Return what names a text in its grey line."""
    return hashlib.sha256(html.encode()).hexdigest()[:10]


# Out


def write_word(
    records: Iterable[RecordTexts],
    *,
    title: str,
    language: str,
    said: Sequence[str],
    code: str,
    references: dict[str, Reference],
    tools: Tools | None = None,
) -> bytes:
    """Return the file: `said` tells what to do with it, `code` is that of the entity."""
    reader = _reader(references)
    nodes: list[Node] = [header(TITLE_LEVEL, "", words(title)), *(para(words(sentence)) for sentence in said)]
    nodes.append(_grey(f"[texts of {code}]"))
    for record in records:
        nodes += [_grey(f"[{record.number}]"), _div(record.language, [header(TITLE_LEVEL, "", words(record.title))])]
        for text in record.texts:
            nodes.append(_grey(f"[{record.number} {text.name} {checksum(text.html)}]"))
            nodes.append(header(NAME_LEVEL, "", words(text.label)))
            nodes.append(_div(text.language, _nodes(reader, text.html)))
    return _file(nodes, title=title, language=language, tools=tools)


def _reader(references: dict[str, Reference]) -> TextReader:
    return TextReader(references=references, running_links="links", comma=",", report=lambda _kind, _words: None)


def _nodes(reader: TextReader, html: str) -> list[Node]:
    nodes = []
    for block in reader.read(html):
        node = header(NAME_LEVEL + block.level, "", block.inlines) if block.level else block.node
        nodes.append({"t": "Div", "c": [attributes("", (), block.language), [node]]} if block.language else node)
    return nodes or [para([])]


def _div(language: str, nodes: list[Node]) -> Node:
    pairs = [("lang", languages.tag(language)), ("dir", languages.direction(language))] if language else []
    return {"t": "Div", "c": [attributes("", (), pairs), nodes]}


def _grey(line: str) -> Node:
    """A line for the portal: small, grey, from left to right, beside the heading below it, and never spelled."""
    xml = (
        '<w:p><w:pPr><w:keepNext/><w:bidi w:val="0"/><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:noProof/>'
        f'<w:color w:val="767676"/><w:sz w:val="14"/></w:rPr><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
    )
    return {"t": "RawBlock", "c": ["openxml", xml]}


def _file(nodes: list[Node], *, title: str, language: str, tools: Tools | None = None) -> bytes:
    document = Document(
        fingerprint="",
        portal="",
        title=title,
        author="",
        subject="",
        language=language,
        demonstration=False,
        cover=[],
        front=[],
        contents_depth=0,
        headings=[],
        blocks=nodes,
        sources={},
        cover_source=None,
        front_source=None,
        note_sources=[],
        languages=frozenset(),
        warnings=[],
        snapshot_bytes=b"",
    )
    return docx.render(document, tools or Tools())


# In


def read_word(content: bytes, *, tools: Tools | None = None) -> WordFile:
    """Return what a file says. Raises Problem where it cannot be read."""
    source = office.read(content, tools=tools)
    notes = _marks(source.blocks)
    found = WordFile()
    if {block.place for block in source.blocks} & {"comment", "text_box"}:
        found.notices.append(
            _("Comments and text boxes of the file are not taken in. Write comments beside the draft in the portal.")
        )
    for number, (line, below) in enumerate(_below_lines(source.blocks, _CODE), 1):
        code = _CODE.fullmatch(line)
        assert code  # it was found by it
        if code["entity"]:
            found.entity = code["entity"]
        elif code["name"]:
            found.texts.append(_read_text(code, number, below, notes))
    return found


def _read_text(code: re.Match[str], number: int, below: list[Block], notes: dict[str, NoteMark]) -> ReadText:
    if below and _is_ours(below[0]):
        below = below[1:]
    problem = ""
    if any(_is_ours(block) for block in below):
        problem = _(
            "A heading of the first or second level stands in this text. Where it begins another text, its small grey "
            "line is gone: put that back. Otherwise make it a heading of the third or fourth level."
        )
    elif broken := next((found[0] for block in below if (found := _CODE_LIKE.search(block.text))), ""):
        problem = _("The grey line “%(line)s” was changed, or joined with other words. Put it back on its own.") % {
            "line": broken
        }
    html = tuple(_blocks_of(below, notes))
    return ReadText(code["record"], code["name"], code["base"], number, () if problem else html, problem)


def _is_ours(block: Block) -> bool:
    return block.kind == "heading" and 0 < block.level <= NAME_LEVEL


def _below_lines(found: Iterable[Block], line: re.Pattern[str]) -> list[tuple[str, list[Block]]]:
    """Return the lines of the file that match, each with the blocks below it."""
    below: list[tuple[str, list[Block]]] = []
    for block in found:
        if block.place != "body" or block.kind in {"page", "rule", "note"}:
            continue
        text = block.text.strip()
        if block.kind != "table" and line.fullmatch(text):
            below.append((text, []))
        elif below:
            below[-1][1].append(block)
    return below


def _blocks_of(found: Iterable[Block], notes: dict[str, NoteMark]) -> list[str]:
    inside = [
        replace(block, level=max(block.level - NAME_LEVEL, 1)) if block.kind == "heading" else block for block in found
    ]
    html = _AFTER_NOTE.sub(r"\1", to_html(inside, notes))
    return blocks(_BOLD_HEAD.sub(r"\1\2\3", html))


def _marks(found: Iterable[Block]) -> dict[str, NoteMark]:
    """Return what the mark of each note holds: its words, and addresses that its links do not show."""
    words_of: dict[str, list[str]] = {}
    for block in found:
        if block.kind == "note":
            said = "".join(_with_address(run) for run in block.runs)
            words_of.setdefault(block.note, []).append(" ".join(said.split()))
    return {note: NoteMark(" ".join(filter(None, said))) for note, said in words_of.items()}


def _with_address(run: Run) -> str:
    shown = {run.text.strip(), f"mailto:{run.text.strip()}"}
    hides = leads_somewhere(run.href) and not shown & {run.href, run.href.rstrip("/")}
    return f"{run.text} ({run.href})" if hides and run.text.strip() not in run.href else run.text


# Through Word and back


def cross(
    htmls: Sequence[str], *, references: dict[str, Reference], language: str, tools: Tools | None = None
) -> list[Crossed]:
    """Return what these texts become when they are written and read again. Raises Problem as `read_word`."""
    pieces = {html: _pieces(html) for html in htmls}
    different = list(dict.fromkeys(piece for of_one in pieces.values() for piece in of_one))
    becomes: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(different), AT_ONCE):
        sent = different[start : start + AT_ONCE]
        becomes |= zip(sent, _cross(sent, references, language, tools), strict=True)
    return [_crossed(pieces[html], becomes) for html in htmls]


def _crossed(pieces: Iterable[str], becomes: Mapping[str, tuple[str, ...]]) -> Crossed:
    known = {becomes[piece]: piece for piece in pieces}
    notes = {
        note: mark
        for read, piece in known.items()
        for note, mark in zip(_notes_in("".join(read)), _spans_in(piece), strict=False)
    }
    return Crossed(known, notes)


def _cross(
    pieces: Iterable[str], references: dict[str, Reference], language: str, tools: Tools | None
) -> list[tuple[str, ...]]:
    reader = _reader(references)
    nodes = [node for piece in pieces for node in (_grey("[#]"), _div("", _nodes(reader, piece)))]
    source = office.read(_file(nodes, title="", language=language, tools=tools), tools=tools)
    notes = _marks(source.blocks)
    return [tuple(_blocks_of(below, notes)) for _line, below in _below_lines(source.blocks, _PIECE)]


def _pieces(html: str) -> list[str]:
    """Return the blocks of a text, and lists that follow each other as one too: Word does not tell them apart."""
    single = blocks(html)
    joined = ["".join(run) for is_list, run in groupby(single, lambda one: one.startswith(("<ul", "<ol"))) if is_list]
    return list(dict.fromkeys([*joined, *single]))


def restored(read: Sequence[str], base: str, crossed: Crossed) -> str:
    """Return what a file says of a text that was `base` when it went out; blocks that stayed are those of `base`."""
    longest = max(map(len, crossed.blocks), default=0)
    said: list[str] = []
    at = 0
    while at < len(read):
        for length in range(min(longest, len(read) - at), 0, -1):
            if (block := crossed.blocks.get(tuple(read[at : at + length]))) is not None:
                said.append(block)
                at += length
                break
        else:
            said.append(_with_marks(read[at], crossed.notes))
            at += 1
    text = "".join(said)
    return base if text == "".join(blocks(base)) else text


_SPAN = re.compile(r'<span[^>]*data-(?:footnote|reference)="[^"]*"[^>]*>\*</span>')
_NOTE = re.compile(r'<span data-footnote="([^"]*)">\*</span>')


def _spans_in(html: str) -> list[str]:
    return _SPAN.findall(html)


def _notes_in(html: str) -> list[str]:
    return _NOTE.findall(html)


def _with_marks(html: str, notes: Mapping[str, str]) -> str:
    """Give footnotes that say what they said their references back."""
    return _NOTE.sub(lambda mark: notes.get(mark[1], mark[0]), html)
