"""Each constraint of the table, asked by plain SQL: whatever the code forgets, the database refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Appointment
from bookings.rules.statuses import OCCUPYING, Status
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import TEN, insert_appointment, minutes, refused_by

FREE = [status for status in Status if status not in OCCUPYING]
TAKEN = [status for status in sorted(OCCUPYING) if status is not Status.HELD]
HELD = {"status": "HELD", "hold_expires_at": TEN, "guest_name": ""}

PROVED = {
    "one_person_per_seat", "one_session_at_a_time", "one_place_per_patient", "appointment_ends_after_start",
    "appointment_occupies_its_period", "appointment_seat", "appointment_status", "only_a_hold_expires",
    "overbooking_has_a_reason", "one_walk_in_per_queue_number", "queue_number_has_a_day",
    "appointment_status_before",
}  # fmt: skip


@pytest.fixture
def other_service(dr_bob):
    return make_service(dr_bob, slug="other")


def test_every_constraint_of_the_table_is_proved_here():
    assert {constraint.name for constraint in Appointment._meta.constraints} == PROVED


def test_two_people_never_have_one_seat(check_up, dr_bob):
    insert_appointment(check_up, dr_bob)

    with refused_by("one_person_per_seat"):
        insert_appointment(check_up, dr_bob)
    insert_appointment(check_up, dr_bob, seat=2)


@pytest.mark.parametrize("status", TAKEN)
def test_whatever_still_takes_place_keeps_its_seat(check_up, dr_bob, status):
    insert_appointment(check_up, dr_bob, status=status)

    with refused_by("one_person_per_seat"):
        insert_appointment(check_up, dr_bob)


def test_a_hold_keeps_its_seat_as_a_booking_does(check_up, dr_bob, other_service):
    insert_appointment(check_up, dr_bob, **HELD)

    with refused_by("one_person_per_seat"):
        insert_appointment(check_up, dr_bob)
    with refused_by("one_session_at_a_time"):
        insert_appointment(other_service, dr_bob)


@pytest.mark.parametrize("status", FREE)
def test_what_does_not_take_place_keeps_nothing(check_up, dr_bob, people, status):
    insert_appointment(check_up, dr_bob, status=status, patient_id=people.alice.pk)

    insert_appointment(check_up, dr_bob, patient_id=people.alice.pk)


@pytest.mark.parametrize("status", FREE)
def test_what_no_longer_takes_place_cannot_come_back_to_a_seat_that_was_given_away(check_up, dr_bob, status):
    gone = insert_appointment(check_up, dr_bob, status=status)
    insert_appointment(check_up, dr_bob)

    with refused_by("one_person_per_seat"):
        Appointment.objects.filter(pk=gone).update(status="SCHEDULED")


@pytest.mark.parametrize("shift", [-29, -1, 1, 29])
def test_no_two_sessions_of_a_practitioner_overlap(check_up, dr_bob, shift):
    insert_appointment(check_up, dr_bob)

    with refused_by("one_session_at_a_time"):
        insert_appointment(check_up, dr_bob, start=TEN + minutes(shift))


def test_another_service_at_the_same_start_is_another_session(check_up, dr_bob, other_service):
    insert_appointment(check_up, dr_bob)

    for seat in (1, 2):
        with refused_by("one_session_at_a_time"):
            insert_appointment(other_service, dr_bob, seat=seat)


def test_sessions_may_touch_and_other_practitioners_are_free(check_up, dr_bob):
    insert_appointment(check_up, dr_bob)

    insert_appointment(check_up, dr_bob, start=TEN + minutes(30))
    insert_appointment(check_up, dr_bob, start=TEN - minutes(30))
    insert_appointment(check_up, make_practitioner("Dr Else"))


def test_buffers_are_part_of_what_is_occupied(check_up, dr_bob, other_service):
    wide = DateTimeTZRange(TEN - minutes(15), TEN + minutes(45))
    insert_appointment(check_up, dr_bob, occupied=wide)

    for shift in (-30, 30):
        with refused_by("one_session_at_a_time"):
            insert_appointment(other_service, dr_bob, start=TEN + minutes(shift))
    insert_appointment(other_service, dr_bob, start=TEN + minutes(45))


def test_a_seat_beside_a_session_cannot_be_had_where_another_begins_in_it(check_up, dr_bob, other_service):
    insert_appointment(check_up, dr_bob, seat=2)

    with refused_by("one_session_at_a_time"):
        insert_appointment(other_service, dr_bob, seat=1)


def test_a_patient_is_never_in_two_places(check_up, dr_bob, people):
    eve = make_practitioner("Dr Eve")
    insert_appointment(check_up, dr_bob, patient_id=people.alice.pk)

    for shift in (-15, 0, 15):
        with refused_by("one_place_per_patient"):
            insert_appointment(check_up, eve, patient_id=people.alice.pk, start=TEN + minutes(shift))


def test_a_patients_visits_may_touch_and_buffers_are_not_the_patients(check_up, dr_bob, people):
    eve = make_practitioner("Dr Eve")
    wide = DateTimeTZRange(TEN - minutes(15), TEN + minutes(45))
    insert_appointment(check_up, dr_bob, patient_id=people.alice.pk, occupied=wide)

    insert_appointment(check_up, eve, patient_id=people.alice.pk, start=TEN + minutes(30))


def test_two_who_are_no_patients_are_not_the_same_one(check_up, dr_bob):
    insert_appointment(check_up, dr_bob)
    insert_appointment(check_up, make_practitioner("Dr Eve"))

    assert Appointment.objects.filter(patient=None).count() == 2


def test_a_visit_ends_after_it_starts(check_up, dr_bob):
    with refused_by("appointment_ends_after_start"):
        insert_appointment(check_up, dr_bob, end=TEN)


def test_a_visit_that_ends_before_it_starts_is_no_range(check_up, dr_bob):
    wide = DateTimeTZRange(TEN - timedelta(days=1), TEN + timedelta(days=1))

    with pytest.raises(DataError, match="lower bound"), transaction.atomic():
        insert_appointment(check_up, dr_bob, end=TEN - minutes(30), occupied=wide)


@pytest.mark.parametrize(("begin", "end"), [(1, 30), (0, 29), (-60, 0), (30, 60)])
def test_what_is_occupied_covers_the_visit(check_up, dr_bob, begin, end):
    with refused_by("appointment_occupies_its_period"):
        insert_appointment(
            check_up, dr_bob, occupied=DateTimeTZRange(TEN + minutes(begin), TEN + minutes(end))
        )


def test_seats_count_from_one(check_up, dr_bob):
    with refused_by("appointment_seat"):
        insert_appointment(check_up, dr_bob, seat=0)


def test_a_status_is_one_of_the_known(check_up, dr_bob):
    with refused_by("appointment_status"):
        insert_appointment(check_up, dr_bob, status="MAYBE")


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "HELD", "hold_expires_at": None},
        {"status": "SCHEDULED", "hold_expires_at": TEN},
        {"status": "CANCELLED", "hold_expires_at": TEN},
        {"status": "SCHEDULED", "guest_name": ""},
    ],
)
def test_only_a_hold_ends_by_itself_and_only_a_hold_has_no_name(check_up, dr_bob, columns):
    with refused_by("only_a_hold_expires"):
        insert_appointment(check_up, dr_bob, **columns)


def test_a_reference_is_given_once(check_up, dr_bob):
    insert_appointment(check_up, dr_bob, reference="CCCC-CCCC")

    with pytest.raises(IntegrityError, match="reference"), transaction.atomic():
        insert_appointment(check_up, dr_bob, reference="CCCC-CCCC", start=TEN + minutes(60))


@pytest.mark.parametrize(
    "missing", [{"practitioner_id": uuid4()}, {"service_id": 987_654}, {"patient_id": uuid4()}]
)
def test_who_and_what_is_booked_must_exist(check_up, dr_bob, missing):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        insert_appointment(check_up, dr_bob, **missing)


def test_who_has_appointments_cannot_be_deleted(check_up, dr_bob, people):
    insert_appointment(check_up, dr_bob, patient_id=people.alice.pk)

    for row in (dr_bob, check_up, people.alice):
        with pytest.raises(IntegrityError, match="protected"):
            type(row).objects.get(pk=row.pk).delete()
    assert Appointment.objects.count() == 1


def test_a_session_is_told_by_service_and_start(check_up, dr_bob, other_service):
    rows = [
        Appointment.objects.get(pk=pk)
        for pk in (
            insert_appointment(check_up, dr_bob),
            insert_appointment(check_up, dr_bob, seat=2),
            insert_appointment(check_up, make_practitioner("Dr Eve")),
            insert_appointment(other_service, dr_bob, start=TEN + minutes(60)),
        )
    ]

    assert rows[0].session == rows[1].session == rows[2].session != rows[3].session
    assert (rows[0].period.lower, rows[0].period.upper) == (TEN, TEN + minutes(30))


# ── at the front desk ─────────────────────────────────────────────────────────
OVERBOOKED = {"overbooked": True, "overbook_reason": "Fever"}


def test_who_was_overbooked_stands_beside_the_seats_and_keeps_nobody_from_one(
    check_up, dr_bob, other_service
):
    insert_appointment(check_up, dr_bob)
    insert_appointment(check_up, dr_bob, **OVERBOOKED)
    insert_appointment(other_service, dr_bob, **OVERBOOKED)
    insert_appointment(check_up, dr_bob, start=TEN + minutes(60), **OVERBOOKED)

    insert_appointment(check_up, dr_bob, start=TEN + minutes(60))


def test_who_was_overbooked_takes_a_seat_only_where_there_is_one(check_up, dr_bob):
    insert_appointment(check_up, dr_bob)
    row = insert_appointment(check_up, dr_bob, **OVERBOOKED)

    with refused_by("one_person_per_seat"):
        Appointment.objects.filter(pk=row).update(overbooked=False)


def test_a_patient_is_in_one_place_overbooked_or_not(check_up, dr_bob, people):
    insert_appointment(check_up, dr_bob, patient_id=people.alice.pk, **OVERBOOKED)

    with refused_by("one_place_per_patient"):
        insert_appointment(check_up, make_practitioner("Dr Eve"), patient_id=people.alice.pk)


def test_nobody_is_overbooked_without_a_reason(check_up, dr_bob):
    with refused_by("overbooking_has_a_reason"):
        insert_appointment(check_up, dr_bob, overbooked=True)
    insert_appointment(check_up, dr_bob, overbook_reason="It was once.")


def test_a_number_is_given_once_a_day(check_up, dr_bob):
    first = {"queue_day": TEN.date(), "queue_number": 1}
    insert_appointment(check_up, dr_bob, **first)

    with refused_by("one_walk_in_per_queue_number"):
        insert_appointment(check_up, dr_bob, start=TEN + minutes(60), **first)
    insert_appointment(check_up, dr_bob, start=TEN + minutes(60), **{**first, "queue_number": 2})
    tomorrow = {**first, "queue_day": TEN.date() + timedelta(days=1)}
    insert_appointment(check_up, dr_bob, start=TEN + minutes(120), **tomorrow)


@pytest.mark.parametrize(
    "half", [{"queue_day": TEN.date()}, {"queue_number": 1}, {"queue_day": TEN.date(), "queue_number": 0}]
)
def test_a_number_belongs_to_a_day_and_counts_from_one(check_up, dr_bob, half):
    with refused_by("queue_number_has_a_day"):
        insert_appointment(check_up, dr_bob, **half)


def test_a_step_leads_from_a_status_that_there_is(check_up, dr_bob):
    insert_appointment(check_up, dr_bob, status_before="CONFIRMED")

    with refused_by("appointment_status_before"):
        insert_appointment(check_up, dr_bob, start=TEN + minutes(60), status_before="SLEEPING")
