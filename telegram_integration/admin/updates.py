"""Updates that somebody stumbled over, for operators: never what people wrote, nor who they are."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from telegram_integration.admin.queries import failed_updates_for
from telegram_integration.admin.words import TelegramAdmin, actor_in
from telegram_integration.models import TelegramUpdate
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.sites import platform_site

_FACTS = ("bot", "update_id", "error", "attempts", "came", "done")


@admin.register(TelegramUpdate, site=platform_site)
class FailedUpdateAdmin(TelegramAdmin):
    """Those with an error, the newest first. To be read."""

    view_verbs = ("telegram.read",)
    list_display = ("came", "error", "bot", "update_id", "attempts", "done")
    list_filter = (("received_at", DayRangeFilter),)
    search_fields = ("=error",)
    search_help_text = _("Whole name of the error")
    list_select_related = ("bot",)
    ordering = ("-pk",)
    fields = readonly_fields = _FACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[TelegramUpdate]:
        """Those that failed."""
        return failed_updates_for(actor_in(request))

    @display(description=_("received at"), ordering="received_at")
    def came(self, row: TelegramUpdate) -> str:
        """When Telegram sent it."""
        return say_moment(row.received_at)

    @display(description=_("done at"), ordering="done_at")
    def done(self, row: TelegramUpdate) -> str:
        """When it was finished with; a dash while it is tried again."""
        return say_moment(row.done_at) if row.done_at else "–"
