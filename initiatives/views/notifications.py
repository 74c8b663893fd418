"""What happened that concerns a person; and stopping the mails that say the same."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives.mailing import reader_of
from initiatives.models import Notification
from initiatives.permissions import person_of
from initiatives.services.notifications import mark_read, stop_mail
from portal.common.languages import interface_language

PER_PAGE = 25


@login_required
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    found = Notification.objects.visible_to(request.user).for_listing()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "initiatives/notification_list.html", {"page": page})


@login_required
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what it is about, and count it as read."""
    notification = get_object_or_404(Notification.objects.visible_to(request.user).for_listing(), pk=pk)
    if request.method == "GET":
        mark_read(user=person_of(request), notification=notification, now=timezone.now())
    return redirect(notification.leads_to)


@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("notification_list"))
    notification = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_read(user=person_of(request), notification=notification, now=timezone.now())
    return redirect("notification_list")


@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("notification_list"))
    if mark_read(user=person_of(request), now=timezone.now()):
        messages.success(request, _("All notifications are marked as read."))
    return redirect("notification_list")


@csrf_exempt  # the token in the address says that it is meant; mail programs send no other one (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all mails to whoever the link was made for: by the button here, or by that of the mail program."""
    reader = reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        stop_mail(user=reader)
    with translation.override(interface_language(reader.language)):  # of the mail that the link stands in
        context = {"reader": reader, "is_stopped": not reader.mailed}
        return render(request, "initiatives/mail_stop.html", context)
