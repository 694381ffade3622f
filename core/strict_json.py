"""JSON read strictly: what two programs could read differently is refused."""

import json
import re
from typing import Any, NoReturn

# Our bodies are flat. The limit keeps a body that nests from exhausting the stack of whoever walks it later.
DEEPEST = 20
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class NotJson(ValueError):
    """It is no JSON (RFC 8259) in UTF-8, or nests more deeply than `DEEPEST`."""


class GivenTwice(Exception):
    """An object has a name twice; `field` is that name, or ``body`` for one that is no field's."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_json(raw: bytes | str) -> Any:
    """The value of a text in UTF-8, a byte order mark allowed. Raises `NotJson`, `GivenTwice`."""
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_each_name_once)
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if _is_deeper_than(DEEPEST, value):
        raise NotJson
    return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Python keeps the last of two equal names, others the first: neither is what was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise GivenTwice(twice if _FIELD_NAME.fullmatch(twice) else "body")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise NotJson  # NaN and Infinity are Python's, not JSON's


def _is_deeper_than(limit: int, value: Any) -> bool:
    level = [value]
    for _depth in range(limit):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
