"""Access tokens: JSON Web Tokens that live for minutes and say who signed in, where.

HS256 with a key of its own (RFC 7519; RFC 8725 on what to insist on): no other algorithm is accepted,
whatever a token says of itself. A token opens nothing alone: `accounts.tokens.user_of` asks the database.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.errors import DomainError, Kind
from tenants.models import Hospital

ALGORITHM = "HS256"
AUDIENCE = "nadmor"
# Clocks of two machines may differ by as much (seconds).
LEEWAY = 30
# Ours have about 500 characters; what is longer is not even decoded.
LONGEST = 2048
_REQUIRED = ["iss", "aud", "iat", "exp", "jti", "sid", "user_id", "email", "role"]


class WrongToken(DomainError):
    """The access token is mistyped, forged or expired, or its sign-in has ended: not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_token"
    text = _("This access token is not valid. Refresh it, or sign in again.")


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: whose it is, of which hospital (None: of the platform), by which sign-in."""

    user_id: UUID
    hospital_id: UUID | None
    sign_in_id: UUID


def make_access_token(user: User, hospital: Hospital | None, sign_in_id: UUID) -> str:
    """A fresh access token; good for `settings.JWT_EXPIRY` seconds."""
    now = clock.now()
    claims = {
        "iss": settings.BASE_DOMAIN,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + timedelta(seconds=settings.JWT_EXPIRY),
        "jti": str(uuid.uuid4()),
        "sid": str(sign_in_id),
        "user_id": str(user.pk),
        "email": user.email,
        "role": user.role,
        "hospital_id": str(hospital.uuid) if hospital else None,
    }
    return jwt.encode(claims, settings.JWT_SECRET, algorithm=ALGORITHM)


def read_access_token(text: str) -> Claims:
    """What a token of ours says. Raises `WrongToken` for any other, and for one that ran out."""
    if len(text) > LONGEST:
        raise WrongToken
    try:
        return _claims(
            jwt.decode(
                text,
                settings.JWT_SECRET,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=settings.BASE_DOMAIN,
                leeway=LEEWAY,
                options={"require": _REQUIRED, "strict_aud": True},
            )
        )
    except (jwt.PyJWTError, ValueError, LookupError, RecursionError) as error:
        raise WrongToken from error


def _claims(said: dict[str, Any]) -> Claims:
    """Raises `KeyError`, `ValueError` for what we would not have written."""
    place = said["hospital_id"]
    return Claims(
        user_id=UUID(str(said["user_id"])),
        hospital_id=None if place is None else UUID(str(place)),
        sign_in_id=UUID(str(said["sid"])),
    )
