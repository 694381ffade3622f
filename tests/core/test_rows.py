"""A row that somebody else changes while one waits for its lock comes with what it refers to then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from bookings.models import Appointment, Patient
from core.actor import Actor
from core.rows import lock_and_read
from tests.support.booking import book
from tests.support.catalogue import at, make_practitioner, make_service
from tests.support.threads import together, wait_until_somebody_waits_for_us

pytestmark = pytest.mark.usefixtures("patient_locks")
SYSTEM = Actor.system("rows", "appointments.book")


@pytest.fixture
def appointment(fresh_hospital):
    return book(SYSTEM, make_service(make_practitioner("Dr One")), at(9))


@pytest.mark.parametrize("relation", ["practitioner", "patient"])
def test_a_row_whose_relation_changes_while_it_is_waited_for_is_read_with_the_new_one(
    fresh_hospital, appointment, relation
):
    others = {
        "practitioner": lambda: make_practitioner("Dr Two"),
        "patient": lambda: Patient.objects.create(name="ann", name_key="ann"),
    }
    other = others[relation]()

    @transaction.atomic
    def read():
        return lock_and_read(Appointment.objects.select_related("practitioner", "patient"))

    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            Appointment.objects.update(**{relation: other})
            waiting = meanwhile.submit(together, fresh_hospital, [read])
            wait_until_somebody_waits_for_us()
        (row,) = waiting.result()

    assert getattr(row, f"{relation}_id") == other.pk
    assert getattr(row, relation) == other


def test_a_row_that_nobody_changes_is_read_by_one_statement(appointment, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        row = lock_and_read(Appointment.objects.select_related("practitioner", "patient"))
        assert (row.pk, row.practitioner.name_en) == (appointment.pk, "Dr One")


def test_what_is_not_there_is_none(fresh_hospital):
    with transaction.atomic():
        assert lock_and_read(Appointment.objects.all()) is None
