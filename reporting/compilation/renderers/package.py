"""Zip files that are the same whenever they are made: what DOCX and ODT are inside."""

import io
import zipfile
from collections.abc import Collection, Mapping

NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can tell
_UNIX = 3  # the system that is said to have made it, whichever did


def packed(parts: Mapping[str, bytes], *, first: Collection[str], stored: Collection[str] = ()) -> bytes:
    """Return the parts as a zip without dates; those named first lead, those named as stored are not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name in sorted(parts, key=lambda name: (name not in first, name)):
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            package.writestr(entry, parts[name])
    return file.getvalue()
