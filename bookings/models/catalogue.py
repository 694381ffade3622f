"""Specialty and HealthcareService: what is bookable."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.naming import Bilingual, in_language
from bookings.models.people import Practitioner
from core.models import Record
from core.thai_order import ReadersOrder

# A visit ends within the day after it begins; the rules look no further.
LONGEST_VISIT = 12 * 60


class Specialty(Record, Bilingual):
    """A field of medicine."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = [ReadersOrder(), "id"]


class HealthcareService(Bilingual):
    """Something that can be booked: an event type on the wire, with an integer id. Times in minutes."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    description_th = models.TextField(_("description (Thai)"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration"), default=30, validators=[MinValueValidator(5), MaxValueValidator(LONGEST_VISIT)],
        help_text=_("Minutes."),
    )  # fmt: skip
    buffer_before = models.PositiveSmallIntegerField(
        _("buffer before"),
        default=0,
        validators=[MaxValueValidator(240)],
        help_text=_("Minutes kept free before."),
    )
    buffer_after = models.PositiveSmallIntegerField(
        _("buffer after"),
        default=0,
        validators=[MaxValueValidator(240)],
        help_text=_("Minutes kept free after."),
    )
    slot_interval = models.PositiveSmallIntegerField(
        _("interval"), default=30, validators=[MinValueValidator(5), MaxValueValidator(LONGEST_VISIT)],
        help_text=_("Minutes from one start to the next."),
    )  # fmt: skip
    minimum_notice = models.PositiveIntegerField(
        _("minimum notice"), default=60, help_text=_("Minutes between booking and start, at least.")
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("horizon"), default=60, validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("How many days ahead it can be booked."),
    )  # fmt: skip
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text=_("Seats at one start: 1 for a consultation, more for a group."),
    )  # fmt: skip
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="THB", validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    colour = models.CharField(
        _("colour"), max_length=7, default="#0f766e", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    specialty = models.ForeignKey(
        Specialty, verbose_name=_("specialty"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="services",
    )  # fmt: skip
    practitioners = models.ManyToManyField(
        Practitioner, verbose_name=_("practitioners"), related_name="services", blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        verbose_name = _("event type")
        verbose_name_plural = _("event types")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="service_times_are_positive",
                condition=models.Q(
                    duration_minutes__gte=5, slot_interval__gte=5, capacity__gte=1, horizon_days__gte=1
                ),
            ),
        ]

    @property
    def description(self) -> str:
        """The description in the language of whoever reads it."""
        return in_language(self.description_th, self.description_en)
