"""What the tests of the gateway ask for."""

from typing import Any

from bookings.models import HealthcareService
from tests.support.catalogue import coming_day

BOOKING = ("read:bookings", "write:bookings")
DAY = 7


def booking(visit: HealthcareService, **changes: Any) -> dict[str, Any]:
    """Parameters of `create_booking`."""
    return {
        "event_type_id": visit.pk,
        "date": coming_day(DAY).isoformat(),
        "time": "09:30",
        "guest_name": "Malee Srisuk",
        "guest_phone": "0898765432",
        **changes,
    }
