"""From the first word to the last, between real processes, by polling."""

import pytest

from tests.telegram_integration.journeys import steps
from tests.telegram_integration.journeys.place import assert_nothing_was_lost_or_refused, eventually

APPOINTMENT = "SELECT status, source, cancel_reason FROM bookings_appointment WHERE reference = %s"
PROOF = """
SELECT proof FROM telegram_links l JOIN telegram_users u ON u.id = l.user_id WHERE u.telegram_id = %s
"""
SENT_CODES = """
SELECT count(*) FROM phone_challenges c JOIN telegram_users u ON c.subject = 'telegram:' || u.id
WHERE c.sent_at IS NOT NULL AND u.telegram_id = %s
"""


@pytest.fixture(scope="module")
def bot(place):
    return place.bot()


@pytest.mark.usefixtures("bot")
def test_a_stranger_registers_books_looks_up_moves_and_cancels(place):
    person = steps.somebody(place.sandbox, 1)
    reference = steps.whole_journey(person)

    assert place.sql(APPOINTMENT, reference) == [("CANCELLED", "telegram", "Not needed any more")]
    assert_nothing_was_lost_or_refused(place, person)


def test_a_typed_number_is_proven_by_the_code_that_came_to_it(place, bot):
    person = steps.somebody(place.sandbox, 3)
    steps.gives_name(steps.greets(person), "Somchai Rakdee")
    person.types("089 765 4321").wait_for("Write the 6 digits here")
    code = place.code_of(bot)
    person.types("000000" if code != "000000" else "111111").wait_for("This is not the code")
    person.types(f"{code[:3]} {code[3:]}").wait_for("What would you like to do?")
    steps.sees_summary(person)
    steps.confirms(person)

    assert place.sql("SELECT name FROM bookings_patient WHERE phone_number = '+66897654321'") == [
        ("Somchai Rakdee",)
    ]
    assert place.sql(PROOF, person.id) == [("CODE",)]
    assert code not in str(place.sql("SELECT code_key, phone_key, subject FROM phone_challenges"))


@pytest.mark.usefixtures("bot")
def test_a_flood_of_requests_for_codes_sends_one(place):
    person = steps.somebody(place.sandbox, 16)
    steps.gives_name(steps.greets(person), "Malee Flood")
    person.types("081 555 1234").wait_for("Write the 6 digits here")
    card, some = steps.buttons(person, "r")
    again = next(one["data"] for one in some if one["text"] == "Send again")
    for _ in range(20):
        person.taps(data=again, message_id=card["message_id"])
    person.wait_for_answer("Please wait")
    # Nothing is left to whoever serves this Telegram next.
    eventually(lambda: place.sandbox.counters()["callbacks_unanswered"] == 0)

    assert place.sql(SENT_CODES, person.id) == [(1,)]
