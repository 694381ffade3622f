"""Batch and BatchItem: work on many rows at once, done in the background, whose progress can be watched."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record


class BatchKind(models.TextChoices):
    """What is done to each of its items."""

    CANCEL = "CANCEL", _("Cancelling appointments")
    MOVE = "MOVE", _("Moving appointments")
    TELL = "TELL", _("Telling patients")
    IMPORT_PATIENTS = "IMPORT_PATIENTS", _("Import of patients")
    IMPORT_PRACTITIONERS = "IMPORT_PRACTITIONERS", _("Import of practitioners")


class BatchState(models.TextChoices):
    """Where a batch stands. A draft waits for somebody to say that it is meant."""

    DRAFT = "DRAFT", _("To be confirmed")
    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    STOPPED = "STOPPED", _("Stopped")


class StopReason(models.TextChoices):
    """Why a batch was stopped before its end."""

    ASKED = "ASKED", _("Somebody stopped it.")
    RIGHTS = "RIGHTS", _("Whoever it was done for may not do this any more.")
    UNCONFIRMED = "UNCONFIRMED", _("Nobody confirmed it in time.")


class Batch(Record):
    """Work on many rows that somebody asked for.

    `options` holds what is the same for all items as sealed JSON (`core.sealing`, place
    ``bookings.batch:<id>``): a reason, a day to move to. Its items tell how far it is.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=BatchKind)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState, default=BatchState.WAITING, db_index=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.PROTECT, related_name="+"
    )
    # The file's name for an import, else empty.
    title = models.CharField(_("title"), max_length=200, blank=True)
    options = models.TextField(blank=True, editable=False)
    total = models.PositiveIntegerField(_("in all"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # Empty for what was not stopped.
    stop_reason = models.CharField(
        _("why it was stopped"), max_length=12, choices=StopReason, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("bulk work")
        verbose_name_plural = _("bulk work")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(name="batch_kind", condition=Q(kind__in=BatchKind.values)),
            models.CheckConstraint(name="batch_state", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="only_a_stopped_batch_has_a_stop_reason",
                condition=Q(stop_reason="") | Q(stop_reason__in=StopReason.values, state=BatchState.STOPPED),
            ),
            models.CheckConstraint(
                name="an_ended_batch_has_a_time",
                condition=Q(state__in=[BatchState.DONE, BatchState.STOPPED], ended_at__isnull=False)
                | Q(ended_at=None) & ~Q(state__in=[BatchState.DONE, BatchState.STOPPED]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Outcome(models.TextChoices):
    """How an item ended, or that it has not."""

    WAITING = "WAITING", _("Waiting")
    DONE = "DONE", _("Done")
    REFUSED = "REFUSED", _("Refused")
    UNCHANGED = "UNCHANGED", _("Unchanged")
    UNDONE = "UNDONE", _("Undone")


class BatchItem(models.Model):
    """One row of a batch: an appointment's id, or a line of a file.

    `payload` is the line as sealed JSON (place ``bookings.batch_item:<batch id>:<number>``), emptied as soon
    as it is done. `reason` is the code of the refusal, `fields` what it says of which field; neither quotes
    what was written.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    # The line of the file, or the place in the list; from 1.
    number = models.PositiveIntegerField(_("number"))
    subject_id = models.UUIDField(null=True, blank=True)
    payload = models.TextField(blank=True, default="", editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(_("reason"), max_length=40, blank=True, default="")
    fields = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(name="one_item_per_number", fields=["batch", "number"]),
            models.CheckConstraint(name="batch_item_number", condition=Q(number__gte=1)),
            models.CheckConstraint(name="batch_item_outcome", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="a_refused_item_has_a_reason",
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "number"], name="batch_items_waiting", condition=Q(outcome=Outcome.WAITING)
            )
        ]

    def __str__(self) -> str:
        return str(self.number)
