"""Moving an appointment."""

import pytest

from bookings.actions.patients import Guest
from bookings.models import HealthcareService, Practitioner, WeeklyHours
from tests.support.booking import book, let_run_out, set_status, types_of
from tests.support.booking_chat import actions, booked, find, held, instant, tap, tap_day, tap_time
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.statements import counted
from tests.support.telegram_html import check_reply, plain_text

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")


@pytest.fixture
def row(people, desk, check_up):
    """Alice's visit tomorrow at ten."""
    return book(desk, check_up, at(10), guest=Guest.known(people.alice))


@pytest.fixture
def moving(patient_chat, row):
    """Alice before the calendar of another day."""
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    patient_chat.taps("Reschedule")
    return patient_chat


def to_new_summary(chat, start):
    tap_day(chat, start.date(), action="amd")
    return tap_time(chat, start, action="amt")


def test_a_visit_moves_to_another_time_with_a_new_file(moving, row):
    to_new_summary(moving, instant(15, days=2))
    seen = plain_text(moving.card.text)
    assert seen.index("10:00") < seen.index("15:00")
    reply = moving.taps("Confirm")
    row.refresh_from_db()
    assert (row.start, row.status) == (instant(15, days=2), "SCHEDULED")
    assert held() == []
    assert "Your appointment is moved." in moving.card.text
    assert "15:00" in moving.card.text
    assert row.reference in moving.card.text
    assert reply.documents[0].name == f"{row.reference}.ics"
    assert len(moving.messages) == 1
    check_reply(reply)


def test_yes_is_green_no_is_red_and_there_is_a_way_back(moving):
    to_new_summary(moving, instant(15))
    (yes, no), (back,) = moving.card.rows
    assert [(button.text, str(button.style)) for button in (yes, no, back)] == [
        ("Confirm", "success"),
        ("Keep as it is", "danger"),
        ("« Back to the times", ""),
    ]


def test_moved_twice_it_moves_once_and_shows_the_same(moving, row):
    to_new_summary(moving, instant(15))
    confirm = find(moving, "amc")
    first = moving.taps("Confirm")
    again = moving.again()
    tapped = moving.taps_data(confirm[1].data, confirm[0])
    assert first.cards == again.cards == tapped.cards
    assert types_of(row).count("booking.rescheduled") == 1


def test_keeping_it_lets_the_slot_go(moving, row):
    to_new_summary(moving, instant(15))
    moving.taps("Keep as it is")
    assert held() == []
    assert "Nothing was changed." in moving.card.text
    row.refresh_from_db()
    assert row.start == instant(10)


def test_back_to_the_times_lets_the_slot_go(moving):
    to_new_summary(moving, instant(15))
    moving.taps("Back to the times")
    assert held() == []
    assert "15:00" in moving.labels


def test_the_calendar_leads_back_to_the_appointment(moving):
    moving.taps("« Back")
    assert "Status: Scheduled" in moving.card.text


def test_its_own_time_is_no_other_time(moving, check_up):
    HealthcareService.objects.filter(pk=check_up.pk).update(capacity=5)
    tap_day(moving, coming_day(), action="amd")
    assert not any(label.startswith("10:00") for label in moving.labels)
    assert any(label.startswith("10:30") for label in moving.labels)


def test_it_stays_with_its_own_doctor(moving, row, dr_bob, dr_eve):
    WeeklyHours.objects.filter(practitioner=dr_bob, start_time="13:00").delete()
    tap_day(moving, coming_day(), action="amd")
    assert "11:00" in moving.labels
    assert "14:00" not in moving.labels


def test_once_the_doctor_has_left_anybody_will_do(moving, row, dr_bob, dr_eve):
    Practitioner.objects.filter(pk=dr_bob.pk).update(is_bookable=False)
    to_new_summary(moving, instant(15))
    assert "Dr Eve" in moving.card.text
    moving.taps("Confirm")
    row.refresh_from_db()
    assert (row.start, row.practitioner_id) == (instant(15), dr_eve.pk)


def test_a_slot_that_went_leads_back_to_the_days_times(moving, desk, check_up, row):
    tap_day(moving, coming_day(), action="amd")
    book(desk, check_up, at(15))
    tap_time(moving, instant(15), action="amt")
    assert "This time has just been taken." in moving.card.text
    assert "15:00" not in moving.labels
    assert "15:30" in moving.labels


def test_a_hold_that_ran_out_leads_back_to_the_days_times(moving, row):
    to_new_summary(moving, instant(15))
    let_run_out(held()[0])
    moving.taps("Confirm")
    assert "not held any more" in moving.card.text
    assert "15:00" in moving.labels
    row.refresh_from_db()
    assert row.start == instant(10)


def test_whoever_is_elsewhere_at_that_time_is_told(moving, desk, people):
    far = make_service(make_practitioner("Dr Far"), slug="far")
    tap_day(moving, coming_day(), action="amd")
    book(desk, far, at(15), guest=Guest.known(people.alice))
    tap_time(moving, instant(15), action="amt")
    assert "You have another appointment at this time." in moving.card.text
    assert "amt" in actions(moving)


@pytest.mark.parametrize("step", ["am", "amd", "amt", "amc", "amx"])
def test_what_was_cancelled_meanwhile_does_not_move(patient_chat, row, step):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    steps = {"am": lambda: tap(patient_chat, "am")}
    steps["amd"] = lambda: tap_day(patient_chat, coming_day(), action="amd")
    steps["amt"] = lambda: tap_time(patient_chat, instant(15), action="amt")
    steps["amc"] = lambda: tap(patient_chat, "amc")
    steps["amx"] = lambda: tap(patient_chat, "amx")
    for name, take in steps.items():
        if name == "amc" and step == "amx":
            continue
        if name == step:
            set_status(row, "CANCELLED")
        take()
        if name == step:
            break
    assert "cannot be moved any more" in patient_chat.card.text
    row.refresh_from_db()
    assert row.start == instant(10)


def test_a_service_that_was_switched_off_says_so(moving, row, check_up):
    HealthcareService.objects.filter(pk=check_up.pk).update(is_active=False)
    tap(moving, "amd")
    assert "This service cannot be booked any more." in moving.card.text
    assert "ac" in actions(moving)


def test_where_no_other_time_fits_one_can_wait_for_an_earlier_one(moving, row, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob).delete()
    moving.taps("« Back")
    moving.taps("Reschedule")
    assert "Every time that can be booked is taken." in moving.card.text
    assert {"wf", "ad", "m"} == actions(moving)


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_card_fits_in_both_languages(patient_chat, row, language):
    patient_chat.speaks(language).says("/myappointments")
    tap(patient_chat, "ad")
    tap(patient_chat, "am")
    to_new_summary(patient_chat, instant(15))
    tap(patient_chat, "amc")
    assert [row.start for row in booked()] == [instant(15)]


@pytest.mark.parametrize("appointments", [1, 3])
def test_taps_cost_the_same_for_one_appointment_and_for_three(moving, desk, check_up, appointments):
    for number in range(appointments):
        book(desk, check_up, at(11, days=2 + number), guest=guest(f"Guest {number}", f"081000000{number}"))
    costs = []
    for step in (
        lambda: tap_day(moving, coming_day(), action="amd"),
        lambda: tap_time(moving, instant(15), action="amt"),
        lambda: tap(moving, "amc"),
    ):
        with counted() as statements:
            step()
        costs.append(len(statements))
    assert costs == [4, 12, 22], costs
