"""Every address of the portal."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, re_path

import portal.common.addresses  # noqa: F401  # knows what <word:scheme> is
from portal import account_page
from portal.health import healthz, readyz
from portal.styleguide.views import styleguide, styleguide_scheme

#: Signing in and passwords. Addresses of people are looked after by an administrator, so allauth's pages for e-mail
#: addresses stay away.
account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),  # says who makes accounts
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("", account_page.account, name="account"),
    path("settings/", account_page.account_settings, name="account_settings"),
    path("tokens/new/", account_page.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", account_page.token_revoke, name="token_revoke"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

handler500 = "portal.common.api.problems.server_error"

urlpatterns = [
    path("accounts/", include(account_urls)),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("styleguide/", styleguide, name="styleguide"),
    path("styleguide/<word:scheme>.css", styleguide_scheme, name="styleguide_scheme"),
    path("api/v1/", include("reporting.api.urls")),
    path("", include("initiatives.urls")),
    path("", include("reporting.urls")),
]
