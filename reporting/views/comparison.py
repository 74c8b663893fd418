"""Comparing two compilations: what came, went, moved and changed between them."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reporting.comparison.changes import CannotCompare, Comparison, TextWasEdited, compare
from reporting.comparison.plain import as_text
from reporting.comparison.reading import stretches, told_counts
from reporting.compilation.snapshot import Snapshot
from reporting.forms import CompareForm, CompilationName
from reporting.models import Compilation
from reporting.queries import comparable_with
from reporting.verification.integrity import frozen_text

_WHOLE = 400  # so many paragraphs that stayed are shown whole in their folds; of more, only how they open


@require_safe
def compilation_compare(request: HttpRequest, call: str, slug: str, number: int) -> HttpResponse:
    """What differs between this compilation and an older one, as a page or a text file; or a form that asks which."""
    newer = _visible(request, CompilationName(call, slug, number))
    offered = comparable_with(newer, request.user)
    context: dict[str, Any] = {"newer": newer, "offered": offered}
    if "with" not in request.GET:
        return _page(request, context, CompareForm(offered=offered, likely=_one_before(newer, offered)))
    form = CompareForm(request.GET, offered=offered)
    if not form.is_valid():
        return _page(request, context, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context["older"] = older = _visible(request, form.cleaned_data["with"])
    try:
        comparison = compare(_frozen(older), _frozen(newer))
    except CannotCompare as error:
        context["problem"] = error
        return _page(request, context, form, status=HTTPStatus.CONFLICT)
    if request.GET.get("format") == "txt":
        return _text_file(comparison, older, newer)
    context |= {
        "comparison": comparison,
        "stretches": stretches(comparison),
        "counts": told_counts(comparison.counts),
        "note_counts": told_counts(comparison.note_counts),
        "older_name": CompilationName.of(older),
        "newer_name": CompilationName.of(newer),
        "shows_openings": comparison.counts.same > _WHOLE,
    }
    return _page(request, context, form)


def _visible(request: HttpRequest, name: CompilationName) -> Compilation:
    compilations = Compilation.objects.visible_to(request.user).select_related("submission__call__session", "seal")
    where = {"submission__call__slug": name.call, "submission__slug": name.slug, "number": name.number}
    return get_object_or_404(compilations, **where)


def _frozen(compilation: Compilation) -> Snapshot | None:
    """Return the frozen text, None before there is one. Raises TextWasEdited where it is not the one compiled."""
    text = frozen_text(compilation)
    if text is None and compilation.snapshot is not None:
        raise TextWasEdited
    return text


def _one_before(newer: Compilation, offered: list[Compilation]) -> Compilation | None:
    """Return the compilation that a person most likely means: the one before of the same submission."""
    own = (one for one in offered if one.submission_id == newer.submission_id and one.number < newer.number)
    return next(own, None)


def _page(request: HttpRequest, context: dict[str, Any], form: CompareForm, *, status: int = 200) -> HttpResponse:
    return render(request, "reporting/comparison.html", {**context, "form": form}, status=status)


def _text_file(comparison: Comparison, older: Compilation, newer: Compilation) -> HttpResponse:
    text = as_text(comparison, older=_said(older), newer=_said(newer))
    other = str(older.number) if older.submission_id == newer.submission_id else older.file_stem
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{newer.file_stem}-vs-{other}.txt"'},
    )


def _said(compilation: Compilation) -> str:
    return f"{compilation.submission}, {compilation.file_stem}, {compilation.fingerprint}"
