"""Whether a stream's caller still is who they were, and new access tokens for those who came with one."""

import asyncio
import logging
import random
from datetime import datetime, timedelta
from typing import Final

import jwt
from django.conf import settings

from accounts.access import make_access_token
from accounts.tokens import user_of
from core import clock
from core.errors import DomainError
from credentials.callers import Credential, look_again, within
from mcp_integration.streams.errors import CannotBeChecked, RightsChanged
from mcp_integration.streams.listener import Listener
from mcp_integration.streams.messages import auth_refresh
from mcp_integration.threads import run_in_thread
from tenants.models import Hospital

logger = logging.getLogger(__name__)

# A caller who may not listen any more hears nothing after this long at the latest (seconds).
DEADLINE: Final = 30.0
# How much of that is kept for saying so, to a client that may be slow (seconds).
MARGIN: Final = 6.0
# How long before its end an access token is replaced, at most a quarter of its life (seconds).
EARLY: Final = 60


async def check_on(listener: Listener) -> None:
    """Look at a listener's credential again and again, and end the stream when it opens nothing any more.

    Fails closed: while the database does not answer, the stream goes on for less than `DEADLINE`.
    """
    clock_of = asyncio.get_running_loop().time
    good_at = clock_of()
    while not listener.ended.is_set():
        # Not all at the same moment, after many came at once.
        await asyncio.sleep(settings.MCP_STREAM_CHECK_INTERVAL * random.uniform(0.8, 1))  # noqa: S311  -- no secret
        checking = asyncio.create_task(run_in_thread(check, listener.credential, listener.hospital))
        checking.add_done_callback(_take_note)
        # A thread that hangs cannot be stopped: it is left behind.
        await asyncio.wait([checking], timeout=max(DEADLINE - MARGIN - (clock_of() - good_at), 0))
        if not checking.done():
            listener.end(listener.worded(CannotBeChecked()))
        elif isinstance(error := checking.exception(), DomainError):
            listener.end(listener.worded(error))
        elif error is None:
            good_at = clock_of()
            await _renew_in_time(listener)


def _take_note(checking: "asyncio.Task[None]") -> None:
    error = None if checking.cancelled() else checking.exception()
    if error is not None and not isinstance(error, DomainError):
        logger.warning("a stream's credential cannot be checked (%s)", type(error).__name__)


def check(credential: Credential, hospital: Hospital | None) -> None:
    """Raise what the credential would be refused with now; `RightsChanged` if it may do more or less."""
    now = look_again(credential)
    if hospital is not None:
        now.hospital_named(uuid=hospital.uuid)
    before = credential.actor
    if (now.actor.grants, now.actor.patient_id, now.actor.practitioner_id) != (
        before.grants, before.patient_id, before.practitioner_id,
    ):  # fmt: skip
        raise RightsChanged


def expiry_of(token: str) -> datetime | None:
    """When an access token runs out that `credential_of` has accepted; None for a key."""
    if "." not in token:
        return None
    claims = jwt.decode(token, options={"verify_signature": False})
    return clock.from_epoch(int(claims["exp"]))


async def _renew_in_time(listener: Listener) -> None:
    """Tell a listener their next access token shortly before the one at hand runs out."""
    early = timedelta(seconds=min(EARLY, settings.JWT_EXPIRY / 4) + settings.MCP_STREAM_CHECK_INTERVAL)
    expires_at = listener.token_expires_at
    if expires_at is None or clock.now() < expires_at - early:
        return
    try:
        token = await run_in_thread(_new_token, listener.credential)
    except DomainError as refusal:
        listener.end(listener.worded(refusal))
        return
    listener.token_expires_at = expiry_of(token)
    if listener.token_expires_at is not None:
        listener.tell(auth_refresh(token, listener.token_expires_at))


def _new_token(credential: Credential) -> str:
    """An access token of the same sign-in. Raises `WrongToken` once that has ended."""
    claims = credential.claims
    if claims is None:
        raise TypeError("A key has no access token.")
    with within(credential.hospital):
        return make_access_token(user_of(claims), credential.hospital, claims.sign_in_id)
