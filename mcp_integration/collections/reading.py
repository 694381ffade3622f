"""Reading a collection as a caller: a page, one item, or many by batches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.utils.encoders import JSONEncoder

from apikeys.limits import Allowance, spend
from core.errors import DomainError, InvalidInput, Kind, NotFound
from credentials.callers import Credential, within
from mcp_integration.collections.asking import Wanted, wanted_of
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.filters import condition_of
from mcp_integration.collections.row import Collection, represented
from mcp_integration.toolbox.tool import Place
from tenants.models import Hospital

POLICY = "reading"


class CollectionNotFound(NotFound):
    """No collection goes by that name."""

    reason = "collection_not_found"
    text = _("There is no collection of this name.")


class CollectionNotAllowed(DomainError):
    """The key or the role may not read this collection."""

    kind = Kind.NOT_ALLOWED
    reason = "collection_not_allowed"
    text = _("This API key, or your role, may not read this.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A caller before a collection: they may ask, and it is known for which hospital."""

    credential: Credential
    collection: Collection
    wanted: Wanted
    hospital: Hospital | None
    language: str
    allowance: Allowance | None

    def page(self) -> dict[str, Any]:
        """``{"results", "count", "page", "limit", "next", "previous"}``, the last two pages' numbers."""
        with self._inside():
            found = self._found()
            count = found.order_by().count()
            first, wanted = self.wanted.first, self.wanted
            results = self._handed_out(list(found[first : first + wanted.limit]))
        return {
            "results": results,
            "count": count,
            "page": wanted.page,
            "limit": wanted.limit,
            "next": wanted.page + 1 if first + wanted.limit < count else None,
            "previous": wanted.page - 1 if wanted.page > 1 else None,
        }

    def item(self, key: str) -> dict[str, Any]:
        """One item, whole. Raises the collection's `NotFound`."""
        collection = self.collection
        with self._inside():
            row = collection.rows(self.credential.actor).filter(**{collection.key: _uuid(key)}).first()
            if row is None:
                raise collection.not_found
            return self._handed_out([row], is_list=False)[0]

    def keys(self, most: int) -> tuple[list[Any], int]:
        """The keys of what is asked for, in order, so many at most and of all pages; how many there are."""
        with self._inside():
            keys = list(self._found().values_list(self.collection.key, flat=True)[: most + 1])
            count = len(keys) if len(keys) <= most else self._found().order_by().count()
            return keys[:most], count

    def batch(self, keys: Sequence[Any]) -> list[dict[str, Any]]:
        """The items of those keys, in that order; what is gone since is left out."""
        name = self.collection.key
        with self._inside():
            rows = self.collection.rows(self.credential.actor).filter(**{f"{name}__in": keys})
            there = {getattr(row, name): row for row in rows}
            return self._handed_out([there[key] for key in keys if key in there])

    def _found(self) -> QuerySet[Any]:
        collection = self.collection
        condition = condition_of(collection.filters, self.wanted.filters)
        return collection.rows(self.credential.actor).filter(condition).order_by(*self.wanted.sort)

    def _handed_out(self, rows: Sequence[Any], *, is_list: bool = True) -> list[dict[str, Any]]:
        """Rows as they leave: noted as seen, with the fields that were asked for, and what is expanded."""
        collection, actor, wanted = self.collection, self.credential.actor, self.wanted
        (collection.seen_in_list if is_list else collection.seen)(actor, rows)
        items = represented(collection.shown(is_list=is_list), rows)
        if wanted.fields:
            items = [{name: item[name] for name in wanted.fields if name in item} for item in items]
        for name in wanted.expand:
            for item, value in zip(items, collection.expansions[name](actor, rows), strict=True):
                item[name] = value
        return [as_plain(item) for item in items]

    @contextmanager
    def _inside(self) -> Iterator[None]:
        with within(self.hospital), translation.override(self.language), transaction.atomic():
            yield


def open_reading(
    credential: Credential,
    name: str,
    params: Mapping[str, str],
    *,
    is_list: bool = True,
    language: str | None = None,
) -> Reading:
    """A reading of a collection, or of one item of it, by a caller who may. Counts against their allowance.

    Raises `TooManyRequests`, `CollectionNotFound`, `CollectionNotAllowed`, `InvalidInput`, DRF's
    `ValidationError`, `HospitalNotFound`, `HospitalInactive`.
    """
    allowance = spend(POLICY, credential.spender)
    collection = COLLECTIONS.get(name)
    if collection is None:
        raise CollectionNotFound
    if not collection.may_be_read_by(credential.actor):
        raise CollectionNotAllowed
    wanted = wanted_of(collection, params, is_list=is_list)
    hospital = credential.hospital_named(**wanted.place)
    if hospital is None and collection.place is Place.HOSPITAL:
        raise InvalidInput(hospital_id=_("Say which hospital: these credentials belong to none."))
    spoken = language or (hospital.language if hospital else "en")
    return Reading(credential, collection, wanted, hospital, spoken, allowance)


def read_collection(
    credential: Credential, name: str, params: Mapping[str, str], *, language: str | None = None
) -> dict[str, Any]:
    """A page of a collection (see `Reading.page`); `params` as in an address. Raises as `open_reading`."""
    return open_reading(credential, name, params, language=language).page()


def read_item(
    credential: Credential,
    name: str,
    key: str,
    params: Mapping[str, str] | None = None,
    *,
    language: str | None = None,
) -> dict[str, Any]:
    """One item of a collection. Raises as `open_reading`, and the collection's `NotFound`."""
    return open_reading(credential, name, params or {}, is_list=False, language=language).item(key)


def as_plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as JSON has it."""
    plain: dict[str, Any] = json.loads(json.dumps(item, cls=JSONEncoder))
    return plain


def _uuid(text: str) -> UUID:
    """Raises `NotFound` for what is no id at all: there is nothing by it."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
