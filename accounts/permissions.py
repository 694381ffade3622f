"""One table from role to verbs. Every door asks it; nothing else grants anything."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in a hospital."""

    ADMIN = "ADMIN", _("Administrator")
    DOCTOR = "DOCTOR", _("Doctor")
    NURSE = "NURSE", _("Nurse")
    FRONT_DESK = "FRONT_DESK", _("Front desk")
    PATIENT = "PATIENT", _("Patient")


STAFF_ROLES = (Role.ADMIN, Role.DOCTOR, Role.NURSE, Role.FRONT_DESK)

# Seeing what can be booked, and one's own appointments: everybody who is known.
_EVERYBODY = frozenset({"catalogue.read", "availability.read", "appointments.read_own"})

_PATIENT = _EVERYBODY | {
    "appointments.book",
    "appointments.hold",
    "appointments.move_own",
    "appointments.cancel_own",
    "appointments.confirm_own",
}

_DOCTOR = _EVERYBODY | {
    "schedules.read",
    "practitioners.read",
    "patients.read_own",
    "appointments.attend_own",
    "appointments.cancel_own",
    "appointments.move_own",
}

_DESK = _EVERYBODY | {
    "schedules.read",
    "practitioners.read",
    "patients.read",
    "patients.write",
    "appointments.read",
    "appointments.book",
    "appointments.hold",
    "appointments.move",
    "appointments.cancel",
    "appointments.confirm",
    "appointments.attend",
    "notices.read",
    "notices.send",
}

_NURSE = _DESK

_ADMIN = _DESK | {
    "catalogue.write",
    "schedules.write",
    "practitioners.write",
    "holidays.write",
    "notices.write",
    "history.read",
    "users.read",
    "users.write",
    "webhooks.read",
    "webhooks.write",
}

# role → verbs. A verb that ends in _own reaches what belongs to the actor; without it, everything.
GRANTS: dict[str, frozenset[str]] = {
    Role.ADMIN: _ADMIN,
    Role.DOCTOR: _DOCTOR,
    Role.NURSE: _NURSE,
    Role.FRONT_DESK: _DESK,
    Role.PATIENT: _PATIENT,
}

# An administrator in the public schema runs the platform, and sees no hospital's patients.
OPERATOR_GRANTS = frozenset(
    {
        "hospitals.read",
        "hospitals.write",
        "keys.read",
        "keys.write",
        "users.read",
        "users.write",
        "history.read",
        "webhooks.read",
        "webhooks.write",
    }
)

EVERY_VERB = frozenset().union(*GRANTS.values(), OPERATOR_GRANTS)
