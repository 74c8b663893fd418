"""Submissions on their way to a seal. Files are small stand-ins here; for real ones see `tests.support.compiling`."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from initiatives.choices import Role
from initiatives.models import Entity, Initiative
from portal.models import User
from reporting.choices import FileFormat, Part, SubmissionState
from reporting.compilation.gather import gather
from reporting.compilation.records import printed_versions
from reporting.compilation.snapshot import canonical, fingerprint
from reporting.models import Compilation, PrintedVersion, Seal, Submission
from reporting.services import seals
from tests.factories import (
    NOON,
    ArtifactFactory,
    CallCoverFactory,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageFactory,
    ReferenceFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    UpdateFactory,
    UserFactory,
)


@dataclass
class Dossier:
    """A submission with one record of each kind in its text, and the people who clear and seal it."""

    submission: Submission
    initiative: Initiative
    focal_points: dict[str, User] = field(default_factory=dict)  # by the code of their entity
    secretariats: dict[str, User] = field(default_factory=dict)

    @property
    def entity(self) -> Entity:
        return self.submission.entities.order_by("pk")[0]

    @property
    def focal_point(self) -> User:
        return self.focal_points[self.entity.code]

    @property
    def secretariat(self) -> User:
        return self.secretariats[self.entity.code]


def prepared(*codes: str, state: str = SubmissionState.IN_REVIEW, call: str = "25") -> Dossier:
    """Return a submission in review, of UNIDO unless other codes are given."""
    entities = [EntityFactory(code=code, name_en=f"Organization {code}") for code in codes or ["UNIDO"]]
    call_row = CallFactory(slug=call, session=SessionFactory(number=25, name="Twenty-fifth session"))
    if not call_row.covers.exists():
        CallCoverFactory(call=call_row)
    submission = SubmissionFactory(call=call_row, entities=entities, state=state)
    reference = ReferenceFactory(text="Annual report, p. 14.")
    body = f'<p>The year in short.<span data-footnote="" data-reference="{reference.pk}">*</span></p>'
    summary = SectionFactory(submission=submission, name_en="Executive Summary", is_summary=True, order=1)
    ItemFactory(section=summary, passage=PassageFactory(entity=entities[0], body=body), order=1)
    ItemFactory(section=summary, passage=PassageFactory(entity=entities[0]), order=2)
    section = SectionFactory(submission=submission, name_en="Initiatives", order=2)
    initiative = InitiativeFactory(entity=entities[0], title="Learning hub", published=True)
    UpdateFactory(initiative=initiative, paragraph="<p>Forty people learned to weld in Lima.</p>")
    ItemFactory(section=section, initiative=initiative, order=1)
    return Dossier(
        submission,
        initiative,
        {entity.code: _person("Focal", Role.FOCAL_POINT, entity) for entity in entities},
        {entity.code: _person("Secretary", Role.SECRETARIAT, entity) for entity in entities},
    )


def _person(name: str, role: str, entity: Entity) -> User:
    return UserFactory(role=role, entity=entity, name=f"{name} of {entity.code}")


def frozen(submission: Submission) -> Compilation:
    """Return a finished compilation of the text of today, with a stand-in for each file."""
    snapshot = gather(submission, submission.language)
    compilation = CompilationFactory(
        submission=submission,
        number=submission.compilations.count() + 1,
        language=submission.language,
        formats=list(FileFormat.values),
        done=True,
        snapshot=snapshot,
        fingerprint=fingerprint(snapshot),
        renderers={"pandoc": "3.1", "templates": "0123456789abcdef"},
    )
    for format, part in [*((format, Part.WHOLE) for format in FileFormat.values), ("docx", Part.SUMMARY)]:
        content = canonical(snapshot) if format == FileFormat.JSON else f"{format} {part} of {compilation}".encode()
        ArtifactFactory(
            compilation=compilation,
            format=format,
            part=part,
            file=ContentFile(content, name=f"{compilation.pk}-{part}.{format}"),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
    for version in printed_versions(snapshot):
        PrintedVersion.objects.create(
            compilation=compilation,
            kind=version.kind,
            record_id=version.id,
            language=version.language,
            version=version.version,
        )
    return compilation


def cleared(dossier: Dossier, compilation: Compilation | None = None, *, now: dt.datetime = NOON) -> Compilation:
    """Return the compilation after every entity has cleared it."""
    compilation = compilation or frozen(dossier.submission)
    for entity in dossier.submission.entities.all():
        seals.clear(compilation=compilation, entity=entity, user=dossier.focal_points[entity.code], now=now)
    dossier.submission.refresh_from_db()
    return compilation


def sealed(dossier: Dossier, compilation: Compilation | None = None, *, now: dt.datetime = NOON) -> Seal:
    """Return the seal after every entity has cleared, and the secretariat of the first one sealed."""
    compilation = cleared(dossier, compilation, now=now)
    seal = seals.seal(
        submission=dossier.submission, fingerprint=compilation.fingerprint, user=dossier.secretariat, now=now
    )
    dossier.submission.refresh_from_db()
    return seal
