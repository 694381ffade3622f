"""Looking at the code of somebody whose password was right, for every door."""

import math

from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts.lockout import LockedOut, check_code
from accounts.models import User
from accounts.second_factor.actions import Tell, use_code
from accounts.second_factor.models import TotpDevice
from accounts.second_factor.recovery import read_code
from accounts.second_factor.state import device_of
from core import clock

# Longer than any code that somebody types: what is longer is not looked at.
LONGEST = 64


@sensitive_variables("code")
def check_second_factor(request: HttpRequest, user: User, code: str, tell: Tell) -> TotpDevice | None:
    """The user's phone, if it is a good code of it or a recovery code; it is used up. None for a wrong one.

    `request` tells from which address it came. Raises `LockedOut` after too many wrong codes and passwords.
    """
    found: list[TotpDevice] = []

    def is_right() -> bool:
        refuse_too_soon(device_of(user), code)
        device = use_code(user, code[:LONGEST], tell)
        if device is not None:
            found.append(device)
        return device is not None

    check_code(request, user.email, is_right)
    return found[0] if found else None


def refuse_too_soon(device: TotpDevice | None, code: str) -> None:
    """Raise `LockedOut` while a phone waits after wrong codes; nobody finds a recovery code by trying."""
    until = device.waits_until() if device is not None and read_code(code) is None else None
    if until is not None:
        raise LockedOut(retry_after=max(1, math.ceil((until - clock.now()).total_seconds())))
