"""Handing an update in and deciding on it, by program: as the buttons of its page do."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import ChangesUpdates, conflict, signed_in
from initiatives.api.updates import Updates
from initiatives.permissions import decidable_update, person_of, visible_update, writable_update
from initiatives.services.updates import (
    InitiativeNotOpen,
    OwnUpdateNeedsReason,
    ReturnNeedsNote,
    UpdateChangedMeanwhile,
    UpdateIncomplete,
    UpdateNotEditable,
    UpdateNotSubmitted,
    approve_update,
    return_update,
    submit_update,
)
from portal.common.api.bodies import Body, Text, Whole
from portal.common.api.problems import Problem
from portal.common.api.views import RecordView
from portal.models import TokenScope

_SEEN = "the number of saves that you have read: `edits` of the update"


class SubmitBody(Body):
    """Nothing: what was saved is handed in."""


class ApproveBody(Body):
    """Which version is approved."""

    edits = Whole(min_value=0, help_text=_SEEN)
    reason = Text(required=False, help_text="why no other person can approve it, where you wrote it yourself")


class ReturnBody(Body):
    """Which version is returned, and why."""

    edits = Whole(min_value=0, help_text=_SEEN)
    note = Text(help_text="what should change; the author reads it beside the text")


class UpdateSubmit(ChangesUpdates, Updates, RecordView):
    """Hand an update in."""

    @extend_schema(
        summary="Hand an update in",
        description="Gives what was saved to the focal point of the entity. “Still true” needs no review and is "
        "approved at once. What is missing is answered with 422, and the draft stays one.",
        request=SubmitBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        update = writable_update(request.user, pk)
        self.check_shape(request)
        self.sent(request, SubmitBody)
        try:
            update = submit_update(update=update, now=timezone.now())
        except UpdateIncomplete as error:
            errors = [{"pointer": f"/{name}", "detail": str(words)} for name, words in error.missing.items()]
            raise Problem(422, str(error), errors=errors) from error
        except (UpdateNotEditable, InitiativeNotOpen) as error:
            raise conflict(str(error), visible_update(request.user, pk)) from error
        return self.answer(request, update)


class Decides(ChangesUpdates, Updates, RecordView):
    """Base of both decisions."""

    scope = TokenScope.DECIDE

    def decided_meanwhile(self, request: Request, pk: int, error: Exception) -> Problem:
        changed = isinstance(error, UpdateChangedMeanwhile)
        again = _("The update was changed after you read it. Read it again, then decide.")
        return conflict(again if changed else str(error), visible_update(request.user, pk))


class UpdateApprove(Decides):
    """Approve an update that was handed in."""

    @extend_schema(
        summary="Approve an update",
        description="What was handed in is approved and stands in the next compilation of the submission. Whoever "
        "wrote it needs a reason.",
        request=ApproveBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        update = decidable_update(request.user, pk)
        self.check_shape(request)
        sent = self.sent(request, ApproveBody)
        try:
            update = approve_update(
                update=update,
                edits=sent["edits"],
                user=person_of(request._request),
                now=timezone.now(),
                reason=sent.get("reason", ""),
            )
        except OwnUpdateNeedsReason as error:
            raise Problem(422, str(error), errors=[{"pointer": "/reason", "detail": str(error)}]) from error
        except (UpdateNotSubmitted, UpdateChangedMeanwhile, InitiativeNotOpen) as error:
            raise self.decided_meanwhile(request, pk, error) from error
        return self.answer(request, update)


class UpdateReturn(Decides):
    """Send an update back."""

    @extend_schema(
        summary="Return an update",
        description="Sends what was handed in back to its author with a note on what should change.",
        request=ReturnBody,
    )
    def post(self, request: Request, pk: int) -> Response:
        signed_in(request)
        update = decidable_update(request.user, pk)
        self.check_shape(request)
        sent = self.sent(request, ReturnBody)
        try:
            update = return_update(
                update=update,
                edits=sent["edits"],
                user=person_of(request._request),
                now=timezone.now(),
                note=sent["note"],
            )
        except ReturnNeedsNote as error:
            raise Problem(422, str(error), errors=[{"pointer": "/note", "detail": str(error)}]) from error
        except (UpdateNotSubmitted, UpdateChangedMeanwhile) as error:
            raise self.decided_meanwhile(request, pk, error) from error
        return self.answer(request, update)
