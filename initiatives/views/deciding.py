"""What pages share where somebody decides on a draft."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from initiatives.choices import DraftState
from initiatives.forms import ApproveForm, ReturnForm
from initiatives.models import Draft
from initiatives.permissions import may_approve, person_of
from initiatives.services.drafts import has_written
from portal.common.kept_forms import keep_form, kept_words


def decision_forms(
    request: HttpRequest, draft: Draft, *, approve_form: ApproveForm | None, return_form: ReturnForm | None
) -> dict[str, ApproveForm | ReturnForm | None]:
    """Return the forms by their names in the template, empty where nothing waits for the decision of the person.

    Forms that were sent and refused stay; others hold the words that were kept when the session ended.
    """
    if draft.state != DraftState.SUBMITTED or not may_approve(request.user, draft.entity):
        return {"approve_form": None, "return_form": None}
    reason, note = (kept_words(request, reverse(name, args=[draft.pk])) for name in ("draft_approve", "draft_return"))
    is_author = has_written(person_of(request), draft)
    return {
        "approve_form": approve_form
        or ApproveForm(initial={"edits": draft.edits, "words": reason}, is_author=is_author),
        "return_form": return_form or ReturnForm(initial={"edits": draft.edits, "words": note}),
    }


def sign_in_to_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the reason or note, which may be long, and lead over the sign-in back to the page of the draft."""
    keep_form(request)
    return redirect_to_login(reverse("draft_detail", args=[pk]))
