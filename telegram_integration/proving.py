"""Numbers and codes as people give them, and the moment in which somebody becomes a patient."""

import unicodedata
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from bookings.actions.claiming import claim_patient
from telegram_integration.models import Proof, TelegramUser
from telegram_integration.people import link_patient
from telegram_integration.turn import Turn

# What our codes are for, as `verification` keeps them apart.
PURPOSE = "telegram"


def subject_of(user: TelegramUser) -> str:
    """Who asks for codes, as `verification` counts them."""
    return f"telegram:{user.pk}"


def international(phone: str) -> str:
    """A contact's number, which Telegram writes with its country and mostly without the plus."""
    return phone if phone.startswith(("+", "0")) else f"+{phone}"


def digits_of(text: str) -> str:
    """The digits of a text in ASCII, Thai ones too; empty if there is anything but them and spaces."""
    plain = [letter for letter in text if not letter.isspace() and letter not in "-‐‑–"]
    digits = [str(unicodedata.decimal(letter, "")) for letter in plain]
    return "".join(digits) if all(digits) else ""


def register(turn: Turn, *, name: str, phone: str, proof: Proof) -> UUID:
    """Make the sender the patient of that name and phone (E.164), which they have proven.

    Returns the patient's id. Patient, link and user change together. Raises what `claim_patient` raises.
    """
    if turn.hospital is None:
        raise LookupError("Nobody registers without a hospital.")
    # Whoever registers anew is somebody unknown while they do.
    stranger = replace(turn, patient_id=None)
    with transaction.atomic():
        claimed = stranger.do(
            claim_patient, name=name, phone=phone, by_code=proof is Proof.CODE, language=turn.language
        )
        link_patient(turn.user, turn.hospital, claimed.patient_id, proof=proof)
        facts = {"name": name, "phone_number": phone, "is_verified": True, "hospital": turn.hospital}
        TelegramUser.objects.filter(pk=turn.user.pk).update(**facts)
    turn.user.name, turn.user.phone_number, turn.user.is_verified = name, phone, True
    turn.user.hospital = turn.hospital
    return claimed.patient_id
