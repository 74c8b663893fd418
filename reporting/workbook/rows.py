"""Which records a workbook holds: initiatives of one entity, what it tells of them, and its results, as of today."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from initiatives.choices import DraftOf
from initiatives.drafting import entity_texts as of_own_texts
from initiatives.drafting import results as of_results
from initiatives.drafting.initiatives import contents_of
from initiatives.drafting.updates import standing_of
from initiatives.models import Draft, Entity, EntityText, Initiative, Result, Update
from initiatives.queries import with_update_of
from initiatives.querysets import DraftQuerySet, InitiativeQuerySet, ResultQuerySet
from initiatives.services.many_drafts import original_titles
from portal.common.keys import one_of
from portal.common.merging import Value
from portal.common.periods import Period

_NUMBER = re.compile(r"([ider])([1-9][0-9]{0,17})(?::([0-9/-]{4,21}))?")


@dataclass(frozen=True)
class Number:
    """What a workbook names a record by.

    `i12` is an initiative, `r56` a result, `d34` a new one of either that has only its draft, `i12:2025` what is told
    of an initiative for a period, `e12` what the entity says of one that it has joined.
    """

    initiative: int | None = None
    draft: int | None = None
    period: Period | None = None
    result: int | None = None
    own_text: int | None = None  # by its initiative

    def __str__(self) -> str:
        if self.result:
            return f"r{self.result}"
        if self.own_text:
            return f"e{self.own_text}"
        period = f":{self.period.code}" if self.period else ""
        return f"i{self.initiative}{period}" if self.initiative else f"d{self.draft}"


def parse_number(text: str) -> Number | None:
    """Return what a text names; None where it names no record."""
    if not (found := _NUMBER.fullmatch(text)):
        return None
    if found[1] != "i":
        pk = int(found[2])
        named = {"d": Number(draft=pk), "e": Number(own_text=pk), "r": Number(result=pk)}
        return None if found[3] else named[found[1]]
    try:
        return Number(initiative=int(found[2]), period=Period.parse(found[3]) if found[3] else None)
    except ValueError:
        return None


@dataclass(frozen=True)
class Standing:
    """What a record says today: its draft where one is under way, else the record itself."""

    number: Number
    content: dict[str, Value]
    initiative: Initiative | None
    draft: Draft | None
    update: Update | None = None
    result: Result | None = None
    own_text: EntityText | None = None
    title: str = ""  # of an update or own text: that of its initiative; of a result: what it is called
    follows: bool = True  # of an update: whether an earlier one could still be true

    @property
    def of(self) -> DraftOf:
        """The kind of the record."""
        if self.number.period:
            return DraftOf.UPDATE
        if self.number.own_text:
            return DraftOf.ENTITY_TEXT
        is_result = self.result or (self.draft and self.draft.of == DraftOf.RESULT)
        return DraftOf.RESULT if is_result else DraftOf.INITIATIVE

    @property
    def is_begun(self) -> bool:
        """Whether there is anything yet; of an update and an own text there need not be."""
        may_be_empty = self.of in {DraftOf.UPDATE, DraftOf.ENTITY_TEXT}
        return not may_be_empty or bool(self.draft or self.update or self.own_text)


def standing(entity: Entity, initiatives: InitiativeQuerySet, drafts: Iterable[Draft] = ()) -> list[Standing]:
    """Return how these initiatives of the entity stand today, and these drafts of new ones, in their order."""
    found = _of(entity, initiatives)
    of_these = open_drafts_of(entity).filter(initiative__in=one_of([one.pk for one in found]))
    open_drafts = {draft.initiative_id: draft for draft in of_these}
    contents = contents_of([one for one in found if one.pk not in open_drafts])
    rows = []
    for one in found:
        draft = open_drafts.get(one.pk)
        rows.append(Standing(Number(one.pk), draft.content if draft else contents[one.pk], one, draft))
    return rows + [Standing(Number(draft=draft.pk), draft.content, None, draft) for draft in drafts]


def _of(entity: Entity, initiatives: InitiativeQuerySet) -> list[Initiative]:
    """Return those of the entity. Each knows it, without a copy of its own."""
    found = list(initiatives.filter(entity=entity))
    for one in found:
        one.entity = entity
    return found


def told(entity: Entity, initiatives: InitiativeQuerySet, period: Period) -> list[Standing]:
    """Return what the entity tells of each of these initiatives for the period, also where that is nothing yet.

    As on the desk it is the latest that reaches into the period, which may be of other days.
    """
    found: list[Any] = _of(entity, with_update_of(initiatives, period))
    drafts = _periods(Draft.objects.filter(pk__in=[one.draft_pk for one in found if one.draft_pk]))
    updates = _periods(Update.objects.filter(pk__in=[one.update_pk for one in found if one.update_pk]))
    asked = [(one.pk, drafts.get(one.draft_pk) or updates.get(one.update_pk) or period) for one in found]
    return _told(entity, found, asked)


def _periods(records: models.QuerySet[Any]) -> dict[int, Period]:
    rows = records.values_list("pk", "period_start", "period_end")
    return {pk: Period(start, end) for pk, start, end in rows}


def _told(entity: Entity, initiatives: Iterable[Initiative], asked: Collection[tuple[int, Period]]) -> list[Standing]:
    known = {one.pk: one for one in initiatives}
    stand = standing_of(asked, entity=entity, drafts=Draft.objects.open())
    titles = original_titles(known)
    rows = []
    for pk, period in asked:
        one = stand[pk, period]
        rows.append(
            Standing(
                Number(pk, period=period),
                one.content,
                known[pk],
                one.draft,
                one.update,
                title=titles.get(pk, known[pk].slug),
                follows=one.follows or bool(one.draft or one.update),
            )
        )
    return rows


def reported(entity: Entity, results: ResultQuerySet, drafts: DraftQuerySet) -> list[Standing]:
    """Return how these results of the entity stand today, and these drafts of new ones, in their order.

    Beside what the form says, `initiative` names the initiative as a workbook does, and `why` tells why it is changed.
    """
    found = list(results.filter(entity=entity).select_related("initiative__entity"))
    under_way = Draft.objects.open().of_results().filter(entity=entity, result__in=found)
    corrections = {draft.result_id: draft for draft in under_way}
    contents = of_results.contents_of([one for one in found if one.pk not in corrections])
    rows: list[tuple[Number, Initiative | None, Result | None, Draft | None]] = [
        (Number(result=one.pk), one.initiative, one, corrections.get(one.pk)) for one in found
    ]
    rows += [(Number(draft=one.pk), one.initiative, None, one) for one in drafts.select_related("initiative__entity")]
    titles = original_titles({initiative.pk for _number, initiative, _result, _draft in rows if initiative})
    stand = []
    for number, initiative, result, draft in rows:
        content: dict[str, Value] = draft.content if draft else contents[number.result or 0]
        title = titles.get(initiative.pk, initiative.slug) if initiative else ""
        said: dict[str, Value] = {
            "initiative": str(Number(initiative.pk)) if initiative else "",
            "why": draft.why if draft else "",
        }
        called = of_results.called(content, title)
        stand.append(Standing(number, content | said, initiative, draft, result=result, title=called))
    return stand


def own_texts(entity: Entity, initiatives: InitiativeQuerySet) -> list[Standing]:
    """Return what the entity says of those of these initiatives that it has joined, also where that is nothing yet."""
    found = list(initiatives.listed().written_for([entity]).exclude(entity=entity).select_related("entity"))
    stand = of_own_texts.standing_of([one.pk for one in found], entity=entity, drafts=Draft.objects.open())
    titles = original_titles({one.pk for one in found})
    rows = []
    for one in found:
        stands = stand[one.pk]
        title = titles.get(one.pk, one.slug)
        number = Number(own_text=one.pk)
        rows.append(Standing(number, stands.content, one, stands.draft, own_text=stands.text, title=title))
    return rows


def new_results_of(entity: Entity) -> DraftQuerySet:
    """Return the drafts of new results of the entity that are under way."""
    return Draft.objects.open().of_results().filter(entity=entity, result=None)


def open_drafts_of(entity: Entity) -> DraftQuerySet:
    """Return the drafts of initiatives of the entity that are under way."""
    return Draft.objects.open().filter(of=DraftOf.INITIATIVE, entity=entity)


def named(entity: Entity, numbers: Iterable[str]) -> dict[str, Standing]:
    """Return how the records stand that these texts name, as far as the entity has them."""
    parsed = [found for text in numbers if (found := parse_number(text))]
    initiatives = _numbered(one.initiative for one in parsed if not one.period)
    drafts = open_drafts_of(entity).filter(initiative=None, pk__in=[one.draft for one in parsed if one.draft])
    rows = standing(entity, initiatives, drafts)
    results = Result.objects.filter(pk__in=[one.result for one in parsed if one.result])
    of_new = new_results_of(entity).filter(pk__in=[one.draft for one in parsed if one.draft])
    rows += reported(entity, results, of_new)
    rows += own_texts(entity, Initiative.objects.filter(pk__in=[one.own_text for one in parsed if one.own_text]))
    asked = {(one.initiative, one.period) for one in parsed if one.initiative and one.period}
    of_updates = {one.pk: one for one in _of(entity, _numbered(pk for pk, _period in asked))}
    if of_updates:
        rows += _told(entity, of_updates.values(), [(pk, period) for pk, period in asked if pk in of_updates])
    return {str(one.number): one for one in rows}


def _numbered(pks: Iterable[int | None]) -> InitiativeQuerySet:
    return Initiative.objects.filter(pk__in=one_of({pk for pk in pks if pk}))
