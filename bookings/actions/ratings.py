"""What a patient thought of a visit: said once, changed for a week."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bookings.actions.rows import changeable, locked, record_of
from bookings.actions.seats import in_one_transaction
from bookings.errors import NotCompleted, RatingClosed
from bookings.events import BookingEvent
from bookings.models import Rating
from bookings.models.rating import HIGHEST, LONGEST_COMMENT, LOWEST
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import InvalidInput

# For how long after it was left a rating may be changed.
OPEN_FOR = timedelta(days=7)


def rate_appointment(actor: Actor, *, reference: str, rating: int, comment: str = "") -> Rating:
    """Rate a completed visit with one to five, or change what was said within seven days.

    Raises `AppointmentNotFound`, `NotAllowed`, `NotCompleted`, `RatingClosed`, `InvalidInput`.
    """
    if not LOWEST <= rating <= HIGHEST:
        raise InvalidInput(rating=_("Rate with 1 to 5."))
    if len(comment) > LONGEST_COMMENT:
        raise InvalidInput(comment=_("A comment has 1000 characters at most."))
    changeable(actor, reference, "appointments.rate")
    return in_one_transaction(lambda: _rate(actor, reference, rating, comment))


def _rate(actor: Actor, reference: str, rating: int, comment: str) -> Rating:
    row = locked(actor, reference)
    if row.status != Status.COMPLETED:
        raise NotCompleted(row.status)
    said = Rating.objects.filter(appointment=row).first()
    if said is not None and clock.now() - said.created_at > OPEN_FOR:
        raise RatingClosed
    before = said.rating if said is not None else None
    said = said or Rating(appointment=row)
    said.rating, said.comment = rating, comment
    said.save()
    record_of(actor, BookingEvent.RATED, row, {"rating": [before, rating]}, rating=rating)
    return said
