"""What was or is to be sent, with each attempt: to be read, and sent once more."""

import json
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import action, display
from unfold.utils import display_for_label

from core.errors import DomainError
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.sites import GrantedInline, hospital_site, platform_site
from tenants.context import in_public_schema
from webhooks.actions import resend
from webhooks.admin.forms import ActForm
from webhooks.admin.pages import ActingAdmin
from webhooks.admin.words import ERRORS, STATE_COLOURS, STATE_NAMES, TYPES, Text, actor_in, refused
from webhooks.events import message
from webhooks.models import Attempt, Delivery
from webhooks.queries import deliveries_for

_FACTS = ("where", "what", "state_shown", "attempts", "due", "made", "done", "content")


class _TypeFilter(DropdownFilter):
    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(TYPES.items())

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        queryset: models.QuerySet[Delivery],
    ) -> models.QuerySet[Delivery]:
        return queryset.filter(event_type=self.value()) if self.value() else queryset


class _Attempts(GrantedInline):
    """Each try, newest first."""

    model = Attempt
    view_verbs = ("webhooks.read",)
    fields = readonly_fields = ("started", "outcome", "took", "answer")
    ordering = ("-started_at", "-pk")
    verbose_name_plural = _("attempts")
    hide_title = True

    @display(description=_("started at"))
    def started(self, row: Attempt) -> str:
        """When."""
        return say_moment(row.started_at)

    @display(description=_("outcome"))
    def outcome(self, row: Attempt) -> str:
        """The status of the answer, or why there was none."""
        told = [str(row.status)] if row.status else []
        if row.error:
            told.append(str(ERRORS.get(row.error, row.error)))
        label = display_for_label((row.is_success, " · ".join(told)), "-", {True: "success", False: "danger"})
        return str(label)

    @display(description=_("took"))
    def took(self, row: Attempt) -> str:
        """In milliseconds."""
        return f"{row.ms} ms"

    @display(description=_("beginning of the answer"))
    def answer(self, row: Attempt) -> str:
        """As it came, whatever it is: plain text here."""
        return row.excerpt or "–"


class DeliveryAdmin(ActingAdmin):
    """Deliveries, the newest first. Nothing in them is changed by hand."""

    view_verbs = ("webhooks.read",)
    list_display = ("made", "what", "where", "state_label", "attempts", "due")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        _TypeFilter,
        ("created_at", DayRangeFilter),
    )
    list_select_related = ("webhook", "webhook__hospital")
    search_fields = ("id", "webhook__url", "webhook__hospital__subdomain")
    search_help_text = _("Id of the message, address or hospital")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = _FACTS
    inlines = (_Attempts,)
    actions = ("resend_chosen",)
    actions_detail = ("resend",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Delivery]:
        """Those that the signed-in user may see."""
        return deliveries_for(actor_in(request)).select_related("webhook", "webhook__hospital")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The list of one webhook's deliveries, beside the filters."""
        return lookup == "webhook__id__exact" or super().lookup_allowed(lookup, value, request)

    @action(description=_("Send again"), icon="replay", permissions=["act"])
    def resend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send one once more."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> Text:
            resend(actor_in(request), delivery_id=row.pk)
            return _("It is sent again.")

        summary = _("It keeps its id, so that a receiver that has had it already can tell.")
        words: dict[str, Any] = {
            "title": _("Send this message again"),
            "button": _("Send again"),
            "summary": summary,
        }
        return self.ask(request, row, act, **words)

    @admin.action(description=_("Send again"), permissions=["act"])
    def resend_chosen(self, request: HttpRequest, rows: models.QuerySet[Delivery]) -> None:
        """Send the chosen ones once more."""
        sent = 0
        for row in list(rows):
            try:
                resend(actor_in(request), delivery_id=row.pk)
            except DomainError as refusal:
                refused(self, request, row, refusal)
            else:
                sent += 1
        if sent:
            text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", sent)
            self.message_user(request, text % {"count": sent}, "SUCCESS")

    @display(description=_("queued at"), ordering="created_at")
    def made(self, row: Delivery) -> str:
        """When it was queued."""
        return say_moment(row.created_at)

    @display(description=_("event"), ordering="event_type")
    def what(self, row: Delivery) -> Any:
        """What it tells of."""
        return TYPES.get(row.event_type, row.event_type)

    @display(description=_("webhook"), ordering="webhook__url")
    def where(self, row: Delivery) -> str:
        """Where it goes, and whose that is on the platform."""
        url = row.webhook.url.partition("?")[0]
        if not in_public_schema():
            return url
        return format_html("{}<br><small>{}</small>", url, row.webhook.hospital)

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Delivery) -> tuple[str, Any]:
        """Where it stands, as a coloured label."""
        return row.state, STATE_NAMES[row.state]

    @display(description=_("state"))
    def state_shown(self, row: Delivery) -> str:
        """The same label on the page of one delivery."""
        return display_for_label(self.state_label(row), "-", STATE_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("next attempt at"), ordering="next_attempt_at")
    def due(self, row: Delivery) -> str:
        """When it is tried next."""
        return say_moment(row.next_attempt_at) if row.next_attempt_at else "–"

    @display(description=_("delivered at"), ordering="delivered_at")
    def done(self, row: Delivery) -> str:
        """When it was taken."""
        return say_moment(row.delivered_at) if row.delivered_at else "–"

    @display(description=_("content"))
    def content(self, row: Delivery) -> str:
        """The message as it is sent, on several lines."""
        body = json.dumps(json.loads(message(row.pk, row.payload)), ensure_ascii=False, indent=2)
        return format_html('<pre class="font-mono text-xs whitespace-pre-wrap">{}</pre>', body)


for _site in (hospital_site, platform_site):
    _site.register(Delivery, DeliveryAdmin)
