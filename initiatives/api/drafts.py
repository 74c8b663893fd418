"""Writing updates by program: as drafts, under the rules of the pages and through their services.

Whoever may not see a draft is told 404, whoever may not write it 403. What two changed apart is put together; a save
that clashes with another one that its writer has not seen changes nothing and is answered with both texts.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.shared import slug_if_seen
from initiatives.choices import FURTHER_FIELDS, DraftOf, DraftState, UpdateKind
from initiatives.drafting.updates import TEXT_FIELDS
from initiatives.forms import StartUpdateForm
from initiatives.models import Draft, Initiative
from initiatives.permissions import (
    decidable_draft,
    person_of,
    visible_draft,
    writable_draft,
    writable_update,
    writing_entity,
)
from initiatives.services.drafts import (
    DraftChangedMeanwhile,
    DraftIncomplete,
    DraftNotEditable,
    DraftNotSubmitted,
    DraftTooLarge,
    InitiativeNotOpen,
    NoteMissing,
    NothingChanged,
    OwnDraftNeedsReason,
    ReasonOfChangeMissing,
    approve_draft,
    begin_change_of_update,
    begin_update,
    bring_up_to_date,
    content_at,
    content_sent,
    return_draft,
    save_draft,
    shown_form_of,
    submit_draft,
)
from portal.common.api.bodies import Body, Choice, Text, Whole
from portal.common.api.parameters import SHAPING, names_of
from portal.common.api.problems import MEDIA_TYPE, Problem, ProblemDetails, wrong_parameters
from portal.common.api.records import Record, column
from portal.common.api.views import RecordDetail, RecordList, RecordView, etag_of
from portal.common.languages import Language
from portal.models import TokenScope

_HTML = "HTML; marks that the portal does not know are dropped, words are kept. Plain text is taken as it is."
_EDITS = "the number of saves that you have seen: `edits` of the draft as you read it"

# What is sent


class StartBody(Body):
    """For which initiative and period an update is begun."""

    initiative = Text(allow_blank=False, max_length=255, help_text="its slug")
    period = Text(allow_blank=False, max_length=21, help_text="a year such as 2026, or two: 2025-2026")


class DraftBody(Body):
    """What is told of the initiative. Of a whole draft, what is left out is empty."""

    edits = Whole(min_value=0, required=False, help_text=f"{_EDITS}; or send its ETag as If-Match")
    why = Text(required=False, help_text="why what was approved is changed")
    kind = Choice(UpdateKind.choices)
    reason = Text(required=False, help_text="why there is nothing to report; your entity alone reads it")
    language = Choice(Language.choices, help_text="of all the texts")
    paragraph = Text(required=False, help_text=f"the paragraph for print. {_HTML}")
    results = Text(required=False, help_text=_HTML)
    obstacles = Text(required=False, help_text=_HTML)
    lessons = Text(required=False, help_text=_HTML)
    proposals = Text(required=False, help_text=f"to the Commission. {_HTML}")
    outlook = Text(required=False, help_text=f"what is next. {_HTML}")
    public = serializers.ListField(
        child=Choice([(name, name) for name in FURTHER_FIELDS]),
        required=False,
        max_length=len(FURTHER_FIELDS),
        help_text="which of the five everybody reads; the others are for your entity alone",
    )


class NoBody(Body):
    """Nothing: the address says it all."""


class ApproveBody(Body):
    """Which version is approved."""

    edits = Whole(min_value=0, help_text="the number of saves that you have read: `edits` of the draft")
    reason = Text(required=False, help_text="why no other person can approve it, where you wrote it yourself")


class ReturnBody(Body):
    """Which version is returned, and why."""

    edits = Whole(min_value=0, help_text="the number of saves that you have read: `edits` of the draft")
    note = Text(help_text="what should change; the author reads it beside the text")


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


class ConflictDetails(ProblemDetails):
    """Why nothing was changed: how the draft stands now, and what was sent."""

    theirs = SavedDraft(required=False)
    yours = SavedDraft(required=False)


#: What these acts may be refused for, in the schema.
REFUSALS: dict[Any, Any] = {
    ("409", MEDIA_TYPE): OpenApiResponse(
        ConflictDetails,
        "It was saved, submitted or decided meanwhile. Nothing is changed; the texts are in the answer.",
    ),
    ("422", MEDIA_TYPE): OpenApiResponse(
        ProblemDetails, "Something is missing or does not fit; `errors` names the members."
    ),
}

# What is answered


def _written(name: str, described: Any = None) -> Any:
    described = described or serializers.CharField(allow_blank=True, help_text="HTML")
    return column(
        described, lambda _reader: Coalesce(KeyTextTransform(name, "content"), Value(""), output_field=TextField())
    )


class DraftRecord(Record):
    """An update that somebody writes or changes, for people of its entity."""

    id = column(serializers.IntegerField(), "pk")
    update = column(
        serializers.IntegerField(allow_null=True, help_text="id of the update that it changes, or has become"),
        "update_id",
    )
    initiative = column(serializers.IntegerField(help_text="id"), "initiative_id")
    initiative_slug = column(
        serializers.CharField(allow_blank=True, help_text="empty where you may not see the initiative"), slug_if_seen
    )
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    period_start = column(serializers.DateField(), "period_start")
    period_end = column(serializers.DateField(help_text="the first day after the period"), "period_end")
    state = column(serializers.ChoiceField(DraftState.choices), "state")
    edits = column(serializers.IntegerField(help_text="number of saves"), "edits")
    why = column(serializers.CharField(allow_blank=True, help_text="why what was approved is changed"), "why")
    kind = _written("kind", serializers.ChoiceField(UpdateKind.choices))
    reason = _written("reason", serializers.CharField(allow_blank=True, help_text="why there is nothing to report"))
    language = _written("language", serializers.ChoiceField(Language.choices))
    paragraph = _written("paragraph")
    results = _written("results")
    obstacles = _written("obstacles")
    lessons = _written("lessons")
    proposals = _written("proposals")
    outlook = _written("outlook")
    public = column(
        serializers.ListField(
            child=serializers.ChoiceField(FURTHER_FIELDS), help_text="which of the five everybody shall read"
        ),
        lambda _reader: Coalesce(KeyTransform("public", "content"), Value([], JSONField()), output_field=JSONField()),
    )
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


class Drafts:
    record = DraftRecord

    def rows(self: Any) -> QuerySet[Draft]:
        return Draft.objects.visible_to(self.request.user).of_updates()


# What all of them share


class ChangesDrafts(Drafts):
    """Base of the views that change drafts: who is asked for, what is sent, and what is answered."""

    scope = TokenScope.WRITE
    refusals = REFUSALS

    def known_parameters(self: Any, request: Request) -> set[str]:
        """Filters narrow what is read; they mean nothing to what is written."""
        if request.method in SAFE_METHODS:
            return super().known_parameters(request)  # type: ignore[misc]  # of the view it is mixed into
        return set(names_of(SHAPING))

    def sent(self: Any, request: Request, body: type[Body], *, partial: bool = False) -> dict[str, Any]:
        """Return the body of the request. What is of a wrong type is answered with 400 and its place."""
        read = body(data=request.data, partial=partial)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def answer(self: Any, request: Request, draft: Draft, status: int = 200) -> Response:
        """Return the draft as its own address has it, with the ETag of that."""
        wrong: dict[str, list[str]] = {}
        names = self.shape(request.query_params, wrong)
        record = self.record.read(self.rows().filter(pk=draft.pk), self.reader(), names)[draft.pk]
        response: Response = self.answered(record, record)
        response.status_code = status
        response["ETag"] = etag_of(JSONRenderer().render(record))
        return response

    def check_shape(self: Any, request: Request) -> None:
        """Refuse wrong parameters before anything is changed."""
        wrong: dict[str, list[str]] = {}
        self.shape(request.query_params, wrong)
        if wrong:
            raise wrong_parameters(wrong)


def signed_in(request: Request) -> None:
    """Raise NotAuthenticated for a visitor, where a page would ask to sign in."""
    if not request.user.is_authenticated:
        raise NotAuthenticated


def told(form: Form) -> Problem:
    """Return the answer to a form whose words do not fit: what the page says beside each field."""
    errors = [
        {"pointer": "" if name == "__all__" else f"/{name}", "detail": str(sentence)}
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return Problem(422, _("Something is missing or does not fit."), errors=errors)


def what_stands(draft: Draft) -> dict[str, Any]:
    """Return what is written in a draft by the names of what is sent."""
    return {"edits": draft.edits, "why": draft.why} | {name: draft.content.get(name, "") for name in _CONTENT}


def conflict(sentence: Promise | str, current: Draft, sent: Mapping[str, Any] | None = None) -> Problem:
    """Return the answer to a save or decision that comes too late: how the draft stands now, and what was sent."""
    yours: dict[str, Any] = {"yours": sent} if sent is not None else {}
    return Problem(409, sentence, theirs=what_stands(current), **yours)


# Beginning


class DraftList(ChangesDrafts, RecordList):
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
            raise told(form)
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
        response: Response = self.answer(request, draft, 201 if is_new else 200)
        response["Location"] = request.build_absolute_uri(f"{request.path}{draft.pk}/")
        return response


class UpdateChange(ChangesDrafts, RecordView):
    """Change an update that is approved."""

    successes: ClassVar = {"POST": (200,)}

    @extend_schema(
        summary="Change an update",
        description="Begins the draft that changes an approved update, or goes on with the one under way. What is "
        "approved stays public until the draft is approved. Write it, and why, by PATCH at the address in Location.",
        request=NoBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        update = writable_update(request.user, pk)
        self.check_shape(request)
        self.sent(request, NoBody)
        try:
            draft = begin_change_of_update(update=update, user=person_of(request._request), now=timezone.now())
        except InitiativeNotOpen as error:
            raise Problem(409, str(error)) from error
        response: Response = self.answer(request, draft)
        response["Location"] = request.build_absolute_uri(reverse("api_draft_detail", args=[draft.pk]))
        return response


# Saving


class DraftDetail(ChangesDrafts, RecordDetail):
    """One draft of an update by its id, for people of its entity."""

    @extend_schema(
        summary="Save a whole draft",
        description="Keeps what is sent, complete or not; what is left out becomes empty. Say which save you have "
        "seen, by `edits` or by If-Match. What somebody else saved meanwhile in other members stays; where both "
        "changed the same nothing is changed, and the answer has both texts.",
        request=DraftBody,
    )
    def put(self, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=False)

    @extend_schema(
        summary="Save part of a draft",
        description="Keeps the members that are sent and leaves the others as they are. Say which save you have seen, "
        "by `edits` or by If-Match. Where somebody else changed the same meanwhile nothing is changed, and the answer "
        "has both texts.",
        request=DraftBody,
    )
    def patch(self, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=True)

    def save(self, request: Request, pk: int, *, partial: bool) -> Response:
        signed_in(request)
        draft = of_update(writable_draft(request.user, pk))
        self.check_shape(request)
        sent = self.sent(request, DraftBody, partial=partial)
        edits = self.seen(request, draft, sent)
        stood = content_at(draft=draft, edits=edits)
        if stood is None:
            raise conflict(str(DraftChangedMeanwhile(draft)), draft, sent)
        person = person_of(request._request)
        try:
            content = content_sent(shown_form_of(draft), (stood if partial else {}) | sent)
            content |= {name: value for name, value in stood.items() if name not in _CONTENT}  # files stay
            saved = save_draft(
                draft=draft, content=content, edits=edits, why=sent.get("why"), user=person, now=timezone.now()
            )
        except DraftTooLarge as error:
            raise Problem(413, str(error)) from error
        except (DraftChangedMeanwhile, DraftNotEditable) as error:
            saved = visible_draft(request.user, pk)
            if saved.saved_by != person or saved.content != content:
                raise conflict(str(error), saved, sent) from error
        return self.answer(request, saved)

    def seen(self, request: Request, draft: Draft, sent: Mapping[str, Any]) -> int:
        """Return the number of the save that the writer has seen, by number, by ETag, or by both; -1 for none."""
        tags = parse_etags(request.headers.get("If-Match", ""))
        if not tags and "edits" not in sent:
            words = _("Say which save you have seen: edits of the draft, or its ETag as If-Match.")
            raise Problem(400, words, errors=[{"pointer": "/edits", "detail": str(words)}])
        if tags and tags != ["*"]:
            now = etag_of(JSONRenderer().render(self.answer(request, draft).data))
            if now not in tags:
                return -1
        return int(sent.get("edits", draft.edits))


def of_update(draft: Draft) -> Draft:
    """Return the draft. Raises Http404 for one of another kind of record, which this part of the API does not know."""
    if draft.of != DraftOf.UPDATE:
        raise Http404
    return draft


# Handing in and deciding


class DraftSubmit(ChangesDrafts, RecordView):
    """Hand a draft in."""

    @extend_schema(
        summary="Hand a draft in",
        description="Gives what was saved to the focal point of the entity. “Still true” needs no review and is "
        "approved at once. What is missing is answered with 422, and the draft stays as it is.",
        request=NoBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = of_update(writable_draft(request.user, pk))
        self.check_shape(request)
        self.sent(request, NoBody)
        try:
            draft = submit_draft(draft=draft, user=person_of(request._request), now=timezone.now())
        except DraftIncomplete as error:
            raise told(error.form) from error
        except ReasonOfChangeMissing as error:
            raise Problem(422, str(error), errors=[{"pointer": "/why", "detail": str(error)}]) from error
        except NothingChanged as error:
            raise Problem(422, str(error)) from error
        except (DraftNotEditable, InitiativeNotOpen) as error:
            raise conflict(str(error), visible_draft(request.user, pk)) from error
        return self.answer(request, draft)


class Decides(ChangesDrafts, RecordView):
    """Base of both decisions."""

    scope = TokenScope.DECIDE

    def decided_meanwhile(self, request: Request, pk: int, error: Exception) -> Problem:
        changed = isinstance(error, DraftChangedMeanwhile)
        again = _("The draft was changed after you read it. Read it again, then decide.")
        return conflict(again if changed else str(error), visible_draft(request.user, pk))


class DraftApprove(Decides):
    """Approve a draft that was handed in."""

    @extend_schema(
        summary="Approve a draft",
        description="What was handed in becomes the update, and stands in the next compilation of the submission. "
        "Whoever wrote it needs a reason.",
        request=ApproveBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = of_update(decidable_draft(request.user, pk))
        self.check_shape(request)
        sent = self.sent(request, ApproveBody)
        try:
            draft = approve_draft(
                draft=draft,
                edits=sent["edits"],
                user=person_of(request._request),
                now=timezone.now(),
                reason=sent.get("reason", ""),
            )
        except OwnDraftNeedsReason as error:
            raise Problem(422, str(error), errors=[{"pointer": "/reason", "detail": str(error)}]) from error
        except DraftIncomplete as error:
            raise told(error.form) from error
        except DraftChangedMeanwhile as error:
            bring_up_to_date(draft=draft)
            raise self.decided_meanwhile(request, pk, error) from error
        except (DraftNotSubmitted, InitiativeNotOpen) as error:
            raise self.decided_meanwhile(request, pk, error) from error
        return self.answer(request, draft)


class DraftReturn(Decides):
    """Send a draft back."""

    @extend_schema(
        summary="Return a draft",
        description="Sends what was handed in back to its author with a note on what should change.",
        request=ReturnBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = of_update(decidable_draft(request.user, pk))
        self.check_shape(request)
        sent = self.sent(request, ReturnBody)
        try:
            draft = return_draft(
                draft=draft,
                edits=sent["edits"],
                user=person_of(request._request),
                now=timezone.now(),
                note=sent["note"],
            )
        except NoteMissing as error:
            raise Problem(422, str(error), errors=[{"pointer": "/note", "detail": str(error)}]) from error
        except (DraftNotSubmitted, DraftChangedMeanwhile) as error:
            raise self.decided_meanwhile(request, pk, error) from error
        return self.answer(request, draft)
