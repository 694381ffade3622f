"""Webhooks: registered, changed, tried out, recovered, switched off and on, removed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import action

from core.errors import DomainError
from tenants.admin_sites.dates import start_of
from tenants.admin_sites.lists import Changes
from tenants.admin_sites.sites import hospital_site, platform_site
from tenants.context import in_public_schema, inside
from webhooks.actions import (
    change_webhook,
    deactivate,
    reactivate,
    recover,
    register_webhook,
    remove_webhook,
    rotate_secret,
    send_test,
)
from webhooks.admin.columns import WebhookColumns, remember_health
from webhooks.admin.forms import ActForm, RecoverForm, WebhookForm
from webhooks.admin.pages import ActingAdmin
from webhooks.admin.words import Text, actor_in, refused
from webhooks.models import Webhook
from webhooks.queries import webhooks_for

_TYPED = ("url", "events", "description")
_STATE = ("condition_shown", "switched_off", "success", "speed", "waiting_shown", "failing", "recovering")
_FACTS = ("made", "rotation")


class _WithHealth(Changes):
    """A page of the list, with the health of its rows in two statements."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's, and the health."""
        super().get_results(request)
        remember_health(list(self.result_list))


class WebhookAdmin(WebhookColumns, ActingAdmin):
    """Addresses of the hospitals' other systems."""

    view_verbs = ("webhooks.read",)
    add_verbs = change_verbs = ("webhooks.write",)
    subject_type = "webhook"
    form = WebhookForm
    list_display = ("url_shown", "event_names", "condition", "success", "waiting")
    list_filter = (("is_active", BooleanRadioFilter),)
    search_fields = ("url", "description", "hospital__name", "hospital__subdomain")
    search_help_text = _("Address, description or hospital")
    readonly_fields = (*_STATE, *_FACTS)
    actions = ("switch_off_chosen", "switch_on_chosen")
    actions_detail = (
        "deliveries",
        "test",
        "recover",
        {"title": _("More"), "icon": "more_horiz", "items": ["rotate", "switch", "remove"]},
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Webhook]:
        """Those that the signed-in user may see."""
        return webhooks_for(actor_in(request)).select_related("hospital")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Changes]:  # noqa: ARG002  -- Django's
        """The list with health."""
        return _WithHealth

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:  # noqa: ARG002  -- Django's
        """Hospitals are chosen on the platform alone."""
        return ("hospital",) if in_public_schema() else ()

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """A webhook stays with its hospital."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "hospital")

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:  # noqa: ARG002  -- Django's
        """What is typed, and for one that is there how it fares."""
        typed = ("hospital", *_TYPED) if in_public_schema() else _TYPED
        if obj is None:
            return [(None, {"fields": typed})]
        return [
            (None, {"fields": typed}),
            (_("The last 24 hours"), {"fields": _STATE}),
            (_("Facts"), {"fields": _FACTS}),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page with one button: what comes next is the secret, shown once."""
        one_button = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **one_button})  # type: ignore[no-any-return]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's page; another is rarely added right after."""
        fewer = {**(extra_context or {}), "show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, fewer)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Webhook, form: WebhookForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Register one, whose secret `response_add` shows, or change one."""
        actor = actor_in(request)
        if change:
            typed = {name: form.cleaned_data[name] for name in form.changed_data if name in _TYPED}
            change_webhook(actor, webhook_id=obj.pk, **typed)
            return
        typed = {name: form.cleaned_data[name] for name in _TYPED}
        if in_public_schema():
            with inside(obj.hospital):
                row, secret = register_webhook(actor, **typed)
        else:
            row, secret = register_webhook(actor, **typed)
        obj.pk = row.pk
        request.secret_to_show = secret  # type: ignore[attr-defined]  # gone with the request

    def response_add(
        self,
        request: HttpRequest,
        obj: Webhook,
        post_url_continue: str | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """Show the secret, this once."""
        return self.show_secret(request, obj, request.secret_to_show)  # type: ignore[attr-defined]  # set by save_model

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to it, which stands in its hospital's history."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        with inside(row.hospital):
            history = self.admin_site.journal.read(self.subject_of(row))
        context = {"title": capfirst(_("History")), "original": row, "history": history}
        return self.page(request, "admin/history.html", **context, **extra_context or {})

    # ── buttons ────────────────────────────────────────────────────────────────
    @action(description=_("Deliveries"), icon="outbox")
    def deliveries(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002  -- unfold's
        """To what was and is to be sent to it."""
        listed = reverse("admin:webhooks_delivery_changelist")
        return HttpResponseRedirect(f"{listed}?webhook__id__exact={object_id}")

    @action(description=_("Send a test"), icon="send", permissions=["act"])
    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Queue a test message, and show its delivery."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> HttpResponse:
            delivery = send_test(actor_in(request), webhook_id=row.pk)
            self.message_user(request, _("The test is on its way. Reload this page to see what came of it."))
            return HttpResponseRedirect(reverse("admin:webhooks_delivery_change", args=[delivery.pk]))

        words: dict[str, Any] = {"title": _("Send a test message"), "button": _("Send"), "summary": row.url}
        return self.ask(request, row, act, **words)

    @action(description=_("Send what was missed"), icon="replay", permissions=["act"])
    def recover(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Queue again whatever happened since a day and was not delivered."""
        row = self.row(request, object_id)

        def act(form: ActForm) -> Text:
            recover(actor_in(request), webhook_id=row.pk, since=start_of(form.cleaned_data["since"]))
            return _("What was missed is being queued.")

        words: dict[str, Any] = {
            "title": _("Send again what was not delivered"),
            "button": _("Send"),
            "summary": row.url,
        }
        return self.ask(request, row, act, form_class=RecoverForm, **words)

    @action(description=_("New secret"), icon="key", permissions=["act"])
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give it a new secret and show it; for 24 hours both sign."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> HttpResponse:
            return self.show_secret(request, *rotate_secret(actor_in(request), webhook_id=row.pk))

        summary = _(
            "For 24 hours messages are signed with both. The secret before the present one ends at once."
        )
        words: dict[str, Any] = {
            "title": _("Give it a new secret"),
            "button": _("New secret"),
            "summary": summary,
        }
        return self.ask(request, row, act, **words)

    @action(description=_("Switch off or on"), icon="power_settings_new", permissions=["act"])
    def switch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Switch one that is on off, and one that is off on."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> Text:
            (deactivate if row.is_active else reactivate)(actor_in(request), webhook_id=row.pk)
            return _("Switched off.") if row.is_active else _("Switched on.")

        if row.is_active:
            summary = _("Nothing more is sent. What waits is kept, and can be sent later.")
            words: dict[str, Any] = {
                "title": _("Switch off"),
                "button": _("Switch off"),
                "summary": summary,
                "grave": True,
            }
        else:
            summary = _("What happened meanwhile is sent when you choose “Send what was missed”.")
            words = {"title": _("Switch on"), "button": _("Switch on"), "summary": summary}
        return self.ask(request, row, act, **words)

    @action(description=_("Remove"), icon="delete", permissions=["act"])
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Remove it for good."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> HttpResponse:
            remove_webhook(actor_in(request), webhook_id=row.pk)
            self.message_user(request, _("Removed."))
            return HttpResponseRedirect(reverse("admin:webhooks_webhook_changelist"))

        summary = _("Nothing more is sent to %(url)s, and its secret is forgotten.") % {"url": row.url}
        words: dict[str, Any] = {
            "title": _("Remove"),
            "button": _("Remove"),
            "summary": summary,
            "grave": True,
        }
        return self.ask(request, row, act, **words)

    @admin.action(description=_("Switch off: what waits is kept"), permissions=["act"])
    def switch_off_chosen(self, request: HttpRequest, rows: models.QuerySet[Webhook]) -> None:
        """Switch the chosen ones off."""
        self._each(request, rows, deactivate)

    @admin.action(description=_("Switch on again"), permissions=["act"])
    def switch_on_chosen(self, request: HttpRequest, rows: models.QuerySet[Webhook]) -> None:
        """Switch the chosen ones on."""
        self._each(request, rows, reactivate)

    def _each(self, request: HttpRequest, rows: models.QuerySet[Webhook], verb: Any) -> None:
        for row in list(rows):
            try:
                verb(actor_in(request), webhook_id=row.pk)
            except DomainError as refusal:
                refused(self, request, row, refusal)
        self.message_user(request, _("Done."), "SUCCESS")


for _site in (hospital_site, platform_site):
    _site.register(Webhook, WebhookAdmin)
