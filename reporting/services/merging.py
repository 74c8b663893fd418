"""Merging two records of one initiative. It stands here because submissions may hold either of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, TextState
from initiatives.models import (
    DatedPart,
    Draft,
    Evidence,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Mention,
    OtherTitle,
    Participation,
    Passage,
    Reference,
    Relation,
    Update,
)
from initiatives.models.documents import MENTIONED
from initiatives.services.initiatives import ReasonMissing
from portal.common.errors import PersonError
from portal.models import User
from reporting.models import Submission


class CannotMerge(PersonError):
    def __init__(self, sentence: Promise | str) -> None:
        self.sentence = sentence


@dataclass(frozen=True)
class Moving:
    """What of a table goes over: rows that say what no row of the other initiative says in these fields."""

    model: type[models.Model]
    label: Promise
    same: Sequence[str]  # none: every row goes over
    to: str = "initiative"


#: In the order in which a person reads it.
MOVING = [
    Moving(Update, _("Updates"), []),
    Moving(Identifier, _("Numbers and symbols"), ["scheme", "value"]),
    Moving(OtherTitle, _("Other titles"), ["language", "text"]),
    Moving(DatedPart, _("Dated parts"), ["label", "starts_on", "ends_on"]),
    Moving(InitiativeLine, _("Action lines"), ["line_id"]),
    Moving(InitiativeTerm, _("Terms"), ["term_id"]),
    Moving(InitiativePlace, _("Places"), ["country_id", "group_id"]),
    Moving(Participation, _("Participations"), ["entity_id", "organisation_id", "role", "since"]),
    Moving(Relation, _("Relations to others"), ["target_id", "kind"], to="source"),
    Moving(Relation, _("Relations of others to it"), ["source_id", "kind"], to="target"),
    Moving(Passage.initiatives.through, _("Passages that speak of it"), ["passage_id"]),
    Moving(Reference, _("Links"), []),
    Moving(Evidence, _("Photographs and documents"), ["update_id", "file_id"]),
    Moving(
        Mention,
        _("Mentions in documents"),
        ["document_id", "part_id", "kind", "locator", *(f"{name}_id" for name in MENTIONED if name != "initiative")],
    ),
]


def what_would_move(*, source: Initiative, target: Initiative) -> list[tuple[Promise, int, int]]:
    """Return for each kind of row how many go over and how many stay; kinds without any are left out."""
    found = []
    for moving in MOVING:
        rows = moving.model._default_manager.filter(**{moving.to: source}).count()
        going = len(_going(moving, source, target))
        if rows:
            found.append((moving.label, going, rows - going))
    return found


def what_becomes_public(*, source: Initiative, target: Initiative, now: dt.datetime) -> dict[str, int]:
    """Return how many approved updates and titles a merge shows to everyone, who could not read them before.

    Nothing, and an empty answer, where the source is public already or the target is not public either.
    """
    public = Initiative.objects.filter(published_at__lte=now).values_list("pk", flat=True)
    if set(public.filter(pk__in=[source.pk, target.pk])) != {target.pk}:
        return {}
    titles = {(text.language, text.text) for text in OtherTitle.objects.filter(initiative=source)}
    return {
        "updates": Update.objects.filter(initiative=source).count(),
        "titles": len((titles | set(_titles_of(source))) - _titles_known(target)),
    }


def check_merge(*, source: Initiative, target: Initiative) -> None:
    """Raise CannotMerge, with a sentence that says why, where the source cannot be merged into the target."""
    if source.pk == target.pk:
        raise CannotMerge(_("An initiative cannot be merged into itself."))
    if source.entity_id != target.entity_id:
        raise CannotMerge(_("Both initiatives have to be of the same entity."))
    if source.merged_into_id:
        raise CannotMerge(_("This initiative was merged into another one already."))
    if target.merged_into_id:
        raise CannotMerge(_("The other initiative was merged itself. Choose the one into which it was merged."))
    if target.archived_at:
        raise CannotMerge(_("The other initiative is archived. Bring it back first."))
    if source.published_at and not target.published_at:
        raise CannotMerge(_("The other initiative is not public, so public addresses cannot lead to it."))
    if Draft.objects.open().filter(initiative=source).exists():
        raise CannotMerge(_("A draft about this initiative is under way. Have it approved or withdraw it first."))
    if source.joint_invitations.open().exists():
        raise CannotMerge(_("Another entity has joined this initiative, or is invited. End that first."))
    holding = Submission.objects.under_way().filter(sections__items__initiative=source).select_related("call__session")
    if submission := holding.order_by("pk").first():
        raise CannotMerge(
            _("The submission “%(submission)s” is under way and holds this initiative. Seal it or take it out first.")
            % {"submission": submission}
        )


@transaction.atomic
def merge_initiatives(
    *, source: Initiative, target: Initiative, reason: str, person: User | None, now: dt.datetime
) -> Initiative:
    """Merge one record into another of the same entity, and return that one.

    What the source tells goes over where the target does not say it already; its titles become other titles. Texts,
    and whatever was printed of them, stay with the source, whose addresses lead to the target from then on. Raises
    ReasonMissing, or CannotMerge with a sentence; nothing is changed then.
    """
    if not reason.strip():
        raise ReasonMissing
    # in one order, so that two people who merge two records into each other do not wait for one another for ever
    locked = {
        row.pk: row
        for row in Initiative.objects.select_for_update(no_key=True)
        .filter(pk__in=[source.pk, target.pk])
        .order_by("pk")
    }
    if not {source.pk, target.pk} <= locked.keys():
        raise CannotMerge(_("One of the two records was deleted meanwhile."))
    source, target = locked[source.pk], locked[target.pk]
    check_merge(source=source, target=target)
    context: dict[str, Any] = {"merge_reason": reason.strip(), "merged": source.pk, "into": target.pk}
    if person:
        context["user"] = person.pk
    with pghistory.context(**context):
        for moving in MOVING:
            _move(moving, source, target)
        Draft.objects.of_updates().filter(initiative=source, update__isnull=False).update(initiative=target)
        _keep_titles(source, target)
        # addresses lead to where it is in one step
        Initiative.objects.filter(merged_into=source).update(merged_into=target)
        source.merged_into = target
        source.archived_at = source.archived_at or now
        source.save(update_fields=["merged_into", "archived_at"])
    return target


def _going(moving: Moving, source: Initiative, target: Initiative) -> list[int]:
    """Return the ids of the rows of the source that can go over to the target."""
    rows = moving.model._default_manager
    there = set(rows.filter(**{moving.to: target}).values_list(*moving.same)) if moving.same else set()
    going = []
    for pk, *says in rows.filter(**{moving.to: source}).order_by("pk").values_list("pk", *moving.same):
        # a relation between the two would relate the target to itself
        is_between = moving.model is Relation and target.pk in says
        if not is_between and (not moving.same or tuple(says) not in there):
            going.append(pk)
            there.add(tuple(says))
    return going


def _move(moving: Moving, source: Initiative, target: Initiative) -> None:
    rows = moving.model._default_manager.filter(pk__in=_going(moving, source, target))
    if moving.model in (InitiativeLine, InitiativeTerm):
        _state(moving, source, target)
    if moving.model is InitiativeLine and InitiativeLine.objects.filter(initiative=target, is_primary=True).exists():
        rows.filter(is_primary=True).update(is_primary=False)
    if moving.model is Passage.initiatives.through:  # rows of such a table only come and go: see `tracked_links`
        for passage in Passage.objects.filter(pk__in=rows.values("passage")):
            passage.initiatives.remove(source)
            passage.initiatives.add(target)
    else:
        rows.update(**{moving.to: target})


def _state(moving: Moving, source: Initiative, target: Initiative) -> None:
    """Let the target state the lines or terms that it only infers and the source states, its primary line too."""
    rows = moving.model._default_manager
    stated = rows.filter(initiative=source, basis=Basis.STATED)
    same = moving.same[0]
    rows.filter(initiative=target, basis=Basis.INFERRED, **{f"{same}__in": stated.values(same)}).update(
        basis=Basis.STATED
    )
    if moving.model is InitiativeLine and not rows.filter(initiative=target, is_primary=True).exists():
        primary = stated.filter(is_primary=True).values(same)
        rows.filter(initiative=target, **{f"{same}__in": primary}).update(is_primary=True)


def _titles_of(initiative: Initiative) -> list[tuple[str, str]]:
    """Return language and words of the titles that people gave to it."""
    texts = InitiativeText.objects.filter(initiative=initiative).exclude(state=TextState.MACHINE)
    return list(dict.fromkeys(texts.values_list("language", "title")))


def _titles_known(initiative: Initiative) -> set[tuple[str, str]]:
    """Return language and words of all titles by which it is found."""
    known = set(InitiativeText.objects.filter(initiative=initiative).values_list("language", "title"))
    return known | set(OtherTitle.objects.filter(initiative=initiative).values_list("language", "text"))


def _keep_titles(source: Initiative, target: Initiative) -> None:
    """Let the target be found by the titles of the source."""
    known = _titles_known(target)
    for language, title in _titles_of(source):
        if (language, title) not in known:
            OtherTitle.objects.create(initiative=target, language=language, text=title)
