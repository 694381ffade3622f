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

from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays
from bookings.admin.actors import actor_in
from bookings.admin.desk import FORM_PAGE
from bookings.admin.forms import YearForm
from bookings.models import Holiday
from core.errors import DomainError
from tenants.admin_sites.dates import DayRangeFilter, say_day
from tenants.admin_sites.sites import GrantedAdmin, hospital_site


@admin.register(Holiday, site=hospital_site)
class HolidayAdmin(GrantedAdmin):
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
    actions = ("confirm",)
    actions_list = ("suggest",)

    @admin.action(description=_("Confirm: the hospital is closed on these days"), permissions=["change"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Holiday]) -> None:
        """Confirm the chosen days."""
        count = confirm_holidays(actor_in(request), ids=rows.values_list("pk", flat=True))
        text = ngettext("%(count)d day confirmed.", "%(count)d days confirmed.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

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
                return HttpResponseRedirect(f"{back}?is_confirmed__exact=0")
        context: dict[str, Any] = {"title": _("Suggest Thai holidays"), "button": _("Suggest"), "back": back}
        return self.page(request, FORM_PAGE, form=form, **context)

    @display(description=_("date"), ordering="date")
    def day(self, holiday: Holiday) -> str:
        """The date in the reader's calendar."""
        return say_day(holiday.date, weekday=True)

    @display(description=_("name"), ordering="name_en")
    def name(self, holiday: Holiday) -> str:
        """The name in the reader's language."""
        return holiday.name
