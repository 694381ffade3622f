"""Treatments on the wire, and what requests about them carry."""

from typing import Any

from rest_framework import serializers

from bookings.serializers.catalogue import ProviderSerializer
from bookings.serializers.fields import WireDate, WireId, WireText
from records.actions.texts import MOST_MEDICATIONS
from records.models import Medication, Treatment
from records.models.record import LONGEST_TEXT, LONGEST_TITLE
from records.models.treatment import LONGEST_LINE
from records.queries.records import TreatmentFilter
from records.rules.treatments import TreatmentStatus
from records.serializers.records import local, named

_STATUSES = [status.value for status in TreatmentStatus]


class MedicationSerializer(serializers.Serializer):
    """A medicine of a treatment, as it is to be taken."""

    name = serializers.CharField()
    dosage = serializers.CharField(allow_blank=True)
    frequency = serializers.CharField(allow_blank=True)
    duration = serializers.CharField(allow_blank=True)

    def to_representation(self, row: Medication) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "name": row.name,
            "dosage": row.dosage,
            "frequency": row.frequency,
            "duration": row.duration,
        }


class TreatmentSerializer(serializers.Serializer):
    """A treatment with everything in it."""

    id = serializers.UUIDField(help_text="Send it as `treatment_id`.")
    patient_id = serializers.UUIDField()
    record_id = serializers.UUIDField(allow_null=True, help_text="The medical record that it follows from.")
    doctor = ProviderSerializer(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=_STATUSES)
    medications = MedicationSerializer(many=True)
    instructions = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    follow_up_date = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField(help_text="With the hospital's offset.")
    updated_at = serializers.DateTimeField()

    def to_representation(self, row: Treatment) -> dict[str, Any]:
        """The declared fields, written out."""
        one = MedicationSerializer()
        return {
            "id": str(row.pk),
            "patient_id": str(row.patient_id),
            "record_id": None if row.record_id is None else str(row.record_id),
            "doctor": named(row.practitioner),
            "name": row.name,
            "description": row.description,
            "status": str(row.status),
            "medications": [one.to_representation(each) for each in row.medications.all()],
            "instructions": row.instructions,
            "notes": row.notes,
            "started_on": row.started_on.isoformat(),
            "ended_on": None if row.ended_on is None else row.ended_on.isoformat(),
            "follow_up_date": None if row.follow_up_date is None else row.follow_up_date.isoformat(),
            "created_at": local(row.created_at),
            "updated_at": local(row.updated_at),
        }


class ListTreatmentsSerializer(serializers.Serializer):
    """Whose treatments, and which."""

    patient_id = WireId(help_text="Whose treatments.")
    doctor_id = WireId(required=False, help_text="Only those of this doctor.")
    status = serializers.ChoiceField(choices=_STATUSES, required=False, help_text="Only of this status.")

    def only(self) -> TreatmentFilter:
        """Which treatments are meant."""
        data = self.validated_data
        return TreatmentFilter(practitioner_id=data.get("doctor_id"), status=data.get("status", ""))


class MedicationPlanSerializer(serializers.Serializer):
    """A medicine, and how it is to be taken."""

    name = WireText(max_length=LONGEST_LINE, help_text="Such as Amlodipine.")
    dosage = WireText(
        allow_blank=True, required=False, default="", max_length=LONGEST_LINE, help_text="Such as 5 mg."
    )
    frequency = WireText(
        allow_blank=True, required=False, default="", max_length=LONGEST_LINE, help_text="Such as once a day."
    )
    duration = WireText(
        allow_blank=True, required=False, default="", max_length=LONGEST_LINE, help_text="Such as 30 days."
    )


class _TextsSerializer(serializers.Serializer):
    def texts(self) -> dict[str, str]:
        """The clinical texts that came."""
        names = ("name", "description", "instructions", "notes")
        return {name: self.validated_data[name] for name in names if name in self.validated_data}


class CreateTreatmentSerializer(_TextsSerializer):
    """Begin a treatment."""

    patient_id = WireId(help_text="Who is treated.")
    doctor_id = WireId(help_text="Who treats; a doctor can only name themselves.")
    name = WireText(max_length=LONGEST_TITLE, help_text="What the treatment is called.")
    description = WireText(allow_blank=True, max_length=LONGEST_TEXT, help_text="What it is for.")
    medications: Any = serializers.ListSerializer(
        child=MedicationPlanSerializer(),
        max_length=MOST_MEDICATIONS,
        help_text="In the order in which they are listed; may be empty.",
    )
    instructions = WireText(allow_blank=True, max_length=LONGEST_TEXT, help_text="What the patient is to do.")
    follow_up_date = WireDate(allow_null=True, help_text="When to look again; null for never.")


class UpdateTreatmentSerializer(_TextsSerializer):
    """Change a treatment; what is left out stays."""

    treatment_id = WireId(help_text="`id` of list_treatments.")
    status = serializers.ChoiceField(
        choices=_STATUSES, required=False,
        help_text="ACTIVE becomes COMPLETED or DISCONTINUED; DISCONTINUED may become ACTIVE again.",
    )  # fmt: skip
    name = WireText(required=False, max_length=LONGEST_TITLE, help_text="What the treatment is called.")
    description = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="What it is for."
    )
    medications: Any = serializers.ListSerializer(
        child=MedicationPlanSerializer(), required=False, max_length=MOST_MEDICATIONS,
        help_text="All of them: they replace the old ones.",
    )  # fmt: skip
    instructions = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="What the patient is to do."
    )
    notes = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="How it goes; for the staff."
    )
    follow_up_date = WireDate(
        required=False, allow_null=True, help_text="When to look again; null for never."
    )
