"""MedicalRecord and Attachment."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.models import Appointment, Patient, Practitioner
from core.models import Record
from records.models.fields import EncryptedTextField, SealedRow

LONGEST_TITLE, LONGEST_TEXT = 200, 20_000

# FHIR's form of an id (R5, datatypes, "id"), and an underscore: no URL and no content fits into it.
REFERENCE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
# A media type without parameters (RFC 6838 section 4.2).
MEDIA_TYPE_PATTERN = r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$"


class RecordType(models.TextChoices):
    """What a medical record is about."""

    CONSULTATION = "CONSULTATION", _("Consultation")
    CHECKUP = "CHECKUP", _("Check-up")
    APPOINTMENT = "APPOINTMENT", _("Appointment")
    TRIAGE = "TRIAGE", _("Triage")
    LAB_RESULT = "LAB_RESULT", _("Laboratory result")
    IMAGING = "IMAGING", _("Imaging")
    PROCEDURE = "PROCEDURE", _("Procedure")
    VACCINATION = "VACCINATION", _("Vaccination")
    DISCHARGE = "DISCHARGE", _("Discharge")
    OTHER = "OTHER", _("Other")


class MedicalRecord(Record, SealedRow):
    """What was found and decided about a patient; everything that is said of them is sealed.

    `symptoms` are the patient's own words. `practitioner` is who wrote it, where that is one.
    """

    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.PROTECT, related_name="medical_records"
    )
    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("author"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="medical_records",
    )  # fmt: skip
    appointment = models.ForeignKey(
        Appointment, verbose_name=_("appointment"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="medical_records",
    )  # fmt: skip
    record_type = models.CharField(_("type"), max_length=20, choices=RecordType)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    title = EncryptedTextField(_("title"), max_length=LONGEST_TITLE)
    description = EncryptedTextField(_("description"), max_length=LONGEST_TEXT, blank=True)
    diagnosis = EncryptedTextField(_("diagnosis"), max_length=LONGEST_TEXT, blank=True)
    symptoms = EncryptedTextField(
        _("symptoms"), max_length=LONGEST_TEXT, blank=True, help_text=_("In the patient's words.")
    )
    treatment_plan = EncryptedTextField(_("treatment plan"), max_length=LONGEST_TEXT, blank=True)
    notes = EncryptedTextField(_("notes"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("medical record")
        verbose_name_plural = _("medical records")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="medical_record_type", condition=models.Q(record_type__in=RecordType.values)
            )
        ]
        indexes = [
            models.Index(fields=["patient", "-recorded_at"], name="medical_record_patient"),
            models.Index(fields=["-recorded_at", "-id"], name="medical_record_latest"),
        ]

    def __str__(self) -> str:
        # Never a word of it: this is what messages and logs show.
        return str(self.get_record_type_display())


class Attachment(Record, SealedRow):
    """A document that another system keeps, under an id that means something to that system alone."""

    record = models.ForeignKey(
        MedicalRecord, verbose_name=_("medical record"), on_delete=models.CASCADE, related_name="attachments"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = EncryptedTextField(_("name"), max_length=LONGEST_TITLE)
    media_type = models.CharField(
        _("media type"),
        max_length=129,
        validators=[RegexValidator(MEDIA_TYPE_PATTERN, _("Write a media type such as application/pdf."))],
    )
    reference = models.CharField(
        _("id in the other system"),
        max_length=64,
        validators=[
            RegexValidator(REFERENCE_PATTERN, _("Use letters, digits, dots, hyphens and underscores."))
        ],
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="one_attachment_per_position", fields=["record", "position"]),
            models.CheckConstraint(
                name="attachment_reference_is_an_id",
                condition=models.Q(reference__regex=REFERENCE_PATTERN),
            ),
            models.CheckConstraint(
                name="attachment_media_type", condition=models.Q(media_type__regex=MEDIA_TYPE_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.reference
