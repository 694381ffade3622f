"""What can happen to bookings, by the names that subscribers know."""

from enum import StrEnum


class BookingEvent(StrEnum):
    """Types of `events.Event` that this room records."""

    CREATED = "booking.created"
    RESCHEDULED = "booking.rescheduled"
    CANCELLED = "booking.cancelled"
    STATUS_CHANGED = "booking.status_changed"
    REMINDER_SENT = "booking.reminder_sent"
    HELD = "booking.held"
    RELEASED = "booking.released"
    HOLD_EXPIRED = "booking.hold_expired"
    WAITING_JOINED = "waiting_list.joined"
    WAITING_OFFERED = "waiting_list.offered"
    WAITING_ACCEPTED = "waiting_list.accepted"
    WAITING_DECLINED = "waiting_list.declined"
    WAITING_MISSED = "waiting_list.missed"
    WAITING_WITHDRAWN = "waiting_list.withdrawn"
    WAITING_LEFT = "waiting_list.left"
    WAITING_CLOSED = "waiting_list.closed"
    NOTICE_SENT_AGAIN = "notice.sent_again"
    REMINDERS_CHANGED = "reminders.changed"
    PATIENT_REGISTERED = "patient.registered"
    PATIENT_CHANGED = "patient.changed"
    HOLIDAYS_SUGGESTED = "holidays.suggested"
    HOLIDAYS_CONFIRMED = "holidays.confirmed"
