"""A line of a file of practitioners: added, completed where something was empty, or refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.actions.links import refuse_fields
from bookings.actions.practitioners import Training, update_doctor_specialties
from bookings.events import BookingEvent
from bookings.exchange.cells import as_answer
from bookings.models import Practitioner, PractitionerKind, PractitionerSpecialty, Specialty
from bookings.models.batch import Outcome
from bookings.models.people import LONGEST_CAREER
from bookings.queries.plan_counts import count_active_doctors
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from subscriptions.limits import lock_room, require_room
from tenants.context import current_hospital

LONGEST_NAME, LONGEST_LICENCE = 200, 50

DIFFERS = _("Something else is stored for this practitioner. Change it on the practitioner's page.")
_KINDS = {
    "doctor": PractitionerKind.DOCTOR, "physician": PractitionerKind.DOCTOR,
    "dentist": PractitionerKind.DOCTOR,
    "แพทย์": PractitionerKind.DOCTOR, "หมอ": PractitionerKind.DOCTOR, "ทันตแพทย์": PractitionerKind.DOCTOR,
    "nurse": PractitionerKind.NURSE, "พยาบาล": PractitionerKind.NURSE,
    "therapist": PractitionerKind.THERAPIST, "นักบำบัด": PractitionerKind.THERAPIST,
    "นักกายภาพบำบัด": PractitionerKind.THERAPIST,
    "room": PractitionerKind.ROOM, "equipment": PractitionerKind.ROOM, "ห้อง": PractitionerKind.ROOM,
    "ห้องหรืออุปกรณ์": PractitionerKind.ROOM, "อุปกรณ์": PractitionerKind.ROOM,
}  # fmt: skip
# What a stored practitioner may lack, and a file may give.
_FILLED = ("license_number", "years_of_experience")


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerLine:
    """A line that can be right; what is None was not said. See `of`."""

    name_th: str
    name_en: str
    kind: PractitionerKind
    specialties: tuple[str, ...] = ()
    license_number: str = ""
    years_of_experience: int | None = None
    is_bookable: bool | None = None

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "PractitionerLine":
        """Read the texts of a line, by field. Raises `InvalidInput` that names all the wrong ones."""
        wrong: dict[str, str | Promise] = {}
        thai, english = (" ".join(values.get(name, "").split()) for name in ("name_th", "name_en"))
        licence = " ".join(values.get("license_number", "").split())
        for field, text, most in (
            ("name_th", thai, LONGEST_NAME),
            ("name_en", english, LONGEST_NAME),
            ("license_number", licence, LONGEST_LICENCE),
        ):
            if len(text) > most:
                wrong[field] = _("This is too long.")
        if not thai and not english:
            wrong["name_th"] = _("A name is needed.")
        kind = _KINDS.get(values.get("kind", "doctor").strip().casefold())
        if kind is None:
            wrong["kind"] = _("Write doctor, nurse, therapist or room.")
        years = _years(values.get("years_of_experience", ""), wrong)
        bookable = _bookable(values.get("is_bookable", ""), wrong)
        if wrong or kind is None:
            raise InvalidInput(**wrong)
        return cls(
            name_th=thai or english, name_en=english or thai, kind=kind, license_number=licence,
            specialties=_codes(values.get("specialties", "")), years_of_experience=years,
            is_bookable=bookable,
        )  # fmt: skip


def import_practitioner(actor: Actor, *, line: PractitionerLine, pledged: int = 0) -> tuple[bool, Outcome]:
    """Add the practitioner of a line, or fill in what is empty of one who is known; UNCHANGED if nothing is.

    Returns whether they are new, and the outcome. Known by the licence number, else by kind and Thai name.
    What is stored is never overwritten. `pledged` doctors are counted as if they were there. Within a
    transaction. Raises `InvalidInput`, `PlanLimitReached`.
    """
    actor.require("practitioners.write")
    trained = _specialties(line)
    # Nothing in the database keeps two of one name apart: whoever adds somebody waits for the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('practitioners:' || current_schema(), 0))"
        )
    known = _known(line)
    if known is not None:
        return False, _fill(actor, known, line, trained)
    _add(actor, line, trained, pledged)
    return True, Outcome.DONE


def _add(actor: Actor, line: PractitionerLine, trained: list[Specialty], pledged: int) -> None:
    row = Practitioner(
        name_th=line.name_th, name_en=line.name_en, kind=line.kind, license_number=line.license_number,
        years_of_experience=line.years_of_experience, is_bookable=line.is_bookable is not False,
    )  # fmt: skip
    if line.kind == PractitionerKind.DOCTOR:
        lock_room(current_hospital())
        require_room(current_hospital(), "doctors", have=count_active_doctors() + pledged)
    _save(row)
    _tell(actor, row, how="added")
    _train(actor, row, trained)


def _fill(actor: Actor, known: Practitioner, line: PractitionerLine, trained: list[Specialty]) -> Outcome:
    facts = {name: getattr(line, name) for name in _FILLED if getattr(line, name) not in (None, "")}
    stated = {**facts, "name_th": line.name_th, "name_en": line.name_en, "kind": line.kind}
    if line.is_bookable is not None:
        stated["is_bookable"] = line.is_bookable
    differing = [name for name, value in stated.items() if getattr(known, name) not in (None, "", value)]
    had = {row.specialty_id for row in PractitionerSpecialty.objects.filter(practitioner=known)}
    if trained and had and had != {row.pk for row in trained}:
        differing.append("specialties")
    if differing:
        raise InvalidInput(**dict.fromkeys(differing, DIFFERS))
    missing = {name: value for name, value in facts.items() if getattr(known, name) in (None, "")}
    if missing:
        for name, value in missing.items():
            setattr(known, name, value)
        _save(known)
        _tell(actor, known, how="changed", fields=sorted(missing))
    if trained and not had:
        _train(actor, known, trained)
    return Outcome.DONE if missing or (trained and not had) else Outcome.UNCHANGED


def _known(line: PractitionerLine) -> Practitioner | None:
    rows = Practitioner.objects.select_for_update(no_key=True).order_by("created_at", "pk")
    if line.license_number:
        of_licence = rows.filter(license_number=line.license_number).first()
        if of_licence is not None:
            return of_licence
    of_name = rows.filter(kind=line.kind, name_th__iexact=line.name_th)
    # Of several of one name, whoever has no licence yet may be meant; a licence of another number is another.
    if line.license_number:
        of_name = of_name.filter(license_number="")
    return of_name.first()


def _specialties(line: PractitionerLine) -> list[Specialty]:
    """The specialties of a line in its order. Raises `InvalidInput` for a code that nobody knows."""
    if line.specialties and line.kind == PractitionerKind.ROOM:
        raise InvalidInput(specialties=_("A room has no specialties."))
    known = {row.code: row for row in Specialty.objects.filter(code__in=line.specialties)}
    if len(known) < len(line.specialties):
        raise InvalidInput(specialties=_("There is no specialty with this code."))
    return [known[code] for code in line.specialties]


def _train(actor: Actor, row: Practitioner, trained: Sequence[Specialty]) -> None:
    if trained:
        specialties = [
            Training(specialty_id=each.pk, is_primary=place == 0) for place, each in enumerate(trained)
        ]
        update_doctor_specialties(actor, doctor_id=row.pk, specialties=specialties)


def _save(row: Practitioner) -> None:
    try:
        row.full_clean(exclude=["user"])
    except ValidationError as error:
        refuse_fields(error)
    with transaction.atomic():
        row.save()


def _tell(actor: Actor, row: Practitioner, **data: Any) -> None:
    record(actor, BookingEvent.PROVIDER_CHANGED, subject_type="provider", subject_id=row.pk, data=data)


def _codes(text: str) -> tuple[str, ...]:
    """Codes of specialties, each once, in their order."""
    return tuple(dict.fromkeys(code.casefold() for code in re.split(r"[\s,;|/]+", text) if code))


def _years(text: str, wrong: dict[str, str | Promise]) -> int | None:
    plain = re.sub(r"\s*(years?|ปี)$", "", text.strip().casefold())
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,3}", plain) or int(plain) > LONGEST_CAREER:
        wrong["years_of_experience"] = _("Years of experience are between 0 and 80.")
        return None
    return int(plain)


def _bookable(text: str, wrong: dict[str, str | Promise]) -> bool | None:
    try:
        return as_answer(text)
    except ValueError:
        wrong["is_bookable"] = _("Write yes or no.")
        return None
