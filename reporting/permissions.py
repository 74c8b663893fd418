"""Who may do what with submissions; who may see what stands in `visible_to` of each QuerySet."""

from django.contrib.auth.models import AnonymousUser

from initiatives.models import Entity
from portal.models import User
from reporting.models import Submission


def may_compile(user: User | AnonymousUser, submission: Submission) -> bool:
    """May compile drafts: focal point and secretariat of one of its entities."""
    return Entity.objects.composed_by(user).filter(submissions=submission).exists()
