"""The holidays of one year: loaded, compared, confirmed together or one by one."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.actions.schedules import FIRST_YEAR, LAST_YEAR
from bookings.actions.timetable_changes import HolidaysChange
from bookings.admin.time.glance import holidays_from
from bookings.admin.time.saving import save_or_ask, undo_offered
from core import clock
from core.clock import BUDDHIST_OFFSET, FIRST_BUDDHIST_YEAR
from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin
from tenants.context import current_hospital

WRITES = "holidays.write"


class YearPages(GrantedAdmin):
    """The page of a year beside the list of all holidays."""

    def get_urls(self) -> list[URLPattern]:
        """Its address before Django's, which would take it for an id."""
        view = self.admin_site.admin_view(self.year_page)
        return [path("year/", view, name="bookings_holiday_year"), *super().get_urls()]

    def year_page(self, request: HttpRequest) -> HttpResponse:
        """The days of ``?year=`` (of either calendar), and what is done to those that are chosen."""
        if not granted(request, "schedules.read", WRITES):
            raise PermissionDenied
        year = _year_in(request)
        if request.method == "POST":
            return self._change(request, year)
        here = address_of(year)
        context = {
            "title": _("Holidays"),
            "holidays": holidays_from(date(year, 1, 1), date(year, 12, 31)),
            "said_year": _say(year),
            "typed_year": _say(year),
            "year_before": max(year - 1, FIRST_YEAR),
            "said_before": _say(max(year - 1, FIRST_YEAR)),
            "year_after": min(year + 1, LAST_YEAR),
            "said_after": _say(min(year + 1, LAST_YEAR)),
            "may_write": granted(request, WRITES),
            "can_undo": granted(request, WRITES) and undo_offered(request, here),
            "here": here,
        }
        return self.page(request, "admin/bookings/time/year.html", **context)

    def _change(self, request: HttpRequest, year: int) -> HttpResponse:
        if not granted(request, WRITES):
            raise PermissionDenied
        ids = _chosen(request)
        if not ids:
            self.message_user(request, _("Choose at least one day."), messages.WARNING)
            return HttpResponseRedirect(address_of(year))
        change = HolidaysChange(ids=ids, is_confirmed=request.POST.get("do") != "open")
        return self.save_days(request, change, address_of(year))

    def save_days(self, request: HttpRequest, change: HolidaysChange, back: str) -> HttpResponse:
        """Save a change of holidays, or ask what becomes of the appointments that it hits."""
        try:
            return save_or_ask(self, request, change, back)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(back)


def address_of(year: int) -> str:
    """The page of a Gregorian year's holidays, or of the nearest year that has one."""
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return f"{reverse('admin:bookings_holiday_year')}?year={year}"


def _year_in(request: HttpRequest) -> int:
    """The Gregorian year that is asked for; the present one unless said otherwise."""
    asked = request.GET.get("year", "")
    if not asked:
        return clock.today_in(current_hospital().timezone).year
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= len("2569") else 0
    year -= BUDDHIST_OFFSET if year >= FIRST_BUDDHIST_YEAR else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def _say(year: int) -> str:
    """The year as the reader counts."""
    thai = (get_language() or "th").startswith("th")
    return str(year + BUDDHIST_OFFSET if thai else year)


def _chosen(request: HttpRequest) -> tuple[str, ...]:
    try:
        return tuple(str(UUID(key)) for key in request.POST.getlist("holiday"))
    except ValueError as error:
        raise Http404 from error
