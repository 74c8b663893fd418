"""The mail that invites a person: written when it is sent, in the person's language."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from initiatives.models import Membership
from portal.common.languages import interface_language


def invitation_to(membership: Membership) -> EmailMessage:
    """Return the mail; it leads to choosing a password where the account has none yet."""
    user = membership.user
    address = ""
    if not user.has_usable_password():
        key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
        address = settings.PORTAL_URL + reverse("account_reset_password_from_key", kwargs=key)
    with translation.override(interface_language(user.language)):
        context = {
            "entity": str(membership.entity),
            "role": membership.get_role_display(),
            "address": address,
            "sign_in": settings.PORTAL_URL + reverse("desk"),
        }
        subject = _("You are invited by %(entity)s") % {"entity": membership.entity}
        return EmailMessage(subject, render_to_string("email/invitation.txt", context), to=[user.email])
