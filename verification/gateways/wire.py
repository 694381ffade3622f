"""Talking to gateways: one POST over TLS, never redirected, over within 10 seconds; JSON comes back."""

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlencode

import httpcore

from verification.gateways.base import NotSent

# Seconds: to connect, and for the whole exchange, which somebody in a chat waits for.
CONNECT, WHOLE = 3.0, 10.0
# Of an answer we read this much (bytes).
MOST_BYTES = 64 * 1024

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
# What of a gateway's own words goes into a log line: a code such as 60203 or ACCESS_TOKEN_INVALID.
_CODE = re.compile(r"[A-Z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A gateway's answer: the HTTP status, and the JSON object of the body, empty if it was none."""

    status: int
    body: dict[str, Any] = field(repr=False)

    @property
    def is_good(self) -> bool:
        """Whether the status says yes."""
        return 200 <= self.status < 300  # noqa: PLR2004  -- RFC 9110 section 15.3

    def refusal(self, code: object) -> NotSent:
        """This answer as a refusal, with the gateway's code if it looks like one.

        After a status of 5xx the message may be on its way: not every gateway fails before it sends.
        """
        word = str(code) if _CODE.fullmatch(str(code)) else "refused"
        return NotSent(f"{self.status} {word}", may_have_gone=self.status >= 500)  # noqa: PLR2004


def post_form(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    """POST a form. Raises `NotSent`, which a missing answer leaves in doubt."""
    return _post(url, urlencode(fields).encode(), {**headers, "Content-Type": _FORM})


def post_json(url: str, fields: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    """POST JSON. As `post_form`."""
    return _post(url, json.dumps(fields, ensure_ascii=False).encode(), {**headers, "Content-Type": _JSON})


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP's Basic authentication (RFC 7617)."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Without the exceptions' own texts and causes: they may quote what was sent."""
    try:
        return _exchange(url, body, headers)
    except (httpcore.ConnectError, httpcore.ConnectTimeout):
        raise NotSent("no_connection") from None
    except httpcore.TimeoutException:
        raise NotSent("timeout", may_have_gone=True) from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise NotSent("no_answer", may_have_gone=True) from None


def _exchange(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    deadline = time.monotonic() + WHOLE
    told = {**headers, "Accept": _JSON, "Accept-Encoding": "identity", "User-Agent": "NadMor/1.0"}
    patience = {"connect": CONNECT, "read": WHOLE, "write": WHOLE, "pool": CONNECT}
    with (
        httpcore.ConnectionPool(ssl_context=_tls()) as pool,
        pool.stream(
            "POST", url, headers=list(told.items()), content=body, extensions={"timeout": patience}
        ) as response,
    ):
        return Answer(response.status, _read(response, deadline))


def _read(response: httpcore.Response, deadline: float) -> dict[str, Any]:
    read = b""
    for chunk in response.iter_stream():
        read += chunk
        if time.monotonic() > deadline:
            raise httpcore.ReadTimeout
        if len(read) > MOST_BYTES:
            return {}
    try:
        found = json.loads(read)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=1)
def _tls() -> SSLContext:
    return httpcore.default_ssl_context()
