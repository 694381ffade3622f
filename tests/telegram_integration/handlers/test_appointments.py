"""The coming appointments, and one of them."""

from datetime import timedelta

import pytest

from bookings.actions.patients import Guest
from bookings.actions.waiting_list import join_waiting_list
from core import clock
from telegram_integration.callbacks import Tap, pack_uuid, sign
from tests.support.booking import book, set_status
from tests.support.booking_chat import actions, find, tap
from tests.support.catalogue import at, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted
from tests.support.telegram_html import plain_text

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")


@pytest.fixture
def alices(people, desk, check_up):
    """A way to book for Alice on a coming day."""

    def book_for_alice(days, hour=10, service=check_up):
        return book(desk, service, at(hour, days=days), guest=Guest.known(people.alice))

    return book_for_alice


def open_by_id(chat, row, action="ad"):
    """Tap a button of ours about an appointment, wherever it stood."""
    hospital_id = chat.user.hospital_id
    data = sign(Tap(action, hospital_id, (pack_uuid(row.pk),)), bot_id=chat.bot.pk, chat_id=chat.telegram_id)
    return chat.taps_data(data)


def test_what_is_to_come_is_listed_in_order(patient_chat, alices):
    later, sooner = alices(3), alices(1)
    patient_chat.says("/myappointments")
    assert [label for label in patient_chat.labels if "check-up" in label] == [
        f"{at(10, days=days):%a} {at(10, days=days).day} {at(10, days=days):%b}, 10:00 · check-up"
        for days in (1, 3)
    ]
    assert find(patient_chat, "ad", pack_uuid(later.pk))
    assert find(patient_chat, "ad", pack_uuid(sooner.pk))


def test_what_is_over_or_cancelled_is_not_listed(patient_chat, alices, people, check_up, dr_bob):
    set_status(alices(1), "CANCELLED")
    ended = clock.now().replace(microsecond=0) - timedelta(days=1)
    insert_appointment(check_up, dr_bob, start=ended, patient_id=people.alice.pk)
    patient_chat.says("/myappointments")
    assert "You have no coming appointments." in patient_chat.card.text


def test_with_nothing_to_come_there_is_a_way_to_book(patient_chat):
    patient_chat.says("/myappointments")
    assert "You have no coming appointments." in patient_chat.card.text
    assert actions(patient_chat) == {"b", "m"}


def test_more_than_eight_come_in_pages(patient_chat, alices):
    for days in range(1, 10):
        alices(days)
    patient_chat.says("/myappointments")
    assert sum("check-up" in label for label in patient_chat.labels) == 8
    patient_chat.taps("Later »")
    assert sum("check-up" in label for label in patient_chat.labels) == 1
    patient_chat.taps("« Earlier")
    assert sum("check-up" in label for label in patient_chat.labels) == 8


def test_details_say_everything(patient_chat, alices):
    row = alices(1)
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    seen = plain_text(patient_chat.card.text)
    for fact in (
        row.reference,
        "check-up",
        "10:00",
        "Dr Bob",
        "Ploy Hospital",
        "Bangkok",
        "Status: Scheduled",
    ):
        assert fact in seen
    assert {"am", "ac", "wf", "a", "m"} == actions(patient_chat)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("SCHEDULED", {"am", "ac", "wf"}),
        ("CONFIRMED", {"am", "ac", "wf"}),
        ("CHECKED_IN", {"ac"}),
        ("IN_PROGRESS", {"ac"}),
        ("COMPLETED", set()),
        ("CANCELLED", set()),
        ("NO_SHOW", set()),
    ],
)
def test_only_what_the_status_allows_can_be_tapped(patient_chat, alices, status, expected):
    row = alices(1)
    set_status(row, status)
    open_by_id(patient_chat, row)
    assert actions(patient_chat) - {"a", "m"} == expected


def test_what_has_begun_can_neither_be_moved_nor_cancelled(patient_chat, people, check_up, dr_bob):
    begun = clock.now().replace(microsecond=0) - timedelta(minutes=10)
    insert_appointment(check_up, dr_bob, start=begun, patient_id=people.alice.pk)
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    assert actions(patient_chat) == {"a", "m"}


@pytest.mark.parametrize("action", ["ad", "ac", "acy", "acs", "am", "wf"])
def test_another_patients_appointment_is_not_found(patient_chat, desk, check_up, action):
    others = book(desk, check_up, at(10))
    open_by_id(patient_chat, others, action)
    assert "There is no booking with this reference." in patient_chat.card.text
    assert others.reference not in patient_chat.card.text
    assert "m" in actions(patient_chat)
    others.refresh_from_db()
    assert others.status == "SCHEDULED"


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_card_fits_in_both_languages(patient_chat, people, alices, language):
    patient_chat.speaks(language).says("/myappointments")
    alices(1)
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    assert people.alice.name not in patient_chat.card.text


def test_strangers_say_first_who_they_are(chat, alices):
    row = alices(1)
    chat.says("/myappointments")
    assert row.reference not in chat.text
    assert "ad" not in actions(chat) if chat.card.rows else True


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(patient_chat, alices, people, dr_bob, alice, count):
    for number in range(count):
        alices(number + 1)
        service = make_service(dr_bob, slug=f"more-{number}")
        join_waiting_list(alice, service_id=service.pk, guest=Guest.known(people.alice))
    patient_chat.says("/start")
    with counted() as statements:
        patient_chat.taps("My appointments")
    # One finds the person, one the appointments, two what is waited for.
    assert len(statements) == 4, statements
    assert sum("🔔" in label for label in patient_chat.labels) == count
    with counted() as statements:
        tap(patient_chat, "ad")
    assert len(statements) == 2, statements
