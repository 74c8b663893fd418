"""The list of documents, and the page of one: what it is, what it mentions, who cites it, its words if read in."""

from http import HTTPStatus
from io import BytesIO

from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.filters import DocumentFilter
from initiatives.models import Document, Initiative
from initiatives.permissions import may_write
from initiatives.queries import cited_in, mentioned_by_kind, parts_on_page
from initiatives.querysets import DocumentQuerySet
from portal.common.lists import Listing
from reporting.models import Import
from reporting.permissions import proposing_entities
from reporting.queries import submissions_citing
from reporting.verification.integrity import unchanged

CITING_SHOWN = 20


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Those that the reader may see, narrowed and ordered by the address; who reads old documents in goes on there."""
    listing = Listing(
        request, DocumentFilter, name="document_list", export="document_export", shown=DocumentQuerySet.for_listing
    )
    may_propose = proposing_entities(request.user).exists()
    return listing.response("reporting/document_list.html", may_propose=may_propose)


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its facts, mentions and citations; of one that was read in also the words, a hundred places a page."""
    document = _visible(request, pk)
    is_own = document.entity is not None and may_write(request.user, document.entity)
    page, parts = parts_on_page(document, request.GET.get("page"))
    shown = list(parts.visible_to(request.user))
    listing = Initiative.objects.visible_to(request.user).listed().filter(references__document=document).distinct()
    context = {
        "document": document,
        "symbols": document.symbols.all(),
        "mentioned": mentioned_by_kind(document, request.user),
        "listed_by": listing.with_title().order_by(F("title"), "pk")[:CITING_SHOWN],
        "cited_by": submissions_citing(document, request.user)[:CITING_SHOWN],
        "parts": shown,
        "page": page,
        "cited": cited_in(*(part.body for part in shown)),
        "is_file_open": is_own or Document.objects.with_open_file().filter(pk=document.pk).exists(),
        "origin": Import.objects.visible_to(request.user).filter(document=document).only("pk").first(),
    }
    return render(request, "reporting/document_detail.html", context)


@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was sent, to be saved: no browser opens it inside the portal. Only its own bytes are given out.

    People of other entities get no file that holds what the page of the document does not show to them.
    """
    document = _visible(request, pk)
    if not document.sha256:
        raise Http404
    is_own = document.entity is not None and may_write(request.user, document.entity)
    if not is_own and not Document.objects.with_open_file().filter(pk=document.pk).exists():
        return render(request, "reporting/document_file_kept.html", {"document": document}, status=HTTPStatus.FORBIDDEN)
    content = unchanged(document.file, document.sha256)
    if content is None:
        return render(request, "reporting/document_file_gone.html", {"document": document}, status=HTTPStatus.GONE)
    name = Import.objects.filter(document=document).values_list("file_name", flat=True).first()
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=name or str(document.file).rpartition("/")[2],
        content_type="application/octet-stream",
    )


def _visible(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.visible_to(request.user).select_related("entity", "session"), pk=pk)
