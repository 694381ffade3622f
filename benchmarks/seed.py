"""Fill a hospital with practitioners, two services and a year of appointments."""

import random
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apikeys.keys import create_key
from benchmarks.place import BOOKED_A_DAY, COMING_DAYS, PAST_DAYS, PRACTITIONERS, PROVIDERS, STARTS, Place
from bookings.models import Appointment, HealthcareService, Practitioner, WeeklyHours
from bookings.references import new_reference
from core import clock
from core.actor import Actor
from tenants.context import inside
from tenants.provisioning import provision_hospital

VISIT = timedelta(minutes=30)
HOURS = ((time(9), time(12)), (time(13), time(17)))


def seed_hospital(database_url: str) -> Place:
    """Make the hospital and its key; return where everything is."""
    hospital = provision_hospital(subdomain="bench", name="Benchmark Hospital", language="en")
    key = create_key(
        Actor.system("benchmark", "keys.write"),
        name="benchmark",
        scopes=("read:bookings", "write:bookings"),
        hospital=hospital,
        is_unlimited=True,
    )[1]
    with inside(hospital):
        people = _practitioners()
        few, many = _service("check-up", people[:PROVIDERS]), _service("visit", people)
        _appointments(few, people)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ids = [str(person.pk) for person in people]
        return Place(database_url, hospital.schema_name, key, few.pk, many.pk, ids)


def _practitioners() -> list[Practitioner]:
    people = [Practitioner(name_th=f"หมอ {n}", name_en=f"Dr {n}") for n in range(PRACTITIONERS)]
    Practitioner.objects.bulk_create(people)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(practitioner=person, weekday=day, start_time=begin, end_time=end)
        for person in people
        for day in range(7)
        for begin, end in HOURS
    )
    return people


def _service(slug: str, people: list[Practitioner]) -> HealthcareService:
    service = HealthcareService.objects.create(
        slug=slug, name_th=slug, name_en=slug, minimum_notice=0, horizon_days=730
    )
    service.practitioners.set(people)
    return service


def _appointments(service: HealthcareService, people: list[Practitioner]) -> None:
    chance, zone = random.Random(1), clock.zone("Asia/Bangkok")
    today = clock.today_in("Asia/Bangkok")
    rows = []
    for ahead in range(-PAST_DAYS, COMING_DAYS):
        for person in people:
            for hour, minute in chance.sample(STARTS, BOOKED_A_DAY):
                start = datetime.combine(today + timedelta(days=ahead), time(hour, minute), zone)
                rows.append(_row(service, person, start))
    Appointment.objects.bulk_create(rows, batch_size=2000)


def _row(service: HealthcareService, person: Practitioner, start: datetime) -> Appointment:
    return Appointment(
        reference=new_reference(),
        service=service,
        practitioner=person,
        start=start,
        end=start + VISIT,
        occupied=DateTimeTZRange(start, start + VISIT),
        status="SCHEDULED",
        guest_name="Somebody",
        source="api",
    )
