"""Who calls the API: a program with a token of a person, or the page of somebody who is signed in."""

from typing import Any

import pghistory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from portal.common.api.problems import Problem
from portal.models import ApiToken, TokenScope, User
from portal.tokens import SECRET, TokenRefused, find_token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer portal_...`. The history of what the call changes names the person and the token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        if SECRET.search(request.META.get("QUERY_STRING", "")):
            raise Problem(
                400,
                _(
                    "Send the token in the header “Authorization: Bearer …”, never in an address: addresses are kept "
                    "in logs. Revoke this token and make a new one."
                ),
            )
        scheme, _blank, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            if SECRET.search(secret) or SECRET.search(scheme):
                raise AuthenticationFailed(_("Write “Bearer” and a blank before the token."))
            return None  # meant for something else, such as a proxy that asks for a password
        try:
            token = find_token(secret=secret.strip(), now=timezone.now())
        except TokenRefused as error:
            raise AuthenticationFailed(str(error)) from error
        pghistory.context(token=token.pk)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # it registers itself
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of your account page. It may do what its scopes say, and never more than you may.",
        }


class HasScope(BasePermission):
    """Whether the token of the call may do this: `read` to read, and what the view says in `scope` to change.

    A view gives one `scope` for all methods that change something, `write` where it says nothing.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        reads = request.method in SAFE_METHODS
        needed = TokenScope.READ if reads else getattr(view, "scope", TokenScope.WRITE)
        if needed not in request.auth.scopes:
            words = _("This token lacks the scope “%(scope)s”. Make one that has it on your account page.")
            asking = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'}
            raise Problem(403, words % {"scope": str(needed)}, headers=asking)
        return True
