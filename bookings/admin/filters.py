"""Filters of the list of appointments."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import CheckboxFilter, RadioFilter

from bookings.models import Appointment
from bookings.models.appointment import STATUS_NAMES
from bookings.rules.statuses import Status
from tenants.admin_sites.dates import start_of


class WhenFilter(RadioFilter):
    """Days counted from today on the hospital's clocks; from today on, unless something else is asked for.

    A search or a range of dates looks through all days, whatever was chosen here before: whoever types a
    reference means that appointment.
    """

    title = _("day")
    parameter_name = "when"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """What can be chosen."""
        return [
            ("upcoming", _("From today on")),
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("Seven days from today")),
            ("past", _("Before today")),
            ("all", _("All days")),
        ]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self._everywhere = any(request.GET.get(name) for name in (SEARCH_VAR, "start_from", "start_to"))
        super().__init__(request, *args)

    def value(self) -> str:
        """What holds."""
        return "all" if self._everywhere else super().value() or "upcoming"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> QuerySet[Appointment]:  # noqa: ARG002
        """The appointments of those days."""
        today = timezone.localdate()

        def begin(days: int) -> Any:
            return start_of(today + timedelta(days=days))

        match self.value():
            case "today":
                return queryset.filter(start__gte=begin(0), start__lt=begin(1))
            case "tomorrow":
                return queryset.filter(start__gte=begin(1), start__lt=begin(2))
            case "week":
                return queryset.filter(start__gte=begin(0), start__lt=begin(7))
            case "past":
                return queryset.filter(start__lt=begin(0))
            case "all":
                return queryset
            case _:
                return queryset.filter(start__gte=begin(0))


class StatusFilter(CheckboxFilter):
    """One status or several; holds are no appointments yet."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Every status but a hold's."""
        return [(status.value, name) for status, name in STATUS_NAMES.items() if status is not Status.HELD]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> QuerySet[Appointment]:  # noqa: ARG002
        """The appointments of those statuses."""
        return queryset.filter(status__in=self.value()) if self.value() else queryset
