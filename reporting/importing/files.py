"""Files of old documents: judged by what is in them, read within limits, or refused with a sentence that says why.

`load` takes a file of this machine in, `read` gives its blocks. The readers behind it are `office` (DOCX, ODT, HTML),
`text` (plain and marked-up text) and `pdf`.
"""

import re
from pathlib import Path, PurePath

from portal.common.words import UNBROKEN
from reporting.importing import children, office
from reporting.importing.blocks import Source, within
from reporting.importing.errors import CannotRead, cannot_read
from reporting.verification import files as taken
from reporting.verification.files import LIMIT, CannotTake
from reporting.verification.reader import Problem

__all__ = ["LIMIT", "CannotRead", "load", "read", "too_large"]

MOST_WORDS = 200_000  # 300 pages have 150,000
LONGEST_WORD = 5_000  # letters; not even an address is as long, and such a text takes long to be understood

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word files up to 2003, and encrypted ones of today
OTHERS = (  # beginnings of files that hold no text
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"MZ", b"\x7fELF", b"\x1f\x8b"),
    *(b"Rar!", b"7z\xbc\xaf", b"\x00\x00\x01\x00", b"ID3", b"OggS", b"%!PS", b"\xca\xfe\xba\xbe", b"SQLite format 3"),
)
PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
BEGINS_WITH_A_TAG = re.compile(
    rb"\s*<(meta|title|h[1-6]|div|p|article|section|main|header|table|ul|ol)\b[^<>]*>", re.IGNORECASE
)
NAMES = {".docx": "docx", ".odt": "odt", ".html": "html", ".htm": "html", ".pdf": "pdf", ".md": "text", ".txt": "text"}


def load(path: Path) -> bytes:
    """Return what is in a file on this machine. Raises CannotRead."""
    try:
        return taken.load(path)
    except CannotTake as error:
        if path.is_file() and path.stat().st_size > LIMIT:
            raise too_large() from None
        raise CannotRead(error.sentence) from None


def read(content: bytes, *, name: str = "") -> Source:
    """Return what a file says. Its name decides only where its content could be of two kinds. Raises CannotRead."""
    try:
        if not content.strip():
            raise Problem("empty")
        if len(content) > LIMIT:
            raise Problem("too_many_bytes")
        source = _read(content, PurePath(name).suffix.lower())
        if source.words > MOST_WORDS:
            raise Problem("too_many_words")
        if has_long_word(source):
            raise Problem("long_word")
        if not source.words:
            raise Problem("no_words")
    except Problem as problem:
        raise cannot_read(str(problem)) from None
    return source


def _read(content: bytes, suffix: str) -> Source:
    if content.startswith(OLE):
        raise Problem("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old_word")
    if b"%PDF-" in content[:1024]:
        from reporting.importing import pdf  # it is slower to load than all else

        return pdf.read(content)
    if content.lstrip()[:5] == rb"{\rtf":
        raise Problem("rtf")
    if content[:2] == b"PK":
        return office.read(content)
    if content.startswith(OTHERS):
        raise Problem("no_document")
    if PAGE.search(content[:4096]) or (BEGINS_WITH_A_TAG.match(content) and NAMES.get(suffix) != "text"):
        return office.read(content)
    if is_binary(content):
        raise Problem("no_document")
    return children.text(content)


def has_long_word(source: Source) -> bool:
    """Whether a row of letters without a blank is longer than any word."""
    pieces = (piece for block in within(source.blocks) for piece in block.printed if len(piece) > LONGEST_WORD)
    return any(len(word[0]) > LONGEST_WORD for piece in pieces for word in UNBROKEN.finditer(piece))


def is_binary(content: bytes) -> bool:
    """Whether a file holds what no text has."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    return re.search(rb"[\x00-\x08\x0e-\x19]", content) is not None


def too_large() -> CannotRead:
    return cannot_read("too_many_bytes")
