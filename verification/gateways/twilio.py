"""Twilio Verify v2, which makes, words and checks codes of its own.

Facts: twilio.com/docs/verify/api/verification and …/verification-check, read 2026-11.
"""

from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings

from verification.gateways.base import Unavailable
from verification.gateways.wire import Answer, basic, post_form


class Twilio:
    """Verifications of one Verify service, by SMS; its codes must have 6 digits, as they have unless changed.

    Codes of ours (CustomCode) would need Twilio's consent to each account; theirs need none.
    """

    name = "twilio"
    checks_itself = True
    needs: tuple[str, ...] = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_VERIFY_SERVICE_SID")

    def send(self, phone: str, text: str, code: str, language: str) -> str:  # noqa: ARG002  -- the interface
        """The verification's SID. Twilio words the message, in the language. Raises `NotSent`."""
        answer = _ask("Verifications", To=phone, Channel="sms", Locale=language)
        sid = answer.body.get("sid")
        if not answer.is_good or not isinstance(sid, str):
            raise answer.refusal(answer.body.get("code"))
        return sid

    def check(self, reference: str, phone: str, code: str) -> bool:  # noqa: ARG002  -- the interface
        """Whether Twilio approves. Raises `Unavailable`."""
        answer = _ask("VerificationCheck", VerificationSid=reference, Code=code)
        # A verification that ran out, was used or was tried too often: Twilio has forgotten or closed it.
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS):
            return False
        if not answer.is_good:
            raise Unavailable(answer.refusal(answer.body.get("code")).word)
        return answer.body.get("status") == "approved"


def _ask(resource: str, **fields: str) -> Answer:
    service = quote(settings.TWILIO_VERIFY_SERVICE_SID, safe="")
    url = f"{settings.TWILIO_BASE_URL}/v2/Services/{service}/{resource}"
    return post_form(url, fields, basic(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN))
