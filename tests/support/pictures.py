"""Files to send: photographs that tell where they were taken, and Office files."""

import io
import zipfile
from typing import Any

from PIL import Image, ImageDraw

VIENNA = b"Vienna"


def photo(width: int = 60, height: int = 30, *, format: str = "JPEG", orientation: int = 1, **options: Any) -> bytes:
    """A picture, red on the left and blue on the right as it is stored, with place, camera and words."""
    picture = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height), fill="red")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, VIENNA.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    words = {"comment": VIENNA} if format == "JPEG" else {}
    content = io.BytesIO()
    xmp = {} if format == "PNG" else {"xmp": b"<x:xmpmeta>" + VIENNA + b"</x:xmpmeta>"}
    picture.save(content, format, exif=exif, **words, **xmp, **options)
    return content.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def office(kind: str = "wordprocessingml.document.main+xml", **parts: bytes) -> bytes:
    """The least of a DOCX, or of another kind by its main part."""
    types = f"<Types>application/vnd.openxmlformats-officedocument.{kind}</Types>".encode()
    return zipped({"[Content_Types].xml": types, **parts})
