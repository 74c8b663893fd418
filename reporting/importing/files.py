"""Files of old documents: judged by what is in them, read within limits, or refused with a sentence that says why.

`load` takes a file of this machine in, `read` gives its blocks. The readers behind it are `office` (DOCX, ODT, HTML),
`text` (plain and marked-up text) and `pdf`.
"""

import re
from pathlib import Path, PurePath

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from reporting.importing import office, text
from reporting.importing.blocks import Source
from reporting.importing.errors import CannotRead
from reporting.verification import files as taken
from reporting.verification.files import LIMIT, CannotTake

__all__ = ["LIMIT", "CannotRead", "load", "read", "why"]

MOST_WORDS = 400_000  # 300 pages have 150,000

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
        raise CannotRead(error.sentence) from None


def read(content: bytes, *, name: str = "") -> Source:
    """Return what a file says. Its name decides only where its content could be of two kinds. Raises CannotRead."""
    if not content.strip():
        raise CannotRead(_("The file is empty. Choose the file that holds the document."))
    if len(content) > LIMIT:
        raise too_large()
    suffix = PurePath(name).suffix.lower()
    try:
        source = _read(content, suffix)
    except office.Problem as problem:
        raise CannotRead(why(str(problem))) from None
    if source.words > MOST_WORDS:
        raise CannotRead(
            _("The document has more than %(count)s words, the most that is read. Split it into several files.")
            % {"count": MOST_WORDS}
        )
    if not source.words:
        raise CannotRead(why("no_words"))
    return source


def _read(content: bytes, suffix: str) -> Source:
    if content.startswith(OLE):
        raise office.Problem("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old_word")
    if b"%PDF-" in content[:1024]:
        from reporting.importing import pdf  # it is slower to load than all else

        return pdf.read(content)
    if content.lstrip()[:5] == rb"{\rtf":
        raise office.Problem("rtf")
    if content[:2] == b"PK":
        return office.read(content)
    if content.startswith(OTHERS):
        raise office.Problem("no_document")
    if PAGE.search(content[:4096]) or (BEGINS_WITH_A_TAG.match(content) and NAMES.get(suffix) != "text"):
        return office.read(content)
    if is_binary(content):
        raise office.Problem("no_document")
    return text.read(content)


def is_binary(content: bytes) -> bool:
    """Whether a file holds what no text has."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    return re.search(rb"[\x00-\x08\x0e-\x19]", content) is not None


def too_large() -> CannotRead:
    return CannotRead(
        _("The file is larger than %(limit)s, the most that is read. Take large pictures out, or split it.")
        % {"limit": filesizeformat(LIMIT)}
    )


def why(problem: str) -> str:
    """Return a problem as a sentence that says what to do."""
    return {
        "encrypted": _("The file is protected by a password. Save it without one, and read that file."),
        "macros": _("The file holds macros, which are never run here. Save it without macros, as DOCX or ODT."),
        "old_word": _("The file is in the format of Word up to 2003, or of another old program. Save it as DOCX."),
        "rtf": _("The file is in Rich Text Format. Save it as DOCX."),
        "sheet": _("The file is a workbook. Copy the text into a document and save that as DOCX."),
        "slides": _("The file is a presentation. Save its text as DOCX."),
        "chunks": _(
            "The file holds another document inside it. Open it in Word, save it again as DOCX, and read that."
        ),
        "entities": _("The file declares entities of XML, which no document needs. Save it again as DOCX or ODT."),
        "no_document": _("The file is no document that can be read. Save it as DOCX, ODT, PDF, HTML or text."),
        "no_words": _("The file has no words. If it holds pictures of pages, recognise their text (OCR) first."),
        "too_large": _("Reading the file takes more time or memory than is given to a file. Split it into several."),
        "unreadable": _(
            "The file is damaged, or reading it takes more memory than is given to a file. Open it in the program that "
            "made it, and save it again, in several files if it is long."
        ),
        "damaged": _("The file is damaged and cannot be read. Open it in the program that made it, and save it again."),
    }.get(problem, _("The file cannot be read. Save it again as DOCX, and read that."))
