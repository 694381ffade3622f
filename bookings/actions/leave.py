"""How far the desk goes beyond the rules that bind whoever books by themselves."""

from typing import NamedTuple, Self

from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import LONGEST_REASON
from core.actor import Actor
from core.errors import InvalidInput


class Leave(NamedTuple):
    """What somebody was granted on booking or moving, once: see `Leave.of`.

    With `waive` the rules of `bookings.rules.desk` decide; an `overbook_reason` that is not empty waives as
    much, and squeezes the visit in where even these rules leave no place.
    """

    waive: bool = False
    overbook_reason: str = ""

    @classmethod
    def of(cls, actor: Actor, *, waive: bool, overbook_reason: str, practitioner_id: str | None) -> Self:
        """Check that the actor may have it. Raises `NotAllowed`, `InvalidInput`."""
        reason = overbook_reason.strip()
        if waive:
            actor.require("appointments.waive")
        if reason:
            actor.require("appointments.overbook")
            if practitioner_id is None:
                raise InvalidInput(practitioner=_("Name the practitioner who is to be overbooked."))
            if len(reason) > LONGEST_REASON:
                raise InvalidInput(overbook_reason=_("This reason is too long."))
        return cls(waive or bool(reason), reason)


NO_LEAVE = Leave()
