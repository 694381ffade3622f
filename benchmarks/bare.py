"""The same work without a framework: psycopg, the same statements, JSON out. The floor of each figure."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import psycopg

from benchmarks.place import STARTS, Place, coming_days
from bookings.queries.availability import READ_BUSY
from bookings.references import new_reference


def cpu_per_call(work: Callable[[int], object], calls: int) -> float:
    """CPU seconds of this process for each call, after a warm-up."""
    for n in range(20):
        work(n)
    begun = time.process_time()
    for n in range(calls):
        work(20 + n)
    return (time.process_time() - begun) / calls


class Bare:
    """One connection that does what the web process does for a request."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.wire = psycopg.connect(place.database_url, autocommit=True)
        self.wire.execute(f"SET search_path = {place.schema}, public")

    def day(self, number: int) -> str:
        """Read one day of a few practitioners and write its busy ranges as JSON."""
        return self._read(coming_days(40)[number % 40], 1)

    def month(self, number: int) -> str:
        """Read 31 days."""
        return self._read(coming_days(20)[number % 20], 31)

    def _read(self, day: date, days: int) -> str:
        begin = (day.toordinal() - date(1970, 1, 1).toordinal()) * 86400 - 7 * 3600
        self.wire.execute("SELECT version FROM bookings_rulesversion").fetchone()
        few = self.place.practitioners[:4]
        asked = {"who": few, "begin": begin, "end": begin + days * 86400, "besides": None}
        rows = self.wire.execute(READ_BUSY, asked).fetchall()
        return json.dumps(rows)

    def book(self, number: int) -> str:
        """Insert an appointment and its event under the practitioner's lock, in one transaction."""
        whose = self.place.practitioners[number % len(self.place.practitioners)]
        nth = number // len(self.place.practitioners)
        day = date(2031, 1, 1) + timedelta(days=nth // len(STARTS))
        hour, minute = STARTS[nth % len(STARTS)]
        start = f"{day}T{hour:02}:{minute:02}:00+07"
        end = f"{day}T{hour:02}:{minute:02}:00+07"
        reference, key = new_reference(), str(uuid.uuid4())
        with self.wire.transaction():
            self.wire.execute(
                "SELECT set_config('lock_timeout', '3000', true),"
                " pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))",
                [whose],
            )
            self.wire.execute(
                "INSERT INTO bookings_appointment (id, created_at, updated_at, reference, service_id,"
                ' practitioner_id, start, "end", occupied, seat, status, guest_name, guest_email,'
                " guest_phone, notes, source, cancel_reason) VALUES (%s, now(), now(), %s, %s, %s, %s,"
                " %s::timestamptz + interval '30 minutes',"
                " tstzrange(%s, %s::timestamptz + interval '30 minutes'), 1, 'SCHEDULED', 'Somebody',"
                " '', '', '', 'api', '')",
                [key, reference, self.place.busy_service_id, whose, start, end, start, end],
            )
            self.wire.execute(
                "INSERT INTO events_event (type, subject_type, subject_id, door, actor_role,"
                " actor_label, changes, data)"
                " VALUES ('booking.created', 'appointment', %s, 'api', '', 'bare', '{}', '{}')",
                [key],
            )
        return json.dumps({"reference": reference})
