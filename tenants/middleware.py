"""Which hospital a request is for: the path decides first, then the host."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from core.errors import DomainError, Kind
from tenants.directory import hospital_by_host, hospital_by_subdomain
from tenants.models import Hospital

API_PATH = re.compile(r"^/api/v1/tenants/(?P<subdomain>[^/]+)/")
SESSION_SCHEMA_KEY = "_schema"

Respond = Callable[[HttpRequest], HttpResponse]


class HospitalMiddleware:
    """Enter the hospital named by ``/api/v1/tenants/{subdomain}/`` or, without it, by the host.

    Sets `request.hospital` (None on the public host) and, under the API's path, `request.refusal`:
    the API's own views raise it, so that it leaves in the API's own envelope.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        request.refusal = None
        try:
            if match := API_PATH.match(request.path_info):
                self._enter_by_path(request, match["subdomain"])
            else:
                self._enter_by_host(request)
            return self.get_response(request)
        except DomainError as refusal:
            return _refused(request, refusal)
        finally:
            # Whatever runs next on this thread starts outside of every hospital.
            connection.set_schema_to_public()

    def _enter_by_path(self, request: HttpRequest, subdomain: str) -> None:
        request.urlconf = "config.urls_api"
        request.hospital = request.tenant = None
        try:
            _enter(request, hospital_by_subdomain(subdomain))
        except DomainError as refusal:
            request.refusal = refusal

    def _enter_by_host(self, request: HttpRequest) -> None:
        request.hospital = request.tenant = None
        try:
            host = request.get_host().split(":")[0].lower()
        except DisallowedHost:
            host = ""
        if host in settings.PUBLIC_HOSTS:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return
        _enter(request, hospital_by_host(host))


def _enter(request: HttpRequest, hospital: Hospital) -> None:
    request.hospital = request.tenant = hospital
    connection.set_tenant(hospital)


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """A small page for a browser at a host that leads nowhere."""
    status = 404 if refusal.kind is Kind.NOT_FOUND else 403
    return render(request, "tenants/refused.html", {"message": str(refusal)}, status=status)


class SessionSchemaMiddleware:
    """A session is good only in the schema where it was opened.

    Sessions live in their schema's table already; this holds even if somebody moves them to a shared store.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if request.session.get(SESSION_SCHEMA_KEY) != connection.schema_name:
                logout(request)
        return self.get_response(request)


class HospitalLanguageMiddleware:
    """Speak the hospital's language to a browser or program that did not ask for another.

    Comes after Django's LocaleMiddleware, which reads the cookie and ``Accept-Language``.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hospital = request.hospital
        asked = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or _asks_for_ours(request)
        if hospital is not None and not asked:
            translation.activate(hospital.language)
            request.LANGUAGE_CODE = hospital.language
        return self.get_response(request)


def _asks_for_ours(request: HttpRequest) -> bool:
    header = request.headers.get("Accept-Language", "")
    return any(part.strip()[:2].lower() in ("th", "en") for part in header.split(","))
