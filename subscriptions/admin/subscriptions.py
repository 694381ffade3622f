"""Subscriptions of all hospitals, on the platform's own admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
)
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from core.errors import DomainError
from subscriptions.actions import cancel_subscription, create_subscription, update_subscription
from subscriptions.admin.words import STATUS_COLOURS, actor_in, say_price, status_label
from subscriptions.models import Subscription
from tenants.admin_sites.dates import say_day, say_moment
from tenants.admin_sites.forms import RefusableForm, show_refusal
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin, platform_site

_FACTS = ("status_shown", "period", "cost", "ends", "cancelled", "cancel_reason", "ended")


class _SubscriptionForm(RefusableForm):
    """A plan is chosen out of those that are offered, or stays."""

    class Meta:
        model = Subscription
        fields = ("hospital", "plan", "billing_cycle", "start_date", "auto_renew")


class CancelForm(forms.Form):
    """Why, and when."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget)
    immediate = forms.BooleanField(
        label=_("At once"),
        required=False,
        widget=UnfoldBooleanWidget,
        help_text=_("Otherwise it runs to the end of the period that is paid for."),
    )


@admin.register(Subscription, site=platform_site)
class SubscriptionAdmin(GrantedAdmin):
    """Who uses which plan. Made, changed and cancelled here; renewed by the calendar; never deleted."""

    view_verbs = ("subscriptions.read",)
    add_verbs = change_verbs = ("subscriptions.write",)
    form = _SubscriptionForm
    list_display = ("hospital", "plan", "billing_cycle", "state", "period", "cost", "auto_renew")
    list_filter = (
        ("hospital", AutocompleteSelectFilter),
        ("plan", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("cancel_at_period_end", BooleanRadioFilter),
    )
    list_select_related = ("hospital", "plan")
    search_fields = ("hospital__name", "hospital__subdomain", "plan__code")
    autocomplete_fields = ("hospital", "plan")
    readonly_fields = _FACTS
    actions_detail = ("cancel",)
    add_fieldsets = ((None, {"fields": ("hospital", "plan", "billing_cycle", "start_date", "auto_renew")}),)
    fieldsets = (
        (None, {"fields": ("hospital", "plan", "billing_cycle", "begins", "auto_renew")}),
        (_("Facts"), {"fields": _FACTS}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """What is typed, and for one that is there how it stands."""
        if obj is None:
            return self.add_fieldsets
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """What was agreed on stays: only the plan and whether it renews change, until it has ended."""
        if obj is None:
            return _FACTS
        agreed = ("hospital", "billing_cycle", "begins")
        return (*_FACTS, *agreed) if obj.is_live else (*_FACTS, *agreed, "plan", "auto_renew")

    def save_model(
        self,
        request: HttpRequest,
        obj: Subscription,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001  -- Django's signature
    ) -> None:
        """Subscribe a hospital, or change its subscription."""
        actor, typed = actor_in(request), form.cleaned_data
        if not change:
            row = create_subscription(
                actor,
                hospital=typed["hospital"],
                plan_id=typed["plan"].pk,
                billing_cycle=typed["billing_cycle"],
                start_date=typed["start_date"],
                auto_renew=typed["auto_renew"],
            )
            obj.pk = row.pk
        elif form.changed_data:
            update_subscription(
                actor,
                subscription_id=obj.pk,
                plan_id=typed["plan"].pk if "plan" in form.changed_data else None,
                auto_renew=typed["auto_renew"] if "auto_renew" in form.changed_data else None,
            )

    def log_addition(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Nothing: the verb has recorded it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Nothing: the verb has recorded it."""

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002  -- unfold's
        """Whether the button is shown."""
        return granted(request, "subscriptions.write")

    @action(description=_("Cancel the subscription"), icon="cancel", permissions=["cancel"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask why and when, and cancel."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_cancel_permission(request):
            raise PermissionDenied
        back = reverse("admin:subscriptions_subscription_change", args=[row.pk])
        form = CancelForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self._cancel(request, row, form):
            return HttpResponseRedirect(back)
        words = {"title": _("Cancel the subscription"), "button": _("Cancel the subscription")}
        return self.page(
            request, "admin/form_page.html", form=form, original=row, back=back, summary=str(row),
            grave=True, **words,
        )  # fmt: skip

    def _cancel(self, request: HttpRequest, row: Subscription, form: CancelForm) -> bool:
        try:
            cancel_subscription(actor_in(request), subscription_id=row.pk, **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
            return False
        self.message_user(request, _("Cancelled."), "SUCCESS")
        return True

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def state(self, row: Subscription) -> tuple[str, Any]:
        """The status as a coloured label."""
        return row.status, row.get_status_display()

    @display(description=_("status"))
    def status_shown(self, row: Subscription) -> Any:
        """The same on the page of one subscription."""
        return status_label(row)

    @display(description=_("period"), ordering="current_period_end")
    def period(self, row: Subscription) -> str:
        """The current period, to the day on which the next one begins."""
        return f"{say_day(row.current_period_start)} – {say_day(row.current_period_end)}"

    @display(description=_("price of the period"), ordering="price")
    def cost(self, row: Subscription) -> str:
        """What the period costs."""
        return say_price(row.price)

    @display(description=_("start"))
    def begins(self, row: Subscription) -> str:
        """The first day, in the reader's calendar."""
        return say_day(row.start_date)

    @display(description=_("ends with the period"), boolean=True)
    def ends(self, row: Subscription) -> bool:
        """Whether it is cancelled and runs out."""
        return bool(row.cancel_at_period_end)

    @display(description=_("cancelled at"))
    def cancelled(self, row: Subscription) -> str:
        """When it was cancelled."""
        return say_moment(row.cancelled_at)

    @display(description=_("ended at"))
    def ended(self, row: Subscription) -> str:
        """When it ended."""
        return say_moment(row.ended_at)
