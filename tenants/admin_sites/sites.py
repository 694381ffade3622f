"""The two admin sites, and the base of every admin page: verbs decide, not Django's permissions."""

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update
from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.admin import TabularInline
from unfold.sites import UnfoldAdminSite

from core.errors import DomainError
from tenants.admin_sites.dates import (
    TypedDateField,
    TypedDateWidget,
    TypedMomentField,
    TypedMomentWidget,
)
from tenants.admin_sites.forms import ChangedMeanwhile, RefusableForm
from tenants.admin_sites.granting import ByVerbs, granted
from tenants.admin_sites.journal import Journal, Subject, changes_of, rows_of
from tenants.admin_sites.lists import QuickList
from tenants.context import current_hospital, in_public_schema

View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)

# Alpine, which unfold's pages are made with, evaluates what stands in their attributes.
_run_by_alpine = csp_update({"script-src": [UNSAFE_EVAL]})


class _Site(UnfoldAdminSite):
    journal: Journal
    # The log-in page: a view that is told its `site`. Accounts stand above this room and give it.
    sign_in: View
    # In which order the front page shows the rooms.
    rooms: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._page_makers: list[Callable[[_Site], list[URLPattern]]] = []
        # It would run outside of a transaction, where no event can be recorded; nothing here needs it.
        self.disable_action("delete_selected")

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002  -- Django's signature
        """Django's guard around a page, and the clocks of the place around both."""
        return super().admin_view(_run_by_alpine(_on_local_clocks(view)), cacheable)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Unfold's log-in page; what follows on the password is the room of accounts' to say."""
        return self.open_view(self.sign_in)(request, site=self, extra_context=extra_context)

    def open_view(self, view: View) -> View:
        """A page that no guard stands around: of people who have not signed in, or not quite."""
        return _run_by_alpine(never_cache(csrf_protect(view)))  # type: ignore[return-value]

    def add_pages(self, make: Callable[["_Site"], list[URLPattern]]) -> None:
        """Let the site have pages that belong to no model; `make` gives them, names and guards included."""
        self._page_makers.append(make)

    def extra_urls(self) -> list[URLPattern]:
        """Unfold's hook for such pages."""
        return [page for make in self._page_makers for page in make(self)]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page knows. Colours stand in nadmor/admin.css: inline styles are refused by browsers."""
        return {**super().each_context(request), "colors": None}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """What the signed-in user may see, the rooms that are used most first."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        place = {room: number for number, room in enumerate(self.rooms)}
        return sorted(apps, key=lambda app: place.get(app["app_label"], len(place)))


class HospitalSite(_Site):
    """The admin of one hospital, at its own host."""

    settings_name = "UNFOLD"
    index_title = _("Overview")
    rooms = ("bookings", "accounts", "events")


class PlatformSite(_Site):
    """The admin of the platform, on the public host."""

    settings_name = "UNFOLD_PLATFORM"
    index_title = _("Platform")
    rooms = ("tenants", "apikeys", "accounts", "events")

    def has_permission(self, request: HttpRequest) -> bool:
        """Only operators enter: other roles mean nothing outside of a hospital."""
        return super().has_permission(request) and granted(request, "hospitals.read")


def _on_local_clocks(view: View) -> View:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        zone = "UTC" if in_public_schema() else current_hospital().timezone
        with timezone.override(zone):
            response = view(request, *args, **kwargs)
            # A template response is usually rendered after the view, when the clocks would be gone.
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return shown


# Both go by the name "admin": each host has just one of them, and unfold's templates reverse that name.
hospital_site = HospitalSite(name="admin")
platform_site = PlatformSite(name="admin")
SITES = (hospital_site, platform_site)


_TYPED_DATES = {
    models.DateField: {"form_class": TypedDateField, "widget": TypedDateWidget},
    models.DateTimeField: {"form_class": TypedMomentField, "widget": TypedMomentWidget},
}


class GrantedAdmin(ByVerbs, QuickList):
    """A page of the admin: access by verbs, changes in the journal, refusals as errors of the form."""

    form = RefusableForm
    formfield_overrides: ClassVar[dict[Any, Any]] = _TYPED_DATES
    # What a change here is recorded as; empty where the verbs behind the page record it themselves.
    event_type: ClassVar[str] = ""
    # Fields whose old and new values go into the journal; of others it names the field alone.
    told_fields: ClassVar[tuple[str, ...]] = ()

    # What kind of record it is in the journal; the model's name unless said otherwise.
    subject_type: ClassVar[str] = ""

    @property
    def journal_name(self) -> str:
        """What the journal calls the records of this page."""
        return self.subject_type or str(self.opts.model_name)

    def subject_of(self, obj: models.Model) -> Subject:
        """How the journal names one record."""
        return self.journal_name, obj.pk

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's page. Where saving is refused all is rolled back and the form comes again, saying why."""
        page: View = super().changeform_view
        try:
            return page(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refused_save = refusal  # type: ignore[attr-defined]  # read by get_form
        except IntegrityError as error:
            # The constraint's name alone: the message may quote what was typed.
            diagnosis = getattr(error.__cause__, "diag", None)
            logger.warning("saving refused by %s", getattr(diagnosis, "constraint_name", None))
            request.refused_save = ChangedMeanwhile()  # type: ignore[attr-defined]  # read by get_form
        return page(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """The form's fields; dates in the reader's calendar for those who cannot change them."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": [self.as_read.get(name, name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[forms.ModelForm]:
        """Django's form class, with the refusal of the first try, if there was one."""
        form: type[RefusableForm] = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "refused_save", None)
        return form

    def construct_change_message(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        form: forms.ModelForm,
        formsets: Iterable[Any] | None,  # noqa: ARG002  -- inlines tell of themselves in save_formset
        add: bool = False,  # noqa: ARG002, FBT001, FBT002  -- Django's signature
    ) -> dict[str, Any]:
        """What was changed, for the journal."""
        return changes_of(form, self.told_fields)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Note in the journal that a record was added."""
        self.note(request, obj, **message, how="added")

    def log_change(self, request: HttpRequest, obj: models.Model, message: dict[str, Any]) -> None:
        """Note in the journal what was changed, if anything was."""
        if message["fields"]:
            self.note(request, obj, **message, how="changed")

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        """Note in the journal that records are about to go."""
        for obj in queryset:
            self.note(request, obj, how="deleted")

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save the rows of an inline, and note them under the event that the inline names."""
        super().save_formset(request, form, formset, change)
        if rows := rows_of(formset):
            self.note(request, form.instance, event_type=formset.event_type, **rows)

    def note(
        self,
        request: HttpRequest,
        obj: models.Model,
        *,
        event_type: str = "",
        changes: dict[str, list[Any]] | None = None,
        **data: Any,
    ) -> None:
        """Write to the journal, within the transaction of the change."""
        if kind := event_type or self.event_type:
            self.admin_site.journal.write(
                request, kind, self.subject_of(obj), changes=changes or {}, data=data
            )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Everything that the journal holds on one record."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        history = self.admin_site.journal.read(self.subject_of(obj))
        title = capfirst(_("History"))
        return self.page(
            request, "admin/history.html", title=title, original=obj, history=history, **extra_context or {}
        )

    def page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        """A page of our own, in the site's frame."""
        request.current_app = self.admin_site.name
        frame = {"opts": self.opts, "inline_admin_formsets": [], "media": self.media}
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), **frame, **context}
        )


class GrantedInline(ByVerbs, TabularInline):
    """Rows edited within another page, decided by verbs too."""

    extra = 0
    formfield_overrides: ClassVar[dict[Any, Any]] = _TYPED_DATES
    event_type: ClassVar[str] = ""

    def has_view_or_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Whether the rows are shown at all."""
        return self.has_view_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        """Django's formset class, which knows the event that its changes are recorded as."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.event_type = self.event_type
        return formset
