"""Updates, in the API."""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, When
from rest_framework import serializers

from initiatives.api.shared import TextVersion, best_first, if_own, own, slug_of_initiative
from initiatives.choices import FURTHER_FIELDS, UpdateKind
from initiatives.drafting.updates import TEXT_FIELDS
from initiatives.filters import UpdateFilter
from initiatives.models import Update, UpdateText
from portal.common.api.records import Reader, Record, column, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList


def _further(name: str) -> Any:
    """Declare a field that everybody reads where the update names it in `public_fields`, else its entity alone."""
    words = "HTML; null where it is for people of the entity and you are not one"
    described = serializers.CharField(allow_null=True, allow_blank=True, help_text=words)

    def expression(reader: Reader) -> Case:
        read = own(reader, "update__entity") | Q(update__public_fields__contains=[name])
        return Case(When(read, then=F(name)), default=None)

    return column(described, expression)


class TextOfUpdate(TextVersion):
    paragraph = column(serializers.CharField(allow_blank=True, help_text="HTML, as it will be printed"), "paragraph")
    results = _further("results")
    obstacles = _further("obstacles")
    lessons = _further("lessons")
    proposals = _further("proposals")
    outlook = _further("outlook")


assert set(TEXT_FIELDS) <= TextOfUpdate.columns().keys()


def _texts(reader: Reader) -> QuerySet[UpdateText]:
    """Texts of news; of anything else nothing is printed, and only the entity reads what stands there."""
    told = Q(update__kind=UpdateKind.NEWS) | own(reader, "update__entity")
    return UpdateText.objects.filter(told, update=OuterRef("pk"))


def _for_own(described: serializers.Field, member: str) -> Any:
    return column(described, lambda reader: if_own(reader, "entity", member))


class UpdateRecord(Record):
    """What an entity tells of an initiative for a period."""

    id = column(serializers.IntegerField(), "pk")
    initiative = column(serializers.IntegerField(help_text="id"), "initiative_id")
    initiative_slug = slug_of_initiative()
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    kind = column(serializers.ChoiceField(UpdateKind.choices), "kind")
    public_fields = column(
        serializers.ListField(
            child=serializers.ChoiceField(FURTHER_FIELDS),
            help_text="what everybody reads beside the paragraph; the other fields are for the entity",
        ),
        "public_fields",
    )
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
    decided_at = column(serializers.DateTimeField(), "decided_at")
    decision_note = _for_own(
        serializers.CharField(allow_null=True, allow_blank=True, help_text="for people of the entity"),
        "decision_note",
    )

    every_language = ("texts",)


class Updates:
    record = UpdateRecord

    def rows(self: Any) -> QuerySet[Update]:
        return Update.objects.visible_to(self.request.user)


class UpdateList(Updates, RecordList):
    """Updates, as approved: those of public initiatives, and all of one's own entity; filtered as on the page.

    `initiative` is the slug of an initiative. Every vocabulary's code is a parameter too, with codes of its terms.
    """

    filter = UpdateFilter


class UpdateDetail(Updates, RecordDetail):
    """One update by its id."""
