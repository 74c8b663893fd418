"""Child process that reads the letters of a PDF: takes it from standard input, prints the lines of its pages as JSON.

It imports nothing of Django, so that it starts fast, and takes nothing with it when a file drives it mad. A line has
its place, the size of its letters and its pieces of text, each with its marks and the address that it is linked to.
Where lines make paragraphs is told by the parent.

PDFium gives letters in the order in which they were drawn, which is the one in which they are read; but inside lines
of Arabic it mixes numbers, Latin words and joined letters up, so these are put in order here by where they stand.
"""

import ctypes
import json
import math
import re
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2])
)  # it is started in isolation, so that it finds nothing else

from reporting.verification.reader import Problem, confine

MOST_PAGES = 1_000
MOST_LETTERS = 5_000_000
GAP = 0.12  # of the size of letters: blanks are at least so wide; some programs draw none
TAB = 2.0  # sizes; what stands further apart on a line are cells, or a title and its page
JOINED = re.compile("[\ufb00-\ufefc]+")  # ligatures and joined Arabic letters, which a PDF holds as it draws them
NUMBER = re.compile(r"\(?(\d{1,3}|[a-z]{1,3})[.)]")  # before an item
BOLD = re.compile(r"bold|black|heavy|semibd|demi", re.IGNORECASE)
SLANTED = re.compile(r"ital|obli|slant", re.IGNORECASE)


DRAWN_WITH = pdfium.FPDFText_GetTextObject
DRAWN_WITH.restype = ctypes.c_void_p  # only compared, and this is faster than a pointer


class Look(NamedTuple):
    """How the letters of a text object look."""

    size: float
    strong: bool
    em: bool
    font: int = 0  # its number in Fonts


class Fonts:
    """The fonts of a file. Several weights of one may have one name: the bold one has wider letters."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.widths: list[dict[str, float]] = []  # of letters, as a share of their size
        self.used: list[int] = []

    def number(self, name: str) -> int:
        if name not in self.numbers:
            self.numbers[name] = len(self.numbers)
            self.widths.append({})
            self.used.append(0)
        return self.numbers[name]

    def add(self, glyph: "Glyph") -> None:
        self.used[glyph.look.font] += 1
        if glyph.text.isalpha():
            self.widths[glyph.look.font].setdefault(glyph.text, (glyph.right - glyph.left) / glyph.look.size)

    def bold(self) -> set[int]:
        """Return the fonts whose letters are wider than those of the most used one of the same name."""
        families: dict[str, list[int]] = {}
        for name, number in self.numbers.items():
            families.setdefault(re.sub(r"^[A-Z]{6}\+", "", name), []).append(number)
        found = set()
        for numbers in families.values():
            main = max(numbers, key=lambda number: self.used[number])
            for number in numbers:
                both = self.widths[number].keys() & self.widths[main].keys()
                wider = sum(self.widths[number][sign] > self.widths[main][sign] * 1.01 for sign in both)
                if len(both) > 2 and wider > 0.7 * len(both):
                    found.add(number)
        return found


class Glyph(NamedTuple):
    """What was drawn at one place."""

    text: str
    left: float
    right: float
    y: float
    look: Look
    raised: bool = False  # by its own shape: some fonts have such figures


Link = tuple[float, float, float, float, str]  # left, right, bottom, top, address


class Page:
    """A page that is being read."""

    def __init__(self, page: pypdfium2.PdfPage, fonts: Fonts) -> None:
        self.page = page
        self.fonts = fonts
        self.text = page.get_textpage()
        self.handle = self.text.raw
        self.looks: dict[int | None, Look] = {}
        self.name = ctypes.create_string_buffer(200)
        self.edges = [ctypes.c_double() for _edge in range(4)]
        self.unknown = 0  # letters that the file does not tell

    def close(self) -> None:
        self.text.close()
        self.page.close()

    def look(self, index: int) -> Look:
        """Return how a letter looks, asked once for those that were drawn together."""
        key = DRAWN_WITH(self.handle, index)
        if key not in self.looks:
            flags, matrix = ctypes.c_int(), pdfium.FS_MATRIX()
            pdfium.FPDFText_GetFontInfo(self.text, index, self.name, len(self.name), flags)
            pdfium.FPDFText_GetMatrix(self.text, index, matrix)
            size = pdfium.FPDFText_GetFontSize(self.text, index) * math.hypot(matrix.c, matrix.d)
            name = self.name.value.decode(errors="replace")
            weight = pdfium.FPDFText_GetFontWeight(self.text, index)
            strong = BOLD.search(name) is not None or weight >= 650 or bool(flags.value & 1 << 18)
            em = SLANTED.search(name) is not None or bool(flags.value & 1 << 6)
            self.looks[key] = Look(round(size, 1) or 1.0, strong, em, self.fonts.number(name))
        return self.looks[key]

    def bottom(self, index: int) -> float:
        """Return where the ink of a letter begins."""
        left, right, bottom, top = self.edges
        pdfium.FPDFText_GetCharBox(self.text, index, left, right, bottom, top)
        return float(bottom.value)

    def glyphs(self) -> list[Glyph]:
        """Return what is drawn on the page, in its order, without blanks that nobody drew."""
        found: list[Glyph] = []
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        last = None
        text = self.handle
        for index in range(pdfium.FPDFText_CountChars(text)):
            if pdfium.FPDFText_IsGenerated(text, index) == 1:
                continue
            code = pdfium.FPDFText_GetUnicode(text, index)
            if code in {0, 0xFFFD} or (code < 32 and code != 2):
                self.unknown += code in {0, 0xFFFD}
                continue
            if code > 0x10FFFF:
                continue
            sign = "-" if code in {2, 0xFFFE} else chr(code)  # PDFium marks hyphens at the end of a line
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            if code > 127 and unicodedata.category(sign) == "Cf" and sign != "\u00ad":
                continue  # tells the direction of what follows, which its place does too
            if sign.isspace() and box.right - box.left < 0.05:
                continue  # made up by PDFium, and not always where a gap is
            here = (x.value, y.value)
            if found and here == last and found[-1].text != sign:  # letters that are drawn as one
                before = found[-1].text
                found[-1] = found[-1]._replace(text=sign + before if is_rtl(sign) else before + sign)
                continue
            last = here
            look = self.look(index)
            raised = sign in "0123456789" and self.bottom(index) > y.value + look.size * 0.2
            found.append(Glyph(sign, box.left, box.right, y.value, look, raised))
            self.fonts.add(found[-1])
        return found

    def links(self) -> list[Link]:
        """Return the places on the page that are linked to addresses."""
        found: list[Link] = []
        position, link, box = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
        corners = pdfium.FS_QUADPOINTSF()
        document = self.page.pdf
        while len(found) < 1_000 and pdfium.FPDFLink_Enumerate(self.page, position, link):
            action = pdfium.FPDFLink_GetAction(link)
            length = pdfium.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
            if not 1 < length < 5_000:
                continue
            address = ctypes.create_string_buffer(length)
            pdfium.FPDFAction_GetURIPath(document, action, address, length)
            href = address.value.decode(errors="replace")
            parts = pdfium.FPDFLink_CountQuadPoints(link)  # of a link over several lines: its place on each
            for part in range(min(parts, 100)):
                if pdfium.FPDFLink_GetQuadPoints(link, part, corners):
                    across = (corners.x1, corners.x2, corners.x3, corners.x4)
                    along = (corners.y1, corners.y2, corners.y3, corners.y4)
                    found.append((min(across), max(across), min(along), max(along), href))
            if not parts and pdfium.FPDFLink_GetAnnotRect(link, box):
                found.append((*sorted((box.left, box.right)), *sorted((box.bottom, box.top)), href))
        return found

    def has_picture(self) -> bool:
        return any(True for _picture in self.page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


kind = cache(unicodedata.bidirectional)
wide = cache(unicodedata.east_asian_width)


def is_rtl(sign: str) -> bool:
    return kind(sign[0]) in {"R", "AL"}


def lines_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return glyphs as lines: those that follow each other at one height, raised and lowered ones too."""
    found: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in glyphs:
        blank = not glyph.text.strip()
        near = max(size, glyph.look.size)
        at_height = abs(glyph.y - base) < near * 0.45
        if found and (blank or at_height):
            found[-1].append(glyph)
            if blank:
                continue
            if glyph.look.size > size * 1.1:  # the line began with a raised letter
                base, size = glyph.y, glyph.look.size
        elif not blank:
            found.append([glyph])
            base, size = glyph.y, glyph.look.size
    return found


def is_raised(glyph: Glyph, size: float, base: float) -> bool:
    return glyph.raised or (glyph.look.size < size * 0.85 and glyph.y > base + size * 0.12)


def spaced(glyphs: list[Glyph], size: float, base: float) -> list[Glyph]:
    """Return the glyphs of a line with one blank wherever there is a gap, a tab where it is wide."""
    found: list[Glyph] = []
    blank = False
    numbers = bool(glyphs) and is_raised(glyphs[0], size, base) and glyphs[0].text.isdecimal()
    for glyph in glyphs:
        if not glyph.text.strip():
            blank = True
            continue
        if found:
            before = found[-1]
            gap = glyph.left - before.right
            enough = 0.6 if is_wide(before.text) or is_wide(glyph.text) else GAP
            if numbers and not is_raised(glyph, size, base):
                blank, numbers = True, False  # after the number of a note, which some programs set close to it
            if len(found) < 5 and NUMBER.fullmatch("".join(glyph.text for glyph in found)):
                enough = GAP / 3  # `10.` leaves less room behind it than `9.`
            if blank or gap > enough * size:
                strong, em = (getattr(before.look, name) and getattr(glyph.look, name) for name in ("strong", "em"))
                font = before.look.font if before.look.font == glyph.look.font else -1
                both = Look(size, strong, em, font)
                found.append(Glyph("\t" if gap > TAB * size else " ", before.right, glyph.left, base, both))
        found.append(glyph)
        blank = False
    return found


def in_order(glyphs: list[Glyph]) -> list[Glyph]:
    """Return glyphs from left to right as they are read from right to left: numbers and other scripts stay."""
    backward = glyphs[::-1]
    kinds = [kind(glyph.text[0]) for glyph in backward]
    found: list[Glyph] = []
    at = 0
    while at < len(backward):
        if kinds[at] not in {"L", "EN", "AN"}:
            found.append(backward[at])
            at += 1
            continue
        end = last = at
        latin = False
        while end < len(backward) and kinds[end] not in {"R", "AL"}:
            if kinds[end] in {"L", "EN", "AN"}:
                last, latin = end, latin or kinds[end] == "L"
            elif kinds[end] in {"WS", "S"} and not latin and not leads_to_latin(kinds, end):
                break
            end += 1
        while last + 1 < len(backward) and kinds[last + 1] == "ET":
            last += 1
        found += reversed(backward[at : last + 1])
        at = last + 1
    return found


def with_words_turned(glyphs: list[Glyph]) -> list[Glyph]:
    """Return glyphs from left to right as they are read so, with the words among them that are read the other way."""
    found: list[Glyph] = []
    at = 0
    while at < len(glyphs):
        last = at
        if is_rtl(glyphs[at].text):
            for end in range(at, len(glyphs)):
                if is_rtl(glyphs[end].text):
                    last = end
                elif kind(glyphs[end].text[0]) == "L":
                    break
        found += in_order(glyphs[at : last + 1]) if last > at else [glyphs[at]]
        at = last + 1
    return found


def leads_to_latin(kinds: list[str], at: int) -> bool:
    """Whether the next strong letter is of another script: `2021` before a Latin word belongs to it."""
    for kind in kinds[at:]:
        if kind in {"R", "AL"}:
            return False
        if kind == "L":
            return True
    return False


def line_of(glyphs: list[Glyph], links: list[Link], *, page_rtl: bool) -> dict[str, Any] | None:
    """Return a line as plain data: its place, its size, and its pieces of text with their marks and addresses."""
    drawn = [glyph for glyph in glyphs if glyph.text.strip()]
    if not drawn:
        return None
    sizes: dict[float, int] = {}
    for glyph in drawn:
        sizes[glyph.look.size] = sizes.get(glyph.look.size, 0) + len(glyph.text)
    size = max(sizes, key=lambda value: (sizes[value], value))
    if len(drawn) > 1 and max(sizes) > size and sizes[max(sizes)] * 3 > sizes[size]:
        size = max(sizes)
    heights = sorted(glyph.y for glyph in drawn if glyph.look.size >= size * 0.9)
    base = heights[len(heights) // 2] if heights else drawn[0].y
    arabic = sum(is_rtl(glyph.text) for glyph in drawn)
    latin = sum(kind(glyph.text[0]) == "L" for glyph in drawn)
    rtl = arabic > latin or (page_rtl and (arabic > 0 or not latin))
    mixed = sorted(glyphs, key=lambda glyph: glyph.left + glyph.right) if rtl or arabic else glyphs
    ordered = spaced(mixed, size, base)
    ordered = in_order(ordered) if rtl else with_words_turned(ordered) if arabic else ordered
    pieces: list[list[Any]] = []
    for glyph in ordered:
        marks: list[Any] = [name for name in ("strong", "em") if getattr(glyph.look, name)]
        if is_raised(glyph, size, base):
            marks.append("sup")
        elif glyph.look.size < size * 0.85 and glyph.y < base - size * 0.05:
            marks.append("sub")
        marks.append(glyph.look.font)
        middle, height = (glyph.left + glyph.right) / 2, glyph.y + glyph.look.size * 0.25
        href = next((link[4] for link in links if link[0] <= middle <= link[1] and link[2] <= height <= link[3]), "")
        if pieces and pieces[-1][1:] == [marks, href]:
            pieces[-1][0] += glyph.text
        else:
            pieces.append([glyph.text, marks, href])
    for piece in pieces:
        piece[0] = JOINED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), piece[0])
        piece[0] = turned(piece[0]) if rtl else piece[0]
    return {
        "left": round(min(glyph.left for glyph in drawn), 1),
        "right": round(max(glyph.right for glyph in drawn), 1),
        "y": round(base, 1),
        "size": size,
        "rtl": rtl,
        "pieces": pieces,
    }


def is_wide(sign: str) -> bool:
    return wide(sign[0]) in "WF"


def turned(text: str) -> str:
    """Return text with its brackets open before words and closed after them: they are drawn as a mirror shows them."""
    text = re.sub(r"(?<!\S)[)(](?=\S)", "(", text)
    return re.sub(r"(?<=[^\s(])[)(](?=$|[\s.,;:،؛])", ")", text)


def read(content: bytes) -> dict[str, Any]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        password = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise Problem("encrypted" if password else "damaged") from None
    if len(document) > MOST_PAGES:
        raise Problem("too_large")
    pages: list[dict[str, Any]] = []
    fonts = Fonts()
    letters = words = pictures = unknown = 0
    for number in range(len(document)):
        page = Page(document[number], fonts)
        glyphs = page.glyphs()
        links = page.links()
        page_rtl = sum(is_rtl(glyph.text) for glyph in glyphs) > len(glyphs) / 3
        lines = [line for line in (line_of(line, links, page_rtl=page_rtl) for line in lines_of(glyphs)) if line]
        pictures += not lines and page.has_picture()
        letters += sum(len(glyph.text) for glyph in glyphs)
        unknown += page.unknown
        words += sum(len("".join(piece[0] for piece in line["pieces"]).split()) for line in lines)
        pages.append({"width": round(page.page.get_width(), 1), "lines": lines})
        page.close()
        if letters > MOST_LETTERS:
            raise Problem("too_large")
    if unknown > letters / 5:
        raise Problem("letters")
    if not words or pictures * 2 > len(pages):
        raise Problem("scan")
    bold = fonts.bold()
    for marks in (piece[1] for page in pages for line in page["lines"] for piece in line["pieces"]):
        if marks.pop() in bold and "strong" not in marks:
            marks.insert(0, "strong")
    return {"pages": pages, "words": words}


def main() -> None:
    confine(megabytes=int(sys.argv[1]), seconds=int(sys.argv[2]))
    try:
        answer = read(sys.stdin.buffer.read())
    except Problem as problem:
        answer = {"problem": str(problem)}
    except MemoryError:
        answer = {"problem": "too_large"}
    except Exception:  # the library raises many kinds at a file that is not as it should be
        answer = {"problem": "damaged"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
