"""ApiKey, in the public table ``api_keys``, and RateLimit: limits that differ from the usual."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apikeys.policies import BY_KEY, NAMES, Rate
from apikeys.scopes import SCOPES
from core import clock
from tenants.models import Hospital

# Redis keeps the time of each request that counts: no more of them than this, for no longer than a day.
MOST, LONGEST = 100_000, 86_400


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


class RateLimit(models.Model):
    """A limit of one hospital or key: the key's comes before the hospital's, and that before the usual."""

    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.CASCADE, null=True, blank=True,
        related_name="rate_limits",
    )  # fmt: skip
    key = models.ForeignKey(
        ApiKey, verbose_name=_("API key"), on_delete=models.CASCADE, null=True, blank=True,
        related_name="rate_limits",
    )  # fmt: skip
    policy = models.CharField(_("what is limited"), max_length=20, choices=list(NAMES.items()))
    amount = models.PositiveIntegerField(
        _("requests"), validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    seconds = models.PositiveIntegerField(
        _("in so many seconds"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST)]
    )

    class Meta:
        verbose_name = _("rate limit")
        verbose_name_plural = _("rate limits")
        ordering = ["policy"]
        constraints = [
            models.CheckConstraint(
                name="rate_limit_has_one_owner",
                condition=models.Q(hospital=None, key__isnull=False)
                | models.Q(hospital__isnull=False, key=None),
                violation_error_message=_("Choose a hospital or a key, not both."),
            ),
            models.CheckConstraint(
                name="rate_limit_of_a_key_is_one_that_keys_have",
                condition=models.Q(key=None) | models.Q(policy__in=BY_KEY),
                violation_error_message=_("This is counted by hospital or address, not by key."),
            ),
            models.CheckConstraint(
                name="rate_limit_is_possible",
                condition=models.Q(amount__range=(1, MOST), seconds__range=(1, LONGEST)),
            ),
            models.UniqueConstraint(
                name="one_rate_limit_per_hospital_and_policy", fields=["hospital", "policy"]
            ),
            models.UniqueConstraint(name="one_rate_limit_per_key_and_policy", fields=["key", "policy"]),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.amount}/{self.seconds} s"

    @property
    def rate(self) -> Rate:
        """The limit itself."""
        return Rate(self.amount, self.seconds)
