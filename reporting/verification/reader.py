"""Child process that reads a file of unknown origin: takes it from standard input, prints what it says as JSON.

It stands alone, so that it starts fast, imports nothing of the portal, and takes nothing with it when a file drives it
mad: whatever a file does, it does within limits of memory and time. The answer has the format, judged by content and
never by name; fingerprint and portal that the file names; its words, paragraph by paragraph, with notes, headers and
comments; its properties; the parts of a package with their hashes; and in `problem` why something of this is missing.

The words are read here and not by pandoc, which leaves out headers, text boxes, contents lists and, of HTML, all that
stands outside `main`: an altered copy could differ in those.

Page numbers, in a contents list as at the foot of a page, are no words.
"""

import hashlib
import io
import json
import re
import resource
import signal
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

MOST_PARTS = 2_000  # files in a package; ours have some 20, one with a thousand pictures 1,020
MOST_UNPACKED = 64 * 1024 * 1024  # bytes of all parts together; 1,000 initiatives take 6 million
MOST_LETTERS = 10_000_000  # of words; 1,000 initiatives have a million
MOST_PROPERTIES = 100_000  # values in a JSON file; 1,000 initiatives have 30,000
MOST_OF_A_PROPERTY = 300  # characters
MOST_OF_A_LIST = 2 * 1024 * 1024  # bytes of a part with properties

FINGERPRINT = re.compile(r"fingerprint:([0-9a-f]{64})(?![0-9a-f])")
PORTAL = re.compile(r"portal:(https?://[^\s,;<>\"'()]{1,200})")
BREAKS = re.compile("[\u00ad\u200b\ufeff]")  # where a line may break, which each program sets as it needs
JOINED = re.compile("[\ufb00-\ufefc]+")  # ligatures and joined Arabic letters, which a PDF holds as it draws them


class Problem(Exception):
    """Why a file cannot be read any further: too_large, encrypted, damaged."""


class Answer:
    """What has been read so far."""

    def __init__(self) -> None:
        self.format = ""
        self.fingerprint = ""
        self.portal = ""
        self.paragraphs: list[str] = []
        self.lines: list[str] = []  # of a PDF, page by page, as they stand: one without tags has nothing else
        self.properties: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self.problem = ""
        self._letters = 0

    def add(self, text: str, to: list[str] | None = None) -> None:
        """Keep a paragraph, unless it is blank."""
        words = " ".join(BREAKS.sub("", text).split())
        words = JOINED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), words)
        if words:
            self._letters += len(words) + 20  # a paragraph takes memory of its own
            if self._letters > MOST_LETTERS:
                raise Problem("too_large")
            (self.paragraphs if to is None else to).append(words)

    def set_property(self, name: str, value: Any) -> None:
        if len(self.properties) >= MOST_PROPERTIES:
            raise Problem("too_large")
        words = " ".join(str(value).split())
        if words:
            self.properties.setdefault(name[:MOST_OF_A_PROPERTY], words[:MOST_OF_A_PROPERTY])

    def as_json(self) -> str:
        shown = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        return json.dumps(shown)  # ASCII: a lone surrogate from a PDF must not stop it


# Words in marked up text


class Paragraphs:
    """Target of a parser: collects paragraphs. One inside another, such as that of a note, is told apart from it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.open: list[list[str]] = []
        self.skipped = 0  # depth below an element that has no words

    def doctype(self, *_names: str | None) -> None:
        raise Problem("damaged")  # no text document has one; it could declare entities that unfold without end

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.skipped or self.is_skipped(tag, attributes):
            self.skipped += 1
        elif self.is_paragraph(tag):
            self.open.append([])
        else:
            self.mark(tag, attributes)

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif self.is_paragraph(tag):
            if self.open:
                self.answer.add(self.finished("".join(self.open.pop())))
        else:
            self.unmark(tag)

    def data(self, text: str) -> None:
        if self.open and not self.skipped:
            self.open[-1].append(text)

    def close(self) -> None:
        while self.open:
            self.answer.add("".join(self.open.pop()))

    def is_paragraph(self, tag: str) -> bool:
        return False

    def is_skipped(self, tag: str, attributes: Mapping[str, str]) -> bool:
        return False

    def mark(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element that is no paragraph."""

    def unmark(self, tag: str) -> None:
        """End it."""

    def finished(self, text: str) -> str:
        return text


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a text box, a second time


class WordParagraphs(Paragraphs):
    """Of a DOCX. What was deleted under "track changes" is no word of it, what was inserted is."""

    SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
    COUNTED = re.compile(r"\s*(PAGE|PAGEREF|NUMPAGES|SECTIONPAGES)\b")

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.in_text = self.in_instruction = self.in_contents = False
        self.fields: list[str] = []  # instructions of the open fields, then what their results are: `page`, `toc`

    def is_paragraph(self, tag: str) -> bool:
        return tag == f"{W}p"

    def is_skipped(self, tag: str, attributes: Mapping[str, str]) -> bool:
        counted = tag == f"{W}fldSimple" and self.COUNTED.match(attributes.get(f"{W}instr", ""))
        return bool(counted) or tag in {FALLBACK, f"{W}moveFrom"}

    def mark(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == f"{W}t":
            self.in_text = True
        elif tag == f"{W}instrText":
            self.in_instruction = True
        elif tag == f"{W}pStyle":
            self.in_contents = attributes.get(f"{W}val", "").upper().startswith("TOC")
        elif tag == f"{W}fldChar":
            self.field(attributes.get(f"{W}fldCharType", ""))
        elif tag in self.SIGNS and self.open:
            self.open[-1].append(self.SIGNS[tag])
        elif tag == f"{W}sym" and self.open:
            self.open[-1].append(f"[{attributes.get(f'{W}char', '')[:8]}]")

    def unmark(self, tag: str) -> None:
        if tag == f"{W}t":
            self.in_text = False
        elif tag == f"{W}instrText":
            self.in_instruction = False

    def field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append("")
        elif kind == "separate" and self.fields:
            instruction = self.fields[-1]
            self.fields[-1] = "page" if self.COUNTED.match(instruction) else (instruction.split() or [""])[0].lower()
        elif kind == "end" and self.fields:
            self.fields.pop()

    def data(self, text: str) -> None:
        if self.in_instruction and self.fields and not self.skipped:
            self.fields[-1] = (self.fields[-1] + text)[:200]
        elif self.in_text and "page" not in self.fields:
            self.in_contents = self.in_contents or "toc" in self.fields  # programs name its styles in their own ways
            super().data(text)

    def finished(self, text: str) -> str:
        in_contents, self.in_contents = self.in_contents, False
        return without_page(text) if in_contents else text


TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class OpenDocumentParagraphs(Paragraphs):
    """Of an ODT."""

    SKIPPED = {f"{TEXT}{name}" for name in ("note-citation", "tracked-changes", "page-number", "page-count")}

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.contents = 0  # depth inside a contents list

    def is_paragraph(self, tag: str) -> bool:
        return tag in {f"{TEXT}p", f"{TEXT}h"}

    def is_skipped(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag == f"{TEXT}bookmark-ref":
            return attributes.get(f"{TEXT}reference-format") == "page"
        return tag in self.SKIPPED or tag.endswith("-source") or tag.endswith("}creator") or tag.endswith("}date")

    def mark(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == f"{TEXT}index-body":
            self.contents += 1
        elif tag == f"{TEXT}s":
            self.data(" ")
        elif tag == f"{TEXT}tab":
            self.data("\t")
        elif tag == f"{TEXT}line-break":
            self.data(" ")

    def unmark(self, tag: str) -> None:
        if tag == f"{TEXT}index-body":
            self.contents -= 1

    def finished(self, text: str) -> str:
        return without_page(text) if self.contents else text


class PageParagraphs(Paragraphs):
    """Of HTML: what stands between the tags of blocks. Notes that attributes hold, as in JSON, are words too."""

    BLOCKS = {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("html", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td"),
        *("tfoot", "th", "thead", "tr", "ul"),
    }
    SKIPPED = {"script", "style", "template"}

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.running: list[str] = []
        self.in_title = False

    def doctype(self, *_names: str | None) -> None:
        """A page may have one; a parser of HTML reads no entities from it."""

    def is_skipped(self, tag: str, attributes: Mapping[str, str]) -> bool:
        return tag in self.SKIPPED

    def mark(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in self.BLOCKS:
            self.break_off()
        elif tag == "title":
            self.break_off()
            self.in_title = True
        elif tag == "meta" and attributes.get("name"):
            self.answer.set_property(attributes["name"], attributes.get("content") or "")
        elif tag == "span" and (attributes.get("data-footnote") or attributes.get("data-reference")):
            self.answer.add(attributes.get("data-footnote") or "")
            self.answer.add(attributes.get("data-reference") or "")

    def unmark(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.break_off()
        elif tag == "title":
            self.answer.set_property("title", "".join(self.running))
            self.running, self.in_title = [], False

    def data(self, text: str) -> None:
        if not self.skipped:
            self.running.append(text)

    def break_off(self) -> None:
        self.answer.add("".join(self.running))
        self.running = []

    def close(self) -> None:
        self.break_off()


def without_page(text: str) -> str:
    """Return an entry of a contents list without the number of its page."""
    return re.sub(r"\t\s*[0-9]+\s*$", "", text)


def parse_xml(content: bytes, target: Paragraphs) -> None:
    # No entity is resolved, nothing fetched; and a text nested too deep or too long is refused.
    etree.fromstring(content, etree.XMLParser(target=target, resolve_entities=False, no_network=True, huge_tree=False))


def parse_html(content: bytes, target: Paragraphs, encoding: str | None = "utf-8") -> None:
    etree.fromstring(content, etree.HTMLParser(target=target, no_network=True, huge_tree=False, encoding=encoding))


# Packages


class Package:
    """A zip file, opened without trust in what it says about its sizes."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        entries = [entry for entry in self.zip.infolist() if not entry.is_dir()]
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Problem("too_large")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Problem("encrypted")
        self.entries = {entry.filename: entry for entry in entries}

    def read(self, name: str) -> bytes:
        """Return a part; zipfile unpacks no more than the directory says, and checks what came out."""
        if self.entries[name].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Problem("damaged")
        return self.zip.read(self.entries[name])

    def named(self, pattern: str) -> list[str]:
        return sorted(name for name in self.entries if re.fullmatch(pattern, name))


def package_format(names: Mapping[str, Any]) -> str:
    if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return "docx"
    return "odt" if "content.xml" in names and "META-INF/manifest.xml" in names else ""


def read_package(content: bytes, answer: Answer) -> None:
    package = Package(content)
    answer.format = package_format(package.entries)
    if not answer.format:
        return
    read_identity = read_word_identity if answer.format == "docx" else read_open_document_identity
    read_identity(package, answer)
    broken = False
    for name in sorted(package.entries):
        try:
            answer.parts[name] = hashlib.sha256(package.read(name)).hexdigest()
        except Exception:  # zipfile and zlib raise many kinds; the other parts may still be readable
            broken = True
    if answer.format == "docx":
        for pattern in ("document", "footnotes", "endnotes", "comments"):
            for name in package.named(rf"word/{pattern}\d*\.xml"):
                parse_xml(package.read(name), WordParagraphs(answer))
        margins = Answer()  # each header and footer once: programs write one for each section
        for name in package.named(r"word/(header|footer)\d*\.xml"):
            parse_xml(package.read(name), WordParagraphs(margins))
        for paragraph in sorted(set(margins.paragraphs)):
            answer.add(paragraph)
    else:
        parse_xml(package.read("content.xml"), OpenDocumentParagraphs(answer))
        margins = Answer()
        if "styles.xml" in package.entries:
            parse_xml(package.read("styles.xml"), OpenDocumentParagraphs(margins))
        for paragraph in sorted(set(margins.paragraphs)):
            answer.add(paragraph)
    if broken:
        raise Problem("damaged")


def small_xml(package: Package, name: str) -> etree._Element | None:
    """Return the root of a part that holds properties, None where it is missing, too long, or no XML."""
    entry = package.entries.get(name)
    if entry is None or entry.file_size > MOST_OF_A_LIST:
        return None
    try:
        return etree.fromstring(
            package.read(name), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except Exception:  # a damaged part hides no other
        return None


def read_word_identity(package: Package, answer: Answer) -> None:
    custom = small_xml(package, "docProps/custom.xml")
    for entry in custom if custom is not None else []:
        read_custom(str(entry.get("name", "")), "".join(map(str, entry.itertext())), answer)
    for part in ("docProps/core.xml", "docProps/app.xml"):
        read_leaves(small_xml(package, part), answer)


def read_open_document_identity(package: Package, answer: Answer) -> None:
    meta = small_xml(package, "meta.xml")
    if meta is None:
        return
    for entry in meta.iter("{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}user-defined"):
        name = str(entry.get("{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name", ""))
        read_custom(name, "".join(map(str, entry.itertext())), answer)
        entry.text = ""
    read_leaves(meta, answer)


def read_custom(name: str, value: str, answer: Answer) -> None:
    read_identity(f"{name.strip().lower()}:{value.strip()}", answer)
    if name.strip().lower() not in {"fingerprint", "portal"}:
        answer.set_property(name, value)


def read_leaves(root: etree._Element | None, answer: Answer) -> None:
    for element in root.iter() if root is not None else []:
        if isinstance(element.tag, str) and len(element) == 0 and element.text:
            answer.set_property(etree.QName(element).localname, element.text)


def read_identity(text: str, answer: Answer) -> None:
    """Take fingerprint and portal from a text such as `fingerprint:… portal:…`."""
    if not answer.fingerprint and (found := FINGERPRINT.search(text)):
        answer.fingerprint = found[1]
    if not answer.portal and (found := PORTAL.search(text)):
        answer.portal = found[1]


# PDF

INLINE = {"/Span", "/Link", "/Lbl", "/LBody", "/Reference", "/Em", "/Strong", "/Sub", "/Code", "/Quote", "/BibEntry"}
CONTAINERS = {
    *("/StructTreeRoot", "/Document", "/DocumentFragment", "/Part", "/Sect", "/Div", "/Art", "/NonStruct"),
    *("/BlockQuote", "/TOC", "/L", "/Table", "/THead", "/TBody", "/TFoot", "/TR"),
}
OUR_KEYWORDS = re.compile(r"(fingerprint|portal):\S+")


def read_pdf(content: bytes, answer: Answer) -> None:
    answer.format = "pdf"
    import pypdf  # slower to load than all else

    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Problem("encrypted")
        for name, value in (reader.metadata or {}).items():
            read_identity(str(value), answer)
            answer.set_property(str(name).lstrip("/"), OUR_KEYWORDS.sub("", str(value)).strip(" ,;"))
    finally:
        read_identity(content.decode("latin-1"), answer)  # XMP stands unpacked in the file, also in a damaged one
    said: dict[tuple[int, int], str] = {}
    loose: list[str] = []
    page_of: dict[Any, int] = {}
    for number, page in enumerate(reader.pages):
        if page.indirect_reference is not None:
            page_of[page.indirect_reference.idnum] = number
        read_page(page, number, said, loose, answer)
    structure = reader.root_object.get("/StructTreeRoot")
    if structure is not None and said:
        read_structure(structure.get_object(), said, page_of, answer)
        for text in [*said.values(), *loose]:  # whatever the tags leave out
            answer.add(text)


def read_page(page: Any, number: int, said: dict[tuple[int, int], str], loose: list[str], answer: Answer) -> None:
    """Take the words of a page: those that its tags know by number, those that none knows, not those of its margins."""
    marks: list[Any] = []
    pieces: list[str] = []

    def before(operator: bytes, operands: Any, *_matrices: Any) -> None:
        if operator in {b"BDC", b"BMC"}:
            facts = operands[1] if len(operands) > 1 and isinstance(operands[1], dict) else {}
            marks.append("margin" if operands and operands[0] == "/Artifact" else facts.get("/MCID"))
        elif operator == b"EMC" and marks:
            marks.pop()

    def take(text: str, *_facts: Any) -> None:
        if not text or "margin" in marks:
            return
        pieces.append(text)
        mark = next((mark for mark in reversed(marks) if isinstance(mark, int)), None)
        if mark is None:
            loose.append(text)
        else:
            said[number, mark] = said.get((number, mark), "") + text

    page.extract_text(visitor_operand_before=before, visitor_text=take)
    answer.add("".join(pieces), answer.lines)
    for reference in page.get("/Annots") or []:
        note = reference.get_object()
        if note.get("/Subtype") != "/Link" and note.get("/Contents"):
            loose.append(str(note["/Contents"]))


def read_structure(root: Any, said: dict[tuple[int, int], str], page_of: Mapping[Any, int], answer: Answer) -> None:
    """Put the words in the order that the tags give, one paragraph for each block; those taken leave `said`."""
    seen: set[int] = set()

    def kids(node: Any) -> list[Any]:
        found = node.get("/K")
        found = found.get_object() if found is not None and hasattr(found, "get_object") else found
        return [] if found is None else list(found) if isinstance(found, list) else [found]

    def walk(node: Any, page: int, paragraph: list[str]) -> None:
        for kid in kids(node):
            identity = getattr(kid, "idnum", None)
            if identity is not None:
                if identity in seen:
                    continue
                seen.add(identity)
            value = kid.get_object() if hasattr(kid, "get_object") else kid
            if isinstance(value, int):
                paragraph.append(said.pop((page, int(value)), ""))
            elif isinstance(value, dict):
                here = page_of.get(getattr(dict.get(value, "/Pg"), "idnum", None), page)
                if "/MCID" in value and "/S" not in value:
                    paragraph.append(said.pop((here, int(value["/MCID"])), ""))
                elif value.get("/S") in INLINE:
                    walk(value, here, paragraph)
                else:
                    if node.get("/S", "/StructTreeRoot") in CONTAINERS:  # but a note does not end the paragraph around
                        answer.add("".join(paragraph))
                        paragraph.clear()
                    own: list[str] = []
                    walk(value, here, own)
                    text = "".join(own)
                    answer.add(re.sub(r"[\s.]*[0-9]+\s*$", "", text) if value.get("/S") == "/TOCI" else text)

    rest: list[str] = []
    walk(root, -1, rest)
    answer.add("".join(rest))


# Plain text


def read_html(content: bytes, answer: Answer) -> None:
    answer.format = "html"
    try:
        content.decode()
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # the file says it: Word writes windows-1252
    try:
        parse_html(content, PageParagraphs(answer), encoding)
    finally:
        for name in ("fingerprint", "portal"):
            read_identity(f"{name}:{answer.properties.pop(name, '')}", answer)


def read_markdown(text: str, answer: Answer) -> None:
    answer.format = "md"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() == "---":
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}), 0)
        for line in lines[1:end]:
            name, colon, value = line.partition(":")
            if colon and name.strip() in {"fingerprint", "portal"}:
                read_identity(f"{name.strip()}:{value.strip().strip(chr(34) + chr(39))}", answer)
            elif colon:
                answer.set_property(name.strip(), value)
        lines = lines[end + 1 :] if end else lines
    for paragraph in re.split(r"\n\s*\n", "\n".join(lines)):
        answer.add(paragraph)


SNAPSHOT = {"format", "portal", "sections"}
RECEIPT = {"format", "portal", "number", "fingerprint", "files"}
TEXTS = {"heading", "html", "text", "lead", "entries", "title", "author", "subject", "year", "address"}


def read_json(text: str, answer: Answer) -> None:
    """Read a snapshot or a receipt. Its SHA-256 in canonical form is its fingerprint, however the file is laid out."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Problem("damaged")  # a name twice: programs would not agree on what it says
        return found

    data = json.loads(text, object_pairs_hook=once)
    if not isinstance(data, dict) or not (SNAPSHOT.issubset(data) or RECEIPT.issubset(data)):
        return
    answer.format = "json" if SNAPSHOT.issubset(data) else "receipt"
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    answer.fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
    read_identity(f"portal:{data['portal']}", answer)
    if answer.format == "receipt":
        return
    for path, value in leaves(data, ""):
        key = next(part for part in reversed(path.split(".")) if not part.isdigit())
        if isinstance(value, str) and key == "html":
            if value.strip():
                parse_html(value.encode(), PageParagraphs(answer))
        elif isinstance(value, str) and key in TEXTS:
            answer.add(value)
        else:
            answer.set_property(path, json.dumps(value, ensure_ascii=False))


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give each value that holds no other, with its path, such as `sections.2.items.1.html`; names in their order."""
    children = (
        sorted(value.items()) if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if not children:
        yield path, value
        return
    for key, child in children:
        yield from leaves(child, f"{path}.{key}" if path else str(key))


def read(content: bytes, answer: Answer) -> None:
    if b"%PDF-" in content[:1024]:
        read_pdf(content, answer)
    elif content[:4] == b"PK\x03\x04" or zipfile.is_zipfile(io.BytesIO(content)):
        read_package(content, answer)
    elif re.search(rb"<(!doctype\s+html|html)\b", content[:4096], re.IGNORECASE):
        read_html(content, answer)
    else:
        text = content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        if re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return
        if text.lstrip()[:1] == "{":
            read_json(text, answer)
        else:
            read_markdown(text, answer)


def confine(megabytes: int, seconds: int) -> None:
    """Set the limits of this process; at the end of its time it raises Problem."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    sys.set_int_max_str_digits(1000)

    def stop(*_signal: Any) -> None:
        raise Problem("too_large")

    signal.signal(signal.SIGXCPU, stop)


def main() -> None:
    confine(megabytes=int(sys.argv[1]), seconds=int(sys.argv[2]))
    answer = Answer()
    try:
        read(sys.stdin.buffer.read(), answer)
    except Problem as problem:
        answer.problem = str(problem)
    except MemoryError:
        answer.problem = "too_large"
    except Exception:  # the libraries raise many kinds at a file that is not as it should be
        answer.problem = "damaged"
    sys.stdout.write(answer.as_json())


if __name__ == "__main__":
    main()
