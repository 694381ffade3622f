"""The history: readable in words, changed by nobody."""

import pytest

from events.admin import EVENT_NAMES, EventJournal
from events.models import Event
from tests.support.catalogue import guest
from tests.support.statements import counted

LIST = "/admin/events/event/"


def test_the_list_tells_what_happened_to_what_and_by_whom(as_admin, booked):
    row = booked()

    page = as_admin.get(LIST).text

    assert "Booked" in page
    assert "Fon" in page
    assert f'href="/admin/bookings/appointment/{row.pk}/change/"' in page
    assert row.reference in page


def test_a_page_tells_every_change_in_the_words_of_the_forms(at_desk, as_admin, booked, dr_eve):
    row = booked(9)
    at_desk.submit(f"/admin/bookings/appointment/{row.pk}/move/", time="10:30", practitioner=dr_eve.pk)
    event = Event.objects.latest("id")

    page = as_admin.get(f"{LIST}{event.pk}/change/").text

    assert "Practitioner: Dr Bob → Dr Eve" in page
    assert "10:30" in page
    assert "Moved" in page


def test_history_is_found_by_reference_name_and_kind(as_admin, booked):
    row = booked()

    def found(**asked):
        return {event.type for event in as_admin.get(LIST, **asked).context["cl"].result_list}

    assert found(q=row.reference) == {"booking.created"}
    assert found(q="Fon") == {"booking.created", "patient.registered"}
    assert found(type="patient.registered") == {"patient.registered"}
    assert found(door="api") == set()


@pytest.mark.parametrize("action", ["change", "delete"])
def test_nobody_changes_history(as_admin, booked, action):
    booked()
    event = Event.objects.latest("id")

    assert as_admin.post(f"{LIST}{event.pk}/{action}/", {"post": "yes", "type": "x"}).status_code == 403


def test_every_type_of_event_that_is_recorded_has_a_name(booked):
    booked()

    assert {event.type for event in Event.objects.all()} <= set(EVENT_NAMES)


def test_an_event_that_nobody_named_is_shown_by_its_type(as_admin, booked):
    booked()
    Event(type="thing.sent", subject_type="thing", subject_id="7", door="system").save()

    page = as_admin.get(LIST).text

    assert "thing.sent" in page
    assert "thing 7" in page


def test_a_record_with_many_events_costs_as_many_statements_as_one_with_few(booked, at_desk, dr_eve, dr_bob):
    row = booked(9)
    page = f"/admin/bookings/appointment/{row.pk}/move/"
    journal = EventJournal()

    def cost():
        with counted() as statements:
            journal.read(("appointment", row.pk))
        return len(statements)

    at_desk.submit(page, time="10:00", practitioner=dr_eve.pk)
    few = cost()
    at_desk.submit(page, time="11:00", practitioner=dr_bob.pk)
    at_desk.submit(page, time="13:00", practitioner=dr_eve.pk)

    assert cost() == few


def test_the_list_costs_as_many_statements_for_many_events_as_for_few(as_admin, booked):
    def cost():
        with counted() as statements:
            assert as_admin.get(LIST).status_code == 200
        return len(statements)

    booked(9)
    cost()
    few = cost()
    booked(10, guest=guest("Somsak", "0811111111"))

    assert cost() == few
