"""Signing by the Standard Webhooks convention (standard-webhooks/standard-webhooks, spec v1.0.0)."""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
# The convention asks for 24 to 64 bytes.
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh random secret: ``whsec_`` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode()


def sign(secrets: Sequence[str], *, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one attempt, with a signature by each secret that is valid at this time.

    `message_id` stays the same over all attempts, without a dot in it; `sent_at` (aware) is of this attempt.
    """
    timestamp = str(int(sent_at.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
