"""Accounts on the wire: never a password, nor its hash."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from accounts.permissions import Role
from bookings.serializers.fields import PatientText
from core import clock
from tenants.context import current_hospital, in_public_schema
from tenants.models import Language


class UserSerializer(serializers.Serializer):
    """Somebody who can sign in."""

    id = serializers.UUIDField(help_text="The `user_id` of other tools.")
    email = serializers.EmailField()
    first_name = PatientText()
    last_name = PatientText(help_text="May be empty.")
    role = serializers.ChoiceField(choices=Role.choices)
    phone_number = serializers.CharField(help_text="E.164; may be empty.")
    language = serializers.ChoiceField(choices=Language.choices)
    is_active = serializers.BooleanField(help_text="False: nobody can sign in to this account.")
    hospital_id = serializers.UUIDField(allow_null=True, help_text="Null for operators of the platform.")
    doctor_id = serializers.UUIDField(allow_null=True, help_text="The practitioner whose account it is.")
    license_number = serializers.CharField(allow_null=True, help_text="Of the practitioner.")
    years_of_experience = serializers.IntegerField(allow_null=True, help_text="Of the practitioner.")
    patient_id = serializers.UUIDField(allow_null=True, help_text="The patient whose account it is.")
    date_of_birth = serializers.DateField(allow_null=True, help_text="Of the patient.")
    last_login = serializers.DateTimeField(allow_null=True, help_text="ISO 8601 with offset.")
    created_at = serializers.DateTimeField(help_text="ISO 8601 with offset.")

    def to_representation(self, user: User) -> dict[str, Any]:
        """The declared fields; inside of a hospital, read the user with `practitioner` and `patient`."""
        hospital = None if in_public_schema() else current_hospital()
        zone = hospital.timezone if hospital else "UTC"
        signed_in = user.last_login
        return {
            "id": str(user.pk),
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "role": user.role,
            "phone_number": user.phone_number,
            "language": user.language,
            "is_active": user.is_active,
            "hospital_id": str(hospital.uuid) if hospital else None,
            **(_links(user) if hospital else _NO_LINKS),
            "last_login": clock.local_iso(clock.to_epoch(signed_in), zone) if signed_in else None,
            "created_at": clock.local_iso(clock.to_epoch(user.created_at), zone),
        }


_NO_LINKS: dict[str, Any] = dict.fromkeys(
    ("doctor_id", "license_number", "years_of_experience", "patient_id", "date_of_birth")
)


def _links(user: User) -> dict[str, Any]:
    """Who stands behind the account."""
    doctor, patient = getattr(user, "practitioner", None), getattr(user, "patient", None)
    born = patient.date_of_birth if patient else None
    return {
        "doctor_id": str(doctor.pk) if doctor else None,
        "license_number": doctor.license_number if doctor else None,
        "years_of_experience": doctor.years_of_experience if doctor else None,
        "patient_id": str(patient.pk) if patient else None,
        "date_of_birth": born.isoformat() if born else None,
    }
