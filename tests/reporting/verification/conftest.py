"""A sealed submission with the files that the renderers make of it."""

import hashlib
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
    return SealFactory(
        number=number,
        submission=compilation.submission,
        compilation=compilation,
        receipt=make_receipt(
            number=number,
            compilation=compilation,
            snapshot=compilation.snapshot,
            clearances=[],
            role=Role.SECRETARIAT,
            entity=compilation.submission.entities.first(),
            based_on=None,
            now=NOON,
        ),
        **facts,
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
