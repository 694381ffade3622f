"""What can happen to bookings, by the names that subscribers know."""

from enum import StrEnum


class BookingEvent(StrEnum):
    """Types of `events.Event` that this room records."""

    CREATED = "booking.created"
    RESCHEDULED = "booking.rescheduled"
    CANCELLED = "booking.cancelled"
    STATUS_CHANGED = "booking.status_changed"
    HELD = "booking.held"
    RELEASED = "booking.released"
    HOLD_EXPIRED = "booking.hold_expired"
    PATIENT_REGISTERED = "patient.registered"
    PATIENT_CHANGED = "patient.changed"
    HOLIDAYS_SUGGESTED = "holidays.suggested"
    HOLIDAYS_CONFIRMED = "holidays.confirmed"
