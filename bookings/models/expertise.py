"""PractitionerSpecialty: what somebody is trained for, and since when."""

from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.models.catalogue import Specialty
from bookings.models.people import LONGEST_CAREER, Practitioner
from core import clock
from tenants.context import current_hospital

IN_THE_FUTURE = _("A certificate cannot be of a day to come.")


class PractitionerSpecialty(models.Model):
    """A practitioner's training in one specialty. One of them at most is what they are known for."""

    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.CASCADE, related_name="expertise"
    )
    specialty = models.ForeignKey(
        Specialty, verbose_name=_("specialty"), on_delete=models.CASCADE, related_name="expertise"
    )
    is_primary = models.BooleanField(
        _("primary"), default=False, help_text=_("What this person is known for: one specialty at most.")
    )
    years_of_experience = models.PositiveSmallIntegerField(
        _("years of experience"), null=True, blank=True, validators=[MaxValueValidator(LONGEST_CAREER)]
    )
    certification_date = models.DateField(_("certified on"), null=True, blank=True)

    class Meta:
        # The table that Django had made for the bare link, with its name and its unique pair.
        db_table = "bookings_practitioner_specialties"
        unique_together = [("practitioner", "specialty")]
        verbose_name = _("specialty of a practitioner")
        verbose_name_plural = _("specialties of practitioners")
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_primary_specialty",
                fields=["practitioner"],
                condition=models.Q(is_primary=True),
                violation_error_message=_("Only one specialty can be the primary one."),
            ),
            models.CheckConstraint(
                name="specialty_years_of_experience",
                condition=models.Q(years_of_experience=None)
                | models.Q(years_of_experience__lte=LONGEST_CAREER),
            ),
            # A day later than the server's, as hospitals in zones ahead of it have that date already.
            models.CheckConstraint(
                name="certified_in_the_past",
                condition=models.Q(certification_date=None)
                | models.Q(certification_date__lte=Now() + timedelta(days=1)),
                violation_error_message=IN_THE_FUTURE,
            ),
        ]

    def __str__(self) -> str:
        return str(self.specialty)

    def clean(self) -> None:
        """Refuse a day to come on the hospital's calendar, by its field."""
        super().clean()
        if self.certification_date and self.certification_date > clock.today_in(current_hospital().timezone):
            raise ValidationError({"certification_date": IN_THE_FUTURE})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Leave the one primary to whoever saves the list: the row that it is taken from comes first."""
        super().validate_constraints({*(exclude or ()), "is_primary"})
