"""How many codes go out: to a number, for a person, and on a day. Counted from the rows alone."""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection

from core.errors import Busy
from verification.errors import CodeTooSoon, GatewayAway, TooManyCodes

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=60)
A_DAY = timedelta(days=1)
# Codes in the last so much time, to a number and for a subject.
_PER_PHONE = ((timedelta(minutes=15), 3), (A_DAY, 10))
_PER_SUBJECT = ((timedelta(hours=1), 5), (A_DAY, 10))
# Sendings that no gateway took cost nobody a code; they must not become a way to hammer at the gateways.
_FAILED_PER_SUBJECT = (timedelta(hours=1), 30)

# How long one sending waits for those before it (milliseconds); each takes a few.
WAIT = 3000
_LOCK_TIMEOUT = "55P03"  # PostgreSQL's lock_not_available
_TURN = """
SELECT set_config('lock_timeout', %s, true),
       pg_advisory_xact_lock(hashtextextended('verification.sending', 0))
"""
_PAUSED = """
SELECT max(created_at) FROM public.phone_challenges
WHERE (phone_key = ANY(%(phone)s) OR subject = %(subject)s) AND created_at > %(since)s
  AND failed_at IS NULL AND (sent_at IS NOT NULL OR ended_at IS NULL)
"""
_COUNTED = """
SELECT
  count(*) FILTER (WHERE phone_key = ANY(%(phone)s) AND failed_at IS NULL AND created_at > %(phone_new)s),
  count(*) FILTER (WHERE phone_key = ANY(%(phone)s) AND failed_at IS NULL),
  count(*) FILTER (WHERE subject = %(subject)s AND failed_at IS NULL AND created_at > %(subject_new)s),
  count(*) FILTER (WHERE subject = %(subject)s AND failed_at IS NULL),
  count(*) FILTER (WHERE subject = %(subject)s AND failed_at > %(failed_since)s)
FROM public.phone_challenges
WHERE (phone_key = ANY(%(phone)s) OR subject = %(subject)s) AND created_at > %(day)s
"""
# No more rows are looked at than the answer needs.
_SPENT = """
SELECT count(*) FROM (
  SELECT FROM public.phone_challenges WHERE created_at > %s AND failed_at IS NULL LIMIT %s) AS spent
"""


class Asker(NamedTuple):
    """Who asks for a code: the number by its keys, and the subject."""

    phone_keys: list[str]
    subject: str


def wait_for_turn() -> None:
    """Have one sending at a time counted, over all processes, until the transaction ends. Raises `Busy`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TURN, [f"{WAIT}ms"])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == _LOCK_TIMEOUT:
            raise Busy from error
        raise


def require_room(asker: Asker, now: datetime) -> None:
    """Whether a code may go out now. Call within `wait_for_turn`.

    Raises `CodeTooSoon`, `TooManyCodes`, and `GatewayAway` where the platform's budget is used up.
    """
    _require_pause(asker, now)
    _require_few(asker, now)
    _require_budget(now)


def _require_pause(asker: Asker, now: datetime) -> None:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"phone": asker.phone_keys, "subject": asker.subject, "since": now - PAUSE}
        cursor.execute(_PAUSED, given)
        [(last,)] = cursor.fetchall()
    if last is not None:
        raise CodeTooSoon(again_at=last + PAUSE)


def _require_few(asker: Asker, now: datetime) -> None:
    given: dict[str, Any] = {
        "phone": asker.phone_keys,
        "subject": asker.subject,
        "phone_new": now - _PER_PHONE[0][0],
        "subject_new": now - _PER_SUBJECT[0][0],
        "failed_since": now - _FAILED_PER_SUBJECT[0],
        "day": now - A_DAY,
    }
    most = [most for _time, most in (*_PER_PHONE, *_PER_SUBJECT, _FAILED_PER_SUBJECT)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, given)
        [counts] = cursor.fetchall()
    if any(count >= limit for count, limit in zip(counts, most, strict=True)):
        raise TooManyCodes


def _require_budget(now: datetime) -> None:
    budget = settings.SMS_DAILY_BUDGET
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, [now - A_DAY, budget])
        [(spent,)] = cursor.fetchall()
    if spent >= budget:
        logger.error("the budget of one-time codes for 24 hours is used up")
        raise GatewayAway
