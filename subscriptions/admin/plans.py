"""Plans, on the platform's own admin."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from subscriptions.actions import change_plan, create_plan
from subscriptions.admin.words import actor_in, say_limit, say_price
from subscriptions.models import Plan
from tenants.admin_sites.sites import GrantedAdmin, platform_site

_TYPED = (
    "code", "name_th", "name_en", "plan_type", "price_monthly", "price_quarterly", "price_annual",
    "max_doctors", "max_staff", "features", "is_active",
)  # fmt: skip


@admin.register(Plan, site=platform_site)
class PlanAdmin(GrantedAdmin):
    """What is sold. A plan that is not sold any more is switched off, as subscriptions name it."""

    view_verbs = ("plans.read",)
    add_verbs = change_verbs = ("plans.write",)
    list_display = ("name", "code", "plan_type", "monthly", "doctors", "staff", "is_active")
    list_filter = (("plan_type", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    search_fields = ("code", "name_th", "name_en")
    fieldsets = (
        (None, {"fields": ("code", ("name_th", "name_en"), "plan_type", "features", "is_active")}),
        (_("Prices in baht"), {"fields": (("price_monthly", "price_quarterly", "price_annual"),)}),
        (
            _("Limits"),
            {
                "fields": (("max_doctors", "max_staff"),),
                "description": _("A hospital that has more than a new limit allows keeps what it has."),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: Plan, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Offer a plan, or change one."""
        typed: dict[str, Any] = {name: form.cleaned_data[name] for name in _TYPED}
        if change:
            change_plan(actor_in(request), plan_id=obj.pk, **typed)
        else:
            obj.pk = create_plan(actor_in(request), **typed).pk

    def log_addition(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Nothing: the verb has recorded it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Nothing: the verb has recorded it."""

    @display(description=_("name"), ordering="name_en")
    def name(self, plan: Plan) -> str:
        """The name in the reader's language."""
        return plan.name

    @display(description=_("price for a month"), ordering="price_monthly")
    def monthly(self, plan: Plan) -> str:
        """The price with its currency."""
        price: Decimal = plan.price_monthly
        return say_price(price)

    @display(description=_("doctors at most"), ordering="max_doctors")
    def doctors(self, plan: Plan) -> str:
        """How many doctors it allows."""
        return say_limit(plan.max_doctors)

    @display(description=_("staff accounts at most"), ordering="max_staff")
    def staff(self, plan: Plan) -> str:
        """How many accounts of staff it allows."""
        return say_limit(plan.max_staff)
