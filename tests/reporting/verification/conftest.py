"""A sealed submission with the files that the renderers make of it."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from initiatives.choices import Role
from reporting.choices import FileFormat, Part, SubmissionState
from reporting.compilation import document, renderers
from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.models import Compilation, Seal
from reporting.receipts import make_receipt
from reporting.verification import files, texts
from reporting.verification.files import Limits, Reading
from tests.factories import (
    NOON,
    ArtifactFactory,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    SealFactory,
    SessionFactory,
    SubmissionFactory,
)
from tests.reporting.compilation import samples

Files = dict[tuple[str, str], bytes]


def files_of(snapshot: Snapshot) -> Files:
    """Return all files of a text, by format and part."""
    whole, summary = document.build(snapshot), document.build(snapshot, part="summary")
    files = {(format, Part.WHOLE.value): renderers.render(whole, format).content for format in FileFormat.values}
    return files | {("docx", Part.SUMMARY.value): renderers.render(summary, "docx").content}


@pytest.fixture(scope="session", autouse=True)
def _same_bytes_are_read_once() -> Iterator[None]:
    """Each reading costs a process, and most tests compare with the same few files."""
    readings: dict[str, Reading] = {}

    def remembered(content: bytes, limits: Limits | None = None) -> Reading:
        digits = hashlib.sha256(content).hexdigest()
        if digits not in readings:
            readings[digits] = read(content, limits)
        return readings[digits]

    read = files.read
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "read", remembered)
        patch.setattr(texts, "read", remembered)
        yield


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    return {**samples.unido(), "portal": settings.PORTAL_URL}


@pytest.fixture(scope="session")
def made(snapshot: Snapshot) -> Files:
    """The files, made once: the same text gives the same bytes."""
    return files_of(snapshot)


def compiled(snapshot: Snapshot, files: Files, **facts: Any) -> Compilation:
    """Return a finished compilation of this text with these files."""
    submission = SubmissionFactory(
        call=CallFactory(slug=snapshot["call"], session=SessionFactory(number=25)),
        entities=[EntityFactory(code=code) for code in snapshot["entities"]],
        slug=snapshot["submission"],
        **facts,
    )
    compilation = CompilationFactory(
        submission=submission, number=1, done=True, snapshot=snapshot, fingerprint=fingerprint(snapshot)
    )
    for (format, part), content in files.items():
        ArtifactFactory(
            compilation=compilation,
            format=format,
            part=part,
            file=ContentFile(content, name=f"{part}.{format}"),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
    return compilation


def seal_of(compilation: Compilation, **facts: Any) -> Seal:
    """Return a seal with the receipt that belongs to it."""
    number = facts.pop("number", 1)
    receipt = make_receipt(
        number=number,
        compilation=compilation,
        snapshot=compilation.snapshot,
        clearances=[],
        role=Role.SECRETARIAT,
        entity=compilation.submission.entities.first(),
        based_on=None,
        now=NOON,
    )
    return SealFactory(
        number=number, submission=compilation.submission, compilation=compilation, receipt=receipt, **facts
    )


@pytest.fixture
def seal(db: None, snapshot: Snapshot, made: Files) -> Seal:
    """Sealed and published."""
    return seal_of(compiled(snapshot, made, state=SubmissionState.PUBLISHED, published_at=NOON))


@pytest.fixture
def draft(db: None, snapshot: Snapshot, made: Files) -> Compilation:
    return compiled(snapshot, made)


@pytest.fixture
def unpublished(db: None, snapshot: Snapshot, made: Files) -> Seal:
    return seal_of(compiled(snapshot, made, state=SubmissionState.SEALED))
