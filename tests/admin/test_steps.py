"""Steps, moves and cancellations in the admin: by the same verbs, as far as they are legal and granted."""

import pytest

from accounts.permissions import Role
from bookings.models import Appointment
from bookings.rules.statuses import Status
from tests.support.booking import book, events_of, set_status, types_of
from tests.support.catalogue import at, coming_day, guest, make_service

LIST = "/admin/bookings/appointment/"
_VISIT = ("check_in", "complete", "no_show")


def page_of(row, name="change"):
    return f"{LIST}{row.pk}/{name}/"


def step(browser, row, status, **headers):
    return browser.post(page_of(row, "step"), {"status": status}, **headers)


def now(row):
    return Appointment.objects.get(pk=row.pk)


def test_a_visit_is_walked_through_by_buttons_and_each_step_is_recorded(at_desk, booked):
    row = booked()

    for status in ("CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"):
        assert step(at_desk, row, status)["Location"] == page_of(row)

    assert now(row).status == Status.COMPLETED
    assert types_of(row) == ["booking.created", *["booking.status_changed"] * 4]


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("SCHEDULED", ["CONFIRMED", "CHECKED_IN", "NO_SHOW", "move", "cancel"]),
        ("CONFIRMED", ["CHECKED_IN", "NO_SHOW", "move", "cancel"]),
        ("CHECKED_IN", ["IN_PROGRESS", "NO_SHOW", "cancel"]),
        ("IN_PROGRESS", ["COMPLETED", "cancel"]),
        ("COMPLETED", []),
        ("CANCELLED", []),
        ("NO_SHOW", ["CHECKED_IN"]),
    ],
)
def test_only_legal_steps_are_offered(at_desk, booked, status, offered):
    row = booked()
    set_status(row, status)

    context = at_desk.get(page_of(row)).context

    links = {"move": context["can_be_moved"], "cancel": context["can_be_cancelled"]}
    assert [entry.status.value for entry in context["steps"]] + [
        name for name in links if links[name]
    ] == offered


def test_a_doctor_is_offered_what_a_doctor_may_do(as_doctor, booked):
    context = as_doctor.get(page_of(booked())).context

    assert [entry.status for entry in context["steps"]] == [Status.CHECKED_IN, Status.NO_SHOW]
    assert context["can_be_moved"]
    assert context["can_be_cancelled"]


def test_an_illegal_step_is_refused_with_the_legal_ones_named(at_desk, booked):
    row = booked()

    page = at_desk.get(step(at_desk, row, "COMPLETED")["Location"])

    assert "This is not possible for a booking in its present status." in page.text
    assert "Possible now: Confirmed, Checked in, Cancelled, No-show" in page.text
    assert now(row).status == Status.SCHEDULED


def test_a_step_goes_back_to_the_page_of_ours_where_its_button_was(at_desk, booked):
    there = f"http://ploy.localhost{LIST}?when=today"

    assert step(at_desk, booked(), "CHECKED_IN", referer=there)["Location"] == there


def test_a_step_is_not_led_away_by_a_foreign_page(at_desk, booked):
    row = booked()

    assert step(at_desk, row, "CHECKED_IN", referer="https://evil.example/")["Location"] == page_of(row)


@pytest.mark.parametrize("status", ["HELD", "SCHEDULED", "CANCELLED", "", "nonsense"])
def test_a_step_that_no_button_takes_does_not_exist(at_desk, booked, status):
    row = booked()

    assert step(at_desk, row, status).status_code == 404
    assert now(row).status == Status.SCHEDULED


def test_looking_at_the_address_of_a_step_changes_nothing(at_desk, booked):
    row = booked()

    assert at_desk.get(page_of(row, "step"), status="CONFIRMED").status_code == 405
    assert now(row).status == Status.SCHEDULED


def test_a_doctor_does_not_confirm(as_doctor, booked):
    row = booked()

    assert step(as_doctor, row, "CONFIRMED").status_code == 403
    assert now(row).status == Status.SCHEDULED


@pytest.mark.parametrize("name", ["step", "move", "cancel", "change"])
def test_a_doctor_reaches_nobody_elses_appointment(as_doctor, booked, dr_eve, name):
    row = booked(practitioner_id=str(dr_eve.pk))

    answer = as_doctor.post(page_of(row, name), {"status": "CHECKED_IN", "reason": "x"})

    assert answer.status_code in (302, 403, 404)
    assert now(row).status == Status.SCHEDULED
    assert as_doctor.get(page_of(row)).status_code == 302


def test_an_appointment_is_moved_in_place(at_desk, booked, dr_eve):
    row = booked(9)

    answer = at_desk.submit(
        page_of(row, "move"), date=f"{coming_day(2):%d/%m/%Y}", time="10:30", practitioner=dr_eve.pk
    )

    assert answer["Location"] == page_of(row)
    moved = now(row)
    assert (moved.reference, moved.practitioner) == (row.reference, dr_eve)
    assert types_of(row) == ["booking.created", "booking.rescheduled"]
    assert "10:30" in at_desk.get(answer["Location"]).text


def test_the_form_for_a_move_shows_where_the_appointment_stands(at_desk, booked):
    form = at_desk.get(page_of(booked(13, 30), "move")).context["form"]

    assert (form.initial["date"], f"{form.initial['time']:%H:%M}") == (coming_day(), "13:30")


def test_a_move_to_a_taken_time_is_refused_with_what_is_free(at_desk, booked):
    row = booked(9)
    booked(10, guest=guest("Somsak", "0811111111"))

    page = at_desk.submit(page_of(row, "move"), time="10:00", reason="asked to")

    assert "This time has just been taken." in page.text
    assert "10:30, Dr Bob" in page.text
    assert "asked to" in page.text
    assert now(row).start == row.start


def test_a_cancelled_appointment_is_not_moved(at_desk, booked):
    row = booked()
    set_status(row, "CANCELLED")

    page = at_desk.submit(page_of(row, "move"), time="10:00")

    assert "This is not possible for a booking in its present status." in page.text


def test_a_doctor_moves_an_own_appointment_but_not_to_a_colleague(as_doctor, booked, dr_eve, dr_bob):
    row = booked(9)

    as_doctor.submit(page_of(row, "move"), time="11:00", practitioner=dr_eve.pk)

    moved = now(row)
    assert moved.practitioner == dr_bob
    assert moved.start != row.start


def test_an_appointment_is_cancelled_with_a_reason(at_desk, booked, people):
    row = booked()

    page = at_desk.get(at_desk.submit(page_of(row, "cancel"), reason="fell <i>ill</i>")["Location"])

    assert (now(row).status, now(row).cancel_reason) == (Status.CANCELLED, "fell <i>ill</i>")
    assert "fell &lt;i&gt;ill&lt;/i&gt;" in page.text
    event = events_of(row)[-1]
    assert (event.type, event.door, event.actor_user_id) == ("booking.cancelled", "admin", people.desk.pk)
    assert "ill" not in str(event.data)


def test_cancelling_twice_is_refused_in_words(at_desk, booked):
    row = booked()
    at_desk.submit(page_of(row, "cancel"))

    page = at_desk.submit(page_of(row, "cancel"))

    assert "This is not possible for a booking in its present status." in page.text
    assert types_of(row).count("booking.cancelled") == 1


def test_an_appointment_of_a_service_that_is_not_offered_any_more_is_not_moved_but_told_so(
    at_desk, booked, check_up
):
    row = booked()
    check_up.is_active = False
    check_up.save()

    page = at_desk.submit(page_of(row, "move"), time="11:00")

    assert "There is no such event type." in page.text


def test_several_are_checked_in_at_once_and_each_refusal_is_told(at_desk, booked):
    first, second = booked(9), booked(10, guest=guest("Somsak", "0811111111"))
    set_status(second, "CANCELLED")

    page = at_desk.act(LIST + "?when=all", "check_in", first, second)

    assert [now(row).status for row in (first, second)] == [Status.CHECKED_IN, Status.CANCELLED]
    assert f"{first.reference}: Checked in" in page.text
    assert f"{second.reference}: This is not possible" in page.text


def test_a_doctors_list_action_reaches_own_appointments_only(as_doctor, booked, dr_eve):
    own, other = booked(9), booked(10, guest=guest("Somsak", "0811111111"), practitioner_id=str(dr_eve.pk))

    as_doctor.act(LIST + "?when=all", "check_in", own, other)

    assert [now(row).status for row in (own, other)] == [Status.CHECKED_IN, Status.SCHEDULED]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.FRONT_DESK, {*_VISIT, "confirm", "cancel_many", "move_many", "tell_many"}),
        (Role.DOCTOR, {*_VISIT, "cancel_many", "move_many"}),
    ],
)
def test_a_list_offers_the_actions_that_are_granted(browser_of, booked, role, offered):
    booked()

    choices = browser_of(role).get(LIST).context["action_form"].fields["action"].choices

    assert {name for name, _ in choices if name} == offered


def test_an_appointment_cannot_be_edited_past_the_verbs(as_admin, booked):
    row = booked()

    assert as_admin.post(page_of(row), {"status": "COMPLETED", "guest_name": "x"}).status_code == 403


def test_the_last_seat_of_a_group_is_moved_by_the_same_rules(at_desk, dr_bob, desk):
    yoga = make_service(dr_bob, slug="yoga", capacity=2, duration_minutes=60, slot_interval=60)
    for phone in ("0811111111", "0822222222"):
        book(desk, yoga, at(9), guest=guest("Guest", phone))
    late = book(desk, yoga, at(10), guest=guest("Late", "0833333333"))

    page = at_desk.submit(page_of(late, "move"), time="09:00")

    assert "This time has just been taken." in page.text


# ── taking a step back ───────────────────────────────────────────────────────
@pytest.mark.parametrize("status", ["CONFIRMED", "CHECKED_IN", "NO_SHOW", "CANCELLED"])
def test_a_step_is_taken_back_by_one_button(at_desk, booked, status):
    row = booked()
    if status == "CANCELLED":
        at_desk.submit(page_of(row, "cancel"), reason="slip")
    else:
        step(at_desk, row, status)
    label = f"Undo: {Appointment(status=status).get_status_display()}"
    assert label in at_desk.get(page_of(row)).text

    answer = at_desk.post(page_of(row, "undo"), {"seen": status})

    assert answer["Location"] == page_of(row)
    assert now(row).status == Status.SCHEDULED
    page = at_desk.get(answer["Location"]).text
    assert f"{row.reference}: taken back. Now: Scheduled" in page
    assert "Undo:" not in page


def test_the_list_offers_the_way_back_in_the_row(at_desk, booked):
    row, untouched = booked(9), booked(10, guest=guest("Somsak", "0811111111"))
    step(at_desk, row, "CHECKED_IN")

    page = at_desk.get(LIST).text

    assert f'formaction="{page_of(row, "undo")}"' in page
    assert "Undo: Checked in" in page
    assert page_of(untouched, "undo") not in page


def test_right_after_a_step_the_message_leads_to_the_way_back(at_desk, booked):
    row = booked()

    page = at_desk.get(step(at_desk, row, "CHECKED_IN")["Location"]).text
    assert f'href="{page_of(row, "undo")}" data-posts data-seen="CHECKED_IN">Undo</a>' in page

    at_desk.submit(page_of(row, "undo"))
    assert now(row).status == Status.SCHEDULED


def test_following_the_link_to_the_way_back_changes_nothing_yet(at_desk, booked):
    row = booked()
    step(at_desk, row, "CHECKED_IN")

    assert "Undo: Checked in" in at_desk.get(page_of(row, "undo")).text
    assert now(row).status == Status.CHECKED_IN


def test_a_booking_has_no_way_back(at_desk, booked):
    row = booked()

    assert "Undo:" not in at_desk.get(page_of(row)).text
    page = at_desk.get(at_desk.get(page_of(row, "undo"))["Location"])
    assert "There is nothing to undo any more." in page.text


def test_of_two_clerks_who_take_a_step_back_the_second_is_told(at_desk, as_admin, booked):
    row = booked()
    step(at_desk, row, "CHECKED_IN")
    as_admin.post(page_of(row, "undo"), {"seen": "CHECKED_IN"})

    page = at_desk.get(at_desk.post(page_of(row, "undo"), {"seen": "CHECKED_IN"})["Location"])

    assert "There is nothing to undo any more." in page.text
    assert types_of(row).count("booking.status_changed") == 2


def test_a_button_of_an_old_page_does_not_take_another_step_back(at_desk, booked):
    row = booked()
    step(at_desk, row, "CHECKED_IN")
    step(at_desk, row, "IN_PROGRESS")

    at_desk.post(page_of(row, "undo"), {"seen": "CHECKED_IN"})

    assert now(row).status == Status.IN_PROGRESS


def test_a_slot_that_somebody_has_by_now_is_refused_in_words(at_desk, booked):
    row = booked(9)
    at_desk.submit(page_of(row, "cancel"), reason="slip")
    booked(9, guest=guest("Somsak", "0811111111"))

    page = at_desk.get(at_desk.post(page_of(row, "undo"), {"seen": "CANCELLED"})["Location"])

    assert "This time has just been taken." in page.text
    assert now(row).status == Status.CANCELLED


def test_a_doctor_takes_back_own_steps_and_finds_no_others(as_doctor, at_desk, booked, dr_eve):
    own = booked(9)
    other = booked(10, guest=guest("Somsak", "0811111111"), practitioner_id=str(dr_eve.pk))
    step(as_doctor, own, "CHECKED_IN")
    step(at_desk, other, "CHECKED_IN")

    as_doctor.post(page_of(own, "undo"), {"seen": "CHECKED_IN"})

    assert now(own).status == Status.SCHEDULED
    assert as_doctor.post(page_of(other, "undo"), {"seen": "CHECKED_IN"}).status_code == 404
    assert now(other).status == Status.CHECKED_IN


def test_a_doctor_is_offered_no_way_back_from_what_a_doctor_may_not_do(as_doctor, at_desk, booked):
    row = booked()
    step(at_desk, row, "CONFIRMED")

    assert "Undo:" not in as_doctor.get(page_of(row)).text
    as_doctor.post(page_of(row, "undo"), {"seen": "CONFIRMED"})
    assert now(row).status == Status.CONFIRMED


def test_too_many_steps_at_once_are_refused_in_words(at_desk, booked, monkeypatch):
    monkeypatch.setattr("bookings.admin.appointments.MOST_AT_ONCE", 1)
    rows = booked(9), booked(10, guest=guest("Somsak", "0811111111"))

    page = at_desk.act(LIST + "?when=all", "check_in", *rows)

    assert "Choose 1 appointments at most." in page.text
    assert {now(row).status for row in rows} == {Status.SCHEDULED}
