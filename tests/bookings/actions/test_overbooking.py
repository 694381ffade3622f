"""Overbooking: beside the seats, by who may, with a reason, and only where there is no seat."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.schedules import confirm_holidays
from bookings.models import Appointment, Holiday, ScheduleException
from bookings.models.schedule import ExceptionKind
from bookings.queries.availability import availability_for, month_for
from bookings.rules.statuses import Status
from core import clock
from core.errors import InvalidInput, NotAllowed
from tests.support.booking import book, events_of, let_run_out, refused
from tests.support.catalogue import at, coming_day, guest, make_service

WHY = "Fever, sent by the ward"
SOMCHAI = guest("Somchai", "0811111111")


@pytest.fixture
def admin(people, in_hospital):
    return people.actor(Role.ADMIN)


@pytest.fixture
def squeeze(admin, check_up, dr_bob):
    """Overbook Dr Bob with Somchai, unless told otherwise."""

    def make(start, **asked):
        given = {"guest": SOMCHAI, "practitioner_id": str(dr_bob.pk), "overbook_reason": WHY, **asked}
        return book(admin, check_up, start, **given)

    return make


def free_starts(actor, service):
    found = availability_for(actor, service_id=service.pk, date_from=coming_day(), date_until=coming_day())
    return [clock.local_time_of_day(slot.start, slot.zone) for slot in found.slots]


def test_who_is_overbooked_stands_beside_who_has_the_seat(desk, check_up, squeeze):
    first = book(desk, check_up, at(10))
    row = squeeze(at(10))
    row.refresh_from_db()
    assert (row.overbooked, row.overbook_reason, row.start) == (True, WHY, first.start)
    assert squeeze(at(10), guest=guest("Third", "0822222222")).overbooked
    assert Appointment.objects.filter(start=first.start, status="SCHEDULED").count() == 3


def test_where_there_is_a_seat_a_reason_overbooks_nobody(squeeze):
    for start in (at(10), at(11, 7)):
        row = squeeze(start, guest=guest(f"At {start:%H%M}"))
        assert (row.overbooked, row.overbook_reason) == (False, "")


def test_neither_hours_nor_time_off_nor_holidays_nor_the_limit_stop_it(admin, squeeze, dr_bob):
    assert squeeze(at(19)).overbooked
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(2), date_until=coming_day(2)
    )
    assert squeeze(at(10, days=2)).overbooked
    holiday = Holiday.objects.create(date=coming_day(3), name_th="วันหยุด", name_en="Holiday")
    confirm_holidays(admin, ids=[holiday.pk])
    assert squeeze(at(10, days=3)).overbooked
    dr_bob.__class__.objects.filter(pk=dr_bob.pk).update(daily_limit=1)
    assert not squeeze(at(9, days=4)).overbooked
    assert squeeze(at(14, days=4)).overbooked


def test_yesterday_is_overbooked_by_nobody(squeeze):
    with refused("past"):
        squeeze(at(10, days=-1))
    with refused("beyond_horizon"):
        squeeze(at(10, days=800))


def test_a_patient_is_in_one_place_at_a_time_even_overbooked(desk, check_up, dr_eve, squeeze):
    book(desk, check_up, at(10), guest=SOMCHAI, practitioner_id=str(dr_eve.pk))
    with refused("patient_busy"):
        squeeze(at(10, 15))


def test_it_takes_the_verb_a_practitioner_and_a_reason_of_a_bearable_length(
    admin, desk, check_up, dr_bob, people
):
    with pytest.raises(NotAllowed) as caught:
        book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk), overbook_reason=WHY)
    assert caught.value.data == {"needs": "appointments.overbook"}
    for field, asked in (
        ("practitioner", {"overbook_reason": WHY}),
        ("overbook_reason", {"overbook_reason": "x" * 501, "practitioner_id": str(dr_bob.pk)}),
    ):
        with pytest.raises(InvalidInput) as refusal:
            book(admin, check_up, at(10), **asked)
        assert list(refusal.value.data["fields"]) == [field]
    book(desk, check_up, at(10))
    with refused("slot_taken"):
        book(admin, check_up, at(10), guest=SOMCHAI, overbook_reason="  ", waive=True)


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.FRONT_DESK, True), (Role.NURSE, True), (Role.DOCTOR, False), (Role.PATIENT, False)],
)
def test_whoever_of_the_booking_roles_is_let_by_name_may_too(in_hospital, role, may):
    somebody = User(email="x@ploy.example", role=role, may_overbook=True)
    assert somebody.can("appointments.overbook") is may
    assert not User(email="x@ploy.example", role=role).can("appointments.overbook")


def test_patients_never_see_a_slot_where_somebody_is_overbooked(alice, desk, check_up, squeeze):
    first = book(desk, check_up, at(10))
    squeeze(at(10, 15))
    cancel_appointment(desk, reference=first.reference)
    assert not {"10:00", "10:30"} & set(free_starts(alice, check_up))
    assert month_for(alice, service_id=check_up.pk, month=coming_day()).free_by_day[coming_day()] == 12
    with refused("slot_taken"):
        book(alice, check_up, at(10), guest=guest("Other"))


def test_a_session_is_not_made_smaller_by_who_was_overbooked_into_it(desk, admin, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2)
    for name in ("One", "Two"):
        book(desk, yoga, at(10), guest=guest(name))
    third = book(
        admin, yoga, at(10), guest=guest("Three"), practitioner_id=str(dr_bob.pk), overbook_reason=WHY
    )
    assert third.overbooked
    with refused("slot_taken"):
        book(desk, yoga, at(10), guest=guest("Four"))
    cancel_appointment(desk, reference=third.reference)
    with refused("slot_taken"):
        book(desk, yoga, at(10), guest=guest("Four"))


def test_moved_to_a_free_time_it_is_an_ordinary_appointment_again(desk, check_up, squeeze):
    book(desk, check_up, at(10))
    row = squeeze(at(10))
    moved = reschedule_appointment(desk, reference=row.reference, start=at(14))
    moved.refresh_from_db()
    # Why it was overbooked once stays readable.
    assert (moved.overbooked, moved.overbook_reason) == (False, WHY)
    with refused("slot_taken"):
        book(desk, check_up, at(14), guest=guest("Other"))


def test_an_appointment_is_moved_beside_another_and_keeps_its_latest_reason(admin, desk, check_up, squeeze):
    book(desk, check_up, at(10))
    row = squeeze(at(10))
    book(desk, check_up, at(11), guest=guest("Other"))
    with refused("slot_taken"):
        reschedule_appointment(desk, reference=row.reference, start=at(11))
    again = {"reference": row.reference, "start": at(11), "overbook_reason": "Asked by Dr Bob"}
    moved = reschedule_appointment(admin, **again)
    assert (moved.overbooked, moved.overbook_reason) == (True, "Asked by Dr Bob")
    assert reschedule_appointment(admin, **again).updated_at == moved.updated_at
    with pytest.raises(NotAllowed):
        reschedule_appointment(desk, **again)


def test_the_history_says_that_it_was_overbooked_and_never_why(desk, check_up, squeeze):
    book(desk, check_up, at(10))
    row = squeeze(at(10))
    change_status(desk, reference=row.reference, status=Status.CONFIRMED)
    reschedule_appointment(desk, reference=row.reference, start=at(14))
    change_status(desk, reference=row.reference, status=Status.CHECKED_IN)

    events = events_of(row)
    assert [event.data.get("overbooked") for event in events] == [True, True, False, None]
    assert [event.changes.get("overbooked") for event in events] == [[False, True], None, [True, False], None]
    assert not any(WHY in str([event.data, event.changes]) for event in events)


def test_a_no_show_who_was_overbooked_comes_back_beside_the_seats(desk, check_up, squeeze):
    book(desk, check_up, at(10))
    row = squeeze(at(10))
    for status in (Status.NO_SHOW, Status.CHECKED_IN):
        row = change_status(desk, reference=row.reference, status=status)
    assert (row.status, row.overbooked) == ("CHECKED_IN", True)


def test_a_hold_that_ran_out_is_a_free_seat_to_who_overbooks(desk, check_up, squeeze):
    let_run_out(hold_slot(desk, service_id=check_up.pk, start=at(10)))
    assert not squeeze(at(10)).overbooked
    hold_slot(desk, service_id=check_up.pk, start=at(11))
    assert squeeze(at(11), guest=guest("Other")).overbooked


def test_the_database_wants_a_reason(desk, check_up):
    row = book(desk, check_up, at(10))
    with pytest.raises(IntegrityError, match="overbooking_has_a_reason"), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(overbooked=True)
