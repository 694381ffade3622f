"""What a hospital decides for itself: how its staff sign in, and when patients are reminded."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldBooleanSwitchWidget

from bookings.actions.reminder_settings import set_reminders
from bookings.admin.actors import actor_in
from bookings.admin.notice_words import ReminderForm
from core.errors import DomainError
from registry.actions import require_second_factor
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import HospitalSite, hospital_site
from tenants.context import current_hospital

NAMES = ("second_factor_required", "reminder_time", "reminder_least_hours", "notice_channels")


class SettingsForm(ReminderForm):
    """The settings of reminders, and the hospital's second factor."""

    second_factor_required = forms.BooleanField(
        label=_("Second factor required"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_(
            "Staff sign in with a code of their phone besides the password. Who has none set up is led to it "
            "with their next page, you too."
        ),
    )
    field_order = NAMES


def settings_page(request: HttpRequest, site: HospitalSite) -> HttpResponse:
    """Show the settings of the hospital at hand, and change them."""
    if not (granted(request, "hospital.write") and granted(request, "notices.write")):
        raise PermissionDenied
    hospital = current_hospital()
    form = SettingsForm(request.POST or None, initial={name: getattr(hospital, name) for name in NAMES})
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, form)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("admin:hospital_settings"))
    words = {"title": _("Hospital settings"), "summary": hospital.name, "button": _("Save")}
    known: dict[str, Any] = {
        **site.each_context(request),
        **words,
        "form": form,
        "back": reverse("admin:index"),
    }
    return render(request, "admin/form_page.html", known)


def _save(request: HttpRequest, form: SettingsForm) -> None:
    actor = actor_in(request)
    with transaction.atomic():
        set_reminders(actor, **form.typed())
        require_second_factor(actor, required=form.cleaned_data["second_factor_required"])


def _pages(site: HospitalSite) -> list[URLPattern]:
    return [
        path("settings/", site.admin_view(settings_page), {"site": site}, name="hospital_settings"),
    ]


hospital_site.add_pages(_pages)
