"""kill -9 of workers in the middle of bulk work: each item is done once, and nobody is told twice."""

import time

from tests.faults.bulking import MANY, NAME
from tests.faults.platform import eventually

# How many items are done when the worker is killed, each time.
KILLED_AT = (20, 120, 220)
LONGEST = 300  # seconds: the lease of a step is 30 s, and a worker starts first
_DONE = "SELECT count(*) FROM bookings_batchitem WHERE outcome = 'DONE'"
_STATE = "SELECT state FROM bookings_batch WHERE id = %s"
_LEFT = "SELECT count(*) FROM bookings_batchitem WHERE outcome <> 'DONE' OR payload <> ''"
_OURS = f"SELECT id FROM bookings_appointment WHERE starts_with(guest_name, '{NAME}')"
_TIMES = f"""
SELECT count(*) FROM events_event
WHERE type = 'booking.cancelled' AND subject_id IN (SELECT id::text FROM ({_OURS}) AS ours)
GROUP BY subject_id
"""
_STILL = f"SELECT count(*) FROM ({_OURS} AND status <> 'CANCELLED') AS ours"
_TOLD = f"""
SELECT count(*) FROM bookings_notice
WHERE kind = 'booking_cancelled' AND appointment_id IN ({_OURS}) GROUP BY appointment_id
"""

_UNDER_WAY = """
SELECT (SELECT count(*) FROM jobs_job WHERE schema_name = %s AND due_at <= now())
     + (SELECT count(*) FROM webhooks_delivery WHERE state = 'PENDING' AND attempts = 0)
"""


def test_bulk_work_whose_workers_are_killed_does_each_item_once(platform, note):
    hospital = platform.ploy
    desk = platform.places["ploy"]["desk"]["email"]

    def rows(query, *params):
        return platform.sql(query, *params, schema=hospital.schema)

    platform.worker.freeze()
    batch = platform.run("-m", "tests.faults.bulking", "ploy", desk)
    platform.worker.thaw()
    longest = 0.0
    for count in KILLED_AT:
        assert eventually(lambda: rows(_DONE)[0][0] >= count, LONGEST, every=0.02)[0]  # noqa: B023  -- now
        platform.worker.kill()
        at_death = rows(_DONE)[0][0]
        assert at_death < MANY
        platform.worker.start()
        _, back_after = eventually(lambda: rows(_DONE)[0][0] > at_death, LONGEST)  # noqa: B023  -- now
        longest = max(longest, back_after)
    began = time.monotonic()
    assert eventually(lambda: rows(_STATE, batch) == [("DONE",)], LONGEST)[0]

    assert rows(_LEFT) == [(0,)]
    assert rows(_STILL) == [(0,)]
    assert rows(_TIMES) == [(1,)] * MANY
    assert eventually(lambda: rows(_TOLD) == [(1,)] * MANY, LONGEST)[0]
    note(
        f"worker killed in the middle of a batch of {MANY}", tries=len(KILLED_AT), back_after=longest,
        besides=f"each item once; done {time.monotonic() - began:.1f} s after the last start",
    )  # fmt: skip
    # What all these changes have set going is over before another test measures anything.
    assert eventually(lambda: platform.sql(_UNDER_WAY, hospital.schema) == [(0,)], LONGEST)[0]
