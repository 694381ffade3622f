"""The history, to be read; and the journal that admin pages write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from core.actor import Actor, Door
from events.models import Event
from events.outbox import history_of, record
from tenants.admin_sites.dates import DayRangeFilter, say_day, say_moment
from tenants.admin_sites.journal import Subject
from tenants.admin_sites.lists import Changes
from tenants.admin_sites.sites import GrantedAdmin, hospital_site, platform_site
from tenants.context import in_public_schema

Text = str | Promise

# Type of event → its name for staff. Rooms above add theirs.
EVENT_NAMES: dict[str, Text] = {
    "user.changed": _("User changed"),
    "user.second_factor_enrolled": _("Second factor set up"),
    "user.second_factor_removed": _("Second factor removed"),
    "user.second_factor_reset": _("Second factor reset"),
    "user.recovery_codes_made": _("Recovery codes made"),
    "user.recovery_code_used": _("Recovery code used"),
    "hospital.changed": _("Hospital changed"),
    "hospital.switched": _("Hospital switched on or off"),
    "domain.changed": _("Domain changed"),
    "key.created": _("API key made"),
    "key.changed": _("API key changed"),
    "key.revoked": _("API key revoked"),
    "job.started_anew": _("Background work started anew"),
    "schedule.changed": _("Schedule changed"),
}
DOOR_NAMES: dict[str, Text] = {
    Door.ADMIN: _("Admin"),
    Door.API: _("API"),
    Door.MCP: _("AI assistant"),
    Door.TELEGRAM: "Telegram",
    Door.WEB: _("Web"),
    Door.SYSTEM: _("System"),
}
HOW: dict[str, Text] = {"added": _("Added"), "changed": _("Changed"), "deleted": _("Deleted")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in words."""

    when: str
    what: Text
    who: str
    door: Text
    details: list[str]


class EventJournal:
    """The journal of admin pages, kept as events."""

    def write(
        self,
        request: HttpRequest,
        event_type: str,
        subject: Subject,
        *,
        changes: dict[str, list[Any]],
        data: dict[str, Any],
    ) -> None:
        """Record a change by the signed-in user, within the transaction that makes it."""
        kind, key = subject
        record(_actor(request), event_type, subject_type=kind, subject_id=key, changes=changes, data=data)

    def read(self, subject: Subject) -> list[Entry]:
        """What happened to one record, oldest first."""
        return entries(history_of(*subject))


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        raise TypeError("Only a page of somebody who has signed in can change anything.")
    return Actor(
        door=Door.ADMIN, grants=user.grants, role=user.role, user_id=user.pk, label=user.get_full_name()
    )


def entries(events: Sequence[Event]) -> list[Entry]:
    """Events in words, with one query for each kind of record that their changes point at."""
    names = _names_of_related(events)
    return [
        Entry(
            when=say_moment(event.occurred_at),
            what=EVENT_NAMES.get(event.type, event.type),
            who=event.actor_label,
            door=DOOR_NAMES.get(event.door, event.door),
            details=list(_details(event, names)),
        )
        for event in events
    ]


def _details(event: Event, names: dict[str, str]) -> Iterator[str]:
    data = event.data
    if how := HOW.get(data.get("how", "")):
        yield str(how)
    for name, (old, new) in event.changes.items():
        field = _field(event, name)
        yield f"{_label(field, name)}: {_say(field, old, names)} → {_say(field, new, names)}"
    if others := [name for name in data.get("fields", ()) if name not in event.changes]:
        yield ", ".join(_label(_field(event, name), name) for name in others)
    if "rows" in data:
        yield str(_("%(added)d added, %(changed)d changed, %(removed)d removed") % data)
    if "count" in data:
        yield str(_("%(count)d rows") % data)


def _say(field: models.Field | None, value: Any, names: dict[str, str]) -> str:
    """A value as the field's forms would word it."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(field, models.DateTimeField):
        return say_moment(parse_datetime(str(value)))
    if isinstance(field, models.DateField) and (day := parse_date(str(value))):
        return say_day(day)
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value) or names.get(str(value)) or value)


def _names_of_related(events: Sequence[Event]) -> dict[str, str]:
    """Names of the records whose ids stand in changes, by id."""
    wanted: dict[Any, set[str]] = {}
    for event in events:
        for name, values in event.changes.items():
            field = _field(event, name)
            if field is not None and field.related_model is not None:
                wanted.setdefault(field.related_model, set()).update(str(value) for value in values if value)
    return {
        str(row.pk): str(row) for model, keys in wanted.items() for row in model.objects.filter(pk__in=keys)
    }


def _label(field: models.Field | None, name: str) -> str:
    return str(capfirst(field.verbose_name if field is not None else name.replace("_", " ")))


def _field(event: Event, name: str) -> models.Field | None:
    page = _page_of(event.subject_type)
    try:
        field = page.opts.get_field(name) if page is not None else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _page_of(subject_type: str) -> GrantedAdmin | None:
    """The page of the records that the journal calls by that name, if this host's site has one."""
    site = platform_site if in_public_schema() else hospital_site
    pages = site._registry.values()  # noqa: SLF001  -- Django gives no other way to all pages
    return next((page for page in pages if page.journal_name == subject_type), None)


class _TypeFilter(DropdownFilter):
    title = _("what")
    parameter_name = "type"
    field = "type"
    names = EVENT_NAMES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Text]]:  # noqa: ARG002
        return list(self.names.items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Event]) -> models.QuerySet[Event]:  # noqa: ARG002
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class _DoorFilter(_TypeFilter):
    title = _("door")
    parameter_name = field = "door"
    names = DOOR_NAMES


class _Told(Changes):
    """A page of the list, with what changed in words: one query for each kind of record that it points at."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's, and the words."""
        super().get_results(request)
        events = list(self.result_list)
        for event, entry in zip(events, entries(events), strict=True):
            event.told = entry.details


class EventAdmin(GrantedAdmin):
    """The history of a hospital, or of the platform: nothing in it can be changed."""

    view_verbs = ("history.read",)
    list_display = ("when", "what", "subject", "changed", "actor_label", "door_name")
    list_filter = (_TypeFilter, _DoorFilter, ("occurred_at", DayRangeFilter))
    search_fields = ("actor_label", "subject_id", "data__reference")
    search_help_text = _("Name, reference or id")
    fields = readonly_fields = (
        "when",
        "what",
        "subject",
        "actor_label",
        "actor_role",
        "door_name",
        "details",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Changes]:  # noqa: ARG002  -- Django's
        """The list with what changed."""
        return _Told

    @display(description=_("when"), ordering="id")
    def when(self, event: Event) -> str:
        """The moment on the hospital's clocks."""
        return say_moment(event.occurred_at)

    @display(description=_("what"), ordering="type")
    def what(self, event: Event) -> Text:
        """The event's name."""
        return EVENT_NAMES.get(event.type, event.type)

    @display(description=_("record"))
    def subject(self, event: Event) -> str:
        """The record that it happened to, as a link where it has a page."""
        page = _page_of(event.subject_type)
        name = event.data.get("reference") or event.subject_id
        if page is None:
            return f"{event.subject_type} {name}"
        url = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_change", args=[event.subject_id])
        return format_html('<a href="{}">{} {}</a>', url, capfirst(page.opts.verbose_name), name)

    @display(description=_("door"), ordering="door")
    def door_name(self, event: Event) -> Text:
        """The way that the caller came in."""
        return DOOR_NAMES.get(event.door, event.door)

    @display(description=_("changes"))
    def changed(self, event: Event) -> str:
        """From what to what, in the list."""
        told = getattr(event, "told", [])
        return format_html_join("", "<div>{}</div>", ((line,) for line in told)) or "–"

    @display(description=_("changes"))
    def details(self, event: Event) -> str:
        """Every change, from what to what."""
        (entry,) = entries([event])
        return format_html_join("", "<div>{}</div>", ((line,) for line in entry.details)) or "–"


hospital_site.journal = platform_site.journal = EventJournal()
for _site in (hospital_site, platform_site):
    _site.register(Event, EventAdmin)
