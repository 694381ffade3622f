"""The pages of practitioners' hours: everybody at a glance, and one person's week, time off and holidays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bookings.actions.timetable import decide
from bookings.actions.timetable_changes import DatedChange, WeekChange, stamp_of
from bookings.admin.actors import actor_in
from bookings.admin.time.forms import DatedForm, PresenceForm, decisions_in
from bookings.admin.time.glance import holidays_from, say_exception, today_of
from bookings.admin.time.preview import ask
from bookings.admin.time.saving import save_or_ask, take_back, tell_of_batches, undo_offered
from bookings.admin.time.week import WeekGrid
from bookings.admin.time.wire import read_change
from bookings.errors import DoctorNotFound
from bookings.models import Practitioner, ScheduleException
from bookings.queries.affected import count_outside, outside_for, read_book, with_hours
from core import clock
from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin
from tenants.context import current_hospital

# How far ahead holidays are shown beside somebody's hours, and how many past exceptions (days, rows).
_YEAR, _PAST = timedelta(days=366), 20
READS, WRITES = "schedules.read", "schedules.write"


class TimePages(GrantedAdmin):
    """The pages that stand beside the list and the form of a practitioner."""

    def get_urls(self) -> list[URLPattern]:
        """The pages' addresses before Django's, which would take them for ids."""
        pages = (
            ("time/", self.everybody_page, "times"),
            ("time/save/", self.save_page, "time_save"),
            ("time/undo/", self.undo_page, "time_undo"),
            ("<uuid:person_id>/time/", self.time_page, "time"),
        )
        ours = [
            path(address, self.admin_site.admin_view(page), name=f"bookings_practitioner_{name}")
            for address, page, name in pages
        ]
        return [*ours, *super().get_urls()]

    def everybody_page(self, request: HttpRequest) -> HttpResponse:
        """Who works today and when, and whose appointments stand outside of their hours."""
        _require(request, READS)
        if chosen := request.GET.get("practitioner"):
            return HttpResponseRedirect(_page_of(_uuid(chosen)))
        people = list(Practitioner.objects.filter(is_active=True).prefetch_related("specialties"))
        book = read_book()
        ids = [person.pk for person in people] if granted(request, "appointments.read") else []
        counts = count_outside(book, ids) if ids else {}
        rows = [
            {
                "person": person,
                "today": today_of(book, str(person.pk)),
                "outside": counts.get(str(person.pk), 0),
                "link": _page_of(person.pk),
            }
            for person in people
        ]
        context = {"title": _("Hours and time off"), "rows": rows, "holidays_link": _holidays_link()}
        return self.page(request, "admin/bookings/time/everybody.html", **context)

    def time_page(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """One practitioner's hours: read, or typed by who may; each form names itself by `what`."""
        _require(request, READS)
        if request.method != "POST":
            return self._show(request, person_id)
        doing: dict[str, Callable[[HttpRequest, UUID], HttpResponse]] = {
            "week": self._save_week,
            "dated": self._save_dated,
            "delete": self._delete_dated,
            "presence": self._save_presence,
            "outside": self._decide,
        }
        what = doing.get(request.POST.get("what", ""))
        if what is None:
            raise Http404
        _require(request, "practitioners.write" if what == self._save_presence else WRITES)
        return what(request, person_id)

    def save_page(self, request: HttpRequest) -> HttpResponse:
        """Save a change that was shown with the appointments that it hits."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _require(request, WRITES, "holidays.write")
        change, back = read_change(request.POST.get("change", "")), _back_in(request)
        try:
            return save_or_ask(self, request, change, back, decisions_in(request.POST))
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(back)

    def undo_page(self, request: HttpRequest) -> HttpResponse:
        """Take the last change back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        _require(request, WRITES, "holidays.write")
        return take_back(self, request)

    def _save_week(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        grid = WeekGrid.typed(request.POST)
        if "more" in request.POST:
            grid.add_period()
        elif drop := request.POST.get("drop"):
            grid.drop_period(drop)
        elif grid.is_valid():
            change = WeekChange(practitioner_id=str(person_id), seen=_seen(request), intervals=grid.intervals)
            return self._save(
                request, change, lambda refusal: self._show(request, person_id, grid=grid, refusal=refusal)
            )
        return self._show(request, person_id, grid=grid)

    def _save_dated(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        form = DatedForm(request.POST)

        def again(refusal: DomainError) -> HttpResponse:
            form.refuse(refusal)
            return self._show(request, person_id, dated=form.on_new_grounds(stamp_of(person_id)))

        if not form.is_valid():
            return self._show(request, person_id, dated=form)
        return self._save(request, form.change(str(person_id)), again)

    def _delete_dated(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        row_id = str(_uuid(request.POST.get("row_id", "")))
        change = DatedChange(practitioner_id=str(person_id), seen=_seen(request), row_id=row_id, row=None)
        return self._save(request, change, lambda refusal: self._show(request, person_id, refusal=refusal))

    def _save_presence(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        form = PresenceForm(request.POST)

        def again(refusal: DomainError) -> HttpResponse:
            form.refuse(refusal)
            return self._show(request, person_id, presence=form, is_told=True)

        if not form.is_valid():
            return self._show(request, person_id, presence=form)
        return self._save(request, form.change(str(person_id), _seen(request)), again)

    def _save(
        self, request: HttpRequest, change: Any, again: Callable[[DomainError], HttpResponse]
    ) -> HttpResponse:
        try:
            return save_or_ask(self, request, change, _page_of(UUID(change.practitioner_id)))
        except DomainError as refusal:
            return again(refusal)

    def _decide(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Start what becomes of appointments that stand outside of the hours already."""
        decided = decisions_in(request.POST)
        try:
            batches = decide(actor_in(request), practitioner_id=str(person_id), decisions=decided)
        except DomainError as refusal:
            return self._show(request, person_id, refusal=refusal, decided=decided)
        tell_of_batches(self, request, batches)
        if not batches:
            self.message_user(request, _("Nothing was changed."), messages.INFO)
        return HttpResponseRedirect(_page_of(person_id))

    def _show(self, request: HttpRequest, person_id: UUID, **typed: Any) -> HttpResponse:
        """The whole page, with whatever was typed in place of what there is."""
        person, seen = _read(person_id)
        actor, here = actor_in(request), _page_of(person.pk)
        may_write = granted(request, WRITES)
        today = clock.today_in(current_hospital().timezone)
        book = read_book([person.pk])
        hits, refusal = outside_for(actor, person, book), typed.get("refusal")
        is_told = refusal is not None or "is_told" in typed
        dated = typed.get("dated") or self._dated_form(request, person, seen)
        context = {
            "title": _("Hours and time off"),
            "person": person,
            "original": person,
            "people": Practitioner.objects.filter(is_active=True),
            "today": today_of(book, str(person.pk)),
            "zone": person.timezone if person.timezone != current_hospital().timezone else "",
            "may_write": may_write,
            "may_switch": granted(request, "practitioners.write"),
            "may_close": granted(request, "holidays.write"),
            # What was typed was thought of on other grounds, until somebody was told that these are gone.
            "seen": seen if is_told else request.POST.get("seen", seen),
            "grid": typed.get("grid") or WeekGrid.of_rows(person.weekly_hours.all()),
            "is_typed": "grid" in typed,
            "coming": [say_exception(row) for row in person.exceptions.all()],
            "past": [say_exception(row) for row in _past(person)],
            "dated": dated,
            "is_editing": bool(dated["row_seen"].value()),
            "presence": typed.get("presence") or PresenceForm(initial=_presence(person)),
            "holidays": holidays_from(today, today + _YEAR),
            "holidays_link": _holidays_link(),
            "asked": ask(hits, stay_possible=_is_bookable(person), decided=typed.get("decided")),
            "refusal": refusal,
            # Somebody else was faster: what there is now stands above what was typed.
            "now": WeekGrid.of_rows(person.weekly_hours.all()) if "grid" in typed and refusal else None,
            "can_undo": may_write and undo_offered(request, here),
            "here": here,
        }
        return self.page(request, "admin/bookings/time/practitioner.html", **context)

    def _dated_form(self, request: HttpRequest, person: Practitioner, seen: str) -> DatedForm:
        """An empty form, or one about the exception that `?exception=` names."""
        wanted = request.GET.get("exception", "")
        row = next((row for row in person.exceptions.all() if str(row.pk) == wanted), None)
        return DatedForm(initial=DatedForm.about(row, seen) if row is not None else None)


def _read(person_id: UUID) -> tuple[Practitioner, str]:
    """A practitioner with the hours, and the stamp of these: taken first, it can only be too old."""
    try:
        seen = stamp_of(person_id)
    except DoctorNotFound as error:
        raise Http404 from error
    today = clock.today_in(current_hospital().timezone)
    return with_hours(Practitioner.objects.filter(pk=person_id), today).get(), seen


def _seen(request: HttpRequest) -> str:
    """What the form was made of; one that does not say is told to look again."""
    return request.POST.get("seen") or "nothing"


def _past(person: Practitioner) -> list[ScheduleException]:
    """The exceptions that are over, the latest first."""
    today = clock.today_in(current_hospital().timezone)
    over = ScheduleException.objects.filter(practitioner=person, date_until__lt=today)
    return list(over.order_by("-date_until")[:_PAST])


def _presence(person: Practitioner) -> dict[str, Any]:
    return {name: getattr(person, name) for name in ("is_active", "is_bookable", "timezone")}


def _is_bookable(person: Practitioner) -> bool:
    return person.is_active and person.is_bookable


def _page_of(person_id: UUID) -> str:
    return reverse("admin:bookings_practitioner_time", args=[person_id])


def _holidays_link() -> str:
    return reverse("admin:bookings_holiday_year")


def _back_in(request: HttpRequest) -> str:
    """The page of ours that the change came from; no other is followed."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else reverse("admin:bookings_practitioner_times")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _require(request: HttpRequest, *verbs: str) -> None:
    if not granted(request, *verbs):
        raise PermissionDenied
