"""People on Telegram, for operators: which hospitals know them, not as whom."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter, DropdownFilter
from unfold.decorators import action, display

from bookings.actions.patients import normalise_phone
from core.errors import InvalidInput
from telegram_integration.admin.actions import unblock, unlink
from telegram_integration.admin.forms import UnlinkForm
from telegram_integration.admin.queries import links_for, users_for
from telegram_integration.admin.words import TelegramAdmin, Text, actor_in
from telegram_integration.models import TelegramChat, TelegramLink, TelegramUser
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.sites import platform_site
from webhooks.admin.forms import ActForm

_WHO = ("name", "phone_number", "telegram_id", "telegram_username", "language", "hospital")
_FACTS = ("is_verified", "links", "blocked", "made", "active")


class _BlockedFilter(DropdownFilter):
    title = _("blocked")
    parameter_name = "blocked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("Has blocked a bot")), ("no", _("Is reached"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        queryset: QuerySet[TelegramUser],
    ) -> QuerySet[TelegramUser]:
        shut = Exists(TelegramChat.objects.filter(user=OuterRef("pk"), blocked_at__isnull=False))
        if self.value() == "yes":
            return queryset.filter(shut)
        return queryset.exclude(shut) if self.value() == "no" else queryset


@admin.register(TelegramUser, site=platform_site)
class TelegramUserAdmin(TelegramAdmin):
    """Whoever has written to a bot. What they are in a hospital is the hospital's."""

    view_verbs = ("telegram.read",)
    subject_type = "telegram_user"
    list_display = ("who", "telegram_id", "is_verified", "hospital", "active")
    list_filter = (
        ("is_verified", BooleanRadioFilter),
        _BlockedFilter,
        ("hospital", AutocompleteSelectFilter),
    )
    search_fields = ("name", "telegram_username", "=phone_number", "=telegram_id")
    search_help_text = _("Name, whole phone number or Telegram number")
    ordering = ("-last_active", "pk")
    fieldsets = ((None, {"fields": _WHO}), (_("Facts"), {"fields": _FACTS}))
    readonly_fields = (*_WHO, *_FACTS)
    actions = ("unblock_chosen",)
    actions_detail = ("unlink", "unblock")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TelegramUser]:
        """All of them, for whoever may see them."""
        return users_for(actor_in(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TelegramUser], search_term: str
    ) -> tuple[QuerySet[TelegramUser], bool]:
        """A phone number is found however it is written."""
        try:
            phone = normalise_phone(search_term)
        except InvalidInput:
            phone = ""
        if phone and (found := queryset.filter(phone_number=phone)).exists():
            return found, False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    @action(description=_("Unlink"), icon="link_off", permissions=["act"])
    def unlink(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have somebody be no patient of a hospital any more, as far as Telegram goes."""
        row = self.row(request, object_id)
        links = links_for(actor_in(request)).filter(user=row)

        class OfThisUser(UnlinkForm):
            link = _HospitalOfLink(links)

        def act(form: ActForm) -> Text:
            unlink(actor_in(request), link_id=form.cleaned_data["link"].pk)
            return _("Unlinked.")

        summary = _("In this hospital the chat is nobody's until they prove their number anew.")
        words: dict[str, Any] = {
            "title": _("Unlink %(who)s") % {"who": row},
            "button": _("Unlink"),
            "summary": summary,
            "grave": True,
        }
        return self.ask(request, row, act, form_class=OfThisUser, **words)

    @action(description=_("Write to them again"), icon="lock_open", permissions=["act"])
    def unblock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Try again to reach somebody who had blocked a bot."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> Text:
            unblock(actor_in(request), user_id=row.pk)
            return _("Notices go to them again.")

        summary = _("Who blocks the bot still is found out by the next message.")
        words: dict[str, Any] = {
            "title": _("Write to them again"),
            "button": _("Write again"),
            "summary": summary,
        }
        return self.ask(request, row, act, **words)

    @admin.action(description=_("Write to them again"), permissions=["act"])
    def unblock_chosen(self, request: HttpRequest, rows: QuerySet[TelegramUser]) -> None:
        """The same for the chosen ones."""
        self.act_on_each(request, rows, lambda row: unblock(actor_in(request), user_id=row.pk))

    @display(description=_("name"), ordering="name")
    def who(self, row: TelegramUser) -> str:
        """What they call themselves."""
        return f"{row} (@{row.telegram_username})" if row.telegram_username else str(row)

    @display(description=_("known in"))
    def links(self, row: TelegramUser) -> str:
        """The hospitals alone: whom they are there is the hospital's business."""
        links = TelegramLink.objects.filter(user=row).select_related("hospital").order_by("created_at")
        told = ((link.hospital, say_moment(link.created_at), link.get_proof_display()) for link in links)
        return format_html_join("", "<div>{} · {} · {}</div>", told) or "–"

    @display(description=_("has blocked"))
    def blocked(self, row: TelegramUser) -> str:
        """The bots that they have blocked, and since when."""
        chats = row.chats.filter(blocked_at__isnull=False).select_related("bot").order_by("blocked_at")
        told = ((chat.bot, say_moment(chat.blocked_at)) for chat in chats)
        return format_html_join("", "<div>{} · {}</div>", told) or "–"

    @display(description=_("first seen"), ordering="created_at")
    def made(self, row: TelegramUser) -> str:
        """When they wrote for the first time."""
        return say_moment(row.created_at)

    @display(description=_("last active"), ordering="last_active")
    def active(self, row: TelegramUser) -> str:
        """When they wrote or tapped last, give or take five minutes."""
        return say_moment(row.last_active)


class _HospitalOfLink(forms.ModelChoiceField):
    """A choice of links that shows their hospitals."""

    def __init__(self, links: QuerySet[TelegramLink]) -> None:
        usual = UnlinkForm.base_fields["link"]
        super().__init__(links, label=usual.label, widget=usual.widget)

    def label_from_instance(self, obj: Any) -> str:
        """The hospital, not the patient."""
        return str(obj.hospital)
