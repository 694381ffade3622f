"""Signing in by e-mail and password, bound to one schema."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, NoReturn

from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.lockout import locked_out
from accounts.models import User
from accounts.second_factor.actions import Tell
from accounts.second_factor.checking import check_second_factor
from accounts.second_factor.errors import SecondFactorNeeded, SecondFactorNotSetUp, WrongSecondFactor
from accounts.second_factor.state import Step, next_step
from accounts.tokens import Pair, WrongRefreshToken, close_sign_in, is_known, open_sign_in, place_of, renew
from core.errors import DomainError, Kind
from tenants.context import current_schema, inside, outside
from tenants.errors import HospitalInactive
from tenants.middleware import SESSION_SCHEMA_KEY
from tenants.models import Hospital

# For a user: what writes into the history that they used up a recovery code.
TellOf = Callable[[User], Tell]


class WrongLogin(DomainError):
    """E-mail, password or hospital are wrong, or the account is switched off: not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_login"
    text = _("E-mail, password or hospital are not right.")


@sensitive_variables("password", "code")
def sign_in(
    request: HttpRequest,
    hospital: Hospital | None,
    tell: TellOf,
    *,
    email: str,
    password: str,
    code: str = "",
) -> Pair:
    """Tokens for a user of a hospital, or without one for an operator of the platform.

    `request` tells from which address they come, `code` is their second factor's, or a recovery code, whose
    use `tell` records. Raises `WrongLogin`; `LockedOut` after too many failures, whatever the password;
    `SecondFactorNeeded`, `WrongSecondFactor`, `SecondFactorNotSetUp` to who has the password;
    `HospitalInactive`, but only to who could sign in if it were not.
    """
    with _within(hospital):
        user = authenticate(request, username=email, password=password)
        if not isinstance(user, User) or not user.grants:
            if getattr(request, "unread_password", False):
                raise locked_out(request, email)
            raise WrongLogin
        _check_second_factor(request, user, code, tell)
        if hospital is not None and not hospital.is_active:
            raise HospitalInactive
        update_last_login(type(user), user)
        return open_sign_in(user)


@sensitive_variables("code")
def _check_second_factor(request: HttpRequest, user: User, code: str, tell: TellOf) -> None:
    step = next_step(user)
    if step is Step.SET_UP:
        raise SecondFactorNotSetUp
    if step is Step.CODE and not code:
        raise SecondFactorNeeded
    if step is Step.CODE and check_second_factor(request, user, code, tell(user)) is None:
        raise WrongSecondFactor


@sensitive_variables("password")
def refuse_unknown_hospital(password: str) -> NoReturn:
    """Raise `WrongLogin` after about the time of a sign-in: nobody learns which hospitals there are."""
    User().set_password(password)
    raise WrongLogin


def refresh(text: str, *, at: Hospital | None) -> Pair:
    """A new pair for a refresh token, in the schema that the token names.

    `at` is the hospital that the request is for, if it is for one: tokens of others are worth nothing there.
    Raises `WrongRefreshToken`, `RefreshTokenUsed`, and `HospitalInactive` to who has a good token of it.
    """
    hospital = _hospital_of(text, at)
    with _within(hospital):
        if hospital is None or hospital.is_active:
            return renew(text)
        raise HospitalInactive if is_known(text) else WrongRefreshToken


def sign_out(text: str, *, at: Hospital | None) -> None:
    """End the sign-in that a refresh token belongs to; what belongs to none is passed over."""
    with suppress(WrongRefreshToken), _within(_hospital_of(text, at)):
        close_sign_in(text)


def _hospital_of(text: str, at: Hospital | None) -> Hospital | None:
    place = place_of(text)
    if at is not None:
        if at.uuid != place:
            raise WrongRefreshToken
        return at
    if place is None:
        return None
    with outside():
        hospital: Hospital | None = Hospital.objects.filter(uuid=place).first()
    if hospital is None:
        raise WrongRefreshToken
    return hospital


def _within(hospital: Hospital | None) -> AbstractContextManager[None]:
    return inside(hospital) if hospital else outside()


def bind_session_to_schema(sender: object, request: HttpRequest, **kwargs: Any) -> None:  # noqa: ARG001  -- signal
    """Note in a new session where it was opened; `SessionSchemaMiddleware` checks it."""
    request.session[SESSION_SCHEMA_KEY] = current_schema()
