"""The rows of codes on their way: reserved, sent or failed, tried, used."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core import clock
from verification import limits
from verification.errors import CodeExpired, TooManyTries
from verification.limits import Asker
from verification.models import LONGEST_REFERENCE, MOST_TRIES, VALID_FOR, PhoneChallenge
from verification.pepper import code_keys, phone_keys

# A try is counted before anything is compared: of guesses that arrive at once, each waits for the row and
# finds the count of those before it. For good, whatever becomes of the rest of the request.
_TRY = """
UPDATE public.phone_challenges SET attempts = attempts + 1, updated_at = %(now)s
WHERE purpose = %(purpose)s AND subject = %(subject)s AND phone_key = ANY(%(phone)s)
  AND used_at IS NULL AND ended_at IS NULL AND attempts < %(most)s AND expires_at > %(now)s
RETURNING id, code_key, gateway, gateway_reference, attempts
"""
_USE = """
UPDATE public.phone_challenges SET used_at = %s, updated_at = %s
WHERE id = %s AND used_at IS NULL AND ended_at IS NULL RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a code is for, who asked, and the number (E.164) that it goes to."""

    purpose: str
    subject: str
    phone: str

    def keys_of(self, code: str) -> list[str]:
        """What is kept of a code: the first to write, any to compare with."""
        return code_keys(purpose=self.purpose, subject=self.subject, phone=self.phone, code=code)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted: what it is compared with, and how many tries are left after it."""

    challenge_id: UUID
    code_key: str
    gateway: str
    reference: str
    left: int


def reserve(about: About, code: str) -> PhoneChallenge:
    """A row for a code that is about to go out; one that was live before is not any more.

    Raises what `limits.require_room` raises, and `Busy`. In a transaction of its own: the code is sent after
    it.
    """
    keys = phone_keys(about.phone)
    with transaction.atomic(durable=True):
        limits.wait_for_turn()
        now = clock.now()
        limits.require_room(Asker(keys, about.subject), now)
        live = PhoneChallenge.objects.filter(
            purpose=about.purpose, subject=about.subject, used_at=None, ended_at=None
        )
        live.update(ended_at=now, updated_at=now)
        return PhoneChallenge.objects.create(
            purpose=about.purpose,
            subject=about.subject,
            phone_key=keys[0],
            code_key=about.keys_of(code)[0],
            expires_at=now + VALID_FOR,
        )


def note_sent(challenge: PhoneChallenge, *, gateway: str, reference: str, checks_itself: bool) -> None:
    """A gateway took it. Where it made a code of its own, ours opens nothing."""
    now = clock.now()
    PhoneChallenge.objects.filter(pk=challenge.pk).update(
        gateway=gateway,
        gateway_reference=reference[:LONGEST_REFERENCE],
        code_key="" if checks_itself else challenge.code_key,
        sent_at=now,
        updated_at=now,
    )


def note_failed(challenge: PhoneChallenge, *, gateway: str, may_have_gone: bool) -> None:
    """No gateway took it; what may have gone out all the same counts against the limits."""
    now = clock.now()
    PhoneChallenge.objects.filter(pk=challenge.pk).update(
        gateway=gateway, ended_at=now, failed_at=None if may_have_gone else now, updated_at=now
    )


def take_try(about: About) -> Try:
    """Count a try, for good. Raises `CodeExpired`, `TooManyTries`, which count none."""
    given: dict[str, Any] = {
        "purpose": about.purpose,
        "subject": about.subject,
        "phone": phone_keys(about.phone),
        "most": MOST_TRIES,
        "now": clock.now(),
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_TRY, given)
        row = cursor.fetchone()
    if row is None:
        raise _nothing_to_try(about)
    challenge_id, code_key, gateway, reference, attempts = row
    return Try(challenge_id, code_key, gateway, reference, MOST_TRIES - attempts)


def use(challenge_id: UUID) -> bool:
    """Use a code up; False for whoever comes second with the right one."""
    now = clock.now()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_USE, [now, now, challenge_id])
        return cursor.fetchone() is not None


def _nothing_to_try(about: About) -> CodeExpired | TooManyTries:
    last = PhoneChallenge.objects.filter(
        purpose=about.purpose, subject=about.subject, phone_key__in=phone_keys(about.phone)
    ).first()
    is_burnt = last is not None and last.used_at is None and last.attempts >= MOST_TRIES
    return TooManyTries() if is_burnt else CodeExpired()
