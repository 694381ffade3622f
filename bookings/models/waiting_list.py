"""WaitingListEntry: who waits for an earlier slot. WaitingListOffer: which slot they were offered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Appointment, Source
from bookings.models.catalogue import HealthcareService
from bookings.models.people import Patient, Practitioner
from bookings.rules.waiting import PartOfDay
from core.models import Record


class WaitingStatus(models.TextChoices):
    """Where somebody stands who waits. The first two are live."""

    WAITING = "WAITING", _("Waiting")
    OFFERED = "OFFERED", _("Offered a slot")
    ACCEPTED = "ACCEPTED", _("Accepted")
    EXPIRED = "EXPIRED", _("Missed too many offers")
    LEFT = "LEFT", _("Left")
    CLOSED = "CLOSED", _("Over")


class Outcome(models.TextChoices):
    """What became of an offer."""

    OPEN = "OPEN", _("Open")
    ACCEPTED = "ACCEPTED", _("Accepted")
    DECLINED = "DECLINED", _("Declined")
    MISSED = "MISSED", _("Missed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


PARTS_OF_DAY = [(PartOfDay.MORNING.value, _("Morning")), (PartOfDay.AFTERNOON.value, _("Afternoon"))]
LIVE = (WaitingStatus.WAITING, WaitingStatus.OFFERED)

_live = Q(status__in=[status.value for status in LIVE])


class WaitingListEntry(Record):
    """Somebody who wants to be told of a slot that becomes free: first come, first served.

    Dates are the hospital's, both inclusive. With `brings_forward` only slots before that appointment
    count, and accepting one moves it there.
    """

    service = models.ForeignKey(
        HealthcareService, verbose_name=_("event type"), on_delete=models.PROTECT, related_name="waiting_list"
    )
    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="waiting_list", help_text=_("Empty for anybody."),
    )  # fmt: skip
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="waiting_list",
    )  # fmt: skip
    guest_name = models.CharField(_("name"), max_length=200)
    guest_phone = models.CharField(_("phone number"), max_length=20, blank=True)
    guest_email = models.EmailField(_("email"), blank=True)
    date_from = models.DateField(_("from"))
    date_until = models.DateField(_("until"))
    part_of_day = models.CharField(
        _("part of the day"), max_length=10, choices=PARTS_OF_DAY, blank=True,
        help_text=_("Empty for the whole day."),
    )  # fmt: skip
    brings_forward = models.ForeignKey(
        Appointment, verbose_name=_("brings forward"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="waiting_list",
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=10, choices=WaitingStatus, default=WaitingStatus.WAITING
    )
    offers_missed = models.PositiveSmallIntegerField(_("offers missed"), default=0)
    became = models.ForeignKey(
        Appointment, verbose_name=_("appointment"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=10, choices=Source)

    class Meta:
        verbose_name = _("waiting list entry")
        verbose_name_plural = _("waiting list")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_entry_per_appointment", fields=["brings_forward"], condition=_live
            ),
            models.UniqueConstraint(
                name="one_live_entry_per_patient",
                fields=["patient", "service"],
                condition=_live & Q(brings_forward=None),
            ),
            models.UniqueConstraint(
                name="one_live_entry_per_guest",
                fields=["guest_email", "guest_name", "service"],
                condition=_live & Q(brings_forward=None, patient=None),
            ),
            models.CheckConstraint(
                name="waiting_ends_after_it_begins", condition=Q(date_until__gte=F("date_from"))
            ),
            models.CheckConstraint(name="waiting_status", condition=Q(status__in=WaitingStatus.values)),
            models.CheckConstraint(
                name="only_who_accepted_has_a_booking",
                condition=Q(status=WaitingStatus.ACCEPTED, became__isnull=False)
                | (~Q(status=WaitingStatus.ACCEPTED) & Q(became=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="waiting_line"),
            models.Index(fields=["date_until"], name="waiting_window", condition=_live),
        ]

    def __str__(self) -> str:
        return f"{self.guest_name}, {self.service}"


class WaitingListOffer(Record):
    """A freed slot, held for somebody who waits until `expires_at`; the next in line gets it after that.

    `hold_id` is the held appointment's, without a foreign key: a hold that ran out is removed by whoever
    comes first, who must not have to ask here.
    """

    entry = models.ForeignKey(
        WaitingListEntry, verbose_name=_("waiting list entry"), on_delete=models.CASCADE,
        related_name="offers",
    )  # fmt: skip
    hold_id = models.UUIDField(_("hold"))
    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.PROTECT, related_name="+"
    )
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    expires_at = models.DateTimeField(_("held until"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_offer_per_entry", fields=["entry"], condition=Q(outcome=Outcome.OPEN)
            ),
            models.UniqueConstraint(
                name="one_open_offer_per_hold", fields=["hold_id"], condition=Q(outcome=Outcome.OPEN)
            ),
            # Who has seen a slot and did not take it is not asked about it again.
            models.UniqueConstraint(
                name="one_offer_of_a_slot_to_each", fields=["entry", "practitioner", "start"]
            ),
            models.CheckConstraint(name="offer_outcome", condition=Q(outcome__in=Outcome.values)),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}, {self.practitioner}"
