"""Pages that ask once more, and then say one verb about one webhook or delivery."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin
from webhooks.admin.forms import ActForm
from webhooks.admin.words import Text

FORM_PAGE = "admin/form_page.html"
SECRET_PAGE = "admin/webhooks/secret.html"  # noqa: S105  -- a template's name


class ActingAdmin(GrantedAdmin):
    """An admin whose buttons lead to such pages: what changes something is never a link."""

    def has_act_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002  -- unfold's
        """Whether the buttons are shown."""
        return granted(request, "webhooks.write")

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """The record of a page. Raises `Http404` unless the signed-in user may see it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_act_permission(request):
            raise PermissionDenied
        return row

    def ask(
        self,
        request: HttpRequest,
        row: models.Model,
        act: Callable[[ActForm], HttpResponse | Text],
        *,
        form_class: type[ActForm] = ActForm,
        **words: Any,
    ) -> HttpResponse:
        """Show a form; when it comes back right, act. `act` returns an answer, or a text about success."""
        form = form_class(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                done = act(form)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                if isinstance(done, HttpResponse):
                    return done
                self.message_user(request, done, "SUCCESS")
                return HttpResponseRedirect(self.page_of(row))
        return self.page(request, FORM_PAGE, form=form, original=row, back=self.page_of(row), **words)

    def page_of(self, row: models.Model) -> str:
        """Where a record is shown."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def show_secret(self, request: HttpRequest, row: Any, secret: str) -> HttpResponse:
        """Show a secret, this once.

        In the answer itself: a redirect would need a place to keep it meanwhile.
        """
        response = self.page(
            request, SECRET_PAGE, title=_("The webhook's new secret"), original=row, text=secret,
            back=self.page_of(row),
        )  # fmt: skip
        response["Cache-Control"] = "no-store"
        return response
