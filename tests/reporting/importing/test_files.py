"""Files of old documents: judged by what is in them, and refused with a sentence that says what to do."""

import io
import random
import subprocess
import sys
import time
import zipfile

import pytest

from reporting.compilation.renderers import Tools
from reporting.importing import children, files, office, text
from reporting.importing.blocks import printed_words
from reporting.importing.errors import SENTENCES, CannotRead, cannot_read
from reporting.importing.files import LIMIT, load, read
from reporting.verification.reader import Problem
from tests.reporting.importing.test_office import NAMES, op, open_document, p, package, t, word
from tests.reporting.verification.test_files import pdf_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256)) * 8
ENTITIES = "".join(f'<!ENTITY e{n} "{"&e%s;" % (n - 1) * 20}">' for n in range(1, 12))
LAUGHS = f'<!DOCTYPE w:document [<!ENTITY e0 "ha">{ENTITIES}]>'
HUGE = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 2_500_000  # 85 MB that a zip packs into 0.3


def with_parts(content: bytes, parts: dict[str, bytes | str]) -> bytes:
    """Return a package with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        kept = {name: made.read(name) for name in made.namelist()}
    return package({**kept, **parts})


def encrypted_zip(content: bytes) -> bytes:
    """Return a package that says of its parts that they are encrypted."""
    changed = bytearray(content)
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        here = changed.find(start)
        while here >= 0:
            changed[here + at] |= 1
            here = changed.find(start, here + 4)
    return bytes(changed)


TEXT = word(p("Some words of a document."))
OPEN = open_document(op("Some words of a document."))


class TestKind:
    """Content says what a file is, whatever its name says."""

    @pytest.mark.parametrize(
        ("content", "name", "format"),
        [
            (TEXT, "report.docx", "docx"),
            (TEXT, "report.odt", "docx"),
            (TEXT, "report.pdf", "docx"),
            (OPEN, "report.docx", "odt"),
            (pdf_of(b"BT /F1 12 Tf 72 700 Td (Some words of a page.) Tj ET"), "report.docx", "pdf"),
            (b"<!DOCTYPE html><html><body><p>Words.</p></body></html>", "page.txt", "html"),
            (b"<html><body><p>Words.</p></body></html>", "report.docx", "html"),
            (b"<h1>Words</h1><p>of a page</p>", "page.html", "html"),
            (b"<p align=center>Words</p>\n\n# Heading", "readme.md", "text"),
            (b"# Heading\n\nWords.", "notes.md", "text"),
            ("Mots d’un texte à lire.".encode(), "notes", "text"),
            ("Words of a text.".encode("utf-16"), "notes.txt", "text"),
        ],
    )
    def test_is_that_of_the_content(self, content, name, format):
        assert read(content, name=name).format == format

    def test_of_a_page_in_the_names_of_iso_is_word(self):
        strict = with_parts(TEXT, {})
        with zipfile.ZipFile(io.BytesIO(strict)) as made:
            parts = {name: made.read(name) for name in made.namelist()}
        office_names = b"http://schemas.openxmlformats.org/"
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            office_names + b"wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
        assert printed_words(read(package(parts)).blocks) == ["Some", "words", "of", "a", "document."]


REFUSED = {
    "nothing": (b"", "empty"),
    "blanks": (b" \n\t\n", "empty"),
    "a picture named as a document": (PNG, "no document that can be read. Save it as DOCX"),
    "a program": (b"MZ\x90\0" + bytes(range(200)), "no document that can be read"),
    "bytes": (bytes(range(256)) * 20, "no document that can be read"),
    "a zip of other things": (package({"a.txt": "words", "b.jpg": b"\xff\xd8"}), "no document that can be read"),
    "an old Word file": (OLE + "WordDocument".encode("utf-16-le"), "Save it as DOCX"),
    "a Rich Text file": (rb"{\rtf1\ansi Some words.}", "Rich Text Format. Save it as DOCX"),
    "a workbook": (package({"[Content_Types].xml": "<t/>", "xl/workbook.xml": "<w/>"}), "workbook. Copy the text"),
    "a presentation": (package({"[Content_Types].xml": "<t/>", "ppt/presentation.xml": "<p/>"}), "presentation"),
    "a protected Word file": (OLE + "EncryptedPackage".encode("utf-16-le"), "password. Save it without one"),
    "an encrypted package": (encrypted_zip(TEXT), "password. Save it without one"),
    "a protected OpenDocument file": (
        with_parts(
            OPEN,
            {
                "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                "<m:file-entry><m:encryption-data/></m:file-entry></m:manifest>",
                "content.xml": bytes(range(256)),
            },
        ),
        "password. Save it without one",
    ),
    "macros in a Word file": (with_parts(TEXT, {"word/vbaProject.bin": b"\xd0\xcf"}), "macros.*Save it without"),
    "macros in an OpenDocument file": (
        with_parts(OPEN, {"Basic/Standard/Module1.xml": "<script/>"}),
        "macros.*Save it without",
    ),
    "scripts in an OpenDocument file": (with_parts(OPEN, {"Scripts/python/run.py": "pass"}), "macros"),
    "a document inside a document": (word(p("Words.") + '<w:altChunk r:id="r1"/>'), "another document inside it"),
    "a cut Word file": (TEXT[: len(TEXT) * 2 // 3], "damaged and cannot be read"),
    "a Word file of broken XML": (with_parts(TEXT, {"word/document.xml": "<w:document>"}), "damaged"),
    "a Word file whose text is missing": (
        package({"[Content_Types].xml": "<t/>", "word/document.xml": b""}),
        "damaged",
    ),
    "an OpenDocument file of broken XML": (with_parts(OPEN, {"content.xml": "<office"}), "damaged"),
    "an OpenDocument workbook": (
        with_parts(
            OPEN,
            {
                "content.xml": (
                    zipfile.ZipFile(io.BytesIO(OPEN))
                    .read("content.xml")
                    .decode()
                    .replace("office:text>", "office:spreadsheet>")
                )
            },
        ),
        "no document that can be read",
    ),
    "a Word file without words": (word("<w:p/>"), "no words.*OCR"),
    "a page without words": (b"<html><body><img src='scan.png'></body></html>", "no words"),
    "too much for the limit": (b"word " * (LIMIT // 5 + 1), "larger than 25 MB, the most that is read"),
    "a zip bomb": (with_parts(TEXT, {"word/footnotes.xml": HUGE}), "more time or memory"),
    "a zip of many entries": (
        package({**{f"word/media/{n}": b"" for n in range(3_000)}, "word/document.xml": ""}),
        "more time or memory",
    ),
    "an XML bomb in a Word file": (
        with_parts(
            TEXT, {"word/document.xml": f"{LAUGHS}<w:document {NAMES}><w:body>{p('&e11;')}</w:body></w:document>"}
        ),
        "entities",
    ),
    "an XML bomb in the styles": (
        with_parts(TEXT, {"word/styles.xml": f"{LAUGHS}<w:document {NAMES}>&e11;</w:document>"}),
        "entities",
    ),
    "an XML bomb in an OpenDocument file": (
        with_parts(OPEN, {"content.xml": "<!DOCTYPE a [<!ENTITY e 'ha'>]><a>&e;</a>"}),
        "entities",
    ),
    "an external entity": (
        with_parts(
            TEXT,
            {
                "word/document.xml": f'<!DOCTYPE w:document [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                f"<w:document {NAMES}><w:body>{p('&e;')}</w:body></w:document>"
            },
        ),
        "entities",
    ),
}


class TestRefused:
    @pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
    def test_says_what_to_do(self, content, sentence):
        with pytest.raises(CannotRead, match=sentence) as refused:
            read(content, name="report.docx")
        assert str(refused.value).endswith(".")

    def test_of_more_words_than_are_read(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_WORDS", 3)
        with pytest.raises(CannotRead, match=r"more words than.*Split it"):
            read(TEXT)

    def test_of_a_page_that_names_files_reads_none_of_them(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("hidden words")
        page = (
            f'<!DOCTYPE html SYSTEM "{secret.as_uri()}"><html><body><p>Said.</p>'
            f'<iframe src="{secret.as_uri()}"></iframe>'
            f'<object data="{secret.as_uri()}"></object><img src="{secret.as_uri()}"></body></html>'
        )
        assert printed_words(read(page.encode()).blocks) == ["Said."]

    @pytest.mark.parametrize("content", [b"<div>" * 5_000 + b"deep", b"<html><body>" + b"<ul><li>" * 600 + b"deep"])
    def test_is_not_what_is_nested_without_end(self, content):
        started = time.monotonic()
        assert outcome(content) == "too_large"
        assert time.monotonic() - started < 60

    def test_of_a_file_that_takes_too_long(self):
        slow = Tools(seconds=2, pandoc=("sh", "-c", "sleep 60"))
        with pytest.raises(Problem, match="too_large"):
            office.read(TEXT, tools=slow)

    def test_of_a_file_that_takes_too_much_memory(self):
        small = Tools(seconds=60, pandoc_megabytes=4)
        with pytest.raises(Problem, match="unreadable"):
            office.read(word(p("Words of a long text. " * 20_000)), tools=small)


class TestTexts:
    def test_are_read_by_a_child_with_all_their_blocks(self):
        content = b"# Heading\n\nWords[^1] of *a* text.\n\n- one\n\n[^1]: A note.\n"
        assert read(content, name="notes.md") == text.read(content)

    def test_are_refused_that_take_too_much_memory(self):
        with pytest.raises(Problem, match="too_large"):
            children.text(b"Words of a long text.\n\n" * 150_000, megabytes=80)

    def test_are_refused_that_take_too_long(self):
        with pytest.raises(Problem, match="too_large"):
            children.text(b"Words of a *long* text.\n\n" * 150_000, seconds=1)


class TestSentences:
    def test_have_no_number_filled_in_so_that_pages_can_translate_them(self):
        assert not [sentence for sentence in SENTENCES.values() if "%" in str(sentence)]

    def test_name_the_limit(self):
        assert f"{LIMIT // 1024 // 1024} MB" in str(cannot_read("too_many_bytes"))

    def test_say_what_to_do_about_a_problem_without_a_word_of_its_own(self):
        assert "Save it again as DOCX" in str(cannot_read("something else"))


def outcome(content: bytes) -> str:
    """Return what became of a page: `read`, or why it was not."""
    try:
        source = office.read(content)
    except Problem as problem:
        return str(problem)
    return "read" if "deep" in printed_words(source.blocks) else "lost"


class TestLoad:
    def test_gives_what_is_in_a_file(self, tmp_path):
        (tmp_path / "report.docx").write_bytes(TEXT)
        assert load(tmp_path / "report.docx") == TEXT

    def test_says_what_is_wrong_with_a_file(self, tmp_path):
        with (tmp_path / "large").open("wb") as large:
            large.truncate(LIMIT + 1024 * 1024)
        (tmp_path / "empty").touch()
        for path, sentence in (
            (tmp_path / "none", "There is no file"),
            (tmp_path, "is a folder"),
            (tmp_path / "empty", "empty"),
            (tmp_path / "large", "larger than 25 MB, the most that is read"),
        ):
            with pytest.raises(CannotRead, match=sentence):
                load(path)


def long_document() -> bytes:
    """Return a DOCX of 150,000 words with 500 notes."""
    chance = random.Random(4)
    vocabulary = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 11))) for _ in range(3_000)]
    body, notes = [], []
    for number in range(1_250):
        words = chance.choices(vocabulary, k=118)
        if number % 20 == 0:
            body.append(p("Heading", look='<w:pStyle w:val="Heading1"/>'))
        mark = ""
        if number % 5 < 2:
            notes.append(f'<w:footnote w:id="{number}">{p(" ".join(words[:12]))}</w:footnote>')
            mark = f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
        bold = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{words[60]}</w:t></w:r>"
        body.append(p(" ".join([*words[:60], ""]), bold, mark or t(""), " ".join(["", *words[61:]])))
    styles = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    return word("".join(body), footnotes="".join(notes), styles=styles)


MEASURED = """
import sys
from pathlib import Path
from reporting.importing.blocks import printed_words
from reporting.importing.files import read
from tests.support.memory import children_peak, own_peak

source = read(Path(sys.argv[1]).read_bytes())
assert source.words == len(printed_words(source.blocks)), source.words
assert sum(block.kind == "note" for block in source.blocks) == 500
print(source.words, own_peak(), children_peak())
"""


class TestLongDocument:
    def test_is_read_within_a_gigabyte(self, tmp_path):
        path = tmp_path / "long.docx"
        path.write_bytes(long_document())
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        words, own, child = map(int, done.stdout.split())
        assert words > 150_000
        assert own + child < 1024 * 1024  # kB; children run one after the other
