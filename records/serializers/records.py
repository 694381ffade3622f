"""Medical records on the wire, and what requests about them carry."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.serializers.catalogue import ProviderSerializer
from bookings.serializers.fields import PatientText, WireDate, WireId, WireText
from core.clock import local_iso, to_epoch
from records.actions.texts import MOST_ATTACHMENTS
from records.models import Attachment, MedicalRecord, RecordType
from records.models.record import LONGEST_TEXT, LONGEST_TITLE, MEDIA_TYPE_PATTERN, REFERENCE_PATTERN
from records.queries.records import RecordFilter
from tenants.context import current_hospital

_TYPES = RecordType.values
_SYMPTOMS = "What the patient complains of, in the patient's own words."


class AttachmentSerializer(serializers.Serializer):
    """A document that another system keeps."""

    name = PatientText(help_text="What the document is called.")
    media_type = serializers.CharField(help_text="Such as application/pdf.")
    reference = serializers.CharField(help_text="The document's id in the system that keeps it.")

    def to_representation(self, row: Attachment) -> dict[str, Any]:
        """The declared fields, written out."""
        return {"name": row.name, "media_type": row.media_type, "reference": row.reference}


class MedicalRecordSummarySerializer(serializers.Serializer):
    """A medical record in a list."""

    id = serializers.UUIDField(help_text="Send it as `record_id`.")
    patient_id = serializers.UUIDField()
    record_type = serializers.ChoiceField(choices=_TYPES)
    title = serializers.CharField()
    recorded_at = serializers.DateTimeField(help_text="With the hospital's offset.")
    author = ProviderSerializer(allow_null=True, help_text="The practitioner who wrote it, if one did.")

    def to_representation(self, row: MedicalRecord) -> dict[str, Any]:
        """The declared fields, written out."""
        return {
            "id": str(row.pk),
            "patient_id": str(row.patient_id),
            "record_type": str(row.record_type),
            "title": row.title,
            "recorded_at": local(row.recorded_at),
            "author": named(row.practitioner),
        }


class MedicalRecordSerializer(MedicalRecordSummarySerializer):
    """A medical record with everything in it."""

    appointment_id = serializers.UUIDField(allow_null=True)
    description = serializers.CharField(allow_blank=True)
    diagnosis = serializers.CharField(allow_blank=True)
    symptoms = PatientText(allow_blank=True, help_text=_SYMPTOMS)
    treatment_plan = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)
    attachments = AttachmentSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, row: MedicalRecord) -> dict[str, Any]:
        """The declared fields, written out."""
        one = AttachmentSerializer()
        return {
            **super().to_representation(row),
            "appointment_id": None if row.appointment_id is None else str(row.appointment_id),
            "description": row.description,
            "diagnosis": row.diagnosis,
            "symptoms": row.symptoms,
            "treatment_plan": row.treatment_plan,
            "notes": row.notes,
            "attachments": [one.to_representation(each) for each in row.attachments.all()],
            "created_at": local(row.created_at),
            "updated_at": local(row.updated_at),
        }


class ListMedicalRecordsSerializer(serializers.Serializer):
    """Whose medical records, and which."""

    patient_id = WireId(help_text="Whose records.")
    record_type = serializers.ChoiceField(choices=_TYPES, required=False, help_text="Only of this type.")
    date_from = WireDate(required=False, help_text="Not before this day, on the hospital's clocks.")
    date_to = WireDate(required=False, help_text="Not after this day, on the hospital's clocks.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The days in their order."""
        first, last = attrs.get("date_from"), attrs.get("date_to")
        if first is not None and last is not None and last < first:
            raise serializers.ValidationError({"date_to": [_("The last day must not be before the first.")]})
        return attrs

    def only(self) -> RecordFilter:
        """Which records are meant."""
        names = ("record_type", "date_from", "date_to")
        return RecordFilter(
            **{name: self.validated_data[name] for name in names if name in self.validated_data}
        )


class GetMedicalRecordSerializer(serializers.Serializer):
    """Which medical record."""

    record_id = WireId(help_text="`id` of list_medical_records.")


class _Matching(WireText, serializers.RegexField):
    """Text of a form; a number is not taken for text."""


class AttachmentPlanSerializer(serializers.Serializer):
    """A document that another system keeps: its id there, never an address and never its content."""

    name = WireText(max_length=LONGEST_TITLE, help_text="What the document is called.")
    media_type = _Matching(
        MEDIA_TYPE_PATTERN, help_text="Such as application/pdf.",
        error_messages={"invalid": _("Write a media type such as application/pdf.")},
    )  # fmt: skip
    reference = _Matching(
        REFERENCE_PATTERN, help_text="The document's id in the system that keeps it: no URL.",
        error_messages={"invalid": _("Use letters, digits, dots, hyphens and underscores.")},
    )  # fmt: skip


class _TextsSerializer(serializers.Serializer):
    def texts(self) -> dict[str, str]:
        """The clinical texts that came."""
        names = ("title", "description", "diagnosis", "symptoms", "treatment_plan", "notes")
        return {name: self.validated_data[name] for name in names if name in self.validated_data}


class CreateMedicalRecordSerializer(_TextsSerializer):
    """Write a medical record."""

    patient_id = WireId(help_text="About whom.")
    title = WireText(max_length=LONGEST_TITLE, help_text="A short heading.")
    description = WireText(
        allow_blank=True, max_length=LONGEST_TEXT, help_text="What happened and was found."
    )
    record_type = serializers.ChoiceField(choices=_TYPES, help_text="What kind of record it is.")
    diagnosis = WireText(
        allow_blank=True, max_length=LONGEST_TEXT, help_text="A clinician's; empty while there is none."
    )
    symptoms = WireText(allow_blank=True, max_length=LONGEST_TEXT, help_text=_SYMPTOMS)
    attachments: Any = serializers.ListSerializer(
        child=AttachmentPlanSerializer(),
        required=False,
        max_length=MOST_ATTACHMENTS,
        help_text="Documents that another system keeps.",
    )


class UpdateMedicalRecordSerializer(_TextsSerializer):
    """Change a medical record; what is left out stays."""

    record_id = WireId(help_text="`id` of list_medical_records.")
    title = WireText(required=False, max_length=LONGEST_TITLE, help_text="A short heading.")
    description = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="What happened and was found."
    )
    record_type = serializers.ChoiceField(
        choices=_TYPES, required=False, help_text="What kind of record it is."
    )
    diagnosis = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="A clinician's."
    )
    symptoms = WireText(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text=_SYMPTOMS)
    treatment_plan = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="What is to be done next."
    )
    notes = WireText(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="Further remarks, for the staff."
    )
    attachments: Any = serializers.ListSerializer(
        child=AttachmentPlanSerializer(),
        required=False,
        max_length=MOST_ATTACHMENTS,
        help_text="All of them: they replace the old ones.",
    )


def local(moment: datetime) -> str:
    """ISO 8601 on the hospital's clocks."""
    return local_iso(to_epoch(moment), current_hospital().timezone)


def named(practitioner: Any) -> dict[str, str] | None:
    """A practitioner's id and name in the caller's language, if there is one."""
    return None if practitioner is None else {"id": str(practitioner.pk), "name": practitioner.name}
