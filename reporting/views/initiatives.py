"""The page of one initiative, which also shows the submissions that hold it, and the addresses that lead to it."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from initiatives.choices import Basis, DraftOf, Variant
from initiatives.history import history_of_initiative
from initiatives.models import Draft, Entity, Initiative, Passage, Result, Update
from initiatives.models.base import best_text, stale_languages
from initiatives.permissions import may_approve
from initiatives.queries import (
    best_of_each_entity,
    cited_in,
    further_fields,
    initiative_today,
    joint_state,
    mentions_by_document,
    read_rows_of,
    related_initiatives,
    standing_for,
    terms_by_vocabulary,
)
from portal.common.addresses import lead_to
from portal.common.languages import Language, reader_language
from reporting.choices import RecordKind
from reporting.provenance import RecordName, names_printed
from reporting.queries import calls_to, current_period, submissions_with

UPDATES_SHOWN, PASSAGES_SHOWN, RESULTS_SHOWN = 10, 5, 10
HAPPENINGS_PER_PAGE = 50


@require_safe
def initiative_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about one initiative. `?text=fr` shows another language version of its texts."""
    visible = Initiative.objects.visible_to(request.user).filter(merged_into=None)
    initiative = visible.for_detail().filter(slug=slug).first()
    if initiative is None:
        return address_today(request, slug, "initiative_detail")
    read_rows_of(initiative)
    own = set(Entity.objects.written_by(request.user).values_list("pk", flat=True))
    is_own = initiative.entity_id in own
    joint = joint_state(initiative, own=own)
    asked = request.GET.get("text", "")
    language = asked if asked in Language.values else reader_language()
    texts = [text for text in initiative.texts.all() if text.variant == Variant.GENERAL]
    text = best_text(texts, language)
    updates, update_count = _updates(initiative, request)
    under_way = Draft.objects.visible_to(request.user).open().filter(initiative=initiative)
    drafts = list(under_way.select_related("saved_by", "entity").defer("content").order_by("-period_start", "pk"))
    told = [(update, best_text(update.texts.all(), language)) for update in updates]
    passages = Passage.objects.visible_to(request.user).filter(initiatives=initiative).prefetch_related("texts")
    passages_told = [(passage, passage.text_in(language)) for passage in passages[:PASSAGES_SHOWN]]
    lines = [link for link in initiative.line_links.all() if is_own or link.basis == Basis.STATED]
    entity_texts = best_of_each_entity(joint.texts, language)
    own_name = RecordName(RecordKind.INITIATIVE, initiative.pk)
    names = [
        own_name,
        *(RecordName(RecordKind.UPDATE, update.pk) for update in updates),
        *(RecordName(RecordKind.ENTITY_TEXT, told.pk) for told in entity_texts),
    ]
    used = names_printed(names, request.user)
    htmls = [
        text.description if text else "",
        *(told.description for told in entity_texts),
        *(passage.body for _passage, passage in passages_told if passage),
    ]
    further = {
        update: further_fields(update, words, is_own=update.entity_id in own) if words else [] for update, words in told
    }
    for update, words in told:
        if words:
            htmls += [words.paragraph, *(html for _name, _label, html in further[update])]
    context = {
        "initiative": initiative,
        "name": str(own_name),
        "used": used,
        "text": text,
        "texts": texts,
        "other_uses": [other for other in initiative.texts.all() if other.variant != Variant.GENERAL],
        "stale": stale_languages(texts),
        "asked": asked if asked in Language.values else "",
        "is_own": is_own,
        "own": own,
        "joint": joint,
        "entity_texts": [(told, str(RecordName(RecordKind.ENTITY_TEXT, told.pk))) for told in entity_texts],
        "joint_drafts": [draft for draft in drafts if draft.of == DraftOf.ENTITY_TEXT],
        "draft": next((draft for draft in drafts if draft.of == DraftOf.INITIATIVE), None),
        "may_manage": is_own and may_approve(request.user, initiative.entity),
        "lines": sorted(lines, key=lambda link: not link.is_primary),
        "evidence": [
            one for one in initiative.evidence.all() if one.is_public or (one.update or initiative).entity_id in own
        ],
        "terms": terms_by_vocabulary(initiative.term_links.all(), inferred=is_own),
        "related": related_initiatives(initiative, request.user),
        "updates": [
            {
                "update": update,
                "text": words,
                "year": update.period_start.year,
                "further": further[update],
            }
            for update, words in told
        ],
        "update_count": update_count,
        "open_updates": [draft for draft in drafts if draft.of == DraftOf.UPDATE],
        "results": Result.objects.visible_to(request.user).filter(initiative=initiative).for_listing()[:RESULTS_SHOWN],
        "open_results": [draft for draft in drafts if draft.of == DraftOf.RESULT],
        "passages": passages_told,
        "cited": cited_in(*htmls),
        "mentioned": mentions_by_document(initiative, request.user),
        "submissions": submissions_with(initiative, request.user),
        "short_address": settings.PORTAL_URL + reverse("initiative_short", args=[initiative.pk]),
        "period": current_period(calls_to([joint.writer or initiative.entity]), timezone.localdate())
        if is_own or joint.writer
        else None,
    }
    return render(request, "reporting/initiative_detail.html", context)


def _updates(initiative: Initiative, request: HttpRequest) -> tuple[list[Any], int]:
    """Return the latest updates that the reader sees, and how many there are."""
    updates = Update.objects.visible_to(request.user).filter(initiative=initiative)
    found = list(updates.for_timeline().annotate(in_all=Window(Count("pk")))[:UPDATES_SHOWN])
    return found, found[0].in_all if found else 0


@require_safe
def initiative_history(request: HttpRequest, slug: str) -> HttpResponse:
    """All that happened to it, as far as the reader may know, newest first."""
    visible = Initiative.objects.visible_to(request.user).filter(merged_into=None)
    initiative = visible.with_title().filter(slug=slug).first()
    if initiative is None:
        return address_today(request, slug, "initiative_history")
    own = set(Entity.objects.written_by(request.user).values_list("pk", flat=True))
    history = history_of_initiative(initiative, request.user, own=own)
    context = {
        "initiative": initiative,
        "page": Paginator(history.happenings, HAPPENINGS_PER_PAGE).get_page(request.GET.get("page")),
        "goes_on": history.goes_on,
    }
    return render(request, "reporting/initiative_history.html", context)


@require_safe
def initiative_short(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from the permanent short address to the page, wherever it is today."""
    visible = Initiative.objects.visible_to(request.user)
    initiative = standing_for(get_object_or_404(visible, pk=pk), visible)
    if initiative is None:
        raise Http404
    return lead_to(request, initiative.get_absolute_url(), permanently=False)


def address_today(request: HttpRequest, slug: str, page: str) -> HttpResponse:
    """Lead from a former address, or that of one that was merged, to the page of that name today.

    Raises Http404 where the reader sees no such initiative, or not the one that stands for it.
    """
    initiative = initiative_today(Initiative.objects.visible_to(request.user), slug)
    if initiative is None:
        raise Http404
    return lead_to(request, reverse(page, args=[initiative.slug]), permanently=True)
