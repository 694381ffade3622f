"""A line of a file of patients: registered, completed where something was empty, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.actions.patients import Guest, name_key, register_patient
from bookings.errors import PatientInactive
from bookings.exchange.cells import as_day
from bookings.models import Patient
from bookings.models.batch import Outcome
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from tenants.context import current_hospital
from tenants.models import Language

LONGEST_NUMBER = 30

DIFFERS = _("Something else is stored for this patient. Change it on the patient's page.")
WRONG_DATE = _("Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist.")
_ANOTHERS = _("This hospital number belongs to a patient of another name.")
_TWO = _("This phone number and name are another patient's.")
_LANGUAGES = {
    "th": Language.THAI, "thai": Language.THAI, "ไทย": Language.THAI, "ภาษาไทย": Language.THAI,
    "en": Language.ENGLISH, "english": Language.ENGLISH, "อังกฤษ": Language.ENGLISH,
    "ภาษาอังกฤษ": Language.ENGLISH,
}  # fmt: skip
# What a stored patient may lack, and a file may give.
_FILLED = ("phone_number", "email", "hospital_number", "date_of_birth")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLine:
    """A line that can be right: a tidy name, an E.164 phone, a lower-case address; see `of`."""

    name: str
    phone_number: str
    email: str
    hospital_number: str | None
    date_of_birth: date | None
    language: str

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "PatientLine":
        """Read the texts of a line, by field. Raises `InvalidInput` that names all the wrong ones."""
        wrong: dict[str, str | Promise] = {}
        guest = _guest(values, wrong)
        born = _born(values.get("date_of_birth", ""), wrong)
        number = " ".join(values.get("hospital_number", "").split())
        if len(number) > LONGEST_NUMBER:
            wrong["hospital_number"] = _("This hospital number is too long.")
        language = values.get("language", "").strip().casefold()
        if language and language not in _LANGUAGES:
            wrong["language"] = _("Write th or en.")
        if not wrong and not number and not (guest and guest.phone):
            wrong["phone_number"] = _("A phone number or a hospital number is needed.")
        if wrong or guest is None:
            raise InvalidInput(**wrong)
        return cls(
            name=guest.name, phone_number=guest.phone, email=guest.email, hospital_number=number or None,
            date_of_birth=born, language=_LANGUAGES.get(language) or current_hospital().language,
        )  # fmt: skip

    @property
    def key(self) -> str:
        """What tells this name from others."""
        return name_key(self.name)


def import_patient(actor: Actor, *, line: PatientLine) -> tuple[bool, Outcome]:
    """Register the patient of a line, or fill in what is empty of one who is known; UNCHANGED if nothing is.

    Returns whether they are new, and the outcome. Known by the hospital number, else by phone and name. What
    is stored is never overwritten. Raises `InvalidInput` where the line says otherwise, `PatientInactive`.
    """
    actor.require("patients.write")
    try:
        with transaction.atomic():
            return _import(actor, line)
    except IntegrityError:
        # Somebody else has just registered them: now they are known.
        with transaction.atomic():
            return _import(actor, line)


def _import(actor: Actor, line: PatientLine) -> tuple[bool, Outcome]:
    known = _known(line)
    if known is None:
        register_patient(actor, Patient(**_facts(line), name=line.name, language=line.language))
        return True, Outcome.DONE
    if not known.is_active:
        raise PatientInactive
    facts = {name: value for name, value in _facts(line).items() if value}
    differing = [name for name, value in facts.items() if getattr(known, name) not in (None, "", value)]
    if differing:
        raise InvalidInput(**dict.fromkeys(differing, DIFFERS))
    missing = {name: value for name, value in facts.items() if not getattr(known, name)}
    if not missing:
        return False, Outcome.UNCHANGED
    for name, value in missing.items():
        setattr(known, name, value)
    register_patient(actor, known)
    return False, Outcome.DONE


def _known(line: PatientLine) -> Patient | None:
    """The patient whom a line is about, locked; None for somebody new."""
    rows = Patient.objects.select_for_update(no_key=True)
    by_number = rows.filter(hospital_number=line.hospital_number).first() if line.hospital_number else None
    by_phone = (
        rows.filter(phone_number=line.phone_number, name_key=line.key).first() if line.phone_number else None
    )
    if by_number is not None and by_number.name_key != line.key:
        raise InvalidInput(hospital_number=_ANOTHERS)
    if by_number is not None and by_phone is not None and by_number.pk != by_phone.pk:
        raise InvalidInput(phone_number=_TWO)
    return by_number or by_phone


def _facts(line: PatientLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _FILLED}


def _guest(values: Mapping[str, str], wrong: dict[str, str | Promise]) -> Guest | None:
    """Name, phone and address as a guest; each is looked at alone, so that all the wrong ones are named."""
    parts = {"name": "name", "phone": "phone_number", "email": "email"}
    for part, field in parts.items():
        try:
            Guest.of(**{"name": "a", part: values.get(field, "")})
        except InvalidInput as refusal:
            (texts,) = refusal.data["fields"].values()
            wrong[field] = texts[0]
    if wrong:
        return None
    return Guest.of(**{part: values.get(field, "") for part, field in parts.items()})


def _born(text: str, wrong: dict[str, str | Promise]) -> date | None:
    try:
        day = as_day(text)
    except ValueError:
        wrong["date_of_birth"] = WRONG_DATE
        return None
    if day is not None and day > clock.today_in(current_hospital().timezone):
        wrong["date_of_birth"] = _("Nobody is born in the future.")
    return day
