"""Reading the feeds: of a hospital, and of the platform, which hospitals hear of too. Runs in threads."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bookings.queries.owners import (
    NOBODY,
    Owners,
    doctors_of_patients,
    owners_of_appointments,
    owners_of_waiting,
)
from credentials.callers import within
from events.feed import LARGEST_BATCH, Position, Told, end_of_feed, event_at, read_after
from mcp_integration.streams.telling import (
    HOSPITAL_FAMILIES,
    PLATFORM_FAMILIES,
    Family,
    Heard,
    hear,
    ids_of,
    uuid_of,
)
from records.queries.carers import carers_of
from tenants.context import current_hospital, in_public_schema
from tenants.models import Hospital

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """Some events in order; whether more will come soon, and whether there may be more at once."""

    heard: list[Heard]
    is_held_back: bool
    is_full: bool


NOTHING = Reading([], is_held_back=False, is_full=False)


def read(hospital: Hospital | None, after: Position, *, check: bool = False) -> Reading:
    """What comes after a place in a hospital's feed, or without one in the platform's.

    With `check` the place is looked up first, as after an outage. Raises `CursorUnknown` then.
    """
    with within(hospital):
        if check:
            event_at(after)
        batch = read_after(after)
        return Reading(_hear_all(batch.events), batch.is_held_back, len(batch.events) == LARGEST_BATCH)


def find(hospital: Hospital | None, place: Position) -> Heard | None:
    """The event at a place, None at the beginning. Raises `CursorUnknown`."""
    with within(hospital):
        told = event_at(place)
        return _hear_all([told])[0] if told is not None else None


def find_end(hospital: Hospital | None) -> Position:
    """The place after everything that may be read now."""
    with within(hospital):
        return end_of_feed()


def _hear_all(events: list[Told]) -> list[Heard]:
    """The events with their owners: four statements at most, whatever their number."""
    if in_public_schema():
        return [_hear(told, PLATFORM_FAMILIES, None, NOBODY) for told in events]
    timezone, owners = current_hospital().timezone, _owners_of(events)
    return [_hear(told, HOSPITAL_FAMILIES, timezone, _with_former(told, owners)) for told in events]


def _hear(told: Told, families: Mapping[str, Family], timezone: str | None, owners: Owners) -> Heard:
    """The event as it is told; one that cannot be worded must not keep all that follow it back."""
    try:
        return hear(told, families, timezone=timezone, owners=owners)
    except Exception as error:  # noqa: BLE001  -- whatever is wrong with it
        logger.error("event %s cannot be told (%s)", told.position, type(error).__name__)  # noqa: TRY400  -- no values in logs
        return Heard(told, ())


def _owners_of(events: list[Told]) -> Mapping[tuple[str, str], Owners]:
    """Whose the subjects are, by kind and id."""
    found = {
        "appointment": owners_of_appointments(ids_of(events, "appointment")),
        "waiting_list_entry": owners_of_waiting(ids_of(events, "waiting_list_entry")),
        "patient": doctors_of_patients(ids_of(events, "patient")),
    }
    owners = {(kind, str(key)): whose for kind, by_id in found.items() for key, whose in by_id.items()}
    return {**owners, **_owners_of_care(events)}


def _owners_of_care(events: list[Told]) -> dict[tuple[str, str], Owners]:
    """Records and treatments belong to their patient, and to whoever cares for them."""
    patients = {
        (told.subject_type, told.subject_id): patient
        for told in events
        if told.subject_type in ("medical_record", "treatment")
        and (patient := uuid_of(told.data.get("patient_id"))) is not None
    }
    carers = carers_of(set(patients.values()))
    return {
        subject: Owners(frozenset({patient}), carers.get(patient, frozenset()))
        for subject, patient in patients.items()
    }


def _with_former(told: Told, owners: Mapping[tuple[str, str], Owners]) -> Owners:
    """Whoever an appointment was taken from is told, too."""
    now = owners.get((told.subject_type, told.subject_id), NOBODY)
    if told.subject_type != "appointment" or "practitioner" not in told.changes:
        return now
    former = uuid_of(told.changes["practitioner"][0])
    return now if former is None else replace(now, practitioners=now.practitioners | {former})
