"""What is bookable is remembered by version: no change may be missed, and none that was taken back kept."""

import re
from dataclasses import dataclass
from datetime import time

import pytest
from django.db import connection, transaction

from bookings.models import (
    ExceptionKind,
    HealthcareService,
    Holiday,
    Practitioner,
    ScheduleException,
    Specialty,
    WeeklyHours,
)
from bookings.queries import catalogue as module
from bookings.queries.catalogue import catalogue
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.threads import together


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def known():
    """Everything that the catalogue says, as a plain text that can be compared."""
    present = catalogue()
    return repr(
        [
            present.book.services, present.book.practitioners, present.book.holidays,
            [(s.name_th, s.price, s.colour, _specialty(s)) for s in present.services.values()],
            [(p.name_th, p.kind) for p in present.practitioners.values()],
        ]
    )  # fmt: skip


def _specialty(service):
    return service.specialty and service.specialty.name_en


def add_away(doctor):
    ScheduleException.objects.create(
        practitioner=doctor, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day(2)
    )


def save(row, **changes):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def rename_in_bulk(it):
    it.doctor.name_en = "Dr Bulk"
    Practitioner.objects.bulk_update([it.doctor], ["name_en"])


def add_in_bulk(_):
    Holiday.objects.bulk_create(
        [Holiday(date=coming_day(n), name_th="x", name_en="x", is_confirmed=True) for n in (1, 2)]
    )


HOURS = "UPDATE bookings_weeklyhours SET end_time = '23:00' WHERE practitioner_id = %s"
CHANGES = {
    "service saved": lambda it: save(it.service, duration_minutes=45),
    "service updated": lambda _: HealthcareService.objects.update(colour="#000000"),
    "service by SQL": lambda _: sql("UPDATE bookings_healthcareservice SET price = 500.5"),
    "service added": lambda it: make_service(it.doctor, slug="added"),
    "service switched off": lambda _: HealthcareService.objects.update(is_active=False),
    "service deleted": lambda it: it.service.delete(),
    "offer added": lambda it: it.service.practitioners.add(it.eve),
    "offer added from the other side": lambda it: it.eve.services.add(it.service),
    "offer removed": lambda it: it.service.practitioners.remove(it.doctor),
    "offers set": lambda it: it.service.practitioners.set([it.eve]),
    "offers cleared": lambda it: it.doctor.services.clear(),
    "offers emptied by SQL": lambda _: sql("TRUNCATE bookings_healthcareservice_practitioners"),
    "practitioner saved": lambda it: save(it.doctor, timezone="Asia/Tokyo"),
    "practitioner renamed in bulk": rename_in_bulk,
    "practitioner not bookable": lambda _: Practitioner.objects.update(is_bookable=False),
    "practitioner away for ever": lambda _: Practitioner.objects.update(is_active=False),
    "practitioner deleted": lambda it: it.doctor.delete(),
    "hours updated": lambda _: WeeklyHours.objects.update(start_time=time(8)),
    "hours by SQL": lambda it: sql(HOURS, it.doctor.pk),
    "hours deleted": lambda _: WeeklyHours.objects.filter(weekday=0).delete(),
    "hours that end": lambda _: WeeklyHours.objects.update(valid_until=coming_day(9)),
    "time off": lambda it: add_away(it.doctor),
    "holidays in bulk": add_in_bulk,
    "specialty given": lambda it: save(
        it.service, specialty=Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes")
    ),
}


@dataclass
class Clinic:
    """A service, who offers it, and somebody who does not yet."""

    service: HealthcareService
    doctor: Practitioner
    eve: Practitioner


@pytest.fixture
def clinic(check_up, dr_bob):
    return Clinic(check_up, Practitioner.objects.get(pk=dr_bob.pk), make_practitioner("Dr Eve"))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_a_rule_is_known_at_once(clinic, change):
    before, version = known(), catalogue().book.version
    change(clinic)

    assert known() != before
    assert catalogue().book.version != version


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_that_is_taken_back_never_sticks(clinic, change):
    before = known()
    savepoint = transaction.savepoint()
    change(clinic)
    assert known() != before

    transaction.savepoint_rollback(savepoint)
    assert known() == before


def test_the_change_after_one_that_was_taken_back_is_not_mistaken_for_it(clinic):
    savepoint = transaction.savepoint()
    save(clinic.service, capacity=7)
    assert catalogue().services[clinic.service.pk].capacity == 7
    transaction.savepoint_rollback(savepoint)

    save(clinic.service, capacity=9)
    assert catalogue().services[clinic.service.pk].capacity == 9


def test_a_renamed_specialty_is_known_at_once(check_up):
    save(check_up, specialty=Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes"))
    before = known()
    Specialty.objects.update(name_en="Sight")

    assert known() != before


def test_a_confirmed_holiday_and_its_end_are_known_at_once(check_up):
    Holiday.objects.create(date=coming_day(), name_th="x", name_en="x")
    before = known()
    for confirmed in (True, False):
        Holiday.objects.update(is_confirmed=confirmed)
        assert (known() == before) is not confirmed


def test_every_table_that_the_rules_are_read_from_counts_its_changes(in_hospital):
    read = set(re.findall(r"(?:FROM|JOIN) (bookings_\w+)", module._READ_ALL)) - {"bookings_rulesversion"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, (tgtype & 4) > 0, (tgtype & 8) > 0, (tgtype & 16) > 0, (tgtype & 32) > 0"
            " FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE tgname = 'renew_rules_version' AND nspname = %s AND tgenabled = 'O'",
            [in_hospital.schema_name],
        )
        counted_tables = {name for name, *kinds in cursor.fetchall() if all(kinds)}

    assert len(read) == 7
    assert read == counted_tables


def test_an_open_transaction_misleads_nobody_else(fresh_hospital):
    doctor = make_practitioner("Dr One")
    make_service(doctor, slug="visit")
    before = known()

    with transaction.atomic():
        WeeklyHours.objects.all().delete()
        within = known()
        (elsewhere,) = together(fresh_hospital, [known])
        again = known()
        transaction.set_rollback(True)
    assert within == again != before
    assert elsewhere == before
    assert known() == before
