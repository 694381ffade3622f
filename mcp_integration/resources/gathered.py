"""``nadmor://…``: the collections and their items, as the caller may see them."""

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from credentials.callers import Credential
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import read_collection, read_item
from mcp_integration.resources.errors import ResourceNotFound
from mcp_integration.resources.rows import ListedTemplate

SCHEME = "nadmor://"
PAGE_OF = SCHEME + "{collection}{?page,limit,sort,filter}"
ITEM_OF = SCHEME + "{collection}/{id}"
JSON, LINES = "application/json", "application/x-ndjson"
# From so many rows on a page is written a row a line, so that a reader can take it piece by piece.
MANY = 25


def listed_templates(credential: Credential) -> list[ListedTemplate]:
    """The two families, for those who may read any collection."""
    names = ", ".join(readable(credential))
    if not names:
        return []
    about: Any = _("Collections: %(names)s.")
    pages: Any = _("A page of a collection, as JSON; %(many)d rows and more as NDJSON.")
    return [
        ListedTemplate(
            PAGE_OF, "collection", str(_("A collection")),
            f"{pages % {'many': MANY}} {about % {'names': names}}", JSON,
        ),
        ListedTemplate(
            ITEM_OF, "item", str(_("One item of a collection")), str(about % {"names": names}), JSON
        ),
    ]  # fmt: skip


def readable(credential: Credential) -> list[str]:
    """The names of the collections that a caller may read."""
    return [name for name, row in COLLECTIONS.items() if row.may_be_read_by(credential.actor)]


def gathered_at(credential: Credential, uri: str) -> tuple[str, str]:
    """MIME type and text of a page or an item. Counts against the caller's allowance.

    Raises `ResourceNotFound`, and as `read_collection` and `read_item`.
    """
    name, key, parameters = _parts(uri)
    if key is not None:
        return JSON, _json(read_item(credential, name, key, parameters, language=get_language()))
    page = read_collection(credential, name, parameters, language=get_language())
    rows = page["results"]
    if len(rows) < MANY:
        return JSON, _json(page)
    # First how many there are and where it goes on, then the rows.
    head = {key: value for key, value in page.items() if key != "results"}
    return LINES, "".join(f"{_json(line)}\n" for line in (head, *rows))


def _parts(uri: str) -> tuple[str, str | None, dict[str, str]]:
    """Collection, key and parameters. Raises `ResourceNotFound`, `InvalidInput`."""
    try:
        parts = urlsplit(uri)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise ResourceNotFound from error
    if len(dict(pairs)) < len(pairs):
        raise InvalidInput(uri=_("A parameter is given twice."))
    # A segment that is encoded once is decoded once; what a slash hides behind leads nowhere.
    key = unquote(parts.path.removeprefix("/"))
    if parts.fragment or "/" in key or not parts.netloc.replace("_", "").isalpha():
        raise ResourceNotFound
    return parts.netloc, key or None, dict(pairs)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
