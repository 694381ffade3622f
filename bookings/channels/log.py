"""The channel of last resort: the notice's own row, which the staff reads. It delivers to nobody."""

from django.utils.translation import gettext_lazy as _

from bookings.channels import LANE, Message, Recipient, Text


class LogChannel:
    """Keeps the notice where staff will find it. It writes no line into any log: those hold no people."""

    name = "log"
    label: Text = _("Notice log")
    delivers = False
    lane = LANE
    repeats = True

    def why_not(self, to: Recipient) -> str:  # noqa: ARG002  -- it takes everybody
        """Nothing: it takes everybody."""
        return ""

    def send(self, to: Recipient, message: Message) -> None:
        """Do nothing: the row is there."""
