"""Collection: one row. What is in it, who may read it, and by what it is sorted, narrowed and widened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from rest_framework.serializers import Serializer

from core.actor import Actor
from core.errors import NotFound
from mcp_integration.collections.filters import Filter
from mcp_integration.toolbox.tool import Place
from mcp_integration.toolbox.untrusted import marked, wire_name

# Values for rows, in their order: what stands under the expansion's name. Bounded in statements, not by row.
Expand = Callable[[Actor, Sequence[Any]], list[Any]]
# Something done with rows before they are handed out, in the transaction that reads them.
Look = Callable[[Actor, Sequence[Any]], None]


def _unseen(actor: Actor, rows: Sequence[Any]) -> None:
    """Most reads leave no entry of their own."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Rows of one kind, as far as an actor may see them.

    `rows` is a query of the domain: what it does not give is not found. `sorts` and `filters` map names on
    the wire to the query's. `item` represents one row, `brief` a row of a list where that says less. `seen`
    and `seen_in_list` are told of rows that are handed out. Whoever holds a verb of `needs` may ask.
    """

    name: str
    title: str
    about: str
    needs: tuple[str, ...]
    rows: Callable[[Actor], QuerySet[Any]]
    item: type[Serializer]
    brief: type[Serializer] | None = None
    sorts: Mapping[str, str]
    usual_sort: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    expansions: Mapping[str, Expand] = field(default_factory=dict)
    place: Place = Place.HOSPITAL
    key: str = "pk"
    not_found: type[NotFound] = NotFound
    seen: Look = _unseen
    seen_in_list: Look = _unseen

    def may_be_read_by(self, actor: Actor) -> bool:
        """Whether an actor may ask; what they get the query decides."""
        return any(actor.can(verb) for verb in self.needs)

    def shown(self, *, is_list: bool) -> type[Serializer]:
        """The serializer of a row in a list, or of one that is asked for by its id."""
        return self.brief if is_list and self.brief is not None else self.item

    def names(self, *, is_list: bool) -> tuple[str, ...]:
        """The fields on the wire, without those that are expanded."""
        fields = self.shown(is_list=is_list)().fields
        return tuple(wire_name(name, one) for name, one in fields.items())


def represented(item: type[Serializer], rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows as JSON has them, text from outside marked."""
    serializer = item()
    return [marked(item, serializer.to_representation(row)) for row in rows]


def related(attribute: str, rows: Callable[[Actor], QuerySet[Any]], item: type[Serializer]) -> Expand:
    """What a row's `attribute` (an id) leads to, as far as the actor may see it; null where they may not."""

    def expand(actor: Actor, found: Sequence[Any]) -> list[Any]:
        keys = [getattr(row, attribute) for row in found]
        there = list(rows(actor).filter(pk__in={key for key in keys if key is not None}))
        known = dict(zip((row.pk for row in there), represented(item, there), strict=True))
        return [known.get(key) for key in keys]

    return expand
