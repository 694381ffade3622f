"""The two admin sites, and the base of every admin page: verbs decide, not Django's permissions."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite


class HospitalSite(UnfoldAdminSite):
    """The admin of one hospital, at its own host."""

    settings_name = "UNFOLD"
    index_title = _("Today")


class PlatformSite(UnfoldAdminSite):
    """The admin of the platform, on the public host."""

    settings_name = "UNFOLD_PLATFORM"
    index_title = _("Platform")


# Both go by the name "admin": each host has just one of them, and unfold's templates reverse that name.
hospital_site = HospitalSite(name="admin")
platform_site = PlatformSite(name="admin")


class _ByVerbs:
    """Which verb each kind of access needs; None refuses it to everybody."""

    view_verb: ClassVar[str | None] = None
    add_verb: ClassVar[str | None] = None
    change_verb: ClassVar[str | None] = None
    delete_verb: ClassVar[str | None] = None

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return _may(request, self.view_verb) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return _may(request, self.add_verb)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return _may(request, self.change_verb)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return _may(request, self.delete_verb)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class GrantedAdmin(_ByVerbs, ModelAdmin):
    """A page of the admin whose access is decided by verbs."""

    list_filter_submit = True
    list_per_page = 50
    # Counting all rows of a filtered list would read the whole table.
    show_full_result_count = False


class GrantedInline(_ByVerbs, TabularInline):
    """Rows edited within another page, decided by verbs too."""

    extra = 0

    def has_view_or_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_view_permission(request, obj)


def _may(request: HttpRequest, verb: str | None) -> bool:
    user = request.user
    return verb is not None and user.is_authenticated and user.is_staff and user.can(verb)
