"""Updates, in the API."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from rest_framework import serializers

from initiatives.api.drafts import SavesUpdates, StartsUpdates
from initiatives.api.shared import (
    based_on,
    best_first,
    if_own,
    language_of_text,
    own,
    revision_of_text,
    state_of_text,
)
from initiatives.choices import UpdateKind, UpdateState
from initiatives.filters import UpdateFilter
from initiatives.models import Initiative, Update, UpdateText
from initiatives.services.updates import TEXT_FIELDS
from portal.common.api.records import InnerRecord, Reader, Record, column, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList


def _inside(name: str) -> Any:
    """Declare a field that is written for the entity alone."""
    described = serializers.CharField(allow_null=True, allow_blank=True, help_text="HTML, for people of the entity")
    return column(described, lambda reader: if_own(reader, "update__entity", name))


class TextOfUpdate(InnerRecord):
    language = language_of_text()
    state = state_of_text()
    revision = revision_of_text()
    based_on = based_on()
    paragraph = column(serializers.CharField(allow_blank=True, help_text="HTML, as it will be printed"), "paragraph")
    results = _inside("results")
    obstacles = _inside("obstacles")
    lessons = _inside("lessons")
    proposals = _inside("proposals")
    outlook = _inside("outlook")


assert set(TEXT_FIELDS) <= TextOfUpdate.columns().keys()


def _texts(reader: Reader) -> QuerySet[UpdateText]:
    """Texts of news; of anything else nothing is printed, and only the entity reads what stands there."""
    told = Q(update__kind=UpdateKind.NEWS) | own(reader, "update__entity")
    return UpdateText.objects.filter(told, update=OuterRef("pk"))


def _for_own(described: serializers.Field, member: str) -> Any:
    return column(described, lambda reader: if_own(reader, "entity", member))


def _slug_if_seen(reader: Reader) -> Any:
    seen = Initiative.objects.visible_to(reader.user).filter(pk=OuterRef("initiative"))
    return Coalesce(Subquery(seen.values("slug")), Value(""))


class UpdateRecord(Record):
    """What an entity tells of an initiative for a period."""

    id = column(serializers.IntegerField(), "pk")
    initiative = column(serializers.IntegerField(help_text="id"), "initiative_id")
    initiative_slug = column(
        serializers.CharField(allow_blank=True, help_text="empty where you may not see the initiative"), _slug_if_seen
    )
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    kind = column(serializers.ChoiceField(UpdateKind.choices), "kind")
    state = column(serializers.ChoiceField(UpdateState.choices), "state")
    reason = _for_own(
        serializers.CharField(
            allow_null=True, allow_blank=True, help_text="why there is nothing to report, for people of the entity"
        ),
        "reason",
    )
    text = column(
        TextOfUpdate(allow_null=True, help_text="in the first of the reader's languages, else the original"),
        row_of(TextOfUpdate, lambda reader: best_first(_texts(reader), reader)),
    )
    texts = column(
        TextOfUpdate(many=True, required=False, help_text="in every language"),
        rows_of(TextOfUpdate, lambda reader: _texts(reader).order_by("pk")),
        on_request=True,
    )
    submitted_at = _for_own(
        serializers.DateTimeField(allow_null=True, help_text="for people of the entity"), "submitted_at"
    )
    decided_at = column(serializers.DateTimeField(allow_null=True), "decided_at")
    decision_note = _for_own(
        serializers.CharField(allow_null=True, allow_blank=True, help_text="for people of the entity"),
        "decision_note",
    )
    edits = _for_own(
        serializers.IntegerField(allow_null=True, help_text="number of saves, for people of the entity"), "edits"
    )

    every_language = ("texts",)


class Updates:
    record = UpdateRecord

    def rows(self: Any) -> QuerySet[Update]:
        return Update.objects.visible_to(self.request.user)


class UpdateList(StartsUpdates, Updates, RecordList):
    """Updates: approved ones of public initiatives, and all of one's own entity; filtered as on the page.

    `initiative` is the slug of an initiative. Every vocabulary's code is a parameter too, with codes of its terms.
    """

    filter = UpdateFilter


class UpdateDetail(SavesUpdates, Updates, RecordDetail):
    """One update by its id."""
