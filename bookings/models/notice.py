"""Notice: something that a patient is told once. ReminderPlan: how far reminders have been planned."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Appointment
from bookings.models.people import Patient
from core.models import Record


class NoticeStatus(models.TextChoices):
    """What became of a notice."""

    PENDING = "PENDING", _("Waiting")
    SENT = "SENT", _("Sent")
    SKIPPED = "SKIPPED", _("Not sent")
    FAILED = "FAILED", _("Failed")


class Notice(Record):
    """One thing to tell one person about one time, once: the row is the order and the log.

    `subject` is the id of what it is about: an appointment, or whatever the kind says. `data` holds ids
    and public facts for the wording, never what a patient wrote. Addresses are read when it is sent and not
    kept.

    `handing_since` is there while a worker hands it to `channel`: if that worker dies, nobody knows whether
    it was delivered. `passed` tells of channels that are not tried again, and why: a code each.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("about"), max_length=64)
    for_time = models.DateTimeField(_("for the time"))
    good_until = models.DateTimeField(_("of use until"))
    # Never a hold: holds are deleted.
    appointment = models.ForeignKey(
        Appointment, verbose_name=_("appointment"), on_delete=models.CASCADE, null=True, blank=True,
        related_name="notices",
    )  # fmt: skip
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.CASCADE, null=True, blank=True,
        related_name="notices",
    )  # fmt: skip
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    status = models.CharField(_("status"), max_length=10, choices=NoticeStatus, default=NoticeStatus.PENDING)
    channel = models.CharField(_("channel"), max_length=20, blank=True)
    why = models.CharField(_("why"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    handing_since = models.DateTimeField(_("being handed over since"), null=True, blank=True)
    passed = models.JSONField(
        _("channels that are out of the question"), default=dict, db_default={}, blank=True
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="one_notice_for_each_time", fields=["kind", "subject", "for_time"]),
            models.CheckConstraint(
                name="notice_status", condition=models.Q(status__in=[s.value for s in NoticeStatus])
            ),
            models.CheckConstraint(
                name="only_what_was_sent_has_a_time",
                condition=models.Q(status=NoticeStatus.SENT, sent_at__isnull=False)
                | (~models.Q(status=NoticeStatus.SENT) & models.Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="what_is_handed_over_names_its_channel",
                condition=models.Q(handing_since=None) | ~models.Q(channel=""),
            ),
        ]
        indexes = [models.Index(fields=["created_at", "id"], name="notice_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ReminderPlan(models.Model):
    """Up to which start reminders have been planned: one row. Whatever starts before and is new came late."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    planned_until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_reminder_plan", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"until {self.planned_until:%Y-%m-%d %H:%M}"
