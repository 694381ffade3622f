"""JSON bodies, read strictly: what two programs could read differently is refused."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import JSONParser

# Our bodies are flat. The limit keeps a body that nests from exhausting the stack of whoever walks it later.
DEEPEST = 20
_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class LengthRequired(APIException):
    """The body comes in chunks, without a length: Django would read none of it and say nothing."""

    status_code = 411
    default_detail = _("Send the length of the body in a Content-Length header.")


class StrictJSONParser(JSONParser):
    """UTF-8 whatever the header says, each name once, not nested deeply. DRF keeps Django's limit of size."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002  -- DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002  -- DRF's signature
    ) -> Any:
        """The value. Raises `ParseError`, and `ValidationError` for a repeated name."""
        try:
            value = json.loads(
                stream.read().decode("utf-8-sig"),
                parse_constant=_refuse_constant,
                object_pairs_hook=_each_name_once,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if _is_deeper_than(DEEPEST, value):
            raise ParseError
        return value


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Python keeps the last of two equal names, others the first: neither is what was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        field = twice if _FIELD_NAME.fullmatch(twice) else "body"
        raise ValidationError({field: [_("This field is given twice.")]})
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise ParseError  # NaN and Infinity are Python's, not JSON's


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
