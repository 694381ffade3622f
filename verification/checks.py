"""`manage.py check`: a gateway that is named has what it needs."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from verification import gateways

_PREFIX = re.compile(r"\+[1-9][0-9]{0,9}")


@register(Tags.security)
def check_gateways(app_configs: Any, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001  -- Django's signature
    """An error for each named gateway that cannot send, and for prefixes that no number has."""
    wrong = [_wrong(gateway) for gateway in gateways.in_use() if _missing(gateway) or _is_forbidden(gateway)]
    return [*wrong, *_wrong_prefixes()]


def _wrong_prefixes() -> list[CheckMessage]:
    wrong = [prefix for prefix in settings.SMS_PREFIXES if not _PREFIX.fullmatch(prefix)]
    text = f"SMS_PREFIXES holds {', '.join(wrong)}: a prefix looks like +66."
    return [Error(text, id="verification.E003")] if wrong else []


def _missing(gateway: gateways.Gateway) -> list[str]:
    return [name for name in gateway.needs if not getattr(settings, name)]


def _is_forbidden(gateway: gateways.Gateway) -> bool:
    return gateway.name == "console" and not settings.SMS_CONSOLE_ALLOWED


def _wrong(gateway: gateways.Gateway) -> CheckMessage:
    if missing := _missing(gateway):
        text = f"SMS_GATEWAY names {gateway.name}, but there is no {', no '.join(missing)}."
        return Error(text, id="verification.E001")
    text = "SMS_GATEWAY names console, which prints codes: it is for development."
    return Error(text, id="verification.E002")
