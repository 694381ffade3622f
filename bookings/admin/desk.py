"""Pages of the front desk about one appointment: book, take a step, move, cancel. Each says one verb."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from bookings.actions.appointments import (
    book_appointment,
    cancel_appointment,
    change_status,
    reschedule_appointment,
)
from bookings.actions.walk_ins import walk_in
from bookings.admin.actors import actor_in, may, may_overbook
from bookings.admin.calendar.addresses import calendar_addresses
from bookings.admin.finding import find_address
from bookings.admin.forms import BookForm, CancelForm, DeskForm, MoveForm, WalkInForm
from bookings.admin.once import book_once
from bookings.admin.returning import page_of, where_from
from bookings.admin.steps import STEPS
from bookings.admin.undoing import Undoing
from bookings.admin.words import say_appointment, say_refusal
from bookings.models import Appointment
from bookings.queries.patients import patients_for
from bookings.rules.statuses import Status
from core.actor import Actor
from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

FORM_PAGE = "admin/form_page.html"


class Desk(Undoing, GrantedAdmin):
    """The pages that stand beside the list and the facts of an appointment."""

    def get_urls(self) -> list[URLPattern]:
        """The pages' addresses before Django's, which would take them for ids."""
        pages = (("step", self.step_page), ("move", self.move_page), ("cancel", self.cancel_page))
        ours = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(page),
                name=f"bookings_appointment_{name}",
            )
            for name, page in pages
        ]
        return [*calendar_addresses(self), find_address(self), *ours, *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002  -- Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """Book for a guest; with ``?patient=`` for a patient who is known."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        actor = actor_in(request)
        form = BookForm(
            request.POST or None, initial=_first_guess(request, actor), may_overbook=may_overbook(actor)
        )

        def book() -> Appointment:
            return _book_once(actor, form)

        return self._form_page(request, form, book, title=_("Book"), button=_("Book"), done=_("Booked: %s"))

    @action(description=_("Walk-in"), icon="directions_walk", url_path="walk-in", permissions=["walk_in"])
    def walk_in(self, request: HttpRequest) -> HttpResponse:
        """Book somebody who is here, for the first free time from now on, and give them a number."""
        actor = actor_in(request)
        form = WalkInForm(
            request.POST or None, initial=_first_guess(request, actor), may_overbook=may_overbook(actor)
        )

        def come_in() -> Appointment:
            return _walk_in_once(actor, form)

        return self._form_page(
            request, form, come_in, title=_("Walk-in"), button=_("Check in"), done=_("Checked in: %s")
        )

    def has_walk_in_permission(self, request: HttpRequest) -> bool:
        """Whether walk-ins can be entered at all."""
        return self.has_add_permission(request) and granted(request, "appointments.waive")

    def move_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give an appointment another time."""
        row, actor = self._row(request, object_id, "appointments.move")
        initial = {"date": timezone.localtime(row.start).date(), "time": timezone.localtime(row.start).time()}
        form = MoveForm(
            request.POST or None, initial=initial, row=row,
            may_choose=actor.can("appointments.move"), may_overbook=may_overbook(actor),
        )  # fmt: skip

        def move() -> Appointment:
            typed = form.cleaned_data
            return reschedule_appointment(
                actor,
                reference=row.reference,
                start=form.start(),
                practitioner_id=typed.get("practitioner") or None,
                reason=typed["reason"],
                waive=actor.can("appointments.waive"),
                overbook_reason=form.why_overbooked(),
                seen_start=typed["seen_start"],
                seen_practitioner_id=typed["seen_practitioner"] or None,
            )

        return self._form_page(
            request, form, move, row=row, title=_("Move"), button=_("Move"), done=_("Moved: %s")
        )

    def cancel_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel an appointment, with a reason."""
        row, actor = self._row(request, object_id, "appointments.cancel")
        form = CancelForm(request.POST or None)

        def cancel() -> Appointment:
            return cancel_appointment(actor, reference=row.reference, reason=form.cleaned_data["reason"])

        return self._form_page(
            request, form, cancel, row=row, title=_("Cancel the appointment"),
            button=_("Cancel the appointment"), done=_("Cancelled: %s"), grave=True,
        )  # fmt: skip

    def step_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take one step, named by the button, and go back to where the button was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        step = next((step for step in STEPS if step.status == request.POST.get("status")), None)
        if step is None:
            raise Http404
        row, actor = self._row(request, object_id, step.verb)
        self.take_step(request, actor, row, step.status)
        return HttpResponseRedirect(where_from(request) or page_of(row))

    def take_step(self, request: HttpRequest, actor: Actor, row: Appointment, status: Status) -> bool:
        """Change one status and say how it went; whether it did."""
        try:
            changed = change_status(actor, reference=row.reference, status=status)
        except DomainError as refusal:
            self.message_user(request, f"{row.reference}: {' '.join(say_refusal(refusal))}", messages.ERROR)
            return False
        self.tell_step(request, changed, f"{changed.reference}: {changed.get_status_display()}")
        return True

    def _form_page(
        self,
        request: HttpRequest,
        form: DeskForm,
        act: Callable[[], Appointment],
        *,
        done: Any,
        row: Appointment | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Show a form, and when it is right say the verb; a refusal comes back in the form."""
        if request.method == "POST" and form.is_valid():
            try:
                row = act()
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                self.tell_step(request, row, done % say_appointment(row))
                return HttpResponseRedirect(page_of(row))
        back = page_of(row) if row else reverse("admin:bookings_appointment_changelist")
        summary = say_appointment(row) if row else ""
        return self.page(request, FORM_PAGE, form=form, original=row, summary=summary, back=back, **context)

    def _row(self, request: HttpRequest, object_id: str, verb: str) -> tuple[Appointment, Actor]:
        """The appointment, if the signed-in user may see it and do this to it."""
        actor = actor_in(request)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not may(actor, verb, row):
            raise PermissionDenied
        return row, actor


def _first_guess(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the form can say by itself."""
    guess: dict[str, Any] = {"date": timezone.localdate()}
    try:
        patient = patients_for(actor).filter(pk=UUID(request.GET.get("patient", ""))).first()
    except ValueError:
        patient = None
    return guess | (BookForm.about(patient) if patient else {})


def _book_once(actor: Actor, form: BookForm) -> Appointment:
    """Book what the form says; the same form sent again gets the same appointment."""
    typed, guest = form.cleaned_data, form.guest()

    def book() -> Appointment:
        return book_appointment(
            actor,
            service_id=typed["service"],
            start=form.start(),
            guest=guest,
            practitioner_id=typed["practitioner"] or None,
            notes=typed["notes"],
            waive=actor.can("appointments.waive"),
            overbook_reason=form.why_overbooked(),
        )

    return book_once(actor, token=typed["token"], sent=form.sent(), book=book)


def _walk_in_once(actor: Actor, form: WalkInForm) -> Appointment:
    """Let somebody in as the form says; the same form sent again gets the same appointment."""
    typed, guest = form.cleaned_data, form.guest()

    def come_in() -> Appointment:
        return walk_in(
            actor,
            service_id=typed["service"],
            guest=guest,
            practitioner_id=typed["practitioner"] or None,
            notes=typed["notes"],
            overbook_reason=form.why_overbooked(),
        )

    return book_once(actor, token=typed["token"], sent={"walk_in": True, **form.sent()}, book=come_in)
