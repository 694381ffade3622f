"""Bots: listed, connected by their tokens, switched off and on. A token goes in and never comes out."""

from typing import Any

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import action, display
from unfold.utils import display_for_label

from core.errors import DomainError
from telegram_integration.admin.actions import ask_telegram, connect_bot, history_of, switch_bot
from telegram_integration.admin.forms import HospitalTokenForm, TokenForm
from telegram_integration.admin.queries import bots_for
from telegram_integration.admin.words import (
    OFF,
    ON,
    SWITCH_COLOURS,
    SWITCH_NAMES,
    TelegramAdmin,
    Text,
    actor_in,
)
from telegram_integration.models import TelegramBot
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.sites import hospital_site, platform_site
from tenants.context import current_hospital, in_public_schema
from webhooks.admin.forms import ActForm
from webhooks.admin.pages import FORM_PAGE

_FACTS = ("bot", "whose", "telegram_id", "state_shown", "made")
_UPDATES = ("webhook", "last_update", "waiting")


class BotAdmin(TelegramAdmin):
    """The platform's bot and the hospitals' own; a hospital sees its own."""

    view_verbs = ("telegram.read",)
    add_verbs = ("telegram.write",)
    subject_type = "telegram_bot"
    list_display = ("bot", "whose", "state", "made")
    list_filter = (("is_active", BooleanRadioFilter),)
    search_fields = ("username", "telegram_id", "hospital__name", "hospital__subdomain")
    search_help_text = _("Name of the bot, its number or hospital")
    fieldsets = ((None, {"fields": _FACTS}), (_("Updates"), {"fields": _UPDATES}))
    readonly_fields = (*_FACTS, *_UPDATES)
    actions_detail = ("ask_about", "switch")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[TelegramBot]:
        """Those that the signed-in user may see."""
        return bots_for(actor_in(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to it, which for a hospital's own stands in the hospital's history."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        with history_of(row.hospital):
            history = self.admin_site.journal.read(self.subject_of(row))
        context = {"title": capfirst(_("History")), "original": row, "history": history}
        return self.page(request, "admin/history.html", **context, **extra_context or {})

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",  # noqa: ARG002  -- Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """A page of our own: Django's is one transaction, and who the bot is is asked of Telegram."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form_class: type[TokenForm] = HospitalTokenForm if in_public_schema() else TokenForm
        form = form_class(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._connect(request, form)
            except DomainError as refusal:
                form.refuse(refusal)
        words = {
            "title": _("Connect a hospital's own bot"),
            "summary": _("Patients of the hospital then write to this bot. One that it had is replaced."),
            "button": _("Connect"),
            "back": reverse("admin:telegram_integration_telegrambot_changelist"),
        }
        return self.page(request, FORM_PAGE, form=form, **words)

    def _connect(self, request: HttpRequest, form: TokenForm) -> HttpResponse:
        hospital = form.cleaned_data["hospital"] if in_public_schema() else current_hospital()
        bot = connect_bot(actor_in(request), hospital=hospital, token=form.cleaned_data["token"].strip())
        self.message_user(request, _("%(bot)s is connected.") % {"bot": bot}, "SUCCESS")
        return HttpResponseRedirect(self.page_of(bot))

    @action(description=_("Ask Telegram"), icon="help", permissions=["act"])
    def ask_about(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What Telegram knows of the bot: where it posts updates, and how many wait there."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> Text:
            address, waiting = ask_telegram(actor_in(request), bot_id=row.pk)
            told = {"address": address, "count": waiting}
            if not address:
                return _("Telegram waits to be asked for updates (polling). Waiting there: %(count)d.") % told
            return _("Telegram posts updates to %(address)s. Waiting there: %(count)d.") % told

        words: dict[str, Any] = {
            "title": _("Ask Telegram about this bot"),
            "button": _("Ask"),
            "summary": str(row),
        }
        return self.ask(request, row, act, **words)

    @action(description=_("Switch off or on"), icon="power_settings_new", permissions=["act"])
    def switch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch one that is on off, and one that is off on."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> Text:
            switch_bot(actor_in(request), bot_id=row.pk, is_active=not row.is_active)
            return _("Switched off.") if row.is_active else _("Switched on.")

        title = _("Switch off") if row.is_active else _("Switch on")
        words: dict[str, Any] = {"title": title, "button": title, "summary": str(row), "grave": row.is_active}
        return self.ask(request, row, act, **words)

    @display(description=_("bot"), ordering="username")
    def bot(self, row: TelegramBot) -> str:
        """Its name at Telegram."""
        return str(row)

    @display(description=_("hospital"), ordering="hospital__name")
    def whose(self, row: TelegramBot) -> Any:
        """Whose it is."""
        return row.hospital or _("All hospitals")

    @display(description=_("state"), ordering="is_active", label=SWITCH_COLOURS)
    def state(self, row: TelegramBot) -> tuple[str, Any]:
        """Whether it hears and speaks."""
        word = ON if row.is_active else OFF
        return word, SWITCH_NAMES[word]

    @display(description=_("state"))
    def state_shown(self, row: TelegramBot) -> str:
        """The same label on the page of one bot, where unfold draws none by itself."""
        return display_for_label(self.state(row), "-", SWITCH_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("connected"), ordering="created_at")
    def made(self, row: TelegramBot) -> str:
        """Since when it is there."""
        return say_moment(row.created_at)

    @display(description=_("webhook"))
    def webhook(self, row: TelegramBot) -> str:
        """Where Telegram can post its updates."""
        return f"{settings.TELEGRAM_WEBHOOK_BASE_URL}{webhook_path(row)}"

    @display(description=_("last update"))
    def last_update(self, row: TelegramBot) -> str:
        """When the newest one came."""
        newest = row.updates.order_by("-update_id").values_list("received_at", flat=True).first()
        return say_moment(newest) if newest else "–"

    @display(description=_("waiting"))
    def waiting(self, row: TelegramBot) -> int:
        """How many updates are not worked off yet."""
        return row.updates.filter(done_at=None).count()


def webhook_path(bot: TelegramBot) -> str:
    """The path of a bot's webhook on the public host."""
    urls = settings.PUBLIC_SCHEMA_URLCONF
    if bot.hospital_id is None:
        return reverse("telegram-webhook", urlconf=urls)
    return reverse("telegram-webhook-of-a-hospital", urlconf=urls, args=[bot.slug])


for _site in (hospital_site, platform_site):
    _site.register(TelegramBot, BotAdmin)
