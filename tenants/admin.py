"""Hospitals and their domains, on the platform's own admin."""

import re
from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.forms import RefusableForm
from tenants.admin_sites.sites import GrantedAdmin, platform_site
from tenants.directory import forget_hospitals
from tenants.models import Domain, Hospital
from tenants.provisioning import provision_hospital, switch_hospital, tell_of

# A host name without port (RFC 1123 section 2.1).
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


@admin.register(Hospital, site=platform_site)
class HospitalAdmin(GrantedAdmin):
    """Hospitals: set up, described, switched off and on; never deleted."""

    view_verbs = ("hospitals.read",)
    add_verbs = change_verbs = ("hospitals.write",)
    event_type = "hospital.changed"
    told_fields = (
        "name", "timezone", "language", "hospital_type", "reminder_time", "reminder_least_hours",
        "second_factor_required",
    )  # fmt: skip
    list_display = ("name", "subdomain", "hospital_type", "city", "timezone", "language", "is_active", "made")
    list_filter = (
        ("is_active", BooleanRadioFilter),
        ("hospital_type", ChoicesDropdownFilter),
        ("language", ChoicesDropdownFilter),
    )
    search_fields = ("name", "subdomain", "city", "registration_number", "email")
    actions = ("switch_off", "switch_on")
    add_fieldsets = (
        (None, {"fields": ("name", "subdomain", "hospital_type", "timezone", "language")}),
        (_("Contact"), {"fields": ("registration_number", "email", "phone_number")}),
        (
            _("Address"),
            {"fields": ("address_line1", "address_line2", "city", "state", "postal_code", "country")},
        ),
        (_("Reminders"), {"fields": ("reminder_time", "reminder_least_hours")}),
        (_("Signing in"), {"fields": ("second_factor_required",)}),
    )
    fieldsets = (*add_fieldsets, (_("Facts"), {"fields": ("is_active", "schema_name", "uuid", "made")}))

    def get_readonly_fields(self, request: HttpRequest, obj: Hospital | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """The subdomain names the hospital in addresses that others have written down: it stays."""
        facts = ("is_active", "schema_name", "uuid", "made")
        return facts if obj is None else (*facts, "subdomain")

    def save_model(self, request: HttpRequest, obj: Hospital, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Set up a new hospital with its schema and domain, or save what was changed of one."""
        if not change:
            obj.pk = provision_hospital(**form.cleaned_data).pk
            return
        super().save_model(request, obj, form, change)
        tell_of(obj)
        transaction.on_commit(forget_hospitals)

    @admin.action(description=_("Switch off: every door refuses, nothing is lost"), permissions=["change"])
    def switch_off(self, request: HttpRequest, rows: models.QuerySet[Hospital]) -> None:
        """Switch the chosen hospitals off."""
        self._switch(request, rows.filter(is_active=True), active=False)

    @admin.action(description=_("Switch on again"), permissions=["change"])
    def switch_on(self, request: HttpRequest, rows: models.QuerySet[Hospital]) -> None:
        """Switch the chosen hospitals on."""
        self._switch(request, rows.filter(is_active=False), active=True)

    def _switch(self, request: HttpRequest, rows: Iterable[Hospital], *, active: bool) -> None:
        switched = list(rows)
        for hospital in switched:
            with transaction.atomic():
                switch_hospital(hospital, active=active)
                changes = {"is_active": [not active, active]}
                self.note(request, hospital, event_type="hospital.switched", changes=changes)
        forget_hospitals()
        count = len(switched)
        text = ngettext("%(count)d hospital switched.", "%(count)d hospitals switched.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @display(description=_("created at"), ordering="created_at")
    def made(self, hospital: Hospital) -> str:
        """When it was set up."""
        return say_moment(hospital.created_at)


class _DomainForm(RefusableForm):
    class Meta:
        labels = {"domain": _("host name"), "tenant": _("hospital"), "is_primary": _("primary")}

    def clean_domain(self) -> str:
        """The host name as browsers send it: lower case, without port or dot at the end."""
        host: str = self.cleaned_data["domain"].strip().lower().rstrip(".")
        if not _HOST.fullmatch(host):
            raise forms.ValidationError(
                _("Write a host name such as clinic.example.org, without https:// and port.")
            )
        if host in settings.PUBLIC_HOSTS:
            raise forms.ValidationError(_("This name is kept for the platform."))
        return host


@admin.register(Domain, site=platform_site)
class DomainAdmin(GrantedAdmin):
    """Host names that lead to hospitals."""

    view_verbs = ("hospitals.read",)
    add_verbs = change_verbs = delete_verbs = ("hospitals.write",)
    event_type = "domain.changed"
    told_fields = ("domain", "is_primary")
    form = _DomainForm
    list_display = ("domain", "hospital", "primary")
    list_filter = (("is_primary", BooleanRadioFilter),)
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name", "tenant__subdomain")
    autocomplete_fields = ("tenant",)
    ordering = ("domain",)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A hospital keeps its primary domain: without one it could not be reached by a host name."""
        primary = isinstance(obj, Domain) and obj.is_primary
        return super().has_delete_permission(request, obj) and not primary

    def save_model(self, request: HttpRequest, obj: Domain, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save, and find hospitals anew."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(forget_hospitals)

    def delete_model(self, request: HttpRequest, obj: Domain) -> None:
        """Delete, and find hospitals anew."""
        super().delete_model(request, obj)
        transaction.on_commit(forget_hospitals)

    @display(description=_("hospital"), ordering="tenant__name")
    def hospital(self, domain: Domain) -> str:
        """Where it leads."""
        return str(domain.tenant)

    @display(description=_("primary"), boolean=True, ordering="is_primary")
    def primary(self, domain: Domain) -> bool:
        """Whether it is the hospital's first name."""
        return bool(domain.is_primary)
