"""Who acts in the admin: built once for each request, with the practitioner that the user is."""

from django.http import HttpRequest

from accounts.caller import actor_of
from accounts.models import User
from bookings.models import Appointment, Practitioner
from core.actor import Actor, Door


def actor_in(request: HttpRequest) -> Actor:
    """The signed-in user as an actor. Costs one query, the first time in a request."""
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    if not isinstance(request.user, User):
        raise TypeError("Only somebody who has signed in gets here.")
    whose = Practitioner.objects.filter(user_id=request.user.pk).values_list("pk", flat=True).first()
    actor = actor_of(request.user, Door.ADMIN, practitioner_id=whose)
    request.actor = actor  # type: ignore[attr-defined]  # remembered for the rest of the request
    return actor


def may_overbook(actor: Actor) -> bool:
    """Whether they may book beyond hours and seats, with a reason."""
    return actor.can("appointments.overbook")


def may(actor: Actor, verb: str, row: Appointment) -> bool:
    """Whether a button for this verb makes sense; the verb itself asks again."""
    own = actor.practitioner_id is not None and row.practitioner_id == actor.practitioner_id
    return actor.can(verb) or (own and actor.can(f"{verb}_own"))
