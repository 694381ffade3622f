"""The calendar's page, and what it hands to its script."""

import pytest

from accounts.permissions import STAFF_ROLES, Role
from bookings.models import Practitioner
from tests.support.catalogue import give_hours, make_practitioner
from tests.support.statements import counted


def handed(calendar, **more):
    page = calendar.get("", **more)
    assert page.status_code == 200
    return page.context["calendar"]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_everybody_who_works_here_has_a_calendar(calendar_of, role):
    page = calendar_of(role).get("")

    assert page.status_code == 200
    assert 'href="/admin/bookings/appointment/calendar/"' in page.text


def test_whoever_is_not_signed_in_is_led_to_the_log_in(stranger, in_hospital):
    answer = stranger.get("/admin/bookings/appointment/calendar/")

    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_the_platform_has_none(operator):
    assert operator.get("/admin/bookings/appointment/calendar/").status_code == 404


def test_the_page_says_who_may_do_what(calendar_of):
    can = {role: handed(calendar_of(role))["can"] for role in (Role.ADMIN, Role.FRONT_DESK, Role.DOCTOR)}

    assert all(can[Role.ADMIN].values())
    assert {name for name, yes in can[Role.FRONT_DESK].items() if not yes} == {"overbook"}
    assert {name for name, yes in can[Role.DOCTOR].items() if yes} == {
        "move",
        "cancel",
        "attend",
        "find_patients",
    }


def test_the_page_names_practitioners_and_services(calendar, check_up, dr_bob, dr_eve):
    found = handed(calendar)

    assert [each["name"] for each in found["practitioners"]] == ["Dr Bob", "Dr Eve"]
    assert found["practitioners"][0] == {
        "id": str(dr_bob.pk), "name": "Dr Bob", "kind": "DOCTOR", "specialties": [], "bookable": True
    }  # fmt: skip
    (service,) = found["services"]
    assert set(service["practitioner_ids"]) == {str(dr_bob.pk), str(dr_eve.pk)}
    assert (service["minutes"], service["price"]) == (30, None)
    assert (found["first_hour"], found["last_hour"]) == (9, 17)


def test_a_doctor_has_one_column(doctors_calendar, dr_bob, dr_eve):
    found = handed(doctors_calendar)

    assert [each["id"] for each in found["practitioners"]] == [str(dr_bob.pk)]
    assert found["own_practitioner_id"] == str(dr_bob.pk)


def test_who_is_booked_keeps_a_column_after_leaving(calendar, booked, dr_eve):
    gone = make_practitioner("Dr Gone", is_active=False)
    booked(9, practitioner_id=str(dr_eve.pk))
    Practitioner.objects.filter(pk=dr_eve.pk).update(is_active=False)

    names = {each["name"]: each["bookable"] for each in handed(calendar)["practitioners"]}

    assert names == {"Dr Bob": True, "Dr Eve": False}
    assert gone.name not in names


def test_hours_of_the_night_shift_are_shown(calendar, dr_bob):
    give_hours(dr_bob, ("22:30", "00:00"))
    give_hours(dr_bob, ("00:00", "05:15"))

    found = handed(calendar)

    assert (found["first_hour"], found["last_hour"]) == (0, 24)


def test_a_hospital_without_hours_shows_the_usual_ones(calendar, dr_bob):
    dr_bob.weekly_hours.all().delete()

    found = handed(calendar)

    assert (found["first_hour"], found["last_hour"]) == (8, 18)


def test_texts_come_in_the_readers_language(calendar):
    assert handed(calendar)["language"] == "en"
    assert handed(calendar, language="th")["practitioners"][0]["name"] == "นพ. บ็อบ"
    assert all(isinstance(text, str) for text in handed(calendar)["words"].values())


def test_the_page_asks_as_much_for_three_practitioners_as_for_one(calendar, check_up):
    def statements():
        with counted() as found:
            handed(calendar)
        return len(found)

    statements()
    one = statements()
    check_up.practitioners.add(make_practitioner("Dr Two"), make_practitioner("Dr Three"))
    statements()

    assert statements() == one


def test_the_calendar_is_the_first_line_of_the_sidebar(calendar):
    today = calendar.get("").context["sidebar_navigation"][0]["items"]

    assert str(today[0]["title"]) == "Calendar"
    assert [str(each["title"]) for each in today if each["active"]] == ["Calendar"]
