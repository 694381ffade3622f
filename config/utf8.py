"""Requests in UTF-8, whatever their Content-Type says, for both kinds of server."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_header_parameters


class Utf8(HttpRequest):
    """A request in UTF-8.

    Django takes any codec that Python knows, also ones that decode no text, and a Content-Type that it cannot
    read at all stops it before anything of ours could answer.
    """

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        header = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(header)
        except (ValueError, LookupError):
            self.content_type, self.content_params = header.partition(";")[0].strip().lower(), {}
        self.content_params.pop("charset", None)
