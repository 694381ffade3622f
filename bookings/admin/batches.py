"""Bulk work: what was asked for, how far it is, what was refused and why; stopping it and taking it back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from unfold.contrib.filters.admin import CheckboxFilter
from unfold.decorators import display

from bookings.actions.batches import ENDED, can_be_undone, confirm_batch, progress_of, stop_batch, undo_batch
from bookings.admin.actors import actor_in
from bookings.admin.batch_words import STATE_COLOURS, Line, lines_of
from bookings.admin.exchange.drafts import draft_address
from bookings.models import Batch, BatchItem, BatchKind, BatchState, Outcome, Practitioner
from bookings.queries.appointments import appointments_for
from bookings.queries.batches import Progress, batches_for, counts_of, items_of, problems_of
from core.actor import Actor
from core.errors import DomainError
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.lists import Changes
from tenants.admin_sites.sites import GrantedAdmin, hospital_site

# Rows of a batch on one page.
ITEMS_A_PAGE = 100
_VERBS: dict[str, tuple[Callable[[Actor, UUID], Batch], Any]] = {
    "confirm": (confirm_batch, _("It has begun.")),
    "stop": (stop_batch, _("Stopped. What is done stays done.")),
    "undo": (undo_batch, _("It is being taken back.")),
}


class _StateFilter(CheckboxFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(BatchState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:  # noqa: ARG002
        return queryset.filter(state__in=self.value()) if self.value() else queryset


class _KindFilter(CheckboxFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return list(BatchKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:  # noqa: ARG002
        return queryset.filter(kind__in=self.value()) if self.value() else queryset


class _Counted(Changes):
    """The rows of a page with their counts: one statement for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        counts = counts_of(rows)
        for row in rows:
            row.counts = counts[row.pk]
        self.result_list = rows


@admin.register(Batch, site=hospital_site)
class BatchAdmin(GrantedAdmin):
    """Bulk work, the newest first: one's own, and everybody's for administrators."""

    view_verbs = ("appointments.cancel", "appointments.cancel_own", "patients.write")
    list_display = ("made", "kind_name", "title", "user", "state_label", "how_far", "refused")
    list_filter = (_StateFilter, _KindFilter)
    ordering = ("-created_at", "pk")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Those that the signed-in user may see."""
        return batches_for(actor_in(request)).order_by(*self.ordering)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Changes]:  # noqa: ARG002
        """The list, with counts."""
        return _Counted

    def get_urls(self) -> list[URLPattern]:
        """What the page asks while work is done, and its buttons."""
        guard = self.admin_site.admin_view
        progress = guard(never_cache(require_GET(self.progress_page)))
        ours = [path("<uuid:batch_id>/progress/", progress, name="bookings_batch_progress")]
        for verb in _VERBS:
            page = guard(require_POST(self.act_page))
            name = f"bookings_batch_{verb}"
            ours.append(path(f"<uuid:batch_id>/{verb}/", page, {"verb": verb}, name=name))
        return [*ours, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002  -- Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """How far it is, and what was refused; ``?show=all`` for every row."""
        actor = actor_in(request)
        batch = self._found(request, object_id)
        if (draft := draft_address(batch)) is not None:
            return HttpResponseRedirect(draft)
        progress = progress_of(actor, batch.pk)
        show_all = request.GET.get("show") == "all"
        page = _page_of(batch, request.GET.get("page", "1"), show_all=show_all)
        context = {
            "title": batch.get_kind_display(),
            "batch": batch,
            "by": batch.user.get_full_name(),
            "begun": say_moment(batch.created_at),
            "ended": say_moment(batch.ended_at),
            "told": _told(progress),
            "counts": _counts(progress),
            "is_draft": batch.state == BatchState.DRAFT,
            "is_over": batch.state in ENDED,
            "can_be_undone": can_be_undone(batch),
            "state_colour": STATE_COLOURS[batch.state],
            "show_all": show_all,
            "lines": _lines(actor, list(page.object_list)),
            "item_page": page,
            "is_of_appointments": batch.kind in (BatchKind.CANCEL, BatchKind.MOVE, BatchKind.TELL),
        }
        return self.page(request, "admin/bookings/batch/page.html", **context)

    def progress_page(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """How far it is, as JSON, for the page that shows it."""
        return JsonResponse(_told(progress_of(actor_in(request), self._found(request, batch_id).pk)))

    def act_page(self, request: HttpRequest, batch_id: UUID, verb: str) -> HttpResponse:
        """Say the verb that a button names, and go back to the page."""
        batch = self._found(request, batch_id)
        act, done = _VERBS[verb]
        try:
            act(actor_in(request), batch.pk)
        except DomainError as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:bookings_batch_change", args=[batch.pk]))

    def _found(self, request: HttpRequest, batch_id: object) -> Batch:
        """The batch, if there is one that the signed-in user may see."""
        try:
            key = UUID(str(batch_id))
        except ValueError:
            raise Http404 from None
        batch = self.get_queryset(request).filter(pk=key).first()
        if batch is None or not self.has_view_permission(request, batch):
            raise Http404
        return batch

    @display(description=_("when"), ordering="created_at")
    def made(self, row: Batch) -> str:
        """When it was asked for."""
        return say_moment(row.created_at)

    @display(description=_("kind"), ordering="kind")
    def kind_name(self, row: Batch) -> str:
        """What is done."""
        return row.get_kind_display()

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Batch) -> tuple[str, Any]:
        """The state as a coloured label with its name."""
        return row.state, row.get_state_display()

    @display(description=_("how far"))
    def how_far(self, row: Batch) -> str:
        """How many of how many have been worked on."""
        return _how_far(row.total - _counts_in(row).get(Outcome.WAITING, 0), row.total)

    @display(description=_("refused"))
    def refused(self, row: Batch) -> str:
        """How many could not be done."""
        return str(_counts_in(row).get(Outcome.REFUSED, 0) or "–")


def _counts_in(row: Batch) -> dict[str, int]:
    counts: dict[str, int] = getattr(row, "counts", {})
    return counts


def _how_far(worked_on: int, total: int) -> str:
    return gettext("%(done)d of %(total)d") % {"done": worked_on, "total": total}


def _told(progress: Progress) -> dict[str, Any]:
    """What the page shows of it, and asks for while it runs."""
    is_over = progress.state in ENDED
    # What has been done is being taken back where nothing waits and it is not over.
    is_undoing = not is_over and not progress.waiting
    whole = progress.done + progress.undone if is_undoing else progress.total
    worked_on = progress.undone if is_undoing else progress.total - progress.waiting
    return {
        "state": progress.state,
        "label": str(BatchState(progress.state).label),
        "over": is_over or progress.state == BatchState.DRAFT,
        "percent": 100 * worked_on // whole if whole else 0,
        "how_far": _how_far(worked_on, whole),
        "counts": {name: count for name, _label, count in _counts(progress)},
    }


def _counts(progress: Progress) -> list[tuple[str, Any, int]]:
    """Name, label and number of how the items ended."""
    named = (
        ("done", Outcome.DONE.label, progress.done),
        ("refused", Outcome.REFUSED.label, progress.refused),
        ("unchanged", Outcome.UNCHANGED.label, progress.unchanged),
        ("undone", Outcome.UNDONE.label, progress.undone),
        ("waiting", Outcome.WAITING.label, progress.waiting),
    )
    return list(named)


def _page_of(batch: Batch, number: str, *, show_all: bool) -> Page:
    items = items_of(batch) if show_all else problems_of(batch)
    return Paginator(items, ITEMS_A_PAGE).get_page(number)


def _lines(actor: Actor, items: list[BatchItem]) -> list[Line]:
    """The items in words: two statements, whatever their number."""
    asked = [item.subject_id for item in items if item.subject_id]
    rows = appointments_for(actor).filter(pk__in=asked) if asked else ()
    found = {row.pk: (row, reverse("admin:bookings_appointment_change", args=[row.pk])) for row in rows}
    places = [item.fields[end] for item in items for end in ("from", "to") if end in item.fields]
    whose = {place["practitioner_id"] for place in places}
    people = Practitioner.objects.filter(pk__in=whose) if whose else ()
    return lines_of(items, found, {str(person.pk): person.name for person in people})
