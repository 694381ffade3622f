"""What prompts take. MCP carries every argument as text (`prompts/get`, 2025-11-25 and 2026-07-28)."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.serializers.fields import WireDate, WireId, WireText

MOST_SYMPTOMS, LONGEST = 20, 200


class WordsField(serializers.ListField):
    """Several short texts: a JSON array of them, or one text with commas or line breaks between them."""

    child = WireText(max_length=LONGEST)

    def to_internal_value(self, data: Any) -> list[str]:
        """The texts, without empty ones."""
        words = self._parts(data) if isinstance(data, str) else data
        kept: list[str] = super().to_internal_value(words)
        return kept

    def _parts(self, text: str) -> list[Any]:
        if text.lstrip().startswith("["):
            try:
                parts: list[Any] = json.loads(text)
            except (ValueError, RecursionError):
                self.fail("not_a_list", input_type="str")
            return parts
        return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


class BookAppointmentArguments(serializers.Serializer):
    """Arguments of `book-appointment`."""

    service_type = WireText(
        required=False, max_length=LONGEST, help_text=_("What it is about: a service or a field of medicine.")
    )


class AppointmentBookingArguments(serializers.Serializer):
    """Arguments of `appointment_booking`."""

    patient_id = WireId(required=False, help_text=_("The patient, where they are registered already (UUID)."))
    preferred_date = WireDate(required=False, help_text=_("The day that suits the patient, YYYY-MM-DD."))


class PatientOnboardingArguments(serializers.Serializer):
    """Arguments of `patient_onboarding`."""

    hospital_id = WireId(help_text=_("The hospital that the patient comes to (UUID)."))
    referral_source = WireText(
        required=False, max_length=LONGEST, help_text=_("Who or what sent the patient here.")
    )


class EmergencyTriageArguments(serializers.Serializer):
    """Arguments of `emergency_triage`."""

    symptoms = WordsField(
        min_length=1,
        max_length=MOST_SYMPTOMS,
        help_text=_("What is wrong, with commas between: chest pain, short of breath."),
    )
