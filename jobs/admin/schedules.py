"""What beat starts, and how often: changed here, taken up by a running beat within seconds."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display

from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.sites import GrantedAdmin, platform_site


@admin.register(PeriodicTask, site=platform_site)
class PeriodicTaskAdmin(GrantedAdmin):
    """Schedules. They come from the code, and would come again: they are changed, never deleted."""

    view_verbs = ("hospitals.read",)
    change_verbs = ("hospitals.write",)
    event_type = "schedule.changed"
    subject_type = "schedule"
    told_fields = ("enabled",)
    list_display = ("name", "how_often", "enabled", "last_run", "total_run_count")
    list_filter = (("enabled", BooleanRadioFilter),)
    list_select_related = ("interval", "crontab")
    search_fields = ("name", "task")
    ordering = ("name",)
    readonly_fields = ("name", "task", "args", "last_run", "total_run_count")
    fieldsets = (
        (None, {"fields": ("name", "enabled", "interval", "crontab")}),
        (_("Facts"), {"fields": ("task", "args", "last_run", "total_run_count")}),
    )

    @display(description=_("how often"))
    def how_often(self, row: PeriodicTask) -> str:
        """The interval or the times."""
        return str(row.interval or row.crontab)

    @display(description=_("started last"), ordering="last_run_at")
    def last_run(self, row: PeriodicTask) -> str:
        """When beat started it last, as far as it has written that down."""
        return say_moment(row.last_run_at) if row.last_run_at else "–"


class _ChoiceAdmin(GrantedAdmin):
    """What a schedule can be set to. Changing one would change all schedules that use it: one is added."""

    view_verbs = ("hospitals.read",)
    add_verbs = ("hospitals.write",)
    event_type = "schedule.changed"
    subject_type = "schedule_choice"

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  -- Django's signature
        """They are reached from a schedule's page alone."""
        return False


@admin.register(IntervalSchedule, site=platform_site)
class IntervalAdmin(_ChoiceAdmin):
    """Every so many seconds, minutes, hours or days."""

    fields = ("every", "period")


@admin.register(CrontabSchedule, site=platform_site)
class CrontabAdmin(_ChoiceAdmin):
    """At times of day, as in a crontab."""

    fields = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")
