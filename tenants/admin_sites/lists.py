"""Lists of the admin: what is the same in every row is worked out once for all of them."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar

from django.contrib.admin import ShowFacets, helpers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from unfold.admin import ModelAdmin, checkbox
from unfold.decorators import display
from unfold.templatetags import unfold_list

# What stands for a row's id in the box that is drawn once; no id looks like it.
_ID = "nm-id-of-the-row"
_heads_of: Callable[[ChangeList], Iterable[dict[str, Any]]] = unfold_list.result_headers


def _heads_once(changes: ChangeList) -> list[dict[str, Any]]:
    known: dict[str, list[dict[str, Any]]] = changes.__dict__
    if "heads" not in known:
        known["heads"] = list(_heads_of(changes))
    return known["heads"]


# Unfold 0.91 works out the head of the whole list again for each row: a third of the time of a long list.
unfold_list.result_headers = _heads_once


@cache
def _box(_language: str | None) -> tuple[str, str]:
    """What stands before and after the id in a row's box, which is named in the language at hand."""
    before, after = checkbox.render(helpers.ACTION_CHECKBOX_NAME, _ID).split(_ID)
    return before, after


class Changes(ChangeList):
    """The rows of a list; their addresses differ in the id alone, and are made once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Unfold adds to each row's address which rows were shown, and looks the address up to do so.
        self._shown, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: models.Model) -> str:
        """Where a row leads, and the way back to these rows."""
        before, after = self._addresses
        return f"{before}{quote(getattr(result, self.pk_attname))}{after}"

    @cached_property
    def _addresses(self) -> tuple[str, str]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        address = reverse(name, args=(_ID,), current_app=self.model_admin.admin_site.name)
        kept: Any = {"preserved_filters": self._shown, "opts": self.opts}
        before, after = add_preserved_filters(kept, address).split(_ID)
        return before, after


class QuickList(ModelAdmin):
    """A list of fifty rows a page that counts and draws no more than it shows."""

    list_filter_submit = True
    list_per_page = 50
    list_disable_select_all = True
    # Counting all rows of a filtered list would read the whole table.
    show_full_result_count = False
    # So would counting what each filter would find.
    show_facets: ClassVar[ShowFacets] = ShowFacets.NEVER
    # Unfold's template asks for it in each row; what is not there costs a template a search.
    list_sections: ClassVar[tuple[Any, ...]] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002  -- Django's signature
        """The list's rows."""
        return Changes

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj: models.Model) -> SafeString:
        """The box that chooses a row."""
        before, after = _box(get_language())
        return mark_safe(f"{before}{conditional_escape(obj.pk)}{after}")  # noqa: S308  -- the id is escaped
