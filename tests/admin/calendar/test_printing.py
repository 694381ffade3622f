"""The day's list on paper."""

from uuid import uuid4

import pytest

from accounts.permissions import STAFF_ROLES
from bookings.models import Appointment, Patient
from bookings.rules.statuses import Status
from tests.support.booking import set_status
from tests.support.catalogue import coming_day, guest
from tests.support.statements import counted


def printed(calendar, **asked):
    return calendar.get("print/", **{"day": coming_day().isoformat(), **asked})


def test_the_list_has_what_a_desk_needs_on_paper(calendar, booked):
    row = booked(9, guest=guest("Malee Srisuk"), notes="needs a wheelchair\nand time", reason="cough")
    Patient.objects.filter(name="Malee Srisuk").update(hospital_number="HN650001")
    Appointment.objects.filter(pk=row.pk).update(queue_day=coming_day(), queue_number=7)

    page = printed(calendar)

    assert page.status_code == 200
    for text in ("09:00–09:30", "Malee Srisuk", "HN650001", "+66898765432", "check-up", "Scheduled", ">7<"):
        assert text in page.text
    assert "needs a wheelchair<br>and time" in page.text
    assert "Ploy Hospital" in page.text
    assert "Printed " in page.text
    assert "cough" not in page.text


def test_each_practitioner_has_a_page_of_their_own_in_the_order_of_names(calendar, booked, dr_eve):
    booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))
    booked(11)
    booked(9, guest=guest("Anan Dee", "0822222222"))

    sheets = printed(calendar).context["sheets"]

    assert [sheet.practitioner for sheet in sheets] == ["Dr Bob", "Dr Eve"]
    assert [row.guest_name for row in sheets[0].rows] == ["Anan Dee", "Malee Srisuk"]


def test_one_practitioners_list_is_theirs_alone(calendar, booked, dr_bob, dr_eve):
    booked(9)
    booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))

    page = printed(calendar, practitioner=str(dr_eve.pk))

    assert "Somsak Rak" in page.text
    assert "Malee" not in page.text


def test_cancelled_appointments_are_on_no_list(calendar, booked):
    set_status(booked(9), Status.CANCELLED)

    assert "No appointments on this day." in printed(calendar).text


def test_an_empty_day_of_one_practitioner_names_them(calendar, dr_bob):
    page = printed(calendar, practitioner=str(dr_bob.pk))

    assert "Dr Bob" in page.text
    assert "No appointments on this day." in page.text


def test_days_have_their_buddhist_year_in_thai(calendar, booked):
    booked(9)

    page = printed(calendar, language="th")

    assert f" {coming_day().year + 543}" in page.text
    assert '<html lang="th">' in page.text


def test_today_is_printed_unless_another_day_is_asked_for(calendar):
    assert str(coming_day(0).day) in calendar.get("print/").context["day"]


@pytest.mark.parametrize(
    "asked",
    [{"day": "x"}, {"day": "2026-02-30"}, {"practitioner": "x"}, {"practitioner": str(uuid4())}],
    ids=list,
)
def test_what_there_is_not_is_not_found(calendar, asked):
    assert printed(calendar, **asked).status_code == 404


def test_a_doctor_prints_the_own_list_alone(doctors_calendar, booked, dr_bob, dr_eve):
    booked(9)
    booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))

    page = printed(doctors_calendar)

    assert "Malee Srisuk" in page.text
    assert "Somsak" not in page.text
    assert printed(doctors_calendar, practitioner=str(dr_eve.pk)).status_code == 404


def test_everybody_who_works_here_prints_and_nobody_else(calendar_of, stranger):
    for role in STAFF_ROLES:
        assert printed(calendar_of(role)).status_code == 200
    assert stranger.get("/admin/bookings/appointment/calendar/print/").status_code == 302


def test_a_list_asks_as_much_for_three_appointments_as_for_one(calendar, booked, dr_eve):
    def statements():
        with counted() as found:
            printed(calendar)
        return len(found)

    booked(9)
    statements()
    one = statements()
    booked(10, guest=guest("Somsak Rak", "0811111111"))
    booked(9, guest=guest("Anan Dee", "0822222222"), practitioner_id=str(dr_eve.pk))

    assert statements() == one
