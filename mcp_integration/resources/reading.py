"""Listing and reading resources, whatever their scheme; in the active language."""

from credentials.callers import Credential
from mcp_integration.resources import gathered, schemas
from mcp_integration.resources.errors import ResourceNotFound
from mcp_integration.resources.rows import ListedResource, ListedTemplate

# Longer than any address of ours with its filter.
LONGEST_URI = 4000


def listed(credential: Credential) -> list[ListedResource]:
    """The single resources that a caller may read."""
    return schemas.listed_schemas(credential)


def templates(credential: Credential) -> list[ListedTemplate]:
    """The families of resources that a caller may read."""
    return gathered.listed_templates(credential)


def read(credential: Credential, uri: str) -> tuple[str, str]:
    """MIME type and text of a resource.

    Raises `ResourceNotFound`, and for collections as `mcp_integration.collections.reading.open_reading`.
    """
    if len(uri) <= LONGEST_URI:
        if uri.startswith(gathered.SCHEME):
            return gathered.gathered_at(credential, uri)
        if (text := schemas.schema_at(credential, uri)) is not None:
            return schemas.MIME_TYPE, text
    raise ResourceNotFound
