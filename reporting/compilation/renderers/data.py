"""Writes a document as data: the frozen snapshot itself, in its canonical form.

So the SHA-256 of the file is the fingerprint, and whoever has the file needs no portal to check it. What is in it says
`assets/snapshot-2.schema.json`. The summary alone has no data of its own: it is a part of the same text.
"""

from reporting.compilation.document import Document
from reporting.compilation.renderers.process import Tools


def render(document: Document, _tools: Tools) -> bytes:
    """Return the file, in UTF-8."""
    return document.snapshot_bytes
