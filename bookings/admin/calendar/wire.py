"""JSON out of the calendar's addresses: one guard around each, and one wording of refusals."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext_lazy as _

from bookings.admin.actors import actor_in
from bookings.admin.calendar.fields import Fields
from bookings.queries.availability import OfferedSlot
from core import clock
from core.actor import Actor
from core.errors import CODES, DomainError, Kind, NotAllowed
from tenants.admin_sites.dates import say_moment


class Reply(NamedTuple):
    """What is answered: an HTTP status and a JSON value."""

    status: int
    body: dict[str, Any]


class Refused(Exception):
    """A refusal, and what belongs to it: the appointment as it is now, whether overbooking would help."""

    def __init__(self, refusal: DomainError, **more: Any) -> None:
        super().__init__(refusal.reason)
        self.refusal, self.more = refusal, more


Handler = Callable[[Actor, Fields], Reply]


def answering(site: AdminSite, method: str, handler: Handler, *verbs: str) -> Callable[..., HttpResponse]:
    """The view of one address: JSON for every outcome, to whoever is signed in and may use any of the verbs.

    Whoever is not (or no longer) signed in gets 401 and no page to sign in on: a script would read that as an
    answer.
    """

    def view(request: HttpRequest) -> HttpResponse:
        if request.method != method:
            return HttpResponseNotAllowed([method])
        try:
            actor = actor_in(request)
            if not any(actor.can(verb) for verb in verbs):
                raise NotAllowed(needs=verbs[0])
            status, body = handler(actor, Fields.of(request))
        except Refused as refused:
            status, body = worded(refused.refusal, **refused.more)
        except DomainError as refusal:
            status, body = worded(refusal)
        return JsonResponse(body, status=status)

    guarded = site.admin_view(view)

    def signed_in_view(request: HttpRequest) -> HttpResponse:
        if not site.has_permission(request):
            error = {"reason": "signed_out", "message": str(_("You are signed out. Sign in again."))}
            return JsonResponse({"error": error}, status=CODES[Kind.UNAUTHENTICATED][1])
        return guarded(request)

    return signed_in_view


def worded(refusal: DomainError, *, may_overbook: bool = False, event: Any = None) -> Reply:
    """A refusal as the page gets it."""
    data = refusal.data
    error: dict[str, Any] = {"reason": refusal.reason, "message": str(refusal)}
    if "fields" in data:
        error["fields"] = {name: [str(text) for text in texts] for name, texts in data["fields"].items()}
    if refusal.kind is Kind.CONFLICT:
        error["alternatives"] = [slot_json(slot) for slot in data.get("alternatives", ())]
        error["may_overbook"] = may_overbook
    if "allowed" in data:
        error["allowed"] = list(data["allowed"])
    body = {"error": error} if event is None else {"error": error, "event": event}
    return Reply(CODES[refusal.kind][1], body)


def slot_json(slot: OfferedSlot) -> dict[str, Any]:
    """A free slot, and in words."""
    moment = clock.from_epoch(slot.start)
    return {
        "start": wall_time(moment, slot.zone),
        "end": wall_time(clock.from_epoch(slot.end), slot.zone),
        "practitioner_id": slot.practitioner_id,
        "practitioner": slot.practitioner_name,
        "text": f"{say_moment(moment, weekday=True)}, {slot.practitioner_name}",
    }


def wall_time(moment: datetime, zone: str) -> str:
    """An instant as the clocks of a zone show it, without offset."""
    return moment.astimezone(clock.zone(zone)).replace(tzinfo=None).isoformat(timespec="seconds")
