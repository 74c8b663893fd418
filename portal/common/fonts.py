"""The font packages that documents and charts are set with."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

# Package on PyPI -> its module and the fewest font files that it has to hold.
PACKAGES = {
    "fontpkg-noto-sans": ("fontpkg_noto_sans", 2),
    "fontpkg-ibm-plex-sans-arabic": ("fontpkg_ibm_plex_sans_arabic", 7),
    "manimgx-fonts-cjk": ("manimgx_fonts_cjk", 1),
    "manimgx-fonts": ("manimgx_fonts", 20),
}
LATIN = "Noto Sans"
# Noto Sans Arabic draws the dots of a letter as signs of their own, which Typst tells readers as letters: copied from
# the PDF or read aloud, the text would hold most letters twice.
ARABIC = "IBM Plex Sans Arabic"
CHINESE = "Noto Sans CJK SC"


def folder_of(package: str) -> Path | None:
    """Return the folder of a font package, or None where it is not complete."""
    module, fewest = PACKAGES[package]
    spec = importlib.util.find_spec(module)
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return folder if folder and len(list(files_in(folder))) >= fewest else None


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in {".ttf", ".ttc", ".otf"})
