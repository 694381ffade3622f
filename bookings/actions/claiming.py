"""Claiming: somebody who proved a phone number becomes the patient of that number and name."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.actions.patients import Guest, find_or_register
from bookings.errors import CodeNeeded, PatientInactive
from bookings.models import Patient
from core.actor import Actor
from core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Claimed:
    """The patient that somebody is; `is_new` where they were not known before."""

    patient_id: UUID
    is_new: bool


@transaction.atomic
def claim_patient(actor: Actor, *, name: str, phone: str, by_code: bool, language: str) -> Claimed:
    """Find or register the patient of a phone and name, for somebody who has proven the phone.

    `by_code`: by a one-time code. Without it (a messenger vouches for the number) only a new patient is
    handed out: one who was there before may have a history, and the number another owner by now.
    `language` (th or en) is that of a new patient. What remembers the patient, such as a link to a chat,
    belongs in the same transaction: said twice, this finds on the second time whom it registered on the
    first. Raises `NotAllowed`, `InvalidInput` naming guest_name or guest_phone, `CodeNeeded`,
    `PatientInactive`.
    """
    actor.require("patients.claim")
    guest = Guest.of(name=name, phone=phone)
    if not guest.phone:
        raise InvalidInput(guest_phone=_("A phone number is needed."))
    patient_id, is_new = find_or_register(actor, guest, language=language)
    if not is_new:
        _require_proof(patient_id, by_code=by_code)
    return Claimed(patient_id, is_new)


def _require_proof(patient_id: UUID, *, by_code: bool) -> None:
    """Whether a record is closed is told to those alone who have shown that it is theirs."""
    if not by_code:
        raise CodeNeeded
    if not Patient.objects.filter(pk=patient_id, is_active=True).exists():
        raise PatientInactive
