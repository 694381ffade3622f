"""Booking at the front desk."""

from zoneinfo import ZoneInfo

import pytest

from bookings.models import Appointment, Patient, Source
from bookings.rules.statuses import Status
from tests.support.booking import events_of, types_of
from tests.support.catalogue import at, coming_day, guest

BANGKOK = ZoneInfo("Asia/Bangkok")
ADD = "/admin/bookings/appointment/add/"


def typed(check_up, **more):
    """What Fon types for a check-up tomorrow at nine."""
    return {
        "service": check_up.pk,
        "practitioner": "",
        "date": coming_day().isoformat(),
        "time": "09:00",
        "guest_name": "Malee Srisuk",
        "guest_phone": "089-876-5432",
        "guest_email": "",
        "notes": "first visit",
        **more,
    }


def local(row):
    return row.start.astimezone(BANGKOK).replace(tzinfo=None)


def test_the_desk_books_for_a_guest_and_sees_the_appointment(at_desk, check_up, dr_bob):
    answer = at_desk.submit(ADD, **typed(check_up))

    row = Appointment.objects.get()
    assert answer["Location"] == f"/admin/bookings/appointment/{row.pk}/change/"
    assert (row.guest_name, row.guest_phone, row.notes) == ("Malee Srisuk", "+66898765432", "first visit")
    assert (local(row), row.practitioner, row.status) == (at(9), dr_bob, Status.SCHEDULED)
    assert row.source == Source.ADMIN
    assert types_of(row) == ["booking.created"]
    assert row.reference in at_desk.get(answer["Location"]).text


def test_a_booking_records_who_made_it_and_through_which_door(at_desk, check_up, people):
    at_desk.submit(ADD, **typed(check_up))

    (event,) = events_of(Appointment.objects.get())
    assert (event.door, event.actor_label, event.actor_user_id) == ("admin", "Fon", people.desk.pk)


def test_a_buddhist_year_is_read_as_such(at_desk, check_up):
    day = coming_day()

    at_desk.submit(ADD, language="th", **typed(check_up, date=f"{day:%d/%m}/{day.year + 543}", time="9.30"))

    assert local(Appointment.objects.get()) == at(9, 30)


def test_a_taken_time_is_refused_with_what_is_free_and_nothing_typed_is_lost(at_desk, check_up, booked):
    booked(9)

    page = at_desk.submit(ADD, **typed(check_up, guest_name="Somsak <b>Rak</b>", guest_phone="0811111111"))

    assert page.status_code == 200
    assert "This time has just been taken." in page.text
    assert "Free instead:" in page.text
    assert "09:30, Dr Bob" in page.text
    assert 'value="Somsak &lt;b&gt;Rak&lt;/b&gt;"' in page.text
    assert "0811111111" in page.text
    assert "first visit" in page.text
    assert Appointment.objects.count() == 1


def test_what_cannot_be_right_is_told_at_its_field(at_desk, check_up):
    page = at_desk.submit(
        ADD, **typed(check_up, service="", date="31/02/2569", time="25:00", guest_phone="12", guest_email="x")
    )

    assert page.context["form"].errors == {
        "service": ["This field is required."],
        "date": ["Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist."],
        "time": ["Write the time as HH:MM, such as 09:30."],
        "guest_email": ["Enter a valid email address."],
    }


def test_a_phone_that_is_none_is_told_at_its_field(at_desk, check_up):
    page = at_desk.submit(ADD, **typed(check_up, guest_phone="12"))

    assert page.context["form"].errors == {"guest_phone": ["This is not a phone number."]}
    assert not Appointment.objects.exists()


def test_a_practitioner_who_does_not_offer_the_service_is_refused_at_the_field(at_desk, check_up, dr_eve):
    check_up.practitioners.remove(dr_eve)

    page = at_desk.submit(ADD, **typed(check_up, practitioner=dr_eve.pk))

    assert list(page.context["form"].errors) == ["practitioner"]


def test_a_patient_who_is_elsewhere_at_that_time_is_not_booked_twice(at_desk, check_up, dr_eve, booked):
    booked(9, guest=guest("Malee Srisuk"))

    page = at_desk.submit(ADD, **typed(check_up, practitioner=dr_eve.pk))

    assert "The patient has another appointment at this time." in page.text


@pytest.mark.parametrize("day", ["01/01/2433", "1890-01-01", "31/12/2200", "29/02/2567"])
def test_a_day_far_away_is_refused_with_what_is_free(at_desk, check_up, day):
    page = at_desk.submit(ADD, **typed(check_up, date=day))

    assert "Free instead:" in page.text or "There is no free time near it." in page.text


@pytest.mark.parametrize(
    "field",
    ["guest_name", "guest_phone", "guest_email", "notes", "date", "time", "service", "practitioner", "token"],
)
@pytest.mark.parametrize(
    "text", ["\x00", "x" * 5000, "ก" * 250, "' OR 1=1 --", "{{ 7*7 }}", "\u202e@example.org"]
)
def test_nothing_that_is_typed_breaks_the_form(at_desk, check_up, field, text):
    page = at_desk.post(ADD, {**typed(check_up), "token": "0b1c", field: text})

    assert page.status_code in (200, 302)


def test_a_form_that_is_sent_twice_books_once(at_desk, check_up, dr_eve):
    sent = typed(check_up, guest_phone="", token="0b1c")

    first, second = at_desk.submit(ADD, **sent), at_desk.submit(ADD, **sent)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_a_form_that_has_booked_books_nobody_else(at_desk, check_up, dr_eve):
    at_desk.submit(ADD, **typed(check_up, token="0b1c"))

    page = at_desk.submit(ADD, **typed(check_up, token="0b1c", guest_name="Somsak"))

    assert "This form has booked already." in page.text
    assert Appointment.objects.count() == 1


def test_a_refused_form_can_be_corrected_and_sent_again(at_desk, check_up, booked):
    booked(9)
    at_desk.submit(ADD, **typed(check_up, token="0b1c", guest_phone="0811111111"))

    at_desk.submit(ADD, **typed(check_up, token="0b1c", guest_phone="0811111111", time="10:00"))

    assert Appointment.objects.count() == 2


def test_the_form_opens_filled_in_for_a_patient_who_is_known(at_desk, people):
    form = at_desk.get(ADD, patient=str(people.alice.pk)).context["form"]

    assert form.initial["guest_name"] == people.alice.name
    assert form.initial["guest_phone"] == people.alice.phone_number


def test_a_patient_of_nobody_fills_in_nothing(at_desk, other_people):
    for asked in (str(other_people.alice.pk), "nonsense", "\x00"):
        assert "guest_name" not in at_desk.get(ADD, patient=asked).context["form"].initial


def test_a_doctor_cannot_book(as_doctor, check_up):
    answer = as_doctor.post(ADD, typed(check_up, token="0b1c"))

    assert answer.status_code == 403
    assert not Patient.objects.filter(name="Malee Srisuk").exists()


def test_a_booking_needs_the_token_against_forgery(at_desk, check_up):
    at_desk.client.handler.enforce_csrf_checks = True

    answer = at_desk.post(ADD, typed(check_up, token="0b1c"))

    assert answer.status_code == 403
    assert not Appointment.objects.exists()
