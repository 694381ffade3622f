"""Telling a hospital that one of its endpoints was switched off."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from jobs.handlers import handle
from tenants.context import current_hospital
from webhooks.models import Webhook, Why

# The job's kind and its lane, which others that send messages share; its subject is the webhook's id.
SWITCHED_OFF, LANE = "webhook.switched_off", "notices"
LEASE = timedelta(minutes=2)


def tell_of_switching_off(webhook_id: str) -> None:
    """Write to the hospital's address, in its language; a hospital without one has its history alone."""
    hospital = current_hospital()
    row = Webhook.objects.filter(pk=webhook_id, hospital=hospital, is_active=False, removed_at=None).first()
    if row is None or not hospital.email:
        return
    with translation.override(hospital.language):
        name = " ".join(hospital.name.split())
        EmailMessage(
            subject=_("A webhook of %(hospital)s was switched off") % {"hospital": name},
            body=_text(row),
            to=[hospital.email],
            headers=_headers(row),
        ).send()


def handle_notices() -> None:
    """Register the job. It talks to a mail server, so it runs outside of any transaction."""
    handle(SWITCHED_OFF, tell_of_switching_off, lane=LANE, lease=LEASE)


def _headers(row: Webhook) -> dict[str, str]:
    """One id for each time that it is switched off, so that a letter that goes out twice is known as one."""
    when = f"{row.disabled_at:%Y%m%d%H%M%S}" if row.disabled_at else ""
    return {
        "Message-ID": f"<webhook-{row.pk}-{when}@{settings.BASE_DOMAIN}>",
        # No machine should answer it (RFC 3834 section 5).
        "Auto-Submitted": "auto-generated",
    }


def _text(row: Webhook) -> str:
    reasons = {
        Why.GONE: _("It answered that it is gone for good (410)."),
        Why.FAILING: _("Everything that was sent to it for five days failed."),
    }
    return "\n\n".join(
        [
            _("Nothing more is sent to this address: %(address)s") % {"address": row.url},
            reasons.get(Why(row.disabled_why), str(Why(row.disabled_why).label)),
            _(
                "Once the receiver works again, switch the webhook on and recover what it missed, in the"
                " administration or by the API. What is older than 30 days cannot be recovered."
            ),
        ]
    )
