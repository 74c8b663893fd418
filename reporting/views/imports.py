"""Old documents in: sending a file, looking at what it proposes, filing that, taking it back."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.permissions import person_of
from initiatives.queries import parts_on_page
from portal.common.errors import PersonError
from portal.common.htmx import wants_fragment
from reporting.choices import ImportState
from reporting.forms import ImportForm
from reporting.importing.proposals import Proposals
from reporting.models import Import
from reporting.permissions import may_decide_import, proposing_entities
from reporting.proposed import choices_in, refused_mends, shown_proposals
from reporting.services.imports import (
    AlreadyRead,
    ProposalsChanged,
    SentFile,
    accept,
    proposals_of,
    request_import,
)
from reporting.services.undoing import Builds, SomethingBuildsOnIt, builds_on, filed_of, undo
from reporting.verification.files import too_large
from reporting.views.uploads import drain, is_too_long

PER_PAGE = 25


@csrf_exempt  # the token stands in the body, and a body that is too long is refused unread; `_answer` asks for it
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Files of former years that the person may see, and the form to send another."""
    if not proposing_entities(request.user).exists():
        raise PermissionDenied
    if is_too_long(request):
        drain(request)
        return _list_page(request, refusal=str(too_large()), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _answer(request)


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _list_page(request)
    form = ImportForm(request.POST, request.FILES, entities=proposing_entities(request.user))
    if not form.is_valid():
        return _list_page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted = form.cleaned_data
    sent = SentFile(
        content=wanted["file"].read(),
        name=wanted["file"].name,
        entities=list(wanted["entities"]),
        session=wanted["session"],
        kind=wanted["kind"],
        language=wanted["language"],
        requested_by=person_of(request),
    )
    try:
        imported = request_import(sent, now=timezone.now())
    except AlreadyRead as error:
        former = Import.objects.visible_to(request.user).filter(pk=error.former.pk).first()
        form.add_error("file", str(error))
        return _list_page(request, form=form, former=former, status=HTTPStatus.CONFLICT)
    except PersonError as error:
        form.add_error("session", str(error))
        return _list_page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(imported)


def _list_page(
    request: HttpRequest,
    *,
    form: ImportForm | None = None,
    former: Import | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    imports = Import.objects.visible_to(request.user).for_listing()
    context = {
        "page": Paginator(imports, PER_PAGE).get_page(request.GET.get("page")),
        "form": form or ImportForm(entities=proposing_entities(request.user)),
        "former": former,
        "refusal": refusal,
    }
    return render(request, "reporting/import_list.html", context, status=status)


@vary_on_headers("HX-Request")
@login_required
@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How the reading gets on; then what it found. htmx asks for the part that changes while it is read."""
    return _import_page(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> Import:
    imports = Import.objects.visible_to(request.user).select_related("session", "document", "submission__call__session")
    return get_object_or_404(imports, pk=pk)


def _import_page(
    request: HttpRequest,
    imported: Import,
    *,
    proposals: Proposals | None = None,
    keeps_choices: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    template = "reporting/import_detail.html"
    if wants_fragment(request):
        template += "#job"
    may_decide = may_decide_import(request.user, imported)
    shown = None
    if imported.state in {ImportState.READ, ImportState.FILED}:
        refused = imported.choices.get("refused_mends", [])  # as it was filed
        shown = shown_proposals(
            imported,
            proposals or proposals_of(imported, refused_mends=refused, viewer=person_of(request)),
            form=request.POST if keeps_choices else None,
            disabled=not may_decide,
        )
    context = {
        "imported": imported,
        "entities": imported.entities_in_order,
        "shown": shown,
        "may_decide": may_decide,
        "filed": filed_of(imported),
    }
    return render(request, template, context, status=status)


@login_required
@require_POST
def import_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """File what the document proposes, but for what the person unticked."""
    imported = _visible(request, pk)
    if not may_decide_import(request.user, imported):
        raise PermissionDenied
    choices = {}
    if imported.state == ImportState.READ:
        proposals = proposals_of(imported, refused_mends=refused_mends(request.POST), viewer=person_of(request))
        choices = choices_in(proposals, request.POST, imported)
    try:
        accept(
            imported=imported,
            person=person_of(request),
            choices=choices,
            now=timezone.now(),
            shown=request.POST.get("digest", ""),
        )
    except ProposalsChanged as changed:
        messages.warning(request, str(changed))
        return _import_page(
            request, imported, proposals=changed.proposals, keeps_choices=True, status=HTTPStatus.CONFLICT
        )
    except PersonError as error:
        messages.warning(request, str(error))
        return _import_page(request, _visible(request, pk), status=HTTPStatus.CONFLICT)
    messages.success(request, _("The document is filed as records."))
    return redirect(imported)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to take back what was filed, then do it."""
    imported = _visible(request, pk)
    if not may_decide_import(request.user, imported):
        raise PermissionDenied
    if request.method != "POST":
        builds = builds_on(imported) if imported.state == ImportState.FILED else []
        return _undo_page(request, imported, builds=builds)
    try:
        undo(imported=imported, person=person_of(request), now=timezone.now())
    except SomethingBuildsOnIt as error:
        return _undo_page(request, imported, builds=error.builds, status=HTTPStatus.CONFLICT)
    except PersonError as error:
        messages.warning(request, str(error))
        return _import_page(request, _visible(request, pk), status=HTTPStatus.CONFLICT)
    messages.success(
        request,
        _("All that was filed of this document is taken back.")
        if imported.state == ImportState.FILED
        else _("The proposals are dropped."),
    )
    return redirect(imported)


def _undo_page(
    request: HttpRequest, imported: Import, *, builds: list[Builds], status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "imported": imported,
        "may_undo": imported.state in {ImportState.READ, ImportState.FILED},
        "builds": builds,
        "filed": filed_of(imported),
    }
    return render(request, "reporting/import_undo.html", context, status=status)


@login_required
@require_safe
def import_words(request: HttpRequest, pk: int) -> HttpResponse:
    """All words of the document, part by part in their order; a page holds a hundred places."""
    imported = _visible(request, pk)
    if imported.document is None:
        raise Http404
    page, parts = parts_on_page(imported.document, request.GET.get("page"))
    context = {"imported": imported, "page": page, "parts": parts}
    return render(request, "reporting/import_words.html", context)


@login_required
@require_safe
def import_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was sent, to be saved: no browser opens it inside the portal."""
    imported = _visible(request, pk)
    file = imported.document.file if imported.document else imported.file
    try:
        content = file.open("rb")
    except (FileNotFoundError, ValueError):  # ValueError: a file that could not be read was not kept
        raise Http404 from None
    return FileResponse(
        content, as_attachment=True, filename=imported.file_name, content_type="application/octet-stream"
    )
