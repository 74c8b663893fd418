"""Comments beside the fields of a draft: in place with htmx, over the page of the draft without scripts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from initiatives.choices import OPEN_DRAFTS, DraftState
from initiatives.drafting.commenting import Beside, comments_beside
from initiatives.forms import CommentForm
from initiatives.models import Comment, Draft
from initiatives.permissions import may_approve, person_of, visible_comment, visible_draft
from initiatives.services.comments import (
    Place,
    WordsNotThere,
    answer_comment,
    return_with_comment,
    settle_comment,
    write_comment,
)
from initiatives.services.drafts import shown_form_of
from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from portal.common.kept_forms import forget_form, keep_form, kept_form, kept_words
from portal.common.languages import Language, reader_language


class PageOutOfDate(PersonError):
    sentence = _lazy("This page is out of date. Load it again.")


@dataclass(frozen=True)
class Refused:
    """An answer that could not be kept: to which comment, why, and its words."""

    pk: int
    error: str
    words: str


class DraftComments:
    """The comments on one draft for one request, to be shown beside its fields."""

    def __init__(
        self,
        request: HttpRequest,
        draft: Draft,
        form: forms.Form,
        *,
        opened: str | None = None,
        sent: CommentForm | None = None,
        refused: Refused | None = None,
        written: Comment | None = None,
    ) -> None:
        self.request, self.draft = request, draft
        self.beside = comments_beside(draft, form)
        self.is_open = draft.state in OPEN_DRAFTS
        self.sent, self.refused, self.written = sent, refused, written
        self.opened = opened
        kept = kept_form(request, reverse("draft_comments", args=[draft.pk]))
        if kept and opened is None:
            self.opened = kept.get("field", "")
        self.kept = kept

    def form_for(self, beside: Beside) -> CommentForm | None:
        """Return the form to write one beside a field, where it was asked for."""
        if not self.is_open or self.opened != beside.name:
            return None
        if self.sent:
            return self.sent
        initial: dict[str, Any] = {"language": reader_language(), "edits": self.draft.edits}
        if self.kept:
            initial |= {name: self.kept.get(name, "") for name in ("paragraph", "quote", "words", "language")}
        return CommentForm(beside=beside, may_return=self.may_return, initial=initial)

    @property
    def may_return(self) -> bool:
        return self.draft.state == DraftState.SUBMITTED and may_approve(self.request.user, self.draft.entity)

    def _inputs(self, beside: Beside) -> dict[str, Any]:
        answers = {
            thread.comment.pk: kept_words(self.request, reverse("comment_answer", args=[thread.comment.pk]))
            for thread in beside.threads
        }
        return {
            "draft": self.draft,
            "beside": beside,
            "form": self.form_for(beside),
            "is_open": self.is_open,
            "refused": self.refused,
            "written": self.written,
            "answers": answers,
            "languages": Language.choices,
            "language": reader_language(),
            "csrf_token": get_token(self.request),
        }

    def shown(self, name: str) -> SafeString:
        """Return what stands beside a field: its threads, and the way to write one."""
        return render_to_string("initiatives/draft_comments.html", self._inputs(self.beside[name]))

    def by_field(self) -> dict[str, SafeString]:
        return {name: self.shown(name) for name in self.beside}

    def where_somebody_commented(self) -> dict[str, SafeString]:
        """The same for who writes the draft: a way to comment beside each field would stand between the fields."""
        return {name: self.shown(name) for name, beside in self.beside.items() if beside.threads or not name}

    def elsewhere(self, shown: set[str]) -> list[tuple[str, SafeString]]:
        """Return labels and threads of the other fields on which somebody commented, the whole draft last."""
        names = [*(name for name in self.beside if name), ""]
        wanted = [name for name in names if name == self.opened or self.beside[name].threads or not name]
        return [(self.beside[name].label, self.shown(name)) for name in wanted if name not in shown]

    def forms(self) -> list[SafeString]:
        """Return the forms that those parts belong to, outside any other form."""
        template = "initiatives/draft_comment_forms.html"
        return [render_to_string(template, self._inputs(beside)) for beside in self.beside.values()]

    def fragment(self, name: str) -> HttpResponse:
        """Answer htmx with what stands beside one field, and its forms."""
        context = self._inputs(self.beside[name]) | {"is_fragment": True}
        return render(self.request, "initiatives/draft_comments_part.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a comment beside the field `?field=`, empty for the whole draft; and writing it."""
    if not request.user.is_authenticated:
        return _sign_in(request, reverse("draft_detail", args=[pk]))
    draft = visible_draft(request.user, pk)
    form = shown_form_of(draft)
    name = (request.POST if request.method == "POST" else request.GET).get("field", "")
    if name and name not in form.fields:
        raise Http404
    if request.method == "POST":
        return _write(request, draft, form, name)
    if wants_fragment(request):
        closes = "close" in request.GET
        return DraftComments(request, draft, form, opened=None if closes else name).fragment(name)
    return redirect(_place(draft, name))


def _write(request: HttpRequest, draft: Draft, form: forms.Form, name: str) -> HttpResponse:
    shown = DraftComments(request, draft, form)
    sent = CommentForm(request.POST, beside=shown.beside[name], may_return=shown.may_return, initial={})
    if not sent.is_valid():
        return _refused(request, DraftComments(request, draft, form, opened=name, sent=sent), name, PageOutOfDate())
    said = sent.cleaned_data
    place = Place(name, said.get("paragraph"), said.get("quote", ""))
    facts = {"draft": draft, "place": place, "words": said["words"], "language": said["language"]}
    user, now = person_of(request), timezone.now()
    returns = said.get("returns")
    try:
        if returns:
            comment = return_with_comment(**facts, edits=said["edits"] or 0, user=user, now=now)
        else:
            comment = write_comment(**facts, user=user, now=now)
    except PersonError as error:
        wrong = "quote" if isinstance(error, WordsNotThere) and "quote" in sent.fields else "words"
        sent.add_error(wrong, str(error))
        return _refused(request, DraftComments(request, draft, form, opened=name, sent=sent), name, error)
    forget_form(request)
    if returns:
        return _led_to(request, draft.get_absolute_url())
    return _done(request, comment, name, _("Your comment is kept."))


@require_POST
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return _sign_in(request, _page_of(pk))
    comment = visible_comment(request.user, pk)
    words, language = request.POST.get("words", ""), request.POST.get("language", "")
    if language not in Language.values:
        language = reader_language()
    try:
        answer = answer_comment(
            comment=comment, words=words, language=language, user=person_of(request), now=timezone.now()
        )
    except PersonError as error:
        draft, form, name = _place_of(comment)
        shown = DraftComments(request, draft, form, refused=Refused(comment.pk, str(error), words))
        return _refused(request, shown, name, error)
    forget_form(request)
    return _done(request, answer, _place_of(comment)[2], _("Your answer is kept."))


@require_POST
def comment_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Resolve a thread, or with `reopen` go on with it."""
    if not request.user.is_authenticated:
        return _sign_in(request, _page_of(pk))
    comment = visible_comment(request.user, pk)
    resolved = "reopen" not in request.POST
    try:
        comment = settle_comment(comment=comment, resolved=resolved, user=person_of(request), now=timezone.now())
    except PersonError as error:
        draft, form, name = _place_of(comment)
        shown = DraftComments(request, draft, form, refused=Refused(comment.pk, str(error), ""))
        return _refused(request, shown, name, error)
    return _done(request, comment, _place_of(comment)[2], _("Resolved.") if resolved else _("Open again."))


def _place_of(comment: Comment) -> tuple[Draft, forms.Form, str]:
    """Return the draft, its form, and the name of the field beside which a comment stands."""
    form = shown_form_of(comment.draft)
    name = (comment.answers or comment).field
    return comment.draft, form, name if name in form.fields else ""


def _done(request: HttpRequest, comment: Comment, name: str, sentence: str) -> HttpResponse:
    draft = comment.draft
    if not wants_fragment(request):
        return redirect(f"{draft.get_absolute_url()}#comment-{comment.pk}")
    response = DraftComments(request, draft, shown_form_of(draft), written=comment).fragment(name)
    return trigger_client_event(response, "portal:announce", {"value": sentence})


def _refused(request: HttpRequest, shown: DraftComments, name: str, error: PersonError) -> HttpResponse:
    """Show again what could not be kept, and why."""
    if wants_fragment(request):
        return shown.fragment(name)  # with status 200: htmx shows no other answer
    keep_form(request)
    words = "" if shown.is_open else request.POST.get("words", "")
    messages.warning(request, f"{error} {words}".strip())
    return redirect(_place(shown.draft, name))


def _place(draft: Draft, name: str) -> str:
    """Return the address of the form for a comment beside a field."""
    return f"{draft.get_absolute_url()}?{urlencode({'comment': name})}#comments-{name or 'draft'}"


def _page_of(pk: int) -> str:
    """Return the page on which a comment stands; nothing of it is told."""
    comment = Comment.objects.filter(pk=pk).first()
    return comment.draft.get_absolute_url() if comment else reverse("desk")


def _sign_in(request: HttpRequest, page: str) -> HttpResponse:
    """Keep what was written, and lead over the sign-in back to the page of the draft."""
    if request.method == "POST":
        keep_form(request)
    response = redirect_to_login(page)
    return _led_to(request, response.url) if wants_fragment(request) else response


def _led_to(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
