"""Writing by program: as drafts, under the rules of the pages and through their services.

Whoever may not see a draft is told 404, whoever may not write it 403. What two changed apart is put together; a save
that clashes with another one that its writer has not seen changes nothing and is answered with both texts.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.forms import Form
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.choices import DraftOf
from initiatives.models import Draft
from initiatives.permissions import (
    decidable_draft,
    person_of,
    visible_draft,
    writable_draft,
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
    bring_up_to_date,
    content_at,
    content_sent,
    return_draft,
    save_draft,
    shown_form_of,
    submit_draft,
)
from portal.common.api.bodies import Body, Text, Whole
from portal.common.api.negotiation import JsonAnswer
from portal.common.api.parameters import SHAPING, names_of
from portal.common.api.problems import MEDIA_TYPE, Problem, ProblemDetails, wrong_parameters
from portal.common.api.records import Record, column
from portal.common.api.views import RecordDetail, RecordView, etag_of
from portal.common.forms import WrongCell
from portal.models import TokenScope, User

HTML = "HTML; marks that the portal does not know are dropped, words are kept. Plain text is taken as it is."
NUMBER = "digits with a point before decimals: 1234.5"
LONGEST_NUMBER = 60
_EDITS = "the number of saves that you have seen: `edits` of the draft as you read it"

# What is sent


def number_seen() -> Whole:
    """Declare the member that says which save the writer builds on."""
    return Whole(min_value=0, required=False, help_text=f"{_EDITS}; or send its ETag as If-Match")


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


def refusals(conflict: type[ProblemDetails]) -> dict[Any, Any]:
    """Return what acts on drafts may be refused for, in the schema; `conflict` has the texts of such drafts."""
    return {
        ("409", MEDIA_TYPE): OpenApiResponse(
            conflict, "It was saved, submitted or decided meanwhile. Nothing is changed; the texts are in the answer."
        ),
        ("422", MEDIA_TYPE): OpenApiResponse(
            ProblemDetails, "Something is missing or does not fit; `errors` names the members."
        ),
    }


# What is answered


def written(name: str, described: Any = None) -> Any:
    described = described or serializers.CharField(allow_blank=True, help_text="HTML")
    return column(
        described, lambda _reader: Coalesce(KeyTextTransform(name, "content"), Value(""), output_field=TextField())
    )


class Drafts:
    """What drafts of one kind of record have of their own: their record, and how what is sent stands in their form."""

    of: ClassVar[DraftOf]
    record: ClassVar[type[Record]]
    body: ClassVar[type[Body]]  # what is written
    written_at: ClassVar[str]  # name of the address of one draft
    refusals: ClassVar[dict[Any, Any]]

    def rows(self: Any) -> QuerySet[Draft]:
        return Draft.objects.visible_to(self.request.user).filter(of=self.of)

    def knows(self, field: str) -> bool:
        """Whether the field of the form is written here; others stay as they are."""
        raise NotImplementedError

    def as_form(self, draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is sent, by the fields of the form."""
        raise NotImplementedError

    def as_sent(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what stands in the fields of the form, by the names of what is sent."""
        raise NotImplementedError

    def pointer(self, field: str, *cell: int | str) -> str:
        """Return where what is sent has the field of the form, or a cell of its rows: their number and column."""
        return "".join(f"/{step}" for step in (field, *cell))

    def checked(self, draft: Draft) -> Draft:
        """Return the draft. Raises Http404 for one of another kind of record, which stands at another address."""
        if draft.of != self.of:
            raise Http404
        return draft

    def told(self, form: Form) -> Problem:
        """Return the answer to a form whose words do not fit: what the page says beside each field."""
        errors = [
            {"pointer": self._place(name, error), "detail": sentence}
            for name, found in form.errors.as_data().items()
            for error in found
            for sentence in error.messages
        ]
        return Problem(422, _("Something is missing or does not fit."), errors=errors)

    def _place(self, field: str, error: ValidationError) -> str:
        cell = error.place if isinstance(error, WrongCell) else ()
        return "" if field == NON_FIELD_ERRORS else self.pointer(field, *cell)

    def what_stands(self, draft: Draft) -> dict[str, Any]:
        """Return what is written in a draft by the names of what is sent."""
        return {"edits": draft.edits, "why": draft.why} | self.as_sent(draft.content)

    def conflict(self, sentence: Promise | str, current: Draft, sent: Mapping[str, Any] | None = None) -> Problem:
        """Return the answer to a save or decision that comes too late: how the draft stands now, and what was sent."""
        yours: dict[str, Any] = {"yours": sent} if sent is not None else {}
        return Problem(409, sentence, theirs=self.what_stands(current), **yours)


class DraftsByName(Drafts):
    """Drafts whose form has the fields that are sent by the same names."""

    content: ClassVar[Sequence[str]]  # those names
    read_as: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}  # what stands in the form otherwise than as it is sent

    def knows(self, field: str) -> bool:
        return field in self.content

    def as_sent(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.read_as.get(name, str)(content.get(name, "")) for name in self.content}


def content_in(body: type[Body]) -> list[str]:
    """Return the names in a body that are content of the draft, but for its files, which may be left out."""
    return [name for name in body().fields if name not in {"edits", "why", "evidence"}]


# What all of them share


class ChangesDrafts:
    """Base of the views that change drafts: who is asked for, what is sent, and what is answered."""

    scope = TokenScope.WRITE

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
        response["ETag"] = etag_of(JsonAnswer().render(record))
        return response

    def begun(self: Any, request: Request, draft: Draft, status: int = 200) -> Response:
        """Return a draft that was begun, or is gone on with, and in `Location` where it is written."""
        response: Response = self.answer(request, draft, status)
        response["Location"] = request.build_absolute_uri(reverse(self.written_at, args=[draft.pk]))
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


# Beginning


class BeginsFrom(ChangesDrafts, RecordView):
    """Base of the views that begin a draft from an approved record, or go on with the one under way."""

    successes: ClassVar = {"POST": (200,)}

    def record_to_write(self, request: Request, pk: int) -> Any:
        """Return the approved record. Raises Http404 or PermissionDenied."""
        raise NotImplementedError

    def begin(self, record: Any, user: User, now: dt.datetime) -> Draft:
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        record = self.record_to_write(request, pk)
        self.check_shape(request)
        self.sent(request, NoBody)
        try:
            draft = self.begin(record, person_of(request._request), timezone.now())
        except InitiativeNotOpen as error:
            raise Problem(409, str(error)) from error
        return self.begun(request, draft)


def begins_from(summary: str, description: str) -> Any:
    """Describe such a view in the schema."""
    return extend_schema_view(post=extend_schema(summary=summary, description=description, request=NoBody))


# Saving


class SavesDraft(ChangesDrafts, RecordDetail):
    """Base of the view of one draft by its id."""

    @extend_schema(
        summary="Save a whole draft",
        description="Keeps what is sent, complete or not; what is left out becomes empty. Say which save you have "
        "seen, by `edits` or by If-Match. What somebody else saved meanwhile in other members stays; where both "
        "changed the same nothing is changed, and the answer has both texts.",
    )
    def put(self, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=False)

    @extend_schema(
        summary="Save part of a draft",
        description="Keeps the members that are sent and leaves the others as they are. Say which save you have seen, "
        "by `edits` or by If-Match. Where somebody else changed the same meanwhile nothing is changed, and the answer "
        "has both texts.",
    )
    def patch(self, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=True)

    def save(self, request: Request, pk: int, *, partial: bool) -> Response:
        signed_in(request)
        draft = self.checked(writable_draft(request.user, pk))
        self.check_shape(request)
        sent = self.sent(request, self.body, partial=partial)
        edits = self.seen(request, draft, sent)
        stood = content_at(draft=draft, edits=edits)
        if stood is None:
            raise self.conflict(str(DraftChangedMeanwhile(draft)), draft, sent)
        person = person_of(request._request)
        try:
            content = content_sent(shown_form_of(draft), (stood if partial else {}) | self.as_form(draft, sent))
            # what is not of the draft as programs know it stays, and so do its files unless they are sent
            content |= {name: value for name, value in stood.items() if not self.knows(name) and name not in sent}
            saved = save_draft(
                draft=draft, content=content, edits=edits, why=sent.get("why"), user=person, now=timezone.now()
            )
        except DraftTooLarge as error:
            raise Problem(413, str(error)) from error
        except (DraftChangedMeanwhile, DraftNotEditable) as error:
            saved = visible_draft(request.user, pk)
            if saved.saved_by != person or saved.content != content:
                raise self.conflict(str(error), saved, sent) from error
        return self.answer(request, saved)

    def seen(self, request: Request, draft: Draft, sent: Mapping[str, Any]) -> int:
        """Return the number of the save that the writer has seen, by number, by ETag, or by both; -1 for none."""
        tags = parse_etags(request.headers.get("If-Match", ""))
        if not tags and "edits" not in sent:
            words = _("Say which save you have seen: edits of the draft, or its ETag as If-Match.")
            raise Problem(400, words, errors=[{"pointer": "/edits", "detail": str(words)}])
        if tags and tags != ["*"]:
            now = etag_of(JsonAnswer().render(self.answer(request, draft).data))
            if now not in tags:
                return -1
        return int(sent.get("edits", draft.edits))


# Handing in and deciding


class SubmitsDraft(ChangesDrafts, RecordView):
    """Hand a draft in."""

    @extend_schema(
        summary="Hand a draft in",
        description="Gives what was saved to the focal point of the entity. “Still true” needs no review and is "
        "approved at once. What is missing is answered with 422, and the draft stays as it is.",
        request=NoBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = self.checked(writable_draft(request.user, pk))
        self.check_shape(request)
        self.sent(request, NoBody)
        try:
            draft = submit_draft(draft=draft, user=person_of(request._request), now=timezone.now())
        except DraftIncomplete as error:
            raise self.told(error.form) from error
        except ReasonOfChangeMissing as error:
            raise Problem(422, str(error), errors=[{"pointer": "/why", "detail": str(error)}]) from error
        except NothingChanged as error:
            raise Problem(422, str(error)) from error
        except (DraftNotEditable, InitiativeNotOpen) as error:
            raise self.conflict(str(error), visible_draft(request.user, pk)) from error
        return self.answer(request, draft)


class Decides(ChangesDrafts, RecordView):
    """Base of both decisions."""

    scope = TokenScope.DECIDE

    def decided_meanwhile(self, request: Request, pk: int, error: Exception) -> Problem:
        changed = isinstance(error, DraftChangedMeanwhile)
        again = _("The draft was changed after you read it. Read it again, then decide.")
        return self.conflict(again if changed else str(error), visible_draft(request.user, pk))


class ApprovesDraft(Decides):
    """Approve a draft that was handed in."""

    @extend_schema(
        summary="Approve a draft",
        description="What was handed in becomes the record, and stands in the next compilation of the submission. "
        "Whoever wrote it needs a reason.",
        request=ApproveBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = self.checked(decidable_draft(request.user, pk))
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
            raise self.told(error.form) from error
        except DraftChangedMeanwhile as error:
            bring_up_to_date(draft=draft)
            raise self.decided_meanwhile(request, pk, error) from error
        except (DraftNotSubmitted, InitiativeNotOpen) as error:
            raise self.decided_meanwhile(request, pk, error) from error
        return self.answer(request, draft)


class ReturnsDraft(Decides):
    """Send a draft back."""

    @extend_schema(
        summary="Return a draft",
        description="Sends what was handed in back to its author with a note on what should change.",
        request=ReturnBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        draft = self.checked(decidable_draft(request.user, pk))
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
