"""Writing updates by program. What drafts of updates share with others stands in `drafts`."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import (
    HTML,
    ApprovesDraft,
    BeginsFrom,
    ChangesDrafts,
    Drafts,
    ReturnsDraft,
    SavesDraft,
    SubmitsDraft,
    begins_from,
    number_seen,
    refusals,
    signed_in,
    written,
)
from initiatives.api.evidence import SavedEvidence, SendsFile, as_rows, as_told, evidence_of_draft, evidence_sent
from initiatives.api.shared import slug_of_initiative
from initiatives.choices import FURTHER_FIELDS, DraftOf, DraftState, UpdateKind
from initiatives.drafting.updates import TEXT_FIELDS
from initiatives.forms import StartUpdateForm
from initiatives.models import Draft, Initiative, Update
from initiatives.permissions import person_of, writable_update, writing_entity
from initiatives.services.drafts import InitiativeNotOpen, begin_change_of_update, begin_update
from portal.common.api.bodies import Body, Choice, Text
from portal.common.api.problems import Problem, ProblemDetails
from portal.common.api.records import Record, column
from portal.common.api.views import RecordList
from portal.common.languages import Language
from portal.models import User


class StartBody(Body):
    """For which initiative and period an update is begun."""

    initiative = Text(allow_blank=False, max_length=255, help_text="its slug")
    period = Text(allow_blank=False, max_length=21, help_text="a year such as 2026, or two: 2025-2026")


class DraftBody(Body):
    """What is told of the initiative. Of a whole draft, what is left out is empty."""

    edits = number_seen()
    why = Text(required=False, help_text="why what was approved is changed")
    kind = Choice(UpdateKind.choices)
    reason = Text(required=False, help_text="why there is nothing to report; your entity alone reads it")
    language = Choice(Language.choices, help_text="of all the texts")
    paragraph = Text(required=False, help_text=f"the paragraph for print. {HTML}")
    results = Text(required=False, help_text=HTML)
    obstacles = Text(required=False, help_text=HTML)
    lessons = Text(required=False, help_text=HTML)
    proposals = Text(required=False, help_text=f"to the Commission. {HTML}")
    outlook = Text(required=False, help_text=f"what is next. {HTML}")
    public = serializers.ListField(
        child=Choice([(name, name) for name in FURTHER_FIELDS]),
        required=False,
        max_length=len(FURTHER_FIELDS),
        help_text="which of the five everybody reads; the others are for your entity alone",
    )
    evidence = evidence_sent()


class SavedDraft(serializers.Serializer):
    """A draft as its writers see it."""

    edits = serializers.IntegerField(required=False, help_text="the number of saves")
    why = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(UpdateKind.choices, required=False)
    reason = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(Language.choices, required=False)
    paragraph = serializers.CharField(required=False, allow_blank=True)
    results = serializers.CharField(required=False, allow_blank=True)
    obstacles = serializers.CharField(required=False, allow_blank=True)
    lessons = serializers.CharField(required=False, allow_blank=True)
    proposals = serializers.CharField(required=False, allow_blank=True)
    outlook = serializers.CharField(required=False, allow_blank=True)
    public = serializers.ListField(child=serializers.ChoiceField(FURTHER_FIELDS), required=False)
    evidence = SavedEvidence(many=True, required=False)


class ConflictDetails(ProblemDetails):
    """Why nothing was changed: how the draft stands now, and what was sent."""

    theirs = SavedDraft(required=False)
    yours = SavedDraft(required=False)


class DraftRecord(Record):
    """An update that somebody writes or changes, for people of its entity."""

    id = column(serializers.IntegerField(), "pk")
    update = column(
        serializers.IntegerField(allow_null=True, help_text="id of the update that it changes, or has become"),
        "update_id",
    )
    initiative = column(serializers.IntegerField(help_text="id"), "initiative_id")
    initiative_slug = slug_of_initiative()
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    state = column(serializers.ChoiceField(DraftState.choices), "state")
    edits = column(serializers.IntegerField(help_text="number of saves"), "edits")
    why = column(serializers.CharField(allow_blank=True, help_text="why what was approved is changed"), "why")
    kind = written("kind", serializers.ChoiceField(UpdateKind.choices))
    reason = written("reason", serializers.CharField(allow_blank=True, help_text="why there is nothing to report"))
    language = written("language", serializers.ChoiceField(Language.choices))
    paragraph = written("paragraph")
    results = written("results")
    obstacles = written("obstacles")
    lessons = written("lessons")
    proposals = written("proposals")
    outlook = written("outlook")
    public = column(
        serializers.ListField(
            child=serializers.ChoiceField(FURTHER_FIELDS), help_text="which of the five everybody shall read"
        ),
        lambda _reader: Coalesce(KeyTransform("public", "content"), Value([], JSONField()), output_field=JSONField()),
    )
    evidence = evidence_of_draft()
    saved_at = column(serializers.DateTimeField(), "saved_at")
    submitted_at = column(serializers.DateTimeField(allow_null=True), "submitted_at")
    decided_at = column(serializers.DateTimeField(allow_null=True), "decided_at")
    decision_note = column(serializers.CharField(allow_blank=True), "decision_note")
    version = column(
        serializers.IntegerField(allow_null=True, help_text="of the update, that it made when it was approved"),
        "version",
    )


#: What a draft holds: members of the record that are sent back.
_CONTENT = ["kind", "reason", "language", *TEXT_FIELDS, "public"]
assert set(_CONTENT) <= DraftRecord.columns().keys()


class OfUpdates(Drafts):
    of = DraftOf.UPDATE
    record = DraftRecord
    body = DraftBody
    written_at = "api_draft_detail"
    refusals = refusals(ConflictDetails)

    def knows(self, field: str) -> bool:
        return field in _CONTENT

    def as_form(self, draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
        return dict(sent) | as_rows(sent)

    def as_sent(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {name: content.get(name, "") for name in _CONTENT} | {"evidence": as_told(content.get("evidence"))}


# Beginning


class DraftList(OfUpdates, ChangesDrafts, RecordList):
    """Updates that people of your entities write or change: under way, withdrawn and approved ones."""

    successes: ClassVar = {"POST": (200, 201)}

    @extend_schema(
        summary="Begin an update",
        description="Begins the update of an initiative of your entity, or of one that it has joined, for a period, or "
        "goes on with the open draft: asking twice makes one. Write it by PATCH at the address in Location.",
        request=StartBody,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        signed_in(request)
        self.check_shape(request)
        body = self.sent(request, StartBody)
        visible = Initiative.objects.visible_to(request.user)
        own = visible.written_by(request.user)
        if not own.filter(pk=get_object_or_404(visible, slug=body["initiative"]).pk).exists():
            raise PermissionDenied
        form = StartUpdateForm(body, initiatives=own.with_title())
        if not form.is_valid():
            raise self.told(form)
        initiative = form.cleaned_data["initiative"]
        entity = writing_entity(request.user, initiative)
        assert entity  # or the form would not offer the initiative
        try:
            draft, is_new = begin_update(
                initiative=initiative,
                entity=entity,
                period=form.cleaned_data["period"],
                user=person_of(request._request),
                now=timezone.now(),
            )
        except InitiativeNotOpen as error:
            raise Problem(409, str(error)) from error
        return self.begun(request, draft, 201 if is_new else 200)


@begins_from(
    "Change an update",
    "Begins the draft that changes an approved update, or goes on with the one under way. What is approved stays "
    "public until the draft is approved. Write it, and why, by PATCH at the address in Location.",
)
class UpdateChange(OfUpdates, BeginsFrom):
    """Change an update that is approved."""

    def record_to_write(self, request: Request, pk: int) -> Update:
        return writable_update(request.user, pk)

    def begin(self, record: Update, user: User, now: dt.datetime) -> Draft:
        return begin_change_of_update(update=record, user=user, now=now)


# Saving, handing in, deciding


@extend_schema_view(put=extend_schema(request=DraftBody), patch=extend_schema(request=DraftBody))
class DraftDetail(OfUpdates, SavesDraft):
    """One draft of an update by its id, for people of its entity."""


class DraftFiles(SendsFile, OfUpdates):
    """Photographs and documents for a draft of an update."""


class DraftSubmit(OfUpdates, SubmitsDraft):
    """Hand a draft in."""


class DraftApprove(OfUpdates, ApprovesDraft):
    """Approve a draft that was handed in."""


class DraftReturn(OfUpdates, ReturnsDraft):
    """Send a draft back."""
