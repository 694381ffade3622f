"""The queue: what is due, what failed, what was given up."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import AllValuesCheckboxFilter, RadioFilter
from unfold.decorators import display
from unfold.utils import display_for_label

from core import clock
from jobs.models import Job
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin, platform_site

_COLOURS = {"due": "info", "later": "default", "failing": "warning", "given_up": "danger"}
_NAMES = {"due": _("Due"), "later": _("Later"), "failing": _("Failing"), "given_up": _("Given up")}
_FACTS = ("kind", "schema_name", "subject", "state_shown", "due", "attempts", "last_error", "made")


class _StateFilter(RadioFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> models.QuerySet[Job]:  # noqa: ARG002
        wanted: dict[str, dict[str, Any]] = {
            "due": {"due_at__lte": clock.now()},
            "later": {"due_at__gt": clock.now()},
            "failing": {"due_at__isnull": False, "attempts__gt": 0},
            "given_up": {"due_at": None},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Job, site=platform_site)
class JobAdmin(GrantedAdmin):
    """Background work of all hospitals. Nothing is changed by hand; what was given up can start anew."""

    view_verbs = ("hospitals.read",)
    list_display = ("kind", "schema_name", "subject", "state", "due", "attempts", "last_error")
    list_filter = (_StateFilter, ("kind", AllValuesCheckboxFilter))
    search_fields = ("kind", "schema_name", "subject")
    search_help_text = _("Kind, schema or subject")
    ordering = ("due_at", "pk")
    fields = readonly_fields = _FACTS
    actions = ("start_anew",)

    def has_start_permission(self, request: HttpRequest) -> bool:
        """Whether the action is offered."""
        return granted(request, "hospitals.write")

    @admin.action(description=_("Start anew what was given up"), permissions=["start"])
    def start_anew(self, request: HttpRequest, rows: models.QuerySet[Job]) -> None:
        """Make the chosen ones due now, with their attempts forgotten."""
        started = 0
        for job in list(rows.filter(due_at=None)):
            with transaction.atomic():
                started += Job.objects.filter(pk=job.pk, due_at=None).update(due_at=Now(), attempts=0)
                self.note(request, job, event_type="job.started_anew", kind=job.kind, schema=job.schema_name)
        text = ngettext("%(count)d job started anew.", "%(count)d jobs started anew.", started)
        self.message_user(request, text % {"count": started}, "SUCCESS" if started else "WARNING")

    @display(description=_("state"), label=_COLOURS)
    def state(self, job: Job) -> tuple[str, Any]:
        """Where it stands, as a coloured label."""
        if job.due_at is None:
            word = "given_up"
        elif job.attempts:
            word = "failing"
        else:
            word = "due" if job.due_at <= clock.now() else "later"
        return word, _NAMES[word]

    @display(description=_("state"))
    def state_shown(self, job: Job) -> str:
        """The same label on the page of one job."""
        return display_for_label(self.state(job), "-", _COLOURS)  # type: ignore[no-any-return]

    @display(description=_("due at"), ordering="due_at")
    def due(self, job: Job) -> str:
        """When it is done, or tried again."""
        return say_moment(job.due_at) if job.due_at else "–"

    @display(description=_("queued at"), ordering="created_at")
    def made(self, job: Job) -> str:
        """When it was queued."""
        return say_moment(job.created_at)
