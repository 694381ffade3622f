"""Who has a second factor, and who must have one."""

from enum import StrEnum

from django.conf import settings

from accounts.models import User
from accounts.second_factor.models import RecoveryCode, TotpDevice
from tenants.context import current_hospital, in_public_schema


class Step(StrEnum):
    """What is still asked of somebody whose password was right."""

    CODE = "code"
    SET_UP = "set_up"


def device_of(user: User) -> TotpDevice | None:
    """The phone that counts for a user of the schema at hand. One query."""
    return TotpDevice.objects.filter(user_id=user.pk, confirmed=True).first()


def pending_device_of(user: User) -> TotpDevice | None:
    """The phone that a user is setting up."""
    return TotpDevice.objects.filter(user_id=user.pk, confirmed=False).first()


def is_required_of(user: User) -> bool:
    """Whether the place at hand asks this person for a second factor."""
    if not user.is_staff:
        return False
    if in_public_schema():
        return bool(settings.SECOND_FACTOR_FOR_OPERATORS)
    return bool(current_hospital().second_factor_required)


def next_step(user: User) -> Step | None:
    """What comes after the right password; None where nothing does. One query."""
    if device_of(user) is not None:
        return Step.CODE
    return Step.SET_UP if is_required_of(user) else None


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(user_id=user.pk, used_at=None).count()
