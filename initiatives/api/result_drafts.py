"""Writing results by program. What drafts of results share with others stands in `drafts`."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import (
    HTML,
    LONGEST_NUMBER,
    NUMBER,
    ApprovesDraft,
    BeginsFrom,
    ChangesDrafts,
    DraftsByName,
    ReturnsDraft,
    SavesDraft,
    SubmitsDraft,
    begins_from,
    content_in,
    number_seen,
    refusals,
    signed_in,
    written,
)
from initiatives.api.evidence import SavedEvidence, SendsFile, as_rows, as_told, evidence_of_draft, evidence_sent
from initiatives.api.shared import slug_of_initiative
from initiatives.choices import DraftOf, DraftState, NoValue
from initiatives.drafting.results import LONGEST_PERIOD, period_code
from initiatives.forms import StartResultForm
from initiatives.models import Draft, Entity, Indicator, Initiative, Result
from initiatives.permissions import person_of, writable_result, writing_entity
from initiatives.services.drafts import InitiativeNotOpen, begin_change_of_result, begin_result
from portal.common.api.bodies import Body, Choice, Flag, Text, Whole
from portal.common.api.problems import Problem, ProblemDetails
from portal.common.api.records import Record, column
from portal.common.api.views import RecordList
from portal.common.languages import Language
from portal.models import User

_PERIOD = "2025, 2025-Q3, 2025-11, 2025-2026, or first day and day after the last: 2024-07-01/2025-07-01"
_PLACE = "a country by its ISO 3166-1 alpha-3 code, `group:` and the code of a group of countries, or `not-split`"
_PART = "codes of its breakdown and of itself: sex/women"
_NOTE = "why the figures are right, where parts do not add up, or it is more than 100 per cent"
_MOST_ROWS = 200
_MOST_ADOPTIONS = 10**9

# What is sent


class StartResultBody(Body):
    """Of which indicator and period a result is begun, and who reports it."""

    indicator = Text(allow_blank=False, max_length=30, help_text="its code")
    period = Text(allow_blank=False, max_length=LONGEST_PERIOD, help_text=_PERIOD)
    initiative = Text(
        required=False, max_length=255, help_text="its slug; without one the entity reports the result directly"
    )
    entity = Text(required=False, max_length=255, help_text="code, for whoever writes for several entities")


class ItemBody(Body):
    """A thing that is named. The name that it has already finds it again, in capitals or not."""

    name = Text(max_length=300)
    adoptions = Whole(required=False, min_value=1, max_value=_MOST_ADOPTIONS, help_text="1 where it is left out")


class PartBody(Body):
    """A part of the value."""

    part = Text(max_length=100, help_text=_PART)
    value = Text(max_length=LONGEST_NUMBER, help_text=NUMBER)


class ResultDraftBody(Body):
    """What was reached, or why nothing can be told. Of a whole draft, what is left out is empty."""

    edits = number_seen()
    why = Text(required=False, help_text="why a result that was approved is corrected")
    place = Text(max_length=100, help_text=_PLACE)
    period = Text(max_length=LONGEST_PERIOD, help_text=_PERIOD)
    category = Text(
        required=False, max_length=100, help_text="code of the kind, where the indicator has kinds side by side"
    )
    value = Text(required=False, max_length=LONGEST_NUMBER, help_text=f"of what is counted: {NUMBER}")
    yes = Flag(required=False, allow_null=True, help_text="of what is so or not in a country")
    items = ItemBody(many=True, required=False, max_length=_MOST_ROWS, help_text="of what is named one by one")
    no_value = Choice(NoValue.choices, required=False, allow_blank=True, help_text="why there is nothing to tell")
    unit = Text(required=False, max_length=100, help_text="code of the unit, where that of the indicator is pending")
    parts = PartBody(many=True, required=False, max_length=_MOST_ROWS, help_text="they add up to the value")
    figures_note = Text(required=False, max_length=500, help_text=_NOTE)
    is_provisional = Flag(required=False, help_text="whether the figure is not final yet")
    source = Text(required=False, max_length=500, help_text="where it comes from")
    language = Choice(Language.choices, help_text="of the narrative and of what is named for the first time")
    narrative = Text(required=False, help_text=f"what it shows; everybody reads it with the value. {HTML}")
    evidence = evidence_sent()


# What is answered


class SavedItem(serializers.Serializer):
    """A thing that is named."""

    name = serializers.CharField(required=False, allow_blank=True)
    adoptions = serializers.IntegerField(required=False, allow_null=True)


class SavedPart(serializers.Serializer):
    """A part of the value."""

    part = serializers.CharField(required=False, allow_blank=True, help_text=_PART)
    value = serializers.CharField(required=False, allow_blank=True)


def _items(rows: Any) -> list[dict[str, Any]]:
    return [{"name": row.get("name", ""), "adoptions": _whole(row.get("adoptions", ""))} for row in rows or []]


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None


def _parts(rows: Any) -> list[dict[str, str]]:
    return [{name: row.get(name, "") for name in ("part", "value")} for row in rows or []]


def _yes(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(text or "")


class SavedResultDraft(serializers.Serializer):
    """A draft as its writers see it."""

    edits = serializers.IntegerField(required=False, help_text="the number of saves")
    why = serializers.CharField(required=False, allow_blank=True)
    place = serializers.CharField(required=False, allow_blank=True)
    period = serializers.CharField(required=False, allow_blank=True)
    category = serializers.CharField(required=False, allow_blank=True)
    value = serializers.CharField(required=False, allow_blank=True)
    yes = serializers.BooleanField(required=False, allow_null=True)
    items = SavedItem(many=True, required=False)
    no_value = serializers.ChoiceField(NoValue.choices, required=False, allow_blank=True)
    unit = serializers.CharField(required=False, allow_blank=True)
    parts = SavedPart(many=True, required=False)
    figures_note = serializers.CharField(required=False, allow_blank=True)
    is_provisional = serializers.BooleanField(required=False)
    source = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(Language.choices, required=False)
    narrative = serializers.CharField(required=False, allow_blank=True)
    evidence = SavedEvidence(many=True, required=False)


class ResultConflictDetails(ProblemDetails):
    """Why nothing was changed: how the draft stands now, and what was sent."""

    theirs = SavedResultDraft(required=False)
    yours = SavedResultDraft(required=False)


def _text(name: str, help_text: str = "") -> Any:
    return written(name, serializers.CharField(allow_blank=True, help_text=help_text or None))


class ResultDraftRecord(Record):
    """A result that somebody writes or corrects, for people of its entity."""

    id = column(serializers.IntegerField(), "pk")
    result = column(
        serializers.IntegerField(allow_null=True, help_text="id of the result that it corrects, or has become"),
        "result_id",
    )
    indicator = _text("indicator", "code")
    initiative = column(
        serializers.IntegerField(allow_null=True, help_text="id; null where the entity reports directly"),
        "initiative_id",
    )
    initiative_slug = slug_of_initiative()
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    state = column(serializers.ChoiceField(DraftState.choices), "state")
    edits = column(serializers.IntegerField(help_text="number of saves"), "edits")
    why = column(serializers.CharField(allow_blank=True, help_text="why what was approved is corrected"), "why")
    place = _text("place", _PLACE)
    period = _text("period", _PERIOD)
    category = _text("category", "code of the kind")
    value = _text("value", "as it was typed")
    yes = column(
        serializers.BooleanField(allow_null=True),
        lambda _reader: KeyTextTransform("yes", "content"),
        after=lambda text, _reader: _yes(text),
    )
    items = column(
        SavedItem(many=True),
        lambda _reader: KeyTransform("items", "content"),
        after=lambda rows, _reader: _items(rows),
    )
    no_value = written("no_value", serializers.ChoiceField(NoValue.choices, allow_blank=True))
    unit = _text("unit", "code")
    parts = column(
        SavedPart(many=True),
        lambda _reader: KeyTransform("parts", "content"),
        after=lambda rows, _reader: _parts(rows),
    )
    figures_note = _text("figures_note", _NOTE)
    is_provisional = column(
        serializers.BooleanField(),
        lambda _reader: KeyTextTransform("is_provisional", "content"),
        after=lambda text, _reader: bool(text),
    )
    source = _text("source", "where it comes from")
    language = written("language", serializers.ChoiceField(Language.choices))
    narrative = written("narrative")
    evidence = evidence_of_draft()
    saved_at = column(serializers.DateTimeField(), "saved_at")
    submitted_at = column(serializers.DateTimeField(allow_null=True), "submitted_at")
    decided_at = column(serializers.DateTimeField(allow_null=True), "decided_at")
    decision_note = column(serializers.CharField(allow_blank=True), "decision_note")
    version = column(
        serializers.IntegerField(allow_null=True, help_text="of the result, that it made when it was approved"),
        "version",
    )


_ROWS = {"items": {"name": "", "adoptions": ""}, "parts": {"part": "", "value": ""}}


class OfResults(DraftsByName):
    of = DraftOf.RESULT
    record = ResultDraftRecord
    body = ResultDraftBody
    written_at = "api_result_draft_detail"
    refusals = refusals(ResultConflictDetails)
    content = content_in(ResultDraftBody)  # the indicator is chosen when the result is begun
    read_as: ClassVar = {"yes": _yes, "items": _items, "parts": _parts, "is_provisional": bool}

    def as_form(self, draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
        content = dict(sent)
        if "yes" in sent:
            content["yes"] = {True: "yes", False: "no"}.get(sent["yes"], "")
        for name, empty in _ROWS.items():
            if name in sent:
                content[name] = [empty | row for row in sent[name]]
        return content | as_rows(sent)

    def as_sent(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return super().as_sent(content) | {"evidence": as_told(content.get("evidence"))}


# Beginning


class ResultDraftList(OfResults, ChangesDrafts, RecordList):
    """Results that people of your entities write or correct: under way, withdrawn and approved ones."""

    successes: ClassVar = {"POST": (201,)}

    @extend_schema(
        summary="Begin a result",
        description="Begins a result of an indicator for a period: of an initiative of your entity or one that it has "
        "joined, or what the entity reports directly. Write it by PATCH at the address in Location.",
        request=StartResultBody,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        signed_in(request)
        self.check_shape(request)
        body = self.sent(request, StartResultBody)
        entities = Entity.objects.written_by(request.user)
        initiatives = Initiative.objects.visible_to(request.user)
        if slug := body.get("initiative"):
            entity = writing_entity(request.user, get_object_or_404(initiatives, slug=slug), body.get("entity", ""))
            entities = entities.filter(pk=entity.pk) if entity else entities.none()
        if not entities.exists():
            raise PermissionDenied
        form = StartResultForm(
            body, initiatives=initiatives.with_title(), entities=entities, indicators=Indicator.objects.all()
        )
        if not form.is_valid():
            raise self.told(form)
        try:
            draft = begin_result(
                entity=form.cleaned_data["entity"],
                initiative=form.cleaned_data["initiative"],
                indicator=form.cleaned_data["indicator"],
                period=period_code(form.cleaned_data["period"]),
                user=person_of(request._request),
                now=timezone.now(),
            )
        except InitiativeNotOpen as error:
            raise Problem(409, str(error)) from error
        return self.begun(request, draft, 201)


@begins_from(
    "Correct a result",
    "Begins the draft that corrects an approved result, or goes on with the one under way. What is approved stays "
    "public until the draft is approved; then the result shows what it said before, and why it was corrected. Write "
    "it, and why, by PATCH at the address in Location.",
)
class ResultChange(OfResults, BeginsFrom):
    """Correct a result that is approved."""

    def record_to_write(self, request: Request, pk: int) -> Result:
        return writable_result(request.user, pk)

    def begin(self, record: Result, user: User, now: dt.datetime) -> Draft:
        return begin_change_of_result(result=record, user=user, now=now)


# Saving, handing in, deciding


@extend_schema_view(put=extend_schema(request=ResultDraftBody), patch=extend_schema(request=ResultDraftBody))
class ResultDraftDetail(OfResults, SavesDraft):
    """One draft of a result by its id, for people of its entity."""


class ResultDraftFiles(SendsFile, OfResults):
    """Photographs and documents for a draft of a result."""


class ResultDraftSubmit(OfResults, SubmitsDraft):
    """Hand a draft in."""


class ResultDraftApprove(OfResults, ApprovesDraft):
    """Approve a draft that was handed in."""


class ResultDraftReturn(OfResults, ReturnsDraft):
    """Send a draft back."""
