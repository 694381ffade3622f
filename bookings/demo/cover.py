"""Who pays for the made-up patients, what they agree to, and what they thought of their visits."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from accounts.permissions import Role
from bookings.demo.history import Acting, Happening, happening, visit_facts
from bookings.demo.lives import HOUR
from bookings.demo.people import Person
from bookings.demo.visits import Visit
from bookings.events import BookingEvent
from bookings.models import (
    Appointment,
    ConsentKind,
    Patient,
    PatientConsent,
    PatientInsurance,
    Rating,
    Scheme,
)
from bookings.rules.statuses import Status
from core import clock
from core.actor import Door
from tenants.models import Language

# The text that everybody agreed to.
VERSION = "2025-1"
_INSURERS = ("ประกันสุขภาพตัวอย่าง", "Example Health Insurance", "สมมติประกันชีวิต")
_SCHEMES = (Scheme.UCS, Scheme.SSS, Scheme.CSMBS, Scheme.PRIVATE, Scheme.SELF_PAY)
# Of a hundred children and pensioners, workers, and visitors: how many have which scheme.
_YOUNG_OR_OLD, _WORKING, _VISITING = (70, 0, 20, 7, 3), (30, 45, 12, 8, 5), (0, 0, 0, 60, 40)
_WORKING_AGES = range(18, 60)
_ALSO_PRIVATE = 0.08
_YEAR = timedelta(days=365)
# Which share agrees; of those who agree to reminders, which has had enough of them since.
_AGREE = {
    ConsentKind.TREATMENT: 1.0,
    ConsentKind.DATA_PROCESSING: 1.0,
    ConsentKind.REMINDERS: 0.85,
    ConsentKind.DATA_SHARING: 0.4,
}
_TIRED = 0.05
# Which share of completed visits is rated, how, and how many say why.
_RATED, _STARS, _WITH_COMMENT = 0.3, (3, 4, 11, 34, 48), 0.4
_RATED_WITHIN = 72 * HOUR
_PATIENT = Acting(Door.WEB, role=Role.PATIENT)

# By stars: bad, middling, good.
_THAI = (
    ("รอนานมาก เกือบสองชั่วโมง", "หมอรีบตรวจ ไม่ค่อยได้ถาม", "ที่จอดรถไม่พอ หาอยู่นาน"),
    ("บริการดี แต่รอคิวนาน", "โดยรวมพอใช้ค่ะ", "ห้องรอร้อนไปหน่อย"),
    ("หมอใจดี อธิบายละเอียด", "พยาบาลน่ารักมากค่ะ", "ตรงเวลา ไม่ต้องรอเลย", "ประทับใจมาก"),
)
_ENGLISH = (
    ("Waited for almost two hours.", "Felt rushed, no time for questions.", "Hard to find the building."),
    ("Good doctor, long queue.", "Fine overall.", "Signs in English would help."),
    ("Very kind and thorough.", "On time and friendly.", "Explained everything clearly."),
)


class Cover(NamedTuple):
    """Rows to be written."""

    insurances: list[PatientInsurance]
    consents: list[PatientConsent]
    ratings: list[Rating]


def make_cover(
    people: Iterable[Person], visits: Iterable[Visit], rows: Iterable[Appointment], now: int, rng: Random
) -> Cover:
    """Insurance and consents of everybody, from their registration on, and ratings of some visits."""
    everybody = list(people)
    return Cover(
        [row for number, person in enumerate(everybody) for row in _insurances(person, number, rng)],
        [row for person in everybody for row in _consents(person.patient, now, rng)],
        [row for visit, done in zip(visits, rows, strict=True) for row in _rating(visit, done, now, rng)],
    )


def cover_events(cover: Cover, desk: Acting) -> list[Happening]:
    """How all of it came to be, worded as the verbs word it, in no order."""
    events = []
    for insurance in cover.insurances:
        told: dict[str, object] = {"insurance_id": str(insurance.pk)}
        events.append(_about(desk, BookingEvent.INSURANCE_CHANGED, insurance, insurance.created_at, told))
    for consent in cover.consents:
        told = {"consent_id": str(consent.pk)}
        events.append(_about(desk, BookingEvent.CONSENT_GIVEN, consent, consent.given_at, told))
        if consent.withdrawn_at is not None:
            kind = BookingEvent.CONSENT_WITHDRAWN
            events.append(_about(desk, kind, consent, consent.withdrawn_at, told))
    for rating in cover.ratings:
        visit = rating.appointment
        events.append(
            happening(
                _PATIENT, BookingEvent.RATED, "appointment", visit.pk, clock.to_epoch(rating.created_at),
                changes={"rating": [None, rating.rating]},
                data={**visit_facts(visit), "status": Status.COMPLETED, "rating": rating.rating},
            )
        )  # fmt: skip
    return events


def _about(
    acting: Acting,
    kind: BookingEvent,
    row: PatientInsurance | PatientConsent,
    moment: datetime,
    told: dict[str, object],
) -> Happening:
    return happening(acting, kind, "patient", row.patient_id, clock.to_epoch(moment), changes={}, data=told)


def _insurances(person: Person, number: int, rng: Random) -> Iterator[PatientInsurance]:
    scheme = rng.choices(_SCHEMES, _weights(person))[0]
    yield _insurance(person.patient, scheme, number, rng, is_primary=True)
    if scheme in {Scheme.SSS, Scheme.CSMBS} and rng.random() < _ALSO_PRIVATE:
        yield _insurance(person.patient, Scheme.PRIVATE, number, rng, is_primary=False)


def _weights(person: Person) -> tuple[int, ...]:
    if person.patient.language == Language.ENGLISH:
        return _VISITING
    return _WORKING if person.age in _WORKING_AGES else _YOUNG_OR_OLD


def _insurance(
    patient: Patient, scheme: Scheme, number: int, rng: Random, *, is_primary: bool
) -> PatientInsurance:
    since = patient.created_at
    is_private = scheme is Scheme.PRIVATE
    return PatientInsurance(
        patient=patient,
        scheme=scheme,
        insurer=rng.choice(_INSURERS) if is_private else "",
        policy_number="" if scheme is Scheme.SELF_PAY else f"{scheme.value}-{number + 1:06d}",
        valid_from=since.date() if is_private else None,
        valid_until=(since + 2 * _YEAR).date() if is_private else None,
        is_primary=is_primary,
        created_at=since,
        updated_at=since,
    )


def _consents(patient: Patient, now: int, rng: Random) -> Iterator[PatientConsent]:
    given = patient.created_at
    for kind, share in _AGREE.items():
        if rng.random() >= share:
            continue
        is_tired = kind is ConsentKind.REMINDERS and rng.random() < _TIRED
        since = max(now - clock.to_epoch(given), 1)
        ended = given + timedelta(seconds=rng.randrange(since)) if is_tired else None
        yield PatientConsent(
            patient=patient,
            kind=kind,
            version=VERSION,
            given_at=given,
            given_door=Door.ADMIN,
            withdrawn_at=ended,
            withdrawn_door=Door.ADMIN if ended else "",
            created_at=given,
            updated_at=ended or given,
        )


def _rating(visit: Visit, done: Appointment, now: int, rng: Random) -> Iterator[Rating]:
    if not visit.is_registered or visit.life.status is not Status.COMPLETED or rng.random() >= _RATED:
        return
    at = visit.life.steps[-1].at + rng.randrange(HOUR, _RATED_WITHIN)
    if at > now:
        return
    moment, stars = clock.from_epoch(at), rng.choices(range(1, 6), _STARS)[0]
    comment = _comment(visit.person.patient, stars, rng) if rng.random() < _WITH_COMMENT else ""
    yield Rating(appointment=done, rating=stars, comment=comment, created_at=moment, updated_at=moment)


def _comment(patient: Patient, stars: int, rng: Random) -> str:
    texts = _ENGLISH if patient.language == Language.ENGLISH else _THAI
    return rng.choice(texts[0 if stars <= 2 else 1 if stars == 3 else 2])  # noqa: PLR2004  -- stars
