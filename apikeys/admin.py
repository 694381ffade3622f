"""API keys, on the platform's own admin: made, shown once, changed, revoked; and limits of their own."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
)
from unfold.decorators import display
from unfold.utils import display_for_label
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.caller import actor_of
from accounts.models import User
from apikeys.keys import create_key, forget_keys, revoke_key
from apikeys.limits import forget_limits
from apikeys.models import ApiKey, RateLimit
from apikeys.policies import BY_KEY, NAMES
from apikeys.scopes import SCOPES
from core.actor import Actor, Door
from events.admin import EVENT_NAMES
from tenants.admin_sites.dates import TypedDateField, say_moment, start_of
from tenants.admin_sites.forms import RefusableForm
from tenants.admin_sites.sites import GrantedAdmin, GrantedInline, platform_site

_STATE_COLOURS = {"active": "success", "expired": "warning", "revoked": "danger"}
_A_DAY = timedelta(days=1)


class _KeyForm(RefusableForm):
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=list(SCOPES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    last_day = TypedDateField(
        label=_("Last day"),
        required=False,
        help_text=_("In UTC. Leave empty for a key that does not expire."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (until := self.instance.expires_at) is not None:
            self.initial["last_day"] = (until - _A_DAY).date() if until.time() == time() else until.date()

    @property
    def expires_at(self) -> datetime | None:
        """The end of the last day; what was set to the minute elsewhere stays while the day does."""
        if "last_day" not in self.changed_data:
            return self.instance.expires_at  # type: ignore[no-any-return]
        last = self.cleaned_data["last_day"]
        return start_of(last + _A_DAY) if last else None


EVENT_NAMES["limit.changed"] = _("Rate limit changed")


class _KeyLimitInline(GrantedInline):
    """Limits of one key, in place of its hospital's and the usual ones."""

    model = RateLimit
    view_verbs = ("keys.read",)
    add_verbs = change_verbs = delete_verbs = ("keys.write",)
    event_type = "limit.changed"
    fields = ("policy", "amount", "seconds")

    def formfield_for_choice_field(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Only what is counted by key."""
        names = [("", "---------"), *((policy, NAMES[policy]) for policy in BY_KEY)]
        return super().formfield_for_choice_field(db_field, request, choices=names, **kwargs)


@admin.register(ApiKey, site=platform_site)
class ApiKeyAdmin(GrantedAdmin):
    """Keys of programs. Only a hash is stored; a key is revoked, never deleted."""

    view_verbs = ("keys.read",)
    add_verbs = change_verbs = ("keys.write",)
    event_type = "key.changed"
    subject_type = "api_key"
    told_fields = ("name", "scopes", "is_unlimited", "last_day")
    form = _KeyForm
    list_display = ("name", "public_id", "hospital", "scope_list", "state", "used", "made")
    list_filter = (("hospital", AutocompleteSelectFilter), ("is_active", BooleanRadioFilter))
    list_select_related = ("hospital",)
    search_fields = ("name", "public_id", "hospital__name", "hospital__subdomain")
    autocomplete_fields = ("hospital",)
    actions = ("revoke",)
    add_fieldsets = ((None, {"fields": ("name", "hospital", "scopes", "last_day", "is_unlimited")}),)
    fieldsets = (
        (None, {"fields": ("name", "hospital", "scopes", "last_day", "is_unlimited")}),
        (_("Facts"), {"fields": ("public_id", "state_shown", "made", "used", "revoked")}),
    )

    def get_inlines(self, request: HttpRequest, obj: ApiKey | None) -> list[type[GrantedInline]]:  # noqa: ARG002
        """A key's own limits are added once there is a key."""
        return [] if obj is None else [_KeyLimitInline]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """A key stays with its hospital."""
        facts = ("public_id", "state_shown", "made", "used", "revoked")
        return facts if obj is None else (*facts, "hospital")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page with one button: what comes next is the key, shown once."""
        one_button = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **one_button})  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: ApiKey, form: _KeyForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Make a key, whose text `response_add` shows, or save what was changed of one."""
        if change:
            obj.expires_at = form.expires_at
            super().save_model(request, obj, form, change)
            _count_anew()
            return
        key, text = create_key(
            _actor(request),
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            hospital=obj.hospital,
            expires_at=form.expires_at,
            is_unlimited=obj.is_unlimited,
        )
        obj.pk, obj.public_id = key.pk, key.public_id
        request.key_to_show = text  # type: ignore[attr-defined]  # gone with the request

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save limits, and count by them at once."""
        super().save_formset(request, form, formset, change)
        _count_anew()

    def log_addition(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Nothing: making the key has recorded it."""

    def response_add(
        self,
        request: HttpRequest,
        obj: ApiKey,
        post_url_continue: str | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Show the key, this once.

        In the answer itself: a redirect would need a place to keep the text meanwhile.
        """
        text = request.key_to_show  # type: ignore[attr-defined]  # set by save_model
        response = self.page(
            request, "admin/apikeys/shown_once.html", title=_("Your new API key"), key=obj, text=text
        )
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(
        description=_("Revoke: the program that uses it is refused from now on"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, keys: models.QuerySet[ApiKey]) -> None:
        """Revoke the chosen keys."""
        active = list(keys.filter(is_active=True))
        for key in active:
            revoke_key(_actor(request), key)
        text = ngettext("%(count)d key revoked.", "%(count)d keys revoked.", len(active))
        self.message_user(request, text % {"count": len(active)}, messages.SUCCESS)

    @display(description=_("scopes"))
    def scope_list(self, key: ApiKey) -> str:
        """Names of the scopes."""
        return ", ".join(key.scopes)

    @display(description=_("state"), ordering="is_active", label=_STATE_COLOURS)
    def state(self, key: ApiKey) -> tuple[str, Any]:
        """Whether the key opens anything, as a coloured label."""
        if key.is_usable:
            return "active", _("Active")
        return ("expired", _("Expired")) if key.is_active else ("revoked", _("Revoked"))

    @display(description=_("state"))
    def state_shown(self, key: ApiKey) -> str:
        """The same label on the page of one key, where unfold draws none by itself."""
        return display_for_label(self.state(key), "-", _STATE_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("created at"), ordering="created_at")
    def made(self, key: ApiKey) -> str:
        """When it was made."""
        return say_moment(key.created_at)

    @display(description=_("last used"), ordering="last_used")
    def used(self, key: ApiKey) -> str:
        """When it was used last, give or take five minutes."""
        return say_moment(key.last_used)

    @display(description=_("revoked at"))
    def revoked(self, key: ApiKey) -> str:
        """When it was revoked."""
        return say_moment(key.revoked_at)


@admin.register(RateLimit, site=platform_site)
class RateLimitAdmin(GrantedAdmin):
    """Limits that differ from the usual: of one hospital, or of one key, whose own come first."""

    view_verbs = ("keys.read",)
    add_verbs = change_verbs = delete_verbs = ("keys.write",)
    event_type = "limit.changed"
    subject_type = "rate_limit"
    told_fields = ("policy", "amount", "seconds")
    list_display = ("policy", "hospital", "key", "amount", "seconds")
    list_filter = (("policy", ChoicesDropdownFilter), ("hospital", AutocompleteSelectFilter))
    list_select_related = ("hospital", "key")
    search_fields = ("hospital__name", "hospital__subdomain", "key__name", "key__public_id")
    autocomplete_fields = ("hospital", "key")
    fieldsets = (
        (
            None,
            {
                "fields": ("hospital", "key", "policy", "amount", "seconds"),
                "description": _(
                    "Either a hospital or a key. What has no limit of its own has the usual one."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: RateLimit | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """A limit stays with its owner."""
        return () if obj is None else ("hospital", "key")

    def save_model(self, request: HttpRequest, obj: RateLimit, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save, and count by it at once."""
        super().save_model(request, obj, form, change)
        _count_anew()

    def delete_model(self, request: HttpRequest, obj: RateLimit) -> None:
        """Delete, and count by the usual limit at once."""
        super().delete_model(request, obj)
        _count_anew()


def _count_anew() -> None:
    """What this process remembers of keys and limits is read again; other processes follow in 10 s."""
    transaction.on_commit(forget_keys)
    transaction.on_commit(forget_limits)


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, User):
        raise TypeError("Only somebody who has signed in gets here.")
    return actor_of(request.user, Door.ADMIN)
