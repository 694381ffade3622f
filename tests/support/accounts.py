"""A new account, and how a refusal of one is read."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import InvalidInput

SECRET = "a-long-secret-2026"
NEW = {
    "email": "Malee@Ploy.example",
    "password": SECRET,
    "first_name": " Malee  Rose ",
    "last_name": "Srisuk",
}


def wrong_fields(verb: Callable[..., Any], *args: Any, **kwargs: Any) -> set[str]:
    """The fields that a verb refuses."""
    with pytest.raises(InvalidInput) as caught:
        verb(*args, **kwargs)
    return set(caught.value.data["fields"])
