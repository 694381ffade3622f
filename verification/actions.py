"""The two verbs of one-time codes. Neither may be said within a transaction: `RuntimeError`.

They talk to a gateway, and what they count must stay counted when the caller fails.
"""

import hmac
import logging
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from verification import challenges, gateways
from verification.challenges import About, Try
from verification.errors import CodeExpired, GatewayAway, TooManyTries, WrongCode
from verification.gateways.base import NotSent, Unavailable
from verification.limits import PAUSE
from verification.models import PhoneChallenge
from verification.numbers import require_served
from verification.texts import message

logger = logging.getLogger(__name__)

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way: until when it is valid, and from when on another may be asked for (aware)."""

    expires_at: datetime
    again_at: datetime


def send_code(*, purpose: str, subject: str, phone: str, language: str) -> Sent:
    """Send a code of 6 digits to a phone (E.164), valid for 5 minutes; the one before it is dead.

    `purpose` (at most 20 letters) says what for, `subject` (at most 60) who asked, `language` is th or en.
    Raises `NumberNotServed`, `CodeTooSoon`, `TooManyCodes`, `GatewayAway`, `Busy`.
    """
    require_served(phone)
    in_use = gateways.in_use()
    if not in_use:
        raise GatewayAway
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    challenge = challenges.reserve(About(purpose=purpose, subject=subject, phone=phone), code)
    _send(challenge, in_use, phone=phone, code=code, language=language)
    return Sent(expires_at=challenge.expires_at, again_at=challenge.created_at + PAUSE)


def check_code(*, purpose: str, subject: str, phone: str, code: str) -> None:
    """Return if that code was sent to the phone and is used now, which happens once.

    Spaces, hyphens and Thai digits are read as a person means them. Raises `WrongCode`, `CodeExpired`,
    `TooManyTries`; where the gateway checks its own codes and does not answer, `GatewayAway`, which costs
    a try too.
    """
    about = About(purpose=purpose, subject=subject, phone=phone)
    counted = challenges.take_try(about)
    if not _is_right(counted, about, _tidy(code)):
        raise WrongCode(left=counted.left) if counted.left else TooManyTries
    if not challenges.use(counted.challenge_id):
        raise CodeExpired


def _send(
    challenge: PhoneChallenge, in_use: list[gateways.Gateway], *, phone: str, code: str, language: str
) -> None:
    """By the first gateway that takes it. Raises `GatewayAway`."""
    text, may_have_gone = message(code, language), False
    for gateway in in_use:
        try:
            reference = gateway.send(phone, text, code, language)
        except NotSent as fault:
            may_have_gone = may_have_gone or fault.may_have_gone
            logger.warning("the gateway %s did not take a code: %s", gateway.name, fault.word)
        else:
            challenges.note_sent(
                challenge, gateway=gateway.name, reference=reference, checks_itself=gateway.checks_itself
            )
            return
    challenges.note_failed(challenge, gateway=in_use[-1].name, may_have_gone=may_have_gone)
    raise GatewayAway


def _is_right(counted: Try, about: About, code: str) -> bool:
    if counted.code_key:
        return any(hmac.compare_digest(key, counted.code_key) for key in about.keys_of(code))
    gateway = gateways.named(counted.gateway)
    if gateway is None or len(code) != DIGITS:
        return False
    try:
        return gateway.check(counted.reference, about.phone, code)
    except Unavailable as fault:
        logger.warning("the gateway %s did not check a code: %s", gateway.name, fault.word)
        raise GatewayAway from None


def _tidy(code: str) -> str:
    """The digits of what somebody typed, in ASCII; letters stay and make it wrong."""
    plain = "".join(letter for letter in code if not letter.isspace() and letter != "-")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in plain)
