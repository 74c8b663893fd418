"""Reads one uploaded file, as a process of its own within limits: `python -I upload_reader.py MEGABYTES SECONDS`.

The file comes on the standard input. The answer is a line of JSON: `format`, or the `problem`; of a picture also
`width`, `height`; then how many bytes follow: `size` of the clean picture and `thumbnail` of a small one. Of an Office
file whose pictures told something, `size` is that of the file with clean ones.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

MOST_PIXELS = 60_000_000
MOST_UNPACKED = 300 * 1024 * 1024  # bytes of all parts of an Office file
MOST_PARTS = 10_000
THUMBNAIL = 640  # pixels of the longer side
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")  # JPEG, PNG
TIFF_STARTS = (b"II*\0", b"MM\0*")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files up to 2003, and encrypted ones of today
PICTURES = {
    "JPEG": "jpeg",
    "MPO": "jpeg",
    "PNG": "png",
    "WEBP": "webp",
}  # MPO: a JPEG of a telephone with a second view
OFFICE = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
ODT = b"application/vnd.oasis.opendocument.text"


class Problem(Exception):
    """Why a file is not taken, as a word that `uploads.py` has a sentence for."""


def read(content: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Return what the file is; of a picture the clean and the small one, of an Office file the clean one.

    That is empty where nothing had to be cleaned. Raises Problem.
    """
    if not content:
        raise Problem("empty")
    if is_picture(content):
        return picture(content)
    if content.startswith(OLE):
        raise Problem("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "old_office")
    if content.startswith(b"%PDF-"):
        return {"format": pdf(content)}, b"", b""
    if content.startswith(b"PK\x03\x04"):
        return {"format": package(content)}, with_clean_pictures(content), b""
    raise Problem("unknown")


def is_picture(content: bytes) -> bool:
    return content.startswith(PICTURE_STARTS) or (content[:4], content[8:12]) == (b"RIFF", b"WEBP")


# Pictures


def picture(content: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Draw a picture anew, upright, with its colours and nothing else: no place, camera, text or second view."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is the limit
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
            format = PICTURES[opened.format or ""]
            if opened.width * opened.height > MOST_PIXELS:
                raise Problem("too_many_pixels")
            if getattr(opened, "is_animated", False) and format != "jpeg":
                raise Problem("animated")
            opened.load()
            how = saving(opened, format, content)
            drawn = ImageOps.exif_transpose(opened)
    except (Problem, MemoryError):
        raise
    except Exception as error:
        raise Problem("damaged") from error
    kept: dict[Any, Any] = {name: drawn.info[name] for name in ("icc_profile", "transparency") if name in drawn.info}
    if format == "jpeg" and drawn.mode not in ("RGB", "L"):
        drawn, kept = drawn.convert("RGB"), {}
    drawn.info = kept
    clean, small = io.BytesIO(), io.BytesIO()
    drawn.save(clean, icc_profile=kept.get("icc_profile"), **how)
    shades = "RGBA" if drawn.mode in ("RGBA", "LA", "PA") or "transparency" in kept else "RGB"
    profile = kept.get("icc_profile") if drawn.mode in ("RGB", "RGBA") else None
    reduced = drawn.convert(shades).resize(small_size(*drawn.size), Image.Resampling.LANCZOS)
    reduced.info = {}
    reduced.save(small, "WEBP", quality=80, icc_profile=profile)
    found = {"format": format, "width": drawn.width, "height": drawn.height}
    return found, clean.getvalue(), small.getvalue()


def small_size(width: int, height: int) -> tuple[int, int]:
    """Return width and height of the small picture of one."""
    scale = min(1, THUMBNAIL / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def saving(opened: Any, format: str, content: bytes) -> dict[str, Any]:
    """Return how a picture is saved so that it loses nothing that can be seen."""
    if format == "png":
        return {"format": "PNG"}
    if format == "webp":
        return {"format": "WEBP", "lossless": b"VP8L" in content[:4096], "quality": 90}
    if opened.mode in ("RGB", "L"):
        from PIL import JpegImagePlugin

        sampling = JpegImagePlugin.get_sampling(opened)
        return {"format": "JPEG", "qtables": opened.quantization, "subsampling": max(0, sampling), "comment": b""}
    return {"format": "JPEG", "quality": 92, "comment": b""}


# Documents


def pdf(content: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        with pypdfium2.PdfDocument(content) as document:
            if not len(document):
                raise Problem("damaged")
    except pypdfium2.PdfiumError as error:
        raise Problem("encrypted" if "password" in str(error).lower() else "damaged") from error
    return "pdf"


def package(content: bytes) -> str:
    """Return which Office file it is, by what it says of its own parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Problem("too_large_inside")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Problem("encrypted")
            names = {entry.filename.lower() for entry in entries}
            if parts.testzip():
                raise Problem("damaged")
            if "[content_types].xml" in names:
                return office(parts.read("[Content_Types].xml"), names)
            if "mimetype" in names and parts.read("mimetype").strip() == ODT:
                return odt(parts.read("META-INF/manifest.xml"), names)
    except (Problem, MemoryError):
        raise
    except Exception as error:
        raise Problem("damaged") from error
    raise Problem("unknown")


def with_clean_pictures(content: bytes) -> bytes:
    """Return an Office file whose pictures are drawn anew as those that are sent alone; empty where none told anything.

    A picture that cannot be drawn, such as one that moves, stays as it is where it tells nothing. Raises Problem where
    it does: nobody could take that out.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        clean = {
            entry.filename: drawn
            for entry in parts.infolist()
            if (drawn := clean_picture(parts.read(entry))) is not None
        }
        if not clean:
            return b""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            package.comment = parts.comment
            for entry in parts.infolist():
                package.writestr(entry, clean.get(entry.filename) or parts.read(entry), entry.compress_type)
        return made.getvalue()


def clean_picture(content: bytes) -> bytes | None:
    """Return a picture without what it told beside its colours; None for what told nothing, or is no picture."""
    if content.startswith(TIFF_STARTS) and tiff_tells(content):
        raise Problem("tells")  # drawn anew it would be of another kind than its name and the document say
    if not is_picture(content) or not tells(content):
        return None
    try:
        _found, clean, _small = picture(content)
    except Problem as problem:
        raise Problem("tells") from problem
    return clean


#: How what a picture tells of place and camera begins in it: Exif, XMP, IPTC; in PNG as parts with these names.
TELLING = (b"Exif\0\0", b"http://ns.adobe.com/xap/", b"<x:xmpmeta", b"Photoshop 3.0\0", b"eXIf", b"EXIF", b"XMP ")
TELLING_TAGS = {34665, 34853, 33723, 700, 271, 272, 315}  # Exif, place, IPTC, XMP; maker, camera, artist
NAMED_TEXTS = (b"tEXt", b"zTXt", b"iTXt")


def tiff_tells(content: bytes) -> bool:
    """Whether a TIFF, which Office files may hold, says where or by whom; also where it cannot be read."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["TIFF"]) as opened:
            return bool(TELLING_TAGS.intersection(opened.tag_v2))  # type: ignore[attr-defined]  # of this format
    except Exception:
        return True


def tells(content: bytes) -> bool:
    """Whether a picture may hold more than its colours. What only looks so is drawn anew for nothing."""
    told = TELLING + (NAMED_TEXTS if content.startswith(PICTURE_STARTS[1]) else ())
    return any(sign in content for sign in told)


def office(types: bytes, names: set[str]) -> str:
    if b"macroenabled" in types.lower() or any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Problem("macros")
    found = next((format for said, format in OFFICE.items() if said in types), None)
    if found is None:
        raise Problem("unknown")
    return found


def odt(manifest: bytes, names: set[str]) -> str:
    if b"encryption-data" in manifest:
        raise Problem("encrypted")
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        raise Problem("macros")
    return "odt"


def main() -> None:
    megabytes, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    clean = small = b""
    try:
        answer, clean, small = read(sys.stdin.buffer.read())
    except Problem as problem:
        answer = {"problem": str(problem)}
    except MemoryError:
        answer = {"problem": "too_large_inside"}
    head = json.dumps(answer | {"size": len(clean), "thumbnail": len(small)})
    sys.stdout.buffer.write(head.encode() + b"\n" + clean + small)


if __name__ == "__main__":
    main()
