"""Reads over several models, for the pages about initiatives and updates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, RelationKind, UpdateKind, UpdateState
from initiatives.models import (
    Initiative,
    InitiativeTerm,
    InitiativeText,
    OtherTitle,
    Reference,
    Relation,
    Update,
    Vocabulary,
)
from initiatives.querysets import InitiativeQuerySet
from initiatives.services.updates import TEXT_FIELDS
from portal.common import richtext
from portal.common.periods import Period
from portal.models import User

# Lists of initiatives


def named_like(initiatives: InitiativeQuerySet, words: str) -> InitiativeQuerySet:
    """Keep those of which a title, in any language, holds each of the words."""
    for word in words.split():
        texts = InitiativeText.objects.filter(initiative=OuterRef("pk"), title__icontains=word)
        others = OtherTitle.objects.filter(initiative=OuterRef("pk"), text__icontains=word)
        initiatives = initiatives.filter(Exists(texts) | Exists(others))
    return initiatives


def with_last_approval(initiatives: InitiativeQuerySet) -> InitiativeQuerySet:
    """Annotate `last_approved_at`: when an update was approved last."""
    approved = Update.objects.approved().filter(initiative=OuterRef("pk")).order_by("-decided_at")
    return initiatives.annotate(last_approved_at=Subquery(approved.values("decided_at")[:1]))


def latest_first(initiatives: InitiativeQuerySet) -> InitiativeQuerySet:
    """Order by the last approval of an update; those without come last."""
    return with_last_approval(initiatives).order_by(F("last_approved_at").desc(nulls_last=True), "pk")


NOTHING_YET = "none"  # in addresses: no update for the period


def with_update_of(initiatives: InitiativeQuerySet, period: Period, *, state: str = "") -> InitiativeQuerySet:
    """Annotate `update_pk` and `update_state` of what the entity tells of the period: an open update, else the last.

    With a state, or NOTHING_YET, keep only initiatives whose update is in it.
    """
    updates = (
        Update.objects.overlapping(period.start, period.end)
        .filter(initiative=OuterRef("pk"), entity=OuterRef("entity"))
        .order_by(Case(When(state=UpdateState.APPROVED, then=1), default=0), "-period_start", "-pk")
    )
    found = initiatives.annotate(
        update_pk=Subquery(updates.values("pk")[:1]), update_state=Subquery(updates.values("state")[:1])
    )
    if state:
        found = found.filter(update_state=None if state == NOTHING_YET else state)
    return found


# The page of one initiative

#: How a relation reads from its target.
_REVERSED = {
    RelationKind.PART_OF: _("has the part"),
    RelationKind.PHASE_OF: _("has the phase"),
    RelationKind.EDITION_OF: _("has the edition"),
    RelationKind.FOLLOWS: _("followed by"),
    RelationKind.LEGACY_OF: _("left as its legacy"),
    RelationKind.REPLACES: _("replaced by"),
    RelationKind.SAME_AS: _("same as"),
    RelationKind.SEE_ALSO: _("related to"),
}


@dataclass(frozen=True)
class Related:
    """Another initiative, and how this one stands to it in words."""

    words: Promise | str
    initiative: Initiative


def related_initiatives(initiative: Initiative, user: User | AnonymousUser) -> list[Related]:
    """Return the relations in both directions, without those to initiatives that the reader does not see."""
    forward = [(row.get_kind_display(), row.target_id) for row in Relation.objects.filter(source=initiative)]
    backward = [
        (_REVERSED[RelationKind(row.kind)], row.source_id) for row in Relation.objects.filter(target=initiative)
    ]
    others = Initiative.objects.visible_to(user).with_title().in_bulk([pk for _words, pk in forward + backward])
    return [Related(words, others[pk]) for words, pk in forward + backward if pk in others]


def terms_by_vocabulary(links: Iterable[InitiativeTerm], *, inferred: bool) -> dict[Vocabulary, list[InitiativeTerm]]:
    """Group the terms of an initiative; those that nobody confirmed only where `inferred` asks for them."""
    groups: dict[Vocabulary, list[InitiativeTerm]] = defaultdict(list)
    for link in links:
        if inferred or link.basis == Basis.STATED:
            groups[link.term.vocabulary].append(link)
    return dict(groups)


def cited_in(*htmls: str) -> dict[int, Reference]:
    """Return what the footnotes of the texts cite, by id, in at most one query."""
    return Reference.objects.in_bulk({reference for html in htmls for reference in richtext.cited_references(html)})


# The page of one update


def citable_for(update: Update) -> list[Reference]:
    """Return what footnotes of the update may cite: references about its initiative, and those it cites already."""
    htmls = [getattr(text, name) for text in update.texts.all() for name in TEXT_FIELDS]
    cited = {reference for html in htmls for reference in richtext.cited_references(html)}
    found = Reference.objects.filter(Q(initiative=update.initiative_id) | Q(pk__in=cited))
    return list(found.order_by("text", "title", "pk"))


@dataclass(frozen=True)
class Happening:
    """One line in the history of a record, as `components/history.html` shows it."""

    when: dt.datetime
    what: Promise | str
    who: str
    note: str


_ENTERED = {
    UpdateState.DRAFT: _("Begun"),
    UpdateState.SUBMITTED: _("Submitted"),
    UpdateState.RETURNED: _("Returned"),
    UpdateState.APPROVED: _("Approved"),
}


def history_of(update: Update) -> list[Happening]:
    """Return what happened to the update, newest first; saves of one person in a row are told once."""
    events = update.pgh_event_model.objects.filter(pgh_obj=update)  # type: ignore[attr-defined]  # made by pghistory
    rows = list(events.annotate(actor=KeyTextTransform("user", "pgh_context__metadata")).order_by("pgh_id"))
    people = User.objects.in_bulk({pk for row in rows if (pk := _who_acted(row))})
    told: list[Happening] = []
    state, last_actor, saving = None, None, False
    for row in rows:
        actor, saved_before, saving = _who_acted(row), saving, row.state == state
        if saving:
            what, note = _("Saved"), ""
        else:
            what, note = _ENTERED[UpdateState(row.state)], row.decision_note
            if row.state == UpdateState.APPROVED and row.kind == UpdateKind.STILL_TRUE:
                what = _("Found to be still true")
        if saving and saved_before and actor == last_actor:
            told.pop()
        told.append(Happening(row.pgh_created_at, what, str(people.get(actor, "")), note))
        state, last_actor = row.state, actor
    return told[::-1]


def _who_acted(event: object) -> int | None:
    """The person whose request made the change; a change without a request is told as that of author or reviewer."""
    actor = getattr(event, "actor", None)
    return int(actor) if actor else getattr(event, "decided_by_id", None) or getattr(event, "author_id", None)
