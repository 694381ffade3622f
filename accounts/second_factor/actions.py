"""Setting up a second factor, using it, giving it up.

What happens is told by a function that the caller hands in, within the transaction of the change: this room
stands beside the one that records.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Ending, User
from accounts.second_factor.errors import NothingToSetUp, StillRequired
from accounts.second_factor.models import RecoveryCode, TotpDevice
from accounts.second_factor.recovery import hash_of, make_codes, read_code
from accounts.second_factor.state import codes_left, device_of, is_required_of, pending_device_of


class SecondFactorEvent(StrEnum):
    """What is told of a user's second factor; never a code or a secret."""

    ENROLLED = "user.second_factor_enrolled"
    REMOVED = "user.second_factor_removed"
    RESET = "user.second_factor_reset"
    CODES_MADE = "user.recovery_codes_made"
    CODE_USED = "user.recovery_code_used"


# Writes an event about the user into the history: its type, and its data.
Tell = Callable[[SecondFactorEvent, dict[str, Any]], None]


@transaction.atomic
def begin_set_up(user: User) -> TotpDevice:
    """A fresh secret for a phone that counts once `finish_set_up` has seen a code of it.

    What was begun before is worth nothing any more; the phone that counts, if there is one, goes on.
    """
    _lock(user)
    TotpDevice.objects.filter(user=user, confirmed=False).delete()
    device = TotpDevice(user=user, confirmed=False)
    device.set_fresh_secret()
    device.save()
    return device


@transaction.atomic
def finish_set_up(user: User, code: str, tell: Tell) -> tuple[TotpDevice, list[str]] | None:
    """Have the new phone count, in place of the one before; return it with fresh recovery codes.

    None where the code is not right. What programs had signed in by the password alone, ends.
    Raises `NothingToSetUp`.
    """
    _lock(user)
    device = pending_device_of(user)
    if device is None:
        raise NothingToSetUp
    if not device.verify_token(_plain(code)):
        return None
    TotpDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    user.end_sign_ins(Ending.SECOND_FACTOR)
    tell(SecondFactorEvent.ENROLLED, {})
    return device, _fresh_codes(user)


@transaction.atomic
def make_recovery_codes(user: User, tell: Tell) -> list[str]:
    """Ten fresh recovery codes; those before are worth nothing any more. Raises `NothingToSetUp`."""
    _lock(user)
    if device_of(user) is None:
        raise NothingToSetUp
    tell(SecondFactorEvent.CODES_MADE, {})
    return _fresh_codes(user)


@transaction.atomic
def use_code(user: User, code: str, tell: Tell) -> TotpDevice | None:
    """The phone that counts for a user, if it is a good code of it or an unused recovery code; it is used up.

    Belongs under `accounts.lockout.check_code`, which counts wrong ones.
    """
    device = device_of(user)
    if device is None:
        return None
    if (recovery := read_code(code)) is None:
        return device if device.verify_token(_plain(code)) else None
    unused = RecoveryCode.objects.filter(user=user, code_hash=hash_of(recovery, user.pk), used_at=None)
    if not unused.update(used_at=Now()):
        return None
    tell(SecondFactorEvent.CODE_USED, {"left": codes_left(user)})
    return device


@transaction.atomic
def remove_second_factor(user: User, tell: Tell) -> None:
    """Give up one's own second factor. Raises `StillRequired` where there has to be one."""
    if is_required_of(user):
        raise StillRequired
    if _forget(user):
        tell(SecondFactorEvent.REMOVED, {})


@transaction.atomic
def reset_second_factor(user: User, tell: Tell) -> None:
    """Take the second factor of somebody who has lost it, and end everything that they had signed in.

    Where one is required they set up another one after their next password.
    """
    _forget(user)
    user.end_sessions()
    user.end_sign_ins(Ending.SECOND_FACTOR)
    tell(SecondFactorEvent.RESET, {})


def _forget(user: User) -> bool:
    _lock(user)
    RecoveryCode.objects.filter(user=user).delete()
    gone, _by_model = TotpDevice.objects.filter(user=user).delete()
    return bool(gone)


def _fresh_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = make_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=hash_of(read_code(code) or "", user.pk)) for code in codes
    )
    return codes


def _lock(user: User) -> None:
    """One change of a user's second factor at a time."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()


def _plain(code: str) -> str:
    """A phone's code without the gap that some apps show in its middle."""
    return "".join(code.split())
