import pytest

from bookings.actions.appointments import cancel_appointment, change_status
from bookings.actions.holds import hold_slot
from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core.errors import NotAllowed
from tests.support.booking import book, events_of, refused, set_status, types_of
from tests.support.catalogue import at, guest, make_service

# What each status may become, said again: the table of the rules is under test.
LEGAL = {
    "SCHEDULED": ["CONFIRMED", "CHECKED_IN", "CANCELLED", "NO_SHOW"],
    "CONFIRMED": ["CHECKED_IN", "CANCELLED", "NO_SHOW"],
    "CHECKED_IN": ["IN_PROGRESS", "CANCELLED", "NO_SHOW"],
    "IN_PROGRESS": ["COMPLETED", "CANCELLED"],
    "COMPLETED": [],
    "CANCELLED": [],
    "NO_SHOW": ["CHECKED_IN"],
}
REACHABLE = ["CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED", "CANCELLED", "NO_SHOW"]


@pytest.fixture
def booked(desk, check_up):
    return book(desk, check_up, at(10))


def to(actor, row, status):
    return change_status(actor, reference=row.reference, status=Status(status))


@pytest.mark.parametrize("current", LEGAL)
@pytest.mark.parametrize("target", REACHABLE)
def test_an_appointment_moves_where_the_table_lets_it(desk, booked, current, target):
    set_status(booked, current)

    if target in LEGAL[current]:
        assert to(desk, booked, target).status == target
        assert Appointment.objects.get(pk=booked.pk).status == target
        assert events_of(booked)[-1].changes == {"status": [current, target]}
    else:
        with refused("illegal_status") as caught:
            to(desk, booked, target)
        assert caught.value.data == {"from": current, "allowed": LEGAL[current]}
        assert Appointment.objects.get(pk=booked.pk).status == current
        assert types_of(booked) == ["booking.created"]


@pytest.mark.parametrize("target", ["HELD", "SCHEDULED"])
def test_nothing_is_put_back_to_where_bookings_begin(desk, booked, target):
    with pytest.raises(NotAllowed):
        to(desk, booked, target)


def test_a_cancelled_slot_is_free_at_once(desk, check_up, booked):
    cancel_appointment(desk, reference=booked.reference)

    assert book(desk, check_up, at(10), guest=guest("Next")).start == booked.start


def test_a_cancelled_visit_leaves_its_patient_free_for_another(desk, check_up, booked, dr_eve):
    cancel_appointment(desk, reference=booked.reference)

    book(desk, check_up, at(10), practitioner_id=str(dr_eve.pk))


def test_cancelling_twice_is_refused_with_what_would_be_allowed(desk, booked):
    cancel_appointment(desk, reference=booked.reference)

    with refused("illegal_status") as caught:
        cancel_appointment(desk, reference=booked.reference)
    assert caught.value.data == {"from": "CANCELLED", "allowed": []}
    assert types_of(booked) == ["booking.created", "booking.cancelled"]


def test_a_reason_is_kept_with_the_booking_and_not_with_the_event(desk, booked):
    cancel_appointment(desk, reference=booked.reference, reason="Feels better.")

    assert Appointment.objects.get(pk=booked.pk).cancel_reason == "Feels better."
    event = events_of(booked)[-1]
    assert event.data["has_reason"] is True
    assert "better" not in str([event.data, event.changes])


def test_a_reason_is_only_for_cancelling(desk, booked):
    change_status(desk, reference=booked.reference, status=Status.NO_SHOW, reason="Rain.")

    assert Appointment.objects.get(pk=booked.pk).cancel_reason == ""


@pytest.mark.parametrize(
    "spelling", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text} "]
)
def test_a_reference_is_taken_as_people_write_it(desk, booked, spelling):
    row = change_status(desk, reference=spelling(booked.reference), status=Status.CONFIRMED)

    assert row.pk == booked.pk


@pytest.mark.parametrize("reference", ["CCCC-CCCC", "", "\x00", "%", "' OR 1=1"])
def test_an_unknown_reference_is_not_found(desk, booked, reference):
    with pytest.raises(AppointmentNotFound):
        cancel_appointment(desk, reference=reference)


def test_a_hold_has_no_reference_that_anybody_could_cancel(desk, check_up):
    held = hold_slot(desk, service_id=check_up.pk, start=at(10))

    with pytest.raises(AppointmentNotFound):
        cancel_appointment(desk, reference=held.reference)


def test_a_latecomer_is_checked_in_while_the_slot_is_still_free(desk, booked):
    to(desk, booked, "NO_SHOW")

    assert to(desk, booked, "CHECKED_IN").status == "CHECKED_IN"


def test_a_latecomer_whose_slot_was_given_away_is_refused(desk, check_up, booked):
    to(desk, booked, "NO_SHOW")
    book(desk, check_up, at(10), guest=guest("Next"))

    with refused("slot_taken") as caught:
        to(desk, booked, "CHECKED_IN")
    assert caught.value.data["alternatives"] == []
    assert Appointment.objects.get(pk=booked.pk).status == "NO_SHOW"
    assert types_of(booked)[-1] == "booking.status_changed"
    assert len(events_of(booked)) == 2


def test_a_latecomer_of_a_group_takes_any_seat_that_is_free(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2)
    late = book(desk, yoga, at(10), guest=guest("Late"))
    to(desk, late, "NO_SHOW")
    assert book(desk, yoga, at(10), guest=guest("Next")).seat == late.seat == 1

    to(desk, late, "CHECKED_IN")
    assert Appointment.objects.get(pk=late.pk).seat == 2
    later = book(desk, make_service(dr_bob, slug="other", capacity=2), at(11), guest=guest("Later"))
    assert later.seat == 1


def test_a_latecomer_of_a_full_group_is_refused(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2)
    late = book(desk, yoga, at(10), guest=guest("Late"))
    to(desk, late, "NO_SHOW")
    for name in ("Ann", "Ben"):
        book(desk, yoga, at(10), guest=guest(name))

    with refused("slot_taken"):
        to(desk, late, "CHECKED_IN")


def test_a_latecomer_who_is_elsewhere_by_now_is_refused(desk, check_up, booked, dr_bob, dr_eve):
    to(desk, booked, "NO_SHOW")
    book(desk, check_up, at(10), practitioner_id=str(dr_eve.pk))

    with refused("patient_busy"):
        to(desk, booked, "CHECKED_IN")
