"""Files of unknown origin: whatever they hold, reading them ends soon, in little memory, and raises nothing."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pypdf
import pytest

from reporting.verification import files
from reporting.verification.files import CannotTake, Limits, load, read

QUICK = Limits(seconds=2)
SMALL = Limits(megabytes=300)
CONTENT_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
TEXT = "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
ENTITIES = "".join(f'<!ENTITY e{n} "{"&e%s;" % (n - 1) * 20}">' for n in range(1, 12))
BILLION_LAUGHS = f'<!DOCTYPE w:document [<!ENTITY e0 "ha">{ENTITIES}]>'


def package(parts: dict[str, bytes | str], **facts: object) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **facts) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def word(body: str, **parts: bytes | str) -> bytes:
    document = body if "<w:document" in body else f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return package({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document, **parts})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf_of(content: bytes) -> bytes:
    """Return a PDF whose one page has this content stream, deflated."""
    packed = zlib.compress(content)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj %s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Root 1 0 R /Size 6 >>\nstartxref\n%d\n%%%%EOF" % len(written)
    )


def nested_zip(depth: int) -> bytes:
    content = b"0" * 1_000_000
    for _ in range(depth):
        content = package({"inner.zip": content, "again.zip": content})
    return content


def with_declared_size(content: bytes, name: str, size: int) -> bytes:
    """Return a package that says of one part that it has this size."""
    changed = bytearray(content)
    at = changed.index(b"PK\x01\x02")
    while not changed[at + 46 :].startswith(name.encode()):
        at = changed.index(b"PK\x01\x02", at + 4)
    changed[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(changed)


HUGE = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 2_500_000  # 85 MB that a zip packs into 0.3
MANY = b'{"format":2,"portal":"","sections":[' + b",".join([b"{}"] * 3_000_000) + b"]}"  # 9 MB, as objects 400 more


MEASURED = """
import sys
from pathlib import Path
from reporting.verification.files import Limits, read
from tests.support.memory import children_peak, own_peak

content = Path(sys.argv[1]).read_bytes()
before = own_peak()
read(content, Limits(megabytes=300))
grown = own_peak() - before
print(grown, children_peak())
"""


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return word(f"<w:document {W}>", **{"word/footnotes.xml": HUGE})


class TestBombs:
    """None of them takes more memory than the limit, or more time than a second or two."""

    @pytest.fixture(autouse=True)
    def _soon(self):
        started = time.monotonic()
        yield
        assert time.monotonic() - started < 20

    def test_of_zip_with_a_declared_size(self, bomb):
        assert len(bomb) < 1_000_000
        assert read(bomb).problem == "too_large"

    def test_of_zip_that_declares_less(self, bomb):
        reading = read(with_declared_size(bomb, "word/footnotes.xml", 1000))
        assert reading.problem == "damaged"

    def test_nested(self):
        assert read(nested_zip(5)) == files.Reading()  # no text document: what is inside is none of our business

    def test_of_many_entries(self):
        content = package({f"word/media/{number}": b"" for number in range(3_000)} | {"word/document.xml": b""})
        assert read(content).problem == "too_large"

    def test_of_entries_that_overlap(self):
        """Each entry of the directory names the same packed data, which stand there once."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("word/document.xml", b"0" * 30_000)
            made.filelist *= 1500
        assert read(file.getvalue()).problem in {"damaged", "too_large"}

    @pytest.mark.parametrize("part", ["word/document.xml", "docProps/custom.xml", "docProps/core.xml"])
    def test_of_entities_in_a_word_file(self, part):
        parts = {"word/document.xml": f"<w:document {W}><w:body>{paragraph('Ours.')}</w:body></w:document>"}
        parts[part] = f"{BILLION_LAUGHS}<w:document {W}><w:body>{paragraph('&e11;')}</w:body></w:document>"
        reading = read(package(parts))
        assert sum(map(len, reading.paragraphs)) < 1000
        assert sum(map(len, reading.properties.values())) < 1000

    def test_of_entities_in_an_open_document(self):
        laughs = f"{BILLION_LAUGHS}<office {TEXT}><text:p>&e11;</text:p></office>"
        reading = read(package({"content.xml": laughs, "META-INF/manifest.xml": "<m/>"}))
        assert sum(map(len, reading.paragraphs)) < 1000

    def test_of_elements_in_elements(self):
        assert read(word("<w:p>" * 100_000)).problem == "damaged"

    def test_of_lists_in_lists(self):
        assert read(b'{"format":' + b"[" * 1_000_000).problem == "damaged"
        deep = b'{"format":2,"portal":"","sections":' + b"[" * 900 + b"]" * 900 + b"}"
        assert read(deep).format in {"", "json"}

    def test_of_objects(self):
        assert read(MANY, SMALL).problem == "too_large"

    def test_of_tags_in_a_page(self):
        assert len(read(b"<!doctype html><html><body>" + b"<div><p>" * 200_000).paragraphs) == 0

    def test_of_digits(self):
        number = b'{"format":2,"portal":"","sections":' + b"9" * 1_000_000 + b"}"
        assert read(number).problem == "damaged"

    def test_of_a_pdf_that_unpacks_to_much(self):
        assert read(pdf_of(b"q " * 150_000_000), QUICK).lines == []  # pypdf unpacks no page to more than 75 MB


class TestMalformedPdf:
    def test_that_loops_is_ended(self):
        started = time.monotonic()
        content = pdf_of(b"BT /F1 1 Tf " + b"(a) Tj 1 0 0 1 0 0 Tm " * 1_000_000 + b"ET")
        assert read(content, QUICK).problem in {"too_large", "damaged"}
        assert time.monotonic() - started < 15

    def test_whose_pages_are_their_own_parents(self):
        content = pdf_of(b"").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
        assert read(content, QUICK).format == "pdf"

    def test_whose_tables_name_themselves(self):
        content = pdf_of(b"").replace(b"/Size 6", b"/Size 6 /Prev 9")
        assert read(content, QUICK).format == "pdf"

    def test_that_is_cut_off(self, made):
        content = made["pdf", "whole"]
        for part in (0.1, 0.5, 0.9):
            assert read(content[: int(len(content) * part)], QUICK).format == "pdf"

    def test_that_is_encrypted(self, made):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(made["pdf", "whole"]))
        writer.encrypt("secret", algorithm="RC4-128")
        file = io.BytesIO()
        writer.write(file)
        assert read(file.getvalue()).problem == "encrypted"


class TestRubbish:
    @pytest.mark.parametrize(
        "content",
        [
            b"\0",
            b"PK",
            b"PK\x03\x04",
            b"PK\x05\x06" + b"\0" * 18,
            b"%PDF-",
            b"{",
            b"{}",
            b"[]",
            b"---",
            b"---\nfingerprint: x",
            b"<html",
            b"\xff\xfe",
            b"\xff\xfe\x00",
            b'{"format":NaN,"portal":1,"sections":[]}',
            b'{"format":2,"portal":"\\ud800","sections":["\\ud800"]}',
            b'{"format":2,"portal":"a","portal":"b","sections":[]}',
        ],
    )
    def test_is_none_of_ours(self, content):
        assert read(content).fingerprint == ""

    def test_of_any_bytes_gives_an_answer(self):
        for size in (1, 10_000, 1_000_000):
            assert read(os.urandom(size)).fingerprint == ""

    def test_takes_the_memory_of_a_child_alone(self, tmp_path):
        """Asked of a fresh process: the most that a process ever took never falls again."""
        path = tmp_path / "many.json"
        path.write_bytes(MANY)
        said = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
        grown, of_child = map(int, said.stdout.split())
        assert grown < 50_000  # kilobytes
        assert of_child > 150_000


class TestWords:
    """What each format says, and what is none of its words."""

    def test_of_word_hold_notes_headers_and_boxes_and_what_was_tracked(self):
        body = (
            paragraph("One <!-- no word -->word.")
            + "<w:p><w:ins><w:r><w:t>Came.</w:t></w:r></w:ins>"
            + "<w:del><w:r><w:delText>Went.</w:delText></w:r></w:del></w:p>"
            + f"<w:p><w:r><w:t>Around </w:t><w:pict>{paragraph('a box')}</w:pict><w:tab/><w:t>it.</w:t></w:r></w:p>"
        )
        notes = f"<w:footnotes {W}><w:footnote>{paragraph('A note.')}</w:footnote></w:footnotes>"
        header = f"<w:hdr {W}>{paragraph('A header.')}</w:hdr>"
        reading = read(
            word(body, **{"word/footnotes.xml": notes, "word/header1.xml": header, "word/header2.xml": header})
        )
        assert reading.paragraphs == ["One word.", "Came.", "a box", "Around it.", "A note.", "A header."]

    def test_of_word_hold_no_page_numbers(self):
        field = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGEREF s1 \\h </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        contents = f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>In 2021</w:t><w:tab/></w:r>{field}</w:p>'
        plain = '<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>In 2022</w:t><w:tab/><w:t>8</w:t></w:r></w:p>'
        assert read(word(contents + plain)).paragraphs == ["In 2021", "In 2022"]
        begin = field.replace("PAGEREF s1", "TOC").split("<w:r><w:t>")[0]
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        first, last = (f"<w:r><w:t>In {year}</w:t><w:tab/><w:t>9</w:t></w:r>" for year in (2023, 2024))
        flat = f"<w:p>{begin}{first}</w:p><w:p>{last}{end}</w:p>{paragraph('In 2025')}"  # as LibreOffice writes it
        assert read(word(flat)).paragraphs == ["In 2023", "In 2024", "In 2025"]

    def test_of_a_page_hold_what_stands_outside_its_main_part(self):
        page = (
            "<!DOCTYPE html><html><head><title>T</title><style>p{}</style><script>x()</script></head>"
            "<body><header><h1>Head &amp; <em>shoulders</em></h1></header><main><p>One<p>Two<br>Three</main></body>"
            "</html>"
        )
        assert read(page.encode()).paragraphs == ["Head & shoulders", "One", "Two", "Three"]

    def test_of_a_page_are_read_as_the_page_says(self):
        page = '<html><meta charset="windows-1252"><body><p>é</body></html>'
        assert read(page.encode("windows-1252")).paragraphs == ["é"]

    def test_of_data_hold_notes_and_leave_records_to_the_properties(self):
        data = {
            "format": 2,
            "portal": "https://portal.example.org",
            "sections": [
                {"heading": "Trends", "items": [{"html": '<p>One<span data-footnote="Note">*</span></p>', "id": 4}]}
            ],
        }
        reading = read(json.dumps(data, indent=2).encode())
        assert reading.paragraphs == ["Trends", "Note", "One*"]
        assert reading.properties["sections.0.items.0.id"] == "4"
        assert reading.portal == "https://portal.example.org"

    def test_hold_letters_and_not_the_ways_in_which_they_are_drawn(self):
        assert read("A \ufb01rm\u00ad in \ufe8e\ufedd\u200b.".encode()).paragraphs == ["A firm in \u0627\u0644."]

    def test_of_markdown_are_its_paragraphs(self):
        text = "\ufeff---\r\ntitle: T\r\nportal: 'https://a.example'\r\n---\r\n\r\nOne\r\nline.\r\n\r\nTwo.\r\n"
        reading = read(text.encode())
        assert (reading.format, reading.paragraphs) == ("md", ["One line.", "Two."])
        assert (reading.portal, reading.properties) == ("https://a.example", {"title": "T"})


class TestLoading:
    def test_refuses_what_is_no_file(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "empty").touch()
        (tmp_path / "large").touch()
        os.truncate(tmp_path / "large", 50 * 1024 * 1024)
        for path, sentence in [
            (tmp_path, "is a folder"),
            (tmp_path / "nowhere", "There is no file"),
            (tmp_path / "pipe", "is no ordinary file"),
            (tmp_path / "empty", "The file is empty."),
            (tmp_path / "large", "larger than 25.0"),
            (tmp_path / ("x" * 300), "cannot be read"),
            (Path("with\0nul"), "cannot be read"),
        ]:
            with pytest.raises(CannotTake, match=sentence):
                load(path)

    def test_says_that_a_file_may_not_be_read(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(b"abc")
        path.chmod(0)
        account = os.geteuid()
        if account == 0:  # who may read everything
            os.seteuid(65534)
        try:
            with pytest.raises(CannotTake, match="You may not read"):
                load(path)
        finally:
            os.seteuid(account)

    def test_gives_the_bytes(self, tmp_path):
        (tmp_path / "file").write_bytes(b"abc")
        assert load(tmp_path / "file") == b"abc"
