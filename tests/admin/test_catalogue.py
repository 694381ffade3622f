"""Event types, practitioners, hours and holidays: changes are recorded and count at once."""

from datetime import date, time
from uuid import uuid4

import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.models import (
    HealthcareService,
    Holiday,
    Practitioner,
    RulesVersion,
    ScheduleException,
    Specialty,
)
from bookings.queries.availability import availability_for
from events.models import Event
from events.outbox import history_of
from tests.admin.browser import Controls
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.statements import counted

ADMIN = "/admin/bookings/"


def service_page(service):
    return f"{ADMIN}healthcareservice/{service.pk}/change/"


def person_page(person):
    return f"{ADMIN}practitioner/{person.pk}/change/"


def hours_page(person):
    return f"{ADMIN}practitioner/{person.pk}/time/"


def hours_form(browser, person):
    return {"seen": browser.get(hours_page(person)).context["seen"]}


def free_starts(actor, service, days=1):
    day = coming_day(days)
    return availability_for(actor, service_id=service.pk, date_from=day, date_until=day).slots


def test_a_change_of_a_service_is_recorded_from_what_to_what(as_admin, check_up, people):
    as_admin.submit(service_page(check_up), price="750.00", description_en="Bring your card.")

    (event,) = history_of("event_type", check_up.pk)
    assert (event.type, event.door, event.actor_user_id) == ("catalogue.changed", "admin", people.admin.pk)
    assert event.changes == {"price": [None, "750.00"]}
    assert event.data == {"how": "changed", "fields": ["description_en", "price"]}


def test_saving_without_a_change_records_nothing(as_admin, check_up):
    assert as_admin.submit(service_page(check_up)).status_code == 302

    assert history_of("event_type", check_up.pk) == []


def test_a_service_that_is_added_is_recorded_and_bookable_at_once(as_admin, desk, dr_bob):
    as_admin.submit(
        f"{ADMIN}healthcareservice/add/", name_th="ฟัน", name_en="Teeth", slug="teeth",
        minimum_notice="0", practitioners=[str(dr_bob.pk)],
    )  # fmt: skip

    service = HealthcareService.objects.get(slug="teeth")
    assert free_starts(desk, service)
    assert [event.data["how"] for event in history_of("event_type", service.pk)] == ["added"]


# ── taking a practitioner out ────────────────────────────────────────────────
@pytest.fixture
def two(check_up, dr_bob):
    """Dr Bob and Dr Eve, who both offer the check-up."""
    eve = make_practitioner("Dr Eve")
    check_up.practitioners.add(eve)
    return dr_bob, eve


def keep_only(browser, service, person, **more):
    return browser.submit(service_page(service), practitioners=[str(person.pk)], **more)


def test_taking_out_who_has_appointments_saves_nothing_before_it_is_agreed_to(as_admin, desk, check_up, two):
    bob, eve = two
    rows = [
        book(desk, check_up, at(hour), practitioner_id=str(bob.pk), guest=guest(f"At {hour}"))
        for hour in (9, 10)
    ]
    book(desk, check_up, at(9), practitioner_id=str(eve.pk), guest=guest("Other"))
    cancel_appointment(desk, reference=rows.pop().reference)
    before = Event.objects.count()

    page = keep_only(as_admin, check_up, eve, price="750.00")

    assert page.status_code == 200
    assert [(each["name"], each["said"]) for each in page.context["leaving"]] == [("Dr Bob", "1 appointment")]
    assert set(check_up.practitioners.all()) == {bob, eve}
    assert Event.objects.count() == before

    listed = as_admin.get(page.context["leaving"][0]["url"])
    assert [row.pk for row in listed.context["cl"].result_list] == [rows[0].pk]

    saved = as_admin.post(service_page(check_up), Controls(page.text).values)
    assert saved.status_code == 302
    check_up.refresh_from_db()
    assert (list(check_up.practitioners.all()), str(check_up.price)) == ([eve], "750.00")
    rows[0].refresh_from_db()
    assert (rows[0].practitioner, rows[0].status) == (bob, "SCHEDULED")


def test_what_came_in_between_is_shown_again(as_admin, desk, check_up, two):
    bob, eve = two
    book(desk, check_up, at(9), practitioner_id=str(bob.pk))
    agreed = Controls(keep_only(as_admin, check_up, eve).text).values
    book(desk, check_up, at(10), practitioner_id=str(bob.pk), guest=guest("Other"))

    page = as_admin.post(service_page(check_up), agreed)

    assert "The numbers have changed meanwhile." in page.text
    assert page.context["leaving"][0]["said"] == "2 appointments"
    assert as_admin.post(service_page(check_up), Controls(page.text).values).status_code == 302
    assert list(check_up.practitioners.all()) == [eve]


def test_who_has_no_appointments_of_it_to_come_is_taken_out_at_once(as_admin, desk, check_up, two):
    bob, eve = two
    other = make_service(bob, slug="other")
    book(desk, other, at(9), practitioner_id=str(bob.pk))
    set_status(
        book(desk, check_up, at(11), practitioner_id=str(bob.pk), guest=guest("Was here")), "COMPLETED"
    )

    assert keep_only(as_admin, check_up, eve).status_code == 302
    assert list(check_up.practitioners.all()) == [eve]


def test_asking_costs_the_same_at_one_appointment_and_at_three(as_admin, desk, check_up, two):
    bob, eve = two

    def cost(*hours):
        for hour in hours:
            book(desk, check_up, at(hour), practitioner_id=str(bob.pk), guest=guest(f"At {hour}"))
        typed = Controls(as_admin.get(service_page(check_up)).text).values | {"practitioners": [str(eve.pk)]}
        with counted() as statements:
            page = as_admin.post(service_page(check_up), typed)
        return page.context["leaving"][0]["said"], len(statements)

    cost(9)
    one, at_one = cost()
    three, at_three = cost(10, 11)
    assert (one, three) == ("1 appointment", "3 appointments")
    assert at_three == at_one


def test_what_the_model_refuses_is_told_at_its_field_and_recorded_nowhere(as_admin, check_up):
    before = Event.objects.count()

    page = as_admin.submit(service_page(check_up), duration_minutes="3", currency="baht")

    assert set(page.context["adminform"].form.errors) == {"duration_minutes", "currency"}
    assert Event.objects.count() == before


def test_the_history_page_says_a_change_in_words(as_admin, check_up):
    as_admin.submit(service_page(check_up), price="750.00", is_active=None)

    page = as_admin.get(f"{ADMIN}healthcareservice/{check_up.pk}/history/")

    (entry,) = page.context["history"]
    assert entry.details[0] == "Changed"
    assert set(entry.details[1:]) == {"Active: Yes → No", "Price: – → 750.00"}
    assert "Catalogue changed" in page.text
    assert "Adam" in page.text


def test_weekly_hours_are_added_as_they_are_typed_and_count_at_once(as_admin, check_up, desk):
    eve = make_practitioner("Dr Eve", hours=False)
    check_up.practitioners.set([eve])
    assert free_starts(desk, check_up) == []
    version = RulesVersion.objects.get().version
    day = coming_day().weekday()

    typed = {
        f"p0-d{day}-start": "9.00",
        f"p0-d{day}-end": "10:00",
        "p0-first": f"01/01/{coming_day().year + 543}",
    }
    as_admin.post(hours_page(eve), hours_form(as_admin, eve) | {"what": "week", "period": "0", **typed})

    hours = eve.weekly_hours.get()
    assert (hours.start_time, hours.end_time) == (time(9), time(10))
    assert hours.valid_from == date(coming_day().year, 1, 1)
    assert len(free_starts(desk, check_up)) == 2
    assert RulesVersion.objects.get().version != version
    (event,) = history_of("provider", eve.pk)
    assert event.type == "schedule.changed"
    assert event.data == {"rows": "weekly_hours", "added": 1, "changed": 0, "removed": 0}


def test_time_off_is_typed_in_either_calendar_and_frees_nobody(as_admin, check_up, desk, dr_bob):
    day = coming_day()
    assert free_starts(desk, check_up)

    as_admin.post(
        hours_page(dr_bob),
        {
            "what": "dated",
            "kind": "TIME_OFF",
            "row_id": str(uuid4()),
            "date_from": f"{day:%d/%m}/{day.year + 543}",
            "date_until": day.isoformat(),
        },
    )

    assert ScheduleException.objects.get().date_from == day
    assert free_starts(desk, check_up) == []


def test_the_desk_reads_hours_in_its_own_calendar_and_changes_none(at_desk, dr_bob):
    ScheduleException.objects.create(
        practitioner=dr_bob, kind="TIME_OFF", date_from="2026-12-30", date_until="2026-12-31"
    )

    page = at_desk.get(hours_page(dr_bob), language="th").text

    assert "09:00" in page
    assert "31 ธ.ค. 2569" in page
    assert at_desk.post(person_page(dr_bob), {"name_en": "x"}).status_code == 403


def test_a_change_of_a_practitioner_is_recorded(as_admin, dr_bob, people):
    as_admin.submit(person_page(dr_bob), name_en="Dr Robert", is_bookable=None)

    (event,) = history_of("provider", dr_bob.pk)
    assert event.type == "provider.changed"
    assert event.changes == {"name_en": ["Dr Bob", "Dr Robert"], "is_bookable": [True, False]}


def test_holidays_are_suggested_for_a_buddhist_year_and_count_when_confirmed(as_admin):
    page = as_admin.get(as_admin.submit(f"{ADMIN}holiday/suggest/", year="2570")["Location"])

    assert Holiday.objects.filter(date__year=2027, is_confirmed=False).count() > 10
    assert "days suggested." in page.text

    chosen = list(Holiday.objects.order_by("date")[:2])
    page = as_admin.act(f"{ADMIN}holiday/", "confirm", *chosen)

    assert "Saved." in page.text
    assert set(Holiday.objects.filter(is_confirmed=True)) == set(chosen)


def test_a_year_out_of_range_is_told_at_its_field(as_admin):
    page = as_admin.submit(f"{ADMIN}holiday/suggest/", year="1999")

    assert list(page.context["form"].errors) == ["year"]
    assert not Holiday.objects.exists()


def test_a_holiday_is_typed_in_and_deleted_and_both_are_recorded(as_admin):
    as_admin.submit(f"{ADMIN}holiday/add/", date="31/12/2569", name_th="สิ้นปี", name_en="New Year's Eve")
    holiday = Holiday.objects.get(date=date(2026, 12, 31))

    as_admin.post(f"{ADMIN}holiday/{holiday.pk}/delete/", {"post": "yes"})

    assert not Holiday.objects.exists()
    assert [event.data["how"] for event in history_of("holiday", holiday.pk)] == ["added", "deleted"]


def test_the_desk_confirms_no_holiday(at_desk):
    day = Holiday.objects.create(date=coming_day(), name_th="หยุด", name_en="Closed")

    at_desk.post(f"{ADMIN}holiday/", {"action": "confirm", "_selected_action": [str(day.pk)], "index": 0})

    assert not Holiday.objects.get().is_confirmed


def test_a_specialty_is_added(as_admin):
    as_admin.submit(f"{ADMIN}specialty/add/", name_th="หัวใจ", name_en="Cardiology", code="cardiology")

    assert str(Specialty.objects.get().pk) == Event.objects.get(type="catalogue.changed").subject_id


@pytest.mark.parametrize("model", ["healthcareservice", "practitioner", "specialty", "holiday"])
def test_a_list_costs_as_many_statements_for_three_records_as_for_one(as_admin, check_up, dr_bob, model):
    def add(number):
        field = Specialty.objects.create(code=f"f{number}", name_th=f"f{number}", name_en=f"f{number}")
        person = make_practitioner(f"Dr {number}")
        person.specialties.add(field)
        make_service(person, slug=f"s{number}", specialty=field)
        Holiday.objects.create(date=coming_day(number), name_th="x", name_en="x")

    def cost():
        with counted() as statements:
            assert as_admin.get(f"{ADMIN}{model}/").status_code == 200
        return len(statements)

    add(1)
    cost()
    one = cost()
    add(2)
    add(3)

    assert cost() == one


def test_a_service_is_given_people_by_typing_their_names(as_admin, check_up, dr_bob):
    Practitioner.objects.create(name_th="x", name_en="Dr Gone", is_active=False)

    asked = {
        "app_label": "bookings",
        "model_name": "healthcareservice",
        "field_name": "practitioners",
        "term": "Dr",
    }
    found = as_admin.get("/admin/autocomplete/", **asked).json()["results"]

    assert [entry["text"] for entry in found] == ["Dr Bob"]
