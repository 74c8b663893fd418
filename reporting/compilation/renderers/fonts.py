"""The fonts of documents: where the packages keep them, and which characters they can show."""

import re
import string
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from portal.common.fonts import ARABIC, CHINESE, LATIN, PACKAGES, files_in, folder_of
from reporting.compilation.renderers.errors import FontMissing

BOX = "\u25a1"  # stands for a character that no font has

_MARKS = {"Mn", "Mc", "Me"}  # drawn on the letter before them
_PUNCTUATION = re.escape(string.punctuation)  # also that of the markup around a text, which must stay
# What no font draws: Default_Ignorable_Code_Point of the Unicode Character Database.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def folders() -> list[Path]:
    """Return the folders of the font packages. Raises FontMissing where one is not complete."""
    found = []
    for package in PACKAGES:
        folder = folder_of(package)
        if folder is None:
            raise FontMissing(package)
        found.append(folder)
    return found


def families() -> list[str]:
    """Return the families in the order in which a character is looked up."""
    others = sorted({name for _path, name, _characters in faces()} - {LATIN, ARABIC, CHINESE})
    return [LATIN, ARABIC, CHINESE, *others]


@cache
def faces() -> list[tuple[Path, str, frozenset[int]]]:
    """Return file, family and characters of each upright face; of the Chinese collection, the simplified face."""
    found = []
    for folder in folders():
        for path in files_in(folder):
            if "Italic" not in path.name:
                found.append((path, *_read_face(path)))
    return found


def without_font(text: str) -> list[str]:
    """Return the characters, or characters with their combining marks, that no font can show; each once, sorted.

    A mark is drawn by the font of the letter it stands on, so one font has to have both. Signs of private use count as
    missing whatever a font draws for them: nobody could read them, and PDF/A refuses them.
    """
    sets = [characters for _path, _name, characters in faces()]
    everything = frozenset().union(*sets)
    present = set(text)
    missing = {sign for sign in present if not _is_invisible(sign) and not _is_shown(sign, everything)}
    marks = [sign for sign in present if unicodedata.category(sign) in _MARKS]
    if marks:
        listed = "".join(map(re.escape, marks))
        for cluster in set(re.findall(f"[^{listed}\\s{_PUNCTUATION}][{listed}]+", text)):
            signs = {ord(sign) for sign in cluster if not _is_invisible(sign)}
            composed = {ord(sign) for sign in unicodedata.normalize("NFC", cluster) if not _is_invisible(sign)}
            if not any(signs <= one or composed <= one for one in sets):
                missing.add(cluster)
    return sorted(missing)


def without_marks(text: str) -> str:
    """Return the text with its letters composed where Unicode can, and without any mark that is left."""
    marks = "".join(re.escape(sign) for sign in set(text) if unicodedata.category(sign) in _MARKS)
    if not marks:
        return text
    composed = re.sub(f"[^\\W_][{marks}]+", lambda found: unicodedata.normalize("NFC", found[0]), text)
    return re.sub(f"[{marks}]", "", composed)


def boxed(text: str, missing: list[str]) -> str:
    """Return the text with a box for each of the missing."""
    if not missing:
        return text
    longest_first = sorted(missing, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), BOX, text)


def _is_shown(sign: str, characters: frozenset[int]) -> bool:
    return ord(sign) in characters and unicodedata.category(sign) != "Co"


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" or bool(_INVISIBLE.match(sign))


def _read_face(path: Path) -> tuple[str, frozenset[int]]:
    """Return family and characters of a font file."""
    fonts = TTCollection(path, lazy=True).fonts if path.suffix == ".ttc" else [TTFont(path, lazy=True)]
    for font in fonts:
        name = font["name"].getBestFamilyName()
        if len(fonts) == 1 or name == CHINESE:
            return name, frozenset(font.getBestCmap())
    raise FontMissing(CHINESE)
