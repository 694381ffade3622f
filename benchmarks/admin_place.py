"""A large hospital's month at the front desk: ten thousand appointments, and somebody who has signed in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from benchmarks.place import STARTS
from bookings.models import Appointment, HealthcareService, Patient, Practitioner, WeeklyHours
from bookings.references import new_reference
from core import clock
from tenants.context import inside
from tenants.models import Hospital
from tenants.provisioning import provision_hospital

PRACTITIONERS, PATIENTS, DAYS = 24, 2000, 30
HOURS = ((time(9), time(12)), (time(13), time(17)))
VISIT = timedelta(minutes=30)
HOST, EMAIL, PASSWORD = "front.localhost", "adam@front.example", "correct-horse-battery"
_STATUSES = ("SCHEDULED", "CONFIRMED", "COMPLETED", "NO_SHOW", "CANCELLED", "CHECKED_IN")


@dataclass(frozen=True)
class Front:
    """The hospital, how many appointments it has, and the days that they are on."""

    hospital: Hospital
    count: int
    first: date
    today: date


def seed_front() -> Front:
    """Make the hospital; its days lie around today."""
    hospital = provision_hospital(subdomain="front", name="Front Hospital", language="en")
    today = clock.today_in(hospital.timezone)
    first = today - timedelta(days=DAYS // 2)
    with inside(hospital):
        User.objects.create_user(EMAIL, PASSWORD, first_name="Adam", role=Role.ADMIN)
        people, service = _people()
        rows = _rows(people, service, _patients(), first)
        Appointment.objects.bulk_create(rows, batch_size=2000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Front(hospital, len(rows), first, today)


def signed_in() -> Client:
    """A browser of the administrator."""
    client = Client(headers={"host": HOST})
    answer = client.post("/admin/login/", {"username": EMAIL, "password": PASSWORD, "next": "/admin/"})
    if answer.status_code != 302:
        raise RuntimeError(f"Signing in was answered {answer.status_code}.")
    return client


def _people() -> tuple[list[Practitioner], HealthcareService]:
    people = [Practitioner(name_th=f"หมอ {n:02}", name_en=f"Dr {n:02}") for n in range(PRACTITIONERS)]
    Practitioner.objects.bulk_create(people)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(practitioner=person, weekday=day, start_time=begin, end_time=end)
        for person in people
        for day in range(7)
        for begin, end in HOURS
    )
    service = HealthcareService.objects.create(slug="visit", name_th="ตรวจ", name_en="Visit", price="500.00")
    service.practitioners.set(people)
    return people, service


def _patients() -> list[Patient]:
    rows = [
        Patient(
            name=f"Somebody {n}", name_key=f"somebody {n}", phone_number=f"+6681{n:07}",
            hospital_number=f"HN{n:06}",
        )
        for n in range(PATIENTS)
    ]  # fmt: skip
    return Patient.objects.bulk_create(rows, batch_size=1000)


def _rows(
    people: list[Practitioner], service: HealthcareService, patients: list[Patient], first: date
) -> list[Appointment]:
    zone = clock.zone("Asia/Bangkok")
    rows: list[Appointment] = []
    for ahead in range(DAYS):
        for hour, minute in STARTS:
            start = datetime.combine(first + timedelta(days=ahead), time(hour, minute), zone)
            for person in people:
                rows.append(_row(len(rows), start, person, service, patients[len(rows) % len(patients)]))
    return rows


def _row(
    number: int, start: datetime, person: Practitioner, service: HealthcareService, patient: Patient
) -> Appointment:
    return Appointment(
        reference=new_reference(),
        service=service,
        practitioner=person,
        patient=patient,
        start=start,
        end=start + VISIT,
        occupied=DateTimeTZRange(start, start + VISIT),
        status=_STATUSES[number % len(_STATUSES)],
        guest_name=patient.name,
        guest_phone=patient.phone_number,
        source="api",
    )
