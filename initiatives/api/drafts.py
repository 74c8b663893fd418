"""Writing updates by program: under the rules of the pages and through their services.

Whoever may not see an update is told 404, whoever may not write it 403. A save on top of another one that its writer
has not seen changes nothing and is answered with both texts.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.shortcuts import get_object_or_404
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

from initiatives.choices import UpdateKind
from initiatives.forms import StartUpdateForm, UpdateForm
from initiatives.models import Entity, Initiative, Update
from initiatives.permissions import person_of, visible_update, writable_update
from initiatives.services.updates import (
    InitiativeNotOpen,
    UpdateChangedMeanwhile,
    UpdateNotEditable,
    save_update,
    stands_already,
    start_update,
    what_stands,
)
from portal.common.api.bodies import Body, Choice, Text, Whole
from portal.common.api.parameters import SHAPING, names_of
from portal.common.api.problems import MEDIA_TYPE, Problem, ProblemDetails, wrong_parameters
from portal.common.api.views import etag_of
from portal.common.languages import Language
from portal.models import TokenScope

_HTML = "HTML; marks that the portal does not know are dropped, words are kept. Plain text is taken as it is."
_EDITS = "the number of saves that you have seen: `edits` of the update as you read it"
_STALE = -1  # a number that no update has

# What is sent


class StartBody(Body):
    """For which initiative and period an update is begun."""

    initiative = Text(allow_blank=False, max_length=255, help_text="its slug")
    period = Text(allow_blank=False, max_length=21, help_text="a year such as 2026, or two: 2025-2026")


class DraftBody(Body):
    """What is told of the initiative. Of a whole draft, what is left out is empty."""

    edits = Whole(min_value=0, required=False, help_text=f"{_EDITS}; or send its ETag as If-Match")
    kind = Choice(UpdateKind.choices)
    reason = Text(required=False, help_text="why there is nothing to report; your entity alone reads it")
    language = Choice(Language.choices, help_text="of all the texts")
    paragraph = Text(required=False, help_text=f"the paragraph for print. {_HTML}")
    results = Text(required=False, help_text=_HTML)
    obstacles = Text(required=False, help_text=_HTML)
    lessons = Text(required=False, help_text=_HTML)
    proposals = Text(required=False, help_text=f"to the Commission. {_HTML}")
    outlook = Text(required=False, help_text=f"what is next. {_HTML}")


class SavedDraft(serializers.Serializer):
    """An update as its writers see it."""

    edits = serializers.IntegerField(required=False, help_text="the number of saves")
    kind = serializers.ChoiceField(UpdateKind.choices, required=False)
    reason = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(Language.choices, required=False)
    paragraph = serializers.CharField(required=False, allow_blank=True)
    results = serializers.CharField(required=False, allow_blank=True)
    obstacles = serializers.CharField(required=False, allow_blank=True)
    lessons = serializers.CharField(required=False, allow_blank=True)
    proposals = serializers.CharField(required=False, allow_blank=True)
    outlook = serializers.CharField(required=False, allow_blank=True)


class ConflictDetails(ProblemDetails):
    """Why nothing was changed: how the update stands now, and what was sent."""

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


# What all of them share


class ChangesUpdates:
    """Base of the views that change updates: who is asked for, what is sent, and what is answered."""

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

    def answer(self: Any, request: Request, update: Update, status: int = 200) -> Response:
        """Return the update as its own address has it, with the ETag of that."""
        wrong: dict[str, list[str]] = {}
        names = self.shape(request.query_params, wrong)
        record = self.record.read(self.rows().filter(pk=update.pk), self.reader(), names)[update.pk]
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


def told(form: Form, names: Mapping[str, str] | None = None) -> Problem:
    """Return the answer to a form whose words do not fit: what the page says beside each field."""
    errors = [
        {"pointer": "" if name == "__all__" else f"/{(names or {}).get(name, name)}", "detail": str(sentence)}
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
    return Problem(422, _("Something is missing or does not fit."), errors=errors)


# Beginning


class StartsUpdates(ChangesUpdates):
    """Adds to a list of updates that one is begun."""

    successes: ClassVar = {"POST": (200, 201)}

    @extend_schema(
        summary="Begin an update",
        description="Begins the update of an initiative of your entity for a period, or goes on with the open one: "
        "asking twice makes one. Write it by PATCH at the address in Location.",
        request=StartBody,
    )
    def post(self: Any, request: Request, **kwargs: Any) -> Response:
        signed_in(request)
        self.check_shape(request)
        body = self.sent(request, StartBody)
        written = Entity.objects.written_by(request.user)
        visible = Initiative.objects.visible_to(request.user)
        own = visible.filter(entity__in=written)
        if not own.filter(pk=get_object_or_404(visible, slug=body["initiative"]).pk).exists():
            raise PermissionDenied
        form = StartUpdateForm(body, initiatives=own.with_title())
        if not form.is_valid():
            raise told(form)
        initiative, period = form.cleaned_data["initiative"], form.cleaned_data["period"]
        try:
            update, is_new = start_update(
                initiative=initiative,
                entity=initiative.entity,
                period_start=period.start,
                period_end=period.end,
                user=person_of(request._request),
            )
        except InitiativeNotOpen as error:
            raise Problem(409, str(error)) from error
        response: Response = self.answer(request, update, 201 if is_new else 200)
        response["Location"] = request.build_absolute_uri(f"{request.path}{update.pk}/")
        return response


# Saving


class SavesUpdates(ChangesUpdates):
    """Adds to an update that its draft is saved, whole or in part."""

    @extend_schema(
        summary="Save a whole draft",
        description="Keeps what is sent, complete or not; what is left out becomes empty. Say which save you have "
        "seen, by `edits` or by If-Match. If somebody saved meanwhile nothing is changed; the answer has both texts.",
        request=DraftBody,
    )
    def put(self: Any, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=False)

    @extend_schema(
        summary="Save part of a draft",
        description="Keeps the members that are sent and leaves the others as they are. Say which save you have seen, "
        "by `edits` or by If-Match. If somebody saved meanwhile nothing is changed; the answer has both texts.",
        request=DraftBody,
    )
    def patch(self: Any, request: Request, pk: int) -> Response:
        return self.save(request, pk, partial=True)

    def save(self: Any, request: Request, pk: int, *, partial: bool) -> Response:
        signed_in(request)
        update = writable_update(request.user, pk)
        self.check_shape(request)
        sent = self.sent(request, DraftBody, partial=partial)
        seen = update.edits if self.is_seen(request, update, sent) else _STALE
        words = (what_stands(update) if partial else {}) | sent
        form = UpdateForm(words | {"edits": update.edits}, update=update)
        if not form.is_valid():
            raise told(form)
        person = person_of(request._request)
        try:
            saved = save_update(update=update, draft=form.draft, edits=seen, user=person)
        except (UpdateChangedMeanwhile, UpdateNotEditable) as error:
            saved = visible_update(request.user, pk)
            if not stands_already(update=saved, draft=form.draft, user=person):
                raise conflict(str(error), saved, sent) from error
        return self.answer(request, saved)

    def is_seen(self: Any, request: Request, update: Update, sent: Mapping[str, Any]) -> bool:
        """Whether the writer has seen how the update stands: by the number of saves, by its ETag, or by both."""
        tags = parse_etags(request.headers.get("If-Match", ""))
        if not tags and "edits" not in sent:
            words = _("Say which save you have seen: edits of the update, or its ETag as If-Match.")
            raise Problem(400, words, errors=[{"pointer": "/edits", "detail": str(words)}])
        if tags and tags != ["*"]:
            now = etag_of(JSONRenderer().render(self.answer(request, update).data))
            if now not in tags:
                return False
        return bool(sent.get("edits", update.edits) == update.edits)


def conflict(sentence: Promise | str, current: Update, sent: Mapping[str, Any] | None = None) -> Problem:
    """Return the answer to a save or decision that comes too late: how the update stands now, and what was sent."""
    yours: dict[str, Any] = {"yours": sent} if sent is not None else {}
    return Problem(409, sentence, theirs=what_stands(current), **yours)
