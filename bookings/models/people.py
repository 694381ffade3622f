"""Practitioner and Patient."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.naming import Bilingual
from core.clock import validate_zone_name
from core.models import Record
from core.thai_order import ReadersOrder, in_thai_order
from tenants.models import Language

# Years. Nobody has practised for longer.
LONGEST_CAREER = 80


class PractitionerKind(models.TextChoices):
    """Whose time is booked."""

    DOCTOR = "DOCTOR", _("Doctor")
    NURSE = "NURSE", _("Nurse")
    THERAPIST = "THERAPIST", _("Therapist")
    ROOM = "ROOM", _("Room or equipment")


class Practitioner(Record, Bilingual):
    """A person (or room) whose time is booked: a provider on the wire."""

    kind = models.CharField(
        _("kind"), max_length=20, choices=PractitionerKind, default=PractitionerKind.DOCTOR
    )
    specialties = models.ManyToManyField(
        "bookings.Specialty", verbose_name=_("specialties"), related_name="practitioners", blank=True,
        through="bookings.PractitionerSpecialty",
    )  # fmt: skip
    license_number = models.CharField(_("licence number"), max_length=50, blank=True)
    years_of_experience = models.PositiveSmallIntegerField(
        _("years of experience"), null=True, blank=True, validators=[MaxValueValidator(LONGEST_CAREER)]
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_zone_name],
        help_text=_("Leave empty for the hospital's own zone."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="practitioner",
        help_text=_("The account that this person signs in with."),
    )
    daily_limit = models.PositiveSmallIntegerField(
        _("daily limit"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Most appointments of one day. Leave empty for no limit."),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    is_bookable = models.BooleanField(
        _("bookable"), default=True, help_text=_("Whether patients can book this person or room.")
    )

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        ordering = [ReadersOrder(), "id"]
        constraints = [
            models.CheckConstraint(
                name="practitioner_years_of_experience",
                condition=models.Q(years_of_experience=None)
                | models.Q(years_of_experience__lte=LONGEST_CAREER),
            ),
            models.CheckConstraint(
                name="practitioner_daily_limit",
                condition=models.Q(daily_limit=None) | models.Q(daily_limit__gte=1),
            ),
        ]


class Patient(Record):
    """A person who is treated. A guest becomes one with the first booking that gives a phone number.

    A phone number names a family, phone and name together a person: `name_key` is the name without
    titles, case and spare spaces, and the database keeps (phone, key) unique.
    """

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    phone_number = models.CharField(
        _("phone number"),
        max_length=20,
        blank=True,
        help_text=_("In international form, such as +66812345678."),
    )
    email = models.EmailField(_("email"), blank=True)
    hospital_number = models.CharField(
        _("hospital number"), max_length=30, null=True, blank=True, unique=True
    )
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.THAI)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="patient",
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = [in_thai_order("name"), "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_patient_per_phone_and_name",
                fields=["phone_number", "name_key"],
                condition=~models.Q(phone_number=""),
                violation_error_message=_("A patient with this name and phone number exists already."),
            ),
            models.CheckConstraint(
                name="patient_phone_is_e164",
                condition=models.Q(phone_number="") | models.Q(phone_number__regex=r"^\+[1-9][0-9]{6,14}$"),
                violation_error_message=_("Write the number in international form, such as +66812345678."),
            ),
        ]
        indexes = [
            models.Index(fields=["email"], name="patient_email", condition=~models.Q(email="")),
            models.Index(in_thai_order("name"), models.F("id"), name="patient_in_thai_order"),
        ]

    def __str__(self) -> str:
        return self.name
