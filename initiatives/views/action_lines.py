"""The action lines, and the page of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.choices import AliasKind
from initiatives.models import ActionLine, Document, Initiative, Mention, Passage, Update
from initiatives.queries import (
    cited_in,
    in_six_languages,
    initiatives_by,
    latest_initiatives,
    latest_updates,
    stated_in_lines,
)
from portal.common.addresses import lead_to_code
from portal.common.languages import reader_language

FEW = 5


@require_safe
def action_line_list(request: HttpRequest) -> HttpResponse:
    """C1 to C11 with the sub-lines of C7: their names, who facilitates them, how many initiatives name them."""
    lines = list(ActionLine.objects.prefetch_related("facilitations__entity"))
    counts = initiatives_by("line")

    def rows(parent: int | None) -> list[dict[str, Any]]:
        return [
            {
                "line": line,
                "count": counts.get(line.pk, 0),
                "roles": line.facilitations.all(),
                "sub_rows": rows(line.pk) if parent is None else [],
            }
            for line in lines
            if line.parent_id == parent
        ]

    return render(request, "initiatives/action_line_list.html", {"rows": rows(None)})


@require_safe
def action_line_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One action line; a line with sub-lines tells of those too. A code in other letters leads to the one in use."""
    line = ActionLine.objects.select_related("parent").filter(code=code).first()
    if line is None:
        return lead_to_code(request, ActionLine.objects.all(), code)
    sub_lines = list(line.sub_lines.all())
    pks = [line.pk, *(sub_line.pk for sub_line in sub_lines)]
    stated = Initiative.objects.public().listed().counted().filter(stated_in_lines(pks))
    updates = Update.objects.visible_to(request.user).filter(stated_in_lines(pks, "initiative"))
    mentioning = Mention.objects.visible_to(request.user).filter(line__in=pks).values("document")
    documents = Document.objects.visible_to(request.user).filter(pk__in=mentioning)
    passages = Passage.objects.visible_to(request.user).filter(lines__in=pks).distinct()
    said = [
        (passage, passage.text_in(reader_language()))
        for passage in passages.select_related("entity").prefetch_related("texts").order_by("-pk")[:FEW]
    ]
    context = {
        "line": line,
        "sub_lines": sub_lines,
        "names": in_six_languages(line),
        "current_names": in_six_languages(line, "current_name"),
        "aliases": line.aliases.filter(kind=AliasKind.ALIAS).order_by("language", "text"),
        "facilitations": line.facilitations.select_related("entity").order_by("role", "since", "entity__acronym"),
        "initiatives": latest_initiatives(stated, FEW),
        "initiative_count": initiatives_by("line").get(line.pk, 0),
        "updates": latest_updates(updates, request.user),
        "passages": said,
        "cited": cited_in(*(text.body for _passage, text in said if text)),
        "passage_count": passages.count(),
        "documents": documents.select_related("session", "entity")[:FEW],
        "document_count": documents.count(),
    }
    return render(request, "initiatives/action_line_detail.html", context)
