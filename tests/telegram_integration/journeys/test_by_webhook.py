"""By webhook: the web process keeps what Telegram posts, two workers answer it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.telegram_integration.journeys import steps
from tests.telegram_integration.journeys.place import (
    SECRET,
    assert_nothing_was_lost_or_refused,
    eventually,
    post,
)

TIMES = 100
HEADER = "X-Telegram-Bot-Api-Secret-Token"
OURS = {HEADER: SECRET}
APPOINTMENT = "SELECT status, source, cancel_reason FROM bookings_appointment WHERE reference = %s"
BOOKINGS = "SELECT count(*) FROM bookings_appointment WHERE source = 'telegram' AND status <> 'HELD'"
HELD = "SELECT id, start FROM bookings_appointment WHERE status = 'HELD' ORDER BY id"
WAITING = "SELECT count(*) FROM telegram_updates WHERE done_at IS NULL"


def update(person, number, *, tapped=None, card=None, text=None):
    """An update as Telegram would post it: a tap with some data, or a text."""
    who = {"id": person.id, "is_bot": False, "first_name": "Malee", "language_code": "en"}
    chat = {"id": person.id, "type": "private", "first_name": "Malee"}
    message = {"message_id": card or 1, "date": int(time.time()), "chat": chat}
    if text is not None:
        return {"update_id": number, "message": {**message, "from": who, "text": text}}
    query = {"id": str(number), "from": who, "chat_instance": "1", "data": tapped}
    return {"update_id": number, "callback_query": {**query, "message": {**message, "text": "A card"}}}


def post_all(port, updates, headers=OURS):
    bodies = [json.dumps(one).encode() for one in updates]
    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(lambda body: post(port, "/telegram/webhook", body, headers), bodies))


@pytest.fixture(scope="module")
def webhook(place):
    """The web process with two workers; the web's port."""
    port = place.web()
    place.bot("--webhook")
    place.bot("--webhook")
    return port


@pytest.mark.usefixtures("webhook")
def test_a_stranger_registers_books_looks_up_moves_and_cancels(place):
    person = steps.somebody(place.sandbox, 2)
    reference = steps.whole_journey(person)

    assert place.sql(APPOINTMENT, reference) == [("CANCELLED", "telegram", "Not needed any more")]
    assert_nothing_was_lost_or_refused(place, person)


def confirm_button(person):
    card, [button, *_] = steps.buttons(person, "bc")
    return card["message_id"], button["data"]


def test_one_update_posted_a_hundred_times_has_one_effect(place, webhook):
    person = steps.registers_by_contact(steps.somebody(place.sandbox, 11))
    card, data = confirm_button(steps.sees_summary(person))
    before = place.sql(BOOKINGS)[0][0]
    wanted = update(person, 900_000_001, tapped=data, card=card)

    assert set(post_all(webhook, [wanted] * TIMES)) == {200}
    steps.reference_in(person.wait_for("Your appointment is booked"))
    eventually(lambda: place.sql(WAITING) == [(0,)])
    assert place.sql(BOOKINGS) == [(before + 1,)]
    rows = place.sql("SELECT attempts FROM telegram_updates WHERE update_id = 900000001")
    assert rows == [(1,)]
    tickets = [one for one in person.cards if "Your appointment is booked" in one["text"]]
    assert (len(tickets), len(person.documents)) == (1, 1)


def test_confirming_again_and_again_books_once_and_shows_the_ticket_again(place, webhook):
    person = steps.registers_by_contact(steps.somebody(place.sandbox, 12))
    card, data = confirm_button(steps.sees_summary(person, time=2))
    before = place.sql(BOOKINGS)[0][0]
    many = [update(person, 900_001_000 + number, tapped=data, card=card) for number in range(4)]

    assert set(post_all(webhook, many)) == {200}
    eventually(lambda: place.sql(WAITING) == [(0,)])
    person.wait_for("Your appointment is booked")
    assert place.sql(BOOKINGS) == [(before + 1,)]


def test_data_of_another_chat_and_data_that_nobody_signed_change_nothing(place, webhook):
    person = steps.registers_by_contact(steps.somebody(place.sandbox, 13))
    thief = steps.registers_by_contact(steps.somebody(place.sandbox, 14), "Mallory Thief")
    _, foreign = confirm_button(steps.sees_summary(person, time=3))
    body, _, mac = foreign.rpartition(".")
    forged = [
        foreign,
        body,
        f"{body}.",
        f"{body}.{mac[:-1]}A",
        f"m.0.{mac}",
        "bc",
        "....",
        "x" * 64,
        "\u0e01" * 21,
    ]
    before, held = place.sql(BOOKINGS), place.sql(HELD)

    for number, data in enumerate(forged):
        post_all(webhook, [update(thief, 900_002_000 + number, tapped=data)])
    eventually(lambda: place.sql(WAITING) == [(0,)])
    assert (place.sql(BOOKINGS), place.sql(HELD)) == (before, held)
    assert not any("Your appointment is booked" in one["text"] for one in thief.cards)
    assert "What would you like to do?" in thief.card["text"]
    assert steps.confirms(person)


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}], ids=["none", "empty", "nearly"]
)
def test_without_the_secret_nothing_is_kept(place, webhook, headers):
    person = steps.somebody(place.sandbox, 15)
    before = place.sql("SELECT count(*) FROM telegram_updates")

    assert post_all(webhook, [update(person, 900_003_000, text="/start")], headers) == [403]
    assert place.sql("SELECT count(*) FROM telegram_updates") == before
