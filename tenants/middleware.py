"""Which hospital a request is for: the path decides first, then the host."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils import translation

from core.errors import DomainError, Kind
from tenants.context import current_schema, enter_hospital, leave_hospital
from tenants.directory import hospital_by_host, hospital_by_subdomain
from tenants.models import Hospital

API, API_PATH = "/api/", re.compile(r"^/api/v1/tenants/(?P<subdomain>[^/]+)/")
SESSION_SCHEMA_KEY = "_schema"


class HospitalRequest(HttpRequest):
    """A request that went through `HospitalMiddleware`."""

    hospital: Hospital | None
    # The same under the name that django-tenants' own parts look for.
    tenant: Hospital | None
    refusal: DomainError | None
    LANGUAGE_CODE: str


Respond = Callable[[HospitalRequest], HttpResponse]


class HospitalMiddleware:
    """Enter the hospital named by ``/api/v1/tenants/{subdomain}/`` or, without it, by the host.

    Sets `request.hospital` (None on the public host) and, under ``/api/``, `request.refusal`: the API's own
    views raise it where it matters, so that it leaves in the API's own envelope.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HospitalRequest) -> HttpResponse:
        """Enter, let the rest answer, and leave again whatever happens."""
        leave_hospital()
        request.refusal = None
        try:
            if match := API_PATH.match(request.path_info):
                self._enter_by_path(request, match["subdomain"])
            elif f"{request.path_info}/".startswith(API):
                self._enter_by_host_if_it_leads_somewhere(request)
            else:
                self._enter_by_host(request)
            return self.get_response(request)
        except DomainError as refusal:
            return _refused(request, refusal)
        finally:
            # Whatever runs next on this thread starts outside of every hospital.
            leave_hospital()

    def _enter_by_path(self, request: HospitalRequest, subdomain: str) -> None:
        request.urlconf = "config.urls_api"
        request.hospital = request.tenant = None
        try:
            _enter(request, hospital_by_subdomain(subdomain))
        except DomainError as refusal:
            request.refusal = refusal

    def _enter_by_host_if_it_leads_somewhere(self, request: HospitalRequest) -> None:
        request.urlconf = "config.urls_api"
        try:
            self._enter_by_host(request)
        except DomainError as refusal:
            request.refusal = refusal

    def _enter_by_host(self, request: HospitalRequest) -> None:
        request.hospital = request.tenant = None
        try:
            host = split_domain_port(request.get_host())[0]
        except DisallowedHost:
            host = ""
        if host in settings.PUBLIC_HOSTS:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return
        _enter(request, hospital_by_host(host))


def _enter(request: HospitalRequest, hospital: Hospital) -> None:
    request.hospital = request.tenant = hospital
    enter_hospital(hospital)


def _refused(request: HospitalRequest, refusal: DomainError) -> HttpResponse:
    """A small page for a browser at a host that leads nowhere."""
    status = 404 if refusal.kind is Kind.NOT_FOUND else 403
    # The middleware that chooses the language comes later in the row.
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "tenants/refused.html", {"message": str(refusal)}, status=status)


class SessionSchemaMiddleware:
    """A session is good only in the schema where it was opened.

    Sessions live in their schema's table already; this holds even if somebody moves them to a shared store.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HospitalRequest) -> HttpResponse:
        """End a session that was opened elsewhere, then go on."""
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if signed_in and request.session.get(SESSION_SCHEMA_KEY) != current_schema():
            logout(request)
        return self.get_response(request)


class HospitalLanguageMiddleware:
    """Speak the hospital's language to a browser or program that did not ask for another.

    Comes after Django's LocaleMiddleware, which reads the cookie and ``Accept-Language``.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HospitalRequest) -> HttpResponse:
        """Choose the language, then go on."""
        hospital = request.hospital
        asked = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or _asks_for_ours(request)
        if hospital is not None and not asked:
            translation.activate(hospital.language)
            request.LANGUAGE_CODE = hospital.language
        return self.get_response(request)


def _asks_for_ours(request: HospitalRequest) -> bool:
    header = request.headers.get("Accept-Language", "")
    return any(part.strip()[:2].lower() in ("th", "en") for part in header.split(","))
