"""Telegram Gateway: a code of ours in Telegram's own "Verification Codes" chat, cheaper than an SMS.

It reaches those alone who have Telegram under that number: name an SMS gateway after it.
Facts: core.telegram.org/gateway/api (sendVerificationMessage), read 2026-11.
"""

from django.conf import settings

from verification.gateways.base import SendsOurCodes
from verification.gateways.wire import post_json
from verification.models import VALID_FOR


class TelegramGateway(SendsOurCodes):
    """One message with a code; Telegram words it. What is not delivered within its `ttl` is not charged."""

    name = "telegram"
    needs: tuple[str, ...] = ("TELEGRAM_GATEWAY_TOKEN",)

    def send(self, phone: str, text: str, code: str, language: str) -> str:  # noqa: ARG002  -- the interface
        """The request's id. Raises `NotSent`, also where the number has no Telegram."""
        fields = {"phone_number": phone, "code": code, "ttl": int(VALID_FOR.total_seconds())}
        headers = {"Authorization": f"Bearer {settings.TELEGRAM_GATEWAY_TOKEN}"}
        url = f"{settings.TELEGRAM_GATEWAY_BASE_URL}/sendVerificationMessage"
        answer = post_json(url, fields, headers)
        result = answer.body.get("result")
        if not answer.is_good or answer.body.get("ok") is not True or not isinstance(result, dict):
            raise answer.refusal(answer.body.get("error"))
        return str(result.get("request_id", ""))
