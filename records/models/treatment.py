"""Treatment and Medication."""

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from bookings.models import Patient, Practitioner
from core.models import Record
from records.models.fields import EncryptedTextField, SealedRow
from records.models.record import LONGEST_TEXT, LONGEST_TITLE, MedicalRecord
from records.rules.treatments import TreatmentStatus

STATUS_NAMES = {
    TreatmentStatus.ACTIVE: _("Active"),
    TreatmentStatus.COMPLETED: _("Completed"),
    TreatmentStatus.DISCONTINUED: _("Discontinued"),
}

LONGEST_LINE = 200


class Treatment(Record, SealedRow):
    """What is done about an illness, from one day on until it has ended. Dates are the hospital's."""

    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.PROTECT, related_name="treatments"
    )
    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="treatments",
    )  # fmt: skip
    record = models.ForeignKey(
        MedicalRecord, verbose_name=_("medical record"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="treatments",
    )  # fmt: skip
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=[(status.value, name) for status, name in STATUS_NAMES.items()],
        default=TreatmentStatus.ACTIVE.value,
    )
    started_on = models.DateField(_("started on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    follow_up_date = models.DateField(_("follow-up"), null=True, blank=True)
    name = EncryptedTextField(_("name"), max_length=LONGEST_TITLE)
    description = EncryptedTextField(_("description"), max_length=LONGEST_TEXT, blank=True)
    instructions = EncryptedTextField(_("instructions"), max_length=LONGEST_TEXT, blank=True)
    notes = EncryptedTextField(_("notes"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="treatment_status", condition=Q(status__in=[status.value for status in TreatmentStatus])
            ),
            models.CheckConstraint(
                name="only_an_active_treatment_has_no_end",
                condition=Q(status=TreatmentStatus.ACTIVE.value, ended_on=None)
                | (~Q(status=TreatmentStatus.ACTIVE.value) & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="treatment_ends_after_it_began",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="treatment_is_followed_up_after_it_began",
                condition=Q(follow_up_date=None) | Q(follow_up_date__gte=F("started_on")),
                violation_error_message=_("The follow-up cannot be before the treatment began."),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-created_at"], name="treatment_patient"),
            models.Index(fields=["-created_at", "-id"], name="treatment_latest"),
            models.Index(
                fields=["follow_up_date"],
                name="treatment_follow_up",
                condition=Q(status=TreatmentStatus.ACTIVE.value),
            ),
        ]

    def __str__(self) -> str:
        # Never a word of it: this is what messages and logs show.
        return str(capfirst(self._meta.verbose_name))


class Medication(Record, SealedRow):
    """A medicine of a treatment, as it is to be taken."""

    treatment = models.ForeignKey(
        Treatment, verbose_name=_("treatment"), on_delete=models.CASCADE, related_name="medications"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = EncryptedTextField(_("name"), max_length=LONGEST_LINE)
    dosage = EncryptedTextField(_("dosage"), max_length=LONGEST_LINE, blank=True)
    frequency = EncryptedTextField(_("frequency"), max_length=LONGEST_LINE, blank=True)
    duration = EncryptedTextField(_("duration"), max_length=LONGEST_LINE, blank=True)

    class Meta:
        verbose_name = _("medication")
        verbose_name_plural = _("medications")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="one_medication_per_position", fields=["treatment", "position"])
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.position}"
