"""How the two admin sites look and what their sidebars hold: the hospital's own and the platform's."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from config.settings.sidebar import (
    READS_APPOINTMENTS,
    address,
    booking,
    calendar,
    days,
    finding,
    granted,
    hours,
    page,
    practitioners,
    today,
)


def _hospital_name(request: HttpRequest) -> str:
    """Whose admin this is: somebody may work for two hospitals."""
    return str(getattr(request, "hospital", None) or "")


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
            {"title": _("Second factor"), "link": address("admin:second_factor")},
            {"title": _("Change password"), "link": address("admin:password_change")},
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
                    calendar(),
                    today(),
                    booking(),
                    finding(),
                    page(
                        _("Waiting list"), "hourglass_top", "bookings_waitinglistentry", *READS_APPOINTMENTS
                    ),
                    page(_("Notices"), "notifications", "bookings_notice", "notices.read"),
                    page(_("Ratings"), "star", "bookings_rating", *READS_APPOINTMENTS),
                    page(
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
                    page(
                        _("Patients"),
                        "personal_injury",
                        "bookings_patient",
                        "patients.read",
                        "patients.read_own",
                    ),
                    practitioners(),
                    hours(),
                    page(
                        _("Reached by Telegram"), "send", "telegram_integration_telegramlink", "patients.read"
                    ),
                ],
            },
            {
                "title": _("Clinical"),
                "separator": True,
                "items": [
                    page(
                        _("Medical records"),
                        "clinical_notes",
                        "records_medicalrecord",
                        "records.read",
                        "records.read_own",
                    ),
                    page(
                        _("Treatments"),
                        "medication",
                        "records_treatment",
                        "treatments.read",
                        "treatments.read_own",
                    ),
                    page(_("Reads of records"), "visibility", "records_recordaccess", "records.audit"),
                ],
            },
            {
                "title": _("Catalogue and schedule"),
                "separator": True,
                "items": [
                    page(
                        _("Event types"), "medical_services", "bookings_healthcareservice", "catalogue.read"
                    ),
                    page(_("Specialties"), "category", "bookings_specialty", "catalogue.read"),
                    page(_("Holidays"), "event_busy", "bookings_holiday", "schedules.read"),
                ],
            },
            {
                "title": _("Settings"),
                "separator": True,
                "items": [
                    {
                        "title": _("Hospital settings"),
                        "icon": "settings",
                        "link": address("admin:hospital_settings"),
                        "permission": granted("hospital.write"),
                    },
                    page(_("Users"), "group", "accounts_user", "users.read"),
                    page(
                        _("Your plan"),
                        "workspace_premium",
                        "subscriptions_subscription",
                        "subscriptions.read",
                    ),
                    page(_("Telegram bot"), "smart_toy", "telegram_integration_telegrambot", "telegram.read"),
                    page(_("Webhooks"), "webhook", "webhooks_webhook", "webhooks.read"),
                    page(_("Deliveries"), "outbox", "webhooks_delivery", "webhooks.read"),
                    page(_("History"), "history", "events_event", "history.read"),
                ],
            },
        ],
    },
    "TABS": [
        {
            "models": ["bookings.appointment"],
            "items": [
                days(_("Today"), "today"),
                days(_("Tomorrow"), "tomorrow"),
                days(_("Seven days"), "week"),
                days(_("From today on"), "upcoming"),
                days(_("All days"), "all"),
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
                    page(_("Hospitals"), "local_hospital", "tenants_hospital", "hospitals.read"),
                    page(_("Domains"), "dns", "tenants_domain", "hospitals.read"),
                ],
            },
            {
                "title": _("Plans"),
                "separator": True,
                "items": [
                    page(
                        _("Subscriptions"),
                        "workspace_premium",
                        "subscriptions_subscription",
                        "subscriptions.read",
                    ),
                    page(_("Plans"), "sell", "subscriptions_plan", "plans.read"),
                ],
            },
            {
                "title": _("Access"),
                "separator": True,
                "items": [
                    page(_("API keys"), "key", "apikeys_apikey", "keys.read"),
                    page(_("Rate limits"), "speed", "apikeys_ratelimit", "keys.read"),
                    page(_("Operators"), "group", "accounts_user", "users.read"),
                ],
            },
            {
                "title": _("Webhooks"),
                "separator": True,
                "items": [
                    page(_("Webhooks"), "webhook", "webhooks_webhook", "webhooks.read"),
                    page(_("Deliveries"), "outbox", "webhooks_delivery", "webhooks.read"),
                ],
            },
            {
                "title": "Telegram",
                "separator": True,
                "items": [
                    page(_("Bots"), "smart_toy", "telegram_integration_telegrambot", "telegram.read"),
                    page(_("Users"), "person", "telegram_integration_telegramuser", "telegram.read"),
                    page(
                        _("Failed updates"), "error", "telegram_integration_telegramupdate", "telegram.read"
                    ),
                    page(_("One-time codes"), "password", "verification_phonechallenge", "telegram.read"),
                ],
            },
            {
                "title": _("Background work"),
                "separator": True,
                "items": [
                    page(_("Queue"), "pending_actions", "jobs_job", "hospitals.read"),
                    page(_("Schedules"), "schedule", "django_celery_beat_periodictask", "hospitals.read"),
                ],
            },
            {
                "title": _("Settings"),
                "separator": True,
                "items": [page(_("History"), "history", "events_event", "history.read")],
            },
        ],
    },
}
