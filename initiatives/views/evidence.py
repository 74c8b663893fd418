"""Files that show what an initiative does: kept as soon as they are chosen, given out to be saved."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from initiatives.drafting.evidence import EvidenceField, uploads_in
from initiatives.models import Entity, StoredFile
from initiatives.permissions import person_of, writable_draft
from initiatives.services.drafts import EDITABLE, DraftNotEditable, shown_form_of
from initiatives.services.evidence import keep_file
from portal.common.errors import PersonError
from portal.common.uploads import MEDIA_TYPES, FileType

POLICY = "default-src 'none'; sandbox"  # whatever a browser makes of a file, it can do nothing


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, to be saved: no browser opens it inside the portal."""
    stored = _visible(request, pk)
    return _given_out(request, stored, stored.file, stored.name, MEDIA_TYPES[FileType(stored.type)])


@require_safe
def evidence_thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The small picture, for pages; Http404 of a file that is none."""
    stored = _visible(request, pk)
    if not stored.thumbnail:
        raise Http404
    return _given_out(request, stored, stored.thumbnail, f"{stored.pk}.webp", "image/webp")


def _visible(request: HttpRequest, pk: int) -> StoredFile:
    return get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)


def _given_out(
    request: HttpRequest, stored: StoredFile, file: FieldFile, name: str, media_type: str
) -> HttpResponseBase:
    """Answer with a file. A browser may keep it, and asks each time whether it may still show it."""
    etag = f'"{stored.sha256}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None:
        return unchanged
    try:
        opened = file.open()
    except FileNotFoundError as error:
        raise Http404(_("The store of files has lost this file.")) from error
    return FileResponse(
        opened,
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Security-Policy": POLICY,
            "ETag": etag,
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
def draft_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one file as soon as it is chosen. Answers JSON: its `row` of the form, or why it is not taken."""
    if not request.user.is_authenticated:
        sentence = _("You are signed out. Sign in in another tab, then choose the file again.")
        return JsonResponse({"sentence": sentence}, status=HTTPStatus.UNAUTHORIZED)
    draft = writable_draft(request.user, pk)
    if draft.state not in EDITABLE:
        return JsonResponse({"sentence": str(DraftNotEditable())}, status=HTTPStatus.CONFLICT)
    field, number = shown_form_of(draft).fields.get("evidence"), request.POST.get("number", "")
    upload = request.FILES.get("upload")
    if not isinstance(field, EvidenceField) or upload is None or number not in field.widget.numbers:
        return JsonResponse({"sentence": _("Choose a file first.")}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        stored = keep_file(file=upload, entity=draft.entity, user=person_of(request), now=timezone.now())
    except PersonError as error:
        return JsonResponse({"sentence": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"row": field.widget.rendered_row("evidence", int(number), stored)})


def with_files(request: HttpRequest, form: Form, entity: Entity) -> tuple[QueryDict, bool]:
    """Keep the files that came with a form, and return what was sent with their ids, and whether all were taken.

    Those that were not are told in messages, and what was written beside them stays.
    """
    sent, refused = request.POST.copy(), []
    for name in _evidence_of(form):
        for key, upload in uploads_in(request.POST, request.FILES, name).items():
            try:
                stored = keep_file(file=upload, entity=entity, user=person_of(request), now=timezone.now())
                sent[key] = str(stored.pk)
            except PersonError as error:
                refused.append(str(error))
    for sentence in refused:
        messages.error(request, sentence)
    return sent, not refused


def _evidence_of(form: Form) -> Iterable[str]:
    return (name for name, field in form.fields.items() if isinstance(field, EvidenceField))
