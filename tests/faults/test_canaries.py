"""After everything else: nothing that patients are called, wrote or are reached by has left the database."""

import base64
import json

import pytest

from tests.faults.canaries import Person, found_in
from tests.faults.clients import Outcome
from tests.faults.platform import eventually

SOMEBODY = Person(7)
PARTS = [SOMEBODY.name, SOMEBODY.note, SOMEBODY.phone, SOMEBODY.phone.replace("+66", "0")]


@pytest.mark.parametrize("part", PARTS)
def test_the_search_finds_a_person_in_the_clear_and_in_a_message_of_celery(part):
    message = base64.b64encode(json.dumps([[{"whom": part}], {}]).encode())

    assert found_in(f"2026-11-21 ERROR somebody called {part} came".encode())
    assert found_in(b'"LPUSH" "nadmor:celery" "{\\"body\\": \\"' + message + b'\\"}"')
    assert not found_in(b"2026-11-21 INFO nothing of anybody, 0812345678, 89753000112")


def test_no_log_redis_sentry_or_webhook_has_seen_a_person(platform, note):
    # Whatever else ran before: some bookings with everything that is personal, and a refusal of each kind.
    made = [platform.ploy.book() for _ in range(5)]
    assert {one.status for one in made} == {201}
    refused = [again(platform.ploy, one) for one in made]
    assert {one.status for one in refused} == {409}, refused
    wrong = platform.ploy.call("POST", "/create", {"guest_name": SOMEBODY.name, "notes": SOMEBODY.note})
    assert wrong.status == 400
    assert unforeseen(platform) == 500
    found = platform.ploy.call("GET", f"/search?phone=%2B{made[0].person.phone[1:]}")
    assert found.status == 200

    eventually(lambda: platform.sentry.reports, 20)
    platform.redis_ear.read_everything()
    logs, bodies = platform.logs(), [one.body for one in platform.receiver.requests]
    stored = platform.sql("SELECT count(*) FROM bookings_appointment", schema=platform.ploy.schema)[0][0]

    assert {name: found_in(text) for name, text in logs.items() if found_in(text)} == {}
    assert platform.redis_ear.heard == []
    assert [report[:2000] for report in platform.sentry.reports if found_in(report)] == []
    assert [body for body in bodies if found_in(body)] == []
    assert bodies
    assert platform.sentry.reports, "a fault was not reported"
    assert platform.redis_ear.commands > 50
    note(
        f"{stored:,} bookings with marked names, notes and phones searched for where they must not be",
        tries=sum(len(text) for text in logs.values()) // 1024,
        besides=f"KiB of logs; {platform.redis_ear.commands:,} commands of Redis,"
        f" {platform.redis_ear.keys:,} keys, {len(platform.sentry.reports)} reports to Sentry,"
        f" {len(bodies):,} webhooks: nothing found",
    )  # fmt: skip


def again(hospital, outcome: Outcome) -> Outcome:
    """The same time for somebody who has it already."""
    day, _, clock = outcome.body["start"].partition("T")
    body = {
        "event_type_id": hospital.place["visit"], "date": day, "time": clock[:5],
        "guest_name": outcome.person.name, "guest_phone": outcome.person.phone, "notes": outcome.person.note,
    }  # fmt: skip
    return hospital.call("POST", "/create", body)


def unforeseen(platform) -> int:
    """The status of a booking at a hospital whose table lost a column: nobody has foreseen that."""
    table = "ALTER TABLE bookings_appointment RENAME COLUMN"
    platform.sql(f"{table} guest_name TO gone", schema=platform.hospitals["wild"].schema)
    try:
        return platform.hospitals["wild"].book().status
    finally:
        platform.sql(f"{table} gone TO guest_name", schema=platform.hospitals["wild"].schema)
