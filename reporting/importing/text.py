"""Reads text files: plain, Markdown, or what a conversion of a PDF left, with light marks and pieces of HTML in it.

Blocks are told apart here and not by a Markdown library: such files have indented lines that are no code, rules under
lines that are no headings, notes that begin with a star and tables whose cells are separated by tabs. What stands
inside a line is read by markdown-it.

A child process runs this (`children.text`), so nothing here imports Django.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from reporting.importing.blocks import MARKS, Block, Cell, Mark, Run, Source, tidy
from reporting.verification.reader import Problem

MOST_LETTERS = 5_000_000  # in a file; 300 pages have a million
MOST_AT_ONCE = 4_000  # letters given to markdown-it, which takes longer and longer for a longer piece
MOST_SIGNS = 0.25  # of these letters, that could be marks; beyond that it is no text, and takes long to be told so
MOST_NESTED = 4  # tables in tables
LOST_PAGE = 3  # blank lines in a row are what is left of the end of a page


def read(content: bytes) -> Source:
    """Read a text file. Raises Problem where it is none, or too long."""
    return from_text(decoded(content))


def from_text(text: str) -> Source:
    """Return what a text says, with the marks of Markdown and HTML read. Raises Problem where it is too long."""
    if len(text) > MOST_LETTERS:
        raise Problem("too_long")
    text = re.sub("\r\n|[\r\v\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    words = _count(text)
    facts, text = _front_matter(text)
    text, comments = _comments(text)
    text = text.replace("\f", "\n\f\n")
    reader = _Reader(text)
    blocks = reader.blocks(text.split("\n"))
    blocks += [Block("paragraph", [Run(fact)], [fact], place="header") for fact in facts]
    blocks += [Block("paragraph", [Run(comment)], [comment], place="comment") for comment in comments]
    pages = sum(block.kind == "page" for block in blocks) + 1 if reader.has_pages else 0
    return Source(format="text", blocks=blocks, pages=pages, words=words)


# Letters


def decoded(content: bytes) -> str:
    """Return the letters of a text file, whatever wrote it. Raises Problem where it is no text."""
    text = _decoded(content).rstrip("\x1a\x00")  # old programs end a file so
    if re.search(r"[\x00-\x08\x0e-\x1b\x1f]", text):
        raise Problem("no_text")
    return text


def _decoded(content: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(_code_page(content), errors="replace")


def _code_page(content: bytes) -> str:
    """Return the code page of text that is not in Unicode, by how often it uses which bytes.

    Of the six languages, Chinese takes two bytes for a character, Arabic and Russian write nearly all letters with
    high bytes, Arabic often with those that are capitals in Russian.
    """
    high = re.findall(rb"[\x80-\xff]+", content)
    if sum(len(run) % 2 == 0 for run in high) > 0.95 * len(high) and sum(map(len, high)) > 3 * len(high):
        return "gb18030"
    letters = len(re.findall(rb"[A-Za-z]", content))
    capitals, small = len(re.findall(rb"[\xc0-\xdf]", content)), len(re.findall(rb"[\xe0-\xff]", content))
    if capitals + small < letters / 2:
        return "cp1252"
    return "cp1256" if capitals > small / 3 else "cp1251"


# Markup

_BLOCK_TAGS = (
    "address|article|aside|blockquote|body|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]"
    "|head|header|hr|html|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE_TAGS = (
    "a|abbr|b|big|br|cite|code|col|colgroup|del|em|font|i|img|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u"
)
_BLOCK_TAG = re.compile(rf"<(/?)({_BLOCK_TAGS})\b([^<>]{{0,2000}})>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"<(/?)({_INLINE_TAGS})\b([^<>]{{0,2000}})>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SPAN = re.compile(r"""\b(col|row)span\s*=\s*["']?(\d{1,3})""", re.IGNORECASE)

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_HEADING_END = re.compile(r"[ \t]+(?:#+|\{[#.][^{}]*\})$")
_RULE_SIGNS = frozenset("-*_=~—–─━═ \t")
_QUOTED = re.compile(r" {0,3}(?:>[ ]?)+(?!\s*\d)")  # not "> 50 per cent"
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*")
_PIPES = re.compile(r"\s*\|.*\|\s*")
_PIPES_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_GRID_RULE = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
MARKER = re.compile(
    r"""\s*(
        [-*+•·‣⁃◦▪▫■□●○◆◇➢➤►▶✓✔✗✘☐☑\uf000-\uf0ff] | [–—](?=\s)
        | \d{1,3}[.)] | \(\d{1,3}\)
        | \(?[^\W\d_]\) | \(?[ivxl]{1,7}\) | [a-z]\. | [ivx]{2,6}\.
        | [A-Z][.](?=\s\s|\t)
        | [(（][一二三四五六七八九十]{1,3}[)）]
    )\s+(?=\S)""",
    re.VERBOSE,
)
_MARKER_AGAIN = re.compile(r"(?:\d{1,3}[.)]|\(?[^\W\d_]\)|\(?[ivxl]{1,7}\)|\(\d{1,3}\))(?=\s+\S)")
_BULLETS = "-*+•·‣⁃◦▪▫■□●○◆◇➢➤►▶✓✔✗✘☐☑–—"
_FIRST_MARKS = {"1", "a", "i", "а", "أ", "一"}  # with which lists begin
_DASHES = "-–—+*"  # bullets that are signs of other things too
_ENDS = (".", ":", ";", ",", "!", "?", "。", "：", "；", "，", "、", "؛", "،", "؟")
DOTS = re.compile(r"(?:\.{4,}|(?:\. ){3,}|…{2,})\s*(\d{1,4}|[ivxl]{1,7})\s*$")
_PAGE_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,7}")
_PAGE_MARK = re.compile(
    r"\\(?:newpage|pagebreak|clearpage)(?:\{\})?|\[?page[ _-]?break\]?"
    r"|[-=*_\[(<{#| ]{2,}\s*(?:page|página|pagina|страница|стр\.|صفحة|第)\s*\d{1,4}"
    r"(?:\s*(?:/|of|de|sur|из|من)\s*\d{1,4})?\s*页?\s*[-=*_\])>}#| ]{0,40}",
    re.IGNORECASE,
)
_PAGE_COMMENT = re.compile(r"\s*page\b.{0,20}", re.IGNORECASE)
_PAGE_STYLE = re.compile(r"page-break-(?:after|before)\s*:\s*always|break-(?:after|before)\s*:\s*page", re.IGNORECASE)


def _is_rule(line: str) -> bool:
    signs = line.strip(" \t")
    kinds = set(signs)
    return kinds <= _RULE_SIGNS and len(kinds - {" ", "\t"}) == 1 and signs.count(signs[:1]) > 2


def _front_matter(text: str) -> tuple[list[str], str]:
    """Take the facts off that stand before Markdown between two rules."""
    lines = text.removeprefix("\ufeff").split("\n")
    if lines[0].rstrip() != "---":
        return [], text
    end = next((at for at, line in enumerate(lines[1:200], 1) if line.rstrip() in {"---", "..."}), 0)
    facts = [line for line in lines[1:end] if line.strip()]
    if not facts or not re.match(r"[\w -]{1,60}:(\s|$)", facts[0]):
        return [], text
    return facts, "\n".join(lines[end + 1 :])


def _comments(text: str) -> tuple[str, list[str]]:
    """Take the comments of HTML out of a text. One that names a page leaves the end of a page."""
    comments = []
    parts = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        words = text[start + 4 : end]
        parts += [text[at:start], "\n\f\n" if _PAGE_COMMENT.fullmatch(words) else ""]
        if words.strip():
            comments.append(words.strip())
        at = end + 3
        while text.startswith("\n\n", at) and text[start - 1 : start] in {"", "\n"}:
            at += 1  # its line goes with it
    return "".join([*parts, text[at:]]), comments


def _count(text: str) -> int:
    """Count the words of a text without its markup: line by line, without telling blocks apart."""
    text = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub(lambda tag: "\n" if tag[2].lower() == "br" else "", text))
    words = 0
    for line in re.split("[\n\f]", text.replace("<!--", " ").replace("-->", " ")):
        stripped = line.strip()
        if _is_rule(line) or _GRID_RULE.fullmatch(line) or ("-" in line and _PIPES_RULE.fullmatch(line)):
            continue
        if heading := _HEADING.fullmatch(line):
            line = _HEADING_END.sub("", heading[2])
        if quoted := _QUOTED.match(line):
            line = line[quoted.end() :]
        if stripped.startswith(("|", "+")) and stripped.endswith(("|", "+")) and len(stripped) > 1:
            line = re.sub(r"\+(?:[-=:]+\+)+|(?<!\\)\|", " ", line)
        line = re.sub(r"\]\(([^()\s]*)\s+\"[^\"]*\"\)", r"](\1)", line)
        line = re.sub(r"!?\[\]\([^()\s]*\)", "", line)
        words += len(unescape(line).split())
    return words


# Runs


def _note_rule(state: StateInline, silent: bool) -> bool:
    """Read the mark of a note: `[^1]`."""
    found = re.compile(r"\[\^([^\]\s]{1,100})\]").match(state.src, state.pos)
    if not found or found[1] not in state.env["notes"]:
        return False
    if not silent:
        state.push("note", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _tag_rule(state: StateInline, silent: bool) -> bool:
    """Read a tag of HTML. `<name of the country>` is none."""
    found = _INLINE_TAG.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("tag", "", 0).content = found[0]
    state.pos = found.end()
    return True


_RAISED = re.compile(r"\^((?:[^\s^\\]|\\.){1,40})\^")
_LOWERED = re.compile(r"~((?:[^\s~\\]|\\.){1,40})~")


def _raised_rule(state: StateInline, silent: bool) -> bool:
    """Read raised and lowered letters as pandoc writes them: `2^nd^`, `CO~2~`."""
    lowers = state.src[state.pos] == "~" and state.env["lowers"]
    found = (_LOWERED if lowers else _RAISED).match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        token = state.push("sub" if lowers else "sup", "", 0)
        token.content = re.sub(r"\\(.)", r"\1", found[1])
    state.pos = found.end()
    return True


def _markdown() -> MarkdownIt:
    """Return a reader of what stands inside a line. Addresses stay as the file has them."""
    markdown = MarkdownIt("zero").enable(["newline", "escape", "emphasis", "link", "image", "autolink", "entity"])
    markdown.inline.ruler.before("link", "note", _note_rule)
    markdown.inline.ruler.before("autolink", "tag", _tag_rule)
    markdown.inline.ruler.push("raised", _raised_rule)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return markdown


_MARKDOWN = _markdown()
_MARKED = re.compile(r"[*_\[\]<\\&^~]")
_ADDRESS = re.compile(r"(?<![<\"'=\w])(?:https?://|www\.)[^\s<>\[\]()]+")
_MARK_OF: dict[str, Mark] = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub"}


def _shielded(text: str) -> str:
    """Escape the signs of emphasis inside addresses, where they are none."""

    def shield(found: re.Match[str]) -> str:
        address = found[0].rstrip("*_")
        return re.sub(r"(?<!\\)([*_~^])", r"\\\1", address) + found[0][len(address) :]

    return _ADDRESS.sub(shield, text) if "://" in text or "www." in text else text


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text between words."""
    at = 0
    while len(text) - at > MOST_AT_ONCE:
        end = max(text.rfind(" ", at, at + MOST_AT_ONCE), text.rfind("\n", at, at + MOST_AT_ONCE)) + 1
        end = end if end > at else at + MOST_AT_ONCE
        yield text[at:end]
        at = end
    yield text[at:]


class _Runs:
    """Makes runs of the tokens of a text."""

    def __init__(self, notes: dict[str, str]) -> None:
        self.notes = notes
        self.runs: list[Run] = []
        self.depths: dict[Mark, int] = dict.fromkeys(MARKS, 0)
        self.href = ""

    def add(self, text: str, note: str = "") -> None:
        marks = tuple(mark for mark in MARKS if self.depths[mark])
        self.runs.append(Run(text, marks, "" if note else self.href, note))

    def turn(self, mark: Mark, *, on: bool) -> None:
        self.depths[mark] = max(self.depths[mark] + (1 if on else -1), 0)

    def token(self, token: Token) -> None:
        kind = token.type
        if kind == "link_open":
            self.href = str(token.attrs.get("href", "")) or "#"
        elif kind == "link_close":
            self.href = ""
        elif kind in {"strong_open", "strong_close", "em_open", "em_close"}:
            self.turn("strong" if kind.startswith("s") else "em", on=kind.endswith("open"))
        elif kind == "note":
            self.add(token.content, self.notes[token.content])
        elif kind == "tag":
            self.tag(token.content)
        elif kind in {"sup", "sub"}:
            self.turn(_MARK_OF[kind], on=True)
            self.add(token.content)
            self.turn(_MARK_OF[kind], on=False)
        elif kind in {"softbreak", "hardbreak"}:
            self.add("\n")
        elif kind == "image":
            for child in token.children or []:
                self.token(child)
        else:
            self.add(token.content)

    def tag(self, source: str) -> None:
        found = _INLINE_TAG.fullmatch(source)
        assert found
        name, opens = found[2].lower(), not found[1]
        if name in _MARK_OF:
            self.turn(_MARK_OF[name], on=opens)
        elif name == "br":
            self.add("\n")
        elif name == "a":
            href = _HREF.search(found[3]) if opens else None
            self.href = unescape(next(filter(None, href.groups()), "#")) if href else ""


# Blocks


class _Reader:
    """Tells the blocks of a text apart."""

    def __init__(self, text: str) -> None:
        self.notes = {label: f"n{label}" for label in re.findall(r"(?m)^ {0,3}\[\^([^\]\s]{1,100})\]:", text)}
        self.lowers = bool(self.notes) or "]{" in text or re.search(r"(?m)^#.*\{#", text) is not None
        self.has_pages = "\f" in text
        self.page = 1 if self.has_pages else 0
        self.defined: set[str] = set()
        self.indents: list[int] = []  # of the items that are open
        self.depth = 0  # of tables
        self.tables_close = True  # so far; else it would be looked for in vain again and again

    # Lines

    def blocks(self, lines: list[str]) -> list[Block]:
        """Return the blocks of some lines."""
        found: list[Block] = []
        at = blanks = 0
        while at < len(lines):
            line = lines[at]
            if line == "\f":
                self.page += 1
                found.append(Block("page", page=self.page))
                blanks, at = 0, at + 1
                continue
            if not line.strip():
                blanks, at = blanks + 1, at + 1
                continue
            if blanks >= LOST_PAGE and found and found[-1].kind != "page":
                found.append(Block("page", page=self.page))
            blanks = 0
            made, at = self.block(lines, at)
            for block in made:
                block.page = self.page
            found += made
        while found and found[-1].kind == "page" and not self.has_pages:
            found.pop()
        return found

    def block(self, lines: list[str], at: int) -> tuple[list[Block], int]:
        """Return the blocks that begin at a line, and the line after them."""
        line = lines[at]
        if not line[:1].isspace() and not MARKER.match(line):
            self.indents.clear()
        if special := self.special(lines, at):
            return special
        end = at + 1
        while end < len(lines) and self.goes_on(lines, end):
            end += 1
        chunk = lines[at:end]
        if end < len(lines) and len(chunk) == 1 and re.fullmatch(r"={3,}\s*", lines[end]):
            return [self.made("heading", chunk[0], level=1)], end + 1
        return self.texts(chunk), end

    def goes_on(self, lines: list[str], at: int) -> bool:
        """Whether a line belongs to the text before it."""
        line = lines[at]
        return bool(line.strip()) and line != "\f" and not self.begins_special(lines, at)

    def begins_special(self, lines: list[str], at: int) -> bool:
        line = lines[at]
        return bool(
            _HEADING.match(line)
            or _is_rule(line)
            or _PAGE_MARK.fullmatch(line.strip()[:120])
            or _NOTE.match(line)
            or _QUOTED.match(line)
            or self.pipes_end(lines, at)
            or _GRID_RULE.fullmatch(line)
            or self.tabs_end(lines, at)
            or (self.tables_close and "<table" in line.lower())
        )

    def special(self, lines: list[str], at: int) -> tuple[list[Block], int] | None:
        """Return what begins at a line that is no running text."""
        line = lines[at]
        if heading := _HEADING.match(line):
            return [self.made("heading", _HEADING_END.sub("", heading[2].rstrip()), level=len(heading[1]))], at + 1
        if _PAGE_MARK.fullmatch(line.strip()[:120]):
            return self.page_mark(line), at + 1
        if _is_rule(line):
            return [Block("rule")], at + 1
        if _NOTE.match(line):
            return self.note(lines, at)
        if _QUOTED.match(line):
            return self.quote(lines, at)
        if _GRID_RULE.fullmatch(line):
            return self.grid(lines, at)
        if end := self.pipes_end(lines, at):
            return [self.pipes(lines[at:end])], end
        if end := self.tabs_end(lines, at):
            return self.tabs(lines[at:end]), end
        if self.tables_close and "<table" in line.lower():
            depth = 0
            for end in range(at, len(lines)):
                lowered = lines[end].lower()
                depth += lowered.count("<table") - lowered.count("</table")
                if depth <= 0:
                    return self.html("\n".join(lines[at : end + 1])), end + 1
            self.tables_close = False
        return None

    def page_mark(self, line: str) -> list[Block]:
        words = "" if re.match(r"\s*(?:\\|\[?page[ _-]?break)", line, re.IGNORECASE) else line.strip()
        found = [Block("paragraph", [Run(words)], [words], place="running")] if words else []
        return [*found, Block("page")]

    def quote(self, lines: list[str], at: int) -> tuple[list[Block], int]:
        end = at
        while end < len(lines) and lines[end].strip() and (end == at or _QUOTED.match(lines[end])):
            end += 1
        inside = self.blocks(
            [line[found.end() :] if (found := _QUOTED.match(line)) else line for line in lines[at:end]]
        )
        for block in inside:
            block.kind = "quote" if block.kind == "paragraph" else block.kind
        return inside, end

    def note(self, lines: list[str], at: int) -> tuple[list[Block], int]:
        """Read the body of a note: its line, those that follow, and indented ones after blank lines."""
        found = _NOTE.match(lines[at])
        assert found
        body = [lines[at][found.end() :]]
        end = at + 1
        while end < len(lines):
            if lines[end].strip():
                indented = lines[end].startswith(("  ", "\t"))
                if (not lines[end - 1].strip() and not indented) or lines[end] == "\f" or _NOTE.match(lines[end]):
                    break
                body.append(lines[end].strip())
            elif not (lines[end + 1 : end + 2] and lines[end + 1].startswith(("  ", "\t")) and lines[end + 1].strip()):
                break
            end += 1
        label = found[1]
        note = self.notes[label]
        if note in self.defined:
            note += f"-{len(self.defined)}"  # a label that is used twice
        self.defined.add(note)
        block = self.made("note", "\n".join(body))
        block.marker, block.note = label, note
        block.printed.insert(0, label)
        return [block], end

    # Text

    def texts(self, lines: list[str]) -> list[Block]:
        """Return paragraphs and items of lines that follow each other."""
        if _BLOCK_TAG.search("\n".join(lines)):
            return self.html("\n".join(lines))
        pieces: list[list[str]] = []
        for line in lines:
            before = pieces[-1][-1] if pieces else ""
            if pieces and not self.begins_piece(line, before, pieces[-1][0]):
                pieces[-1].append(line)
            else:
                pieces.append([line])
        return [self.piece(piece) for joined in pieces for piece in self.parted(joined)]

    def parted(self, lines: list[str]) -> list[list[str]]:
        """Part a line in which items follow each other, each with its bullet; in a table also after a full stop."""
        marker = MARKER.match(lines[0])
        if len(lines) > 1:
            return [lines]
        if marker and marker[1] in _BULLETS and marker[1] not in _DASHES:
            return [[part] for part in re.split(rf"\s+(?={re.escape(marker[1])}\s)", lines[0].strip())]
        if self.depth:
            return [[part] for part in re.split(r"(?<=[.;:!?])\s+(?=[-–•]\s+[^\W_a-z])", lines[0])]
        return [lines]

    def begins_piece(self, line: str, before: str, first: str) -> bool:
        """Whether a line begins an item, not only with a number or dash by chance, or an entry of a contents list."""
        if DOTS.search(before[-100:]):
            return True
        marker = MARKER.match(line)
        if not marker:
            return False
        mark, is_item = marker[1], MARKER.match(first)
        if mark in _BULLETS and mark not in _DASHES:
            return True
        if is_item and (mark == is_item[1] or (mark in _BULLETS) == (is_item[1] in _BULLETS)):
            return not mark[0].isdigit() or not is_item[1][0].isdigit() or int(mark[:-1]) == int(is_item[1][:-1]) + 1
        if is_item and mark.strip("().") in _FIRST_MARKS:
            return True  # a list in a list, or behind it
        return before.rstrip().endswith(_ENDS)

    def piece(self, lines: list[str]) -> Block:
        text = "\n".join(lines)
        marker = MARKER.match(text)
        if not marker:
            return self.made("paragraph", text)
        indent = len(lines[0].expandtabs(4)) - len(lines[0].expandtabs(4).lstrip())
        while self.indents and indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + 1:
            self.indents.append(indent)
        mark, text = marker[1], text[marker.end() :]
        again = _MARKER_AGAIN.match(text) if mark in _BULLETS else None  # some conversions set a dash before `(a)`
        block = self.made("item", text[again.end() :].lstrip() if again else text, level=len(self.indents))
        block.marker = again[0] if again else mark
        block.printed[:0] = [mark, again[0]] if again else [mark]
        return block

    def made(self, kind: str, text: str, *, level: int = 0) -> Block:
        """Return a block of a text, its marks read, each end of a line kept."""
        text = "\n".join(line.strip(" ") if "\t" not in line else line.rstrip() for line in text.split("\n"))
        runs = self.runs(text)
        printed = "".join(run.text for run in runs)
        return Block(kind, tidy(runs), [printed] if printed.strip() else [], level=level)  # type: ignore[arg-type]

    def runs(self, text: str) -> list[Run]:
        if not _MARKED.search(text):
            return [Run(text)]
        made = _Runs(self.notes)
        for piece in _pieces(text):
            if len(piece) > 400 and len(_MARKED.findall(piece)) > MOST_SIGNS * len(piece):
                made.add(piece)
                continue
            env = {"notes": self.notes, "lowers": self.lowers}
            for token in _MARKDOWN.parseInline(_shielded(piece), env)[0].children or []:
                made.token(token)
        return made.runs

    # Tables

    def cell(self, text: str) -> Cell:
        """Return a cell, with the blocks of its text."""
        outside, self.indents = self.indents, []
        self.depth += 1
        lines = text.split("\n")
        blocks = self.texts(lines) if self.depth > MOST_NESTED or len(lines) == 1 else self.blocks(lines)
        self.depth -= 1
        self.indents = outside
        return Cell([block for block in blocks if block.runs or block.rows])

    def tabs_end(self, lines: list[str], at: int) -> int:
        """Return the end of the rows of tabs that begin at a line, 0 where it is none."""
        if "\t" not in lines[at]:
            return 0
        end = at
        while end < len(lines) and _columns(lines[end]) > 1:
            end += 1
        most = max((_columns(line) for line in lines[at:end]), default=0)
        return end if end - at > 1 or most > 2 else 0

    def tabs(self, lines: list[str]) -> list[Block]:
        """Return a table of rows of tabs; or the lines of a contents list, each a paragraph."""
        rows = [line.split("\t") for line in lines]
        if is_contents(rows):
            return [self.made("paragraph", line) for line in lines]
        return [self.table([[self.cell(text.strip()) for text in row] for row in rows])]

    def table(self, rows: list[list[Cell]], heads: int | None = None) -> Block:
        """Return a table, short rows filled up. Its first row is its head if all its cells have a few words."""
        most = max(sum(cell.across for cell in row) for row in rows)
        if not any(cell.down > 1 for row in rows for cell in row):
            for row in rows:
                row += [Cell() for _missing in range(most - sum(cell.across for cell in row))]
        if heads is None:
            heads = int(len(rows) > 1 and most > 1 and all(map(_is_head, rows[0])))
        return Block("table", rows=rows, heads=heads)

    def pipes_end(self, lines: list[str], at: int) -> int:
        """Return the end of the rows of bars that begin at a line, 0 where it is none."""
        if "|" not in lines[at] or at + 1 >= len(lines) or "|" not in lines[at + 1]:
            return 0
        ruled = _PIPES_RULE.fullmatch(lines[at + 1]) is not None and "-" in lines[at + 1]
        end = at
        while end < len(lines) and (_PIPES.fullmatch(lines[end]) or (ruled and "|" in lines[end])):
            end += 1
        return end if end - at > 1 else 0

    def pipes(self, lines: list[str]) -> Block:
        ruled = _PIPES_RULE.fullmatch(lines[1]) is not None and "-" in lines[1]
        rows = [
            [self.cell(text.strip()) for text in _bars(line)]
            for number, line in enumerate(lines)
            if not (ruled and number == 1)
        ]
        heads = int(any(cell.blocks for cell in rows[0])) if ruled else None
        return self.table(rows if heads != 0 or len(rows) == 1 else rows[1:], heads)

    def grid(self, lines: list[str], at: int) -> tuple[list[Block], int]:
        """Read a table that is drawn with lines of `+---+`."""
        end = at
        while end < len(lines) and lines[end].strip()[:1] in {"+", "|"}:
            end += 1
        drawn = [_drawn(line.strip()) for line in lines[at:end]]
        cuts = [n for n, line in enumerate(drawn) if "".join(line).count("+-") or "".join(line).count("+=")]
        columns = sorted({n for cut in cuts for n, sign in enumerate(drawn[cut]) if sign == "+"})
        if len(cuts) < 2 or len(columns) < 2 or len(cuts) * len(columns) > 100_000:
            return [self.made("paragraph", line) for line in lines[at:end] if not _GRID_RULE.fullmatch(line)], end
        rows: list[list[Cell]] = []
        taken: set[tuple[int, int]] = set()
        heads = 0
        for r, top in enumerate(cuts[:-1]):
            if r and "=" in _between(drawn, top, columns[0], columns[-1]) and not heads:
                heads = r
            row: list[Cell] = []
            for c, left in enumerate(columns[:-1]):
                if (r, c) in taken:
                    continue
                across = next(
                    (n for n in range(c + 1, len(columns)) if _sign(drawn, top + 1, columns[n]) in {"|", "+"}),
                    len(columns) - 1,
                )
                down = next(
                    n
                    for n in range(r + 1, len(cuts))
                    if n == len(cuts) - 1 or not _between(drawn, cuts[n], left + 1, columns[across]).strip("-=:+")
                )
                taken |= {(y, x) for y in range(r, down) for x in range(c, across)}
                inside = [_between(drawn, n, left + 1, columns[across]) for n in range(top + 1, cuts[down])]
                cell = self.cell("\n".join(line.removeprefix(" ").rstrip() for line in inside))
                cell.across, cell.down = across - c, down - r
                row.append(cell)
            rows.append(row)
        return [self.table(rows, heads)], end

    # HTML

    def html(self, text: str) -> list[Block]:
        """Return the blocks of a text in which tags of HTML begin and end paragraphs, headings, items and tables."""
        found: list[Block] = []
        lists: list[int | None] = []  # that are open: the number of the last item, None where they have none
        heading = at = 0
        item = False

        def flush(words: str) -> None:
            nonlocal item
            if not words.strip():
                return
            if heading:
                found.append(self.made("heading", words, level=heading))
            elif item:
                block = self.piece([words.strip()])
                if block.kind != "item":
                    number = lists[-1] if lists else None
                    block.kind, block.marker = "item", "•" if number is None else f"{number}."
                block.level = max(len(lists), 1)
                found.append(block)
                item = False
            else:
                found.extend(self.texts([line for line in words.split("\n") if line.strip()]))

        while tag := _BLOCK_TAG.search(text, at):
            flush(text[at : tag.start()])
            at = tag.end()
            name, opens = tag[2].lower(), not tag[1]
            if name == "table" and opens and self.depth < MOST_NESTED:
                end = _closing(text, at)
                found += self.html_table(text[at:end])
                at = end
            elif name in {"ul", "ol"}:
                if opens:
                    lists.append(0 if name == "ol" else None)
                elif lists:
                    lists.pop()
            elif name == "li":
                item = opens
                if opens and lists and (number := lists[-1]) is not None:
                    lists[-1] = number + 1
            elif name[0] == "h" and name[1:].isdigit():
                heading = int(name[1]) if opens else 0
            elif name == "hr":
                found.append(Block("rule"))
            if _PAGE_STYLE.search(tag[3]):
                found.append(Block("page"))
        flush(text[at:])
        return found

    def html_table(self, text: str) -> list[Block]:
        """Return a table of what stands between its tags, after what stands in it outside of cells."""
        rows: list[list[Cell]] = []
        outside: list[str] = []
        heads = at = start = 0
        facts: str | None = None  # of the cell that is open
        in_head = False

        def close(end: int) -> None:
            if facts is None:
                outside.append(text[start:end])
                return
            cell = self.cell(text[start:end].strip())
            for name, number in _SPAN.findall(facts):
                setattr(cell, "across" if name.lower() == "col" else "down", max(int(number), 1))
            rows[-1].append(cell)

        while tag := _BLOCK_TAG.search(text, at):
            at = tag.end()
            name, opens = tag[2].lower(), not tag[1]
            if name == "table" and opens:
                at = _closing(text, at)
            elif name in {"tr", "td", "th", "thead", "tbody", "tfoot"}:
                close(tag.start())
                start, facts = at, None
                if name == "thead":
                    in_head = opens
                elif name == "tr" and opens:
                    rows.append([])
                elif name in {"td", "th"} and opens:
                    rows = rows or [[]]
                    heads = len(rows) if heads >= len(rows) - 1 and (in_head or name == "th") else heads
                    facts = tag[3]
        close(len(text))
        self.depth += 1
        found = self.html("\n".join(outside))
        self.depth -= 1
        rows = [row for row in rows if row]
        return [*found, self.table(rows, heads)] if rows else found


def _columns(line: str) -> int:
    """Count the cells that tabs make of a line. A tab that only indents it, or follows the mark of an item, is none."""
    if "\t" not in line:
        return 0
    cells = line.split("\t")
    first = cells[0].strip()
    if len(cells) == 2 and first and (marker := MARKER.match(line)) and marker[1] == first:
        return 1
    if len(cells) == 2 and not first and len(cells[1]) > 40:
        return 1
    return len(cells)


def _bars(line: str) -> list[str]:
    """Return what stands between the bars of a line."""
    return re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))


def is_contents(rows: list[list[str]]) -> bool:
    """Whether rows are titles with page numbers that go up."""
    if any(len(row) != 2 for row in rows):
        return False
    entries = rows if rows[0][0].strip() else rows[1:]  # the head over the numbers stands alone
    numbers = [row[1].strip() for row in entries]
    arabic = [int(number) for number in numbers if number.isdecimal()]
    return bool(numbers) and all(map(_PAGE_NUMBER.fullmatch, numbers)) and arabic == sorted(arabic)


def _is_head(cell: Cell) -> bool:
    return len(cell.blocks) == 1 and len(text := cell.blocks[0].text) < 150 and not text.strip().isdecimal()


def _closing(text: str, at: int) -> int:
    """Return where the table ends inside which a place is."""
    depth = 1
    for tag in _BLOCK_TAG.finditer(text, at):
        if tag[2].lower() == "table":
            depth += -1 if tag[1] else 1
            if not depth:
                return tag.start()
    return len(text)


def _drawn(line: str) -> list[str]:
    """Return what a line has in each column: a wide character takes two, a combining one none."""
    found: list[str] = []
    for sign in line:
        if unicodedata.combining(sign) and found:
            found[-1] += sign
        else:
            found += [sign, ""] if unicodedata.east_asian_width(sign) in "WF" else [sign]
    return found


def _between(drawn: list[list[str]], line: int, start: int, end: int) -> str:
    return "".join(drawn[line][start:end])


def _sign(drawn: list[list[str]], line: int, column: int) -> str:
    return drawn[line][column] if line < len(drawn) and column < len(drawn[line]) else ""
