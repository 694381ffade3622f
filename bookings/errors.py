"""Refusals of the booking core. `reason` is what programs read; the text is for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.rules.policy import Refusal
from bookings.rules.statuses import Status, allowed
from core.errors import DomainError, InvalidInput, Kind, NotFound


class ServiceNotFound(NotFound):
    """No active event type has that id."""

    reason = "event_type_not_found"
    text = _("There is no such event type.")


class PractitionerNotFound(NotFound):
    """No bookable practitioner has that id, or they do not offer the event type."""

    reason = "provider_not_found"
    text = _("There is no such provider for this event type.")


class AppointmentNotFound(NotFound):
    """No appointment has that reference, or the caller may not know of it."""

    reason = "booking_not_found"
    text = _("There is no booking with this reference.")


class PatientNotFound(NotFound):
    """No patient has that id, or the caller may not know of them."""

    reason = "patient_not_found"
    text = _("There is no such patient.")


class CodeNeeded(DomainError):
    """A patient of this phone and name is known already: their history opens to a one-time code alone."""

    kind = Kind.CONFLICT
    reason = "code_needed"
    text = _("To see your appointments here, confirm your phone number with a code first.")


class PatientInactive(DomainError):
    """The patient's record is switched off; only the hospital can open it again."""

    kind = Kind.CONFLICT
    reason = "patient_inactive"
    text = _("Your record at this hospital is closed. Please call the hospital.")


class HoldNotFound(NotFound):
    """No live hold has that id."""

    reason = "hold_not_found"
    text = _("This slot is not held any more.")


class WaitingListEntryNotFound(NotFound):
    """Nobody waits under that id, or the caller may not know of it."""

    reason = "waiting_list_entry_not_found"
    text = _("There is no such entry in the waiting list.")


_WHY: Mapping[str, str | Promise] = {
    Refusal.PAST: _("This time has passed."),
    Refusal.TOO_SOON: _("This time is too soon to be booked."),
    Refusal.BEYOND_HORIZON: _("This day cannot be booked yet."),
    Refusal.HOLIDAY: _("The hospital is closed on this day."),
    Refusal.TIME_OFF: _("The provider is away at this time."),
    Refusal.OUTSIDE_HOURS: _("This time is outside working hours."),
    Refusal.OFF_GRID: _("Bookings do not start at this time."),
    Refusal.DAY_FULL: _("The provider takes no more appointments on this day."),
    Refusal.SLOT_TAKEN: _("This time has just been taken."),
}


class SlotRefused(DomainError):
    """The asked time cannot be booked; `reason` tells why, `data["alternatives"]` what can be."""

    kind = Kind.CONFLICT

    def __init__(self, why: Refusal, alternatives: list[Any]) -> None:
        self.reason = why.value
        self.text = _WHY[why]
        super().__init__(alternatives=alternatives)


class PatientBusy(DomainError):
    """The patient has another appointment at that time; `data["alternatives"]` are at other times."""

    kind = Kind.CONFLICT
    reason = "patient_busy"
    text = _("The patient has another appointment at this time.")

    def __init__(self, alternatives: list[Any] | None = None) -> None:
        super().__init__(alternatives=alternatives or [])


class HoldExpired(DomainError):
    """The hold has run out or is not for this slot."""

    kind = Kind.CONFLICT
    reason = "hold_expired"
    text = _("This slot is not held any more. Please choose again.")


class AlreadyWaiting(DomainError):
    """The patient waits for this event type already, or for this appointment to be brought forward."""

    kind = Kind.CONFLICT
    reason = "already_waiting"
    text = _("This patient is on the waiting list already.")


class NothingOffered(DomainError):
    """No slot is offered to this entry now; `status` says where it stands."""

    kind = Kind.CONFLICT
    reason = "nothing_offered"
    text = _("No slot is offered at present.")

    def __init__(self, status: str) -> None:
        super().__init__(status=status)


class OfferExpired(DomainError):
    """The offered slot is not held any more: the time to answer is over."""

    kind = Kind.CONFLICT
    reason = "offer_expired"
    text = _("The time to accept this offer is over.")


class MovedMeanwhile(DomainError):
    """The appointment is not any more where whoever moves it saw it."""

    kind = Kind.CONFLICT
    reason = "moved_meanwhile"
    text = _("Somebody else has moved this appointment meanwhile.")


class TryAgain(DomainError):
    """Too many people are booking with this practitioner at the same moment."""

    kind = Kind.CONFLICT
    reason = "try_again"
    text = _("Many people are booking at this moment. Please try again.")


class IllegalStatus(DomainError):
    """The appointment cannot move from its status to the asked one; `allowed` names what it can become."""

    kind = Kind.CONFLICT
    reason = "illegal_status"
    text = _("This is not possible for a booking in its present status.")

    def __init__(self, current: Status) -> None:
        super().__init__(**{"from": current.value, "allowed": allowed(current)})


class NotCompleted(DomainError):
    """Only what took place can be rated; `status` says where the appointment stands."""

    kind = Kind.CONFLICT
    reason = "not_completed"
    text = _("Only a completed visit can be rated.")

    def __init__(self, status: str) -> None:
        super().__init__(status=status)


class RatingClosed(DomainError):
    """The rating stands: the time to change it is over."""

    kind = Kind.CONFLICT
    reason = "rating_closed"
    text = _("A rating can be changed for seven days only.")


class NonexistentTime(InvalidInput):
    """The clocks skip this time of day on this date."""

    text = _("This time does not exist on this day: the clocks are set forward.")

    def __init__(self) -> None:
        super().__init__(time=self.text)


class DoctorNotFound(NotFound):
    """No practitioner has that id, or the caller may not know of them."""

    reason = "doctor_not_found"
    text = _("There is no such doctor here.")


class SpecialtyNotFound(NotFound):
    """No specialty has that id or code."""

    reason = "specialty_not_found"
    text = _("There is no such specialty here.")


class SpecialtyExists(DomainError):
    """The code is another specialty's."""

    kind = Kind.CONFLICT
    reason = "specialty_exists"
    text = _("Another specialty has this code.")


class OnePrimary(InvalidInput):
    """Whoever has specialties is known for one of them."""

    text = _("Choose one primary specialty.")

    def __init__(self) -> None:
        super().__init__(specialties=self.text)


class UserNotFound(NotFound):
    """No account has that id, or the caller may not know of it."""

    reason = "user_not_found"
    text = _("There is no such user here.")


class OwnAccount(DomainError):
    """Nobody switches themselves off or takes their own role away: nobody might be left to undo it."""

    kind = Kind.CONFLICT
    reason = "own_account"
    text = _("You cannot do this to your own account.")


class BatchNotFound(NotFound):
    """No bulk work has that id, or it is somebody else's."""

    reason = "batch_not_found"
    text = _("There is no such bulk work here.")


class BatchEnded(DomainError):
    """The bulk work is over, or was confirmed already."""

    kind = Kind.CONFLICT
    reason = "batch_ended"
    text = _("This bulk work is over, or has begun already.")


class NothingToUndo(DomainError):
    """It is too long ago, was taken back already, or something else was done since."""

    kind = Kind.CONFLICT
    reason = "nothing_to_undo"
    text = _("There is nothing to undo any more.")
