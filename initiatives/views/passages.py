"""Beginning passages, and what the page of an approved one shows. What is under way is on the pages of drafts."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.choices import KINDS, PassageKind
from initiatives.drafting.passages import PassageForm
from initiatives.forms import BeginPassageForm
from initiatives.history import history_of_passage
from initiatives.models import Draft, Entity, Initiative, Passage
from initiatives.permissions import may_write, person_of, writable_passage
from initiatives.queries import cited_in
from initiatives.services.drafts import EDITABLE, begin_change_of_passage, begin_passage, carry_on_passage
from portal.common.languages import reader_language


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def passage_new(request: HttpRequest) -> HttpResponse:
    """What a new passage is and what it is called; the words come on the next page. `?kind=` chooses one."""
    user = person_of(request)
    entities = Entity.objects.written_by(user)
    if not entities.exists():
        raise PermissionDenied
    asked = request.GET.get("kind", "")
    initial = {"language": reader_language(), "kind": asked if asked in PassageKind.values else PassageKind.STATEMENT}
    form = BeginPassageForm(request.POST if request.method == "POST" else None, entities=entities, initial=initial)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "initiatives/passage_new.html", {"form": form}, status=status)
    content: dict[str, Any] = {name: form.cleaned_data[name] for name in ("kind", "name", "language")}
    draft = begin_passage(entity=form.cleaned_data["entity"], content=content, user=user, now=timezone.now())
    return redirect(reverse("draft_edit", args=[draft.pk]) + "#id_body")  # where one goes on typing


@require_POST
def passage_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with the draft that changes an approved passage, or begin one."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("passage_detail", args=[pk]))
    passage = writable_passage(request.user, pk)
    return _to(begin_change_of_passage(passage=passage, user=person_of(request), now=timezone.now()))


@require_POST
def passage_carry_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new passage with the words of this one, or go on with the one that does."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("passage_detail", args=[pk]))
    passage, now = writable_passage(request.user, pk), timezone.now()
    year = timezone.localdate(now).year
    return _to(carry_on_passage(passage=passage, year=year, user=person_of(request), now=now))


def _to(draft: Draft) -> HttpResponse:
    return redirect("draft_edit" if draft.state in EDITABLE else "draft_detail", draft.pk)


def detail_context(request: HttpRequest, passage: Passage) -> dict[str, Any]:
    """Return the words as they are printed and what they speak of; for the entity also their history."""
    is_own = may_write(request.user, passage.entity)
    asked = request.GET.get("text", "")
    texts = list(passage.texts.all())
    text = passage.text_in(asked or reader_language())
    initiatives = Initiative.objects.visible_to(request.user).listed().filter(passages=passage)
    form = PassageForm(draft=Draft(entity=passage.entity, passage=passage)) if is_own else None
    under_way = Draft.objects.visible_to(request.user).open().of_passages() if is_own else Draft.objects.none()
    return {
        "passage": passage,
        "text": text,
        "texts": texts,
        "references": cited_in(text.body) if text else {},
        "initiatives": initiatives.with_title().order_by("summary__title_key", "pk"),
        "terms": passage.terms.exclude(vocabulary__code=KINDS).select_related("vocabulary"),
        "is_own": is_own,
        "draft": under_way.filter(passage=passage).first(),
        "carried_on": under_way.filter(passage=None, content__follows=str(passage.pk)).first(),
        "followed_by": passage.followed_by.order_by("-pk") if is_own else [],
        "history": history_of_passage(passage, {name: field.label for name, field in form.fields.items()})
        if form
        else [],
    }
