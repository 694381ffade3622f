"""The arguments of a call: JSON, a form, a form with files, or a query.

core.telegram.org/bots/api#making-requests.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from telegram_integration.sandbox.errors import Refused, bad_request

LARGEST_FILE = 50 * 1024 * 1024
_ABSENT = object()


@dataclass
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    media_type: str


@dataclass
class Arguments:
    """What a call was given. What is there but of the wrong type is refused (`Refused`)."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return name in self.values

    def text(self, name: str) -> str:
        """A text; "" without one."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise bad_request(f'field "{name}" must be of type String')
        try:
            value.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return value

    def integer(self, name: str, *, otherwise: int = 0) -> int:
        """A whole number, as JSON or in digits."""
        value = self.values.get(name, otherwise)
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise bad_request(f'field "{name}" must be of type Number')
        return value

    def boolean(self, name: str) -> bool:
        """Yes or no, as JSON or in words."""
        value = self.values.get(name, False)
        if isinstance(value, str) and value.lower() in {"true", "false", "1", "0", "yes", "no", ""}:
            return value.lower() in {"true", "1", "yes"}
        if not isinstance(value, bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
        return value

    def structure(self, name: str) -> Any:
        """An object or a list, as JSON or as a text of JSON; None if it was not given, or is null."""
        value = self.values.get(name, _ABSENT)
        if value is _ABSENT:
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def object(self, name: str) -> dict[str, Any] | None:
        """An object; None if it was not given."""
        value = self.structure(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f'field "{name}" must be of type Object')
        return value

    def words(self, name: str) -> list[str] | None:
        """A list of texts; None if it was not given."""
        value = self.structure(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise bad_request(f'field "{name}" must be an Array of String')
        return value


async def read(request: Request) -> Arguments:
    """The arguments of a request. Raises `Refused`."""
    arguments = Arguments(dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST":
        return arguments
    if kind == "multipart/form-data":
        await _read_parts(request, arguments)
    elif kind == "application/x-www-form-urlencoded":
        arguments.values |= parse_qsl((await request.body()).decode(), keep_blank_values=True)
    elif kind == "application/json":
        arguments.values |= _json_object(await request.body())
    elif await request.body():
        raise Refused(400, "Bad Request: unsupported Content-Type")
    return arguments


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object")
    return value


async def _read_parts(request: Request, arguments: Arguments) -> None:
    if int(request.headers.get("content-length", 0)) > LARGEST_FILE:
        raise Refused(413, "Request Entity Too Large")
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                media_type = value.content_type or "application/octet-stream"
                arguments.files[name] = Upload(value.filename or "file", await value.read(), media_type)
            else:
                arguments.values[name] = value
