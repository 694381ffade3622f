"""ApiKey, in the public table ``api_keys``."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apikeys.scopes import SCOPES
from core import clock
from tenants.models import Hospital


class ApiKey(models.Model):
    """A program's credential: of one hospital, or of the platform where `hospital` is empty."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Which program uses it."))
    public_id = models.CharField(_("public id"), max_length=10, unique=True, editable=False)
    key_hash = models.CharField(_("hash"), max_length=64, unique=True, editable=False)
    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="api_keys", help_text=_("Leave empty for a key of the platform."),
    )  # fmt: skip
    scopes = ArrayField(
        models.CharField(max_length=40, choices=list(SCOPES.items())), verbose_name=_("scopes"), default=list
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_unlimited = models.BooleanField(
        _("unlimited"), default=False, help_text=_("No rate limits: for tests and trusted systems.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        db_table = "api_keys"
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.public_id})"

    @property
    def is_usable(self) -> bool:
        """Whether the key opens anything now."""
        return self.is_active and (self.expires_at is None or self.expires_at > clock.now())
