"""How the two admin sites look and what their sidebars hold: the hospital's own and the platform's."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_Text = str | Promise


def _granted(*verbs: str) -> Callable[[HttpRequest], bool]:
    """Whether whoever looks may use any of the verbs."""

    def granted(request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and any(user.can(verb) for verb in verbs)

    return granted


def _page(title: _Text, icon: str, name: str, *verbs: str) -> dict[str, Any]:
    """A line of the sidebar that leads to a list."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}_changelist"),
        "permission": _granted(*verbs),
    }


def _hospital_name(request: HttpRequest) -> str:
    """Whose admin this is: somebody may work for two hospitals."""
    return str(getattr(request, "hospital", None) or "")


_READS_APPOINTMENTS = ("appointments.read", "appointments.read_own")


def _today() -> dict[str, Any]:
    """The line of the sidebar that leads to the appointments of the day."""
    line = _page(_("Appointments"), "event", "bookings_appointment", *_READS_APPOINTMENTS)
    listed, booking = line["link"], reverse_lazy("admin:bookings_appointment_add")

    def link(request: HttpRequest) -> str:  # noqa: ARG001  -- unfold's signature
        return f"{listed}?when=today"

    def active(request: HttpRequest) -> bool:
        others = (str(booking), f"{listed}calendar/", f"{listed}find/")
        return request.path.startswith(str(listed)) and not request.path.startswith(others)

    return {**line, "link": link, "active": active}


def _calendar() -> dict[str, Any]:
    """The line of the sidebar that leads to the calendar."""
    return {
        "title": _("Calendar"),
        "icon": "calendar_month",
        "link": reverse_lazy("admin:bookings_appointment_calendar"),
        "permission": _granted(*_READS_APPOINTMENTS),
    }


def _booking() -> dict[str, Any]:
    """The line of the sidebar that leads to the booking form."""
    return {
        "title": _("New appointment"),
        "icon": "add_circle",
        "link": reverse_lazy("admin:bookings_appointment_add"),
        "permission": _granted("appointments.book"),
    }


def _finding() -> dict[str, Any]:
    """The line of the sidebar that leads to the search over patients and appointments."""
    return {
        "title": _("Find"),
        "icon": "search",
        "link": reverse_lazy("admin:bookings_appointment_find"),
        "permission": _granted(*_READS_APPOINTMENTS),
    }


def _practitioners() -> dict[str, Any]:
    """The line of the sidebar that leads to practitioners, but not to their hours."""
    line = _page(_("Practitioners"), "stethoscope", "bookings_practitioner", "practitioners.read")
    listed = line["link"]

    def active(request: HttpRequest) -> bool:
        return request.path.startswith(str(listed)) and not _is_of_hours(request)

    return {**line, "active": active}


def _hours() -> dict[str, Any]:
    """The line of the sidebar that leads to everybody's hours."""
    return {
        "title": _("Hours and time off"),
        "icon": "schedule",
        "link": reverse_lazy("admin:bookings_practitioner_times"),
        "permission": _granted("schedules.read"),
        "active": _is_of_hours,
    }


def _is_of_hours(request: HttpRequest) -> bool:
    return "/bookings/practitioner/" in request.path and "/time/" in request.path


def _days(title: _Text, when: str) -> dict[str, Any]:
    """A tab over the list of appointments that shows some days of it."""

    def link(request: HttpRequest) -> str:  # noqa: ARG001  -- unfold's signature
        return f"{reverse('admin:bookings_appointment_changelist')}?when={when}"

    def active(request: HttpRequest) -> bool:
        everywhere = any(request.GET.get(name) for name in ("q", "start_from", "start_to"))
        return bool(when == ("all" if everywhere else request.GET.get("when", "upcoming")))

    return {"title": title, "link": link, "active": active, "permission": _granted(*_READS_APPOINTMENTS)}


_SHARED: dict[str, Any] = {
    "SITE_TITLE": "NadMor",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("site/logo.svg"),  # noqa: ARG005  -- unfold's signature
        }
    ],
    # Colours, letters and the rest of the looks; inline styles are refused by browsers.
    "STYLES": [lambda request: static("nadmor/admin.css")],  # noqa: ARG005  -- unfold's signature
    "SCRIPTS": [lambda request: static("nadmor/care.js")],  # noqa: ARG005  -- the same
    "SHOW_LANGUAGES": True,
    "ACCOUNT": {
        "navigation": [
            {"title": _("Second factor"), "link": reverse_lazy("admin:second_factor")},
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
        ]
    },
    # The browser would keep opened patients' names in its local storage.
    "COMMAND": {"search_models": False, "show_history": False},
}

HOSPITAL_ADMIN: dict[str, Any] = {
    **_SHARED,
    "SITE_HEADER": "NadMor",
    "SITE_SUBHEADER": _hospital_name,
    "DASHBOARD_CALLBACK": "analytics.admin.hospital.front_page",
    "SITE_SYMBOL": "event_available",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Today"),
                "items": [
                    _calendar(),
                    _today(),
                    _booking(),
                    _finding(),
                    _page(
                        _("Waiting list"), "hourglass_top", "bookings_waitinglistentry", *_READS_APPOINTMENTS
                    ),
                    _page(_("Notices"), "notifications", "bookings_notice", "notices.read"),
                    _page(_("Ratings"), "star", "bookings_rating", *_READS_APPOINTMENTS),
                    _page(
                        _("Bulk work"),
                        "checklist",
                        "bookings_batch",
                        "appointments.cancel",
                        "appointments.cancel_own",
                    ),
                ],
            },
            {
                "title": _("People"),
                "separator": True,
                "items": [
                    _page(
                        _("Patients"),
                        "personal_injury",
                        "bookings_patient",
                        "patients.read",
                        "patients.read_own",
                    ),
                    _practitioners(),
                    _hours(),
                    _page(
                        _("Reached by Telegram"), "send", "telegram_integration_telegramlink", "patients.read"
                    ),
                ],
            },
            {
                "title": _("Clinical"),
                "separator": True,
                "items": [
                    _page(
                        _("Medical records"),
                        "clinical_notes",
                        "records_medicalrecord",
                        "records.read",
                        "records.read_own",
                    ),
                    _page(
                        _("Treatments"),
                        "medication",
                        "records_treatment",
                        "treatments.read",
                        "treatments.read_own",
                    ),
                    _page(_("Reads of records"), "visibility", "records_recordaccess", "records.audit"),
                ],
            },
            {
                "title": _("Catalogue and schedule"),
                "separator": True,
                "items": [
                    _page(
                        _("Event types"), "medical_services", "bookings_healthcareservice", "catalogue.read"
                    ),
                    _page(_("Specialties"), "category", "bookings_specialty", "catalogue.read"),
                    _page(_("Holidays"), "event_busy", "bookings_holiday", "schedules.read"),
                ],
            },
            {
                "title": _("Settings"),
                "separator": True,
                "items": [
                    {
                        "title": _("Hospital settings"),
                        "icon": "settings",
                        "link": reverse_lazy("admin:hospital_settings"),
                        "permission": _granted("hospital.write"),
                    },
                    _page(_("Users"), "group", "accounts_user", "users.read"),
                    _page(
                        _("Your plan"),
                        "workspace_premium",
                        "subscriptions_subscription",
                        "subscriptions.read",
                    ),
                    _page(
                        _("Telegram bot"), "smart_toy", "telegram_integration_telegrambot", "telegram.read"
                    ),
                    _page(_("Webhooks"), "webhook", "webhooks_webhook", "webhooks.read"),
                    _page(_("Deliveries"), "outbox", "webhooks_delivery", "webhooks.read"),
                    _page(_("History"), "history", "events_event", "history.read"),
                ],
            },
        ],
    },
    "TABS": [
        {
            "models": ["bookings.appointment"],
            "items": [
                _days(_("Today"), "today"),
                _days(_("Tomorrow"), "tomorrow"),
                _days(_("Seven days"), "week"),
                _days(_("From today on"), "upcoming"),
                _days(_("All days"), "all"),
            ],
        }
    ],
}

PLATFORM_ADMIN: dict[str, Any] = {
    **_SHARED,
    "SITE_HEADER": _("NadMor platform"),
    "DASHBOARD_CALLBACK": "analytics.admin.platform.front_page",
    "SITE_SYMBOL": "domain",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Hospitals"),
                "items": [
                    _page(_("Hospitals"), "local_hospital", "tenants_hospital", "hospitals.read"),
                    _page(_("Domains"), "dns", "tenants_domain", "hospitals.read"),
                ],
            },
            {
                "title": _("Plans"),
                "separator": True,
                "items": [
                    _page(
                        _("Subscriptions"),
                        "workspace_premium",
                        "subscriptions_subscription",
                        "subscriptions.read",
                    ),
                    _page(_("Plans"), "sell", "subscriptions_plan", "plans.read"),
                ],
            },
            {
                "title": _("Access"),
                "separator": True,
                "items": [
                    _page(_("API keys"), "key", "apikeys_apikey", "keys.read"),
                    _page(_("Rate limits"), "speed", "apikeys_ratelimit", "keys.read"),
                    _page(_("Operators"), "group", "accounts_user", "users.read"),
                ],
            },
            {
                "title": _("Webhooks"),
                "separator": True,
                "items": [
                    _page(_("Webhooks"), "webhook", "webhooks_webhook", "webhooks.read"),
                    _page(_("Deliveries"), "outbox", "webhooks_delivery", "webhooks.read"),
                ],
            },
            {
                "title": "Telegram",
                "separator": True,
                "items": [
                    _page(_("Bots"), "smart_toy", "telegram_integration_telegrambot", "telegram.read"),
                    _page(_("Users"), "person", "telegram_integration_telegramuser", "telegram.read"),
                    _page(
                        _("Failed updates"), "error", "telegram_integration_telegramupdate", "telegram.read"
                    ),
                    _page(_("One-time codes"), "password", "verification_phonechallenge", "telegram.read"),
                ],
            },
            {
                "title": _("Background work"),
                "separator": True,
                "items": [
                    _page(_("Queue"), "pending_actions", "jobs_job", "hospitals.read"),
                    _page(_("Schedules"), "schedule", "django_celery_beat_periodictask", "hospitals.read"),
                ],
            },
            {
                "title": _("Settings"),
                "separator": True,
                "items": [_page(_("History"), "history", "events_event", "history.read")],
            },
        ],
    },
}
