"""How staff read and set notices: why one was not sent, and the form of the settings."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from bookings.admin.fields import TimeOfDayField
from bookings.admin.forms import DeskForm
from bookings.models import NoticeStatus

NOTICE_COLOURS: dict[str, str] = {
    NoticeStatus.PENDING: "info",
    NoticeStatus.SENT: "success",
    NoticeStatus.SKIPPED: "default",
    NoticeStatus.FAILED: "danger",
}

# Code of why a notice was not sent → its words. Rooms with channels and kinds of their own add theirs.
WHY_NAMES: dict[str, str | Promise] = {
    "cancelled": _("The appointment was cancelled"),
    "moved": _("The appointment was moved"),
    "taken_back": _("The cancellation was taken back before"),
    "not_expected": _("Whoever it is for is here already"),
    "too_late": _("It was too late"),
    "answered": _("The offer was answered or withdrawn before"),
    "booked_late": _("Booked after the reminders had gone out"),
    "no_address": _("No e-mail address"),
    "no_channel": _("No channel"),
    "email_not_set_up": _("E-mail is not set up"),
    "address_refused": _("The mail server refused the address"),
    "message_refused": _("The mail server refused the message"),
    "mail_server_away": _("The mail server cannot be reached"),
    "no_consent": _("The patient does not want to be reminded any more"),
    "told_of_move": _("A notice of the move told the new time"),
    "outcome_unknown": _("It may have arrived: no answer came. Sending it again may tell it twice"),
    "no_telegram": _("Not known on Telegram"),
    "telegram_blocked": _("The bot was blocked on Telegram"),
    "telegram_refused": _("Telegram refused the message"),
    "telegram_busy": _("Telegram wants a pause"),
    "telegram_away": _("Telegram cannot be reached"),
}


def say_why(code: str) -> Any:
    """The words of a code, a dash for none."""
    return WHY_NAMES.get(code, code) or "–"


class ReminderForm(DeskForm):
    """When and how reminders are sent."""

    reminder_time = TimeOfDayField(
        label=_("Hour of reminders"),
        help_text=_("On the hospital's clocks, the day before the appointment."),
    )
    reminder_least_hours = forms.IntegerField(
        label=_("No reminder later than"),
        min_value=0,
        max_value=24,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Hours before the appointment. What was missed is made up for until then."),
    )
    notice_channels = forms.CharField(
        label=_("Channels of notices"),
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("In the order in which they are tried. Leave empty for the platform's order."),
    )

    def typed(self) -> dict[str, Any]:
        """What was typed, as `set_reminders` takes it."""
        typed = self.cleaned_data
        names = [name.strip().lower() for name in typed["notice_channels"].split(",")]
        return {
            "reminder_time": typed["reminder_time"],
            "reminder_least_hours": typed["reminder_least_hours"],
            "channels": [name for name in names if name],
        }
