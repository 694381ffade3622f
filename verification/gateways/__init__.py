"""The gateways by name, and those that the settings say to use."""

from django.conf import settings

from verification.gateways.base import Gateway
from verification.gateways.console import Console
from verification.gateways.smsmkt import SMSMKT
from verification.gateways.telegram import TelegramGateway
from verification.gateways.thaibulksms import ThaiBulkSMS
from verification.gateways.twilio import Twilio

__all__ = ["GATEWAYS", "Gateway", "in_use", "named"]

_ALL: tuple[Gateway, ...] = (Console(), Twilio(), ThaiBulkSMS(), SMSMKT(), TelegramGateway())
GATEWAYS = {gateway.name: gateway for gateway in _ALL}


def in_use() -> list[Gateway]:
    """Those of SMS_GATEWAY, in the order in which they are tried."""
    return [GATEWAYS[name] for name in settings.SMS_GATEWAY]


def named(name: str) -> Gateway | None:
    """The gateway of a name, also one that sends nothing any more: its codes may still be on their way."""
    return GATEWAYS.get(name)
