"""Patients by the calendar: found, warned of as duplicates, registered. Nothing of them is in a URL."""

from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.actions.patients import Guest, name_key, normalise_phone, register_patient
from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Reply
from bookings.admin.patients import PatientKnown, digits_in
from bookings.models import Patient
from bookings.queries.duplicates import Described, Why, likely_duplicates_for
from bookings.queries.lookup import Found, find_patients_for, found_patient
from core.actor import Actor
from core.errors import InvalidInput
from tenants.admin_sites.dates import say_day
from tenants.context import current_hospital

_LONGEST_PHONE, _LONGEST_EMAIL, _LONGEST_NUMBER = 40, 254, 30
_FIELD_OF = {"guest_name": "name", "guest_phone": "phone", "guest_email": "email"}
_WHY: dict[Why, str | Promise] = {
    Why.SAME_NUMBER: _("the same hospital number"),
    Why.SAME_NAME: _("the same name"),
    Why.SAME_PHONE: _("the same phone number"),
    Why.SAME_BIRTHDAY: _("the same date of birth and a similar name"),
}


def look_up(actor: Actor, fields: Fields) -> Reply:
    """Patients by a part of the name, the phone or the hospital number."""
    text = fields.text("q")
    fields.check()
    found = find_patients_for(actor, text=text, digits=digits_in(text))
    return Reply(200, {"results": [_patient(each) for each in found]})


def duplicates(actor: Actor, fields: Fields) -> Reply:
    """Who may be the person that is typed; a number that is not complete yet counts for nothing."""
    who = Described(
        key=name_key(fields.text("name")),
        phone=_phone(fields.text("phone", longest=_LONGEST_PHONE)),
        hospital_number=fields.text("hospital_number", longest=_LONGEST_NUMBER),
        born=fields.birthday("born"),
    )
    fields.check()
    likely = [
        {
            **_patient(each.found),
            "why": [why.value for why in each.why],
            "why_text": ", ".join(str(_WHY[why]) for why in each.why),
        }
        for each in likely_duplicates_for(actor, who)
    ]
    return Reply(200, {"likely": likely})


def register(actor: Actor, fields: Fields) -> Reply:
    """Register a patient."""
    name, phone = fields.text("name", needed=True), fields.text("phone", longest=_LONGEST_PHONE)
    email = fields.text("email", longest=_LONGEST_EMAIL)
    number = fields.text("hospital_number", longest=_LONGEST_NUMBER)
    born = fields.birthday("born")
    fields.check()
    row = _new_patient(name, phone, email)
    row.hospital_number, row.date_of_birth = number or None, born
    try:
        register_patient(actor, row)
    except IntegrityError as error:
        raise _why_refused(error) from error
    return Reply(201, {"patient": _patient(found_patient(actor, row.pk))})


def _new_patient(name: str, phone: str, email: str) -> Patient:
    try:
        guest = Guest.of(name=name, phone=phone, email=email)
    except InvalidInput as refusal:
        texts = {_FIELD_OF[field]: texts[0] for field, texts in refusal.data["fields"].items()}
        raise InvalidInput(**texts) from refusal
    language = current_hospital().language
    return Patient(name=guest.name, phone_number=guest.phone, email=guest.email, language=language)


def _why_refused(error: IntegrityError) -> Exception:
    if "one_patient_per_phone_and_name" in str(error):
        return PatientKnown()
    if "hospital_number" in str(error):
        return InvalidInput(hospital_number=_("Another patient has this hospital number."))
    return error


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except InvalidInput:
        return ""


def _patient(found: Found) -> dict[str, Any]:
    patient, seen = found
    last = None if seen is None else timezone.localdate(seen)
    return {
        "id": str(patient.pk),
        "name": patient.name,
        "phone": patient.phone_number,
        "email": patient.email,
        "hospital_number": patient.hospital_number,
        "born": _iso(patient.date_of_birth),
        "born_text": _said(patient.date_of_birth),
        "last_visit": _iso(last),
        "last_visit_text": _said(last),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _said(day: date | None) -> str:
    return "" if day is None else say_day(day)
