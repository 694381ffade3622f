"""Appointment, and the constraints that keep two people off one seat."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Extract
from django.utils.translation import gettext_lazy as _

from bookings.models.catalogue import HealthcareService
from bookings.models.people import Patient, Practitioner
from bookings.rules.statuses import OCCUPYING, Status
from core.models import Record

# Epoch seconds stay below this until the year 2286: service and start fit into one bigint.
SESSION_STRIDE = 10_000_000_000

LONGEST_NOTES, LONGEST_REASON = 2000, 500


class Source(models.TextChoices):
    """The door that a booking came in by."""

    TELEGRAM = "telegram", "Telegram"
    MCP = "mcp", _("AI assistant")
    API = "api", _("API")
    ADMIN = "admin", _("Front desk")
    WEB = "web", _("Web")


STATUS_NAMES = {
    Status.HELD: _("Held"),
    Status.SCHEDULED: _("Scheduled"),
    Status.CONFIRMED: _("Confirmed"),
    Status.CHECKED_IN: _("Checked in"),
    Status.IN_PROGRESS: _("In progress"),
    Status.COMPLETED: _("Completed"),
    Status.CANCELLED: _("Cancelled"),
    Status.NO_SHOW: _("No-show"),
}

_occupies = Q(status__in=sorted(OCCUPYING))
# Who was overbooked, by somebody who may and with a reason, stands beside the seats.
_seated = _occupies & Q(overbooked=False)


class Appointment(Record):
    """A booking, or a hold that may become one: the same row, so the same constraints meet both.

    `occupied` is the visit with its buffers. `session` stands for (service, start): appointments of one
    session share the practitioner's time, each on a seat of its own; any other overlap is refused.
    """

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    service = models.ForeignKey(
        HealthcareService, verbose_name=_("event type"), on_delete=models.PROTECT, related_name="appointments"
    )
    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.PROTECT, related_name="appointments"
    )
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="appointments",
    )  # fmt: skip
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    occupied = DateTimeRangeField(_("occupied"), editable=False)
    seat = models.PositiveSmallIntegerField(_("seat"), default=1)
    period = models.GeneratedField(
        expression=Func(F("start"), F("end"), function="tstzrange"),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    session = models.GeneratedField(
        expression=F("service_id") * Value(SESSION_STRIDE, output_field=models.BigIntegerField())
        + Cast(Extract("start", "epoch"), models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    status = models.CharField(
        _("status"), max_length=12, choices=[(status.value, name) for status, name in STATUS_NAMES.items()]
    )
    hold_expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    guest_name = models.CharField(_("name"), max_length=200, blank=True)
    guest_email = models.EmailField(_("email"), blank=True)
    guest_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    notes = models.TextField(_("notes"), max_length=LONGEST_NOTES, blank=True)
    # What the visit is about, as whoever booked it said; notes are for the desk.
    reason = models.CharField(
        _("reason for the visit"), max_length=LONGEST_REASON, blank=True, default="", db_default=""
    )
    source = models.CharField(_("source"), max_length=10, choices=Source)
    cancel_reason = models.CharField(_("reason of cancelling"), max_length=LONGEST_REASON, blank=True)
    overbooked = models.BooleanField(_("overbooked"), default=False, db_default=False)
    overbook_reason = models.CharField(
        _("reason of overbooking"), max_length=LONGEST_REASON, blank=True, default="", db_default=""
    )
    # Walk-ins are called by number: the hospital's local date, and the place in that day's queue.
    queue_day = models.DateField(_("day of the queue"), null=True, blank=True, editable=False)
    queue_number = models.PositiveSmallIntegerField(_("queue number"), null=True, blank=True, editable=False)
    # What the last step led from, and when it was taken, so that it can be undone for a while.
    status_before = models.CharField(max_length=12, blank=True, default="", db_default="", editable=False)
    status_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["start", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_person_per_seat", fields=["practitioner", "session", "seat"], condition=_seated
            ),
            ExclusionConstraint(
                name="one_session_at_a_time",
                expressions=[
                    ("practitioner", RangeOperators.EQUAL),
                    ("session", RangeOperators.NOT_EQUAL),
                    ("occupied", RangeOperators.OVERLAPS),
                ],
                condition=_seated,
            ),
            ExclusionConstraint(
                name="one_place_per_patient",
                expressions=[("patient", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=_occupies & Q(patient__isnull=False),
            ),
            models.CheckConstraint(name="appointment_ends_after_start", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="appointment_occupies_its_period",
                condition=Q(occupied__startswith__lte=F("start"), occupied__endswith__gte=F("end")),
            ),
            models.CheckConstraint(name="appointment_seat", condition=Q(seat__gte=1)),
            models.CheckConstraint(
                name="overbooking_has_a_reason", condition=Q(overbooked=False) | ~Q(overbook_reason="")
            ),
            models.UniqueConstraint(
                name="one_walk_in_per_queue_number",
                fields=["queue_day", "queue_number"],
                condition=Q(queue_number__isnull=False),
            ),
            models.CheckConstraint(
                name="queue_number_has_a_day",
                condition=Q(queue_day=None, queue_number=None)
                | Q(queue_day__isnull=False, queue_number__isnull=False, queue_number__gte=1),
            ),
            models.CheckConstraint(
                name="appointment_status_before",
                condition=Q(status_before="") | Q(status_before__in=[s.value for s in Status]),
            ),
            models.CheckConstraint(
                name="appointment_status", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(
                name="only_a_hold_expires",
                condition=Q(status=Status.HELD, hold_expires_at__isnull=False)
                | (~Q(status=Status.HELD) & Q(hold_expires_at=None) & ~Q(guest_name="")),
            ),
        ]
        indexes = [
            models.Index(fields=["start", "id"], name="appointment_start"),
            models.Index(fields=["patient", "start"], name="appointment_patient"),
            models.Index(fields=["guest_phone", "start"], name="appointment_phone"),
            models.Index(fields=["guest_email", "start"], name="appointment_email"),
            models.Index(
                fields=["hold_expires_at"], name="appointment_holds", condition=Q(status=Status.HELD)
            ),
            GistIndex(
                fields=["practitioner", "occupied"],
                name="appointment_overbooked",
                condition=Q(overbooked=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
