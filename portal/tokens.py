"""Secrets by which programs act for a person: made, looked up and revoked.

The secret is shown once. The database keeps its SHA-256, which is enough: a secret of 256 random bits is not guessed
from it, and looking a digest up by its index tells an attacker nothing about how much of a guess was right.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.common.errors import PersonError
from portal.models import ApiToken, TokenScope, User

PREFIX = "portal_"  # lets people and scanners of repositories know a secret where they see one
#: What a secret looks like, wherever it stands.
SECRET = re.compile(rf"{PREFIX}[\w-]{{43}}", re.ASCII)
LIVING_AT_MOST = 20
LONGEST = dt.timedelta(days=366)  # a year, to the end of its last day
_OPENING = 12  # characters that a person sees again
_USE_KNOWN_TO = dt.timedelta(minutes=1)  # a busy program does not write with every call


class TooManyTokens(PersonError):
    sentence = _("You have 20 tokens that work, which is the most. Revoke one that you do not use any more.")


class TokenNameTaken(PersonError):
    sentence = _("You have a token of this name. Give each its own, so that you know which one to revoke.")


class TokenEndsWrong(PersonError):
    sentence = _("A token ends on a later day, and at the latest in a year.")


class TokenWithoutScope(PersonError):
    sentence = _("Choose what the token may do.")


class TokenRefused(PersonError):
    """A token that does not work; why, is in the subclasses."""


class TokenUnknown(TokenRefused):
    sentence = _("No token is like this. Copy it again from where you keep it, or make a new one on your account page.")


class TokenExpired(TokenRefused):
    sentence = _("This token has ended. Make a new one on your account page.")


class TokenRevoked(TokenRefused):
    sentence = _("This token was revoked. Make a new one on your account page.")


class TokenOfEndedAccount(TokenRefused):
    sentence = _("The account of this token was ended. Ask the focal point of your entity.")


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def living_tokens(user: User, now: dt.datetime) -> QuerySet[ApiToken]:
    """Return the tokens of a person that work."""
    return user.api_tokens.filter(revoked_at=None, expires_at__gt=now)


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: dt.datetime, now: dt.datetime
) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is nowhere else.

    Raises TokenEndsWrong, TokenWithoutScope, TokenNameTaken and TooManyTokens.
    """
    if not now < expires_at <= now + LONGEST:
        raise TokenEndsWrong
    if not scopes or not set(scopes) <= set(TokenScope.values):
        raise TokenWithoutScope
    User.objects.select_for_update().get(pk=user.pk)  # two forms sent at once are counted one after the other
    living = living_tokens(user, now)
    if living.filter(name=name).exists():
        raise TokenNameTaken
    if living.count() >= LIVING_AT_MOST:
        raise TooManyTokens
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        opening=secret[:_OPENING],
        scopes=[scope for scope in TokenScope.values if scope in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, token: ApiToken, now: dt.datetime) -> None:
    """Let a token work no more, from now on; the first time counts."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def find_token(*, secret: str, now: dt.datetime) -> ApiToken:
    """Return the token of a secret, with its person, and keep when it was used.

    Raises a TokenRefused where it is unknown, ended, revoked, or of an account that was ended.
    """
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if token is None:
        raise TokenUnknown
    if token.revoked_at:
        raise TokenRevoked
    if token.expires_at <= now:
        raise TokenExpired
    if not token.user.is_active:
        raise TokenOfEndedAccount
    if not token.last_used_at or now - token.last_used_at >= _USE_KNOWN_TO:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
