"""Where the words of initiatives were printed, for those who wrote them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, Max, OuterRef, Q

from initiatives.choices import Variant
from initiatives.models import Entity, EntityText, Initiative, InitiativeText, Update
from initiatives.models.base import best_text
from initiatives.querysets import InitiativeQuerySet
from portal.common.merging import plain_blocks
from portal.common.words import Piece, difference
from portal.models import User
from reporting.choices import RecordKind, TextSource
from reporting.models import Item, PrintedVersion, Submission
from reporting.provenance import RecordName
from reporting.querysets import ItemQuerySet, PrintedVersionQuerySet


@dataclass
class PrintedIn:
    """A submission that printed words of an initiative, and which: its own, those of an update, or of who joined."""

    submission: Submission
    is_sealed: bool
    records: list[RecordName]


@dataclass
class Used:
    """An initiative, and the submissions that printed words of it, the latest first."""

    initiative: Initiative
    places: list[PrintedIn] = field(default_factory=list)


@dataclass(frozen=True)
class Reworded:
    """An item of a submission that has other words than the record it prints, and how they differ."""

    item: Item
    text: InitiativeText | None  # of the record, in the language of the submission where it has one
    language: str
    pieces: Sequence[Piece]


def _printed(user: User) -> PrintedVersionQuerySet:
    return PrintedVersion.objects.visible_to(user).filter(compilation__rebuilds=None)


def printed_initiatives(initiatives: InitiativeQuerySet, user: User) -> InitiativeQuerySet:
    """Keep those of which the person may know that words were printed."""
    of_initiative = _printed(user).filter(kind=RecordKind.INITIATIVE, record_id=OuterRef("pk"))
    updates = Update.objects.filter(initiative=OuterRef("pk"))
    of_updates = _printed(user).filter(kind=RecordKind.UPDATE, record_id=OuterRef("pk"))
    own_texts = EntityText.objects.filter(initiative=OuterRef("pk"))
    of_own_texts = _printed(user).filter(kind=RecordKind.ENTITY_TEXT, record_id=OuterRef("pk"))
    return initiatives.filter(
        Exists(of_initiative)
        | Exists(updates.filter(Exists(of_updates)))
        | Exists(own_texts.filter(Exists(of_own_texts)))
    )


def used_in(initiatives: Iterable[Initiative], user: User) -> list[Used]:
    """Return where words of the initiatives were printed, in four queries."""
    found = {initiative.pk: Used(initiative) for initiative in initiatives}
    initiative_of = {
        kind: dict(of.filter(initiative__in=found).order_by().values_list("pk", "initiative"))
        for kind, of in [(RecordKind.UPDATE, Update.objects), (RecordKind.ENTITY_TEXT, EntityText.objects)]
    }
    named = Q(kind=RecordKind.INITIATIVE, record_id__in=list(found))
    for kind, initiatives_of in initiative_of.items():
        named |= Q(kind=kind, record_id__in=list(initiatives_of))
    rows = (
        _printed(user)
        .filter(named)
        .order_by()
        .values("kind", "record_id", submission=F("compilation__submission"))
        .annotate(seal=Max("compilation__seal__number"))
    )
    records: dict[tuple[int, int], list[RecordName]] = defaultdict(list)
    sealed: set[tuple[int, int]] = set()
    for row in rows:
        record = RecordName(RecordKind(row["kind"]), row["record_id"])
        about = record.id if record.kind == RecordKind.INITIATIVE else initiative_of[record.kind][record.id]
        place = (about, row["submission"])
        records[place].append(record)
        if row["seal"]:
            sealed.add(place)
    submissions = Submission.objects.for_listing().filter(pk__in={submission for _initiative, submission in records})
    for submission in submissions.order_by("-call__period_start", "slug", "pk"):
        for pk, used in found.items():
            if (pk, submission.pk) in records:
                by_name = sorted(records[pk, submission.pk], key=str)
                used.places.append(PrintedIn(submission, (pk, submission.pk) in sealed, by_name))
    return list(found.values())


@dataclass(frozen=True)
class LastPrinted:
    """The latest submission that printed words of an initiative, and its item where that words them otherwise."""

    submission: Submission
    item: Item | None


def last_printed(initiative: Initiative, user: User) -> LastPrinted | None:
    """Return where words of the initiative were printed last, as far as the person may know; in five queries."""
    (used,) = used_in([initiative], user)
    if not used.places:
        return None
    submission = used.places[0].submission
    worded = Item.objects.filter(section__submission=submission, text_source=TextSource.WORDING, initiative=initiative)
    return LastPrinted(submission, worded.first())


def rewordings(initiatives: InitiativeQuerySet, entities: Sequence[Entity], user: User) -> ItemQuerySet:
    """Return the items that print other words for the initiatives, in submissions of the entities; the latest first."""
    submissions = Submission.objects.visible_to(user).filter(entities__in=entities)
    items = Item.objects.filter(text_source=TextSource.WORDING, initiative__in=initiatives.values("pk"))
    return (
        items.filter(section__submission__in=submissions.values("pk"))
        .select_related("section__submission__call", "initiative__entity")
        .prefetch_related("initiative__texts")
        .order_by("-section__submission__call__period_start", "section__order", "order", "pk")
    )


def compared(items: Iterable[Item]) -> list[Reworded]:
    """Compare the wording of each item with the description of its initiative."""
    return [_compared(item) for item in items]


def _compared(item: Item) -> Reworded:
    language = item.section.submission.language
    texts = item.initiative.texts.all() if item.initiative else []
    text = best_text([text for text in texts if text.variant == Variant.GENERAL], language)
    before = plain_blocks(text.description) if text else ""
    return Reworded(item, text, language, difference(before, plain_blocks(item.wording)))
