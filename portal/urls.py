"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal.health import healthz, readyz

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("initiatives.urls")),
    path("", include("reporting.urls")),
]
