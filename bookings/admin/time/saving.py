"""From a typed change to its answer: saved, asked about what it hits, refused, or taken back."""

import time
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.actions.timetable import UNDECIDED, AppointmentsHit, Decisions, Saved, save_change
from bookings.actions.timetable_changes import Change, PresenceChange
from bookings.admin.actors import actor_in
from bookings.admin.time.preview import ask
from bookings.admin.time.wire import read_change, write_change
from bookings.models import Batch
from core.errors import DomainError
from tenants.admin_sites.sites import GrantedAdmin

_UNDO = "hours_undo"
# How long the button that takes a change back is offered (seconds).
UNDO_FOR = 30 * 60


def save_or_ask(
    page: GrantedAdmin, request: HttpRequest, change: Change, back: str, decided: Decisions | None = None
) -> HttpResponse:
    """Save a change and go back, or show what it hits and ask what becomes of that.

    Raises the refusals of `save_change` but for `AppointmentsHit`.
    """
    try:
        saved = save_change(actor_in(request), change, decided or UNDECIDED)
    except AppointmentsHit as hit:
        return _show_hits(page, request, change, back, hit, decided)
    _remember(request, saved, back)
    _tell(page, request, saved)
    return HttpResponseRedirect(_after(saved.batches, back))


def undo_offered(request: HttpRequest, here: str) -> bool:
    """Whether the last change of this session, made on that page, can be taken back by a button."""
    kept = request.session.get(_UNDO)
    return bool(kept and kept["page"] == here and kept["at"] + UNDO_FOR > time.time())


def take_back(page: GrantedAdmin, request: HttpRequest) -> HttpResponse:
    """Take the last change of this session back, if nobody has changed the same since."""
    kept = request.session.pop(_UNDO, None)
    if kept is None or kept["at"] + UNDO_FOR <= time.time():
        page.message_user(request, _("There is nothing to take back."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:bookings_practitioner_times"))
    try:
        return save_or_ask(page, request, read_change(kept["change"]), kept["page"])
    except DomainError as refusal:
        page.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(kept["page"])


def tell_of_batches(page: GrantedAdmin, request: HttpRequest, batches: Sequence[Batch]) -> None:
    """Name each batch with a link to its progress."""
    for batch in batches:
        link = reverse("admin:bookings_batch_change", args=[batch.pk])
        count = ngettext("%(count)d appointment", "%(count)d appointments", batch.total)
        text = format_html(
            '{}: {} <a class="underline" href="{}">{}</a>',
            batch.get_kind_display(), count % {"count": batch.total}, link, _("See the progress"),
        )  # fmt: skip
        page.message_user(request, text, messages.INFO)


def _show_hits(
    page: GrantedAdmin,
    request: HttpRequest,
    change: Change,
    back: str,
    hit: AppointmentsHit,
    decided: Decisions | None,
) -> HttpResponse:
    """The page that asks what becomes of the appointments that a change hits."""
    stays = not isinstance(change, PresenceChange) or (change.is_active and change.is_bookable)
    errors = [str(text) for texts in hit.data["fields"].values() for text in texts]
    context: dict[str, Any] = {
        "title": _("What becomes of these appointments?"),
        "asked": ask(hit.hits, stay_possible=stays, decided=decided),
        "errors": errors,
        "is_again": decided is not None and not errors,
        "change": write_change(change),
        "back": back,
    }
    return page.page(request, "admin/bookings/time/preview.html", **context)


def _remember(request: HttpRequest, saved: Saved, back: str) -> None:
    if saved.is_changed:
        kept = {"change": write_change(saved.undo), "page": back, "at": int(time.time())}
        request.session[_UNDO] = kept


def _tell(page: GrantedAdmin, request: HttpRequest, saved: Saved) -> None:
    text = _("Saved.") if saved.is_changed else _("Nothing was changed.")
    page.message_user(request, text, messages.SUCCESS)
    if len(saved.batches) > 1:
        tell_of_batches(page, request, saved.batches)
    if count := len(saved.came_between):
        text = ngettext(
            "%(count)d appointment came in between and stands outside of the hours too: %(which)s.",
            "%(count)d appointments came in between and stand outside of the hours too: %(which)s.",
            count,
        )
        which = ", ".join(hit.appointment.reference for hit in saved.came_between[:10])
        page.message_user(request, text % {"count": count, "which": which}, messages.WARNING)


def _after(batches: Sequence[Batch], back: str) -> str:
    """Where the answer leads: to the progress of the work, if there is just one."""
    return reverse("admin:bookings_batch_change", args=[batches[0].pk]) if len(batches) == 1 else back
