"""What a mended text is made of: cover, front, sections and their pieces, as the compiler would print them.

Nothing here knows a particular document, or a record. Blocks are named by their index; none is left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Literal

from initiatives.choices import PartKind
from reporting.choices import HeadingNumbers, ParagraphNumbers
from reporting.compilation.document import heading_number
from reporting.compilation.snapshot import CoverLine, FrontBlock
from reporting.importing import contents, headings, vocabulary
from reporting.importing.blocks import Block, Run, cut, length, tidy
from reporting.importing.contents import Contents
from reporting.importing.cover import Cover, CoverFacts, Slip, read_cover, symbols_in, with_period
from reporting.importing.headings import Heading, Number, ends_a_sentence, full_text
from reporting.importing.mending import Mended
from reporting.importing.periods import dates_in
from reporting.importing.vocabulary import begins_with, speaks_of

DEEPEST = 3  # level of a piece under its section
LONGEST_TITLE = 30  # words of a line before the first section


@dataclass
class Piece:
    """What becomes one item of a section: a heading, a text, or both."""

    kind: Literal["text", "initiative", "heading"]
    heading: int | None  # index of its heading block; the first of `blocks` where both stand in one paragraph
    title: str  # its heading without its number
    number: str  # as printed: "1.", "1.1", "(a)"
    level: int  # 1 to 3 under its section
    blocks: list[int] = field(default_factory=list)  # indexes of its text
    numbered: bool = False  # the compiler prints the same number, so it is not filed
    shown: str = ""  # the heading as it has to be filed: with its number, unless the compiler prints it


@dataclass
class SectionPart:
    """What becomes one section."""

    heading: int | None
    title: str
    number: str  # as printed: "II.", "一."
    is_summary: bool
    pieces: list[Piece] = field(default_factory=list)
    shown: str = ""  # the heading as it has to be filed: with its number, unless the compiler prints it


@dataclass
class Outline:
    """How a document is built."""

    blocks: list[Block]  # those of `Mended`, at the same places, with numbers moved from the words to `marker`
    kinds: dict[int, PartKind]  # for every block
    levels: dict[int, int]  # of headings and entries, from 1
    numbers: dict[int, str]  # of headings, numbered paragraphs and entries, as printed
    cover: CoverFacts
    cover_blocks: list[int]
    front: list[FrontBlock]  # literal words, no slots
    sections: list[SectionPart]
    heading_numbers: HeadingNumbers
    paragraph_numbers: ParagraphNumbers
    contents_depth: int
    title: str
    summary_found: bool
    cover_lines: list[CoverLine] = field(default_factory=list)  # literal words, no slots
    slips: list[Slip] = field(default_factory=list)  # of the cover, for the list of damage
    filed: dict[int, Block] = field(default_factory=dict)  # blocks that are filed otherwise than they were read

    def text_of(self, piece: Piece) -> list[Block]:
        """Return the blocks of a piece as they are filed, for `blocks.to_html`.

        Paragraphs lose the numbers that the compiler prints, a paragraph that begins with its own heading loses it,
        and a mark of a note on a heading, which is plain text in the records, goes before the first word under it.
        """
        return [self.filed.get(index, self.blocks[index]) for index in piece.blocks]


def outline(mended: Mended, *, language: str) -> Outline:
    """Return how the document is built. `language` is that of the document."""
    return _Reader(mended.blocks, language).read()


_OUTSIDE = {"header", "footer", "text_box", "comment"}
_ENTRY = re.compile(r"(?P<number>\(?(?:[a-z]{1,4}|\d{1,2})\)|[•●▪■◦‣✓✔➢→-])\s+(?=\S)")
_QUOTED = re.compile(r"(?:[“\"«„「『][^“”\"«»「」『』]+[”\"»“」』])[.。]?")


class _Reader:
    """Reads one document, step by step."""

    def __init__(self, blocks: Sequence[Block], language: str) -> None:
        self.blocks = list(blocks)
        self.language = language
        self.kinds: dict[int, PartKind] = {}
        self.levels: dict[int, int] = {}
        self.numbers: dict[int, str] = {}
        self.filed: dict[int, Block] = {}

    def read(self) -> Outline:
        """Return the outline; see `outline`."""
        cover = read_cover(self.blocks, language=self.language)
        taken = set(cover.blocks)
        stream = [index for index, block in enumerate(self.blocks) if _is_text(block) and index not in taken]
        listed = contents.find(self.blocks, stream, language=self.language)
        stream = [index for index in stream if index not in set(listed.blocks)]
        numbered = {
            index: number
            for index, number in headings.numbered_paragraphs(self.blocks, stream).items()
            if index not in listed.named
        }
        found = headings.find(
            self.blocks, stream, listed=listed.named, numbered=numbered.keys(), language=self.language
        )
        found, front = self._front(stream, found, listed)
        self._read_numbers(found, numbered)
        self._read_kinds(cover, listed, front, found, numbered)
        running = [index for index in stream if index not in set(front)]
        sections = self._sections(running, found)
        front_blocks = self._front_blocks(front, listed)
        titles = [block["text"] for block in front_blocks if block["kind"] in {"title", "subtitle"} and "text" in block]
        result = Outline(
            blocks=self.blocks,
            kinds=self.kinds,
            levels=self.levels,
            numbers=self.numbers,
            cover=self._facts(cover, front, titles),
            cover_blocks=cover.blocks,
            front=front_blocks,
            sections=sections,
            heading_numbers=self._heading_numbers(sections),
            paragraph_numbers=self._paragraph_numbers(sections, numbered),
            contents_depth=max((heading.level for heading in found if heading.index in listed.named), default=1),
            title=self._title(front, cover.facts, found, running),
            summary_found=any(section.is_summary for section in sections),
            cover_lines=cover.lines,
            slips=cover.slips,
            filed=self.filed,
        )
        self._leave_out_numbers(result, numbered)
        return result

    # Front

    def _front(self, stream: list[int], found: list[Heading], listed: Contents) -> tuple[list[Heading], list[int]]:
        """Tell the lines before the first section from its heading; return the headings left, and those lines."""
        by_index = {heading.index: heading for heading in found}
        end = self._end_of_front(stream, by_index, listed)
        front = [index for index in stream if index < end and self._can_stand_in_front(index)]
        if not listed.blocks or (front and front != [index for index in stream if index < end]):
            front = self._lines_at_the_top(stream, by_index)
        found = [heading for heading in found if heading.index not in set(front)]
        title = self._title_over_all(stream, found, front)
        if title:
            front.append(title.index)
            found = [heading for heading in found if heading is not title]
        headings.set_levels(found)
        self._put_under_introductions(stream, found)
        return found, front

    def _names_a_part(self, title: str) -> bool:
        """Whether a line is what parts of submissions are called, rather than a title."""
        if length(title) > 6 or re.search(r"\d", title):
            return False
        known = (vocabulary.OVERVIEW, vocabulary.OUTLOOK, vocabulary.RECOMMENDATIONS, vocabulary.INITIATIVES)
        return begins_with(vocabulary.GENERAL, title, self.language) or any(
            speaks_of(words, title, self.language) for words in known
        )

    def _put_under_introductions(self, stream: list[int], found: list[Heading]) -> None:
        """Put headings of initiatives under the one that introduces them, where all of them look the same.

        It introduces them when nothing stands under it, or a text that ends with a colon.
        """
        after = dict(pairwise(stream))
        by_index = {heading.index: heading for heading in found}
        level = 0
        for heading in found:
            if level and (heading.level < level or heading.number or self._is_a_known_part(heading)):
                level = 0
            if level and heading.level >= level:
                heading.level += 1
                continue
            under = after.get(heading.index)
            if under is None:
                break
            sister = by_index.get(under) or by_index.get(after.get(under, -1))
            introduces = under in by_index or self.blocks[under].text.rstrip().endswith((":", "："))
            alike = sister is not None and sister.level == heading.level and not (heading.number or sister.number)
            if alike and introduces and speaks_of(vocabulary.INITIATIVES, heading.title, self.language):
                level = heading.level

    def _is_a_known_part(self, heading: Heading) -> bool:
        known = (vocabulary.SUMMARY, vocabulary.OVERVIEW, vocabulary.OUTLOOK, vocabulary.RECOMMENDATIONS)
        return heading.is_closing or any(begins_with(words, heading.title, self.language) for words in known)

    def _end_of_front(self, stream: list[int], by_index: dict[int, Heading], listed: Contents) -> int:
        """Return where the text begins: after the contents list, unless a section stands before it already."""
        if not listed.blocks:
            return 0
        for index in stream:
            if index > listed.blocks[0]:
                break
            heading = by_index.get(index)
            if heading and (heading.number or heading.is_opening or self.blocks[index].kind == "heading"):
                words = [length(self.blocks[after].text) for after in stream if index < after < listed.blocks[0]]
                if max(words, default=0) > LONGEST_TITLE and (heading.number or heading.is_opening):
                    return 0
        return listed.blocks[0]

    def _can_stand_in_front(self, index: int) -> bool:
        """Whether a block can be printed as front: plain words, no notes and no table."""
        block = self.blocks[index]
        return block.kind in {"heading", "paragraph", "item", "quote"} and not any(run.note for run in block.runs)

    def _lines_at_the_top(self, stream: list[int], by_index: dict[int, Heading]) -> list[int]:
        """Return the short lines that the text begins with, but for the heading of its first section."""
        lines: list[int] = []
        for index in stream:
            block = self.blocks[index]
            text = full_text(block)
            if block.kind not in {"heading", "paragraph"} or length(text) > LONGEST_TITLE:
                break
            if block.kind == "paragraph" and ends_a_sentence(text) and length(text) > 6:
                break
            if not self._can_stand_in_front(index) or self._begins_a_section(index, by_index, lines):
                break
            lines.append(index)
        if lines and len(lines) == len(stream):
            return []
        after = stream[len(lines)] if len(lines) < len(stream) else -1
        if lines and after not in by_index and lines[-1] in by_index and self._looks_like_a_section(lines, by_index):
            lines.pop()
        return lines

    def _begins_a_section(self, index: int, by_index: dict[int, Heading], lines: list[int]) -> bool:
        heading = by_index.get(index)
        if heading is None:
            return False
        if heading.number or heading.is_opening or self._names_a_part(heading.title):
            return True
        style = heading.style
        sisters = [
            other
            for other in by_index.values()
            if other.index != index and other.index not in lines and other.style == style
        ]
        return bool(style) and bool(sisters)

    def _looks_like_a_section(self, lines: list[int], by_index: dict[int, Heading]) -> bool:
        """Whether the last line at the top heads the text under it: it looks as other headings do."""
        last = by_index[lines[-1]]
        text = full_text(self.blocks[lines[-1]])
        if dates_in(text, self.language) or re.search(r"[(（][A-Z][\w ]{1,12}[)）]$", text) or text.startswith("("):
            return False
        others = [heading for heading in by_index.values() if heading.index not in lines]
        alike = any(other.look == last.look and other.style == last.style and not other.number for other in others)
        numbered = any(other.number and other.level <= last.level for other in others)
        return alike and not numbered

    def _title_over_all(self, stream: list[int], found: list[Heading], front: list[int]) -> Heading | None:
        """Return the heading that stands over all others: it is the title, not a section."""
        if len(found) < 3 or found[0].number or found[0].is_opening or self._names_a_part(found[0].title):
            return None
        first = found[0]
        if any(heading.level <= first.level for heading in found[1:]):
            return None
        begins = next((index for index in stream if index not in front), None)
        second_level = [heading for heading in found if heading.level == first.level + 1]
        if begins != first.index or len(second_level) < 2 or not self._can_stand_in_front(first.index):
            return None
        return first

    def _front_blocks(self, front: list[int], listed: Contents) -> list[FrontBlock]:
        """Return the lines before the first section as the compiler prints them."""
        made: list[FrontBlock] = []
        contents_block = FrontBlock(kind="contents", text=listed.heading.strip())
        is_listed = False
        is_letter = any(
            begins_with(vocabulary.SALUTATIONS, full_text(self.blocks[index]), self.language) for index in front
        )
        for index in front:
            if listed.blocks and not is_listed and index > listed.blocks[0]:
                made.append(contents_block)
                is_listed = True
            block = self.blocks[index]
            text = full_text(block)
            if block.kind == "item":
                entry = " ".join(block.text.split()) if not _ENTRY.match(text) or not _says(block.marker) else text
                if made and made[-1]["kind"] == "list":
                    made[-1]["entries"].append(entry)
                else:
                    made.append(FrontBlock(kind="list", entries=[entry]))
            elif (
                is_letter
                or length(text) > LONGEST_TITLE
                or (ends_a_sentence(text) and block.kind != "heading")
                or any(other["kind"] in {"paragraph", "list"} for other in made)
            ):
                made.append(FrontBlock(kind="paragraph", text=text))
            else:
                made.append(FrontBlock(kind="subtitle" if made else "title", text=text))
        if listed.blocks and not is_listed:
            made.append(contents_block)
        return made

    def _facts(self, cover: Cover, front: list[int], titles: list[str]) -> CoverFacts:
        """Return the facts of the cover, completed by what the lines after it say."""
        undated = [title for title in titles if not dates_in(title, self.language)]
        facts = with_period(cover.facts, undated, self.language)
        lines = [full_text(self.blocks[index]) for index in front]
        for line in lines:
            found = dates_in(line, self.language)
            if found and not facts.date and found.is_one_day and length(line) <= 8:
                facts = replace(facts, date=line[found.begin : found.end], dated_on=found.starts_on)
            session = vocabulary.session_in(line, self.language)
            if session and facts.session is None and not cover.blocks:
                facts = replace(facts, session=session[0], session_name=line[session[1] : session[2]])
            if not facts.symbols and len(line.split()) <= 3:
                facts = replace(facts, symbols=symbols_in(line))
        return facts if facts.title or not titles else replace(facts, title=titles[0])

    def _title(self, front: list[int], facts: CoverFacts, found: list[Heading], running: list[int]) -> str:
        """Return by what the document is known: never empty where it has words."""
        for index in front:
            if length(full_text(self.blocks[index])) <= LONGEST_TITLE:
                return full_text(self.blocks[index])
        if facts.title:
            return facts.title
        if facts.entities or facts.session_name:
            return ", ".join(filter(None, [" · ".join(facts.entities), facts.session_name]))
        heads = [heading.printed for heading in found if not heading.is_opening and not heading.number]
        text = next(iter(heads), "") or " ".join(full_text(self.blocks[index]) for index in running[:2])
        return " ".join(text.split()[:LONGEST_TITLE])

    # Numbers and kinds

    def _read_numbers(self, found: list[Heading], numbered: dict[int, Number]) -> None:
        """Move numbers from the words of headings and numbered paragraphs to `marker`."""
        for heading in found:
            block = self.blocks[heading.index]
            if heading.number and heading.number_apart:
                self.blocks[heading.index] = replace(_without(block, heading.number), marker=heading.number_apart)
            if self.blocks[heading.index].kind != "heading":
                self.blocks[heading.index] = replace(self.blocks[heading.index], kind="heading")
            self.blocks[heading.index].level = heading.level
        for index, number in numbered.items():
            block = _without(self.blocks[index], number)
            self.blocks[index] = replace(block, kind="paragraph", marker=number.text, level=0)

    def _read_kinds(
        self, cover: Cover, listed: Contents, front: list[int], found: list[Heading], numbered: dict[int, Number]
    ) -> None:
        of_place: dict[str, PartKind] = {"running": PartKind.RUNNING, "deletion": PartKind.DELETED}
        of_place |= dict.fromkeys(_OUTSIDE, PartKind.OUTSIDE)
        known = dict.fromkeys(cover.blocks, PartKind.COVER)
        known |= dict.fromkeys(listed.blocks, PartKind.CONTENTS)
        known |= dict.fromkeys(front, PartKind.FRONT)
        known |= {heading.index: PartKind.HEADING for heading in found}
        for index, block in enumerate(self.blocks):
            if block.place != "body":
                self.kinds[index] = of_place[block.place]
            elif index in known:
                self.kinds[index] = known[index]
            else:
                self.kinds[index] = self._kind(index, block, numbered)
            if block.marker and self.kinds[index] in {PartKind.PARAGRAPH, PartKind.ENTRY}:
                self.numbers[index] = block.marker
        for heading in found:
            self.levels[heading.index] = heading.level
            if heading.number_apart:
                self.numbers[heading.index] = heading.number_apart

    def _kind(self, index: int, block: Block, numbered: dict[int, Number]) -> PartKind:
        match block.kind:
            case "rule" | "page":
                return PartKind.RUNNING
            case "note":
                return PartKind.NOTE
            case "table":
                return PartKind.TABLE
            case "quote":
                return PartKind.QUOTATION
            case "item":
                self.levels[index] = max(block.level, 1)
                return PartKind.ENTRY
        text = block.text.strip()
        if index not in numbered and (entry := _ENTRY.match(text)) and length(text) > 1:
            self.levels[index] = 1
            self.numbers[index] = entry["number"]
            return PartKind.ENTRY
        if _QUOTED.fullmatch(text) and length(text) >= 6:
            return PartKind.QUOTATION
        return PartKind.PARAGRAPH

    # Sections

    def _sections(self, running: list[int], found: list[Heading]) -> list[SectionPart]:
        by_index = {heading.index: heading for heading in found}
        sections: list[SectionPart] = []
        start = 0
        tops = [place for place, index in enumerate(running) if index in by_index and by_index[index].level == 1]
        for begin, end in zip([None, *tops], [*tops, len(running)], strict=True):
            heading = by_index[running[begin]] if begin is not None else None
            inside = running[start if begin is None else begin + 1 : end]
            if heading is None and not inside:
                continue
            sections.append(self._section(heading, inside, by_index, len(sections)))
        if not any(section.is_summary for section in sections):
            self._mark_first_summary(sections)
        return sections

    def _section(
        self, heading: Heading | None, inside: list[int], by_index: dict[int, Heading], place: int
    ) -> SectionPart:
        title = heading.title if heading else ""
        section = SectionPart(
            heading=heading.index if heading else None,
            title=title,
            number=heading.number_apart if heading else "",
            is_summary=place <= 2 and self._is_summary(title),
            shown=heading.printed if heading else "",
        )
        nodes, text = _nodes(inside, by_index)
        if text or (heading and self._notes_of(heading)):
            section.pieces.append(Piece("text", None, "", "", 1, text))
        about = self._is_about_initiatives(section, heading, nodes)
        for node in nodes:
            section.pieces += self._pieces(node, 1, is_about_initiatives=about)
        if heading:
            self._move_notes(heading, section.pieces)
        section.pieces = self._with_run_in_headings(section) if about else section.pieces
        _count(section.pieces)
        return section

    def _is_summary(self, title: str) -> bool:
        if length(title) > 6 or not title:
            return False
        if self.language in {"ar", "zh"}:
            return speaks_of(vocabulary.SUMMARY, title, self.language)
        return begins_with(vocabulary.SUMMARY, title, self.language)

    def _mark_first_summary(self, sections: list[SectionPart]) -> None:
        """Mark a part that is only counted, "Part one", by the title or the quoted guidance right under it."""
        for section in sections[:3]:
            first = next(iter(section.pieces), None)
            if first is None or section.heading is None:
                continue
            quoted = first.blocks and self.kinds[first.blocks[0]] == PartKind.QUOTATION
            guidance = " ".join(self.blocks[first.blocks[0]].text.split()[:8]) if quoted else ""
            if self._is_summary(first.title) or speaks_of(vocabulary.SUMMARY, guidance, self.language):
                section.is_summary = True
                return

    def _is_about_initiatives(self, section: SectionPart, heading: Heading | None, nodes: list["_Node"]) -> bool:
        """Whether what stands under the headings of a section are initiatives, by the words of its own heading."""
        titles = [section.title]
        if nodes and heading and heading.number and not heading.number_apart:
            titles.append(nodes[0].heading.title)  # "Part three", and what it is about in the next line
        first = next((index for piece in section.pieces for index in piece.blocks), None)
        if first is not None and self.kinds[first] == PartKind.QUOTATION:
            titles.append(self.blocks[first].text)  # the guidance, quoted above what answers it
        return any(
            speaks_of(vocabulary.INITIATIVES, title, self.language)
            and not speaks_of(vocabulary.OVERVIEW, title, self.language)
            and not self._is_summary(title)
            for title in titles
        )

    def _pieces(self, node: "_Node", level: int, *, is_about_initiatives: bool) -> list[Piece]:
        """Return the pieces of a heading and of those under it."""
        heading = node.heading
        piece = Piece(
            "text",
            heading.index,
            heading.title,
            heading.number_apart,
            min(level, DEEPEST),
            list(node.text),
            shown=heading.printed,
        )
        general = begins_with(vocabulary.GENERAL, heading.title, self.language)
        group = vocabulary.is_all(vocabulary.GROUPS, heading.title, self.language)
        if is_about_initiatives and not general and not group and self._is_an_initiative(node):
            piece.kind, piece.title = "initiative", _name(piece.title)
            for inner in node.all_under():
                piece.blocks += [inner.heading.index, *inner.text]
                self._set_inner_level(inner, node)
            self._move_notes(heading, [piece])
            return [piece]
        if not piece.blocks:
            piece.kind = "heading"
        self._move_notes(heading, [piece])
        under = [
            made
            for child in node.children
            for made in self._pieces(child, level + 1, is_about_initiatives=is_about_initiatives and not general)
        ]
        return [piece, *under]

    def _is_an_initiative(self, node: "_Node") -> bool:
        """Whether a heading names one initiative, rather than a group of them or nothing."""
        if not node.children:
            return bool(node.text)
        all_general = all(
            begins_with(vocabulary.GENERAL, child.heading.title, self.language) for child in node.children
        )
        if not node.text:
            return all_general
        if all_general or len(node.children) < 2:
            return True
        introduces = self.blocks[node.text[-1]].text.rstrip().endswith((":", "："))
        counts = all(child.heading.number for child in node.children)
        return not introduces and not (counts and len(node.text) == 1)

    def _set_inner_level(self, inner: "_Node", node: "_Node") -> None:
        block = self.blocks[inner.heading.index]
        self.filed[inner.heading.index] = replace(block, level=inner.heading.level - node.heading.level)

    # What cannot be filed where it was printed

    def _notes_of(self, heading: Heading) -> list[Run]:
        return [run for run in self.blocks[heading.index].runs if run.note]

    def _move_notes(self, heading: Heading, pieces: list[Piece]) -> None:
        """Put the marks of notes on a heading before the first words under it: right after the same word, that is."""
        notes = self._notes_of(heading)
        if not notes:
            return
        for index in pieces[0].blocks[:1] if pieces else []:
            block = self.filed.get(index, self.blocks[index])
            if block.kind != "table":
                self.filed[index] = replace(block, runs=[*notes, *block.runs])
                return
        if pieces and not pieces[0].blocks:
            # a paragraph that is nothing but the mark
            pieces[0].kind = "text" if pieces[0].kind == "heading" else pieces[0].kind
            pieces[0].blocks.append(heading.index)
            self.filed[heading.index] = replace(self.blocks[heading.index], kind="paragraph", marker="", runs=notes)

    def _with_run_in_headings(self, section: SectionPart) -> list[Piece]:
        """Make pieces of paragraphs that begin with their own heading: "**Title.** Text ...".

        One alone is no heading but emphasis, unless a number says that it goes on.
        """
        made: list[Piece] = []
        found = {
            index: at
            for piece in section.pieces
            if piece.kind != "initiative"
            for index in piece.blocks
            if (at := _run_in_heading(self.blocks[index]))
        }
        others = any(piece.kind == "initiative" for piece in section.pieces)
        if len(found) < 2 and not others:
            found = {}
        ends: set[int] = set()
        for piece in section.pieces:
            if piece.kind != "initiative":
                entries, after = self._named_entries(piece.blocks)
                found = entries | found
                ends |= after
        for piece in section.pieces:
            made.append(piece)
            if piece.kind == "initiative" or not any(index in found for index in piece.blocks):
                continue
            indexes, piece.blocks = piece.blocks, []
            level = piece.level + (piece.heading is not None)
            for index in indexes:
                if index in found:
                    made.append(self._run_in_piece(index, found[index], level))
                elif index in ends:
                    made.append(Piece("text", None, "", "", min(level, DEEPEST)))
                made[-1].blocks.append(index)
            if not piece.blocks and piece.heading is None:
                made.remove(piece)
            elif not piece.blocks:
                piece.kind = "heading"
        return made

    def _named_entries(self, indexes: list[int]) -> tuple[dict[int, int], set[int]]:
        """Return the entries of lists that begin with a name in bold: "- **Name**: text", and how long that is.

        At least two of a list do, and none of its names is what parts of a text are called. With them come the entries
        without a name, and what stands after a list: they belong to no entry before them.
        """
        found: dict[int, int] = {}
        ends: set[int] = set()
        for is_list, group in groupby(indexes, key=lambda index: bool(self.blocks[index].marker)):
            entries = list(group) if is_list else []
            depth = min((self.blocks[index].level for index in entries), default=0)
            says = _says(self.blocks[entries[0]].marker) if entries else False
            top = [
                index
                for index in entries
                if self.blocks[index].level == depth and _says(self.blocks[index].marker) == says
            ]
            named = {index: at for index in top if (at := _run_in_heading(self.blocks[index], is_entry=True))}
            names = [self.blocks[index].text[:at] for index, at in named.items()]
            if len(named) < 2 or any(begins_with(vocabulary.GENERAL, name, self.language) for name in names):
                continue
            found |= named
            ends |= {index for index in top if index not in named and index > min(named)}
            ends |= {index for index in indexes[indexes.index(entries[-1]) + 1 :][:1] if index > entries[-1]}
        return found, ends

    def _run_in_piece(self, index: int, at: int, level: int) -> Piece:
        block = self.blocks[index]
        title = "".join(run.text for run in cut(block.runs, 0, at)).strip()
        printed = f"{block.marker} {title}".strip() if _says(block.marker) else title
        number = headings.number_of(printed, self.language)
        self.filed[index] = replace(block, kind="paragraph", marker="", level=0, runs=tidy(cut(block.runs, at)))
        return Piece(
            "initiative",
            index,
            _name(printed[number.length :] if number else printed),
            number.text if number else "",
            min(level, DEEPEST),
            shown=printed,
        )

    # What the compiler counts

    def _heading_numbers(self, sections: list[SectionPart]) -> HeadingNumbers:
        """Return how the compiler counts sections as they are printed; then their names go without number."""
        named = [section for section in sections if section.heading is not None]
        for style in (HeadingNumbers.ROMAN, HeadingNumbers.ARABIC, HeadingNumbers.CHINESE):
            if named and all(
                section.number == heading_number(count, style) for count, section in enumerate(named, start=1)
            ):
                for section in named:
                    section.shown = section.title
                return style
        return HeadingNumbers.NONE

    def _paragraph_numbers(self, sections: list[SectionPart], numbered: dict[int, Number]) -> ParagraphNumbers:
        """Return whether the compiler counts the paragraphs as they are printed."""
        count = 0
        for section in sections:
            for piece in section.pieces:
                for index in piece.blocks:
                    if self.filed.get(index, self.blocks[index]).kind != "paragraph":
                        continue
                    number = numbered.get(index)
                    if number and index == piece.heading:
                        return ParagraphNumbers.NONE  # its heading bears the number
                    if section.is_summary:
                        if number:
                            return ParagraphNumbers.NONE
                        continue
                    count += 1
                    if number is None or number.text != f"{count}.":
                        return ParagraphNumbers.NONE
        return ParagraphNumbers.THROUGH if count else ParagraphNumbers.NONE

    def _leave_out_numbers(self, result: Outline, numbered: dict[int, Number]) -> None:
        if result.paragraph_numbers == ParagraphNumbers.THROUGH:
            for index in numbered:
                self.filed[index] = replace(self.filed.get(index, self.blocks[index]), marker="")


@dataclass
class _Node:
    """A heading with its text and the headings under it."""

    heading: Heading
    text: list[int] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)

    def all_under(self) -> Iterable["_Node"]:
        for child in self.children:
            yield child
            yield from child.all_under()


def _nodes(inside: list[int], by_index: dict[int, Heading]) -> tuple[list[_Node], list[int]]:
    """Return the headings of a section as a tree, and the text before the first."""
    text: list[int] = []
    top: list[_Node] = []
    path: list[_Node] = []
    for index in inside:
        heading = by_index.get(index)
        if heading is None:
            (path[-1].text if path else text).append(index)
            continue
        node = _Node(heading)
        while path and path[-1].heading.level >= heading.level:
            path.pop()
        (path[-1].children if path else top).append(node)
        path.append(node)
    return top, text


def _count(pieces: list[Piece]) -> None:
    """Mark the pieces that the compiler counts 1., 2., 3. through a section, where that gives what is printed."""
    counted = [piece for piece in pieces if re.fullmatch(r"\d+\.", piece.number) and piece.title != piece.shown]
    if counted and [piece.number for piece in counted] == [f"{number}." for number in range(1, len(counted) + 1)]:
        for piece in counted:
            piece.numbered, piece.shown = True, piece.shown.removeprefix(piece.number).strip()


def _is_text(block: Block) -> bool:
    """Whether a block belongs to the running text and says something."""
    if block.place != "body" or block.kind in {"rule", "page", "note"}:
        return False
    return block.kind == "table" or any(run.text.strip() for run in block.runs)


def _says(marker: str) -> bool:
    """Whether the mark of an entry is a number or letter, not a bullet."""
    return any(letter.isalnum() for letter in marker)


def _without(block: Block, number: Number) -> Block:
    """Return a block without the number that its words begin with; with its own mark the number may be longer."""
    if block.marker and full_text(block) != " ".join(block.text.split()):
        taken = len(block.marker)
        rest = full_text(block)[taken : number.length].strip()
        at = block.text.find(rest) + len(rest) if rest else 0
    else:
        at = number.length + len(block.text) - len(block.text.lstrip())
    return replace(block, runs=tidy(_cut_words(block.runs, at)))


def _cut_words(runs: list[Run], at: int) -> list[Run]:
    """Return runs from a place of their words on, which do not count marks of notes."""
    kept = []
    for run in runs:
        if run.note or at <= 0:
            kept.append(run)
        elif len(run.text) > at:
            kept.append(replace(run, text=run.text[at:]))
            at = 0
        else:
            at -= len(run.text)
    return kept


_LONGEST_RUN_IN = 16  # words


def _name(title: str) -> str:
    """Return a title without the marks that part it from a text on the same line."""
    return title.strip(" .:–—。：").removesuffix(" -")


def _run_in_heading(block: Block, *, is_entry: bool = False) -> int:
    """Return how many letters of a paragraph are a heading in bold before its text, or 0.

    Of an entry of a list few words of text are enough, and a hyphen may stand for the dash.
    """
    if block.kind not in {"paragraph", "item"} or block.is_bold:
        return 0
    if block.kind == "item" and not is_entry and not _says(block.marker):
        return 0
    at = 0
    for run in block.runs:
        if "strong" not in run.marks and run.text.strip() and not run.note:
            break
        if run.note:
            return 0
        at += len(run.text)
    title, rest = block.text[:at].strip(), block.text[at:].lstrip()
    if not title or not length(title) <= _LONGEST_RUN_IN or length(rest) < (3 if is_entry else 8):
        return 0
    if title.endswith((".", ":", "–", "—", "。", "：")):
        return at
    stop = re.match(r"\s*[.:–—。：]\s*|\s+-\s+" if is_entry else r"\s*[.:–—。：]\s*", block.text[at:])
    return at + stop.end() if stop else 0
