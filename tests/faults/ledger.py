"""What was promised, held against what is in the database and what the hospital's other system was told."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from tests.faults.clients import Hospital, Outcome
from tests.faults.platform import Platform, eventually

_BOOKINGS = "SELECT reference, guest_phone FROM bookings_appointment WHERE status <> 'CANCELLED'"
_WAITING = "SELECT count(*) FROM public.jobs_job WHERE schema_name = %s AND kind = 'event'"
# Of an event that there never was: nothing is left to do but to remove the job.
_FOR_NOBODY = "INSERT INTO jobs_job (kind, schema_name, subject) VALUES ('event', %s, '0')"
_UNTOLD = "SELECT count(*) FROM events_event WHERE relayed_at IS NULL"


def promised(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Reference and phone of every booking that was answered with 201."""
    return {one.body["reference"]: one.person.phone for one in outcomes if one.status == 201 and one.person}


def lost(platform: Platform, hospital: Hospital, promises: dict[str, str]) -> list[str]:
    """References that were promised and are not there."""
    there = {row[0] for row in platform.sql(_BOOKINGS, schema=hospital.schema)}
    return sorted(set(promises) - there)


def doubled(platform: Platform, hospital: Hospital) -> list[str]:
    """People who asked once and hold two bookings: each of them has one time only."""
    phones = Counter(row[1] for row in platform.sql(_BOOKINGS, schema=hospital.schema))
    return [phone for phone, count in phones.items() if count > 1]


def untold(platform: Platform, hospital: Hospital) -> int:
    """How many events have not been handed on."""
    waiting = platform.sql(_WAITING, hospital.schema)[0][0]
    return int(max(waiting, platform.sql(_UNTOLD, schema=hospital.schema)[0][0]))


def arrivals(platform: Platform, hospital: Hospital) -> dict[str, list[str]]:
    """The ids of the messages of each new booking that reached the hospital's other system."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for received in list(platform.receiver.requests):
        if received.path == f"/{hospital.subdomain}":
            said = platform.read(received)
            if said["event"] == "booking.created":
                found[said["data"]["reference"]].append(received.message_id)
    return found


def seconds_until_told(
    platform: Platform, hospital: Hospital, references: Iterable[str], *, within: float
) -> float:
    """How long until the hospital's other system knows of all these bookings; fails after `within`."""
    wanted = set(references)

    def missing() -> set[str]:
        return wanted - arrivals(platform, hospital).keys()

    _, seconds = eventually(lambda: not missing() and not untold(platform, hospital), within, every=0.2)
    assert not missing(), f"{len(missing())} of {len(wanted)} webhooks did not come within {within} s"
    assert not untold(platform, hospital), "events were not handed on"
    return seconds


def told_twice(platform: Platform, hospital: Hospital, references: Iterable[str]) -> int:
    """How many messages of these bookings came more than once; each time with one id."""
    ids = arrivals(platform, hospital)
    for reference in references:
        assert len(set(ids[reference])) == 1, f"{reference} was told of under {ids[reference]}"
    return sum(len(ids[reference]) - 1 for reference in references)


def seconds_until_looked(platform: Platform, hospital: Hospital, within: float = 30) -> float:
    """How long a job waits of which nobody gave a hint: beat has to ask for it, a worker has to do it."""
    platform.sql(_FOR_NOBODY, hospital.schema)
    done, seconds = eventually(lambda: platform.sql(_WAITING, hospital.schema)[0][0] == 0, within)
    assert done, "beat or worker have stopped"
    return seconds
