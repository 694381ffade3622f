"""The channel by e-mail, through Django's backend: EMAIL_URL says which server."""

import logging
import smtplib
import time
from email.utils import formataddr, formatdate
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_lazy as _

from bookings.channels import LANE, Message, NotNow, NotTaken, Recipient, Text
from tenants.context import current_hospital

logger = logging.getLogger(__name__)

NO_ADDRESS, NOT_SET_UP = "no_address", "email_not_set_up"
ADDRESS_REFUSED, MESSAGE_REFUSED, SERVER_AWAY = "address_refused", "message_refused", "mail_server_away"

# After a server did not answer, this process leaves it in peace so long (seconds): each try may take
# EMAIL_TIMEOUT, and others wait for the worker.
REST = 15
# SMTP's replies from here on say no for good (RFC 5321 section 4.2.1).
_FOR_GOOD = 500


class EmailChannel:
    """Sends plain text with an HTML alternative, under an id that stays the same when it is sent again."""

    name = "email"
    label: Text = _("E-mail")
    delivers = True
    lane = LANE
    # What comes twice comes under one Message-ID.
    repeats = True

    def __init__(self) -> None:
        self._rests_until = 0.0

    def why_not(self, to: Recipient) -> str:
        """``email_not_set_up`` or ``no_address``."""
        if not settings.EMAIL_IN_USE:
            return NOT_SET_UP
        return "" if to.email else NO_ADDRESS

    def send(self, to: Recipient, message: Message) -> None:
        """Hand the message to the server. Raises `NotTaken` for a refused address, else `NotNow`."""
        if time.monotonic() < self._rests_until:
            raise NotNow(SERVER_AWAY)
        try:
            _mail(to, message).send()
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _judged(min(code for code, _ in refusal.recipients.values()), ADDRESS_REFUSED) from None
        except smtplib.SMTPDataError as refusal:
            raise _judged(refusal.smtp_code, MESSAGE_REFUSED) from None
        except (smtplib.SMTPException, OSError) as fault:
            # The class alone: a server's answer may quote the address.
            logger.warning("the mail server did not take a notice: %s", type(fault).__name__)
            self._rests_until = time.monotonic() + REST
            raise NotNow(SERVER_AWAY) from None
        except ValueError:
            # An address that cannot be written into a header.
            raise NotTaken(ADDRESS_REFUSED) from None


def _judged(code: int, why: str) -> NotNow | NotTaken:
    return NotTaken(why) if code >= _FOR_GOOD else NotNow(why)


def _mail(to: Recipient, message: Message) -> EmailMultiAlternatives:
    hospital = current_hospital()
    headers: dict[str, Any] = {
        "Message-ID": f"<{message.id}@{settings.BASE_DOMAIN}>",
        "Date": formatdate(),
        # No machine should answer it (RFC 3834 section 5).
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(
        subject=message.title,
        body=message.text,
        from_email=formataddr((" ".join(hospital.name.split()), settings.DEFAULT_FROM_EMAIL)),
        to=[to.email],
        reply_to=[hospital.email] if hospital.email else None,
        headers=headers,
    )
    mail.attach_alternative(message.html, "text/html")
    return mail
