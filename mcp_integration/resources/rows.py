"""What can be read besides calling tools: single resources, and families of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedResource:
    """One resource as clients show it."""

    uri: str
    name: str
    title: str
    description: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """A family of resources as clients show it; `uri_template` as in RFC 6570."""

    uri_template: str
    name: str
    title: str
    description: str
    mime_type: str
