"""Taking the last step of a visit back: by the button of a row, by that of its page, by that of a message."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bookings.actions.undoing import undo_step
from bookings.admin.actors import actor_in
from bookings.admin.forms import DeskForm
from bookings.admin.returning import page_of, where_from
from bookings.admin.steps import can_be_undone, undo_label
from bookings.admin.words import say_appointment, say_refusal
from bookings.models import Appointment
from core.errors import DomainError
from tenants.admin_sites.sites import GrantedAdmin

# With the page's script (static/nadmor/care.js) it is a button that does it at once, without one it leads to
# the page that has the button.
_WAY_BACK = '{} <a class="font-semibold underline" href="{}" data-posts data-seen="{}">{}</a>'


class UndoForm(DeskForm):
    """Which step is meant: the status that whoever asks saw, sent along unseen."""

    seen = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)


class Undoing(GrantedAdmin):
    """The page that takes a step back, and the message that leads there."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address before Django's, which would take it for an id."""
        page = self.admin_site.admin_view(self.undo_page)
        return [
            path("<path:object_id>/undo/", page, name="bookings_appointment_undo"),
            *super().get_urls(),
        ]

    def undo_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the last step back and go to where the button was; asked for by a link, show the button."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if request.method != "POST":
            return self._ask_to_undo(request, row)
        seen = request.POST.get("seen", "")
        try:
            undone = undo_step(actor_in(request), reference=row.reference, seen=seen)
        except DomainError as refusal:
            self.message_user(request, f"{row.reference}: {' '.join(say_refusal(refusal))}", messages.ERROR)
        else:
            words = _("%(reference)s: taken back. Now: %(status)s")
            told = {"reference": undone.reference, "status": undone.get_status_display()}
            self.message_user(request, words % told, messages.SUCCESS)
        back = where_from(request)
        # The page of the link has done its work.
        is_here = back is not None and back.endswith(request.path)
        return HttpResponseRedirect(page_of(row) if back is None or is_here else back)

    def _ask_to_undo(self, request: HttpRequest, row: Appointment) -> HttpResponse:
        if not can_be_undone(actor_in(request), row):
            self.message_user(request, _("There is nothing to undo any more."), messages.ERROR)
            return HttpResponseRedirect(page_of(row))
        label = undo_label(row)
        return self.page(
            request, "admin/form_page.html", form=UndoForm(initial={"seen": row.status}), original=row,
            title=label, button=label, summary=say_appointment(row), back=page_of(row),
        )  # fmt: skip

    def tell_step(self, request: HttpRequest, row: Appointment, words: Any) -> None:
        """Say that a step was taken, with the way back."""
        if can_be_undone(actor_in(request), row):
            link = reverse("admin:bookings_appointment_undo", args=[row.pk])
            words = format_html(_WAY_BACK, words, link, row.status, _("Undo"))
        self.message_user(request, words, messages.SUCCESS)
