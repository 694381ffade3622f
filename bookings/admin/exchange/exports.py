"""The button "Export" over a list, and the page behind it: the same rows as a file."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from bookings.admin.actors import actor_in
from bookings.admin.words import say_refusal
from bookings.exchange.writing import MOST_ROWS, File
from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

# What a verb of export looks like.
Export = Callable[..., File]


class Exportable(GrantedAdmin):
    """A list that can be taken out as a file: as it is filtered, searched and sorted.

    The file comes as the answer to a form, not to a link: it is written down in the history.
    """

    export_verbs: ClassVar[tuple[str, ...]] = ()
    export_rows: ClassVar[Export]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether the button is offered."""
        return granted(request, *self.export_verbs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, whose button takes along what the list shows."""
        response = super().changelist_view(request, extra_context)
        ours = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export")
        asked = request.GET.urlencode()
        for button in (getattr(response, "context_data", None) or {}).get("actions_list", ()):
            if asked and button.get("path") == ours:
                button["path"] = f"{ours}?{asked}"
        return response  # type: ignore[no-any-return]  # unfold's classes are untyped

    @action(description=_("Export"), icon="download", url_path="export", permissions=["export"])
    def export(self, request: HttpRequest) -> HttpResponse:
        """How many rows it would be and which forms there are; sent, the file."""
        rows = self._rows_of_list(request)
        if isinstance(rows, HttpResponse):
            return rows
        refusal = ""
        if request.method == "POST" and request.POST.get("form") in MOST_ROWS:
            verb = type(self).export_rows
            try:
                return download(verb(actor_in(request), rows=rows, form=request.POST["form"]))
            except DomainError as error:
                refusal = " ".join(say_refusal(error))
        return self._export_page(request, rows, refusal)

    def _export_page(self, request: HttpRequest, rows: models.QuerySet[Any], refusal: str) -> HttpResponse:
        most = max(MOST_ROWS.values())
        count = rows.order_by()[: most + 1].count()
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        asked = request.GET.urlencode()
        return self.page(
            request, "admin/bookings/export/page.html", title=_("Export"), count=count, most=most,
            most_xlsx=MOST_ROWS["xlsx"], refusal=refusal, back=f"{back}?{asked}" if asked else back,
        )  # fmt: skip

    def _rows_of_list(self, request: HttpRequest) -> "models.QuerySet[Any] | HttpResponse":
        """The rows that the list with this address shows on all of its pages."""
        try:
            shown = self.get_changelist_instance(request)
        except Exception:  # noqa: BLE001  -- Django's own views of lists do the same with an address that cannot be read
            return HttpResponseRedirect(request.path)
        return shown.queryset  # type: ignore[no-any-return]  # Django's ChangeList is untyped here


def download(file: File) -> HttpResponse:
    """A file as an answer; pages of the admin stay in no cache, and neither does this."""
    return HttpResponse(
        file.content,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
