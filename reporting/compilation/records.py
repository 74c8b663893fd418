"""Names of record versions: `u12_en_3` is the third version of the English text of update 12.

They are the ids of blocks in compiled files, and the addresses of pages that show a version as it was.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reporting.choices import RecordKind
from reporting.compilation.snapshot import Record, Snapshot

LETTERS = {
    RecordKind.INITIATIVE: "i",
    RecordKind.ENTITY_TEXT: "e",
    RecordKind.UPDATE: "u",
    RecordKind.PASSAGE: "p",
    RecordKind.ITEM: "w",
    RecordKind.SECTION: "s",
    RecordKind.COVER: "c",
    RecordKind.LAYOUT: "l",
    RecordKind.REFERENCE: "r",
}
_KIND_OF = {letter: kind for kind, letter in LETTERS.items()}
_VERSION = re.compile(
    rf"(?P<letter>[{''.join(_KIND_OF)}])(?P<id>[0-9]{{1,18}})(?:_(?P<language>[a-z]{{2}}))?_(?P<version>[0-9]{{1,9}})"
    r"(?:_[0-9]+)?(?:_p[0-9]+)?"  # printed a second time; a paragraph of it
)


class RecordVersion(NamedTuple):
    """One version of a record, or of its text in one language."""

    kind: RecordKind
    id: int
    language: str  # empty where the record has no versions in languages
    version: int

    def __str__(self) -> str:
        return "_".join(part for part in (f"{LETTERS[self.kind]}{self.id}", self.language, str(self.version)) if part)


def version_of(record: Record) -> RecordVersion:
    """Return the version that a snapshot names."""
    return RecordVersion(RecordKind(record["kind"]), record["id"], record["language"], record["version"])


def block_id(record: Record) -> str:
    """Return the id of a block that prints this version: at most 32 characters of `[a-z0-9_]`."""
    return str(version_of(record))


def parse(block: str) -> RecordVersion | None:
    """Return the version that the id of a block names, its paragraph left out; None where it is no such id."""
    found = _VERSION.fullmatch(block)
    if found is None:
        return None
    return RecordVersion(_KIND_OF[found["letter"]], int(found["id"]), found["language"] or "", int(found["version"]))


def printed_versions(snapshot: Snapshot) -> list[RecordVersion]:
    """Return each version that a snapshot prints, once, in reading order."""
    return list(dict.fromkeys(version_of(record) for record in records_in(snapshot)))


def records_in(snapshot: Snapshot) -> Iterator[Record]:
    """Yield the records that a snapshot names, in reading order."""
    return (record for record in _named(snapshot) if record)


def _named(snapshot: Snapshot) -> Iterator[Record | None]:
    yield snapshot["cover_record"]
    yield snapshot["front_record"]
    for section in snapshot["sections"]:
        yield section["record"]
        for item in section["items"]:
            yield item["heading_record"]
            yield item["record"]
    for reference in snapshot["references"].values():
        yield reference["record"]
