"""Reading collections, as the tests do."""

from typing import Any

import pytest

from credentials.callers import Credential
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import read_collection

every_collection = pytest.mark.parametrize("name", COLLECTIONS)


def read(credential: Credential, name: str, **params: Any) -> dict[str, Any]:
    """A page in English."""
    texts = {key: str(value) for key, value in params.items()}
    return read_collection(credential, name, texts, language="en")


def ids(page: dict[str, Any]) -> list[str]:
    """The ids of a page's items, in their order."""
    return [row["id"] for row in page["results"]]
