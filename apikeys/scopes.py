"""What a key may do: scopes on the outside, the domain's verbs on the inside."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "read:bookings": _("See services, free slots and bookings"),
    "write:bookings": _("Book, move and cancel"),
    "read:patients": _("See patients"),
    "write:patients": _("Register and change patients"),
    "manage:webhooks": _("Manage webhooks and see what was sent to them"),
    "admin:hospital": _("Manage the catalogue, schedules and users of a hospital"),
    "admin:platform": _("Manage hospitals and keys"),
}

VERBS: dict[str, frozenset[str]] = {
    "read:bookings": frozenset(
        {"catalogue.read", "availability.read", "practitioners.read", "appointments.read"}
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
        }
    ),
    "read:patients": frozenset({"patients.read"}),
    "write:patients": frozenset({"patients.write"}),
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
        }
    ),
    "admin:platform": frozenset({"hospitals.read", "hospitals.write", "keys.read", "keys.write"}),
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
    return frozenset(scope for scope, verbs in VERBS.items() if _opens(verbs) & may)


def _opens(verbs: frozenset[str]) -> frozenset[str]:
    """The verbs of a scope that tell who may use it, with what they are called for one's own."""
    changing = frozenset(verb for verb in verbs if not verb.endswith(".read")) or verbs
    return changing | {f"{verb}_own" for verb in changing}
