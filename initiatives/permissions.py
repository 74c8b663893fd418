"""Who may do what; who may see what stands in `visible_to` of each QuerySet."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from initiatives.models import Entity, Update
from portal.models import User


def person_of(request: HttpRequest) -> User:
    """Return who is signed in. Raises PermissionDenied for a visitor, whom a page sends to sign in before."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def may_write(user: User | AnonymousUser, entity: Entity) -> bool:
    """May write records, updates and texts of the entity."""
    return Entity.objects.written_by(user).filter(pk=entity.pk).exists()


def may_approve(user: User | AnonymousUser, entity: Entity) -> bool:
    """May approve and return what others of the entity wrote."""
    return Entity.objects.approved_by(user).filter(pk=entity.pk).exists()


def visible_update(user: User | AnonymousUser, pk: int) -> Update:
    """Return an update with what its page shows. Raises Http404 where the person does not see it."""
    updates = Update.objects.visible_to(user).select_related("entity", "initiative", "author", "decided_by")
    return get_object_or_404(updates.prefetch_related("texts", "initiative__texts"), pk=pk)


def writable_update(user: User | AnonymousUser, pk: int) -> Update:
    """Return an update of an entity for which the person writes. Raises Http404 or PermissionDenied."""
    update = visible_update(user, pk)
    if not may_write(user, update.entity):
        raise PermissionDenied
    return update


def decidable_update(user: User | AnonymousUser, pk: int) -> Update:
    """Return an update of an entity for which the person approves. Raises Http404 or PermissionDenied."""
    update = visible_update(user, pk)
    if not may_approve(user, update.entity):
        raise PermissionDenied
    return update
