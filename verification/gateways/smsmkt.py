"""SMSMKT: plain SMS (send-message), so that the codes are ours. Its OTP API (otp-send) would make its own.

Facts: public clients of SMSMKT, read 2026-11; its own pages were not at hand.
"""

from django.conf import settings

from verification.gateways.base import NotSent, SendsOurCodes
from verification.gateways.wire import post_json

# The answer's own code for "done"; the HTTP status is 200 for refusals too.
_DONE = "000"
_THAILAND = "+66"


class SMSMKT(SendsOurCodes):
    """One SMS to one Thai number, written as Thais do; it sends to no other country."""

    name = "smsmkt"
    needs: tuple[str, ...] = ("SMSMKT_API_KEY", "SMSMKT_SECRET_KEY", "SMSMKT_SENDER")

    def send(self, phone: str, text: str, code: str, language: str) -> str:  # noqa: ARG002  -- the interface
        """The transaction's id, if the answer names one. Raises `NotSent`."""
        if not phone.startswith(_THAILAND):
            raise NotSent("bad_number")
        fields = {
            "phone": "0" + phone.removeprefix(_THAILAND),
            "message": text,
            "sender": settings.SMSMKT_SENDER,
        }
        headers = {"api_key": settings.SMSMKT_API_KEY, "secret_key": settings.SMSMKT_SECRET_KEY}
        answer = post_json(f"{settings.SMSMKT_BASE_URL}/send-message", fields, headers)
        if not answer.is_good or answer.body.get("code") != _DONE:
            raise answer.refusal(answer.body.get("code"))
        result = answer.body.get("result")
        return str(result.get("transaction_id", "")) if isinstance(result, dict) else ""
