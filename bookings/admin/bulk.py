"""Bulk work from the list of appointments: choose, say what is to be done and why, watch it being done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from bookings.actions.bulk import MOST_CHOSEN, start_cancelling, start_moving, start_telling
from bookings.admin.actors import actor_in
from bookings.admin.fields import TypedDateField
from bookings.admin.forms import DeskForm
from bookings.models import Appointment, Batch, Practitioner
from bookings.models.appointment import LONGEST_REASON
from bookings.queries.appointments import appointments_for
from bookings.rules.statuses import MOVES, RESCHEDULABLE, Status
from core.actor import Actor
from core.errors import DomainError
from tenants.admin_sites.dates import say_day
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

_CANCELLABLE = frozenset(status for status, moves in MOVES.items() if Status.CANCELLED in moves)


class ChosenForm(DeskForm):
    """Something to be done to the appointments that were chosen; their ids are sent along unseen."""

    ids = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_ids(self) -> list[UUID]:
        """The ids."""
        try:
            return [UUID(key) for key in self.cleaned_data["ids"].split()]
        except ValueError:
            raise ValidationError(_("Choose the appointments anew.")) from None

    def start(self) -> Batch:
        """Have it done. Raises `DomainError`."""
        return start_telling(self.actor, ids=self.cleaned_data["ids"])


class CancelManyForm(ChosenForm):
    """Why they are cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept with each appointment."),
    )  # fmt: skip

    def start(self) -> Batch:
        """Have them cancelled."""
        return start_cancelling(self.actor, ids=self.cleaned_data["ids"], reason=self.cleaned_data["reason"])


class MoveManyForm(ChosenForm):
    """To whom and to which day they are moved."""

    practitioner = forms.ChoiceField(
        label=_("Practitioner"), required=False, widget=UnfoldAdminSelectWidget,
        help_text=_("Each keeps its time of day, or gets the nearest free one."),
    )  # fmt: skip
    day = TypedDateField(label=_("Day"), required=False, help_text=_("Leave empty to stay on the same day."))
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, required=False, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.actor.can("appointments.move"):
            del self.fields["practitioner"]
            return
        people = Practitioner.objects.filter(is_active=True, is_bookable=True)
        named = [(str(person.pk), person.name) for person in people]
        self.fields["practitioner"].choices = [("", _("The same")), *named]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Ask for at least one of both."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not typed.get("practitioner") and not typed.get("day"):
            raise ValidationError(_("Choose a practitioner or a day."))
        return typed

    def start(self) -> Batch:
        """Have them moved."""
        typed = self.cleaned_data
        return start_moving(
            self.actor, ids=typed["ids"], practitioner_id=typed.get("practitioner") or None,
            day=typed["day"], reason=typed["reason"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Way:
    """One kind of bulk work: its form, its words, the statuses that it can be done in, the verbs it needs."""

    form: type[ChosenForm]
    title: Any
    button: Any
    possible: frozenset[Status]
    verbs: tuple[str, ...]
    is_grave: bool = False


_WAYS = {
    "cancel": _Way(
        CancelManyForm, _("Cancel appointments"), _("Cancel them"), _CANCELLABLE,
        ("appointments.cancel", "appointments.cancel_own"), is_grave=True,
    ),
    "move": _Way(
        MoveManyForm, _("Move appointments"), _("Move them"), RESCHEDULABLE,
        ("appointments.move", "appointments.move_own"),
    ),
    "tell": _Way(
        ChosenForm, _("Ask patients to choose another time"), _("Ask them"), RESCHEDULABLE,
        ("notices.send",),
    ),
}  # fmt: skip


class BulkWork(GrantedAdmin):
    """The actions of the list that lead to bulk work, and the pages between."""

    # A filter's whole find can be chosen.
    list_disable_select_all = False

    def get_urls(self) -> list[URLPattern]:
        """The pages that ask what exactly, before Django's."""
        page = self.admin_site.admin_view(require_POST(self.bulk_page))
        ours = [
            path(f"bulk/{way}/", page, {"way": way}, name=f"bookings_appointment_bulk_{way}") for way in _WAYS
        ]
        return [*ours, *super().get_urls()]

    @admin.action(description=_("Cancel…"), permissions=["cancel_many"])
    def cancel_many(self, request: HttpRequest, rows: QuerySet[Appointment]) -> HttpResponse | None:
        """Ask for a reason, then cancel the chosen appointments."""
        return self._ask(request, "cancel", rows)

    @admin.action(description=_("Move…"), permissions=["move_many"])
    def move_many(self, request: HttpRequest, rows: QuerySet[Appointment]) -> HttpResponse | None:
        """Ask where to, then move the chosen appointments."""
        return self._ask(request, "move", rows)

    @admin.action(description=_("Ask to choose another time…"), permissions=["tell_many"])
    def tell_many(self, request: HttpRequest, rows: QuerySet[Appointment]) -> HttpResponse | None:
        """Say how many, then ask the patients of the chosen appointments to choose another time."""
        return self._ask(request, "tell", rows)

    def has_cancel_many_permission(self, request: HttpRequest) -> bool:
        """Whether cancelling in bulk is offered at all."""
        return granted(request, *_WAYS["cancel"].verbs)

    def has_move_many_permission(self, request: HttpRequest) -> bool:
        """Whether moving in bulk is offered at all."""
        return granted(request, *_WAYS["move"].verbs)

    def has_tell_many_permission(self, request: HttpRequest) -> bool:
        """Whether asking in bulk is offered at all."""
        return granted(request, *_WAYS["tell"].verbs)

    def _ask(self, request: HttpRequest, way: str, rows: QuerySet[Appointment]) -> HttpResponse | None:
        chosen = list(rows.values_list("pk", flat=True)[: MOST_CHOSEN + 1])
        if len(chosen) > MOST_CHOSEN:
            words = gettext("Choose %(count)d appointments at most.") % {"count": MOST_CHOSEN}
            self.message_user(request, words, messages.ERROR)
            return None
        form = _WAYS[way].form(actor=actor_in(request), initial={"ids": " ".join(map(str, chosen))})
        return self._way_page(request, way, form, chosen, back=request.get_full_path())

    def bulk_page(self, request: HttpRequest, way: str) -> HttpResponse:
        """Start what the form says, and go to where it can be watched; a refusal comes back in the form."""
        if not granted(request, *_WAYS[way].verbs):
            raise PermissionDenied
        form = _WAYS[way].form(request.POST, actor=actor_in(request))
        if form.is_valid():
            try:
                batch = form.start()
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                return HttpResponseRedirect(reverse("admin:bookings_batch_change", args=[batch.pk]))
        chosen = form.cleaned_data.get("ids", [])
        return self._way_page(request, way, form, chosen, back=_list())

    def _way_page(
        self, request: HttpRequest, way: str, form: ChosenForm, chosen: Iterable[UUID], *, back: str
    ) -> HttpResponse:
        words = _WAYS[way]
        return self.page(
            request, "admin/form_page.html", form=form, title=words.title, button=words.button,
            grave=words.is_grave, back=back, action=reverse(f"admin:bookings_appointment_bulk_{way}"),
            summary=_say_chosen(form.actor, chosen, words.possible),
        )  # fmt: skip


def _say_chosen(actor: Actor, chosen: Iterable[UUID], possible: frozenset[Status]) -> str:
    """How many they are, of which days, and of how many it is not possible."""
    told: dict[str, Any] = (
        appointments_for(actor)
        .order_by()
        .filter(pk__in=list(chosen))
        .aggregate(
            count=Count("pk"),
            able=Count("pk", filter=Q(status__in=possible)),
            first=Min("start"),
            last=Max("start"),
        )
    )
    if not told["count"]:
        return gettext("There is nothing to be done.")
    days = [say_day(timezone.localtime(told[end]).date(), weekday=True) for end in ("first", "last")]
    lines = [ngettext("%(count)d appointment", "%(count)d appointments", told["count"]) % told]
    lines.append(days[0] if days[0] == days[1] else " – ".join(days))
    if unable := told["count"] - told["able"]:
        cannot = ngettext(
            "of %(count)d this is not possible any more", "of %(count)d this is not possible any more", unable
        )
        lines.append(cannot % {"count": unable})
    return ", ".join(lines) + "."


def _list() -> str:
    return reverse("admin:bookings_appointment_changelist")
