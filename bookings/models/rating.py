"""Rating: what a patient thought of a visit."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Appointment
from core.models import Record

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 1000


class Rating(Record):
    """One to five for one completed appointment, with a comment if the patient left one.

    The database lets no appointment have two, and (by a trigger) none that is not completed have any.
    """

    appointment = models.OneToOneField(
        Appointment, verbose_name=_("appointment"), on_delete=models.CASCADE, related_name="rating"
    )
    rating = models.PositiveSmallIntegerField(
        _("rating"), choices=[(stars, "★" * stars) for stars in range(LOWEST, HIGHEST + 1)]
    )
    comment = models.TextField(_("comment"), max_length=LONGEST_COMMENT, blank=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="rating_of_one_to_five", condition=Q(rating__gte=LOWEST, rating__lte=HIGHEST)
            ),
            models.CheckConstraint(
                name="rating_comment_is_short", condition=LessThanOrEqual(Length("comment"), LONGEST_COMMENT)
            ),
        ]
        indexes = [models.Index(fields=["created_at", "id"], name="rating_age")]

    def __str__(self) -> str:
        return "★" * self.rating
