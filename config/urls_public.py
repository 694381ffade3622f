"""Addresses on the public host: the landing page and the platform's own admin."""

from django.urls import include, path

from config.urls_api import handler400, handler403, handler404, handler500
from config.urls_api import urlpatterns as api_patterns
from tenants.admin_sites.sites import platform_site
from tenants.views import landing

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", landing, name="landing"),
    path("admin/", platform_site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("telegram/", include("telegram_integration.urls")),
    *api_patterns,
]
