"""The front page of a hospital's admin."""

from datetime import timedelta

import pytest

from accounts.permissions import STAFF_ROLES, Role
from bookings.models import Appointment, HealthcareService
from core import clock
from tests.support.catalogue import coming_day, guest, make_practitioner
from tests.support.statements import counted

FRONT = "/admin/"
PART = "/admin/dashboard/"


@pytest.fixture
def today(booked):
    """Book somebody for an hour from now, or for as late as today allows."""

    def make(name: str, **columns) -> Appointment:
        row = booked(9, guest=guest(name, f"08111111{len(name):02}"))
        start = clock.now() + timedelta(minutes=len(name))
        values = {"start": start, "end": start + timedelta(seconds=20), **columns}
        Appointment.objects.filter(pk=row.pk).update(**values, occupied=(values["start"], values["end"]))
        row.refresh_from_db()
        return row

    return make


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_everybody_who_works_here_sees_the_day(browser_of, booked, role):
    booked(9)

    page = browser_of(role).get(FRONT)

    assert page.status_code == 200
    assert 'id="hospital-dashboard"' in page.text
    assert "The coming week" in page.text


@pytest.mark.parametrize(
    ("role", "figures", "money"),
    [
        (Role.ADMIN, True, True),
        (Role.DOCTOR, True, False),
        (Role.NURSE, False, False),
        (Role.FRONT_DESK, False, False),
    ],
)
def test_each_role_sees_the_figures_that_are_theirs(browser_of, booked, role, figures, money):
    booked(9)
    HealthcareService.objects.update(price="500.00")

    text = browser_of(role).get(FRONT).text

    assert ("No-show rate" in text) == figures
    assert ("Busiest hours" in text) == figures
    assert ("Revenue" in text) == money
    assert ("THB" in text) == money or money


def test_walk_ins_who_wait_are_named_with_their_numbers(at_desk, today):
    started = clock.now() - timedelta(minutes=5)
    today("Malee", status="CHECKED_IN", queue_day=coming_day(0), queue_number=7, start=started,
          end=started + timedelta(minutes=1))  # fmt: skip

    page = at_desk.get(FRONT)

    if started.astimezone(clock.zone("Asia/Bangkok")).date() == coming_day(0):
        (waiting,) = page.context["today"]["waiting"]
        assert (waiting["number"], waiting["name"], waiting["minutes"]) == (7, "Malee", 5)
        assert "5 minutes ago" in page.text


def test_a_doctor_sees_the_names_of_the_own_patients_alone(as_doctor, today, booked, check_up, dr_eve):
    own = today("Malee")
    Appointment.objects.filter(pk=today("Somsak").pk).update(practitioner=dr_eve)

    page = as_doctor.get(FRONT)

    assert "Your day" in page.text
    assert "Somsak" not in page.text
    if own.start.astimezone(clock.zone("Asia/Bangkok")).date() == coming_day(0):
        assert "Malee" in page.text


def test_the_part_that_updates_comes_alone(at_desk, booked):
    booked(9)

    part = at_desk.get(PART)

    assert part.status_code == 200
    assert part.text.lstrip().startswith("<section")
    assert f'hx-get="{PART}"' in part.text


def test_the_part_is_for_those_who_have_signed_in(stranger, operator):
    assert stranger.get(PART).status_code == 302
    assert 'id="hospital-dashboard"' not in operator.get(FRONT).text


def test_a_new_hospital_is_told_where_to_begin(as_admin, at_desk):
    by_admin, by_desk = as_admin.get(FRONT), at_desk.get(FRONT)

    assert "Nothing is booked yet" in by_admin.text
    assert "Confirm the holidays" in by_admin.text
    assert "Book the first appointment" in by_desk.text
    assert "Confirm the holidays" not in by_desk.text


def test_the_page_speaks_thai_with_buddhist_years(as_admin, booked):
    booked(9)

    page = as_admin.get(FRONT, language="th")

    assert str(coming_day(0).year + 543) in page.text
    assert "นพ. บ็อบ" in page.text


def test_nothing_in_the_page_is_written_as_a_style_or_a_script(as_admin, booked):
    booked(9)

    part = as_admin.get(PART).text

    assert "style=" not in part
    assert "<script" not in part
    assert "onclick" not in part


def test_numbers_have_words_beside_colours(as_admin, today):
    today(
        "Malee",
        status="NO_SHOW",
        start=clock.now() - timedelta(days=1),
        end=clock.now() - timedelta(hours=23),
    )

    page = as_admin.get(PART)

    assert page.context["figures"]["rate"]["now"] == 100.0
    assert "1 visit was missed." in page.text
    assert page.context["figures"]["heat"]["busiest"]["count"] == 1
    assert "Most visits start on" in page.text


def test_the_page_asks_as_much_for_three_as_for_one(as_admin, booked, check_up):
    def statements():
        with counted() as found:
            as_admin.get(PART)
        return len(found)

    booked(9)
    statements()
    one = statements()
    for number in range(2):
        person = make_practitioner(f"Dr {number}")
        check_up.practitioners.add(person)
        booked(
            10 + number, guest=guest(f"Guest {number}", f"081111111{number}"), practitioner_id=str(person.pk)
        )
    statements()

    assert statements() == one
