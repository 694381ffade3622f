"""ThaiBulkSMS, API v2: plain SMS, so that the codes are ours. Its OTP API would make its own.

Facts: public clients of ThaiBulkSMS (POST /sms), read 2026-11; its own pages were not at hand.
"""

from django.conf import settings

from verification.gateways.base import NotSent, SendsOurCodes
from verification.gateways.wire import basic, post_form


class ThaiBulkSMS(SendsOurCodes):
    """One SMS to one number. Without a THAIBULKSMS_SENDER it comes under the account's usual name."""

    name = "thaibulksms"
    needs: tuple[str, ...] = ("THAIBULKSMS_KEY", "THAIBULKSMS_SECRET")

    def send(self, phone: str, text: str, code: str, language: str) -> str:  # noqa: ARG002  -- the interface
        """The message's id. Raises `NotSent`, also for a number that the gateway does not like."""
        fields = {"msisdn": phone.removeprefix("+"), "message": text}
        if settings.THAIBULKSMS_SENDER:
            fields["sender"] = settings.THAIBULKSMS_SENDER
        url = f"{settings.THAIBULKSMS_BASE_URL}/sms"
        answer = post_form(url, fields, basic(settings.THAIBULKSMS_KEY, settings.THAIBULKSMS_SECRET))
        error = answer.body.get("error")
        if not answer.is_good or error:
            raise answer.refusal(error.get("code") if isinstance(error, dict) else None)
        return _message_id(answer.body.get("phone_number_list"))


def _message_id(taken: object) -> str:
    """The id out of the list of numbers that were taken; what is not in it is in that of bad ones."""
    if not isinstance(taken, list) or not taken or not isinstance(taken[0], dict):
        raise NotSent("bad_number")
    return str(taken[0].get("message_id", ""))
