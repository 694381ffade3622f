"""Lists of tools: ``{"results": […], "count": …, "next_cursor": …}``, a page at a time."""

from functools import cache
from typing import Any

from rest_framework import serializers

from bookings.serializers.fields import WireInteger, WireText
from core.cursors import decode_cursor, encode_cursor
from core.pages import LARGEST, Page, Place


class PageParameters(serializers.Serializer):
    """Which page, and how long."""

    cursor = WireText(required=False, max_length=200, help_text="`next_cursor` of the page before.")
    limit = WireInteger(
        required=False, min_value=1, max_value=LARGEST, default=20, help_text="How many on a page, at most."
    )

    def page(self) -> dict[str, Any]:
        """`after` and `limit`, as queries that give pages take them. Raises `InvalidInput`."""
        after: Place | None = decode_cursor(self.validated_data.get("cursor") or "")
        return {"after": after, "limit": self.validated_data["limit"]}


@cache
def page_serializer(item: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The serializer of a `Page` of such items."""

    def represent(self: Any, page: Page[Any]) -> dict[str, Any]:
        one = item(context=self.context)
        return {
            "results": [one.to_representation(row) for row in page.rows],
            "count": page.count,
            "next_cursor": encode_cursor(page.next_after),
        }

    fields = {
        "results": item(many=True),
        "count": serializers.IntegerField(help_text="How many match in all."),
        "next_cursor": serializers.CharField(
            allow_null=True, help_text="Send as `cursor` for the next page; null at the end."
        ),
        "to_representation": represent,
        "__doc__": "Some of those that match.",
    }
    return type(f"{item.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields)
