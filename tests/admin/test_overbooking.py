"""Beyond the rules at the front desk: waived, overbooked, and told who was faster."""

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.appointments import reschedule_appointment
from bookings.models import Appointment, Practitioner
from tests.admin.browser import Controls
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest

ADD = "/admin/bookings/appointment/add/"
WHY = "Fever <ward 4>"


def typed(check_up, **more):
    return {
        "service": check_up.pk, "date": coming_day().isoformat(), "time": "09:00",
        "guest_name": "Malee Srisuk", "guest_phone": "0898765432", **more,
    }  # fmt: skip


def page_of(row, rest="change/"):
    return f"/admin/bookings/appointment/{row.pk}/{rest}"


@pytest.fixture
def squeezed(as_admin, check_up, dr_bob, booked):
    """Malee, beside Somchai at nine."""
    booked(9, guest=guest("Somchai", "0811111111"))
    as_admin.submit(ADD, **typed(check_up, practitioner=dr_bob.pk, overbook_reason=WHY))
    return Appointment.objects.get(guest_name="Malee Srisuk")


def test_the_desk_books_off_the_grid_and_far_ahead(at_desk, check_up):
    at_desk.submit(ADD, **typed(check_up, time="09:07", date=coming_day(400).isoformat()))
    assert Appointment.objects.count() == 1


def test_whoever_may_overbooks_with_a_reason_that_the_page_shows(as_admin, squeezed):
    assert (squeezed.overbooked, squeezed.overbook_reason) == (True, WHY)
    page = as_admin.get(page_of(squeezed)).text
    assert "Overbooked" in page
    assert "group_add" in page
    assert "Fever &lt;ward 4&gt;" in page
    assert "Overbooked: No → Yes" in page
    assert "Overbooked" in as_admin.get("/admin/bookings/appointment/", when="all").text


def test_who_may_not_overbook_is_not_asked_why(at_desk, check_up, booked, dr_bob):
    row = booked(9, guest=guest("Somchai", "0811111111"))
    for page in (ADD, "/admin/bookings/appointment/walk-in/", page_of(row, "move/")):
        assert "overbook_reason" not in at_desk.get(page).text
    page = at_desk.submit(ADD, **typed(check_up, practitioner=dr_bob.pk, overbook_reason=WHY))
    assert "This time has just been taken." in page.text


def test_whoever_of_the_desk_is_let_by_name_is_asked(browser_of, people, in_hospital):
    User.objects.filter(pk=people.desk.pk).update(may_overbook=True)
    assert "overbook_reason" in browser_of(Role.FRONT_DESK).get(ADD).text


def test_overbooking_anybody_is_refused_at_the_field(as_admin, check_up):
    page = as_admin.submit(ADD, **typed(check_up, overbook_reason=WHY))
    assert page.context["form"].errors == {"practitioner": ["Name the practitioner who is to be overbooked."]}


def test_an_appointment_is_moved_beside_another_and_back_to_a_free_time(as_admin, squeezed, desk, check_up):
    book(desk, check_up, at(10), guest=guest("Other", "0822222222"))
    page = as_admin.submit(page_of(squeezed, "move/"), time="10:00")
    assert "This time has just been taken." in page.text
    as_admin.submit(page_of(squeezed, "move/"), time="10:00", overbook_reason="Asked by Dr Bob")
    squeezed.refresh_from_db()
    assert (squeezed.overbooked, squeezed.overbook_reason) == (True, "Asked by Dr Bob")
    as_admin.submit(page_of(squeezed, "move/"), time="14:00")
    squeezed.refresh_from_db()
    assert not squeezed.overbooked
    assert "Asked by Dr Bob" in as_admin.get(page_of(squeezed)).text


def test_who_moves_what_has_moved_meanwhile_is_told_and_may_go_on(at_desk, booked, desk):
    row = booked(9)
    move = page_of(row, "move/")
    sent = {**Controls(at_desk.get(move).text).values, "time": "15:00"}
    reschedule_appointment(desk, reference=row.reference, start=at(11))

    page = at_desk.post(move, sent)
    assert "Somebody else has moved this appointment meanwhile." in page.text
    assert Appointment.objects.get().start.minute == row.start.minute
    again = Controls(page.text).values
    assert again["time"] == "15:00"
    assert at_desk.post(move, again).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense", "2026-11-23T09:00:00", "9" * 40])
def test_what_nobody_can_have_seen_keeps_nobody_from_moving(at_desk, booked, seen):
    row = booked(9)
    answer = at_desk.submit(page_of(row, "move/"), time="15:00", seen_start=seen, seen_practitioner="")
    assert answer.status_code == 302


def test_a_doctor_moves_their_own_by_the_rules_of_patients(as_doctor, booked):
    row = booked(9)
    page = as_doctor.submit(page_of(row, "move/"), time="15:07")
    assert "Bookings do not start at this time." in page.text
    assert as_doctor.submit(page_of(row, "move/"), time="15:00").status_code == 302


def test_a_practitioner_is_given_a_daily_limit(as_admin, at_desk, dr_bob, check_up):
    address = f"/admin/bookings/practitioner/{dr_bob.pk}/change/"
    page = as_admin.submit(address, daily_limit="0")
    assert "Ensure this value is greater than or equal to 1." in page.text
    assert as_admin.submit(address, daily_limit="1").status_code == 302
    assert Practitioner.objects.get(pk=dr_bob.pk).daily_limit == 1

    at_desk.submit(ADD, **typed(check_up))
    page = at_desk.submit(ADD, **typed(check_up, guest_name="Other", guest_phone="", time="10:00"))
    assert "The provider takes no more appointments on this day." in page.text
    Practitioner.objects.filter(pk=dr_bob.pk).update(daily_limit=None)
