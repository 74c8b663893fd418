"""Who may do what; who may see what stands in `visible_to` of each QuerySet."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from initiatives.models import Comment, Draft, Entity, Initiative, JointInvitation, Passage, Result, Update
from portal.models import User

Record = TypeVar("Record", Update, Passage, Result, Draft)


def person_of(request: HttpRequest) -> User:
    """Return who is signed in. Raises PermissionDenied for a visitor, whom a page sends to sign in before."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def may_write(user: User | AnonymousUser, entity: Entity) -> bool:
    """May write records, updates and texts of the entity."""
    return Entity.objects.written_by(user).filter(pk=entity.pk).exists()


def may_plan(user: User | AnonymousUser, entity: Entity) -> bool:
    """May write workplans, indicators and targets of the entity."""
    return Entity.objects.planned_by(user).filter(pk=entity.pk).exists()


def may_write_draft(user: User | AnonymousUser, draft: Draft) -> bool:
    """May write a draft of this kind for its entity."""
    return Draft.objects.written_by(user).filter(pk=draft.pk).exists()


def may_approve(user: User | AnonymousUser, entity: Entity) -> bool:
    """May approve and return what others of the entity wrote."""
    return Entity.objects.approved_by(user).filter(pk=entity.pk).exists()


def writing_entity(user: User | AnonymousUser, initiative: Initiative, code: str = "") -> Entity | None:
    """Return the entity for which the person writes about the initiative: its owner, else one that has joined it.

    `code` asks for one of them, for a person who writes for several. None where the person writes for none.
    """
    joined = JointInvitation.objects.joined().filter(initiative=initiative).values("entity")
    concerned = Entity.objects.written_by(user).filter(Q(pk=initiative.entity_id) | Q(pk__in=joined))
    ranked = sorted(concerned, key=lambda entity: (entity.code != code, entity.pk != initiative.entity_id, entity.pk))
    return ranked[0] if ranked else None


def may_invite(user: User | AnonymousUser, initiative: Initiative) -> bool:
    """May invite another entity to the initiative: a focal point of its owner.

    It lets another entity read drafts and speak beside one's own words in public, so it is decided by whoever decides
    what the entity says; staff prepare, as they do for all else.
    """
    return may_approve(user, initiative.entity)


def may_answer(user: User | AnonymousUser, invitation: JointInvitation) -> bool:
    """May accept or decline: a focal point of the invited entity, since it binds that one."""
    return may_approve(user, invitation.entity)


def side_ended_by(user: User | AnonymousUser, invitation: JointInvitation) -> Entity | None:
    """Return for which of both entities the person may end the joint work: as its focal point. None where for none."""
    sides = (invitation.initiative.entity, invitation.entity)
    return next((entity for entity in sides if may_approve(user, entity)), None)


def visible_invitation(user: User | AnonymousUser, pk: int) -> JointInvitation:
    """Return an invitation with what its page shows. Raises Http404 where the person does not see it."""
    return get_object_or_404(JointInvitation.objects.visible_to(user).for_listing(), pk=pk)


def visible_update(user: User | AnonymousUser, pk: int) -> Update:
    """Return an update with what its page shows. Raises Http404 where the person does not see it."""
    updates = Update.objects.visible_to(user).select_related("entity", "initiative", "author", "decided_by")
    return get_object_or_404(updates.prefetch_related("texts", "initiative__texts"), pk=pk)


def writable_update(user: User | AnonymousUser, pk: int) -> Update:
    """Return an update of an entity for which the person writes. Raises Http404 or PermissionDenied."""
    return _if(may_write, user, visible_update(user, pk))


def visible_passage(user: User | AnonymousUser, pk: int) -> Passage:
    """Return a passage with what its page shows. Raises Http404 where there is none."""
    passages = Passage.objects.visible_to(user).select_related("entity", "author", "follows")
    return get_object_or_404(passages.prefetch_related("texts", "lines", "countries"), pk=pk)


def writable_passage(user: User | AnonymousUser, pk: int) -> Passage:
    """Return a passage of an entity for which the person writes. Raises Http404 or PermissionDenied."""
    return _if(may_write, user, visible_passage(user, pk))


def visible_result(user: User | AnonymousUser, pk: int) -> Result:
    """Return a result with what its page shows. Raises Http404 where the person does not see it."""
    seen = Result.objects.visible_to(user)
    results = seen.select_related("entity", "initiative", "indicator__workplan", "country", "group", "category", "unit")
    return get_object_or_404(results.prefetch_related("texts", "indicator__texts", "initiative__texts"), pk=pk)


def writable_result(user: User | AnonymousUser, pk: int) -> Result:
    """Return a result of an entity for which the person writes. Raises Http404 or PermissionDenied."""
    return _if(may_write, user, visible_result(user, pk))


def visible_draft(user: User | AnonymousUser, pk: int) -> Draft:
    """Return a draft with what its page shows. Raises Http404 where the person does not see it."""
    drafts = Draft.objects.visible_to(user)
    found = drafts.select_related(
        *("entity", "initiative", "update", "passage", "result", "workplan", "indicator", "target", "area", "entry"),
        *("holder", "saved_by", "decided_by"),
    )
    return get_object_or_404(found, pk=pk)


def writable_draft(user: User | AnonymousUser, pk: int) -> Draft:
    """Return a draft of an entity for which the person writes. Raises Http404 or PermissionDenied."""
    draft = visible_draft(user, pk)
    if not may_write_draft(user, draft):
        raise PermissionDenied
    return draft


def decidable_draft(user: User | AnonymousUser, pk: int) -> Draft:
    """Return a draft of an entity for which the person approves. Raises Http404 or PermissionDenied."""
    return _if(may_approve, user, visible_draft(user, pk))


def visible_comment(user: User | AnonymousUser, pk: int) -> Comment:
    """Return a comment, which whoever sees it may answer and resolve. Raises Http404 where the person does not."""
    comments = Comment.objects.visible_to(user).select_related("draft__entity", "draft__initiative", "draft__holder")
    return get_object_or_404(comments.select_related("answers__author"), pk=pk)


def _if(may: Callable[[User | AnonymousUser, Entity], bool], user: User | AnonymousUser, record: Record) -> Record:
    if not may(user, record.entity):
        raise PermissionDenied
    return record
