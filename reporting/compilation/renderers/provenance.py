"""Tells in the HTML file where each text comes from: by a mark beside each block, and by a list at the end.

A mark is a link to the page of the record's version. Its words are always there for those who hear the page; others
see them when they point at the block or reach the mark with the keyboard. The list is for those who print.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from reporting.compilation import languages
from reporting.compilation.document import Document
from reporting.compilation.records import block_id
from reporting.compilation.renderers.words import source_words
from reporting.compilation.snapshot import Record

# What pandoc writes; a heading in another language becomes a section. No text can hold these strings: pandoc escapes
# angle brackets in texts and attributes.
_TAG = re.compile(
    r'<(?P<closes>/?)(?:div|section|h[1-6])\b(?:[^>]*? id="(?P<id>[^"]+)")?[^>]*>'
    r'|<a href="#fn\d+" class="footnote-ref" id="fnref(?P<note>\d+)"'
)
_NOTE = re.compile(r'<li id="fn(\d+)">(.*?)</li>', re.DOTALL)
_PARAGRAPH = re.compile(r"_(p\d+)$")


class _Row(NamedTuple):
    """One line of the list: where in this document, as HTML, and the versions printed there, by their names."""

    where: str
    records: dict[str, Record]


class Provenance:
    """Marks the blocks of one document, in its order, and remembers them for the list."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._said = source_words(document.language)
        self._records = f"{document.portal}/records/"
        self._headings = {heading.id: heading for heading in document.headings}
        self._rows: list[_Row] = []
        self._in_text = False
        self._of_note: dict[int, Record] = {}  # the text that each note stands in

    # Marks

    def cover(self, html: str) -> str:
        """Return the lines of the cover with their mark."""
        return self._leading(html, self._document.cover_source, self._said["cover"])

    def front(self, html: str) -> str:
        """Return what stands before the first section, with its mark."""
        return self._leading(html, self._document.front_source, self._said["front"])

    def _leading(self, html: str, record: Record | None, where: str) -> str:
        if not html or not record:
            return html
        self._list(escape(where), record)
        return f'<div class="block">\n{html}{self._mark(record)}</div>\n'

    def body(self, html: str) -> str:
        """Return the text with a mark for each block, around which it puts a frame."""
        parts: list[str] = []
        depth = at = 0
        block = ""
        notes: list[int] = []
        for tag in _TAG.finditer(html):
            if tag["note"]:
                notes.append(int(tag["note"]))
                continue
            if tag["closes"]:
                depth -= 1
                if depth == 0:
                    parts += [html[at : tag.end()], "\n", self._close(block, notes), "</div>"]
                    at = tag.end()
                continue
            if depth == 0:
                parts += [html[at : tag.start()], '<div class="block">\n']
                at = tag.start()
                block, notes = "", []
            block = block or tag["id"] or ""
            depth += 1
        return "".join([*parts, html[at:]])

    def _close(self, block: str, notes: Sequence[int]) -> str:
        """Return the mark of a block that ends, after taking note of it."""
        record = self._document.sources.get(block)
        paragraph = ""
        if record is None:
            found = _PARAGRAPH.search(block)
            record = self._document.sources.get(block[: found.start()]) if found else None
            paragraph = found[1] if found else ""
        if record is None:
            return ""
        self._of_note |= dict.fromkeys(notes, record)
        if heading := self._headings.get(block):
            language = languages.html_attributes(heading.language)
            self._list(f'<a href="#{block}"{language}>{escape(heading.text)}</a>', record)
        elif not self._in_text:
            self._list(f'<a href="#{block}">{escape(self._said["text"])}</a>', record)
        else:
            self._rows[-1].records.setdefault(block_id(record), record)
        self._in_text = True
        return self._mark(record, paragraph)

    def notes(self, html: str) -> str:
        """Return the notes with a mark for each: it leads to what the note cites, else to the text it stands in."""
        cited: dict[str, list[int]] = {}
        references: dict[str, Record] = {}

        def marked(found: re.Match[str]) -> str:
            number = int(found[1])
            text, reference = self._of_note.get(number), self._document.note_sources[number - 1]
            if reference:
                cited.setdefault(block_id(reference), []).append(number)
                references[block_id(reference)] = reference
            return f'<li class="block" id="fn{number}">{found[2]}{self._mark_of_note(text, reference)}</li>'

        html = _NOTE.sub(marked, html)
        for name, numbers in cited.items():
            links = ", ".join(f'<a href="#fn{number}">{number}</a>' for number in numbers)
            self._list(escape(self._said["notes"]).format(numbers=links), references[name])
        return html

    def _mark_of_note(self, text: Record | None, reference: Record | None) -> str:
        if not reference:
            return self._mark(text) if text else ""
        words = self.sentence(reference)
        if text:
            words = self._said["cited"].format(reference=words, text=self._version(text))
        return _mark(self._address(reference), words)

    def _mark(self, record: Record, paragraph: str = "") -> str:
        return _mark(self._address(record) + (f"#{paragraph}" if paragraph else ""), self.sentence(record))

    def _address(self, record: Record) -> str:
        return f"{self._records}{block_id(record)}/"

    # Words

    def sentence(self, record: Record) -> str:
        """Return a source in words: `Update 12, version 3 (English), written by a focal point of UNIDO`."""
        said, version = self._said, self._version(record)
        role = said["roles"].get(record["role"], "")
        if not role:
            return said["unknown"].format(version=version)
        writer = said["role_of"].format(role=role, entity=record["entity"]) if record["entity"] else role
        return said["written"].format(version=version, writer=writer)

    def _version(self, record: Record) -> str:
        said = self._said
        template = said["version_in"] if record["language"] else said["version"]
        return template.format(
            record=said["kinds"][record["kind"]].format(id=record["id"]),
            version=record["version"],
            language=said["languages"].get(record["language"], record["language"]),
        )

    # The list

    def table(self) -> str:
        """Return the list of all that was marked, as a section of the page."""
        said = self._said
        return (
            f'<section class="sources" aria-labelledby="sources">\n<h2 id="sources">{escape(said["heading"])}</h2>\n'
            f'<p>{escape(said["lead"])}</p>\n<table>\n<thead>\n<tr><th scope="col">{escape(said["where"])}</th>'
            f'<th scope="col">{escape(said["record"])}</th></tr>\n</thead>\n<tbody>\n{"".join(self._lines())}'
            "</tbody>\n</table>\n</section>\n"
        )

    def _lines(self) -> Iterator[str]:
        for where, records in self._rows:
            pages = "<br>".join(
                f'<a href="{escape(self._address(record))}">{escape(self.sentence(record))}</a>'
                for record in records.values()
            )
            yield f"<tr><td>{where}<td>{pages}\n"  # HTML ends cells and rows by itself, and these are thousands

    def _list(self, where: str, record: Record) -> None:
        self._rows.append(_Row(where, {block_id(record): record}))


def _mark(address: str, sentence: str) -> str:
    return f'<a class="source" href="{escape(address)}"><span>{escape(sentence)}</span></a>\n'
