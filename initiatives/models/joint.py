"""Joint initiatives: the invitation of a second entity, and what that one says in its own words.

Facts have one owner, the entity of the initiative. An entity that has accepted writes updates and a text of its own.
"""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import OPEN_INVITATIONS, InvitationState, ParticipationRole, TextState
from initiatives.models.base import LanguageVersion
from initiatives.models.entities import Entity
from initiatives.models.initiatives import Initiative, index_initiative
from initiatives.querysets import EntityTextQuerySet, JointInvitationQuerySet
from portal.common.history import tracked
from portal.common.languages import Language
from portal.common.richtext import RichTextField

if TYPE_CHECKING:
    from initiatives.models.drafts import Draft

LONGEST = 2000  # characters of what one entity says to the other


@tracked
class JointInvitation(models.Model):
    """An entity is invited to an initiative of another one; the row stays, whatever it answers and whoever ends it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="joint_invitations")
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="joint_invitations", verbose_name=_("invited entity")
    )
    role = models.CharField(
        _("role offered"), max_length=20, choices=ParticipationRole, default=ParticipationRole.CO_LEAD
    )
    state = models.CharField(
        _("state"), max_length=10, choices=InvitationState, default=InvitationState.INVITED, editable=False
    )
    words = models.TextField(_("words to the invited entity"), max_length=LONGEST, blank=True)
    language = models.CharField(_("language of the words"), max_length=2, choices=Language)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(_("invited"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_for = models.ForeignKey(
        Entity, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entity that ended it")
    )
    reason = models.TextField(_("why it was declined or ended"), max_length=LONGEST, blank=True)
    reason_language = models.CharField(_("language of the reason"), max_length=2, choices=Language, blank=True)

    objects = models.Manager.from_queryset(JointInvitationQuerySet)()

    class Meta:
        verbose_name = _("invitation to a joint initiative")
        verbose_name_plural = _("invitations to joint initiatives")
        ordering = ["-invited_at", "-pk"]
        triggers = [
            pgtrigger.Trigger(
                name="owner_is_not_invited",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("initiative_id", "entity_id"),
                func="""
                    IF EXISTS (
                        SELECT FROM initiatives_initiative WHERE id = NEW.initiative_id AND entity_id = NEW.entity_id
                    ) THEN
                        RAISE EXCEPTION 'An entity is not invited to its own initiative' USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "entity"],
                condition=Q(state__in=OPEN_INVITATIONS),
                name="entity_has_one_open_invitation",
                violation_error_message=_("This entity is invited already, or has joined."),
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.INVITED, answered_at=None)
                | Q(state__in=[InvitationState.JOINED, InvitationState.DECLINED], answered_at__isnull=False)
                | Q(state=InvitationState.ENDED),
                name="answered_invitation_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.ENDED, ended_at__isnull=False, ended_for__isnull=False)
                | ~Q(state=InvitationState.ENDED) & Q(ended_at=None, ended_by=None, ended_for=None),
                name="ended_joint_work_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_INVITATIONS, reason="", reason_language="")
                | ~Q(state__in=OPEN_INVITATIONS) & ~Q(reason="") & ~Q(reason_language=""),
                name="declined_or_ended_invitation_says_why",
                violation_error_message=_("Say why it is declined or ended."),
            ),
        ]
        indexes = [
            # visible_to of initiatives and drafts, and the desk: what an entity is invited to or has joined
            models.Index(
                fields=["entity", "state", "initiative"],
                condition=Q(state__in=OPEN_INVITATIONS),
                name="invitation_open_of_entity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.initiative}"

    def get_absolute_url(self) -> str:
        return reverse("joint_detail", args=[self.pk])


@tracked
class EntityText(LanguageVersion):
    """What an entity that joined an initiative of another one says of it in its own words."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="entity_texts")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="entity_texts")
    description = RichTextField(_("description"))

    objects = models.Manager.from_queryset(EntityTextQuerySet)()

    class Meta(LanguageVersion.Meta):
        triggers = [*LanguageVersion.Meta.triggers, index_initiative]
        verbose_name = _("text of an entity on a joint initiative")
        verbose_name_plural = _("texts of entities on joint initiatives")
        ordering = ["initiative", "entity", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "entity", "language"], name="entity_has_one_text_in_a_language"
            ),
            models.UniqueConstraint(
                fields=["initiative", "entity"],
                condition=Q(state=TextState.ORIGINAL),
                name="entity_has_one_original_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity}: {self.initiative} ({self.language})"

    @property
    def drafts(self) -> "QuerySet[Draft]":
        """Those that made its versions, and what is under way."""
        return self.initiative.drafts.filter(entity=self.entity)
