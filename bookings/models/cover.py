"""PatientInsurance and PatientConsent: who pays for a patient, and what the patient has agreed to."""

from collections.abc import Collection

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.people import Patient
from core.actor import Door
from core.models import Record

_DOORS = [(door.value, door.value) for door in Door]


class Scheme(models.TextChoices):
    """The ways of paying for treatment in Thailand: three public schemes, private insurance, oneself."""

    UCS = "UCS", _("Universal Coverage Scheme (gold card)")
    SSS = "SSS", _("Social Security Scheme")
    CSMBS = "CSMBS", _("Civil Servant Medical Benefit Scheme")
    PRIVATE = "PRIVATE", _("Private insurance")
    SELF_PAY = "SELF_PAY", _("Self-pay")


class PatientInsurance(Record):
    """A scheme or policy that pays for a patient; at most one of a patient's is the primary one."""

    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.CASCADE, related_name="insurances"
    )
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    insurer = models.CharField(
        _("insurer"), max_length=200, blank=True, help_text=_("The company, for private insurance.")
    )
    policy_number = models.CharField(_("policy or card number"), max_length=50, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_primary = models.BooleanField(
        _("primary"), default=False, help_text=_("The one that is asked to pay first.")
    )

    class Meta:
        verbose_name = _("insurance")
        verbose_name_plural = _("insurance")
        ordering = ["-is_primary", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_primary_insurance",
                fields=["patient"],
                condition=Q(is_primary=True),
                violation_error_message=_("This patient has a primary insurance already."),
            ),
            models.CheckConstraint(
                name="insurance_scheme", condition=Q(scheme__in=[scheme.value for scheme in Scheme])
            ),
            models.CheckConstraint(
                name="private_insurance_names_its_insurer",
                condition=~Q(scheme=Scheme.PRIVATE) | ~Q(insurer=""),
                violation_error_message=_("Private insurance needs the name of the insurer."),
            ),
            models.CheckConstraint(
                name="insurance_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_scheme_display())

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Leave the one primary to the verb that saves: the row that it is taken from comes first."""
        super().validate_constraints({*(exclude or ()), "is_primary"})


class ConsentKind(models.TextChoices):
    """What a patient is asked to agree to."""

    TREATMENT = "TREATMENT", _("Treatment")
    DATA_PROCESSING = "DATA_PROCESSING", _("Processing of personal data")
    REMINDERS = "REMINDERS", _("Reminders")
    DATA_SHARING = "DATA_SHARING", _("Sharing of data with others who treat")


class PatientConsent(Record):
    """One patient's agreement to one text: live until it is withdrawn, and kept as evidence ever after.

    `version` names the text that was agreed to. Of one kind a patient has at most one that is live.
    """

    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.CASCADE, related_name="consents"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ConsentKind)
    version = models.CharField(_("version of the text"), max_length=40)
    given_at = models.DateTimeField(_("given at"))
    given_door = models.CharField(_("given through"), max_length=10, choices=_DOORS)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_door = models.CharField(_("withdrawn through"), max_length=10, choices=_DOORS, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["kind", "-given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_consent_of_a_kind", fields=["patient", "kind"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="consent_kind", condition=Q(kind__in=[kind.value for kind in ConsentKind])
            ),
            models.CheckConstraint(name="consent_names_its_text", condition=~Q(version="")),
            models.CheckConstraint(
                name="consent_is_withdrawn_after_it_was_given",
                condition=Q(withdrawn_at=None, withdrawn_door="")
                | (Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at")) & ~Q(withdrawn_door="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
