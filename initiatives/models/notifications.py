"""What people are told, on their page of notifications and by mail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.choices import MailFailure, MailingState
from initiatives.models.comments import Comment
from initiatives.models.drafts import Draft
from initiatives.models.initiatives import Initiative
from initiatives.models.joint import JointInvitation
from initiatives.querysets import MailingQuerySet, NotificationQuerySet
from portal.common.languages import reader_language
from portal.common.periods import Period
from portal.models import NotificationKind

MAIL_TRIES = 10  # the first, and nine more; with pauses that double, about four hours in all


class Mailing(models.Model):
    """One mail to one person, of all that happened within a short time. The row is the truth; a message only wakes.

    What it says is read when it is sent: nothing that the person has read meanwhile, or may not see any more. Whoever
    writes after a claim names its attempt, as for a compilation.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailings", verbose_name=_("to"))
    state = models.CharField(_("state"), max_length=10, choices=MailingState, default=MailingState.WAITING)
    made_at = models.DateTimeField(_("made"))
    not_before = models.DateTimeField(_("not before"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    tries_left = models.PositiveSmallIntegerField(_("tries left"), default=MAIL_TRIES)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=12, choices=MailFailure, blank=True)
    server_said = models.TextField(_("what the mail server said last"), blank=True)

    objects = models.Manager.from_queryset(MailingQuerySet)()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["to"], condition=Q(state=MailingState.WAITING), name="person_has_one_waiting_mail"
            ),
            models.CheckConstraint(
                condition=~Q(state=MailingState.SENDING) | Q(lease_until__isnull=False), name="sending_mail_has_a_lease"
            ),
            models.CheckConstraint(
                condition=~Q(state=MailingState.FAILED) | ~Q(failure=""), name="failed_mail_says_why"
            ),
        ]
        indexes = [
            # MailingQuerySet.claimable, by the beat task every few seconds
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=[MailingState.WAITING, MailingState.PAUSED, MailingState.SENDING]),
                name="mailing_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to}, {self.get_state_display()}"


class Notification(models.Model):
    """Somebody did something that concerns a person. Its sentence is made in the reader's language when it is read."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=12, choices=NotificationKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="notifications")
    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, blank=True, related_name="notifications")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="notifications")
    invitation = models.ForeignKey(JointInvitation, models.CASCADE, null=True, blank=True, related_name="notifications")
    made_at = models.DateTimeField(_("made"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailing = models.ForeignKey(Mailing, models.SET_NULL, null=True, blank=True, related_name="notifications")

    objects = models.Manager.from_queryset(NotificationQuerySet)()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft=None, initiative__isnull=False) | Q(draft__isnull=False, initiative=None),
                name="notification_is_about_one_record",
            ),
        ]
        indexes = [
            models.Index(fields=["to", "-made_at", "-id"], name="notification_of_person"),
            models.Index(fields=["to"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.sentence

    def get_absolute_url(self) -> str:
        """Where it leads over being marked as read."""
        return reverse("notification_open", args=[self.pk])

    @property
    def about(self) -> Any:
        return self.draft or self.initiative

    @property
    def leads_to(self) -> str:
        """The address of the page that it is about, at the comment where it is about one."""
        if self.kind == NotificationKind.REWORDED:
            return reverse("wording_list")
        if self.invitation:
            return self.invitation.get_absolute_url()
        address: str = self.about.get_absolute_url()
        return f"{address}#comment-{self.comment_id}" if self.comment_id else address

    @property
    def title(self) -> str:
        """What the record is called, an update with its period, an initiative in the reader's language if it can."""
        if self.draft and self.draft.period_start and self.draft.period_end:
            return f"{self.draft}, {Period(self.draft.period_start, self.draft.period_end)}"
        if self.draft:
            return str(self.draft)
        text = self.initiative.text_in(reader_language()) if self.initiative else None
        return text.title if text else str(self.initiative)

    @property
    def sentence(self) -> str:
        """What happened, in the language of the moment."""
        words = {"who": _isolated(self.by.name if self.by else ""), "title": _isolated(self.title)}
        if self.invitation:
            words["entity"] = _isolated(str(self._entity_that_acted(self.invitation)))
        return _SENTENCES[self.kind][self.by is None] % words

    def _entity_that_acted(self, invitation: JointInvitation) -> Any:
        """The names of people are seen inside their entity, so others are told which entity it was."""
        if self.kind == NotificationKind.INVITED:
            return invitation.initiative.entity
        return invitation.ended_for if self.kind == NotificationKind.ENDED else invitation.entity


def _isolated(words: str) -> str:
    """Keep words that run the other way from turning those around them, in plain text too."""
    return f"\u2068{words}\u2069"


def _alike(words: Any) -> tuple[Any, Any]:
    """The same words with a person and without: those of another entity are not named."""
    return words, words


#: Of each kind, with who did it and without.
_SENTENCES: dict[str, tuple[Any, Any]] = {
    NotificationKind.SUBMITTED: (
        _("%(who)s submitted “%(title)s”. It waits for a decision."),
        _("“%(title)s” was submitted. It waits for a decision."),
    ),
    NotificationKind.RETURNED: (_("%(who)s returned “%(title)s”."), _("“%(title)s” was returned.")),
    NotificationKind.APPROVED: (_("%(who)s approved “%(title)s”."), _("“%(title)s” was approved.")),
    NotificationKind.WITHDRAWN: (_("%(who)s withdrew “%(title)s”."), _("“%(title)s” was withdrawn.")),
    NotificationKind.COMMENT: (
        _("%(who)s commented on “%(title)s”."),
        _("There is a comment on “%(title)s”."),
    ),
    NotificationKind.ASSIGNMENT: (_("%(who)s handed “%(title)s” to you."), _("“%(title)s” was handed to you.")),
    NotificationKind.REWORDED: (
        _("%(who)s put “%(title)s” into other words in a submission."),
        _("“%(title)s” was put into other words in a submission."),
    ),
    NotificationKind.INVITED: _alike(_("%(entity)s invites you to the joint initiative “%(title)s”.")),
    NotificationKind.JOINED: _alike(_("%(entity)s accepted, so “%(title)s” is a joint initiative now.")),
    NotificationKind.DECLINED: _alike(_("%(entity)s declined to join “%(title)s”.")),
    NotificationKind.ENDED: _alike(_("%(entity)s ended the joint work on “%(title)s”.")),
}
