"""What a key may do: scopes on the outside, the domain's verbs on the inside."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "read:bookings": _("See services, free slots and bookings"),
    "write:bookings": _("Book, move and cancel"),
    "read:patients": _("See patients"),
    "write:patients": _("Register and change patients"),
    "read:records": _("Read medical records and treatments"),
    "write:records": _("Write medical records and treatments"),
    "manage:webhooks": _("Manage webhooks and see what was sent to them"),
    "admin:hospital": _("Manage the catalogue, schedules, users and subscription of a hospital"),
    "admin:platform": _("Manage hospitals and keys"),
}

VERBS: dict[str, frozenset[str]] = {
    "read:bookings": frozenset(
        {"catalogue.read", "availability.read", "practitioners.read", "appointments.read", "hospital.read"}
    ),
    # Whoever moves or cancels a booking has to find it first.
    "write:bookings": frozenset(
        {
            "appointments.read",
            "appointments.book",
            "appointments.hold",
            "appointments.move",
            "appointments.cancel",
            "appointments.confirm",
            "appointments.attend",
            "appointments.rate",
        }
    ),
    "read:patients": frozenset({"patients.read"}),
    "write:patients": frozenset({"patients.write"}),
    "read:records": frozenset({"records.read", "treatments.read"}),
    # Whoever changes a record has to find it first.
    "write:records": frozenset({"records.read", "records.write", "treatments.read", "treatments.write"}),
    "manage:webhooks": frozenset({"webhooks.read", "webhooks.write"}),
    "admin:hospital": frozenset(
        {
            "catalogue.write",
            "schedules.read",
            "schedules.write",
            "practitioners.write",
            "holidays.write",
            "users.read",
            "users.write",
            "history.read",
            "hospital.read",
            "hospital.write",
            "records.audit",
            "plans.read",
            "subscriptions.read",
            "subscriptions.write",
            "analytics.read",
        }
    ),
    "admin:platform": frozenset(
        {
            "hospitals.read",
            "hospitals.write",
            "keys.read",
            "keys.write",
            "users.read",
            "users.write",
            "plans.read",
            "plans.write",
            "subscriptions.read",
            "subscriptions.write",
            "analytics.read",
        }
    ),
}


def grants_of(scopes: Iterable[str]) -> frozenset[str]:
    """Names of the verbs that a key with these scopes may use; an unknown scope grants nothing."""
    return frozenset().union(*(VERBS.get(scope, frozenset()) for scope in scopes))


def scopes_of(grants: Iterable[str]) -> frozenset[str]:
    """The scopes that a person with these grants may use, so that one path is open to keys and people alike.

    A scope is held by whoever may do something that it is for, be it to their own alone; of a scope that
    changes things, reading is not enough. The verb itself asks again.
    """
    may = frozenset(grants)
    return frozenset(scope for scope in VERBS if _opens(scope) & may)


def _opens(scope: str) -> frozenset[str]:
    """The verbs of a scope that tell who may use it, with what they are called for one's own.

    What several scopes allow tells nothing: an administrator of a hospital changes users, as
    the platform does.
    """
    elsewhere = frozenset().union(*(verbs for other, verbs in VERBS.items() if other != scope))
    telling = VERBS[scope] - elsewhere or VERBS[scope]
    changing = frozenset(verb for verb in telling if not verb.endswith(".read")) or telling
    return changing | {f"{verb}_own" for verb in changing}
