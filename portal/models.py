"""The people who sign in."""

from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.common.languages import Language


class NotificationKind(models.TextChoices):
    """Of what a person is told, on the page of notifications and by mail."""

    SUBMITTED = "submitted", _("something waits for my decision")
    RETURNED = "returned", _("something of mine came back")
    APPROVED = "approved", _("something of mine was approved")
    WITHDRAWN = "withdrawn", _("something of mine, or that waited for me, was withdrawn")
    COMMENT = "comment", _("somebody commented on mine, or answered me")
    ASSIGNMENT = "assignment", _("something was handed to me")
    REWORDED = "reworded", _("a submission says in other words what I hold")
    INVITED = "invited", _("another entity invites mine to a joint initiative")
    JOINED = "joined", _("an entity accepts to join an initiative of mine")
    DECLINED = "declined", _("an entity declines to join an initiative of mine")
    ENDED = "ended", _("an entity ends work on a joint initiative")


def all_kinds() -> list[str]:
    """Return all kinds of notifications: what a new person is mailed."""
    return list(NotificationKind.values)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)  # as sign-in looks it up
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login"]
)
class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What the person may do stands in `initiatives.Membership`."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    mailed = ArrayField(
        models.CharField(max_length=12, choices=NotificationKind),
        verbose_name=_("notifications that also come by mail"),
        default=all_kinds,
        blank=True,
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the administration of reference data"), default=False)
    joined_at = models.DateTimeField(_("account made"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="email_signs_in_once",
                violation_error_message=_("An account with this e-mail address exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class TokenScope(models.TextChoices):
    """What a program may do with a token: never more than the person may."""

    READ = "read", _("read what you may read")
    WRITE = "write", _("write drafts of records, and hand them in")
    DECIDE = "decide", _("approve and return such drafts")


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["digest", "last_used_at"]
)
class ApiToken(models.Model):
    """A secret by which a program acts for a person, for a time. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses it, such as “Monday report”."))
    digest = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    opening = models.CharField(_("first characters"), max_length=12, editable=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=TokenScope), verbose_name=_("what it may do"))
    created_at = models.DateTimeField(_("made"), editable=False)
    expires_at = models.DateTimeField(_("ends"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="token_ends_after_it_was_made",
                violation_error_message=_("The token has to end after today."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0),
                name="token_has_a_scope",
                violation_error_message=_("Choose what the token may do."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
