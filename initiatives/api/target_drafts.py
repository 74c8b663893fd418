"""Writing baselines and targets by program. What drafts of targets share with others stands in `drafts`."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models.fields.json import KeyTextTransform
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import (
    LONGEST_NUMBER,
    NUMBER,
    ApprovesDraft,
    ChangesDrafts,
    DraftsByName,
    ReturnsDraft,
    SavesDraft,
    SubmitsDraft,
    content_in,
    number_seen,
    refusals,
    signed_in,
    written,
)
from initiatives.choices import DraftOf, DraftState, TargetKind
from initiatives.drafting.targets import FIRST_YEAR, LAST_YEAR
from initiatives.models import Draft, Indicator
from initiatives.permissions import may_plan, person_of
from initiatives.services.drafts import begin_target
from portal.common.api.bodies import Body, Choice, Flag, Text, Whole
from portal.common.api.problems import ProblemDetails
from portal.common.api.records import Record, column
from portal.common.api.views import RecordList

_KIND = "code of the kind, where the indicator has kinds side by side"
_TAKES_BACK = "whether what was said for the year is taken back; then there is no value"

# What is sent


class StartTargetBody(Body):
    """Of which indicator a baseline or target is begun."""

    indicator = Text(allow_blank=False, max_length=30, help_text="its code")


class TargetDraftBody(Body):
    """What is aimed at for a year, or was there before. Of a whole draft, what is left out is empty."""

    edits = number_seen()
    kind = Choice(TargetKind.choices)
    category = Text(required=False, max_length=100, help_text=_KIND)
    year = Whole(allow_null=True, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    value = Text(required=False, max_length=LONGEST_NUMBER, help_text=NUMBER)
    takes_back = Flag(required=False, help_text=_TAKES_BACK)
    reason = Text(required=False, max_length=5000, help_text="everybody reads it beside the value")


# What is answered


class SavedTargetDraft(serializers.Serializer):
    """A draft as its writers see it."""

    edits = serializers.IntegerField(required=False, help_text="the number of saves")
    kind = serializers.ChoiceField(TargetKind.choices, required=False)
    category = serializers.CharField(required=False, allow_blank=True)
    year = serializers.IntegerField(required=False, allow_null=True)
    value = serializers.CharField(required=False, allow_blank=True)
    takes_back = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True)


class TargetConflictDetails(ProblemDetails):
    """Why nothing was changed: how the draft stands now, and what was sent."""

    theirs = SavedTargetDraft(required=False)
    yours = SavedTargetDraft(required=False)


def _year(text: str | None) -> int | None:
    """Return the year; None where none was typed, or something else on the page."""
    return int(text) if text and re.fullmatch("[0-9]{4}", text) else None


class TargetDraftRecord(Record):
    """A baseline or target that the secretariat of an entity writes, for people of the entity."""

    id = column(serializers.IntegerField(), "pk")
    indicator = column(serializers.CharField(help_text="code"), "indicator__code")
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    state = column(serializers.ChoiceField(DraftState.choices), "state")
    edits = column(serializers.IntegerField(help_text="number of saves"), "edits")
    kind = written("kind", serializers.ChoiceField(TargetKind.choices))
    category = written("category", serializers.CharField(allow_blank=True, help_text=_KIND))
    year = column(
        serializers.IntegerField(allow_null=True),
        lambda _reader: KeyTextTransform("year", "content"),
        after=lambda text, _reader: _year(text),
    )
    value = written("value", serializers.CharField(allow_blank=True, help_text="as it was typed"))
    takes_back = column(
        serializers.BooleanField(help_text=_TAKES_BACK),
        lambda _reader: KeyTextTransform("takes_back", "content"),
        after=lambda text, _reader: bool(text),
    )
    reason = written("reason", serializers.CharField(allow_blank=True))
    saved_at = column(serializers.DateTimeField(), "saved_at")
    submitted_at = column(serializers.DateTimeField(allow_null=True), "submitted_at")
    decided_at = column(serializers.DateTimeField(allow_null=True), "decided_at")
    decision_note = column(serializers.CharField(allow_blank=True), "decision_note")


class OfTargets(DraftsByName):
    of = DraftOf.TARGET
    record = TargetDraftRecord
    body = TargetDraftBody
    written_at = "api_target_draft_detail"
    refusals = refusals(TargetConflictDetails)
    content = content_in(TargetDraftBody)
    read_as: ClassVar = {"year": _year, "takes_back": bool}

    def as_form(self, draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
        content = dict(sent)
        if "year" in sent:
            content["year"] = str(sent["year"] or "")
        return content

    def what_stands(self, draft: Draft) -> dict[str, Any]:
        return {"edits": draft.edits} | self.as_sent(draft.content)


# Beginning


class TargetDraftList(OfTargets, ChangesDrafts, RecordList):
    """Baselines and targets that the secretariats of your entities write: under way, withdrawn and approved ones."""

    successes: ClassVar = {"POST": (201,)}

    @extend_schema(
        summary="Begin a baseline or target",
        description="Begins a baseline or target of an indicator of your entity, for its secretariat. Rows are only "
        "added: the last one that is approved for a year holds. Write it by PATCH at the address in Location.",
        request=StartTargetBody,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        signed_in(request)
        self.check_shape(request)
        body = self.sent(request, StartTargetBody)
        indicators = Indicator.objects.visible_to(request.user).select_related("owner", "workplan")
        indicator = get_object_or_404(indicators, code=body["indicator"])
        if not may_plan(request.user, indicator.owner):
            raise PermissionDenied
        draft = begin_target(indicator=indicator, user=person_of(request._request), now=timezone.now())
        return self.begun(request, draft, 201)


# Saving, handing in, deciding


@extend_schema_view(put=extend_schema(request=TargetDraftBody), patch=extend_schema(request=TargetDraftBody))
class TargetDraftDetail(OfTargets, SavesDraft):
    """One draft of a baseline or target by its id, for people of its entity."""


class TargetDraftSubmit(OfTargets, SubmitsDraft):
    """Hand a draft in."""


class TargetDraftApprove(OfTargets, ApprovesDraft):
    """Approve a draft that was handed in."""


class TargetDraftReturn(OfTargets, ReturnsDraft):
    """Send a draft back."""
