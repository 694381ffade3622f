"""Patients on the wire, with who pays for them and what they have agreed to."""

from typing import Any

from rest_framework import serializers

from bookings.models import ConsentKind, Patient, PatientConsent, PatientInsurance, Scheme
from bookings.serializers.appointments import local
from bookings.serializers.fields import PatientText
from tenants.context import current_hospital
from tenants.models import Language


class InsuranceSerializer(serializers.Serializer):
    """A scheme or policy that pays for a patient."""

    id = serializers.UUIDField()
    scheme = serializers.ChoiceField(choices=Scheme.values)
    scheme_name = serializers.CharField(help_text="The scheme in the caller's language.")
    insurer = serializers.CharField(allow_blank=True)
    policy_number = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    is_primary = serializers.BooleanField(help_text="Whether it is asked to pay first.")

    def to_representation(self, row: PatientInsurance) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "id": str(row.pk),
            "scheme": row.scheme,
            "scheme_name": str(row.get_scheme_display()),
            "insurer": row.insurer,
            "policy_number": row.policy_number,
            "valid_from": row.valid_from.isoformat() if row.valid_from else None,
            "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            "is_primary": row.is_primary,
        }


class ConsentSerializer(serializers.Serializer):
    """What a patient agrees to at present."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ConsentKind.values)
    version = serializers.CharField(help_text="Of the text that was agreed to.")
    given_at = serializers.DateTimeField(help_text="With the hospital's offset.")

    def to_representation(self, row: PatientConsent) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "id": str(row.pk),
            "kind": row.kind,
            "version": row.version,
            "given_at": local(row.given_at, current_hospital().timezone),
        }


class PatientSerializer(serializers.Serializer):
    """A patient."""

    id = serializers.UUIDField(help_text="The `patient_id` of tools.")
    hospital_number = serializers.CharField(allow_null=True)
    name = PatientText()
    phone_number = serializers.CharField(allow_blank=True, help_text="E.164, or empty.")
    email = PatientText(allow_blank=True)
    date_of_birth = serializers.DateField(allow_null=True)
    language = serializers.ChoiceField(choices=Language.values)
    is_active = serializers.BooleanField()
    insurance = InsuranceSerializer(many=True, help_text="The primary one first.")
    consents = ConsentSerializer(many=True, help_text="Those that were not withdrawn.")
    created_at = serializers.DateTimeField(help_text="When the patient was registered.")

    def to_representation(self, row: Patient) -> dict[str, Any]:
        """The declared fields. Read the row by `bookings.queries.patients.with_cover`."""
        insurance, consent = InsuranceSerializer(), ConsentSerializer()
        live: list[PatientConsent] = row.live_consents  # type: ignore[attr-defined]  # by `with_cover`
        return {
            "id": str(row.pk),
            "hospital_number": row.hospital_number,
            "name": row.name,
            "phone_number": row.phone_number,
            "email": row.email,
            "date_of_birth": row.date_of_birth.isoformat() if row.date_of_birth else None,
            "language": row.language,
            "is_active": row.is_active,
            "insurance": [insurance.to_representation(one) for one in row.insurances.all()],
            "consents": [consent.to_representation(one) for one in live],
            "created_at": local(row.created_at, current_hospital().timezone),
        }
