"""TotpDevice: a phone that makes codes. RecoveryCode: a code for the day when the phone is gone."""

import base64
import logging
import re
import secrets
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from core import clock
from core.sealing import CannotUnseal, seal, unseal

logger = logging.getLogger(__name__)

# RFC 6238 section 5.2: 30 seconds, and one step more to either side for clocks that differ.
STEP, TOLERANCE, DIGITS = 30, 1, 6
# RFC 4226 section 4: 160 bits.
_SECRET_BYTES = 20
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")


class TotpDevice(TimestampMixin, ThrottlingMixin, Device):
    """An app that makes a code every 30 seconds out of a secret that it shares with us.

    A person has one that counts (`confirmed`), and one more at most that they are setting up. The secret is
    sealed, unlike that of django-otp's own table. After n wrong codes in a row the next one is not looked at
    for 2^(n-1) seconds (`ThrottlingMixin`), wherever they were typed.
    """

    objects: ClassVar[models.Manager["TotpDevice"]] = models.Manager()

    sealed_secret = models.TextField()
    # The time step of the last code that was taken: it and all before are worth nothing any more.
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.UniqueConstraint("user", "confirmed", name="one_second_factor_of_each_kind"),
        ]

    def set_fresh_secret(self) -> None:
        """Give the device a secret of its own; the row is for the caller to save."""
        text = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        self.sealed_secret = seal(text, place=self.place)

    @property
    def place(self) -> str:
        """Where the secret is kept, for `core.sealing`: a copy in another person's row opens nothing."""
        return f"accounts.second_factor:{self.user_id}"

    @property
    def secret(self) -> str:
        """The secret as apps take it, in base 32. Raises `CannotUnseal`."""
        return unseal(self.sealed_secret, place=self.place)

    def address(self, *, issuer: str, name: str) -> str:
        """The ``otpauth://`` address that a QR code holds (Google Authenticator's Key URI format)."""
        issuer = issuer.replace(":", " ")
        asked = {
            "secret": self.secret,
            "issuer": issuer,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP,
        }
        return f"otpauth://totp/{quote(f'{issuer}:{name}')}?{urlencode(asked, quote_via=quote)}"

    def verify_token(self, token: str) -> bool:
        """Use up a code. Of any number of requests with the same one, one gets True.

        A wrong code makes the next one wait; one that comes too early is not looked at, and refused.
        """
        if not self.verify_is_allowed()[0]:
            return False
        step = self._step_of(token)
        if step is None or not self._use_up(step):
            self.throttle_increment(commit=False)
            self._save_throttle()
            return False
        self.throttle_reset(commit=False)
        self._save_throttle()
        return True

    def waits_until(self) -> datetime | None:
        """Until when no code is looked at after wrong ones; None where one would be."""
        allowed, why = self.verify_is_allowed()
        return None if allowed else why["locked_until"]

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first wrong code; they double with each further one."""
        return 1

    def _step_of(self, token: str) -> int | None:
        """The step whose code it is, if it is one of about now that was not used yet."""
        if not _CODE.fullmatch(token):
            return None
        try:
            totp = TOTP(base64.b32decode(self.secret), step=STEP, digits=DIGITS)
        except CannotUnseal:
            # A recovery code still lets them in.
            logger.error("the secret of a second factor does not open: see ENCRYPTION_KEYS")  # noqa: TRY400  -- the exception names whose
            return None
        totp.time = clock.now().timestamp()
        return totp.t() if totp.verify(int(token), TOLERANCE, self.last_step + 1) else None

    def _use_up(self, step: int) -> bool:
        # The database decides: the second of two waits for the first, and then finds no such row.
        unused = type(self).objects.filter(pk=self.pk, last_step__lt=step)
        return bool(unused.update(last_step=step, last_used_at=clock.now()))

    def _save_throttle(self) -> None:
        # Not the whole row: what another request has used up meanwhile must stay used.
        self.save(update_fields=["throttling_failure_timestamp", "throttling_failure_count"])


class RecoveryCode(models.Model):
    """A code for one use, in place of the phone's. Of its text a hash alone is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes", editable=False
    )
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint("user", "code_hash", name="one_recovery_code_of_a_text")]

    def __str__(self) -> str:
        return str(self.pk)
