"""Many clients book, move and cancel at random; then the database is asked whether anything overlaps."""

import random
import threading
from collections import Counter

from tests.live.crowd import Door, day_ahead

CLIENTS, STEPS = 16, 60
SERVICES = ("check_up", "visit", "group")
# Two occupying appointments of one practitioner that overlap, unless they are seats of one session.
OVERLAPS = """
SELECT a.reference, b.reference FROM bookings_appointment a JOIN bookings_appointment b
  ON a.practitioner_id = b.practitioner_id AND a.id < b.id AND a.occupied && b.occupied
WHERE a.status NOT IN ('CANCELLED', 'NO_SHOW') AND b.status NOT IN ('CANCELLED', 'NO_SHOW')
  AND NOT (a.service_id = b.service_id AND a.start = b.start AND a.seat <> b.seat)
"""
PATIENT_TWICE = """
SELECT a.reference, b.reference FROM bookings_appointment a JOIN bookings_appointment b
  ON a.patient_id = b.patient_id AND a.id < b.id AND a.period && b.period
WHERE a.status NOT IN ('CANCELLED', 'NO_SHOW') AND b.status NOT IN ('CANCELLED', 'NO_SHOW')
"""
EVENTS = """
SELECT count(*) FROM events_event
WHERE type IN ('booking.created', 'booking.rescheduled', 'booking.cancelled')
"""


class Client:
    """One restless person with a fixed seed."""

    def __init__(self, door: Door, place: dict, seed: int) -> None:
        self.door, self.place, self.chance = door, place, random.Random(seed)
        self.name, self.phone = f"Client {seed}", f"+66813{seed:06}"
        self.mine: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.changes = 0

    def run(self) -> None:
        for _ in range(STEPS):
            step = self.chance.choice([self.book, self.book, self.hold_and_book, self.move, self.cancel])
            step()
        self.door.close()

    def when(self) -> dict[str, str]:
        hour, minute = self.chance.choice([9, 10, 11, 13, 14]), self.chance.choice([0, 20, 30, 40])
        return {"date": day_ahead(self.chance.choice([40, 41])).isoformat(), "time": f"{hour:02}:{minute:02}"}

    def note(self, answer):
        self.statuses[answer.status] += 1
        return answer

    def book(self, **more):
        what = {"event_type_id": self.place[self.chance.choice(SERVICES)], **self.when(), **more}
        body = {**what, "guest_name": self.name, "guest_phone": self.phone}
        answer = self.note(self.door.call("POST", "/create", body))
        if answer.status == 201:
            self.changes += 1
            self.mine.append(answer.body["reference"])

    def hold_and_book(self):
        what = {"event_type_id": self.place[self.chance.choice(SERVICES)], **self.when()}
        answer = self.note(self.door.call("POST", "/hold", what))
        if answer.status == 201 and self.chance.random() < 0.5:
            self.book(**what, hold_id=answer.body["hold_id"])
        elif answer.status == 201:
            self.note(self.door.call("DELETE", f"/hold/{answer.body['hold_id']}"))

    def move(self):
        if self.mine:
            when = self.when()
            body = {"new_date": when["date"], "new_time": when["time"]}
            before = self.door.call("GET", f"/{self.mine[0]}").body
            answer = self.note(self.door.call("POST", f"/{self.mine[0]}/reschedule", body))
            self.changes += answer.status == 200 and answer.body["start"] != before["start"]

    def cancel(self):
        if self.mine:
            answer = self.note(self.door.call("POST", f"/{self.mine.pop()}/cancel", {}))
            self.changes += answer.status == 200


def test_a_storm_of_booking_moving_and_cancelling_leaves_no_overlap_and_one_event_a_change(platform):
    before = platform.query("rama", EVENTS)[0][0]
    clients = [Client(platform.door("rama"), platform.places["rama"], seed) for seed in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = sum((client.statuses for client in clients), Counter())
    assert set(statuses) <= {200, 201, 204, 409}, statuses
    assert statuses[201] > 50
    assert statuses[409] > 50
    assert platform.query("rama", OVERLAPS) == []
    assert platform.query("rama", PATIENT_TWICE) == []
    assert platform.query("rama", EVENTS)[0][0] - before == sum(client.changes for client in clients)
