"""Hospital and Domain, in the public schema."""

import uuid
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from core.clock import validate_zone_name

# A DNS label (RFC 1035 section 2.3.1, digits allowed first by RFC 1123): it is part of a host name.
SUBDOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"
CHANNEL_NAMES_PATTERN = r"^[a-z]+( *, *[a-z]+)*$"
RESERVED_SUBDOMAINS = ("admin", "api", "app", "mail", "mcp", "public", "static", "www")


class HospitalType(models.TextChoices):
    """What kind of house it is."""

    GENERAL = "GENERAL", _("General hospital")
    SPECIALTY = "SPECIALTY", _("Specialty hospital")
    CLINIC = "CLINIC", _("Clinic")
    DENTAL = "DENTAL", _("Dental clinic")
    COMMUNITY = "COMMUNITY", _("Community hospital")


class Language(models.TextChoices):
    """Languages that the platform speaks."""

    THAI = "th", _("Thai")
    ENGLISH = "en", _("English")


class Hospital(TenantMixin):
    """A tenant: one schema, one or more domains, a subdomain that names it in every interface."""

    # Provisioning makes the schema in steps of its own: see tenants/provisioning.py.
    auto_create_schema = False
    auto_drop_schema = False

    uuid = models.UUIDField(_("UUID"), unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    subdomain = models.CharField(
        _("subdomain"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(SUBDOMAIN_PATTERN, _("Use lower-case letters, digits and hyphens."))],
        help_text=_(
            "Names the hospital in addresses, such as demo in demo.example.org. It cannot change later."
        ),
    )
    registration_number = models.CharField(_("registration number"), max_length=50, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    address_line1 = models.CharField(_("address line 1"), max_length=200, blank=True)
    address_line2 = models.CharField(_("address line 2"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("province or state"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True, default="Thailand")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    hospital_type = models.CharField(
        _("type"), max_length=20, choices=HospitalType, default=HospitalType.GENERAL
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Asia/Bangkok",
        validators=[validate_zone_name],
        help_text=_("The zone of every time that patients and staff of this hospital see."),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.THAI)
    reminder_time = models.TimeField(
        _("hour of reminders"),
        default=time(18, 0),
        help_text=_("On the hospital's clocks, the day before the appointment."),
    )
    reminder_least_hours = models.PositiveSmallIntegerField(
        _("no reminder later than"),
        default=1,
        validators=[MaxValueValidator(24)],
        help_text=_("Hours before the appointment. What was missed is made up for until then."),
    )
    notice_channels = models.CharField(
        _("channels of notices"),
        max_length=100,
        blank=True,
        validators=[RegexValidator(CHANNEL_NAMES_PATTERN, _("Write names with commas, such as email."))],
        help_text=_("In the order in which they are tried. Leave empty for the platform's order."),
    )
    second_factor_required = models.BooleanField(
        _("second factor required"),
        default=False,
        db_default=False,
        help_text=_("Staff sign in with a code of their phone besides the password."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("A hospital that is switched off refuses every door and loses nothing."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="hospital_subdomain_is_a_dns_label",
                condition=models.Q(subdomain__regex=SUBDOMAIN_PATTERN),
                violation_error_message=_("Use lower-case letters, digits and hyphens."),
            ),
            models.CheckConstraint(
                name="hospital_subdomain_is_not_reserved",
                condition=~models.Q(subdomain__in=RESERVED_SUBDOMAINS),
                violation_error_message=_("This name is kept for the platform."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def channel_names(self) -> list[str]:
        """The channels that this hospital chose, in its order; empty for the platform's."""
        return [name for part in self.notice_channels.split(",") if (name := part.strip())]

    def clean(self) -> None:
        """Refuse a reserved subdomain by its field; the table's constraint knows no field."""
        super().clean()
        if self.subdomain in RESERVED_SUBDOMAINS:
            raise ValidationError({"subdomain": _("This name is kept for the platform.")})


class Domain(DomainMixin):
    """A host name that leads to a hospital."""

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")

    def __str__(self) -> str:
        return str(self.domain)
