"""What the buttons on notices answer."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from telegram_integration.words.booking import facts, reference_line, when_lines
from telegram_integration.words.html import bold, lines, paragraphs
from tenants.models import Hospital

if TYPE_CHECKING:
    from bookings.models import Appointment


def confirmed_text(row: "Appointment", hospital: Hospital) -> str:
    """After somebody said that they come."""
    return paragraphs(
        f"✅ {bold(_('Thank you. You are expected.'))}", facts(row, hospital), reference_line(row)
    )


def confirmed_toast() -> str:
    """The same in two words."""
    return _("Confirmed")


def nothing_to_confirm_line(row: "Appointment") -> str:
    """Why there is nothing to confirm."""
    if row.start <= clock.now():
        return _("The time of this appointment has passed.")
    return _("There is nothing to confirm any more.")


def was_cancelled_text(row: "Appointment", hospital: Hospital) -> str:
    """An appointment that is not any more."""
    return paragraphs(
        f"❌ {bold(_('This appointment was cancelled.'))}",
        lines(when_lines(row.start, hospital), reference_line(row)),
    )


def taken_line() -> str:
    """Over what came of an offer that was taken before."""
    return _("You have taken this time. To give it back, cancel the appointment.")


def declined_text() -> str:
    """After an offer was let go."""
    return paragraphs(
        bold(_("The time goes to the next person.")),
        _("You keep your place on the waiting list. We write to you when another time becomes free."),
    )


def offer_over_text(*, still_waits: bool) -> str:
    """Where an offer cannot be answered any more."""
    over = bold(_("This offer is over."))
    if still_waits:
        return paragraphs(over, _("You keep your place on the waiting list."))
    return paragraphs(over, _("You are not on the waiting list any more."))
