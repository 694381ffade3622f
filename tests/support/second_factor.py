"""Phones that make codes, and people who have set one up."""

import base64
import time
from dataclasses import dataclass, field

from django_otp.oath import TOTP

from accounts.models import User
from accounts.second_factor.actions import SecondFactorEvent, begin_set_up, finish_set_up
from accounts.second_factor.models import STEP, TotpDevice
from core import clock
from tenants.directory import forget_hospitals
from tenants.models import Hospital

PHONE = TotpDevice._meta.db_table
_A_MOMENT = 1.5  # seconds


@dataclass
class Phone:
    """An app that knows a secret."""

    secret: str
    # Recovery codes as they were shown, where the phone was set up by `give_phone`.
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What it shows now, or would show so many times 30 seconds later."""
        _wait_for_the_next_step_if_it_is_near()
        totp = TOTP(base64.b32decode(self.secret.replace(" ", "")))
        totp.time = clock.now().timestamp() + steps * 30
        return f"{totp.token():06}"

    def wrong_code(self) -> str:
        """A code that it shows at no time around now."""
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


def _wait_for_the_next_step_if_it_is_near() -> None:
    """A code is looked at a moment after it was read: in the same step of its clock, or tests would lie."""
    left = STEP - clock.now().timestamp() % STEP
    if left < _A_MOMENT:
        time.sleep(left)


def give_phone(user: User) -> Phone:
    """Set a second factor up for a user of the schema at hand; its present code is not used up by that."""
    device = begin_set_up(user)
    phone = Phone(device.secret)
    finished = finish_set_up(user, phone.code(-1), tell_nobody)
    assert finished is not None
    return Phone(phone.secret, finished[1])


def tell_nobody(event: SecondFactorEvent, data: dict) -> None:
    """For tests that are not about the history."""


def require(hospital: Hospital, *, required: bool = True) -> None:
    """Have a hospital ask its staff for a second factor, as its settings page does."""
    Hospital.objects.filter(pk=hospital.pk).update(second_factor_required=required)
    forget_hospitals()
