"""Signing in for programs: a pair of tokens, its renewal, its end.

A refresh token is good for one use. One UPDATE decides who used it, so that of any number of requests with
the same token one gets a new pair. A used token that comes again later was copied: its whole sign-in ends,
the newest tokens included (RFC 9700 section 4.14.2). Not within `GRACE` though, as long as its successor is
unused: a second click, or a request that two threads sent, is refused and costs nobody their sign-in.
"""

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.access import Claims, WrongToken, make_access_token
from accounts.models import Ending, RefreshToken, SignIn, User
from core import clock
from core.errors import DomainError, Kind
from tenants.context import current_hospital, in_public_schema
from tenants.models import Hospital

logger = logging.getLogger(__name__)

# How long a refresh token waits for its use, and how long the password is not asked for again.
REFRESH_LIFE, SIGN_IN_LIFE = timedelta(days=7), timedelta(days=30)
# How soon after its use a refresh token may come again without being taken for a stolen one.
GRACE = timedelta(seconds=10)

PREFIX, PLATFORM = "nadmor_refresh", "platform"
_FORM = re.compile(rf"{PREFIX}_({PLATFORM}|[0-9a-f]{{32}})_[0-9A-Za-z_-]{{43}}")

_USE = """
UPDATE accounts_refreshtoken AS token SET used_at = statement_timestamp()
FROM accounts_signin AS sign_in JOIN accounts_user AS person ON person.id = sign_in.user_id
WHERE token.token_hash = %s AND token.used_at IS NULL AND token.expires_at > statement_timestamp()
  AND sign_in.id = token.sign_in_id AND sign_in.ended_at IS NULL
  AND sign_in.expires_at > statement_timestamp() AND person.is_active
RETURNING token.sign_in_id
"""
_END_IF_REUSED = """
UPDATE accounts_signin AS sign_in SET ended_at = statement_timestamp(), ending = %s
FROM accounts_refreshtoken AS token
WHERE token.token_hash = %s AND sign_in.id = token.sign_in_id AND sign_in.ended_at IS NULL
  AND (token.used_at <= statement_timestamp() - %s OR token.used_at IS NOT NULL AND EXISTS (
    SELECT FROM accounts_refreshtoken AS later
    WHERE later.sign_in_id = token.sign_in_id AND later.id > token.id AND later.used_at IS NOT NULL))
RETURNING sign_in.id
"""


class WrongRefreshToken(DomainError):
    """The refresh token is mistyped, unknown or expired, or its sign-in has ended: not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_refresh_token"
    text = _("This refresh token is not valid. Please sign in again.")


class RefreshTokenUsed(DomainError):
    """The refresh token was used before: whoever used it first has the new pair."""

    kind = Kind.BAD_CREDENTIALS
    reason = "refresh_token_used"
    text = _("This refresh token was used before. Please sign in again.")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens at the only moment when both are known; they last so many seconds from now."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


def open_sign_in(user: User) -> Pair:
    """The first pair of a new sign-in, in the schema that this thread is in."""
    with transaction.atomic():
        sign_in = SignIn.objects.create(user=user, expires_at=clock.now() + SIGN_IN_LIFE)
        return _issue(sign_in, user)


def renew(text: str) -> Pair:
    """A new pair for an unused refresh token of the hospital that this thread is in.

    Raises `RefreshTokenUsed` (the sign-in has ended then, unless the use was a moment ago) and
    `WrongRefreshToken`.
    """
    with transaction.atomic():
        if (used := _returned(_USE, _hash(text))) is not None:
            sign_in = SignIn.objects.select_related("user").get(pk=used)
            return _issue(sign_in, sign_in.user)
    if (ended := _returned(_END_IF_REUSED, Ending.REUSE, _hash(text), GRACE)) is not None:
        logger.warning("a used refresh token came again: sign-in %s has ended", ended)
    if RefreshToken.objects.filter(token_hash=_hash(text)).exclude(used_at=None).exists():
        raise RefreshTokenUsed
    raise WrongRefreshToken


def close_sign_in(text: str) -> None:
    """End the sign-in of a refresh token, used or not. What is no token of ours ends nothing."""
    SignIn.objects.filter(tokens__token_hash=_hash(text), ended_at=None).update(
        ended_at=Now(), ending=Ending.LOGOUT
    )


def is_known(text: str) -> bool:
    """Whether a refresh token was given out here and could still be used."""
    return RefreshToken.objects.filter(
        token_hash=_hash(text), used_at=None, expires_at__gt=Now(), sign_in__ended_at=None
    ).exists()


def user_of(claims: Claims) -> User:
    """The user whom an access token names, as they are now, out of the schema that this thread is in.

    Raises `WrongToken` if they were switched off or their sign-in has ended. One statement.
    """
    user = User.objects.filter(
        pk=claims.user_id,
        is_active=True,
        sign_ins__pk=claims.sign_in_id,
        sign_ins__ended_at=None,
        sign_ins__expires_at__gt=Now(),
    ).first()
    if user is None:
        raise WrongToken
    return user


def place_of(text: str) -> UUID | None:
    """The UUID of the hospital that a refresh token names, None for the platform; it proves nothing yet.

    Raises `WrongRefreshToken` for what has not the form of one.
    """
    if (form := _FORM.fullmatch(text)) is None:
        raise WrongRefreshToken
    return None if form[1] == PLATFORM else UUID(form[1])


def forget_dead_tokens(*, limit: int = 2000) -> int:
    """Remove refresh tokens and sign-ins of this schema that can open nothing any more; say how many rows.

    At most `limit` of each, and the tokens of those sign-ins. A used token is kept until it would have run
    out: until then its coming again ends the sign-in.
    """
    old = RefreshToken.objects.filter(expires_at__lte=Now()).values("pk")[:limit]
    tokens, _by_model = RefreshToken.objects.filter(pk__in=old).delete()
    dead = Q(expires_at__lte=Now()) | Q(ended_at__isnull=False) | Q(tokens=None)
    ended = SignIn.objects.filter(dead).values("pk")[:limit]
    sign_ins, _by_model = SignIn.objects.filter(pk__in=ended).delete()
    return tokens + sign_ins


def _issue(sign_in: SignIn, user: User) -> Pair:
    hospital = None if in_public_schema() else current_hospital()
    life = min(REFRESH_LIFE, sign_in.expires_at - clock.now())
    text = _fresh_text(hospital)
    RefreshToken.objects.create(sign_in=sign_in, token_hash=_hash(text), expires_at=clock.now() + life)
    return Pair(
        access_token=make_access_token(user, hospital, sign_in.pk),
        refresh_token=text,
        expires_in=settings.JWT_EXPIRY,
        refresh_expires_in=int(life.total_seconds()),
    )


def _fresh_text(hospital: Hospital | None) -> str:
    # 256 random bits, so that one SHA-256 is enough to store it.
    return f"{PREFIX}_{hospital.uuid.hex if hospital else PLATFORM}_{secrets.token_urlsafe(32)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _returned(sql: str, *params: Any) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None
