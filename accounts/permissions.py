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
# What concerns whoever works in a hospital: its own entry in the register.
_STAFF = _EVERYBODY | {"hospital.read", "schedules.read", "practitioners.read"}

_PATIENT = _EVERYBODY | {
    "appointments.book",
    "appointments.hold",
    "appointments.move_own",
    "appointments.cancel_own",
    "appointments.confirm_own",
    "appointments.rate_own",
    "records.read_own",
    "treatments.read_own",
}

_DOCTOR = _STAFF | {
    "patients.read_own",
    "appointments.attend_own",
    "appointments.cancel_own",
    "appointments.move_own",
    "records.read_own",
    "records.write_own",
    "treatments.read_own",
    "treatments.write_own",
    "analytics.read_own",
}

# Booking what is taken or outside working hours, with a reason: administrators may, and whoever of the
# booking roles is let by name (`User.may_overbook`).
OVERBOOKING = frozenset({"appointments.overbook"})

# The front desk has no verb about clinical text.
_DESK = _STAFF | {
    "patients.read",
    "patients.write",
    "appointments.read",
    "appointments.book",
    "appointments.hold",
    "appointments.move",
    "appointments.cancel",
    "appointments.confirm",
    "appointments.attend",
    # Rules that are meant for patients (notice, horizon, the grid of starts) do not bind the desk.
    "appointments.waive",
    "appointments.rate",
    "notices.read",
    "notices.send",
}

# A nurse enters what a doctor has ordered.
_NURSE = _DESK | {"records.read", "records.write", "treatments.read", "treatments.write"}

_ADMIN = (
    _DESK
    | OVERBOOKING
    | {
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
        "hospital.write",
        "records.read",
        "records.audit",
        "treatments.read",
        "plans.read",
        "subscriptions.read",
        "subscriptions.write",
        "analytics.read",
        "telegram.read",
        "telegram.write",
    }
)

# Whose work it is to book for patients.
BOOKING_ROLES = (Role.ADMIN, Role.NURSE, Role.FRONT_DESK)

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
        "plans.read",
        "plans.write",
        "subscriptions.read",
        "subscriptions.write",
        "analytics.read",
        "telegram.read",
        "telegram.write",
    }
)

# What anybody may do inside of a hospital; the rest is the platform's.
HOSPITAL_VERBS = frozenset().union(*GRANTS.values())
# What a door grants to whom it does not know yet: to become a patient by a phone that they have proven.
DOOR_VERBS = frozenset({"patients.claim"})
EVERY_VERB = HOSPITAL_VERBS | OPERATOR_GRANTS | DOOR_VERBS
