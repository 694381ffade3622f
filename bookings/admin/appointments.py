"""Appointments: the list of a day and the facts of one; whatever changes them is a verb."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.utils import display_for_label

from bookings.actions.exports import export_appointments
from bookings.admin.actors import actor_in
from bookings.admin.bulk import BulkWork
from bookings.admin.desk import Desk
from bookings.admin.exchange.exports import Exportable
from bookings.admin.filters import StatusFilter, WhenFilter
from bookings.admin.patients import digits_in
from bookings.admin.steps import (
    can_be_cancelled,
    can_be_moved,
    can_be_undone,
    next_step,
    steps_for,
    undo_label,
)
from bookings.admin.words import STATUS_COLOURS, overbooked_mark
from bookings.models import Appointment, Rating
from bookings.models.appointment import STATUS_NAMES
from bookings.queries.appointments import appointments_for
from bookings.references import PATTERN, canonical
from bookings.rules.statuses import Status
from core.actor import Actor
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import hospital_site

_BY_PRACTITIONER = ("practitioner", RelatedDropdownFilter)
_FACTS = ("reference", "status_label", "when", "service", "practitioner", "source")
_GUEST = ("guest_name", "guest_phone", "guest_email", "reason", "notes", "patient")
_RECORD = ("cancel_reason", "overbook_reason", "rated", "made", "changed")
# Steps that are taken while whoever asked waits for the answer.
MOST_AT_ONCE = 200
_UNBROKEN = '<span class="whitespace-nowrap">{}</span>'
# What stands for an appointment in an address that is made once for all rows.
_ANY = UUID(int=0)
# A button of the list's own form, which carries the token against forgery.
_BUTTON = (
    '<button type="submit" name="{}" value="{}" formaction="{}" aria-label="{}" class="border border-base-200'
    " bg-white cursor-pointer font-medium px-2.5 py-1 rounded-default shadow-xs text-important"
    " whitespace-nowrap dark:bg-transparent dark:border-base-700 hover:bg-base-100/80"
    ' dark:hover:bg-base-800/80">{}</button>'
)
_BUTTONS = '<div class="flex flex-col gap-1 items-start">{}</div>'


@admin.register(Appointment, site=hospital_site)
class AppointmentAdmin(Exportable, BulkWork, Desk):
    """Appointments that the signed-in user may see. Holds are not listed: nobody has booked them yet."""

    view_verbs = ("appointments.read", "appointments.read_own")
    add_verbs = ("appointments.book",)
    list_per_page = 30
    list_display = ("name", "when", "guest", "service", "practitioner", "status_label", "source")
    list_filter = (
        WhenFilter,
        ("start", DayRangeFilter),
        StatusFilter,
        _BY_PRACTITIONER,
        ("service", RelatedDropdownFilter),
        ("source", ChoicesDropdownFilter),
    )
    search_fields = ("guest_name", "patient__name")
    search_help_text = _("Name, phone or reference")
    list_fullwidth = True
    ordering = ("start", "pk")
    actions = ("confirm", "check_in", "complete", "no_show", "cancel_many", "move_many", "tell_many")
    actions_list = ("walk_in", "export")
    export_verbs = ("appointments.read", "appointments.read_own")
    export_rows = staticmethod(export_appointments)
    fieldsets = (
        (None, {"fields": _FACTS}),
        (_("Guest"), {"fields": _GUEST}),
        (_("Record"), {"fields": _RECORD}),
    )
    readonly_fields = (*_FACTS, *_GUEST, *_RECORD)
    change_form_outer_before_template = "admin/bookings/appointment/steps.html"
    change_form_outer_after_template = "admin/bookings/appointment/history.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        """Those that the signed-in user may see."""
        return appointments_for(actor_in(request)).order_by(*self.ordering)

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """Who sees only their own needs no choice of practitioners.

        Unfold keeps the request of the list that was asked for last, whoever's it was, and comes here with it
        for the scripts of a page: ask nothing that has to be looked up.
        """
        if granted(request, "appointments.read"):
            return self.list_filter
        return tuple(entry for entry in self.list_filter if entry != _BY_PRACTITIONER)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The facts; why it was overbooked where it was, now or before."""
        was_overbooked = isinstance(obj, Appointment) and bool(obj.overbook_reason)
        left_out = () if was_overbooked else ("overbook_reason",)
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in left_out]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The columns, and the button for what most often comes next."""
        return (*self.list_display, _next_button(actor_in(request)))

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        queryset: QuerySet[Appointment],
        search_term: str,
    ) -> tuple[QuerySet[Appointment], bool]:
        """By phone however it is written, by reference with or without its hyphen, else by name."""
        term = search_term.strip()
        digits = digits_in(term)
        wanted = Q(guest_phone__contains=digits) if digits else _named(term)
        if re.fullmatch(PATTERN, canonical(term)):
            wanted |= Q(reference=canonical(term))
        return queryset.filter(wanted), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The facts, the buttons that make sense now, and what has happened so far."""
        row = self.get_object(request, unquote(object_id))
        more = {} if row is None else self._around(request, row)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})  # type: ignore[no-any-return]

    def _around(self, request: HttpRequest, row: Appointment) -> dict[str, Any]:
        actor = actor_in(request)
        return {
            "steps": steps_for(actor, row),
            "can_be_moved": can_be_moved(actor, row),
            "can_be_cancelled": can_be_cancelled(actor, row),
            "undo_label": undo_label(row) if can_be_undone(actor, row) else "",
            "history": self.admin_site.journal.read(self.subject_of(row)),
            "show_history": False,
        }

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Whether the action is offered at all."""
        return granted(request, "appointments.confirm")

    def has_attend_permission(self, request: HttpRequest) -> bool:
        """Whether the actions of a visit are offered at all."""
        return granted(request, "appointments.attend", "appointments.attend_own")

    @admin.action(description=_("Confirm"), permissions=["confirm"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Appointment]) -> None:
        """Confirm the chosen appointments."""
        self._all_to(request, rows, Status.CONFIRMED)

    @admin.action(description=_("Check in"), permissions=["attend"])
    def check_in(self, request: HttpRequest, rows: QuerySet[Appointment]) -> None:
        """Check the chosen appointments in."""
        self._all_to(request, rows, Status.CHECKED_IN)

    @admin.action(description=_("Complete"), permissions=["attend"])
    def complete(self, request: HttpRequest, rows: QuerySet[Appointment]) -> None:
        """Complete the chosen appointments."""
        self._all_to(request, rows, Status.COMPLETED)

    @admin.action(description=_("No-show"), permissions=["attend"])
    def no_show(self, request: HttpRequest, rows: QuerySet[Appointment]) -> None:
        """Mark the chosen appointments as missed."""
        self._all_to(request, rows, Status.NO_SHOW)

    def _all_to(self, request: HttpRequest, rows: QuerySet[Appointment], status: Status) -> None:
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            words = _("Choose %(count)d appointments at most.") % {"count": MOST_AT_ONCE}
            self.message_user(request, words, messages.ERROR)
            return
        for row in chosen:
            self.take_step(request, actor_in(request), row, status)

    @display(description=_("reference"), ordering="reference")
    def name(self, row: Appointment) -> str:
        """The reference, in one piece."""
        return format_html(_UNBROKEN, row.reference)

    @display(description=_("start"), ordering="start")
    def when(self, row: Appointment) -> str:
        """The start on the hospital's clocks; the number in the queue and that it is overbooked, if so."""
        when = format_html(_UNBROKEN, say_moment(row.start, weekday=True))
        if row.queue_number is not None:
            when += format_html("<br><small>{} {}</small>", _("queue number"), row.queue_number)
        return when + format_html("<br>{}", overbooked_mark()) if row.overbooked else when

    @display(description=_("patient"), ordering="guest_name")
    def guest(self, row: Appointment) -> str:
        """Who comes, and how to reach them."""
        return format_html("{}<br><small>{}</small>", row.guest_name, row.guest_phone)

    @display(description=_("status"), ordering="status")
    def status_label(self, row: Appointment) -> str:
        """The status as a coloured label with its name."""
        return _label_of(Status(row.status), get_language())

    @display(description=_("rating"))
    def rated(self, row: Appointment) -> str:
        """What the patient thought of it, if they said."""
        rating = Rating.objects.filter(appointment=row).first()
        return f"{rating} {rating.comment}".strip() if rating is not None else "-"

    @display(description=_("created at"), ordering="created_at")
    def made(self, row: Appointment) -> str:
        """When it was booked."""
        return say_moment(row.created_at)

    @display(description=_("updated at"), ordering="updated_at")
    def changed(self, row: Appointment) -> str:
        """When it was changed last."""
        return say_moment(row.updated_at)


@cache
def _label_of(status: Status, language: str | None) -> str:  # noqa: ARG001  -- the name is in that language
    """A status as unfold draws a label, once for all rows that have it."""
    return display_for_label((status, STATUS_NAMES[status]), "-", STATUS_COLOURS)  # type: ignore[no-any-return]


def _named(text: str) -> Q:
    """Whoever has every word of it in the name that was given, or in the patient's."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(guest_name__icontains=word) | Q(patient__name__icontains=word)
    return wanted


def _next_button(actor: Actor) -> Callable[[Appointment], str]:
    """The column with the button for what most often comes next, as far as the actor may do it.

    Not for coming days: a slip of the hand there would check in somebody who is at home.
    """
    today = timezone.localdate()
    to_step, to_undo = (
        reverse(f"admin:bookings_appointment_{verb}", args=[_ANY]) for verb in ("step", "undo")
    )

    @display(description=_("next"))
    def next_button(row: Appointment) -> str:
        step = next_step(actor, row) if timezone.localdate(row.start) <= today else None
        buttons: list[tuple[Any, ...]] = []
        if step is not None:
            url = to_step.replace(str(_ANY), str(row.pk))
            buttons.append(("status", step.status, url, step.label, step.label))
        if can_be_undone(actor, row):
            url = to_undo.replace(str(_ANY), str(row.pk))
            # There is little room in a row, which names the status: who hears the page is told what it is.
            buttons.append(("seen", row.status, url, undo_label(row), _("Undo")))
        return format_html(_BUTTONS, format_html_join("", _BUTTON, buttons)) if buttons else ""

    return next_button  # type: ignore[no-any-return]
