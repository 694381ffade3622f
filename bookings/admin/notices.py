"""The notice log: what patients were told, by which channel, what they were not told, and why."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import CheckboxFilter, DropdownFilter
from unfold.decorators import action, display
from unfold.utils import display_for_label

from bookings.actions.notices import NoticeSettled, all_kinds, send_again
from bookings.actions.reminder_settings import set_reminders
from bookings.admin.actors import actor_in
from bookings.admin.desk import FORM_PAGE
from bookings.admin.notice_words import NOTICE_COLOURS, ReminderForm, say_why
from bookings.channels import all_channels
from bookings.models import Notice, NoticeStatus
from core.errors import DomainError
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin, hospital_site
from tenants.context import current_hospital

_FACTS = ("made", "kind_name", "about", "patient", "for_when", "until_when")
_FATE = ("status_shown", "channel_name", "reason", "attempts", "sent_when")


class _KindFilter(DropdownFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [(kind.name, kind.label) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:  # noqa: ARG002
        return queryset.filter(kind=self.value()) if self.value() else queryset


class _ChannelFilter(DropdownFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [(channel.name, channel.label) for channel in all_channels()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:  # noqa: ARG002
        return queryset.filter(channel=self.value()) if self.value() else queryset


class _StatusFilter(CheckboxFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(NoticeStatus.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:  # noqa: ARG002
        return queryset.filter(status__in=self.value()) if self.value() else queryset


@admin.register(Notice, site=hospital_site)
class NoticeAdmin(GrantedAdmin):
    """Notices of the hospital, the newest first. Nothing in them is changed by hand."""

    view_verbs = ("notices.read",)
    list_display = (
        "made", "kind_name", "about", "for_when", "status_label", "channel_name", "reason", "sent_when",
    )  # fmt: skip
    list_filter = (
        _StatusFilter,
        _KindFilter,
        _ChannelFilter,
        ("created_at", DayRangeFilter),
        ("for_time", DayRangeFilter),
    )
    list_select_related = ("appointment", "patient")
    search_fields = ("appointment__reference", "appointment__guest_name", "patient__name")
    search_help_text = _("Name or reference")
    ordering = ("-created_at", "-pk")
    fieldsets = ((None, {"fields": _FACTS}), (_("What became of it"), {"fields": _FATE}))
    readonly_fields = (*_FACTS, *_FATE)
    actions = ("send_again",)
    actions_list = ("settings",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Whether the action is offered at all."""
        return granted(request, "notices.send")

    def has_settings_permission(self, request: HttpRequest) -> bool:
        """Whether the button for the settings is shown."""
        return granted(request, "notices.write")

    @admin.action(description=_("Send again, where it did not go out"), permissions=["send"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Notice]) -> None:
        """Try the chosen notices anew."""
        queued = 0
        for notice in list(rows):
            try:
                send_again(actor_in(request), notice_id=notice.pk)
            except NoticeSettled as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                queued += 1
        if queued:
            text = ngettext("%(count)d notice is sent again.", "%(count)d notices are sent again.", queued)
            self.message_user(request, text % {"count": queued}, messages.SUCCESS)

    @action(description=_("Settings of reminders"), icon="schedule_send", permissions=["settings"])
    def settings(self, request: HttpRequest) -> HttpResponse:
        """The hour of reminders, how late one may go out, and the channels."""
        if not self.has_settings_permission(request):
            raise PermissionDenied
        hospital = current_hospital()
        names = ("reminder_time", "reminder_least_hours", "notice_channels")
        form = ReminderForm(request.POST or None, initial={name: getattr(hospital, name) for name in names})
        back = reverse("admin:bookings_notice_changelist")
        if request.method == "POST" and form.is_valid():
            try:
                set_reminders(actor_in(request), **form.typed())
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                self.message_user(request, _("Saved."), messages.SUCCESS)
                return HttpResponseRedirect(back)
        words = {"title": _("Settings of reminders"), "button": _("Save"), "back": back}
        return self.page(request, FORM_PAGE, form=form, **words)

    @display(description=_("ordered at"), ordering="created_at")
    def made(self, notice: Notice) -> str:
        """When it was ordered."""
        return say_moment(notice.created_at)

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, notice: Notice) -> Any:
        """What kind of notice it is."""
        return next((kind.label for kind in all_kinds() if kind.name == notice.kind), notice.kind)

    @display(description=_("about"))
    def about(self, notice: Notice) -> str:
        """The appointment, as a link to its page, and whose it is; the patient where there is none."""
        row = notice.appointment
        if row is None:
            return str(notice.patient or "–")
        url = reverse("admin:bookings_appointment_change", args=[row.pk])
        return format_html('<a href="{}">{}</a><br><small>{}</small>', url, row.reference, row.guest_name)

    @display(description=_("for the time"), ordering="for_time")
    def for_when(self, notice: Notice) -> str:
        """The time that it tells of."""
        return say_moment(notice.for_time, weekday=True)

    @display(description=_("of use until"), ordering="good_until")
    def until_when(self, notice: Notice) -> str:
        """After that it is not sent any more."""
        return say_moment(notice.good_until, weekday=True)

    @display(description=_("status"), ordering="status", label=NOTICE_COLOURS)
    def status_label(self, notice: Notice) -> tuple[str, Any]:
        """The status as a coloured label with its name."""
        return notice.status, notice.get_status_display()

    @display(description=_("status"))
    def status_shown(self, notice: Notice) -> str:
        """The same label on the page of one notice."""
        return display_for_label(self.status_label(notice), "-", NOTICE_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("channel"), ordering="channel")
    def channel_name(self, notice: Notice) -> Any:
        """The channel by its name."""
        known = {channel.name: channel.label for channel in all_channels()}
        return known.get(notice.channel, notice.channel) or "–"

    @display(description=_("why"), ordering="why")
    def reason(self, notice: Notice) -> Any:
        """Why it was not sent, or not yet."""
        return say_why(notice.why)

    @display(description=_("sent at"), ordering="sent_at")
    def sent_when(self, notice: Notice) -> str:
        """When a channel took it."""
        return say_moment(notice.sent_at)
