"""The page of one's own account, and the tokens by which programs act for a person."""

import datetime as dt
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.forms import SettingsForm, TokenForm
from portal.models import ApiToken, User
from portal.tokens import TokenEndsWrong, TokenNameTaken, TooManyTokens, living_tokens, make_token, revoke_token

UNPROCESSABLE = 422
_ENDED_SHOWN = 20  # tokens that no longer work; the history keeps all


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do, what I am mailed, and the tokens of my programs."""
    return _account_page(request, SettingsForm(instance=request.user))


@login_required
@require_POST
def account_settings(request: HttpRequest) -> HttpResponse:
    """Keep the language of mails, and which notifications come by mail."""
    user: User = request.user  # type: ignore[assignment]  # login_required lets nobody else in
    form = SettingsForm(request.POST, instance=user)
    if not form.is_valid():
        return _account_page(request, form, status=UNPROCESSABLE)
    form.save()
    messages.success(request, _("What you chose for mails is kept."))
    return redirect("account")


def _account_page(request: HttpRequest, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # login_required lets nobody else in
    now = timezone.now()
    living = list(living_tokens(user, now))
    ended = user.api_tokens.exclude(pk__in=[token.pk for token in living])[:_ENDED_SHOWN]
    labels = [_("Name"), _("Scopes"), _("First characters"), _("Made"), _("Last used")]
    context = {
        "facts": [
            {"label": _("Name"), "value": user.name},
            {"label": _("E-mail address"), "value": user.email},
            {"label": _("Roles"), "entries": _roles(user) or [_("none: you read what is public")]},
        ],
        "living": [_row(token) for token in living],
        "living_columns": [{"label": label} for label in (*labels, _("Last day"), _("Revoke"))],
        "ended": [_ended_row(token) for token in ended],
        "ended_columns": [{"label": label} for label in (*labels, _("Since"))],
    }
    return render(request, "account/account.html", context | {"settings_form": form}, status=status)


def _roles(user: User) -> list[str]:
    held = user.memberships.active_on(timezone.localdate()).select_related("entity", "country").order_by("since", "pk")
    return [_role(membership) for membership in held]


def _role(membership: Any) -> str:
    """Such as "staff, UNIDO"."""
    for_whom = membership.entity or membership.country
    words = membership.get_role_display()
    return _("%(role)s, %(whom)s") % {"role": words, "whom": for_whom} if for_whom else words


def _day(moment: dt.datetime | None) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def _what(token: ApiToken) -> list[dict[str, str]]:
    return [{"text": token.name}, {"text": ", ".join(token.scopes)}, {"text": f"{token.opening}…"}]


def _row(token: ApiToken) -> list[dict[str, str]]:
    """The cells of a token that works, in the order of the columns of the page."""
    last_moment = token.expires_at - dt.timedelta(microseconds=1)  # it ends with that day
    return [
        *_what(token),
        {"text": _day(token.created_at)},
        {"text": _day(token.last_used_at) or _("never")},
        {"text": _day(last_moment)},
        {
            "text": _("Revoke “%(name)s”") % {"name": token.name},
            "url": reverse("token_revoke", args=[token.pk]),
        },
    ]


def _ended_row(token: ApiToken) -> list[dict[str, str]]:
    why = _("revoked") if token.revoked_at else _("ended")
    when = token.revoked_at or token.expires_at
    return [
        *_what(token),
        {"text": _day(token.created_at)},
        {"text": _day(token.last_used_at) or _("never")},
        {"text": _("%(why)s, %(day)s") % {"why": why, "day": _day(when)}},
    ]


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Ask what the token is for, make it, and show its secret: in this answer, and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        user: User = request.user  # type: ignore[assignment]  # login_required lets nobody else in
        written = form.cleaned_data
        try:
            token, secret = make_token(
                user=user,
                name=written["name"],
                scopes=written["scopes"],
                expires_at=form.expires_at,
                now=timezone.now(),
            )
        except TokenNameTaken as error:
            form.add_error("name", str(error))
        except TokenEndsWrong as error:
            form.add_error("ends_on", str(error))
        except TooManyTokens as error:
            form.add_error(None, str(error))
        else:
            context = {"token": token, "secret": secret, "api": request.build_absolute_uri("/api/v1/")}
            return render(request, "account/token_made.html", context)
    return render(request, "account/token_new.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then let the token work no longer."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user.pk)
    if request.method == "POST":
        revoke_token(token=token, now=timezone.now())
        messages.success(request, _("“%(name)s” works no longer.") % {"name": token.name})
        return redirect("account")
    return render(request, "account/token_revoke.html", {"token": token})
