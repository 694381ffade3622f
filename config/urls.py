"""Addresses on a hospital's own host."""

from django.urls import include, path
from django.views.generic import RedirectView

from config.urls_api import handler400, handler403, handler404, handler500
from config.urls_api import urlpatterns as api_patterns
from tenants.admin_sites.sites import hospital_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("admin/", hospital_site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    *api_patterns,
]
