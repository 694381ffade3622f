"""Pages with clinical text: whatever of it is shown was written into the log before."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from bookings.admin.actors import actor_in
from records.actions.log import log_reads
from records.admin.words import say_versions
from records.errors import RecordsSealed
from records.models import Extent, MedicalRecord, Treatment
from records.models.fields import EncryptedTextField, open_texts
from records.models.record import LONGEST_TITLE
from tenants.admin_sites.lists import Changes
from tenants.admin_sites.sites import GrantedAdmin

LIST, PAGE = "admin list", "admin page"


class _LoggedList(Changes):
    """A page of a list, whose titles count as read."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's, and the entry in the log."""
        super().get_results(request)
        with transaction.atomic():
            rows = list(self.result_list)
            open_texts(rows, "title", "name")
            log_reads(actor_in(request), rows, purpose=LIST, extent=Extent.SUMMARY)


class SealedWidgets:
    """Form fields of sealed texts as long as what is written in them: a line, or a few."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's, with a widget of ours for sealed text."""
        if isinstance(db_field, EncryptedTextField):
            is_line = db_field.max_length is not None and db_field.max_length <= LONGEST_TITLE
            widget = UnfoldAdminTextInputWidget() if is_line else UnfoldAdminTextareaWidget(attrs={"rows": 3})
            kwargs["widget"] = widget
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # Django's, beside it


class ClinicalAdmin(SealedWidgets, GrantedAdmin):
    """A page of records or treatments: reading it is logged, changing it is a verb, nothing is deleted.

    There is no search: the database could not, as it holds no word of what it would look through.
    """

    readonly_fields: tuple[str, ...] = ("versions",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Changes]:  # noqa: ARG002  -- Django's
        """The list that logs."""
        return _LoggedList

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's page, once the read is in the log."""
        page = partial(super().change_view, request, object_id, form_url, extra_context)

        def read() -> HttpResponse:
            row = self.get_object(request, unquote(object_id))
            if row is not None and self._shows(request, row):
                open_texts([row])
                with transaction.atomic():
                    log_reads(actor_in(request), [row], purpose=PAGE)
            return page()  # type: ignore[no-any-return]

        return self._where_texts_open(request, read)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's list."""
        return self._where_texts_open(request, partial(super().changelist_view, request, extra_context))

    def _shows(self, request: HttpRequest, row: Any) -> bool:
        """Whether the page will come: whoever only reads gets no answer to a form that they send."""
        may_change = self.has_change_permission(request, row)
        return may_change or (request.method != "POST" and self.has_view_permission(request, row))

    def _where_texts_open(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        """The page; where the texts in it do not open, the front page, which says so."""
        try:
            response = view()
            # The texts are opened as the page is written out.
            return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except RecordsSealed as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:index"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """A record stays with the patient whom it was written about."""
        return self.readonly_fields if obj is None else ("patient_link", *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Nothing yet: the verb is said with the rows of the page, in `save_related`."""

    @display(description=_("patient"), ordering="patient__name")
    def patient_link(self, row: MedicalRecord | Treatment) -> str:
        """Whose it is, as a link to the patient."""
        url = reverse("admin:bookings_patient_change", args=[row.patient_id])
        return format_html('<a href="{}">{}</a>', url, row.patient.name)

    @display(description=_("earlier versions"))
    def versions(self, row: MedicalRecord | Treatment) -> str:
        """What stood there before each change, the latest first."""
        return say_versions(type(row), list(row.revisions.order_by("-number")))


def become(instance: Any, made: MedicalRecord | Treatment) -> None:
    """Let the form's row, which was never saved, be the one that the verb made."""
    instance.pk = made.pk
    instance.refresh_from_db()


def plans_in(formset: Any, names: tuple[str, ...]) -> list[Any]:
    """The rows of an inline as verbs take them, in their order, without those that were taken out."""
    typed = [form.cleaned_data for form in formset.forms if form.cleaned_data]
    kept = [data for data in typed if not data.get("DELETE")]
    return [{name: data.get(name) or "" for name in names} for data in kept]
