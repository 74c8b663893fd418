"""Which files are taken, and what is left of them."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.common import upload_reader
from portal.common.uploads import CannotTake, FileType, printable_name, take
from tests.support.pictures import VIENNA, office, photo, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": b"<manifest/>"}


def pdf() -> bytes:
    import pypdf

    writer, content = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(content)
    return content.getvalue()


def encrypted_pdf() -> bytes:
    import pypdf

    writer, content = pypdf.PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(content)
    return content.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(office())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def zip_bomb() -> bytes:
    """What says that 4 GB are in it."""
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(content)


def huge_picture() -> bytes:
    """The head of a PNG of 40,000 by 40,000 pixels."""
    content = bytearray(photo(format="PNG"))
    content[16:24] = struct.pack(">II", 40_000, 40_000)
    import zlib

    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


def moving() -> bytes:
    content = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(content, "WEBP", save_all=True, append_images=frames[1:])
    return content.getvalue()


REFUSED = {
    "empty": b"",
    "unknown": b"<svg><script/></svg>",
    "unknown ": zipped({"a.txt": b"a"}),
    "unknown  ": office("wordprocessingml.template.main+xml"),
    "old_office": OLE + b"Word",
    "encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "encrypted ": encrypted_pdf(),
    "encrypted  ": encrypted_zip(),
    "encrypted   ": zipped({**ODT, "META-INF/manifest.xml": b"<encryption-data/>"}),
    "macros": office("wordprocessingml.document.main+xml", **{"word/vbaProject.bin": b"x"}),
    "macros ": zipped({**ODT, "Basic/Standard/Module1.xml": b"x"}),
    "too_large_inside": zip_bomb(),
    "too_many_pixels": huge_picture(),
    "animated": moving(),
    "damaged": photo()[:300],
    "damaged ": b"%PDF-1.7 nothing",
    "damaged  ": office()[:-30],
}


class TestReader:
    @pytest.mark.parametrize("problem", REFUSED)
    def test_refuses(self, problem):
        with pytest.raises(upload_reader.Problem, match=f"^{problem.strip()}$"):
            upload_reader.read(REFUSED[problem])

    @pytest.mark.parametrize(
        ("format", "content"),
        [
            ("pdf", pdf()),
            ("docx", office()),
            ("xlsx", office("spreadsheetml.sheet.main+xml")),
            ("pptx", office("presentationml.presentation.main+xml")),
            ("odt", zipped(ODT)),
        ],
    )
    def test_knows_documents_by_what_is_in_them(self, format, content):
        assert upload_reader.read(content) == ({"format": format}, b"", b"")

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_draws_pictures_upright_without_what_they_tell(self, format):
        """Turned by a quarter, as a telephone stores it: red on the left is red above."""
        found, clean, small = upload_reader.read(photo(2000, 1000, format=format, orientation=6))
        assert found == {"format": format.lower(), "width": 1000, "height": 2000}
        for content, size in ((clean, (1000, 2000)), (small, (320, 640))):
            assert VIENNA not in content
            with Image.open(io.BytesIO(content)) as picture:
                assert picture.size == size
                assert not picture.getexif()
                assert not {"xmp", "comment", "XML:com.adobe.xmp"} & set(picture.info)
                red, _green, blue = picture.convert("RGB").getpixel((size[0] // 2, 10))
                assert (red > 200, blue < 60) == (True, True)

    def test_keeps_what_is_clear_in_a_picture(self):
        content = io.BytesIO()
        Image.new("P", (4, 4)).save(content, "PNG", transparency=0)
        _found, clean, small = upload_reader.read(content.getvalue())
        for made in (clean, small):
            assert Image.open(io.BytesIO(made)).convert("RGBA").getpixel((1, 1))[3] == 0


class TestPicturesInOfficeFiles:
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_lose_what_they_tell_and_nothing_else_changes(self, format):
        parts = {"word/media/image1.x": photo(format=format, orientation=6), "word/document.xml": b"<w:document/>"}
        found, clean, _small = upload_reader.read(office(**parts))
        assert found == {"format": "docx"}
        with zipfile.ZipFile(io.BytesIO(clean)) as package:
            assert package.namelist() == ["[Content_Types].xml", *parts]
            assert package.read("word/document.xml") == b"<w:document/>"
            drawn = package.read("word/media/image1.x")
        assert VIENNA not in drawn
        with Image.open(io.BytesIO(drawn)) as picture:
            assert (picture.format, picture.size, dict(picture.getexif())) == (format, (30, 60), {})
        assert upload_reader.read(clean)[1] == b""  # there is nothing more to clean

    def test_that_cannot_be_drawn_are_refused_only_where_they_tell_something(self):
        assert upload_reader.read(zipped({**ODT, "Pictures/a.webp": moving()})) == ({"format": "odt"}, b"", b"")
        with pytest.raises(upload_reader.Problem, match=r"^tells$"):
            upload_reader.read(zipped({**ODT, "Pictures/b.jpg": photo()[:300]}))
        sentence = "A picture in “a.odt” says where"
        with pytest.raises(CannotTake, match=sentence):
            take(SimpleUploadedFile("a.odt", zipped({**ODT, "Pictures/b.jpg": photo()[:300]})))

    @pytest.mark.parametrize(("artist", "is_taken"), [("A. Nakamura", False), ("", True)])
    def test_of_scanners_are_refused_where_they_tell_something(self, artist, is_taken):
        made = io.BytesIO()
        Image.new("RGB", (4, 4)).save(made, "TIFF", **({"artist": artist} if artist else {}))
        document = office(**{"word/media/image1.tiff": made.getvalue()})
        if is_taken:
            assert upload_reader.read(document) == ({"format": "docx"}, b"", b"")
        else:
            with pytest.raises(upload_reader.Problem, match=r"^tells$"):
                upload_reader.read(document)

    def test_are_clean_in_what_is_kept(self):
        taken = take(SimpleUploadedFile("a.docx", office(**{"word/media/image1.jpeg": photo()})))
        assert (taken.name, taken.type, VIENNA in taken.content) == ("a.docx", FileType.DOCX, False)


class TestTake:
    def test_gives_a_file_the_ending_of_what_it_is(self):
        taken = take(SimpleUploadedFile("Report.txt", photo()))
        assert (taken.name, taken.type, taken.width) == ("Report.txt.jpg", FileType.JPEG, 60)
        assert zipfile.is_zipfile(io.BytesIO(take(SimpleUploadedFile("a.docx", office())).content))

    def test_names_the_file_that_it_refuses(self, settings):
        with pytest.raises(CannotTake, match=r"“photo\.jpg” is none of the files that are taken: JPEG, .*Its content"):
            take(SimpleUploadedFile("photo.jpg", b"no photo"))
        settings.EVIDENCE_FILE_MEGABYTES = 0
        with pytest.raises(CannotTake, match=r"“photo\.jpg” is larger than 0.bytes"):
            take(SimpleUploadedFile("photo.jpg", photo()))


class TestPrintableName:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("C:\\photos\\../a\r\nb\x00\u202e.jpg", "ab.jpg"),
            ("تقرير.pdf", "تقرير.pdf"),
            ("..", "file"),
            ("a" * 300 + ".jpeg", "a" * 115 + ".jpeg"),
        ],
    )
    def test_is_safe_everywhere(self, name, shown):
        assert printable_name(name) == shown
