"""The waiting list: who waits for what, what they were offered, and answering for them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.utils import display_for_label

from bookings.actions.patients import Guest
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.admin.actors import actor_in
from bookings.admin.desk import FORM_PAGE
from bookings.admin.forms import JoinForm
from bookings.admin.patients import digits_in
from bookings.admin.waiting_parts import COLOURS, OfferInline, StandingFilter
from bookings.admin.words import say_refusal
from bookings.models import Appointment, WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import LIVE, WaitingStatus
from bookings.queries.waiting_list import waiting_list_for, with_offers
from core.actor import Actor
from core.errors import DomainError
from tenants.admin_sites.dates import say_day, say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin, hospital_site

_VERBS: dict[str, Callable[..., Any]] = {
    "accept": accept_offer,
    "decline": decline_offer,
    "leave": leave_waiting_list,
}
_DONE = {
    "accept": _("%s: the offer was accepted."),
    "decline": _("%s: the offer was declined."),
    "leave": _("%s: taken off the waiting list."),
}
_WISH = ("service", "practitioner", "window", "part_of_day", "sooner_than")
_GUEST = ("guest_name", "guest_phone", "guest_email", "patient")
_FATE = ("status_shown", "offers_missed", "booking", "since", "source")


@admin.register(WaitingListEntry, site=hospital_site)
class WaitingListAdmin(GrantedAdmin):
    """Who waits, first come first. Nothing in an entry is changed by hand."""

    view_verbs = ("appointments.read", "appointments.read_own")
    add_verbs = ("appointments.book",)
    subject_type = "waiting_list_entry"
    list_display = (
        "since",
        "guest",
        "service",
        "practitioner",
        "window",
        "sooner_than",
        "status_label",
        "offered",
    )
    list_display_links = ("since",)
    list_filter = (
        StandingFilter,
        ("service", RelatedDropdownFilter),
        ("practitioner", RelatedDropdownFilter),
    )
    search_fields = ("guest_name",)
    search_help_text = _("Name or phone")
    ordering = ("created_at", "pk")
    actions = ("decline", "leave")
    inlines = (OfferInline,)
    fieldsets = (
        (None, {"fields": _WISH}),
        (_("Guest"), {"fields": _GUEST}),
        (_("What became of it"), {"fields": _FATE}),
    )
    readonly_fields = (*_WISH, *_GUEST, *_FATE)
    change_form_outer_before_template = "admin/bookings/waitinglistentry/answers.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingListEntry]:
        """Those that the signed-in user may see."""
        rows = with_offers(waiting_list_for(actor_in(request))).select_related("patient")
        return rows.order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WaitingListEntry], search_term: str
    ) -> tuple[QuerySet[WaitingListEntry], bool]:
        """By phone however it is written, else by name."""
        if digits := digits_in(search_term.strip()):
            return queryset.filter(guest_phone__contains=digits), False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        """The page that answers, before Django's, which would take it for an id."""
        name = "bookings_waitinglistentry_answer"
        page = self.admin_site.admin_view(self.answer_page)
        return [path("<path:object_id>/answer/", page, name=name), *super().get_urls()]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002  -- Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """Put somebody on the list; with ``?reference=`` for an appointment that is to come sooner."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = JoinForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})
        if request.method == "POST" and form.is_valid():
            try:
                entry = _join(actor_in(request), form)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                self.message_user(
                    request, _("%s is on the waiting list.") % entry.guest_name, messages.SUCCESS
                )
                return HttpResponseRedirect(_page_of(entry))
        words = {"title": _("Put on the waiting list"), "button": _("Put on the waiting list")}
        return self.page(request, FORM_PAGE, form=form, back=_list(), **words)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The facts, what was offered, and the buttons that make sense now."""
        row = self.get_object(request, unquote(object_id))
        may = granted(request, *self.add_verbs)
        more = {
            "can_answer": may and row is not None and row.status == WaitingStatus.OFFERED,
            "can_leave": may and row is not None and row.status in LIVE,
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})  # type: ignore[no-any-return]

    def answer_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say the verb that a button names, and go back to the entry."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_answer_permission(request):
            raise PermissionDenied
        row, answer = self.get_object(request, unquote(object_id)), request.POST.get("answer", "")
        if row is None or answer not in _VERBS:
            raise Http404
        self._say(request, answer, row)
        return HttpResponseRedirect(_page_of(row))

    def has_answer_permission(self, request: HttpRequest) -> bool:
        """Whether the actions are offered at all."""
        return granted(request, *self.add_verbs)

    @admin.action(description=_("Decline the offer"), permissions=["answer"])
    def decline(self, request: HttpRequest, rows: QuerySet[WaitingListEntry]) -> None:
        """Let what is offered to the chosen entries go to the next in line."""
        for row in list(rows):
            self._say(request, "decline", row)

    @admin.action(description=_("Take off the waiting list"), permissions=["answer"])
    def leave(self, request: HttpRequest, rows: QuerySet[WaitingListEntry]) -> None:
        """Take the chosen entries off the list."""
        for row in list(rows):
            self._say(request, "leave", row)

    def _say(self, request: HttpRequest, answer: str, row: WaitingListEntry) -> None:
        try:
            _VERBS[answer](actor_in(request), entry_id=row.pk)
        except DomainError as refusal:
            self.message_user(request, f"{row.guest_name}: {' '.join(say_refusal(refusal))}", messages.ERROR)
        else:
            self.message_user(request, _DONE[answer] % row.guest_name, messages.SUCCESS)

    @display(description=_("since"), ordering="created_at")
    def since(self, row: WaitingListEntry) -> str:
        """When they came: the order of the line."""
        return say_moment(row.created_at)

    @display(description=_("patient"), ordering="guest_name")
    def guest(self, row: WaitingListEntry) -> str:
        """Who waits, and how to reach them."""
        return format_html("{}<br><small>{}</small>", row.guest_name, row.guest_phone or row.guest_email)

    @display(description=_("days"), ordering="date_from")
    def window(self, row: WaitingListEntry) -> str:
        """The days that would suit."""
        return _days(row.date_from, row.date_until)

    @display(description=_("brings forward"))
    def sooner_than(self, row: WaitingListEntry) -> str:
        """The appointment that is to come sooner, as a link to its page."""
        booked = row.brings_forward
        return _link(booked, say_moment(booked.start)) if booked is not None else "-"

    @display(description=_("status"), ordering="status", label=COLOURS)
    def status_label(self, row: WaitingListEntry) -> tuple[str, Any]:
        """The status as a coloured label with its name."""
        return row.status, row.get_status_display()

    @display(description=_("status"))
    def status_shown(self, row: WaitingListEntry) -> str:
        """The same label on the page of one entry."""
        return display_for_label(self.status_label(row), "-", COLOURS)  # type: ignore[no-any-return]

    @display(description=_("offered"))
    def offered(self, row: WaitingListEntry) -> str:
        """The slot that is offered now, and until when."""
        offers: list[WaitingListOffer] = getattr(row, "open_offers", [])
        return (
            format_html(
                "{}<br><small>{}</small>",
                say_moment(offers[0].start, weekday=True),
                _("until %s") % say_moment(offers[0].expires_at),
            )
            if offers
            else "-"
        )

    @display(description=_("appointment"))
    def booking(self, row: WaitingListEntry) -> str:
        """What an accepted offer became."""
        return _link(row.became, say_moment(row.became.start)) if row.became is not None else "-"


def _join(actor: Actor, form: JoinForm) -> WaitingListEntry:
    typed = form.cleaned_data
    guest = None
    if typed["guest_name"]:
        guest = Guest.of(name=typed["guest_name"], phone=typed["guest_phone"], email=typed["guest_email"])
    return join_waiting_list(
        actor,
        service_id=typed["service"],
        guest=guest,
        reference=typed["reference"],
        practitioner_id=typed["practitioner"] or None,
        date_from=typed["date_from"],
        date_until=typed["date_to"],
        part_of_day=typed["part_of_day"],
    )


def _days(first: date, last: date) -> str:
    return say_day(first) if first == last else f"{say_day(first)} – {say_day(last)}"


def _link(row: Appointment, when: str) -> str:
    url = reverse("admin:bookings_appointment_change", args=[row.pk])
    return format_html('<a href="{}">{}</a><br><small>{}</small>', url, row.reference, when)


def _page_of(row: WaitingListEntry) -> str:
    return reverse("admin:bookings_waitinglistentry_change", args=[row.pk])


def _list() -> str:
    return reverse("admin:bookings_waitinglistentry_changelist")
