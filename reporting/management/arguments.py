"""What commands share that take codes of records as arguments."""

from django.core.management.base import CommandError

from initiatives.models import Entity


def entity_of(code: str) -> Entity:
    """Return the entity with this code, in capital or small letters; raise CommandError with the known codes."""
    entity = Entity.objects.filter(code__iexact=code).first()
    if entity is None:
        known = ", ".join(Entity.objects.values_list("code", flat=True)) or "none yet: run load_reference"
        raise CommandError(f"There is no entity {code}. Known entities: {known}.")
    return entity
