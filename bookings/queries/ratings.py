"""Ratings of visits, as far as the actor may see the visits."""

from django.db.models import QuerySet

from bookings.models import Rating
from bookings.queries.appointments import appointments_for
from core.actor import Actor


def ratings_for(actor: Actor) -> QuerySet[Rating]:
    """The ratings of all appointments that the actor may see, with their appointments."""
    related = ("appointment", "appointment__service", "appointment__practitioner")
    return Rating.objects.filter(appointment__in=appointments_for(actor)).select_related(*related)
