"""The offline workbook: records go out as XLSX and DOCX, come back, are shown row by row, and are taken in or left."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from initiatives.models import Entity
from initiatives.permissions import person_of
from initiatives.services.drafts import EDITABLE
from portal.common.errors import PersonError
from portal.common.exports import CONTENT_TYPES, ExportFormat, TooManyFiles, slot
from portal.common.htmx import wants_fragment
from portal.common.merging import plain_blocks
from portal.common.words import difference
from reporting.choices import ConflictChoice, RowOutcome, RowVerdict, WorkbookFormat, WorkbookState
from reporting.desk import Scope, desk_counts, initiatives_on_desk
from reporting.forms import AcceptWorkbookForm, ChooseForRowForm, WorkbookForm
from reporting.models import WorkbookRow, WorkbookUpload
from reporting.models.workbooks import DECIDED
from reporting.services.workbooks import (
    RowsRefused,
    accept_workbook,
    choose_for_row,
    drop_workbook,
    request_workbook,
    submit_workbook,
)
from reporting.views.uploads import drain, is_too_long
from reporting.workbook.columns import RECORD_LABEL
from reporting.workbook.export import records_as_workbook
from reporting.workbook.reading import Says
from reporting.workbook.sheets import sheets_of
from reporting.workbook.submitting import Lack, lacks_of
from reporting.workbook.word_records import LABELS, TEXTS, texts_as_word

PER_PAGE = 50
UPLOADS_PER_PAGE = 25


@csrf_exempt  # the token stands in the body, and a body that is too long is refused unread; `_answer` asks for it
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_list(request: HttpRequest) -> HttpResponse:
    """What can be taken away, the form to send it back, and what was sent so far."""
    if not Entity.objects.written_by(request.user).exists():
        raise PermissionDenied
    if is_too_long(request):
        drain(request)
        return _list_page(request, refusal=str(Says.TOO_LARGE), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _answer(request)


@csrf_protect
def _answer(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _list_page(request)
    form = WorkbookForm(request.POST, request.FILES, entities=Entity.objects.written_by(request.user))
    if not form.is_valid():
        return _list_page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.cleaned_data["file"]
    upload = request_workbook(
        content=sent.read(),
        name=sent.name,
        entity=form.cleaned_data["entity"],
        user=person_of(request),
        now=timezone.now(),
    )
    return redirect(upload)


@dataclass(frozen=True)
class _Offer:
    """Records that can be taken away as a workbook."""

    entity: Entity
    label: Promise | str
    facts_address: str
    texts_address: str
    count: int


def _list_page(
    request: HttpRequest, *, form: WorkbookForm | None = None, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    user, today = person_of(request), timezone.localdate()
    entities = Entity.objects.written_by(user).order_by("acronym")
    offers = []
    for entity in entities:
        counts = desk_counts(initiatives_on_desk([entity]), user, today)
        for scope in (Scope.MINE, Scope.UNIT, Scope.ALL):
            if counts[scope] or scope == Scope.ALL:
                query = f"?entity={entity.code}&show={scope.value}"
                facts, texts = (reverse(name) + query for name in ("workbook_download", "workbook_texts"))
                offers.append(_Offer(entity, scope.label, facts, texts, counts[scope]))
    uploads = WorkbookUpload.objects.visible_to(user).select_related("entity")
    context = {
        "offers": offers,
        "page": Paginator(uploads, UPLOADS_PER_PAGE).get_page(request.GET.get("page")),
        "form": form or WorkbookForm(entities=entities),
        "refusal": refusal,
    }
    return render(request, "reporting/workbook_list.html", context, status=status)


@login_required
@require_safe
def workbook_download(request: HttpRequest) -> HttpResponseBase:
    """`?entity=UNIDO&show=mine|unit|all`: facts as they stand, drafts under way included."""
    return _download(request, records_as_workbook, WorkbookFormat.XLSX, "records")


@login_required
@require_safe
def workbook_texts(request: HttpRequest) -> HttpResponseBase:
    """The texts of the same records as one Word file."""
    return _download(request, texts_as_word, WorkbookFormat.DOCX, "texts")


def _download(
    request: HttpRequest, make: Callable[..., IO[bytes]], kind: WorkbookFormat, what: str
) -> HttpResponseBase:
    user, now = person_of(request), timezone.now()
    entities = Entity.objects.written_by(user)
    if not entities.exists():
        raise PermissionDenied
    chosen = entities.filter(code=request.GET["entity"]) if "entity" in request.GET else entities
    entity = get_object_or_404(chosen.order_by("acronym")[:1])
    scope = request.GET.get("show", Scope.ALL.value)
    if scope not in Scope.values:
        scope = Scope.ALL.value
    try:
        with slot():
            file = make(entity=entity, user=user, scope=scope, now=now)
    except TooManyFiles as error:
        response = render(request, "export_refused.html", {"error": error}, status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = "60"
        return response
    name = f"{entity.code}-{what}-{timezone.localdate(now)}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=MIME_TYPES[kind])


MIME_TYPES = {
    WorkbookFormat.XLSX: CONTENT_TYPES[ExportFormat.XLSX],
    WorkbookFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@vary_on_headers("HX-Request")
@login_required
@require_safe
def workbook_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; then what each row would change, or what became of it. `?show=changed`, `?page=2`."""
    return _detail_page(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> WorkbookUpload:
    return get_object_or_404(WorkbookUpload.objects.visible_to(request.user).select_related("entity"), pk=pk)


def _detail_page(
    request: HttpRequest,
    upload: WorkbookUpload,
    *,
    form: AcceptWorkbookForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    template = "reporting/workbook_detail.html"
    if wants_fragment(request):
        template += "#job"
    context: dict[str, Any] = {"upload": upload, "form": form or AcceptWorkbookForm()}
    if upload.state in SHOWN:
        context |= _preview(request, upload)
    return render(request, template, context, status=status)


#: States in which the rows are there to be looked at.
SHOWN = [WorkbookState.READ, *DECIDED]
#: In addresses: rows whose drafts are not submitted yet.
OPEN = "open"


def _preview(request: HttpRequest, upload: WorkbookUpload) -> dict[str, Any]:
    """Counts of rows by verdict, and one page of those that are asked for.

    At first those that are not as they were; once they are taken in, those whose drafts are not submitted yet.
    """
    rows = WorkbookRow.objects.filter(upload=upload)
    counts = dict(rows.order_by().values_list("verdict").annotate(Count("pk")))
    not_submitted = rows.filter(draft__state__in=EDITABLE)
    open_count = not_submitted.count() if upload.state == WorkbookState.TAKEN else 0
    asked = request.GET.get("show", OPEN if open_count else "")
    if asked == OPEN:
        found = not_submitted
    elif asked == RowOutcome.LEFT:
        found = rows.filter(outcome=RowOutcome.LEFT)
    elif asked in RowVerdict.values:
        found = rows.filter(verdict=asked)
    else:
        asked, found = "", rows.exclude(verdict=RowVerdict.UNCHANGED)
    page = Paginator(found.order_by("of", "number").select_related("draft"), PER_PAGE).get_page(request.GET.get("page"))
    outcomes = dict(rows.order_by().exclude(outcome="").values_list("outcome").annotate(Count("pk")))
    good = counts.get(RowVerdict.ADDED, 0) + counts.get(RowVerdict.CHANGED, 0)
    return {
        "page": page,
        "rows": _shown(upload, list(page)),
        "asked": asked,
        "open_count": open_count,
        "verdicts": [(verdict.value, verdict.label, counts.get(verdict, 0)) for verdict in RowVerdict],
        "differing": sum(counts.values()) - counts.get(RowVerdict.UNCHANGED, 0),
        "good": good,
        "conflicts": counts.get(RowVerdict.CONFLICT, 0),
        "refused": counts.get(RowVerdict.REFUSED, 0),
        "outcomes": outcomes,
        "written": outcomes.get(RowOutcome.WRITTEN, 0) + outcomes.get(RowOutcome.SUBMITTED, 0),
    }


@dataclass(frozen=True)
class _ShownRow:
    row: WorkbookRow
    cells: list[dict[str, Any]]
    lacks: list[Lack] | None  # None where its draft is not to be submitted
    choices: list[tuple[str, Promise | str]]  # where it is in conflict and waits for a decision


CHOICES: list[tuple[str, Promise | str]] = [
    (ConflictChoice.MINE.value, _lazy("Take mine")),
    (ConflictChoice.THEIRS.value, _lazy("Keep theirs")),
    (ConflictChoice.LEAVE.value, _lazy("Leave this row out")),
]


def _shown(upload: WorkbookUpload, rows: list[WorkbookRow]) -> list[_ShownRow]:
    labels = {
        (str(kind.of), name): str(one.label)
        for kind in sheets_of(upload.entity)
        for name, one in kind.form.fields.items()
    }
    labels |= {(str(of), name): str(LABELS[name]) for of, names in TEXTS.items() for name in names}
    lacks: dict[int, list[Lack]] = {}
    if upload.state == WorkbookState.TAKEN:
        lacks = lacks_of([row for row in rows if row.draft and row.draft.state in EDITABLE], upload.entity)
    is_open = upload.state == WorkbookState.READ
    return [
        _ShownRow(
            row,
            [
                cell | {"label": labels.get((row.of, cell["name"]), RECORD_LABEL)} | _compared(cell)
                for cell in row.cells
            ],
            lacks.get(row.pk),
            CHOICES if is_open and row.verdict == RowVerdict.CONFLICT else [],
        )
        for row in rows
    ]


def _compared(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what a text of a cell changed, word by word, and what others did."""
    if not cell.get("is_text"):
        return {}
    was = plain_blocks(cell["was"])
    pieces = {"pieces": difference(was, plain_blocks(cell["now"]))}
    return pieces | ({"their_pieces": difference(was, plain_blocks(cell["theirs"]))} if cell["clashes"] else {})


@login_required
@require_POST
def workbook_choose(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Keep what becomes of one row in conflict. A fragment for htmx, else the page again at that row."""
    upload = _visible(request, pk)
    chosen = get_object_or_404(WorkbookRow.objects.select_related("draft"), upload=upload, pk=row)
    form = ChooseForRowForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, upload, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        chosen = choose_for_row(row=chosen, choice=form.cleaned_data["choice"])
    except PersonError as error:
        return _refused(request, pk, error)
    if wants_fragment(request):
        (shown,) = _shown(upload, [chosen])
        return render(request, "reporting/workbook_row.html", {"upload": upload, "shown": shown})
    back = QueryDict(request.POST.get("back", "")).urlencode()
    return redirect(f"{upload.get_absolute_url()}{'?' if back else ''}{back}#row-{chosen.pk}")


@login_required
@require_POST
def workbook_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the drafts of a workbook that are complete be submitted."""
    upload = _visible(request, pk)
    try:
        submit_workbook(upload=upload)
    except PersonError as error:
        return _refused(request, pk, error)
    return redirect(upload)


@login_required
@require_POST
def workbook_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in what was shown: all rows, or with `only_good` those that are not refused."""
    upload = _visible(request, pk)
    form = AcceptWorkbookForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, upload, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        accept_workbook(upload=upload, now=timezone.now(), **form.cleaned_data)
    except PersonError as error:
        return _refused(request, pk, error, form if isinstance(error, RowsRefused) else None)
    return redirect(upload)


@login_required
@require_POST
def workbook_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a workbook: nothing of it is kept but that it was sent."""
    try:
        drop_workbook(upload=_visible(request, pk), now=timezone.now())
    except PersonError as error:
        return _refused(request, pk, error)
    messages.success(request, _("The workbook is left. Nothing was changed."))
    return redirect("workbook_list")


def _refused(request: HttpRequest, pk: int, error: PersonError, form: AcceptWorkbookForm | None = None) -> HttpResponse:
    messages.warning(request, str(error))
    return _detail_page(request, _visible(request, pk), form=form, status=HTTPStatus.CONFLICT)
