"""Walk-ins at the front desk: in at once, with a number."""

import pytest

from accounts.permissions import Role
from bookings.models import Appointment, WeeklyHours
from tests.support.catalogue import coming_day, give_hours

WALK_IN = "/admin/bookings/appointment/walk-in/"
LIST = "/admin/bookings/appointment/"


@pytest.fixture
def open_now(dr_bob):
    """Dr Bob works around the clock."""
    give_hours(dr_bob, ("00:00", "00:00"))
    return dr_bob


def typed(check_up, **more):
    return {"service": check_up.pk, "guest_name": "Malee Srisuk", "guest_phone": "089-876-5432", **more}


def test_somebody_who_comes_in_is_checked_in_and_called_by_number(at_desk, check_up, open_now):
    answer = at_desk.submit(WALK_IN, **typed(check_up, notes="Limps"))

    row = Appointment.objects.get()
    assert answer["Location"] == f"/admin/bookings/appointment/{row.pk}/change/"
    assert (row.status, row.queue_day, row.queue_number) == ("CHECKED_IN", coming_day(0), 1)
    assert (row.guest_phone, row.notes, row.source) == ("+66898765432", "Limps", "admin")
    page = at_desk.get(answer["Location"]).text
    assert "queue number 1" in page
    assert "Queue number: – → 1" in page
    assert "Overbooked" not in page
    assert "queue number 1" in at_desk.get(LIST, when="all").text


def test_a_form_that_is_sent_twice_lets_one_in(at_desk, check_up, open_now):
    sent = typed(check_up, token="0b1c")
    first, second = at_desk.submit(WALK_IN, **sent), at_desk.submit(WALK_IN, **sent)
    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_the_form_of_a_booking_does_not_let_anybody_in(at_desk, check_up, open_now):
    at_desk.submit(WALK_IN, **typed(check_up, token="0b1c"))
    page = at_desk.submit(
        "/admin/bookings/appointment/add/", **typed(check_up, token="0b1c", date=coming_day(), time="09:00")
    )
    assert "This form has booked already." in page.text


def test_where_nothing_is_free_the_desk_is_told_what_is(at_desk, check_up, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob).delete()
    give_hours(dr_bob, ("09:00", "10:00"), weekdays=(coming_day(2).weekday(),))

    page = at_desk.submit(WALK_IN, **typed(check_up))

    assert page.status_code == 200
    assert "This time is outside working hours." in page.text
    assert "Free instead:" in page.text
    assert 'value="Malee Srisuk"' in page.text
    assert not Appointment.objects.exists()


def test_the_form_opens_filled_in_for_a_patient_who_is_known(at_desk, people):
    form = at_desk.get(WALK_IN, patient=str(people.alice.pk)).context["form"]
    assert form.initial["guest_name"] == people.alice.name


def test_the_list_leads_there_for_who_may_let_people_in(at_desk, as_doctor):
    assert WALK_IN in at_desk.get(LIST).text
    assert WALK_IN not in as_doctor.get(LIST).text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.NURSE, Role.FRONT_DESK, Role.DOCTOR])
def test_everybody_but_doctors_may_let_people_in(browser_of, role):
    assert browser_of(role).get(WALK_IN).status_code == (403 if role == Role.DOCTOR else 200)


def test_a_doctor_who_sends_the_form_lets_nobody_in(as_doctor, check_up, open_now):
    assert as_doctor.post(WALK_IN, typed(check_up, token="0b1c")).status_code == 403
    assert not Appointment.objects.exists()
