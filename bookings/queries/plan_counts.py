"""How many doctors work here, as plans count them."""

from bookings.models import Practitioner, PractitionerKind


def count_active_doctors() -> int:
    """Doctors of the hospital at hand who are switched on, bookable or not."""
    return Practitioner.objects.filter(kind=PractitionerKind.DOCTOR, is_active=True).count()
