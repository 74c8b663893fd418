"""Who may do what; who may see what stands in `visible_to` of each QuerySet."""

from django.contrib.auth.models import AnonymousUser

from initiatives.models import Entity
from portal.models import User


def may_write(user: User | AnonymousUser, entity: Entity) -> bool:
    """May write records, updates and texts of the entity."""
    return Entity.objects.written_by(user).filter(pk=entity.pk).exists()


def may_approve(user: User | AnonymousUser, entity: Entity) -> bool:
    """May approve and return what others of the entity wrote."""
    return Entity.objects.approved_by(user).filter(pk=entity.pk).exists()
