"""The time between the right password and the code: a session that opens nothing but the next step.

Nobody is signed in meanwhile: to every page but those of the next step its bearer is a stranger.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.second_factor.models import TotpDevice
from accounts.second_factor.state import Step, next_step
from core import clock
from tenants.context import current_schema

KEY = "_half_signed"
# How long the password is remembered; longer for who has to find an app for the phone first.
LIFE = {Step.CODE: timedelta(minutes=5), Step.SET_UP: timedelta(minutes=20)}


@dataclass(frozen=True, slots=True)
class HalfSigned:
    """Somebody whose password was right: what is asked of them next, and where they want to go."""

    user: User
    step: Step
    next_page: str


def begin(request: HttpRequest, user: User, *, next_page: str) -> None:
    """Remember that the password was right, and forget whoever had signed in there before."""
    request.session.clear()
    request.session[KEY] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "schema": current_schema(),
        "since": clock.now().timestamp(),
        "next": next_page,
    }
    request.session.set_expiry(int(max(LIFE.values()).total_seconds()))


def half_signed(request: HttpRequest) -> HalfSigned | None:
    """Who is half-way in, read anew: not after the time is over, a new password, or for another hospital."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not (said := request.session.get(KEY)):
        return None
    user = User.objects.filter(pk=UUID(said["user"]), is_active=True).first()
    if user is None or not _is_good(said, user):
        return None
    step = next_step(user)
    if step is None or clock.now().timestamp() - said["since"] > LIFE[step].total_seconds():
        return None
    return HalfSigned(user, step, said["next"])


def drop(request: HttpRequest) -> None:
    """Forget that the password was right."""
    request.session.flush()


def complete(request: HttpRequest, user: User, device: TotpDevice) -> None:
    """Sign in, by this phone; the session gets another key."""
    request.session.pop(KEY, None)
    request.session.set_expiry(None)
    # django-otp keeps it in the session, as it sees the user log in.
    user.otp_device = device  # type: ignore[attr-defined]  # its own mark of one
    login(request, user)


def address_of(step: Step) -> str:
    """The page that asks for the next step."""
    return reverse("admin:sign_in_code" if step is Step.CODE else "admin:sign_in_set_up")


def _is_good(said: dict[str, Any], user: User) -> bool:
    same = constant_time_compare(said["password"], user.get_session_auth_hash())
    return same and user.is_staff and said["schema"] == current_schema()
