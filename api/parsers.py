"""JSON bodies, read strictly: what two programs could read differently is refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import JSONParser

from core.strict_json import GivenTwice, NotJson, read_json


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
            return read_json(stream.read())
        except NotJson as error:
            raise ParseError from error
        except GivenTwice as error:
            raise ValidationError({error.field: [_("This field is given twice.")]}) from error
