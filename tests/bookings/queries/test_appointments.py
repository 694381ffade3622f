from datetime import timedelta

import pytest
from django.db.models import F

from bookings.actions.holds import hold_slot
from bookings.errors import AppointmentNotFound
from bookings.models import Appointment
from bookings.queries.appointments import appointment_for, find_appointments_for
from core.pages import LARGEST
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.rows import TEN, insert_appointment, minutes


@pytest.mark.parametrize(
    "written", [str.lower, lambda text: text.replace("-", " "), lambda text: f"\t{text}\n"]
)
def test_an_appointment_is_found_by_its_reference_however_it_is_written(desk, check_up, written):
    row = book(desk, check_up, at(9))

    assert appointment_for(desk, reference=written(row.reference)) == row


@pytest.mark.parametrize("reference", ["", "CCCC-CCCC", "\x00", "%", "x" * 500])
def test_an_unknown_reference_is_not_found(desk, check_up, reference):
    book(desk, check_up, at(9))

    with pytest.raises(AppointmentNotFound):
        appointment_for(desk, reference=reference)


def test_a_hold_is_found_by_nobody(desk, check_up):
    held = hold_slot(desk, service_id=check_up.pk, start=at(9))

    with pytest.raises(AppointmentNotFound):
        appointment_for(desk, reference=held.reference)
    assert find_appointments_for(desk).count == 0


def test_a_search_meets_all_its_criteria(desk, check_up):
    ann = book(desk, check_up, at(9), guest=guest("Ann", "0811111111", "ann@example.org"))
    child = book(desk, check_up, at(10), guest=guest("Child of Ann", "0811111111"))
    book(desk, check_up, at(11), guest=guest("Ben", "0822222222", "ben@example.org"))

    def references(**asked):
        return [row.reference for row in find_appointments_for(desk, **asked).rows]

    assert references(phone="+66811111111") == [child.reference, ann.reference]
    assert references(email="ANN@example.org") == [ann.reference]
    assert references(phone="+66811111111", email="ann@example.org") == [ann.reference]
    assert references(phone="+66822222222", reference=ann.reference) == []
    assert references(reference=ann.reference.lower()) == [ann.reference]
    assert references(phone="+66833333333") == []


def test_what_was_cancelled_is_found_too(desk, check_up):
    row = book(desk, check_up, at(9))
    Appointment.objects.update(status="CANCELLED")

    assert find_appointments_for(desk, phone=row.guest_phone).count == 1


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_follow_one_another_without_gap_or_repetition(desk, check_up, dr_bob, limit):
    for number in range(7):
        # Two and two begin at the same moment, so that the id has to decide.
        insert_appointment(
            check_up,
            dr_bob,
            start=TEN + minutes(60 * (number // 2)),
            status="CANCELLED",
            guest_phone="+66811111111",
        )
    seen, after = [], None
    for _ in range(10):
        page = find_appointments_for(desk, phone="+66811111111", limit=limit, after=after)
        assert page.count == 7
        assert len(page.rows) <= limit
        seen += [row.pk for row in page.rows]
        after = page.next_after
        if after is None:
            break

    assert seen == list(Appointment.objects.order_by("-start", "-id").values_list("pk", flat=True))


def test_a_page_goes_on_where_it_ended_although_newer_ones_came(desk, check_up, dr_bob):
    for number in range(3):
        insert_appointment(check_up, dr_bob, start=TEN + minutes(60 * number))
    first = find_appointments_for(desk, limit=2)
    insert_appointment(check_up, dr_bob, start=TEN + timedelta(days=9))

    assert [row.start for row in find_appointments_for(desk, limit=2, after=first.next_after).rows] == [TEN]


@pytest.mark.parametrize(("limit", "length"), [(-5, 1), (0, 1), (10**9, LARGEST)])
def test_a_page_has_a_sensible_length_whatever_was_asked(desk, check_up, dr_bob, limit, length):
    insert_appointment(check_up, dr_bob)
    row = Appointment.objects.get()
    Appointment.objects.bulk_create(
        Appointment(
            reference=f"R{number}", service=check_up, practitioner=dr_bob, start=row.start, end=row.end,
            occupied=row.occupied, status="CANCELLED", guest_name="x", source="api",
        )
        for number in range(LARGEST)
    )  # fmt: skip

    assert len(find_appointments_for(desk, limit=limit).rows) == length
    assert find_appointments_for(desk, limit=limit).count == LARGEST + 1


def test_a_moved_appointment_is_found_where_it_is_now(desk, check_up):
    row = book(desk, check_up, at(9))
    Appointment.objects.update(start=F("start") + minutes(5), end=F("end"))

    assert appointment_for(desk, reference=row.reference).start == row.start + minutes(5)
