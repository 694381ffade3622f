"""Who is taken out of an event type and has appointments of it: shown and agreed to before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import HealthcareService, Practitioner
from bookings.queries.affected import count_expected
from bookings.rules.statuses import RESCHEDULABLE
from tenants.admin_sites.dates import start_of
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

# The field of the page between that says what was shown there.
_AGREED = "agreed_to_leave"
_NOT_SENT_ON = {"csrfmiddlewaretoken", _AGREED}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A practitioner who is taken out, and how many of its appointments they have from today on."""

    practitioner: Practitioner
    count: int


class _NotAgreed(Exception):
    """Somebody is taken out who has appointments, and whoever does it has not seen that yet."""

    def __init__(self, leaving: list[Leaving]) -> None:
        super().__init__()
        self.leaving = leaving


class AsksWhoLeaves(GrantedAdmin):
    """The page of an event type that says which appointments stay with those who are taken out of it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; where somebody with appointments is taken out, the page that asks for a second click."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except _NotAgreed as asking:
            return self._ask(request, asking.leaving)

    def save_model(
        self,
        request: HttpRequest,
        obj: HealthcareService,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001  -- Django's signature
    ) -> None:
        """Save, unless there is something to be looked at first: then all is rolled back."""
        leaving = _leaving(obj, form) if change else []
        if leaving and request.POST.get(_AGREED) != _stamp(leaving):
            raise _NotAgreed(leaving)
        super().save_model(request, obj, form, change)

    def _ask(self, request: HttpRequest, leaving: list[Leaving]) -> HttpResponse:
        typed = [(name, value) for name, values in request.POST.lists() for value in values]
        sent_on = [(name, value) for name, value in typed if name not in _NOT_SENT_ON]
        may_look = granted(request, "appointments.read")
        service_id = request.resolver_match.kwargs["object_id"] if request.resolver_match else ""
        return self.page(
            request, "admin/bookings/time/leaving.html",
            title=_("Appointments of those who are taken out"), back=request.path,
            leaving=[_line(each, service_id, may_look=may_look) for each in leaving],
            typed=[*sent_on, (_AGREED, _stamp(leaving))], is_again=_AGREED in request.POST,
        )  # fmt: skip


def _leaving(service: HealthcareService, form: forms.ModelForm) -> list[Leaving]:
    """Those with appointments: one statement, and none where nobody is taken out."""
    if "practitioners" not in form.changed_data:
        return []
    stay = {person.pk for person in form.cleaned_data["practitioners"]}
    gone: list[Practitioner] = [person for person in form.initial["practitioners"] if person.pk not in stay]
    counts = count_expected(service.pk, [person.pk for person in gone], start_of(timezone.localdate()))
    return [Leaving(person, counts[person.pk]) for person in gone if person.pk in counts]


def _stamp(leaving: Iterable[Leaving]) -> str:
    """What was shown: another number of appointments is shown anew."""
    return " ".join(sorted(f"{each.practitioner.pk}:{each.count}" for each in leaving))


def _line(each: Leaving, service_id: object, *, may_look: bool) -> dict[str, Any]:
    """Name, number, and the list of just these appointments."""
    only: dict[str, Any] = {
        "service__id__exact": service_id,
        "practitioner__id__exact": each.practitioner.pk,
        "status": sorted(RESCHEDULABLE),
        "when": "upcoming",
    }
    query = urlencode(only, doseq=True)
    said = ngettext("%(count)d appointment", "%(count)d appointments", each.count)
    return {
        "name": each.practitioner.name,
        "said": said % {"count": each.count},
        "url": f"{reverse('admin:bookings_appointment_changelist')}?{query}" if may_look else "",
    }
