"""What pages of updates and drafts share where somebody decides on them."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from initiatives.choices import DraftState, UpdateState
from initiatives.forms import ApproveForm, ReturnForm
from initiatives.models import Draft, Update
from initiatives.permissions import may_approve, person_of
from portal.common.kept_forms import keep_form, kept_words
from portal.models import User

SUBMITTED = {UpdateState.SUBMITTED, DraftState.SUBMITTED}


def decision_forms(
    request: HttpRequest,
    record: Update | Draft,
    *,
    approve: str,
    return_: str,
    has_written: Callable[[User, Any], bool],
    approve_form: ApproveForm | None,
    return_form: ReturnForm | None,
) -> dict[str, ApproveForm | ReturnForm | None]:
    """Return the forms by their names in the template, empty where nothing waits for the decision of the person.

    `approve` and `return_` are the names of the addresses of the acts. Forms that were sent and refused stay; others
    hold the words that were kept when the session ended.
    """
    if record.state not in SUBMITTED or not may_approve(request.user, record.entity):
        return {"approve_form": None, "return_form": None}
    reason, note = (kept_words(request, reverse(name, args=[record.pk])) for name in (approve, return_))
    return {
        "approve_form": approve_form
        or ApproveForm(
            initial={"edits": record.edits, "words": reason}, is_author=has_written(person_of(request), record)
        ),
        "return_form": return_form or ReturnForm(initial={"edits": record.edits, "words": note}),
    }


def sign_in_to_decide(request: HttpRequest, page: str, pk: int) -> HttpResponse:
    """Keep the reason or note, which may be long, and lead over the sign-in back to the page of the record."""
    keep_form(request)
    return redirect_to_login(reverse(page, args=[pk]))
