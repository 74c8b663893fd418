"""Calls, in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from initiatives.api.shared import best_first, day, language_of_text, revision_of_text, state_of_text
from portal.common.api.records import InnerRecord, Record, column, row_of
from portal.common.api.views import RecordDetail, RecordList
from reporting.choices import CallState
from reporting.models import Call, CallLetter


class SessionOfCall(InnerRecord):
    body = column(serializers.CharField(), "session__body")
    number = column(serializers.IntegerField(), "session__number")
    name = column(serializers.CharField(help_text="in English"), "session__name")
    year = column(serializers.IntegerField(), "session__year")


class LetterOfCall(InnerRecord):
    language = language_of_text()
    state = state_of_text()
    revision = revision_of_text()
    asks = column(serializers.CharField(help_text="HTML"), "asks")


def _letters() -> QuerySet[CallLetter]:
    return CallLetter.objects.filter(call=OuterRef("pk"))


class CallRecord(Record):
    """A call for submissions: to a session of the Commission, or to an agenda item of a governing body."""

    slug = column(serializers.CharField(), "slug")
    session = column(SessionOfCall(), SessionOfCall.as_json)
    agenda_item = column(serializers.CharField(allow_blank=True), "agenda_item")
    owner = column(
        serializers.CharField(
            allow_null=True,
            help_text="code of the entity that entered it; null: the secretariat of the Commission",
        ),
        "owner__code",
    )
    state = column(serializers.ChoiceField(CallState.choices), "state")
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    letter_on = day("letter_on", "date of the letter")
    letter = column(
        LetterOfCall(
            allow_null=True,
            help_text="what the letter asks, in the first of the reader's languages, else in its own; "
            "null: nobody entered it",
        ),
        row_of(LetterOfCall, lambda reader: best_first(_letters(), reader)),
    )
    opens_on = day("opens_on", "from which day submissions are taken")
    due_on = day("due_on", "the last day")


class Calls:
    record = CallRecord

    def rows(self: Any) -> QuerySet[Call]:
        return Call.objects.visible_to(self.request.user)


class CallList(Calls, RecordList):
    """Calls for submissions."""


class CallDetail(Calls, RecordDetail):
    """One call by its slug."""

    lookups = {"slug": "slug"}
