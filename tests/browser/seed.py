"""Fill the database of the browser tests; prints where everything is, as JSON.

It is between nine and ten in the morning in Ploy whenever the tests run, in a zone that no browser has.
"""

import json
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

from django.core.management import call_command  # noqa: E402  -- Django first
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from apikeys.keys import create_key  # noqa: E402
from bookings.actions.patients import name_key  # noqa: E402
from bookings.models import Appointment, HealthcareService, Patient, Practitioner  # noqa: E402
from bookings.references import new_reference  # noqa: E402
from core import clock  # noqa: E402
from core.actor import Actor  # noqa: E402
from tenants.context import current_hospital, inside  # noqa: E402
from tenants.models import Hospital  # noqa: E402
from tenants.provisioning import provision_hospital  # noqa: E402
from tests.support.catalogue import give_hours, make_practitioner, make_service  # noqa: E402
from tests.support.people import PASSWORD, make_people  # noqa: E402

_MORNING = 9
PATIENTS = (
    ("Malee Srisuk", "+66898765432", "HN0001"),
    ("Somchai Jaidee", "+66812223344", "HN0002"),
    ("สมหญิง ใจดี", "+66823334455", "HN0003"),
    ("Anan Wong", "+66834445566", "HN0004"),
)


def zone_of_morning(now: datetime) -> str:
    """A zone without daylight saving time in which it is nine in the morning, and some minutes."""
    ahead = (_MORNING - now.hour + 12) % 24 - 12
    # The names count towards the west: https://data.iana.org/time-zones/tzdb/etcetera
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def key_of(hospital: Hospital) -> str:
    """A key that may read and write bookings, as often as it likes."""
    system = Actor.system("browser tests", "keys.write")
    scopes = ("read:bookings", "write:bookings")
    return create_key(system, name="browser", scopes=scopes, hospital=hospital, is_unlimited=True)[1]


def appointment(
    service: HealthcareService, doctor: Practitioner, patient: Patient, hour: int, minute: int = 0,
    *, days: int = 0, **fields: Any,
) -> Appointment:  # fmt: skip
    """An appointment at a time of a day, whatever the rules say of it."""
    zone = clock.zone(current_hospital().timezone)
    day = datetime.now(zone).date() + timedelta(days=days)
    start = datetime.combine(day, time(hour, minute), zone)
    end = start + timedelta(minutes=service.duration_minutes)
    values = {
        "reference": new_reference(), "service": service, "practitioner": doctor, "patient": patient,
        "start": start, "end": end, "occupied": DateTimeTZRange(start, end), "status": "SCHEDULED",
        "guest_name": patient.name, "guest_phone": patient.phone_number, "source": "api",
    }  # fmt: skip
    return Appointment.objects.create(**values | fields)


def seed_appointments(check_up: HealthcareService, bob: Practitioner, eve: Practitioner) -> dict[str, UUID]:
    """Two of today and two of tomorrow, each by the first name of whose they are."""
    malee, somchai, somying, anan = (
        Patient.objects.create(name=name, name_key=name_key(name), phone_number=phone, hospital_number=number)
        for name, phone, number in PATIENTS
    )
    rows = {
        "malee": appointment(check_up, bob, malee, 10, notes="Prefers the window."),
        "somchai": appointment(check_up, eve, somchai, 11, status="CONFIRMED", source="telegram"),
        "somying": appointment(check_up, bob, somying, 10, days=1),
        "anan": appointment(check_up, eve, anan, 14, days=1),
    }
    return {name: row.pk for name, row in rows.items()}


def seed() -> dict[str, Any]:
    """Ploy with its people, two doctors from eight to eight, a check-up by both, and a key."""
    zone = zone_of_morning(datetime.now(UTC))
    hospital = provision_hospital(subdomain="ploy", name="Ploy Hospital", language="en", timezone=zone)
    User.objects.create_user("operator@nadmor.example", PASSWORD, first_name="Olga", role=Role.ADMIN)
    with inside(hospital):
        bob = make_people("ploy").dr_bob
        eve = make_practitioner("Dr Eve", hours=False)
        for doctor in (bob, eve):
            give_hours(doctor, ("08:00", "20:00"))
        check_up = make_service(bob, eve, slug="check-up", name_en="Check-up", name_th="ตรวจสุขภาพ")
        session = make_service(bob, slug="session", name_en="Long session", duration_minutes=60)
        return {
            "schema": hospital.schema_name,
            "zone": zone,
            "key": key_of(hospital),
            "doctors": {"bob": str(bob.pk), "eve": str(eve.pk)},
            "services": {"check_up": check_up.pk, "session": session.pk},
            "appointments": {k: str(v) for k, v in seed_appointments(check_up, bob, eve).items()},
        }


if __name__ == "__main__":
    call_command("migrate_schemas", shared=True, verbosity=0)
    sys.stdout.write(json.dumps(seed()))
