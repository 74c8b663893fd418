"""Writes a document as one HTML file that asks for nothing from outside: no script, no font, no picture."""

from base64 import b64encode
from html import escape
from pathlib import Path

from reporting.compilation import languages
from reporting.compilation.document import Document, Heading
from reporting.compilation.nodes import image, para, tree
from reporting.compilation.renderers import design, pictures, process
from reporting.compilation.renderers.process import Tools
from reporting.compilation.renderers.provenance import Provenance
from reporting.compilation.renderers.words import Words, words
from reporting.compilation.snapshot import CoverLine, FrontBlock

STYLE = Path(__file__).parent.parent / "assets" / "submission.css"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
POLICY_WITH_CHARTS = f"{POLICY}; img-src data:"  # which stand in the file itself

# What pandoc writes around notes and tables. No text can hold these strings: pandoc escapes angle brackets in texts.
_NOTES = '<section id="footnotes"'
_HEAD_OF_NOTES = 'role="doc-endnotes">\n<hr />'
_BACK = 'role="doc-backlink">'
_TABLE, _END_OF_TABLE = "<table", "</table>"


def render(document: Document, tools: Tools) -> bytes:
    """Return the file, in UTF-8."""
    said = words(document.language)
    # The title on the cover is the one heading of level 1, so sections begin at 2.
    written = process.pandoc(tools, ["--to=html5", "--shift-heading-level-by=1"], _tree(document)).decode()
    body, begins, notes = written.partition(_NOTES)
    frame = f'<div class="table" role="group" aria-label="{escape(said["table"])}" tabindex="0">\n'
    body = body.replace(_TABLE, frame + _TABLE).replace(_END_OF_TABLE, f"{_END_OF_TABLE}\n</div>")
    notes = notes.replace(
        _HEAD_OF_NOTES, f'role="doc-endnotes" aria-labelledby="notes">\n<h2 id="notes">{escape(said["notes"])}</h2>'
    )
    notes = notes.replace(_BACK, f'{_BACK[:-1]} aria-label="{escape(said["back"])}">')
    provenance = Provenance(document)
    cover = _cover(document, provenance)  # before the text: the list of sources is in the order of the document
    front = _front(document, said, provenance)
    text = f"{provenance.body(body)}{begins}{provenance.notes(notes)}"
    return f"""<!DOCTYPE html>
<html lang="{escape(languages.tag(document.language))}" dir="{document.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY_WITH_CHARTS if document.charts else POLICY}">
<meta name="referrer" content="no-referrer">
<title>{escape(document.title)}</title>
<meta name="author" content="{escape(document.author)}">
<meta name="description" content="{escape(document.subject)}">
<meta name="fingerprint" content="{document.fingerprint}">
<meta name="portal" content="{escape(document.portal)}">
<style>
{STYLE.read_text(encoding="utf-8")}{_mark_of_pages(document, said)}</style>
</head>
<body>
<a class="skip" href="#text">{escape(said["skip"])}</a>
{_demonstration(document, said)}<div class="sheet">
{cover}<main id="text" tabindex="-1">
{front}{text}{provenance.table()}</main>
</div>
</body>
</html>
""".encode()


def _tree(document: Document) -> str:
    """Return the text with its charts as addresses that hold the whole picture."""
    if not document.charts:
        return document.tree
    drawn = [f"data:image/svg+xml;base64,{b64encode(content).decode()}" for content in pictures.svg(document)]
    return tree(pictures.placed(document, lambda number, node: para([image(node["c"][1], drawn[number])])))


def _demonstration(document: Document, said: Words) -> str:
    if not document.demonstration:
        return ""
    return f'<aside class="demonstration">{escape(said["demonstration"])}</aside>\n'


def _mark_of_pages(document: Document, said: Words) -> str:
    """Return the rule by which a browser prints the mark at the head of each page."""
    if not document.demonstration:
        return ""
    return f"""
@page {{
  @top-center {{
    content: "{said["demonstration"]}";
    color: #{design.WARNING};
    font: bold 9pt "Noto Sans", Arial, sans-serif;
  }}
}}
"""


def _cover(document: Document, provenance: Provenance) -> str:
    """Return the cover as the head of the page. Its title is the heading of level 1, of which a page has one."""
    if not document.cover:
        return ""
    lines = []
    titled = False
    for line in document.cover:
        is_title = line["style"] == "title" and not titled
        titled = titled or is_title
        lines.append(_cover_line(line, is_title=is_title))
    if not titled:
        lines.insert(0, f'<h1 class="unseen">{escape(document.title)}</h1>')
    return '<header class="cover">\n{}</header>\n'.format(provenance.cover("\n".join([*lines, ""])))


def _cover_line(line: CoverLine, *, is_title: bool) -> str:
    if is_title:
        return f"<h1>{escape(line['text'])}</h1>"
    lead = f"<strong>{escape(line['lead'])}</strong> " if line.get("lead") else ""
    return f'<p class="{line["style"]}">{lead}{escape(line["text"])}</p>'


def _front(document: Document, said: Words, provenance: Provenance) -> str:
    """Return the blocks before the first section, with a heading of level 1 where no cover has brought one."""
    needs_title = not document.cover
    parts = []
    for block in document.front:
        if block["kind"] == "title" and needs_title:
            parts.append(f'<h1 class="front-title">{escape(block.get("text", ""))}</h1>\n')
            needs_title = False
        else:
            parts.append(_front_block(block, document, said))
    title = f'<h1 class="unseen">{escape(document.title)}</h1>\n' if needs_title else ""
    return title + provenance.front("".join(parts))


def _front_block(block: FrontBlock, document: Document, said: Words) -> str:
    text = escape(block.get("text", ""))
    match block["kind"]:
        case "contents":
            label = f"<h2>{text}</h2>\n" if text else ""
            name = text or escape(said["contents"])
            return f'<nav class="contents" aria-label="{name}">\n{label}{_contents(document.contents)}</nav>\n'
        case "list":
            entries = "".join(f"<li>{escape(entry)}</li>\n" for entry in block.get("entries", []))
            return f"<ul>\n{entries}</ul>\n"
        case "paragraph":
            return f"<p>{text}</p>\n"
        case kind:
            return f'<p class="front-{kind}">{text}</p>\n'


def _contents(headings: list[Heading]) -> str:
    """Return the headings as lists in lists."""
    parts: list[str] = []
    level = 0
    for heading in headings:
        if heading.level > level:
            parts.append("<ol>\n")  # never more than one level deeper: headings skip none
        else:
            parts.append("</li>\n" + "</ol>\n</li>\n" * (level - heading.level))
        level = heading.level
        language = languages.html_attributes(heading.language)
        parts.append(f'<li><a href="#{heading.id}"{language}>{escape(heading.text)}</a>')
    return "".join(parts) + "</li>\n</ol>\n" * level
