"""Job, in the public schema, so that one query finds what is due in any of the hospitals."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Something to be done once for one subject of one schema, not before its time.

    The row goes when the work is done. It holds names and ids alone: never what a person wrote.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=40)
    # PostgreSQL's names have 63 bytes at most.
    schema_name = models.CharField(_("schema"), max_length=63)
    subject = models.CharField(_("subject"), max_length=64, blank=True)
    due_at = models.DateTimeField(
        _("due at"),
        null=True,
        db_default=Now(),
        help_text=_("Empty: given up until somebody starts it anew."),
    )
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), db_default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_job_for_each_subject", fields=["schema_name", "kind", "subject"]
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.schema_name})"
