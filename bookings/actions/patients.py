"""Guests and patients: who they are, and when two names mean one person."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bookings.events import BookingEvent
from bookings.models import Patient
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from tenants.models import Language

LONGEST_NAME = 200

# Titles stand before names and tell no two people apart. Longest first, as one may begin with another.
_TITLES = re.compile(
    r"^(?:(?:mrs|mr|miss|ms|dr|prof|khun)\b\.?|เด็กหญิง|เด็กชาย|นางสาว|ด\.ญ\.|ด\.ช\.|น\.ส\.|นาย|นาง|คุณ)\s*",
    re.IGNORECASE,
)


def normalise_phone(text: str, *, field: str = "guest_phone") -> str:
    """A phone number in E.164; without a country code it is read as one of the platform's region.

    Empty stays empty. Raises `InvalidInput` on `field`.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, settings.PHONE_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidInput(**{field: _("This is not a phone number.")}) from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidInput(**{field: _("This is not a phone number.")})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def name_key(name: str) -> str:
    """What is compared of a name: without title, case, accents of width and spare spaces."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    without_title = _TITLES.sub("", plain).strip()
    # Some letters become several: the key is cut where its column ends.
    return (without_title or plain)[:LONGEST_NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """The person for whom a booking is made, as the caller gave them and checked: see `Guest.of`.

    `patient_id` is the patient that they are, where the caller knows it already: see `Guest.known`.
    """

    name: str
    phone: str = ""
    email: str = ""
    patient_id: UUID | None = None

    @classmethod
    def known(cls, patient: Patient) -> Self:
        """A patient of the hospital as a guest; a phone is not needed then."""
        return cls(name=patient.name, phone=patient.phone_number, email=patient.email, patient_id=patient.pk)

    @classmethod
    def of(cls, *, name: str, phone: str = "", email: str = "") -> Self:
        """A guest with a tidy name, an E.164 phone and a lower-case address.

        Raises `InvalidInput` that names guest_name, guest_phone or guest_email.
        """
        tidy = " ".join(name.split())
        # Spaces without width, marks and controls are no name by themselves.
        if not any(unicodedata.category(letter)[0] not in "CMZ" for letter in tidy):
            raise InvalidInput(guest_name=_("A name is needed."))
        if len(tidy) > LONGEST_NAME:
            raise InvalidInput(guest_name=_("This name is too long."))
        return cls(name=tidy, phone=normalise_phone(phone), email=_normalise_email(email))


def guest_lock(guest: Guest) -> list[str]:
    """The keys (see `bookings.actions.seats.lock`) under which a guest's appointments are made."""
    is_somebody = guest.phone or guest.patient_id is not None
    return [f"patient:{guest.phone}:{name_key(guest.name)}"] if is_somebody else []


def _normalise_email(text: str) -> str:
    address = text.strip().lower()
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise InvalidInput(guest_email=_("This is not an e-mail address.")) from error
    return address


def patient_for_guest(actor: Actor, guest: Guest) -> UUID | None:
    """The id of the patient that a guest is: known, found by phone and name, or registered.

    None for somebody unknown without a phone. Call within the booking's transaction. Two bookings at once
    register one patient.
    """
    if guest.patient_id is not None:
        return guest.patient_id
    return find_or_register(actor, guest)[0] if guest.phone else None


def find_or_register(actor: Actor, guest: Guest, *, language: str = Language.THAI) -> tuple[UUID, bool]:
    """The id of the patient of a guest's phone and name, and whether they are registered by this call.

    `language` is for a new one. Call within a transaction, with a guest who has a phone. Two calls at once
    register one patient; the second waits for the first.
    """
    key = name_key(guest.name)
    if (known := _patient_known_as(guest.phone, key)) is not None:
        return known, False
    fresh = Patient(
        name=guest.name, name_key=key, phone_number=guest.phone, email=guest.email, language=language
    )
    # Whoever comes second waits for the first and inserts nothing.
    Patient.objects.bulk_create([fresh], ignore_conflicts=True)
    registered = _patient_known_as(guest.phone, key)
    if registered is None:
        raise RuntimeError("A patient is there after they were registered.")
    if is_new := registered == fresh.pk:
        record(actor, BookingEvent.PATIENT_REGISTERED, subject_type="patient", subject_id=registered)
    return registered, is_new


def _patient_known_as(phone: str, key: str) -> UUID | None:
    """Plain SQL: each booking asks, and the ORM's question costs three times as much."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM bookings_patient WHERE phone_number = %s AND name_key = %s", [phone, key]
        )
        row: tuple[UUID] | None = cursor.fetchone()
    return row[0] if row else None


@transaction.atomic
def register_patient(actor: Actor, patient: Patient) -> Patient:
    """Save a patient that staff entered or changed, with phone and name key in their stored form.

    Raises `InvalidInput` naming the field; the database refuses a second one of the same phone and name.
    """
    actor.require("patients.write")
    patient.phone_number = normalise_phone(patient.phone_number, field="phone_number")
    patient.name_key = name_key(patient.name)
    is_new = patient._state.adding  # noqa: SLF001  -- Django's own way to ask
    patient.save()
    record(
        actor,
        BookingEvent.PATIENT_REGISTERED if is_new else BookingEvent.PATIENT_CHANGED,
        subject_type="patient",
        subject_id=patient.pk,
    )
    return patient
