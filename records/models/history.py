"""RecordRevision: what stood there before a change. RecordAccess: who read what, when and why."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models import Patient
from core.models import Record
from records.models.fields import EncryptedTextField, SealedRow
from records.models.record import MedicalRecord
from records.models.treatment import Treatment


class RecordRevision(Record, SealedRow):
    """A record or a treatment as it was before somebody changed it; who, when and by which door.

    `content` is a JSON object of every field that can change. The table's trigger lets nothing be changed
    but the seal around the content.
    """

    record = models.ForeignKey(
        MedicalRecord, verbose_name=_("medical record"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="revisions",
    )  # fmt: skip
    treatment = models.ForeignKey(
        Treatment, verbose_name=_("treatment"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="revisions",
    )  # fmt: skip
    number = models.PositiveIntegerField(_("number"))
    door = models.CharField(_("door"), max_length=20)
    actor_role = models.CharField(_("role"), max_length=20, blank=True)
    actor_user_id = models.UUIDField(_("user"), null=True, blank=True)
    actor_label = models.CharField(_("by"), max_length=100, blank=True)
    content = EncryptedTextField(_("content"))

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="one_revision_of_a_record_per_number", fields=["record", "number"],
                condition=Q(record__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_revision_of_a_treatment_per_number", fields=["treatment", "number"],
                condition=Q(treatment__isnull=False),
            ),
            models.CheckConstraint(
                name="a_revision_is_of_one_thing",
                condition=Q(record__isnull=False, treatment=None) | Q(record=None, treatment__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"


class Subject(models.TextChoices):
    """What was read."""

    RECORD = "RECORD", _("Medical record")
    TREATMENT = "TREATMENT", _("Treatment")


class Extent(models.TextChoices):
    """How much of it was read."""

    SUMMARY = "SUMMARY", _("Title")
    WHOLE = "WHOLE", _("Everything")


class RecordAccess(models.Model):
    """One read of the records or treatments of one patient: who, by which door, what for, and which ones.

    Each entry is signed together with the signature of the one before: an entry that was changed, removed
    or put in between is found by `verify_record_log`. The table's trigger lets nothing be changed or
    removed. Foreign keys are without a constraint, so that the log outlives what it tells of.
    """

    id = models.BigAutoField(primary_key=True)
    occurred_at = models.DateTimeField(_("when"))
    door = models.CharField(_("door"), max_length=20)
    actor_role = models.CharField(_("role"), max_length=20, blank=True)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.DO_NOTHING, null=True, blank=True,
        db_constraint=False, related_name="+",
    )  # fmt: skip
    actor_label = models.CharField(_("by"), max_length=100, blank=True)
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    subject = models.CharField(_("what was read"), max_length=10, choices=Subject)
    extent = models.CharField(_("how much"), max_length=10, choices=Extent)
    subject_ids = ArrayField(models.UUIDField(), verbose_name=_("ids"))
    purpose = models.CharField(_("what for"), max_length=60)
    signature = models.BinaryField(_("signature"), max_length=32)

    class Meta:
        verbose_name = _("read of records")
        verbose_name_plural = _("reads of records")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="record_access_patient"),
            models.Index(fields=["actor_user", "-id"], name="record_access_user"),
            models.Index(fields=["occurred_at"], name="record_access_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.occurred_at:%Y-%m-%d %H:%M}"
