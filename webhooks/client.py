"""Sending one webhook: one POST over a connection of its own, never further than the answer's first bytes."""

import re
import ssl
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpcore
from django.conf import settings

from core import clock
from webhooks.guard import RefusedUrl, Target, read_url
from webhooks.network import CheckedNetwork, Deadline, Fault

# Of an answer, its headers included, we read this much (bytes); what is kept of its body for people to see.
MOST_BYTES = 64 * 1024
EXCERPT_BYTES = 512
# A receiver that asks for more rest than this does not know what it asks.
LONGEST_REST = timedelta(days=7)
USER_AGENT = "NadMor/1.0"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one attempt.

    `status` is the HTTP status, None if none came; `error` is empty, or a word for why no answer counts:
    ``refused_url``, ``refused_address``, ``name_not_resolved``, ``connection_failed``, ``tls``, ``timeout``,
    ``bad_response`` without a status, ``redirect`` with one that is never followed. `seconds` is how long
    it took; `retry_after` what the receiver asked for; `excerpt` the beginning of the answer's body.
    """

    status: int | None
    error: str
    seconds: float
    retry_after: timedelta | None = None
    excerpt: str = ""


def post(url: str, *, headers: Mapping[str, str], body: bytes, seconds: float | None = None) -> Reply:
    """Post JSON to a URL within `seconds` (``WEBHOOK_SECONDS`` unless told otherwise); raises nothing.

    A status that came is what counts: what follows it is read for people alone, so that a body that is too
    long, breaks off or never ends takes nothing away from a 200.
    """
    began = time.monotonic()
    deadline = Deadline(settings.WEBHOOK_SECONDS if seconds is None else seconds)
    try:
        status, retry_after, excerpt = _exchange(read_url(url), dict(headers), body, deadline)
    except RefusedUrl:
        return Reply(None, "refused_url", time.monotonic() - began)
    except Fault as fault:
        return Reply(None, fault.name, time.monotonic() - began)
    except (httpcore.ProtocolError, httpcore.NetworkError):
        return Reply(None, "bad_response", time.monotonic() - began)
    error = "redirect" if 300 <= status < 400 else ""  # noqa: PLR2004  -- RFC 9110 section 15.4
    return Reply(status, error, time.monotonic() - began, retry_after, excerpt)


def _exchange(
    target: Target, headers: dict[str, str], body: bytes, deadline: Deadline
) -> tuple[int, timedelta | None, str]:
    connection = httpcore.HTTPConnection(
        origin=httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port),
        ssl_context=_tls() if target.scheme == "https" else None,
        network_backend=CheckedNetwork(target, deadline, most_bytes=MOST_BYTES),
    )
    try:
        response = connection.handle_request(_request(target, headers, body))
        answered = {name.lower(): value for name, value in response.headers}
        return response.status, _rest(answered.get(b"retry-after", b"")), _excerpt(response)
    finally:
        connection.close()


def _request(target: Target, headers: dict[str, str], body: bytes) -> httpcore.Request:
    told = {
        "Host": target.authority,
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        # What is not compressed cannot unfold into more than we read.
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    return httpcore.Request("POST", url, headers=list(told.items()), content=body)


def _excerpt(response: httpcore.Response) -> str:
    """The beginning of the body. All of it is read, up to the limit: the receiver can finish its answer."""
    begun = b""
    try:
        for chunk in response.iter_stream():
            begun = (begun + chunk)[:EXCERPT_BYTES]
    except (Fault, httpcore.ProtocolError, httpcore.NetworkError):
        pass
    # A database takes no NUL; what turns the direction of a line would show people something else.
    text = begun.decode(errors="replace")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C")


def _rest(header: bytes) -> timedelta | None:
    """What ``Retry-After`` asks for (RFC 9110 section 10.2.3: seconds or a date); None if it says nothing."""
    text = header.decode("latin-1").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_REST)
    try:
        moment = parsedate_to_datetime(text)
        pause = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock.now()
    except (ValueError, OverflowError):
        return None
    return min(pause, LONGEST_REST) if pause > timedelta() else None


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Certificates verified against httpcore's and the system's authorities (``SSL_CERT_FILE`` adds one)."""
    return httpcore.default_ssl_context()
