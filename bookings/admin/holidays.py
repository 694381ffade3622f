"""Holidays: typed in or suggested out of the public calendar, and confirmed by a person."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import action, display

from bookings.actions.schedules import suggest_thai_holidays
from bookings.actions.timetable_changes import HolidaysChange
from bookings.admin.actors import actor_in
from bookings.admin.desk import FORM_PAGE
from bookings.admin.forms import YearForm
from bookings.admin.time.year import YearPages, address_of
from bookings.models import Holiday
from core.errors import DomainError
from core.thai_order import ReadersOrder
from tenants.admin_sites.dates import DayRangeFilter, say_day
from tenants.admin_sites.sites import hospital_site


@admin.register(Holiday, site=hospital_site)
class HolidayAdmin(YearPages):
    """Days on which the hospital is closed, once they are confirmed."""

    view_verbs = ("schedules.read",)
    add_verbs = change_verbs = delete_verbs = ("holidays.write",)
    as_read = {"date": "day"}
    event_type = "holidays.changed"
    told_fields = ("date", "name_th", "name_en", "is_confirmed")
    list_display = ("day", "name", "is_confirmed")
    list_filter = (("date", DayRangeFilter), ("is_confirmed", BooleanRadioFilter))
    search_fields = ("name_th", "name_en")
    ordering = ("-date",)
    fields = ("date", "name_th", "name_en", "is_confirmed")
    actions = ("confirm", "unconfirm")
    actions_list = ("suggest", "year_of")

    def get_readonly_fields(self, request: HttpRequest, obj: Holiday | None = None) -> tuple[str, ...]:
        """Confirming asks what becomes of appointments, so no form does; what is confirmed keeps its day."""
        dated = ("day",) if obj is not None and obj.is_confirmed else ()
        return (*super().get_readonly_fields(request, obj), *dated, "is_confirmed")

    def get_fields(self, request: HttpRequest, obj: Holiday | None = None) -> list[str]:
        """The date in words where it stands firm."""
        fields = list(super().get_fields(request, obj))
        firm = obj is not None and obj.is_confirmed
        return ["day" if name == "date" and firm else name for name in fields]

    @admin.action(description=_("Confirm: the hospital is closed on these days"), permissions=["change"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Holiday]) -> HttpResponse:
        """Confirm the chosen days."""
        return self._turn(request, rows, is_confirmed=True)

    @admin.action(description=_("Not closed on these days"), permissions=["change"])
    def unconfirm(self, request: HttpRequest, rows: QuerySet[Holiday]) -> HttpResponse:
        """Make the chosen days suggestions again."""
        return self._turn(request, rows, is_confirmed=False)

    def _turn(self, request: HttpRequest, rows: QuerySet[Holiday], *, is_confirmed: bool) -> HttpResponse:
        ids = tuple(str(key) for key in rows.values_list("pk", flat=True))
        change = HolidaysChange(ids=ids, is_confirmed=is_confirmed)
        first = rows.order_by("date").first()
        back = address_of(first.date.year) if first else reverse("admin:bookings_holiday_changelist")
        return self.save_days(request, change, back)

    @action(description=_("Confirm a year"), icon="event_available", permissions=["view"])
    def year_of(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002  -- unfold's signature
        """The page where a year's days are confirmed together."""
        return HttpResponseRedirect(reverse("admin:bookings_holiday_year"))

    @action(description=_("Suggest Thai holidays"), icon="event_upcoming", permissions=["add"])
    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Ask for a year and add its public holidays, unconfirmed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = YearForm(request.POST or None, initial={"year": timezone.localdate().year})
        back = reverse("admin:bookings_holiday_changelist")
        if request.method == "POST" and form.is_valid():
            try:
                added = suggest_thai_holidays(actor_in(request), year=form.cleaned_data["year"])
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                text = ngettext("%(count)d day suggested.", "%(count)d days suggested.", added)
                self.message_user(request, text % {"count": added}, messages.SUCCESS)
                year = form.cleaned_data["year"]
                return HttpResponseRedirect(address_of(year))
        context: dict[str, Any] = {"title": _("Suggest Thai holidays"), "button": _("Suggest"), "back": back}
        return self.page(request, FORM_PAGE, form=form, **context)

    @display(description=_("date"), ordering="date")
    def day(self, holiday: Holiday) -> str:
        """The date in the reader's calendar."""
        return say_day(holiday.date, weekday=True)

    @display(description=_("name"), ordering=ReadersOrder())
    def name(self, holiday: Holiday) -> str:
        """The name in the reader's language."""
        return holiday.name
