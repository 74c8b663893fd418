"""Who may do what; who may see what stands in `visible_to` of each QuerySet."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from initiatives.models import Entity
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
