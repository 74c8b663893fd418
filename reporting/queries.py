"""Reads over several models, for the pages of `reporting`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from initiatives.choices import UnMembership
from initiatives.models import (
    Country,
    Document,
    Entity,
    Initiative,
    InitiativePlace,
    Membership,
    Passage,
    Reference,
    Update,
)
from portal.common import richtext
from portal.common.languages import in_language, reader_language
from portal.common.periods import Period
from portal.models import User
from reporting.choices import CallState, CompilationState, FillingRule, RecordKind
from reporting.compilation.document import sentence
from reporting.compilation.gather import NothingToCompile, gather
from reporting.compilation.snapshot import Item as SnapshotItem
from reporting.compilation.snapshot import Record, fingerprint
from reporting.models import Artifact, Call, CallLetter, Compilation, Item, PrintedVersion, Seal, Section, Submission
from reporting.querysets import FINAL, CompilationQuerySet, SubmissionQuerySet
from reporting.services.submissions import reported_initiatives
from reporting.verification.integrity import frozen_text


def calls_to(entities: Collection[Entity]) -> list[Call]:
    """Return the calls that ask these entities, the latest period first."""
    asked = Call.objects.filter(Q(owner=None) | Q(owner__in=entities))
    return list(asked.only("state", "owner", "period_start", "period_end", "due_on").order_by("-period_start", "-pk"))


def current_period(calls: Iterable[Call], today: dt.date) -> Period:
    """Return the period of the first open call of these, else the year of today."""
    call = next((call for call in calls if call.state == CallState.OPEN), None)
    return Period(call.period_start, call.period_end) if call else Period.of_years(today.year)


def periods_to_choose(calls: Iterable[Call], today: dt.date) -> list[Period]:
    """Return the periods of the calls and the last years, latest first."""
    called = {Period(call.period_start, call.period_end) for call in calls}
    years = {Period.of_years(year) for year in range(today.year - 5, today.year + 1)}
    return sorted(called | years, reverse=True)


@dataclass(frozen=True)
class Asked:
    """What the letter of a call asks, in the reader's language where it was entered in it."""

    call: Call
    letter: CallLetter


def asked_about(period: Period, entities: Collection[Entity]) -> list[Asked]:
    """Return what letters ask the entities to tell of the period, the latest call first; in two queries."""
    asking = Call.objects.asking(entities, period).filter(Exists(CallLetter.objects.filter(call=OuterRef("pk"))))
    return _asked(asking.prefetch_related("letters"))


def asked_by(submission: Submission) -> list[Asked]:
    """Return what the letter asks that a submission answers; nothing where nobody entered it."""
    return _asked([submission.call])


def _asked(calls: Iterable[Call]) -> list[Asked]:
    found = [(call, call.letter_in(reader_language())) for call in calls]
    return [Asked(call, letter) for call, letter in found if letter]


# The first page


@dataclass(frozen=True)
class Figures:
    """How much is public."""

    initiatives: int
    entities: int
    countries: int


def public_figures() -> Figures:
    """Count public initiatives that count as such, their entities, and the States they name as their places."""
    counted = Initiative.objects.public().listed().counted()
    facts = counted.aggregate(initiatives=Count("pk"), entities=Count("entity", distinct=True))
    named = InitiativePlace.objects.filter(country=OuterRef("pk"), initiative__in=counted)
    states = Country.objects.public().filter(Exists(named), un_member__in=[UnMembership.MEMBER, UnMembership.OBSERVER])
    return Figures(facts["initiatives"], facts["entities"], states.count())


# Submissions


@dataclass(frozen=True)
class OutlinedItem:
    """One item of a section: what it prints, from which record."""

    heading: str
    language: str
    source: Promise | str
    words: int
    opening: str  # how its text begins, for an item without heading
    url: str | None  # of the record's page, empty where it has none; None where the reader does not see the record


@dataclass(frozen=True)
class OutlinedSection:
    """One section of a submission, as it would be printed today."""

    heading: str
    is_summary: bool
    limit: int | None
    words: int
    items: list[OutlinedItem]
    hidden: int  # items whose record the reader does not see

    @property
    def too_many(self) -> int:
        """Words beyond the limit."""
        return max(0, self.words - self.limit) if self.limit else 0


@dataclass(frozen=True)
class OutlinedSubmission:
    """What a compilation would print today; of a sealed submission, what was sealed."""

    sections: list[OutlinedSection]
    demonstration: bool  # holds invented records, said on every page of the files
    fingerprint: str  # of the text; empty where nothing would be printed
    is_damaged: bool = False  # what is stored is not what was sealed, so nothing of it is shown

    @property
    def words(self) -> int:
        return sum(section.words for section in self.sections)


_SOURCES = {
    "initiative": _("description"),
    "entity_text": _("own text of a joint initiative"),
    "update": _("update for the period"),
    "passage": _("passage"),
    "item": _("heading or wording of its own"),
}
_FIGURES = _("figures of indicators")


def outline_of(submission: Submission, user: User | AnonymousUser) -> OutlinedSubmission:
    """Return what a compilation would print, section by section, in a fixed number of queries.

    What was sealed is shown as it was sealed, whatever its records say today.
    """
    if submission.state in FINAL and (
        seal := Seal.objects.filter(submission=submission).select_related("compilation").first()
    ):
        return _sealed_outline(seal, user)
    printed: dict[int, list[SnapshotItem]] = {}
    demonstration, text = False, ""
    try:
        snapshot = gather(submission, submission.language)
        printed = {section["record"]["id"]: section["items"] for section in snapshot["sections"]}
        demonstration, text = snapshot["demonstration"], fingerprint(snapshot)
    except NothingToCompile:
        pass  # every section stands there empty
    seen = _seen_records(user, [item["record"] for items in printed.values() for item in items])
    sections = []
    for section in submission.sections.order_by("order"):
        items = [_outlined(item, seen.get(_record_of(item))) for item in printed.get(section.pk, [])]
        shown = [item for item in items if item.url is not None]
        sections.append(
            OutlinedSection(
                heading=in_language(section, "name", submission.language),
                is_summary=section.is_summary,
                limit=section.word_limit,
                words=sum(item.words for item in items),
                items=shown,
                hidden=len(items) - len(shown),
            )
        )
    return OutlinedSubmission(sections, demonstration, text)


def _sealed_outline(seal: Seal, user: User | AnonymousUser) -> OutlinedSubmission:
    """Return the outline of what was sealed: all of it, since who sees the submission may take its files away.

    A text that somebody edited past the portal is not shown as the sealed one.
    """
    snapshot = frozen_text(seal.compilation)
    if snapshot is None:
        return OutlinedSubmission([], False, "", is_damaged=True)
    seen = _seen_records(user, [item["record"] for section in snapshot["sections"] for item in section["items"]])
    limits = dict(Section.objects.filter(submission=seal.submission_id).values_list("pk", "word_limit"))
    sections = [
        OutlinedSection(
            heading=section["heading"],
            is_summary=section["summary"],
            limit=limits.get(section["record"]["id"]),
            words=sum(richtext.word_count(item["html"]) for item in section["items"]),
            items=[_outlined(item, seen.get(_record_of(item), "")) for item in section["items"]],
            hidden=0,
        )
        for section in snapshot["sections"]
    ]
    return OutlinedSubmission(sections, snapshot["demonstration"], seal.fingerprint)


def _seen_records(user: User | AnonymousUser, records: Sequence[Record]) -> dict[tuple[str, int], str]:
    """Return the records that the reader sees, by kind and id, each with the address of its page or nothing."""
    ids: dict[str, set[int]] = defaultdict(set)
    for record in records:
        ids[record["kind"]].add(record["id"])
    initiatives = Initiative.objects.visible_to(user)
    passages = Passage.objects.visible_to(user)
    slugs = {
        "initiative": initiatives.filter(pk__in=ids["initiative"]).values_list("pk", "slug"),
        "update": Update.objects.visible_to(user).filter(pk__in=ids["update"]).values_list("pk", "initiative__slug"),
        "item": Item.objects.of_records_seen_by(user).filter(pk__in=ids["item"]).values_list("pk", "initiative__slug"),
    }
    seen = {
        (kind, pk): reverse("initiative_detail", args=[slug]) if slug else ""
        for kind, rows in slugs.items()
        for pk, slug in rows
    }
    for pk in passages.filter(pk__in=ids["passage"]).values_list("pk", flat=True):
        seen["passage", pk] = reverse("passage_detail", args=[pk])
    return seen


def _record_of(item: SnapshotItem) -> tuple[str, int]:
    return item["record"]["kind"], item["record"]["id"]


def _outlined(item: SnapshotItem, url: str | None) -> OutlinedItem:
    return OutlinedItem(
        heading=item["heading"],
        language=item["language"],
        source=_FIGURES if "figures" in item else _SOURCES[item["record"]["kind"]],
        words=richtext.word_count(item["html"]),
        opening="" if item["heading"] else Truncator(richtext.to_plain(item["html"])).words(10),
        url=url,
    )


def waiting_to_be_added(submission: Submission) -> int:
    """Count the initiatives that the next compilation adds: reported for the period, and in no section yet."""
    if not submission.sections.filter(rule=FillingRule.INITIATIVES).exists():
        return 0
    return reported_initiatives(submission).exclude(items__section__submission=submission).count()


def submissions_with(initiative: Initiative, user: User | AnonymousUser) -> SubmissionQuerySet:
    """Return the visible submissions that hold the initiative, or one that was merged into it, latest first."""
    here = Q(initiative=initiative) | Q(initiative__merged_into=initiative)
    holding = Item.objects.filter(here, section__submission=OuterRef("pk"))
    return Submission.objects.visible_to(user).filter(Exists(holding)).for_listing()


def submissions_holding(passages: Collection[int], user: User | AnonymousUser) -> dict[int, list[Submission]]:
    """Return the visible submissions that hold each of the passages, by its id, latest first, in two queries."""
    pairs = set(Item.objects.filter(passage__in=passages).values_list("passage", "section__submission"))
    found: dict[int, list[Submission]] = defaultdict(list)
    for submission in Submission.objects.visible_to(user).filter(pk__in={pk for _one, pk in pairs}).for_listing():
        for passage in passages:
            if (passage, submission.pk) in pairs:
                found[passage].append(submission)
    return found


def submissions_citing(document: Document, user: User | AnonymousUser) -> SubmissionQuerySet:
    """Return the submissions whose footnotes cite the document in a text that the reader may see, latest first."""
    references = Reference.objects.filter(document=document)
    printed = PrintedVersion.objects.visible_to(user).filter(
        kind=RecordKind.REFERENCE, record_id__in=references.values("pk"), compilation__rebuilds=None
    )
    citing = Submission.objects.visible_to(user).filter(pk__in=printed.values("compilation__submission"))
    return citing.for_listing()


# Compilations

_SILENCE = dt.timedelta(seconds=20)  # after which it is fair to say that no worker is about


@dataclass(frozen=True)
class ShownFile:
    """A file that a compilation made, as `components/files.html` shows it."""

    name: str
    url: str
    format: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ShownCompilation:
    """A compilation as a page shows it: who asked for it by role alone, since names are seen inside one entity."""

    compilation: Compilation
    role: str
    step: Promise | str
    files: list[ShownFile]
    warnings: list[str]
    versions: list[tuple[str, str]]  # of the renderers, by name


def with_files(compilations: CompilationQuerySet) -> CompilationQuerySet:
    """Load all that a page shows of compilations; their snapshots, which are as large as the files, stay away."""
    related = compilations.select_related("submission__call__session", "submission__layout", "seal")
    return related.prefetch_related("artifacts").defer("snapshot")


def shown_compilations(compilations: Sequence[Compilation], now: dt.datetime) -> list[ShownCompilation]:
    """Put to compilations of one submission, loaded by `with_files`, what a page shows beside them."""
    roles = _roles_of_requesters(compilations)
    return [
        ShownCompilation(
            compilation=compilation,
            role=roles.get(compilation.requested_by_id or 0, ""),
            step=_step(compilation, now),
            files=[_shown_file(artifact, compilation) for artifact in compilation.artifacts.all()],
            warnings=[sentence(warning) for warning in compilation.warnings],
            versions=sorted(compilation.renderers.items()),
        )
        for compilation in compilations
    ]


def _roles_of_requesters(compilations: Sequence[Compilation]) -> dict[int, str]:
    people = {compilation.requested_by_id for compilation in compilations if compilation.requested_by_id}
    entities = Entity.objects.filter(submissions__in={compilation.submission_id for compilation in compilations})
    roles = Membership.objects.filter(user__in=people, entity__in=entities).select_related("entity")
    # staff come first and are overwritten: with two roles a person asked in the other
    return {role.user_id: f"{role.get_role_display()}, {role.entity}" for role in roles.order_by("-role")}


def _shown_file(artifact: Artifact, compilation: Compilation) -> ShownFile:
    submission = compilation.submission
    where = [submission.call.slug, submission.slug, compilation.number, artifact.file_name]
    return ShownFile(
        name=artifact.file_name,
        url=reverse("artifact_download", args=where),
        format=artifact.format,
        size=artifact.size,
        sha256=artifact.sha256,
    )


def _step(compilation: Compilation, now: dt.datetime) -> Promise | str:
    """What an unfinished compilation does now."""
    if compilation.state == CompilationState.QUEUED:
        if compilation.attempt and compilation.not_before > now:
            return _("The last attempt failed. The next one begins by itself.")
        if now - compilation.not_before > _SILENCE:
            return _("No worker has taken it yet. It stays in the queue.")
        return _("Waiting for a worker.")
    if compilation.progress < 15:
        return _("Reading the records.")
    if compilation.progress < 30:
        return _("Setting the text.")
    return _("Making the files.")


_OWN_LATEST, _NEAR, _AT_MOST = 20, 3, 200  # compilations offered of the same submission; before and after; in all


def comparable_with(compilation: Compilation, user: User | AnonymousUser) -> list[Compilation]:
    """Return finished compilations that a reader may compare with this one, those of the same submission first.

    Others are those of the submission it corrects, of those that correct it, and of what the same entities told in
    other calls, latest first: of each the latest and the sealed ones, since few look at older drafts of another year.
    """
    submission = compilation.submission
    related = Submission.objects.filter(
        Q(pk=submission.pk)
        | Q(pk=submission.based_on_id)
        | Q(based_on=submission)
        | Q(entities__in=submission.entities.all())
    )
    near = Q(number__range=(compilation.number - _NEAR, compilation.number + _NEAR))
    newest_first = Window(RowNumber(), partition_by="submission", order_by=F("number").desc())
    found = (
        Compilation.objects.visible_to(user)
        .filter(state=CompilationState.DONE, snapshot__isnull=False, rebuilds=None, submission__in=related.values("pk"))
        .exclude(pk=compilation.pk)
        .annotate(newest=newest_first)
        .filter(Q(newest=1) | Q(seal__isnull=False) | Q(Q(newest__lte=_OWN_LATEST) | near, submission=submission))
        .select_related("submission__call__session", "seal")
        .defer("snapshot", "report", "warnings")
        .order_by("-submission__call__period_start", "submission__slug", "-number")
    )
    rank = {submission.pk: 0, submission.based_on_id: 1}
    return sorted(found[:_AT_MOST], key=lambda other: rank.get(other.submission_id, 2))
