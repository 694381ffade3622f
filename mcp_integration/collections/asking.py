"""What is asked of a collection: which page, in which order, narrowed and widened how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.serializers.fields import WireId, WireInteger, WireText
from core.errors import InvalidInput
from core.pages import LARGEST, USUAL
from core.strict_json import GivenTwice, NotJson, read_json
from mcp_integration.collections.row import Collection
from mcp_integration.toolbox.untrusted import without_hidden

# Beyond it, rows are counted one by one to be left out: narrow the filter, or take all as NDJSON.
LAST_ROW = 100_000
MOST_SORTS = 3
_LONGEST_FILTER = 2000


class _ParametersSerializer(serializers.Serializer):
    page = WireInteger(required=False, min_value=1, default=1)
    limit = WireInteger(required=False, min_value=1, max_value=LARGEST, default=USUAL)
    sort = WireText(required=False, allow_blank=True, max_length=200)
    filter = WireText(required=False, allow_blank=True, max_length=_LONGEST_FILTER)
    fields_ = WireText(required=False, allow_blank=True, max_length=1000)
    expand = WireText(required=False, allow_blank=True, max_length=200)
    subdomain = WireText(required=False, max_length=63)
    hospital_id = WireId(required=False)


NAMES = ("page", "limit", "sort", "filter", "fields", "expand", "subdomain", "hospital_id")
ITEM_NAMES = ("fields", "expand", "subdomain", "hospital_id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, checked against the collection. `fields` is empty for all; `filters` is not read yet."""

    page: int
    limit: int
    sort: tuple[str, ...]
    filters: dict[str, Any]
    fields: tuple[str, ...]
    expand: tuple[str, ...]
    place: dict[str, Any]

    @property
    def first(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * self.limit


def params_of(params: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    """Parameters of an address, of which there are these. Raises `InvalidInput`, DRF's `ValidationError`."""
    if unknown := [name for name in params if name not in names]:
        texts = {without_hidden(name)[:40]: _("There is no such parameter.") for name in unknown[:5]}
        raise InvalidInput(**texts)
    asked = _ParametersSerializer(
        data={"fields_" if name == "fields" else name: value for name, value in params.items()}
    )
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return {
        **data,
        "filter": _filters(data.get("filter", "")),
        "fields": _list(data.get("fields_", "")),
        "place": {"subdomain": data.get("subdomain"), "uuid": data.get("hospital_id")},
    }


def wanted_of(collection: Collection, params: Mapping[str, str], *, is_list: bool) -> Wanted:
    """What parameters of an address ask for, of a list or of one item. Raises `InvalidInput`, DRF's too.

    ``sort`` are up to three names with commas, each with a hyphen for the largest first. ``filter`` is a JSON
    object.
    """
    data = params_of(params, NAMES if is_list else ITEM_NAMES)
    wanted = Wanted(
        page=data["page"],
        limit=data["limit"],
        sort=_sort(collection, data.get("sort") or collection.usual_sort),
        filters=data["filter"],
        fields=among(data["fields"], collection.names(is_list=is_list), "fields"),
        expand=among(_list(data.get("expand", "")), tuple(collection.expansions), "expand"),
        place=data["place"],
    )
    if wanted.first + wanted.limit > LAST_ROW:
        raise InvalidInput(page=_("So many rows are not counted: narrow the filter."))
    return wanted


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def among(asked: list[str], there: tuple[str, ...], field: str) -> tuple[str, ...]:
    """The names that are asked for, each once. Raises `InvalidInput` for one that there is not."""
    if set(asked) - set(there):
        raise InvalidInput(**{field: _("There is no such field here.")})
    return tuple(dict.fromkeys(asked))


def _sort(collection: Collection, text: str) -> tuple[str, ...]:
    asked = _list(text)
    names = [name.removeprefix("-") for name in asked]
    if set(names) - set(collection.sorts) or not 1 <= len(names) <= MOST_SORTS:
        raise InvalidInput(sort=_("It cannot be sorted by this."))
    found = [
        ("-" if name.startswith("-") else "") + collection.sorts[name.removeprefix("-")] for name in asked
    ]
    # The id parts those that are equal, so that no row is on two pages.
    return (*found, collection.key)


def _filters(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = read_json(text)
    except GivenTwice as error:
        raise InvalidInput(filter=_("This field is given twice.")) from error
    except NotJson as error:
        raise InvalidInput(filter=_("Send a JSON object.")) from error
    if not isinstance(value, dict):
        raise InvalidInput(filter=_("Send a JSON object."))
    return value
