"""Files that people send: which are taken, how large, and what is looked at before one is kept.

A file is judged by what is in it, never by its name. It is read by a child process with limits (`upload_reader`), and
a picture is drawn anew there, also one inside an Office file, so that nothing stays in it that says where and by whom
it was taken.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import PersonError

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("upload_reader.py")
MEGABYTES = 1024  # of address space to read one file; a picture of 60 million pixels takes 700
SECONDS = 30
LONGEST_NAME = 120
_BARE = {"LANG": "C.UTF-8"}  # no secrets of ours


class FileType(models.TextChoices):
    """What is taken. The reader knows each by its content."""

    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WebP"
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    PPTX = "pptx", "PowerPoint (PPTX)"
    ODT = "odt", "OpenDocument (ODT)"


PICTURES = (FileType.JPEG, FileType.PNG, FileType.WEBP)
ENDINGS = {FileType.JPEG: (".jpg", ".jpeg")}  # of others, the name of the type
MEDIA_TYPES = {
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
}
ACCEPTED = ",".join(MEDIA_TYPES.values())  # what a browser offers to choose from
TAKEN = ", ".join(str(type.label) for type in FileType)

_REFUSED: dict[str, Promise] = {
    "empty": gettext_lazy("“%(file)s” is empty. Choose another file."),
    "unknown": gettext_lazy(
        "“%(file)s” is none of the files that are taken: %(taken)s. Its content counts, not its name."
    ),
    "old_office": gettext_lazy(
        "“%(file)s” is of an old Office format. Save it as DOCX, XLSX, PPTX or PDF, and send that."
    ),
    "encrypted": gettext_lazy("“%(file)s” is protected by a password. Send it without one."),
    "macros": gettext_lazy("“%(file)s” holds macros, which could do harm. Save it without them, and send that."),
    "damaged": gettext_lazy("“%(file)s” is damaged: it cannot be read to its end. Choose another file."),
    "tells": gettext_lazy(
        "A picture in “%(file)s” says where or by whom it was taken, and that cannot be taken out of it. Take the "
        "picture out, or put it in anew as JPEG or PNG."
    ),
    "animated": gettext_lazy("“%(file)s” moves. Choose a picture that stands still."),
    "too_many_pixels": gettext_lazy("“%(file)s” has more than 60 million pixels. Make it smaller, and send that."),
    "too_large_inside": gettext_lazy("“%(file)s” takes more time or memory to read than a file may. Make it smaller."),
}


class CannotTake(PersonError):
    """A file that is refused; the sentence names it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class TakenFile:
    """A file that may be kept."""

    name: str
    type: FileType
    content: bytes  # of a picture, the one that was drawn anew; of an Office file, with such pictures
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""  # WebP


def largest_file() -> int:
    """Return how many bytes a file may have."""
    return int(settings.EVIDENCE_FILE_MEGABYTES) * 1024 * 1024


def take(file: File) -> TakenFile:
    """Return what was sent, fit to be kept. Raises CannotTake."""
    limit = largest_file()
    named = printable_name(file.name or "")
    if (file.size or 0) > limit:
        raise CannotTake(
            _("“%(file)s” is larger than %(limit)s, the most that a file may have. Make it smaller, and send that.")
            % {"file": named, "limit": filesizeformat(limit)}
        )
    content = file.read()
    found, rest = _read(content, named)
    type = FileType(found["format"])
    clean, thumbnail = rest[: found["size"]], rest[found["size"] :]
    return TakenFile(
        name=with_ending(named, type),
        type=type,
        content=clean or content,
        width=found.get("width"),
        height=found.get("height"),
        thumbnail=thumbnail,
    )


def _read(content: bytes, named: str) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-I", str(READER), str(MEGABYTES), str(SECONDS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS * 2, check=True, env=_BARE)
        head, _line, rest = done.stdout.partition(b"\n")
        found = json.loads(head)
    except (subprocess.SubprocessError, ValueError) as error:
        logger.warning("A file of %s bytes could not be read to its end: %s", len(content), error)
        found, rest = {"problem": "too_large_inside"}, b""
    if problem := found.get("problem"):
        raise CannotTake(str(_REFUSED[problem]) % {"file": named, "taken": TAKEN})
    return found, rest


def printable_name(name: str) -> str:
    """Return the name of a file as a database, a header and a page can show it, without folders, its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last.encode(errors="replace").decode() if sign.isprintable()).strip(" .")
    if len(shown) > LONGEST_NAME:
        ending = PurePath(shown).suffix[:20]
        shown = shown[: LONGEST_NAME - len(ending)] + ending
    return shown or _("file")


def with_ending(name: str, type: FileType) -> str:
    """Return the name with the ending of what the file really is."""
    endings = ENDINGS.get(type, (f".{type}",))
    return name if name.lower().endswith(endings) else name + endings[0]
