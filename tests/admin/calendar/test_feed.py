"""What the calendar reads: appointments of some days, what is closed, counts of a month, the version."""

from datetime import datetime, time, timedelta

import pytest

from accounts.permissions import STAFF_ROLES, Role
from bookings.actions.appointments import change_status
from bookings.models import Appointment, ExceptionKind, Holiday, Patient, ScheduleException
from bookings.rules.statuses import Status
from core import clock
from tests.support.booking import set_status
from tests.support.catalogue import at, coming_day, guest, make_practitioner
from tests.support.people import PASSWORD
from tests.support.statements import counted


def ours(statements):
    """Without those of the session and the user, which every page has."""
    return [each for each in statements if "bookings_" in each or "events_" in each]


def of_day(calendar, days=1, **asked):
    day = coming_day(days).isoformat()
    return calendar.feed(**{"from": day, "to": day}, **asked)


def test_an_appointment_comes_with_all_that_a_card_shows(calendar, check_up, dr_bob, booked):
    row = booked(9, guest=guest("Malee Srisuk"), notes="needs a wheelchair", reason="cough since May")
    Patient.objects.filter(name="Malee Srisuk").update(hospital_number="HN650001")

    (event,) = of_day(calendar)["events"]

    assert event == {
        "id": str(row.pk),
        "reference": row.reference,
        "practitioner_id": str(dr_bob.pk),
        "practitioner": "Dr Bob",
        "service_id": check_up.pk,
        "service": check_up.name_en,
        "start": f"{coming_day()}T09:00:00",
        "end": f"{coming_day()}T09:30:00",
        "status": "SCHEDULED",
        "status_label": "Scheduled",
        "icon": "event",
        "colour": "#1d4ed8",
        "name": "Malee Srisuk",
        "phone": "+66898765432",
        "hospital_number": "HN650001",
        "note": True,
        "source": "admin",
        "source_label": "Front desk",
        "queue_number": None,
        "overbooked": False,
        "overbook_reason": "",
        "movable": True,
        "steps": [{"status": "CONFIRMED", "label": "Confirm", "icon": "verified"}],
        "can_cancel": True,
        "can_undo": False,
        "undo_label": "",
        "url": f"/admin/bookings/appointment/{row.pk}/change/",
    }


def test_nothing_that_was_written_about_the_patient_is_in_the_feed(calendar, booked):
    booked(9, notes="needs a wheelchair", reason="cough since May")

    text = calendar.get("feed/", **{"from": coming_day(), "to": coming_day()}).text

    assert "wheelchair" not in text
    assert "cough" not in text


def test_names_are_in_the_readers_language(calendar, booked):
    booked(9)
    day = coming_day().isoformat()

    answer = calendar.get("feed/", language="th", **{"from": day, "to": day}).json()

    assert answer["events"][0]["practitioner"] == "นพ. บ็อบ"


def test_only_the_days_asked_for_come(calendar, booked):
    booked(9, days=1)
    wanted = booked(10, days=2, guest=guest("Somsak Rak", "0811111111"))
    booked(11, days=3)

    assert [event["id"] for event in of_day(calendar, 2)["events"]] == [str(wanted.pk)]


def test_one_practitioner_or_one_status_can_be_asked_for(calendar, booked, dr_eve):
    bobs = booked(9)
    eves = booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))
    set_status(eves, Status.CONFIRMED)

    def ids(**asked):
        return {event["id"] for event in of_day(calendar, **asked)["events"]}

    assert ids() == {str(bobs.pk), str(eves.pk)}
    assert ids(practitioner=[str(dr_eve.pk)]) == {str(eves.pk)}
    assert ids(status=["SCHEDULED"]) == {str(bobs.pk)}
    assert ids(status=["SCHEDULED", "CONFIRMED"]) == {str(bobs.pk), str(eves.pk)}


def test_holds_are_not_in_the_feed(calendar, booked):
    row = booked(9)
    Appointment.objects.filter(pk=row.pk).update(status=Status.HELD, hold_expires_at=clock.now())

    assert of_day(calendar)["events"] == []


def test_a_doctor_sees_the_own_appointments_and_the_own_hours_alone(doctors_calendar, booked, dr_bob, dr_eve):
    booked(9)
    booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))

    found = of_day(doctors_calendar)
    asked = of_day(doctors_calendar, practitioner=[str(dr_eve.pk)])

    assert {event["practitioner"] for event in found["events"]} == {"Dr Bob"}
    assert {span["practitioner_id"] for span in found["closed"]} == {str(dr_bob.pk)}
    assert (asked["events"], asked["closed"]) == ([], [])


def test_a_doctor_may_take_steps_and_move_but_not_confirm(doctors_calendar, booked):
    booked(9)

    (event,) = of_day(doctors_calendar)["events"]

    assert event["movable"]
    assert event["can_cancel"]
    assert event["steps"] == []


def test_another_hospitals_appointments_are_not_there(calendar, booked, other_people, in_hospital):
    assert of_day(calendar)["events"] == []
    assert of_day(calendar, practitioner=[str(other_people.dr_bob.pk)])["events"] == []


def test_the_steps_of_a_visit_are_offered_on_its_day(calendar, booked):
    row = booked(9)
    today = clock.now().replace(microsecond=0) - timedelta(hours=1)
    Appointment.objects.filter(pk=row.pk).update(
        start=today, end=today + timedelta(minutes=30), occupied=(today, today + timedelta(minutes=30))
    )
    days = {"from": coming_day(-1).isoformat(), "to": coming_day(0).isoformat()}

    (event,) = calendar.feed(**days)["events"]

    assert [step["status"] for step in event["steps"]] == ["CONFIRMED", "CHECKED_IN", "NO_SHOW"]


def test_a_step_that_was_just_taken_can_be_undone(calendar, desk, booked):
    row = booked(9)
    change_status(desk, reference=row.reference, status=Status.CHECKED_IN)

    (event,) = of_day(calendar)["events"]

    assert (event["can_undo"], event["undo_label"]) == (True, "Undo: Checked in")
    assert not event["movable"]


def test_a_step_of_an_hour_ago_cannot_be_undone(calendar, desk, booked):
    row = booked(9)
    change_status(desk, reference=row.reference, status=Status.CHECKED_IN)
    Appointment.objects.update(status_changed_at=clock.now() - timedelta(hours=1))

    (event,) = of_day(calendar)["events"]

    assert (event["can_undo"], event["undo_label"]) == (False, "")


def closed(calendar, practitioner, days=1):
    spans = of_day(calendar, days, practitioner=[str(practitioner.pk)])["closed"]
    return [(span["start"][11:16], span["end"][11:16], span["kind"], span["title"]) for span in spans]


def test_what_is_outside_of_working_hours_is_closed(calendar, dr_bob):
    assert closed(calendar, dr_bob) == [
        ("00:00", "09:00", "outside", ""),
        ("12:00", "13:00", "outside", ""),
        ("17:00", "00:00", "outside", ""),
    ]


def test_time_off_is_closed_by_its_name(calendar, dr_bob):
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day(),
        start_time=time(10), end_time=time(13, 30),
    )  # fmt: skip

    spans = sorted(closed(calendar, dr_bob))

    assert ("10:00", "12:00", "time_off", "Time off") in spans
    assert ("13:00", "13:30", "time_off", "Time off") in spans
    assert ("12:00", "13:00", "outside", "") in spans


@pytest.mark.parametrize("days", [1, -10], ids=["to come", "over"])
def test_a_holiday_closes_the_day_and_is_named(calendar, dr_bob, days):
    Holiday.objects.create(date=coming_day(days), name_th="วันพ่อ", name_en="Father's Day", is_confirmed=True)

    assert closed(calendar, dr_bob, days) == [("00:00", "00:00", "holiday", "Father's Day")]


def test_time_off_that_is_over_is_still_shown(calendar, dr_bob):
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.TIME_OFF,
        date_from=coming_day(-10), date_until=coming_day(-10),
    )  # fmt: skip

    spans = closed(calendar, dr_bob, -10)

    assert ("09:00", "12:00", "time_off", "Time off") in spans
    assert closed(calendar, dr_bob, -9)[0] == ("00:00", "09:00", "outside", "")


def test_extra_hours_open_a_holiday(calendar, dr_bob):
    day = coming_day()
    Holiday.objects.create(date=day, name_th="วันพ่อ", name_en="Father's Day", is_confirmed=True)
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.EXTRA_HOURS, date_from=day, date_until=day,
        start_time=time(10), end_time=time(11),
    )  # fmt: skip

    assert [span[:3] for span in closed(calendar, dr_bob)] == [
        ("00:00", "10:00", "holiday"),
        ("11:00", "00:00", "holiday"),
    ]


def test_who_cannot_be_booked_is_closed_all_day(calendar):
    away = make_practitioner("Dr Away", is_bookable=False)

    assert closed(calendar, away) == [("00:00", "00:00", "outside", "")]


def test_hours_in_another_zone_are_shown_on_the_hospitals_clocks(calendar):
    tokyo = make_practitioner("Dr Tanaka", timezone="Asia/Tokyo")

    assert closed(calendar, tokyo)[0] == ("00:00", "07:00", "outside", "")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"to": "2026-11-23"}, "from"),
        ({"from": "2026-11-23", "to": "2026-02-30"}, "to"),
        ({"from": "23/11/2026", "to": "2026-11-23"}, "from"),
        ({"from": "2026-11-24", "to": "2026-11-23"}, "to"),
        ({"from": "2026-11-01", "to": "2026-12-13"}, "to"),
        ({"from": "0001-01-01", "to": "2026-11-23"}, "from"),
        ({"from": "2026-11-23", "to": "9999-12-31"}, "to"),
        ({"from": "2026-11-23", "to": "2026-11-23", "practitioner": "x"}, "practitioner"),
        ({"from": "2026-11-23", "to": "2026-11-23", "status": "HELD"}, "status"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_asked_is_told_at_its_name(calendar, asked, field):
    answer = calendar.get("feed/", **asked)

    assert answer.status_code == 400
    assert answer.json()["error"]["reason"] == "invalid"
    assert list(answer.json()["error"]["fields"]) == [field]


@pytest.mark.parametrize("days", [1, -10], ids=["to come", "over"])
def test_the_feed_asks_as_much_for_one_appointment_as_for_three(calendar, booked, days):
    def statements():
        with counted() as found:
            of_day(calendar, days)
        return len(found), len(ours(found))

    def fill(*hours):
        for hour in hours:
            make_practitioner(f"Dr {hour}")
            row = booked(hour, guest=guest(f"Guest {hour}", f"08111111{hour:02}"))
            moment = row.start + timedelta(days=days - 1)
            Appointment.objects.filter(pk=row.pk).update(
                start=moment, end=moment + timedelta(minutes=30),
                occupied=(moment, moment + timedelta(minutes=30)),
            )  # fmt: skip

    fill(9)
    statements()
    one = statements()
    fill(10, 11)
    statements()

    assert statements() == one
    # What is over needs the exceptions of that time.
    assert one[1] <= (5 if days > 0 else 6)


def test_a_month_is_counted_by_day_and_status(calendar, booked):
    row = booked(9)
    for hour, status in ((10, Status.CANCELLED), (11, Status.SCHEDULED)):
        set_status(booked(hour, guest=guest(f"Guest {hour}", f"08111111{hour:02}")), status)
    day = coming_day()
    Holiday.objects.create(date=day, name_th="วันพ่อ", name_en="Father's Day", is_confirmed=True)

    found = calendar.get("month/", month=f"{day:%Y-%m}").json()

    (of_day,) = [each for each in found["days"] if each["date"] == day.isoformat()]
    assert of_day == {
        "date": day.isoformat(),
        "total": 2,
        "by_status": {"SCHEDULED": 2, "CANCELLED": 1},
        "holiday": "Father's Day",
    }
    assert len(found["days"]) >= 28
    assert row.reference not in str(found)


def test_a_month_is_counted_on_the_hospitals_clocks(calendar, booked):
    row = booked(9)
    first = datetime.combine(coming_day().replace(day=1), time(0, 30), clock.zone("Asia/Bangkok"))
    Appointment.objects.filter(pk=row.pk).update(
        start=first, end=first + timedelta(minutes=30), occupied=(first, first + timedelta(minutes=30))
    )

    found = calendar.get("month/", month=f"{first:%Y-%m}").json()

    assert found["days"][0]["total"] == 1


@pytest.mark.parametrize("month", ["", "2026-13", "11/2026", "0001-01"])
def test_a_month_that_is_none_is_refused(calendar, month):
    assert calendar.get("month/", month=month).status_code == 400


def version(calendar):
    return calendar.get("version/").json()["version"]


def test_the_version_stays_while_nothing_changes(calendar, booked):
    booked(9)

    assert version(calendar) == version(calendar) == of_day(calendar)["version"]


def test_every_change_of_what_is_shown_changes_the_version(calendar, desk, booked, dr_bob, check_up):
    changes = [
        lambda: booked(9),
        lambda: change_status(desk, reference=Appointment.objects.get().reference, status=Status.CHECKED_IN),
        lambda: Holiday.objects.create(date=coming_day(), name_th="x", name_en="x", is_confirmed=True),
        lambda: type(dr_bob).objects.filter(pk=dr_bob.pk).update(name_en="Dr Robert"),
        lambda: type(check_up).objects.filter(pk=check_up.pk).update(colour="#112233"),
        lambda: dr_bob.weekly_hours.all().delete(),
        lambda: ScheduleException.objects.create(
            practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day()
        ),
    ]
    seen = [version(calendar)]
    for change in changes:
        change()
        seen.append(version(calendar))

    assert len(set(seen)) == len(seen)


def test_the_version_costs_one_statement(calendar):
    version(calendar)

    with counted() as found:
        version(calendar)

    assert len([each for each in ours(found) if "practitioner" not in each]) == 1


@pytest.mark.parametrize("name", ["feed/", "month/", "version/", "slots/"])
def test_reading_is_for_everybody_who_works_here(calendar_of, name):
    for role in STAFF_ROLES:
        assert calendar_of(role).get(name).status_code in (200, 400)


@pytest.mark.parametrize("name", ["feed/", "move/", "book/", "version/"])
def test_whoever_is_not_signed_in_is_told_so_in_json(stranger, in_hospital, name):
    answer = stranger.get(f"/admin/bookings/appointment/calendar/{name}")

    assert answer.status_code == 401
    assert answer.json()["error"]["reason"] == "signed_out"


def test_a_patient_who_has_an_account_sees_no_calendar(stranger, in_hospital, people):
    stranger.post("/admin/login/", {"username": people.by_role(Role.PATIENT).email, "password": PASSWORD})

    answer = stranger.get("/admin/bookings/appointment/calendar/feed/")

    assert answer.status_code == 401


def test_an_address_answers_its_own_method_alone(calendar):
    assert calendar.post("feed/", {}).status_code == 405
    assert calendar.get("move/").status_code == 405


def test_a_day_at_which_nobody_is_booked_is_empty(calendar):
    found = of_day(calendar)

    assert found["events"] == []
    assert found["today"] == coming_day(0).isoformat()
    assert at(9).date() == coming_day()
