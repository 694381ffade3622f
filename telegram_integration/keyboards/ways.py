"""The taps by which a time is chosen: for a new booking, or for one that moves."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from telegram_integration.callbacks import pack_int, pack_uuid

# The actions that lead to the waiting list: for a service, and for an appointment that is to come sooner.
_ANY, _SOONER = "wj", "wf"


@dataclass(frozen=True, slots=True)
class Way:
    """Actions of the month, the day and the slot, and the arguments that all of them begin with.

    `back` leads to where the way begins, `wait` to the waiting list.
    """

    month: str
    day: str
    slot: str
    wait: str
    back: tuple[str, ...]
    arguments: tuple[str, ...]

    def wait_label(self) -> str:
        """What the button to the waiting list says."""
        if self.wait == _SOONER:
            return _("🔔 Tell me when an earlier time becomes free")
        return _("🔔 Tell me when a time becomes free")


def to_book(service_id: int) -> Way:
    """The way to a new booking of a service."""
    return Way("bm", "bd", "bt", _ANY, ("b", pack_int(0)), (pack_int(service_id),))


def to_move(appointment_id: UUID) -> Way:
    """The way to another time of an appointment."""
    which = pack_uuid(appointment_id)
    return Way("am", "amd", "amt", _SOONER, ("ad", which), (which,))
